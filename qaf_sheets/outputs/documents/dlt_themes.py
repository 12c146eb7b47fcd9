"""The DLT report's section on the thematic audit: why this theme, how its questions were graded, and what moderation did (section 8, 5.1 to 5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.model import Event, Form, Snapshot
from qaf_sheets.outputs.documents import dlt_tables as tables
from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.words import references
from qaf_sheets.outputs.figures import Figures, GradeCounts
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.problems import count


def thematic(snapshot: Snapshot, figures: Figures) -> dict[str, Any]:
    """The words and tables of the section; rows are empty where no thematic audit came in."""
    forms = _forms(snapshot)
    work = [g for g in figures.work if g.version.issue.activity in forms]
    refs = references(dict.fromkeys(g.version.issue.return_id for g in work)) or "none"
    return {
        "lines": list(_lines(snapshot, figures, forms, work)), "rows": list(_grades(figures, forms)), "caption": _caption(figures, forms), "source": f"Counted: children. Returns: {refs}.",
        "questions": [tables.grade_row(a.name, a.counts) for a in figures.theme_areas if a.activity in forms], "questions_caption": _questions_caption(figures, forms),
        "questions_source": f"Counted: children, weakest question first. Returns: {refs}.", "moderation": [line for code, m in figures.moderation_by.items() if code in forms for line in [say.moderated(m)]],
    }  # fmt: skip


def _forms(snapshot: Snapshot) -> dict[str, Form]:
    """The themed activities that grade their work: the thematic audit, and not the dip sample."""
    return {code: f for code, f in snapshot.forms.items() if f.themed and f.part_of_piece("overall_grade")}


def why_chosen(snapshot: Snapshot, activity: str) -> list[str]:
    """Why the Calendar's theme was chosen and which priority it serves (clause 2.2); nothing where the plan does not say."""
    event = next((e for e in snapshot.plan.calendar if (e.activity, e.quarter) == (activity, snapshot.quarter) and e.theme), None)
    return list(_why(snapshot, event)) if event else []


def _why(snapshot: Snapshot, event: Event) -> Iterator[str]:
    if event.why_chosen:
        yield f"Why this theme was chosen: {_sentence(event.why_chosen)}"
    priority = next((p for p in snapshot.plan.priorities if event.priority_id and p.priority_id == event.priority_id), None)
    if priority:
        yield f"The practice priority it serves: {_sentence(priority.wording)}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _lines(snapshot: Snapshot, figures: Figures, forms: dict[str, Form], work: list[Graded]) -> Iterator[str]:
    for code, form in forms.items():
        if theme := form.theme or snapshot.plan.theme_title(code, snapshot.quarter):
            yield f"The theme was “{theme}”."
        yield from why_chosen(snapshot, code)
        if mine := [g for g in work if g.version.issue.activity == code]:
            children, returns = len({g.child or g.id for g in mine}), len({g.version.issue.return_id for g in mine})
            yield say.spell(f"{count(returns, 'return')} looked at {count(children, 'child', 'children')}.")
        yield from say.concern_lines(figures, code)


def _grades(figures: Figures, forms: dict[str, Form]) -> Iterator[tables.Row]:
    for code in forms:
        if code in figures.grades.final:
            yield tables.grade_row("The auditors’ own grades", figures.grades.original[code])
            yield tables.grade_row("After moderation", figures.grades.final[code], total=True)


def _caption(figures: Figures, forms: dict[str, Form]) -> str:
    counts: list[GradeCounts] = [c for code, c in figures.grades.final.items() if code in forms]
    return f"{say.of(counts[0].good_or_better, 'children')} have work that is Good or better after moderation" if counts else ""


def _questions_caption(figures: Figures, forms: dict[str, Form]) -> str:
    asked = [a for a in figures.theme_areas if a.activity in forms]
    return f"“{asked[0].name}” is least often Good or better: {asked[0].counts.good_or_better}" if asked else ""
