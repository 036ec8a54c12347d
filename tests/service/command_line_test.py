"""The command line: exit codes, messages, help, and each command once for good."""
import json
import pathlib
import socket
import tempfile
import unittest

import harness


class Usage(unittest.TestCase):
    def test_wrong_usage(self):
        table = [
            ([], 2, "subcommand"),
            (["nonsense"], 2, ""),
            (["serve", "--port", "x"], 2, "--port"),
            (["serve", "--permit", "hosp.org"], 2, "is not a base URL"),
            (["serve", "--permit", "https://u@hosp.org/fhir"], 2, "is not a base URL"),
            (["serve", "--timezone", "Mars/Olympus"], 2, "is neither an offset"),
            (["serve", "--timezone", "../../etc/passwd"], 2, "is neither an offset"),
            (["serve", "--log-level", "loud"], 2, "--log-level"),
            (["serve", "--now", "yesterday"], 2, "--now"),
            (["serve", "--pack", "not-there"], 2, "`not-there` is not a folder"),
            (["serve", "--demo", "--fixtures", "not-there"], 2, "`not-there` is not a folder"),
            (["call"], 2, "SERVICE"),
            (["call", "x", "--patient", "p", "--prefetch"], 2, "needs `--fhir`"),
            (["call", "x", "--patient", "p", "--show", "nothing"], 2, "--show"),
            (["call", "x", "--patient", "p", "--url", "http://127.0.0.1:9", "--token-file", "not-there"], 2, "not-there"),
            (["call", "x", "--patient", "p", "--url", "http://127.0.0.1:9"], 1, "cannot reach `http://127.0.0.1:9/cds-services`"),
            (["sandbox", "load"], 2, "URL"),
            (["sandbox", "load", "http://127.0.0.1:9/fhir"], 1, "cannot read what `http://127.0.0.1:9/fhir` has of Condition: connection refused"),
            (["rules", "check", "not-there"], 2, "`not-there` is not a folder"),
            (["rules"], 2, "subcommand"),
            (["explain", "not-there"], 2, "cannot read `not-there`"),
            (["replay", "not-there"], 2, "cannot read `not-there`"),
        ]
        for arguments, code, said in table:
            with self.subTest(arguments=arguments):
                done = harness.run(*arguments)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertTrue(done.stderr.startswith("mainstay: "), done.stderr)
                self.assertIn(said, done.stderr)

    def test_help_shows_an_example(self):
        for command in ([], ["serve"], ["call"], ["sandbox"], ["sandbox", "load"], ["sandbox", "clear"], ["rules"], ["rules", "check"], ["rules", "test"],
                        ["rules", "examples"], ["explain"], ["replay"]):
            with self.subTest(command=command):
                done = harness.run(*command, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("example:\n  mainstay " + " ".join(command), done.stdout)

    def test_version(self):
        self.assertRegex(harness.run("--version").stdout, r"^mainstay \d+\.\d+\.\d+\n$")

    def test_port_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = harness.run("serve", "--port", str(port))
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(done.stderr, f"mainstay: cannot listen on `127.0.0.1:{port}`: address already in use; choose another with `--port`\n")


class Pack(unittest.TestCase):
    def test_check_and_test_of_the_binary_and_of_the_folder(self):
        folder = str(harness.SOURCE / "rules" / "packs" / "b_all_maintenance")
        for arguments in ([], [folder]):
            with self.subTest(arguments=arguments):
                checked = harness.run("rules", "check", *arguments)
                self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
                self.assertTrue(checked.stdout.endswith("0 errors, 0 warnings\n"))
                tested = harness.run("rules", "test", *arguments)
                self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)
                self.assertRegex(tested.stdout.splitlines()[-1], r"^[1-9]\d* passed, 0 failed$")
        self.assertEqual(harness.run("rules", "check").stdout, harness.run("rules", "check", folder).stdout, "the binary holds the folder's pack")

    def test_findings(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = harness.run("rules", "check", folder)
            self.assertEqual(empty.returncode, 2)
            (pathlib.Path(folder) / "pack.yaml").write_text("pack: x\nverson: 1\n")
            found = harness.run("rules", "check", folder)
            self.assertEqual(found.returncode, 1)
            self.assertIn("pack.yaml:2:1", found.stderr)
            self.assertRegex(found.stdout, r"[1-9]\d* errors, \d+ warnings\n$")
            self.assertEqual(harness.run("rules", "test", folder).returncode, 1)
            self.assertEqual(harness.run("serve", "--port", "0", "--pack", folder).returncode, 1)

    def test_committed_examples_are_what_the_cases_compile_to(self):
        with tempfile.TemporaryDirectory() as folder:
            done = harness.run("rules", "examples", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            made = {p.relative_to(folder): p.read_text() for p in pathlib.Path(folder).rglob("*") if p.is_file()}
            committed = harness.SOURCE / "fixtures"
            there = {p.relative_to(committed): p.read_text() for pattern in ("patients/*.ndjson", "today") for p in committed.glob(pattern)}
            self.assertEqual(sorted(made), sorted(there), "run `mainstay rules examples fixtures`")
            for path, text in made.items():
                self.assertEqual(text, there[path], f"{path}: run `mainstay rules examples fixtures`")
            self.assertGreaterEqual(len(made), 4)


class Explain(unittest.TestCase):
    def bundle(self, patient):
        lines = (harness.SOURCE / "fixtures" / "patients" / f"{patient}.ndjson").read_text().splitlines()
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": json.loads(line)} for line in lines]}

    def test_json(self):
        day = (harness.SOURCE / "fixtures" / "today").read_text().strip()
        expected = {"example-to-confirm": "to confirm", "example-not-eligible": "not eligible", "example-cannot-assess": "cannot assess"}
        with tempfile.TemporaryDirectory() as folder:
            for patient, verdict in expected.items():
                with self.subTest(patient=patient):
                    path = pathlib.Path(folder) / "chart.json"
                    path.write_text(json.dumps(self.bundle(patient)))
                    done = harness.run("explain", str(path), "--now", day, "--format", "json")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    told = json.loads(done.stdout)
                    self.assertEqual(told["now"], day)
                    self.assertEqual(told["verdicts"]["haplo_hsct_consolidation"]["verdict"], verdict)
                    self.assertEqual(done.stdout, harness.run("explain", str(path), "--now", day, "--format", "json", environment={"TZ": "Asia/Tokyo"}).stdout)
                    text = harness.run("explain", str(path), "--now", day)
                    self.assertIn(verdict, text.stdout)
                    self.assertTrue(text.stdout.isascii())

    def test_ndjson_and_resources_without_a_patient(self):
        day = (harness.SOURCE / "fixtures" / "today").read_text().strip()
        lines = harness.SOURCE / "fixtures" / "patients" / "example-not-eligible.ndjson"
        told = json.loads(harness.run("explain", str(lines), "--now", day, "--format", "json").stdout)
        self.assertEqual(told["verdicts"]["haplo_hsct_consolidation"]["verdict"], "not eligible")
        bundle = self.bundle("example-not-eligible")
        bundle["entry"] = [e for e in bundle["entry"] if e["resource"]["resourceType"] != "Patient"]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "chart.json"
            path.write_text(json.dumps(bundle))
            done = harness.run("explain", str(path), "--now", day, "--format", "json")
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_bad_charts(self):
        table = [("not json", "{", "is not JSON"), ("no bundle", '{"resourceType":"Patient","id":"p"}', "is not a Bundle"),
                 ("nobody", '{"resourceType":"Bundle","entry":[]}', "holds no patient")]
        two = self.bundle("example-to-confirm")
        two["entry"] += self.bundle("example-not-eligible")["entry"]
        table.append(("two", json.dumps(two), "holds resources of more than one patient"))
        with tempfile.TemporaryDirectory() as folder:
            for name, text, said in table:
                with self.subTest(name=name):
                    path = pathlib.Path(folder) / "chart.json"
                    path.write_text(text)
                    done = harness.run("explain", str(path), "--now", "2026-03-01")
                    self.assertEqual((done.returncode, done.stdout), (2, ""))
                    self.assertIn(said, done.stderr)


class Call(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__)

    def call(self, *arguments, patient="example-to-confirm"):
        return harness.run("call", harness.SERVICE, "--patient", patient, "--url", self.service.url, "--fhir", self.service.fhir, *arguments)

    def test_cards(self):
        fetched, prefetched = self.call("--fetch"), self.call("--prefetch")
        self.assertEqual(fetched.returncode, 0, fetched.stderr)
        self.assertEqual(prefetched.stderr, "")
        self.assertEqual(fetched.stdout, prefetched.stdout)
        self.assertIn("[info]", fetched.stdout)
        self.assertIn("Source: ", fetched.stdout)
        self.assertNotIn("**", fetched.stdout)
        self.assertNotIn("\x1b", fetched.stdout)
        narrow = harness.run("call", harness.SERVICE, "--patient", "example-to-confirm", "--url", self.service.url, "--fhir", self.service.fhir,
                             environment={"COLUMNS": "60"})
        self.assertGreater(len(narrow.stdout.splitlines()), len(fetched.stdout.splitlines()))
        self.assertIn("no cards", self.call(patient="example-not-eligible").stdout)

    def test_request_and_response(self):
        request = json.loads(self.call("--show", "request").stdout)
        self.assertEqual(request["context"]["patientId"], "example-to-confirm")
        self.assertEqual(request["fhirServer"], self.service.fhir)
        self.assertNotIn("prefetch", request)
        request = json.loads(self.call("--show", "request", "--prefetch").stdout)
        self.assertEqual(set(request["prefetch"]), set(self.service.templates()))
        response = json.loads(self.call("--show", "response").stdout)
        self.assertEqual(harness.response_findings(response), [])

    def test_token_is_not_shown(self):
        with tempfile.NamedTemporaryFile("w", suffix=".token") as token:
            token.write(" canary-token\n")
            token.flush()
            shown = self.call("--show", "request", "--token-file", token.name)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.assertNotIn("canary", shown.stdout + shown.stderr)
            self.assertEqual(json.loads(shown.stdout)["fhirAuthorization"]["token_type"], "Bearer")

    def test_errors(self):
        done = harness.run("call", "none", "--patient", "p", "--url", self.service.url)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"there is no service `none` at `{self.service.url}`; it has `{harness.SERVICE}`", done.stderr)
        done = harness.run("call", harness.SERVICE, "--patient", "p", "--url", self.service.url)
        self.assertEqual(done.returncode, 1)
        self.assertIn("status 412", done.stderr)
        self.assertIn("`fhirServer` is absent", done.stderr)


class Sandbox(unittest.TestCase):
    def test_load_twice_call_clear(self):
        with tempfile.TemporaryDirectory() as empty, harness.Service("--demo", "--fixtures", empty, "--now", "2026-03-01") as service:
            self.assertEqual(harness.get(service.fhir + "/Patient").json.get("entry", []), [])
            for written in (r"[1-9]\d* written, 0 there already", r"0 written, [1-9]\d* there already"):
                done = harness.run("sandbox", "load", service.fhir)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout.splitlines()[0], written)
                for patient in harness.ALL_EXAMPLES:
                    self.assertIn(patient, done.stdout)
            loaded = harness.get(service.fhir + "/Patient?_count=100").json["entry"]
            self.assertEqual(len(loaded), len(harness.ALL_EXAMPLES))
            for entry in loaded:
                self.assertIn({"system": "urn:mainstay:sandbox", "code": "example"}, entry["resource"]["meta"]["tag"])
            with harness.Service("--demo") as embedded:
                for patient in harness.ALL_EXAMPLES:
                    self.assertEqual(service.call(patient, fhirServer=service.fhir).body, embedded.call(patient, fhirServer=embedded.fhir).body)
            # Somebody else's resource of one of our ids stays.
            other = {"resourceType": "Patient", "id": harness.EXAMPLES[0]}
            put = harness.request("PUT", f"{service.fhir}/Patient/{other['id']}", json.dumps(other), {"Content-Type": "application/fhir+json"})
            self.assertIn(put.status, (200, 201), put.body)
            done = harness.run("sandbox", "load", service.fhir)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(f"`Patient/{other['id']}` is in `{service.fhir}` without our tag and source", done.stderr)
            done = harness.run("sandbox", "clear", service.fhir)
            self.assertEqual(done.returncode, 0, done.stderr)
            left = harness.get(service.fhir + "/Patient").json.get("entry", [])
            self.assertEqual([entry["resource"]["id"] for entry in left], [other["id"]])
            self.assertIn("removed 0 resources", harness.run("sandbox", "clear", service.fhir).stdout)

    def test_clear_believes_no_server(self):
        """One that ignores `_tag` gives other people's rows too: what is deleted bears the tag."""
        tag = {"system": "urn:mainstay:sandbox", "code": "example"}
        ours = {"resourceType": "Observation", "id": "ours", "meta": {"tag": [tag]}}
        others = [{"resourceType": "Observation", "id": "theirs"}, {"resourceType": "Patient", "id": "p", "meta": {"tag": [{"code": "example"}]}}]

        def answer(path, headers):
            kind = path.removeprefix("/fhir/").partition("?")[0]
            rows = [row for row in (ours, *others) if row["resourceType"] == kind]
            return harness.as_json({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": row} for row in rows]})

        with harness.Stub(answer) as server:
            done = harness.run("sandbox", "clear", server.base)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("removed 1 resources", done.stdout)
            posted = [json.loads(body) for method, _, _, body in server.seen if method == "POST"]
            self.assertEqual([entry["request"] for bundle in posted for entry in bundle["entry"]], [{"method": "DELETE", "url": "Observation/ours"}])

    def test_servers_that_cannot_be_read(self):
        table = [
            ("500", (500, "text/html", b"<html>"), "status 500"),
            ("HTML", (200, "text/html", b"<html>"), "not json"),
            ("refused parameter", harness.as_json({"resourceType": "OperationOutcome"}, 400), "status 400"),
            ("a next page elsewhere", harness.as_json({"resourceType": "Bundle", "link": [{"relation": "next", "url": "http://other.example/fhir"}]}),
             "next link leaves the server"),
        ]
        for name, answered, said in table:
            for command in ("load", "clear"):
                with self.subTest(name=name, command=command), harness.Stub(lambda path, headers, a=answered: a) as server:
                    done = harness.run("sandbox", command, server.base)
                    self.assertEqual((done.returncode, done.stdout), (1, ""))
                    self.assertRegex(done.stderr, rf"^mainstay: cannot read what `{server.base}` has of \w+: {said}\n$")
                    self.assertEqual({method for method, *_ in server.seen}, {"GET"}, "nothing was written")


if __name__ == "__main__":
    unittest.main()
