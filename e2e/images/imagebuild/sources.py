"""The package sources this machine uses, asked for another release of Debian."""

import re
from pathlib import Path

from .cache import Refused

RELEASES = ("bookworm", "trixie", "forky")
POCKETS = ("", "-updates", "-security")


def lines_for(release, etc=Path("/etc/apt")):
    """Lines in the one-line format of sources.list for a release, from the machine's own mirrors."""
    found = []
    for mirror, suite, components, key in configured(etc):
        base, _, pocket = suite.partition("-")
        if base in RELEASES and f"-{pocket}".rstrip("-") in POCKETS:
            options = f"[signed-by={key}] " if key else ""
            line = f"deb {options}{mirror} {release}{suite[len(base):]} {components}"
            if line not in found:
                found.append(line)
    if not found:
        raise Refused(f"no Debian source ({' or '.join(RELEASES)}) in /etc/apt: the images are made from Debian packages, run this on Debian 12 or 13")
    return found


def configured(etc):
    """Yields (URI, suite, components, key file or "") of every enabled binary source."""
    for file in sorted(etc.glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", file.read_text()):
            yield from deb822(stanza)
    for file in [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]:
        for line in file.read_text().splitlines() if file.exists() else ():
            entry = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s+(.+)", line)
            if entry:
                key = re.search(r"signed-by=(\S+)", entry[1] or "")
                yield entry[2], entry[3], entry[4].split("#")[0].strip(), key[1] if key else ""


def deb822(stanza):
    fields = {}
    for line in stanza.splitlines():
        if not line.startswith("#") and re.match(r"[A-Za-z-]+:", line):
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
    if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
        return
    key = fields.get("signed-by", "")
    for uri in fields.get("uris", "").split():
        for suite in fields.get("suites", "").split():
            yield uri, suite, fields.get("components", "main"), key if key.startswith("/") else ""
