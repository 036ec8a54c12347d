"""What a connection lives through: kept alive, pipelined, cut into bytes, too many of them, bodies without an end."""
import os
import resource
import unittest

import harness
from wire import Wire, chunked, post, request

CALL = "/cds-services/maintenance-options"
GET = request("GET", "/cds-services")


def memory(pid):
    """Resident bytes of a process."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as f:
        return int(f.read().split()[1]) * resource.getpagesize()


class Connection(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = harness.Service("--demo").__enter__()
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.discovery = harness.get(cls.service.url + "/cds-services").body

    def answered(self):
        self.assertEqual(harness.get(self.service.url + "/cds-services").status, 200)

    def test_kept_alive(self):
        with Wire(self.service.url) as wire:
            for _ in range(20):
                wire.send(GET)
                answer = wire.receive()
                self.assertEqual((answer.status, answer.body), (200, self.discovery))
                self.assertNotIn("connection", answer.headers)
                wire.send(post(CALL, b"not json"))
                self.assertEqual(wire.receive().status, 400)

    def test_pipelined(self):
        with Wire(self.service.url) as wire:
            wire.send((GET + post(CALL, b"[") + request("GET", "/nothing")) * 30)
            for _ in range(30):
                self.assertEqual([wire.receive().status for _ in range(3)], [200, 400, 404])

    def test_byte_by_byte(self):
        with Wire(self.service.url) as wire:
            for byte in post(CALL, b"[") + GET:
                wire.send(bytes([byte]))
            self.assertEqual(wire.receive().status, 400)
            self.assertEqual(wire.receive().status, 200)

    def test_head(self):
        with Wire(self.service.url) as wire:
            wire.send(request("HEAD", "/cds-services") + GET)
            head = wire.receive(to_head=True)
            self.assertEqual((head.status, int(head.headers["content-length"])), (200, len(self.discovery)))
            self.assertEqual(wire.receive().body, self.discovery)
            wire.send(request("HEAD", "//"))
            self.assertEqual(wire.receive(to_head=True).status, 400)
            self.assertTrue(wire.closed())

    def test_close_is_kept_to(self):
        with Wire(self.service.url) as wire:
            wire.send(request("GET", "/cds-services", "Connection: close") + GET)
            self.assertEqual(wire.receive().headers["connection"], "close")
            self.assertTrue(wire.closed())

    def test_http_1_0_is_answered_and_closed(self):
        for more in ("", "Connection: keep-alive\r\n"):
            with self.subTest(more=more), Wire(self.service.url) as wire:
                wire.send(f"GET /cds-services HTTP/1.0\r\nHost: a\r\n{more}\r\n".encode() + GET)
                answer = wire.receive()
                self.assertEqual((answer.status, answer.headers["connection"], answer.body), (200, "close", self.discovery))
                self.assertTrue(wire.closed())

    def test_absolute_form_of_our_host(self):
        with Wire(self.service.url) as wire:
            wire.send(request("GET", "http://Mainstay.example/cds-services") + GET)
            for _ in range(2):
                answer = wire.receive()
                self.assertEqual((answer.status, answer.body), (200, self.discovery))

    def test_chunked_is_read_and_then_closed(self):
        with Wire(self.service.url) as wire:
            wire.send(chunked(CALL, b"1\r\n[\r\n0\r\n\r\n") + GET)
            answer = wire.receive()
            self.assertEqual((answer.status, answer.headers["connection"]), (400, "close"))
            self.assertTrue(wire.closed())

    def test_continue(self):
        with Wire(self.service.url) as wire:
            wire.send(request("POST", CALL, "Content-Type: application/json", "Content-Length: 1", "Expect: 100-continue"))
            self.assertEqual(wire.receive().status, 100)
            wire.send(b"[")
            self.assertEqual(wire.receive().status, 400)

    def test_unknown_method_is_for_the_routes(self):
        with Wire(self.service.url) as wire:
            wire.send(request("BREW", "/cds-services") + GET)
            answer = wire.receive()
            self.assertEqual(answer.status, 405)
            self.assertEqual(wire.receive().status, 200)

    def test_largest_body_is_read(self):
        body = b" " * ((8 << 20) - 1) + b"["
        with Wire(self.service.url) as wire:
            wire.send(post(CALL, body))
            self.assertEqual(wire.receive().status, 400)

    def test_bodies_without_an_end_take_no_memory(self):
        before = memory(self.service.process.pid)
        piece = b"ffff\r\n" + b" " * 0xffff + b"\r\n"
        forms = {
            "chunks": (chunked(CALL, b""), piece),
            "length": (request("POST", CALL, "Content-Type: application/json", f"Content-Length: {1 << 30}"), b" " * 65536),
            "extensions": (chunked(CALL, b""), b"1;" + b"x" * 200 + b"\r\n \r\n"),
        }
        for name, (head, piece) in forms.items():
            with self.subTest(form=name), Wire(self.service.url) as wire:
                wire.send(head)
                for _ in range(1600):  # 100 MB, or until the server has had enough
                    if not wire.send(piece):
                        break
                answer = wire.receive()
                if answer is not None:  # a reset may overtake it while we still send
                    self.assertEqual(answer.status, 400 if name == "extensions" else 413)
        self.assertLess(memory(self.service.process.pid) - before, 64 << 20)
        self.answered()

    def test_half_requests_do_not_keep_others_out(self):
        halves = [b"", b"GET", GET[:-2], post(CALL, b"[" * 9)[:-5], chunked(CALL, b"ff\r\n[")]
        wires = []
        try:
            for n in range(200):
                wires.append(Wire(self.service.url))
                wires[-1].send(halves[n % len(halves)])
            for _ in range(20):
                self.answered()
        finally:
            for wire in wires:
                wire.__exit__()
        self.answered()

    def test_gone_callers(self):
        for form in [GET, post(CALL, b"["), request("POST", CALL, "Content-Length: 5", "Content-Type: application/json")]:
            for _ in range(50):
                with Wire(self.service.url) as wire:
                    wire.send(form)
        self.answered()


class Crowd(unittest.TestCase):
    def test_more_connections_than_are_allowed(self):
        with harness.Service("--demo") as service:
            wires = []
            try:
                statuses = set()
                for _ in range(1100):
                    wires.append(Wire(service.url))
                for wire in wires[:1000]:
                    wire.send(GET)
                    statuses.add(wire.receive().status)
                self.assertEqual(statuses, {200})
                refused = wires[-1].receive()  # 503, or closed without a word in a flood
                if refused is not None:
                    self.assertEqual((refused.status, refused.headers["retry-after"]), (503, "1"))
                self.assertTrue(wires[-1].closed())
            finally:
                for wire in wires:
                    wire.__exit__()
            self.recovers(service)

    def test_without_descriptors(self):
        # Its check of virtual tables reads memory through a pipe of its own, and takes a lack of descriptors for bad memory.
        with open(harness.BINARY, "rb") as binary:
            if b"__ubsan_handle_dynamic_type_cache_miss" in binary.read():
                self.skipTest("the undefined behaviour sanitizer needs descriptors of its own")
        with harness.Service("--demo") as service:
            pid = service.process.pid
            before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            least = len(os.listdir(f"/proc/{pid}/fd")) + 8
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (least, before[1]))
            wires = [Wire(service.url) for _ in range(40)]  # some wait in the backlog: nobody accepts them
            answers = []
            # Those that surely have one are served; what happens to the others in the backlog is the system's to say.
            for wire in wires[:4]:
                wire.send(GET)
                answers.append(wire.receive().status)
            self.assertEqual(answers, [200] * 4)
            for wire in wires:
                wire.__exit__()
            self.recovers(service)

    def recovers(self, service):
        while True:  # the server may not have seen the closes yet
            answer = harness.get(service.url + "/cds-services")
            if answer.status == 200:
                return
            self.assertEqual(answer.status, 503)


def enough_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096
    if soft < wanted and hard >= wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    enough_descriptors()
    unittest.main()
