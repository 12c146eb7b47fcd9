"""Write one two-way table as a sheet: yellow cells to change, drop-downs, spare rows, and a rule that refuses typing over the rest."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.dates import as_date
from qaf_sheets.look import DATE, DONE, HEAD, INPUT, LEFT, NEED, QUIET, RULE, SOFT, TAB_INPUT, Book, fit
from qaf_sheets.model import Value
from qaf_sheets.sheets import GrowingSheet
from qaf_sheets.tracker.arrangement import HEADINGS, SPARE, Arrangement, own_look, pixels
from qaf_sheets.tracker.headline import Headline, headline
from qaf_sheets.tracker.layout import Column, Day, Row, TwoWay
from qaf_sheets.tracker.read import is_own
from qaf_sheets.tracker.seen import Look, Note
from qaf_sheets.tracker.values import EXCEL_DAY_0, as_text

Lists = Mapping[str, tuple[str, ...]]

HEAD_ROW, LISTS = 3, "_lists"
LINE_HEIGHT, TALLEST = 14.5, 220
PAGE_WIDTH = 185
"""Characters of Arial 11 that stay readable across an A4 page."""
SYMBOLS = {"✓": {"font_color": DONE}, "✗": {"font_color": NEED, "bold": True}, "!": {"font_color": "#8A3B00", "bold": True}, "○": {"font_color": QUIET}}
AS_AT = '"As at "' + DATE
YOURS = {"bg_color": INPUT, "border": 1, "border_color": SOFT}
TYPED_AS_TEXT = {"num_format": "@", "text_wrap": True, **LEFT}
LOOKS: Mapping[str, Mapping[str, Any]] = {"date": {"num_format": DATE, **LEFT}, "number": {"num_format": "0", "align": "right", "indent": 1}}
KEPT_BY_SERVICE = "This cell is kept by the service, and would be put back. Yellow cells are yours to change."


def write_table(book: Book, table: TwoWay, rows: Mapping[str, Row], lists: Lists, day: Day, *, first: bool, left: Arrangement) -> str:
    """The table's sheet: title, live sentence, the `as_at` date (yellow on the `first` sheet), then an Excel table with the rows given and spare ones.

    All of it as people `left` it. Gives the filter's words for the table's own part, where there is one.
    """
    sheet = book.page(table.sheet, table.sheet, "", tab=TAB_INPUT, kind=GrowingSheet)
    counted = table.column(table.tally.column).calculated
    _write_top(book, sheet, table, headline(table, [str(counted.value(row, day)) for row in rows.values()] if counted else []))
    _write_as_at(book, sheet, table, day.as_at, first=first)
    spare = max(SPARE if table.grows else not rows, left.spare)
    shown = {k: rows.get(k, {}) for k in (*left.row_order(rows), *(f"+{n}" for n in range(1, spare + 1)))}
    last, columns = HEAD_ROW + len(shown), left.table_columns(table)
    sheet.add_table(HEAD_ROW, 0, last, len(columns) - 1, {"name": table.name, "style": None, "columns": [_column(book, c, table.name) for c in columns]})
    for at, (row_id, row) in enumerate(shown.items(), HEAD_ROW + 1):
        _write_row(book, sheet, table.name, columns, at, _Line(row_id, row, day), left)
    _write_notes(sheet, HEAD_ROW, columns, left.notes.get(HEADINGS, {}))
    for col, column in enumerate(columns):
        sheet.set_column_pixels(col, col, left.widths.get(column.id, pixels(column.width)), None, {"hidden": column.id in left.hidden_columns})
        if not is_own(column.id):
            _write_rules(sheet, column, col, len(rows), last, lists)
        if column.calculated and column.kind == "text":
            _paint(book, sheet, col, last)
    _set_up_page(sheet, [_width(c, left) for c in columns if c.id not in left.hidden_columns], left)
    return "".join(left.filters[c.id].xml(col) for col, c in enumerate(columns) if c.id in left.filters)


def _write_top(book: Book, sheet: Worksheet, table: TwoWay, sentence: Headline) -> None:
    """Only what fits column A stands in it: it is repeated on every printed page."""
    sheet.write_formula(1, 1, sentence.formula, book.fmt(bold=True, **LEFT), sentence.text)
    sheet.write_string(2, 1, table.purpose, book.fmt(font_color=QUIET, valign="top", **LEFT))
    sheet.set_row(2, 22)


def _write_as_at(book: Book, sheet: Worksheet, table: TwoWay, as_at: date, *, first: bool) -> None:
    """The day that states are counted from: typed on the first sheet, the same on all others."""
    if not first:
        if table.dated:
            sheet.write_formula(1, 0, "=as_at", book.fmt(num_format=AS_AT, font_color=QUIET, **LEFT), (as_at - EXCEL_DAY_0).days)
        return
    sheet.write_datetime(1, 0, as_at, book.fmt(num_format=AS_AT, bold=True, **YOURS, **LEFT))
    sheet.data_validation(1, 0, 1, 0, _date_rule("Count from another day", "Timing is counted from this day. It stays until that day has come."))
    book.xlsx.define_name("as_at", f"='{table.sheet}'!$A$2")


def _column(book: Book, column: Column, name: str) -> dict[str, Any]:
    side = {"align": "right"} if column.kind == "number" else {}
    formula = {"formula": _this_row(column.calculated.formula, name)} if column.calculated else {}
    return {"header": column.header, "header_format": book.fmt(**{**HEAD, **side}), **formula}


@cache
def _this_row(formula: str, name: str) -> str:
    """[@Due] as Excel stores it: Actions[[#This Row],[Due]]."""
    return "=" + re.sub(r"\[@([^\]]+)\]", rf"{name}[[#This Row],[\1]]", formula)


class _Line(NamedTuple):
    """One row of the table: its id, what the register says, and the day it is counted on."""

    id: str
    row: Row
    day: Day

    def values(self, columns: Sequence[Column], own: Mapping[str, Value]) -> dict[str, Value]:
        """What each cell says: the register's, what is calculated of it, and people's own."""
        return {c.id: c.calculated.value(self.row, self.day) if c.calculated else own.get(c.id) if is_own(c.id) else _shown(self.row.get(c.id), c) for c in columns}


def _write_row(book: Book, sheet: Worksheet, name: str, columns: Sequence[Column], at: int, line: _Line, left: Arrangement) -> None:
    values, looks = line.values(columns, left.values.get(line.id, {})), left.looks.get(line.id, {})
    for col, column in enumerate(columns):
        look = {**_usual_look(column, line.row), **own_look(looks.get(column.id, Look()))}
        if column.calculated:
            sheet.write_formula(at, col, _this_row(column.calculated.formula, name), book.fmt(**look), values[column.id])
        elif isinstance(values[column.id], bool):
            sheet.write_boolean(at, col, values[column.id], book.fmt(**look))
        else:
            book.put(sheet, at, col, values[column.id], **look)
    _write_notes(sheet, at, columns, left.notes.get(line.id, {}))
    height, hidden = _height([(as_text(values[c.id]), _width(c, left)) for c in columns if not c.calculated and c.id not in left.hidden_columns]), left.hides(line.id, values)
    sheet.set_row(at, height, None, {"hidden": hidden}) if height == TALLEST else sheet.grow(at, height, hidden=hidden)


def _usual_look(column: Column, row: Row) -> dict[str, Any]:
    """How we write a cell: yellow where it is people's to change. Their own columns are plain."""
    if is_own(column.id):
        return {**RULE, "text_wrap": True, **LEFT}
    look = {**RULE, **LOOKS.get(column.kind, TYPED_AS_TEXT), **(YOURS if column.editable or (column.fillable and not row) else {})}
    return {**look, "num_format": "General"} if column.calculated else look


def _write_notes(sheet: Worksheet, at: int, columns: Sequence[Column], notes: Mapping[str, Note]) -> None:
    for col, note in ((col, notes[c.id]) for col, c in enumerate(columns) if c.id in notes):
        lines = sum(math.ceil(len(part) / 34) or 1 for part in note.text.split("\n"))
        sheet.write_comment(at, col, fit(note.text), {"author": note.author, "width": 240, "height": min(400, 18 * lines + 12), "font_name": "Arial", "font_size": 9})


def _shown(value: Value, column: Column) -> Value:
    if column.kind == "date":
        return as_date(value) or as_text(value)
    return value if column.kind == "number" else as_text(value)


def _width(column: Column, left: Arrangement) -> float:
    """Characters that fit beside each other, as people left the column."""
    return (left.widths[column.id] - 5) / 7 if column.id in left.widths else column.width


def _height(texts: Sequence[tuple[str, float]]) -> float:
    """Points for the tallest wrapped text, up to a cap: a very long one is read by opening its cell."""
    lines = max((sum(max(1, math.ceil(len(part) / max(1, width - 1))) for part in text.split("\n")) for text, width in texts), default=1)
    return min(TALLEST, LINE_HEIGHT * lines + 5)


# ---------------------------------------------------------------- rules


def _write_rules(sheet: Worksheet, column: Column, col: int, filled: int, last: int, lists: Lists) -> None:
    """Help on the heading; what may be typed below it. Rules stop typing only: what is pasted is judged by the merge."""
    sheet.data_validation(HEAD_ROW, col, HEAD_ROW, col, {"validate": "any", "input_title": column.header, "input_message": column.help})
    first, spare = HEAD_ROW + 1, HEAD_ROW + 1 + filled
    wanted = _rule(column, lists)
    if column.editable and wanted:
        sheet.data_validation(first, col, last, col, wanted)
    elif column.fillable:
        if filled:
            sheet.data_validation(first, col, spare - 1, col, _refusal())
        if wanted:
            sheet.data_validation(spare, col, last, col, wanted)
    elif not column.editable:
        sheet.data_validation(first, col, last, col, _refusal())


def _rule(column: Column, lists: Lists) -> dict[str, Any] | None:
    if column.kind == "date":
        return _date_rule()
    if not lists.get(column.list):
        return None
    strict = column.kind == "choice"
    return {"validate": "list", "source": f"=list_{column.list}", "show_error": strict, "error_title": "Choose from the list", "error_message": "Please choose one of the words in the list."}


def _date_rule(title: str = "", message: str = "") -> dict[str, Any]:
    help_ = {"input_title": title, "input_message": message} if message else {}
    bounds = {"criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31)}
    return {"validate": "date", **bounds, "error_title": "Please enter a date", "error_message": "Type the date as day/month/year, like 31/01/2027.", **help_}


def _refusal() -> dict[str, Any]:
    return {"validate": "custom", "value": "=FALSE", "error_title": "Kept by the service", "error_message": KEPT_BY_SERVICE, "ignore_blank": False}


def write_lists(book: Book, tables: Sequence[TwoWay], lists: Lists, day: Day) -> None:
    """What drop-downs offer and formulas count from, on a hidden sheet: each list, the bank holidays and the rungs under its name."""
    used = [name for name in dict.fromkeys(c.list for t in tables for c in t.columns) if lists.get(name)]
    sheet = book.xlsx.add_worksheet(LISTS)
    sheet.hide()
    for col, name in enumerate(used):
        for at, word in enumerate(lists[name]):
            sheet.write_string(at, col, word)
        _name(book, f"list_{name}", col, len(lists[name]))
    for at, holiday in enumerate(sorted(day.holidays)):
        sheet.write_datetime(at, len(used), holiday, book.fmt(num_format=DATE))
    _name(book, "holidays", len(used), max(len(day.holidays), 1))
    for col, (name, n) in enumerate(day.rungs._asdict().items(), len(used) + 1):
        sheet.write(0, col, n)
        _name(book, f"rung_{name}", col, 1)


def _name(book: Book, name: str, col: int, rows: int) -> None:
    letter = xl_col_to_name(col)
    book.xlsx.define_name(name, f"={LISTS}!${letter}$1:${letter}${rows}" if rows > 1 else f"={LISTS}!${letter}$1")


# ---------------------------------------------------------------- screen and paper


def _paint(book: Book, sheet: Worksheet, col: int, last: int) -> None:
    """Colour only repeats the symbol and the word."""
    for symbol, look in SYMBOLS.items():
        rule = {"type": "text", "criteria": "begins with", "value": symbol, "format": book.xlsx.add_format(look)}
        sheet.conditional_format(HEAD_ROW + 1, col, last, col, rule)


def _set_up_page(sheet: Worksheet, widths: Sequence[float], left: Arrangement) -> None:
    sheet.set_row(HEAD_ROW, 36)
    frozen = (HEAD_ROW + 1, 1) if left.freeze is None else left.freeze
    if any(frozen):
        sheet.freeze_panes(*frozen)
    if left.zoom != 100:
        sheet.set_zoom(left.zoom)
    sheet.set_selection(HEAD_ROW + 1, 1, HEAD_ROW + 1, 1)
    sheet.repeat_rows(0, HEAD_ROW)
    sheet.repeat_columns(0)
    sheet.fit_to_pages(math.ceil(sum(widths) / PAGE_WIDTH), 0)
