"""Checks of what stands beside the answers in a workbook: comments, hidden rows and sheets, sheets of people's own (case 47)."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context, asked
from qaf_sheets.model import Form, Problem, Return
from qaf_sheets.problems import problem
from qaf_sheets.references import row_of


def comments(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """What somebody wrote as a comment is no answer."""
    del content, form
    yield from (problem("COMMENT_NOT_READ", sheet=sheet, cell=cell) for sheet, cell in context.comments)


def hidden_rows(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An answer stands in a row that was hidden, perhaps because it was not meant any more; told once a row."""
    told: set[tuple[str, int]] = set()
    for field, answer, *_ in asked(content, form):
        number = row_of(answer.cell)
        filled = answer.text or answer.withheld
        if filled and not field.fixed and number in context.hidden_rows.get(answer.sheet, ()) and (answer.sheet, number) not in told:
            told.add((answer.sheet, number))
            yield problem("ROW_HIDDEN", at=answer, of=field, number=number)


def hidden_sheets(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A sheet of the form that was hidden, with answers on it."""
    filled = {a.answer.sheet for a in asked(content, form) if not a.question.fixed and (a.answer.text or a.answer.withheld)}
    yield from (problem("SHEET_HIDDEN", sheet=sheet) for sheet in sorted(filled & context.hidden_sheets))


def unread_sheets(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A sheet of somebody's own, with something on it."""
    del content, form
    yield from (problem("SHEET_NOT_READ", sheet=sheet) for sheet in context.unread_sheets)
