"""How a manager fills a form in: answers chosen from the bank of invented words, typed into the workbook with another program."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

import openpyxl

from qaf_sheets import workdays
from qaf_sheets.demo.bank import Bank
from qaf_sheets.model import Answer, Form, Issue, Layout, Place, Quarter, Question, Record, Return, Table, Value
from qaf_sheets.references import split_cell
from qaf_sheets.rules import holds

Answers = dict[str, Value]
Rows = list[dict[str, Value]]
Tables = Mapping[str, Sequence[Mapping[str, Value]]]
NOTHING: Mapping[str, Value] = MappingProxyType({})
OTHERS = ("signed_off_by",)
"""Answered by somebody else afterwards."""
LIKELY = {"immediate_concern": (0, 1), "actions_any": (9, 1), "ed_evaluation": (2, 6, 4, 1), "nature": (4, 3, 6, 1)}
COMMON = {("Yes", "Partly", "No", "Not applicable"): (12, 6, 2, 0), ("Yes", "No"): (4, 1), ("Yes", "Partly", "No"): (6, 3, 1), ("Yes", "Too early", "No"): (5, 3, 1)}
"""How often each option is chosen, by question or by what is offered."""
DAYS = {"Immediate": 3, "Within 10 working days": 13}
LATER = 45
"""Days until an action is due."""


class Work(Record):
    """One piece of work before it is written up: the day it is signed off, who and which children it may name, and what the story fixes.

    `told` holds answers by question (a choice by its code; None leaves it blank), `rows` those of tables, `cues` choose the words.
    """

    on: date
    quarter: Quarter
    owners: tuple[str, ...]
    children: tuple[str, ...] = ()
    holidays: frozenset[date] = frozenset()
    cues: tuple[str, ...] = ()
    told: Mapping[str, Value] = {}
    rows: Mapping[str, tuple[Mapping[str, Value], ...]] = {}
    piece_cues: tuple[tuple[str, ...], ...] = ()
    actions: int = 3

    def piece(self, n: int) -> Work:
        """The nth of its pieces, from 0, with cues of its own."""
        return self.model_copy(update={"cues": self.piece_cues[n]}) if n < len(self.piece_cues) else self


def answer(form: Form, issue: Issue, bank: Bank, work: Work) -> tuple[Answers, Tables]:
    """A whole form answered well: every question that is needed, most of the others, and its tables' rows."""
    asked = [f for f in form.fields if not (f.fixed or f.id in OTHERS or (issue.facts.get(f.prefill) and f.id != "activity"))]
    said = _answered(form, asked, {**bank.counts(form.id), **work.told}, bank, work)
    rows: dict[str, Sequence[Mapping[str, Value]]] = dict(work.rows)
    for table in form.tables:
        if table.sheets:
            rows[table.id] = [_answered(form, table.columns, told, bank, work.piece(n), said) for n, told in enumerate(work.rows.get(table.id, ()))]
        elif table.prefill:
            rows[table.id] = [_row(form, table, told, bank, work) for told in _handed(table, issue, work)]
        elif table.id == "actions":
            wanted = any(holds(c, form, _so_far(form, said, rows)) for c in table.when)
            rows[table.id] = _actions(bank, form, work) if wanted else ()
        elif table.id not in work.rows:
            rows[table.id] = [_row(form, table, told, bank, work) for told in bank.rows(form.id, table.id)]
    return said, rows


def _answered(form: Form, asked: Sequence[Question], told: Mapping[str, Value], bank: Bank, work: Work, before: Mapping[str, Value] = NOTHING) -> Answers:
    """Answers to these questions; what the story fixes stands, and what was answered `before`, once for all, is known. What depends on another answer comes after it, and words after the grade beside them."""
    said: Answers = {f.id: _in_words(f, told[f.id]) for f in asked if f.id in told}
    for field in sorted(asked, key=lambda f: (f.when is not None, not f.beside)):
        free = field.when is None or any(f.beside == field.id for f in asked)  # words beside a choice are welcome whatever was chosen
        if field.id not in told and not field.fixed and (free or _holds(form, field, asked, said)):
            said[field.id] = _one(form, field, bank, work, {**before, **said})
    return {k: v for k, v in said.items() if v not in (None, "")}


def _holds(form: Form, field: Question, asked: Sequence[Question], said: Answers) -> bool:
    assert field.when is not None, "asked only of what depends on something"
    codes = {f.id: {o.text: o.code or o.text for o in f.options} for f in asked}
    row = {k: Answer(value=v, sheet="", cell="", code=codes[k].get(str(v), "")) for k, v in said.items()}
    return holds(field.when, form, Return(answers=row, rows={t.id: () for t in form.tables}), row)


def _handed(table: Table, issue: Issue, work: Work) -> Iterator[Mapping[str, Value]]:
    """The rows a table was handed out with, each with what the story fixes of it."""
    fixed = work.rows.get(table.id, ())
    for n, row in enumerate(issue.rows.get(table.prefill, ())):
        yield {**row, **(fixed[n] if n < len(fixed) else {})}


