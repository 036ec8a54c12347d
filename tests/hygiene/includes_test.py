"""Dependency direction: fhir <- rules <- cds; fhir and rules do no I/O, log nothing, own no clock; few units see Beast."""
import re
import unittest

import project

IO_HEADERS = r"boost/(asio|beast)|curl/|spdlog/|sqlite3|prometheus/|CLI/"
# (folder, exempt prefix, forbidden in an #include, forbidden anywhere in the code)
CLOCKS = r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock)::now\b|\bstd::time\s*\(|\bgettimeofday\b|\bclock_gettime\b"
FORBIDDEN = [
    ("fhir/", "fhir/client/", rf"rules/|cds/|fhir/client/|{IO_HEADERS}|fstream|iostream|filesystem", CLOCKS),
    ("fhir/client/", None, r"rules/|cds/|boost/beast|spdlog/", None),
    ("rules/", None, rf"cds/|fhir/client/|{IO_HEADERS}|fstream|iostream|filesystem", CLOCKS),
]
BEAST_UNITS = 5


def violations(path, text):
    """What a file of this path may not say, as `path:line: what`."""
    found = []
    for folder, exempt, includes, code in FORBIDDEN:
        if not path.startswith(folder) or (exempt and path.startswith(exempt)):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if include and re.match(includes, include.group(1)):
                found.append(f"{path}:{number}: includes `{include.group(1)}`")
            elif code and re.search(code, line.split("//")[0]):
                found.append(f"{path}:{number}: reads a clock")
    return found


def beast_units(sources):
    """Names of the .cpp files among `sources` {path: text} that reach Beast through our own headers."""
    includes = {p: re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', t, re.M) for p, t in sources.items()}

    def reaches(path, seen):
        if path in seen:
            return False
        seen.add(path)
        return any(i.startswith("boost/beast") or (i in includes and reaches(i, seen)) for i in includes[path])

    return sorted(p for p in includes if p.endswith(".cpp") and reaches(p, set()))


class Direction(unittest.TestCase):
    EXAMPLES = [
        ("fhir/json/a.cpp", '#include "rules/pack/model.hpp"', True),
        ("fhir/json/a.cpp", '#include "fhir/types/date.hpp"', False),
        ("fhir/json/a.cpp", "#include <curl/curl.h>", True),
        ("fhir/client/a.cpp", "#include <curl/curl.h>", False),
        ("fhir/client/a.cpp", "auto n = std::chrono::steady_clock::now();", False),
        ("fhir/client/a.cpp", '#include "cds/http/server.hpp"', True),
        ("fhir/chart/a.cpp", '#include "fhir/client/client.hpp"', True),
        ("fhir/chart/a.cpp", "auto n = std::chrono::system_clock::now();", True),
        ("fhir/chart/a.cpp", "// never system_clock::now()", False),
        ("rules/assess/a.cpp", '#include "cds/hooks/hooks.hpp"', True),
        ("rules/assess/a.cpp", "#  include <spdlog/spdlog.h>", True),
        ("rules/assess/a.cpp", "#include <boost/asio/awaitable.hpp>", True),
        ("rules/assess/a.cpp", "#include <fstream>", True),
        ("rules/assess/a.cpp", "std::time(nullptr)", True),
        ("cds/http/a.cpp", "#include <boost/beast/http.hpp>", False),
    ]

    def test_examples(self):
        for path, line, bad in self.EXAMPLES:
            with self.subTest(path=path, line=line):
                self.assertEqual(bool(violations(path, line)), bad)

    def test_tree(self):
        found, seen = [], 0
        for path in project.files(".hpp", ".cpp"):
            if path.parts[0] in ("fhir", "rules"):
                seen += 1
                found += violations(path.as_posix(), project.text(path) or "")
        self.assertGreater(seen, 10, "the check sees no sources")
        self.assertEqual(found, [])


class Beast(unittest.TestCase):
    def test_reached_through_own_headers(self):
        sources = {
            "cds/a.hpp": "#include <boost/beast/http.hpp>", "cds/a.cpp": '#include "cds/a.hpp"',
            "cds/b.hpp": '#include "cds/a.hpp"', "cds/b.cpp": '#include "cds/b.hpp"', "cds/c.cpp": "#include <vector>",
        }
        self.assertEqual(beast_units(sources), ["cds/a.cpp", "cds/b.cpp"])

    def test_tree(self):
        sources = {p.as_posix(): project.text(p) or "" for p in project.files(".hpp", ".cpp")
                   if p.parts[0] in ("fhir", "rules", "cds")}
        units = beast_units(sources)
        self.assertLessEqual(len(units), BEAST_UNITS, units)


if __name__ == "__main__":
    unittest.main()
