"""What each form of a prefetch value means (CDS Hooks 2.0.1 "Prefetch Template", with the forms that clients in use send), as one
table for one key of the pack. The service's answer and its log say what it made of the value; a FHIR server at hand is asked
for what is absent or cut into pages, and for nothing else."""
import copy
import unittest

import harness

PATIENT, OTHER = "example-to-confirm", "example-not-eligible"
KEY = "observations"
ABSENT = object()
OPTION, WAITS = ["haplo_hsct_consolidation"], ["cannot-assess"]
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational"}]}
SUBSETTED = {"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}]}
NEXT = [{"relation": "next", "url": "http://127.0.0.1:9/fhir?page=2"}]


def value(given):
    return lambda good: given


def edited(change):
    """The good searchset after `change`."""
    def made(good):
        bundle = copy.deepcopy(good)
        change(bundle)
        return bundle
    return made


def plus(resource, mode="match"):
    return edited(lambda b: b["entry"].append({"resource": resource, "search": {"mode": mode}}))


def subject(given):
    return edited(lambda b: b["entry"][0]["resource"].update(subject=given))


def bare(bundle):
    for name in ("link", "total", "id", "meta"):
        bundle.pop(name, None)
    for entry in bundle["entry"]:
        entry.pop("fullUrl", None)
        entry.pop("search", None)


def condition(patient):
    return {"resourceType": "Condition", "id": "x", "subject": {"reference": "Patient/" + patient}}


def observation(patient):
    return {"resourceType": "Observation", "id": "x", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/" + patient}}


# What the value is; the value; what is logged of its key; which cards come of it.
SETTLED = [
    ("data", edited(lambda b: None), "complete", OPTION),
    ("data without links, total, fullUrl and mode", edited(bare), "complete", OPTION),
    ("data without the Bundle's type", edited(lambda b: b.pop("type")), "complete", OPTION),
    ("null: empty, and no ground for a no", value(None), "null", WAITS),
    ("an empty Bundle", value({"resourceType": "Bundle", "type": "searchset", "total": 0}), "complete", WAITS),
    ("an empty Bundle with an empty list", value({"resourceType": "Bundle", "type": "searchset", "entry": []}), "complete", WAITS),
    ("an OperationOutcome: tried without success", value(OUTCOME), "failed: prefetch holds an OperationOutcome", WAITS),
    ("SUBSETTED, the Bundle", edited(lambda b: b.update(meta=SUBSETTED)), "partial: the server sent parts of resources only", WAITS),
    ("SUBSETTED, one resource", edited(lambda b: b["entry"][0]["resource"].update(meta=SUBSETTED)),
     "partial: the server sent parts of resources only", WAITS),
    ("an entry that reports an error", plus(OUTCOME, "outcome"), "partial: the server reports an error in its answer", WAITS),
    ("an entry that reports an error, without saying so", plus(OUTCOME), "partial: the server reports an error in its answer", WAITS),
    ("an entry that warns", plus(WARNING, "outcome"), "complete", OPTION),
    ("fewer rows than the server counted", edited(lambda b: b.update(total=len(b["entry"]) + 1)),
     "partial: fewer rows came than the server counted", WAITS),
    ("an entry without a resource", edited(lambda b: b["entry"].append({"fullUrl": "http://h.example/Observation/1"})),
     "partial: an entry is not a resource", WAITS),
    ("a transaction", edited(lambda b: b.update(type="transaction")), "partial: the Bundle is not a searchset", WAITS),
    ("one resource for a search", lambda good: good["entry"][0]["resource"], "partial: the answer is not a Bundle", WAITS),
    ("another type, nobody's", value({"resourceType": "Practitioner", "id": "x"}), "failed: the answer is of another type", WAITS),
    ("another type, this patient's", value(condition(PATIENT)), "failed: the answer is of another type", WAITS),
    ("a Bundle of another type", value({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": condition(PATIENT)}]}),
     "failed: the answer is of another type", WAITS),
    ("rows of other types beside good ones", plus(condition(PATIENT)), "complete", OPTION),
    ("people and places of no patient", plus({"resourceType": "Organization", "id": "x"}, "include"), "complete", OPTION),
    ("a relative of another patient", plus({"resourceType": "RelatedPerson", "id": "x", "patient": {"reference": "Patient/" + OTHER}}, "include"),
     "complete", OPTION),
    ("a row that names no patient", plus({"resourceType": "Observation", "id": "x"}), "partial: a row does not say whose it is", WAITS),
    ("a row that names a patient by an identifier", subject({"identifier": {"value": "x"}}), "partial: a row does not say whose it is", WAITS),
    ("a subject with its version", subject({"reference": f"Patient/{PATIENT}/_history/3"}), "complete", OPTION),
]

# What is to be asked: the value; what is logged where nobody can be asked, where the server answers, and where it fails.
ASKED = [
    ("absent", ABSENT, "not asked", "complete", "failed: status 500"),
    ("the first page", edited(lambda b: b.update(link=NEXT)), "newest page only: later pages of prefetch not followed", "complete",
     "newest page only: later pages of prefetch not followed"),
]

# What refuses the whole call: the value, the machine code, what the sentence says.
REFUSED = [
    ("a list", value([]), "invalid_prefetch", "is not a FHIR resource"),
    ("a text", value("<html>log in</html>"), "invalid_prefetch", "is not a FHIR resource"),
    ("a number", value(0), "invalid_prefetch", "is not a FHIR resource"),
    ("an object without a type", value({}), "invalid_prefetch", "has no `resourceType`"),
    ("the wrapper of before 1.0", lambda good: {"response": {"status": "200 OK"}, "resource": good}, "invalid_prefetch", "since CDS Hooks 1.0"),
    ("one row of another patient", subject({"reference": "Patient/" + OTHER}), "foreign_patient", "another patient"),
    ("one row of another patient, included", plus(observation(OTHER), "include"), "foreign_patient", "another patient"),
    ("one row of the same id on another server", subject({"reference": "http://other.example/fhir/Patient/" + PATIENT}), "foreign_patient", "another patient"),
    ("another type, another patient's", value(condition(OTHER)), "foreign_patient", "another patient"),
    ("a row of another type, another patient's", plus(condition(OTHER)), "foreign_patient", "another patient"),
    ("another Patient", value({"resourceType": "Patient", "id": OTHER}), "foreign_patient", "another patient"),
    ("another patient in a first page", edited(lambda b: (b.update(link=NEXT), b["entry"].append({"resource": observation(OTHER)}))),
     "foreign_patient", "another patient"),
]


class Prefetch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.demo.__exit__, None, None, None)
        cls.good = cls.demo.prefetch(PATIENT)
        cls.fails = False
        cls.stub = harness.Stub(cls.serve).__enter__()
        cls.addClassCleanup(cls.stub.__exit__)
        cls.service = harness.Service("--now", "2026-03-01", "--permit", cls.stub.base).__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)

    @classmethod
    def serve(cls, path, headers):
        if cls.fails:
            return 500, "text/plain", b"no"
        got = harness.get(cls.demo.fhir + path.removeprefix("/fhir"))
        return got.status, "application/fhir+json", got.body.replace(cls.demo.fhir.encode(), cls.stub.base.encode())

    def told(self, make, **members):
        """The answer where KEY is what `make` makes of the good value; what was logged of KEY; the paths that the server was asked for."""
        prefetch = {k: v for k, v in self.good.items() if k != KEY}
        if make is not ABSENT:
            prefetch[KEY] = make(self.good[KEY])
        self.stub.seen.clear()
        answer = self.service.call(PATIENT, prefetch={**prefetch, **members.pop("more", {})}, **members)
        self.assertEqual(harness.response_findings(answer.json) if answer.status == 200 else [], [])
        call = [line for line in self.service.log_lines() if line["event"] == "call"][-1]
        self.assertEqual(call["status"], answer.status)
        return answer, call["completeness"].get(KEY), [path for _, path, _, _ in self.stub.seen]

    def topics(self, answer):
        self.assertEqual(answer.status, 200, answer.body)
        return [card["source"]["topic"]["code"] for card in answer.json["cards"]]

    def test_settled_by_prefetch(self):
        for name, make, how, topics in SETTLED:
            for members in ({}, {"fhirServer": self.stub.base}):
                with self.subTest(value=name, **members):
                    answer, logged, asked = self.told(make, **members)
                    self.assertEqual((self.topics(answer), logged, asked), (topics, how, []))

    def test_absent_or_in_pages(self):
        for name, make, alone, answered, failed in ASKED:
            with self.subTest(value=name, server="none"):
                answer, logged, _ = self.told(make)
                self.assertEqual((answer.status, logged), (412 if make is ABSENT else 200, alone))
            with self.subTest(value=name, server="answers"):
                answer, logged, asked = self.told(make, fhirServer=self.stub.base)
                self.assertEqual((self.topics(answer), logged, len(asked)), (OPTION, answered, 1))
                self.assertTrue(asked[0].startswith("/fhir/Observation?"), asked)
            with self.subTest(value=name, server="fails"):
                type(self).fails = True
                self.addCleanup(setattr, type(self), "fails", False)
                answer, logged, asked = self.told(make, fhirServer=self.stub.base)
                type(self).fails = False
                self.assertEqual((self.topics(answer), logged), (WAITS, failed))
                self.assertGreater(len(asked), 0)

    def test_refused(self):
        for name, make, code, said in REFUSED:
            # The server's base tells which absolute references are its own; it is never asked.
            with self.subTest(value=name):
                answer, _, asked = self.told(make, fhirServer=self.stub.base)
                self.assertEqual((answer.status, answer.code, asked), (400, code, []), answer.body)
                self.assertIn(said, answer.json["issue"][0]["diagnostics"])
                self.assertEqual(answer.json["issue"][0]["expression"], ["/prefetch/" + KEY])
                self.assertNotIn(OTHER.encode(), answer.body)
                again, _, _ = self.told(edited(lambda b: None))
                self.assertEqual(self.topics(again), OPTION)

    def test_unknown_keys_are_not_read(self):
        for given in (None, [], "x", OUTCOME, observation(OTHER), {"resourceType": "Bundle", "entry": 1}):
            with self.subTest(given=given):
                answer, _, _ = self.told(edited(lambda b: None), more={"others": given, "a/b~": given})
                self.assertEqual(self.topics(answer), OPTION)

    def test_prefetch_of_another_kind(self):
        for given, status in ((None, 412), ({}, 412), ([], 400), ("x", 400), (1, 400)):
            with self.subTest(given=given):
                self.assertEqual(self.service.call(PATIENT, prefetch=given).status, status)


# 412 exactly when something is lacking, no permitted server can be asked, and no protocol is decided by what is there.
EMPTY = {"resourceType": "Bundle", "type": "searchset", "entry": []}
LACKING = [
    ("nothing, nobody to ask", [], {}, 412),
    ("the patient alone", ["patient"], {}, 412),
    ("a server that is not permitted", [], {"fhirServer": "https://h.example/fhir"}, 412),
    ("a server that wants a token", [], {"fhirServer": "TOKEN"}, 412),
    ("a server that wants a token, with an expired one", [], {"fhirServer": "TOKEN", "fhirAuthorization": {**harness.authorization("t"), "expires_in": 0}}, 412),
    ("a server that was asked and is dead", [], {"fhirServer": "DEAD"}, 200),
    ("a server that was asked and is dead, with a token", [], {"fhirServer": "TOKEN", "fhirAuthorization": harness.authorization("t")}, 200),
]


class Lacking(unittest.TestCase):
    def test_412(self):
        with harness.Stub(lambda path, headers: (200, "text/plain", b"")) as gone:
            base = gone.base
        other = base + "/second"
        with harness.Service("--now", "2026-03-01", "--permit", base, "--permit", other + ",token") as service:
            for name, keys, members, status in LACKING:
                with self.subTest(name):
                    where = {"fhirServer": members["fhirServer"].replace("DEAD", base).replace("TOKEN", other)} if members else {}
                    patient = {"resourceType": "Patient", "id": "p"}
                    answer = service.call("p", prefetch={key: patient for key in keys}, **{**members, **where})
                    self.assertEqual(answer.status, status, answer.body)
                    if status == 412:
                        self.assertEqual(answer.code, "missing_data")
                        self.assertEqual("`patient`" in answer.json["issue"][0]["diagnostics"], "patient" not in keys)
                    else:
                        self.assertEqual([card["source"]["topic"]["code"] for card in answer.json["cards"]], WAITS)

    def test_200_where_a_protocol_is_decided_by_what_is_there(self):
        with harness.Service("--now", "2026-03-01") as service:
            keys = [key for key, text in service.templates().items() if text.startswith(("Procedure", "Condition"))]
            answer = service.call("p", prefetch={"patient": {"resourceType": "Patient", "id": "p"}, **{key: EMPTY for key in keys}})
            self.assertEqual((answer.status, answer.json), (200, {"cards": []}))


if __name__ == "__main__":
    unittest.main()
