"""What the DLT is asked to decide: drafted from the numbers alone, each with the numbers behind it. Who leads and by when is for the meeting."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents.dlt_tables import Row
from qaf_sheets.outputs.documents.dlt_words import checks_not_met, ends, low, named, not_in, of, plural, title
from qaf_sheets.outputs.figures import Figures, Share
from qaf_sheets.problems import count

AGREE = "To be agreed"
HEADS, ASSISTANTS, LEAD = "head_of_area", "assistant_director", "practice_lead"
"""The parts of the framework that might lead."""


def decisions(snapshot: Snapshot, figures: Figures) -> list[Row]:
    """Numbered rows: what is asked, why, who might lead, by when."""
    asked = [*_returns(figures), *_requirements(figures), *_inadequate(snapshot, figures), *_next_look(snapshot, figures), *_theme(snapshot), *_actions(figures)]
    return [{"number": n, "ask": ask, "why": why, "lead": snapshot.plan.role_text(snapshot.plan.role_of(lead)), "by": AGREE} for n, (ask, why, lead) in enumerate(asked, 1)]


def _returns(figures: Figures) -> Iterator[tuple[str, str, str]]:
    late = figures.total.overdue + figures.total.needs_fixing + figures.total.held
    if late:
        yield f"Have the {count(late, 'missing return')} brought in, or the reason recorded.", f"{of(Share(n=late, of=figures.total.expected), 'returns')}: {not_in(figures)}", HEADS


def _requirements(figures: Figures) -> Iterator[tuple[str, str, str]]:
    missed = checks_not_met(figures)
    if missed:
        one = len(missed) == 1
        yield f"Say what will be done about the {count(len(missed), 'requirement')} not met.", f"{of(Share(n=len(missed), of=len(figures.checks)), 'requirements')} {'was' if one else 'were'} not met (section 2).", ASSISTANTS


def _inadequate(snapshot: Snapshot, figures: Figures) -> Iterator[tuple[str, str, str]]:
    for code, counts in figures.grades.final.items():
        if n := counts.inadequate:
            whose = "the child" if n == 1 else f"the {n} children"
            yield f"Agree when {whose} whose {low(title(snapshot, code))} was Inadequate will be reviewed again.", f"{of(counts.inadequate_share, plural(snapshot, code))} {'is' if n == 1 else 'are'} Inadequate.", LEAD


def _next_look(snapshot: Snapshot, figures: Figures) -> Iterator[tuple[str, str, str]]:
    if figures.practice_areas:
        weakest, strongest = ends(figures.practice_areas)
        if strongest:
            share = "; ".join(dict.fromkeys(str(a.counts.good_or_better) for a in weakest))
            yield f"Decide whether {named(weakest)} should be looked at more closely next quarter.", f"Good or better in {share}, the lowest of {count(len(figures.practice_areas), 'practice area')}.", LEAD


def _theme(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """A further quarter is in the Calendar: its dip sample's theme is confirmed, or still to be chosen."""
    following = snapshot.quarter.plus(1)
    for code in (code for code, form in snapshot.forms.items() if form.sample):
        theme = snapshot.plan.theme_title(code, following)
        what = low(title(snapshot, code))
        if theme:
            yield f"Confirm “{theme}” as the theme of the {what} in {following.label}, or choose another.", "It stands in the plan’s Calendar.", LEAD
        else:
            yield f"Choose the theme of the {what} in {following.label}.", "The plan’s Calendar has none yet.", LEAD


def _actions(figures: Figures) -> Iterator[tuple[str, str, str]]:
    late = figures.actions.overdue_of_open
    if late.n:
        yield f"Have the {count(late.n, 'overdue action')} finished or given a new date.", f"{of(late, 'open actions')} {'is' if late.n == 1 else 'are'} past the due date.", HEADS
