"""The cards of the example patients, by fetch and by prefetch; when nothing is to be said; when data is missing."""
import unittest

import harness


def told(answer):
    """Cards without their uuids, which hang on the call."""
    return [{k: v for k, v in card.items() if k != "uuid"} for card in answer.json["cards"]]


class Cards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__)

    def test_examples_by_fetch_and_by_prefetch(self):
        count = {}
        for patient in harness.ALL_EXAMPLES:
            with self.subTest(patient=patient):
                fetched = self.service.call(patient, fhirServer=self.service.fhir)
                self.assertEqual(fetched.status, 200, fetched.body)
                self.assertEqual(harness.response_findings(fetched.json), [])
                prefetched = self.service.call(patient, prefetch=self.service.prefetch(patient))
                self.assertEqual(prefetched.body, fetched.body)
                again = self.service.call(patient, fhirServer=self.service.fhir)
                self.assertEqual(again.body, fetched.body)
                count[patient] = [card["source"]["topic"]["code"] for card in fetched.json["cards"]]
        option, waits = ["haplo_hsct_consolidation"], ["cannot-assess"]
        self.assertEqual(count, {
            "example-cannot-assess": waits, "example-corrected": option, "example-deceased": [], "example-gaps": option,
            "example-mrd-positive-again": option, "example-no-car-t": [], "example-not-eligible": [],
            "example-split-dose": option, "example-status-code": waits, "example-text-mrd": option,
            "example-to-confirm": option, "example-transplanted": []})

    def test_card_names_its_pack(self):
        answer = self.service.call("example-to-confirm", fhirServer=self.service.fhir)
        ready = self.service.get("/readyz").json
        self.assertEqual(answer.headers["mainstay-pack"], ready["pack"]["hash"])
        self.assertIn("mainstay-now", answer.headers)

    def test_uuid_hangs_on_the_instance(self):
        first = self.service.call("example-to-confirm", fhirServer=self.service.fhir).json["cards"][0]
        other = self.service.call("example-to-confirm", fhirServer=self.service.fhir, hookInstance="other").json["cards"][0]
        self.assertNotEqual(first["uuid"], other["uuid"])
        self.assertEqual(first["uuid"][14], "5")

    def test_nothing_applies(self):
        everything_empty = {key: {"resourceType": "Bundle", "type": "searchset", "entry": []} for key in self.service.templates()}
        everything_empty["patient"] = {"resourceType": "Patient", "id": "nobody", "birthDate": "1990-01-01"}
        answer = self.service.call("nobody", prefetch=everything_empty)
        self.assertEqual((answer.status, answer.json), (200, {"cards": []}))

    def test_deceased_is_silent(self):
        prefetch = self.service.prefetch("example-to-confirm")
        prefetch["patient"]["deceasedBoolean"] = True
        answer = self.service.call("example-to-confirm", prefetch=prefetch)
        self.assertEqual((answer.status, answer.json), (200, {"cards": []}))

    def test_unknown_patient_of_the_server_has_nothing(self):
        answer = self.service.call("not-there", fhirServer=self.service.fhir)
        self.assertEqual((answer.status, answer.json), (200, {"cards": []}))

    def test_412(self):
        full = self.service.prefetch("example-to-confirm")
        table = [
            ("nothing", {}, "`fhirServer` is absent"),
            ("empty prefetch", {"prefetch": {}}, "`fhirServer` is absent"),
            ("the patient alone", {"prefetch": {"patient": full["patient"]}}, "`fhirServer` is absent"),
            ("not permitted", {"fhirServer": "https://hosp.example.org/fhir"}, "not on the list"),
            ("permitted with another port", {"fhirServer": "http://127.0.0.1:1/fhir"}, "not on the list"),
        ]
        for name, members, why in table:
            with self.subTest(name=name):
                answer = self.service.call("example-to-confirm", **members)
                self.assertEqual((answer.status, answer.code), (412, "missing_data"), answer.body)
                self.assertIn(why, answer.json["issue"][0]["diagnostics"])

    def test_no_412_when_the_option_can_be_decided(self):
        # Not a single CAR-T on record: nothing else matters.
        keys = self.service.templates()
        prefetch = {key: {"resourceType": "Bundle", "type": "searchset", "entry": []} for key in keys if "Procedure" in keys[key] or "Condition" in keys[key]}
        prefetch["patient"] = {"resourceType": "Patient", "id": "nobody"}
        answer = self.service.call("nobody", prefetch=prefetch)
        self.assertEqual((answer.status, answer.json), (200, {"cards": []}))

    def test_no_412_for_what_was_asked_and_failed(self):
        failed = {key: {"resourceType": "OperationOutcome", "issue": []} for key in self.service.templates()}
        answer = self.service.call("example-to-confirm", prefetch=failed)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual([c["source"]["topic"]["code"] for c in answer.json["cards"]], ["cannot-assess"])

    def test_foreign_patient(self):
        prefetch = self.service.prefetch("example-to-confirm")
        other = self.service.prefetch("example-not-eligible")
        for key in prefetch:
            with self.subTest(key=key):
                answer = self.service.call("example-to-confirm", prefetch={**prefetch, key: other[key]})
                if not (other[key].get("entry") or other[key]["resourceType"] == "Patient"):
                    continue
                self.assertEqual((answer.status, answer.code), (400, "foreign_patient"))

    def test_bad_requests(self):
        table = [
            ("broken JSON", b'{"hook":', "invalid_json"),
            ("no JSON", b"hook=patient-view", "invalid_json"),
            ("an array", b"[]", "wrong_type"),
            ("wrong hook", {**harness.hook_request("p"), "hook": "order-sign"}, "wrong_hook"),
            ("no hookInstance", {"hook": "patient-view", "context": {"patientId": "p"}}, "missing_field"),
            ("no patient", {"hook": "patient-view", "hookInstance": "x", "context": {}}, "missing_field"),
            ("a reference", harness.hook_request("Patient/p"), "invalid_value"),
            ("wrapped", harness.hook_request("p", prefetch={"patient": {"response": {}, "resource": {"resourceType": "Patient", "id": "p"}}}), "invalid_prefetch"),
        ]
        for name, body, code in table:
            with self.subTest(name=name):
                answer = self.service.post("/cds-services/" + harness.SERVICE, body)
                self.assertEqual((answer.status, answer.code), (400, code), answer.body)

    def test_unknown_members_are_ignored(self):
        answer = self.service.call("example-to-confirm", fhirServer=self.service.fhir, extension={"com.example": {"a": 1}}, later=[1])
        self.assertEqual(len(answer.json["cards"]), 1)
        answer = self.service.call("example-to-confirm", prefetch={**self.service.prefetch("example-to-confirm"), "others": None})
        self.assertEqual(len(answer.json["cards"]), 1)


if __name__ == "__main__":
    unittest.main()
