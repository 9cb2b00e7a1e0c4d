"""Layers and images: archives whose bytes depend on nothing but their content."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .cache import digest, keep, run, tell

CLUSTER = Path(__file__).resolve().parents[2] / "cluster" / "cluster"


@dataclass
class Image:
    """An image to write: its reference, the OCI configuration, and layer archives, lowest first."""

    reference: str
    config: dict
    layers: list


def pack(folder, archive):
    """Packs a folder with its owners, without times."""
    run(["tar", "--create", "--format=posix", "--pax-option=delete=atime,delete=ctime", "--sort=name", "--mtime=@0", "--numeric-owner", "--xattrs", "-C", folder, "-f", archive, "."])


def layer(name, key, fill, usual):
    """A layer archive; fill(folder) puts its content into an empty folder when it is not cached."""

    def make(path):
        folder = path.parent / "content"
        folder.mkdir(mode=0o755)
        fill(folder)
        pack(folder, path)

    return keep("layers", name, key, make, usual, ".tar")


def unpack(archives, folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    for archive in archives:
        run(["tar", "--extract", "--numeric-owner", "--same-permissions", "--xattrs", "-C", folder, "-f", archive])


def write_image(name, image):
    """Path of the image's archive."""

    def make(path):
        config = path.parent / "config.json"
        config.write_text(json.dumps(image.config))
        command = [CLUSTER, "image", "--name", image.reference, "--config", config, "--out", path]
        for archive in image.layers:
            command += ["--layer", archive]
        run(command)

    key = digest([image.reference, image.config, [layer.name for layer in image.layers]])
    return keep("", name, key, make, "a few seconds", ".tar")


def tell_sizes(name, image):
    """Size of each layer, unpacked and as gzip would transfer it."""
    for archive in image.layers:
        packed = subprocess.run(f"gzip -6 -c '{archive}' | wc -c", shell=True, check=True, capture_output=True)
        part = archive.name.rsplit("-", 1)[0]
        tell(f"{name}: layer {part}: {archive.stat().st_size / 1e6:.1f} MB, {int(packed.stdout) / 1e6:.1f} MB compressed")
