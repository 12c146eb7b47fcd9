"""Managers at work in a test workspace: find a form that was handed out, fill it in, drop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from qaf_sheets import workspace
from qaf_sheets.demo.fill import typed
from qaf_sheets.desk import Desk
from qaf_sheets.model import Form, Issue, Layout, Value

PROSE = "We looked at this together and the work made a clear difference for the child."
ANSWERS: dict[str, Value] = {
    "nature": "Supervision", "immediate_concern": "No", "ed_evaluation": "Evident", "actions_any": "No further action",
    "no_action_reason": "Nothing needs to change: the plan is on track and the family agree.",
}  # fmt: skip
ACTION: dict[str, Value] = {"action_text": "Update the plan with the family's network", "owner": "P016", "due_on": date(2027, 1, 15)}
WITH_ACTIONS = "Yes, listed on the Actions sheet"
DONE = date(2026, 12, 11)


class Handed:
    """One form that was handed out in a workspace."""

    def __init__(self, root: Path, activity: str, nth: int = 0) -> None:
        self.root = root
        with Desk(workspace.find(root)) as at, at.register.reading() as records:
            issues = [i for q in records.issues.quarters() for i in records.issues.of_quarter(q) if i.activity == activity]
            self.issue: Issue = issues[nth]
            kept = records.issues.form(self.issue.form_version)
        assert kept is not None
        self.form: Form = kept[0]
        self.layout: Layout = kept[1]
        self.path = root / self.issue.file

    def complete(self, **changes: Value) -> dict[str, Value]:
        """Every answer that is needed, with changes; None clears one."""
        said: dict[str, Value] = {}
        for f in self.form.fields:
            if f.fixed or not f.required or f.when or self.issue.facts.get(f.prefill):
                continue
            said[f.id] = ANSWERS.get(f.id) or {"date": DONE, "number": 90, "choice": f.options[1].text if f.options else None}.get(f.kind, PROSE)
        again = {"previous_acted_on": "Partly"} if self.issue.facts.get("previous_on") else {}
        return {**said, **again, "no_action_reason": ANSWERS["no_action_reason"], **changes}

    def filled(self, said: Mapping[str, Value] | None = None, rows: tuple[Mapping[str, Value], ...] = ()) -> bytes:
        """The workbook with answers typed in by another program."""
        return typed(self.path.read_bytes(), self.layout, dict(self.complete() if said is None else said), [dict(r) for r in rows])

    def drop(self, data: bytes | None = None, name: str = "") -> Path:
        """Put it into Return here."""
        place = self.root / "Return here" / (name or self.path.name)
        place.write_bytes(self.filled() if data is None else data)
        return place

    def cell(self, field: str) -> str:
        """Where a question's answer stands."""
        return next(p.cell for p in self.layout.places if p.field == field)
