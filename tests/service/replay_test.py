"""A recorded call, answered again: the same bytes, wherever and whenever."""
import json
import os
import pathlib
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
        path = self.folder / "call.json"
        with harness.Service("--demo") as service:
            arguments = ["call", harness.SERVICE, "--patient", "example-to-confirm", "--url", service.url, "--fhir", service.fhir]
            done = harness.run(*arguments, "--prefetch", "--record", str(path), "--show", "response")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(json.loads(self.replayed(path)), json.loads(done.stdout))
            again = harness.run(*arguments, "--prefetch", "--record", str(path))
            self.assertEqual(again.returncode, 1)
            self.assertIn("exists", again.stderr)
            self.assertEqual(harness.run(*arguments, "--record", str(self.folder / "x.json")).returncode, 2)

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
