"""To be reviewed again: the children whom this quarter's grades put into the next sample, and why (Appendix 4)."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.figures import Figures, ToReview
from qaf_sheets.outputs.master.kit import Cell, Column, Link, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, counted, say
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

SHEET = "To be reviewed again"
DRAWN, WAITING, CLOSED = "✓ Drawn", "○ Not drawn yet", "– Case closed"
COLUMNS = (
    Column("Child", 13), Column("Final grade", 26), Column("Bordering Good", 14), Column("Why", 46), Column("Piece of work", 16), Column("Activity", 28), Column("Done on", 13, "date"),
    Column("Level of need", 26), Column("Team of the child", 24), Column("Area of the child", 28), Column("For the sample of", 18), Column("In that sample", 18, "state"),
)  # fmt: skip


def write_again(book: Book, year: Year) -> None:
    """One row for each child; a child graded twice counts by the newest."""
    snapshot, figures = year.now
    names = Names(snapshot)
    rows = [_row(r, snapshot, names) for r in figures.to_review_again]
    note = "Counting unit: children. The next draw of case reviews takes them first, by itself, up to the share that the plan's settings aim for. Which grades ask for it is a setting too (ccr_recheck_rule)."
    table_page(book, SHEET, f"{SHEET}: {snapshot.quarter.label}", _headline(figures), note, Table("Again", COLUMNS, rows), tab=TAB_SUMMARY)


def _headline(figures: Figures) -> Live | str:
    found = figures.to_review_again
    if not figures.work:
        return "No graded work has come in yet."
    if not found:
        return "No child's grade asks for another review."
    standing = [_standing(r) for r in found]
    every = Live("ROWS(Again[Child])", len(found))
    return say(f"{{}} to be reviewed again in {found[0].sample.label}; {{}} drawn already.", counted(every, "child is", "children are"), counted(count("Again", standing.count(DRAWN), {"In that sample": DRAWN}), "is", "are"))


def _row(one: ToReview, snapshot: Snapshot, names: Names) -> tuple[Cell, ...]:
    overall = snapshot.forms[one.activity].part_of_piece("overall_grade")
    grade = overall.option_text(one.grade) if overall else one.grade
    return (
        one.child, grade, "Yes" if one.bordering else "", one.why, Link(one.piece, file=one.file), names.activity(one.activity), one.done_on, one.level, one.team, area_name(one.area), one.sample.label, _standing(one),
    )


def _standing(one: ToReview) -> str:
    return DRAWN if one.drawn else CLOSED if one.closed_on and one.closed_on <= one.sample.starts else WAITING
