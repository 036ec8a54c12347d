"""Line coverage as a table of folders and totals: count_lines.py ROOT SUMMARY.json TOP... reads what `llvm-cov export -summary-only` wrote."""
import json
import pathlib
import sys

AIM = 90


def folders(root, summary, tops):
    """{folder: [lines covered, lines]} of the files under `tops`: `fhir/json`, `rules/facts`."""
    found = {}
    for file in summary["data"][0]["files"]:
        path = pathlib.Path(file["filename"])
        if not path.is_relative_to(root):
            continue
        parts = path.relative_to(root).parts
        if parts[0] not in tops:
            continue
        counts = found.setdefault("/".join(parts[:2]) if len(parts) > 2 else parts[0], [0, 0])
        counts[0] += file["summary"]["lines"]["covered"]
        counts[1] += file["summary"]["lines"]["count"]
    return found


def row(name, covered, lines):
    share = 100 * covered / lines if lines else 100
    return f"{name:24} {covered:7} of {lines:7} {share:6.1f} %{'' if share >= AIM else '  below the aim'}"


def table(found, tops):
    rows = [row(name, *found[name]) for name in sorted(found)]
    sums = []
    for top in tops:
        of_top = [counts for name, counts in found.items() if name.split("/")[0] == top]
        sums.append((top, sum(c for c, _ in of_top), sum(n for _, n in of_top)))
    rows += [row("total " + top, covered, lines) for top, covered, lines in sums]
    rows.append(row("total", sum(c for _, c, _ in sums), sum(n for _, _, n in sums)))
    return rows


def main(root, summary, *tops):
    found = folders(pathlib.Path(root), json.loads(pathlib.Path(summary).read_text(encoding="utf-8")), tops)
    if not found:
        print("nothing was measured")
        return 1
    print("\n".join(table(found, tops)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
