"""The demo FHIR server from outside: what a client of any make would ask of it."""
import json
import unittest
import urllib.parse

import harness

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FHIR = {"Content-Type": "application/fhir+json"}
PATIENT = "example-to-confirm"


class Fhir(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)

    def ask(self, method, path, body=None, headers=None):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        answer = harness.request(method, self.service.fhir + path, data, headers)
        if answer.body:
            self.assertEqual(answer.headers["content-type"], "application/fhir+json")
        return answer

    def ids(self, bundle):
        return [entry["resource"]["id"] for entry in bundle.get("entry", [])]

    def test_metadata(self):
        statement = self.ask("GET", "/metadata").json
        self.assertEqual((statement["resourceType"], statement["fhirVersion"]), ("CapabilityStatement", "4.0.1"))
        self.assertEqual(statement["implementation"]["url"], self.service.fhir)

    def test_pages_have_every_row_once(self):
        whole = self.ask("GET", f"/Observation?patient={PATIENT}&_count=500").json
        self.assertGreater(whole["total"], 2)
        self.assertEqual(len(whole["entry"]), whole["total"])
        seen, url = [], self.service.fhir + f"/Observation?patient={PATIENT}&_count=2"
        while url:
            page = harness.get(url).json
            seen += self.ids(page)
            url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
            if url:
                self.assertTrue(url.startswith(self.service.fhir + "/Observation?"), url)
        self.assertEqual(sorted(seen), sorted(self.ids(whole)))

    def test_posted_search_is_the_same_search(self):
        parameters = {"patient": PATIENT, "_sort": "-date", "_count": "500"}
        got = self.ask("GET", "/Observation?" + urllib.parse.urlencode(parameters)).json
        posted = self.ask("POST", "/Observation/_search", urllib.parse.urlencode(parameters).encode(), FORM).json
        self.assertEqual(self.ids(posted), self.ids(got))
        self.assertEqual(self.ask("POST", "/Observation/_search", parameters, FHIR).status, 415)

    def test_refusals(self):
        table = [
            ("GET", "/Patient/nobody", None, 404),
            ("GET", "/Observations?patient=a", None, 404),
            ("GET", "/Observation?pateint=a", None, 400),
            ("GET", "/Observation?patient=", None, 400),
            ("GET", "/Observation?date=soon", None, 400),
            ("PUT", f"/Patient/{PATIENT}", {"resourceType": "Patient", "id": "other"}, 400),
            ("PUT", f"/Patient/{PATIENT}", b"{", 400),
            ("PATCH", f"/Patient/{PATIENT}", {}, 405),
            ("POST", "", {"resourceType": "Patient"}, 400),
            ("DELETE", "/Patient/nobody", None, 404),
        ]
        for method, path, body, status in table:
            with self.subTest(method=method, path=path):
                answer = self.ask(method, path, body, FHIR if body is not None else None)
                self.assertEqual(answer.status, status, answer.body)
                self.assertEqual(answer.json["resourceType"], "OperationOutcome")

    def test_a_life(self):
        made = self.ask("POST", "/Basic", {"resourceType": "Basic", "code": {"text": "caf\u00e9"}}, FHIR)
        self.assertEqual(made.status, 201)
        path = made.headers["location"].removeprefix(self.service.fhir)
        self.assertEqual(self.ask("GET", path).json, made.json)
        changed = {**made.json, "code": {"text": "other"}}
        self.assertEqual(self.ask("PUT", path, changed, FHIR).status, 200)
        self.assertEqual(self.ask("GET", path).json, changed)
        self.assertEqual(self.ask("DELETE", path).status, 204)
        self.assertEqual(self.ask("GET", path).status, 410)

    def test_transaction(self):
        entry = [
            {"fullUrl": "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "resource": {"resourceType": "Patient"},
             "request": {"method": "POST", "url": "Patient"}},
            {"resource": {"resourceType": "Basic", "id": "of-new", "subject": {"reference": "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"}},
             "request": {"method": "PUT", "url": "Basic/of-new"}},
        ]
        done = self.ask("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entry}, FHIR)
        self.assertEqual(done.status, 200, done.body)
        patient = done.json["entry"][0]["response"]["location"]
        self.assertEqual(self.ask("GET", "/Basic/of-new").json["subject"]["reference"], patient)


if __name__ == "__main__":
    unittest.main()
