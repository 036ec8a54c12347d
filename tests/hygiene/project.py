"""The project's tree for the checks: its root and the text files in it."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED_FOLDERS = {"build", ".git", "__pycache__", ".cache"}


def files(*suffixes, under="."):
    """Paths relative to ROOT, sorted: what git tracks or would track; without git, everything but build folders."""
    base = ROOT / under
    try:
        listed = subprocess.run(
            ["git", "-C", str(base), "ls-files", "-co", "--exclude-standard", "-z"],
            capture_output=True, check=True).stdout.decode().split("\0")
        found = [base / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        found = []
        for folder, names, entries in os.walk(base):
            names[:] = [n for n in names if n not in SKIPPED_FOLDERS]
            found += [pathlib.Path(folder) / e for e in entries]
    return sorted(p.relative_to(ROOT) for p in found if p.is_file() and (not suffixes or p.suffix in suffixes))


def text(path):
    """A file's text, or None when it is no UTF-8 text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
