"""One set of rows on both servers, one table of searches: the same rows come back, in the same order where one is asked for."""
import random
import unittest
import urllib.parse

import hapi
import harness

P = "interop-search"
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"


def row(kind, name, **members):
    return {"resourceType": kind, "id": f"{P}-{name}", "subject": {"reference": f"Patient/{P}"}, **members}


def coded(*codings):
    return {"coding": [{k: v for k, v in (("system", system), ("code", code)) if v} for system, code in codings]}


def observation(name, when=None, code=((LOINC, "1"),), status="final", **members):
    dated = {"effectiveDateTime": when} if isinstance(when, str) else {"effectivePeriod": when} if when else {}
    return row("Observation", name, status=status, code=coded(*code), **dated, **members)


PATIENT = {"resourceType": "Patient", "id": P}
OTHER = {"resourceType": "Patient", "id": P + "-other"}
ROWS = [
    PATIENT, OTHER,
    observation("day", "2026-02-20"),
    observation("month", "2026-02"),
    observation("year", "2026"),
    observation("noon", "2026-02-20T12:00:00Z"),
    observation("offset", "2026-02-20T23:30:00-05:00"),
    observation("midnight", "2026-02-20T00:00:00Z"),
    observation("milliseconds", "2026-02-20T12:00:00.500Z"),
    observation("period", {"start": "2026-02-10", "end": "2026-02-25"}),
    observation("began", {"start": "2026-02-15"}),
    observation("ended", {"end": "2026-02-15"}),
    observation("undated"),
    observation("old", "2019-05-01", code=((LOINC, "2"), (SNOMED, "1"))),
    observation("unsystematic", "2026-01-02", code=(("", "1"),)),
    observation("system", "2026-01-03", code=(("urn:a,b", "x|y"),)),
    observation("preliminary", "2026-01-04", status="preliminary"),
    observation("wrong", "2026-01-05", status="entered-in-error"),
    observation("tagged", "2026-01-06", meta={"tag": [{"system": "urn:interop", "code": "one"}, {"system": "urn:interop", "code": "two"}]}),
    {**observation("other", "2026-01-07"), "subject": {"reference": f"Patient/{P}-other"}},
    row("Procedure", "done", status="completed", code=coded((SNOMED, "5")), performedDateTime="2026-01-10"),
    row("Procedure", "long", status="completed", code=coded((SNOMED, "6")), performedPeriod={"start": "2026-01-10", "end": "2026-01-12"}),
    row("Procedure", "string", status="completed", code=coded((SNOMED, "5")), performedString="some day"),
    row("Condition", "recorded", code=coded((SNOMED, "7")), recordedDate="2026-01-10"),
    row("Condition", "onset", code=coded((SNOMED, "7")), onsetDateTime="2026-01-10"),
    {**row("AllergyIntolerance", "allergy", code=coded((SNOMED, "8"))), "patient": {"reference": f"Patient/{P}"}},
    row("MedicationRequest", "request", status="active", intent="order", medicationCodeableConcept=coded((SNOMED, "9")), authoredOn="2026-01-11"),
]
del ROWS[-2]["subject"]

