"""Write the lists of `views` as sheets of the tracker: read only, one Excel table each, every reference a way to the action's own row."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import BAND, DATE, HEAD, INPUT, LEFT, LINK, QUIET, RULE, SOFT, Book
from qaf_sheets.model import Value
from qaf_sheets.sheets import GrowingSheet
from qaf_sheets.tracker.layout import ACTIONS, Row
from qaf_sheets.tracker.sheet import SYMBOLS
from qaf_sheets.tracker.timing import OVERDUE
from qaf_sheets.tracker.values import EXCEL_DAY_0, as_text
from qaf_sheets.tracker.views import LINKED, VIEWS, WEEK, Head, View, chosen, nothing_this_week, week_ends

HEAD_ROW, TALLEST, ROOM, POOL, EVERYONE = 3, 165, 1.1, "_week", "Everyone"
"""ROOM: letters of running text to one unit of width, on the safe side."""
WORDS = {**RULE, "text_wrap": True, **LEFT}
NOT_STORED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
BEGINS = {"top": 1, "top_color": BAND}
"""The line above a new group's first row."""
LOOKS: Mapping[str, Mapping[str, Any]] = {"date": {**WORDS, "num_format": DATE}, "number": {**RULE, "align": "right", "indent": 1}}


def write_views(book: Book, rows: Sequence[Row], as_at: date) -> None:
    """Every list over the actions as they are on the day, with the hidden sheet that This week is chosen from."""
    week = chosen(WEEK, rows, as_at)
    sheet = _page(book, WEEK, week, as_at)
    _write_week(book, sheet, week, as_at)
    for view in VIEWS:
        found = chosen(view, rows, as_at)
        sheet = _page(book, view, found, as_at)
        for at, row in enumerate(found, HEAD_ROW + 1):
            begins = bool(view.group) and at > HEAD_ROW + 1 and row[view.group] != found[at - HEAD_ROW - 2][view.group]
            for col, head in enumerate(view.columns):
                _write_value(book, sheet, at, col, head, row, BEGINS if begins else {})
            sheet.grow(at, _height(view, row))


def write_pool(book: Book, rows: Sequence[Row], as_at: date) -> None:
    """What This week is chosen from, on a hidden sheet: each action's turn in the list of whom the yellow cell names, its cells, and all owners."""
    week, sheet = chosen(WEEK, rows, as_at), book.xlsx.add_worksheet(POOL)
    sheet.hide()
    owner = xl_col_to_name(1 + [h.id for h in WEEK.columns].index("owner"))
    for at, row in enumerate(week):
        before = f"MAX(A$1:A{at})+1" if at else "1"
        sheet.write_formula(at, 0, f'=IF(OR(week_of="",week_of="{EVERYONE}",{owner}{at + 1}=week_of),{before},"")', book.fmt(), at + 1)
        for col, head in enumerate(WEEK.columns, 1):
            book.put(sheet, at, col, _plain(row.get(head.id)))
    owners = (EVERYONE, *sorted({as_text(_plain(row["owner"])) for row in week}))
    last = len(WEEK.columns) + 1
    for at, name in enumerate(owners):
        sheet.write_string(at, last, name)
    book.xlsx.define_name("week_owners", f"={POOL}!${xl_col_to_name(last)}$1:${xl_col_to_name(last)}${len(owners)}")


# ---------------------------------------------------------------- a page and its cells


def _page(book: Book, view: View, rows: Sequence[Row], as_at: date) -> GrowingSheet:
    sheet: GrowingSheet = book.page(view.sheet, view.sheet, view.said(rows, as_at), kind=GrowingSheet)
    heads = [{"header": h.header, "header_format": book.fmt(**{**HEAD, **({"align": "right"} if h.kind == "number" else {})})} for h in view.columns]
    last = HEAD_ROW + max(len(rows), 1)
    sheet.add_table(HEAD_ROW, 0, last, len(heads) - 1, {"name": view.name, "style": None, "columns": heads})
    for col, head in enumerate(view.columns):
        sheet.set_column(col, col, head.width)
        for symbol, look in SYMBOLS.items():
            sheet.conditional_format(HEAD_ROW + 1, col, last, col, {"type": "text", "criteria": "begins with", "value": symbol, "format": book.xlsx.add_format(look)})
    sheet.write_string(2, 0, f"As at {as_at:%d/%m/%Y}. Only to be read: change an action on the sheet {ACTIONS.sheet}; its reference leads there.", book.fmt(font_color=QUIET, valign="top"))
    sheet.set_row(2, 24)
    sheet.set_row(HEAD_ROW, 32)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)
    return sheet


