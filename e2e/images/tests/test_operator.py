"""What goes into the operator's image."""

import json
import re
import tempfile
import unittest
import zipfile
from pathlib import Path

from imagebuild.operator import CONFIG, class_path


class OperatorTest(unittest.TestCase):
    def test_only_libraries_that_the_jar_names(self):
        with tempfile.TemporaryDirectory() as folder:
            jar = Path(folder) / "wharfinger.jar"
            with zipfile.ZipFile(jar, "w") as archive:
                archive.writestr(
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\r\nClass-Path: lib/kubernetes-client-7.8.0.jar lib/a-library-with\r\n"
                    " -a-long-name-1.0.jar\r\nMain-Class: example.Main\r\n",
                )
            (Path(folder) / "lib").mkdir()
            (Path(folder) / "lib" / "left-by-an-earlier-build.jar").touch()
            self.assertEqual(
                ["a-library-with-a-long-name-1.0.jar", "kubernetes-client-7.8.0.jar"],
                [path.name for path in class_path(jar)],
            )

    def test_docker_and_podman_start_it_alike(self):
        text = (Path(__file__).resolve().parents[3] / "Containerfile").read_text()
        for word in ("Entrypoint", "Cmd"):
            said = re.search(rf"^{word.upper()} (\[.*\])$", text, re.M)[1]
            self.assertEqual(CONFIG[word], json.loads(said))


if __name__ == "__main__":
    unittest.main()
