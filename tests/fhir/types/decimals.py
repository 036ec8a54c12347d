#!/usr/bin/env python3
"""Makes decimals.tsv: decimals by Python's decimal, for tests of ours. Usage: decimals.py > decimals.tsv

Rows: `order` a b </=/> | `add`, `subtract`, `multiply` a b exact-result | `divide` a b digits result | `round` a digits result |
`shift` a power result. Results are rounded half away from zero; those of `multiply` keep all digits.
"""
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext

random.seed(20260301)
getcontext().prec = 120


def any_decimal(most=18):
    digits = random.randint(1, most)
    number = random.choice([random.randint(0, 10 ** digits), random.randint(0, 20), 10 ** digits, 10 ** digits - 1, 5 * 10 ** (digits - 1)])
    return Decimal(random.choice(["", "-"]) + str(number)).scaleb(-random.randint(0, 10))


def text(value):
    out = format(value, "f")
    return out[1:] if value.is_zero() and out.startswith("-") else out


def places(value, digits):
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def row(*columns):
    print(*(text(c) if isinstance(c, Decimal) else c for c in columns), sep="\t")


for _ in range(120):
    a, b = any_decimal(), any_decimal()
    if random.random() < 0.3:
        b = a * Decimal(random.choice(["1", "1.0", "1.00", "-1"]))
    row("order", a, b, "<" if a < b else ">" if a > b else "=")
    row("add", a, b, a + b)
    row("subtract", a, b, a - b)
    row("multiply", a, b, a * b)
for _ in range(150):
    a, b = any_decimal(12), any_decimal(8)
    digits = random.choice([0, 1, 8, 20])
    if not b.is_zero():
        row("divide", a, b, digits, places(a / b, digits))
for _ in range(150):
    a, digits = any_decimal(), random.randint(0, 9)
    if random.random() < 0.5:  # a tie
        a = Decimal(random.choice(["", "-"]) + str(random.randint(0, 999)) + "5").scaleb(-digits - 1)
    row("round", a, digits, places(a, digits))
for _ in range(100):
    a, power = any_decimal(), random.randint(-12, 12)
    row("shift", a, power, a.scaleb(power))
