"""PostgreSQL servers that can stand in for the official images of the same majors."""

import re
from pathlib import Path

from .cache import digest, run
from .layers import Image, layer
from .rootfs import debian

# As in the official images made from Debian: clusters name this number in runAsUser and fsGroup.
UID = 999
ACCOUNT = [
    f"echo postgres:x:{UID}:{UID}::/var/lib/postgresql:/bin/bash >> $1/etc/passwd",
    f"echo postgres:x:{UID}: >> $1/etc/group",
    "echo 'postgres:*:::::::' >> $1/etc/shadow",
]
# Just-in-time compilation alone would double the size; the server does without when it is missing.
WITHOUT = [
    "/usr/lib/postgresql/*/lib/bitcode/*", "/usr/lib/postgresql/*/lib/llvmjit*",
    "/usr/lib/x86_64-linux-gnu/libLLVM*", "/usr/lib/llvm-*", "/usr/lib/x86_64-linux-gnu/libz3.so*",
]
# Perl beyond its base serves Debian's tools for clusters, and wrappers that choose among versions.
PERL = ["usr/share/perl/5*", "usr/share/perl5", "usr/lib/x86_64-linux-gnu/perl/5*", "usr/lib/x86_64-linux-gnu/libperl.so*"]
NO_CLUSTER = {"/etc/postgresql-common/createcluster.conf": "create_main_cluster = false\nstart_conf = manual\n"}

# The official one makes a database of its own from the environment; nothing here must lead to it.
ENTRYPOINT = "#!/bin/sh\necho 'run initdb and postgres by themselves: this image has no entry point' >&2\nexit 64\n"


def image(major, release):
    """The image with one major version, from the Debian release that has it."""
    # The official images' data moved with 18.
    volume, data = ("/var/lib/postgresql", f"/var/lib/postgresql/{major}/docker") if major >= 18 else ("/var/lib/postgresql/data",) * 2
    packages = [f"postgresql-{major}", "ca-certificates", "tzdata"]

    def fill(folder):
        debian(release, packages, folder, hooks=ACCOUNT, without=WITHOUT, files=NO_CLUSTER)
        for pattern in PERL:
            for path in folder.glob(pattern):
                run(["rm", "-rf", path])
        for path in (folder / "usr/bin").iterdir():
            if path.is_symlink() and path.readlink().name == "pg_wrapper":
                path.unlink()
        # A key pair made when the packages were installed would be everybody's.
        (folder / "etc/ssl/private/ssl-cert-snakeoil.key").unlink(missing_ok=True)
        for path in (folder / "etc/ssl/certs").iterdir():
            if "snakeoil" in path.name or path.is_symlink() and "snakeoil" in path.readlink().name:
                path.unlink()
        sample = folder / f"usr/share/postgresql/{major}/postgresql.conf.sample"
        sample.write_text(re.sub(r"(?m)^#listen_addresses = '\S+'", "listen_addresses = '*'", sample.read_text()))
        for path, mode in ((volume, "1777"), ("/run/postgresql", "3777")):
            run(["install", "-d", "-o", UID, "-g", UID, "-m", mode, folder / path[1:]])
        entry = folder / "usr/local/bin/docker-entrypoint.sh"
        entry.write_text(ENTRYPOINT)
        entry.chmod(0o755)

    archive = layer(f"postgres-{major}", digest([major, release], [Path(__file__), Path(__file__).with_name("rootfs.py")]), fill, "40 seconds")
    programs = f"/usr/lib/postgresql/{major}/bin"
    config = {
        "Env": [
            f"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:{programs}",
            "LANG=C.UTF-8", f"PG_MAJOR={major}", f"PGDATA={data}",
        ],
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["postgres"],
        "Volumes": {volume: {}},
        "ExposedPorts": {"5432/tcp": {}},
        "StopSignal": "SIGINT",
    }
    return Image(f"registry.local/postgres:{major}", config, [archive])
