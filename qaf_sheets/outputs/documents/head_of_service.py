"""Appendix 2: a Head of Service's, or an Assistant Director's, summary of routine quality assurance (4.1.1, 4.2)."""

from __future__ import annotations

import re
from typing import Any

from qaf_sheets.model import Person, Plan
from qaf_sheets.outputs.documents.common import Subject, Summary, all_words
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.service import Scope, area_scope, led_scope
from qaf_sheets.outputs.documents.words import safe_name

SOURCES = ("casework_decisions", "supervision_of_managers", "chaired_meetings", "ad_dcs_decisions")
ADDED = ("good_practice_examples", "areas_for_improvement", "learning", "child_voice")


def file_name(given: Given, subject: Subject) -> str:
    """By service area for a Head of Service, by person id for others; never by name."""
    snapshot = given.snapshot
    author = _author(snapshot.plan, subject)
    whose = author.service_area if _has_area(snapshot.plan, author) else author.person_id
    label = re.sub("[’']", "", snapshot.plan.role_text(author.role))
    return safe_name(f"{label} summary - {whose} - {snapshot.quarter.label}")


def context(given: Given, subject: Subject) -> dict[str, Any]:
    """Everything the template may say."""
    snapshot = given.snapshot
    author = _author(snapshot.plan, subject)
    summary = Summary(given, subject, _scope(snapshot.plan, author), children=True, author=author.name)
    service, label = summary.service, snapshot.plan.role_text(author.role)
    added = all_words(summary, ADDED)
    return {
        **summary.head(f"{label.upper()} SUMMARY OF ROUTINE QUALITY ASSURANCE", f"{label} summary"),
        "author_label": label.upper(), "author": _named(summary, author), "date_of_summary": summary.date("date_of_summary", "Not yet dated"),
        "activity": {"lines": summary.words("activity"), **service.activity()},
        "well": {"lines": summary.words("well"), "quoted": service.quoted("well")},
        "worried": {"lines": summary.words("worried"), "concerns": service.concerns(), "quoted": service.quoted("worried")},
        "needs": {"lines": summary.words("action_needed"), "quoted": service.quoted("needs"), "no_action_reason": summary.why_none(), "none": "No actions were set this quarter.", **_actions(summary, author)},
        "sources": all_words(summary, SOURCES), "good_practice": added.pop("good_practice_examples"), **added,
        "equality": summary.equality(), "sign_off": summary.sign_off(), "may_name": summary.may_name(),
    }


def _author(plan: Plan, subject: Subject) -> Person:
    """The plan's person; as issued or owed where the plan has them no more."""
    owed, issue = subject.duty.obligation, subject.version.issue if subject.version else None
    known_as = issue.person_name if issue else owed.owner or owed.person_id
    return plan.person(owed.person_id) or Person(person_id=owed.person_id, name=known_as, role=plan.role_of("head_of_area"), service_area=issue.service_area if issue else "")


def _has_area(plan: Plan, author: Person) -> bool:
    return author.role not in (plan.role_of("director"), plan.role_of("assistant_director")) and bool(author.service_area)


def _scope(plan: Plan, author: Person) -> Scope:
    return area_scope(plan, author.service_area) if _has_area(plan, author) else led_scope(plan, author.person_id)


def _named(summary: Summary, author: Person) -> str:
    """As the return says; else by name and area."""
    return "\n".join(summary.words("head_of_service")) or ", ".join(filter(None, [author.name, author.service_area]))


def _actions(summary: Summary, author: Person) -> dict[str, object]:
    if _has_area(summary.snapshot.plan, author):
        return summary.service.actions(summary.service.area_actions(), "Actions of this service: set this quarter, or earlier and not finished.")
    return summary.service.actions(summary.own_actions(), "Actions set in this summary; those of each service stand in its own.")
