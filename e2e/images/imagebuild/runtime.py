"""The Java runtime of the operator's image."""

import shutil
from pathlib import Path

from .cache import digest
from .jdk import Shop, find, identity
from .layers import layer

RECIPE = Path(__file__).resolve().parents[1] / "wharfinger"
PARTS = [RECIPE / name for name in ("runtime.sh", "modules.txt", "TrustStore.java")]


def runtime_layer(certificates):
    """The layer with /opt/java; certificates: PEM bundle of the authorities to trust."""
    jdk = find()
    key = digest([identity(jdk)], [*PARTS, Path(__file__), certificates])
    return layer("wharfinger-runtime", key, lambda folder: fill(folder, jdk, certificates), "15 seconds")


def fill(folder, jdk, certificates):
    with Shop(jdk) as shop:
        for part in PARTS:
            shutil.copy(part, shop.folder)
        shutil.copy(certificates, shop.folder / "certificates.pem")
        shop.run("/bin/sh", shop.inside / "runtime.sh", shop.home, shop.inside / "certificates.pem", shop.inside / "java")
        (folder / "opt").mkdir()
        # Copied with its time stamps: the archive of classes is refused beside newer modules.
        shutil.copytree(shop.folder / "java", folder / "opt" / "java", symlinks=True)
