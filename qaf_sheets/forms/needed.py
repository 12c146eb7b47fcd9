"""The hidden `_check` sheet: one row per question that says by formula whether it is needed and whether it is answered.

The front sheet and the word beside each answer read it. The same rules stand in `rules.py`, which gives every formula its first
value; a form that says "ready to return" must be accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.forms.formulas import Formulas
from qaf_sheets.forms.layout import CHECK, answer_name, begun_name
from qaf_sheets.look import Book
from qaf_sheets.model import Answer, Form, Question, Return
from qaf_sheets.rules import SIGNED, is_answer, is_needed

WRONG = ("choice", "date", "number", "child_id")
"""Kinds whose answer can be wrong: then it is to be put right even where nothing had to be answered."""
EVERY = ": *"
ADVICE = {"choice": "Choose from the list", "date": "Check the date", "long": "Please say more", "number": "Check the number", "child_id": "Check the ID", "person": "Check the name"}


class Row(NamedTuple):
    """One thing that may be needed, as it stands when written."""

    cell: str
    label: str
    section: str
    target: str
    field: Question
    needed: bool
    answered: bool
    word: str


class Reason(NamedTuple):
    """Why a cell of a table's row is needed: by formula, and as it stands when written. `good` is a further test of the answer."""

    formula: str
    now: bool
    good: str = ""
    is_good: bool = True


