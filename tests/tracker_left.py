"""How somebody left the tracker of the tests: read from its bytes, and written again as the service does."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from tracker_sample import AS_AT, LISTS, counting

from qaf_sheets.book import Book, read_book
from qaf_sheets.tracker.arrangement import Arrangement, Left, arranged, as_at_typed, own_told
from qaf_sheets.tracker.layout import ACTIONS, TwoWay
from qaf_sheets.tracker.merge import Rows, merge
from qaf_sheets.tracker.read import is_own, read_tracker
from qaf_sheets.tracker.seen import see
from qaf_sheets.tracker.write import write_tracker


def tracker(rows: Rows, left: Arrangement | None = None) -> bytes:
    """The tracker's bytes, as somebody left it."""
    return write_tracker({ACTIONS.id: rows}, (), (), lists=LISTS, council="Marlbrook Borough Council", marking="OFFICIAL", as_at=AS_AT, left={ACTIONS.id: left or Arrangement()})


def left_in(data: bytes, rows: Rows, before: Arrangement | None = None, table: TwoWay = ACTIONS) -> tuple[Arrangement, list[str]]:
    """How a table stands in a saved tracker, and the codes of what there is to tell."""
    book = read_book(data, "Actions tracker.xlsx")
    assert isinstance(book, Book)
    sheet, _ = read_tracker(book, table)
    merged = merge(rows, sheet, rows, table, LISTS, new_id=counting())
    assert not merged.edits, "an arrangement is no edit"
    seen = see(data, {sheet.name: tuple(n for name, n in sheet.places.items() if is_own(name))})
    left = Left(book, sheet, seen[sheet.name], merged.places)
    before = before or Arrangement()
    found = arranged(left, table, list(merged.rows), before)
    return found.model_copy(update={"as_at": as_at_typed(book)}), [p.code for p in own_told(left, found, before)]


def saved(data: bytes, change: Callable[[Any, Mapping[str, int]], None]) -> bytes:
    """The same after somebody did something to the sheet of actions."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book["Actions"], {str(c.value): n for n, c in enumerate(book["Actions"][4], 1)})
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
