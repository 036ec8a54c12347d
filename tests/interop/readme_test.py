"""The README's commands for a public sandbox, played against HAPI: tests/hygiene/readme_test.py takes it for that sandbox."""
import pathlib
import sys
import unittest

import hapi

if __name__ == "__main__" and hapi.BASE:
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hygiene"))
    from readme_test import PUBLIC, Readme  # noqa: F401  found by unittest


    class Commands(unittest.TestCase):
        def test_the_readme_names_the_sandbox_in_each_of_three_commands(self):
            text = (hapi.harness.SOURCE / "README.md").read_text()
            lines = [line for line in text.splitlines() if line.startswith("build/release/mainstay") and PUBLIC in line]
            self.assertEqual([line.split()[1] for line in lines], ["sandbox", "serve", "call"])


if __name__ == "__main__":
    hapi.main()