# Where the two part, each with its reason: value of `date`, rows that the embedded server alone finds, rows that HAPI alone finds.
FEBRUARY = "day midnight milliseconds noon offset period"
DIFFER = {
    # HAPI compares with the first day of a month or year in `le` and with the last in `ge`; R4 3.1.1.4.5: what the value contains matches.
    "le2026-02": (FEBRUARY, ""),
    "ge2026-02": (FEBRUARY, ""),
    "le2026": (FEBRUARY + " month preliminary system tagged unsystematic wrong", ""),
    "ge2026": (FEBRUARY + " month preliminary system tagged unsystematic wrong", ""),
    # HAPI takes the edge of a period open at the other side as a match; by R4 3.1.1.4.5 it is neither above nor within the value.
    "le2026-02-15": ("", "began"),
    "ge2026-02-15": ("", "ended"),
    # A day without offset is read in the zone of the value here, in the server's zone by HAPI.
    "gt2026-02-20T23:30:00-05:00": ("day", ""),
    "ge2026-02-20T23:30:00-05:00": ("day", ""),
    # A second lasts to its end here, and is an instant to HAPI.
    "gt2026-02-20T12:00:00.500Z": ("noon", ""),
    "ge2026-02-20T12:00:00.500Z": ("noon", ""),
}
O = f"Observation?patient={P}"
SEARCHES = [
    O,
    f"Observation?subject=Patient/{P}", f"Observation?subject={P}",
    f"Observation?patient=Patient/{P}", f"Observation?patient={P},{P}-other", f"Observation?patient={P}-none",
    f"Observation?_id={P}-day,{P}-old,{P}-none", f"{O}&_id={P}-day,{P}-other",
    # codes
    f"{O}&code=1", f"{O}&code=http://loinc.org|1", f"{O}&code=http://loinc.org%7C1", f"{O}&code=|1", f"{O}&code=http://loinc.org|",
    f"{O}&code=http://loinc.org|2", f"{O}&code=http://snomed.info/sct|1,http://loinc.org|1", f"{O}&code=http://loinc.org|2&code=http://snomed.info/sct|1",
    f"{O}&code=http://loinc.org|1&code=http://snomed.info/sct|1", f"{O}&code=urn:none|1", f"{O}&code=urn%3Aa%5C%2Cb%7Cx%5C%7Cy",
    f"Procedure?patient={P}&code=http://snomed.info/sct|5", f"Condition?patient={P}&code=http://snomed.info/sct|7",
    f"AllergyIntolerance?patient={P}", f"MedicationRequest?patient={P}&code=http://snomed.info/sct|9",
    # statuses
    f"{O}&status=final", f"{O}&status=preliminary,entered-in-error", f"{O}&status=http://hl7.org/fhir/observation-status|preliminary",
    # tags
    f"{O}&_tag=urn:interop|one", f"{O}&_tag=one", f"{O}&_tag=urn:interop|one&_tag=urn:interop|two", f"{O}&_tag=urn:other|one",
    # dates
    *[f"{O}&date={prefix}{value}" for prefix in ("", "eq", "ne", "lt", "gt", "le", "ge")
      for value in ("2026-02-20", "2026-02", "2026", "2026-02-15", "2026-02-20T12:00:00Z", "2026-02-20T23:30:00-05:00", "2026-02-20T12:00:00.500Z")
      if prefix + value not in DIFFER],
    f"{O}&date=ge2026-02-20&date=lt2026-02-21", f"{O}&date=ge2026-01-01&date=le2026-01-31",
    f"Procedure?patient={P}&date=2026-01-10", f"Procedure?patient={P}&date=ge2026-01-11", f"Condition?patient={P}&recorded-date=ge2026-01-01",
    f"MedicationRequest?patient={P}&authoredon=ge2026-01-01",
]
SORTED = [f"{O}&code=http://loinc.org|2,http://loinc.org|1&status=final&_sort={order}" for order in ("date", "-date")] + [
    f"Observation?_id={P}-old,{P}-day,{P}-other,{P}-tagged&_sort={order}" for order in ("_id", "-_id", "date", "-date")]


# Parts of random searches; no date here is one where the two part.
CODES = ["1", "2", "x\\|y", "http://loinc.org|1", "http://loinc.org|2", "http://loinc.org|", "|1", "http://snomed.info/sct|1", "urn:a\\,b|x\\|y", "urn:none|1"]
STATUSES = ["final", "preliminary", "entered-in-error", "amended", "http://hl7.org/fhir/observation-status|final"]
TAGS = ["urn:interop|one", "two", "urn:interop|none"]
DATES = ["2019-05-01", "2026-01-03", "2026-01-06", "2026-02-12", "2026-02-20", "2026-02-24", "2027-01-01"]
SEARCH_COUNT = 25


