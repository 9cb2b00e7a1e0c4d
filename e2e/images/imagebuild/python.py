"""Applications from the Python package index on Debian's Python, in a virtual environment."""

import os
import shutil
import subprocess
from pathlib import Path

from . import rootfs
from .cache import Refused, digest, need, run
from .layers import layer, unpack

RELEASE = "bookworm"
VERSION = "3.11"
PACKAGES = ["ca-certificates", "libstdc++6", "python3", "tzdata"]  # wheels link with the C++ library
# Of no use at run time: tests, headers for compiling against a package, maps for debuggers.
UNWANTED = [
    "numpy/**/tests", "pandas/tests", "pyarrow/tests", "pyarrow/include", "pyarrow/src", "pyarrow/**/*.pyx",
    "sqlalchemy/testing", "phoenix/server/static/**/*.map", "**/*.a",
]


def base_layer():
    """Debian with Python and a user 1000; shared by all applications."""
    account = ["echo app:x:1000:1000::/tmp:/usr/sbin/nologin >> $1/etc/passwd", "echo app:x:1000: >> $1/etc/group",
               "echo nonroot:x:65532:65532::/tmp:/usr/sbin/nologin >> $1/etc/passwd", "echo nonroot:x:65532: >> $1/etc/group"]
    key = digest([RELEASE, PACKAGES, account], [Path(rootfs.__file__)])
    return layer("python", key, lambda folder: rootfs.debian(RELEASE, PACKAGES, folder, hooks=account), "30 seconds")


def application_layer(name, requirements, usual):
    """The layer with a virtual environment at /opt/NAME; requirements: file with pinned hashes."""
    base = base_layer()
    key = digest([name, base.name, UNWANTED], [requirements, Path(__file__)])
    return base, layer(f"{name}-environment", key, lambda folder: fill(folder, Path("opt") / name, base, requirements), usual)


def fill(folder, place, base, requirements):
    environment = folder / place
    packages = environment / "lib" / f"python{VERSION}" / "site-packages"
    packages.mkdir(parents=True)
    # Compiled below by the image's own Python; pip installs the wheels of the machine's, hence the same version.
    run([*pip(), "install", "--quiet", "--no-compile", "--no-deps", "--require-hashes", "--no-warn-script-location", "--target", packages, "-r", requirements])
    (packages / "bin").rename(environment / "bin")
    for program in (environment / "bin").iterdir():
        shebang(program, f"#!/{place}/bin/python3\n".encode())
    for name in ("python", "python3"):
        (environment / "bin" / name).symlink_to(f"/usr/bin/python{VERSION}")
    (environment / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {VERSION}\n")
    for pattern in UNWANTED:
        for path in packages.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    compile_all(folder, place, base)


def pip():
    """A pip that runs under the version of Python the image has."""
    need("pip3", "python3-pip")
    for python in filter(None, [shutil.which(f"python{VERSION}"), shutil.which("python3"), "/usr/bin/python3"]):
        done = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, text=True)
        if done.returncode == 0 and f"(python {VERSION})" in done.stdout:
            return [python, "-m", "pip"]
    raise Refused(f"needs Python {VERSION} with pip, as in Debian 12 (package python3-pip)")


def shebang(program, line):
    """Points a program that pip wrote at the image's Python; pip names the one it runs under."""
    content = program.read_bytes()
    if content.startswith(b"#!") and b"python" in content.split(b"\n", 1)[0]:
        program.write_bytes(line + content.split(b"\n", 1)[1])


def compile_all(folder, place, base):
    """Byte code for a read-only image; by hash, as the layers' files have no times."""
    root = folder.parent / "root"
    unpack([base], root)
    (root / place.parent).mkdir(parents=True, exist_ok=True)
    (folder / place).rename(root / place)
    command = ["chroot", root, f"/usr/bin/python{VERSION}", "-m", "compileall", "-q", "-j", os.cpu_count(), "--invalidation-mode", "unchecked-hash", f"/{place}/lib"]
    try:
        # Some packages ship templates that are not valid Python: those stay as they are.
        subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        (root / place).rename(folder / place)
