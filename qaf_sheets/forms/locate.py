"""Finds each answer's true cell: where it was issued, else where its name went, else beside its label. Never a guess.

The locked number and label beside an answer, and the headings over the columns, must still say what they said (design decision 13). A name that drifted away from an
answer that stayed, two names on one cell, or a name that points nowhere means cells were moved: that is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from qaf_sheets.book import Book
from qaf_sheets.forms.layout import HEADS, NUMBERED, OVER, answer_name, block_name
from qaf_sheets.forms.values import is_blank
from qaf_sheets.model import Layout, Place, TablePlace
from qaf_sheets.references import split_cell


class At(NamedTuple):
    """One cell: sheet, row and column from 1."""

    sheet: str
    row: int
    column: int


NOWHERE = At("", 0, 0)
"""What a name says that leads to no cell any more (#REF!)."""
TARGET = re.compile(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]{1,3}\$?\d{1,7})")
FARTHEST = 60
"""A table's headings are looked for this far down."""


class TableAt(NamedTuple):
    """Where a table's rows stand: the heading row and the column of each field."""

    sheet: str
    header_row: int
    columns: Mapping[str, int]


def locate(book: Book, layout: Layout) -> dict[str, At | None]:
    """The cell of each answer by its place's key; None where it cannot be known."""
    finder = _Finder(book, layout)
    found = {p.key: finder.one(p) for p in layout.every}
    claimed = Counter(at for at in found.values() if at)
    return {key: at if at and claimed[at] == 1 and finder.holds_nothing_else(key, at, claimed) else None for key, at in found.items()}


class _Finder:
    """Looks in one book: where an answer was issued, where its name went, beside its label and number."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self.book, self.layout, self.sheets = book, layout, {s: _Sheet(book, s) for s in book.sheets}
        self.numbers = _numbers(layout)
        self.renamed = self._renamed(layout)
        self.named = {p.key: self._named(answer_name(p.key)) for p in layout.every}
        self.held = Counter(self.named.values())
        self.left_behind = self._left_behind(layout)
        self.alike = Counter((p.sheet, _label(p.label), split_cell(p.cell)[1]) for p in layout.every)

    def one(self, place: Place) -> At | None:
        """One answer's cell, or None."""
        named = self.named[place.key]
        if named is not None and (named == NOWHERE or self.held[named] > 1):
            return None
        issued = self._issued(place)
        if issued and self._says(issued, place, strict=self._is_like_another(place)):
            return issued if named in (issued, None) and self._only(issued, place) else None
        if named is not None and self._says(named, place, strict=self._is_like_another(place)):
            return named if self._only(named, place) else None
        return self._beside_label(place, named)

    def holds_nothing_else(self, key: str, at: At, claimed: Mapping[At, int]) -> bool:
        """An answer that was moved away from its label takes its name along: what stands there now is told, not passed over."""
        named = self.named[key]
        if named is None or named == at or named in claimed or named.sheet in self.left_behind:
            return True
        return is_blank(self.book.cell(*named)) and not is_blank(self.book.cell(*at))

    def _left_behind(self, layout: Layout) -> frozenset[str]:
        """The sheets on which every name still points where it was issued: a program that moves no names tells nothing by them."""
        moved = {p.sheet for p in layout.every if self.named[p.key] not in (None, At(self.renamed.get(p.sheet, p.sheet), *split_cell(p.cell)))}
        return frozenset(self.renamed.get(p.sheet, p.sheet) for p in layout.every if p.sheet not in moved)

    def _is_like_another(self, place: Place) -> bool:
        return self.alike[place.sheet, _label(place.label), split_cell(place.cell)[1]] > 1

    def _issued(self, place: Place) -> At | None:
        sheet = self.renamed.get(place.sheet, place.sheet)
        row, column = split_cell(place.cell)
        now = self.sheets[sheet].column(column) if sheet in self.sheets else None
        return At(sheet, row, now) if now else None

    def _beside_label(self, place: Place, named: At | None) -> At | None:
        """After a sort, an answer still stands beside its own number and label; only a single such row will do."""
        issued = self.renamed.get(place.sheet, place.sheet)
        rows = self._rows(issued if issued in self.book.sheets else named.sheet if named else "", place)
        return rows[0] if len(rows) == 1 else None

    def _rows(self, sheet: str, place: Place) -> list[At]:
        """Every cell of a sheet beside this question's number and label."""
        column = self.sheets[sheet].column(split_cell(place.cell)[1]) if sheet in self.sheets else None
        labels = self.sheets[sheet].column(split_cell(place.label_cell)[1]) if column else None
        every = (At(sheet, n, column) for n in self.sheets[sheet].saying(_label(place.label), labels)) if column and labels else ()
        return [at for at in every if self._says(at, place, strict=True)]

    def _only(self, at: At, place: Place) -> bool:
        """No copy of the row says something else: then nobody knows which of the two was meant."""
        others = {other for other in self._rows(at.sheet, place) if other != at}
        if others:  # the same question, asked on another sheet, is none
            others -= {self.named[p.key] for p in self.layout.every if p.group and p.field == place.field and p.key != place.key}
        return all(self.book.cell(*other) in (None, self.book.cell(*at)) for other in others)

    def _named(self, name: str) -> At | None:
        """Where a defined name points: a cell; None when there is no such name; NOWHERE when it leads to no cell."""
        target = self.book.names.get(name)
        if target is None:
            return None
        found = TARGET.fullmatch(target.strip())
        if not found:
            return NOWHERE
        sheet = (found[1] or found[2]).replace("''", "'")
        sheet = self.renamed.get(sheet, sheet)
        row, column = split_cell(found[3])
        return At(sheet, row, column) if sheet in self.book.sheets else NOWHERE

    def _renamed(self, layout: Layout) -> dict[str, str]:
        """A sheet that is missing → the one sheet that is not ours on which all its labels stand where they were issued: it was given another name."""
        issued: dict[str, list[Place]] = {}
        for place in layout.every:
            issued.setdefault(place.sheet, []).append(place)
        found: dict[str, str] = {}
        for sheet, places in issued.items():
            if sheet not in self.book.sheets:
                same = [other for other in self.book.sheets if other not in issued and all(self._says(At(other, *split_cell(p.cell)), p) for p in places)]
                found |= {sheet: same[0]} if len(same) == 1 else {}
        return found

    def _says(self, at: At, place: Place, *, strict: bool = False) -> bool:
        """Whether the question's label stands in the answer's row, with its number; a number that somebody took away will do unless `strict`."""
        sheet = self.sheets[at.sheet]
        labels = sheet.column(split_cell(place.label_cell)[1])
        if labels is None or at.column != sheet.column(split_cell(place.cell)[1]):
            return False
        text, number = self.book.cell(at.sheet, at.row, labels), self.book.cell(at.sheet, at.row, sheet.column(NUMBERED) or 0)
        if not isinstance(text, str) or _first_line(text) != _label(place.label):
            return False
        return (is_blank(number) and not strict) or str(number).strip() == str(self.numbers[place.key])


