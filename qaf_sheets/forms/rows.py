"""A table sheet: repeating rows as an Excel table with enough blank rows, since a table cannot grow on a protected sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from qaf_sheets.forms.accept import as_typed, validation
from qaf_sheets.forms.formulas import count_filled, key_cells, sheet_cell
from qaf_sheets.forms.layout import START, block_name, table_name
from qaf_sheets.forms.needed import WRONG, Needed, Reason
from qaf_sheets.forms.questions import ANSWER, CELL, FORMATS, stress
from qaf_sheets.look import BAND, FAINT, HEAD, LABEL, LEFT, LINK, QUIET, SOFT, Book
from qaf_sheets.model import Answer, Form, Question, Table, TablePlace
from qaf_sheets.rules import is_needed, rows_needed
from qaf_sheets.sheets import GrowingSheet

ROW_HEIGHT, NEED_WIDTH, HEAD_LETTERS = 45, 20, 0.95
LINE, MOST_LINES, LETTERS = 15, 26, 1.05
"""Points of a line of an answer that stands there already, how many are shown at most, and how many letters a unit of width holds."""
FEW = 3
"""A row names what it lacks up to this many; above it, only how many."""


class _At(NamedTuple):
    """One row being written: its number, its place on the sheet, its cells by column, what stands there, and the formula for "begun"."""

    n: int
    row: int
    cells: Mapping[str, str]
    said: Mapping[str, Answer]
    started: str


def write_table(book: Book, sheet: GrowingSheet, table: Table, place: TablePlace, needed: Needed, dates: tuple[date, date]) -> None:
    """One repeating table at its place, each row saying what it still needs."""
    _TableWriter(book, sheet, table, place, needed, dates).write()


class _TableWriter:
    """Writes the headings, the rows with what is in them already, and the colours."""

    def __init__(self, book: Book, sheet: GrowingSheet, table: Table, place: TablePlace, needed: Needed, dates: tuple[date, date]) -> None:
        self.book, self.sheet, self.table, self.place, self.needed, self.dates = book, sheet, table, place, needed, dates
        self.last = len(table.columns) + 1
        self.open = [c for c in table.columns if not c.fixed]
        self.section = table_section(needed.form, table)

    def write(self) -> None:
        """The whole sheet."""
        place, sheet, book = self.place, self.sheet, self.book
        self._headings()
        whole = f"$A${place.header_row}:{xl_rowcol_to_cell(place.header_row + place.rows - 1, self.last - 1, row_abs=True, col_abs=True)}"
        book.xlsx.define_name(block_name(self.table.id), f"={sheet_cell(sheet.name, whole)}")
        for n in range(1, place.rows + 1):
            self._row(self._at(n))
        if self.open:
            self._colours()
        sheet.freeze_panes(place.header_row, 2)
        sheet.repeat_rows(place.header_row - 1)
        sheet.set_selection(f"{self._letters(self.open[0]) if self.open else 'B'}{place.first_row}")
        sheet.write_url(0, self.last - 1, f"internal:'{START}'!A1", book.fmt(**LINK, align="right"), "Back to Start here", "Go to the Start here sheet")
        if self.open:
            self.needed.show_progress(sheet, 0, self.last, None, bold=True, font_color=BAND, **LEFT)

    def _letters(self, column: Question) -> str:
        return str(xl_col_to_name(self.table.columns.index(column) + 1))

    def _headings(self) -> None:
        marked = bool(self.open)
        widths = (5, *(c.width or 20 for c in self.table.columns), *([NEED_WIDTH] if marked else []))
        for col, width in enumerate(widths):
            self.sheet.set_column(col, col, width, self.book.fmt())
        heads = ["No.", *(c.label for c in self.table.columns), *(["Still needed"] if marked else [])]
        columns = [{"header": h, "header_format": self.book.fmt(**HEAD)} for h in heads]
        top = self.place.header_row - 1
        self.sheet.add_table(top, 0, top + self.place.rows, len(heads) - 1, {"name": table_name(self.table.id), "style": None, "columns": columns})
        lines = max(_lines(head, width - 4) for head, width in zip(heads, widths, strict=True))
        self.sheet.set_row(top, max(34, 15 * lines + 4))

    def _at(self, n: int) -> _At:
        row = self.place.first_row + n - 2
        cells = {c.id: sheet_cell(self.sheet.name, xl_rowcol_to_cell(row, col, row_abs=True, col_abs=True)) for col, c in enumerate(self.table.columns, 1)}
        held = self.needed.content.rows.get(self.table.id, ())
        first, last = (xl_rowcol_to_cell(row, col, row_abs=True, col_abs=True) for col in (1, self.last - 1))
        return _At(n, row, cells, held[n - 1] if n <= len(held) else {}, f"{count_filled(sheet_cell(self.sheet.name, f'{first}:{last}'))}>0")

    def _row(self, at: _At) -> None:
        self.sheet.write_string(at.row, 0, str(at.n), self.book.fmt(**CELL, bg_color=LABEL, font_color=QUIET, align="center", valign="top"))
        self.sheet.grow(at.row, max(ROW_HEIGHT, *(LINE * _written(at.said.get(c.id), c.width or 20) for c in self.table.columns)))
        words: dict[str, int] = {}
        for col, column in enumerate(self.table.columns, 1):
            answer = at.said.get(column.id)
            locked = {"bg_color": LABEL, "border_color": SOFT, "locked": True} if column.fixed else {}
            self.book.put(self.sheet, at.row, col, as_typed(column, answer), **{**ANSWER, "valign": "top", "num_format": FORMATS.get(column.kind, "@"), **locked})
            if column.fixed:
                continue
            self.sheet.data_validation(at.row, col, at.row, col, validation(column, self.dates))
            if column.required or column.kind in WRONG:
                words[_short(column)] = self._need(at, column, answer)
        if words:
            self._mark(at, words)

    def _need(self, at: _At, column: Question, answer: Answer | None) -> int:
        label = f"{self.table.row} {at.n}: {column.name[0].lower()}{column.name[1:]}"
        full = at.cells[column.id]
        return self.needed.add(full, column, label if len(label) < 60 else label[:57] + " …", self.section, f"#{full.replace('$', '')}", answer, asked=self._asked(at, column, answer), listed=True)

    def _asked(self, at: _At, column: Question, answer: Answer | None) -> Reason:
        """Needed once the row is begun; in the first row also when the table must have one and has none."""
        form, content, held = self.needed.form, self.needed.content, self.needed.content.rows.get(self.table.id, ())
        if not column.required:
            return Reason("0", now=False)
        formula, now = at.started, bool(at.said) and is_needed(column, form, content, at.said)
        if column.when:
            formula = f"AND({formula},{self.needed.formulas.holds(column.when, at.cells)})"
        elif at.n == 1 and (self.table.when or self.table.always):
            formula = f"OR({formula},AND({self.needed.formulas.asks(self.table)},{count_filled(self._all())}=0))"
            now = now or (not held and rows_needed(self.table, form, content) is not None)
        if column.id != self.table.key:
            return Reason(formula, now)
        cells = key_cells(self.table)
        same = [r for r in held if answer and r[column.id].text == answer.text]
        return Reason(formula, now, good=f"SUMPRODUCT(--(TRIM({cells})=TRIM({at.cells[column.id]})))=1", is_good=len(same) == 1)

    def _all(self) -> str:
        first = xl_rowcol_to_cell(self.place.first_row - 1, 1, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(self.place.first_row + self.place.rows - 2, self.last - 1, row_abs=True, col_abs=True)
        return sheet_cell(self.sheet.name, f"{first}:{last}")

    def _mark(self, at: _At, words: Mapping[str, int]) -> None:
        """What a row still needs, in words, or "Complete"."""
        missing = "&".join(f'IF(_check!E{r}*(1-_check!F{r})=1,", {name}","")' for name, r in words.items())
        first, last = min(words.values()), max(words.values())
        n = f"SUMPRODUCT(_check!E{first}:E{last}*(1-_check!F{first}:F{last}))"
        lacking = [name for name, r in words.items() if (it := self.needed.rows[r - 2]).needed and not it.answered]
        listed = f"{len(lacking)} answers" if len(lacking) > FEW else ", ".join(lacking)
        said = f"Needed: {listed}" if lacking else "Complete" if at.said else ""
        some = f'IF({n}>{FEW},{n}&" answers",MID({missing},3,200))'
        self.sheet.write_formula(
            at.row, self.last, f'=IF({n}>0,"Needed: "&{some},IF({at.started},"Complete",""))&REPT(CHAR(10),2)',
            self.book.fmt(font_color=QUIET, text_wrap=True, valign="top", **LEFT), f"{said}\n\n",
        )

    def _colours(self) -> None:
        """White once answered, pale where a person need not write yet; the first free row stays yellow."""
        first, until = self.place.first_row, xl_col_to_name(self.last - 1)
        areas = [f"{self._letters(c)}{first}:{self._letters(c)}{first + self.place.rows - 1}" for c in self.open]
        start = areas[0].split(":")[0]
        quiet = f"AND(COUNTA($B{first}:${until}{first})=0,COUNTA($B{first - 1}:${until}{first - 1})=0)"
        for test, look in ((f"LEN(TRIM({start}))>0", "#FFFFFF"), (quiet, FAINT)):
            self.sheet.conditional_format(areas[0], {"type": "formula", "criteria": "=" + test, "format": self.book.xlsx.add_format({"bg_color": look}), "multi_range": " ".join(areas)})
        mark = xl_col_to_name(self.last)
        stress(self.book, self.sheet, f"{mark}{first}:{mark}{first + self.place.rows - 1}")


def table_section(form: Form, table: Table) -> str:
    """The section whose question asks for the table, so that its progress counts the rows; the table's own title where none asks."""
    asks = table.when[0].fields[0] if table.when else ""
    return next((s.heading for s in form.sections if any(f.id == asks for f in s.fields)), table.title)


def own_sections(form: Form) -> Sequence[Table]:
    """The tables that count as a section of their own."""
    return [t for t in form.listed if table_section(form, t) == t.title and not t.read_only]


def _short(column: Question) -> str:
    """What a row's mark calls a column: a theme's question by its number, any other by its name."""
    return f"question {column.number}" if column.themed else column.name.lower()


def _written(answer: Answer | None, width: float) -> int:
    """How many lines an answer takes that stands there already."""
    text = answer.text if answer else ""
    return min(MOST_LINES, sum(ceil(max(len(line), 1) / (width * LETTERS)) for line in text.split("\n")))


def _lines(text: str, width: float) -> int:
    """How many lines a heading takes, words kept whole."""
    lines, used = 1, 0.0
    for word in text.split():
        size = len(word) / HEAD_LETTERS
        if used and used + 1 + size > width:
            lines, used = lines + 1, 0.0
        used += size + (1 if used else 0)
    return max(lines, ceil(len(text) / HEAD_LETTERS / width))
