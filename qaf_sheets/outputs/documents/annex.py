"""A workbook that stands beside a document: tidy sheets of what it counted and quoted, values only (specification 7.1, D3; 7.3)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Value
from qaf_sheets.outputs.documents.page import Line
from qaf_sheets.outputs.master.kit import START, Column, Kind, Link, Table, table_page

Cells = Mapping[str, Value]
WIDTHS: Mapping[str, float] = {
    "Words": 60, "What the report says": 46, "Rows that count": 60, "Of these rows": 60, "Requirement": 50, "Question": 46, "Prompt": 46, "Area": 34, "Service area": 30, "Activity": 28, "Under the heading": 30,
    "Owed by": 26, "Theme": 30, "What it holds": 60, "Counted": 30, "Sheet of this workbook": 24, "State": 24,
}  # fmt: skip
USUAL = 15


class Sheet(NamedTuple):
    """One table: its name, what a row is, its columns, and its rows as column → value."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]


class Annex(NamedTuple):
    """A whole workbook, as plain values: its digest tells whether it says anything new."""

    title: str
    council: str
    marking: str
    dated: datetime
    about: str
    sheets: tuple[Sheet, ...]


def write_annex(annex: Annex) -> bytes:
    """The bytes of an .xlsx; equal input gives equal bytes."""
    target = io.BytesIO()
    names = (START, *(s.name for s in annex.sheets))
    book = Book(target, title=annex.title, subject=annex.title, created=annex.dated, header=f"{annex.council}: {annex.title}", marking=annex.marking, only=names, live=False)
    contents = [(Link(s.name, sheet=s.name), s.about, len(s.rows)) for s in annex.sheets]
    table_page(book, START, annex.title, annex.about, "Choose a sheet.", Table("Contents", (Column("Sheet", 30), Column("What it holds", 90), Column("Rows", 12, "number")), contents), tab=TAB_SUMMARY)
    for n, sheet in enumerate(annex.sheets, 1):
        columns = tuple(Column(c, WIDTHS.get(c, USUAL), _kind(sheet, c)) for c in sheet.columns)
        table_page(book, sheet.name, sheet.name, sheet.about, "", Table(f"Sheet{n}", columns, [[row.get(c) for c in sheet.columns] for row in sheet.rows]))
    book.close()
    return target.getvalue()


def _kind(sheet: Sheet, column: str) -> Kind:
    values = [v for row in sheet.rows if (v := row.get(column)) not in (None, "")]
    return "number" if values and all(isinstance(v, int) for v in values) else "text"


def said_in(annex: Annex) -> Iterator[Line]:
    """Every text of the workbook as lines, for the guard: nobody may be named in it."""
    for sheet in annex.sheets:
        seen: Sequence[str] = list(dict.fromkeys(str(v) for row in sheet.rows for v in row.values() if isinstance(v, str)))
        yield from (Line(sheet.name, text, text) for text in seen)
