"""What a check may know beside the answers: the plan's facts and the day. Never the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qaf_sheets.model import Condition, Issue, Person, Question, Record, Return


class Context(Record):
    """The facts around one return. `minimum` is the fewest characters of a prose answer that raise no remark, `minimum_ed` of one on equality and diversity."""

    issue: Issue
    today: date
    people: Mapping[str, Person] = {}
    holidays: frozenset[date] = frozenset()
    minimum: int = 0
    minimum_ed: int = 0


def holds(condition: Condition, content: Return) -> bool:
    """A condition on another answer: by its code or its words."""
    answer = content.answers.get(condition.field)
    return answer is not None and (answer.code in condition.one_of or answer.text in condition.one_of)


def is_needed(field: Question, content: Return) -> bool:
    """Whether an answer must be given, as the form's own formula says it."""
    return field.required and (field.when is None or holds(field.when, content))
