#!/usr/bin/env python3
"""Makes calendar.tsv: days, ages and instants by Python's datetime, for tests of ours. Usage: calendar.py > calendar.tsv

Rows: `day` date number-since-1970 | `age` birth at completed-years | `order` instant instant before/equal/after |
`plus` date-or-instant "amount unit" result-or-none.
"""
import random
from datetime import date, datetime, timedelta, timezone

random.seed(20260301)
EPOCH = date(1970, 1, 1)


def any_day():
    return date.fromordinal(random.randint(1, date.max.toordinal()))


def near(day, most):
    return date.fromordinal(min(max(day.toordinal() + random.randint(-most, most), 1), date.max.toordinal()))


def completed_years(birth, at):
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


def any_instant():
    zone = timezone(timedelta(minutes=random.choice([0, 60, 330, -210, 765, -720, 840])))
    moment = datetime(2026, 3, 1, tzinfo=timezone.utc) + timedelta(seconds=random.randint(-200000, 200000))
    return moment.astimezone(zone)


special = [date(1, 1, 1), date(9999, 12, 31), EPOCH, date(2000, 2, 29), date(1900, 2, 28), date(1900, 3, 1), date(2100, 2, 28)]
for day in special + [any_day() for _ in range(150)]:
    print("day", day.isoformat(), (day - EPOCH).days, sep="\t")
for _ in range(150):
    birth = random.choice([any_day(), any_day(), date(2004, 2, 29), date(1896, 2, 29)])
    at = near(birth, random.choice([2, 400, 40000]))
    if at >= birth:
        print("age", birth.isoformat(), at.isoformat(), completed_years(birth, at), sep="\t")
for _ in range(150):
    a = any_instant()
    b = a.astimezone(any_instant().tzinfo) if random.random() < 0.3 else any_instant()
    print("order", a.isoformat(), b.isoformat(), "before" if a < b else "after" if a > b else "equal", sep="\t")


def plus(start, amount, unit):
    if unit in ("years", "months"):
        total = start.year * 12 + start.month - 1 + amount * (12 if unit == "years" else 1)
        year, month = divmod(total, 12)
        if not 1 <= year <= 9999:
            return None
        for day in range(start.day, 27, -1):
            try:
                return start.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue  # the month is too short
        return start.replace(year=year, month=month + 1)
    try:
        return start + timedelta(**{unit: amount})
    except OverflowError:
        return None


units = {"years": 30, "months": 400, "weeks": 3000, "days": 20000, "hours": 300000, "minutes": 10 ** 7, "seconds": 10 ** 9,
         "milliseconds": 10 ** 12}
for unit, most in units.items():
    for _ in range(60):
        clock = unit in ("hours", "minutes", "seconds", "milliseconds") or random.random() < 0.5
        ends = [date(2024, 1, 31), date(2023, 1, 31), date(2024, 2, 29), date(2026, 12, 31), any_day()]
        start = any_instant() if clock else random.choice(ends)
        amount = random.choice([1, -1, random.randint(-most, most)])
        if clock and random.random() < 0.3:
            start = start.replace(month=random.choice([1, 3, 5]), day=31)
        end = plus(start, amount, unit)
        form = (lambda x: x.isoformat(timespec="milliseconds")) if unit == "milliseconds" else (lambda x: x.isoformat())
        print("plus", form(start), f"{amount} {unit}", "none" if end is None else form(end), sep="\t")
