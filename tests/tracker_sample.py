"""Helpers of the tracker's tests: short ways to write an action, a workbook, a saved sheet and a merge."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from qaf_sheets.book import Book, read_book
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import merge
from qaf_sheets.tracker.read import Sheet, SheetRow, read_tracker
from qaf_sheets.tracker.write import write_tracker

AS_AT = datetime(2026, 12, 18, 10, 14)
LISTS = {"action_status": ("Open", "In progress", "Done", "Checked", "Not needed"), "impact": ("Yes", "No"), "people": ("Avery Exampleworth", "Blair Inventley")}


def action(text, **cells):
    """An action's row by column; what is not named is blank."""
    return {c.id: None for c in ACTIONS.kept if c.id != ACTIONS.key.id} | {"action_text": text, **cells}


def written(rows, clashes=()):
    """The tracker's bytes."""
    return write_tracker({ACTIONS.id: rows}, clashes, (), lists=LISTS, council="Marlbrook Borough Council", marking="OFFICIAL", as_at=AS_AT)


def read(data):
    """A saved tracker's sheet and the problems of reading it."""
    book = read_book(data, "Actions tracker.xlsx")
    assert isinstance(book, Book), book
    return read_tracker(book, ACTIONS)


def saved(*rows):
    """A sheet as a person saved it: (reference, cells) in order, as `read_tracker` would give it."""
    first, new, twice = {}, [], []
    for number, (row_id, cells) in enumerate(rows, 5):
        row = SheetRow(number=number, cells={**cells, "action_id": row_id})
        if row_id is None:
            new.append(row)
        elif row_id in first:
            twice.append(row)
        else:
            first[row_id] = row
    columns = {c.id: n for n, c in enumerate(ACTIONS.kept, 1)}
    return Sheet(name="Actions", columns=columns, rows=first, new=tuple(new), twice=tuple(twice))


def counting(prefix="NEW", start=1):
    """Gives NEW-1, NEW-2 …"""
    numbers = count(start)
    return lambda: f"{prefix}-{next(numbers)}"


def merged_with(base, theirs, ours=None, *, new_id=None, known=()):
    """A merge with the register unchanged unless `ours` says otherwise."""
    return merge(base, theirs, base if ours is None else ours, ACTIONS, LISTS, new_id=new_id or counting(), known=known)
