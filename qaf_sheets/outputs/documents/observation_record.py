"""The record of an observation (D7; Appendix 3): to the person observed and their line manager. Never graded (6.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.piece import Subject, Work, subjects
from qaf_sheets.outputs.documents.practitioner_feedback import copy_to, manager_of
from qaf_sheets.outputs.documents.words import safe_name

NOT_RECORDED = ("immediate_concern", "concern_reported_to")
"""A concern for a child goes its own way at once; it is no part of somebody's record."""


def whose(given: Given) -> Iterator[Subject]:
    """Every observation."""
    return subjects(given, lambda form: form.not_graded)


def file_name(given: Given, subject: Subject) -> str:
    """In the folder of the person observed, by reference."""
    work = Work(given, subject)
    person = work.person("seen")
    return f"{safe_name(person.person_id) if person else 'Not in the plan'}/{safe_name(f'Observation - {work.form.id} - {work.file_reference}')}"


def context(given: Given, subject: Subject) -> dict[str, Any]:
    """Everything the template may say."""
    work = Work(given, subject, leave_out=NOT_RECORDED)
    person = work.person("seen")
    reviewer = work.person("reviewer")
    return {
        **work.head(work.form.title, "Observation record", "Confidential to you and your manager"),
        "observed": person.name if person else "Not in the plan", "copy_to": copy_to(manager_of(given, person), reviewer.name if reviewer else ""),
        "purpose": "The purpose of an observation is to reflect together on skills and development, not to make judgements about the practice (Section 6, 6.7).",
        "sections": work.sections(), "actions": work.action_rows(), "no_actions": "No actions were set.",
    }  # fmt: skip
