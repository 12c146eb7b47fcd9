"""The meetings that hear each quarter's report: planned by the Calendar's REPORT lines, and what people wrote of them (section 12)."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.model import Plan, Value
from qaf_sheets.plan.calendar import MEETINGS as WORDS
from qaf_sheets.plan.calendar import REPORT
from qaf_sheets.register.store import Records
from qaf_sheets.tracker.merge import Merged
from qaf_sheets.tracker.tables import MEETINGS

SHORT = {"pre_dlt_date": "before DLT", "dlt_date": "DLT", "cx_slt_date": "SLT", "lead_member_date": "lead member", "cib_date": "Board", "scrutiny_date": "scrutiny"}
"""A planned meeting's reference, after the quarter that the report is about: 2026-27-Q3 DLT."""
BY_HAND = "M-"


def rows(records: Records, plan: Plan) -> dict[str, dict[str, Value]]:
    """Reference → row: the planned meetings in the Calendar's order, from the first quarter that was issued, then the others. What people wrote of a meeting stays when its line goes."""
    begun = min(map(str, records.issues.quarters()), default="")
    written, planned = records.entries.of(MEETINGS.id), dict(_planned(plan, begun))
    blank: dict[str, Value] = {c.id: None for c in MEETINGS.kept}
    return {key: {**blank, **written.get(key, {}), **planned.get(key, {}), "meeting_id": key} for key in (*planned, *(k for k in written if k not in planned))}


def _planned(plan: Plan, first: str) -> list[tuple[str, Mapping[str, Value]]]:
    found: dict[str, Mapping[str, Value]] = {}
    for event in sorted((e for e in plan.calendar if e.activity == REPORT), key=lambda e: str(e.quarter)):
        about = event.quarter.plus(-int(plan.setting("report_lag")))
        if str(about) < first:
            continue
        for name, short in SHORT.items():
            key = f"{about} {short}"
            while key in found:
                key += "+"
            found[key] = {"quarter": about.label, "meeting": WORDS[name], "planned_on": getattr(event, name)}
    return list(found.items())


def new_id(records: Records) -> str:
    """M-0001 for a meeting that somebody added."""
    return f"{BY_HAND}{records.next_number('meeting'):04d}"


def take(records: Records, merged: Merged) -> None:
    """Keep what people wrote of meetings, and the ones they added."""
    for key in dict.fromkeys((*(e.row for e in merged.edits), *(a.row for a in merged.added))):
        records.entries.put(MEETINGS.id, key, {name: value for name, value in merged.rows[key].items() if name != "meeting_id"})
