"""The tracker both ways: people's edits into the register, and the register into the tracker, table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from qaf_sheets import actions, choices, concerns, decisions, feedback, lifecycle, meetings
from qaf_sheets.arranging import arrangements, look, own_sheets, remember_sheets, remember_table
from qaf_sheets.desk import Desk
from qaf_sheets.facts import named
from qaf_sheets.files import patiently, sha256
from qaf_sheets.lifecycle import LEAD_LIST, Hand
from qaf_sheets.model import Action, Plan, Problem, Quarter, Snapshot, Value
from qaf_sheets.people import match_person
from qaf_sheets.plan.calendar import MEETINGS as MEETING_WORDS
from qaf_sheets.problems import problem
from qaf_sheets.register.outputs import Output
from qaf_sheets.register.store import Records
from qaf_sheets.snapshot import newest_accepted
from qaf_sheets.tracker.arrangement import aside_told
from qaf_sheets.tracker.layout import ACTIONS, TwoWay
from qaf_sheets.tracker.merge import Clash, Merged, Rows, merge
from qaf_sheets.tracker.read import Sheet, read_tracker
from qaf_sheets.tracker.steps import Rungs
from qaf_sheets.tracker.tables import CONCERNS, DECISIONS, FEEDBACK, MEETINGS
from qaf_sheets.tracker.write import write_tracker

FACTS = ("action_id", "source", "area", "team", "child_id", "set_on", "owner_role")
"""Columns that are the action's own facts; all others are its cells."""


class Kept(NamedTuple):
    """One table of the tracker: its rows as the register has them, what to do with people's edits, and the name of a row that somebody added."""

    table: TwoWay
    rows: Callable[[Records, Plan], Rows]
    take: Callable[[Records, Plan, Merged, datetime], None]
    new_id: Callable[[Records, datetime], str]


def edits_back(desk: Desk) -> tuple[Problem, ...]:
    """Read the tracker as people saved it, merge each table three ways, keep every edit. Nothing to do while it is as we wrote it."""
    path = desk.workspace.tracker
    if not path.exists():
        return ()
    data = patiently(path.read_bytes)
    with desk.register.reading() as records:
        last = records.outputs.one(path.name)
        untouched = any((o.file, o.sha256) == (path.name, sha256(data)) for o in records.outputs.intended())
        expected = {k.table.id for k in KEPT if k.table is ACTIONS or records.actions.last_written(k.table.id)}
    if last and sha256(data) == last.sha256:
        return ()
    book = desk.read_bytes(data, path.name)
    if isinstance(book, Problem):
        return (problem("TRACKER_UNREADABLE"),)
    read = {k.table.id: read_tracker(book, k.table) for k in KEPT}
    told = [p for name, (sheet, found) in read.items() if sheet.columns or name in expected for p in found]
    if any(not read[name][0].columns for name in expected):  # nothing can be concluded from it, so it is not written over either
        return tuple(told)
    plan, now, looked = desk.plan, desk.now(), look(desk, data, book, [sheet for sheet, _ in read.values()])
    with desk.register.writing() as records:
        for kept in KEPT:
            if untouched:  # a crash kept us from remembering what we wrote: nothing in it is anybody's edit
                records.actions.set_last_written(kept.table.id, {k: row.cells for k, row in read[kept.table.id][0].rows.items()})
            sheet = read[kept.table.id][0]
            merged = _merge(records, plan, kept, sheet, now)
            told += merged.problems
            told += remember_table(records, path.name, looked, kept.table, sheet, merged, now)
        told += remember_sheets(records, path.name, looked)
        records.outputs.put(Output(file=path.name, sha256=sha256(data), members="", as_at=now))
    return tuple(told)


def _merge(records: Records, plan: Plan, kept: Kept, sheet: Sheet, now: datetime) -> Merged:
    """One table's edits into the register, with the journal entry that says who changed nothing but what."""
    name = kept.table.id
    merged = merge(
        records.actions.last_written(name), sheet, kept.rows(records, plan), kept.table, lists(plan), new_id=lambda: kept.new_id(records, now), known=clashes(records),
    )  # fmt: skip
    kept.take(records, plan, merged, now)
    found = [c.model_copy(update={"at": now}) for c in merged.clashes]
    records.actions.add_clashes(c.model_dump(mode="json") for c in found)
    records.actions.set_last_written(name, merged.base)
    if merged.edits or merged.added or found:
        told = {"table": name, "edits": [e.model_dump(mode="json") for e in merged.edits], "added": [a.row for a in merged.added], "clashes": [c.model_dump(mode="json") for c in found]}
        records.note(now, "edited", told)
    return merged


def clashes(records: Records) -> tuple[Clash, ...]:
    """Every clash so far, its dates as dates again."""
    return tuple(Clash.model_validate(c) for c in records.actions.clashes())


# ---------------------------------------------------------------- actions


