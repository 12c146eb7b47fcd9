"""What stands in a cell → what it means: options with their aliases, people by id or unique name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qaf_sheets.model import Option, Person, Value

ERRORS = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}


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
