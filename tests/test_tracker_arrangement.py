"""What people arrange in the tracker survives its next writing: order, widths, filters, their own columns, notes and colours."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import needs_office, opened, type_into
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.worksheet.filters import ColorFilter, CustomFilter, CustomFilters, DateGroupItem, FilterColumn, Filters, Top10
from tracker_left import left_in, saved, tracker
from tracker_sample import AS_AT, LISTS, action, read

from qaf_sheets.tracker.arrangement import HEADINGS, Arrangement, aside_told
from qaf_sheets.tracker.filters import Filter, Wanted
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.seen import FORMAT, Look, Note
from qaf_sheets.tracker.tables import FEEDBACK
from qaf_sheets.tracker.values import same
from qaf_sheets.tracker.write import write_tracker

ROWS = {
    "ACT-1": action("Visit", status="Open", due_on=date(2026, 12, 1)), "ACT-2": action("Write up", status="Done", owner="Pat Notareal"),
    "ACT-3": action("Plan", status="In progress", due_on=date(2027, 2, 1)),
}  # fmt: skip
YELLOW, GREEN = PatternFill("solid", "FFFFFF00"), "#92D050"


def rewritten(change, rows=ROWS, now=None):
    """Somebody changed the sheet; how it stands after the service has written it again."""
    left, _ = left_in(saved(tracker(rows), change), rows)
    return openpyxl.load_workbook(io.BytesIO(tracker(now or rows, left)))["Actions"], left


def row_at(sheet, row_id):
    return next(n for n in range(5, sheet.max_row + 1) if sheet.cell(n, 1).value == row_id)


def column_at(sheet, heading):
    return next(c.column for c in sheet[4] if c.value == heading)


# ---------------------------------------------------------------- written, read, written again


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20).filter(str.strip)
headings = st.lists(words.map(lambda w: " ".join(w.split())), max_size=3, unique_by=str.casefold).filter(lambda some: not {c.header.casefold() for c in ACTIONS.columns} & {h.casefold() for h in some})
said = st.one_of(words, st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6).map(lambda n: float(f"{n:.6g}")), st.booleans())
colours = st.sampled_from(("", "#92D050", "#FF0000", "#00B0F0"))
looks = st.builds(Look, fill=colours, ink=colours, bold=st.booleans(), strike=st.booleans()).filter(lambda look: look != Look())
notes = st.builds(Note, text=words.map(str.strip), author=words.map(lambda w: " ".join(w.split())))
filters = st.one_of(
    st.builds(Filter, way=st.just("filters"), said=st.sampled_from(({}, {"blank": "1"})), wanted=st.lists(words.map(lambda w: Wanted(kind="filter", said={"val": w})), min_size=1, max_size=3).map(tuple)),
    st.just(Filter(way="customFilters", said={"and": "1"}, wanted=(Wanted(kind="customFilter", said={"operator": "notEqual", "val": " "}),))),
    st.just(Filter(way="dynamicFilter", said={"type": "thisMonth"})),
)  # fmt: skip


@st.composite
def arrangements(draw):
    """A table as somebody may have left it."""
    own = tuple(f"own:{h}" for h in draw(headings))
    names, rows = [*(c.id for c in ACTIONS.columns), *own], [*ROWS, "+1", "+4"]
    order, down = draw(st.permutations(names)), draw(st.permutations(list(ROWS)))
    if order != names:
        own = tuple(n for n in order if n in own)
    some = st.sampled_from(names)
    return Arrangement(
        columns=() if order == [*(c.id for c in ACTIONS.columns), *own] else tuple(order), rows=() if list(down) == list(ROWS) else tuple(down), own=own,
        widths={name: draw(st.integers(20, 400)) for name in (*draw(st.lists(some, max_size=3)), *own)},
        hidden_columns=tuple(n for n in order if n in draw(st.sets(some, max_size=3))), filters=draw(st.dictionaries(some, filters, max_size=2)),
        values=draw(st.dictionaries(st.sampled_from(rows), st.dictionaries(st.sampled_from(own), said, min_size=1), max_size=4)) if own else {},
        looks=draw(st.dictionaries(st.sampled_from(rows), st.dictionaries(some, looks, min_size=1, max_size=3), max_size=4)),
        notes=draw(st.dictionaries(st.sampled_from([HEADINGS, *rows]), st.dictionaries(some, notes, min_size=1, max_size=2), max_size=4)),
        freeze=draw(st.sampled_from((None, (0, 0), (4, 3), (6, 1)))), zoom=draw(st.sampled_from((100, 85, 150))), as_at=draw(st.sampled_from((AS_AT.date(), date(2027, 1, 15)))),
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(arrangements())
def test_an_arrangement_that_is_written_and_read_is_the_same(left):
    once, _ = left_in(tracker(ROWS, left), ROWS)
    data = tracker(ROWS, once)
    twice, _ = left_in(data, ROWS)
    assert once == twice == Arrangement.model_validate_json(once.model_dump_json(exclude_defaults=True))
    usual = {c.id: 5 + int(c.width * 7 + 0.5) for c in ACTIONS.columns}
    plain = {name: width for name, width in left.widths.items() if abs(width - usual.get(name, 0)) > 2}
    assert once == left.model_copy(update={"widths": plain})
    sheet, problems = read(data)
    assert not problems
    assert list(sheet.rows) == list(left.rows or ROWS)
    assert all(same(sheet.rows[k].cells[name], value) for k, row in ROWS.items() for name, value in row.items())


# ---------------------------------------------------------------- one thing at a time, as Excel writes it


def test_rows_stay_in_the_persons_order_and_new_ones_come_last():
    def sort(sheet, at):
        for column in range(1, sheet.max_column + 1):
            one, other = sheet.cell(5, column).value, sheet.cell(7, column).value
            sheet.cell(5, column).value, sheet.cell(7, column).value = other, one

    sheet, left = rewritten(sort, now={"ACT-0": action("Ring"), **ROWS})
    assert left.rows == ("ACT-3", "ACT-2", "ACT-1")
    assert [sheet.cell(n, 1).value for n in range(5, 9)] == ["ACT-3", "ACT-2", "ACT-1", "ACT-0"]


def test_an_own_column_follows_its_rows_with_dates_times_and_percentages():
    def write(sheet, at):
        end = sheet.max_column + 1
        for row, value in enumerate(("My view", 0.25, datetime(2027, 1, 4, 14, 30), time(9, 15)), 4):
            sheet.cell(row, end).value = value
        sheet.cell(5, end).number_format = "0%"
        sheet.cell(6, end).number_format = "dd/mm/yyyy hh:mm"
        sheet.cell(8, end).value = "For an action to come"

    sheet, _ = rewritten(write, now=dict(reversed(ROWS.items())))
    column = column_at(sheet, "My view")
    assert {sheet.cell(n, 1).value: (sheet.cell(n, column).value, sheet.cell(n, column).number_format) for n in (5, 6, 7)} == {
        "ACT-1": (0.25, "0%"), "ACT-2": (datetime(2027, 1, 4, 14, 30), "dd/mm/yyyy hh:mm"), "ACT-3": (time(9, 15), "hh:mm:ss"),
    }  # fmt: skip
    assert sheet.cell(8, column).value == "For an action to come"
    assert sheet.tables["Actions"].ref == f"A4:{sheet.cell(27, column).coordinate}"


def test_own_columns_that_share_a_heading_or_have_none_are_told_apart():
    def write(sheet, at):
        end = sheet.max_column
        for column, (heading, value) in enumerate((("Mine", "a"), ("mine", "b"), (None, "c"), ("Owner", "d")), end + 1):
            sheet.cell(4, column).value, sheet.cell(5, column).value = heading, value

    sheet, left = rewritten(write)
    assert left.own == ("own:Mine", "own:mine (2)", "own:My notes", "own:Owner (2)")
    assert [sheet.cell(5, column_at(sheet, name.removeprefix("own:"))).value for name in left.own] == ["a", "b", "c", "d"]


def test_what_was_written_of_a_row_that_is_gone_is_kept_and_told():
    def write(sheet, at):
        sheet.cell(4, sheet.max_column + 1).value = "Mine"
        sheet.cell(6, sheet.max_column).value = "ring first"

    def delete(sheet, at):
        sheet.delete_rows(6)

    first, _ = left_in(saved(tracker(ROWS), write), ROWS)
    second, told = left_in(saved(tracker(ROWS, first), delete), ROWS, first)
    assert second.values == {"ACT-2": {"own:Mine": "ring first"}}
    gone = {k: row for k, row in ROWS.items() if k != "ACT-2"}
    assert [(p.code, p.label) for p in aside_told(second, ACTIONS, gone)] == [("OWN_VALUE_ASIDE", "Mine")]
    assert not told
    third, told = left_in(saved(tracker(ROWS, second), lambda sheet, at: sheet.delete_cols(sheet.max_column)), ROWS, second)
    assert told == ["OWN_COLUMN_GONE"]
    assert not third.values


def test_a_formula_of_ones_own_stays_as_what_it_shows():
    def write(sheet, at):
        sheet.cell(4, sheet.max_column + 1).value = "Twice"
        sheet.cell(5, sheet.max_column).value = "=2+2"

    _, told = left_in(saved(tracker(ROWS), write), ROWS)
    assert told == ["OWN_FORMULAS"]


def test_colours_and_notes_stay_with_their_cell():
    def mark(sheet, at):
        sheet.cell(6, at["Owner"]).fill = YELLOW
        sheet.cell(6, at["Action"]).font = Font(bold=True, strike=True, color="FFC00000")
        sheet.cell(7, at["Action"]).fill = PatternFill("solid", Color(theme=4, tint=0.6))
        sheet.cell(6, at["Due"]).comment = Comment("Agreed with the school", "Pat Notareal")
        sheet.cell(4, at["Owner"]).comment = Comment("Ask first", "Pat Notareal")

    sheet, left = rewritten(mark, now=dict(reversed(ROWS.items())))
    row = row_at(sheet, "ACT-2")
    assert sheet.cell(row, 3).fill.fgColor.rgb == "FFFFFF00"
    assert (sheet.cell(row, 2).font.b, sheet.cell(row, 2).font.strike, sheet.cell(row, 2).font.color.rgb) == (True, True, "FFC00000")
    assert sheet.cell(row_at(sheet, "ACT-3"), 2).fill.fgColor.rgb == "FFB9CDE5"
    due = sheet.cell(row, column_at(sheet, "Due")).comment
    assert (due.text, due.author) == ("Agreed with the school", "Pat Notareal")
    assert sheet.cell(4, 3).comment.text == "Ask first"
    assert set(left.looks) == {"ACT-2", "ACT-3"}


def test_what_we_colour_ourselves_is_nobodys_colour():
    assert left_in(tracker(ROWS), ROWS)[0] == Arrangement(as_at=AS_AT.date())


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (FilterColumn(colId=5, filters=Filters(filter=["Open", "In progress"])), {"ACT-1", "ACT-3"}),
        (FilterColumn(colId=2, filters=Filters(blank=True)), {"ACT-1", "ACT-3", "ACT-9", "+1"}),
        (FilterColumn(colId=3, customFilters=CustomFilters(customFilter=[CustomFilter(operator="greaterThan", val="46400")])), {"ACT-3"}),
        (FilterColumn(colId=1, customFilters=CustomFilters(customFilter=[CustomFilter(val="*i*")])), {"ACT-1", "ACT-2", "ACT-9"}),
        (FilterColumn(colId=0, customFilters=CustomFilters(customFilter=[CustomFilter(operator="notEqual", val=" ")])), {*ROWS, "ACT-9"}),
        (FilterColumn(colId=3, filters=Filters(dateGroupItem=[DateGroupItem(year=2026, dateTimeGrouping="year")])), {"ACT-1"}),
        (FilterColumn(colId=3, top10=Top10(val=1)), {*ROWS, "ACT-9", "+1"}),
    ],
)
def test_a_filter_stays_and_hides_what_it_says(wanted, shown):
    def narrow(sheet, at):
        sheet.tables["Actions"].autoFilter.filterColumn = [wanted]

    sheet, left = rewritten(narrow, now={**ROWS, "ACT-9": action("Visit again", status="Done")})
    assert len(left.filters) == 1
    assert [f.colId for f in sheet.tables["Actions"].autoFilter.filterColumn] == [wanted.colId]
    seen = {sheet.cell(n, 1).value or "+1" for n in range(5, sheet.max_row + 1) if not sheet.row_dimensions[n].hidden}
    assert seen == shown


def test_a_filter_that_we_do_not_keep_hides_nothing():
    def narrow(sheet, at):
        sheet.tables["Actions"].autoFilter.filterColumn = [FilterColumn(colId=1, colorFilter=ColorFilter(dxfId=0))]
        sheet.row_dimensions[5].hidden = True

    _, left = rewritten(narrow)
    assert not left.filters
    assert not left.hidden_rows


def test_a_row_hidden_by_hand_stays_hidden_and_by_a_filter_comes_back():
    def hide(sheet, at):
        sheet.row_dimensions[5].hidden = sheet.row_dimensions[6].hidden = True
        sheet.tables["Actions"].autoFilter.filterColumn = [FilterColumn(colId=5, filters=Filters(filter=["Open", "In progress"]))]

    sheet, left = rewritten(hide, now={**ROWS, "ACT-2": {**ROWS["ACT-2"], "status": "In progress"}})
    assert left.hidden_rows == ("ACT-1",)
    assert [bool(sheet.row_dimensions[n].hidden) for n in (5, 6, 7)] == [True, False, False]


def test_columns_moved_hidden_and_widened():
    def arrange(sheet, at):
        for row in range(4, 30):
            owner = sheet.cell(row, at["Owner"]).value
            sheet.cell(row, at["Owner"]).value, sheet.cell(row, at["Action"]).value = sheet.cell(row, at["Action"]).value, owner
        sheet.column_dimensions["E"].hidden = True
        sheet.column_dimensions["B"].width = 30
        sheet.freeze_panes = "C5"

    sheet, _ = rewritten(arrange)
    assert [c.value for c in sheet[4]][:4] == ["Reference", "Owner", "Action", "Due"]
    assert (sheet.column_dimensions["E"].hidden, sheet.column_dimensions["B"].width, sheet.freeze_panes) == (True, 30, "C5")


def test_the_date_to_look_ahead_to_stays_until_it_has_come():
    def look_ahead(sheet, at):
        sheet["A2"].value = date(2027, 1, 15)

    sheet, left = rewritten(look_ahead)
    assert (left.as_at, sheet["A2"].value) == (date(2027, 1, 15), datetime(2027, 1, 15))
    assert openpyxl.load_workbook(io.BytesIO(tracker(ROWS, left.model_copy(update={"as_at": date(2026, 12, 1)}))))["Actions"]["A2"].value == datetime.combine(AS_AT, time())


def test_a_thread_of_comments_becomes_a_note_of_all_of_it():
    thread = """<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
    <threadedComment ref="B5" dT="2026-12-01T10:00:00.00" personId="{1}" id="{A}"><text>Who rings?</text></threadedComment>
    <threadedComment ref="B5" dT="2026-12-01T11:00:00.00" personId="{2}" id="{B}" parentId="{A}"><text>I do</text></threadedComment></ThreadedComments>"""
    people = """<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="Pat Notareal" id="{1}"/><person displayName="Sam Invented" id="{2}"/></personList>"""

    def mark(sheet, at):
        sheet["B5"].comment = Comment("[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment …", "tc={A}")

    sheet, left = _rewritten_from(_with_thread(saved(tracker(ROWS), mark), thread, people))
    assert left.notes == {"ACT-1": {"action_text": Note(text="Pat Notareal: Who rings?\nSam Invented: I do", author="Pat Notareal")}}
    assert sheet["B5"].comment.text == "Pat Notareal: Who rings?\nSam Invented: I do"


def _rewritten_from(data):
    left, _ = left_in(data, ROWS)
    return openpyxl.load_workbook(io.BytesIO(tracker(ROWS, left)))["Actions"], left


def _with_thread(data, thread, people):
    """The same with the parts that Excel writes for threaded comments, and the attributes it adds to rows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            body = before.read(entry)
            if entry.filename == "xl/worksheets/_rels/sheet1.xml.rels":
                body = body.replace(b"</Relationships>", b'<Relationship Id="rId77" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment1.xml"/></Relationships>')
            if entry.filename == "xl/worksheets/sheet1.xml":
                body = re.sub(rb"<row ", b'<row xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" x14ac:dyDescent="0.25" ', body)
            after.writestr(entry, body)
        after.writestr("xl/threadedComments/threadedComment1.xml", thread)
        after.writestr("xl/persons/person.xml", people)
    return out.getvalue()


