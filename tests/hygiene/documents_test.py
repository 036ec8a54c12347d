"""What the documents name exists: files, folders, links between them, and the tests of THREATS.md."""
import re
import unittest

import project

DOCUMENTS = ("README.md", "HACKING.md", "THREATS.md", "CHANGELOG.md")
TOP = ("fhir/", "rules/", "cds/", "tests/", "deploy/", "cmake/", "docs/", "fixtures/", ".ci/")
DEFINED = re.compile(r"^(?:TEST|TEST_F|TEST_P|TYPED_TEST)\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.M)


def named_paths(text):
    """Back-quoted paths under our top folders and the targets of relative links."""
    quoted = [word for span in re.findall(r"`([^`\n]+)`", text) for word in span.split() if word.startswith(TOP)]
    links = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    return sorted({path.rstrip(".,:;") for path in quoted + links})


def named_tests(text):
    return sorted({(suite, name) for suite, name in re.findall(r"`([a-z]\w*)\.(\w+)`", text)
                   if not re.fullmatch(r"md|py|cpp|hpp|json|yaml|ndjson|cmake", name)})


class Names(unittest.TestCase):
    def test_finding(self):
        self.assertEqual(named_paths("see `fhir/json/x.hpp`, [a](b.md), [c](https://x/y), `mainstay x rules/packs/b`, `x/y`"),
                         ["b.md", "fhir/json/x.hpp", "rules/packs/b"])
        self.assertEqual(named_tests("`gate.refuses`, `a_b.c`, `pack.yaml`, `x_test.cpp`"), [("a_b", "c"), ("gate", "refuses")])


class Documents(unittest.TestCase):
    def test_paths_exist(self):
        missing = [f"{document}: {path}" for document in DOCUMENTS for path in named_paths(project.text(document))
                   if not (project.ROOT / path).exists()]
        self.assertEqual(missing, [])

    def test_tests_of_threats_exist(self):
        defined = {pair for path in project.files(".cpp", under="tests") for pair in DEFINED.findall(project.text(path) or "")}
        named = named_tests(project.text("THREATS.md"))
        self.assertGreater(len(named), 20)
        self.assertEqual([pair for pair in named if pair not in defined], [])


if __name__ == "__main__":
    unittest.main()
