"""SIGTERM: what is under way is answered, nothing new is taken, exit 0."""
import http.client
import signal
import threading
import unittest
import urllib.parse

import harness


class Drain(unittest.TestCase):
    def test_call_under_way_is_answered(self):
        asked, release = threading.Event(), threading.Event()

        def slow(path, headers):
            asked.set()
            release.wait(harness.LONG)
            return harness.as_json({"resourceType": "Bundle", "type": "searchset"})

        with harness.Stub(slow) as stub, harness.Service("--permit", stub.base, "--fetch-milliseconds", "30000") as service:
            answers = []
            caller = threading.Thread(target=lambda: answers.append(service.call("p", fhirServer=stub.base)))
            caller.start()
            self.assertTrue(asked.wait(harness.LONG))
            # A connection that is open when the drain begins still hears that the service is not ready.
            service.process.send_signal(signal.SIGTERM)
            while not any(line["event"] == "draining" for line in service.log_lines()):
                self.assertIsNone(service.process.poll(), "it ended with a call under way")
            self.assertRaises(OSError, harness.get, service.url + "/healthz")
            release.set()
            caller.join(harness.LONG)
            self.assertEqual(service.process.wait(harness.LONG), 0)
            self.assertEqual([a.status for a in answers], [200])
            self.assertEqual(answers[0].headers.get("connection"), "close")
            events = [line["event"] for line in service.log_lines()]
            self.assertEqual(events, ["listening", "draining", "call", "stopped"])

    def test_deadline_cuts_what_does_not_end(self):
        asked, release = threading.Event(), threading.Event()

        def never(path, headers):
            asked.set()
            release.wait(harness.LONG)
            return 500, "text/plain", b""

        with harness.Stub(never) as stub, harness.Service("--permit", stub.base, "--fetch-milliseconds", "60000", "--drain-seconds", "0") as service:
            failed = []

            def call():
                try:
                    service.call("p", fhirServer=stub.base)
                except (OSError, http.client.HTTPException) as error:
                    failed.append(error)

            caller = threading.Thread(target=call)
            caller.start()
            self.assertTrue(asked.wait(harness.LONG))
            self.assertEqual(service.stop(), 0)
            release.set()
            caller.join(harness.LONG)
            self.assertEqual(len(failed), 1)

    def test_idle_connections_and_both_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number=number), harness.Service("--demo") as service:
                parts = urllib.parse.urlsplit(service.url)
                idle = http.client.HTTPConnection(parts.hostname, parts.port, timeout=harness.LONG)
                idle.request("GET", "/healthz")
                self.assertEqual(idle.getresponse().read(), b'{"status":"ok"}')
                self.assertEqual(service.stop(number), 0)
                idle.close()


if __name__ == "__main__":
    unittest.main()
