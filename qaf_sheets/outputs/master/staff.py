"""Staff feedback: after how much work the practitioner's own comment came back, and what surveys counted (section 11)."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import Share, Shown
from qaf_sheets.outputs.figures.said import WORKER
from qaf_sheets.outputs.figures.staff import EVERYONE, Answered, Comments
from qaf_sheets.outputs.master.kit import QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, share, share_words, words
from qaf_sheets.outputs.master.said import ACTIVITY, AREA, STAFF_TABLE, TEAM, WHOSE
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

SHEET, TABLE = "Staff feedback", "StaffFeedback"
COMMENTED, SURVEY = "The practitioner's comment came back", "Survey"
COLUMNS = (Column("What is counted", 36), Column(QUARTER, 13), Column(ACTIVITY, 30), Column("Counted by", 14), Column("Name", 34), Column("Count", 10, "number"), Column("Of", 10, "number"), Column("Share", 17, "share"), Column("Return", 13))


def write_staff(book: Book, year: Year) -> None:
    """Surveys and all work of each activity first, then the work by service area and team."""
    every = [(s, n, c) for s, n in year.each() for c in s.figures.staff.comments]
    rows = [_survey(shown, names, a) for shown, names in year.each() for a in shown.figures.staff.surveys]
    rows += [_comments(s, n, c) for everyone in (True, False) for s, n, c in every if (c.by == EVERYONE) is everyone]
    note = "Counting unit: pieces of work, or workers in a survey. Team and area are those of the child or of the person it is about."
    table_page(book, SHEET, f"{SHEET}: {year.label}", headline(year), note, Table(TABLE, COLUMNS, rows), tab=TAB_SUMMARY)


def headline(year: Year) -> str:
    """How many pieces of work came back with a comment, and how many answered the survey."""
    staff = year.figures.staff
    mine = [c.share for c in staff.comments if c.by == EVERYONE]
    if not mine and not staff.surveys:
        return "No work that asks for the practitioner's comment, and no survey, has come in yet."
    comments = Share(n=sum(s.n for s in mine), of=sum(s.of for s in mine))
    survey = next((f"{a.share} {a.of.lower()} gave an answer" for a in staff.surveys), "No survey has come in this quarter")
    return f"{comments} pieces of work came back with the practitioner's own comment. {survey[:1].upper()}{survey[1:]}." if mine else f"{survey}."


def _survey(shown: Shown, names: Names, one: Answered) -> tuple[Cell, ...]:
    return (f"{one.text}, of {one.of[:1].lower()}{one.of[1:]}", shown.label, names.activity(one.activity), SURVEY, "All who were asked", one.share.n, one.share.of, share_words(one.share), names.reference(one.reference))


def _comments(shown: Shown, names: Names, one: Comments) -> tuple[Cell, ...]:
    """Counted from the rows of What staff say; the total is what came in at all."""
    said = area_name(one.name) if one.by == AREA else one.name
    where = [(WHOSE, words(WORKER)), (ACTIVITY, f"[@{ACTIVITY}]"), (QUARTER, THIS_QUARTER)]
    if one.by != EVERYONE:
        where.append((AREA if one.by == AREA else TEAM, "[@Name]" if said else '""'))
    n = Live(f"COUNTIFS({','.join(f'{STAFF_TABLE}[{head}],{want}' for head, want in where)})", one.share.n)
    name = "All work" if one.by == EVERYONE else said or "No team"
    return (COMMENTED, shown.label, names.activity(one.activity), one.by, name, n, one.share.of, share(n, Live("[@Of]", one.share.of), one.share), None)