def test_what_excel_could_not_read_again_is_not_kept():
    def write(sheet, at):
        end = sheet.max_column + 1
        sheet.cell(4, end).value, sheet.cell(5, end).value, sheet.cell(6, end).value = "Mine", 1.5, 2.5
        sheet.cell(5, end).number_format, sheet.cell(6, end).number_format = '0"', '0.0 "days"'

    left, _ = left_in(saved(tracker(ROWS), write), ROWS)
    assert left.values == {"ACT-1": {"own:Mine": 1.5}, "ACT-2": {"own:Mine": 2.5}}
    assert {row: cells["own:Mine"].format for row, cells in left.looks.items()} == {"ACT-2": '0.0 "days"'}

    def narrow(sheet, at):
        sheet.tables["Actions"].autoFilter.filterColumn = [FilterColumn(colId=3, customFilters=CustomFilters(customFilter=[CustomFilter(operator="lessThan", val="\nx")]))]

    with pytest.raises(ValueError, match="customFilter"):
        left_in(saved(tracker(ROWS), narrow), ROWS)


def test_what_stood_beside_a_row_that_the_table_lost_is_under_its_reference():
    first = {"R-1": {"activity": "OBS"}, "R-2": {"activity": "CCR"}}
    data = write_tracker({FEEDBACK.id: first}, (), (), lists=LISTS, council="Marlbrook Borough Council", marking="OFFICIAL", as_at=AS_AT)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[FEEDBACK.sheet]
    end = sheet.max_column + 1
    sheet.cell(4, end).value, sheet.cell(5, end).value, sheet.cell(6, end).value = "Mine", "of one", "of two"
    out = io.BytesIO()
    book.save(out)
    left, _ = left_in(out.getvalue(), {"R-2": first["R-2"]}, table=FEEDBACK)
    assert left.values == {"R-1": {"own:Mine": "of one"}, "R-2": {"own:Mine": "of two"}}
    assert [p.code for p in aside_told(left, FEEDBACK, {"R-2"})] == ["OWN_VALUE_ASIDE"]


