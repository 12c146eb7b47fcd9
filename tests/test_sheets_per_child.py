"""A thematic audit has a sheet for each child: what is written there is read as that child's row, whatever people did to the sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit import CHILD, PEOPLE, PROSE, VISITS, audited, book, codes, complete, edited, filled, form, issue, issued, reading, sending
from office import needs_office, opened, recalculated, type_into

from qaf_sheets.checks import Context, check
from qaf_sheets.forms.definition import theme_of
from qaf_sheets.forms.fix import FIX
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.mark_up import mark_up
from qaf_sheets.forms.write import write_form
from qaf_sheets.model import Answer, Child, Return, Value
from qaf_sheets.rules import pieces

Row = Mapping[str, Value]
FORM = form("THEM")
TABLE = FORM.tables[0]
PLACES = [{p.field: p.cell for p in places} for places in lay_out(FORM).sheets[0].places]
FIRST, SECOND = PLACES
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=1, max_size=300).filter(lambda t: t.strip() and "_x" not in t)


def audit(*children: Row, rows: tuple[Row, ...] = (), **changes: Value) -> bytes:
    """A filled thematic audit of these children."""
    return filled("THEM", complete("THEM", **changes), rows, children)


def told(data: bytes, *levels: str) -> set[tuple[str, str, str]]:
    """What is said of a return: code, sheet and cell."""
    read = reading("THEM", data)
    context = Context(issue=issue("THEM"), today=date(2026, 12, 14), people={p.person_id: p for p in PEOPLE}, children={CHILD: Child(child_id=CHILD, chair_id="P031")})
    return {(p.code, p.sheet, p.cell) for p in (*read.problems, *check(read.content, FORM, context)) if p.level in (levels or ("E",))}


def said(row: Mapping[str, Any]) -> dict[str, Value]:
    return {f: a.value for f, a in row.items() if a.value is not None and f != "fb_given_by"}


# ---------------------------------------------------------------- where things stand


def test_each_answer_has_a_name_of_its_own_and_sheets_have_the_childs_number() -> None:
    made = opened(issued("THEM"))
    assert made.sheetnames[:5] == ["Start here", "Audit", "Child 1", "Child 2", "Actions"]
    for n, places in enumerate(PLACES, 1):
        where = {f: made.defined_names[f"q_child{n}_{f}"].attr_text.replace("$", "") for f in places}
        assert where == {f: f"'Child {n}'!{cell}" for f, cell in places.items()}
    assert FORM.sheets == ("Audit",)
    assert [c.id for c in TABLE.columns][4:8] == ["VIS1", "VIS1_grade", "VIS2", "VIS2_grade"]


def test_the_theme_a_form_was_issued_with_is_known_from_the_form() -> None:
    assert [(t.theme, t.question_id, t.question) for t in theme_of(FORM)] == [(t.theme, t.question_id, t.question) for t in VISITS]
    assert [t.question_id for t in theme_of(form("DIP"))] == ["NET1", "NET2"]


def test_children_drawn_beforehand_stand_on_their_sheets() -> None:
    drawn = issue("THEM").model_copy(update={"rows": {"children": ({"child_id": CHILD, "level_of_need": "Child in Care"},)}})
    made = book(write_form(FORM, sending("THEM").model_copy(update={"issue": drawn})))
    assert made.cell("Child 1", 5, 3) == CHILD
    assert made.cell("Child 2", 5, 3) is None
    assert made.cell("Child 2", int(SECOND["fb_given_by"][1:]), 3) == "Avery Exampleworth (P031)"


# ---------------------------------------------------------------- reading


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_answers_on_the_sheets_read_back_equal(data: st.DataObject) -> None:
    children: list[dict[str, Value]] = []
    for n in range(data.draw(st.integers(0, 2))):
        child: dict[str, Value] = {"child_id": f"930450{n}"}
        for c in TABLE.columns:
            if c.kind == "long":
                child[c.id] = data.draw(TEXT)
            elif c.kind == "choice":
                child[c.id] = data.draw(st.sampled_from([o.text for o in c.options]))
            elif c.kind == "date":
                child[c.id] = data.draw(st.dates(date(2026, 4, 1), date(2028, 3, 31)))
        children.append(child)
    rows = reading("THEM", audit(*children)).content.rows["children"]
    assert [said(r) for r in rows] == children
    assert [{f: (a.sheet, a.cell) for f, a in r.items()} for r in rows] == [{f: (f"Child {n}", cell) for f, cell in places.items()} for n, places in zip(range(1, len(rows) + 1), PLACES, strict=False)]


def test_a_sheet_that_only_holds_what_we_filled_in_is_no_child() -> None:
    read = reading("THEM", audit(audited(1)))
    assert [r["child_id"].value for r in read.content.rows["children"]] == ["9304501"]
    assert codes(read.problems) == []
    (only,) = reading("THEM", audit({}, audited(2))).content.rows["children"]
    assert (only["child_id"].sheet, only["child_id"].cell) == ("Child 2", "C5")


def _renamed(workbook: Any) -> None:
    workbook["Child 2"].title = "My child"


def _both_renamed(workbook: Any) -> None:
    """As Excel does it: the names follow."""
    for n, new in ((1, "One"), (2, "Two")):
        workbook[f"Child {n}"].title = new
        for name in workbook.defined_names:
            workbook.defined_names[name].attr_text = workbook.defined_names[name].attr_text.replace(f"'Child {n}'!", f"{new}!")


def _rows_inserted(workbook: Any) -> None:
    workbook["Child 2"].insert_rows(3, 2)


def _reordered(workbook: Any) -> None:
    workbook.move_sheet("Child 2", -2)


@pytest.mark.parametrize("change", [_renamed, _both_renamed, _rows_inserted, _reordered])
def test_children_are_found_after(change: Callable[[Any], None]) -> None:
    data = edited(audit(audited(1), audited(2)), change)
    assert [said(r) for r in reading("THEM", data).content.rows["children"]] == [audited(1), audited(2)]
    assert told(data) == set()


@pytest.mark.parametrize("gone", ["Child 1", "Child 2"])
def test_a_sheet_that_is_gone_is_said_and_never_taken_for_another(gone: str) -> None:
    left = audited(2) if gone == "Child 1" else audited(1)
    data = edited(audit(audited(1), audited(2)), lambda b: b.remove(b[gone]))
    assert [said(r) for r in reading("THEM", data).content.rows["children"]] == [left]
    assert told(data) == {("SHEET_MISSING", gone, "")}


# ---------------------------------------------------------------- checks


def test_the_first_sheet_is_needed_and_the_second_once_begun() -> None:
    assert told(audit()) == {("ROWS_NONE", "Child 1", "")}
    assert told(audit(audited(1))) == set()
    begun = told(audit(audited(1), {"team": "Assessment A"}))
    needed = {c.id for c in TABLE.columns if c.required and not c.when and c.id != "team"}
    assert {(sheet, cell) for _, sheet, cell in begun} == {("Child 2", SECOND[f]) for f in needed}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"child_id": "9304501"}, "CHILD_TWICE", "child_id"),
        ({"child_id": "93045"}, "CHILD_ID_FORMAT", "child_id"),
        ({"VIS1": "tbc"}, "TOO_LITTLE", "VIS1"),
        ({"VIS1": None, "VIS1_grade": "Not applicable"}, "AREA_REASON_MISSING", "VIS1"),
        ({"VIS2_grade": "Splendid"}, "NOT_ON_LIST", "VIS2_grade"),
        ({"overall_grade": None}, "GRADE_NEEDED", "overall_grade"),
        ({"ed_response": None}, "ED_MISSING", "ed_response"),
        ({"immediate_concern": "Yes"}, "CONCERN_NOT_REPORTED", "concern_reported_to"),
        ({"worker": "P031"}, "REVIEWER_HOLDS_CASE", "child_id"),
        ({"child_id": CHILD}, "REVIEWER_CHAIRS_CASE", "child_id"),
        ({"fb_verbal_on": date(2027, 3, 1)}, "IN_FUTURE", "fb_verbal_on"),
        ({"fb_written_on": date(2026, 12, 1)}, "FEEDBACK_BEFORE_WORK", "fb_written_on"),
        ({"overall_grade": "Inadequate"}, "INADEQUATE_NO_ACTION", "overall_grade"),
    ],
)
def test_what_is_wrong_with_the_second_child_is_said_at_its_cell(changes: Row, code: str, field: str) -> None:
    assert told(audit(audited(1), {**audited(2), **changes})) == {(code, "Child 2", SECOND[field])}


def test_what_is_worth_a_look_is_said_for_each_child() -> None:
    better = {"overall_grade": "Outstanding", "VIS1_grade": "Good", "VIS2_grade": "Good"}
    remarks = told(audit(audited(1), audited(2, **better)), "W")
    assert {("FEEDBACK_OUTSTANDING", "Child 1", FIRST["fb_verbal_on"]), ("FEEDBACK_OUTSTANDING", "Child 2", SECOND["fb_verbal_on"])} <= remarks
    assert {r for r in remarks if r[0] == "OVERALL_ABOVE_ALL"} == {("OVERALL_ABOVE_ALL", "Child 2", SECOND["overall_grade"])}


def test_an_action_answers_an_inadequate_grade() -> None:
    action = {"child_id": "9304502", "action_text": PROSE, "owner": "P016", "due_on": date(2027, 1, 15)}
    assert told(audit(audited(1), audited(2, overall_grade="Inadequate"), rows=(action,), actions_any="Yes, listed on the Actions sheet", no_action_reason=None)) == set()


# ---------------------------------------------------------------- the copy that comes back


def test_the_copy_holds_every_child_and_marks_each_problem_at_its_cell() -> None:
    read = reading("THEM", audit(audited(1, rationale="n/a"), audited(2, child_id="930")))
    context = Context(issue=issue("THEM"), today=date(2026, 12, 14))
    copy = mark_up(FORM, sending("THEM"), read, (*read.problems, *check(read.content, FORM, context)))
    again = reading("THEM", copy.data)
    assert [said(r) for r in again.content.rows["children"]] == [audited(1, rationale="n/a"), audited(2, child_id="930")]
    listed = {row[3] for row in book(copy.data).sheets[FIX][4:] if row[1] and row[4]}
    assert listed == {f"Child 1, cell {FIRST['rationale']}", f"Child 2, cell {SECOND['child_id']}"}


def test_a_lost_sheet_comes_back_in_the_copy_as_it_was_handed_out() -> None:
    read = reading("THEM", edited(audit(audited(1), audited(2)), lambda b: b.remove(b["Child 2"])))
    copy = mark_up(FORM, sending("THEM"), read, read.problems)
    found = book(copy.data)
    assert found.cell("Child 2", int(SECOND["fb_given_by"][1:]), 3) == "Avery Exampleworth (P031)"
    assert found.cell("Child 2", 5, 3) is None
    assert [(p.code, p.sheet) for p in copy.problems] == [("SHEET_MISSING", "Child 2")]


# ---------------------------------------------------------------- another program


@pytest.mark.office
@needs_office
def test_children_typed_in_libreoffice_are_read_from_their_sheets(tmp_path: Path) -> None:
    issued_as, saved_as = tmp_path / "audit.xlsx", tmp_path / "typed.xlsx"
    issued_as.write_bytes(issued("THEM"))
    main = {**complete("THEM"), "audited_on": "10/12/2026", "completed_on": "11/12/2026"}
    layout = lay_out(FORM)
    cells = [[p.sheet, p.cell, main[p.field]] for p in layout.places if p.field in main]
    for n, places in enumerate(layout.sheets[0].places, 1):
        cells += [[p.sheet, p.cell, audited(n)[p.field]] for p in places if p.field in audited(n)]
    type_into([{"open": str(issued_as), "save": str(saved_as), "cells": cells}], tmp_path)
    data = saved_as.read_bytes()
    assert [said(r) for r in reading("THEM", data).content.rows["children"]] == [audited(1), audited(2)]
    assert told(data) == set()
    assert progress(data) == {"Ready to return": "Yes", "Child 1": "18 of 18", "Child 2": "18 of 18"}


@pytest.mark.office
@needs_office
def test_the_front_sheet_says_how_far_each_child_is(tmp_path: Path) -> None:
    made = recalculated(tmp_path / "office", {"blank": audit(), "one": audit(audited(1)), "begun": audit(audited(1), {"team": "Assessment A"}), "other": audit({}, audited(2))})
    assert {name: progress(data) for name, data in made.items()} == {
        "blank": {"Ready to return": "Not yet", "Child 1": "0 of 18", "Child 2": "Optional"},
        "one": {"Ready to return": "Yes", "Child 1": "18 of 18", "Child 2": "Optional"},
        "begun": {"Ready to return": "Not yet", "Child 1": "18 of 18", "Child 2": "1 of 18"},
        "other": {"Ready to return": "Yes", "Child 1": "Optional", "Child 2": "18 of 18"},
    }


def progress(data: bytes) -> dict[str, object]:
    return {str(row[0]): row[1] for row in book(data).sheets["Start here"] if row and row[0] in ("Ready to return", "Child 1", "Child 2")}


def test_a_blank_sheet_before_a_child_moves_no_piece_of_work() -> None:
    asked = form("THEM")
    table = asked.pieces
    assert table is not None

    def row(sheet: str, child: str) -> dict[str, Answer]:
        return {c.id: Answer(value=child if c.id == table.key else None, code=child if c.id == table.key else "", sheet=sheet, cell="C5") for c in table.columns}

    second = row(table.sheet(2), "9304502")
    assert [p.key for p in pieces(asked, Return(answers={}, rows={table.id: (second,)}))] == ["/2"]
    assert [p.key for p in pieces(asked, Return(answers={}, rows={table.id: (row(table.sheet(1), "9304501"), second)}))] == ["/1", "/2"]
    assert [p.key for p in pieces(asked, Return(answers={}, rows={table.id: (row("Renamed", "9304501"),)}))] == ["/1"]
