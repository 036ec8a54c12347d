"""`sandbox load` and `sandbox clear` on HAPI and on the embedded server: nothing twice, nothing of others touched."""
import copy
import tempfile
import unittest

import hapi
import harness

TAG = {"system": "urn:mainstay:sandbox", "code": "example"}
ROWS = [resource for patient in hapi.PATIENTS for resource in hapi.examples(patient)]


def stored(base, resource):
    answer = hapi.read(base, f"{resource['resourceType']}/{resource['id']}")
    return answer.json if answer.status == 200 else None


class Checks:
    """Run for each server by the classes below; `base` is its address."""

    def setUp(self):
        self.run_good("clear")
        self.addCleanup(hapi.sandbox, "clear", self.base)

    def run_good(self, command):
        done = hapi.sandbox(command, self.base)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def test_load_twice_clear_twice(self):
        self.assertIn(f"loaded {len(ROWS)} resources of {len(hapi.PATIENTS)} patients into {self.base}: {len(ROWS)} written, 0 there already",
                      self.run_good("load"))
        first = [stored(self.base, row) for row in ROWS]
        for row, there in zip(ROWS, first):
            self.assertIn(TAG, there["meta"]["tag"])
            self.assertEqual({k: v for k, v in there.items() if k != "meta"}, {k: v for k, v in row.items() if k != "meta"})
        self.assertIn(f": 0 written, {len(ROWS)} there already", self.run_good("load"))
        self.assertEqual([stored(self.base, row) for row in ROWS], first, "no new version")
        found = [entry for kind in {row["resourceType"] for row in ROWS}
                 for entry in hapi.entries(self.base, f"{kind}?_tag=urn:mainstay:sandbox|example&_count=20")]
        self.assertEqual(len(found), len(ROWS), "no duplicates")
        self.assertIn(f"removed {len(ROWS)} resources", self.run_good("clear"))
        self.assertEqual([stored(self.base, row) for row in ROWS], [None] * len(ROWS))
        self.assertIn("removed 0 resources", self.run_good("clear"))
        self.assertIn(f"{len(ROWS)} written", self.run_good("load"))

    def test_what_was_changed_or_lost_is_put_right(self):
        self.run_good("load")
        changed = copy.deepcopy(stored(self.base, next(row for row in ROWS if row["resourceType"] == "Observation")))
        changed["status"] = "amended"
        lost = next(row for row in ROWS if row["resourceType"] == "Procedure")
        hapi.write(self.base, changed)
        hapi.remove(self.base, lost)
        others = [stored(self.base, row) for row in ROWS if row["id"] not in (changed["id"], lost["id"])]
        self.assertIn(f": 2 written, {len(ROWS) - 2} there already", self.run_good("load"))
        self.assertNotEqual(stored(self.base, changed)["status"], "amended")
        self.assertIsNotNone(stored(self.base, lost))
        self.assertEqual([stored(self.base, row) for row in ROWS if row["id"] not in (changed["id"], lost["id"])], others)

    def test_others_resources_stay(self):
        patient = {"resourceType": "Patient", "id": "interop-other", "meta": {"tag": [{"system": "urn:other", "code": "example"}]}}
        row = {"resourceType": "Observation", "id": "interop-other-1", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/interop-other"}}
        hapi.write(self.base, patient, row)
        self.addCleanup(hapi.remove, self.base, patient, row)
        before = [stored(self.base, patient), stored(self.base, row)]
        self.run_good("load")
        self.run_good("clear")
        self.assertEqual([stored(self.base, patient), stored(self.base, row)], before)

    def test_somebody_elses_resource_of_the_same_id_is_not_overwritten(self):
        # An id of its own: HAPI keeps a tag over an update that does not name it.
        other = {"resourceType": "Patient", "id": "interop-taken", "birthDate": "1900-01-01"}
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/p.ndjson", "w", encoding="utf-8") as file:
                file.write('{"resourceType":"Patient","id":"interop-taken"}\n{"resourceType":"Patient","id":"interop-free"}\n')
            hapi.write(self.base, other)
            self.addCleanup(hapi.remove, self.base, other)
            before = stored(self.base, other)
            done = harness.run("sandbox", "load", self.base, "--fixtures", folder)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("`Patient/interop-taken` is in", done.stderr)
            self.assertEqual(stored(self.base, other), before)
            self.assertIsNone(stored(self.base, {"resourceType": "Patient", "id": "interop-free"}), "nothing was loaded")
            cleared = harness.run("sandbox", "clear", self.base, "--fixtures", folder)
            self.assertIn("removed 0 resources", cleared.stdout)
            self.assertEqual(stored(self.base, other), before)

    def test_an_id_that_was_ours_once(self):
        """HAPI hands the tags of a deleted resource on to the next one of its id."""
        self.run_good("load")
        self.run_good("clear")
        other = {"resourceType": "Patient", "id": hapi.PATIENTS[0], "birthDate": "1900-01-01"}
        hapi.write(self.base, other)
        self.addCleanup(hapi.remove, self.base, other)
        before = stored(self.base, other)
        self.assertEqual(TAG in before.get("meta", {}).get("tag", []), self.keeps_tags)
        self.assertEqual(hapi.sandbox("load", self.base).returncode, 1)
        self.assertIn("removed 0 resources", self.run_good("clear"))
        self.assertEqual(stored(self.base, other), before)


class OnHapi(Checks, unittest.TestCase):
    base = hapi.BASE
    keeps_tags = True

    def test_clear_of_a_patient_whom_others_refer_to(self):
        """HAPI refuses to delete what is referred to: nothing is removed, and it is said why."""
        self.run_good("load")
        row = {"resourceType": "Observation", "id": "interop-refers", "status": "final", "code": {"text": "x"},
               "subject": {"reference": f"Patient/{hapi.PATIENTS[0]}"}}
        hapi.write(self.base, row)
        self.addCleanup(hapi.remove, self.base, row)
        done = hapi.sandbox("clear", self.base)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("refused the transaction with status 409", done.stderr)
        self.assertIn("Observation/interop-refers", done.stderr)
        self.assertNotIn(None, [stored(self.base, r) for r in ROWS])
        hapi.remove(self.base, row)
        self.assertIn(f"removed {len(ROWS)} resources", self.run_good("clear"))


class OnEmbedded(Checks, unittest.TestCase):
    keeps_tags = False

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.server = harness.Service("--demo", "--fixtures", folder.name).__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.base = cls.server.fhir


if __name__ == "__main__":
    hapi.main()
