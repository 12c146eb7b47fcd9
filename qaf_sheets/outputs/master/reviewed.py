"""Children reviewed: every graded piece of work, the reviewer's grade beside the moderator's. The Grades sheet counts from here."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Question
from qaf_sheets.outputs.figures import Graded, role_of, step
from qaf_sheets.outputs.figures.equality import BY_MODERATOR
from qaf_sheets.outputs.figures.grades import words
from qaf_sheets.outputs.figures.reviews import CONTACT
from qaf_sheets.outputs.figures.voice import voice_area
from qaf_sheets.outputs.master.kit import QUARTER, Cell, Column, Link, Table, cells_under, table_page
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count

SHEET = "Children reviewed"
FINAL, OWN, MODERATED = "Final grade", "Grade by the reviewer", "Moderated grade"
ACTIVITY, LEVEL, TEAM, AREA, ROLE, DID = "Activity", "Level of need", "Team of the child", "Area of the child", "Role of the reviewer", "What moderation did"
VOICE, HEARD, UNDERSTOOD = "The child's voice", "Whose views were heard", "Reviewer's understanding of equality"
STEPS = {"agreed": "Agreed", "up": "Moved up", "down": "Moved down", "": ""}
COLUMNS = (
    Column("Piece of work", 16), Column(ACTIVITY, 26), Column(QUARTER, 13), Column("Child", 13), Column(LEVEL, 26), Column(TEAM, 24), Column(AREA, 28), Column("Reviewer", 26), Column("Done on", 13, "date"),
    Column(OWN, 22), Column(MODERATED, 22), Column(FINAL, 24, formula=f'IF([@{MODERATED}]="",[@{OWN}],[@{MODERATED}])'), Column("Moderated by", 26), Column(DID, 16), Column(ROLE, 24), Column("Grade before", 22), Column("Looked at again", 14),
    Column(VOICE, 22), Column(HEARD, 22), Column(UNDERSTOOD, 20),
)  # fmt: skip


def write_reviewed(book: Book, year: Year) -> None:
    """One row for each piece of work, this quarter's first; a child seen in two activities stands here twice."""
    rows = [_row(g, shown.label, names) for shown, names in year.each() for g in shown.figures.work]
    work = year.figures.work
    children = len({g.child for g in work if g.child})
    headline = f"{count(len(work), 'piece')} of graded work on {count(children, 'child', 'children')}." if work else "No graded work has come in yet."
    note = "One row for each piece of work. Where there was moderation the final grade is the moderated one; both are kept. A reference opens the file as it was received."
    table_page(book, SHEET, f"{SHEET}: {year.label}", headline, note, Table("Reviewed", COLUMNS, rows), tab=TAB_SUMMARY)


def cells(year: Year, head: str) -> str:
    """The cells under a heading, for formulas."""
    return cells_under(SHEET, [c.head for c in COLUMNS].index(head), sum(len(s.figures.work) for s in year.quarters))


def _row(work: Graded, quarter: str, names: Names) -> tuple[Cell, ...]:
    issue, grade = work.version.issue, work.form.part_of_piece("overall_grade")
    assert grade is not None, "graded work has an overall grade"
    reviewer, day, by = work.said("reviewer"), work.form.work_day, work.moderation
    moderator = by.content.text("mod_by") or by.issue.person_name if by else ""
    return (
        Link(work.id, file=work.version.file), names.activity(issue.activity), quarter, work.child, work.level, work.team, area_name(work.area), (reviewer.text if reviewer else "") or issue.person_name,
        work.piece.answers[day.id].value if day and day.id in work.piece.answers else None, grade.option_text(work.original), grade.option_text(work.moderated) if work.moderated else "",
        work.final_words, moderator, STEPS[step(work)], role_of(work, names.snapshot.plan), grade.option_text(work.previous) if work.previous else "", "Yes" if work.again else "",
        _in_words(work, voice_area(work.form)), _in_words(work, next((f for f in work.form.fields if f.id == CONTACT), None)), by.content.text(BY_MODERATOR) if by else "",
    )  # fmt: skip


def _in_words(work: Graded, asked: Question | None) -> str:
    """A choice in the list's own words, '' where it was not asked."""
    return words(asked, work.piece.answers)
