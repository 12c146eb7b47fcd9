"""Written feedback to the practitioner on one piece of work (D6; section 13, 10.3 first): strengths, areas for development, what is to be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.model import Person
from qaf_sheets.model.base import Part
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.piece import Subject, Work, subjects
from qaf_sheets.outputs.documents.words import safe_name

STRENGTHS, WORRIES, NEEDED = ("went_well", "sos_well"), ("sos_worried", "further_improvement"), ("sos_needs",)
"""What the forms call them; the first that a form asks is used."""
ABOUT: tuple[Part, ...] = ("case_holder", "seen")


def whose(given: Given) -> Iterator[Subject]:
    """Each piece of work on which a practitioner is owed feedback of its own; an observation has its record."""
    return subjects(given, lambda form: form.feedback == "each" and not form.not_graded)


def file_name(given: Given, subject: Subject) -> str:
    """In the person's own folder, by reference."""
    work = Work(given, subject)
    person = practitioner(work)
    return f"{safe_name(person.person_id) if person else 'Not in the plan'}/{safe_name(f'Feedback - {work.form.id} - {work.file_reference}')}"


def practitioner(work: Work) -> Person | None:
    """Whose work it is."""
    return next((p for part in ABOUT if (p := work.person(part))), None)


def context(given: Given, subject: Subject) -> dict[str, Any]:
    """Everything the template may say."""
    work = Work(given, subject)
    person, reviewer = practitioner(work), work.person("reviewer")
    manager = manager_of(given, person)
    done_by = reviewer.name if reviewer else work.version.issue.person_name
    said_after = [*work.words("mod_well", work.moderation), *work.words("mod_needs", work.moderation)] if work.moderation else []
    return {
        **work.head(f"Feedback on your work: {work.form.title.lower()}", "Feedback", "Confidential to you and your manager"),
        "to": person.name if person else "The practitioner", "copy_to": copy_to(manager, done_by), "from": done_by,
        "opening": _opening(work, done_by), "strengths": _first(work, STRENGTHS), "worries": _first(work, WORRIES), "needed": _first(work, NEEDED),
        "grade": _grade(work), "why": work.words("rationale"), "moderator": said_after,
        "actions": work.action_rows(), "no_actions": "No actions were set for this piece of work.", "comments": work.words("fb_practitioner_comments"),
        "nothing": "Nothing was written under this heading.",
    }  # fmt: skip


def manager_of(given: Given, person: Person | None) -> Person | None:
    """Who gets the copy."""
    return given.plan.person(person.line_manager_id or "") if person else None


def copy_to(manager: Person | None, done_by: str) -> str:
    """The manager's name, or why there is no copy."""
    if manager is None:
        return "Nobody: the plan knows no manager"
    return "Nobody else: your manager did this work" if manager.name == done_by else manager.name


def _grade(work: Work) -> str:
    if work.graded is None:
        return ""
    return f"{work.graded.final_words}, after moderation." if work.moderation else f"{work.graded.final_words}. {work.where_moderation_stands()}"


def _opening(work: Work, done_by: str) -> str:
    asked = work.form.part_of_piece("child")
    child = work.piece.answers[asked.id].reference if asked and asked.id in work.piece.answers else ""
    about = f"your work with child {child}" if child else "the supervision you give" if work.form.part("seen") else "your work"
    when = f" on {work.done_on()}" if work.done_on() else ""
    return f"{done_by} looked at {about}{when}. Thank you for the time and thought you gave to it. This is what was seen: what is going well, what we are worried about, and what needs to happen next."


def _first(work: Work, fields: tuple[str, ...]) -> list[str]:
    """The first of these questions that was answered."""
    return next((said for f in fields if (said := work.words(f))), [])
