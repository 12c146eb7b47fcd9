"""The tracker both ways: people's edits into the register, and the register into the tracker."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.desk import Desk
from qaf_sheets.files import patiently, sha256
from qaf_sheets.model import Action, Plan, Problem, Value
from qaf_sheets.problems import problem
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import merge
from qaf_sheets.tracker.read import read_tracker

LISTS = {"action_status": "action_status", "impact": "impact", "action_level": "action_level", "priority": "priority"}


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
    sheet, problems = read_tracker(book, ACTIONS)
    now = desk.now()
    with desk.register.writing() as records:
        ours = {a.action_id: row_of(a) for a in records.actions.all()}
        merged = merge(records.actions.last_written(ACTIONS.id), sheet, ours, ACTIONS, lists(desk.plan))
        _keep(records, merged, now)
        records.actions.set_last_written(ACTIONS.id, merged.base)
        if merged.edits or merged.clashes:
            records.note(now, "edited", {"table": ACTIONS.id, "edits": [_as_json(e) for e in merged.edits], "clashes": [c.model_dump(mode="json") for c in merged.clashes]})
    return (*problems, *merged.problems)


def row_of(action: Action) -> dict[str, Value]:
    """An action as the tracker's row."""
    source = " ".join(x for x in (action.activity, action.return_id) if x) or "Added by hand"
    facts: dict[str, Value] = {"action_id": action.action_id, "source": source, "area": action.area, "team": action.team, "child_id": action.child_id, "set_on": action.set_on}
    return {c.id: facts.get(c.id, action.cells.get(c.id)) for c in ACTIONS.columns}


def lists(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The words the tracker's drop-downs offer."""
    return {name: tuple(o.text for o in options) for name, options in plan.lists.items()}
