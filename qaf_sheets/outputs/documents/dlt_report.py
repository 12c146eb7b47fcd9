"""The quarterly report to the departmental leadership team (D3): every return's findings together. No child and no practitioner is named in it."""

from __future__ import annotations

from functools import lru_cache
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
from qaf_sheets.outputs.documents.head import head, newest
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.words import day, safe_name, signer


def file_name(_: Given, quarter: Quarter) -> str:
    """By quarter."""
    return safe_name(f"DLT report - {quarter.label}")


def context(given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the template may say."""
    return report(given, quarter)[0]


@lru_cache(maxsize=1)  # the report and its workbook of sources are made from the same
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
    """Title, marking, the day of the meeting."""
    dlt = view.snapshot.plan.dlt_date(quarter)
    about = head(view.snapshot, f"Quality assurance report, {quarter.label}", f"QA report to DLT, {quarter.label}", newest(view.returns))
    return {**about, "dlt_on": f"{dlt:%A} {day(dlt)}" if dlt else "date to be confirmed", "nothing": NOTHING}
