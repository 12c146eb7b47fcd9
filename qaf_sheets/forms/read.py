"""A returned workbook's answers, each with its true cell. Reads what stands there; what it means for the framework is judged in `checks`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date

from qaf_sheets.book import Book
from qaf_sheets.forms.locate import At, TableAt, headings, locate, locate_table
from qaf_sheets.forms.names import IN_NAMES, NAMED, finder
from qaf_sheets.forms.values import ERRORS, is_blank, understand
from qaf_sheets.model import Answer, Form, Layout, Person, Place, Problem, Question, Record, Return, SheetsPlace, Table, TablePlace, Value
from qaf_sheets.problems import count, problem
from qaf_sheets.references import cell_name
from qaf_sheets.rules import is_begun, table_of

MOST_ROWS = 500
"""Rows that are read of one table, many times what a form has room for: something pasted over the whole sheet would take minutes to judge and write back."""
PICKED = re.compile(r"\([\w-]+\)$")
"""How a person of the staff ends on a form's list: Avery Exampleworth (P031)."""
TO_1904 = 1462
"""Days between the two days from which a workbook may count."""


class Reading(Record):
    """The answers, and every problem met in finding and reading them. `as_typed` alone holds withheld answers: it is never stored.

    `tables` says on which sheet each table was found, by the sheet it was issued on; None where it was not.
    """

    content: Return
    problems: tuple[Problem, ...] = ()
    as_typed: Return
    tables: Mapping[str, str | None] = {}

    @property
    def withheld(self) -> tuple[Answer, ...]:
        """The answers that are withheld as they were typed, each with its true cell: never stored either."""
        typed = (self.as_typed.answers, *(row for rows in self.as_typed.rows.values() for row in rows))
        kept = (self.content.answers, *(row for rows in self.content.rows.values() for row in rows))
        return tuple(t[k] for t, row in zip(typed, kept, strict=True) for k, a in row.items() if a.withheld)

    @property
    def names(self) -> tuple[Value, ...]:
        """What stands in the cells whose answer is withheld."""
        return tuple(a.value for a in self.withheld)


def read_form(book: Book, form: Form, layout: Layout, people: Sequence[Person]) -> Reading:
    """A returned book by the form and layout it was issued with → answers and problems."""
    reader = _Reader(book, people)
    found = locate(book, layout)
    answers = {}
    for field, place in zip(form.fields, layout.places, strict=True):
        answers[field.id] = reader.at(field, place, found[place.key])
    lists = {t.id: tuple(reader.rows(t, p)) for t, p in zip(form.listed, layout.tables, strict=True)}
    sheets = {s.table: tuple(reader.sheets(table_of(form, s.table), s, found)) for s in layout.sheets}
    rows = {t.id: {**lists, **sheets}[t.id] for t in form.tables}
    issued = {*(p.sheet for p in layout.every), *(t.sheet for t in layout.tables)}
    return _withhold(Return(answers=answers, rows=rows), form, reader, issued)


