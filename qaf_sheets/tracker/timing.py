"""How an action stands on a day, once as Excel's formula and once in Python; overdue is calculated, never chosen (specification 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from qaf_sheets.dates import as_date
from qaf_sheets.lifecycle import FINISHED
from qaf_sheets.model import Value
from qaf_sheets.tracker.values import is_blank

OVERDUE, SOON, IN_DATE, NO_DATE, DONE = "✗ Overdue", "! Due soon", "○ In date", "○ No date", "✓ Finished"
SOON_DAYS = 14
PARTS = ((OVERDUE, "overdue"), (SOON, f"due in the next {SOON_DAYS} days"), (IN_DATE, "due later"), (NO_DATE, "without a date"), (DONE, "finished"))
"""What the sheet's sentence says of so many, by how they stand."""

DUE = "IF(ISNUMBER([@Revised due]),[@Revised due],[@Due])"
EMPTY = 'AND([@Reference]="",[@Action]="")'
IS_DONE = "OR(" + ",".join(f'[@Status]="{status}"' for status in FINISHED) + ")"
_BY_DATE = f'IF({DUE}<as_at,"{OVERDUE}",IF({DUE}<=as_at+{SOON_DAYS},"{SOON}","{IN_DATE}"))'
TIMING = f'IF({EMPTY},"",IF({IS_DONE},"{DONE}",IF(NOT(ISNUMBER({DUE})),"{NO_DATE}",{_BY_DATE})))'
DAYS = f'IF([@Timing]="{OVERDUE}",as_at-{DUE},"")'


def due(row: Mapping[str, Value]) -> date | None:
    """The date an action is due now: the revised one where there is one."""
    return as_date(row.get("revised_due_on")) or as_date(row.get("due_on"))


def timing(row: Mapping[str, Value], as_at: date) -> str:
    """Symbol and word for where an action stands; '' for a spare row."""
    if is_blank(row.get("action_id")) and is_blank(row.get("action_text")):
        return ""
    if row.get("status") in FINISHED:
        return DONE
    when = due(row)
    if when is None:
        return NO_DATE
    return OVERDUE if when < as_at else SOON if when <= as_at + timedelta(days=SOON_DAYS) else IN_DATE


def days_overdue(row: Mapping[str, Value], as_at: date) -> int | str:
    """Calendar days past the due date; '' for an action that is not overdue."""
    when = due(row)
    return (as_at - when).days if when and timing(row, as_at) == OVERDUE else ""
