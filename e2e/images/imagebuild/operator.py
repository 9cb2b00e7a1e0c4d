"""The image of the operator and its Jobs: no shell, no package manager, a user without rights."""

import shutil
import zipfile
from pathlib import Path

from . import rootfs
from .cache import Refused, digest, run
from .layers import Image, layer
from .runtime import RECIPE, runtime_layer

# The Containerfile at the top of the repository says the same for Docker and Podman.
CONFIG = {
    "User": "65532:65532",
    "Env": ["PATH=/opt/java/bin:/usr/lib/postgresql/17/bin", "JAVA_HOME=/opt/java", "LANG=C.UTF-8", "HOME=/tmp", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
    "WorkingDir": "/tmp",
    "Entrypoint": ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "--enable-native-access=ALL-UNNAMED", "-Dio.netty.noUnsafe=true", "-cp", "/opt/wharfinger/wharfinger.jar:/opt/wharfinger/lib/*"],
    "Cmd": ["dev.wharfinger.operator.OperatorMain"],
}


def image(options):
    """Layers from the one that changes least to the one that every build of the operator changes."""
    jar = options.operator_target / "wharfinger.jar"
    missing = "{} is missing: build the operator first with mvn -pl operator -am package"
    if not jar.exists():
        raise Refused(missing.format(jar))
    libraries = class_path(jar)
    for path in libraries:
        if not path.exists():
            raise Refused(missing.format(path))
    packages = rootfs.kept("operator-packages", "trixie", (RECIPE / "packages.txt").read_text().split(), "40 seconds")
    base = layer("wharfinger-base", digest([packages.name], [RECIPE / "root.sh", Path(__file__)]), lambda folder: collect(folder, packages), "1 second")
    runtime = runtime_layer(packages / "etc/ssl/certs/ca-certificates.crt")
    place = Path("opt/wharfinger")
    dependencies = layer("wharfinger-dependencies", digest([], libraries), lambda folder: copy_jars(folder / place / "lib", libraries), "1 second")
    application = layer("wharfinger-application", digest([], [jar]), lambda folder: copy_jars(folder / place, [jar]), "1 second")
    return Image("registry.local/wharfinger:0.1.0", CONFIG, [base, runtime, dependencies, application])


def class_path(jar):
    """The libraries that a jar names: an earlier build may have left others beside them."""
    with zipfile.ZipFile(jar) as archive:
        # A line goes on where the next one begins with a space.
        lines = archive.read("META-INF/MANIFEST.MF").decode().replace("\r\n", "\n").replace("\n ", "").splitlines()
    named = next(line.removeprefix("Class-Path: ") for line in lines if line.startswith("Class-Path: "))
    return sorted(jar.parent / name for name in named.split())


def collect(folder, packages):
    """Runs root.sh inside the root of packages and moves its result out."""
    shop = packages / "tmp" / "collect"
    run(["rm", "-rf", shop])
    shop.mkdir()
    shutil.copy(RECIPE / "root.sh", shop)
    run(["chroot", packages, "/bin/sh", "/tmp/collect/root.sh", "/tmp/collect/root"])
    for path in (shop / "root").iterdir():
        run(["mv", path, folder])
    run(["rm", "-rf", shop])


def copy_jars(folder, jars):
    folder.mkdir(parents=True)
    for jar in jars:
        (folder / jar.name).write_bytes(jar.read_bytes())
