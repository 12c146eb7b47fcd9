"""Follow-up of closed actions: which are looked behind in a quarter, and what the answer does to each (section 13, 10.3 and 10.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from qaf_sheets.facts import Rows
from qaf_sheets.lifecycle import REOPENED, VERIFIED, Hand, changed
from qaf_sheets.model import Action, Answer, Form, Issue, Plan, Quarter, Return, Value
from qaf_sheets.plan.sampling import CLOSED, draw_follow_up, to_follow_up, weighs
from qaf_sheets.register.store import Records
from qaf_sheets.rules import Row

TABLE = "follow_up"
"""What a form's table says in `prefill` to be given the actions that were drawn."""


def drawn(records: Records, plan: Plan, quarter: Quarter) -> Rows:
    """The actions to be followed up in a quarter, as their rows in the form; () while nothing was closed in the quarter before."""
    inadequate = records.actions.of_inadequate_work()
    share, least = int(plan.setting("fup_share")), int(plan.setting("fup_least"))
    found = draw_follow_up(records.actions.all(), quarter, share=share, least=least, heavy=inadequate)
    return tuple(_row(d.action) for d in found)


def _row(action: Action) -> dict[str, str]:
    cells = action.cells
    closed = cells.get("completed_on")
    return {
        "action_id": action.action_id, "action_text": str(cells.get("action_text") or ""), "child_id": action.child_id, "level": str(cells.get("level") or ""),
        "claimed_closed_on": f"{closed:%d/%m/%Y}" if isinstance(closed, date) else "",
    }


def standing(records: Records, on: date) -> Mapping[str, str]:
    """What follow-up has to do with each action that is done and not looked behind yet, by id: it is in a form handed out, or it may be drawn."""
    held, heavy, now = records.actions.all(), records.actions.of_inadequate_work(), Quarter.holding(on)
    forms = {q: {row["action_id"] for issue in records.issues.of_quarter(q) for rows in issue.rows.values() for row in rows if "action_id" in row} for q in (now.plus(-1), now)}
    said: dict[str, str] = {}
    for quarter in (now, now.plus(1)):
        if not forms.get(quarter):
            said |= {a.action_id: f"{'Likelier to be drawn' if weighs(a, heavy) else 'May be drawn'} for {quarter.label}" for a in to_follow_up(held, quarter)}
    for quarter, drawn_then in forms.items():
        said |= {a.action_id: f"In the follow-up of {quarter.label}" for a in held if a.action_id in drawn_then and a.cells.get("status") in CLOSED}
    return {a.action_id: said[a.action_id] for a in held if a.action_id in said and not a.cells.get("follow_up_on")}


def take_follow_up(records: Records, issue: Issue, form: Form, content: Return, at: datetime) -> None:
    """What the follow-up found, on each action it looked behind. The same answers again change nothing; "not evidenced" opens the same action again."""
    table = next((t for t in form.tables if t.prefill == TABLE), None)
    held = {a.action_id: a for a in records.actions.all()} if table else {}
    day = content.day(form.work_day.id) if form.work_day else None
    by = Hand(issue.person_name, at, issue.return_id)
    for row in content.rows.get(table.id, ()) if table else ():
        action = held.get(row["action_id"].text)
        if action and row["evidence_seen"].code:
            records.actions.save(changed(action, _found(row, action.cells, day or at.date()), by), by)


def _found(row: Row, cells: Mapping[str, Value], on: date) -> dict[str, Value]:
    again = row["evidence_seen"].code == "No" or _said(row, "reopen") == "Yes"
    status = REOPENED if again else VERIFIED if row["evidence_seen"].code == "Yes" else cells.get("status")
    return {
        "status": status, "follow_up_on": on, "follow_up_result": row["evidence_seen"].text, "impact": row["difference_made"].text or cells.get("impact"),
        "follow_up_note": row["comment"].text or None,
    }


def _said(row: Mapping[str, Answer], field: str) -> str:
    answer = row.get(field)
    return answer.code if answer else ""
