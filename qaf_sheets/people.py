"""Whom somebody's words mean, and whose names somebody may see."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qaf_sheets.model import Person, Plan


def match_person(text: str, people: Sequence[Person]) -> Person | None:
    """The person meant: by id, by "Name (P040)", or by a name only one person has."""
    ids = set(re.findall(r"(?<![A-Za-z])[A-Za-z]+\d+", text))  # from the start of each word alone: a long one takes no longer
    said = text.strip().casefold()
    by_id = [p for p in people if p.person_id in ids or p.person_id.casefold() == said]
    if len(by_id) == 1:
        return by_id[0]
    name = _plain(re.sub(r"\([^()]*\)", "", text))
    named = [p for p in people if _plain(p.name) == name]
    return named[0] if len(named) == 1 else None


def near(plan: Plan, reader: Person, person: Person) -> bool:
    """Whether a reader may see somebody's name: their own, of those who report to them, of their service area, and of those for everybody (specification 7.3)."""
    mine = reader.person_id in (person.person_id, person.line_manager_id)
    return mine or for_everybody(plan, person) or (bool(reader.service_area) and person.service_area == reader.service_area)


def for_everybody(plan: Plan, person: Person) -> bool:
    """The practice lead and the QA unit, whom everybody may ask."""
    return person.role in (plan.role_of("practice_lead"), plan.role_of("qa_unit"))


def _plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").casefold().split())
