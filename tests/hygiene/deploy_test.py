"""The set-up installs what is missing and nothing else, and every failure ends with one sentence that says what to do.
The tools it calls are replaced by small scripts, so that nothing is installed here."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import project

DEBIAN = "ID=debian\nVERSION_ID=12\n"
UBUNTU = 'ID=ubuntu\nVERSION_ID="24.04"\n'
# dpkg-query is asked for one package: the last argument.
ALL_INSTALLED = "echo installed"
NONE_INSTALLED = "exit 1"
BUT_LLD = 'for last; do :; done; case $last in lld-16) exit 1 ;; *) echo installed ;; esac'
GNUTLS = 'for last; do :; done; case $last in libcurl4-openssl-dev) exit 1 ;; *) echo installed ;; esac'
RECORD = 'echo "$@" >>"$RECORDED"'
TOOLS = ("bash", "dirname", "basename", "nproc", "cat")  # a machine with nothing else
ROOT, NOT_ROOT = "echo 0", "echo 1000"


def ended(pid):
    """Whether a process ends soon; one that nobody has waited for has no command line any more."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if not pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
        except OSError:
            return True
    return False


class Shell:
    """bash with deploy/lib.sh read and some commands replaced."""

    def __init__(self, commands, system=DEBIAN, path=None):
        self.commands, self.system, self.path = commands, system, path

    def run(self, script):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "bin").mkdir()
            for name, body in self.commands.items():
                (folder / "bin" / name).write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
                (folder / "bin" / name).chmod(0o755)
            (folder / "os-release").write_text(self.system, encoding="utf-8")
            recorded = folder / "recorded"
            env = {
                "PATH": f"{folder}/bin:" + (self.path or os.environ["PATH"]), "HOME": str(folder), "TMPDIR": str(folder),
                "MAINSTAY_LOGS": f"{folder}/logs", "MAINSTAY_OS_RELEASE": f"{folder}/os-release", "RECORDED": str(recorded),
                "FOLDER": str(folder),
            }
            done = subprocess.run(["bash", "-c", f'. "{project.ROOT}/deploy/lib.sh"; {script}'], env=env, text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            pid = folder / "recorded.pid"
            done.pid = pid.read_text(encoding="utf-8").strip() if pid.exists() else ""
            done.recorded = recorded.read_text(encoding="utf-8") if recorded.exists() else ""
            return done


class Packages(unittest.TestCase):
    def need(self, dpkg, apt=RECORD, user=ROOT, system=DEBIAN, **more):
        commands = {"dpkg-query": dpkg, "apt-get": apt, "id": user, **more}
        return Shell(commands, system).run("need_packages build")

    def test_all_there_calls_no_apt(self):
        done = self.need(ALL_INSTALLED)
        self.assertEqual((done.returncode, done.recorded), (0, ""))
        self.assertIn("packages: all", done.stdout)

    def test_installs_only_what_is_missing_and_says_why(self):
        done = self.need(BUT_LLD)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"missing: lld-16 +linker")
        installs = [line for line in done.recorded.splitlines() if "install" in line]
        self.assertEqual(len(installs), 1)
        self.assertTrue(installs[0].endswith(" lld-16"), installs)
        self.assertIn("--no-remove", installs[0])

    def test_either_of_two_packages_will_do(self):
        self.assertEqual(self.need(GNUTLS).recorded, "")

    def test_sudo_where_not_root(self):
        done = self.need(BUT_LLD, user=NOT_ROOT, sudo=f'echo sudo >>"$RECORDED"; [[ $1 != -n ]] || shift; "$@"')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.recorded.count("sudo"), 2)

    def test_names_of_the_other_system(self):
        done = self.need(NONE_INSTALLED, system=UBUNTU)
        self.assertIn("libboost1.83-dev", done.recorded)
        self.assertNotIn("libboost1.81-dev", done.recorded)

    def test_failures_end_with_one_sentence(self):
        no_network = 'case "$*" in *install*) echo "E: Failed to fetch x  Temporary failure resolving y"; exit 100 ;; esac'
        removes = 'case "$*" in *install*) echo "E: Packages need to be removed but remove is disabled."; exit 100 ;; esac'
        other = 'case "$*" in *install*) echo "E: Unable to locate package lld-16"; exit 100 ;; esac'
        for name, arguments, sentence in [
            ("no network", {"dpkg": BUT_LLD, "apt": no_network}, "is there a network?"),
            ("would remove", {"dpkg": BUT_LLD, "apt": removes}, "would remove packages that you have"),
            ("other", {"dpkg": BUT_LLD, "apt": other}, "could not install lld-16"),
            ("other system", {"dpkg": ALL_INSTALLED, "system": "ID=fedora\nVERSION_ID=40\n"}, "Debian 12 and Ubuntu 24.04 only"),
        ]:
            with self.subTest(name):
                done = self.need(**arguments)
                self.assertEqual(done.returncode, 1)
                self.assertIn(sentence, done.stderr.splitlines()[-1])

    def test_neither_root_nor_sudo(self):
        with tempfile.TemporaryDirectory() as tools:
            for tool in TOOLS:
                os.symlink(shutil.which(tool), f"{tools}/{tool}")
            done = Shell({"dpkg-query": BUT_LLD, "apt-get": RECORD, "id": NOT_ROOT}, path=tools).run("need_packages build")
        self.assertEqual((done.returncode, done.recorded), (1, ""))
        self.assertIn("neither root nor have sudo; ask for: apt-get install lld-16", done.stderr.splitlines()[-1])

    def test_no_compiler(self):
        with tempfile.TemporaryDirectory() as tools:
            for tool in TOOLS:
                os.symlink(shutil.which(tool), f"{tools}/{tool}")
            done = Shell({}, path=tools).run("build release")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no compiler", done.stderr.splitlines()[-1])


