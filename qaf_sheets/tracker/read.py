"""Read a two-way table as a person saved it: columns by their headings, rows by their ids, wherever both now stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qaf_sheets.book import Book, cell_name
from qaf_sheets.model import Problem, Record, Value
from qaf_sheets.problems import problem
from qaf_sheets.tracker.layout import TwoWay
from qaf_sheets.tracker.values import as_text, is_blank, parsed

HEADING_WITHIN, HEADINGS_NEEDED = 50, 3


class SheetRow(Record):
    """One row as it stands: its number on the sheet and its values by column id. A column not found, or a cell showing an error, is absent."""

    number: int
    cells: Mapping[str, Value]


class Sheet(Record):
    """A table as read. `columns` are column id → number from 1; empty when the sheet was not found, and then nothing may be concluded from it.

    `rows` are by id in sheet order, `new` have no id, `twice` carry an id that an earlier row has.
    """

    name: str = ""
    columns: Mapping[str, int] = {}
    rows: Mapping[str, SheetRow] = {}
    new: tuple[SheetRow, ...] = ()
    twice: tuple[SheetRow, ...] = ()


def read_tracker(book: Book, table: TwoWay) -> tuple[Sheet, tuple[Problem, ...]]:
    """A saved tracker → one of its tables, and what could not be read. Moved, hidden, sorted, filtered and added columns are all fine."""
    found = _find(book, table)
    if found is None:
        return Sheet(), (problem("TRACKER_SHEET_MISSING", sheet=table.sheet),)
    read = [_row(book, found, table, number) for number in range(found.heading + 1, len(book.sheets[found.sheet]) + 1)]
    filled = [row for row in read if any(not is_blank(v) for v in row.cells.values())]
    rows, new, twice = _by_id(filled, table)
    told = (*_columns_told(book, found, table), *_broken_told(book, found, filled), *_unfinished_told(new, found, table))
    kept = tuple(row for row in new if not is_blank(row.cells.get(table.lead)))
    return Sheet(name=found.sheet, columns=found.columns, rows=rows, new=kept, twice=twice), told


class _Found(NamedTuple):
    """Where the table stands: its sheet, the row of headings, and each column's number."""

    sheet: str
    heading: int
    columns: Mapping[str, int]


def _find(book: Book, table: TwoWay) -> _Found | None:
    """The sheet by its name first, else by its headings: it may have been renamed."""
    names = sorted(book.sheets, key=lambda name: name != table.sheet)
    places = (_headings(book, name, number, table) for name in names for number in range(1, min(HEADING_WITHIN, len(book.sheets[name])) + 1))
    return next((f for f in places if table.key.id in f.columns and len(f.columns) >= HEADINGS_NEEDED), None)


def _headings(book: Book, sheet: str, number: int, table: TwoWay) -> _Found:
    ids = {_plain(c.header): c.id for c in table.kept}
    columns: dict[str, int] = {}
    for column, value in enumerate(book.sheets[sheet][number - 1], 1):
        known = ids.get(_plain(value))
        if known:
            columns.setdefault(known, column)
    return _Found(sheet, number, columns)


def _plain(value: Value) -> str:
    return " ".join(as_text(value).casefold().split())


def _row(book: Book, found: _Found, table: TwoWay, number: int) -> SheetRow:
    broken = book.broken.get(found.sheet, frozenset())
    kinds = {c.id: c.kind for c in table.kept}
    cells = {
        name: parsed(book.cell(found.sheet, number, column), kinds[name])
        for name, column in found.columns.items()
        if cell_name(number, column) not in broken
    }
    return SheetRow(number=number, cells=cells)


def _by_id(rows: Sequence[SheetRow], table: TwoWay) -> tuple[dict[str, SheetRow], tuple[SheetRow, ...], tuple[SheetRow, ...]]:
    first: dict[str, SheetRow] = {}
    new, twice = [], []
    for row in rows:
        row_id = as_text(row.cells.get(table.key.id)).strip()
        if not row_id:
            new.append(row)
        elif row_id in first:
            twice.append(row)
        else:
            first[row_id] = row
    return first, tuple(new), tuple(twice)


def _columns_told(book: Book, found: _Found, table: TwoWay) -> Iterator[Problem]:
    for column in table.kept:
        if column.id not in found.columns:
            yield problem("COLUMN_RESTORED", sheet=found.sheet, label=column.header)
    ours = {_plain(c.header) for c in table.columns}
    for number, value in enumerate(book.sheets[found.sheet][found.heading - 1], 1):
        if not is_blank(value) and _plain(value) not in ours:
            yield problem("COLUMN_NOT_KEPT", sheet=found.sheet, cell=cell_name(found.heading, number), label=as_text(value))


def _broken_told(book: Book, found: _Found, rows: Sequence[SheetRow]) -> Iterator[Problem]:
    for row in rows:
        for name in found.columns.keys() - row.cells.keys():
            column = found.columns[name]
            yield problem("ERROR_VALUE", sheet=found.sheet, cell=cell_name(row.number, column), value=book.cell(found.sheet, row.number, column))


def _unfinished_told(new: Sequence[SheetRow], found: _Found, table: TwoWay) -> Iterator[Problem]:
    """A row without id and without its leading text is nothing yet; what stands in it is repeated, so that it is not lost."""
    for row in new:
        if is_blank(row.cells.get(table.lead)):
            said = ", ".join(as_text(v) for v in row.cells.values() if not is_blank(v))
            cell = cell_name(row.number, found.columns.get(table.lead, 1))
            yield problem("ROW_NOT_ADDED", sheet=found.sheet, cell=cell, label=table.column(table.lead).header, number=row.number, value=said)
