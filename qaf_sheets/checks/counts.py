"""Checks of numbers: whole ones, and no more in the parts than in the whole (case 76)."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context, asked
from qaf_sheets.model import Form, Problem, Return
from qaf_sheets.problems import problem
from qaf_sheets.rules import beyond, is_count, overfull, parts_of, sum_of_parts


def whole_numbers(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A number that nobody can have counted: a fraction, or less than nought."""
    del context
    for field, answer, *_ in asked(content, form):
        if field.kind == "number" and isinstance(answer.value, (int, float)) and not is_count(answer.value):
            yield problem("NOT_A_COUNT", at=answer, of=field, value=answer.text)


def more_than_the_whole(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A count of some that is more than the count of all."""
    del context
    whole = {f.id: f for f in form.fields}
    for field, answer, row, _ in asked(content, form):
        if row is None and field.within and beyond(field, content):
            total = content.answers[field.within]
            yield problem("COUNT_BEYOND", at=answer, of=field, value=answer.text, whole=whole[field.within].name, total=total.text)


def parts_exceed(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The parts of a count come to more than it: Gold, Green, Amber and Red than all plans."""
    del context
    for field, answer, row, _ in asked(content, form):
        if row is None and overfull(field, form, content):
            names = [f.name for f in parts_of(field, form)]
            yield problem("COUNTS_EXCEED", at=answer, of=field, value=answer.text, sum=sum_of_parts(field, form, content), parts=f"{', '.join(names[:-1])} and {names[-1]}")
