"""What stands in a cell → what it means: options with their aliases, people by id or unique name, dates, numbers, children's IDs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from qaf_sheets.dates import is_likely, read_date
from qaf_sheets.model import Answer, Option, Person, Problem, Question, Value
from qaf_sheets.people import match_person
from qaf_sheets.problems import problem
from qaf_sheets.rules import read_child_id, says_nothing

ERRORS = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
NO_CHOICE = {"not applicable", "none", "not known"}
"""Words that choose nothing where a list does not offer them."""
Understood = tuple[Answer, tuple[Problem, ...]]


def understand(question: Question, answer: Answer, people: Sequence[Person]) -> Understood:
    """A filled cell by its question's kind: the answer with its code, and what is to be told of it."""
    read = READERS.get(question.kind)
    if question.kind == "person":
        person = match_person(answer.text, people)
        return (_coded(answer, person.person_id) if person else answer), ()
    return read(question, answer) if read else (answer, ())


def _coded(answer: Answer, code: str) -> Answer:
    return Answer(value=answer.value, sheet=answer.sheet, cell=answer.cell, code=code)


def _prose(question: Question, answer: Answer) -> Understood:
    kept = isinstance(answer.value, str) and _like_formula(answer.value)
    return answer, (problem("KEPT_AS_TEXT", at=answer, of=question),) if kept else ()


def _like_formula(text: str) -> bool:
    """Text Excel would read as a formula; "- a bullet" is only a note."""
    return text.startswith(("=", "+", "@")) or (text.startswith("-") and text[1:2] not in ("", " ", "-"))


def _date(question: Question, answer: Answer) -> Understood:
    read = read_date(answer.value)
    if read is None or not is_likely(read.day):
        return answer, (problem("DATE_UNREADABLE", at=answer, of=question, value=answer.text),)
    dated = answer.model_copy(update={"value": read.day})
    return dated, (problem("SERIAL_READ", at=answer, of=question, serial=answer.value, value=dated.text),) if read.serial else ()


def _number(question: Question, answer: Answer) -> Understood:
    if isinstance(answer.value, (int, float)) and not isinstance(answer.value, bool):
        return answer, ()
    if re.fullmatch(r"[0-9]{1,9}", answer.text):
        return answer.model_copy(update={"value": int(answer.text)}), ()
    return answer, (problem("NUMBER_UNREADABLE", at=answer, of=question, value=answer.text),)


def _choice(question: Question, answer: Answer) -> Understood:
    option = match_option(answer.text, question.options)
    if option:
        told = (problem("READ_AS", at=answer, of=question, value=option.text),) if answer.value != option.text else ()
        return _coded(answer, option.code or option.text), told
    if says_nothing(answer.text) or _plain(answer.text) in NO_CHOICE:  # nothing was chosen: the same as a blank
        return answer, (problem(question.blank or "CHOICE_MISSING", at=answer, of=question),)
    return answer, (problem("NOT_ON_LIST", at=answer, of=question, value=answer.text, options=", ".join(o.text for o in question.options)),)


def _child_id(question: Question, answer: Answer) -> Understood:
    """An ID, whatever a spreadsheet made of it. What has letters in it may be a name, so it is withheld."""
    code = read_child_id(answer.value, question.digits)
    if code:
        told = (problem("CHILD_ID_READ_AS", at=answer, of=question, value=code),) if answer.value != code else ()
        return _coded(answer, code), told
    told = (problem("CHILD_ID_FORMAT", at=answer, of=question, digits=question.digits),)
    return answer.model_copy(update={"value": None, "withheld": True} if any(c.isalpha() for c in answer.text) else {}), told


READERS: Mapping[str, Callable[[Question, Answer], Understood]] = {
    "text": _prose, "long": _prose, "date": _date, "number": _number, "choice": _choice, "child_id": _child_id,
}  # fmt: skip


def match_option(text: str, options: Sequence[Option]) -> Option | None:
    """The option these words mean: its text, code or another spelling, whatever the capitals and spaces."""
    wanted = _plain(text)
    return next((o for o in options if wanted in {_plain(w) for w in (o.text, o.code, *o.aliases) if w}), None)


def _plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").casefold().split())


def is_blank(value: Value) -> bool:
    """Nothing, or only spaces."""
    return value is None or (isinstance(value, str) and not value.replace("\xa0", " ").strip())
