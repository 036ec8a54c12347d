"""Clients in use, as `mainstay call --dialect` plays them: what they send, and that the service answers each rightly."""
import base64
import json
import re
import tempfile
import unittest
import uuid

import harness

PATIENT = "example-to-confirm"
DIALECTS = ("plain", "epic", "sandbox", "medplum")
# The members that a request has, with and without `--prefetch`, where there is a token; the version of hookInstance.
BASE = {"hookInstance", "hook", "context"}
SERVER = BASE | {"fhirServer", "fhirAuthorization"}
SENT = [
    ("plain", [], SERVER, 4),
    ("plain", ["--prefetch"], BASE | {"prefetch"}, 4),
    ("epic", [], SERVER | {"extension"}, 1),
    ("epic", ["--prefetch"], SERVER | {"extension", "prefetch"}, 1),
    ("sandbox", [], SERVER | {"prefetch"}, 4),
    ("sandbox", ["--fetch"], SERVER, 4),
    ("medplum", [], BASE | {"prefetch"}, 4),
]
ACCEPT = {"plain": "application/json", "epic": "application/json", "sandbox": "application/json", "medplum": "application/fhir+json, */*; q=0.1"}


def part(token, number):
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


class Dialects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.token = tempfile.NamedTemporaryFile("w", suffix=".token")
        cls.addClassCleanup(cls.token.close)
        cls.token.write("opaque-token")
        cls.token.flush()

    def call(self, dialect, *arguments, patient=PATIENT, url=None):
        return harness.run("call", harness.SERVICE, "--patient", patient, "--url", url or self.service.url, "--fhir", self.service.fhir,
                           "--dialect", dialect, *arguments)

    def test_each_is_answered_with_the_same_cards(self):
        for patient in harness.EXAMPLES:
            printed = {}
            for dialect in DIALECTS:
                with self.subTest(patient=patient, dialect=dialect):
                    done = self.call(dialect, "--token-file", self.token.name, patient=patient)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    printed[dialect] = done.stdout
            self.assertEqual(len(set(printed.values())), 1, printed)
            self.assertTrue(printed["plain"].strip())

    def test_what_is_sent(self):
        for dialect, flags, members, version in SENT:
            with self.subTest(dialect=dialect, flags=flags):
                done = self.call(dialect, *flags, "--token-file", self.token.name, "--show", "request")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("opaque-token", done.stdout + done.stderr)
                request = json.loads(done.stdout)
                self.assertEqual(set(request), members)
                self.assertEqual(uuid.UUID(request["hookInstance"]).version, version)
                self.assertEqual(request["hook"], "patient-view")
                self.assertRegex(request["context"]["userId"], "^Practitioner(Role)?/")
                if "prefetch" in request:
                    self.assertEqual(set(request["prefetch"]), set(self.service.templates()))
                if "fhirAuthorization" in request:
                    self.assertIsInstance(request["fhirAuthorization"]["expires_in"], int)

    def test_marks_of_epic(self):
        request = json.loads(self.call("epic", "--show", "request").stdout)
        self.assertNotIn("fhirAuthorization", request, "there is no token")
        self.assertTrue(request["context"]["encounterId"])
        self.assertEqual({name.rpartition(".")[0] for name in request["extension"]}, {"com.epic.cdshooks.request"})
        self.assertEqual(request["extension"]["com.epic.cdshooks.request.fhir-version"], "R4")

    def test_headers(self):
        """A service that only listens: discovery with one service, no cards."""
        offered = {"services": [{"id": harness.SERVICE, "hook": "patient-view", "description": "x", "prefetch": {"patient": "Patient/{{context.patientId}}",
                                                                                                            "other": "Patient/{{context.later}}"}}]}
        for dialect in DIALECTS:
            with self.subTest(dialect=dialect), harness.Stub(lambda path, headers: harness.as_json(offered if path.endswith("/cds-services") else {"cards": []})) as stub:
                done = self.call(dialect, url=stub.base)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual([method for method, _, _, _ in stub.seen], ["GET", "POST"])
                ids = set()
                for _, path, headers, body in stub.seen:
                    self.assertEqual(headers["Accept"], ACCEPT[dialect])
                    if dialect in ("plain", "medplum"):
                        self.assertNotIn("Authorization", headers)
                        continue
                    token = headers["Authorization"].removeprefix("Bearer ")
                    self.assertEqual(part(token, 0)["alg"], {"epic": "RS384", "sandbox": "ES384"}[dialect])
                    claims = part(token, 1)
                    self.assertEqual(claims["aud"], stub.base.removesuffix("/fhir") + path)
                    self.assertEqual(claims["exp"] - claims["iat"], 300)
                    ids.add(claims["jti"])
                    self.assertEqual(len(base64.urlsafe_b64decode(token.split(".")[2] + "==")), {"epic": 256, "sandbox": 96}[dialect])
                self.assertEqual(len(ids), 0 if dialect in ("plain", "medplum") else 2)
                sent = json.loads(stub.seen[1][3]).get("prefetch", {})
                self.assertEqual(sent.get("other", "absent"), None if dialect == "medplum" else "absent", "a token that is not known")

    def test_first_page_alone(self):
        """A FHIR server of small pages: the sandbox's first page is completed from it, Medplum's stays the newest page only."""
        def answer(path, headers):
            got = harness.get(self.service.fhir + re.sub(r"_count=\d+", "_count=1", path.removeprefix("/fhir")))
            return got.status, "application/fhir+json", got.body.replace(self.service.fhir.encode(), stub.base.encode())

        with harness.Stub(answer) as stub, harness.Service("--now", "2026-03-01", "--permit", stub.base) as service:
            cards = {}
            for dialect in DIALECTS:
                done = harness.run("call", harness.SERVICE, "--patient", PATIENT, "--url", service.url, "--fhir", stub.base, "--dialect", dialect, "--show", "response")
                self.assertEqual(done.returncode, 0, done.stderr)
                cards[dialect] = [card["source"]["topic"]["code"] for card in json.loads(done.stdout)["cards"]]
            self.assertEqual(cards, {"plain": ["haplo_hsct_consolidation"], "epic": ["haplo_hsct_consolidation"],
                                     "sandbox": ["haplo_hsct_consolidation"], "medplum": ["cannot-assess"]})

    def test_wrong_usage(self):
        for arguments, code, said in [(["medplum", "--fetch"], 2, "sends no `fhirServer`"), (["cerner"], 2, "--dialect")]:
            with self.subTest(arguments=arguments):
                done = self.call(*arguments)
                self.assertEqual((done.returncode, done.stdout), (code, ""))
                self.assertIn(said, done.stderr)
        for dialect in ("sandbox", "medplum"):
            done = harness.run("call", harness.SERVICE, "--patient", PATIENT, "--url", self.service.url, "--dialect", dialect)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"`--dialect {dialect}` needs `--fhir`", done.stderr)

    def test_medplum_gives_up_where_a_read_fails(self):
        done = self.call("medplum", patient="nobody")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("prefetch `patient`", done.stderr)


if __name__ == "__main__":
    unittest.main()
