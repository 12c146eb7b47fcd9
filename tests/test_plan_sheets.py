"""`QA plan.xlsx`: what is written reads back, whatever people do to its columns; every slip is named by sheet and cell."""

import random
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kit import BOOK, EXAMPLE, HEADING, TODAY, as_book, cell, faults, new_row, planted

from qaf_sheets.book import Book
from qaf_sheets.dates import EPOCH
from qaf_sheets.model import Option, Plan, Source
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.schema import SHEETS
from qaf_sheets.plan.write import write_plan

TABLES = ("people", "teams", "calendar", "rules", "themes", "priorities", "children", "allocations", "totals")


def without_sources(plan: Plan) -> Plan:
    return plan.model_copy(update={t: tuple(r.model_copy(update={"source": Source()}) for r in getattr(plan, t)) for t in TABLES})


def test_what_is_written_reads_back() -> None:
    plan, problems = read_plan(BOOK)
    assert problems == ()
    assert without_sources(plan) == EXAMPLE


def test_the_example_has_nothing_to_put_right() -> None:
    assert faults(BOOK) == []


@pytest.mark.parametrize("year", range(2024, 2036))
def test_nor_has_it_in_any_other_year(year: int) -> None:
    assert faults(as_book(example_plan(date(year, 8, 1)))) == []


def test_the_same_plan_is_the_same_file() -> None:
    now = datetime(2026, 11, 23, 9)
    assert write_plan(EXAMPLE, created=now) == write_plan(example_plan(TODAY), created=now)


def test_the_sheets_stand_in_the_order_the_unit_works() -> None:
    assert list(BOOK.sheets) == ["People", "Teams", "Calendar", "Rules", "Lists", "Themes", "Priorities", "Children", "Allocation", "Earlier quarters", "Settings"]


def test_each_record_knows_its_file_and_the_cell_of_its_id() -> None:
    plan, _ = read_plan(BOOK, "Our plan.xlsx")
    person = plan.person("P031")
    assert person is not None
    assert (person.source.file, f"{person.source.sheet}!{person.source.cell}") == ("Our plan.xlsx", cell("People", "P031", "Person ID"))
    assert plan.allocations[0].source.cell == "C5"


# ---------------------------------------------------------------- what people do to a workbook


def shuffled(book: Book, seed: int) -> Book:
    """Columns in another order with one of their own between, sheets reordered, a blank row and a remark above the heading."""
    dice, sheets = random.Random(seed), {}
    for name in dice.sample(list(book.sheets), len(book.sheets)):
        rows = book.sheets[name]
        order = dice.sample(range(len(rows[HEADING - 1])), len(rows[HEADING - 1]))
        table = [[row[n] for n in order] for row in rows[HEADING - 1 :]]
        ours = [[*row[:1], "Our own column" if n == 0 else "x" if row[0] else None, *row[1:]] for n, row in enumerate(table)]
        width = len(ours[0])
        ours.insert(3, [None] * width)
        sheets[name] = tuple(tuple(row) for row in [["Checked by the unit"] + [None] * (width - 1), [None] * width, *ours])
    return book.model_copy(update={"sheets": sheets})


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_columns_and_sheets_may_stand_in_any_order(seed: int) -> None:
    book = shuffled(BOOK, seed)
    plan, problems = read_plan(book)
    assert problems == ()
    assert without_sources(plan) == EXAMPLE


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_and_a_fault_still_names_the_very_cell(seed: int) -> None:
    book = shuffled(BOOK, seed)
    rows = book.sheets["People"]
    number, column = next((n, rows[2].index("Line manager")) for n, row in enumerate(rows) if "P031" in row[: len(rows[2])] and row[rows[2].index("Person ID")] == "P031")
    there = f"People!{chr(65 + column)}{number + 1}"
    assert faults(planted({there: "P999"}, book)) == [("PLAN_UNKNOWN_PERSON", there)]


