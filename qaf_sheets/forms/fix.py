"""What a copy that comes back shows: the "Please fix" sheet with a link to each cell, and the cells coloured and commented until they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.forms.formulas import sheet_cell
from qaf_sheets.forms.layout import FIX, SENT, START
from qaf_sheets.look import BAND, DONE, ERROR, ERROR_TINT, HEAD, LEFT, LINK, NEED, QUIET, RULE, TAB_ERROR, Book
from qaf_sheets.model import Form, Issue, Problem, Record, Value
from qaf_sheets.problems import count
from qaf_sheets.sheets import GrowingSheet

REMARK = "Please fix: "
"""How each of our comments begins, so that the reader knows them from a person's."""
AUTHOR = "Quality assurance unit"
TO_DO, CHANGED = "○ To put right", "✓ Changed"
WIDTHS = (5, 46, 62, 24, 18)
FIRST = 5


class Mark(Record):
    """One thing to put right, or only to look at: the problem with its place in the copy, and what stood there when it came."""

    problem: Problem
    sent: Value = None

    @property
    def must(self) -> bool:
        """Whether it stops the return."""
        return self.problem.level == "E"


Marks = Sequence[Mark]


def start_marks(book: Book, form: Form, issue: Issue, marks: Marks) -> Worksheet:
    """The first sheet of the copy: what to put right, each with a link and whether its cell has changed since."""
    must, may = [m for m in marks if m.must], [m for m in marks if not m.must]
    title = f"Please fix: {count(len(must), 'thing')} in your {form.title[0].lower()}{form.title[1:]}"
    purpose = "Everything you wrote is kept in this copy. Put these right here, save, close, and copy this workbook into the folder Return here."
    sheet = book.page(FIX, title, purpose, tab=TAB_ERROR, landscape=True, kind=GrowingSheet)
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width, book.fmt())
    _headings(book, sheet, FIRST - 2, ("No.", "Question", "What to do", "Where", "Still to do"))
    sent = book.xlsx.add_worksheet(SENT)
    for n, mark in enumerate(must, 1):
        _line(book, sheet, FIRST - 2 + n, n, mark)
        _state(book, sheet, sent, n, mark)
    sent.protect("")
    sent.hide()
    last = FIRST - 1 + len(must)
    _so_far(book, sheet, must, last)
    if may:
        _headings(book, sheet, last + 2, ("", "Please look at these too", "They do not stop your return", "Where", ""))
        for n, mark in enumerate(may, 1):
            _line(book, sheet, last + 2 + n, n, mark)
    sheet.write_string(last + 4 + len(may), 0, f"{issue.return_id}, {issue.quarter.label}. Nothing is lost: we also keep the workbook as you sent it.", book.fmt(font_color=QUIET))
    sheet.write_url(2, 4, f"internal:'{START}'!A1", book.fmt(**LINK), "Go to Start here", "Go to the Start here sheet")
    sheet.fit_to_pages(1, 0)
    return sheet


def _headings(book: Book, sheet: Worksheet, row: int, heads: Iterable[str]) -> None:
    sheet.set_row(row, 24)
    for col, text in enumerate(heads):
        sheet.write_string(row, col, text, book.fmt(**HEAD))


def _line(book: Book, sheet: GrowingSheet, row: int, n: int, mark: Mark) -> None:
    it = mark.problem
    look = {**RULE, **LEFT, "text_wrap": True, "valign": "top"}
    sheet.write_string(row, 0, str(n), book.fmt(**{**look, "font_color": QUIET}))
    if it.cell:
        tip = f"Go to {it.sheet}, cell {it.cell}"
        sheet.write_url(row, 1, f"internal:'{it.sheet}'!{it.cell}", book.fmt(**{**look, **LINK}), it.label or it.sheet, tip)
    else:
        sheet.write_string(row, 1, it.label or it.sheet, book.fmt(**look))
    sheet.write_string(row, 2, it.message, book.fmt(**look))
    sheet.write_string(row, 3, f"{it.sheet}, cell {it.cell}" if it.cell else it.sheet, book.fmt(**look))
    sheet.write_blank(row, 4, None, book.fmt(**look))
    sheet.grow(row, 17 * max(1, -(-len(it.message) // 62), -(-len(it.label) // 44)) + 4)


def _state(book: Book, sheet: Worksheet, sent: Worksheet, n: int, mark: Mark) -> None:
    """Whether the cell still says what it said when it came; named, so that colours on other sheets can read it."""
    it, row = mark.problem, FIRST - 2 + n
    look = book.fmt(**RULE, **LEFT, valign="top", bold=True, font_color=NEED)
    book.put(sent, n - 1, 0, mark.sent)
    if not it.cell:
        sheet.write_string(row, 4, TO_DO, look)
        return
    cell = sheet_cell(it.sheet, it.cell)
    sheet.write_formula(row, 4, f'=IF(EXACT({cell}&"",{SENT}!$A${n}&""),"{TO_DO}","{CHANGED}")', look, TO_DO)
    book.xlsx.define_name(fix_name(n), f"='{FIX}'!$E${row + 1}")


def _so_far(book: Book, sheet: Worksheet, must: Sequence[Mark], last: int) -> None:
    cells = f"$E${FIRST}:$E${last}"
    sheet.write_formula(2, 0, f'=COUNTIF({cells},"{CHANGED}")&" of {len(must)} changed so far. Start here says when nothing is missing."', book.fmt(bold=True, font_color=BAND), f"0 of {len(must)} changed so far. Start here says when nothing is missing.")
    sheet.set_row(2, 24)
    sheet.conditional_format(cells.replace("$", ""), {"type": "text", "criteria": "begins with", "value": "✓", "format": book.xlsx.add_format({"font_color": DONE})})


def fix_name(n: int) -> str:
    """The defined name of the nth thing's state."""
    return f"fix_{n}"


def paint(book: Book, marks: Marks) -> None:
    """Colour and comment the cells of what must be put right. Comes before the sheets' own colours, which would hide it."""
    by_cell: dict[tuple[str, str], list[tuple[int, Problem]]] = {}
    for n, mark in enumerate((m for m in marks if m.must), 1):
        if mark.problem.cell:
            by_cell.setdefault((mark.problem.sheet, mark.problem.cell), []).append((n, mark.problem))
    for (sheet, cell), found in by_cell.items():
        page = book.xlsx.get_worksheet_by_name(sheet)
        text = REMARK + " ".join(p.message for _, p in found)
        page.write_comment(cell, text, {"author": AUTHOR, "font_name": "Arial", "font_size": 10, "width": 280, "height": 40 + 15 * (len(text) // 40), "color": ERROR_TINT})
        red = book.xlsx.add_format({"bg_color": ERROR_TINT, "border": 1, "border_color": ERROR})
        page.conditional_format(cell, {"type": "formula", "criteria": f'={fix_name(found[0][0])}="{TO_DO}"', "format": red, "stop_if_true": True})
