"""What stands in a cell as a value that can be compared: dates in UK shapes, text without its accidental spaces."""

from __future__ import annotations

from datetime import date

from qaf_sheets.dates import as_date
from qaf_sheets.look import fit
from qaf_sheets.model import Kind, Value

EXCEL_DAY_0 = date(1899, 12, 30)


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