class _Reader:
    """Reads cells and collects what is worth telling. `typed` is what stands in the cells whose answer is withheld."""

    def __init__(self, book: Book, people: Sequence[Person]) -> None:
        self.book, self.people = book, people
        self.problems: list[Problem] = []
        self.missing_sheets: set[str] = set()
        self.typed: dict[tuple[str, str], Value] = {}
        self.tables: dict[str, str | None] = {}

    def lost(self, label: str, sheet: str, cell: str, field: str = "") -> None:
        """An answer that cannot be found; a missing sheet is said once."""
        if sheet not in self.book.sheets:
            if sheet not in self.missing_sheets:
                self.problems.append(problem("SHEET_MISSING", sheet=sheet))
            self.missing_sheets.add(sheet)
            return
        self.problems.append(problem("LAYOUT_CHANGED", sheet=sheet, cell=cell, label=label).model_copy(update={"field": field}))

    def at(self, field: Question, place: Place, at: At | None) -> Answer:
        """The answer to one question where it was found; a blank, and a problem, where it was not."""
        if at:
            return self.answer(field, at)
        self.lost(field.name, place.sheet, place.cell, place.key)
        return Answer(sheet=place.sheet, cell=place.cell)

    def sheets(self, table: Table, issued: SheetsPlace, found: Mapping[str, At | None]) -> Iterator[dict[str, Answer]]:
        """What stands on each sheet that is repeated; those nobody wrote on are left out."""
        for places in issued.places:
            row = {c.id: self.at(c, place, found[place.key]) for c, place in zip(table.columns, places, strict=True)}
            self.tables[places[0].sheet] = next((at.sheet for p in places if (at := found[p.key])), None)
            if is_begun(table, row):
                yield row

    def answer(self, field: Question, at: At) -> Answer:
        """One cell read by its question's kind."""
        value = self.book.cell(at.sheet, at.row, at.column)
        if self.book.since_1904 and field.kind == "date" and isinstance(value, (int, float)) and not isinstance(value, bool):
            value += TO_1904
        cell = cell_name(at.row, at.column)
        answer = Answer(value=None if is_blank(value) else value, sheet=at.sheet, cell=cell)
        formula = cell in self.book.formulas.get(at.sheet, ())
        if cell in self.book.broken.get(at.sheet, ()) or str(value).strip() in ERRORS or (formula and answer.value is None):
            self.problems.append(problem("ERROR_VALUE", at=answer, of=field, value=answer.text or "no result"))
            return answer
        if answer.value is None:
            return answer
        if formula:
            self.problems.append(problem("FORMULA_KEPT", at=answer, of=field))
        read, told = understand(field, answer, self.people)
        self.problems += told
        if field.withheld or read.withheld:
            self.typed[at.sheet, cell] = value
            return read.model_copy(update={"value": None, "withheld": True})
        return read

    def rows(self, table: Table, place: TablePlace) -> Iterator[dict[str, Answer]]:
        """The filled rows of a table; blank ones between them are skipped and said."""
        at = locate_table(self.book, place)
        self.tables[place.sheet] = at.sheet if at else None
        if at is None:
            self.lost(table.title, place.sheet, f"A{place.header_row}")
            return
        blank = skipped = filled = 0
        for row in range(at.header_row + 1, len(self.book.sheets[at.sheet]) + 1):
            if all(is_blank(self.book.cell(at.sheet, row, column)) for column in at.columns.values()):
                blank += 1
                continue
            if headings(self.book, at.sheet, row, place):  # the headings again, copied with the rows below them
                continue
            if filled == MOST_ROWS:
                self.problems.append(problem("ROWS_TOO_MANY", sheet=at.sheet, label=table.title, most=MOST_ROWS))
                break
            skipped, blank, filled = skipped + blank, 0, filled + 1
            yield self._row(table, at, row)
        if skipped:
            self.problems.append(problem("ROWS_SKIPPED", sheet=at.sheet, count=count(skipped, "empty row")))

    def _row(self, table: Table, at: TableAt, row: int) -> dict[str, Answer]:
        return {c.id: self.answer(c, At(at.sheet, row, at.columns[c.id])) for c in table.columns}


def _withhold(content: Return, form: Form, reader: _Reader, issued: Set[str]) -> Reading:
    """Take a child's name out of every other answer and message, and say where it stood."""
    named = finder(str(value) for value in reader.typed.values())
    safe = _Safe(named, issued)
    kept = Return(answers=safe.row(content.answers, form.fields), rows={t.id: tuple(safe.row(r, t.columns) for r in content.rows[t.id]) for t in form.tables})
    told = (*reader.problems, *safe.problems)
    return Reading(content=kept, problems=without_names(told, named), as_typed=_as_typed(content, reader.typed), tables=reader.tables)


def without_names(problems: Iterable[Problem], named: re.Pattern[str] | None) -> tuple[Problem, ...]:
    """Problems that name no child (as `finder` finds them): neither in their words nor by a sheet that was called so."""
    return tuple(p.model_copy(update={"message": named.sub(NAMED, p.message), "sheet": named.sub(IN_NAMES, p.sheet)}) if named else p for p in problems)


class _Safe:
    """Answers without a name in them; `ours` are the sheets that a form was issued with."""

    def __init__(self, named: re.Pattern[str] | None, ours: Set[str]) -> None:
        self.named, self.ours = named, ours
        self.problems: list[Problem] = []

    def row(self, answers: Mapping[str, Answer], questions: Sequence[Question]) -> dict[str, Answer]:
        return {q.id: self._answer(q, answers[q.id]) for q in questions}

    def _answer(self, question: Question, answer: Answer) -> Answer:
        """What was chosen from a list, a person of the staff among them, is no child's name, whatever words it has."""
        if self.named is None:
            return answer
        if answer.sheet not in self.ours:
            answer = answer.model_copy(update={"sheet": self.named.sub(IN_NAMES, answer.sheet)})
        if not isinstance(answer.value, str) or _is_chosen(question, answer) or not self.named.search(answer.value):
            return answer
        self.problems.append(problem("CHILD_NAMED", at=answer, of=question))
        return answer.model_copy(update={"value": self.named.sub(NAMED, answer.value)})


def _is_chosen(question: Question, answer: Answer) -> bool:
    """Whether an answer was picked from what the form offers: told by its words alone, since the staff of the day may be another later."""
    return bool(answer.code) if question.kind == "choice" else question.kind == "person" and PICKED.search(answer.text) is not None


def _as_typed(content: Return, typed: Mapping[tuple[str, str], Value]) -> Return:
    def row(answers: Mapping[str, Answer]) -> dict[str, Answer]:
        return {k: a.model_copy(update={"value": typed[a.sheet, a.cell]}) if a.withheld and (a.sheet, a.cell) in typed else a for k, a in answers.items()}

    return Return(answers=row(content.answers), rows={t: tuple(row(r) for r in rows) for t, rows in content.rows.items()})


def plain(value: Value) -> str | int | float | bool | None:
    """A value as JSON has it: dates in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value
