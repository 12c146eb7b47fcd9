"""Appendix 1: a service area's summary of quality assurance (2.6, 2.7). It goes to the DLT: no child IDs, no practitioner named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents.common import Subject, Summary, all_words
from qaf_sheets.outputs.documents.service import area_scope
from qaf_sheets.outputs.documents.words import CHILD_ID, actions_in_words, day, listed, names_staff, safe_name
from qaf_sheets.outputs.figures import ActionCounts, Figures

ADDED = ("childrens_experiences", "child_voice")


def file_name(snapshot: Snapshot, subject: Subject) -> str:
    """By service area."""
    return safe_name(f"Service summary - {_area(snapshot, subject)} - {snapshot.quarter.label}")


def context(snapshot: Snapshot, figures: Figures, subject: Subject) -> dict[str, Any]:
    """Everything the template may say."""
    area = _area(snapshot, subject)
    summary = Summary(snapshot, figures, subject, area_scope(snapshot.plan, area))
    actions = summary.service.actions(summary.own_actions(), f"Actions set in this summary. {_across(figures, area)}")
    return {
        **summary.head("CHILDREN’S SERVICE SUMMARY OF QUALITY ASSURANCE", "Service summary"),
        "area": area, "date_of_dlt": summary.date("date_of_dlt", _dlt_date(snapshot)), "before_dlt": list(_to_take_out(summary)),
        "activity": {"lines": summary.words("activity"), **summary.service.activity()},
        "well": {"lines": summary.words("well")},
        "worried": {"lines": summary.words("worried"), "concerns": summary.service.concerns()},
        "needs": {"lines": summary.words("action_needed"), "no_action_reason": summary.why_none(), "none": f"No actions were set in this summary. {_across(figures, area)}", **actions},
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


def _to_take_out(summary: Summary) -> Iterator[str]:
    """Words are the author's and stay as written; what must not go to the DLT is pointed out (specification 7.3)."""
    form = summary.snapshot.forms.get(summary.duty.obligation.activity)
    if summary.version is None or form is None:
        return
    texts = {f.name: summary.version.content.text(f.id) for f in form.fields if f.kind == "long"}
    texts["Actions"] = "\n".join(str(a.cells.get(c) or "") for a in summary.own_actions() for c in ("action_text", "intended_impact"))
    plan = summary.snapshot.plan
    for what, found in (
        ("What looks like a child’s reference", [name for name, text in texts.items() if CHILD_ID.search(text)]),
        ("The name of a member of staff", [name for name, text in texts.items() if names_staff(plan, text)]),
    ):
        if found:
            yield f"{what} stands under {listed(found)}. Please take it out."
