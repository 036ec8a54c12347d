"""What a caller sees when something is wrong: one OperationOutcome shape with a status, a machine code and a sentence that helps,
no value of the request in it, and the next good call is answered. Each table is one row of what a caller may be told."""
import json
import re
import threading
import unittest

import harness

PATIENT = "example-to-confirm"
CALL = "/cds-services/" + harness.SERVICE
CANARY = "Canaryvalue"
JSON = {"Content-Type": "application/json"}


def body(**members):
    return {**harness.hook_request(PATIENT), **members}


def without(*names):
    return {k: v for k, v in harness.hook_request(PATIENT).items() if k not in names}


def text(value):
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def context(**members):
    return body(context={"userId": "Practitioner/example", "patientId": PATIENT, **members})


def observations(*patients):
    return {"resourceType": "Bundle", "type": "searchset", "entry": [
        {"resource": {"resourceType": "Observation", "id": str(n), "subject": {"reference": "Patient/" + p}}} for n, p in enumerate(patients)]}


# name; body; machine code; JSON pointer (None: none); a word of the sentence
NO_JSON = [
    ("nothing", "", "invalid_json", None, "not JSON"),
    ("a form", "hook=patient-view", "invalid_json", None, "line 1, column 1"),
    ("cut off", '{"hook":"patient-view"', "invalid_json", None, "line 1"),
    ("cut off inside", '{"context":{"patientId":', "invalid_json", "/context/patientId", "line 1"),
    ("a broken member deep inside", '{"prefetch":{"a":[{"b":tru}]}}', "invalid_json", "/prefetch/a/0/b", "column"),
    ("a comma too many", '{"hook":"patient-view",}', "invalid_json", None, "column"),
    ("a comment", '{"hook":"patient-view"/*why*/}', "invalid_json", None, "column"),
    ("single quotes", "{'hook':'patient-view'}", "invalid_json", None, "column"),
    ("two values", '{"hook":"patient-view"}{}', "invalid_json", None, "column"),
    ("text behind a NUL", b'{"hook":"patient-view"}\0{"x":1}', "invalid_json", None, "column"),
    ("a byte order mark", b"\xef\xbb\xbf{}", "invalid_json", None, "byte order mark"),
    ("not UTF-8", b'{"hook":"\xff"}', "invalid_json", "/hook", "UTF-8"),
    ("half a surrogate pair", '{"hook":"\\ud800"}', "invalid_json", "/hook", ""),
    ("a member twice", '{"hook":"patient-view","hook":"patient-view"}', "invalid_json", "/hook", "twice"),
    ("a number beyond all", '{"hook":"patient-view","context":{"n":1e400}}', "invalid_json", "/context/n", "number"),
    ("not a number", '{"hook":NaN}', "invalid_json", "/hook", ""),
    ("65 levels", "[" * 65 + "]" * 65, "invalid_json", "/0" * 64, "more than 64"),
    ("a million levels", "[" * 1_000_000, "invalid_json", "/0" * 64, "more than 64"),
    ("a line break in a text", '{"hook":"a\nb"}', "invalid_json", "/hook", ""),
]
NO_REQUEST = [
    ("an array", [], "wrong_type", None, "object"),
    ("a text", json.dumps(CANARY), "wrong_type", None, "object"),
    ("null", "null", "wrong_type", None, "object"),
    ("no hook", without("hook"), "missing_field", "/hook", "`hook` is missing"),
    ("hook is null", body(hook=None), "missing_field", "/hook", "`hook` is missing"),
    ("hook is a number", body(hook=1), "wrong_type", "/hook", "not a string"),
    ("hook is empty", body(hook=""), "invalid_value", "/hook", "empty"),
    ("no hookInstance", without("hookInstance"), "missing_field", "/hookInstance", "`hookInstance` is missing"),
    ("hookInstance is an object", body(hookInstance={"a": CANARY}), "wrong_type", "/hookInstance", "not a string"),
    ("no context", without("context"), "missing_field", "/context", "`context` is missing"),
    ("context is a list", body(context=[CANARY]), "wrong_type", "/context", "not an object"),
    ("no patientId", context(patientId=None), "missing_field", "/context/patientId", "`context.patientId` is missing"),
    ("patientId is a number", context(patientId=7), "wrong_type", "/context/patientId", "not a string"),
    ("patientId is a reference", context(patientId="Patient/" + CANARY), "invalid_value", "/context/patientId", "without `Patient/`"),
    ("patientId is a path", context(patientId="../" + CANARY), "invalid_value", "/context/patientId", "FHIR id"),
    ("patientId of 65 letters", context(patientId="a" * 65), "invalid_value", "/context/patientId", "1 to 64"),
    ("userId is a number", context(userId=7), "wrong_type", "/context/userId", "not a string"),
    ("another hook", body(hook="order-sign"), "wrong_hook", "/hook", "`patient-view`"),
    ("a hook of nobody", body(hook=CANARY), "wrong_hook", "/hook", "`patient-view`"),
    ("fhirServer is a list", body(fhirServer=[CANARY]), "wrong_type", "/fhirServer", "not a string"),
    ("a token without a server", body(fhirAuthorization=harness.authorization(CANARY)), "missing_field", "/fhirServer", "beside"),
    ("a token with a line break", body(fhirServer="http://a", fhirAuthorization=harness.authorization(CANARY + "\r\nX: 1")), "invalid_value",
     "/fhirAuthorization/access_token", "bearer token"),
    ("another token type", body(fhirServer="http://a", fhirAuthorization={**harness.authorization(CANARY), "token_type": CANARY}), "invalid_value",
     "/fhirAuthorization/token_type", "`Bearer`"),
    ("a lifetime in words", body(fhirServer="http://a", fhirAuthorization={**harness.authorization(CANARY), "expires_in": CANARY}), "wrong_type",
     "/fhirAuthorization/expires_in", "number"),
    ("prefetch is a list", body(prefetch=[CANARY]), "wrong_type", "/prefetch", "not an object"),
    ("prefetch holds HTML", body(prefetch={"patient": "<html>" + CANARY}), "invalid_prefetch", "/prefetch/patient", "FHIR resource"),
]
FOREIGN = [
    ("another Patient", body(prefetch={"patient": {"resourceType": "Patient", "id": CANARY}}), "foreign_patient", "/prefetch/patient", "another patient"),
    ("one row of fifty", body(prefetch={"observations": observations(*[PATIENT] * 49, CANARY)}), "foreign_patient", "/prefetch/observations", "another patient"),
]


