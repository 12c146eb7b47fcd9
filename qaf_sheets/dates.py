"""What stands in a cell as a date: real dates, Excel's day numbers, and UK text."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from qaf_sheets.model import Value

EPOCH = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
"""Excel day numbers from 1954 to 2119: anything else in a date cell is a slip, not a date."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHAPES = (
    (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ]00:00(?::00)?)?", int),
    (r"(?P<d>\d{1,2})[/.\- ](?P<m>\d{1,2})[/.\- ](?P<y>\d{4})", int),
    (r"(?:[A-Za-z]+,? )?(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<m>[A-Za-z]{3,9}),? (?P<y>\d{4})", lambda name: MONTHS.index(name[:3].lower()) + 1),
)


class ReadDate(NamedTuple):
    """A date that was read, and whether it stood there as a bare day number."""

    day: date
    serial: bool = False


def read_date(value: Value) -> ReadDate | None:
    """A typed date, a day number, or UK text with a four-figure year ("13/12/2026", "13 December 2026", "2026-12-13"); else None."""
    if isinstance(value, datetime):
        return ReadDate(value.date())
    if isinstance(value, date):
        return ReadDate(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ReadDate(EPOCH + timedelta(days=int(value)), serial=True) if int(value) in SERIALS else None
    day = _from_text(" ".join(value.split())) if isinstance(value, str) else None
    return ReadDate(day) if day else None


def is_likely(day: date) -> bool:
    """Whether it lies among the days that anybody here means: 12 typed into a date's cell is the 12th of January 1900."""
    return (day - EPOCH).days in SERIALS


def as_date(value: Value) -> date | None:
    """The day alone."""
    found = read_date(value)
    return found.day if found else None


def _from_text(text: str) -> date | None:
    for shape, month in SHAPES:
        if found := re.fullmatch(shape, text, re.ASCII):
            try:
                return date(int(found["y"]), month(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None
