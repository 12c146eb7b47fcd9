"""What the DLT is asked to decide: drafted from the numbers alone, each with the numbers behind it. Who leads and by when is for the meeting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.dlt_findings import area_share
from qaf_sheets.outputs.documents.dlt_follow import ACTIONS
from qaf_sheets.outputs.documents.dlt_grades import inadequate
from qaf_sheets.outputs.documents.dlt_view import View
from qaf_sheets.outputs.documents.words import listed, low
from qaf_sheets.problems import count

AGREE = "To be agreed"
HEADS, ASSISTANTS, LEAD = "head_of_area", "assistant_director", "practice_lead"
"""The parts of the framework that might lead."""


class Asked(NamedTuple):
    """One decision: in a few words for the first page, in full, why, and which part might lead."""

    short: str
    ask: str
    why: str
    lead: str


def decisions(view: View) -> dict[str, Any]:
    """Numbered rows: what is asked, why, who might lead, by when."""
    view.ledger.at("Decisions asked for")
    plan = view.snapshot.plan
    asked = [*_returns(view), *_requirements(view), *_inadequate(view), *_next_look(view), *_directed(view), *_theme(view), *_actions(view)]
    rows = [{"number": n, "short": a.short, "ask": a.ask, "why": a.why, "lead": plan.role_text(plan.role_of(a.lead)), "by": AGREE} for n, a in enumerate(asked, 1)]
    return {
        "rows": rows, "none": "Nothing in the numbers asks for a decision.", "caption": say.spell(f"{count(len(rows), 'decision')} asked for"),
        "source": "Drafted from the numbers in this report. Please add, change or take out before the meeting. Leads are suggestions.",
    }  # fmt: skip


def _returns(view: View) -> Iterator[Asked]:
    t = view.figures.total
    if late := t.overdue + t.needs_fixing + t.held:
        parts = listed([f"{say.were(n)} {what}" for n, what in ((t.overdue, "overdue"), (t.needs_fixing, "waiting to be put right"), (t.held, "held for a decision")) if n])
        yield Asked(f"the {count(late, 'missing return')}", f"Agree by when the {count(late, 'missing return')} {'comes' if late == 1 else 'come'} in, or record why not.", f"{say.start(parts)}.", HEADS)


def _requirements(view: View) -> Iterator[Asked]:
    if missed := say.checks_not_met(view.figures):
        n = count(len(missed), "requirement")
        yield Asked(f"the {n} not met", f"Say what will be done about the {n} not met.", "They stand in section 2.", ASSISTANTS)


def _inadequate(view: View) -> Iterator[Asked]:
    for code, counts in view.figures.grades.final.items():
        if n := counts.inadequate:
            whose, what = "the child" if n == 1 else f"the {n} children", low(view.title(code))
            yield Asked(f"a new review after an Inadequate {what}", f"Agree when {whose} whose {what} was Inadequate will be reviewed again.", f"{inadequate(view, code, counts, say.plural(view.snapshot, code))} {'is' if n == 1 else 'are'} Inadequate.", LEAD)


def _next_look(view: View) -> Iterator[Asked]:
    if areas := view.figures.practice_areas:
        weakest, strongest = say.ends(areas)
        if strongest:
            share = "; ".join(dict.fromkeys(area_share(view, a) for a in weakest))
            yield Asked(f"a closer look at {say.named(weakest)}", f"Decide whether {say.named(weakest)} should be looked at more closely next quarter.", f"Good or better in {share}, the lowest of {count(len(areas), 'practice area')}.", LEAD)


def _directed(view: View) -> Iterator[Asked]:
    """Quality assurance that DLT asked for, or should, because of complaints (section 2, 2.8g)."""
    asking = [v for v in view.returns if v.content.code("qa_requested") == "Yes"]
    if asking:
        refs = listed([v.issue.return_id for v in asking])
        yield Asked("quality assurance because of complaints", "Decide what quality assurance to direct because of complaints.", f"{view.title(asking[0].issue.activity)} asks for it ({refs}).", ASSISTANTS)


def _theme(view: View) -> Iterator[Asked]:
    """A further quarter is in the Calendar: its theme is confirmed, or still to be chosen; subjects that keep coming up are named."""
    following = view.snapshot.quarter.plus(1)
    for code in (code for code, form in view.forms.items() if form.themed):
        theme, what = view.snapshot.plan.theme_title(code, following), low(view.title(code))
        again = [t.theme for t in view.figures.recurring.proposed]
        why = f"{listed([f'“{t}”' for t in again])} {'keeps' if len(again) == 1 else 'keep'} coming up." if again and not theme else f"The plan’s Calendar has it for the {what}." if theme else f"The plan’s Calendar has none for the {what} yet."
        ask = f"Confirm “{theme}” as the theme of the {what} in {following.label}, or choose another." if theme else f"Choose the theme of the {what} in {following.label}."
        yield Asked(f"the next theme of the {what}", ask, why, LEAD)


def _actions(view: View) -> Iterator[Asked]:
    late = view.figures.actions.overdue_of_open
    if late.n:
        told = view.ledger.of(late, "open actions", ACTIONS, {"Standing": ("Open", "Overdue")}, {"Standing": "Overdue"})
        yield Asked(f"the {count(late.n, 'overdue action')}", f"Have the {count(late.n, 'overdue action')} finished or given a new date.", f"{told} {'is' if late.n == 1 else 'are'} past the due date.", HEADS)
