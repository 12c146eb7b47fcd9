"""What is to be done next about an action, and whom it has come to; each once as Excel's formula and once in Python (specification 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from qaf_sheets import workdays
from qaf_sheets.lifecycle import CHECKED, DONE, ESCALATED, FINISHED
from qaf_sheets.model import Value
from qaf_sheets.tracker.timing import DUE, EMPTY, IS_DONE, due, timing
from qaf_sheets.tracker.values import is_blank

NAME_OWNER, AGREE_DATE, LATE, CARRY_OUT = "! Name an owner", "! Agree a date", "✗ Finish it, or move the date", "○ Carry out"
SAY_WHEN, SAY_EVIDENCE, CONFIRM, FOLLOW_UP, NOTHING = "! Say when it was done", "! Say what the evidence is", "○ Confirm in supervision", "○ A follow-up may look", "✓ Nothing"
_CLAIMED = f'OR([@Status]="{DONE}",[@Status]="{CHECKED}")'
_STEP = (
    f'IF({_CLAIMED},IF([@Completed on]="","{SAY_WHEN}",IF(AND([@Evidence]="",[@Evidence kept at]=""),"{SAY_EVIDENCE}",IF([@Status]="{DONE}","{CONFIRM}","{FOLLOW_UP}"))),'
    f'IF({IS_DONE},"{NOTHING}",IF([@Owner]="","{NAME_OWNER}",IF(NOT(ISNUMBER({DUE})),"{AGREE_DATE}",IF({DUE}<as_at,"{LATE}","{CARRY_OUT}")))))'
)
NEXT_STEP = f'IF({EMPTY},"",{_STEP})'


def next_step(row: Mapping[str, Value], as_at: date) -> str:
    """What is to be done next about an action, in words; '' for a spare row."""
    if is_blank(row.get("action_id")) and is_blank(row.get("action_text")):
        return ""
    status = row.get("status")
    if status in (DONE, CHECKED):
        if is_blank(row.get("completed_on")):
            return SAY_WHEN
        if is_blank(row.get("evidence")) and is_blank(row.get("evidence_ref")):
            return SAY_EVIDENCE
        return CONFIRM if status == DONE else FOLLOW_UP
    if status in FINISHED:
        return NOTHING
    when = due(row)
    if is_blank(row.get("owner")):
        return NAME_OWNER
    return AGREE_DATE if when is None else LATE if when < as_at else CARRY_OUT


class Rungs(NamedTuple):
    """To whom an overdue action comes: after so many working days to its owner and team manager, to the head of its area, to the practice lead.

    To the last after so many new dates too. `head_called` and `lead_called` are what the council calls these two.
    """

    owner: int
    head: int
    lead: int
    moves: int
    head_called: str = "Head of Service"
    lead_called: str = "Principal Social Worker"

    @property
    def to_head(self) -> str:
        """How the column says it."""
        return f"✗ {self.head_called}"

    @property
    def to_lead(self) -> str:
        """How the column says it."""
        return f"✗ {self.lead_called}{AND_LEADERS}"


RUNGS = Rungs(owner=5, head=15, lead=30, moves=2)
"""As the plan's settings have them to begin with."""
TO_OWNER, AND_LEADERS, CHOSEN = "! Owner and team manager", ", leadership team", "! Escalated"
_DAYS_LATE = f"IF({DUE}<as_at,NETWORKDAYS({DUE}+1,as_at,holidays),0)"
_NOT_LATE = f'IF([@Status]="{ESCALATED}","{CHOSEN}","")'
_RUNG = (
    f'IF(OR({_DAYS_LATE}>=rung_lead,N([@Times moved])>=rung_moves),"✗ "&rung_lead_called&"{AND_LEADERS}",IF({_DAYS_LATE}>=rung_head,"✗ "&rung_head_called,IF({_DAYS_LATE}>=rung_owner,"{TO_OWNER}",{_NOT_LATE})))'
)
ESCALATION = f'IF(OR({EMPTY},{IS_DONE}),"",IF(ISNUMBER({DUE}),{_RUNG},{_NOT_LATE}))'


def escalation(row: Mapping[str, Value], as_at: date, holidays: workdays.Holidays, rungs: Rungs) -> str:
    """Whom an unfinished action has come to; '' while it is nobody's but its owner's."""
    if not timing(row, as_at) or row.get("status") in FINISHED:
        return ""
    when, moved = due(row), row.get("revisions")
    late = workdays.between(when, as_at, holidays) if when else 0
    if when and (late >= rungs.lead or (isinstance(moved, (int, float)) and moved >= rungs.moves)):
        return rungs.to_lead
    if when and late >= rungs.owner:
        return rungs.to_head if late >= rungs.head else TO_OWNER
    return CHOSEN if row.get("status") == ESCALATED else ""
