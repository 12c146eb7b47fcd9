"""The quarterly report to the departmental leadership team (D3): every return's findings together. No child and no practitioner is named in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from qaf_sheets.model import Quarter
from qaf_sheets.outputs.documents import dlt_findings as found
from qaf_sheets.outputs.documents import dlt_follow as follow
from qaf_sheets.outputs.documents.dlt_coverage import coverage, requirements
from qaf_sheets.outputs.documents.dlt_decisions import decisions
from qaf_sheets.outputs.documents.dlt_front import decided, front
from qaf_sheets.outputs.documents.dlt_grades import grades, quarters, trend
from qaf_sheets.outputs.documents.dlt_notes import notes
from qaf_sheets.outputs.documents.dlt_view import NOTHING, View
from qaf_sheets.outputs.documents.dlt_voices import equality, staff, voice
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.words import day, draft_line, safe_name, signer


def whose(given: Given) -> Iterator[Quarter]:
    """One report for a quarter in which anything is owed."""
    if any(d.state not in ("exempt", "not_required", "later") for d in given.snapshot.duties):
        yield given.snapshot.quarter


def file_name(_: Given, quarter: Quarter) -> str:
    """By quarter."""
    return safe_name(f"DLT report - {quarter.label}")


def context(given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the template may say."""
    return report(given, quarter)[0]


def report(given: Given, quarter: Quarter) -> tuple[dict[str, Any], View]:
    """The template's values, and the view with the ledger of all that they say. Sections are written in the order in which they are read."""
    view = View(given)
    said: dict[str, Any] = {**_head(view, quarter), "may_name": signer(view.snapshot.signed_off), "quarters": quarters(view), "front": front(view), "coverage": coverage(view), "checks": requirements(view)}
    said |= {"reviews": found.reviews(view), "thematic": found.thematic(view), "dip": found.dip(view), "observation": found.observations(view), "supervision": found.supervision(view), "summaries": found.summaries(view)}
    said |= {"grades": grades(view), "trend": trend(view), "voice": voice(view), "equality": equality(view), "staff": staff(view), "contributions": follow.contributions(view)}
    said |= {"actions": follow.actions(view), "themes": follow.themes(view), "decisions": decisions(view), "notes": notes(view)}
    said["front"]["decisions"] = decided(said["decisions"]["rows"]) or said["decisions"]["none"]
    return said, view


def _head(view: View, quarter: Quarter) -> dict[str, Any]:
    """Title, marking, and what the draft rests on: its newest return, so that a draft with nothing new in it is the same file."""
    plan, newest, dlt = view.snapshot.plan, max((v.received_at for v in view.returns), default=None), view.snapshot.plan.dlt_date(quarter)
    return {
        "council": plan.setting("council"), "marking": plan.setting("marking"), "title": f"Quality assurance report, {quarter.label}", "short_title": f"QA report to DLT, {quarter.label}",
        "period": f"{quarter.label} ({quarter.months})", "draft_line": draft_line(view.snapshot.signed_off), "dlt_on": f"{dlt:%A} {day(dlt)}" if dlt else "date to be confirmed", "nothing": NOTHING,
        "received_up_to": f"Drafted from the returns received up to {day(newest.date())}" if newest else "No returns received yet", "dated": newest or datetime.combine(quarter.starts, time()),
    }  # fmt: skip
