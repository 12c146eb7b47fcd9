"""A question sheet: number, label and help, answer, grade or hint, and the word that says what is still needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.forms.accept import HINTS, as_typed, validation
from qaf_sheets.forms.definition import GRADES as GRADE_LISTS
from qaf_sheets.forms.formulas import sheet_cell
from qaf_sheets.forms.layout import ANSWERS, FIRST_ROW, GRADE, GRADES, HINT, NEEDED, NUMBER, QUESTION, START, answer_name
from qaf_sheets.forms.needed import Needed, Reason, every_of, quoted
from qaf_sheets.look import BAND, DATE, HEAD, INPUT, LABEL, LEFT, LINE, LINK, NEED, PALE, QUIET, SOFT, TINTS, Book
from qaf_sheets.model import Answer, Form, Layout, Place, Question, Section
from qaf_sheets.references import split_cell
from qaf_sheets.sheets import GrowingSheet

WIDTHS = (5, 36, 58, 19, 16)
LINES = 6  # a prose answer is never less than this many lines high
CELL = {"border": 1, "border_color": SOFT, "text_wrap": True}
ANSWER = {**CELL, **LEFT, "border_color": LINE, "bg_color": INPUT, "locked": False, "num_format": "@"}
BAND_LOOK = {"bg_color": BAND, "font_color": "#FFFFFF", "bold": True, **LEFT}
QUIET_HEAD = {**HEAD, "bg_color": PALE, "font_color": "#1A1A1A", "border": 0, "bottom": 1, "bottom_color": BAND}
FORMATS = {"date": DATE, "number": "0"}


def write_questions(book: Book, form: Form, sheets: Mapping[str, GrowingSheet], layout: Layout, needed: Needed, dates: tuple[date, date]) -> None:
    """All sections of a form on their sheets, each answer at its place in the layout. `needed` holds what is answered already."""
    writer = Writer(book, needed, dates, layout.places, needed.content.answers)
    for name, sheet in sheets.items():
        writer.sheet(sheet, [s for s in form.sections if form.sheet_of(s) == name])


class Writer:
    """Writes sections one below another, numbering their questions, with what is `said` already.

    On a sheet that is repeated, its `name` stands before what the front sheet lists, and `reason` says why an answer is needed there.
    """

    def __init__(
        self, book: Book, needed: Needed, dates: tuple[date, date], places: Sequence[Place], said: Mapping[str, Answer],
        *, name: str = "", reason: Callable[[Question], Reason | None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.book, self.needed, self.dates, self.said, self.name, self.reason = book, needed, dates, said, name, reason
        self.places = {p.field: p for p in places}
        self.before = f"{name}: " if name else ""
        self.number = 0

    def sheet(self, sheet: GrowingSheet, sections: Sequence[Section]) -> None:
        """One whole sheet."""
        fields = [f for s in sections for f in s.fields]
        _top(self.book, sheet, graded=any(f.beside for f in fields))
        row = FIRST_ROW - 1
        for section in sections:
            row = self.section(sheet, row, section)
        self.needed.show_progress(sheet, 1, 4, every_of(self.name) if self.name else None, bold=True, font_color=BAND, valign="top", **LEFT)
        _finish(self.book, sheet, [(self.places[f.id], f) for f in fields if not f.fixed], row)

    def section(self, sheet: GrowingSheet, row: int, section: Section) -> int:
        """One band with its questions; gives the row after them."""
        top = row
        _band(self.book, sheet, row, section.heading)
        row = self._heads(sheet, row + 1, section)
        for field, grade in pairs(section):
            self.number += 1
            assert split_cell(self.places[field.id].cell)[0] == row + 1, "the writer and the layout disagree"
            _label(self.book, sheet, row, self.number, field)
            at = [self._ask(sheet, one, section) for one in (field, grade) if one]
            words = [f"_check!H{n}" for n in at]
            said = [self.needed.rows[n - 2].word for n in at]
            sheet.write_formula(row, 4, f"={_both(words[0], words[1], _needed(grade)) if grade else words[0]}", _mark(self.book, field), _both_said(said[0], said[1], _needed(grade)) if grade else said[0])
            row += 1
        if section.open:
            self.needed.show_progress(sheet, top, 4, f"{self.before}{section.heading}", **BAND_LOOK, num_format="@")
        return row

    def _heads(self, sheet: Worksheet, row: int, section: Section) -> int:
        """What the grades mean, and the framework's own headings over the columns."""
        if section.meanings:
            sheet.write_string(row, 1, "What the grades mean", self.book.fmt(bold=True, **LEFT))
            codes = {o.text: o.code or o.text for f in section.fields for o in f.options}
            for word, meaning in section.meanings.items():
                row += 1
                sheet.set_row(row, 30)
                sheet.write_string(row, 1, word, self.book.fmt(**CELL, **LEFT, bold=True, bg_color=TINTS.get(codes.get(word, word), LABEL)))
                sheet.write_string(row, 2, meaning, self.book.fmt(**CELL, **LEFT))
            row += 1
        if section.columns:
            sheet.set_row(row, 44)
            sheet.write_blank(row, 0, None, self.book.fmt(bg_color=PALE))
            for col, text in enumerate(section.columns, 1):
                sheet.write_string(row, col, text, self.book.fmt(**LEFT, bold=True, text_wrap=True, bg_color=PALE))
            row += 1
        return row

    def _ask(self, sheet: Worksheet, field: Question, section: Section) -> int:
        """One answer cell: its value, name and rule; gives its row of `_check`."""
        place, answer = self.places[field.id], self.said.get(field.id)
        _answer(self.book, sheet, place, field, answer)
        name = answer_name(place.key)
        self.book.xlsx.define_name(name, f"={sheet_cell(sheet.name, f'${place.cell[0]}${place.cell[1:]}')}")
        if not field.fixed:
            sheet.data_validation(place.cell, validation(field, self.dates))
        label = f"{self.before}{self.number}  {_shorter(field.name)}"
        return self.needed.add(name, field, label, f"{self.before}{section.heading}", f"#{name}", answer, asked=self.reason(field))


