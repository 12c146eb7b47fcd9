"""Immediate concerns in the tracker: each stays open on every page until somebody records its outcome there (specification 10, case 61)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qaf_sheets.model import Plan, Value
from qaf_sheets.outputs.figures.concerns import Concern, concerns_in, flags
from qaf_sheets.register.store import Records
from qaf_sheets.tracker.merge import Merged
from qaf_sheets.tracker.tables import CONCERNS

OURS = tuple(c.id for c in CONCERNS.columns if c.editable)
"""The columns that people fill in."""


def rows(records: Records, plan: Plan) -> dict[str, dict[str, Value]]:
    """Key → row of every concern that a received return flagged, the one that has waited longest first."""
    versions, written = records.returns.versions(), records.entries.of(CONCERNS.id)
    counted = {v.issue.return_id: v for v in versions if v.outcome == "accepted"}
    found = concerns_in(plan, [*(v for v in versions if any(flags(v.content))), *counted.values()], settled(records))
    blank: dict[str, Value] = dict.fromkeys(OURS)
    return {c.key: {**_row(c), **blank, **written.get(c.key, {})} for c in sorted(found, key=lambda c: (c.received_at, c.key))}


def _row(concern: Concern) -> Mapping[str, Value]:
    return {
        "key": concern.key, "activity": concern.activity, "team": concern.team, "area": concern.area, "child_id": concern.child_id if concern.child_id.isdigit() else None,
        "since": concern.received_at.date(), "told": "Yes" if concern.reported else "No",
    }  # fmt: skip


def take(records: Records, merged: Merged, now: datetime) -> None:
    """Keep what people wrote; an outcome without a day is of the day it is read."""
    for key in dict.fromkeys(e.row for e in merged.edits):
        cells = {name: merged.rows[key].get(name) for name in OURS}
        if cells["outcome"] and not cells["settled_on"]:
            cells["settled_on"] = now.date()
        records.entries.put(CONCERNS.id, key, cells)


def settled(records: Records) -> frozenset[str]:
    """The keys of concerns with an outcome and the name of who says so."""
    return frozenset(key for key, cells in records.entries.of(CONCERNS.id).items() if cells.get("outcome") and cells.get("settled_by"))
