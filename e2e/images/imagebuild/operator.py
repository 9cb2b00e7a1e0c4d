"""The image of the operator and its Jobs: no shell, no package manager, a user without rights."""

import re
import shutil
from pathlib import Path

from . import rootfs
from .cache import Refused, digest, run
from .layers import Image, layer
from .runtime import runtime_layer

UID = 65532
POSTGRES = 17  # the newest client dumps every older major
CLIENT = Path(f"usr/lib/postgresql/{POSTGRES}/bin")
PROGRAMS = [CLIENT / name for name in ("pg_dump", "pg_restore", "psql")]
PACKAGES = ["ca-certificates", "libgcc-s1", "libstdc++6", f"postgresql-client-{POSTGRES}", "tzdata", "zlib1g"]
LIBRARIES = Path("usr/lib/x86_64-linux-gnu")
# The C library's parts are loaded by name at run time, so no program lists them all.
LOADED = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libnss_*.so.2", "libutil.so.1", "libstdc++.so.6*", "libgcc_s.so.1", "libz.so.1*", "ld-linux-x86-64.so.2"]
TREES = ["usr/share/zoneinfo", "etc/ssl/certs/ca-certificates.crt", "etc/os-release", "usr/lib/os-release", "etc/debian_version"]
FILES = {
    "etc/passwd": f"root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:{UID}:{UID}:nonroot:/tmp:/sbin/nologin\n",
    "etc/group": f"root:x:0:\nnogroup:x:65534:\nnonroot:x:{UID}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
CONFIG = {
    "User": f"{UID}:{UID}",
    "Env": [f"PATH=/opt/java/bin:/{CLIENT}", "JAVA_HOME=/opt/java", "LANG=C.UTF-8", "HOME=/tmp", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
    "WorkingDir": "/tmp",
    "Entrypoint": ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "--enable-native-access=ALL-UNNAMED", "-cp", "/opt/wharfinger/wharfinger.jar:/opt/wharfinger/lib/*"],
    "Cmd": ["dev.wharfinger.operator.OperatorMain"],
}


def image(options):
    jar, libraries = options.operator_target / "wharfinger.jar", options.operator_target / "lib"
    for path in (jar, libraries):
        if not path.exists():
            raise Refused(f"{path} is missing: build the operator first with mvn -pl operator -am package")
    packages = rootfs.kept("operator-packages", "trixie", PACKAGES, "30 seconds")
    recipe = digest([packages.name, [str(p) for p in PROGRAMS], LOADED, TREES, FILES], [Path(__file__)])
    base = layer("wharfinger-base", recipe, lambda folder: fill_base(folder, packages), "5 seconds")
    runtime = runtime_layer(packages / "etc/ssl/certs/ca-certificates.crt")
    place = Path("opt/wharfinger")
    dependencies = layer("wharfinger-dependencies", digest([], [libraries]), lambda folder: copy_jars(folder / place / "lib", libraries.glob("*.jar")), "1 second")
    application = layer("wharfinger-application", digest([], [jar]), lambda folder: copy_jars(folder / place, [jar]), "1 second")
    return Image("registry.local/wharfinger:0.1.0", CONFIG, [base, runtime, dependencies, application])


def copy_jars(folder, jars):
    folder.mkdir(parents=True)
    for jar in jars:
        (folder / jar.name).write_bytes(jar.read_bytes())


def fill_base(folder, packages):
    """Takes the programs, what they link with, and the data files from a root of packages."""
    wanted = {packages / program for program in PROGRAMS}
    for pattern in LOADED:
        wanted.update((packages / LIBRARIES).glob(pattern))
    for program in PROGRAMS:
        wanted.update(packages / library for library in linked(packages, program))
    for path in TREES:
        wanted.add(packages / path)
    for link, target in (("lib", "usr/lib"), ("lib64", "usr/lib64")):
        (folder / link).symlink_to(target)
    for path in sorted(wanted):
        copy(packages, path.relative_to(packages), folder)
    loader = folder / "usr/lib64/ld-linux-x86-64.so.2"
    loader.parent.mkdir(parents=True, exist_ok=True)
    loader.symlink_to("../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for name in ("proc", "sys", "dev", "run", "var"):
        (folder / name).mkdir()
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    for package in owners(packages, folder):
        copy(packages, Path("usr/share/doc") / package / "copyright", folder)


def linked(packages, program):
    """Paths, relative to the root, of all libraries a program is linked with."""
    listing = run(["chroot", packages, "/lib64/ld-linux-x86-64.so.2", "--list", f"/{program}"])
    if "not found" in listing:
        raise Refused(f"a library of {program} is missing:\n{listing}")
    found = [Path(path) for path in re.findall(r"=> /(\S+)", listing)]
    return [path if path.parts[0] == "usr" else "usr" / path for path in found]


def copy(packages, path, folder):
    """Copies a file or folder with the targets of its links, all below the root."""
    source, target = packages / path, folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or target.exists():
        return
    if source.is_symlink():
        target.symlink_to(source.readlink())
        aim = source.readlink()
        rest = aim.relative_to("/") if aim.is_absolute() else Path(*(packages / path.parent / aim).resolve().relative_to(packages.resolve()).parts)
        copy(packages, rest, folder)
    elif source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def owners(packages, folder):
    """Names of the Debian packages that the copied files come from."""
    owned = {"ca-certificates"}  # its bundle is made when it is installed
    for listing in (packages / "var/lib/dpkg/info").glob("*.list"):
        paths = listing.read_text().splitlines()
        if any((folder / path.lstrip("/")).is_file() for path in paths):
            owned.add(listing.name.removesuffix(".list").split(":")[0])
    return sorted(name for name in owned if (packages / "usr/share/doc" / name / "copyright").exists())
