"""The tracker both ways: people's edits into the register, and the register into the tracker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from qaf_sheets.actions import new_id
from qaf_sheets.desk import Desk
from qaf_sheets.files import patiently, sha256
from qaf_sheets.model import Action, Plan, Problem, Quarter, Snapshot, Value
from qaf_sheets.problems import problem
from qaf_sheets.register.outputs import Output
from qaf_sheets.register.store import Records
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import Clash, Merged, merge
from qaf_sheets.tracker.read import read_tracker
from qaf_sheets.tracker.write import write_tracker

FACTS = ("action_id", "source", "area", "team", "child_id", "set_on")
"""Columns that are the action's own facts; all others are its cells."""


def edits_back(desk: Desk) -> tuple[Problem, ...]:
    """Read the tracker as people saved it, merge three ways, keep every edit. Nothing to do while it is as we wrote it."""
    path = desk.workspace.tracker
    if not path.exists():
        return ()
    data = patiently(path.read_bytes)
    with desk.register.reading() as records:
        last = records.outputs.one(path.name)
    if last and sha256(data) == last.sha256:
        return ()
    book = desk.read_bytes(data, path.name)
    if isinstance(book, Problem):
        return (problem("TRACKER_UNREADABLE"),)
    sheet, told = read_tracker(book, ACTIONS)
    if not sheet.columns:  # nothing can be concluded from it, so it is not written over either
        return told
    now = desk.now()
    with desk.register.writing() as records:
        quarter = str(Quarter.holding(now.date()))
        merged = merge(
            records.actions.last_written(ACTIONS.id), sheet, rows_of(records.actions.all()), ACTIONS, lists(desk.plan),
            new_id=lambda: new_id(records, quarter), known=clashes(records),
        )  # fmt: skip
        _take(records, merged, now, quarter)
        records.outputs.put(Output(file=path.name, sha256=sha256(data), members="", as_at=now))
    return (*told, *merged.problems)


def _take(records: Records, merged: Merged, now: datetime, quarter: str) -> None:
    """What the merge settled, with the journal entry that says who changed nothing but what."""
    held = {a.action_id: a for a in records.actions.all()}
    for row_id in dict.fromkeys(e.row for e in merged.edits):
        changed = {e.column: e.after for e in merged.edits if e.row == row_id}
        records.actions.save(held[row_id].model_copy(update={"cells": {**held[row_id].cells, **changed}}))
    for added in merged.added:
        records.actions.add(_by_hand(added.row, merged.rows[added.row], now, quarter))
    found = [c.model_copy(update={"at": now}) for c in merged.clashes]
    records.actions.add_clashes(c.model_dump(mode="json") for c in found)
    records.actions.set_last_written(ACTIONS.id, merged.base)
    if merged.edits or merged.added or found:
        told = {"table": ACTIONS.id, "edits": [e.model_dump(mode="json") for e in merged.edits], "added": [a.row for a in merged.added], "clashes": [c.model_dump(mode="json") for c in found]}
        records.note(now, "edited", told)


def _by_hand(action_id: str, row: Mapping[str, Value], now: datetime, quarter: str) -> Action:
    """An action somebody wrote into the tracker."""
    words = {name: str(row.get(name) or "") for name in ("area", "team", "child_id")}
    cells = {name: value for name, value in row.items() if name not in FACTS}
    return Action(action_id=action_id, quarter=quarter, set_on=now.date(), cells={**cells, "status": cells.get("status") or "Open"}, **words)


def clashes(records: Records) -> tuple[Clash, ...]:
    """Every clash so far, its dates as dates again."""
    return tuple(Clash.model_validate(c) for c in records.actions.clashes())


def rows_of(actions: tuple[Action, ...]) -> dict[str, dict[str, Value]]:
    """Actions as the tracker's rows, by id."""
    return {a.action_id: _row(a) for a in actions}


def _row(action: Action) -> dict[str, Value]:
    source = " ".join(x for x in (action.activity, action.return_id) if x) or "Added by hand"
    facts: dict[str, Value] = {
        "action_id": action.action_id, "source": source, "area": action.area, "team": action.team, "child_id": action.child_id or None, "set_on": action.set_on,
    }  # fmt: skip
    return {c.id: facts.get(c.id) if c.id in FACTS else action.cells.get(c.id) for c in ACTIONS.kept}


def lists(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The words the tracker's drop-downs offer: the plan's lists, and everyone in post."""
    people = tuple(f"{p.name} ({p.person_id})" for p in sorted(plan.people, key=lambda p: p.name) if p.in_scope and p.end_date is None)
    return {name: tuple(o.text for o in options) for name, options in plan.lists.items()} | {"people": people}


def tracker_as_bytes(desk: Desk, seen: Snapshot, notes: Sequence[Problem]) -> bytes:
    """The tracker as it should be written now."""
    with desk.register.reading() as records:
        settled = clashes(records)
    return write_tracker(
        rows_of(seen.actions), settled, notes, lists=lists(seen.plan), council=seen.plan.setting("council"), marking=seen.plan.setting("marking"), as_at=seen.as_at,
    )  # fmt: skip


def tracker_written(records: Records, seen: Snapshot) -> None:
    """The file now says what this snapshot said: that is the next merge's base."""
    records.actions.set_last_written(ACTIONS.id, rows_of(seen.actions))


