"""Results kept outside the checkout under the hash of everything that went into them."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KEPT = 2  # results of one name; older ones go when a new one is made


class Refused(Exception):
    """The build cannot go on; the text says what the person can do."""


def root():
    return Path(os.environ.get("WHARFINGER_CACHE") or Path.home() / ".cache" / "wharfinger") / "images"


def tell(text):
    print(f"images: {text}", file=sys.stderr, flush=True)


def run(command, **options):
    """Runs a command quietly; its output appears only when it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise Refused(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def need(program, package):
    """Installs the Debian package of a program that the machine lacks."""
    if shutil.which(program):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Refused(f"needs {program}: install the Debian package {package}")
    tell(f"installing the Debian package {package}")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(["apt-get", "update"], env=environment)
    run(["apt-get", "install", "-y", "--no-install-recommends", package], env=environment)


def digest(inputs, files=()):
    """Hash of a JSON value and of files or folders; a folder counts with its names and contents."""
    total = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode())
    for path in files:
        path = Path(path)
        found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in found:
            total.update(f"\n{file.relative_to(path.parent)}\n".encode())
            with open(file, "rb") as content:
                total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()[:16]


@contextlib.contextmanager
def workplace():
    """A temporary folder beside the results, so that a finished one can be moved into place."""
    root().mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=".work-", dir=root())
    os.chmod(folder, 0o755)  # programs with other user ids look into it
    try:
        yield Path(folder)
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", folder], check=True)


def keep(folder, name, key, make, usual, suffix=""):
    """Path of the result `name-key`; make(path) makes it when it is missing.

    folder: "" for finished images, else the kind of the part; usual: how long making usually takes.
    Two builds at once make it once: the second waits for the first.
    """
    place = root() / folder
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{name}-{key}{suffix}"
    with open(place / f".{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            os.utime(path)
            return path
        what = " ".join(part for part in (folder.rstrip("s"), name) if part)
        tell(f"making {what} (usually {usual})")
        start = time.monotonic()
        with workplace() as work:
            make(work / "result")
            (work / "result").rename(path)
        tell(f"made {what} in {time.monotonic() - start:.0f} s")
        forget_older(place, name, len(key) + len(suffix))
    return path


def forget_older(place, name, tail):
    same = [p for p in place.iterdir() if p.name.startswith(f"{name}-") and len(p.name) == len(name) + 1 + tail]
    for old in sorted(same, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
        subprocess.run(["rm", "-rf", "--one-file-system", str(old)], check=True)
