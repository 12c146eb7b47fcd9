"""Where an action stands, where it may go from there and what each step needs; and who changed it last (specification 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from qaf_sheets.model import Action, Problem, Record, Value
from qaf_sheets.problems import problem

Row = Mapping[str, Value]

OPEN, IN_PROGRESS, DONE, CHECKED, VERIFIED, CLOSED, NOT_NEEDED, REOPENED, ESCALATED = "Open", "In progress", "Done", "Checked", "Verified", "Closed", "Not needed", "Reopened", "Escalated"
FINISHED = (DONE, CHECKED, VERIFIED, CLOSED, NOT_NEEDED)
"""Its owner has nothing left to do."""
SEEN = (VERIFIED, CLOSED)
"""Somebody other than its owner has seen that it was done."""

ON_THE_WAY = (DONE, CHECKED, CLOSED, NOT_NEEDED, ESCALATED)
MOVES: Mapping[str, tuple[str, ...]] = {
    "": (OPEN, IN_PROGRESS, *ON_THE_WAY), OPEN: (IN_PROGRESS, *ON_THE_WAY), IN_PROGRESS: (OPEN, *ON_THE_WAY), ESCALATED: (OPEN, IN_PROGRESS, *ON_THE_WAY), REOPENED: (OPEN, IN_PROGRESS, *ON_THE_WAY),
    DONE: (OPEN, IN_PROGRESS, CHECKED, VERIFIED, CLOSED, NOT_NEEDED, REOPENED, ESCALATED), CHECKED: (IN_PROGRESS, DONE, VERIFIED, CLOSED, REOPENED),
    VERIFIED: (CHECKED, CLOSED, REOPENED), CLOSED: (CHECKED, VERIFIED, REOPENED), NOT_NEEDED: (OPEN, IN_PROGRESS, REOPENED),
}  # fmt: skip
"""Status → where it may go. Steps forward may be taken at once where all they need is there; steps back put a mistake right."""


class Need(NamedTuple):
    """One of these columns has to say something; `said` is how a message calls them. `by_lead`: it has to name whoever leads practice."""

    columns: tuple[str, ...]
    said: str
    by_lead: bool = False


CONFIRMED = (
    Need(("completed_on",), "Completed on"), Need(("evidence", "evidence_ref"), "Evidence"), Need(("manager_confirmed_by",), "Confirmed by"),
    Need(("manager_confirmed_on", "discussed_in_supervision_on"), "Confirmed on"),
)  # fmt: skip
NEEDS: Mapping[str, tuple[Need, ...]] = {
    CHECKED: CONFIRMED, CLOSED: CONFIRMED, NOT_NEEDED: (Need(("progress_note",), "the reason, under Progress"), Need(("manager_confirmed_by",), "{lead} under Confirmed by", by_lead=True)),
}  # fmt: skip
EVIDENCE_SEEN, LEAD_LIST = "Yes", "practice_lead"


def judge(before: Row, after: Row, lists: Mapping[str, tuple[str, ...]]) -> dict[str, Problem]:
    """The columns of a changed row that cannot stand as they were typed, with what to do. Only a changed status is judged: by the whole row as it would be."""
    was, now, row = _text(before.get("status")), _text(after.get("status")), _text(after.get("action_id"))
    if not now or now == was:
        return {}
    if was in MOVES and now not in MOVES[was] and now in MOVES:
        return {"status": problem("MOVE_NOT_ALLOWED", row=row, was=was or "new", now=now, allowed=", ".join(MOVES[was]))}
    if now == VERIFIED and _text(after.get("follow_up_result")) != EVIDENCE_SEEN:
        return {"status": problem("MOVE_UNSEEN", row=row)}
    lead = " or ".join(lists.get(LEAD_LIST, ())) or "who agreed"
    missing = [n.said.format(lead=lead) for n in NEEDS.get(now, ()) if not _has(after, n, lists.get(LEAD_LIST, ()))]
    return {"status": problem("MOVE_NEEDS", row=row, now=now, missing=" and ".join(missing))} if missing else {}


def _has(row: Row, need: Need, leads: tuple[str, ...]) -> bool:
    said = [_text(row.get(c)) for c in need.columns]
    return any(said) and (not need.by_lead or not leads or any(s in leads for s in said))


def _text(value: Value) -> str:
    return "" if value is None else str(value).strip()


# ---------------------------------------------------------------- changes


class Hand(NamedTuple):
    """Whose change it is: who, when, and where it was made (the tracker, a return's reference)."""

    who: str
    at: datetime
    source: str


class Edited(Record):
    """One change of one action: what stood in a column before and after, who changed it, when, and where."""

    action_id: str
    column: str
    before: Value = None
    after: Value = None
    who: str
    at: datetime
    source: str


FOLLOWS = ("last_changed_by", "last_changed_on", "revisions", "reopened_from")
"""Columns that follow from changes of others."""


def changed(action: Action, cells: Row, hand: Hand) -> Action:
    """An action with some cells changed, and what follows from that: how often its date moved, what it was reopened from, who changed it last."""
    new = {name: value for name, value in cells.items() if value != action.cells.get(name)}
    if not new:
        return action
    follows: dict[str, Value] = {"last_changed_by": hand.who, "last_changed_on": hand.at.date()}
    if isinstance(new.get("revised_due_on"), date):
        moved = action.cells.get("revisions")
        follows["revisions"] = (moved if isinstance(moved, int) else 0) + 1
    if new.get("status") == REOPENED:
        follows["reopened_from"] = f"{_text(action.cells.get('status')) or OPEN}, {hand.at:%d/%m/%Y}"
    return action.model_copy(update={"cells": {**action.cells, **new, **follows}})
