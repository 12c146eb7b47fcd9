"""Appendix 1: a service area's summary of quality assurance (2.6, 2.7). It goes to the DLT: no child IDs, no practitioner named."""

from __future__ import annotations

from typing import Any

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents.common import Subject, Summary, all_words
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.service import area_scope
from qaf_sheets.outputs.documents.words import actions_in_words, day, safe_name
from qaf_sheets.outputs.figures import ActionCounts, Figures

ADDED = ("childrens_experiences", "child_voice")


def file_name(given: Given, subject: Subject) -> str:
    """By service area."""
    return safe_name(f"Service summary - {_area(given.snapshot, subject)} - {given.snapshot.quarter.label}")


def context(given: Given, subject: Subject) -> dict[str, Any]:
    """Everything the template may say."""
    snapshot, figures = given.snapshot, given.figures
    area = _area(snapshot, subject)
    summary = Summary(given, subject, area_scope(snapshot.plan, area))
    actions = summary.service.actions(summary.own_actions(), f"Actions set in this summary. {_across(figures, area)}")
    return {
        **summary.head("CHILDREN’S SERVICE SUMMARY OF QUALITY ASSURANCE", "Service summary"),
        "area": area, "date_of_dlt": summary.date("date_of_dlt", _dlt_date(snapshot)), "may_name": summary.may_name(),
        "activity": {"lines": summary.words("activity"), **summary.service.activity()},
        "well": {"lines": summary.words("well"), "quoted": summary.service.quoted("well")},
        "worried": {"lines": summary.words("worried"), "concerns": summary.service.concerns(), "quoted": summary.service.quoted("worried")},
        "needs": {"lines": summary.words("action_needed"), "quoted": summary.service.quoted("needs"), "no_action_reason": summary.why_none(), "none": f"No actions were set in this summary. {_across(figures, area)}", **actions},
        **all_words(summary, ADDED), "equality": summary.equality(), "sign_off": summary.sign_off(),
    }


def _area(snapshot: Snapshot, subject: Subject) -> str:
    owed = subject.duty.obligation
    person = snapshot.plan.person(owed.person_id)
    return owed.about or (person.service_area if person else "") or owed.person_id


def _across(figures: Figures, area: str) -> str:
    """The area's actions in numbers: most are about one child or practitioner, so their words stay in the service."""
    found = figures.actions_by_area.get(area, ActionCounts())
    return f"Across the service, {actions_in_words(found)}." if found.total else "No actions are recorded across the service."


def _dlt_date(snapshot: Snapshot) -> str:
    """The meeting that hears this quarter."""
    held = snapshot.plan.dlt_date(snapshot.quarter)
    return day(held) if held else "To be confirmed"

