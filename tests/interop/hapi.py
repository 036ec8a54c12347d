"""The HAPI server of deploy/interop, for the tests of this folder.

    if __name__ == "__main__":
        hapi.main()
"""
import http.client
import json
import os
import sys
import unittest
import urllib.parse

import harness

BASE = os.environ.get("MAINSTAY_HAPI", "")
SKIPPED = 77  # what CTest takes for "skipped"
DAY = (harness.SOURCE / "fixtures" / "today").read_text().strip()
PATIENTS = harness.ALL_EXAMPLES
FHIR_JSON = {"Content-Type": "application/fhir+json"}
NO_CACHE = {"Cache-Control": "no-cache"}
WAIT = "60000"  # milliseconds that a call may wait for this server, which has just been started


def main():
    if not BASE:
        print("interop: Skipped\nno HAPI server in MAINSTAY_HAPI; deploy/interop starts one")
        sys.exit(SKIPPED)
    unittest.main()


def service(permitted=BASE, *flags):
    """A service that may ask one server, on the day of the example patients."""
    return harness.Service("--permit", permitted, "--now", DAY, "--fetch-milliseconds", WAIT, *flags)


def examples(patient):
    """The resources of an example patient, as they are in the repository."""
    return [json.loads(line) for line in (harness.SOURCE / "fixtures" / "patients" / f"{patient}.ndjson").read_text().splitlines()]


def write(base, *resources):
    """PUTs resources; what refers to others last."""
    for resource in resources:
        answer = harness.request("PUT", f"{base}/{resource['resourceType']}/{resource['id']}", json.dumps(resource).encode(), FHIR_JSON)
        assert answer.status in (200, 201), answer.body


def remove(base, *resources):
    """Deletes resources in the opposite order of `write`; HAPI answers 200, others 204."""
    for resource in reversed(resources):
        answer = harness.request("DELETE", f"{base}/{resource['resourceType']}/{resource['id']}")
        assert answer.status in (200, 204, 404, 410), answer.body


def read(base, path):
    """A read or search that is not answered from memory."""
    return harness.request("GET", f"{base}/{path}", headers=NO_CACHE)


def entries(base, search):
    """The entries of a search, all its pages."""
    page, found = read(base, search).json, []
    while True:
        found += page.get("entry", [])
        following = [link["url"] for link in page.get("link", []) if link["relation"] == "next"]
        if not following:
            return found
        page = harness.request("GET", following[0], headers=NO_CACHE).json


def sandbox(command, base=BASE):
    return harness.run("sandbox", command, base, timeout=harness.LONG)


def load_examples():
    done = sandbox("load")
    assert done.returncode == 0, done.stderr


def calls(service):
    """What the log says of the calls, once the service has ended."""
    service.stop()
    return [line for line in service.log_lines() if line["event"] == "call"]


class Between:
    """Stands between the service and HAPI: `change(path)` gives the path that HAPI is asked instead, `accept` the media
    type; HAPI's links lead here, as it makes them from the Host header."""

    def __init__(self, change=lambda path: path):
        self.change, self.accept = change, None
        self.bodies = []
        self.stub = harness.Stub(self._answer)

    def __enter__(self):
        self.stub.__enter__()
        return self

    def __exit__(self, *exception):
        self.stub.__exit__(*exception)

    @property
    def base(self):
        return self.stub.base

    @property
    def paths(self):
        return [path for _, path, _, _ in self.stub.seen]

    def _answer(self, path, headers):
        parts = urllib.parse.urlsplit(BASE)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=harness.LONG)
        try:
            passed = {name: headers[name] for name in ("Host", "Accept", "Cache-Control") if name in headers}
            if self.accept:
                passed["Accept"] = self.accept
            connection.request("GET", self.change(path), headers=passed)
            answer = connection.getresponse()
            body = answer.read()
            self.bodies.append(body)
            return answer.status, answer.headers.get("Content-Type", ""), body
        finally:
            connection.close()


def with_parameter(path, name, value):
    """A search's path with one parameter set; reads and page links stay as they are."""
    where, mark, query = path.partition("?")
    if not mark or "_getpages" in query:
        return path
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] != name]
    return where + "?" + "&".join([*kept, f"{name}={value}"])
