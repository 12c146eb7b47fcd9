"""Checks of single answers (specification section 10; the case numbers stand in `problems.CATALOGUE`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from qaf_sheets.checks.context import Asked, Context, asked, graded_by
from qaf_sheets.model import Form, Problem, Quarter, Question, Return
from qaf_sheets.problems import count, problem
from qaf_sheets.rules import HEARD, PROSE, is_needed, is_nil, says_nothing
from qaf_sheets.rules import too_early as is_too_early

BLANK = {"choice": "CHOICE_MISSING", "date": "DATE_MISSING"}
GRADE = r"(outstanding|good|requires improvement(?: \(ri\)| to be good)?|ri|inadequate)"
GRADE_ALONE = re.compile(rf"^\W*{GRADE}\W*$", re.IGNORECASE)
GRADE_GIVEN = re.compile(rf"\b(?:grade[ds]?|graded as|rated|rating|judge?ment)\b\s*(?:(?:is|as|was|of|:|=|-|–)+\s*)?{GRADE}\b", re.IGNORECASE)
FAMILY_SAID = ("family_went_well", "family_could_be_better")
NOT_APPLICABLE = "NA"
"""The code that says an area does not apply."""
LONGEST = 32_767
"""Characters that one Excel cell can hold."""


def blanks(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A required answer is blank. Where an area is graded "Not applicable", its evaluation has to say why (case 23)."""
    for it in asked(content, form):
        field, answer = it.question, it.answer
        if not it.listed and answer.value is None and not answer.withheld and is_needed(field, form, content, it.row) and not _of_lost_table(field, form, context):
            code = field.blank or BLANK.get(field.kind, "ANSWER_MISSING")
            yield problem(_why_not(code, it, content, form), at=answer, of=field)


def _why_not(code: str, it: Asked, content: Return, form: Form) -> str:
    return "AREA_REASON_MISSING" if graded_by(it, content, form) == NOT_APPLICABLE else code


def _of_lost_table(field: Question, form: Form, context: Context) -> bool:
    """Asked because a table has too few rows, when the table could not be found at all."""
    return any(t.title in context.lost_tables for t in form.tables if field.when and field.when.rows == t.id)


def nothing_to_report(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Nothing to report is an answer, and is told as such (case 75)."""
    del context
    if is_nil(form, content):
        yield problem("NOTHING_TO_REPORT", at=content.answers[form.nil], of=next(f for f in form.fields if f.id == form.nil))


def too_little(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Prose that says nothing ("tbc") or hardly anything, and "tbc" where somebody is to be named."""
    for it in asked(content, form):
        field, answer = it.question, it.answer
        if field.kind not in PROSE or not answer.text or not is_needed(field, form, content, it.row):
            continue
        if says_nothing(answer.text) and field.kind == "person":
            yield problem(field.blank or "NOBODY_NAMED", at=answer, of=field, value=answer.text)
        elif says_nothing(answer.text):
            yield problem(_why_not("TOO_LITTLE", it, content, form), at=answer, of=field, value=answer.text)
        elif not it.listed and field.kind == "long" and len(answer.text) < (context.minimum_ed if field.blank == "ED_MISSING" else context.minimum):
            yield problem("SHORT", at=answer, of=field, count=count(len(answer.text), "character"))


def too_long(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """As long as a cell can be: what came after it may be lost (case 63)."""
    del context
    for field, answer, *_ in asked(content, form):
        if isinstance(answer.value, str) and len(answer.value.encode("utf-16-le")) // 2 >= LONGEST:
            yield problem("TOO_LONG", at=answer, of=field)


def future_dates(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Something that has happened is dated after today."""
    for field, answer, *_ in asked(content, form):
        if field.past and isinstance(answer.value, date) and answer.value > context.today:
            yield problem("IN_FUTURE", at=answer, of=field, value=answer.text)


def too_early(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A date that lies before the day of the work: feedback, moderation, an action's due date (cases 29, 50, 59)."""
    del context
    for field, answer, _, called in asked(content, form):
        if is_too_early(field, answer, form, content):
            yield problem(field.too_early, at=answer, of=field, value=answer.text, row=called or field.name)


def outside_quarter(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The day that says in which quarter the work counts lies in another."""
    for field, answer, *_ in asked(content, form):
        if field.counts_in_quarter and isinstance(answer.value, date) and answer.value <= context.today:
            quarter = Quarter.holding(answer.value)
            if quarter != context.issue.quarter:
                yield problem("OUTSIDE_QUARTER", at=answer, of=field, value=answer.text, other=quarter.label)


def unknown_people(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Someone not on the staff list: stops the merge only where coverage is counted by them."""
    del context
    for field, answer, *_ in asked(content, form):
        if field.kind == "person" and answer.text and not answer.code:
            yield problem("PERSON_UNKNOWN" if field.counted else "WORKER_UNKNOWN", at=answer, of=field, value=answer.text)


def left_people(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The person whose coverage is counted had left before the quarter."""
    for field, answer, *_ in asked(content, form):
        person = context.people.get(answer.code) if field.counted else None
        if person and person.end_date and person.end_date < context.issue.quarter.starts:
            yield problem("PERSON_LEFT", at=answer, of=field, value=answer.text, date=f"{person.end_date:%d/%m/%Y}")


def grades_on_observation(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A grade typed on a form that must not be graded (6.7): a grade word alone, or "grade: Good"."""
    del context
    if not form.not_graded:
        return
    for field, answer, _, called in asked(content, form):
        if not called and field.kind in ("text", "long") and (GRADE_ALONE.match(answer.text) or GRADE_GIVEN.search(answer.text)):
            yield problem("GRADE_ON_OBSERVATION", at=answer, of=field)


def concern_flagged(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An immediate concern for a child that somebody was told of; where nobody was, `blanks` says so."""
    del context
    for field, answer, row, _ in asked(content, form):
        told = (row or content.answers).get("concern_reported_to") if field.id == "immediate_concern" and answer.code == "Yes" else None
        if told and told.text:
            yield problem("IMMEDIATE_CONCERN", at=answer, of=field, who=told.text)


def feedback_outstanding(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Spoken or written feedback has no date yet; told once for each piece of work."""
    del context
    told: set[str] = set()
    for it in asked(content, form):
        if not it.listed and it.question.id in ("fb_verbal_on", "fb_written_on") and it.answer.value is None and it.answer.sheet not in told:
            told.add(it.answer.sheet)
            yield problem("FEEDBACK_OUTSTANDING", at=it.answer, of=it.question)


def family_views(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Someone of the family was heard, and nothing they said is written down (case 60)."""
    del context
    found = {a.question.id: a for a in asked(content, form) if a.row is None}
    heard = found.get("family_contact")
    said = [found[f].answer.text for f in FAMILY_SAID if f in found]
    if heard and heard.answer.code in HEARD and said and all(not text or says_nothing(text) for text in said):
        yield problem("FAMILY_VIEWS_MISSING", at=heard.answer, of=heard.question)
