"""Working days: not weekends, not England's bank holidays (which the plan's Lists sheet holds as data)."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta

Holidays = Set[date]


def is_working(day: date, holidays: Holidays) -> bool:
    """Whether people work on this day."""
    return day.weekday() < 5 and day not in holidays


def add(day: date, n: int, holidays: Holidays) -> date:
    """The nth working day after `day` (before it, where n is negative); `day` itself when n is 0."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not is_working(day, holidays):
            day += step
    return day


def last_of(first: date, last: date, holidays: Holidays) -> date:
    """The last working day from `first` to `last`; `last` itself if there is none."""
    day = last
    while day >= first and not is_working(day, holidays):
        day -= timedelta(days=1)
    return day if day >= first else last


def between(start: date, end: date, holidays: Holidays) -> int:
    """Working days after `start` up to and with `end`; 0 when `end` is not later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working(d, holidays) for d in days)
