"""Canaries: a patient's name, record number, birth date, identifiers and free text, and the token, are in nothing that the service
writes at trace level: no log line, no metric, no error body, no file name; whatever goes well or badly on the way."""
import json
import os
import pathlib
import tempfile
import threading
import unittest

import harness

NAME, MRN, TEXT, TOKEN = "Canaryname", "MRN-c4n4ry-0815", "canary free text of a result", "canary-token-c4n4ry"
PATIENT, BIRTH, JWT = "canary-patient-77", "1961-07-23", "eyJ.canary-jwt.c4n4ry"
CANARIES = (NAME, MRN, TEXT, TOKEN, PATIENT, BIRTH, JWT, harness.INSTANCE)
IN_NO_BODY = (NAME, MRN, TEXT, TOKEN, JWT)  # a card may tell dates and results, never these
ECHO = f"<html>{NAME} {MRN} {TEXT} {TOKEN} {PATIENT} {BIRTH}</html>".encode()

RESOURCES = {
    "Patient": {"resourceType": "Patient", "id": PATIENT, "name": [{"family": NAME}], "identifier": [{"system": "urn:mrn", "value": MRN}], "birthDate": BIRTH},
    "Condition": {"resourceType": "Condition", "id": MRN.lower(), "subject": {"reference": f"Patient/{PATIENT}", "display": NAME}, "note": [{"text": TEXT}],
                  "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C91.00"}], "text": TEXT}, "recordedDate": "2024-05-01"},
    "Procedure": {"resourceType": "Procedure", "id": "c", "status": "completed", "subject": {"reference": "Patient/" + PATIENT}, "note": [{"text": TEXT}],
                  "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1269349006"}], "text": TEXT}, "performedDateTime": "2025-12-24"},
    "Observation": {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/" + PATIENT}, "valueString": TEXT, "note": [{"text": TEXT}],
                    "code": {"coding": [{"system": "urn:mainstay:codes", "code": "mrd-flow"}], "text": TEXT}, "effectiveDateTime": "2026-02-20"},
}


def bundle(*resources, **members):
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"fullUrl": f"http://{NAME}.example/{MRN}", "resource": r} for r in resources], **members}


def good(path, headers):
    kind = path.split("/")[2].split("?")[0]
    return harness.as_json(RESOURCES[kind] if kind == "Patient" else bundle(RESOURCES[kind]))


def whole(status, kind, content):
    return lambda path, headers: (status, kind, content)


