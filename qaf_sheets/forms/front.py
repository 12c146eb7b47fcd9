"""The front sheet: who it is for, by when, what to do, and by formula what is still missing and whether it is ready."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.forms.layout import REFERENCE, TABLE_HEADER, answer_name
from qaf_sheets.forms.needed import Needed, every_of, progress
from qaf_sheets.forms.questions import QUIET_HEAD
from qaf_sheets.forms.rows import own_sections
from qaf_sheets.look import BAR, DONE, HEADING, LEFT, LINK, NEED, QUIET, RULE, Book
from qaf_sheets.model import Form, Issue

LINE: dict[str, Any] = {**RULE, **LEFT}
GAPS = 8
"""At least this many of the answers still needed are listed as links."""


def write_front(book: Book, sheet: Worksheet, form: Form, needed: Needed, issue: Issue, *, contact: str, marking: str) -> None:
    """One screen and one printed page."""
    for col, width in enumerate((37, 14, 3, 66)):
        sheet.set_column(col, col, width, book.fmt())
    sheet.fit_to_pages(1, 1)
    sheet.hide_row_col_headers()
    sheet.write_string(0, 3, marking, book.fmt(font_color=QUIET, font_size=9, align="right"))
    row = _heading(book, sheet, 2, "About this return")
    for name, value in _facts(form, issue, contact):
        row = _line(book, sheet, row, name, value, bold=name == "Return by")
    row = _heading(book, sheet, row, "What to do")
    for number, text in enumerate(_steps(form), 1):
        row = _line(book, sheet, row, f"{number}   {text}", "", name_bold=False)
    row = _heading(book, sheet, row, "Where you are")
    row = _ready(book, sheet, row, needed)
    _sections(book, sheet, row, form, needed)


def _facts(form: Form, issue: Issue, contact: str) -> list[tuple[str, str]]:
    """The head of specification 2.0, as a person reads it."""
    about = issue.facts.get("about", "")
    return [
        ("For", ", ".join(x for x in (issue.person_name, issue.role_team) if x)),
        *([("About", about)] if about else []),
        *([("Theme", form.theme)] if form.theme else []),
        ("Return by", _in_full(issue.due_on)),
        (REFERENCE, f"{issue.return_id}, for {issue.quarter.months} ({issue.quarter.label})"),
        ("Sent out on", f"{_in_full(issue.issued_on)}, form version {issue.form_version}"),
        ("Who to ask", contact),
    ]


def _in_full(day: date) -> str:
    """Wednesday 16 December 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _steps(form: Form) -> list[str]:
    later = {s.sheet for s in form.sections if s.purpose}
    sheets = " and ".join(name for name in form.sheets if name not in later)
    name = "the child's name only where it is asked for" if any(f.withheld for f in form.fields) else "no child's name"
    return [
        f"Fill in the yellow cells on the {sheets} sheet. They turn white once answered. Please write {name}.",
        *(["Nothing to report? Say Yes in the first question, sign off at the end, and leave the rest."] if form.nil else []),
        *(t.step for t in form.tables if t.step),
        "When this page says “Ready to return: Yes”, save, close, and copy this workbook into the folder Return here.",
    ]


def _heading(book: Book, sheet: Worksheet, row: int, text: str) -> int:
    sheet.set_row(row, 29)
    for col in range(4):
        sheet.write(row, col, None if col else text, book.fmt(**HEADING))
    return row + 1


def _line(book: Book, sheet: Worksheet, row: int, name: str, value: str, *, bold: bool = False, name_bold: bool = True) -> int:
    sheet.set_row(row, 20)
    for col in range(4):
        sheet.write_blank(row, col, None, book.fmt(**RULE))
    sheet.write_string(row, 0, name, book.fmt(**LINE, bold=name_bold))
    if value:
        sheet.write_string(row, 1, value, book.fmt(**LINE, bold=bold))
    return row + 1


