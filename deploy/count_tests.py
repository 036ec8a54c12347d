"""Counts CTest's JUnit reports: names and output of what failed, names of what was skipped, and last
`N passed, N failed, N skipped`. Exit 1 when a test failed or none passed. Of several reports only the sum is printed."""
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
    """Splits into passed, failed, skipped. A test that could not be started counts as failed."""
    failed = [c for c in cases if c.find("failure") is not None or c.get("status") in ("fail", "notrun")]
    skipped = [c for c in cases if c.find("skipped") is not None and c.find("failure") is None]
    failed = [c for c in failed if c not in skipped]
    passed = [c for c in cases if c not in failed and c not in skipped]
    return passed, failed, skipped


def detail(passed, failed, skipped):
    for case in failed:
        output = (case.findtext("system-out") or "").strip()
        print(f"FAILED {case.get('name')}\n{output[-LONGEST_OUTPUT:]}\n")
    for case in skipped:
        print(f"skipped {case.get('name')}")
    slowest = sorted(passed, key=lambda c: float(c.get("time") or 0), reverse=True)[:3]
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