@pytest.mark.parametrize("typed", [date(2026, 12, 13), (date(2026, 12, 13) - EPOCH).days, "13/12/2026", " 13/12/2026 "])
def test_a_date_may_be_a_date_a_day_number_or_text(typed: date | int | str) -> None:
    plan, problems = read_plan(planted({cell("People", "P041", "Left"): typed}))
    assert problems == ()
    assert next(p.end_date for p in plan.people if p.person_id == "P041") == date(2026, 12, 13)


def test_a_child_id_may_be_a_number() -> None:
    child = EXAMPLE.children[0].child_id
    plan, problems = read_plan(planted({cell("Children", child, "Child ID"): int(child)}))
    assert (problems, plan.children[0].child_id) == ((), child)


def test_a_blank_service_area_is_that_of_the_team() -> None:
    plan, _ = read_plan(planted({cell("People", "P041", "Service area"): None}))
    assert next(p.service_area for p in plan.people if p.person_id == "P041") == "Front Door and Assessment"


def test_yes_and_no_may_be_short_and_choices_in_any_case() -> None:
    plan, problems = read_plan(planted({cell("Rules", "R01", "On"): "n", cell("Rules", "R01", "Per"): "Quarter"}))
    assert (problems, plan.rules[0].on, plan.rules[0].per) == ((), False, "quarter")


def test_lists_keep_codes_and_other_spellings() -> None:
    plan, _ = read_plan(BOOK)
    assert Option(text="Requires improvement (RI)", code="RI", aliases=("Requires improvement", "Requires improvement to be good", "RI")) in plan.lists["grade"]


def test_settings_that_are_blank_or_absent_keep_their_default() -> None:
    plan, problems = read_plan(planted({cell("Settings", "poll_seconds", "Value"): None, cell("Settings", "council", "Name"): None, cell("Settings", "council", "Value"): None}))
    assert plan.setting("poll_seconds") == "10"
    assert "Marlbrook" not in plan.setting("council")
    assert [p.code for p in problems] == ["PLAN_BLANK"]  # the row still says what the council's name does


# ---------------------------------------------------------------- slips, one at a time