class _Sheet:
    """Where the columns of a question sheet stand now, by the headings over them. Without headings no column is known for what it was."""

    def __init__(self, book: Book, sheet: str) -> None:
        heads = ([_first_line(v) if isinstance(v, str) else "" for v in row] for row in book.sheets[sheet] if sum(v in OVER for v in row) > 1)
        self.heads: list[str] = next(heads, [])
        self.rows, self.said = book.sheets[sheet], dict[int, dict[str, list[int]]]()
        self.columns = {issued: self.heads.index(head) + 1 for issued, head in HEADS.items() if self.heads.count(head) == 1}

    def column(self, issued: int) -> int | None:
        """The column that was issued as this one; None where its heading is gone or stands twice."""
        return self.columns.get(issued)

    def saying(self, label: str, column: int) -> Sequence[int]:
        """The rows in which a label stands in a column: looked up once, since a stranger's sheet may be long."""
        if column not in self.said:
            self.said[column] = {}
            for n, row in enumerate(self.rows, 1):
                if len(row) >= column and isinstance(text := row[column - 1], str):
                    self.said[column].setdefault(_first_line(text), []).append(n)
        return self.said[column].get(label, ())


def _numbers(layout: Layout) -> dict[str, int]:
    """The number that stands before each question: one for each row, counted through a form's own sheets and anew on each repeated one."""
    found: dict[str, int] = {}
    for places in (layout.places, *(group for s in layout.sheets for group in s.places)):
        rows = dict.fromkeys((p.sheet, split_cell(p.cell)[0]) for p in places)
        numbers = {row: n for n, row in enumerate(rows, 1)}
        found |= {p.key: numbers[p.sheet, split_cell(p.cell)[0]] for p in places}
    return found


@lru_cache(10_000)
def _label(printed: str) -> str:
    """The first line of one of our own labels."""
    return _first_line(printed)


def _first_line(text: str) -> str:
    return " ".join(text.strip().split("\n")[0].split())


def locate_table(book: Book, place: TablePlace) -> TableAt | None:
    """The heading row of a table: on its own sheet, where its name went, or on the only other sheet that has all its headings in one row.

    None where two sheets have them, or where rows above the headings would not be read.
    """
    named = re.fullmatch(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!\$?[A-Z]{1,3}\$?\d{1,7}:.*", book.names.get(block_name(place.table), "").strip())
    sheets = (place.sheet, (named[1] or named[2]).replace("''", "'") if named else place.sheet)
    known = [s for s in dict.fromkeys(sheets) if s in book.sheets]
    found = [at for sheet in known or book.sheets if (at := _on_sheet(book, sheet, place))]  # a sheet that was given another name is known by its headings
    return found[0] if len(found) == 1 and not _filled_above(book, found[0]) else None


def _on_sheet(book: Book, sheet: str, place: TablePlace) -> TableAt | None:
    rows = (place.header_row, *range(1, min(len(book.sheets[sheet]), FARTHEST) + 1))
    return next((TableAt(sheet, row, columns) for row in rows if (columns := headings(book, sheet, row, place))), None)


def _filled_above(book: Book, at: TableAt) -> bool:
    """Whether a row stands above the headings, as after a sort that took them along. The first row has the sheet's title and the way back."""
    return any(not is_blank(book.cell(at.sheet, row, column)) for row in range(2, at.header_row) for column in at.columns.values())


def headings(book: Book, sheet: str, row: int, place: TablePlace) -> dict[str, int] | None:
    """The column of each field by heading; None unless each heading stands there exactly once."""
    rows = book.sheets[sheet]
    if not 0 < row <= len(rows):
        return None
    heads = [" ".join(str(v).split()) if v is not None else "" for v in rows[row - 1]]
    wanted = {field: " ".join(header.split()) for field, _, header in place.columns}
    if any(heads.count(header) != 1 for header in wanted.values()):
        return None
    return {field: heads.index(header) + 1 for field, header in wanted.items()}


