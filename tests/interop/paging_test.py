"""HAPI gives results a page at a time, with links that do not name the patient, and often without a total."""
import json
import re
import unittest

import hapi
import harness


def small_pages(path):
    return hapi.with_parameter(path, "_count", "2")


def send(method, base, resources):
    entries = [{"request": {"method": method, "url": f"{r['resourceType']}/{r['id']}"}, **({"resource": r} if method == "PUT" else {})} for r in resources]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = harness.request("POST", base, json.dumps(bundle).encode(), hapi.FHIR_JSON)
    assert answer.status == 200, answer.body


setUpModule = hapi.load_examples


class Paging(unittest.TestCase):
    def test_two_rows_a_page(self):
        with hapi.service() as service:
            expected = {patient: service.call(patient, fhirServer=hapi.BASE).json for patient in hapi.PATIENTS}
        with hapi.Between(small_pages) as between, hapi.service(between.base) as service:
            for patient in hapi.PATIENTS:
                with self.subTest(patient=patient):
                    self.assertEqual(service.call(patient, fhirServer=between.base).json, expected[patient])
            for call in hapi.calls(service):
                self.assertEqual(set(call["completeness"].values()), {"complete"})
            pages = [json.loads(body) for body in between.bodies]
        bundles = [page for page in pages if page["resourceType"] == "Bundle"]
        self.assertGreater(len([path for path in between.paths if "_getpages" in path]), len(hapi.PATIENTS))
        self.assertTrue(all(len(bundle.get("entry", [])) <= 2 for bundle in bundles))

    def test_first_pages_as_prefetch(self):
        """What a client sends that does not follow the links: the service asks for the rest."""
        with hapi.service() as service:
            for patient in hapi.PATIENTS:
                with self.subTest(patient=patient):
                    expected = service.call(patient, fhirServer=hapi.BASE)
                    first = {}
                    for key, text in service.templates().items():
                        path = small_pages(text.replace("{{context.patientId}}", patient))
                        first[key] = hapi.read(hapi.BASE, path).json
                    self.assertEqual(service.call(patient, prefetch=first, fhirServer=hapi.BASE).json, expected.json)

    def test_no_totals(self):
        """HAPI counts no more than it must: with more rows than it reads ahead there is no total before the last page."""
        patient, rows = "example-to-confirm", []
        template = next(r for r in hapi.examples(patient) if r["id"].endswith("mrd-by-flow"))
        for i in range(40):
            rows.append({**template, "id": f"interop-older-{i}", "effectiveDateTime": f"2026-01-{1 + i % 28:02}"})
        with harness.Service("--demo") as embedded, hapi.Between(lambda path: hapi.with_parameter(path, "_count", "5")) as between, \
                hapi.service(between.base) as service:
            self.addCleanup(send, "DELETE", hapi.BASE, rows)
            for base in (embedded.fhir, hapi.BASE):
                send("PUT", base, rows)
            expected = embedded.call(patient, fhirServer=embedded.fhir)
            self.assertEqual(service.call(patient, fhirServer=between.base).json, expected.json)
            self.assertEqual(set(hapi.calls(service)[0]["completeness"].values()), {"complete"})
            pages = [page for page in map(json.loads, between.bodies) if page["resourceType"] == "Bundle" and "total" not in page]
        self.assertGreater(len(pages), 1)
        self.assertTrue(any(link["relation"] == "next" for page in pages for link in page["link"]))

    def test_expired_search(self):
        """HAPI forgets a search after an hour and then answers 410: what came before counts as a part."""
        def expired(path):
            return re.sub(r"_getpages=[^&]+", "_getpages=00000000-0000-0000-0000-000000000000", small_pages(path))

        with hapi.Between(expired) as between, hapi.service(between.base) as service:
            answer = service.call("example-to-confirm", fhirServer=between.base)
            self.assertEqual(answer.status, 200)
            self.assertEqual([card["source"]["topic"]["code"] for card in answer.json["cards"]], ["cannot-assess"])
            completeness = hapi.calls(service)[0]["completeness"]
        self.assertIn("partial: status 410", completeness.values())


if __name__ == "__main__":
    hapi.main()