SLIPS = [
    ("PLAN_NOT_A_DATE", cell("People", "P041", "Left"), "31/02/2027"),
    ("PLAN_NOT_A_DATE", cell("Calendar", "2026-27-Q3", "DLT"), "the usual Wednesday"),
    ("PLAN_NOT_A_DATE", cell("Lists", "bank_holidays", "Option"), "Good Friday"),
    ("PLAN_NOT_A_NUMBER", cell("Rules", "R01", "How many"), "two"),
    ("PLAN_NOT_A_NUMBER", cell("Rules", "R01", "How many"), 1.5),
    ("PLAN_NOT_A_NUMBER", cell("Settings", "child_id_digits", "Value"), "seven"),
    ("PLAN_NOT_A_NUMBER", cell("Settings", "serv_due_before_dlt", "Value"), "2.5"),
    ("PLAN_NOT_ON_LIST", cell("Settings", "rout_due", "Value"), "last wroking day"),
    ("PLAN_SETTING_UNKNOWN", cell("Settings", "poll_seconds", "Name"), "pole_seconds"),
    ("PLAN_NOT_ON_LIST", cell("Rules", "R01", "Per"), "fortnight"),
    ("PLAN_NOT_ON_LIST", cell("Rules", "R01", "Unit"), "committee"),
    ("PLAN_NOT_ON_LIST", cell("People", "P041", "In scope"), "perhaps"),
    ("PLAN_BAD_QUARTER", cell("Calendar", "2026-27-Q3", "Quarter"), "Q3 2026"),
    ("PLAN_BLANK", cell("People", "P041", "Name"), None),
    ("PLAN_BLANK", cell("People", "P031", "Role"), "   "),
    ("PLAN_BLANK", cell("People", "P071", "Person ID"), None),
    ("PLAN_TEAM_NO_AREA", cell("Teams", "MASH", "Service area"), None),
    ("PLAN_UNKNOWN_PERSON", cell("People", "P041", "Line manager"), "P999"),
    ("PLAN_UNKNOWN_PERSON", cell("Priorities", "PR1", "Owner"), "P999"),
    ("PLAN_UNKNOWN_PERSON", cell("Rules", "R01", "Named owner"), "P999"),
    ("PLAN_UNKNOWN_PERSON", cell("Children", EXAMPLE.children[7].child_id, "Worker"), "P999"),
    ("PLAN_UNKNOWN_PERSON", cell("Allocation", "2026-27-Q3", "Reviewer"), "P999"),
    ("PLAN_NO_MANAGER", cell("People", "P041", "Line manager"), None),
    ("PLAN_CYCLE", cell("People", "P041", "Line manager"), "P041"),
    ("PLAN_CYCLE", cell("People", "P001", "Line manager"), "P003"),
    ("PLAN_UNKNOWN_TEAM", cell("People", "P041", "Team"), "Assessment Z"),
    ("PLAN_UNKNOWN_TEAM", cell("Children", EXAMPLE.children[7].child_id, "Team"), "Assessment Z"),
    ("PLAN_AREA_NO_HEAD", cell("People", "P090", "Service area"), "QA & Safeguarding"),
    ("PLAN_TWO_HEADS", cell("People", "P014", "Service area"), "Front Door and Assessment"),
    ("PLAN_NOT_ON_LIST", cell("People", "P041", "Role"), "Social worker"),
    ("PLAN_NOT_ON_LIST", cell("Rules", "R01", "Who owes it"), "HOS, HSO"),
    ("PLAN_NOT_ON_LIST", cell("Rules", "R15", "About"), "SW, PAA"),
    ("PLAN_NOT_ON_LIST", cell("Children", EXAMPLE.children[7].child_id, "Level of need"), "Level 3"),
    ("PLAN_NOT_ON_LIST", cell("Children", EXAMPLE.children[7].child_id, "Last grade"), "Satisfactory"),
    ("PLAN_OUTSIDE_QUARTER", cell("Calendar", "2026-27-Q3", "DLT"), date(2027, 10, 21)),
    ("PLAN_NO_FORM", cell("Rules", "R01", "Activity"), "ROUTE"),
    ("PLAN_UNKNOWN_PERSON", cell("People", "P041", "Acting for"), "P999"),
    ("PLAN_UNKNOWN_PERSON", cell("Rules", "R22", "Named owner"), "P999"),
    ("PLAN_NOT_ON_LIST", cell("Rules", "R02", "Set by"), "ad_rutine"),
    ("PLAN_NOT_ON_LIST", cell("Settings", "ccr_pool", "Value"), "HOS, IRQ"),
    ("PLAN_NOT_ON_LIST", cell("Settings", "senior_thematic", "Value"), "sometimes"),
    ("PLAN_NO_OWNER", cell("Rules", "R22", "Named owner"), None),
    ("PLAN_NOT_A_NUMBER", cell("Earlier quarters", "2026-27-Q2", "How many"), "many"),
    ("PLAN_CHILD_ID", cell("Children", EXAMPLE.children[7].child_id, "Child ID"), "91234"),
    ("PLAN_CHILD_ID", cell("Children", EXAMPLE.children[7].child_id, "Child ID"), "Jamie S"),
    ("PLAN_OWN_CHILD", cell("Allocation", "2026-27-Q3", "Reviewer"), next(c.worker_id for c in EXAMPLE.children if c.child_id == EXAMPLE.allocations[0].child_id)),
    ("PLAN_CHILD_UNKNOWN", cell("Allocation", "2026-27-Q3", "Child ID"), "9000000"),
]


