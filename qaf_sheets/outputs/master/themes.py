"""Themes: what keeps coming up in worries and actions over two quarters; a suggestion, until somebody confirms it (section 13, 10.5)."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import THEME_LIST, Recurring, RecurringTheme
from qaf_sheets.outputs.master.kit import Cell, Column, Table, table_page
from qaf_sheets.outputs.master.words import Names
from qaf_sheets.outputs.master.year import Year

SHEET = "Themes"
SUGGESTED, LOOKED_AT, ONCE, TOO_EARLY = "! Suggested, not confirmed", "✓ Looked at", "– Not in both quarters", "○ Needs two quarters"
NO_LIST = "The plan's Lists sheet has no list theme_codes, so nothing is counted."


def write_themes(book: Book, year: Year) -> None:
    """One row for each subject that was found at all."""
    snapshot, figures = year.now
    found, names = figures.recurring, Names(snapshot)
    note = "Counting unit: returns. Found by keyword in worries, in words beside weak grades, and in actions; the keywords are the plan's list theme_codes."
    rows = [_row(t, found, names) for t in found.themes]
    table_page(book, SHEET, f"{SHEET}: what keeps coming up, {snapshot.quarter.label}", headline(found) if THEME_LIST in snapshot.plan.lists else NO_LIST, note, Table("Themes", _columns(found), rows), tab=TAB_SUMMARY)


def headline(found: Recurring) -> str:
    """What is suggested for the next thematic audit, or why nothing is."""
    if not found.themes:
        return "No return that was read speaks of a theme on the plan's list yet."
    if not found.returns_before:
        return f"Nothing is suggested yet: that needs two quarters, and no return of {found.before.label} is here. What {found.quarter.label} speaks of is counted below."
    if not found.proposed:
        return "No theme is suggested: what keeps coming up is being looked at already, or was not frequent in both quarters."
    return f"Suggested for the next thematic audit, not confirmed: {'; '.join(t.theme for t in found.proposed)}."


def standing(one: RecurringTheme, found: Recurring) -> str:
    """Where a subject stands, in words with their symbol."""
    if one.decision:
        return f"✓ Decided: {one.decision.choice}"
    if one.looked_at and (one.recurs or not found.returns_before):
        return LOOKED_AT
    if not found.returns_before:
        return TOO_EARLY
    return SUGGESTED if one.recurs else ONCE


def _columns(found: Recurring) -> tuple[Column, ...]:
    now, before = found.quarter.label, found.before.label
    return (
        Column("Theme", 30), Column(f"Returns, {now}", 14, "number"), Column(f"Returns, {before}", 14, "number"), Column("Next thematic audit", 26, "state"), Column("Theme that looks at it", 34),
        Column(f"By activity, {now}", 40), Column(f"By activity, {before}", 40), Column("Decided by", 24), Column("References", 60),
    )  # fmt: skip


def _row(one: RecurringTheme, found: Recurring, names: Names) -> tuple[Cell, ...]:
    who = ", ".join(filter(None, (one.decision.who, f"{one.decision.decided_on:%d/%m/%Y}" if one.decision.decided_on else ""))) if one.decision else ""
    return (
        one.theme, len(one.behind), len(one.behind_before), standing(one, found), one.looked_at, _activities(one.now, names), _activities(one.before, names), who, ", ".join((*one.behind, *one.behind_before)),
    )


def _activities(counts: Mapping[str, int], names: Names) -> str:
    return "; ".join(f"{names.activity(code)} {n}" for code, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])))
