"""What comes once a year: the Principal Social Worker's annual report (D10; section 13, 10.5) and the reports of independent panel chairs (D11; section 2, 2.8h)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.outputs.documents.governance import Paper, Published
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.piece import Subject, Work, subjects
from qaf_sheets.outputs.documents.words import Typed, safe_name

ANNUAL, PANELS = "PSW_ANN", ("C_FOST", "C_ADOP")
REPORT = Paper("psw_annual_report.docx", "Annual report of the Principal Social Worker", "PSW annual report", "What was learnt in four quarters, and what became of it for children.", ())
WORDS = ("overview", "impact_children", "impact_workers", "impact_organisation", "impact_not_seen", "next_year", "asks")
COLUMNS = ("quarter", "done", "learnt", "changed")


def annual(given: Given) -> Iterator[Subject]:
    """The annual reports that came in."""
    return subjects(given, lambda form: form.id == ANNUAL)


def annual_name(given: Given, subject: Subject) -> str:
    """By quarter and reference."""
    return safe_name(f"{REPORT.file} - {given.snapshot.quarter.label} - {subject.version.issue.return_id}")


def annual_context(given: Given, subject: Subject) -> dict[str, Any]:
    """The author's own words, then the quarters with their published numbers."""
    it, work = Published(given), Work(given, subject, children=False)
    labels = {q.id: q.label for q in subject.form.fields}
    head = it.head(REPORT, given.snapshot.quarter)
    return {
        **head, "may_name": sorted({*head["may_name"], *work.names}), "year": Typed(work.text("year")) or "Not given", "author": work.version.issue.person_name,
        "parts": [{"heading": labels[f], "lines": work.words(f)} for f in WORDS if f in labels], "nothing": "Nothing was written under this heading.",
        "quarters_said": list(_quarters(work)), "trend": it.trend(), "grades": it.grades(), "actions": list(it.actions()), "reading": it.reading(), "source": work.head("", "", "")["source"],
    }  # fmt: skip


def _quarters(work: Work) -> Iterator[dict[str, str]]:
    """One row for each quarter, in the author's words."""
    for row in work.version.content.rows.get("quarters", ()):
        shown = {name: row[name].text for name in COLUMNS if name in row}
        yield {name: Typed("Held back: the words may tell who somebody is.") if work.teller.tells(text) else Typed(text or "Left blank") for name, text in shown.items()}


def panels(given: Given) -> Iterator[Subject]:
    """The panel chairs' reports that came in."""
    return subjects(given, lambda form: form.id in PANELS)


def panel_name(_: Given, subject: Subject) -> str:
    """By panel and reference."""
    return safe_name(f"{subject.form.title} - {subject.version.issue.return_id}")


def panel_context(given: Given, subject: Subject) -> dict[str, Any]:
    """The report as it was written, for the meeting that hears it."""
    work = Work(given, subject, leave_out=("nothing_to_report",), children=False)
    nil = work.text(subject.form.nil) == "Yes" if subject.form.nil else False
    return {
        **work.head(subject.form.heading, subject.form.title, "For the leadership team"), "chair": work.version.issue.person_name,
        "lines": ["The chair says that there is nothing to report this year."] if nil else [], "sections": [] if nil else work.sections(), "actions": work.action_rows(), "no_actions": "No actions were set.",
    }  # fmt: skip
