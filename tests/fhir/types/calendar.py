#!/usr/bin/env python3
"""Makes calendar.tsv: days, ages and instants by Python's datetime, for tests of ours. Usage: calendar.py > calendar.tsv

Rows: `day` date number-since-1970 | `age` birth at completed-years | `order` instant instant before/equal/after.
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