def _take_actions(records: Records, _: Plan, merged: Merged, now: datetime) -> None:
    held, by = {a.action_id: a for a in records.actions.all()}, Hand("", now, "Tracker")
    for row_id in dict.fromkeys(e.row for e in merged.edits):
        cells = {e.column: e.after for e in merged.edits if e.row == row_id}
        records.actions.save(lifecycle.changed(held[row_id], cells, by), by)
    for added in merged.added:
        records.actions.add(_by_hand(added.row, merged.rows[added.row], now), by)


def _by_hand(action_id: str, row: Mapping[str, Value], now: datetime) -> Action:
    """An action somebody wrote into the tracker."""
    words = {name: str(row.get(name) or "") for name in ("area", "team", "child_id")}
    cells = {name: value for name, value in row.items() if name not in FACTS}
    return Action(action_id=action_id, quarter=_quarter(now), set_on=now.date(), cells={**cells, "status": cells.get("status") or "Open"}, **words)


def _quarter(now: datetime) -> str:
    return str(Quarter.holding(now.date()))


def _action_row(action: Action, plan: Plan) -> dict[str, Value]:
    source = " ".join(x for x in (action.activity, action.return_id) if x) or "Added by hand"
    facts: dict[str, Value] = {
        "action_id": action.action_id, "source": source, "area": action.area, "team": action.team, "child_id": action.child_id or None, "set_on": action.set_on, "owner_role": _role(str(action.cells.get("owner") or ""), plan),
    }  # fmt: skip
    return {c.id: facts.get(c.id) if c.id in FACTS else action.cells.get(c.id) for c in ACTIONS.kept}


def _role(owner: str, plan: Plan) -> str:
    """The role of an action's owner, in the plan's words; '' where the plan does not know them."""
    person = match_person(owner, plan.people)
    return plan.role_text(person.role) if person else ""


# ---------------------------------------------------------------- every table

KEPT = (
    Kept(ACTIONS, lambda records, plan: {a.action_id: _action_row(a, plan) for a in records.actions.all()}, _take_actions, lambda records, now: actions.new_id(records, _quarter(now))),
    Kept(
        FEEDBACK, lambda records, plan: feedback.rows(records, plan, newest_accepted(records.returns.versions())),
        lambda records, plan, merged, _: feedback.take(records, plan, newest_accepted(records.returns.versions()), merged), lambda _, now: "",
    ),
    Kept(CONCERNS, concerns.rows, lambda records, _, merged, now: concerns.take(records, merged, now), lambda _, now: ""),
    Kept(DECISIONS, lambda records, _: decisions.rows(records), lambda records, _, merged, now: decisions.take(records, merged), lambda records, _: decisions.new_id(records)),
    Kept(MEETINGS, meetings.rows, lambda records, _, merged, now: meetings.take(records, merged), lambda records, _: meetings.new_id(records)),
)  # fmt: skip


def lists(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The words the tracker's drop-downs offer: the plan's lists, everyone in post, and what may be decided."""
    people = tuple(f"{p.name} ({p.person_id})" for p in sorted(plan.people, key=lambda p: p.name) if p.in_scope and p.end_date is None)
    ours = {
        "people": people, "decision_kind": tuple(choices.KINDS.values()), "decision_choice": tuple(dict.fromkeys(c for every in choices.CHOICES.values() for c in every)),
        "meeting": tuple(MEETING_WORDS.values()), LEAD_LIST: tuple(named(p) for p in plan.people if p.role == plan.role_of("practice_lead")),
    }  # fmt: skip
    return {name: tuple(o.text for o in options) for name, options in plan.lists.items()} | ours


def tracker_as_bytes(desk: Desk, seen: Snapshot, notes: Sequence[Problem]) -> bytes:
    """The tracker as it should be written now."""
    with desk.register.reading() as records:
        file = desk.workspace.tracker.name
        settled, history, left, own = clashes(records), records.actions.history(), arrangements(records, file), own_sheets(records, file)
        rows = {k.table.id: k.rows(records, seen.plan) for k in KEPT}
    aside = [p for k in KEPT if k.table.id in left for p in aside_told(left[k.table.id], k.table, rows[k.table.id])]
    return write_tracker(
        rows, settled, (*notes, *aside), lists=lists(seen.plan), council=seen.plan.setting("council"), marking=seen.plan.setting("marking"), as_at=seen.as_at,
        holidays=seen.plan.holidays, rungs=_rungs(seen.plan), history=history, left=left, own=own,
    )  # fmt: skip


def _rungs(plan: Plan) -> Rungs:
    return Rungs(*(int(plan.setting(name)) for name in ("escalate_owner_after", "escalate_head_after", "escalate_lead_after", "escalate_moves")))


def tracker_written(records: Records, seen: Snapshot) -> None:
    """The file now says what the register says: that is the next merge's base."""
    for kept in KEPT:
        records.actions.set_last_written(kept.table.id, kept.rows(records, seen.plan))
