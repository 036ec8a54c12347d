"""A recorded call, answered again: the same bytes, wherever and whenever."""
import json
import os
import pathlib
import shutil
import stat
import tempfile
import unittest

import harness

ZONES = ("UTC", "America/Los_Angeles", "Pacific/Kiritimati")


class Replay(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def replayed(self, path):
        outputs = set()
        for zone in ZONES:
            done = harness.run("replay", str(path), environment={"TZ": zone})
            self.assertEqual(done.returncode, 0, done.stderr)
            outputs.add(done.stdout)
        self.assertEqual(len(outputs), 1)
        return outputs.pop().removesuffix("\n").encode()

    def test_serve_record(self):
        calls = [("example-to-confirm", "fetch"), ("example-cannot-assess", "prefetch"), ("example-not-eligible", "fetch"), ("example-to-confirm", "neither")]
        with harness.Service("--demo", "--timezone", "+13:00", "--record", str(self.folder)) as service:
            known = set()
            for patient, how in calls:
                members = {"fetch": {"fhirServer": service.fhir, "fhirAuthorization": harness.authorization("canary-token")},
                           "prefetch": {"prefetch": service.prefetch(patient)}, "neither": {}}[how]
                answer = service.call(patient, **members)
                new = set(self.folder.iterdir()) - known
                known |= new
                self.assertEqual(len(new), 1)
                path = new.pop()
                with self.subTest(patient=patient, how=how):
                    self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
                    self.assertNotIn("canary-token", path.read_text())
                    recorded = json.loads(path.read_text())
                    self.assertEqual(recorded["pack"]["hash"], service.get("/readyz").json["pack"]["hash"])
                    self.assertEqual(bool(recorded["fetched"]), how == "fetch")
                    if how == "fetch":
                        self.assertTrue(all(page["url"].startswith(service.fhir) for q in recorded["fetched"] for page in q["pages"]))
                    self.assertEqual(self.replayed(path), answer.body)

    def test_call_record(self):
        """Whatever the client: the recording holds what the service answered from, also what it fetched itself."""
        forms = [("plain", []), ("plain", ["--prefetch"]), ("epic", []), ("epic", ["--prefetch"]), ("sandbox", []), ("sandbox", ["--fetch"]), ("medplum", [])]
        with harness.Service("--demo", "--timezone", "-03:30") as service, tempfile.NamedTemporaryFile("w", suffix=".token") as token:
            token.write("canary-token")
            token.flush()
            for number, (dialect, flags) in enumerate(forms):
                for patient in ["example-to-confirm", "example-not-eligible"][:2 if number == 0 else 1]:
                    with self.subTest(dialect=dialect, flags=flags, patient=patient):
                        path = self.folder / f"{number}-{patient}.json"
                        arguments = ["call", harness.SERVICE, "--patient", patient, "--url", service.url, "--fhir", service.fhir, "--dialect", dialect,
                                     *flags, "--token-file", token.name, "--record", str(path), "--show", "response"]
                        done = harness.run(*arguments)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        self.assertIn("holds this patient's data", done.stderr)
                        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
                        self.assertNotIn("canary-token", path.read_text())
                        recorded = json.loads(path.read_text())
                        fetches = "prefetch" not in recorded["request"]
                        self.assertEqual(bool(recorded["fetched"]), fetches)
                        self.assertTrue(all(page["url"].startswith(service.fhir) for q in recorded["fetched"] for page in q["pages"]))
                        self.assertEqual(recorded["pack"]["hash"], service.get("/readyz").json["pack"]["hash"])
                        self.assertEqual(json.loads(self.replayed(path)), json.loads(done.stdout))

    def test_a_recording_is_never_written_over(self):
        path = self.folder / "call.json"
        path.write_text("mine")
        with harness.Service("--demo") as service:
            done = harness.run("call", harness.SERVICE, "--patient", "example-to-confirm", "--url", service.url, "--fhir", service.fhir, "--record", str(path))
        self.assertEqual(done.returncode, 1)
        self.assertIn("exists", done.stderr)
        self.assertEqual(path.read_text(), "mine")

    def test_call_records_nothing_that_would_not_replay(self):
        """A FHIR server that tells the service one thing and the next caller another."""
        told = []

        def answer(path, headers):
            told.append(path)
            if len(told) <= asked:
                got = harness.get(demo.fhir + path.removeprefix("/fhir"))
                return got.status, "application/fhir+json", got.body.replace(demo.fhir.encode(), stub.base.encode())
            return 500, "text/plain", b"no"

        with harness.Service("--demo") as demo, harness.Stub(answer) as stub, harness.Service("--now", "2026-03-01", "--permit", stub.base) as service:
            asked = len(service.templates())
            path = self.folder / "call.json"
            arguments = ["call", harness.SERVICE, "--patient", "example-to-confirm", "--url", service.url, "--fhir", stub.base, "--record", str(path)]
            done = harness.run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("nothing was recorded", done.stderr)
            self.assertGreater(len(told), asked)
            # 412: the service does not say what it came from.
            done = harness.run(*arguments[:-4], "--record", str(path))
            self.assertEqual(done.returncode, 1)
            self.assertFalse(path.exists())

    def test_call_records_with_the_pack_of_the_service_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            pack = pathlib.Path(folder) / "pack"
            shutil.copytree(harness.SOURCE / "rules" / "packs" / "b_all_maintenance", pack)
            with open(pack / "pack.yaml", "a", encoding="utf-8") as file:
                file.write("# a site's own\n")
            with harness.Service("--demo", "--pack", str(pack)) as service:
                path = self.folder / "call.json"
                arguments = ["call", harness.SERVICE, "--patient", "example-to-confirm", "--url", service.url, "--fhir", service.fhir, "--record", str(path)]
                done = harness.run(*arguments)
                self.assertEqual(done.returncode, 1)
                self.assertIn("name the folder of its pack with `--pack`", done.stderr)
                self.assertFalse(path.exists())
                done = harness.run(*arguments, "--pack", str(pack))
                self.assertEqual(done.returncode, 0, done.stderr)
            done = harness.run("replay", str(path), "--pack", str(pack))
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_another_day_is_another_answer(self):
        path = self.folder / "call.json"
        with harness.Service("--demo") as service:
            done = harness.run("call", harness.SERVICE, "--patient", "example-to-confirm", "--url", service.url, "--fhir", service.fhir,
                               "--prefetch", "--record", str(path))
            self.assertEqual(done.returncode, 0, done.stderr)
        later = harness.run("replay", str(path), "--now", "2026-12-01")
        self.assertEqual(later.returncode, 0, later.stderr)
        self.assertNotEqual(later.stdout.encode(), self.replayed(path) + b"\n")

    def test_what_is_no_recording(self):
        for name, text in (("empty", ""), ("list", "[]"), ("other", '{"resourceType":"Bundle"}'), ("half", '{"mainstay_recording":1')):
            with self.subTest(name=name):
                path = self.folder / name
                path.write_text(text)
                done = harness.run("replay", str(path))
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("cannot be replayed", done.stderr)
        self.assertEqual(harness.run("replay", str(self.folder / "not-there")).returncode, 2)
        self.assertEqual(harness.run("serve", "--record", str(self.folder / "not-there"), "--port", "0").returncode, 2)

    def test_a_changed_answer_is_found(self):
        path = self.folder / "changed.json"
        with harness.Service("--demo", "--record", str(self.folder)) as service:
            service.call("example-to-confirm", fhirServer=service.fhir)
        recorded = json.loads(next(self.folder.iterdir()).read_text())
        recorded["response"]["body"] = '{"cards":[]}'
        path.write_text(json.dumps(recorded))
        done = harness.run("replay", str(path), environment={"TZ": os.environ.get("TZ", "UTC")})
        self.assertEqual(done.returncode, 1)
        self.assertIn("not the answer that was recorded", done.stderr)


if __name__ == "__main__":
    unittest.main()
