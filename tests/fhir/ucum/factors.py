#!/usr/bin/env python3
"""Makes factors.tsv: each unit of UCUM 2.2 in base units, by Python's fractions and a parser that shares nothing with ours.

Usage: factors.py ucum-essence.xml > factors.tsv    (columns: symbol, 30 digits of its factor, exponents of m s g rad K C cd)
Arbitrary units and units on a scale of their own are left out: they have no factor.
"""
import re
import sys
import xml.etree.ElementTree as tree
from decimal import Decimal, localcontext
from fractions import Fraction

NS = "{http://unitsofmeasure.org/ucum-essence}"
BASE = ["m", "s", "g", "rad", "K", "C", "cd"]


def main(path):
    root = tree.parse(path).getroot()
    prefixes = {p.get("Code"): Fraction(p.find(NS + "value").get("value")) for p in root.findall(NS + "prefix")}
    defined = {u.get("Code"): u for u in root.findall(NS + "unit")}
    metric = {c for c, u in defined.items() if u.get("isMetric") == "yes"} | set(BASE)
    known = {b: (Fraction(1), [int(b == x) for x in BASE]) for b in BASE}

    def symbol(name):
        if name in known:
            return known[name]
        if name in defined:
            value = defined[name].find(NS + "value")
            factor, dimension = unit(value.get("Unit"))
            known[name] = (factor * Fraction(value.get("value")), dimension)
            return known[name]
        for size in (1, 2):
            if name[:size] in prefixes and name[size:] in metric:
                factor, dimension = symbol(name[size:])
                return prefixes[name[:size]] * factor, dimension
        raise ValueError(name)

    def unit(text):  # no parentheses in the standard's own definitions
        factor, dimension = Fraction(1), [0] * len(BASE)
        for sign, part in re.findall(r"([./]?)((?:10[*^]|\[[^]]*\]|[^./\[])+(?:\[[^]]*\])?[^./]*)", text):
            if re.fullmatch(r"\d+", part):
                one, exponents, power = Fraction(int(part)), [0] * len(BASE), 1
            else:
                name, power = re.fullmatch(r"(10[*^]|.*?[^\d+-])([+-]?\d+)?", part).groups()
                (one, exponents), power = symbol(name), int(power or 1)
            power = -power if sign == "/" else power
            factor *= one**power
            dimension = [a + b * power for a, b in zip(dimension, exponents)]
        return factor, dimension

    for code in sorted(BASE + list(defined), key=str.encode):
        if code in defined and (defined[code].get("isSpecial") or defined[code].get("isArbitrary")):
            continue
        factor, dimension = symbol(code)
        with localcontext() as context:
            context.prec = 30
            digits = Decimal(factor.numerator) / Decimal(factor.denominator)
        print(code, f"{digits:.29e}", " ".join(map(str, dimension)), sep="\t")


main(sys.argv[1])
