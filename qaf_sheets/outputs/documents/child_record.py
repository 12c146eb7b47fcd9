"""The record for a child's own file (D5; section 13, 10.3 second): the completed review with its moderation and actions. The only place a child's name may stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.piece import Subject, Work, subjects
from qaf_sheets.outputs.documents.words import Typed, day, safe_name

NOT_FILED = ("fb_", "discussed_with_tm_on", "observation_", "placed_on_file_on", "bordering_good")
"""Questions about the worker or about our own process: beginnings of their ids. A child's file holds nothing of how staff perform."""
MODERATION = (("mod_by", "Moderation completed by"), ("mod_on", "Moderated on"), ("mod_well", "What has gone well and made a positive difference for the child?"), ("mod_needs", "What needs to happen to support further improvement?"), ("mod_summary", "In summary"))
"""What of a moderation goes on the file: never what it says of the reviewer."""


def whose(given: Given) -> Iterator[Subject]:
    """Each child's part of every return that goes on the child's file."""
    return subjects(given, lambda form: form.on_file)


def file_name(_: Given, subject: Subject) -> str:
    """By reference; never by a child's name or reference."""
    return safe_name(f"Child record - {subject.form.id} - {subject.version.issue.return_id}{subject.piece.key.replace('/', '-')}")


def context(given: Given, subject: Subject) -> dict[str, Any]:
    """Everything the template may say."""
    work = Work(given, subject, leave_out=NOT_FILED)
    filed = given.snapshot.feedback.get(work.id, {}).get("on_file_on")
    rows = work.action_rows()
    return {
        **work.head(f"{work.form.title}: record for the child’s file", "Child’s record", work.where_moderation_stands().partition(":")[0] or "Complete"),
        "lines": [line for line in (work.where_moderation_stands(), f"Placed on the child’s file on {day(filed)}." if isinstance(filed, date) else "Please place this on the child’s file, then enter the date in the actions tracker.") if line],
        "sections": work.sections(), "moderation": list(_moderation(work)), "actions": rows, "no_actions": _no_actions(work),
    }  # fmt: skip


def _moderation(work: Work) -> Iterator[dict[str, str]]:
    if work.moderation is None:
        return
    for field, label in MODERATION:
        answer = work.moderation.content.answers.get(field)
        if answer and answer.text:
            said = day(answer.value) if isinstance(answer.value, date) else Typed("\n".join(work.words(field, work.moderation)))
            yield {"label": label, "answer": said}
    if work.graded:
        yield {"label": "Grade after moderation", "answer": work.graded.final_words}


def _no_actions(work: Work) -> str:
    why = "\n".join(work.words("no_action_reason"))
    return f"No further action. {why}" if why else "No actions were set."
