"""Root file systems of Debian packages, without documentation and translations."""

import os
import shlex
from pathlib import Path

from .cache import Refused, digest, keep, need, run
from .sources import lines_for

# Copyright files stay: an image is a distribution of the packages in it.
UNWANTED = [
    "/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*",
    "/usr/share/lintian/*", "/usr/share/bash-completion/*", "/usr/share/perl5/debconf/*.pod",
]
# Parts of packages whose install scripts expect the folders of manual pages.
FOLDERS = ["usr/share/man/man1", "usr/share/man/man7", "usr/share/man/man8"]


def debian(release, packages, target, hooks=(), without=(), files=(), devices=False):
    """Makes a root file system in the folder target.

    hooks: shell commands run after the essential packages and before the others, the root in $1;
    without: further patterns of files not to unpack; files: text files by path, written first;
    devices: keep the files of /dev, to run programs in the root; a container gets its own.
    """
    if os.geteuid() != 0:
        raise Refused("needs root, to unpack packages with their owners")
    need("mmdebstrap", "mmdebstrap")
    before = [f'mkdir -p {" ".join(f"$1/{folder}" for folder in FOLDERS)}', *hooks]
    for path, text in dict(files).items():
        before.append(f'mkdir -p "$1{Path(path).parent}" && printf %s {shlex.quote(text)} > "$1{path}"')
    command = ["mmdebstrap", "--quiet", "--variant=essential", "--aptopt=APT::Install-Recommends \"false\""]
    # A mirror that stands still has expired lists; whether they count is the machine's word, as the mirror is.
    validity = run(["apt-config", "dump", "Acquire::Check-Valid-Until"]).strip()
    command += [f"--aptopt={validity}"] if validity else []
    command += [f"--dpkgopt=path-exclude={pattern}" for pattern in [*UNWANTED, *without]]
    command += ["--dpkgopt=path-include=/usr/share/doc/*/copyright"]
    command += [f"--essential-hook={hook}" for hook in before]
    command += [f"--include={','.join(packages)}", release, target, *lines_for(release)]
    run(command, env=dict(os.environ, LC_ALL="C.UTF-8"))
    for leftover in ("var/cache/debconf/*", "var/log/*", "var/lib/apt/lists/*", "var/cache/apt/*", "var/cache/ldconfig/*", "etc/hostname", "etc/resolv.conf", "usr/share/man/*"):
        for path in Path(target).glob(leftover):
            run(["rm", "-rf", path])
    for path in (Path(target) / "dev").iterdir():
        if path.is_char_device() and not devices:
            path.unlink()


def kept(name, release, packages, usual):
    """A root file system kept as a folder, to run programs in and to take files from."""
    key = digest([release, packages], [Path(__file__)])
    return keep("roots", name, key, lambda path: debian(release, packages, path, devices=True), usual)
