"""Returns made by hand, answer by answer, for the checks: no workbook is written or read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from kit import CHILD, PEOPLE, child_row, codes, complete, form, issue

from qaf_sheets.checks import Context, check
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.model import Answer, Child, Layout, Question, Return, Value

Rows = Iterable[Mapping[str, Value]]
TODAY = date(2026, 12, 14)
ACTION: dict[str, Value] = {"action_text": "Ring the aunt and agree who does what", "owner": "P016", "due_on": date(2027, 1, 15)}
WITH_ACTIONS = "Yes, listed on the Actions sheet"
TEN = tuple(child_row(n) for n in range(10))
PREFILLED: Mapping[str, Mapping[str, Value]] = {"CCR": {"child_id": CHILD, "sw_pa": "P041", "team_manager": "P042"}}
MAY_FOLLOW = ("FEEDBACK_OUTSTANDING", "FAMILY_VIEWS_MISSING")


@cache
def layout(activity: str) -> Layout:
    return lay_out(form(activity))


def cell_of(activity: str, field: str) -> str:
    """Where a question is answered."""
    return next(p.cell for p in layout(activity).places if p.field == field)


def answer(question: Question, value: Value, sheet: str, cell: str) -> Answer:
    """One answer as the reader gives it: with its option's, person's or child's code."""
    code = ""
    if question.kind == "choice":
        code = next((o.code or o.text for o in question.options if value in (o.text, o.code) and value), "")
    elif question.kind == "person":
        code = str(value) if value in {p.person_id for p in PEOPLE} else (m[1] if (m := re.search(r"\((P\d+)\)", str(value))) else "")
    elif question.kind == "child_id":
        code = str(value or "")
    return Answer(value=value, sheet=sheet, cell=cell, code=code)


def returned(activity: str, actions: Rows = (), children: Rows = TEN, **changes: Value) -> Return:
    """A complete return, with changes by field; None clears an answer."""
    said = {**PREFILLED.get(activity, {}), **complete(activity), **changes}
    rows = {"actions": tuple(actions), "children": tuple(children)}
    answers = {p.field: answer(f, said.get(f.id), p.sheet, p.cell) for f, p in zip(form(activity).fields, layout(activity).places, strict=True)}
    tables = {}
    for table, at in zip(form(activity).tables, layout(activity).tables, strict=True):
        letters = {field: letter for field, letter, _ in at.columns}
        tables[table.id] = tuple(
            {c.id: answer(c, row.get(c.id), at.sheet, f"{letters[c.id]}{at.first_row + n}") for c in table.columns} for n, row in enumerate(rows[table.id])
        )
    return Return(answers=answers, rows=tables)


def told(activity: str, content: Return, levels: str = "EW", **facts: Any) -> list[tuple[str, str]]:
    """What is told of a return as (code, cell), but for what may still follow. Every child is on the list unless `children` says otherwise."""
    known = {"people": {p.person_id: p for p in PEOPLE}, "children": {c: Child(child_id=c) for c in (CHILD, *(str(r["child_id"]) for r in TEN))}}
    context = Context(issue=issue(activity), today=TODAY, **{**known, **facts})
    return [c for c in codes(check(content, form(activity), context), *levels) if c[0] not in MAY_FOLLOW]


def message(activity: str, content: Return, code: str, **facts: Any) -> str:
    """The words of one problem."""
    context = Context(issue=issue(activity), today=TODAY, **facts)
    return next(p.message for p in check(content, form(activity), context) if p.code == code)
