"""What a check may know beside the answers: the plan's facts, the other returns' children, and the day. Never the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from qaf_sheets.model import Answer, Child, Form, Issue, Person, Question, Record, Return
from qaf_sheets.rules import Row


class Context(Record):
    """The facts around one return.

    `minimum` is the fewest characters of a prose answer that raise no remark, `minimum_ed` of one on equality and diversity. `elsewhere`
    is child → what other counted returns of the quarter looked at it: (month, activity). `observed` are the people whose observation by
    the same manager counts already this year. `managers_barred`: the case's team manager may not review it.
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


class Asked(NamedTuple):
    """One question with its answer; in a table, with the row it stands in."""

    question: Question
    answer: Answer
    row: Row | None = None


def asked(content: Return, form: Form) -> Iterator[Asked]:
    """Every question with its answer, where the answer could be found: those asked once, then the tables' rows."""
    for field in form.fields:
        if field.id in content.answers:
            yield Asked(field, content.answers[field.id])
    for table in form.tables:
        for row in content.rows.get(table.id, ()):
            yield from (Asked(column, row[column.id], row) for column in table.columns if column.id in row)


def of_part(content: Return, form: Form, part: str) -> Answer | None:
    """The answer that plays a part, among those asked once; None when the form does not ask it."""
    return next((a.answer for a in asked(content, form) if a.row is None and a.question.part == part), None)
