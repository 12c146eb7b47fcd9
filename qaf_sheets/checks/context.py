"""What a check may know beside the answers: the plan's facts, the other returns' children, what else the workbook holds, and the day. Never the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from qaf_sheets.model import Answer, Child, Form, Issue, Person, Question, Record, Return
from qaf_sheets.model.base import Part
from qaf_sheets.rules import Piece, Row


class Context(Record):
    """The facts around one return.

    `minimum` is the fewest characters of a prose answer that raise no remark, `minimum_ed` of one on equality and diversity. `elsewhere`
    is child → what other counted returns of the quarter looked at it: (month, activity). `observed` are the people whose observation by
    the same manager counts already this year. `managers_barred`: the case's team manager may not review it.

    Of the workbook itself: `comments` are the (sheet, cell) of people's own, `hidden_rows` and `hidden_sheets` what they hid, `unread_sheets`
    the sheets with something on them that are no part of the form, and `lost_tables` the titles of tables that could not be found.
    """

    issue: Issue
    today: date
    people: Mapping[str, Person] = {}
    holidays: frozenset[date] = frozenset()
    minimum: int = 0
    minimum_ed: int = 0
    children: Mapping[str, Child] = {}
    elsewhere: Mapping[str, tuple[tuple[str, str], ...]] = {}
    observed: frozenset[str] = frozenset()
    managers_barred: bool = True
    comments: tuple[tuple[str, str], ...] = ()
    hidden_rows: Mapping[str, frozenset[int]] = {}
    hidden_sheets: frozenset[str] = frozenset()
    unread_sheets: tuple[str, ...] = ()
    lost_tables: frozenset[str] = frozenset()


class Asked(NamedTuple):
    """One question with its answer; in a table, with the row it stands in and, in a list, what that row is called ("Action 2")."""

    question: Question
    answer: Answer
    row: Row | None = None
    called: str = ""

    @property
    def listed(self) -> bool:
        """Whether it is a cell of a list's row, and not a question with a line of its own."""
        return bool(self.called)


def asked(content: Return, form: Form) -> Iterator[Asked]:
    """Every question with its answer, where the answer could be found: those asked once, then the tables' rows."""
    for field in form.fields:
        if field.id in content.answers:
            yield Asked(field, content.answers[field.id])
    for table in form.tables:
        for n, row in enumerate(content.rows.get(table.id, ()), 1):
            yield from (Asked(column, row[column.id], row, "" if table.sheets else f"{table.row} {n}") for column in table.columns if column.id in row)


def of_part(content: Return, form: Form, part: Part) -> Answer | None:
    """The answer that plays a part, among those asked once; None when the form does not ask it."""
    question = form.part(part)
    return content.answers.get(question.id) if question else None


def of_piece(piece: Piece, form: Form, part: Part) -> Answer | None:
    """The answer that plays a part in one piece of work, there or asked once for all."""
    question = form.part_of_piece(part)
    return piece.answers.get(question.id) if question else None


def graded_by(it: Asked, content: Return, form: Form) -> str:
    """The code of the grade beside an area's evaluation; '' where nothing is graded there."""
    asked_there = (*form.fields, *(form.pieces.columns if form.pieces and it.row is not None else ()))
    beside = next((f.id for f in asked_there if f.beside == it.question.id), "")
    found = (it.row or content.answers).get(beside)
    return found.code if found else ""
