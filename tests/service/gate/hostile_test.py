"""Requests that must not get past the gate: each is refused and its connection closed, nothing hidden in it is read as a
second request, and the next caller is answered."""
import unittest
from dataclasses import dataclass

import harness
from wire import Wire, chunked, post, request

SMUGGLED = request("GET", "/smuggled")
CALL = "/cds-services/maintenance-options"


@dataclass
class Form:
    name: str
    bytes: bytes
    status: int


def coding(*values):
    return request("POST", CALL, "Content-Type: application/json", *(f"Transfer-Encoding: {v}" for v in values), body=b"0\r\n\r\n" + SMUGGLED)


def length(*values):
    return request("POST", CALL, "Content-Type: application/json", *(f"Content-Length: {v}" for v in values), body=b"{}" + SMUGGLED)


def both(*headers):
    return request("POST", CALL, "Content-Type: application/json", *headers, body=b"0\r\n\r\n" + SMUGGLED)


def raw(text):
    return text.encode("latin-1") + SMUGGLED


def target(path):
    return request("GET", path) + SMUGGLED


def kind(value):
    return request("POST", CALL, f"Content-Type: {value}", "Content-Length: 2", body=b"{}" + SMUGGLED)


FORMS = [
    # Forms that the HTTP library under the server is known to take.
    Form("gzip coding before a length", both("Transfer-Encoding: gzip", "Content-Length: 5"), 400),
    Form("gzip coding after a length", both("Content-Length: 5", "Transfer-Encoding: gzip"), 400),
    Form("gzip coding alone", coding("gzip"), 400),
    Form("xchunked with a length", both("Transfer-Encoding: xchunked", "Content-Length: 5"), 400),
    Form("chunked before a length", both("Transfer-Encoding: chunked", "Content-Length: 5"), 400),
    Form("chunked after a length", both("Content-Length: 5", "Transfer-Encoding: chunked"), 400),
    Form("chunked in HTTP/1.0", raw("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400),
    Form("no Host", request("GET", "/cds-services", host=None) + SMUGGLED, 400),
    Form("two Hosts", request("GET", "/cds-services", "Host: b") + SMUGGLED, 400),
    Form("absolute form of another host", target("http://other/cds-services"), 400),
    Form("folded line", request("GET", "/cds-services", "X-A: 1\r\n 2") + SMUGGLED, 400),
    Form("folded length", both("Content-Length: 2\r\n 0"), 400),
    Form("length list", length("2, 2"), 400),
    Form("two equal lengths", length("2", "2"), 400),
    Form("two lengths", length("2", "80"), 400),
    Form("length +2", length("+2"), 400),
    Form("bare LF", raw("GET /cds-services HTTP/1.1\nHost: a\n\n"), 400),
    Form("space before the colon", request("GET", "/cds-services", "X-A : 1") + SMUGGLED, 400),
    Form("NUL in a value", request("GET", "/cds-services", "X-A: a\0b") + SMUGGLED, 400),
    Form("chunk size beyond 64 bits", chunked(CALL, b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), 400),
    Form("LF in a chunk extension", chunked(CALL, b"2;a=\nb\r\n{}\r\n0\r\n\r\n"), 400),
    Form("chunk extension of a megabyte", chunked(CALL, b"2;" + b"x" * (1 << 20) + b"\r\n{}\r\n0\r\n\r\n"), 400),
    # Codings and lengths.
    Form("gzip, chunked", coding("gzip, chunked"), 400),
    Form("chunked, gzip", coding("chunked, gzip"), 400),
    Form("chunked twice", coding("chunked", "chunked"), 400),
    Form("chunked then identity", coding("chunked", "identity"), 400),
    Form("identity", coding("identity"), 400),
    Form("empty coding", coding(""), 400),
    Form("coding with a comma", coding(", chunked"), 400),
    Form("coding with a parameter", coding("chunked; a=b"), 400),
    Form("coding in quotes", coding('"chunked"'), 400),
    Form("coding after a vertical tab", coding("\x0bchunked"), 400),
    Form("coding after a no-break space", coding("\xa0chunked"), 400),
    Form("coding with a space before the colon", both("Transfer-Encoding : chunked", "Content-Length: 2"), 400),
    Form("coding folded", both("Transfer-Encoding:\r\n chunked"), 400),
    Form("coding behind a bare CR", both("X-A: 1\rTransfer-Encoding: chunked", "Content-Length: 2"), 400),
    Form("length -2", length("-2"), 400),
    Form("length 0x2", length("0x2"), 400),
    Form("length 02", length("02"), 400),
    Form("length 2.0", length("2.0"), 400),
    Form("length 2 2", length("2 2"), 400),
    Form("length 2;", length("2;"), 400),
    Form("empty length", length(""), 400),
    Form("length beyond 64 bits", length("18446744073709551618"), 413),
    Form("length of a gigabyte", length(str(1 << 30)), 413),
    # Lines.
    Form("empty line first", b"\r\n" + request("GET", "/cds-services"), 400),
    Form("header line without a colon", request("GET", "/cds-services", "X-A") + SMUGGLED, 400),
    Form("header line without a name", request("GET", "/cds-services", ": 1") + SMUGGLED, 400),
    Form("header name with a space", request("GET", "/cds-services", "X A: 1") + SMUGGLED, 400),
    Form("header name not ASCII", request("GET", "/cds-services", "X\xe9: 1") + SMUGGLED, 400),
    Form("escape in a value", request("GET", "/cds-services", "X-A: \x1b[31m") + SMUGGLED, 400),
    Form("line of LF CR", raw("GET /cds-services HTTP/1.1\n\rHost: a\n\r\n\r"), 400),
    Form("fold before the first header", raw("GET /cds-services HTTP/1.1\r\n Host: a\r\n\r\n"), 400),
    # The request line.
    Form("one letter", raw("G\r\n\r\n"), 400),
    Form("no version", raw("GET /cds-services\r\nHost: a\r\n\r\n"), 400),
    Form("two spaces", raw("GET  /cds-services HTTP/1.1\r\nHost: a\r\n\r\n"), 400),
    Form("tab for a space", raw("GET\t/cds-services\tHTTP/1.1\r\nHost: a\r\n\r\n"), 400),
    Form("space behind the version", raw("GET /cds-services HTTP/1.1 \r\nHost: a\r\n\r\n"), 400),
    Form("HTTP/1.0 without Host", raw("GET /cds-services HTTP/1.0\r\n\r\n"), 400),
    Form("HTTP/1.9", raw("GET /cds-services HTTP/1.9\r\nHost: a\r\n\r\n"), 505),
    Form("HTTP/2 preface", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505),
    Form("HTTP/11", raw("GET /cds-services HTTP/11\r\nHost: a\r\n\r\n"), 400),
    Form("http/1.1", raw("GET /cds-services http/1.1\r\nHost: a\r\n\r\n"), 400),
    Form("method with a bracket", raw("G[T /cds-services HTTP/1.1\r\nHost: a\r\n\r\n"), 400),
    Form("long method", raw("G" * 1000 + " /cds-services HTTP/1.1\r\nHost: a\r\n\r\n"), 400),
    Form("TLS hello", b"\x16\x03\x01\x00\xc5\x01\x00\x00\xc1\x03\x03", 400),
    Form("noise", bytes(range(256)), 400),
    # Targets.
    Form("asterisk", raw("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 400),
    Form("CONNECT", raw("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), 400),
    Form("two slashes", target("//cds-services"), 400),
    Form("way up", target("/cds-services/../admin"), 400),
    Form("encoded way up", target("/cds-services/%2e%2e/admin"), 400),
    Form("twice encoded way up", target("/cds-services/%252e%252e/admin"), 400),
    Form("encoded slash", target("/cds-services%2fa"), 400),
    Form("backslash", target("/cds-services\\a"), 400),
    Form("encoded backslash", target("/cds-services%5ca"), 400),
    Form("encoded NUL", target("/cds-services%00"), 400),
    Form("encoded line end", target("/cds-services%0d%0aX-A:%201"), 400),
    Form("wrong escape", target("/cds-services%u0041"), 400),
    Form("fragment", target("/cds-services#a"), 400),
    Form("path not ASCII", target("/cds-services\xe9"), 400),
    Form("encoded line end in the query", target("/cds-services?a=%0d%0a"), 400),
    Form("space in the query", target("/cds-services?a=b c"), 400),
    # Hosts.
    Form("empty Host", request("GET", "/cds-services", host="") + SMUGGLED, 400),
    Form("Host list", request("GET", "/cds-services", host="a, b") + SMUGGLED, 400),
    Form("Host with a user", request("GET", "/cds-services", host="u@a") + SMUGGLED, 400),
    Form("Host with a path", request("GET", "/cds-services", host="a/b") + SMUGGLED, 400),
    Form("Host with a wrong port", request("GET", "/cds-services", host="a:b") + SMUGGLED, 400),
    # Sizes.
    Form("header of 20 kB", request("GET", "/cds-services", "X-A: " + "x" * 20000), 431),
    Form("header without an end", b"GET /cds-services HTTP/1.1\r\nHost: a\r\nX-A: " + b"x" * 20000, 431),
    Form("target of 20 kB", target("/" + "a" * 20000), 431),
    Form("101 headers", request("GET", "/cds-services", *(f"X-{n}: 1" for n in range(101))) + SMUGGLED, 431),
    Form("one byte over the limit", request("POST", CALL, "Content-Type: application/json", f"Content-Length: {(8 << 20) + 1}"), 413),
    # What the body is said to be.
    Form("no Content-Type", request("POST", CALL, "Content-Length: 2", body=b"{}" + SMUGGLED), 415),
    Form("text/plain", kind("text/plain"), 415),
    Form("multipart form", kind("multipart/form-data; boundary=a"), 415),
    Form("two types in one", kind("application/json, text/plain"), 415),
    Form("two Content-Types", post(CALL, b"{}", "Content-Type: text/plain") + SMUGGLED, 400),
    Form("UTF-16", kind("application/json; charset=utf-16"), 415),
    Form("two charsets", kind("application/json; charset=utf-8; charset=utf-16"), 415),
    Form("gzip body", post(CALL, b"{}", "Content-Encoding: gzip") + SMUGGLED, 415),
    Form("twice encoded body", post(CALL, b"{}", "Content-Encoding: identity, gzip") + SMUGGLED, 415),
    Form("unknown expectation", post(CALL, b"{}", "Expect: a-pony") + SMUGGLED, 417),
    Form("two Authorizations", post(CALL, b"{}", "Authorization: Bearer a", "Authorization: Bearer b") + SMUGGLED, 400),
    # Chunks.
    Form("chunk size negative", chunked(CALL, b"-2\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    Form("chunk size with 0x", chunked(CALL, b"0x2\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    Form("chunk size with a sign", chunked(CALL, b"+2\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    Form("chunk size empty", chunked(CALL, b"\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    Form("chunk longer than said", chunked(CALL, b"1\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    Form("chunk ended by LF", chunked(CALL, b"2\r\n{}\n0\r\n\r\n"), 400),
    Form("chunk size ended by LF", chunked(CALL, b"2\n{}\r\n0\r\n\r\n"), 400),
    Form("no last chunk", chunked(CALL, b"2\r\n{}\r\n"), 400),
    Form("trailer that is none", chunked(CALL, b"2\r\n{}\r\n0\r\nX A: 1\r\n\r\n" + SMUGGLED), 400),
    Form("body shorter than said", request("POST", CALL, "Content-Type: application/json", "Content-Length: 9", body=b"{}"), 400),
]


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)

    def check(self, url, form):
        with Wire(url) as wire:
            wire.send(form.bytes)
            wire.end_of_sending()
            answer = wire.receive()
            self.assertIsNotNone(answer, "closed without an answer")
            self.assertEqual(answer.status, form.status, answer.body)
            self.assertEqual(answer.headers.get("connection"), "close")
            self.assertIn(b'"OperationOutcome"', answer.body)
            self.assertNotIn(b"smuggled", answer.body)
            self.assertTrue(wire.closed(), "something behind it was answered")

    def test_names_are_different(self):
        self.assertEqual(len({form.name for form in FORMS}), len(FORMS))

    def test_service(self):
        for form in FORMS:
            with self.subTest(form=form.name):
                self.check(self.service.url, form)
                self.assertEqual(harness.get(self.service.url + "/cds-services").status, 200)

    def test_demo_server(self):
        for form in FORMS:
            with self.subTest(form=form.name):
                self.check(self.service.fhir, form)
                self.assertEqual(harness.get(self.service.fhir + "/metadata").status, 200)


if __name__ == "__main__":
    unittest.main()
