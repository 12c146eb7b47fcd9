"""Once a year: everybody who is to be observed, and every supervisor whose supervision is to be audited; those not seen yet first (6.4; 7.2)."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.look import Book
from qaf_sheets.model import Question
from qaf_sheets.outputs.figures.once_a_year import OBSERVED, SUPERVISED, OnceAYear, PersonSeen, Standing
from qaf_sheets.outputs.master.kit import QUARTER, Cell, Column, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, say
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

SHEET, TABLE = "Once a year", "OnceAYear"
WHAT, STANDING, TEAM, AREA, MANAGER, NATURE = "What", "Standing", "Team", "Service area", "Line manager", "Nature"
CALLED = {OBSERVED: "Practice observed", SUPERVISED: "Supervision audited"}
STANDINGS: Mapping[Standing, str] = {"overdue": "✗ Overdue", "to come": "○ To come", "unknown": "– Counted by hand", "seen": "✓ Seen"}
"""In the order of the rows: what is missing first."""
COLUMNS = (
    Column("Person", 23), Column(WHAT, 20), Column(QUARTER, 12.5), Column(STANDING, 20, "state"), Column("Due", 12, "date"), Column("Seen on", 12, "date"), Column(NATURE, 13), Column("Role", 22),
    Column(TEAM, 17), Column(AREA, 20), Column(MANAGER, 16), Column("Return", 12),
)  # fmt: skip


def write_once_a_year(book: Book, year: Year) -> None:
    """One row for each person and what is owed about them."""
    names = year.names[0]
    rows = [_row(p, once, names, asks_nature(year, once.activity)) for once in year.figures.once.values() for p in _missing_first(once)]
    note = "One row for each person. Quarter is whose turn it is in. “Counted by hand” was somebody's turn before this service: the number is known, not who."
    table_page(book, SHEET, f"{SHEET}: who was seen, and who not yet, {year.label}", headline(year), note, Table(TABLE, COLUMNS, rows))


def headline(year: Year) -> Live | str:
    """What is still missing, of both."""
    if not any(once.people for once in year.figures.once.values()):
        return "Nobody is owed an observation or a supervision audit this year."
    numbers = [standing(year.figures.once[code], at) for code in CALLED for at in ("to come", "overdue")]
    return say("Observations: {} to come, {} overdue. Supervision audits: {} to come, {} overdue.", *numbers)


def standing(once: OnceAYear, at: Standing | None, value: int | None = None, named_in: str = "") -> Live:
    """How many people stand somewhere (None: all of them), as a formula over this sheet; `value` where it is about to count fewer."""
    n = sum(p.standing == at for p in once.people) if value is None else value
    return count(TABLE, n, {WHAT: CALLED[once.activity], **({STANDING: STANDINGS[at]} if at else {}), **({named_in: "[@Name]"} if named_in else {})})


def asks_nature(year: Year, code: str) -> Question | None:
    """The question that says what kind of practice was observed."""
    form = year.forms.get(code)
    return next((q for q in form.fields if q.id == "nature"), None) if form else None


def _missing_first(once: OnceAYear) -> list[PersonSeen]:
    return sorted(once.people, key=lambda p: (list(STANDINGS).index(p.standing), p.area, p.team, p.person_id))


def _row(person: PersonSeen, once: OnceAYear, names: Names, nature: Question | None) -> tuple[Cell, ...]:
    owed, found = person.duty.obligation, names.people.get(person.person_id)
    return (
        names.person(person.person_id), CALLED[once.activity], owed.quarter.label, STANDINGS[person.standing], owed.due_on, person.on, nature.option_text(person.nature) if nature and person.nature else "", names.snapshot.plan.role_text(found.role) if found else "",
        person.team, area_name(person.area), names.person(person.manager_id, owed.owner), _return(person, names),
    )  # fmt: skip


def _return(person: PersonSeen, names: Names) -> Cell:
    """The return that counts, opening its file; what is not in yet has none to open."""
    link = names.reference(person.duty.return_id)
    return link._replace(file=link.file or person.duty.file) if link else None
