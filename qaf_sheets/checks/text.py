"""What looks like somebody's name, date of birth, NHS number or postcode in an answer in words (case 62). It is pointed out, never changed."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context, asked
from qaf_sheets.model import Form, Problem, Return
from qaf_sheets.problems import problem
from qaf_sheets.telling import full_names, told


def names_in_text(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """One remark for each answer, naming the kinds of things that were found."""
    staff = full_names(p.name for p in context.people.values())
    for field, answer, *_ in asked(content, form):
        found = list(told(answer.text, staff)) if field.kind in ("long", "text") and not field.fixed and answer.text else []
        if found:
            yield problem("NAME_IN_TEXT", at=answer, of=field, kinds=" and ".join(found))
