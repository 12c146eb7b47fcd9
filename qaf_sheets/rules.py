"""What a form's formulas and the checks agree on: when an answer is needed, and what counts as one (design decision 13).

`forms/needed.py` says the same in formulas; a form that says "ready to return" must be accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from qaf_sheets.dates import is_likely
from qaf_sheets.model import Answer, Condition, Form, Question, Return, Table

WEAK = (
    "n/a", "na", "tbc", "tba", "tbd", "see above", "as above", "to follow", "to be confirmed", "none given", ".", "..", "...", "-", "--", "x", "?",
)  # fmt: skip
"""Words that do not answer a prose question (specification 10, case 18)."""
PROSE = ("long", "person")
"""Kinds that a weak word does not answer: prose, and a person ("tbc" is nobody)."""
HEARD = ("Child", "Parent/carer", "Both")
"""The family contacts in which somebody was heard."""
MODERATED = ("Outstanding", "Inadequate")
"""The grades that are moderated in any case (specification 5, check 7)."""
LOST_ZEROS = 2
"""A number in an ID's cell may have lost this many leading zeros (case 36)."""
Row = Mapping[str, Answer]
SIGNED = ("completed_by", "completed_on")
"""What is needed even where there is nothing to report."""


class Piece(NamedTuple):
    """One child's or person's part of a return: what is moderated, fed back and filed. `key` is added to the return's reference; '' for the whole."""

    key: str
    answers: Row


def pieces(form: Form, content: Return) -> tuple[Piece, ...]:
    """A return's pieces of work: the sheets it has for one child each, with the answers given once for all; else the whole return."""
    table = form.pieces
    if table is None:
        return (Piece("", content.answers),)
    rows = enumerate(content.rows.get(table.id, ()), 1)
    return tuple(Piece(f"/{_sheet_number(table, row, n)}", {**content.answers, **row}) for n, row in rows if row[table.key].text or row[table.key].withheld)


def _sheet_number(table: Table, row: Row, nth: int) -> int:
    """The number of the sheet a row was written on, so that a blank sheet before it moves nothing; its place where the sheet was renamed."""
    return next((n for n in range(1, table.rows + 1) if table.sheet(n) == row[table.key].sheet), nth)


def is_nil(form: Form, content: Return) -> bool:
    """Whether a return says that there is nothing to report, which is an answer (specification 2.0, NIL)."""
    return bool(form.nil) and content.code(form.nil) == "Yes"


def holds(condition: Condition, form: Form, content: Return, row: Row | None = None) -> bool:
    """Whether a condition on other answers is met: in a table, on answers of the same row; from outside it, on any piece of work's."""
    if condition.rows:
        return len(counted_rows(table_of(form, condition.rows), content)) < condition.fewer_than
    answers = content.answers if row is None else {**content.answers, **row}
    if condition.apart:
        first, second = (_step(form, answers, field) for field in condition.apart)
        return first is not None and second is not None and abs(first - second) >= condition.by
    every = (answers, *(content.rows.get(form.pieces.id, ()) if form.pieces and row is None else ()))
    return any(_one_holds(condition, said.get(field)) for said in every for field in condition.fields)


def _one_holds(condition: Condition, answer: Answer | None) -> bool:
    if answer is None:
        return False
    if not condition.one_of:
        return answer.withheld or bool(answer.text)
    return answer.code in condition.one_of or answer.text in condition.one_of


def _step(form: Form, answers: Row, field: str) -> int | None:
    """How far down its list a choice stands; None when nothing known is chosen."""
    return step(asked_as(form, field), answers.get(field))


def asked_as(form: Form, field: str) -> Question:
    """A question by its id, asked once or in a table."""
    return next(f for f in (*form.fields, *(c for t in form.tables for c in t.columns)) if f.id == field)


def step(question: Question, answer: Answer | None) -> int | None:
    """How far down its list a choice stands, 0 the first; None when it is not on it."""
    codes = [o.code or o.text for o in question.options]
    return codes.index(answer.code) if answer is not None and answer.code in codes else None


def table_of(form: Form, table: str) -> Table:
    """A form's table by its id."""
    return next(t for t in form.tables if t.id == table)


def is_begun(table: Table, row: Row) -> bool:
    """Whether a sheet that is repeated was written on: it holds more than what we filled in ourselves."""
    return any(row[c.id].withheld or bool(row[c.id].text) for c in table.columns if c.begins)


