"""Where everything stands in an issued workbook: a pure function of the form, which the writer obeys and the reader trusts."""

from __future__ import annotations

from qaf_sheets.book import cell_name
from qaf_sheets.model import Form, Layout, Place, Question, Table, TablePlace

START, CHECK, LISTS, IDENTITY = "Start here", "_check", "_lists", "_qaf"
FIRST_ROW = 4
NUMBER, LABEL, ANSWER, HINT, MARK = 1, 2, 3, 4, 5
TABLE_HEADER = 3


def lay_out(form: Form) -> Layout:
    """The place of every answer and table of a form. Rows and columns are counted as Excel shows them."""
    places, row = [], FIRST_ROW
    for section in form.sections:
        row += 1  # the band
        for field in section.fields:
            places.append(_place(form.sheet, field, row))
            row += 1
    return Layout(places=tuple(places), tables=tuple(_table(t) for t in form.tables))


def _place(sheet: str, field: Question, row: int) -> Place:
    return Place(field=field.id, sheet=sheet, cell=cell_name(row, ANSWER), label_cell=cell_name(row, LABEL), label=field.label)


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