def pairs(section: Section) -> Iterator[tuple[Question, Question | None]]:
    """Each question with the grade that stands beside it, if any."""
    grades = {f.beside: f for f in section.fields if f.beside}
    for field in section.fields:
        if not field.beside:
            yield field, grades.get(field.id)


def _needed(beside: Question) -> str:
    return "Grade needed" if beside.list in GRADE_LISTS else "Choice needed"


def _both(first: str, second: str, needed: str) -> str:
    """The words of an answer and of the grade or choice beside it as one."""
    grade = f'IF({second}="Needed","{needed}",{second})'
    return f'IF({second}="",{first},IF({first}="",{grade},IF(AND({first}="Needed",{second}="Needed"),"Needed",{first}&"; "&LOWER({grade}))))'


def _both_said(first: str, second: str, needed: str) -> str:
    grade = needed if second == "Needed" else second
    if not second or not first:
        return first or grade
    return "Needed" if first == second == "Needed" else f"{first}; {grade.lower()}"


def _top(book: Book, sheet: Worksheet, *, graded: bool) -> None:
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width, book.fmt())
    sheet.set_row(2, 22)
    for col, text in enumerate((NUMBER, QUESTION, ANSWERS, GRADES if graded else HINT, NEEDED)):
        sheet.write_string(2, col, text, book.fmt(**QUIET_HEAD))
    sheet.repeat_rows(2)


def _finish(book: Book, sheet: Worksheet, open_to: Sequence[tuple[Place, Question]], last: int) -> None:
    sheet.write_url(1, 3, f"internal:'{START}'!A1", book.fmt(**LINK, valign="top"), "Back to Start here", "Go to the Start here sheet")
    sheet.freeze_panes(FIRST_ROW - 1, 0)
    if not open_to:
        return
    grades = [p.cell for p, f in open_to if f.beside]
    tint_grades(book, sheet, [(p.cell, f) for p, f in open_to if f.list in ("grade", "area_grade")])
    colour(book, sheet, [p.cell for p, f in open_to if not f.beside])
    if grades:
        colour(book, sheet, grades)
    stress(book, sheet, f"E{FIRST_ROW}:E{last}")
    sheet.set_selection(open_to[0][0].cell)


def _band(book: Book, sheet: Worksheet, row: int, text: str) -> None:
    sheet.set_row(row, 26)
    for col in range(4):
        sheet.write(row, col, None if col else text, book.fmt(**BAND_LOOK))


def _label(book: Book, sheet: GrowingSheet, row: int, number: int, field: Question) -> None:
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


def _answer(book: Book, sheet: Worksheet, place: Place, field: Question, answer: Answer | None) -> None:
    """The answer cell with what is already known, and the hint beside it."""
    row, column = (n - 1 for n in split_cell(place.cell))
    look: dict[str, Any] = {**ANSWER, "num_format": FORMATS.get(field.kind, "@"), **({"valign": "top"} if field.kind == "long" or field.beside else {})}
    if field.fixed:
        look |= {"bg_color": "#FFFFFF", "border_color": SOFT, "locked": True}
    book.put(sheet, row, column, as_typed(field, answer), **look)
    if column != GRADE - 1 and not field.fixed:
        sheet.write_string(row, GRADE - 1, HINTS.get(field.kind, ""), book.fmt(font_size=9.5, font_color=QUIET, **LEFT))


def _mark(book: Book, field: Question) -> object:
    return book.fmt(font_color=QUIET, text_wrap=True, **LEFT, **({"valign": "top"} if field.kind == "long" else {}))


def _shorter(text: str, limit: int = 58) -> str:
    return text if len(text) <= limit else text[: limit - 2].rsplit(" ", 1)[0] + " …"


def tint_grades(book: Book, sheet: Worksheet, cells: list[tuple[str, Question]]) -> None:
    """A chosen grade has the tint of the key, always with the word."""
    for cell, asked in cells:
        for word, tint in ((o.text, TINTS[o.code or o.text]) for o in asked.options if (o.code or o.text) in TINTS):
            sheet.conditional_format(cell, {"type": "cell", "criteria": "==", "value": f'"{quoted(word)}"', "format": book.xlsx.add_format({"bg_color": tint}), "stop_if_true": True})


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
