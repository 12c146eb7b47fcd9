"""The question sheet: number, label and help, answer, hint, and the word that says what is still needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.book import split_cell
from qaf_sheets.forms.accept import HINTS, validation
from qaf_sheets.forms.layout import FIRST_ROW, START, answer_name
from qaf_sheets.forms.needed import Needed, progress, sheet_cell
from qaf_sheets.look import BAND, DATE, HEAD, INPUT, LABEL, LEFT, LINE, LINK, NEED, PALE, QUIET, SOFT, Book
from qaf_sheets.model import Form, Layout, Question

WIDTHS = (5, 36, 58, 19, 16)
LINES = 6  # a prose answer is never less than this many lines high
CELL = {"border": 1, "border_color": SOFT, "text_wrap": True}
ANSWER = {**CELL, **LEFT, "border_color": LINE, "bg_color": INPUT, "locked": False, "num_format": "@"}
BAND_LOOK = {"bg_color": BAND, "font_color": "#FFFFFF", "bold": True, **LEFT}
QUIET_HEAD = {**HEAD, "bg_color": PALE, "font_color": "#1A1A1A", "border": 0, "bottom": 1, "bottom_color": BAND}


def write_questions(book: Book, sheet: Worksheet, form: Form, layout: Layout, needed: Needed, facts: Mapping[str, str], dates: tuple[date, date]) -> None:
    """All sections of a form on its sheet, each answer at its place in the layout."""
    _top(book, sheet)
    row, number = FIRST_ROW - 1, 0
    places = {p.field: p for p in layout.places}
    for section in form.sections:
        _band(book, sheet, row, section.heading)
        row += 1
        for field in section.fields:
            number += 1
            cell = places[field.id].cell
            assert split_cell(cell)[0] == row + 1, "the writer and the layout disagree"
            _label(book, sheet, row, number, field)
            value = _answer(book, sheet, row, field, facts.get(field.prefill, ""))
            name = answer_name(field.id)
            fixed = f"${cell[0]}${cell[1:]}"
            book.xlsx.define_name(name, f"={sheet_cell(sheet.name, fixed)}")
            if field.kind != "locked":
                sheet.data_validation(cell, validation(field, dates))
            at = needed.add(name, field, f"{number}  {_shorter(field.name)}", section.heading, f"#{name}", value=value)
            sheet.write_formula(row, 4, f"=_check!H{at}", _mark(book, field), needed.rows[-1].word)
            row += 1
        sheet.write_formula(row - len(section.fields) - 1, 4, "=" + progress(section.heading), book.fmt(**BAND_LOOK, num_format="@"), needed.said(section.heading))
    _finish(book, sheet, form, layout, needed, row)


def _top(book: Book, sheet: Worksheet) -> None:
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width, book.fmt())
    sheet.set_row(2, 22)
    for col, text in enumerate(("No.", "Question", "Your answer", "Hint", "Still needed")):
        sheet.write_string(2, col, text, book.fmt(**QUIET_HEAD))
    sheet.repeat_rows(2)


def _finish(book: Book, sheet: Worksheet, form: Form, layout: Layout, needed: Needed, last: int) -> None:
    sheet.write_url(1, 3, f"internal:'{START}'!A1", book.fmt(**LINK, valign="top"), "Back to Start here", "Go to the Start here sheet")
    answers = [p.cell for p, f in zip(layout.places, form.fields, strict=True) if f.kind != "locked"]
    sheet.write_formula(1, 4, "=" + progress(), book.fmt(bold=True, font_color=BAND, valign="top", **LEFT), needed.said())
    colour(book, sheet, answers)
    stress(book, sheet, f"E{FIRST_ROW}:E{last}")
    sheet.freeze_panes(FIRST_ROW - 1, 0)
    sheet.set_selection(answers[0])


def _band(book: Book, sheet: Worksheet, row: int, text: str) -> None:
    sheet.set_row(row, 26)
    for col in range(4):
        sheet.write(row, col, None if col else text, book.fmt(**BAND_LOOK))


def _label(book: Book, sheet: Worksheet, row: int, number: int, field: Question) -> None:
    """Number and label. Blank lines in a prose row's number keep the row from shrinking when Excel refits it."""
    prose = field.kind == "long"
    top = {"valign": "top"} if prose else {}
    strut = "\n" * (LINES - 1) + " " if prose else ""
    sheet.write_string(row, 0, f"{number}{strut}", book.fmt(**CELL, bg_color=LABEL, font_color=QUIET, align="center", **top))
    look = book.fmt(**CELL, **LEFT, bg_color=LABEL, bold=True, **top)
    if field.help:
        sheet.write_rich_string(row, 1, book.fmt(bold=True), field.label, book.fmt(font_size=9.5, font_color=QUIET), f"\n{field.help}", look)
    else:
        sheet.write_string(row, 1, field.label, look)
    if prose:
        sheet.grow(row, LINES * 15)
    else:
        sheet.set_row(row, 28 if len(field.label) <= 36 and not field.help else 40 if len(field.label) <= 36 and len(field.help) <= 44 else 54)


def _answer(book: Book, sheet: Worksheet, row: int, field: Question, prefilled: str) -> str:
    """The answer cell with what is already known; returns it."""
    top = {"valign": "top"} if field.kind == "long" else {}
    look = {**ANSWER, **top}
    if field.kind == "locked":
        sheet.write_string(row, 2, prefilled, book.fmt(**CELL, **LEFT, num_format="@"))
    elif field.kind == "date" and prefilled:
        sheet.write_datetime(row, 2, datetime.strptime(prefilled, "%d/%m/%Y"), book.fmt(**{**look, "num_format": DATE}))
    elif prefilled:
        sheet.write_string(row, 2, prefilled, book.fmt(**look))
    else:
        number = {"date": DATE, "number": "0"}.get(field.kind, "@")
        sheet.write_blank(row, 2, None, book.fmt(**{**look, "num_format": number}))
    sheet.write_string(row, 3, HINTS.get(field.kind, ""), book.fmt(font_size=9.5, font_color=QUIET, **LEFT))
    return prefilled


def _mark(book: Book, field: Question) -> object:
    return book.fmt(font_color=QUIET, text_wrap=True, **LEFT, **({"valign": "top"} if field.kind == "long" else {}))


def _shorter(text: str, limit: int = 58) -> str:
    return text if len(text) <= limit else text[: limit - 2].rsplit(" ", 1)[0] + " …"


def colour(book: Book, sheet: Worksheet, cells: list[str]) -> None:
    """White once answered, grey when not needed now; yellow is the cell's own colour."""
    first = cells[0]
    row = first[1:]
    for test, look in ((f"=LEN(TRIM({first}))>0", {"bg_color": "#FFFFFF"}), (f'=$E{row}="Not needed"', {"bg_color": LABEL})):
        sheet.conditional_format(first, {"type": "formula", "criteria": test, "format": book.xlsx.add_format(look), "multi_range": " ".join(cells), "stop_if_true": True})


def stress(book: Book, sheet: Worksheet, marks: str) -> None:
    """What still has to be done stands out; "Optional" and "Can follow" stay quiet."""
    first = marks.split(":")[0]
    words = " + ".join(f'ISNUMBER(SEARCH("{w}",{first}))' for w in ("needed", "Choose", "Check", "say more"))
    test = f'=AND(({words})>0,LEFT({first},3)<>"Not")'
    sheet.conditional_format(marks, {"type": "formula", "criteria": test, "format": book.xlsx.add_format({"font_color": NEED, "bold": True})})
