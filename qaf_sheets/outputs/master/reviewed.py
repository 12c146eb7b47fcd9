"""Children reviewed: every graded piece of work, the reviewer's grade beside the moderator's. The Grades sheet counts from here."""

from __future__ import annotations

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.figures import Figures, Graded
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Link, Table, table_page
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.problems import count

SHEET = "Children reviewed"
FINAL, OWN, MODERATED = "Final grade", "Grade by the reviewer", "Moderated grade"
ACTIVITY, LEVEL, TEAM, AREA = "Activity", "Level of need", "Team of the child", "Area of the child"
COLUMNS = (
    Column("Piece of work", 16), Column(ACTIVITY, 26), Column("Child", 13), Column(LEVEL, 26), Column(TEAM, 24), Column(AREA, 28), Column("Reviewer", 26), Column("Done on", 13, "date"),
    Column(OWN, 22), Column(MODERATED, 22), Column(FINAL, 24, formula=f'IF([@{MODERATED}]="",[@{OWN}],[@{MODERATED}])'), Column("Moderated by", 26), Column("Grade before", 22), Column("Looked at again", 14),
)  # fmt: skip


def write_reviewed(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """One row for each piece of work; a child seen in two activities stands here twice."""
    names = Names(snapshot)
    rows = [_row(g, names) for g in figures.work]
    children = len({g.child for g in figures.work if g.child})
    headline = f"{count(len(rows), 'piece')} of graded work on {count(children, 'child', 'children')}." if rows else "No graded work has come in yet."
    note = "One row for each piece of work. Where there was moderation the final grade is the moderated one; both are kept. A reference opens the file as it was received."
    table_page(book, SHEET, f"{SHEET}: {snapshot.quarter.label}", headline, note, Table("Reviewed", COLUMNS, rows), tab=TAB_SUMMARY)


def cells(head: str, rows: int) -> str:
    """The cells under a heading, for formulas."""
    letters = xl_col_to_name([c.head for c in COLUMNS].index(head), col_abs=True)
    return f"{quote_sheetname(SHEET)}!{letters}${HEAD_ROW + 2}:{letters}${HEAD_ROW + 1 + max(rows, 1)}"


def _row(work: Graded, names: Names) -> tuple[Cell, ...]:
    issue, grade = work.version.issue, work.form.part_of_piece("overall_grade")
    assert grade is not None, "graded work has an overall grade"
    reviewer, day, by = work.said("reviewer"), work.form.work_day, work.moderation
    moderator = by.content.text("mod_by") or by.issue.person_name if by else ""
    return (
        Link(work.id, file=work.version.file), names.activity(issue.activity), work.child, work.level, work.team, area_name(work.area), (reviewer.text if reviewer else "") or issue.person_name,
        work.piece.answers[day.id].value if day and day.id in work.piece.answers else None, grade.option_text(work.original), grade.option_text(work.moderated) if work.moderated else "",
        work.final_words, moderator, grade.option_text(work.previous) if work.previous else "", "Yes" if work.again else "",
    )  # fmt: skip