@pytest.mark.parametrize("code, there, typed", SLIPS, ids=[f"{code}-{there}-{n}" for n, (code, there, _) in enumerate(SLIPS)])
def test_a_slip_is_told_at_its_cell(code: str, there: str, typed: str | date | None) -> None:
    assert (code, there) in faults(planted({there: typed}))


ALONE = [slip for slip in SLIPS if slip[0] not in ("PLAN_TWO_HEADS", "PLAN_BLANK", "PLAN_AREA_NO_HEAD")]


@pytest.mark.parametrize("code, there, typed", ALONE, ids=[f"{code}-{there}-{n}" for n, (code, there, _) in enumerate(ALONE)])
def test_and_nothing_that_only_follows_from_it(code: str, there: str, typed: str | date | None) -> None:
    assert faults(planted({there: typed})) == [(code, there)]


def test_every_kind_of_fault_is_planted_here() -> None:
    elsewhere = {"PLAN_UNREADABLE", "PLAN_SHEET_MISSING", "PLAN_COLUMN_MISSING", "PLAN_DUPLICATE", "PLAN_MANAGER_LEFT", "PLAN_DATES_CROSSED", "PLAN_NO_OWNER", "PLAN_FEW_ALLOCATED", "PLAN_THEME_MISSING"}  # in test_plan_reviews.py, and below
    elsewhere |= {"PLAN_FOCUS_UNDATED", "PLAN_RULES_CLASH", "PLAN_POOL_SMALL", "PLAN_NO_SHARE", "PLAN_NOT_IN_POOL", "PLAN_REVIEWER_AWAY", "PLAN_HEAD_LEFT", "PLAN_LEARNING_BLANK", "PLAN_ID_UNUSABLE"}  # in test_plan_check.py
    from qaf_sheets.problems import CATALOGUE

    assert {c for c in CATALOGUE if c.startswith("PLAN_")} == {code for code, *_ in SLIPS} | elsewhere


# ---------------------------------------------------------------- slips that need more than one cell


@pytest.mark.parametrize(
    "sheet, values",
    [
        ("People", {"person_id": "p031", "name": "Sam Sampleby", "role": "SW", "line_manager_id": "P030", "team": "MASH"}),
        ("Teams", {"team": "MASH", "service_area": "Front Door and Assessment"}),
        ("Rules", {"rule_id": "R01", "who": "HOS", "activity": "ROUT", "count": 1, "per": "year", "unit": "person", "on": "No", "clause": "Section 4"}),
        ("Priorities", {"priority_id": "PR1", "wording": "Visits with a purpose"}),
        ("Children", {"child_id": EXAMPLE.children[0].child_id}),
    ],
)
def test_an_id_used_twice_is_told_at_the_second(sheet: str, values: dict[str, str | int]) -> None:
    row = new_row(sheet, **values)
    assert faults(planted(row)) == [("PLAN_DUPLICATE", next(iter(row)))]


def test_a_setting_named_twice_is_told_at_the_second() -> None:
    there = cell("Settings", "poll_seconds", "Name")
    assert faults(planted({there: "settle_seconds"})) == [("PLAN_DUPLICATE", there)]


def test_a_ring_of_managers_is_told_once_with_names() -> None:
    changes = {cell("People", "P010", "Line manager"): "P041"}
    plan, _ = read_plan(planted(changes))
    assert faults(planted(changes)) == [("PLAN_CYCLE", cell("People", "P010", "Line manager"))]
    assert plan.person("P041") is not None


def test_a_manager_who_left_is_told_at_each_who_still_has_her() -> None:
    book = planted({cell("People", "P030", "Left"): "30/11/2026"})
    there = [("PLAN_MANAGER_LEFT", cell("People", "P040", "Line manager"))]
    assert faults(book) == there
    assert faults(book, today=date(2026, 12, 1)) == there
    assert faults(book, today=date(2026, 11, 30)) == []  # her last day


