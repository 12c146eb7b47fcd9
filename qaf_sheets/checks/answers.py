"""Checks of single answers (specification section 10; the case numbers stand in `problems.CATALOGUE`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from qaf_sheets.checks.context import Context
from qaf_sheets.model import Answer, Form, Problem, Quarter, Question, Return
from qaf_sheets.problems import problem
from qaf_sheets.rules import is_needed, says_nothing

BLANK = {"choice": "CHOICE_MISSING", "date": "DATE_MISSING"}
GRADE = r"(outstanding|good|requires improvement(?: \(ri\)| to be good)?|ri|inadequate)"
GRADE_ALONE = re.compile(rf"^\W*{GRADE}\W*$", re.IGNORECASE)
GRADE_GIVEN = re.compile(rf"\b(?:grade[ds]?|graded as|rated|rating|judge?ment)\b\s*(?:is|as|was|of|:|=|-|–)*\s*{GRADE}\b", re.IGNORECASE)


def _asked(content: Return, form: Form) -> Iterator[tuple[Question, Answer]]:
    """Each question with its answer, where the answer could be found."""
    for field in form.fields:
        if field.id in content.answers:
            yield field, content.answers[field.id]


def blanks(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A required answer is blank."""
    del context
    for field, answer in _asked(content, form):
        if answer.value is None and not answer.withheld and is_needed(field, form, content):
            yield problem(field.blank or BLANK.get(field.kind, "ANSWER_MISSING"), at=answer, of=field)


def too_little(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Prose that says nothing ("tbc"), or hardly anything."""
    for field, answer in _asked(content, form):
        if field.kind != "long" or not answer.text or not is_needed(field, form, content):
            continue
        if says_nothing(answer.text):
            yield problem("TOO_LITTLE", at=answer, of=field, value=answer.text)
        elif len(answer.text) < (context.minimum_ed if field.blank == "ED_MISSING" else context.minimum):
            yield problem("SHORT", at=answer, of=field, count=f"{len(answer.text)} characters")


def future_dates(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Something that has happened is dated after today."""
    for field, answer in _asked(content, form):
        if field.past and isinstance(answer.value, date) and answer.value > context.today:
            yield problem("IN_FUTURE", at=answer, of=field, value=answer.text)


def outside_quarter(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The day that says in which quarter the work counts lies in another."""
    for field, answer in _asked(content, form):
        if field.counts_in_quarter and isinstance(answer.value, date) and answer.value <= context.today:
            quarter = Quarter.holding(answer.value)
            if quarter != context.issue.quarter:
                yield problem("OUTSIDE_QUARTER", at=answer, of=field, value=answer.text, other=quarter.label)


def unknown_people(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Someone not on the staff list: stops the merge only where coverage is counted by them."""
    del context
    for field, answer in _asked(content, form):
        if field.kind == "person" and answer.text and not answer.code:
            yield problem("PERSON_UNKNOWN" if field.counted else "WORKER_UNKNOWN", at=answer, of=field, value=answer.text)


def left_people(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The person whose coverage is counted had left before the quarter."""
    for field, answer in _asked(content, form):
        person = context.people.get(answer.code) if field.counted else None
        if person and person.end_date and person.end_date < context.issue.quarter.starts:
            yield problem("PERSON_LEFT", at=answer, of=field, value=answer.text, date=f"{person.end_date:%d/%m/%Y}")


def grades_on_observation(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A grade typed on a form that must not be graded (6.7): a grade word alone, or "grade: Good"."""
    del context
    if not form.not_graded:
        return
    for field, answer in _asked(content, form):
        if field.kind in ("text", "long") and (GRADE_ALONE.match(answer.text) or GRADE_GIVEN.search(answer.text)):
            yield problem("GRADE_ON_OBSERVATION", at=answer, of=field)


def concern_flagged(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """An immediate concern for a child that somebody was told of; where nobody was, `blanks` says so."""
    del form, context
    concern, told = content.answers.get("immediate_concern"), content.answers.get("concern_reported_to")
    if concern and concern.code == "Yes" and told and told.text:
        yield problem("IMMEDIATE_CONCERN", at=concern, who=told.text)


def feedback_outstanding(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Spoken or written feedback has no date yet."""
    del context
    dates = [(f, a) for f, a in _asked(content, form) if f.id in ("fb_verbal_on", "fb_written_on")]
    blank = [(f, a) for f, a in dates if a.value is None]
    if blank:
        yield problem("FEEDBACK_OUTSTANDING", at=blank[0][1], of=blank[0][0])
