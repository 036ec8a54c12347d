"""Bytes on a socket, as they are: no client library that would repair them. Used by the tests of this folder."""
import socket
import urllib.parse

LONG = 60  # seconds until a test that waits for something fails; never a measure of speed


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class Wire:
    """One connection to the host and port of `url`."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=LONG)
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False where the server has closed."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def end_of_sending(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.pending += data
        return bool(data)

    def receive(self, to_head=False):
        """The next answer; None where the connection ends first."""
        while b"\r\n\r\n" not in self.pending:
            if not self._more():
                return None
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = 0 if to_head else int(headers.get("content-length", 0))
        while len(self.pending) < length:
            if not self._more():
                return None
        body, self.pending = self.pending[:length], self.pending[length:]
        return Answer(int(lines[0].split(" ")[1]), headers, body)

    def closed(self):
        """Waits for the server's close; False where bytes come first."""
        return not self.pending and not self._more()


def request(method, path, *headers, body=b"", host="mainstay.example"):
    """A good request but for what the caller puts into it."""
    lines = [f"{method} {path} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def post(path, body, *headers, kind="application/json"):
    return request("POST", path, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, body=body)


def chunked(path, data, *headers, kind="application/json"):
    """`data` is the body with its chunk framing, right or wrong."""
    return request("POST", path, f"Content-Type: {kind}", "Transfer-Encoding: chunked", *headers, body=data)