def _height(view: View, row: Row) -> float:
    lines = max(sum(len(textwrap.wrap(part, int(h.width * ROOM))) or 1 for part in as_text(row.get(h.id)).split("\n")) for h in view.columns)
    return min(TALLEST, 14.5 * lines + 8)


def _write_value(book: Book, sheet: Worksheet, at: int, col: int, head: Head, row: Row, more: Mapping[str, Any]) -> None:
    value = row.get(head.id)
    if head.id == LINKED:
        quoted = '"' + as_text(value).replace('"', '""') + '"'
        sheet.write_formula(at, col, f"=HYPERLINK({_place(quoted)},{quoted})", book.fmt(**WORDS, **LINK, **more), as_text(value))
    else:
        book.put(sheet, at, col, value, **LOOKS.get(head.kind, WORDS), **more)


def _place(reference: str) -> str:
    """Where the action with this reference stands now, however its sheet is sorted; the table's headings if it is gone."""
    return f'"#{ACTIONS.sheet}!A"&({HEAD_ROW + 1}+IFERROR(MATCH({reference},{ACTIONS.name}[{ACTIONS.key.header}],0),0))'


# ---------------------------------------------------------------- this week


def _write_week(book: Book, sheet: Worksheet, rows: Sequence[Row], as_at: date) -> None:
    """The list of whoever the yellow cell names: its nth row is the action whose turn is n."""
    n, whose = len(rows), {"bg_color": INPUT, "border": 1, "border_color": SOFT, "bold": True, **LEFT}
    _write_sentence(book, sheet, WEEK.said(rows, as_at), as_at)
    sheet.write_string(2, 0, "Whose actions?", book.fmt(bold=True))
    sheet.write_string(2, 1, EVERYONE, book.fmt(**whose))
    sheet.write_string(2, 2, f"Choose a name in the yellow cell. As at {as_at:%d/%m/%Y}; change an action on the sheet {ACTIONS.sheet}.", book.fmt(font_color=QUIET, **LEFT))
    sheet.data_validation(2, 1, 2, 1, {"validate": "list", "source": "=week_owners", "show_error": False, "input_title": "Whose actions?", "input_message": "Choose an owner to see their week alone. It returns to everyone when the tracker is next written."})
    book.xlsx.define_name("week_of", f"='{WEEK.sheet}'!$B$3")
    height = max((_height(WEEK, row) for row in rows), default=22)
    for at, row in enumerate(rows, HEAD_ROW + 1):
        turn = f"MATCH(ROW()-{HEAD_ROW + 1},{POOL}!$A$1:$A${n},0)"
        for col, head in enumerate(WEEK.columns):
            letter = xl_col_to_name(col + 1)
            found = f"INDEX({POOL}!${letter}$1:${letter}${n},{turn})"
            shown = f"HYPERLINK({_place(found)},{found})" if head.id == LINKED else found if head.kind == "date" else f'{found}&""'
            look = {k: v for k, v in {**LOOKS.get(head.kind, WORDS), **(LINK if head.id == LINKED else {})}.items() if k not in RULE}
            sheet.write_formula(at, col, f'=IFERROR({shown},"")', book.fmt(**look), _cached(row.get(head.id)))
        sheet.set_row(at, height)
    last = HEAD_ROW + max(n, 1)
    sheet.conditional_format(HEAD_ROW + 1, 0, last, len(WEEK.columns) - 1, {"type": "formula", "criteria": f'=$A{HEAD_ROW + 2}<>""', "format": book.xlsx.add_format(RULE)})


def _cached(value: Value) -> str | int:
    return (value - EXCEL_DAY_0).days if isinstance(value, date) else as_text(_plain(value))


def _plain(value: Value) -> Value:
    """Without what a formula's stored value cannot hold."""
    return NOT_STORED.sub("", value) if isinstance(value, str) else value


def _write_sentence(book: Book, sheet: Worksheet, now: str, as_at: date) -> None:
    """The sentence counts what the yellow cell leaves."""
    shown = f"{WEEK.name}[Timing]"
    n, late = f'COUNTIFS({shown},"?*")', f'COUNTIFS({shown},"{OVERDUE[0]}*")'
    live = f'=IF({n}=0,"{nothing_this_week(as_at)}",{n}&" to finish: "&{late}&" overdue, "&({n}-{late})&" due by {week_ends(as_at):%d/%m/%Y}.")'
    sheet.write_formula(1, 0, live, book.fmt(font_color=QUIET, valign="top"), now)
