"""Owners' packs: each person's own actions as a workbook of theirs, which flows back as the tracker does (specification 9).

A pack holds no other person's rows, and of people's names only those that the person's forms offer too (specification 7.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from qaf_sheets.arranging import arrangements, own_sheets
from qaf_sheets.dates import as_date
from qaf_sheets.desk import Desk
from qaf_sheets.facts import named
from qaf_sheets.model import Action, Person, Plan, Problem, Snapshot
from qaf_sheets.outputs.figures import finished
from qaf_sheets.people import match_person, near
from qaf_sheets.problems import count, problem
from qaf_sheets.tracker.identity import Written, base_of, seal
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import Rows
from qaf_sheets.tracker.write import write_pack
from qaf_sheets.tracking import action_row, clashes, lists, rungs_of


class Pack(NamedTuple):
    """One person and the rows of their actions, by reference."""

    person: Person
    rows: Rows


def packs(plan: Plan, actions: Iterable[Action], today: date) -> tuple[Pack, ...]:
    """A pack for everybody who has something to do, by person's id, with what they finished lately below it."""
    recent = today - timedelta(days=int(plan.setting("pack_finished_days")))
    owned: dict[str, list[Action]] = {}
    for action in actions:
        person = owner(plan, action, today)
        if person and (not finished(action) or (as_date(action.cells.get("completed_on")) or date.min) >= recent):
            owned.setdefault(person.person_id, []).append(action)
    return tuple(Pack(p, {a.action_id: action_row(a, plan) for a in sorted(owned[p.person_id], key=_place)}) for p in sorted(plan.people, key=lambda p: p.person_id) if p.person_id in owned)


def owner(plan: Plan, action: Action, today: date) -> Person | None:
    """Whose it is, by id or unique name; None for nobody in post."""
    person = match_person(str(action.cells.get("owner") or ""), plan.people)
    return person if person and person.in_post(today, today) else None


def _place(action: Action) -> tuple[bool, str]:
    return finished(action), action.action_id


def remarks(plan: Plan, actions: Iterable[Action], today: date) -> Iterator[Problem]:
    """Open actions that are in nobody's pack, by what stands for their owner."""
    lost: dict[str, list[str]] = {}
    for action in actions:
        if not finished(action) and owner(plan, action, today) is None:
            lost.setdefault(" ".join(str(action.cells.get("owner") or "").split()), []).append(action.action_id)
    for said, ids in sorted(lost.items()):
        rows = ids[0] if len(ids) == 1 else f"{ids[0]} and {count(len(ids) - 1, 'other action')}"
        yield problem("OWNER_UNKNOWN", sheet=ACTIONS.sheet, rows=rows, owner=said) if said else problem("OWNER_MISSING", sheet=ACTIONS.sheet, rows=rows)


def offered(plan: Plan, person: Person, today: date) -> tuple[str, ...]:
    """The names a pack may offer: the person's own service area, who reports to them, the PSW and the QA unit (specification 7.3)."""
    return tuple(named(p) for p in sorted(plan.people, key=lambda p: p.name) if p.in_post(today, today) and near(plan, person, p))


def pack_as_bytes(desk: Desk, seen: Snapshot, pack: Pack) -> bytes:
    """A pack as it should be written now."""
    plan, person, today = seen.plan, pack.person, seen.as_at.date()
    with desk.register.reading() as records:
        file = desk.workspace.relative(desk.workspace.pack(person.person_id))
        settled, left, own = clashes(records), arrangements(records, file), own_sheets(records, file)
    written = Written(kind="pack", workspace=desk.workspace.id, person_id=person.person_id, on=today, base={ACTIONS.id: base_of(ACTIONS, pack.rows)})
    words: Mapping[str, tuple[str, ...]] = {**lists(plan), "people": offered(plan, person, today)}
    return write_pack(
        pack.rows, settled, owner=named(person), lists=words, council=plan.setting("council"), marking=plan.setting("marking"), as_at=seen.as_at, sealed=seal(written, desk.workspace.key),
        holidays=plan.holidays, rungs=rungs_of(plan), left=left, own=own,
    )  # fmt: skip
