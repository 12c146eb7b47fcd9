"""What children say, and What staff say: their words, a row each with its reference, and what was done (sections 10 and 11)."""

from __future__ import annotations

from qaf_sheets.look import Book
from qaf_sheets.outputs.figures.said import Said, answered
from qaf_sheets.outputs.master.kit import QUARTER, Cell, Column, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, say, share
from qaf_sheets.outputs.master.words import UNSAID, Names, area_name
from qaf_sheets.outputs.master.year import Year

CHILDREN, STAFF = "What children say", "What staff say"
CHILD_TABLE, STAFF_TABLE = "ChildrenSaid", "StaffSaid"
WHOSE, ACTIVITY, AREA, TEAM, ANSWERED = "Whose voice", "Activity", "Service area", "Team", "Answered"
YES, NOT_YET = "✓ Answered", "○ Not yet"
FIRST = (Column(WHOSE, 18), Column(QUARTER, 12.5), Column("Return", 13), Column("Asked", 22), Column("What was said", 50))
LAST = (Column(ACTIVITY, 18), Column(AREA, 20), Column(TEAM, 17))
CHILD_COLUMNS = (*FIRST, Column("What was done", 40), Column("Where it stands", 18), Column(ANSWERED, 14, "state"), Column("Child", 12), *LAST)
STAFF_COLUMNS = (*FIRST, Column("What became of it", 26), *LAST)


def write_children_said(book: Book, year: Year) -> None:
    """Requests with what was done first, then forums, families, and what was learnt in the work."""
    rows = [_child(s, shown.label, names) for shown, names in year.each() for s in shown.figures.voice.said]
    found = year.figures.voice.said
    headline = say(f"{len(found)} things were said by children and families, or learnt from them. Requests from forums that have their answer: {{}}.", requests(year)) if found else NOBODY.format("children and families")
    note = "One row for each answer. A reference opens the file as it was received. Answered: children were told, or it is done, kept or not possible. No child is named here."
    table_page(book, CHILDREN, f"{CHILDREN}: {year.label}", headline, note, Table(CHILD_TABLE, CHILD_COLUMNS, rows))


def write_staff_said(book: Book, year: Year) -> None:
    """Forums and surveys first, then each practitioner after a piece of work."""
    rows = [_staff(s, shown.label, names) for shown, names in year.each() for s in shown.figures.staff.said]
    found = year.figures.staff.said
    headline = f"{len(found)} things were said by staff: in forums and surveys, and after work that was looked at." if found else NOBODY.format("staff")
    note = "One row for each answer. A reference opens the file as it was received. Team and area are those of the work or of the person it is about."
    table_page(book, STAFF, f"{STAFF}: {year.label}", headline, note, Table(STAFF_TABLE, STAFF_COLUMNS, rows))


NOBODY = "Nothing that {} said has come in yet."


def requests(year: Year) -> Live:
    """Requests of children in this quarter that have their answer, as formulas over their sheet."""
    found = answered(year.figures.voice.said)
    done, open_ = (count(CHILD_TABLE, n, {ANSWERED: word, QUARTER: year.label}) for word, n in ((YES, found.n), (NOT_YET, found.of - found.n)))
    return share(done, Live(f"({done.formula}+{open_.formula})", found.of), found)


def _child(one: Said, quarter: str, names: Names) -> tuple[Cell, ...]:
    state = "" if one.answered is None else YES if one.answered else NOT_YET
    return (*_first(one, quarter, names), one.became, one.standing, state, one.child, *_last(one, names))


def _staff(one: Said, quarter: str, names: Names) -> tuple[Cell, ...]:
    return (*_first(one, quarter, names), one.became, *_last(one, names))


def _first(one: Said, quarter: str, names: Names) -> tuple[Cell, ...]:
    link = names.reference(one.reference.partition("/")[0])
    return (one.whose, quarter, link._replace(text=one.reference) if link else one.reference, one.asked, UNSAID if one.named else one.text)


def _last(one: Said, names: Names) -> tuple[Cell, ...]:
    return (names.activity(one.activity), area_name(one.area), one.team)
