"""What people arrange in the tracker survives its next writing: order, widths, filters, their own columns, notes and colours."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.worksheet.filters import ColorFilter, CustomFilter, CustomFilters, FilterColumn, Filters, Top10
from tracker_left import left_in, saved, tracker
from tracker_sample import AS_AT, action, read

from qaf_sheets.tracker.arrangement import HEADINGS, Arrangement
from qaf_sheets.tracker.filters import Filter, Wanted
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.seen import Look, Note
from qaf_sheets.tracker.values import same

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
    st.builds(Filter, way=st.just("filters"), said=st.sampled_from(({}, {"blank": "1"})), wanted=st.lists(words.map(lambda w: Wanted(kind="filter", said={"val": w})), max_size=3).map(tuple)),
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
    assert once == twice
    usual = {c.id: 5 + int(c.width * 7 + 0.5) for c in ACTIONS.columns}
    plain = {name: width for name, width in left.widths.items() if abs(width - usual.get(name, 0)) > 2}
    assert once == left.model_copy(update={"widths": plain})
    sheet, problems = read(data)
    assert not problems
    assert list(sheet.rows) == list(left.rows or ROWS)
    assert all(same(sheet.rows[k].cells[name], value) for k, row in ROWS.items() for name, value in row.items())
