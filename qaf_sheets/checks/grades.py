"""Checks of the overall grade beside the grades of the areas (cases 24, 25)."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context
from qaf_sheets.model import Form, Problem, Question, Return
from qaf_sheets.problems import problem
from qaf_sheets.rules import Row, pieces, step

GOOD = 1
"""How far down the list of grades Good stands: Outstanding is 0."""


def overall_and_areas(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The overall grade of each piece of work beside the grades of its areas: better than an Inadequate one allows, or better than all of them."""
    del context
    overall = form.part_of_piece("overall_grade")
    if overall:
        for piece in pieces(form, content):
            yield from _overall(overall, form, piece.answers)


def _overall(overall: Question, form: Form, answers: Row) -> Iterator[Problem]:
    grade = answers.get(overall.id)
    reached = step(overall, grade)
    if grade is None or reached is None:
        return
    graded = (*form.fields, *(form.pieces.columns if form.pieces else ()))
    areas = {f: answers[f.id].code for f in graded if f.beside and f.id in answers}
    known = [o.code or o.text for o in overall.options]
    steps = {f: known.index(code) for f, code in areas.items() if code in known}
    worst = next((f for f, at in steps.items() if at == len(known) - 1), None)
    if worst and reached <= GOOD:
        yield problem("OVERALL_ABOVE_INADEQUATE", at=grade, of=overall, grade=grade.text, area=worst.name.removesuffix(": grade"))
    if steps and reached < min(steps.values()):
        yield problem("OVERALL_ABOVE_ALL", at=grade, of=overall)
