"""What every sheet of the master shares: a page with one table, live sentences, links, and colour that only repeats a word."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import BAND, DONE, HEAD, LEFT, LINK, NEED, PALE, QUIET, RULE, TAB_READ, Book, fit
from qaf_sheets.model import Value
from qaf_sheets.outputs.master.live import Live, words
from qaf_sheets.references import cell_name

START, QUARTER, THIS_QUARTER = "Start here", "Quarter", "[@Quarter]"
HEADLINE_ROW, NOTE_ROW, HEAD_ROW = 1, 2, 3
Kind = Literal["text", "date", "number", "percent", "share", "state"]
LOOKS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, **LEFT}, "date": LEFT, "share": LEFT, "state": LEFT, "number": {"num_format": "0", "align": "right", "indent": 1}, "percent": {"num_format": "0%", "align": "right", "indent": 1},
}
TOTAL = {"bold": True, "bg_color": PALE, "top": 1, "top_color": BAND}
SYMBOLS = {"✓": {"font_color": DONE}, "✗": {"font_color": NEED, "bold": True}, "!": {"font_color": "#8A3B00", "bold": True}, "○": {"font_color": QUIET}, "–": {"font_color": QUIET}}
MOST_ROWS, MOST_LINKS = 1_000_000, 65_000
"""Excel's own limits for one sheet, with room. Rows that do not fit go to another; links that do not are text."""
LINE_HEIGHT, ONE_LINE, TALLEST, PAGE_WIDTH, LETTER = 14.5, 20, 165, 200, 0.92


class Link(NamedTuple):
    """Text that opens something: a received file by its path from the workspace, or a sheet of this workbook."""

    text: str
    file: str = ""
    sheet: str = ""


Cell = Value | Link | Live


class Column(NamedTuple):
    """One column, 9 to 60 wide. `formula` fills it, with [@Other column] for this row; `total` stands under it."""

    head: str
    width: float = 14
    kind: Kind = "text"
    formula: str = ""
    total: Live | str = ""


class Table(NamedTuple):
    """A sheet's one Excel table. `name` is how formulas call it. A formula in its rows says [@Column] for what its own row says there."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


def count(table: str, value: int, where: Mapping[str, str]) -> Live:
    """COUNTIFS over a table: column → the words in it (* for any ending), or [@Column] for what this row says."""
    tests = (f"{table}[{head}],{want if want.startswith('[@') else words(want)}" for head, want in where.items())
    return Live(f"COUNTIFS({','.join(tests)})", value)


def cells_under(sheet: str, column: int, rows: int) -> str:
    """The cells of one column (from 0) of a sheet's table that has so many rows, for formulas."""
    letters = xl_col_to_name(column, col_abs=True)
    return f"{quote_sheetname(sheet)}!{letters}${HEAD_ROW + 2}:{letters}${HEAD_ROW + 1 + max(rows, 1)}"


def put(book: Book, sheet: Worksheet, row: int, col: int, value: Cell, **look: Any) -> Live | None:
    """Write anything as what it is. A Live comes back pointing at its cell, so that later formulas read the cell."""
    if isinstance(value, Live):
        if not book.live:
            book.put(sheet, row, col, value.value, **look)
            return value
        sheet.write_formula(row, col, f"={value.formula}", book.fmt(**look), value.value)
        return Live(f"'{sheet.get_name()}'!{cell_name(row + 1, col + 1)}", value.value)
    if isinstance(value, Link) and ((value.file and book.only is None) or (value.sheet and book.leads(value.sheet))) and sheet.hlink_count < MOST_LINKS:
        _link(book, sheet, row, col, value, look)
    else:
        book.put(sheet, row, col, value.text if isinstance(value, Link) else value, **look)
    return None


def _link(book: Book, sheet: Worksheet, row: int, col: int, link: Link, look: dict[str, Any]) -> None:
    target = f"external:{_path(link.file)}" if link.file and book.only is None else f"internal:'{link.sheet}'!A1"
    tip = "Open this file as it was received" if link.file and book.only is None else f"Go to {link.sheet}"
    sheet.write_url(row, col, target, book.fmt(**{**look, **LINK}), link.text, tip)


def _path(file: str) -> str:
    """A path with the characters that a link would misread written as codes; XlsxWriter sees to spaces."""
    return quote(file, safe="/ ()'&,+=@;!") if any(c in file for c in "#%?") else file


def table_page(book: Book, name: str, title: str, headline: Live | str, note: str, table: Table, *, tab: str = TAB_READ) -> Worksheet:
    """A whole sheet: title, headline, a way back, and one table with frozen headings and filters. Rows that do not fit on it stand on sheets of their own, by year."""
    first, *more = _parts(table)
    if more:
        book.parted.append(name)
        note = f"{len(table.rows):,} rows do not fit on one Excel sheet: the others stand on {', '.join(_part_name(name, part) for part, _ in more)}. Numbers are values in this workbook. {note}"
    sheet = _page(book, name, title, headline, note, table._replace(rows=first[1]), tab)
    for n, (part, rows) in enumerate(more, 2):
        _page(book, _part_name(name, part), f"{title}, {part}", f"{len(rows):,} rows of {len(table.rows):,}.", f"The first of them stand on {name}.", table._replace(name=f"{table.name}_{n}", rows=rows), tab)
    return sheet