class Told(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.good = cls.service.call(PATIENT, fhirServer=cls.service.fhir).body

    def check(self, answer, status, code, pointer=None, said=""):
        """One shape for all, and no harm done."""
        self.assertEqual((answer.status, answer.headers["content-type"]), (status, "application/json"), answer.body)
        outcome = answer.json
        self.assertEqual((set(outcome), outcome["resourceType"]), ({"resourceType", "issue"}, "OperationOutcome"))
        [issue] = outcome["issue"]
        self.assertEqual(issue["severity"], "fatal" if status == 500 else "error")
        self.assertRegex(issue["code"], "^[a-z-]+$")
        self.assertEqual(issue["details"]["coding"], [{"system": "urn:mainstay:error", "code": code}])
        self.assertEqual(issue["details"]["text"], issue["diagnostics"])
        self.assertRegex(issue["diagnostics"], r"^[^A-Z].{14,300}$")
        self.assertIn(said, issue["diagnostics"])
        self.assertEqual(issue.get("expression"), None if pointer is None else [pointer])
        self.assertNotIn(CANARY.encode(), answer.body)
        self.assertNotIn(PATIENT.encode(), answer.body)
        again = self.service.call(PATIENT, fhirServer=self.service.fhir)
        self.assertEqual((again.status, again.body), (200, self.good))

    def test_400(self):
        for name, given, code, pointer, said in [*NO_JSON, *NO_REQUEST, *FOREIGN]:
            with self.subTest(name):
                self.check(self.service.post(CALL, given if isinstance(given, bytes) else text(given)), 400, code, pointer, said)

    def test_401_403_429_are_not_given_yet(self):
        """Who calls is not checked (THREATS.md, "Not met yet"): a bad bearer token changes nothing, and is echoed nowhere."""
        answer = self.service.post(CALL, {**body(), "fhirServer": self.service.fhir}, headers={"Authorization": "Bearer " + CANARY})
        self.assertEqual((answer.status, answer.body), (200, self.good))

    def test_404_and_405(self):
        table = [("POST", "/cds-services/" + CANARY, 404, "unknown_service", "`GET /cds-services`"), ("POST", "/" + CANARY, 404, "unknown_path", "`GET /cds-services`"),
                 ("POST", "/cds-services", 405, "wrong_method", "GET"), ("GET", CALL, 405, "wrong_method", "POST"), ("DELETE", CALL, 405, "wrong_method", "POST")]
        for method, path, status, code, said in table:
            with self.subTest(method=method, path=path):
                self.check(harness.request(method, self.service.url + path, text(body()), JSON), status, code, None, said)

    def test_412(self):
        self.check(self.service.post(CALL, body()), 412, "missing_data", "/prefetch", "`fhirServer` is absent")
        self.check(self.service.post(CALL, body(fhirServer=f"https://{CANARY}.example/fhir")), 412, "missing_data", "/prefetch", "not on the list")

    def test_413_and_415(self):
        table = [("10 MB", text(body(extension={"x": CANARY * (10_000_000 // len(CANARY))})), {}, 413, "too_large", "larger"),
                 ("gzip", b"\x1f\x8b", {"Content-Encoding": "gzip"}, 415, "content_encoding", "`Content-Encoding`"),
                 ("text", text(body()), {"Content-Type": "text/plain; a=" + CANARY}, 415, "media_type", "`Content-Type`"),
                 ("UTF-16", "{}".encode("utf-16"), {"Content-Type": "application/json; charset=utf-16"}, 415, "media_type", "utf-8")]
        for name, given, headers, status, code, said in table:
            with self.subTest(name):
                self.check(harness.request("POST", self.service.url + CALL, given, {**JSON, **headers}), status, code, None, said)


def whole(status, kind, content):
    return lambda path, headers: (status, kind, content)


def loop(path, headers):
    """A page whose next one is itself."""
    return harness.as_json({"resourceType": "Bundle", "type": "searchset", "link": [{"relation": "next", "url": path}], "entry": []})


def endless(path, headers):
    number = int((re.search(r"&page=(\d+)", path) or [0, 0])[1])
    url = re.sub(r"&page=\d+", "", "/fhir/" + path.rsplit("/", 1)[1]) + f"&page={number + 1}"
    return harness.as_json({"resourceType": "Bundle", "type": "searchset", "link": [{"relation": "next", "url": url}], "entry": []})


PAGE = f"<html><p>{CANARY} {PATIENT}</p></html>".encode()
# A FHIR server that fails in each way that servers fail: what it answers, what the log says of a search.
SERVERS = [
    ("401", whole(401, "text/html", PAGE), "failed: status 401"),
    ("403", whole(403, "application/fhir+json", b'{"resourceType":"OperationOutcome"}'), "failed: status 403"),
    ("404", whole(404, "text/html", PAGE), "failed: status 404"),
    ("429", whole(429, "text/plain", PAGE), "failed: status 429"),
    ("500", whole(500, "text/html", PAGE), "failed: status 500"),
    ("503", whole(503, "text/html", PAGE), "failed: status 503"),
    ("a redirect", whole(302, "text/html", PAGE), "failed: status 302"),
    ("HTML with 200", whole(200, "text/html", PAGE), "failed: "),
    ("HTML that says it is FHIR", whole(200, "application/fhir+json", PAGE), "failed: "),
    ("nothing", whole(200, "application/fhir+json", b""), "failed: "),
    ("half a Bundle", whole(200, "application/fhir+json", b'{"resourceType":"Bundle","entry":[{"resource":'), "failed: "),
    ("1e400", whole(200, "application/fhir+json", b'{"resourceType":"Bundle","type":"searchset","total":1e400}'), "failed: "),
    ("another FHIR version's words", whole(200, "application/fhir+json", b'{"resourceType":"Conformance"}'), "failed: "),
    ("a page that leads to itself", loop, "partial"),
    ("pages without an end", endless, "partial"),
    ("10 MB", whole(200, "application/fhir+json", b'{"resourceType":"Bundle","x":"' + b"x" * 10_000_000 + b'"}'), "failed: too large"),
]


class FhirServers(unittest.TestCase):
    """200, with what is decided and one card for the rest; the service is as good as before, for this server and others."""

    @classmethod
    def setUpClass(cls):
        cls.demo = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.demo.__exit__, None, None, None)
        cls.answer = staticmethod(whole(500, "text/plain", b""))
        cls.stub = harness.Stub(lambda path, headers: cls.answer(path, headers)).__enter__()
        cls.addClassCleanup(cls.stub.__exit__)
        cls.service = harness.Service("--now", "2026-03-01", "--permit", cls.stub.base, "--permit", cls.demo.fhir, "--fetch-milliseconds", "1500").__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.good = cls.service.call(PATIENT, fhirServer=cls.demo.fhir).body

    def check(self, answer, said):
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual([card["source"]["topic"]["code"] for card in answer.json["cards"]], ["cannot-assess"])
        self.assertNotIn(CANARY.encode(), answer.body)
        call = [line for line in self.service.log_lines() if line["event"] == "call"][-1]
        for key, how in call["completeness"].items():
            if key != "patient":  # a read: 404 is an answer
                self.assertTrue(how.startswith(said), (key, how))
        again = self.service.call(PATIENT, fhirServer=self.demo.fhir)
        self.assertEqual((again.status, again.body), (200, self.good))

    def test_each(self):
        for name, answer, said in SERVERS:
            with self.subTest(name):
                type(self).answer = staticmethod(answer)
                self.check(self.service.call(PATIENT, fhirServer=self.stub.base), said)

    def test_slow(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def wait(path, headers):
            release.wait(harness.LONG)
            return harness.as_json({"resourceType": "Bundle", "type": "searchset"})

        type(self).answer = staticmethod(wait)
        self.check(self.service.call(PATIENT, fhirServer=self.stub.base), "failed: timeout")
        release.set()

    def test_dead(self):
        with harness.Stub(whole(200, "text/plain", b"")) as stub:
            base = stub.base
        with harness.Service("--now", "2026-03-01", "--permit", base, "--permit", self.demo.fhir) as service:
            dead = service.call(PATIENT, fhirServer=base)
            self.assertEqual([card["source"]["topic"]["code"] for card in dead.json["cards"]], ["cannot-assess"])
            self.assertEqual(service.call(PATIENT, fhirServer=self.demo.fhir).body, self.good)


if __name__ == "__main__":
    unittest.main()
