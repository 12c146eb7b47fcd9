"""Judges a return's answers: small functions in one tuple, given the answers, the form and a `Context`; never the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qaf_sheets.checks.answers import (
    blanks,
    concern_flagged,
    feedback_outstanding,
    future_dates,
    grades_on_observation,
    left_people,
    outside_quarter,
    too_little,
    unknown_people,
)
from qaf_sheets.checks.context import Context
from qaf_sheets.checks.rows import actions_unexpected, rows_missing, unfinished_rows, weekend_dates
from qaf_sheets.model import Form, Problem, Return

Check = Callable[[Return, Form, Context], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    blanks,
    too_little,
    future_dates,
    outside_quarter,
    unknown_people,
    left_people,
    grades_on_observation,
    concern_flagged,
    feedback_outstanding,
    unfinished_rows,
    rows_missing,
    actions_unexpected,
    weekend_dates,
)
"""All that is checked in a return, in the order it is told."""


def check(content: Return, form: Form, context: Context) -> tuple[Problem, ...]:
    """Every problem of a return, all at once; beside something that must be put right, no remark about the same cell."""
    found = [p for one in CHECKS for p in one(content, form, context)]
    stopped = {(p.sheet, p.cell) for p in found if p.level == "E"}
    return tuple(p for p in found if p.level == "E" or (p.sheet, p.cell) not in stopped)


__all__ = ["CHECKS", "Context", "check"]
