"""The rules of `rules.py` as spreadsheet formulas. No array or new functions and no TODAY(): LibreOffice and old Excel calculate them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from qaf_sheets.dates import SERIALS
from qaf_sheets.forms.layout import TABLE_HEADER, answer_name
from qaf_sheets.model import Condition, Form, Question, Table
from qaf_sheets.rules import LOST_ZEROS, PROSE, asked_as, parts_of, table_of


class Formulas:
    """Formulas over one form's answers; a name or a cell stands for an answer."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def holds(self, condition: Condition, row: Mapping[str, str] | None = None) -> str:
        """A condition. `row` gives the cells of the same table row, or of the same sheet that is repeated, by column."""
        if condition.rows:
            table = table_of(self.form, condition.rows)
            return f"{count_filled(key_cells(table))}<{condition.fewer_than}"
        if condition.apart:
            first, second = (self._step(field, row) for field in condition.apart)
            return f"AND({first}>0,{second}>0,ABS({first}-{second})>={condition.by})"
        tests = [self._one(condition, field, cell, row) for field in condition.fields for cell in self._cells(field, row)]
        return f"OR({','.join(tests)})" if tests else "FALSE"

    def asks(self, table: Table) -> str:
        """The form asks for at least one row of a table."""
        return "TRUE" if table.always else f"OR({','.join(self.holds(c) for c in table.when)})"

    def nil(self) -> str:
        """The form says that there is nothing to report; '' where it does not ask."""
        return self.holds(Condition(fields=(self.form.nil,), one_of=("Yes",))) if self.form.nil else ""

    def _cells(self, field: str, row: Mapping[str, str] | None) -> Sequence[str]:
        """Where the answer that is meant stands; from outside a sheet that is repeated, on each of them."""
        table = self.form.pieces
        if row is None and table and any(c.id == field for c in table.columns):
            return [answer_name(f"{table.group(n)}_{field}") for n in range(1, table.rows + 1)]
        return [(row or {}).get(field) or answer_name(field)]

    def _one(self, condition: Condition, field: str, cell: str, row: Mapping[str, str] | None) -> str:
        if not condition.one_of:
            return self.filled(cell)
        asked = next(f for f in (*(c for t in self.form.tables if row or t.sheets for c in t.columns), *self.form.fields) if f.id == field)
        known = [w for o in asked.options if {o.text, o.code} & set(condition.one_of) for w in (o.text, o.code, *o.aliases) if w]
        return ",".join(f'TRIM({cell})="{w}"' for w in dict.fromkeys(known or condition.one_of))

    def _step(self, field: str, row: Mapping[str, str] | None) -> str:
        """How far down its list a choice stands, 1 the first; 0 when it is not on it."""
        name = asked_as(self.form, field).list
        return f"SUMPRODUCT((a_{name}=TRIM({(row or {}).get(field) or answer_name(field)}))*n_{name})"

    def filled(self, cell: str) -> str:
        """Something stands in the cell, not only spaces."""
        return f'LEN(TRIM(CLEAN(SUBSTITUTE({cell},CHAR(160)," "))))>0'

    def answered(self, cell: str, field: Question) -> str:
        """The cell holds an answer the service will accept, as far as a formula can tell."""
        if field.kind == "choice":
            return f"SUMPRODUCT(--(a_{field.list}=TRIM({cell})))>0"
        if field.kind == "date":
            return self._date(cell, field)
        if field.kind == "number":
            return self._count(cell, field)
        if field.kind == "child_id":
            return _child_id(cell, field.digits)
        if field.kind in PROSE:
            return f"AND({self.filled(cell)},SUMPRODUCT(--(l__weak=TRIM(CLEAN({cell}))))=0)"
        return self.filled(cell)

    def _count(self, cell: str, field: Question) -> str:
        """A whole number that is not more than the count it lies within, and not less than its parts together."""
        whole = answer_name(field.within) if field.within else ""
        within = [f"OR(NOT(ISNUMBER({whole})),{cell}<={whole})"] if whole else []
        parts = ",".join(answer_name(f.id) for f in parts_of(field, self.form))
        together = [f"SUM({parts})<={cell}"] if parts else []
        return f"IF(ISNUMBER({cell}),AND({','.join([f'{cell}>=0', f'INT({cell})={cell}', *within, *together])}),FALSE)"

    def _date(self, cell: str, field: Question) -> str:
        """A date of ours, typed or as UK text, and not before the day of the work where it may not be."""
        either = f"OR(AND(ISNUMBER({cell}),{cell}>={SERIALS.start},{cell}<{SERIALS.stop}),{_typed_date(cell)})"
        work = self.form.work_day
        if not (work and field.too_early):
            return either
        day = answer_name(work.id)
        return f"AND({either},NOT(AND(ISNUMBER({cell}),ISNUMBER({day}),{cell}<{day})))"


def _typed_date(cell: str) -> str:
    """13/12/2026 written as text: day, month and a four-figure year that make a date."""
    text = f"TRIM({cell})"
    first, second = f'FIND("/",{text})', f'FIND("/",{text},FIND("/",{text})+1)'
    day, month, year = f"VALUE(LEFT({text},{first}-1))", f"VALUE(MID({text},{first}+1,{second}-{first}-1))", f"MID({text},{second}+1,9)"
    made = f"DATE(VALUE({year}),{month},{day})"
    return f"IFERROR(AND(ISTEXT({cell}),LEN({year})=4,DAY({made})={day},MONTH({made})={month},{made}>={SERIALS.start},{made}<{SERIALS.stop}),FALSE)"


def _child_id(cell: str, digits: int) -> str:
    """So many digits, or a number that lost its leading zeros."""
    places = ",".join(str(n) for n in range(1, digits + 1))
    text = f'AND(LEN(TRIM({cell}))={digits},SUMPRODUCT(--ISNUMBER(FIND(MID(TRIM({cell}),{{{places}}},1),"0123456789")))={digits})'
    return f"OR({text},AND(ISNUMBER({cell}),LEN({cell})>={digits - LOST_ZEROS},LEN({cell})<={digits},IF(ISNUMBER({cell}),INT({cell})={cell},FALSE)))"


def key_cells(table: Table) -> str:
    """All cells of a table's key, as issued."""
    at = [c.id for c in table.columns].index(table.key) + 1
    first, last = (xl_rowcol_to_cell(row, at, row_abs=True, col_abs=True) for row in (TABLE_HEADER, TABLE_HEADER + table.rows - 1))
    return f"{sheet_cell(table.title, first)}:{last}"


def count_filled(cells: str) -> str:
    """How many of some cells hold more than spaces."""
    return f"SUMPRODUCT(--(LEN(TRIM({cells}))>0))"


def sheet_cell(sheet: str, cell: str) -> str:
    """A cell of another sheet as a formula names it."""
    return f"{quote_sheetname(sheet)}!{cell}"