class Needed:
    """Collects the rows of `_check` for a form that already holds `content`, and gives the formulas that read them."""

    def __init__(self, book: Book, form: Form, content: Return) -> None:
        self.sheet, self.book, self.form, self.content = book.xlsx.add_worksheet(CHECK), book, form, content
        self.formulas = Formulas(form)
        self.rows: list[Row] = []
        self._progress: list[tuple[Worksheet, int, int, str | None, Mapping[str, Any]]] = []
        self._begun, self._missing = 1, 0

    def show_progress(self, sheet: Worksheet, row: int, col: int, section: str | None, **look: Any) -> None:
        """Write "n of m" there once every row is known: the whole form's, or one section's."""
        self._progress.append((sheet, row, col, section, look))

    def add(self, cell: str, field: Question, label: str, section: str, target: str, answer: Answer | None, *, asked: Reason | None = None, listed: bool = False) -> int:
        """A row for one answer cell; `asked` where it stands in a table, `listed` in one row of a list. Returns its row on the sheet."""
        said = answer is not None and (bool(answer.text) or answer.withheld)
        answered = said and answer is not None and is_answer(field, answer, self.form, self.content) and (asked is None or asked.is_good)
        must = asked.now if asked else is_needed(field, self.form, self.content)
        needed = not field.fixed and (must or (field.kind in WRONG and said and not answered))
        quiet = "" if listed else self._quiet(field)
        unlike = ADVICE.get(field.kind, "") if said else "Needed" if needed else quiet
        self.rows.append(Row(cell, label, section, target, field, needed, answered, "" if answered or field.fixed else unlike))
        row = len(self.rows) + 1
        self._write(row, asked, quiet)
        return row

    def _quiet(self, field: Question) -> str:
        """The word beside an answer that need not be given now."""
        may_be_needed = field.required and (field.when or self._spared(field))
        return "Not needed" if may_be_needed and field.mark == "Optional" else field.mark

    def _spared(self, field: Question) -> bool:
        """Whether it need not be answered where there is nothing to report."""
        return bool(self.form.nil) and field.id not in (self.form.nil, *SIGNED)

    def _need(self, field: Question, asked: Reason | None, row: int) -> str:
        if field.fixed:
            return "0"
        must = asked.formula if asked else self.formulas.holds(field.when) if field.when and field.required else "1" if field.required else "0"
        if self._spared(field) and must != "0":
            must = f"AND(NOT({self.formulas.nil()}),{must})"
        return must if field.kind not in WRONG or must == "1" else f"OR({must},AND(F{row}=0,{self.formulas.filled(self.rows[-1].cell)}))"

    def _write(self, row: int, asked: Reason | None, quiet: str) -> None:
        it = self.rows[-1]
        for col, text in enumerate((it.cell, it.label, it.section, it.target)):
            self.sheet.write_string(row - 1, col, text)
        missing = it.needed and not it.answered
        self._missing += missing
        put = self.sheet.write_formula
        answered = self.formulas.answered(it.cell, it.field)
        good = f"AND({answered},{asked.good})" if asked and asked.good else answered
        put(row - 1, 4, f"=IF({self._need(it.field, asked, row)},1,0)", None, int(it.needed))
        put(row - 1, 5, f"=IF({good},1,0)", None, int(it.answered))
        put(row - 1, 6, f"=IF(E{row}*(1-F{row})=1,SUMPRODUCT(E$2:E{row}*(1-F$2:F{row})),0)", None, self._missing if missing else 0)
        unlike = f'IF({self.formulas.filled(it.cell)},"{ADVICE.get(it.field.kind, "")}",IF(E{row}=1,"Needed","{quiet}"))'
        words = '""' if it.field.fixed else f'IF(F{row}=1,"",{unlike})'
        put(row - 1, 7, f"={words}", None, it.word)

    def note_begun(self, group: str, fields: Iterable[Question], *, now: bool) -> None:
        """A named cell that says whether a repeated sheet was begun: something stands there that we did not fill in."""
        cells = "+".join(f"LEN(TRIM({answer_name(f'{group}_{f.id}')}))" for f in fields if f.begins)
        self.sheet.write_string(0, 9, "begun")
        self.sheet.write_formula(self._begun, 9, f"=IF({cells}>0,1,0)", None, int(now))
        self._begun += 1
        self.book.xlsx.define_name(begun_name(group), f"={CHECK}!$J${self._begun}")

    def finish(self) -> None:
        """Name the columns, say the progress where it was asked for, and hide the sheet."""
        for sheet, row, col, section, look in self._progress:
            sheet.write_formula(row, col, "=" + progress(section), self.book.fmt(**look), self.said(section))
        for col, head in enumerate(("id", "label", "section", "target", "needed", "answered", "order", "word")):
            self.sheet.write_string(0, col, head)
            self.book.xlsx.define_name(f"chk_{head}", f"={CHECK}!${'ABCDEFGH'[col]}$2:${'ABCDEFGH'[col]}${len(self.rows) + 1}")
        self.sheet.protect("")
        self.sheet.hide()

    def count(self, section: str | None = None) -> tuple[int, int]:
        """(answered, needed) as they stand when written."""
        rows = [r for r in self.rows if r.needed and (section in (None, r.section) or section == every_of(r.section.partition(": ")[0]))]
        return sum(r.answered for r in rows), len(rows)

    def said(self, section: str | None = None) -> str:
        """The same as `progress` says, as it stands when written."""
        done, of = self.count(section)
        return f"{done} of {of}" if of else "Optional"

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels still needed when written, in order."""
        return tuple(r.label for r in self.rows if r.needed and not r.answered)


def progress(section: str | None = None) -> str:
    """A formula for "n of m", for the whole form, one section, or all of a repeated sheet; "Optional" where nothing is needed."""
    start = section[:-1] if section and section.endswith(EVERY) else ""
    one = f'LEFT(chk_section,{len(start)})="{quoted(start)}"' if start else f'chk_section="{quoted(section or "")}"'
    only = f"({one})*" if section else ""
    needed = f"SUMPRODUCT({only}chk_needed)"
    return f'IF({needed}=0,"Optional",SUMPRODUCT({only}chk_needed*chk_answered)&" of "&{needed})'


def every_of(sheet: str) -> str:
    """All sections of a sheet that is repeated; one of them is "Child 1: " with its heading."""
    return f"{sheet}{EVERY}"


def quoted(text: str) -> str:
    """Text inside a formula's quotation marks."""
    return text.replace('"', '""')
