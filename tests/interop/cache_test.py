"""HAPI answers a repeated search from memory for 60 seconds, even after a write. A card must not rest on that."""
import copy
import unittest

import hapi
import harness

# The MRD of the example patient who fits, a moment later and positive.
POSITIVE = {"value": 5, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}


class Cache(unittest.TestCase):
    def test_what_was_written_a_moment_ago_is_seen(self):
        patient = "example-to-confirm"
        hapi.load_examples()
        new = copy.deepcopy(next(r for r in hapi.examples(patient) if r["id"].endswith("mrd-by-flow")))
        new.update({"id": "interop-new-mrd", "effectiveDateTime": "2026-02-27", "valueQuantity": POSITIVE})
        search = f"{hapi.BASE}/Observation?patient={patient}"
        self.addCleanup(hapi.remove, hapi.BASE, new)
        with hapi.service() as service:
            def cards():
                """Of the service by fetch, and of `call`, which reads the prefetch itself."""
                fetched = service.call(patient, fhirServer=hapi.BASE)
                done = harness.run("call", harness.SERVICE, "--patient", patient, "--url", service.url, "--fhir", hapi.BASE, "--prefetch")
                self.assertEqual((fetched.status, done.returncode), (200, 0), done.stderr)
                return fetched.json, done.stdout

            before, plain = cards(), harness.get(search).json
            hapi.write(hapi.BASE, new)
            # Without this the test could not fail: a client that does not ask otherwise gets the old rows.
            self.assertEqual(len(harness.get(search).json["entry"]), len(plain["entry"]))
            self.assertEqual(len(hapi.read(hapi.BASE, f"Observation?patient={patient}").json["entry"]), len(plain["entry"]) + 1)
            after = cards()
        for old, seen in zip(before, after):
            self.assertNotEqual(seen, old)
        self.assertIn("2026-02-27", after[1])


if __name__ == "__main__":
    hapi.main()
