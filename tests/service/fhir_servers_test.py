"""FHIR servers that are dead, slow, lost or lying: the service answers, and says what it could not learn."""
import json
import threading
import unittest

import harness


def cannot_assess(answer):
    return [card["source"]["topic"]["code"] for card in answer.json["cards"]] == ["cannot-assess"]


def page(status, kind, text):
    return lambda path, headers: (status, kind, text)


class FhirServers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.demo.__exit__)

    def ask(self, answer, *flags, **members):
        """The answer of a service that may ask a stub only; the stub's requests; the completeness that was logged."""
        with harness.Stub(answer) as stub, harness.Service("--permit", stub.base + ",token" if "token" in flags else stub.base,
                                                           *(f for f in flags if f != "token")) as service:
            got = service.call("example-to-confirm", fhirServer=stub.base, **members)
            service.stop()
            calls = [line for line in service.log_lines() if line["event"] == "call"]
            self.assertEqual(len(calls), 1)
            return got, stub.seen, calls[0]["completeness"]

    def test_failures(self):
        table = [
            ("401", page(401, "application/json", b"{}"), "401"),
            ("403", page(403, "application/fhir+json", b'{"resourceType":"OperationOutcome"}'), "403"),
            ("404 for all", page(404, "text/plain", b"no"), "404"),
            ("500", page(500, "text/html", b"<html>"), "500"),
            ("HTML with 200", page(200, "text/html", b"<html>log in</html>"), ""),
            ("nothing", page(200, "application/fhir+json", b""), ""),
            ("an array", page(200, "application/fhir+json", b"[]"), ""),
            ("an outcome with 200", page(200, "application/fhir+json", b'{"resourceType":"OperationOutcome","issue":[]}'), ""),
            ("a redirect", page(302, "text/html", b""), "302"),
        ]
        for name, answer, reason in table:
            with self.subTest(name=name):
                got, _, completeness = self.ask(answer)
                self.assertEqual(got.status, 200, got.body)
                self.assertTrue(cannot_assess(got), got.body)
                for key, how in completeness.items():
                    if key != "patient":  # a read: 404 is an answer
                        self.assertTrue(how.startswith("failed"), (key, how))
                        self.assertIn(reason, how)

    def test_dead(self):
        with harness.Stub(page(200, "text/plain", b"")) as stub:
            base = stub.base
        with harness.Service("--permit", base) as service:  # nobody listens there any more
            got = service.call("example-to-confirm", fhirServer=base)
            self.assertEqual(got.status, 200)
            self.assertTrue(cannot_assess(got))

    def test_silent(self):
        release = threading.Event()

        def wait(path, headers):
            release.wait(harness.LONG)
            return harness.as_json({"resourceType": "Bundle", "type": "searchset"})

        try:
            got, _, completeness = self.ask(wait, "--fetch-milliseconds", "200")
        finally:
            release.set()
        self.assertEqual(got.status, 200)
        self.assertTrue(cannot_assess(got))
        self.assertEqual(set(completeness.values()), {"failed: timeout"})

    def test_one_search_fails(self):
        """The demo server's data, but no Observations: the option waits for them, on one card."""
        def answer(path, headers):
            if path.startswith("/fhir/Observation"):
                return 500, "text/plain", b"no"
            got = harness.get(self.demo.fhir + path.removeprefix("/fhir"))
            return got.status, "application/fhir+json", got.body.replace(self.demo.fhir.encode(), b"")

        got, _, completeness = self.ask(answer)
        self.assertEqual(got.status, 200)
        self.assertTrue(cannot_assess(got), got.body)
        self.assertEqual([how for how in completeness.values() if how.startswith("failed")], ["failed: status 500"])

    def test_another_patient_in_a_page(self):
        def answer(path, headers):
            got = harness.get(self.demo.fhir + path.removeprefix("/fhir"))
            body = json.loads(got.body)
            for entry in body.get("entry", [])[:1]:
                entry["resource"]["subject"] = {"reference": "Patient/somebody-else"}
            return harness.as_json(body)

        got, _, completeness = self.ask(answer, "--now", "2026-03-01")
        self.assertEqual(got.status, 200)
        self.assertTrue(cannot_assess(got), got.body)
        self.assertIn("failed", " ".join(completeness.values()))

    def test_token_goes_to_the_permitted_server_alone(self):
        members = {"fhirAuthorization": harness.authorization("opaque-token")}
        empty = page(200, "application/fhir+json", b'{"resourceType":"Bundle","type":"searchset"}')
        _, seen, _ = self.ask(empty, "token", **members)
        self.assertGreater(len(seen), 1)
        self.assertEqual({headers["Authorization"] for _, _, headers, _ in seen}, {"Bearer opaque-token"})
        _, seen, _ = self.ask(empty)
        self.assertTrue(all("Authorization" not in headers for _, _, headers, _ in seen))
        with harness.Stub(empty) as permitted, harness.Stub(empty) as other, harness.Service("--permit", permitted.base) as service:
            got = service.call("p", fhirServer=other.base, **members)
            self.assertEqual(got.status, 412)
            self.assertEqual((permitted.seen, other.seen), ([], []))

    def test_token_demanded(self):
        with harness.Stub(page(200, "text/plain", b"")) as stub, harness.Service("--permit", stub.base + ",token") as service:
            got = service.call("p", fhirServer=stub.base)
            self.assertEqual((got.status, got.code), (412, "missing_data"))
            self.assertIn("needs a token", got.json["issue"][0]["diagnostics"])
            self.assertEqual(stub.seen, [])

    def test_other_spellings_of_the_server(self):
        for spelling, status in ((lambda b: b + "/", 200), (lambda b: b.replace("http:", "HTTP:"), 200), (lambda b: b + "/../fhir", 412),
                                 (lambda b: b.replace("http://", "http://user@"), 412), (lambda b: b + "?x", 412)):
            with self.subTest(spelling=spelling("http://h/fhir")):
                self.assertEqual(self.demo.call("example-to-confirm", fhirServer=spelling(self.demo.fhir)).status, status)


if __name__ == "__main__":
    unittest.main()
