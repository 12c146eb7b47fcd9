"""A returned workbook's answers, each with its true cell. Reads what stands there; what it means for the framework is judged in `checks`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from qaf_sheets.book import Book, cell_name
from qaf_sheets.dates import read_date
from qaf_sheets.forms.locate import At, TableAt, locate, locate_table
from qaf_sheets.forms.values import ERRORS, is_blank, match_option, match_person
from qaf_sheets.model import Answer, Form, Layout, Person, Problem, Question, Record, Return, Table, TablePlace, Value
from qaf_sheets.problems import count, problem


class Reading(Record):
    """The answers, and every problem met in finding and reading them."""

    content: Return
    problems: tuple[Problem, ...] = ()


def read_form(book: Book, form: Form, layout: Layout, people: Sequence[Person]) -> Reading:
    """A returned book by the form and layout it was issued with → answers and problems."""
    reader = _Reader(book, people)
    found = locate(book, layout)
    answers = {}
    for field, place in zip(form.fields, layout.places, strict=True):
        at = found[field.id]
        if at:
            answers[field.id] = reader.answer(field, at)
        else:
            reader.lost(field.name, place.sheet, place.cell, field.id)
            answers[field.id] = Answer(sheet=place.sheet, cell=place.cell)
    rows = {t.id: tuple(reader.rows(t, p)) for t, p in zip(form.tables, layout.tables, strict=True)}
    return Reading(content=Return(answers=answers, rows=rows), problems=tuple(reader.problems))


class _Reader:
    """Reads cells and collects what is worth telling."""

    def __init__(self, book: Book, people: Sequence[Person]) -> None:
        self.book, self.people = book, people
        self.problems: list[Problem] = []
        self.missing_sheets: set[str] = set()

    def lost(self, label: str, sheet: str, cell: str, field: str = "") -> None:
        """An answer that cannot be found; a missing sheet is said once."""
        if sheet not in self.book.sheets:
            if sheet not in self.missing_sheets:
                self.problems.append(problem("SHEET_MISSING", sheet=sheet))
            self.missing_sheets.add(sheet)
            return
        self.problems.append(problem("LAYOUT_CHANGED", sheet=sheet, cell=cell, label=label).model_copy(update={"field": field}))

    def answer(self, field: Question, at: At) -> Answer:
        """One cell read by its question's kind."""
        value = self.book.cell(at.sheet, at.row, at.column)
        cell = cell_name(at.row, at.column)
        answer = Answer(value=None if is_blank(value) else value, sheet=at.sheet, cell=cell)
        formula = cell in self.book.formulas.get(at.sheet, ())
        if cell in self.book.broken.get(at.sheet, ()) or str(value).strip() in ERRORS or (formula and answer.value is None):
            self.problems.append(problem("ERROR_VALUE", at=answer, of=field, value=answer.text or "no result"))
            return answer
        if answer.value is None or field.kind == "locked":
            return answer
        if formula:
            self.problems.append(problem("FORMULA_KEPT", at=answer, of=field))
        return self._by_kind(field, answer)

    def _by_kind(self, field: Question, answer: Answer) -> Answer:
        if field.kind == "date":
            return self._date(field, answer)
        if field.kind == "choice":
            return self._choice(field, answer)
        if field.kind == "person":
            person = match_person(answer.text, self.people)
            return answer.model_copy(update={"code": person.person_id}) if person else answer
        if field.kind in ("text", "long") and isinstance(answer.value, str) and _like_formula(answer.value):
            self.problems.append(problem("KEPT_AS_TEXT", at=answer, of=field))
        if field.kind == "child_id":
            return answer.model_copy(update={"code": answer.text})
        return answer

    def _date(self, field: Question, answer: Answer) -> Answer:
        read = read_date(answer.value)
        if read is None:
            self.problems.append(problem("DATE_UNREADABLE", at=answer, of=field, value=answer.text))
            return answer
        if read.serial:
            self.problems.append(problem("SERIAL_READ", at=answer, of=field, serial=answer.value, value=f"{read.day:%d/%m/%Y}"))
        return answer.model_copy(update={"value": read.day})

    def _choice(self, field: Question, answer: Answer) -> Answer:
        option = match_option(answer.text, field.options)
        if option is None:
            options = ", ".join(o.text for o in field.options)
            self.problems.append(problem("NOT_ON_LIST", at=answer, of=field, value=answer.text, options=options))
            return answer
        if answer.value != option.text:
            self.problems.append(problem("READ_AS", at=answer, of=field, value=option.text))
        return answer.model_copy(update={"code": option.code or option.text})

    def rows(self, table: Table, place: TablePlace) -> Iterator[dict[str, Answer]]:
        """The filled rows of a table; blank ones between them are skipped and said."""
        at = locate_table(self.book, place)
        if at is None:
            self.lost(table.title, place.sheet, f"A{place.header_row}")
            return
        blank = skipped = 0
        for row in range(at.header_row + 1, len(self.book.sheets[at.sheet]) + 1):
            if all(is_blank(self.book.cell(at.sheet, row, column)) for column in at.columns.values()):
                blank += 1
                continue
            skipped, blank = skipped + blank, 0
            yield self._row(table, at, row)
        if skipped:
            self.problems.append(problem("ROWS_SKIPPED", sheet=at.sheet, count=count(skipped, "empty row")))

    def _row(self, table: Table, at: TableAt, row: int) -> dict[str, Answer]:
        return {c.id: self.answer(c, At(at.sheet, row, at.columns[c.id])) for c in table.columns}


def _like_formula(text: str) -> bool:
    """Text Excel would read as a formula; "- a bullet" is only a note."""
    return text.startswith(("=", "+", "@")) or (text.startswith("-") and text[1:2] not in ("", " ", "-"))


def plain(value: Value) -> str | int | float | bool | None:
    """A value as JSON has it: dates in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value
