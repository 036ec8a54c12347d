"""The example patients, put into HAPI by `sandbox load`: verdicts and cards are those of the embedded server."""
import unittest

import hapi
import harness


setUpModule = hapi.load_examples


class Cards(unittest.TestCase):
    def test_the_same_by_fetch_and_by_prefetch(self):
        with harness.Service("--demo") as embedded, hapi.service() as service:
            for patient in hapi.PATIENTS:
                with self.subTest(patient=patient):
                    expected = embedded.call(patient, fhirServer=embedded.fhir)
                    self.assertEqual(expected.status, 200, expected.body)
                    fetched = service.call(patient, fhirServer=hapi.BASE)
                    self.assertEqual(fetched.status, 200, fetched.body)
                    self.assertEqual(harness.response_findings(fetched.json), [])
                    self.assertEqual(fetched.json, expected.json)
                    prefetched = service.call(patient, prefetch=service.prefetch(patient, hapi.BASE))
                    self.assertEqual(prefetched.json, expected.json)
            ours, theirs = hapi.calls(service), hapi.calls(embedded)
        self.assertEqual(len(ours), 2 * len(hapi.PATIENTS))
        for patient, fetched, prefetched, expected in zip(hapi.PATIENTS, ours[0::2], ours[1::2], theirs):
            with self.subTest(patient=patient):
                for call in (fetched, prefetched):
                    self.assertEqual(call["verdicts"], expected["verdicts"])
                    self.assertEqual(set(call["completeness"].values()), {"complete"})

    def test_there_are_cards_and_silence_among_them(self):
        with hapi.service() as service:
            counts = {len(service.call(patient, fhirServer=hapi.BASE).json["cards"]) for patient in hapi.PATIENTS}
        self.assertIn(0, counts)
        self.assertIn(1, counts)

    def test_call_prints_the_same(self):
        with harness.Service("--demo") as embedded, hapi.service() as service:
            for patient in hapi.PATIENTS:
                for way in ("--fetch", "--prefetch"):
                    with self.subTest(patient=patient, way=way):
                        def call(url, fhir):
                            return harness.run("call", harness.SERVICE, "--patient", patient, "--url", url, "--fhir", fhir, way)
                        expected, done = call(embedded.url, embedded.fhir), call(service.url, hapi.BASE)
                        self.assertEqual((done.returncode, done.stderr), (0, ""))
                        self.assertEqual(done.stdout, expected.stdout)


if __name__ == "__main__":
    hapi.main()
