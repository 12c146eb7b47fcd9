"""What stands in a cell → what it means: dates in UK shapes, options with their aliases, people by id or unique name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from qaf_sheets.model import Option, Person, Value

EPOCH = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
"""Excel day numbers from 1954 to 2119: anything else in a date cell is a slip, not a date."""
ERRORS = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


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
    return _from_text(value) if isinstance(value, str) else None


def _from_text(text: str) -> ReadDate | None:
    text = " ".join(text.strip().split())
    try:
        if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?", text):
            return ReadDate(date(int(found[1]), int(found[2]), int(found[3])))
        if found := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text):
            return ReadDate(date(int(found[3]), int(found[2]), int(found[1])))
        if found := re.fullmatch(r"(?:[A-Za-z]+,? )?(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}),? (\d{4})", text):
            return ReadDate(date(int(found[3]), MONTHS.index(found[2][:3].lower()) + 1, int(found[1])))
    except ValueError:
        return None
    return None


def match_option(text: str, options: Sequence[Option]) -> Option | None:
    """The option these words mean: its text, code or another spelling, whatever the capitals and spaces."""
    wanted = _plain(text)
    return next((o for o in options if wanted in {_plain(w) for w in (o.text, o.code, *o.aliases) if w}), None)


def match_person(text: str, people: Sequence[Person]) -> Person | None:
    """The person meant: by id, by "Name (P040)", or by a name only one person has."""
    ids = set(re.findall(r"[A-Za-z]+\d+", text))
    by_id = [p for p in people if p.person_id in ids or p.person_id.casefold() == text.strip().casefold()]
    if len(by_id) == 1:
        return by_id[0]
    name = _plain(re.sub(r"\([^)]*\)", "", text))
    named = [p for p in people if _plain(p.name) == name]
    return named[0] if len(named) == 1 else None


def _plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").casefold().split())


def is_blank(value: Value) -> bool:
    """Nothing, or only spaces."""
    return value is None or (isinstance(value, str) and not value.replace("\xa0", " ").strip())
