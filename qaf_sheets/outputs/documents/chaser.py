"""The list that the QA unit chases returns by: what is overdue and what was sent back, by person (D13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qaf_sheets.model import Duty, Quarter
from qaf_sheets.outputs.documents.head import head, newest
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.words import safe_name
from qaf_sheets.problems import count

Row = dict[str, str]


def file_name(_: Given, quarter: Quarter) -> str:
    """By quarter."""
    return safe_name(f"Returns to chase - {quarter.label}")


def context(given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the template may say."""
    title = f"Returns to chase, {quarter.label}"
    overdue, sent_back = ([d for d in given.snapshot.duties if d.state == state] for state in ("overdue", "needs_fixing"))
    return {
        **head(given.snapshot, title, title, newest(given.snapshot.returns), "For the QA unit"),
        "lines": ["Longest overdue first. The manager of each person stands beside them: tell the manager where a second reminder is needed."] if overdue or sent_back else [],
        "overdue": {**_table(given, overdue), "caption": f"{count(len(overdue), 'return is', 'returns are')} overdue, from {count(_people(overdue), 'person', 'people')}", "none": "Nothing is overdue."},
        "sent_back": {
            **_table(given, sent_back), "caption": f"{count(len(sent_back), 'return was', 'returns were')} sent back to be put right",
            "none": "Nothing waits to be put right.",
        },
    }  # fmt: skip


def _people(duties: Sequence[Duty]) -> int:
    return len({d.obligation.person_id for d in duties})


def _table(given: Given, duties: Sequence[Duty]) -> dict[str, Any]:
    """Rows by person: who has owed longest first."""
    since = {d.obligation.person_id: min(e.obligation.due_on for e in duties if e.obligation.person_id == d.obligation.person_id) for d in duties}
    order = sorted(duties, key=lambda d: (since[d.obligation.person_id], d.obligation.person_id, d.obligation.due_on, d.obligation.obligation_id))
    return {"rows": [_row(given, d) for d in order], "source": "Counted: returns. The form lies in the person’s folder in To complete."}


def _row(given: Given, duty: Duty) -> Row:
    owed, plan = duty.obligation, given.plan
    person = plan.person(owed.person_id)
    manager = plan.person(person.line_manager_id) if person and person.line_manager_id else None
    who = f"{person.name}, {', '.join(filter(None, [plan.role_text(person.role), person.team or person.service_area]))}" if person else owed.owner
    return {
        "who": f"{who}\nManager: {manager.name}" if manager else who, "what": given.snapshot.title(owed.activity),
        "due": f"{owed.due_on:%d/%m/%Y}", "ref": duty.return_id or "Not handed out",
    }  # fmt: skip