def _parts(table: Table) -> list[tuple[str, Sequence[Sequence[Cell]]]]:
    """A table's rows as Excel can hold them: all, or year by year, the longest years in pieces."""
    if len(table.rows) <= MOST_ROWS:
        return [("", table.rows)]
    at = next((n for n, c in enumerate(table.columns) if c.head == QUARTER), None)
    years: dict[str, list[Sequence[Cell]]] = {}
    for row in table.rows:
        years.setdefault(str(row[at] or "").partition(" ")[2] if at is not None else "", []).append(row)
    pieces = [(year, rows[n : n + MOST_ROWS], n // MOST_ROWS + 1) for year, rows in years.items() for n in range(0, len(rows), MOST_ROWS)]
    return [(" ".join(filter(None, (year, f"({n})" if n > 1 or not year else ""))), rows) for year, rows, n in pieces]


def _part_name(name: str, part: str) -> str:
    """What the sheet of one part is called, within Excel's 31 letters."""
    return f"{name[: 30 - len(part)]} {part}"


def _page(book: Book, name: str, title: str, headline: Live | str, note: str, table: Table, tab: str) -> Worksheet:
    sheet = book.page(name, title, "", tab=tab)
    put(book, sheet, HEADLINE_ROW, 0, headline, valign="top")
    put(book, sheet, NOTE_ROW, 0, Link(f"‹ {START}", sheet=START), valign="top")
    put(book, sheet, NOTE_ROW, 1, note, font_color=QUIET, valign="top")
    sheet.set_row(NOTE_ROW, 22)
    _write_table(book, sheet, table)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.set_selection(HEAD_ROW + 1, 0, HEAD_ROW + 1, 0)
    sheet.repeat_rows(HEAD_ROW)
    width = sum(c.width for c in table.columns)
    if width > PAGE_WIDTH:  # several readable pages beat one that needs a magnifying glass
        sheet.repeat_columns(0)
        sheet.fit_to_pages(math.ceil(width / PAGE_WIDTH), 0)
    return sheet


def _write_table(book: Book, sheet: Worksheet, table: Table) -> None:
    rows = table.rows or [[None] * len(table.columns)]  # an Excel table needs one row
    totals = any(c.total for c in table.columns)
    last = HEAD_ROW + len(rows) + totals
    columns = [_column(book, table, c) for c in table.columns]
    sheet.add_table(HEAD_ROW, 0, last, len(columns) - 1, {"name": table.name, "style": None, "columns": columns, "total_row": totals})
    for col, column in enumerate(table.columns):
        sheet.set_column(col, col, column.width)
        if totals:
            put(book, sheet, last, col, column.total, **{**LOOKS[column.kind], **TOTAL})
        if column.kind == "state":
            paint(book, sheet, HEAD_ROW + 1, col, last, col)
    for at, cells in enumerate(rows, HEAD_ROW + 1):
        _write_row(book, sheet, at, table, cells)
    if totals:
        sheet.set_row(last, ONE_LINE)
    sheet.set_row(HEAD_ROW, max(height([(c.head, c.width - 3) for c in table.columns]), 34))


def _column(book: Book, table: Table, column: Column) -> dict[str, Any]:
    """XlsxWriter's words for one column."""
    side = {"align": "right"} if column.kind in ("number", "percent") else {}
    settings: dict[str, Any] = {"header": column.head, "header_format": book.fmt(**{**HEAD, **side})}
    if column.formula and book.live:
        settings["formula"] = "=" + _this_row(column.formula, table.name)
    if isinstance(column.total, Live) and book.live:
        settings |= {"total_function": column.total.formula, "total_value": column.total.value}
    elif column.total:
        settings["total_string"] = column.total if isinstance(column.total, str) else str(column.total.value)
    return settings


def _write_row(book: Book, sheet: Worksheet, at: int, table: Table, cells: Sequence[Cell]) -> None:
    tall = height([(_text(value), column.width) for column, value in zip(table.columns, cells, strict=True) if column.kind == "text"])
    valign = "top" if tall > ONE_LINE else "vcenter"
    for col, (column, value) in enumerate(zip(table.columns, cells, strict=True)):
        if isinstance(value, str) and value and not column.formula:  # as most cells are
            sheet.write_string(at, col, fit(value), book.look(_look, column.kind, valign))
            continue
        live = Live(column.formula, value) if column.formula and isinstance(value, (str, int)) else value
        written = live._replace(formula=_this_row(live.formula, table.name)) if isinstance(live, Live) else live
        put(book, sheet, at, col, written, **_look(column.kind, valign))
    sheet.set_row(at, tall)


@cache
def _look(kind: Kind, valign: str) -> dict[str, Any]:
    """How a table's cell looks."""
    return {**RULE, "valign": valign, **LOOKS[kind]}


def _text(value: Cell) -> str:
    if isinstance(value, Live):
        return str(value.value)
    return value.text if isinstance(value, Link) else "" if value is None else str(value)


def height(texts: Sequence[tuple[str, float]]) -> float:
    """Points for the tallest of (text, column width), up to a cap: a very long answer stays whole in its cell, cut only on screen."""
    lines = max((sum(max(1, math.ceil(len(part) * LETTER / (width - 2))) for part in text.split("\n")) for text, width in texts), default=1)
    return min(TALLEST, LINE_HEIGHT * lines + ONE_LINE - LINE_HEIGHT)


@lru_cache(1_000)  # the same in every row
def _this_row(formula: str, name: str) -> str:
    """[@Due] as Excel stores it: Actions[[#This Row],[Due]]."""
    return re.sub(r"\[@([^\]]+)\]", rf"{name}[[#This Row],[\1]]", formula)


def paint(book: Book, sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Colour never speaks alone: it repeats the symbol and the word that are already there."""
    for symbol, look in SYMBOLS.items():
        rule = {"type": "text", "criteria": "begins with", "value": f"{symbol} ", "format": book.xlsx.add_format(look)}
        sheet.conditional_format(top, left, bottom, right, rule)

