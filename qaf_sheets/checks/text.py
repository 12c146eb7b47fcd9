"""What looks like somebody's name, date of birth, NHS number or postcode in an answer in words (case 62). It is pointed out, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qaf_sheets.checks.context import Context, asked
from qaf_sheets.model import Form, Problem, Return
from qaf_sheets.problems import problem

BORN = re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth)\b\D{0,12}\d{1,2}(?:[/.\- ]\d{1,2}[/.\- ]\d{2,4}|(?:st|nd|rd|th)? [A-Z][a-z]+ \d{4})", re.IGNORECASE)
POSTCODE = re.compile(r"\b[A-PR-UWYZ][A-Z]?\d[A-Z\d]? ?\d(?!st|nd|rd|th)[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
"""Areas never start with Q, which is a quarter; "1st" is no end of a postcode."""
NHS = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")


def names_in_text(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """One remark for each answer, naming the kinds of things that were found."""
    staff = {p.name.casefold() for p in context.people.values() if " " in p.name}
    for field, answer, *_ in asked(content, form):
        found = list(_kinds(answer.text, staff)) if field.kind in ("long", "text") and not field.fixed and answer.text else []
        if found:
            yield problem("NAME_IN_TEXT", at=answer, of=field, kinds=" and ".join(found))


def _kinds(text: str, staff: set[str]) -> Iterator[str]:
    plain = " ".join(text.casefold().split())
    if any(re.search(rf"\b{re.escape(name)}\b", plain) for name in staff if name in plain):
        yield "a name"
    if BORN.search(text):
        yield "a date of birth"
    if any(_is_nhs("".join(n)) for n in NHS.findall(text)):
        yield "an NHS number"
    if POSTCODE.search(text):
        yield "a postcode"


def _is_nhs(digits: str) -> bool:
    """Whether the last of ten digits is the check digit of the others."""
    rest = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (11 - rest) % 11 == int(digits[9])
