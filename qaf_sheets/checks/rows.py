"""Checks of repeating rows, actions above all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qaf_sheets import workdays
from qaf_sheets.checks.context import Context
from qaf_sheets.model import Answer, Form, Problem, Return, Table
from qaf_sheets.problems import count, problem
from qaf_sheets.rules import holds, is_needed, rows_needed

FEW = 3
"""A row's remark names what is lacking up to this many."""


def _tables(content: Return, form: Form) -> Iterator[tuple[Table, tuple[dict[str, Answer], ...]]]:
    for table in form.tables:
        yield table, tuple(dict(r) for r in content.rows.get(table.id, ()))


def unfinished_rows(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A row that was begun lacks what each row needs; said once a row, naming all it lacks. What has a problem of its own is said by it."""
    del context
    for table, rows in _tables(content, form):
        for n, row in enumerate(rows, 1):
            blank = [c for c in table.columns if row[c.id].value is None and not row[c.id].withheld and is_needed(c, form, content, row)]
            yield from (problem(c.blank, at=row[c.id], of=c) for c in blank if c.blank)
            lacking = [c for c in blank if not c.blank]
            if lacking:
                missing = " and ".join(_a(c.name) for c in lacking) if len(lacking) <= FEW else count(len(lacking), "more answer")
                yield problem("ROW_UNFINISHED", at=row[lacking[0].id], of=lacking[0], row=f"{table.row} {n}", missing=missing)


def _a(name: str) -> str:
    """An owner, a due date."""
    name = name[0].lower() + name[1:]
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def rows_missing(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A table that must have a row has none: the form says there are actions, or a grade asks for one (cases 26, 27)."""
    del context
    for table, rows in _tables(content, form):
        why = None if rows else rows_needed(table, form, content)
        if why:
            asked = next((content.answers[f] for f in why.fields if f in content.answers), None)
            yield problem(why.blank or "NO_ACTION_LISTED", at=asked, sheet=table.title, label=table.title)


def actions_unexpected(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The form says there is no further action, and some are listed."""
    del context
    for table, rows in _tables(content, form):
        asked = content.answers.get(table.when[0].fields[0]) if table.when else None
        if rows and asked and asked.code and not holds(table.when[0], form, content):
            yield problem("ACTIONS_UNEXPECTED", at=asked, label=table.title, count=count(len(rows), "action"))


def far_dates(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An action is due more than a year after the work (case 29)."""
    work = content.answers.get(form.work_day.id) if form.work_day else None
    start = work.value if work and isinstance(work.value, date) else context.today
    for table, rows in _tables(content, form):
        for n, row in enumerate(rows, 1):
            due = row.get("due_on")
            if due and isinstance(due.value, date) and due.value > start + timedelta(days=366):
                yield problem("DUE_FAR", at=due, row=f"{table.row} {n}", value=due.text)


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
