"""Checks of repeating rows, actions above all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from qaf_sheets import workdays
from qaf_sheets.checks.context import Asked, Context, asked
from qaf_sheets.model import Answer, Form, Problem, Question, Return, Table
from qaf_sheets.problems import count, problem
from qaf_sheets.rules import holds, is_needed, rows_needed, worked_on

FEW = 3
"""A row's remark names what is lacking up to this many; a theme's questions are short and all named."""
Rows = tuple[Mapping[str, Answer], ...]


def _tables(content: Return, form: Form) -> Iterator[tuple[Table, Rows]]:
    for table in form.tables:
        yield table, tuple(content.rows.get(table.id, ()))


def unfinished_rows(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A row that was begun lacks what each row needs; said once a row, naming what it lacks. What has a problem of its own is said by it."""
    del context
    for table, rows in _tables(content, form):
        for n, row in enumerate(() if table.sheets else rows, 1):
            blank = [c for c in table.columns if row[c.id].value is None and not row[c.id].withheld and is_needed(c, form, content, row)]
            yield from (problem(c.blank, at=row[c.id], of=c) for c in blank if c.blank)
            lacking = [c for c in blank if not c.blank]
            if lacking:
                yield problem("ROW_UNFINISHED", at=row[lacking[0].id], of=lacking[0], row=f"{table.row} {n}", missing=_in_words(lacking))


def _in_words(lacking: Sequence[Question]) -> str:
    """An owner and a due date; a team and answers to questions 2 and 3."""
    themed, others = [c.number for c in lacking if c.themed], [c for c in lacking if not c.themed]
    names = [_a(c) for c in others] if len(others) <= FEW else [count(len(others), "more answer")]
    themes = [f"{'answers to questions' if len(themed) > 1 else 'an answer to question'} {_and(themed)}"] if themed else []
    return _and([*names, *themes])


def _and(words: Sequence[str]) -> str:
    return " and ".join(([", ".join(words[:-1])] if words[:-1] else []) + list(words[-1:]))


def _a(column: Question) -> str:
    """An owner, a due date; a question that is chosen from a list is an answer."""
    if column.kind == "choice":
        return f"an answer under '{column.name}'"
    name = column.name[0].lower() + column.name[1:]
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def rows_missing(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A table that must have a row has none: the form says there are actions, or a grade asks for one (cases 26, 27)."""
    for table, rows in _tables(content, form):
        why = None if rows or table.title in context.lost_tables else rows_needed(table, form, content)
        if why:
            asks = next((a.answer for a in asked(content, form) if a.question.id in why.fields and not a.listed and holds(why, form, content, a.row or {})), None)
            yield problem(why.blank or "NO_ACTION_LISTED", at=asks, sheet=table.sheet(1) if table.sheets else table.title, label=table.title)


def actions_unexpected(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The form says there is no further action, and some are listed."""
    del context
    for table, rows in _tables(content, form):
        said = next((content.answers.get(f) for c in table.when for f in c.fields), None)
        if rows and said and said.code and not holds(table.when[0], form, content):
            yield problem("ACTIONS_UNEXPECTED", at=said, label=table.title, count=count(len(rows), table.row.lower()))


def far_dates(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An action is due more than twelve months after the work (case 29)."""
    start = worked_on(form, content) or context.today
    for due in _due(content, form):
        day = due.answer.value
        if isinstance(day, date) and (day.year - 1, day.month, day.day) > (start.year, start.month, start.day):
            yield problem("DUE_FAR", at=due.answer, of=due.question, row=due.called, value=due.answer.text)


def weekend_dates(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An action is due on a day when nobody works (case 30)."""
    for due in _due(content, form):
        day = due.answer.value
        if isinstance(day, date) and not workdays.is_working(day, context.holidays):
            later = workdays.add(day - timedelta(days=1), 1, context.holidays)
            kind = "a bank holiday" if day in context.holidays else f"a {day:%A}"
            yield problem("NOT_A_WORKING_DAY", at=due.answer, of=due.question, value=due.answer.text, kind=kind, later=f"{later:%d/%m/%Y}")


def _due(content: Return, form: Form) -> Iterator[Asked]:
    """The dates by which something is to be done."""
    return (a for a in asked(content, form) if a.row is not None and a.question.id == "due_on")
