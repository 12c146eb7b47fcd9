"""Whom somebody's words mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qaf_sheets.model import Person


def match_person(text: str, people: Sequence[Person]) -> Person | None:
    """The person meant: by id, by "Name (P040)", or by a name only one person has."""
    ids = set(re.findall(r"(?<![A-Za-z])[A-Za-z]+\d+", text))  # from the start of each word alone: a long one takes no longer
    by_id = [p for p in people if p.person_id in ids or p.person_id.casefold() == text.strip().casefold()]
    if len(by_id) == 1:
        return by_id[0]
    name = _plain(re.sub(r"\([^()]*\)", "", text))
    named = [p for p in people if _plain(p.name) == name]
    return named[0] if len(named) == 1 else None


def _plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").casefold().split())
