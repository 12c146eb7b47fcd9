"""The copy that comes back: a clean workbook with every answer that could be read in its place, and each problem at its cell (design decision 4).

It is written anew from the definition, not patched: whatever happened to the original, the copy's locks, lists and progress work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qaf_sheets.forms.fix import Mark
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.read import Reading
from qaf_sheets.forms.write import Sending, fill_form
from qaf_sheets.model import Answer, Form, Problem, Return, Table, Value
from qaf_sheets.problems import problem
from qaf_sheets.references import row_of

SPARE = 5
"""Blank rows left in a table that came back with more than it was issued with."""
LOST = {"LAYOUT_CHANGED": "ANSWER_LOST", "SHEET_MISSING": "SHEET_LOST"}
"""What is said of an answer that could not be found, in a copy where it can be written again."""


class Copy(NamedTuple):
    """The workbook, and the problems with their cells in it."""

    data: bytes
    problems: tuple[Problem, ...]


class _Spot(NamedTuple):
    sheet: str
    cell: str
    value: Value


def mark_up(form: Form, sending: Sending, reading: Reading, problems: Iterable[Problem]) -> Copy:
    """A return that needs fixing → the copy to fix it in. `problems` are as they were found, by the cells of the original."""
    roomy = form.model_copy(update={"tables": tuple(_with_room(t, reading.as_typed) for t in form.tables)})
    spots = _Spots(roomy, reading.as_typed)
    marks = [spots.mark(p) for p in problems if p.level in ("E", "W")]
    marks.sort(key=lambda m: spots.order(m.problem))
    data = fill_form(roomy, sending, reading.as_typed, marks)
    return Copy(data, tuple(m.problem for m in marks))


def _with_room(table: Table, content: Return) -> Table:
    came = len(content.rows.get(table.id, ()))
    return table if came <= table.rows else table.model_copy(update={"rows": came + SPARE})


class _Spots:
    """Where each answer stood in the original → where it stands in the copy, and what it said."""

    def __init__(self, form: Form, content: Return) -> None:
        layout = lay_out(form)
        self.by_field = {p.key: _Spot(p.sheet, p.cell, _value(content.answers.get(p.field))) for p in layout.every}
        self.sheets = [*dict.fromkeys(p.sheet for p in layout.every), *(t.title for t in form.listed)]
        self.moved: dict[tuple[str, str], _Spot] = {}
        for place in layout.places:
            self._note(content.answers.get(place.field), place.sheet, place.cell)
        for repeated in layout.sheets:
            for places, row in zip(repeated.places, content.rows.get(repeated.table, ()), strict=False):
                for place in places:
                    self._note(row.get(place.field), place.sheet, place.cell)
        for at in layout.tables:
            for n, row in enumerate(content.rows.get(at.table, ())):
                self._note_row(row, at.sheet, at.first_row + n, at.columns)

    def _note_row(self, row: Mapping[str, Answer], sheet: str, number: int, columns: Iterable[tuple[str, str, str]]) -> None:
        for column, letters, _ in columns:
            self._note(row.get(column), sheet, f"{letters}{number}")

    def _note(self, answer: Answer | None, sheet: str, cell: str) -> None:
        if answer is not None:
            self.moved[answer.sheet, answer.cell] = _Spot(sheet, cell, answer.value)

    def mark(self, found: Problem) -> Mark:
        """A problem at its cell in the copy; without a cell where it has none there."""
        spot = self.by_field.get(found.field) if found.code in LOST else self.moved.get((found.sheet, found.cell)) or self.by_field.get(found.field)
        said = problem(LOST[found.code], sheet=found.sheet, label=found.label) if found.code in LOST else found
        if spot is None:
            return Mark(problem=found.model_copy(update={"cell": "", "message": said.message}))
        message = said.message.replace(f"sheet '{found.sheet}', cell {found.cell}", f"sheet '{spot.sheet}', cell {spot.cell}")
        return Mark(problem=found.model_copy(update={"sheet": spot.sheet, "cell": spot.cell, "message": message}), sent=spot.value)

    def order(self, found: Problem) -> tuple[int, int, str]:
        """From the top of the form downwards, its tables last: the order in which a person puts things right."""
        sheet = self.sheets.index(found.sheet) if found.sheet in self.sheets else -1
        return sheet, row_of(found.cell), found.cell


def _value(answer: Answer | None) -> Value:
    return answer.value if answer else None
