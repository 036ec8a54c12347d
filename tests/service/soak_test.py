"""Many callers at once for a while, each with other patients in turn, by prefetch and by fetch: every answer is that patient's.

Runs for 2 s, or as many as MAINSTAY_SOAK_SECONDS says; the order of calls comes from MAINSTAY_SOAK_SEED, which is printed.
"""
import collections
import http.client
import json
import os
import random
import threading
import time
import unittest
import urllib.parse

import harness

CLIENTS = 64
SECONDS = float(os.environ.get("MAINSTAY_SOAK_SECONDS", "2"))
SEED = int(os.environ.get("MAINSTAY_SOAK_SEED", "0") or 0) or random.SystemRandom().randrange(1, 1 << 32)
PATH = "/cds-services/" + harness.SERVICE
# Years of birth: the card says the age, so that these patients' cards differ where nothing else does.
VARIANTS = {"example-to-confirm": range(1960, 2000, 8), "example-cannot-assess": range(1964, 2004, 20)}


def variant(resources, patient, year):
    """The resources of an example patient as those of another person born in that year; ids and references in step."""
    new = f"{patient}-{year}"
    ids = {f"{r['resourceType']}/{r['id']}": f"{r['resourceType']}/{r['id']}-{year}" for r in resources}
    assert ids.get(f"Patient/{patient}") == f"Patient/{new}"

    def rewritten(value):
        if isinstance(value, dict):
            return {k: ids.get(v, v) if k == "reference" else rewritten(v) for k, v in value.items()}
        return [rewritten(v) for v in value] if isinstance(value, list) else value

    copies = [rewritten(r) | {"id": f"{r['id']}-{year}"} for r in resources]
    next(r for r in copies if r["resourceType"] == "Patient")["birthDate"] = f"{year}-05-17"
    return new, copies


def resources_of(prefetch):
    found = {}
    for value in prefetch.values():
        for resource in [e["resource"] for e in value.get("entry", [])] if value["resourceType"] == "Bundle" else [value]:
            found[resource["resourceType"], resource["id"]] = resource
    return list(found.values())


def upload(service, resources):
    entries = [{"resource": r, "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}} for r in resources]
    answer = harness.post(service.fhir, {"resourceType": "Bundle", "type": "transaction", "entry": entries},
                          headers={"Content-Type": "application/fhir+json"})
    assert answer.status == 200, answer.body


class Caller(threading.Thread):
    """One caller on one kept connection: every job at least once, then on until the time is over."""

    def __init__(self, url, jobs, seed, begin, until):
        super().__init__()
        self.address = urllib.parse.urlsplit(url)
        self.jobs = list(jobs)
        random.Random(seed).shuffle(self.jobs)
        self.begin, self.until = begin, until
        self.right, self.wrong = 0, collections.Counter()

    def run(self):
        self.begin.wait()
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=harness.LONG)
        while self.right < len(self.jobs) or time.monotonic() < self.until():
            name, body, expected = self.jobs[(self.right + sum(self.wrong.values())) % len(self.jobs)]
            try:
                connection.request("POST", PATH, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                status, got = answer.status, answer.read()
            except (OSError, http.client.HTTPException) as error:
                status, got = type(error).__name__, b""
            if (status, got) == (200, expected):
                self.right += 1
            else:
                self.wrong[f"{name}: {status} {'other bytes' if status == 200 else ''}"] += 1
                if sum(self.wrong.values()) > 20:
                    break
        connection.close()


class Soak(unittest.TestCase):
    def jobs_of(self, service):
        """(name, request bytes, expected answer) of each patient, by prefetch and by fetch; the answers come from single calls."""
        patients = list(harness.EXAMPLES)
        for example, years in VARIANTS.items():
            resources = resources_of(service.prefetch(example))
            for year in years:
                patient, copies = variant(resources, example, year)
                upload(service, copies)
                patients.append(patient)
        jobs, answers = [], {}
        for patient in patients:
            both = {"prefetch": {"prefetch": service.prefetch(patient)}, "fetch": {"fhirServer": service.fhir}}
            for how, members in both.items():
                body = json.dumps(harness.hook_request(patient, **members)).encode()
                single = service.post(PATH, body)
                self.assertEqual(single.status, 200, single.body)
                self.assertEqual(harness.response_findings(single.json), [])
                self.assertEqual(single.body, answers.setdefault(patient, single.body), f"{patient}: prefetch and fetch differ")
                jobs.append((f"{patient} by {how}", body, single.body))
        # A mix-up can only be seen between patients who differ.
        for example in VARIANTS:
            own = [p for p in patients if p.startswith(example)]
            if example == "example-to-confirm":
                self.assertEqual(len({answers[p] for p in own}), len(own), "their ages are not on the cards")
        self.assertGreaterEqual(len(set(answers.values())), 3 + len(VARIANTS["example-to-confirm"]))
        return jobs

    def test_every_answer_is_right(self):
        print(f"seed {SEED}, {CLIENTS} callers, {SECONDS:g} s", flush=True)
        # No deadline here: on a slow machine under a sanitizer a fetch may take long, and this is not about that.
        with harness.Service("--demo", "--fetch-milliseconds", "60000", "--log-level", "warn") as service:
            jobs = self.jobs_of(service)
            end = []
            begin = threading.Barrier(CLIENTS, action=lambda: end.append(time.monotonic() + SECONDS))
            callers = [Caller(service.url, jobs, SEED + i, begin, lambda: end[0]) for i in range(CLIENTS)]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            wrong = sum((c.wrong for c in callers), collections.Counter())
            right = sum(c.right for c in callers)
            print(f"{right} right, {sum(wrong.values())} wrong", flush=True)
            self.assertEqual(wrong, {})
            self.assertGreaterEqual(right, CLIENTS * len(jobs))
            self.assertEqual(service.stop(), 0, service.log_text()[-4000:])  # a sanitizer's finding ends in another code


if __name__ == "__main__":
    unittest.main()
