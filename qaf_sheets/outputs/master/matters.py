"""What needs a person: immediate concerns, what to put right or decide, checks not met, who is overdue. Never a word of what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from qaf_sheets.model import Duty, Snapshot
from qaf_sheets.outputs.figures import CheckResult, Concern, Figures
from qaf_sheets.outputs.master.checks import RESULTS
from qaf_sheets.outputs.master.kit import Link
from qaf_sheets.outputs.master.words import OUTCOMES, STATES, Names
from qaf_sheets.problems import count

MOST = 8
"""Rows of one kind on the first sheet; the rest are a click away."""


class Matter(NamedTuple):
    """One line: what it is, who or which child, what to do, and where to read on."""

    what: str
    who: str
    what_to_do: str
    link: Link
    told_on: str = "People due"
    """The sheet that has it in full: a copy without that sheet does not tell it either."""


def matters(snapshot: Snapshot, figures: Figures) -> tuple[Matter, ...]:
    """Every line, the most urgent kind first; long kinds are cut and say so."""
    names = Names(snapshot)
    kinds = (
        [_concern(c) for c in figures.open_concerns],
        [_stuck(d, names) for d in snapshot.duties if d.state == "held"],
        [_stuck(d, names) for d in snapshot.duties if d.state == "needs_fixing"],
        [_unmet(c) for c in figures.checks if c.result == "Not met"],
        list(_overdue(snapshot.duties, names)),
        list(_waiting(snapshot)),
    )
    return (*kinds[0], *(m for kind in kinds[1:] for m in _cut(kind)))


def _cut(kind: list[Matter]) -> Iterable[Matter]:
    if len(kind) <= MOST:
        return kind
    more, sheet = kind[MOST - 1 :], "Checks" if kind[0].link.sheet == "Checks" else "People due"
    return (*kind[: MOST - 1], Matter(more[0].what, f"{len(more)} more", f"Filter {sheet} to see them", Link(sheet, sheet=sheet), sheet))


def _concern(concern: Concern) -> Matter:
    what_to_do = "Somebody was told: check what was done" if concern.reported else "Nobody is named as told: ask today"
    who = f"{concern.who}, {concern.place}" if concern.place else concern.who
    return Matter("! Immediate concern", who, what_to_do, Link(concern.return_id, file=concern.file, sheet="Immediate concerns"), "Immediate concerns")


def _stuck(duty: Duty, names: Names) -> Matter:
    owed = duty.obligation
    file = names.latest(duty.return_id)
    to_fix = sum(p.level == "E" for p in file.problems) if file else 0
    fix = f"{names.activity(owed.activity)}: {count(to_fix, 'thing')} to put right" if to_fix else f"{names.activity(owed.activity)}: see what to put right"
    two = file is not None and file.outcome == "conflict"
    decide = f"{names.activity(owed.activity)}: choose which of two to use" if two else f"{names.activity(owed.activity)}: decide whether it counts"
    link = Link(str(duty.return_id or "Data notes"), file=file.kept_as or "" if file else "", sheet="Data notes")
    return Matter(STATES[duty.state], names.person(owed.person_id, owed.owner), decide if duty.state == "held" else fix, link)


def _unmet(check: CheckResult) -> Matter:
    return Matter(RESULTS[check.result], check.requirement, f"{check.actual}. {check.what_next}", Link("Checks", sheet="Checks"), "Checks")


def _overdue(duties: Iterable[Duty], names: Names) -> Iterator[Matter]:
    """One line for each person, who owes most first."""
    late = sorted((d for d in duties if d.state == "overdue"), key=lambda d: d.obligation.person_id)
    owners = [(person, list(group)) for person, group in groupby(late, key=lambda d: d.obligation.person_id)]
    for person, owed in sorted(owners, key=lambda o: (-len(o[1]), names.person(o[0]))):
        what = ", ".join(sorted({names.activity(d.obligation.activity) for d in owed}))
        yield Matter(STATES["overdue"], names.person(person), f"{count(len(owed), 'return')}: {what}", Link("People due", sheet="People due"))


def _waiting(snapshot: Snapshot) -> Iterator[Matter]:
    if snapshot.waiting:
        n = count(len(snapshot.waiting), "file")
        yield Matter(OUTCOMES["waiting"], f"{n} in “Return here”", "Not read yet: not marked complete, open, or being saved", Link("Data notes", sheet="Data notes"), "Data notes")
