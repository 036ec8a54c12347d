"""Log lines: one a call, JSON, and nothing of a patient or a token in any of them."""
import unittest

import harness

NAME, TOKEN, PATIENT, BIRTH = "Canaryname", "canary-token-c4n4ry", "canary-patient-77", "1961-07-23"


class Logs(unittest.TestCase):
    def test_no_canary_in_any_line(self):
        with harness.Service("--demo", "--log-level", "trace") as service:
            patient = {"resourceType": "Patient", "id": PATIENT, "name": [{"family": NAME}], "birthDate": BIRTH}
            members = {"fhirAuthorization": harness.authorization(TOKEN), "fhirServer": service.fhir}
            answers = [
                service.call(PATIENT, prefetch={"patient": patient}, **members),
                service.call(PATIENT, prefetch={"patient": {**patient, "id": NAME}}, **members),
                service.call("Patient/" + PATIENT, **members),
                service.call(PATIENT, prefetch={"patient": NAME}),
                service.call(PATIENT, fhirServer="https://" + NAME.lower() + ".example/fhir", fhirAuthorization=harness.authorization(TOKEN)),
                service.call(PATIENT, fhirAuthorization=harness.authorization(TOKEN + "\n"), fhirServer=service.fhir),
                service.post("/cds-services/" + harness.SERVICE, f'{{"hook":"{NAME}","{NAME}":{TOKEN}'.encode()),
                service.post(f"/cds-services/{PATIENT}", {"a": NAME}),
                service.get(f"/{PATIENT}?name={NAME}"),
                harness.get(f"{service.fhir}/Patient/{PATIENT}"),
            ]
            self.assertEqual([a.status for a in answers], [200, 400, 400, 400, 412, 400, 400, 404, 404, 404])
            self.assertEqual(service.stop(), 0)
            log = service.log_text()
        for canary in (NAME, TOKEN, PATIENT, BIRTH, harness.INSTANCE):
            self.assertNotIn(canary.lower(), log.lower())
        for number, answer in enumerate(answers[1:], 1):
            if answer.status >= 400 and number < 9:
                for canary in (NAME, TOKEN, PATIENT):
                    with self.subTest(answer=number, canary=canary):
                        self.assertNotIn(canary.lower(), answer.body.decode().lower().replace("/" + NAME.lower(), ""))

    def test_a_line_a_call(self):
        with harness.Service("--demo") as service:
            service.call("example-to-confirm", fhirServer=service.fhir)
            service.call("example-to-confirm")
            service.post("/cds-services/none", {})
            service.get("/cds-services")
            service.stop()
            calls = [line for line in service.log_lines() if line["event"] == "call"]
        self.assertEqual([c["status"] for c in calls], [200, 412, 404])
        first = calls[0]
        self.assertEqual((first["service"], first["cards"], first["verdicts"]), (harness.SERVICE, 1, {"to confirm": 1}))
        self.assertEqual(set(first["completeness"].values()), {"complete"})
        self.assertEqual(set(first["microseconds"]), {"parse", "gather", "waited", "assess", "total"})
        self.assertRegex(first["hook_instance"], "^[0-9a-f]{16}$")
        self.assertEqual(calls[1]["error"], "missing_data")
        self.assertEqual(calls[2]["error"], "unknown_service")


if __name__ == "__main__":
    unittest.main()
