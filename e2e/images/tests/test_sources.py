"""How the machine's package sources become those of another release."""

import tempfile
import unittest
from pathlib import Path

from imagebuild.cache import Refused
from imagebuild.sources import lines_for


class SourcesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.etc = Path(folder.name)
        (self.etc / "sources.list.d").mkdir()

    def write(self, name, text):
        (self.etc / name).write_text(text)

    def test_keepsMirrorPocketsAndKey(self):
        self.write("sources.list.d/debian.sources", "Types: deb\n# the mirror nearby\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /keys/debian.gpg\n")
        self.assertEqual(
            ["deb [signed-by=/keys/debian.gpg] http://mirror.test/debian trixie main", "deb [signed-by=/keys/debian.gpg] http://mirror.test/debian trixie-updates main"],
            lines_for("trixie", self.etc),
        )

    def test_readsTheOneLineFormat(self):
        self.write("sources.list", "# deb http://old.test/debian bookworm main\ndeb http://mirror.test/security bookworm-security main contrib # kept\ndeb-src http://mirror.test/debian bookworm main\n")
        self.assertEqual(["deb http://mirror.test/security bookworm-security main contrib"], lines_for("bookworm", self.etc))

    def test_leavesOutDisabledBackportsAndOthers(self):
        self.write("sources.list.d/a.sources", "Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm\nComponents: main\nEnabled: no\n\nTypes: deb-src\nURIs: http://mirror.test/debian\nSuites: bookworm\n")
        self.write("sources.list.d/b.list", "deb https://vendor.test/repo nodistro main\ndeb http://mirror.test/debian bookworm-backports main\n")
        with self.assertRaisesRegex(Refused, "no Debian source"):
            lines_for("trixie", self.etc)


if __name__ == "__main__":
    unittest.main()
