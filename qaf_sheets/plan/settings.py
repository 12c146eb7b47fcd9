"""Every setting with its default, its choices, what it does, and the clause where the framework leaves it open (specification 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Default(NamedTuple):
    """One row of the Settings sheet."""

    name: str
    value: str
    choices: str
    what: str
    clause: str = ""


DEFAULTS = (
    Default("council", "Marlbrook Borough Council", "", "The council's name, on every form and document."),
    Default("marking", "OFFICIAL-SENSITIVE", "", "The protective marking printed at the foot of everything."),
    Default("qa_contact", "Quality assurance unit, 01632 960 123, qa.unit@marlbrook.example", "", "Who managers may ask; it stands on every form."),
    Default("child_id_digits", "7", "a number", "How many digits a child's ID has."),
    Default("min_text", "20", "a number of characters", "A shorter answer to a question in words is accepted with a remark."),
    Default("rout_due", "last_working_day", "last_working_day, or a number of working days after the quarter ends", "When Head of Service summaries are due.", "3.3 no. 28; Appendix 7 “Report at end of quarter”"),
    Default("obs_due", "last_working_day", "last_working_day, or a number of working days after the quarter ends", "When a quarter's observations are due.", "3.3 no. 28; Section 6, 6.6"),
    Default("serv_due_before_dlt", "5", "a number of working days", "Service summaries are due this long before the leadership meeting that precedes DLT.", "3.3 no. 28; Section 2, 2.7"),
    Default("serv_due_after_quarter", "5", "a number of working days", "Service summaries are due this long after the quarter ends, where the calendar has no such meeting.", "3.3 no. 28"),
    Default("settle_seconds", "1", "seconds", "A file must lie still this long before it is read."),
    Default("poll_seconds", "10", "5 to 300 seconds", "How often the service looks into Return here by itself."),
    Default("incomplete_after_seconds", "120", "seconds", "A file that arrived incomplete is waited for this long before we say it is damaged."),
)  # fmt: skip


def defaults() -> Mapping[str, str]:
    """Every setting's default value."""
    return {d.name: d.value for d in DEFAULTS}
