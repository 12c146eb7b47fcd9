"""`QA plan.xlsx` → the plan's records, each knowing its sheet and cell, and every fault of reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from qaf_sheets.book import Book
from qaf_sheets.model import Allocation, Child, Event, Option, Person, Plan, Priority, Problem, Record, Rule, Team, Theme
from qaf_sheets.plan import settings
from qaf_sheets.plan.rows import Row, as_date, read_sheet
from qaf_sheets.plan.schema import FILE, SHEETS

R = TypeVar("R", bound=Record)
HOLIDAYS = "bank_holidays"


def read_plan(book: Book, file: str = FILE) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan as far as it can be read, and what cannot, in the order of the sheets and rows. A row that lacks what it must have is left out."""
    del file
    read = {s.name: read_sheet(book, s) for s in SHEETS}
    rows = {name: found[0] for name, found in read.items()}
    plan = Plan(
        people=_people(rows), teams=_records(Team, rows["Teams"], "team"), calendar=_records(Event, rows["Calendar"], "activity"),
        rules=_records(Rule, rows["Rules"], "rule_id"), lists=_lists(rows["Lists"]), themes=_records(Theme, rows["Themes"], "question_id"),
        priorities=_records(Priority, rows["Priorities"], "priority_id"), children=_records(Child, rows["Children"], "child_id"),
        allocations=_records(Allocation, rows["Allocation"], "child_id"), settings=_settings(rows["Settings"]), holidays=_holidays(rows["Lists"]),
    )  # fmt: skip
    return plan, tuple(p for found in read.values() for p in found[1])


def _people(rows: Mapping[str, Sequence[Row]]) -> tuple[Person, ...]:
    """People with the service area of their team where theirs is blank."""
    areas = {r.text("team"): r.text("service_area") for r in rows["Teams"]}
    people = _records(Person, rows["People"], "person_id")
    return tuple(p if p.service_area else p.model_copy(update={"service_area": areas.get(p.team, "")}) for p in people)


def _records(kind: Callable[..., R], rows: Sequence[Row], place: str) -> tuple[R, ...]:
    """Each row as a record; its source is the cell of `place`. Blank values take the record's own default."""
    needed = {name for name, field in kind.model_fields.items() if field.is_required()}  # type: ignore[attr-defined]  # a record class
    made = []
    for row in rows:
        values: dict[str, Any] = {k: v for k, v in row.values.items() if v is not None}
        if needed <= values.keys():
            made.append(kind(**values, source=row.source(place)))
    return tuple(made)


def _lists(rows: Sequence[Row]) -> dict[str, tuple[Option, ...]]:
    found: dict[str, list[Option]] = {}
    for row in rows:
        if row.text("list") and row.text("option"):
            aliases = tuple(a.strip() for a in row.text("aliases").split(";") if a.strip())
            found.setdefault(row.text("list"), []).append(Option(text=row.text("option"), code=row.text("code"), aliases=aliases))
    return {name: tuple(options) for name, options in found.items()}


def _holidays(rows: Sequence[Row]) -> frozenset[Any]:
    days = (as_date(row.text("option")) for row in rows if row.text("list") == HOLIDAYS)
    return frozenset(d for d in days if d)


def _settings(rows: Sequence[Row]) -> dict[str, str]:
    """The defaults, overlaid by what the sheet says; a blank value is the default."""
    told = {row.text("name"): row.text("value") for row in rows if row.text("value")}
    return {**settings.defaults(), **told}
