"""The example council's plan as a workbook, and slips planted in its cells."""

from collections.abc import Mapping
from datetime import date, datetime

from qaf_sheets.book import Book, read_book
from qaf_sheets.model import Obligation, Person, Plan, Quarter, Rule, Value
from qaf_sheets.plan.check import all_faults
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.schema import SHEETS
from qaf_sheets.plan.write import write_plan
from qaf_sheets.references import cell_name, split_cell

TODAY = date(2026, 11, 23)
FORMS = {r.activity for r in example_plan(TODAY).rules}
HEADING = 4


def as_book(plan: Plan) -> Book:
    book = read_book(write_plan(plan, created=datetime(2026, 11, 23, 9)), "QA plan.xlsx")
    assert isinstance(book, Book), book
    return book


EXAMPLE = example_plan(TODAY)
BOOK = as_book(EXAMPLE)


def planted(changes: Mapping[str, Value], book: Book = BOOK) -> Book:
    """The book with some cells changed: {"People!D12": "P999"}."""
    sheets = {name: [list(row) for row in rows] for name, rows in book.sheets.items()}
    for place, value in changes.items():
        sheet, cell = place.split("!")
        row, column = split_cell(cell)
        sheets[sheet] += [[None] * len(sheets[sheet][0]) for _ in range(row - len(sheets[sheet]))]
        sheets[sheet][row - 1][column - 1] = value
    return book.model_copy(update={"sheets": {name: tuple(tuple(row) for row in rows) for name, rows in sheets.items()}})


def faults(book: Book, *, today: date = date.max) -> list[tuple[str, str]]:
    """Every fault as (code, "Sheet!Cell"), in the order they are told."""
    plan, reading = read_plan(book)
    return [(p.code, f"{p.sheet}!{p.cell}") for p in all_faults(plan, reading, FORMS, today=today, themed={"DIP": "yes_partly_no"})]


def cell(sheet: str, known_by: str, header: str, book: Book = BOOK) -> str:
    """Where a value stands: the first row that begins with `known_by`, the column under `header`."""
    rows = book.sheets[sheet]
    number = next(n for n, row in enumerate(rows, 1) if n > HEADING and row and str(row[0]) == known_by)
    return f"{sheet}!{cell_name(number, rows[HEADING - 1].index(header) + 1)}"


def new_row(sheet: str, **values: Value) -> dict[str, Value]:
    """A row typed into a spare line of a sheet, by column id."""
    ids = [c.id for c in next(s for s in SHEETS if s.name == sheet).columns]
    number = len(BOOK.sheets[sheet]) + 3
    return {f"{sheet}!{cell_name(number, ids.index(i) + 1)}": v for i, v in values.items()}


# ---------------------------------------------------------------- who owes what

Q3 = Quarter(year=2026, number=3)
YEAR = [Quarter(year=2026, number=n) for n in (1, 2, 3, 4)]
ROUND = EXAMPLE.model_copy(update={"allocations": tuple(a.model_copy(update={"quarter": q}) for q in YEAR for a in EXAMPLE.allocations)})
"""The example with children dealt out in every quarter of the year."""


def rule(rule_id: str, **values: object) -> Rule:
    """A rule of the example, changed."""
    return next(r for r in EXAMPLE.rules if r.rule_id == rule_id).model_copy(update=values)


def person(person_id: str) -> Person:
    found = EXAMPLE.person(person_id)
    assert found, person_id
    return found


def changed(*, person_facts: Mapping[str, Mapping[str, object]] | None = None, rules: Mapping[str, Mapping[str, object]] | None = None, settings: Mapping[str, str] | None = None, plan: Plan = EXAMPLE) -> Plan:
    """The example with facts of some people, some rules and some settings changed."""
    return plan.model_copy(update={
        "people": tuple(p.model_copy(update=dict((person_facts or {}).get(p.person_id, {}))) for p in plan.people),
        "rules": tuple(r.model_copy(update=dict((rules or {}).get(r.rule_id, {}))) for r in plan.rules),
        "settings": {**plan.settings, **(settings or {})},
    })  # fmt: skip


def owed(
    *, quarter: Quarter = Q3, activity: str = "", person_facts: Mapping[str, Mapping[str, object]] | None = None, rules: Mapping[str, Mapping[str, object]] | None = None,
    settings: Mapping[str, str] | None = None, plan: Plan = EXAMPLE,
) -> list[Obligation]:  # fmt: skip
    """What the example, so changed, owes in a quarter."""
    return [o for o in obligations(changed(person_facts=person_facts, rules=rules, settings=settings, plan=plan), quarter) if activity in ("", o.activity)]
