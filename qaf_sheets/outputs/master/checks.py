"""Checks: each of the framework's minimums, what was done, and whether that meets it."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import Figures
from qaf_sheets.outputs.master.kit import Cell, Column, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, counted, say
from qaf_sheets.outputs.master.year import Year

RESULTS = {"Met": "✓ Met", "Not met": "✗ Not met", "Too early": "○ Too early", "For information": "– For information"}
ORDER = tuple(RESULTS)
COLUMNS = (
    Column("Requirement", 44), Column("Result", 19, "state"), Column("Expected", 28), Column("Actual", 38), Column("What happens next", 30), Column("Source", 18), Column("No.", 12, "number"),
)
"""Narrow enough together for one page across."""


def write_checks(book: Book, year: Year) -> None:
    """One row for each requirement, those not met first."""
    snapshot, figures = year.now
    first = {"Not met": 0, "Too early": 1, "Met": 2, "For information": 3}
    found = sorted(figures.checks, key=lambda c: (first[c.result], c.number))
    rows: list[tuple[Cell, ...]] = [(c.requirement, RESULTS[c.result], c.expected, c.actual, c.what_next if c.result in ("Not met", "Too early") else "", c.clause, c.number) for c in found]
    note = "The framework's own minimums. Each says what it counts and where the framework asks for it; numbers are those of the specification."
    table_page(book, "Checks", f"Checks: does the quarter meet the framework? {snapshot.quarter.label}", headline(figures), note, Table("Checks", COLUMNS, rows), tab=TAB_SUMMARY)


def not_met(figures: Figures) -> Live:
    """How many are not met, as a formula over this sheet."""
    return count("Checks", sum(c.result == "Not met" for c in figures.checks), {"Result": RESULTS["Not met"]})


def headline(figures: Figures) -> Live | str:
    """3 checks are not met; 9 are met."""
    if not figures.total.expected:
        return "It is too early to check: nothing is expected yet."
    met = count("Checks", sum(c.result == "Met" for c in figures.checks), {"Result": RESULTS["Met"]})
    return say("{} not met; {} met.", counted(not_met(figures), "check is", "checks are"), counted(met, "is", "are"))
