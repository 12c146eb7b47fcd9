"""`QA plan.xlsx` → the plan's records, each knowing its sheet and cell, and every fault of reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from typing import Any, TypeVar

from qaf_sheets.book import Book
from qaf_sheets.dates import as_date
from qaf_sheets.model import Allocation, Child, Event, Option, Person, Plan, Priority, Problem, Rule, Team, Theme, Total
from qaf_sheets.plan import settings
from qaf_sheets.plan.in_force import ROLE_SETTINGS, listed
from qaf_sheets.plan.rows import Row, in_order, read_sheet
from qaf_sheets.plan.schema import FILE, SHEETS
from qaf_sheets.problems import problem

R = TypeVar("R", Person, Team, Event, Rule, Theme, Priority, Child, Allocation, Total)
HOLIDAYS = "bank_holidays"


def read_plan(book: Book, file: str = FILE) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan as far as it can be read, and what cannot, in the order of the sheets and rows.

    What cannot be read is blank or keeps its default, so that one slip in a row does not make the rest of the plan look wrong.
    """
    read = {s.name: read_sheet(book, s, file) for s in SHEETS}
    rows = {name: found[0] for name, found in read.items()}
    lists, days, not_days = _lists(rows["Lists"])
    told, not_settings = _settings(rows["Settings"])
    strange = _strange_roles(rows["Settings"], told, {o.code or o.text for o in lists.get("roles", ())}, rows["Rules"])
    plan = Plan(
        people=_people(rows), teams=_records(Team, rows["Teams"], "team"), calendar=_records(Event, rows["Calendar"], "activity"),
        rules=_records(Rule, rows["Rules"], "rule_id"), lists=lists, themes=_records(Theme, rows["Themes"], "question_id"),
        priorities=_records(Priority, rows["Priorities"], "priority_id"), children=_records(Child, rows["Children"], "child_id"),
        allocations=_records(Allocation, rows["Allocation"], "child_id"), totals=_records(Total, rows["Earlier quarters"], "measure"), settings=told, holidays=days,
    )  # fmt: skip
    return plan, in_order((*(p for found in read.values() for p in found[1]), *not_days, *not_settings, *strange))


def _people(rows: Mapping[str, Sequence[Row]]) -> tuple[Person, ...]:
    """People with the service area of their team where theirs is blank."""
    areas = {r.text("team"): r.text("service_area") for r in rows["Teams"]}
    people = _records(Person, rows["People"], "person_id")
    return tuple(p if p.service_area else p.model_copy(update={"service_area": areas.get(p.team, "")}) for p in people)


def _records(kind: type[R], rows: Sequence[Row], place: str) -> tuple[R, ...]:
    """Each row as a record; its source is the cell of `place`. A blank takes the record's default, and needed words are ''.

    A row without what it is known by, or without a number or choice that nothing can stand in for, is left out (its fault is told).
    """
    needed = {name for name, field in kind.model_fields.items() if field.is_required()}
    words = {name for name in needed if kind.model_fields[name].annotation is str} - {place}
    made = []
    for row in rows:
        values: dict[str, Any] = dict.fromkeys(words, "") | {k: v for k, v in row.values.items() if v is not None}
        if needed <= values.keys():
            made.append(kind(**values, source=row.source(place)))
    return tuple(made)


def _lists(rows: Sequence[Row]) -> tuple[dict[str, tuple[Option, ...]], frozenset[date], list[Problem]]:
    """The lists, the bank holidays among them as days, and those that are none."""
    found: dict[str, list[Option]] = {}
    days, problems = set(), []
    for row in rows:
        name, text = row.text("list"), row.text("option")
        if name and text:
            aliases = tuple(a.strip() for a in row.text("aliases").split(";") if a.strip())
            found.setdefault(name, []).append(Option(text=text, code=row.text("code"), aliases=aliases))
        if name == HOLIDAYS and text:
            day = as_date(text)
            days |= {day} if day else set()
            problems += [] if day else [problem("PLAN_NOT_A_DATE", sheet=row.sheet, cell=row.cells["option"], value=text)]
    return {name: tuple(options) for name, options in found.items()}, frozenset(days), problems


def _settings(rows: Sequence[Row]) -> tuple[dict[str, str], list[Problem]]:
    """The defaults, overlaid by what the sheet says; what is blank or cannot be used keeps its default."""
    told, problems = dict(settings.defaults()), []
    for row in (r for r in rows if r.text("name")):
        name, value = row.text("name"), row.text("value")
        known = settings.BY_NAME.get(name)
        if known is None:
            problems.append(problem("PLAN_SETTING_UNKNOWN", sheet=row.sheet, cell=row.cells["name"], value=name))
        elif value and (code := known.fault(value)):
            problems.append(problem(code, sheet=row.sheet, cell=row.cells["value"], label=name, value=value, options=known.choices))
        elif value:
            told[name] = known.as_written(value)
    return told, problems


def _strange_roles(rows: Sequence[Row], told: Mapping[str, str], roles: Set[str], rules: Sequence[Row]) -> Iterator[Problem]:
    """Settings that list a role there is none of. Those that no rule names may hold what they like: the council does without them."""
    used = {word for r in rules for word in (*r.words("who"), *r.words("about"), r.text("setting"))}
    used |= {w for name in used & ROLE_SETTINGS for w in listed(told[name])}
    for row in (r for r in rows if roles and r.text("name") in used & ROLE_SETTINGS):
        wrong = next((w for w in listed(told[row.text("name")]) if w not in roles | ROLE_SETTINGS), "")
        if wrong:
            yield problem("PLAN_NOT_ON_LIST", sheet=row.sheet, cell=row.cells["value"], value=wrong, options=", ".join(sorted(roles)))
