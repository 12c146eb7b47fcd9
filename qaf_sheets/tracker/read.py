"""Read a two-way table as a person saved it: columns by their headings, rows by their ids, wherever both now stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from qaf_sheets.book import Book
from qaf_sheets.model import Problem, Record, Value
from qaf_sheets.problems import problem
from qaf_sheets.references import cell_name
from qaf_sheets.tracker.layout import TwoWay
from qaf_sheets.tracker.values import as_text, is_blank, parsed

HEADING_WITHIN, HEADINGS_NEEDED = 50, 3
OWN, UNNAMED = "own:", "My notes"
"""What the columns that people add are called by, before their heading; and the heading of one that has none."""
MAX_HEADING = 200


class SheetRow(Record):
    """One row as it stands: its number on the sheet and its values by column id. A column not found, or a cell showing an error, is absent."""

    number: int
    cells: Mapping[str, Value]


class Sheet(Record):
    """A table as read. `columns` are column id → number from 1; empty when the sheet was not found, and then nothing may be concluded from it.

    `rows` are by id in sheet order, `new` have no id, `twice` carry an id that an earlier row has. `heading` is the row of headings, `places` are the
    columns as people left them: also the calculated ones, and their own.
    """

    name: str = ""
    heading: int = 0
    places: Mapping[str, int] = {}
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
    places = _places(book, found, table)
    return Sheet(name=found.sheet, heading=found.heading, places=places, columns=found.columns, rows=rows, new=kept, twice=twice), told


def is_own(column: str) -> bool:
    """Whether a column is one that people added."""
    return column.startswith(OWN)


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


def _places(book: Book, found: _Found, table: TwoWay) -> dict[str, int]:
    """Every column by its number. A column is somebody's own when its heading is not one of ours, or ours stands further left already."""
    rows = book.sheets[found.sheet]
    places, calculated = dict(found.columns), {_plain(c.header): c.id for c in table.columns if c.calculated is not None}
    width = max(map(len, rows[found.heading - 1 :]))
    for number in (n for n in range(1, width + 1) if n not in found.columns.values()):
        heading = book.cell(found.sheet, found.heading, number)
        name = calculated.get(_plain(heading), "")
        if name and name not in places:
            places[name] = number
        elif any(not is_blank(book.cell(found.sheet, n, number)) for n in range(found.heading, len(rows) + 1)):
            places[_own(as_text(heading), {*(c.header for c in table.columns), *(name.removeprefix(OWN) for name in places if is_own(name))})] = number
    return places


def _own(heading: str, taken: Collection[str]) -> str:
    """What a person's own column is called: its heading, with a number where another has the same."""
    words = " ".join(heading.split())[:MAX_HEADING] or UNNAMED
    known, plain, n = {t.casefold() for t in taken}, words, 1
    while words.casefold() in known:
        n += 1
        words = f"{plain} ({n})"
    return OWN + words


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