def test_a_head_who_leaves_is_needed_until_the_next_one_starts() -> None:
    leaves, starts = cell("People", "P015", "Left"), "30/11/2026"
    row = new_row("People", person_id="P094", name="Sam Sampleby", role="HOS", line_manager_id="P003", service_area="SEND and Inclusion", start_date="01/12/2026")
    away = ("PLAN_REVIEWER_AWAY", next(f"Allocation!D{n}" for n, a in enumerate(EXAMPLE.allocations, 5) if a.reviewer_id == "P015"))
    book = planted({leaves: starts, **row})
    assert [faults(book, today=day) for day in (date(2026, 11, 30), date(2026, 12, 1))] == [[away], [away]]


@pytest.mark.parametrize(
    "sheet, known_by, first, last",
    [
        ("People", "P041", "Started", "Left"), ("People", "P041", "Absent from", "Absent to"), ("People", "P044", "ASYE from", "ASYE to"), ("Calendar", "2026-27-Q3", "Before DLT", "DLT"),
        ("Calendar", "2026-27-Q3", "Week beginning", "Due"), ("Rules", "R01", "From", "To"),
    ],
)  # fmt: skip
def test_what_ends_before_it_begins(sheet: str, known_by: str, first: str, last: str) -> None:
    there = cell(sheet, known_by, last)
    assert ("PLAN_DATES_CROSSED", there) in faults(planted({cell(sheet, known_by, first): "14/12/2026", there: "13/12/2026"}))


def test_a_rule_that_finds_nobody() -> None:
    assert faults(planted({cell("Rules", "R02", "Who owes it"): "PANEL", **new_row("Lists", list="roles", option="Panel chair", code="PANEL")})) == [("PLAN_NO_OWNER", cell("Rules", "R02", "Who owes it"))]
    assert faults(planted({cell("Rules", "R15", "About"): "PANEL", **new_row("Lists", list="roles", option="Panel chair", code="PANEL")})) == [("PLAN_NO_OWNER", cell("Rules", "R15", "About"))]


def test_a_rule_that_is_off_may_wait_for_its_form() -> None:
    assert faults(planted({cell("Rules", "R03", "Activity"): "LATER"})) == []


@pytest.mark.parametrize("name", [s.name for s in SHEETS])
def test_a_missing_sheet_is_the_only_thing_told(name: str) -> None:
    book = BOOK.model_copy(update={"sheets": {k: v for k, v in BOOK.sheets.items() if k != name}})
    assert faults(book) == [("PLAN_SHEET_MISSING", f"{name}!")]


@pytest.mark.parametrize("sheet, column", [(s.name, c.header) for s in SHEETS for c in s.columns if c.required])
def test_a_missing_column_is_the_only_thing_told(sheet: str, column: str) -> None:
    letter = chr(65 + BOOK.sheets[sheet][HEADING - 1].index(column))
    assert faults(planted({f"{sheet}!{letter}{HEADING}": "Our own column"})) == [("PLAN_COLUMN_MISSING", f"{sheet}!A{HEADING}")]


def test_a_cell_that_shows_an_excel_error() -> None:
    there = cell("People", "P041", "Role")
    book = planted({there: None}).model_copy(update={"broken": {"People": frozenset({there.split("!")[1]})}})
    assert faults(book) == [("ERROR_VALUE", there)]


def test_all_faults_are_told_at_once_as_one_walks_through_the_workbook() -> None:
    slips = [SLIPS[n] for n in (0, 2, 3, 5, 18, 23, 32, 37)]
    order = {s.name: n for n, s in enumerate(SHEETS)}
    found = faults(planted({there: typed for _, there, typed in slips}))
    assert {code for code, *_ in slips} <= {code for code, _ in found}
    places = [(order[place.split("!")[0]], int("".join(c for c in place.split("!")[1] if c.isdigit()))) for _, place in found]
    assert places == sorted(places)
