"""The README as a session: every `sh` block runs, in order, with the built binary; a `text` block right after one shows what
its last command prints, to the letter but for what a line `[...]` leaves out. Lines that call deploy/ are the two commands themselves and have their own proof."""
import os
import re
import shlex
import subprocess
import tempfile
import unittest

import project

BINARY = os.environ.get("MAINSTAY_BINARY", "")
WRITTEN = "build/release/mainstay"  # how the README calls the binary
STARTS = (f"{WRITTEN} serve",)
PUBLIC = "https://hapi.fhir.org/baseR4"  # the sandbox that the README names; no test asks it
SECONDS = 60


def blocks(markdown):
    """(language, text, line) of each fenced block."""
    found = []
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", markdown, re.M | re.S):
        found.append((match.group(1), match.group(2), markdown.count("\n", 0, match.start()) + 1))
    return found


def commands(text):
    """The block's commands: comments dropped, `\\` continuations joined."""
    joined = text.replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")]


def shows(block, printed):
    """Whether `block` is `printed`, whole lines left out where it has a line `[...]`."""
    parts = ("\n" + block).split("\n[...]\n")
    if len(parts) == 1:
        return block == printed
    rest = "\n" + printed
    if not rest.startswith(parts[0] + "\n") or not rest.endswith("\n" + parts[-1]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        at = rest.find("\n" + part + "\n", at)
        if at < 0:
            return False
        at += len(part) + 1
    return at <= len(rest) - len(parts[-1]) - 1


class Session:
    """Runs commands of the README; URLs with its fixed ports become those that the services of this session got,
    the public sandbox a server of this machine."""

    def __init__(self, folder, public):
        self.folder, self.services, self.addresses = folder, [], {PUBLIC: public}

    def close(self):
        for service in self.services:
            service.terminate()
        for service in self.services:
            service.wait(SECONDS)
            service.stdout.close()

    def localize(self, command):
        for written, real in self.addresses.items():
            command = command.replace(written, real)
        return command.replace(WRITTEN, shlex.quote(BINARY))

    def start(self, command):
        ports = {"--port": "8080", "--fhir-port": None}
        words = shlex.split(self.localize(command))
        for flag in ports:
            if flag in words:
                at = words.index(flag)
                ports[flag], words[at + 1] = words[at + 1], "0"
            elif ports[flag]:
                words += [flag, "0"]
        service = subprocess.Popen(words, cwd=project.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.services.append(service)
        for line in service.stdout:
            kind, _, url = line.strip().partition(" ")
            if kind == "ready":
                return
            written = ports["--port"] if kind == "mainstay" else ports["--fhir-port"]
            if written:
                real = re.search(r":(\d+)", url.split("//", 1)[1]).group(1)
                self.addresses[f"127.0.0.1:{written}"] = f"127.0.0.1:{real}"
        raise AssertionError(f"`{command}` ended before it was ready")

    def run(self, command):
        done = subprocess.run(["bash", "-c", self.localize(command)], cwd=project.ROOT, capture_output=True, text=True,
                              timeout=SECONDS, stdin=subprocess.DEVNULL, env={**os.environ, "TMPDIR": self.folder})
        if done.returncode != 0:
            raise AssertionError(f"`{command}` ended with {done.returncode}: {done.stderr[-2000:]}")
        out = done.stdout
        for written, real in self.addresses.items():
            out = out.replace(real, written)
        return out


class PublicServer:
    """Plays the public sandbox: the server of MAINSTAY_HAPI where there is one, else an embedded one without patients."""

    def __init__(self, folder):
        self.service, self.base = None, os.environ.get("MAINSTAY_HAPI", "")
        if self.base:
            return
        empty = os.path.join(folder, "empty")
        os.mkdir(empty)
        self.service = subprocess.Popen([BINARY, "serve", "--port", "0", "--demo", "--fixtures", empty], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        for line in self.service.stdout:
            if line.startswith("fhir "):
                self.base = line.split()[1]
            if line.strip() == "ready":
                return
        raise AssertionError("the server in place of the public one ended before it was ready")

    def close(self):
        if self.service:
            self.service.terminate()
            self.service.wait(SECONDS)
            self.service.stdout.close()
        else:
            subprocess.run([BINARY, "sandbox", "clear", self.base], check=True, capture_output=True, timeout=SECONDS)


class Parsing(unittest.TestCase):
    def test_blocks_and_commands(self):
        text = "a\n```sh\n# why\nb \\\n  c\nd\n```\n```text\nout\n```\n"
        found = blocks(text)
        self.assertEqual([(kind, line) for kind, _, line in found], [("sh", 2), ("text", 8)])
        self.assertEqual([c.split() for c in commands(found[0][1])], [["b", "c"], ["d"]])


    def test_shows(self):
        for block, same in [("a\nb\nc\nd\n", True), ("a\nb\n", False), ("a\n[...]\nd\n", True), ("a\n[...]\nc\n[...]\nd\n", True),
                            ("b\n[...]\nd\n", False), ("a\n[...]\nc\n", False), ("a\n[...]\nx\n[...]\nd\n", False),
                            ("a\nb\nc\nd\n[...]\nd\n", False), ("a\n[...]\nc\n[...]\nb\n[...]\nd\n", False)]:
            with self.subTest(block=block):
                self.assertEqual(shows(block, "a\nb\nc\nd\n"), same)


class Readme(unittest.TestCase):
    def test_session(self):
        self.assertTrue(BINARY, "MAINSTAY_BINARY names the built binary")
        with tempfile.TemporaryDirectory() as folder:
            public = PublicServer(folder)
            session = Session(folder, public.base)
            try:
                self.play(session)
            finally:
                session.close()
                public.close()

    def play(self, session):
        printed, compared, ran = None, 0, 0
        for kind, text, line in blocks((project.ROOT / "README.md").read_text(encoding="utf-8")):
            with self.subTest(line=line):
                if kind == "sh":
                    printed = None
                    for command in commands(text):
                        if command.startswith("deploy/") or command.startswith(("git ", "cd ")):
                            continue
                        ran += 1
                        if command.startswith(STARTS):
                            session.start(command)
                        else:
                            printed = session.run(command)
                elif kind == "text" and printed is not None:
                    compared += 1
                    if not shows(text, printed):
                        self.fail(f"the README shows\n{text}\nbut what is printed is\n{printed}")
        self.assertGreater(ran, 3, "the README shows no commands")
        self.assertGreater(compared, 0, "the README shows no card")


if __name__ == "__main__":
    unittest.main()
