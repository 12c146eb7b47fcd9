"""The sheets of a table whose rows are sheets of their own: each a question sheet, needed once it is begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qaf_sheets.forms.layout import answer_name, begun_name
from qaf_sheets.forms.needed import Needed, Reason
from qaf_sheets.forms.questions import Writer
from qaf_sheets.look import Book
from qaf_sheets.model import Question, SheetsPlace, Table
from qaf_sheets.rules import is_begun, is_needed, rows_needed
from qaf_sheets.sheets import GrowingSheet


def write_sheets(book: Book, table: Table, sheets: Sequence[GrowingSheet], at: SheetsPlace, needed: Needed, dates: tuple[date, date]) -> None:
    """Each sheet with its questions at their places. `needed` holds what is answered already, and learns which sheets were begun."""
    for n, (sheet, places, row) in enumerate(zip(sheets, at.places, needed.content.rows[table.id], strict=True), 1):
        page = _Page(table, n, needed)
        needed.note_begun(table.group(n), table.columns, now=page.is_begun)
        Writer(book, needed, dates, places, row, name=table.sheet(n), reason=page.reason).sheet(sheet, table.sections)


class _Page:
    """One of the sheets: when its answers are needed. The first is, while none of them was begun."""

    def __init__(self, table: Table, n: int, needed: Needed) -> None:
        self.table, self.n, self.needed, self.rows = table, n, needed, needed.content.rows[table.id]
        self.row, self.is_begun = self.rows[n - 1], is_begun(table, self.rows[n - 1])
        self.groups = [table.group(other) for other in range(1, len(self.rows) + 1)]
        self.cells = {c.id: answer_name(f"{table.group(n)}_{c.id}") for c in table.columns}

    def reason(self, column: Question) -> Reason:
        """Why one of its answers is needed; the key must also tell the sheet from the others."""
        if not column.required:
            return Reason("0", now=False)
        formula, now = self._asked()
        if column.when:
            formula = f"AND({formula},{self.needed.formulas.holds(column.when, self.cells)})"
        now = now and is_needed(column, self.needed.form, self.needed.content, self.row)
        return Reason(formula, now, *self._alone(column)) if column.id == self.table.key else Reason(formula, now)

    def _asked(self) -> tuple[str, bool]:
        """Whether the sheet must be filled in: by formula, and as it stands when written."""
        begun = f"{begun_name(self.groups[self.n - 1])}=1"
        if self.n > 1 or not (self.table.always or self.table.when):
            return begun, self.is_begun
        none = not any(is_begun(self.table, row) for row in self.rows)
        formula = f"OR({begun},AND({self.needed.formulas.asks(self.table)},{'+'.join(map(begun_name, self.groups))}=0))"
        return formula, self.is_begun or (none and rows_needed(self.table, self.needed.form, self.needed.content) is not None)

    def _alone(self, key: Question) -> tuple[str, bool]:
        """The same stands on no other sheet."""
        alike = "+".join(f"(TRIM({answer_name(f'{group}_{key.id}')})=TRIM({self.cells[key.id]}))" for group in self.groups)
        return f"{alike}=1", sum(row[key.id].text == self.row[key.id].text for row in self.rows) == 1
