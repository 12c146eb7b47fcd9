"""Checks of repeating rows, actions above all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qaf_sheets import workdays
from qaf_sheets.checks.context import Context, holds
from qaf_sheets.model import Answer, Form, Problem, Return, Table
from qaf_sheets.problems import count, problem


def _tables(content: Return, form: Form) -> Iterator[tuple[Table, tuple[dict[str, Answer], ...]]]:
    for table in form.tables:
        yield table, tuple(dict(r) for r in content.rows.get(table.id, ()))


def unfinished_rows(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A row that was begun lacks what each row needs; said once a row, naming all it lacks."""
    del context
    for table, rows in _tables(content, form):
        for n, row in enumerate(rows, 1):
            lacking = [c for c in table.columns if c.required and row[c.id].value is None]
            if lacking:
                missing = " and ".join(_a(c.name) for c in lacking)
                yield problem("ROW_UNFINISHED", at=row[lacking[0].id], of=lacking[0], row=f"{table.title.removesuffix('s')} {n}", missing=missing)


def _a(name: str) -> str:
    """An owner, a due date."""
    name = name[0].lower() + name[1:]
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def no_action_listed(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The form says there are actions, and none is listed."""
    del context
    for table, rows in _tables(content, form):
        if table.when and holds(table.when, content) and not rows:
            yield problem("NO_ACTION_LISTED", at=content.answers[table.when.field], label=table.title)


def actions_unexpected(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The form says there is no further action, and some are listed."""
    del context
    for table, rows in _tables(content, form):
        asked = content.answers.get(table.when.field) if table.when else None
        if table.when and rows and asked and asked.code and not holds(table.when, content):
            yield problem("ACTIONS_UNEXPECTED", at=asked, label=table.title, count=count(len(rows), "action"))


def weekend_dates(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An action is due on a day when nobody works (case 30)."""
    for table, rows in _tables(content, form):
        for row in rows:
            due = row.get("due_on")
            if due and isinstance(due.value, date) and not workdays.is_working(due.value, context.holidays):
                column = next(c for c in table.columns if c.id == "due_on")
                later = workdays.add(due.value - timedelta(days=1), 1, context.holidays)
                kind = "a bank holiday" if due.value in context.holidays else f"a {due.value:%A}"
                yield problem("NOT_A_WORKING_DAY", at=due, of=column, value=due.text, kind=kind, later=f"{later:%d/%m/%Y}")
