"""Immediate concerns: every one that this year's returns flagged, open or with its outcome recorded. References only, never what was written."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import Concern, Figures
from qaf_sheets.outputs.master.kit import Cell, Column, Link, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, counted, say
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

SHEET = "Immediate concerns"
OPEN, UNTOLD, SETTLED = "! Open", "! Open, nobody told", "✓ Outcome recorded"
COLUMNS = (
    Column("Child", 22), Column("Standing", 22, "state"), Column("Flagged on", 13, "date"), Column("Somebody told", 13), Column("Return", 13), Column("Activity", 26), Column("Quarter", 13),
    Column("Team", 22), Column("Service area", 27), Column("The form now", 18),
)  # fmt: skip


def write_concerns(book: Book, year: Year) -> None:
    """One row for each concern, the open ones first, those that have waited longest before the others."""
    snapshot, figures = year.now
    names = Names(snapshot)
    rows = [_row(c, names) for c in sorted(figures.known_concerns, key=lambda c: (c.settled, c.received_at, c.key))]
    note = "A concern stays open until its outcome, and who says so, stand in the Actions tracker, sheet Immediate concerns. What the outcome was is read there."
    table_page(book, SHEET, f"{SHEET}: {snapshot.quarter.label}", _headline(figures), note, Table("Concerns", COLUMNS, rows), tab=TAB_SUMMARY)


def still_open(figures: Figures) -> Live:
    """How many have no outcome yet, as a formula over this sheet."""
    return count("Concerns", len(figures.open_concerns), {"Standing": f"{OPEN}*"})


def _headline(figures: Figures) -> Live | str:
    if not figures.known_concerns:
        return "No return has flagged an immediate concern."
    settled = count("Concerns", len(figures.known_concerns) - len(figures.open_concerns), {"Standing": SETTLED})
    return say("{} open; {} recorded.", counted(still_open(figures), "immediate concern is", "immediate concerns are"), counted(settled, "outcome is", "outcomes are"))


def _row(one: Concern, names: Names) -> tuple[Cell, ...]:
    standing = SETTLED if one.settled else OPEN if one.reported else UNTOLD
    return (
        one.who, standing, one.received_at.date(), "Yes" if one.reported else "No", Link(one.return_id, file=one.file), names.activity(one.activity), one.quarter.label, one.team, area_name(one.area),
        "Says so no longer" if one.withdrawn else "",
    )  # fmt: skip