@pytest.mark.parametrize(("form", "kept"), [("0%", True), ("[$£-809]#,##0.00;[Red]-#,##0.00", True), ("dd/mm/yyyy;@", True), ('0.0 "days"', True), ("[hh]:mm", True), ("0_);(0)", True), ("[", False), ('"', False), ("[nonsense]0", False), ("bb", False)])
def test_a_format_that_excel_knows_is_kept(form, kept):
    assert (FORMAT.fullmatch(form) is not None) == kept


# ---------------------------------------------------------------- LibreOffice


@needs_office
def test_what_somebody_does_in_libreoffice_survives(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(tracker(ROWS))
    end = openpyxl.utils.get_column_letter(len(ACTIONS.columns) + 1)
    last = openpyxl.utils.get_column_letter(len(ACTIONS.columns))
    deeds = [
        ["sort", "Actions", f"A5:{last}7", 0], ["hide column", "Actions", "D", None], ["wide", "Actions", "C", 9000], ["fill", "Actions", "B5", 0x92D050], ["bold", "Actions", "B6", None],
        ["ink", "Actions", "B6", 0xFF0000], ["note", "Actions", "B5", "ring first"], ["filter", "Actions", "Actions", [5, "In progress"]],
    ]  # fmt: skip
    job = {"open": str(tmp_path / "a.xlsx"), "save": str(tmp_path / "b.xlsx"), "cells": [["Actions", f"{end}4", "Mine"], ["Actions", f"{end}5", "of the first"], ["Actions", f"{end}6", "25%"]], "deeds": deeds}
    type_into([job], tmp_path)
    once, told = left_in((tmp_path / "b.xlsx").read_bytes(), ROWS)
    assert (once.rows, once.own, once.hidden_columns, told) == (("ACT-3", "ACT-2", "ACT-1"), ("own:Mine",), ("due_on",), [])
    assert once.filters == {"status": Filter(way="filters", wanted=(Wanted(kind="filter", said={"val": "In progress"}),))}
    assert once.looks["ACT-3"] == {"action_text": Look(fill=GREEN)}
    assert once.looks["ACT-2"]["action_text"] == Look(ink="#FF0000", bold=True)
    assert once.values == {"ACT-3": {"own:Mine": "of the first"}, "ACT-2": {"own:Mine": 0.25}}
    assert {row: {name: note.text for name, note in cells.items()} for row, cells in once.notes.items()} == {"ACT-3": {"action_text": "ring first"}}
    assert set(once.widths) == {"owner", "own:Mine"}

    (tmp_path / "c.xlsx").write_bytes(tracker(ROWS, once))
    type_into([{"open": str(tmp_path / "c.xlsx"), "save": str(tmp_path / "d.xlsx"), "cells": []}], tmp_path)
    twice, _ = left_in((tmp_path / "d.xlsx").read_bytes(), ROWS)
    assert twice.model_copy(update={"widths": {}}) == once.model_copy(update={"widths": {}})
    shown = opened((tmp_path / "d.xlsx").read_bytes(), cached=True)["Actions"]
    assert [shown.cell(n, 1).value for n in range(5, 28) if not shown.row_dimensions[n].hidden] == ["ACT-3"]
