"""How a piece of work's feedback, a decision and a meeting stand, once as Excel's formula and once in Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qaf_sheets.dates import as_date
from qaf_sheets.model import Value
from qaf_sheets.tracker.values import as_text, is_blank

Row = Mapping[str, Value]

AFTER = (
    ("verbal_on", "Spoken feedback", "spoken feedback"), ("written_on", "Written feedback", "written feedback"), ("told_manager_on", "Told the team manager", "team manager"),
    ("in_supervision_on", "Discussed in supervision", "supervision"), ("on_file_on", "On the child's file", "child's file"), ("shared_on", "Findings shared", "findings shared"),
)  # fmt: skip
"""What may be owed after a piece of work: the column, its heading, and how "Expected" and "Outstanding" call it."""
MISSING, NOTHING_MISSING = "! ", "✓ Nothing"


def _quoted(header: str) -> str:
    """A heading inside [@ ]: an apostrophe is doubled there."""
    return header.replace("'", "''")


def _join(parts: str) -> str:
    """Words put together without spaces inside them: "a_b c" → "a b, c"."""
    return f'SUBSTITUTE(SUBSTITUTE(TRIM({parts})," ",", "),"_"," ")'


_MISSED = "&".join(f'IF(AND(ISNUMBER(SEARCH("{word}",[@Expected])),[@{_quoted(header)}]=""),"{word.replace(" ", "_")} ","")' for _, header, word in AFTER)
OUTSTANDING = f'IF([@Piece of work]="","",IF(({_MISSED})="","{NOTHING_MISSING}","{MISSING}"&{_join(_MISSED)}))'


def outstanding(row: Row, _: date) -> str:
    """What is expected after a piece of work and has no date yet, in words; '' for no piece of work."""
    if is_blank(row.get("piece")):
        return ""
    expected = as_text(row.get("expected"))
    missed = [word for column, _header, word in AFTER if word in expected and is_blank(row.get(column))]
    return MISSING + ", ".join(missed) if missed else NOTHING_MISSING


WAITING, UNSIGNED, DECIDED = "○ Waiting", "! Say who and why", "✓ Decided"
_NEW = 'AND([@Decision]="",[@About]="")'
_CHOSEN = 'OR([@Choice]<>"",[@Kind]="Exemption",[@Kind]="Nothing to report")'
DECISION = f'IF({_NEW},"",IF(NOT({_CHOSEN}),"{WAITING}",IF(OR([@Decided by]="",[@Why]=""),"{UNSIGNED}","{DECIDED}")))'
SAID_BY_KIND = ("Exemption", "Nothing to report")
"""Kinds that need no choice: naming them is choosing."""


def decided(row: Row, _: date) -> str:
    """Whether a decision waits, lacks who or why, or is made; '' for a spare row."""
    if is_blank(row.get("decision_id")) and is_blank(row.get("about")):
        return ""
    if is_blank(row.get("choice")) and row.get("kind") not in SAID_BY_KIND:
        return WAITING
    return UNSIGNED if is_blank(row.get("who")) or is_blank(row.get("why")) else DECIDED


PRESENTED, PASSED, PLANNED, OPEN = "✓ Presented", "! Date passed", "○ Planned", "○ To be confirmed"
MEETING = (
    'IF([@Meeting]="","",IF([@Presented on]<>"",'
    f'"{PRESENTED}",IF(NOT(ISNUMBER([@Planned for])),"{OPEN}",IF([@Planned for]<as_at,"{PASSED}","{PLANNED}"))))'
)


def presented(row: Row, as_at: date) -> str:
    """Whether a meeting has heard its report; '' for a spare row."""
    if is_blank(row.get("meeting")):
        return ""
    if not is_blank(row.get("presented_on")):
        return PRESENTED
    planned = as_date(row.get("planned_on"))
    return OPEN if planned is None else PASSED if planned < as_at else PLANNED


CONCERN_OPEN, CONCERN_UNTOLD, NOT_SIGNED, SETTLED = "! Open", "! Open, nobody told", "! Say who", "✓ Outcome recorded"
CONCERN = f'IF([@Concern]="","",IF([@Outcome]="",IF([@Somebody told]="No","{CONCERN_UNTOLD}","{CONCERN_OPEN}"),IF([@Recorded by]="","{NOT_SIGNED}","{SETTLED}")))'


def concern(row: Row, _: date) -> str:
    """Whether an immediate concern is open, lacks who recorded its outcome, or is settled; '' for no concern."""
    if is_blank(row.get("key")):
        return ""
    if is_blank(row.get("outcome")):
        return CONCERN_UNTOLD if row.get("told") == "No" else CONCERN_OPEN
    return NOT_SIGNED if is_blank(row.get("settled_by")) else SETTLED
