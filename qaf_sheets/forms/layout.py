"""Where everything stands in an issued workbook: a pure function of the form, which the writer obeys and the reader trusts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qaf_sheets.book import OUR_OWN
from qaf_sheets.model import Form, Layout, Place, Question, Section, SheetsPlace, Table, TablePlace
from qaf_sheets.references import cell_name

START, IDENTITY = "Start here", "_qaf"
CHECK, LISTS = OUR_OWN
PROPERTY = "qaf_"
"""What the names of our document properties begin with."""
REFERENCE = "Reference"
"""What stands before the return's reference on the front sheet."""
FIX, SENT = "Please fix", "_sent"
"""The sheets of a copy that comes back to be put right."""
FIRST_ROW = 4
NUMBERED, LABEL, ANSWER, GRADE = 1, 2, 3, 4
TABLE_HEADER = 3
NUMBER, QUESTION, ANSWERS, GRADES, HINT, NEEDED = OVER = "No.", "Question", "Your answer", "Grade or hint", "Hint", "Still needed"
HEADS = {NUMBERED: NUMBER, LABEL: QUESTION, ANSWER: ANSWERS, GRADE: GRADES}
"""What stands over the columns of a question sheet."""


def lay_out(form: Form) -> Layout:
    """The place of every answer and table of a form. Rows and columns are counted as Excel shows them."""
    repeated = tuple(SheetsPlace(table=t.id, places=tuple(_sheet(t, n) for n in range(1, t.rows + 1))) for t in form.tables if t.sheets)
    return Layout(places=_places(form.sections, form.sheet_of), tables=tuple(_table(t) for t in form.listed), sheets=repeated)


def _sheet(table: Table, n: int) -> tuple[Place, ...]:
    return _places(table.sections, lambda _: table.sheet(n), table.group(n))


def _places(sections: Sequence[Section], sheet_of: Callable[[Section], str], group: str = "") -> tuple[Place, ...]:
    places: list[Place] = []
    rows: dict[str, int] = {}
    for section in sections:
        sheet = sheet_of(section)
        row = rows.get(sheet, FIRST_ROW) + lines_above(section)
        for field in section.fields:
            if field.beside:
                places.append(_place(sheet, field, row - 1, GRADE, group))
            else:
                places.append(_place(sheet, field, row, ANSWER, group))
                row += 1
        rows[sheet] = row
    return tuple(places)


def lines_above(section: Section) -> int:
    """Rows between a section's first and its first question: the band, what the grades mean with a heading, the columns' headings."""
    return 1 + (1 + len(section.meanings) if section.meanings else 0) + bool(section.columns)


def _place(sheet: str, field: Question, row: int, column: int, group: str) -> Place:
    return Place(field=field.id, sheet=sheet, cell=cell_name(row, column), label_cell=cell_name(row, LABEL), label=field.label, group=group)


def _table(table: Table) -> TablePlace:
    columns = tuple((c.id, cell_name(1, n)[:-1], c.label) for n, c in enumerate(table.columns, 2))
    return TablePlace(table=table.id, sheet=table.title, header_row=TABLE_HEADER, first_row=TABLE_HEADER + 1, rows=table.rows, columns=columns)


def answer_name(key: str) -> str:
    """The defined name of an answer cell, which follows it when rows move; by the question, or its place's key."""
    return f"q_{key}"


def begun_name(group: str) -> str:
    """The defined name of the cell that says whether a repeated sheet was begun: 1 or 0."""
    return f"begun_{group}"


def table_name(table: str) -> str:
    """The name of a table's Excel table."""
    return f"t_{table}"


def block_name(table: str) -> str:
    """The defined name of a table's heading row and rows together: programs that drop Excel tables keep it."""
    return f"rows_{table}"
