"""Actions out of an accepted return: a new one gets an id for good, a changed one keeps its own and what people wrote about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher

from qaf_sheets.lifecycle import Hand, changed
from qaf_sheets.model import Action, Answer, Form, Issue, Return, Value
from qaf_sheets.register.store import Records
from qaf_sheets.rules import pieces

FROM_RETURN = ("action_text", "owner", "due_on", "level", "priority", "intended_impact")
ALIKE = 0.6
"""How alike two wordings must be to be one action; below it, the old one stays and a new one is made."""
INADEQUATE = "Inadequate"
WITHDRAWN = "Not in the newest version of the return."


def child_of(row: Mapping[str, Answer], content: Return) -> str:
    """The child an action is for: the row's own, else the one the whole return is about; '' for all or none."""
    answer = row.get("child_id") or content.answers.get("child_id")
    return answer.reference if answer else ""


def take_actions(records: Records, issue: Issue, form: Form, content: Return, at: datetime) -> None:
    """The actions a return sets. Those of its earlier version are recognised by their words.

    What a person changed in the tracker since stands. An action left out of a newer version stays too, with a note:
    nothing that was agreed is lost by leaving it out.
    """
    held, by = list(records.actions.of_return(issue.return_id)), Hand(issue.person_name, at, issue.return_id)
    for given in content.rows.get("actions", ()):
        row = _cells(given)
        same = _same(row, held)
        if same is None:
            child = child_of(given, content)
            records.actions.add(_new(records, issue, child, row, at).model_copy(update={"from_inadequate": _is_inadequate(form, content, child)}), by)
        else:
            held.remove(same)
            kept = {k: v for k, v in same.cells.items() if k in same.said and v != same.said[k]}
            records.actions.save(changed(same, {**same.cells, **row, **kept}, by).model_copy(update={"said": row}), by)
    for left in held:
        if not left.cells.get("progress_note"):
            records.actions.save(changed(left, {"progress_note": WITHDRAWN}, by), by)


def _is_inadequate(form: Form, content: Return, child: str) -> bool:
    """Whether the work an action comes from was graded Inadequate: this child's, or any where the action is for all."""
    grade, about = form.part_of_piece("overall_grade"), form.part_of_piece("child")
    mine = [p.answers for p in pieces(form, content) if not (about and child) or p.answers[about.id].code in ("", child)]
    return grade is not None and any(answers[grade.id].code == INADEQUATE for answers in mine if grade.id in answers)


def _same(row: Mapping[str, Value], held: list[Action]) -> Action | None:
    """The action of the earlier version that this row is, or None."""
    def alike(action: Action) -> float:
        return SequenceMatcher(None, str(row["action_text"]), str(action.said.get("action_text"))).ratio()

    best = max(held, key=alike, default=None)
    return best if best is not None and alike(best) >= ALIKE else None


def _cells(row: Mapping[str, Answer]) -> dict[str, Value]:
    return {name: row[name].value for name in FROM_RETURN if name in row}


def new_id(records: Records, quarter: str) -> str:
    """ACT-2026Q3-0001: the year the financial year begins in, the quarter, and a number never given twice."""
    n = records.next_number(f"action {quarter}")
    return f"ACT-{quarter[:4]}{quarter[-2:]}-{n:04d}"


def _new(records: Records, issue: Issue, child_id: str, row: Mapping[str, Value], at: datetime) -> Action:
    return Action(
        action_id=new_id(records, str(issue.quarter)), return_id=issue.return_id, activity=issue.activity, quarter=str(issue.quarter),
        area=issue.service_area, team=issue.team, set_on=at.date(), child_id=child_id, cells={**row, "status": "Open"}, said=dict(row),
    )
