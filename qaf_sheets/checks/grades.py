"""Checks of grades, and of who reviews and moderates (cases 24, 25, 48, 49)."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context, of_part
from qaf_sheets.model import Form, Problem, Return
from qaf_sheets.problems import problem
from qaf_sheets.rules import step

GOOD = 1
"""How far down the list of grades Good stands: Outstanding is 0."""


def overall_and_areas(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The overall grade beside the grades of the areas: better than an Inadequate one allows, or better than all of them."""
    del context
    overall = form.part("overall_grade")
    grade = content.answers.get(overall.id) if overall else None
    reached = step(overall, grade) if overall else None
    if overall is None or grade is None or reached is None:
        return
    areas = {f: content.answers[f.id].code for f in form.fields if f.beside and f.id in content.answers}
    known = [o.code or o.text for o in overall.options]
    steps = {f: known.index(code) for f, code in areas.items() if code in known}
    worst = next((f for f, at in steps.items() if at == len(known) - 1), None)
    if worst and reached <= GOOD:
        yield problem("OVERALL_ABOVE_INADEQUATE", at=grade, of=overall, grade=grade.text, area=worst.name.removesuffix(": grade"))
    if steps and reached < min(steps.values()):
        yield problem("OVERALL_ABOVE_ALL", at=grade, of=overall)


def own_case(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Nobody reviews a child whose case they hold, chair, or (unless the council allows it) manage."""
    reviewer, child = of_part(content, form, "reviewer"), of_part(content, form, "child")
    if not reviewer or not reviewer.code or of_part(content, form, "case_holder") is None:
        return
    listed = context.children.get(child.code) if child else None
    holders = {of.code for part in ("case_holder",) if (of := of_part(content, form, part)) and of.code} | ({listed.worker_id} if listed else set())
    manager = of_part(content, form, "case_manager")
    if reviewer.code in holders:
        yield problem("REVIEWER_HOLDS_CASE", at=reviewer, of=form.part("reviewer"))
    elif listed and reviewer.code == listed.chair_id:
        yield problem("REVIEWER_CHAIRS_CASE", at=reviewer, of=form.part("reviewer"))
    elif context.managers_barred and manager and reviewer.code == manager.code:
        yield problem("REVIEWER_MANAGES_CASE", at=reviewer, of=form.part("reviewer"))


def own_review(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A review is moderated by somebody else."""
    del context
    moderator, reviewer = of_part(content, form, "moderator"), of_part(content, form, "reviewer")
    if moderator and reviewer and moderator.text and (moderator.code or moderator.text.casefold()) == (reviewer.code or reviewer.text.casefold()):
        yield problem("MODERATOR_IS_REVIEWER", at=moderator, of=form.part("moderator"))


def observed_again(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The same pair was observed already this year (case 55)."""
    seen = of_part(content, form, "seen")
    if seen and seen.code in context.observed:
        yield problem("OBSERVED_AGAIN", at=seen, of=form.part("seen"))
