"""The image of the operator and its Jobs: no shell, no package manager, a user without rights."""

import shutil
import socket
import zipfile
from pathlib import Path

from . import postgres, rootfs
from .cache import Refused, digest, run, workplace
from .layers import Image, layer, unpack
from .runtime import RECIPE, runtime_layer

# The Containerfile at the top of the repository says the same for Docker and Podman.
CONFIG = {
    "User": "65532:65532",
    "Env": ["PATH=/opt/java/bin:/usr/lib/postgresql/17/bin", "JAVA_HOME=/opt/java", "LANG=C.UTF-8", "HOME=/tmp", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
    "WorkingDir": "/tmp",
    "Entrypoint": ["/opt/java/bin/java", "-XX:AOTCache=/opt/wharfinger/learned.aot", "@/opt/wharfinger/java-options"],
    "Cmd": ["dev.wharfinger.operator.OperatorMain"],
}
OPTIONS = RECIPE / "java-options"
TRAINING = [RECIPE / "train.sh", RECIPE / "training"]
# Java and the server find themselves by way of /proc, and which file system a folder is on by its
# mounts, of which the root must be one. All of them go with the namespace they are made in.
ENTER = ["unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"']


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
    dependencies = layer("wharfinger-dependencies", digest([], libraries), lambda folder: copy_files(folder / place / "lib", libraries), "1 second")
    application = layer("wharfinger-application", digest([], [jar, OPTIONS]), lambda folder: copy_files(folder / place, [jar, OPTIONS]), "1 second")
    # The cache fits the very files it was made with.
    used = [*postgres.image(17, "trixie").layers, runtime, dependencies, application]
    learned = layer("wharfinger-learned", digest([path.name for path in used], [*TRAINING, Path(__file__)]), lambda folder: learn(folder / place, used), "15 seconds")
    return Image("registry.local/wharfinger:0.1.0", CONFIG, [base, runtime, dependencies, application, learned])


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


def copy_files(folder, files):
    folder.mkdir(parents=True)
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())


def learn(folder, layers):
    """Runs train.sh in a root of PostgreSQL and the image's upper layers, and takes its result."""
    with workplace() as work:
        root = work / "root"
        unpack(layers, root)
        recipe = root / "tmp" / "recipe"
        recipe.mkdir()
        shutil.copy(TRAINING[0], recipe)
        shutil.copytree(TRAINING[1], recipe / "training")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        run([*ENTER, root, "/bin/sh", "/tmp/recipe/train.sh", "/tmp/learned.aot", port])
        copy_files(folder, [root / "tmp" / "learned.aot"])
