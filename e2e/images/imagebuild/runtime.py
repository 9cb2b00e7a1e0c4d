"""The Java runtime of the operator's image: the modules it needs, and nothing of the machine's."""

import os
import shutil
from pathlib import Path

from .cache import digest
from .jdk import Shop, find, identity
from .layers import layer

RECIPE = Path(__file__).resolve().parents[1] / "wharfinger"
# The classes of java.beans are in java.desktop; nobody draws anything, and these want X11 and fonts.
DRAWING = ["libawt*.so", "libjawt.so", "libfontmanager.so", "libfreetype.so", "libharfbuzz.so", "libjavajpeg.so", "liblcms.so", "libmlib_image.so", "libsplashscreen.so", "libjsound.so", "psfont*"]


def runtime_layer(certificates):
    """The layer with /opt/java; certificates: PEM bundle of the authorities to trust."""
    jdk = find()
    key = digest([identity(jdk), DRAWING], [RECIPE, Path(__file__), certificates])
    return layer("wharfinger-runtime", key, lambda folder: fill(folder, jdk, certificates), "15 seconds")


def fill(folder, jdk, certificates):
    with Shop(jdk) as shop:
        modules = ",".join((RECIPE / "modules.txt").read_text().split())
        shop.run("jlink", "--strip-debug", "--no-header-files", "--no-man-pages", "--compress", "zip-6", "--add-modules", modules, "--output", shop.inside / "java")
        java = shop.folder / "java"
        for pattern in DRAWING:
            for path in (java / "lib").glob(pattern):
                path.unlink()
        shutil.copy(certificates, shop.folder / "certificates.pem")
        shutil.copy(RECIPE / "TrustStore.java", shop.folder)
        shop.run("java", shop.inside / "TrustStore.java", shop.inside / "certificates.pem", shop.inside / "cacerts")
        store = java / "lib" / "security" / "cacerts"
        store.unlink(missing_ok=True)
        shutil.copy(shop.folder / "cacerts", store)
        # The archive of loaded classes remembers the time stamp of the modules, and layers have none.
        os.utime(java / "lib" / "modules", (0, 0))
        shop.run(shop.inside / "java" / "bin" / "java", "-Xshare:dump", "-XX:+UseSerialGC")
        for path in java.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) and path.stat().st_mode & 0o100 else 0o644)
        (folder / "opt").mkdir()
        shutil.copytree(java, folder / "opt" / "java", symlinks=True)