def random_search(source):
    """A search of Observations with some of the parameters, each with some alternatives, some repeated."""
    def alternatives(values):
        return urllib.parse.quote(",".join(source.sample(values, source.randint(1, min(3, len(values))))), safe=",")

    parts = [f"patient={source.choice([P, P, P, P + '-other', P + ',' + P + '-other'])}"]
    for name, values, chance in (("code", CODES, 0.6), ("code", CODES, 0.2), ("status", STATUSES, 0.4), ("_tag", TAGS, 0.15)):
        if source.random() < chance:
            parts.append(f"{name}={alternatives(values)}")
    if source.random() < 0.3:
        parts.append("date=" + source.choice(["", "eq", "ne", "lt", "gt", "le", "ge"]) + source.choice(DATES))
    elif source.random() < 0.3:  # two dates are a range to HAPI, and it refuses another pair with 400
        low, high = sorted(source.sample(DATES, 2))
        parts += [f"date={source.choice(['ge', 'gt'])}{low}", f"date={source.choice(['le', 'lt'])}{high}"]
    if source.random() < 0.3:
        parts.append("_sort=" + source.choice(["date", "-date", "_id", "-_id"]))
    if source.random() < 0.3:
        parts.append(f"_count={source.randint(1, 9)}")
    source.shuffle(parts)
    return "Observation?" + "&".join(parts)


def ids(base, search):
    """Ids in their order, all pages; or the status of a refusal."""
    answer = hapi.read(base, search)
    if answer.status != 200:
        return answer.status
    return [entry["resource"]["id"].removeprefix(P + "-") for entry in hapi.entries(base, search)]


class Searches(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.embedded = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.embedded.__exit__)
        cls.addClassCleanup(hapi.remove, hapi.BASE, *ROWS)
        for base in (cls.embedded.fhir, hapi.BASE):
            hapi.write(base, *ROWS)

    def test_the_same_rows(self):
        found = 0
        for search in SEARCHES:
            with self.subTest(search=search):
                theirs, ours = ids(hapi.BASE, search), ids(self.embedded.fhir, search)
                self.assertIsInstance(theirs, list)
                self.assertEqual(sorted(ours), sorted(theirs))
                found += bool(theirs)
        self.assertGreater(found, len(SEARCHES) // 2, "most searches find something")

    def test_random_searches(self):
        for seed in (1, random.SystemRandom().getrandbits(32)):
            source, found = random.Random(seed), 0
            for _ in range(SEARCH_COUNT):
                search = random_search(source)
                with self.subTest(seed=seed, search=search):
                    theirs, ours = ids(hapi.BASE, search), ids(self.embedded.fhir, search)
                    self.assertIsInstance(theirs, list)
                    self.assertEqual(sorted(ours), sorted(theirs))
                    found += bool(theirs)
            self.assertGreater(found, SEARCH_COUNT // 8, f"seed {seed}: hardly a search finds something")

    def test_known_differences(self):
        for value, (here, there) in DIFFER.items():
            with self.subTest(date=value):
                ours, theirs = (set(ids(base, f"{O}&date={value}")) for base in (self.embedded.fhir, hapi.BASE))
                self.assertEqual((ours - theirs, theirs - ours), (set(here.split()), set(there.split())))

    def test_the_same_order(self):
        for search in SORTED:
            with self.subTest(search=search):
                theirs = ids(hapi.BASE, search)
                self.assertGreater(len(theirs), 3)
                self.assertEqual(ids(self.embedded.fhir, search), theirs)

    def test_page_by_page(self):
        for count in (1, 2, 7):
            search = f"{O}&_sort=-date&_count={count}"
            for base in (self.embedded.fhir, hapi.BASE):
                with self.subTest(count=count, embedded=base == self.embedded.fhir):
                    found = ids(base, search)
                    self.assertEqual(sorted(found), sorted(ids(base, O)))
                    self.assertEqual(len(set(found)), len(found))


if __name__ == "__main__":
    hapi.main()
