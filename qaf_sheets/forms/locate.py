"""Finds each answer's true cell: where it was issued, else where its name went, else beside its label. Never a guess.

The locked label beside an answer must still say what it said (design decision 13). A name that drifted away from an
answer that stayed, two names on one cell, or a name that points nowhere means cells were moved: that is reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qaf_sheets.book import Book, split_cell
from qaf_sheets.forms.layout import answer_name, block_name
from qaf_sheets.model import Layout, Place, TablePlace, Value


class At(NamedTuple):
    """One cell: sheet, row and column from 1."""

    sheet: str
    row: int
    column: int


NOWHERE = At("", 0, 0)
"""What a name says that leads to no cell any more (#REF!)."""


class TableAt(NamedTuple):
    """Where a table's rows stand: the heading row and the column of each field."""

    sheet: str
    header_row: int
    columns: Mapping[str, int]


def locate(book: Book, layout: Layout) -> dict[str, At | None]:
    """The cell of each answer by its place's key; None where it cannot be known."""
    found = _Finder(book, layout)
    return {p.key: found.one(p) for p in layout.every}


def _column(place: Place) -> int:
    return split_cell(place.cell)[1]


class _Finder:
    """Looks in one book: where an answer was issued, where its name went, beside its label."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self.book, self.renamed = book, renamed(book, layout)
        self.named = {p.key: self._named(answer_name(p.key)) for p in layout.every}
        self.held = list(self.named.values())
        self.labels = [(p.sheet, p.label, _column(p)) for p in layout.every]
        self.said: dict[tuple[str, int], Mapping[str, Sequence[int]]] = {}

    def one(self, place: Place) -> At | None:
        """One answer's cell, or None."""
        named = self.named[place.key]
        if named is not None and (named == NOWHERE or self.held.count(named) > 1):
            return None
        row, column = split_cell(place.cell)
        issued = At(self.renamed.get(place.sheet, place.sheet), row, column)
        if _says(self.book, issued, place):
            return issued if named in (issued, None) else None
        if named is not None and _says(self.book, named, place):
            return named
        return self._beside_label(place, named) if self.labels.count((place.sheet, place.label, column)) == 1 else None

    def _beside_label(self, place: Place, named: At | None) -> At | None:
        """After a sort, an answer still stands beside its own label; only a single such row will do."""
        issued = self.renamed.get(place.sheet, place.sheet)
        sheet = issued if issued in self.book.sheets else named.sheet if named else ""
        column, beside = _column(place), split_cell(place.label_cell)[1]
        if (sheet, beside) not in self.said:
            self.said[sheet, beside] = _rows_by_label(self.book.sheets.get(sheet, ()), beside)
        rows = self.said[sheet, beside].get(_first_line(place.label), ())
        return At(sheet, rows[0], column) if len(rows) == 1 else None

    def _named(self, name: str) -> At | None:
        """Where a defined name points: a cell; None when there is no such name; NOWHERE when it leads to no cell."""
        target = self.book.names.get(name)
        if target is None:
            return None
        found = re.fullmatch(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]{1,3}\$?\d{1,7})", target.strip())
        if not found:
            return NOWHERE
        sheet = (found[1] or found[2]).replace("''", "'")
        sheet = self.renamed.get(sheet, sheet)
        row, column = split_cell(found[3])
        return At(sheet, row, column) if sheet in self.book.sheets else NOWHERE


def renamed(book: Book, layout: Layout) -> dict[str, str]:
    """A sheet that is missing → the one sheet that is not ours on which all its labels stand where they were issued: it was given another name."""
    issued: dict[str, list[Place]] = {}
    for place in layout.every:
        issued.setdefault(place.sheet, []).append(place)
    found: dict[str, str] = {}
    for sheet, places in issued.items():
        if sheet not in book.sheets:
            same = [other for other in book.sheets if other not in issued and all(_says(book, At(other, *split_cell(p.cell)), p) for p in places)]
            found |= {sheet: same[0]} if len(same) == 1 else {}
    return found


def _says(book: Book, at: At, place: Place) -> bool:
    """The label stands to the left of the answer, as far away as it was issued."""
    text = book.cell(at.sheet, at.row, at.column - (_column(place) - split_cell(place.label_cell)[1]))
    return isinstance(text, str) and _first_line(text) == _first_line(place.label)


def _rows_by_label(rows: Sequence[Sequence[Value]], column: int) -> Mapping[str, Sequence[int]]:
    """In which rows each label stands in a column: looked up once, since a stranger's sheet may be long."""
    found: dict[str, list[int]] = {}
    for n, row in enumerate(rows, 1):
        text = row[column - 1] if len(row) >= column else None
        if isinstance(text, str):
            found.setdefault(_first_line(text), []).append(n)
    return found


def _first_line(text: str) -> str:
    return " ".join(text.strip().split("\n")[0].split())


def locate_table(book: Book, place: TablePlace) -> TableAt | None:
    """The heading row of a table, where it was issued, where its name went, or wherever all its headings stand in one row."""
    named = re.fullmatch(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7}):.*", book.names.get(block_name(place.table), "").strip())
    sheets = [place.sheet]
    rows = [place.header_row]
    if named:
        sheets.append((named[1] or named[2]).replace("''", "'"))
        rows.append(int(named[4]))
    known = [s for s in sheets if s in book.sheets]
    for sheet in dict.fromkeys(known or book.sheets):  # a sheet that was given another name is known by its headings
        for row in (*rows, *range(1, min(len(book.sheets[sheet]), 60) + 1)):
            columns = _headings(book, sheet, row, place)
            if columns:
                return TableAt(sheet, row, columns)
    return None


def _headings(book: Book, sheet: str, row: int, place: TablePlace) -> dict[str, int] | None:
    """The column of each field by heading; None unless each heading stands there exactly once."""
    rows = book.sheets[sheet]
    if not 0 < row <= len(rows):
        return None
    heads = [" ".join(str(v).split()) if v is not None else "" for v in rows[row - 1]]
    wanted = {field: " ".join(header.split()) for field, _, header in place.columns}
    if any(heads.count(header) != 1 for header in wanted.values()):
        return None
    return {field: heads.index(header) + 1 for field, header in wanted.items()}


