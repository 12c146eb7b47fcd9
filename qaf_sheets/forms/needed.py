"""The hidden `_check` sheet: one row per question that says by formula whether it is needed and whether it is answered.

The front sheet and the word beside each answer read it. The same rules stand in `checks`; a form that says "ready to
return" must be accepted. No array or new functions and no TODAY(): LibreOffice and old Excel calculate it alike.
"""

from __future__ import annotations

from typing import NamedTuple

from xlsxwriter.utility import quote_sheetname

from qaf_sheets.forms.layout import CHECK
from qaf_sheets.look import Book
from qaf_sheets.model import Condition, Form, Question


class Row(NamedTuple):
    """One thing that may be needed, as it stands when issued."""

    cell: str
    label: str
    section: str
    target: str
    field: Question
    needed: bool
    answered: bool
    word: str


class Needed:
    """Collects the rows of `_check`, and gives the formulas that read them."""

    def __init__(self, book: Book, form: Form) -> None:
        self.sheet, self.book, self.form = book.xlsx.add_worksheet(CHECK), book, form
        self.rows: list[Row] = []

    def add(self, cell: str, field: Question, label: str, section: str, target: str, *, value: object = None, when: str = "", quiet: str = "") -> int:
        """A row for one answer cell. `when` is a formula that says whether it is needed. Returns its row on the sheet."""
        needed = field.required and not when and not field.when
        answered = value not in (None, "")
        word = "" if answered else "Needed" if needed else (quiet if when else "Not needed" if field.when and field.required else field.mark)
        word = "" if field.kind == "locked" else word
        self.rows.append(Row(cell, label, section, target, field, needed, answered, word))
        row = len(self.rows) + 1
        self._write(row, when or self._need(field), quiet if when else "Not needed" if field.when else field.mark)
        return row

    def _need(self, field: Question) -> str:
        if not field.required:
            return "0"
        return self.holds(field.when) if field.when else "1"

    def holds(self, condition: Condition) -> str:
        """A condition as a formula: the other answer is one of the words that count."""
        other = next(f for f in self.form.fields if f.id == condition.field)
        words = [w for o in other.options if {o.text, o.code} & set(condition.one_of) for w in (o.text, *o.aliases)]
        return "OR(" + ",".join(f'TRIM(q_{other.id})="{w}"' for w in words or condition.one_of) + ")"

    def _write(self, row: int, need: str, quiet: str) -> None:
        it = self.rows[-1]
        for col, text in enumerate((it.cell, it.label, it.section, it.target)):
            self.sheet.write_string(row - 1, col, text)
        missing = sum(r.needed and not r.answered for r in self.rows)
        put = self.sheet.write_formula
        put(row - 1, 4, f"=IF({need},1,0)", None, int(it.needed))
        put(row - 1, 5, f"=IF({answered(it.cell, it.field)},1,0)", None, int(it.answered))
        put(row - 1, 6, f"=IF(E{row}*(1-F{row})=1,SUMPRODUCT(E$2:E{row}*(1-F$2:F{row})),0)", None, missing if it.word == "Needed" else 0)
        unlike = f'IF({filled(it.cell)},"{_advice(it.field)}",IF(E{row}=1,"Needed","{quiet}"))'
        words = '""' if it.field.kind == "locked" else f'IF(F{row}=1,"",{unlike})'
        put(row - 1, 7, f"={words}", None, it.word)

    def finish(self) -> None:
        """Name the columns and hide the sheet."""
        for col, head in enumerate(("id", "label", "section", "target", "needed", "answered", "order", "word")):
            self.sheet.write_string(0, col, head)
            self.book.xlsx.define_name(f"chk_{head}", f"={CHECK}!${'ABCDEFGH'[col]}$2:${'ABCDEFGH'[col]}${len(self.rows) + 1}")
        self.sheet.protect("")
        self.sheet.hide()

    def count(self, section: str | None = None) -> tuple[int, int]:
        """(answered, needed) as they stand when issued."""
        rows = [r for r in self.rows if r.needed and section in (None, r.section)]
        return sum(r.answered for r in rows), len(rows)

    def said(self, section: str | None = None) -> str:
        """The same as `progress` says, as it stands when issued."""
        done, of = self.count(section)
        return f"{done} of {of}" if of else "Optional"

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels still needed when issued, in order."""
        return tuple(r.label for r in self.rows if r.needed and not r.answered)


def progress(section: str | None = None) -> str:
    """A formula for "n of m", for the whole form or one section; "Optional" where nothing is needed."""
    only = f'(chk_section="{quoted(section)}")*' if section else ""
    needed = f"SUMPRODUCT({only}chk_needed)"
    return f'IF({needed}=0,"Optional",SUMPRODUCT({only}chk_needed*chk_answered)&" of "&{needed})'


def quoted(text: str) -> str:
    """Text inside a formula's quotation marks."""
    return text.replace('"', '""')


def filled(cell: str) -> str:
    """Something stands in the cell, not only spaces."""
    return f'LEN(TRIM(CLEAN(SUBSTITUTE({cell},CHAR(160)," "))))>0'


def answered(cell: str, field: Question) -> str:
    """The cell holds an answer the service will accept, as far as a formula can tell."""
    if field.kind == "choice":
        return f"SUMPRODUCT(--(a_{field.list}=TRIM({cell})))>0"
    if field.kind == "date":
        return f'OR(ISNUMBER({cell}),LEN({cell})-LEN(SUBSTITUTE({cell},"/",""))=2)'
    if field.kind == "long":
        return f"AND({filled(cell)},SUMPRODUCT(--(l__weak=TRIM(CLEAN({cell}))))=0)"
    return filled(cell)


def _advice(field: Question) -> str:
    return {"choice": "Choose from the list", "date": "Check the date", "long": "Please say more"}.get(field.kind, "")


def sheet_cell(sheet: str, cell: str) -> str:
    """A cell of another sheet as a formula names it."""
    return f"{quote_sheetname(sheet)}!{cell}"
