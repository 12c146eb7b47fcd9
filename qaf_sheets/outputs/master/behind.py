"""Behind the checks: for each requirement the returns, duties and pieces of work it counts, and those it misses."""

from __future__ import annotations

from qaf_sheets.look import Book
from qaf_sheets.outputs.master.kit import Column, Link, Table, table_page
from qaf_sheets.outputs.master.words import Names
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count

SHEET = "Behind the checks"
COLUMNS = (Column("No.", 12, "number"), Column("Requirement", 55), Column("Counts", 12, "state"), Column("Reference", 28), Column("Who", 26), Column("What", 57))


def write_behind(book: Book, year: Year) -> None:
    """One row for each thing a check looks at; what misses comes first within its check."""
    snapshot, figures = year.now
    files = Names(snapshot).files
    rows = [
        (check.number, check.requirement, "✓ Yes" if one.counts else "✗ No", Link(one.reference, file=files.get(one.return_id, "")), one.who, one.what)
        for check in figures.checks for one in sorted(check.behind, key=lambda b: b.counts)
    ]  # fmt: skip
    missing = sum(not one.counts for check in figures.checks for one in check.behind)
    headline = f"{count(len(rows), 'row')} behind {count(len(figures.checks), 'check')}; {missing or 'none'} of them do not count." if rows else "Nothing to check has come in yet."
    table_page(book, SHEET, f"{SHEET}: {snapshot.quarter.label}", headline, "Filter by the check's number. A reference opens the file as it was received.", Table("Behind", COLUMNS, rows))