def counted_rows(table: Table, content: Return) -> tuple[Row, ...]:
    """The rows that count: those with something under the table's key, all where it has none."""
    return tuple(r for r in content.rows.get(table.id, ()) if not table.key or r[table.key].text or r[table.key].withheld)


def is_needed(question: Question, form: Form, content: Return, row: Row | None = None) -> bool:
    """Whether an answer must be given: always, or when its condition is met. A table's row is one that was begun; its locked cells are ours."""
    if row is not None and question.fixed:
        return False
    if is_nil(form, content) and question.id not in (form.nil, *SIGNED):
        return False
    return question.required and (question.when is None or holds(question.when, form, content, row))


def rows_needed(table: Table, form: Form, content: Return) -> Condition | None:
    """Why a table must have at least one row: the condition that asks for it, or None."""
    if is_nil(form, content):
        return None
    return Condition(blank="ROWS_NONE") if table.always else next((c for c in table.when if holds(c, form, content)), None)


def says_nothing(text: str) -> bool:
    """One of the words the form itself does not take for an answer."""
    return " ".join(text.split()).casefold() in WEAK


def is_answer(question: Question, answer: Answer, form: Form, content: Return) -> bool:
    """Whether what stands there answers the question, as far as the form itself can tell."""
    if question.kind in ("choice", "child_id"):
        return bool(answer.code)
    if question.kind == "date":
        return isinstance(answer.value, date) and is_likely(answer.value) and not too_early(question, answer, form, content)
    if question.kind == "number":
        return is_count(answer.value) and not beyond(question, content) and not overfull(question, form, content)
    if question.kind in PROSE:
        return bool(answer.text) and not says_nothing(answer.text)
    return bool(answer.text) or answer.withheld


def is_count(value: object) -> bool:
    """A whole number, nought or more."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 and value == int(value)


def beyond(question: Question, content: Return) -> bool:
    """A count that is more than the one it lies within: more answers than people asked."""
    said, whole = content.answers.get(question.id), content.answers.get(question.within)
    return said is not None and whole is not None and _counted(whole) is not None and (_counted(said) or 0) > (_counted(whole) or 0)


def parts_of(question: Question, form: Form) -> tuple[Question, ...]:
    """The counts that together make up this one, or less."""
    return tuple(f for f in form.fields if f.part_of == question.id)


def sum_of_parts(question: Question, form: Form, content: Return) -> int:
    """What those counts come to, as far as they were given."""
    return sum(_counted(content.answers[f.id]) or 0 for f in parts_of(question, form) if f.id in content.answers)


def overfull(question: Question, form: Form, content: Return) -> bool:
    """A count whose parts come to more than it (specification 10, case 76)."""
    whole = _counted(content.answers[question.id]) if question.id in content.answers else None
    return whole is not None and sum_of_parts(question, form, content) > whole


def _counted(answer: Answer) -> int | None:
    return int(answer.value) if isinstance(answer.value, (int, float)) and is_count(answer.value) else None


def too_early(question: Question, answer: Answer, form: Form, content: Return) -> bool:
    """A date that lies before the day of the work, where it may not."""
    work = worked_on(form, content) if question.too_early else None
    return work is not None and isinstance(answer.value, date) and answer.value < work


def worked_on(form: Form, content: Return) -> date | None:
    """The day of the work, where the form asks for it and it was given."""
    return content.day(form.work_day.id) if form.work_day else None


def read_child_id(value: object, digits: int) -> str | None:
    """A child's ID as it was meant: so many digits; a number may have lost leading zeros or gained ".0". None for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        whole = int(value) if value == int(value) and value > 0 else 0
        return f"{whole:0{digits}d}" if digits - LOST_ZEROS <= len(str(whole)) <= digits else None
    found = re.fullmatch(rf"\s*([0-9]{{{digits}}})(?:\.0)?\s*", str(value))
    return found[1] if found else None


def asks_again(grade: str, *, bordering: bool, rule: str) -> bool:
    """Whether a final grade asks for another review: Inadequate, or RI bordering Good, as the setting `ccr_recheck_rule` reads Appendix 4."""
    return grade == "Inadequate" or (grade == "RI" and (rule == "Inadequate or RI" or (bordering and rule != "Inadequate")))