class Service(unittest.TestCase):
    def start(self, body):
        script = 'start_service "$FOLDER/bin/fake" --port 0; echo "$service_url $fhir_url"; stop_service'
        return Shell({"fake": body}).run(script)

    def test_ready(self):
        # `exec` leaves one process, which the stop must end.
        done = self.start("echo mainstay http://a; echo fhir http://b/fhir; echo ready; exec sleep 50")
        self.assertEqual((done.returncode, done.stdout), (0, "http://a http://b/fhir\n"), done.stderr)

    def test_failures_end_with_one_sentence(self):
        for name, body, sentence in [
            ("port taken", "echo 'cannot listen: Address already in use' >&2; exit 1", "a port is taken"),
            ("ends early", "echo 'pack refused' >&2; exit 1", "the service did not start"),
            ("never ready", "echo mainstay http://a; exit 0", "the service did not start"),
        ]:
            with self.subTest(name):
                done = self.start(body)
                self.assertEqual(done.returncode, 1)
                self.assertIn(sentence, done.stderr.splitlines()[-1])


class Hapi(unittest.TestCase):
    """deploy/hapi.sh with a Maven and a Java that are small scripts."""
    COMPOSES = 'echo "$@" >>"$RECORDED"; mkdir -p "$FOLDER/made"; echo jars >"$FOLDER/made/classpath"'
    OFFLINE_ONLY_FAILS = f'[[ "$*" != *" -o "* ]] || {{ echo "$@" >>"$RECORDED"; exit 1; }}; {COMPOSES}'
    # `exec` leaves one process; it reads to the end of its input, as the server does.
    SERVES = 'echo $$ >"$RECORDED.pid"; echo "READY http://a/fhir"; exec cat'

    def hapi(self, script, mvn=COMPOSES, java=SERVES):
        sourced = f'. "{project.ROOT}/deploy/hapi.sh"; made=$FOLDER/made; trap stop_hapi EXIT; {script}'
        return Shell({"mvn": mvn, "java": java}).run(sourced)

    def test_kept_packages_need_no_network(self):
        done = self.hapi("compose_hapi")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.recorded.splitlines()), 1)
        self.assertIn(" -o ", done.recorded)

    def test_fetches_what_is_not_kept(self):
        done = self.hapi("compose_hapi", self.OFFLINE_ONLY_FAILS)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.recorded.splitlines()), 2)

    def test_three_tries_and_one_sentence(self):
        for name, says, tries, sentence in [
            ("no registry", "[ERROR] Could not transfer artifact a:b from/to c (d): e: Name or service not known", 3, "cannot reach its package registry"),
            ("sources", "[ERROR] COMPILATION ERROR :", 1, "could not compose the HAPI server"),
            ("other", "[ERROR] Invalid target release: 17", 3, "could not compose the HAPI server"),
        ]:
            with self.subTest(name):
                done = self.hapi("compose_hapi", f'echo "$@" >>"$RECORDED"; echo "{says}"; exit 1')
                self.assertEqual((done.returncode, len(done.recorded.splitlines())), (1, 1 + tries))
                self.assertIn(sentence, done.stderr.splitlines()[-1])
                self.assertEqual(len(done.stderr.splitlines()), 1 if name == "no registry" else 2)

    def test_nothing_made_is_no_success(self):
        done = self.hapi("compose_hapi", "exit 0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("left no", done.stderr.splitlines()[-1])

    def test_starts_and_stops(self):
        done = self.hapi('compose_hapi; start_hapi; echo "at $hapi_url"; stop_hapi; kill -0 "$(<"$RECORDED.pid")" 2>/dev/null || echo gone')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("at http://a/fhir\n", done.stdout)
        self.assertTrue(done.stdout.endswith("gone\n"))

    def test_stops_when_what_follows_fails_or_is_killed(self):
        for name, end in [("fails", "false"), ("killed", "kill -KILL $$"), ("interrupted", "trap 'exit 130' INT; kill -INT $$; wait")]:
            with self.subTest(name):
                done = self.hapi(f"compose_hapi; start_hapi; {end}")
                self.assertNotEqual(done.returncode, 0)
                self.assertTrue(done.pid)
                self.assertTrue(ended(done.pid), "the server is still there")

    def test_not_started(self):
        for name, java in [("ends early", "echo 'ERROR x' >&2; exit 1"), ("says something else", "echo hello; exit 0")]:
            with self.subTest(name):
                done = self.hapi("compose_hapi; start_hapi", java=java)
                self.assertEqual(done.returncode, 1)
                self.assertIn("the HAPI server did not start", done.stderr.splitlines()[-1])

    def test_time_is_up(self):
        done = self.hapi("compose_hapi; budget=0; start_hapi", java='echo $$ >"$RECORDED.pid"; exec cat')
        self.assertEqual(done.returncode, 1)
        self.assertIn("is the machine busy?", done.stderr.splitlines()[-1])
        self.assertTrue(ended(done.pid), "the server is still there")


if __name__ == "__main__":
    unittest.main()
