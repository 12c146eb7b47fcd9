"""Answers typed into an issued form are read back from their true cells, whatever people did to the sheet."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit import PROSE, codes, complete, edited, filled, form, issued, reading

from qaf_sheets.forms.layout import lay_out
from qaf_sheets.model import Value

ACTIVITIES = ("ROUT", "SERV", "OBS", "CCR", "DIP", "THEM", "OBS_SNR", "OBS_MTG", "SUP", "C_EH")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=400).filter(lambda t: t.strip() and "_x" not in t)
OBSERVED = {"strengths": "C11", "areas_for_development": "C12", "reflections": "C13"}


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_every_answer_is_read_from_the_cell_it_was_issued_in(activity: str) -> None:
    said = complete(activity)
    read = reading(activity, filled(activity, said))
    places = {p.field: p.cell for p in lay_out(form(activity)).places}
    assert {f: read.content.answers[f].value for f in said} == said
    assert {f: read.content.answers[f].cell for f in said} == {f: places[f] for f in said}
    assert codes(read.problems) == []


@pytest.mark.parametrize("activity", ACTIVITIES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_answers_written_into_a_form_read_back_equal(activity: str, data: st.DataObject) -> None:
    said: dict[str, Value] = {}
    for f in (f for f in form(activity).fields if not (f.fixed or f.withheld)):
        if f.kind in ("text", "long"):
            said[f.id] = data.draw(TEXT)
        elif f.kind == "date":
            said[f.id] = data.draw(st.dates(date(2026, 4, 1), date(2028, 3, 31)))
        elif f.kind == "choice":
            said[f.id] = data.draw(st.sampled_from([o.text for o in f.options]))
    rows = tuple({"action_text": data.draw(TEXT), "owner": "Avery Exampleworth (P031)", "due_on": date(2027, 1, 8)} for _ in range(data.draw(st.integers(0, 10))))
    read = reading(activity, filled(activity, said, rows))
    assert {f: read.content.answers[f].value for f in said} == said
    assert [{k: r[k].value for k in ("action_text", "owner", "due_on")} for r in read.content.rows["actions"]] == list(rows)


def test_blank_rows_between_actions_are_skipped_and_the_rest_keep_their_cells() -> None:
    one, two = {"action_text": "First"}, {"action_text": "Second"}
    read = reading("ROUT", filled("ROUT", {}, (one, {}, {}, two)))
    assert [(r["action_text"].value, r["action_text"].cell) for r in read.content.rows["actions"]] == [("First", "B4"), ("Second", "B7")]
    assert ("ROWS_SKIPPED", "") in codes(read.problems)


@pytest.mark.parametrize(
    ("field", "typed", "stored", "code"),
    [
        ("observed_on", "13/12/2026", date(2026, 12, 13), None),
        ("observed_on", "12/13/26", "12/13/26", "DATE_UNREADABLE"),
        ("nature", "visit ", "visit ", "READ_AS"),
        ("nature", "Home visit", "Home visit", "READ_AS"),
        ("nature", "Visiting", "Visiting", "NOT_ON_LIST"),
        ("strengths", "=1+1", "=1+1", "KEPT_AS_TEXT"),
        ("strengths", "+44 is where it began", "+44 is where it began", "KEPT_AS_TEXT"),
        ("strengths", "- a note\n- another", "- a note\n- another", None),
        ("strengths", "😀 “smart” أهلا", "😀 “smart” أهلا", None),
        ("strengths", "x" * 32_767, "x" * 32_767, None),
        ("strengths", "   ", None, None),
        ("strengths", "#REF!", "#REF!", "ERROR_VALUE"),
    ],
)
def test_one_cell(field: str, typed: Value, stored: Value, code: str | None) -> None:
    read = reading("OBS", filled("OBS", {field: typed}))
    answer = read.content.answers[field]
    assert answer.value == stored
    assert codes(read.problems) == ([(code, answer.cell)] if code else [])


def test_a_day_number_in_a_plain_cell_is_read_as_its_date_and_said() -> None:
    def type_number(book: Any) -> None:
        book["Observation"]["C6"], book["Observation"]["C6"].number_format = 46369, "General"

    read = reading("OBS", edited(issued("OBS"), type_number))
    assert read.content.answers["observed_on"].value == date(2026, 12, 13)
    assert codes(read.problems) == [("SERIAL_READ", "C6")]


def test_a_choice_and_a_person_carry_their_codes() -> None:
    read = reading("OBS", filled("OBS", {"actions_any": "no further action", "observer": "Avery Exampleworth"}))
    assert read.content.answers["actions_any"].code == "No"
    assert read.content.answers["observer"].code == "P031"


def test_a_formula_in_an_answer_is_said_and_one_without_a_result_stops() -> None:
    def type_formula(book: Any) -> None:
        book["Observation"]["C11"] = "=1+1"

    assert codes(reading("OBS", edited(issued("OBS"), type_formula)).problems) == [("ERROR_VALUE", "C11")]


# ---------------------------------------------------------------- what people do to the sheet


def _insert_row(book: Any) -> None:
    sheet = book["Observation"]
    sheet.insert_rows(7)
    for name in list(book.defined_names):  # openpyxl leaves names behind; Excel and LibreOffice move them with the rows
        target = book.defined_names[name].attr_text
        if name.startswith("q_") and (row := int(target.rsplit("$", 1)[1])) >= 7:
            book.defined_names[name].attr_text = target.rsplit("$", 1)[0] + f"${row + 1}"


def _insert_row_and_lose_names(book: Any) -> None:
    book["Observation"].insert_rows(7)
    for name in [n for n in book.defined_names if n.startswith("q_")]:
        del book.defined_names[name]


def _rename_sheet(book: Any) -> None:
    book["Observation"].title = "My notes"
    for name in book.defined_names:
        book.defined_names[name].attr_text = book.defined_names[name].attr_text.replace("Observation!", "'My notes'!")


def _reorder_sheets(book: Any) -> None:
    book.move_sheet("Observation", 3)


def _hide_rows(book: Any) -> None:
    for row in (11, 12):
        book["Observation"].row_dimensions[row].hidden = True


@pytest.mark.parametrize("change", [_insert_row, _insert_row_and_lose_names, _rename_sheet, _reorder_sheets, _hide_rows])
def test_answers_are_found_after(change: Any) -> None:
    said = complete("OBS")
    read = reading("OBS", edited(filled("OBS", said), change))
    assert {f: read.content.answers[f].value for f in said} == said
    assert codes(read.problems, "E") == []
    moved = change in (_insert_row, _insert_row_and_lose_names)
    assert {f: read.content.answers[f].cell for f in OBSERVED} == {f: f"C{int(c[1:]) + moved}" for f, c in OBSERVED.items()}


def _swap_labels(book: Any) -> None:
    sheet = book["Observation"]
    sheet["B11"], sheet["B12"] = "Something else", "Another thing"


def _two_names_on_one_cell(book: Any) -> None:
    book.defined_names["q_strengths"].attr_text = book.defined_names["q_areas_for_development"].attr_text


def _name_leads_nowhere(book: Any) -> None:
    book.defined_names["q_strengths"].attr_text = "#REF!"


def _name_drifted(book: Any) -> None:
    book.defined_names["q_strengths"].attr_text = "Observation!$C$60"


@pytest.mark.parametrize(
    ("change", "lost"), [(_swap_labels, ["C11", "C12"]), (_two_names_on_one_cell, ["C11", "C12"]), (_name_leads_nowhere, ["C11"]), (_name_drifted, ["C11"])]
)
def test_an_answer_that_cannot_be_known_is_never_guessed(change: Any, lost: list[str]) -> None:
    read = reading("OBS", edited(filled("OBS", complete("OBS")), change))
    assert codes(read.problems, "E") == [("LAYOUT_CHANGED", cell) for cell in lost]
    assert [a.value for a in read.content.answers.values() if a.cell in lost] == [None] * len(lost)


def test_a_missing_sheet_is_said_once() -> None:
    def remove(book: Any) -> None:
        book.remove(book["Actions"])

    assert codes(reading("OBS", edited(filled("OBS", complete("OBS")), remove)).problems, "E") == [("SHEET_MISSING", "")]


def test_a_table_whose_headings_moved_is_still_read_by_heading() -> None:
    def add_column(book: Any) -> None:
        sheet = book["Actions"]
        sheet.tables.clear()
        sheet.insert_cols(3)
        sheet["C3"] = "My own notes"

    read = reading("ROUT", edited(filled("ROUT", {}, ({"action_text": PROSE, "owner": "P016"},)), add_column))
    assert [(r["owner"].value, r["owner"].cell, r["owner"].code) for r in read.content.rows["actions"]] == [("P016", "D4", "P016")]
