"""Discovery, health, and what is not served."""
import unittest

import harness


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__)

    def test_printed_lines(self):
        self.assertEqual(len(self.service.printed), 3)
        self.assertRegex(self.service.printed[0], r"^mainstay http://127\.0\.0\.1:\d+$")
        self.assertRegex(self.service.printed[1], r"^fhir http://127\.0\.0\.1:\d+/fhir$")
        self.assertEqual(self.service.printed[2], "ready")

    def test_discovery(self):
        answer = self.service.get("/cds-services")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["content-type"], "application/json")
        service = next(s for s in answer.json["services"] if s["id"] == harness.SERVICE)
        self.assertEqual(service["hook"], "patient-view")
        for name in ("title", "description"):
            self.assertTrue(service[name])
        self.assertEqual(service["prefetch"]["patient"], "Patient/{{context.patientId}}")
        for key, text in service["prefetch"].items():
            with self.subTest(key=key):
                self.assertIn("{{context.patientId}}", text)
                self.assertEqual(text.count("{{"), 1)

    def test_every_template_is_answered_by_the_demo_server(self):
        for key, text in self.service.templates().items():
            with self.subTest(key=key):
                answer = harness.get(self.service.fhir + "/" + text.replace("{{context.patientId}}", "example-to-confirm"))
                self.assertEqual(answer.status, 200, answer.body)

    def test_health(self):
        self.assertEqual(self.service.get("/healthz").json, {"status": "ok"})
        ready = self.service.get("/readyz")
        self.assertEqual((ready.status, ready.json["status"]), (200, "ready"))
        self.assertEqual(len(ready.json["pack"]["hash"]), 64)

    def test_errors(self):
        table = [
            ("GET", "/", 404, "unknown_path", None),
            ("GET", "/cds-services/", 404, "unknown_path", None),
            ("GET", "/cds-services/maintenance-options", 405, "wrong_method", "POST"),
            ("DELETE", "/cds-services/maintenance-options", 405, "wrong_method", "POST"),
            ("POST", "/cds-services", 405, "wrong_method", "GET, HEAD"),
            ("PUT", "/healthz", 405, "wrong_method", "GET, HEAD"),
            ("POST", "/cds-services/none", 404, "unknown_service", None),
            ("POST", "/cds-services/maintenance-options/more", 404, "unknown_path", None),
        ]
        for method, path, status, code, allow in table:
            with self.subTest(method=method, path=path):
                headers = {"Content-Type": "application/json"} if method != "GET" else {}
                answer = harness.request(method, self.service.url + path, b"{}" if headers else None, headers)
                self.assertEqual((answer.status, answer.code), (status, code))
                self.assertEqual(answer.json["resourceType"], "OperationOutcome")
                self.assertEqual(answer.headers.get("allow"), allow)


if __name__ == "__main__":
    unittest.main()
