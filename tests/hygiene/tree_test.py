"""The tree speaks of itself alone: ASCII sources, no path of one machine, no host of a package archive."""
import re
import unittest

import project

# Built from parts, so that this file does not match itself.
HOME_FOLDERS = "|".join(["work", "home", "root", "Users", "mnt", "opt"])
MACHINE_PATH = re.compile(rf'(?<![\w./~$}}-])/({HOME_FOLDERS})/[\w.]')
ARCHIVE_HOST = re.compile(r"\b(deb|security|archive|ftp)\.(debian|ubuntu)\.(org|com)\b|\b(pypi|crates|npmjs)\.(org|io|com)\b")
# A path that a container or a service unit needs names that machine's folders, not ours.
PATHS_ALLOWED = {}
SOURCES = (".cpp", ".hpp", ".py", ".cmake")


def findings(path, text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line) and path not in PATHS_ALLOWED:
            found.append(f"{path}:{number}: a machine's path")
        if ARCHIVE_HOST.search(line):
            found.append(f"{path}:{number}: a package archive's host")
        if path.endswith(SOURCES) and not line.isascii():
            found.append(f"{path}:{number}: not ASCII")
    if text and not text.endswith("\n"):
        found.append(f"{path}: no newline at the end")
    return found


class Tree(unittest.TestCase):
    EXAMPLES = [
        ("a.cpp", "// see /" + "work/main/x", True),
        ("a.md", "see `/" + "home/jo/x`", True),
        ("a.md", "docs/" + "work/flow", False),
        ("a.md", "https://example.org/" + "home/x", False),
        ("a.sh", "http://deb." + "debian.org/debian", True),
        ("a.cpp", "// caf\u00e9", True),
        ("a.md", "caf\u00e9", False),
    ]

    def test_examples(self):
        for path, line, bad in self.EXAMPLES:
            with self.subTest(path=path, line=line[:60]):
                self.assertEqual(bool(findings(path, line + "\n")), bad)

    def test_tree(self):
        found, seen = [], 0
        for path in project.files():
            text = project.text(path)
            if text is not None:
                seen += 1
                found += findings(path.as_posix(), text)
        self.assertGreater(seen, 30, "the check sees no files")
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
