"""A JDK 25: the machine's own, or Debian's in a root file system of its own."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from . import rootfs
from .cache import Refused, digest, run, tell

FEATURE = 25
# Where e2e/jdk puts the libraries of the Debian release that a copied JDK was built for.
LIBRARIES = "lib/debian"
# Java finds its libraries by way of /proc; the mount goes with the namespace it is made in.
ENTER = ["unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"']


def find():
    """The JDK as (root it is run in, home below that root)."""
    for home in filter(None, [os.environ.get("JAVA_HOME"), *map(str, sorted(Path("/usr/lib/jvm").glob(f"*{FEATURE}*")))]):
        if version(Path(home)) == str(FEATURE):
            return Path("/"), Path(home).resolve()
    tell(f"no JDK {FEATURE} on this machine, taking Debian's")
    try:
        root = rootfs.kept("jdk", "trixie", [f"openjdk-{FEATURE}-jdk-headless"], "1 minute")
    except Refused as refusal:
        raise Refused(f"needs a JDK {FEATURE} with jlink: set JAVA_HOME or install one below /usr/lib/jvm; Debian's could not be had: {refusal}") from None
    homes = sorted(home for home in root.glob(f"usr/lib/jvm/*{FEATURE}*") if not home.is_symlink() and version(home))
    return root, Path("/") / homes[0].relative_to(root)


def version(home):
    """Feature release of a complete JDK, else ""."""
    release = home / "release"
    if not release.exists() or not (home / "bin" / "jlink").exists():
        return ""
    if (home / LIBRARIES).exists():
        # The copy that e2e/jdk made to run here: what its jlink makes does not.
        return ""
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(), re.M)
    return found[1] if found else ""


def identity(jdk):
    """What tells one JDK from another, for cache keys."""
    root, home = jdk
    return digest([str(home)], [root / home.relative_to("/") / "release"])


class Shop:
    """A folder both sides see, to hand files to a JDK's programs and take their results."""

    def __init__(self, jdk):
        self.root, self.home = jdk

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(dir=self.root / "tmp"))
        self.inside = Path("/") / self.folder.relative_to(self.root)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def run(self, program, *words):
        """Runs a program by its path inside the JDK's root, or a tool of the JDK by its name."""
        path = program if str(program).startswith("/") else self.home / "bin" / program
        prefix = [] if self.root == Path("/") else [*ENTER, self.root]
        return run([*prefix, path, *words], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"})
