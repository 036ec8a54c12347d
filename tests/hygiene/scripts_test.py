"""The shell scripts: executable, strict, free of shellcheck's findings; Python files compile."""
import os
import shutil
import subprocess
import unittest

import project


def shell_scripts():
    return [p for p in project.files() if (project.text(p) or "").startswith("#!/usr/bin/env bash")]


class Scripts(unittest.TestCase):
    def test_there_are_some(self):
        names = {p.as_posix() for p in shell_scripts()}
        self.assertLessEqual({"deploy/try", "deploy/test", "deploy/interop", "deploy/bench-build", "deploy/fresh-test", ".ci/run"}, names)

    def test_executable(self):
        self.assertEqual([p for p in shell_scripts() if not os.access(project.ROOT / p, os.X_OK)], [])

    def test_shellcheck(self):
        if not shutil.which("shellcheck"):
            self.skipTest("shellcheck is not installed")
        paths = [str(p) for p in shell_scripts()] + ["deploy/lib.sh", "deploy/hapi.sh"]
        run = subprocess.run(["shellcheck", "-x", "-P", "SCRIPTDIR", *paths], cwd=project.ROOT, capture_output=True, text=True)
        self.assertEqual(run.stdout + run.stderr, "")

    def test_python_compiles(self):
        for path in project.files(".py"):
            with self.subTest(path=path.as_posix()):
                compile(project.text(path), str(path), "exec")


if __name__ == "__main__":
    unittest.main()
