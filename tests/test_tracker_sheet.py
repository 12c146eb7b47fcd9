"""The tracker as a workbook: what is written is what is read, and what a person did to the sheet does not matter."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracker_sample import AS_AT, LISTS, action, counting, merged_with, read, written

from qaf_sheets.book import Book, read_book
from qaf_sheets.files import digest_of_members
from qaf_sheets.tracker.headline import headline
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import Clash
from qaf_sheets.tracker.read import read_tracker
from qaf_sheets.tracker.timing import days_overdue, timing
from qaf_sheets.tracker.values import same
from qaf_sheets.tracker.write import write_tracker

HOSTILE = ("=1+1", "'quoted", '"', "+44", "@SUM(A1)", "two\nlines", "🙂 <b> & {{ x }}", "_x0041_", "00123", "3-4", "x" * 32_000, "{=A1}", "#REF!", "https://example.org")
words = st.one_of(st.none(), st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"), max_size=40))
dates = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
CELLS = {c.id: dates if c.kind == "date" else words for c in ACTIONS.kept if c.id != ACTIONS.key.id}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.fixed_dictionaries(CELLS), max_size=3))
def test_what_is_written_is_read_again(rows):
    named = {f"ACT-{n}": row for n, row in enumerate(rows)}
    sheet, problems = read(written(named))
    assert not problems
    assert list(sheet.rows) == list(named)
    assert not sheet.new
    for row_id, row in named.items():
        assert all(same(sheet.rows[row_id].cells[name], value) for name, value in row.items())


def test_no_text_becomes_a_formula():
    book = read_book(written({"ACT-1": action("=1+1", progress_note="=HYPERLINK(1)")}), "tracker")
    assert isinstance(book, Book)
    row = next(n for n, cells in enumerate(book.sheets["Actions"], 1) if cells[0] == "ACT-1")
    assert book.cell("Actions", row, 2) == "=1+1"
    assert f"B{row}" not in book.formulas["Actions"]


def test_the_same_rows_on_the_same_day_make_the_same_workbook():
    rows = {"ACT-1": action("Visit")}
    later = AS_AT.replace(hour=AS_AT.hour + 3)
    again = write_tracker({ACTIONS.id: rows}, (), (), lists=LISTS, council="Marlbrook Borough Council", marking="OFFICIAL", as_at=later)
    assert digest_of_members(written(rows)) == digest_of_members(again)


@pytest.mark.parametrize(
    ("cells", "stands", "days"),
    [
        ({"due_on": date(2026, 12, 17)}, "✗ Overdue", 1),
        ({"due_on": date(2026, 12, 18)}, "! Due soon", ""),
        ({"due_on": date(2027, 1, 1)}, "! Due soon", ""),
        ({"due_on": date(2027, 1, 2)}, "○ In date", ""),
        ({"due_on": date(2026, 12, 1), "revised_due_on": date(2027, 3, 1)}, "○ In date", ""),
        ({"due_on": date(2026, 12, 1), "revised_due_on": "next week"}, "✗ Overdue", 17),
        ({"due_on": date(2026, 12, 1), "status": "Done"}, "✓ Finished", ""),
        ({"due_on": "2026-12-17"}, "✗ Overdue", 1),
        ({}, "○ No date", ""),
    ],
)
def test_how_an_action_stands(cells, stands, days):
    row = {"action_id": "ACT-1", "action_text": "Visit", **cells}
    assert (timing(row, AS_AT.date()), days_overdue(row, AS_AT.date())) == (stands, days)


def test_the_headline_counts_what_the_sheet_shows():
    assert headline(ACTIONS, []).text.startswith("No actions yet")
    assert headline(ACTIONS, ["✗ Overdue"]).text.startswith("1 action: 1 overdue, 0 due in the next 14 days")
    assert headline(ACTIONS, ["✗ Overdue", "✓ Finished", "✗ Overdue"]).text.startswith("3 actions: 2 overdue")


# ---------------------------------------------------------------- what people do to a sheet


ROWS = {"ACT-1": action("Visit", status="Open"), "ACT-2": action("Write up", status="Open"), "ACT-3": action("Plan", status="Done")}


def edited(change):
    """The three rows, written, opened with openpyxl, changed and saved; then merged."""
    book = openpyxl.load_workbook(io.BytesIO(written(ROWS)))
    sheet = book["Actions"]
    change(sheet, {c.value: n for n, c in enumerate(sheet[4], 1)})
    out = io.BytesIO()
    book.save(out)
    return read(out.getvalue())


def test_untouched():
    sheet, problems = edited(lambda sheet, at: None)
    merged = merged_with(ROWS, sheet)
    assert not problems
    assert all(merged.rows[k][name] == value for k, row in ROWS.items() for name, value in row.items())
    assert (merged.edits, merged.added, merged.clashes, merged.problems) == ((), (), (), ())


def test_sorted_rows_hidden_and_added_columns_are_fine():
    def change(sheet, at):
        first, third = ([c.value for c in sheet[n]] for n in (5, 7))
        for column, (one, other) in enumerate(zip(first, third, strict=True), 1):
            sheet.cell(5, column).value, sheet.cell(7, column).value = other, one
        sheet.cell(5, at["Status"]).value = "In progress"
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[6].hidden = True
        sheet.cell(4, 40).value, sheet.cell(5, 40).value = "My own", "x"

    sheet, problems = edited(change)
    merged = merged_with(ROWS, sheet)
    assert [(e.row, e.column, e.before, e.after) for e in merged.edits] == [("ACT-3", "status", "Done", "In progress")]
    assert (problems, merged.problems) == ((), ())


def test_a_moved_column_is_found_by_its_heading():
    def change(sheet, at):
        for n in range(4, 8):
            status, owner = sheet.cell(n, at["Status"]).value, sheet.cell(n, at["Owner"]).value
            sheet.cell(n, at["Owner"]).value, sheet.cell(n, at["Status"]).value = status, owner
        sheet.insert_cols(1)

    sheet, problems = edited(change)
    assert not problems
    assert not merged_with(ROWS, sheet).edits
    assert not merged_with(ROWS, sheet).problems


def test_a_row_added_and_a_row_deleted():
    def change(sheet, at):
        sheet.cell(9, at["Action"]).value = "Ring the school"
        sheet.cell(9, at["Due"]).value = "13 January 2027"
        sheet.delete_rows(6)

    sheet, _ = edited(change)
    merged = merged_with(ROWS, sheet, new_id=counting("ACT", 4))
    assert [(a.row, a.number, dict(a.cells)) for a in merged.added] == [("ACT-4", 8, {"action_text": "Ring the school", "due_on": date(2027, 1, 13)})]
    assert list(merged.rows) == ["ACT-1", "ACT-2", "ACT-3", "ACT-4"]
    assert {p.code for p in merged.problems} == {"ROW_RESTORED", "ROW_ADDED"}


def test_a_deleted_column_changes_nothing():
    sheet, problems = edited(lambda sheet, at: sheet.delete_cols(at["Status"]))
    merged = merged_with(ROWS, sheet)
    assert [p.code for p in problems] == ["COLUMN_RESTORED"]
    assert not merged.edits
    assert merged.rows["ACT-1"]["status"] == "Open"


def test_a_renamed_sheet_is_found_and_a_missing_one_changes_nothing():
    sheet, problems = edited(lambda sheet, at: setattr(sheet, "title", "Mine"))
    assert not problems
    assert len(sheet.rows) == 3
    sheet, problems = edited(lambda sheet, at: sheet.delete_cols(1))
    merged = merged_with(ROWS, sheet)
    assert [p.code for p in problems] == ["TRACKER_SHEET_MISSING"]
    assert (merged.rows, merged.base, merged.problems) == (ROWS, ROWS, ())


def test_a_row_that_is_not_an_action_yet_is_told_with_what_it_says():
    def change(sheet, at):
        sheet.cell(9, at["Owner"]).value = "Avery Exampleworth"

    sheet, problems = edited(change)
    assert not sheet.new
    assert [(p.code, p.cell) for p in problems] == [("ROW_NOT_ADDED", "B9")]
    assert "Avery Exampleworth" in problems[0].message


def test_a_date_is_read_in_every_uk_shape():
    shapes = [datetime(2027, 1, 31), "31/01/2027", "31.1.2027", "31 January 2027", "Sunday 31st Jan 2027", "2027-01-31", 46418]
    for shape in shapes:
        sheet, _ = edited(lambda sheet, at, shape=shape: setattr(sheet.cell(5, at["Revised due"]), "value", shape))
        assert sheet.rows["ACT-1"].cells["revised_due_on"] == date(2027, 1, 31), shape


def test_a_cell_that_shows_an_error_changes_nothing():
    def change(sheet, at):
        cell = sheet.cell(5, at["Progress"])
        cell.value, cell.data_type = "#REF!", "e"

    sheet, problems = edited(change)
    assert [p.code for p in problems] == ["ERROR_VALUE"]
    assert not merged_with(ROWS, sheet).edits


# ---------------------------------------------------------------- the other sheets


def test_conflicts_show_both_values_and_say_so_when_there_are_none():
    clash = Clash(row="ACT-1", column="due_on", label="Due", why="both", before=None, theirs="2027-01-31", ours=date(2027, 2, 1), at=AS_AT)
    book = read_book(written(ROWS, (clash,)), "tracker")
    quiet = read_book(written(ROWS), "tracker")
    assert isinstance(book, Book)
    assert isinstance(quiet, Book)
    assert {date(2027, 1, 31), date(2027, 2, 1), AS_AT.date()} <= {v for row in book.sheets["Conflicts"] for v in row}
    assert "No conflicts" in str(quiet.cell("Conflicts", 2, 1))
    assert len(quiet.sheets["Conflicts"]) == 2


def test_a_reader_that_finds_another_workbook_says_so():
    sheet, problems = read_tracker(Book(sheets={"Sheet1": (("a", "b"),)}), ACTIONS)
    assert not sheet.columns
    assert [p.code for p in problems] == ["TRACKER_SHEET_MISSING"]


@pytest.mark.parametrize(("name", "known"), [("  Pat   Notareal ", "Pat Notareal"), ("", ""), ("x" * 500, "x" * 80)])
def test_a_workbook_says_who_saved_it_last(name, known):
    book = openpyxl.load_workbook(io.BytesIO(written({})))
    book.properties.lastModifiedBy = name
    saved = io.BytesIO()
    book.save(saved)
    found = read_book(saved.getvalue(), "Actions tracker.xlsx")
    assert isinstance(found, Book)
    assert found.saved_by == known
