"""What HAPI refuses, has lost, or answers in HTML: it is said on a card and in the log, and the next good call is good."""
import unittest

import hapi
import harness

PATIENT = "example-to-confirm"
# Another server's page: HAPI's own stand below its base only.
OUTSIDE = "/nothing-here"


def asks_an_unknown_parameter(path):
    return hapi.with_parameter(path, "nonsense", "1")


def leaves_fhir(path):
    return OUTSIDE


def asks_for_a_broken_format(path):
    """The HAPI of deploy/interop has no RDF: its answer is Jetty's own page."""
    return path + ("&" if "?" in path else "?") + "_format=ttl"


def asks_for_html(path):
    return path + ("&" if "?" in path else "?") + "_format=html"


setUpModule = hapi.load_examples


class Refused(unittest.TestCase):
    def test_said_on_a_card_and_in_the_log(self):
        table = [
            ("an unknown parameter", asks_an_unknown_parameter, None, "failed: status 400", b"HAPI-0524"),
            ("HTML with 404", leaves_fhir, "text/html", "failed: status 404", b"<html>"),
            ("HTML with 500", asks_for_a_broken_format, "text/html", "failed: status 500", b"<html>"),
            ("HTML with 200", asks_for_html, None, "failed: not json", b"<html"),
        ]
        for name, change, accept, how, shown in table:
            with self.subTest(name=name), hapi.Between() as between, hapi.service(between.base) as service:
                good = service.call(PATIENT, fhirServer=between.base)
                between.bodies.clear()
                between.change, between.accept = change, accept
                answer = service.call(PATIENT, fhirServer=between.base)
                self.assertEqual(answer.status, 200, answer.body)
                self.assertEqual([card["source"]["topic"]["code"] for card in answer.json["cards"]], ["cannot-assess"])
                self.assertTrue(any(shown in body for body in between.bodies), between.bodies[:1])
                between.change, between.accept = (lambda path: path), None
                self.assertEqual(service.call(PATIENT, fhirServer=between.base).json, good.json)
                completeness = hapi.calls(service)[1]["completeness"]
                del completeness["patient"]  # a read: it has no parameters, and 404 is an answer
                self.assertEqual(set(completeness.values()), {how})

    def test_templates_are_understood(self):
        with hapi.service() as service:
            templates = service.templates()
        for key, text in templates.items():
            with self.subTest(key=key):
                self.assertEqual(hapi.read(hapi.BASE, text.replace("{{context.patientId}}", PATIENT)).status, 200)


class NotThere(unittest.TestCase):
    """Unknown and deleted patients: the embedded server's answers, and the cards of both."""

    def test_unknown_and_deleted(self):
        gone = {"resourceType": "Patient", "id": "interop-gone", "birthDate": "1980-01-01"}
        with harness.Service("--demo") as embedded, hapi.service() as service:
            for base in (embedded.fhir, hapi.BASE):
                hapi.write(base, gone)
                hapi.remove(base, gone)
            for patient, status in (("interop-nobody", 404), ("interop-gone", 410)):
                with self.subTest(patient=patient):
                    for base in (embedded.fhir, hapi.BASE):
                        answer = hapi.read(base, f"Patient/{patient}")
                        self.assertEqual((answer.status, answer.json["resourceType"]), (status, "OperationOutcome"))
                    expected = embedded.call(patient, fhirServer=embedded.fhir)
                    answer = service.call(patient, fhirServer=hapi.BASE)
                    self.assertEqual((answer.status, answer.json), (200, expected.json))
            ours, theirs = hapi.calls(service), hapi.calls(embedded)
        self.assertEqual([call["completeness"] for call in ours], [call["completeness"] for call in theirs])
        self.assertEqual([call["completeness"]["patient"] for call in ours], ["complete", "failed: status 410"])


class Requests(unittest.TestCase):
    def test_the_embedded_server_refuses_alike(self):
        bad_json = b'{"resourceType":"Patient","id":"x"'
        other = b'{"resourceType":"Patient","id":"other"}'
        table = [
            ("unknown parameter", "GET", "Observation?nonsense=1", None, 400),
            ("unknown sort", "GET", "Observation?_sort=nonsense", None, 400),
            ("a date that is none", "GET", "Observation?date=soon", None, 400),
            ("a prefix that is none", "GET", "Observation?date=xx2024", None, 400),
            ("a count that is none", "GET", "Observation?_count=abc", None, 400),
            ("broken JSON", "PUT", "Patient/x", bad_json, 400),
            ("another id than the URL's", "PUT", "Patient/x", other, 400),
            ("unknown type", "GET", "Nonsense/1", None, 404),
            ("unknown id", "GET", "Patient/interop-nobody", None, 404),
        ]
        with harness.Service("--demo") as embedded:
            for name, method, path, body, status in table:
                for base in (hapi.BASE, embedded.fhir):
                    with self.subTest(name=name, embedded=base == embedded.fhir):
                        answer = harness.request(method, f"{base}/{path}", body, hapi.FHIR_JSON if body else {})
                        self.assertEqual((answer.status, answer.json["resourceType"]), (status, "OperationOutcome"), answer.body)


class Sandbox(unittest.TestCase):
    def test_not_a_fhir_server(self):
        base = hapi.BASE.removesuffix("/fhir") + OUTSIDE
        for command in ("load", "clear"):
            with self.subTest(command=command):
                done = hapi.sandbox(command, base)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertRegex(done.stderr, rf"^mainstay: cannot read what `{base}` has of \w+: status 404\n$")


if __name__ == "__main__":
    hapi.main()
