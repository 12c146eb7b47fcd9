"""How a manager fills a form in: answers chosen from the bank of invented words, typed into the workbook with another program."""

from __future__ import annotations

import io
import tomllib
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import Any

import openpyxl

from qaf_sheets.book import split_cell
from qaf_sheets.model import Answer, Form, Layout, Question, Return, Value
from qaf_sheets.rules import holds

Answers = dict[str, Value]
Rows = list[dict[str, Value]]
Tables = Mapping[str, Sequence[Mapping[str, Value]]]


class Bank:
    """Invented words by activity and question, dealt like cards: none is used again before all were used."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.words: dict[str, Any] = tomllib.loads((files("qaf_sheets.demo") / "words.toml").read_text("utf-8"))
        self._piles: dict[str, list[Any]] = {}

    def deal(self, activity: str, field: str) -> str:
        """Prose for a question, or '' where the bank has none."""
        every = self.words.get(activity, {}).get(field) or self.words["all"].get(field) or ()
        return str(self._next(f"{activity}/{field}" if field in self.words.get(activity, {}) else field, every)) if every else ""

    def action(self, personal: bool) -> Mapping[str, str]:  # noqa: FBT001 - one of two piles
        """An action for one piece of work, or for a service."""
        levels = ("Child", "Practitioner") if personal else ("Team", "Service", "Partnership")
        every = [a for a in self.words["actions"]["items"] if a["level"] in levels]
        return dict(self._next(f"actions/{personal}", every))

    def note(self, kind: str) -> str:
        """A progress note or a piece of evidence, as the PSW writes them."""
        return str(self._next(kind, self.words["progress"][kind]))

    def _next(self, name: str, every: Any) -> Any:
        pile = self._piles.setdefault(name, [])
        if not pile:
            pile += self.dice.sample(list(every), len(every))
        return pile.pop()


def answer(form: Form, facts: Mapping[str, str], bank: Bank, on: date, owners: tuple[str, ...], children: tuple[str, ...], last: date) -> tuple[Answers, Rows]:
    """A whole form answered well on a day: every question that is needed, most of the others, and its actions. `last` is the quarter's last day."""
    said: Answers = {}
    for field in sorted(form.fields, key=lambda f: f.when is not None):  # what depends on another answer comes after it
        if field.fixed or field.id == "signed_off_by" or (facts.get(field.prefill) and field.id not in ("activity",)):
            continue
        if field.when is None or holds(field.when, form, _so_far(form, said)):
            said[field.id] = _one(form, field, bank, on, owners, children, last)
    said = {k: v for k, v in said.items() if v not in (None, "")}
    wants = any(holds(c, form, _so_far(form, said)) for t in form.tables for c in t.when)
    return said, [_action(bank, form, on, owners) for _ in range(bank.dice.randint(1, 4))] if wants else []


def _so_far(form: Form, said: Answers) -> Return:
    codes = {f.id: {o.text: o.code or o.text for o in f.options} for f in form.fields}
    return Return(answers={k: Answer(value=v, sheet="", cell="", code=codes[k].get(str(v), "")) for k, v in said.items()})


def _one(form: Form, field: Question, bank: Bank, on: date, owners: tuple[str, ...], children: tuple[str, ...], last: date) -> Value:
    dice = bank.dice
    if field.counts_in_quarter:
        return min(on - timedelta(days=dice.randint(2, 9)), last)
    if field.kind == "date":
        return on if field.required else on - timedelta(days=dice.randint(0, 6)) if dice.random() < 0.8 else None
    if field.kind == "choice":
        return _choice(field, dice)
    if field.kind == "child_id":
        return dice.choice(children)
    if field.kind == "person":
        return dice.choice(owners)
    return bank.deal(form.id, field.id) if field.required or dice.random() < 0.8 else None


def _choice(field: Question, dice: Random) -> str:
    texts = [o.text for o in field.options]
    likely = {"immediate_concern": (1, 30), "actions_any": (9, 1), "ed_evaluation": (2, 6, 4, 1), "nature": (4, 3, 6, 1)}.get(field.id)
    return dice.choices(texts, weights=likely if likely and len(likely) == len(texts) else None)[0]


def _action(bank: Bank, form: Form, on: date, owners: tuple[str, ...]) -> dict[str, Value]:
    it = bank.action(form.id == "OBS")
    days = {"Immediate": 3, "Within 10 working days": 13}.get(it["priority"], 45)
    due = on + timedelta(days=days + bank.dice.randint(0, 5))
    due += timedelta(days=(7 - due.weekday()) if due.weekday() > 4 else 0)
    owner = bank.dice.choice(owners)
    return {"action_text": it["text"], "owner": owner, "due_on": due, "level": it["level"], "priority": it["priority"], "intended_impact": it["impact"]}


def typed(workbook: bytes, layout: Layout, said: Answers, rows: Rows | Tables) -> bytes:
    """The issued workbook with these answers in it, saved by openpyxl: a program that is not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it drops the progress bar's own format, as other programs do
        book = openpyxl.load_workbook(io.BytesIO(workbook))
    for place in layout.places:
        if place.field in said:
            row, column = split_cell(place.cell)
            _type(book[place.sheet], row, column, said[place.field])
    every = rows if isinstance(rows, Mapping) else {"actions": rows}
    for table in layout.tables:
        for n, row_said in enumerate(every.get(table.table, ())):
            for field, letters, _ in table.columns:
                _type(book[table.sheet], table.first_row + n, split_cell(f"{letters}1")[1], row_said.get(field))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _type(sheet: Any, row: int, column: int, value: Value) -> None:
    cell = sheet.cell(row=row, column=column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # text stays text, also where it begins with =
