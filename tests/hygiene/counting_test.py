"""The count at the end of deploy/test is right, and no failure can look like a success."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import project

PASS = '<testcase name="a" time="0.1" status="run"/>'
FAIL = '<testcase name="b" status="fail"><failure message=""/><system-out>line of b</system-out></testcase>'
SKIP = '<testcase name="c" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>'
NOT_STARTED = '<testcase name="d" status="notrun"><skipped message="Unable to find executable"/></testcase>'
NOT_RUN = '<testcase name="f" status="notrun"/>'
DISABLED = '<testcase name="e" status="disabled"/>'


def count(*reports):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, report in enumerate(reports):
            paths.append(pathlib.Path(folder) / f"{i}.xml")
            if report is not None:
                paths[-1].write_text(report, encoding="utf-8")
        run = subprocess.run([sys.executable, project.ROOT / "deploy/count_tests.py", *paths], capture_output=True, text=True)
        return run.returncode, run.stdout


class Counting(unittest.TestCase):
    EXAMPLES = [
        ("all pass", [f"<s>{PASS}{PASS}</s>"], 0, "2 passed, 0 failed, 0 skipped"),
        ("one fails", [f"<s>{PASS}{FAIL}</s>"], 1, "1 passed, 1 failed, 0 skipped"),
        ("a skip is no failure", [f"<s>{PASS}{SKIP}{DISABLED}</s>"], 0, "1 passed, 0 failed, 2 skipped"),
        ("only skips is no success", [f"<s>{SKIP}</s>"], 1, "0 passed, 0 failed, 1 skipped"),
        ("not started is a failure", [f"<s>{PASS}{NOT_STARTED}</s>"], 1, "1 passed, 1 failed, 0 skipped"),
        ("not run is a failure", [f"<s>{PASS}{NOT_RUN}</s>"], 1, "1 passed, 1 failed, 0 skipped"),
        ("no test", ["<s/>"], 1, "0 passed, 0 failed, 0 skipped"),
        ("no report", [None], 1, "0 passed, 0 failed, 0 skipped"),
        ("cut report", ["<s><testcase"], 1, "0 passed, 0 failed, 0 skipped"),
        ("sum", [f"<s>{PASS}</s>", f"<s>{PASS}{SKIP}</s>"], 0, "2 passed, 0 failed, 1 skipped"),
        ("one of two is missing", [f"<s>{PASS}</s>", None], 1, "1 passed, 0 failed, 0 skipped"),
    ]

    def test_examples(self):
        for name, reports, code, last in self.EXAMPLES:
            with self.subTest(name):
                returned, out = count(*reports)
                self.assertEqual((returned, out.splitlines()[-1]), (code, last))

    def test_failure_is_shown(self):
        self.assertIn("FAILED b\nline of b", count(f"<s>{PASS}{FAIL}</s>")[1])
        self.assertIn("FAILED d\nUnable to find", count(f"<s>{PASS}{NOT_STARTED}</s>")[1])

    def test_reason_of_a_skip_is_shown(self):
        said = SKIP.replace("</testcase>", "<system-out>a.cpp:3: Skipped\nno data there\n</system-out></testcase>")
        self.assertIn("skipped c: no data there\n", count(f"<s>{PASS}{said}</s>")[1])

    def test_lines(self):
        """The table of deploy/coverage: folders, sums, what is below the aim, nothing outside."""
        def file(path, covered, lines):
            return {"filename": path, "summary": {"lines": {"covered": covered, "count": lines}}}

        summary = {"data": [{"files": [file("/r/fhir/json/a.cpp", 9, 10), file("/r/fhir/json/b.cpp", 0, 5), file("/r/rules/x.hpp", 20, 20),
                                       file("/r/tests/fhir/a.cpp", 0, 99), file("/usr/include/c", 0, 99)]}]}
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "summary.json"
            for given, code, expected in [
                (summary, 0, [["fhir/json", "9", "of", "15", "60.0", "%", "below", "the", "aim"], ["rules", "20", "of", "20", "100.0", "%"],
                              ["total", "fhir", "9", "of", "15", "60.0", "%", "below", "the", "aim"], ["total", "rules", "20", "of", "20", "100.0", "%"],
                              ["total", "29", "of", "35", "82.9", "%", "below", "the", "aim"]]),
                ({"data": [{"files": []}]}, 1, [["nothing", "was", "measured"]]),
            ]:
                path.write_text(json.dumps(given), encoding="utf-8")
                run = subprocess.run([sys.executable, project.ROOT / "deploy/count_lines.py", "/r", path, "fhir", "rules"], capture_output=True, text=True)
                self.assertEqual((run.returncode, [line.split() for line in run.stdout.splitlines()]), (code, expected))


if __name__ == "__main__":
    unittest.main()