# What a FHIR server may do with what it was sent.
SERVERS = [
    good,
    whole(401, "text/html", ECHO),
    whole(404, "text/html", ECHO),
    whole(500, f"text/{NAME}", ECHO),
    whole(200, "text/html", ECHO),
    whole(200, "application/fhir+json", ECHO),
    whole(200, "application/fhir+json", json.dumps({"resourceType": NAME, MRN: TEXT}).encode()),
    whole(200, "application/fhir+json", json.dumps(bundle(*RESOURCES.values())).encode()[:-40]),
    lambda path, headers: harness.as_json({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": NAME, "diagnostics": TEXT + TOKEN}]}),
    lambda path, headers: harness.as_json(bundle({**RESOURCES["Observation"], "subject": {"reference": "Patient/" + NAME}})),
    lambda path, headers: harness.as_json(bundle(RESOURCES["Observation"], link=[{"relation": "next", "url": f"http://{NAME}.example/{MRN}?{TOKEN}"}])),
    lambda path, headers: harness.as_json(bundle({**RESOURCES["Observation"], "effectiveDateTime": NAME, "valueQuantity": {"value": 1, "code": TEXT, "unit": TEXT}})),
]


class Canaries(unittest.TestCase):
    def calls(self, service, stub):
        """Answers of good, bad and failing calls."""
        token = {"fhirAuthorization": harness.authorization(TOKEN), "fhirServer": stub.base}
        prefetch = {"patient": RESOURCES["Patient"], "conditions": bundle(RESOURCES["Condition"]), "procedures": bundle(RESOURCES["Procedure"]),
                    "observations": bundle(RESOURCES["Observation"])}
        path = "/cds-services/" + harness.SERVICE
        for answer in SERVERS:
            self.answer = answer
            yield service.call(PATIENT, **token)
        self.answer = good
        yield service.call(PATIENT, prefetch=prefetch)
        yield service.call(PATIENT, prefetch={**prefetch, NAME: RESOURCES["Patient"]})
        for key in prefetch:
            for value in (NAME, [NAME], {MRN: NAME}, {"resourceType": NAME}, {"resourceType": "OperationOutcome", "text": {"div": TEXT}}, {**RESOURCES["Observation"], "subject": {"reference": "Patient/" + NAME}}):
                yield service.call(PATIENT, prefetch={**prefetch, key: value})
        yield service.call("Patient/" + PATIENT, **token)
        yield service.call(PATIENT, fhirServer=f"https://{NAME}.example/fhir?{TOKEN}", fhirAuthorization=harness.authorization(TOKEN))
        yield service.call(PATIENT, fhirServer=stub.base, fhirAuthorization=harness.authorization(TOKEN + "\n"))
        yield service.call(PATIENT, **{**token, "fhirAuthorization": {**harness.authorization(TOKEN), "expires_in": 0}})
        yield service.call(PATIENT, **{**token, "fhirAuthorization": {**harness.authorization(TOKEN), "token_type": TOKEN}})
        for body in (f'{{"hook":"{NAME}"', f'"{NAME}"', f'{{"hook":"patient-view","hookInstance":{TOKEN}', "\0" + NAME):
            yield service.post(path, body.encode())
        yield service.post(path, {"hook": NAME, "hookInstance": TOKEN, "context": {"patientId": MRN}})
        yield service.post("/cds-services/" + PATIENT, {"a": NAME})
        yield service.post(path, {"a": NAME}, headers={"Authorization": "Bearer " + JWT, "Content-Type": "text/" + NAME, "Cookie": TOKEN})
        yield service.get(f"/{PATIENT}?name={NAME}")
        yield service.get("/metrics?" + NAME)
        yield harness.request(NAME.upper(), service.url + "/healthz?" + MRN, None, {"Authorization": "Bearer " + JWT})

    def test_nothing_that_is_written_holds_one(self):
        self.answer = good
        with tempfile.TemporaryDirectory() as records, tempfile.TemporaryDirectory() as folder, \
                harness.Stub(lambda path, headers: self.answer(path, headers)) as stub:
            with harness.Stub(good) as gone:
                dead = gone.base
            arguments = ["--now", "2026-03-01", "--permit", stub.base, "--permit", dead, "--log-level", "trace", "--record", records, "--fetch-milliseconds", "1000"]
            with harness.Service(*arguments, environment={"TMPDIR": folder, "HOME": folder}) as service:
                answers = list(self.calls(service, stub))
                answers.append(service.call(PATIENT, fhirServer=dead, fhirAuthorization=harness.authorization(TOKEN)))
                release = threading.Event()
                self.answer = lambda path, headers: (release.wait(harness.LONG), good(path, headers))[1]
                answers.append(service.call(PATIENT, fhirServer=stub.base, fhirAuthorization=harness.authorization(TOKEN)))
                release.set()
                self.assertEqual(service.stop(), 0)
                written = service.log_text() + "\n".join(service.printed)
            self.assertEqual(os.listdir(folder), [])
            names = os.listdir(records)
            recorded = [(pathlib.Path(records) / name).read_text() for name in names]
        self.assertIn("Bearer " + TOKEN, {headers.get("Authorization") for _, _, headers, _ in stub.seen}, "the server got the token, and its echo is no accident")
        self.assertEqual({a.status for a in answers}, {200, 400, 404, 405, 412, 415})
        self.assertTrue(any(a.status == 200 and a.json["cards"] for a in answers))
        for canary in CANARIES:
            with self.subTest(canary=canary):
                self.assertNotIn(canary.lower(), written.lower())
                self.assertNotIn(canary.lower(), " ".join(names).lower())
        for canary in IN_NO_BODY:
            for number, answer in enumerate(answers):
                with self.subTest(canary=canary, answer=number):
                    self.assertNotIn(canary.lower(), (answer.body.decode() + str(answer.headers)).lower())
        for number, answer in enumerate(answers):
            if answer.status != 200:
                self.assertNotIn(PATIENT, answer.body.decode())
        # A recording holds the patient's data, and says so; never the token that came with the call.
        self.assertGreater(len(recorded), 20)
        for text in recorded:
            self.assertIn("holds a patient's data", text)
            request = json.loads(text)["request"]
            self.assertNotIn(TOKEN, json.dumps(request.get("fhirAuthorization", {}).get("access_token", "")))


if __name__ == "__main__":
    unittest.main()
