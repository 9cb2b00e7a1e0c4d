"""Results are made once for the same inputs, and appear whole or not at all."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from imagebuild import cache


class CacheTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        environment = mock.patch.dict(os.environ, WHARFINGER_CACHE=folder.name)
        environment.start()
        self.addCleanup(environment.stop)

    def keep(self, key, make):
        return cache.keep("layers", "part", key, make, "no time", ".tar")

    def test_makesOnce(self):
        made = self.keep("1" * 16, lambda path: path.write_text("first"))
        again = self.keep("1" * 16, lambda path: self.fail("made twice"))
        self.assertEqual(("first", made), (again.read_text(), again))

    def test_aFailureLeavesNothing(self):
        def fail(path):
            path.write_text("half")
            raise cache.Refused("no")

        with self.assertRaises(cache.Refused):
            self.keep("1" * 16, fail)
        self.assertEqual("whole", self.keep("1" * 16, lambda path: path.write_text("whole")).read_text())
        self.assertEqual([], list(cache.root().glob(".work-*")))

    def test_forgetsTheOldest(self):
        for number in range(cache.KEPT + 2):
            path = self.keep(str(number) * 16, lambda path: path.write_text(""))
            os.utime(path, (number, number))
        self.assertEqual(cache.KEPT, len(list((cache.root() / "layers").glob("part-*"))))
        self.assertTrue(path.exists())

    def test_theHashCoversNamesAndContents(self):
        folder = Path(os.environ["WHARFINGER_CACHE"]) / "inputs"
        folder.mkdir()
        (folder / "a").write_text("x")
        first = cache.digest([], [folder])
        (folder / "a").rename(folder / "b")
        second = cache.digest([], [folder])
        (folder / "b").write_text("y")
        self.assertEqual(3, len({first, second, cache.digest([], [folder])}))


if __name__ == "__main__":
    unittest.main()