def _row(form: Form, table: Table, told: Mapping[str, Value], bank: Bank, work: Work) -> Answers:
    """One row of a table; locked cells stay as they were handed out."""
    said = _answered(form, table.columns, told, bank, work)
    return {c.id: said[c.id] for c in table.columns if c.id in said and not c.fixed}


def _in_words(field: Question, value: Value) -> Value:
    return next((o.text for o in field.options if value == (o.code or o.text)), value)


def _code(field: Question, value: Value) -> str:
    return next((o.code or o.text for o in field.options if value == o.text), str(value))


def _so_far(form: Form, said: Answers, rows: Tables) -> Return:
    codes = {f.id: {o.text: o.code or o.text for o in f.options} for f in form.fields}
    tables = {t: tuple({k: Answer(value=v, sheet="", cell="") for k, v in row.items()} for row in them) for t, them in rows.items()}
    return Return(answers={k: Answer(value=v, sheet="", cell="", code=codes[k].get(str(v), "")) for k, v in said.items()}, rows=tables)


def _one(form: Form, field: Question, bank: Bank, work: Work, said: Answers) -> Value:
    dice = bank.dice
    if field.kind == "date":
        return _date(form, field, work, said, dice)
    if field.kind == "choice":
        return _choice(field, dice)
    if field.kind == "child_id":
        return dice.choice(work.children)
    if field.kind == "person":
        return dice.choice(work.owners)
    if field.kind == "number":
        return dice.randint(1, 9)
    beside = next((f for f in (*form.fields, *(c for t in form.tables for c in t.columns)) if f.beside == field.id), None)
    graded = _code(beside, said[beside.id]) if beside and beside.id in said else ""
    cues = (*(f"{graded} {c}" for c in work.cues), graded, *work.cues)
    return bank.deal(form.id, field.id, cues) if field.required or field.withheld or dice.random() < 0.8 else None


def _date(form: Form, field: Question, work: Work, said: Answers, dice: Random) -> date | None:
    """The work lies a little before the day it is signed off, and feedback between the two."""
    if field.counts_in_quarter:
        day = min(work.on - timedelta(days=dice.randint(2, 9)), work.quarter.ends) + timedelta(days=1)
        return max(work.quarter.starts, workdays.add(day, -1, work.holidays))
    if field.required:
        return work.on
    done = said.get(form.work_day.id) if form.work_day else None
    first = done if isinstance(done, date) else work.on - timedelta(days=6)
    return first + timedelta(days=dice.randint(0, (work.on - first).days)) if dice.random() < 0.8 else None


def _choice(field: Question, dice: Random) -> str:
    texts = [o.text for o in field.options]
    likely = LIKELY.get(field.id) or COMMON.get(tuple(texts), ())
    return dice.choices(texts, weights=likely if len(likely) == len(texts) else None)[0]


def _actions(bank: Bank, form: Form, work: Work) -> Rows:
    return [_action(bank, form, work) for _ in range(bank.dice.randint(1, work.actions))]


def _action(bank: Bank, form: Form, work: Work) -> dict[str, Value]:
    it = bank.action(form.id, work.cues)
    due = work.on + timedelta(days=DAYS.get(it["priority"], LATER) + bank.dice.randint(0, 5))
    due = workdays.add(due - timedelta(days=1), 1, work.holidays)
    about = {"child_id": bank.dice.choice(work.children)} if it["level"] == "Child" and work.children else {}
    owner = bank.dice.choice(work.owners)
    return {**about, "action_text": it["text"], "owner": owner, "due_on": due, "level": it["level"], "priority": it["priority"], "intended_impact": it["impact"]}


def typed(workbook: bytes, layout: Layout, said: Answers, rows: Rows | Tables) -> bytes:
    """The issued workbook with these answers in it, saved by openpyxl: a program that is not ours. A list of rows is the actions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it drops the progress bar's own format, as other programs do
        book = openpyxl.load_workbook(io.BytesIO(workbook))
    _type_answers(book, layout.places, said)
    every = rows if isinstance(rows, Mapping) else {"actions": rows}
    for table in layout.tables:
        for n, row_said in enumerate(every.get(table.table, ())):
            for field, letters, _ in table.columns:
                if field in row_said:
                    _type(book[table.sheet], table.first_row + n, split_cell(f"{letters}1")[1], row_said[field])
    for sheets in layout.sheets:
        for places, sheet_said in zip(sheets.places, every.get(sheets.table, ()), strict=False):
            _type_answers(book, places, sheet_said)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _type_answers(book: Any, places: Sequence[Place], said: Mapping[str, Value]) -> None:
    for place in places:
        if place.field in said:
            row, column = split_cell(place.cell)
            _type(book[place.sheet], row, column, said[place.field])


def _type(sheet: Any, row: int, column: int, value: Value) -> None:
    cell = sheet.cell(row=row, column=column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # text stays text, also where it begins with =
