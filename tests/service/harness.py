"""Starts the service and talks to it: what the black-box tests share.

    with harness.Service("--demo") as s:
        answer = s.post("/cds-services/maintenance-options", harness.hook_request("example-to-confirm", fhirServer=s.fhir))
        answer.status, answer.json, answer.headers
"""
import fcntl
import http.client
import http.server
import json
import os
import pathlib
import queue
import signal
import subprocess
import tempfile
import threading
import urllib.parse

BINARY = os.environ.get("MAINSTAY_BINARY", "build/dev/mainstay")
SOURCE = pathlib.Path(os.environ.get("MAINSTAY_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
SERVICE = "maintenance-options"
EXAMPLES = ("example-to-confirm", "example-not-eligible", "example-cannot-assess")
ALL_EXAMPLES = tuple(sorted(path.stem for path in (SOURCE / "fixtures" / "patients").glob("*.ndjson")))
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
LONG = 60  # seconds until a test that waits for something fails; never a measure of speed


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The machine code of an error body."""
        return self.json["issue"][0]["details"]["coding"][0]["code"]


def request(method, url, body=None, headers=None, timeout=LONG):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        path = parts.path or "/"
        connection.request(method, path + ("?" + parts.query if parts.query else ""), body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def post(url, body, headers=None, timeout=LONG):
    """Posts JSON; `body` is an object, or bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return request("POST", url, data, {"Content-Type": "application/json", **(headers or {})}, timeout)


def get(url, timeout=LONG):
    return request("GET", url, timeout=timeout)


def hook_request(patient, **members):
    return {"hook": "patient-view", "hookInstance": INSTANCE, "context": {"userId": "Practitioner/example", "patientId": patient}, **members}


def authorization(token):
    return {"access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.read", "subject": "mainstay"}


def run(*arguments, environment=None, timeout=LONG):
    """Runs the command line to its end."""
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL,
                          env={**os.environ, **(environment or {})})


class Service:
    """`mainstay serve` on a free port, from `with` to its end."""

    def __init__(self, *arguments, environment=None):
        self.arguments, self.environment = arguments, environment
        self.url = self.fhir = None

    def __enter__(self):
        self.log = tempfile.TemporaryFile("a+b")
        # Reading moves the offset that both share, so the service must append; the mode alone does not say so to the system.
        fcntl.fcntl(self.log, fcntl.F_SETFL, fcntl.fcntl(self.log, fcntl.F_GETFL) | os.O_APPEND)
        command = [BINARY, "serve", "--port", "0", *self.arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, text=True,
                                        env={**os.environ, **(self.environment or {})})
        lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self.reader.start()
        self.printed = []
        try:
            while True:
                line = lines.get(timeout=LONG)
                if line is None:
                    raise AssertionError("the service ended before it was ready: " + self.log_text())
                self.printed.append(line)
                name, _, value = line.partition(" ")
                if name == "mainstay":
                    self.url = value
                elif name == "fhir":
                    self.fhir = value
                elif line == "ready":
                    return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def _read(self, lines):
        for line in self.process.stdout:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LONG)
        self.reader.join(LONG)
        self.process.stdout.close()
        self.log.close()

    def stop(self, number=signal.SIGTERM):
        """Signals it and returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(LONG)

    def log_text(self):
        self.log.seek(0)
        return self.log.read().decode()

    def log_lines(self):
        """The log's JSON lines."""
        return [json.loads(line) for line in self.log_text().splitlines() if line.startswith("{")]

    def get(self, path, **keywords):
        return get(self.url + path, **keywords)

    def post(self, path, body, **keywords):
        return post(self.url + path, body, **keywords)

    def call(self, patient, **members):
        """A hook call of the service under test."""
        return self.post("/cds-services/" + SERVICE, hook_request(patient, **members))

    def templates(self):
        services = self.get("/cds-services").json["services"]
        return next(s for s in services if s["id"] == SERVICE)["prefetch"]

    def prefetch(self, patient, fhir=None):
        """The templates filled from a FHIR server, all pages in one Bundle."""
        return {key: read(fhir or self.fhir, text.replace("{{context.patientId}}", patient)) for key, text in self.templates().items()}


def read(base, relative):
    answer = get(f"{base}/{relative}")
    value = answer.json if answer.status == 200 else None
    while value and value["resourceType"] == "Bundle" and any(k["relation"] == "next" for k in value.get("link", [])):
        page = get(next(k["url"] for k in value["link"] if k["relation"] == "next")).json
        value["entry"] += page.get("entry", [])
        value["link"] = page.get("link", [])
    return value


class Stub:
    """A FHIR server of one function: (path with query, headers) -> (status, content type, body bytes)."""

    def __init__(self, answer):
        outer = self
        self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._answer(b"")

            def do_POST(self):
                self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            do_PUT = do_DELETE = do_POST

            def _answer(self, body):
                outer.seen.append((self.command, self.path, dict(self.headers), body))
                try:
                    status, kind, text = answer(self.path, self.headers)
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    self.close_connection = True  # the other side has gone

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a caller that goes is no fault of the test
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}/fhir"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def as_json(value, status=200):
    return status, "application/fhir+json", json.dumps(value).encode()


def response_findings(body):
    """What of CDS Hooks 2.0.1 "CDS Service Response" a response does not keep."""
    found = []
    cards = body.get("cards")
    if not isinstance(cards, list):
        return ["no array of cards"]
    for card in cards:
        summary = card.get("summary")
        if not isinstance(summary, str) or not 0 < len(summary) < 140:
            found.append("summary")
        if card.get("indicator") not in ("info", "warning", "critical"):
            found.append("indicator")
        if not card.get("source", {}).get("label"):
            found.append("source.label")
        if "topic" in card.get("source", {}) and not all(card["source"]["topic"].get(k) for k in ("code", "system")):
            found.append("source.topic")
        if card.get("detail") == "":
            found.append("detail")
    uuids = [card.get("uuid") for card in cards]
    if len(set(uuids)) != len(uuids):
        found.append("uuid")
    return found
