"""Checks of who may review, moderate and observe, and of people who moved (cases 48, 49, 53, 55, 67, 69)."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.checks.context import Context, of_part
from qaf_sheets.model import Answer, Child, Form, Problem, Return
from qaf_sheets.model.base import Part
from qaf_sheets.problems import problem

PARTS: tuple[Part, ...] = ("reviewer", "case_holder", "case_manager")


def own_case(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """Nobody reviews a child whose case they hold, chair, or (unless the council allows it) manage."""
    reviewer, holder, manager = (of_part(content, form, part) for part in PARTS)
    if reviewer is None or holder is None:
        return
    listed = _listed(content, form, context)
    if _same(reviewer, holder) or (listed and reviewer.code == listed.worker_id != ""):
        yield problem("REVIEWER_HOLDS_CASE", at=reviewer, of=form.part("reviewer"))
    elif listed and reviewer.code == listed.chair_id != "":
        yield problem("REVIEWER_CHAIRS_CASE", at=reviewer, of=form.part("reviewer"))
    elif context.managers_barred and manager and _same(reviewer, manager):
        yield problem("REVIEWER_MANAGES_CASE", at=reviewer, of=form.part("reviewer"))


def _listed(content: Return, form: Form, context: Context) -> Child | None:
    child = of_part(content, form, "child")
    return context.children.get(child.code) if child else None


def own_review(content: Return, form: Form, context: Context) -> Iterator[Problem]:
    """A review is moderated by somebody other than its reviewer, and not by the child's own chair (specification 1)."""
    moderator, reviewer = of_part(content, form, "moderator"), of_part(content, form, "reviewer")
    listed = _listed(content, form, context)
    if moderator and reviewer and _same(moderator, reviewer):
        yield problem("MODERATOR_IS_REVIEWER", at=moderator, of=form.part("moderator"))
    elif moderator and listed and moderator.code == listed.chair_id != "":
        yield problem("MODERATOR_CHAIRS_CASE", at=moderator, of=form.part("moderator"))


def _same(one: Answer, other: Answer) -> bool:
    """The same member of staff: by id, or by the words where somebody is not on the staff list."""
    mine, theirs = (a.code or " ".join(a.text.casefold().split()) for a in (one, other))
    return mine == theirs != ""


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
