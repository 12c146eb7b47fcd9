"""Judges a return's answers: small functions in one tuple, given the answers, the form and a `Context`; never the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qaf_sheets.checks import answers, children, counts, grades, people, rows, text, workbook
from qaf_sheets.checks.children import children_of
from qaf_sheets.checks.context import Context
from qaf_sheets.model import Form, Problem, Return

Check = Callable[[Return, Form, Context], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    answers.blanks, answers.too_little, answers.too_long, answers.future_dates, answers.too_early, answers.outside_quarter,
    answers.unknown_people, answers.left_people, answers.grades_on_observation, answers.concern_flagged, answers.feedback_outstanding, answers.family_views,
    grades.overall_and_areas, people.own_case, people.own_review, people.own_supervision, people.observed_again, people.observer_not_manager, people.team_changed, people.few_newly_qualified, people.no_longer_newly_qualified,
    counts.whole_numbers, counts.more_than_the_whole, counts.parts_exceed, answers.nothing_to_report,
    children.unknown_children, children.twice_in_a_table, children.too_few_rows, children.also_elsewhere, children.level_moved, children.no_longer_open,
    rows.unfinished_rows, rows.rows_missing, rows.actions_unexpected, rows.far_dates, rows.weekend_dates,
    text.names_in_text, workbook.comments, workbook.hidden_rows, workbook.hidden_sheets, workbook.unread_sheets,
)  # fmt: skip
"""All that is checked in a return, in the order it is told."""


def check(content: Return, form: Form, context: Context) -> tuple[Problem, ...]:
    """Every problem of a return, all at once; beside something that must be put right, no remark about the same cell."""
    found = [p for one in CHECKS for p in one(content, form, context)]
    stopped = {(p.sheet, p.cell) for p in found if p.level == "E" and p.cell}
    return tuple(p for p in found if p.level == "E" or (p.sheet, p.cell) not in stopped)


__all__ = ["CHECKS", "Context", "check", "children_of"]
