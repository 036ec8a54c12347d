"""Log lines: one a call, JSON. That nothing of a patient or a token is in any of them, canary_test.py shows."""
import unittest

import harness


class Logs(unittest.TestCase):
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
