"""What stands in a cell as a value that can be compared: dates in UK shapes, text without its accidental spaces."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from qaf_sheets.look import fit
from qaf_sheets.model import Kind, Value

EPOCH = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
"""Excel day numbers from 1954 to 2119: anything else in a date cell is a slip, not a date."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHAPES = (
    (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ]00:00(?::00)?)?", int),
    (r"(?P<d>\d{1,2})[/.\- ](?P<m>\d{1,2})[/.\- ](?P<y>\d{4})", int),
    (r"(?:[A-Za-z]+,? )?(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<m>[A-Za-z]{3,9}),? (?P<y>\d{4})", lambda name: MONTHS.index(name[:3].lower()) + 1),
)


def as_date(value: Value) -> date | None:
    """A typed date, a day number, or UK text with a four-figure year ("13/12/2026", "13 December 2026", "2026-12-13"); else None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return EPOCH + timedelta(days=int(value)) if int(value) in SERIALS else None
    return _from_text(" ".join(value.split())) if isinstance(value, str) else None


def _from_text(text: str) -> date | None:
    for shape, month in SHAPES:
        if found := re.fullmatch(shape, text, re.ASCII):
            try:
                return date(int(found["y"]), month(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def as_text(value: Value) -> str:
    """A value in words: dates as 13/12/2026, line ends as one character, cut to what one cell can hold."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else fit(str(value).replace("\r\n", "\n").replace("\r", "\n"))


def is_blank(value: Value) -> bool:
    """Nothing, or only spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def same(one: Value, other: Value) -> bool:
    """Whether two values say the same: blank is nothing, spaces around do not count, a date equals its text."""
    if isinstance(one, date) or isinstance(other, date):
        return as_date(one) == as_date(other) if one is not None and other is not None else is_blank(one) and is_blank(other)
    return as_text(one).strip() == as_text(other).strip()


def parsed(value: Value, kind: Kind) -> Value:
    """A cell's value by what its column holds; a date that cannot be read stays as it was typed."""
    if is_blank(value):
        return None
    if kind == "date":
        return as_date(value) or as_text(value)
    return value if kind == "number" else as_text(value)
