"""Checks of who may review, moderate and observe, and of people who moved (cases 48, 49, 53, 55, 65 to 67, 69)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from qaf_sheets.checks.context import Context, asked, of_part, of_piece
from qaf_sheets.model import Answer, Child, Form, Problem, Return
from qaf_sheets.model.base import Part
from qaf_sheets.problems import problem
from qaf_sheets.rules import pieces

PARTS: tuple[Part, ...] = ("reviewer", "case_holder", "case_manager")


def own_case(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Nobody reviews a child whose case they hold, chair, or (unless the council allows it) manage; told at the child where there are several."""
    for piece in pieces(form, content):
        reviewer, holder, manager = (of_piece(piece, form, part) for part in PARTS)
        code = _own(reviewer, holder, manager, _listed(of_piece(piece, form, "child"), context), context) if reviewer and holder else ""
        part: Part = "child" if piece.key else "reviewer"
        if code:
            yield problem(code, at=of_piece(piece, form, part), of=form.part_of_piece(part))


def _own(reviewer: Answer, holder: Answer, manager: Answer | None, listed: Child | None, context: Context) -> str:
    """What makes a child somebody's own; '' for nothing."""
    if _same(reviewer, holder) or (listed and reviewer.code == listed.worker_id != ""):
        return "REVIEWER_HOLDS_CASE"
    if listed and reviewer.code == listed.chair_id != "":
        return "REVIEWER_CHAIRS_CASE"
    return "REVIEWER_MANAGES_CASE" if context.managers_barred and manager and _same(reviewer, manager) else ""


def _listed(child: Answer | None, context: Context) -> Child | None:
    return context.children.get(child.code) if child else None


def own_review(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A review is moderated by somebody other than its reviewer, and not by the child's own chair (specification 1)."""
    moderator, reviewer = of_part(content, form, "moderator"), of_part(content, form, "reviewer")
    listed = _listed(of_part(content, form, "child"), context)
    if moderator and reviewer and _same(moderator, reviewer):
        yield problem("MODERATOR_IS_REVIEWER", at=moderator, of=form.part("moderator"))
    elif moderator and listed and moderator.code == listed.chair_id != "":
        yield problem("MODERATOR_CHAIRS_CASE", at=moderator, of=form.part("moderator"))


def _same(one: Answer, other: Answer) -> bool:
    """The same member of staff: by id, or by the words where somebody is not on the staff list."""
    mine, theirs = (a.code or " ".join(a.text.casefold().split()) for a in (one, other))
    return mine == theirs != ""


def own_supervision(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Nobody reviews their own supervision, or observes themselves (case 65)."""
    question, seen, signed = form.part("seen"), of_part(content, form, "seen"), content.answers.get("completed_by")
    if question and question.counted and seen and seen.code and seen.code in (context.issue.person_id, signed.code if signed else ""):
        yield problem("OWN_SUPERVISION", at=seen, of=question)


def no_longer_newly_qualified(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The assessed and supported year of somebody looked at had ended before the month in question (case 66)."""
    for field, answer, row, _ in asked(content, form):
        person = context.people.get(answer.code) if row is not None and field.part == "seen" else None
        month = _month(row["month"].text) if row is not None and "month" in row else None
        if person and person.asye_to and person.asye_to < (month or context.issue.quarter.starts):
            yield problem("ASYE_FINISHED", at=answer, of=field, who=person.name, date=f"{person.asye_to:%d/%m/%Y}")


def _month(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%B %Y").date()
    except ValueError:
        return None


def observed_again(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """The same pair was observed already this year (case 55)."""
    seen = of_part(content, form, "seen")
    if seen and seen.code in context.observed:
        yield problem("OBSERVED_AGAIN", at=seen, of=form.part("seen"))


def observer_not_manager(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A form about a member of staff was filled in by somebody who is neither their line manager nor acting for them (case 53)."""
    seen, by = of_part(content, form, "seen"), of_part(content, form, "reviewer")
    person, observer = (context.people.get(a.code) if a else None for a in (seen, by))
    if person and observer and person.line_manager_id and context.issue.about == person.person_id and person.line_manager_id not in (observer.person_id, observer.acting_for):
        yield problem("OBSERVER_NOT_MANAGER", at=by, of=form.part("reviewer"), who=observer.name)


def team_changed(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Whoever has the form moved to another team since it was sent out (case 69)."""
    del content, form
    person, before = context.people.get(context.issue.person_id), context.issue.team
    if person and before and person.team and person.team != before:
        yield problem("TEAM_CHANGED", before=before, now=person.team)


def few_newly_qualified(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Fewer newly qualified social workers were in post than are usually looked at (case 67)."""
    del content
    for table in form.tables:
        found = context.issue.rows.get(table.prefill, ()) if table.prefill and table.at_least else ()
        if 0 < len(found) < table.at_least:
            yield problem("FEW_NEWLY_QUALIFIED", sheet=table.title, label=table.title, count=len(found))