def _ready(book: Book, sheet: Worksheet, row: int, needed: Needed) -> int:
    done, of = needed.count()
    left = "SUMPRODUCT(chk_needed*(1-chk_answered))"
    _line(book, sheet, row, "Ready to return", "")
    sheet.set_row(row, 26)
    sheet.write_formula(row, 1, f'=IF({left}=0,"Yes","Not yet")', book.fmt(**LINE, bold=True, font_size=14, font_color=NEED), "Not yet")
    sheet.conditional_format(row, 1, row, 1, {"type": "cell", "criteria": "==", "value": '"Yes"', "format": book.xlsx.add_format({"font_color": DONE})})
    say = f'=IF({left}=0,"Nothing is missing. Save, close, and copy this workbook into Return here.",{left}&IF({left}=1," answer is"," answers are")&" still needed. Choose one below to go to it.")'
    sheet.write_formula(row, 3, say, book.fmt(**LINE), f"{of - done} answers are still needed. Choose one below to go to it.")
    row = _line(book, sheet, row + 1, "Answered so far", "")
    sheet.write_formula(row - 1, 1, "=" + progress(), book.fmt(**LINE), needed.said())
    sheet.write_formula(row - 1, 3, "=ROUND(SUMPRODUCT(chk_needed*chk_answered)/SUM(chk_needed),4)", book.fmt(**LINE, num_format="0%"), round(done / of, 4) if of else 1)
    bar = {"type": "data_bar", "bar_solid": True, "bar_color": BAR, "bar_border_color": BAR, "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1}
    sheet.conditional_format(row - 1, 3, row - 1, 3, bar)
    return row


def _sections(book: Book, sheet: Worksheet, row: int, form: Form, needed: Needed) -> None:
    """Each section's progress on the left; on the right the next answers still needed, as links."""
    for col, text in enumerate(("Section", "Answered", "", "Still needed")):
        sheet.write_string(row, col, text, book.fmt(**QUIET_HEAD))
    sheet.set_row(row, 21)
    parts = _parts(form)
    lines = max(len(parts), GAPS)
    for n in range(1, lines + 1):
        sheet.set_row(row + n, 19)
        if n <= len(parts):
            title, target, heading = parts[n - 1]
            sheet.write_url(row + n, 0, target, book.fmt(**LINE, **LINK), title, f"Go to {title}"[:250])
            sheet.write_formula(row + n, 1, "=" + progress(heading), book.fmt(**LINE), needed.said(heading))
        _gap(book, sheet, row + n, needed, n, lines)


def _parts(form: Form) -> list[tuple[str, str, str]]:
    """What is listed with its progress: (words, where it leads, heading), the sections and then the tables that no question asks for."""
    parts = []
    for section in (s for s in form.sections if s.open):
        title = section.title if not section.title.isupper() else section.title.capitalize()
        parts.append((title, f"internal:{answer_name(section.open[0].id)}", section.heading))
    repeated = [(t, n) for t in form.tables if t.sheets for n in range(1, t.rows + 1)]
    parts += [(t.sheet(n), f"internal:{answer_name(f'{t.group(n)}_{t.columns[0].id}')}", every_of(t.sheet(n))) for t, n in repeated]
    return [*parts, *((t.title, f"internal:'{t.title}'!B{TABLE_HEADER + 1}", t.title) for t in own_sections(form))]


def _gap(book: Book, sheet: Worksheet, row: int, needed: Needed, n: int, lines: int) -> None:
    """The nth answer still needed. HYPERLINK stays outermost: inside IF, LibreOffice links the other branch's words."""
    missing = needed.missing
    at = f"MATCH({n},chk_order,0)"
    text, shown = f"INDEX(chk_label,{at})", missing[n - 1] if n <= len(missing) else ""
    if n == lines and len(missing) > lines:
        shown = f"and {len(missing) - n + 1} more"
    if n == lines:
        text = f'IF(MAX(chk_order)>{n},"and "&(MAX(chk_order)-{n - 1})&" more",{text})'
    none = f"{n}>MAX(chk_order)"
    link = f"""=HYPERLINK(IF({none},"#'{sheet.name}'!A1",INDEX(chk_target,{at})),IF({none},"",{text}))"""
    sheet.write_formula(row, 3, link, book.fmt(**LINE, **LINK), shown)
