"""Counts CTest's JUnit reports: names and output of what failed, what was skipped and why, and last
`N passed, N failed, N skipped`. Exit 1 when a test failed or none passed. Of several reports only the sum is printed."""
import re
import sys
import xml.etree.ElementTree as ET

LONGEST_OUTPUT = 6000  # of one failed test; the whole of it is in CTest's log


def read(path):
    """The report's test cases; none, with a word on stderr, when there is no readable report."""
    try:
        return ET.parse(path).getroot().findall("testcase")
    except (OSError, ET.ParseError) as error:
        print(f"no test report: {error}", file=sys.stderr)
        return []


def sort(cases):
    """Splits into passed, failed, skipped. CTest calls a test that it could not start skipped too: here it has failed."""
    passed, failed, skipped = [], [], []
    for case in cases:
        skip = case.find("skipped")
        if case.get("status") == "disabled" or (skip is not None and skip.get("message", "").startswith("SKIP_")):
            skipped.append(case)
        elif case.get("status") == "run" and case.find("failure") is None and skip is None:
            passed.append(case)
        else:
            failed.append(case)
    return passed, failed, skipped


def reason(case):
    """Why a skipped test says it was: GoogleTest's line after `Skipped`, unittest's `skipped '...'`."""
    found = re.search(r": Skipped\n(.+)|\.\.\. skipped ['\"](.+)['\"]", case.findtext("system-out") or "")
    return ": " + (found.group(1) or found.group(2)).strip() if found else ""


def detail(passed, failed, skipped):
    for case in failed:
        output = (case.findtext("system-out") or "").strip()
        skip = case.find("skipped")
        if skip is not None:
            output = skip.get("message", "")
        print(f"FAILED {case.get('name')}\n{output[-LONGEST_OUTPUT:]}\n")
    for case in skipped:
        print(f"skipped {case.get('name')}{reason(case)}")
    slowest = sorted(passed, key=lambda c: float(c.get("time") or 0), reverse=True)[:3]
    if slowest:
        print("slowest: " + ", ".join(f"{c.get('name')} {float(c.get('time') or 0):.1f} s" for c in slowest))


def main(paths):
    counts = [sort(read(path)) for path in paths]
    if len(paths) == 1:
        detail(*counts[0])
    passed, failed, skipped = (sum(len(c[i]) for c in counts) for i in range(3))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not all(c[0] for c in counts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
