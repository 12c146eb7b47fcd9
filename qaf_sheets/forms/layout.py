"""Where everything stands in an issued workbook: a pure function of the form, which the writer obeys and the reader trusts."""

from __future__ import annotations

from qaf_sheets.book import cell_name
from qaf_sheets.model import Form, Layout, Place, Question, Section, Table, TablePlace

START, CHECK, LISTS, IDENTITY = "Start here", "_check", "_lists", "_qaf"
FIX, SENT = "Please fix", "_sent"
"""The sheets of a copy that comes back to be put right."""
FIRST_ROW = 4
LABEL, ANSWER, GRADE = 2, 3, 4
TABLE_HEADER = 3


def lay_out(form: Form) -> Layout:
    """The place of every answer and table of a form. Rows and columns are counted as Excel shows them."""
    places: list[Place] = []
    rows = dict.fromkeys(form.sheets, FIRST_ROW)
    for section in form.sections:
        sheet = form.sheet_of(section)
        rows[sheet] += lines_above(section)
        for field in section.fields:
            if field.beside:
                places.append(_place(sheet, field, rows[sheet] - 1, GRADE))
            else:
                places.append(_place(sheet, field, rows[sheet], ANSWER))
                rows[sheet] += 1
    return Layout(places=tuple(places), tables=tuple(_table(t) for t in form.tables))


def lines_above(section: Section) -> int:
    """Rows between a section's first and its first question: the band, what the grades mean with a heading, the columns' headings."""
    return 1 + (1 + len(section.meanings) if section.meanings else 0) + bool(section.columns)


def _place(sheet: str, field: Question, row: int, column: int) -> Place:
    return Place(field=field.id, sheet=sheet, cell=cell_name(row, column), label_cell=cell_name(row, LABEL), label=field.label)


def _table(table: Table) -> TablePlace:
    columns = tuple((c.id, cell_name(1, n)[:-1], c.label) for n, c in enumerate(table.columns, 2))
    return TablePlace(table=table.id, sheet=table.title, header_row=TABLE_HEADER, first_row=TABLE_HEADER + 1, rows=table.rows, columns=columns)


def answer_name(field: str) -> str:
    """The defined name of an answer cell, which follows it when rows move."""
    return f"q_{field}"


def table_name(table: str) -> str:
    """The name of a table's Excel table."""
    return f"t_{table}"


def block_name(table: str) -> str:
    """The defined name of a table's heading row and rows together: programs that drop Excel tables keep it."""
    return f"rows_{table}"
