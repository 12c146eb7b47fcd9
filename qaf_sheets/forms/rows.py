"""A table sheet: repeating rows as an Excel table with enough blank rows, since a table cannot grow on a protected sheet."""

from __future__ import annotations

from datetime import date

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.forms.accept import validation
from qaf_sheets.forms.layout import START, block_name, table_name
from qaf_sheets.forms.needed import Needed, progress, sheet_cell
from qaf_sheets.forms.questions import ANSWER, CELL, stress
from qaf_sheets.look import BAND, DATE, FAINT, HEAD, LABEL, LEFT, LINK, QUIET, Book
from qaf_sheets.model import Form, Table, TablePlace

ROW_HEIGHT = 45


def write_table(book: Book, sheet: Worksheet, table: Table, place: TablePlace, needed: Needed, form: Form, dates: tuple[date, date]) -> None:
    """One repeating table at its place, each row saying what it still needs."""
    last = len(table.columns) + 1
    _headings(book, sheet, table, place, last)
    whole = f"$A${place.header_row}:{xl_rowcol_to_cell(place.header_row + place.rows - 1, last - 1, row_abs=True, col_abs=True)}"
    book.xlsx.define_name(block_name(table.id), f"={sheet_cell(sheet.name, whole)}")
    for n in range(1, place.rows + 1):
        _row(book, sheet, table, place, needed, form, n, dates)
    _colours(book, sheet, place, last)
    sheet.freeze_panes(place.header_row, 2)
    sheet.repeat_rows(place.header_row - 1)
    sheet.set_selection(f"B{place.first_row}")
    sheet.write_url(0, last - 1, f"internal:'{START}'!A1", book.fmt(**LINK, align="right"), "Back to Start here", "Go to the Start here sheet")
    sheet.write_formula(0, last, "=" + progress(), book.fmt(bold=True, font_color=BAND, **LEFT), needed.said())


def _headings(book: Book, sheet: Worksheet, table: Table, place: TablePlace, last: int) -> None:
    for col, width in enumerate((5, *(c.width or 20 for c in table.columns), 18)):
        sheet.set_column(col, col, width, book.fmt())
    heads = ["No.", *(c.label for c in table.columns), "Still needed"]
    columns = [{"header": h, "header_format": book.fmt(**HEAD)} for h in heads]
    sheet.add_table(place.header_row - 1, 0, place.header_row + place.rows - 1, last, {"name": table_name(table.id), "style": None, "columns": columns})
    sheet.set_row(place.header_row - 1, 34)


def _row(book: Book, sheet: Worksheet, table: Table, place: TablePlace, needed: Needed, form: Form, n: int, dates: tuple[date, date]) -> None:
    row = place.first_row + n - 2
    sheet.write_string(row, 0, str(n), book.fmt(**CELL, bg_color=LABEL, font_color=QUIET, align="center", valign="top"))
    sheet.grow(row, ROW_HEIGHT)
    cells = [xl_rowcol_to_cell(row, col, row_abs=True, col_abs=True) for col in range(1, len(table.columns) + 1)]
    started = f"COUNTA({sheet_cell(sheet.name, cells[0])}:{cells[-1]})>0"
    words = {}
    for col, (column, cell) in enumerate(zip(table.columns, cells, strict=True), 1):
        look = {**ANSWER, "valign": "top", "num_format": DATE if column.kind == "date" else "@"}
        sheet.write_blank(row, col, None, book.fmt(**look))
        sheet.data_validation(row, col, row, col, validation(column, dates))
        if column.required:
            when = f"OR({started},{needed.holds(table.when)})" if n == 1 and table.when else started
            label = f"{table.title.removesuffix('s')} {n}: {column.name[0].lower()}{column.name[1:]}"
            full = sheet_cell(sheet.name, cell)
            words[column.name.lower()] = needed.add(full, column, label, _section(form, table), f"#{full.replace('$', '')}", when=when)
    missing = "&".join(f'IF(_check!E{r}*(1-_check!F{r})=1,", {name}","")' for name, r in words.items())
    sheet.write_formula(
        row, len(table.columns) + 1, f'=IF(LEN({missing})>0,"Needed: "&MID({missing},3,60),IF({started},"Complete",""))&REPT(CHAR(10),2)',
        book.fmt(font_color=QUIET, text_wrap=True, valign="top", **LEFT), "\n\n",
    )


def _section(form: Form, table: Table) -> str:
    """The section whose question asks for the table; its progress counts the rows."""
    asks = table.when.field if table.when else ""
    return next((s.heading for s in form.sections if any(f.id == asks for f in s.fields)), table.title)


def _colours(book: Book, sheet: Worksheet, place: TablePlace, last: int) -> None:
    first, top = place.first_row, xl_rowcol_to_cell(place.first_row - 1, last - 1)
    area = f"B{first}:{top[0]}{first + place.rows - 1}"
    until = top[0]
    quiet = f"AND(COUNTA($B{first}:${until}{first})=0,COUNTA($B{first - 1}:${until}{first - 1})=0)"
    for test, look in ((f"LEN(TRIM(B{first}))>0", "#FFFFFF"), (quiet, FAINT)):
        sheet.conditional_format(area, {"type": "formula", "criteria": "=" + test, "format": book.xlsx.add_format({"bg_color": look})})
    mark = xl_rowcol_to_cell(0, last)[0]
    stress(book, sheet, f"{mark}{first}:{mark}{first + place.rows - 1}")
