"""Contributions: what other services, the partnership, children's forums and staff sent in, a row each (section 2, 2.8; sections 10 and 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qaf_sheets.look import Book
from qaf_sheets.model import Duty, Form, Snapshot, Version
from qaf_sheets.outputs.figures import Shown, current
from qaf_sheets.outputs.figures.said import may_name
from qaf_sheets.outputs.master.kit import QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.words import MAY_NAME, STATES, Names
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count
from qaf_sheets.rules import is_nil

SHEET, DETAILS = "Contributions", "Contributions in full"
COLUMNS = (Column("Contribution", 30), Column(QUARTER, 13), Column("Who", 20), Column("State", 20, "state"), Column("Due", 12, "date"), Column("Return", 12), Column("In a nutshell", 54), Column("Clause", 18))
FULL = (Column("Contribution", 34), Column(QUARTER, 13), Column("Return", 14), Column("Question", 44), Column("Answer", 60))
HEADLINES = ("worried", "sos_worried", "headline", "well", "sos_well")
"""Where a contribution says what matters most."""
NIL = "Nothing to report."


def write_contributions(book: Book, year: Year) -> None:
    """One row for each contribution that is owed or came in, whether it is in or not."""
    rows = [_row(d, shown, names, guarded=bool(year.copy_for)) for shown, names in year.each() for d in _owed(shown.snapshot)]
    duties = _owed(year.snapshot)
    inside = sum(d.state in ("returned", "nil") for d in duties)
    headline = f"{inside} of {count(len(duties), 'contribution')} are in; {sum(d.state == 'nil' for d in duties) or 'none'} with nothing to report." if duties else "None is owed this quarter."
    table_page(book, SHEET, f"{SHEET}: {year.label}", headline, "One row for each contribution that is owed. A reference opens the file as it was received; every answer stands on the next sheet.", Table("Contributions", COLUMNS, rows))


def write_contributions_in_full(book: Book, year: Year) -> None:
    """Every answer of each contribution."""
    full = [line for shown, names in year.each() for v in _sent_in(shown.snapshot).values() for line in _lines(v, shown, names)]
    sent = count(sum(len(_sent_in(s.snapshot)) for s in year.quarters), "contribution")
    table_page(book, DETAILS, f"{DETAILS}: {year.label}", f"{count(len(full), 'answer')} from {sent}." if full else "None has come in yet.", "One row for each answer, and for each line of a table.", Table("ContributionAnswers", FULL, full))


def _owed(snapshot: Snapshot) -> list[Duty]:
    return [d for d in snapshot.duties if (form := snapshot.forms.get(d.obligation.activity)) and form.nil]


def _sent_in(snapshot: Snapshot) -> Mapping[str, Version]:
    """The contributions that count, by return."""
    return {v.issue.return_id: v for v in current(snapshot) if (form := snapshot.forms.get(v.issue.activity)) and form.nil}


def _row(duty: Duty, shown: Shown, names: Names, *, guarded: bool) -> tuple[Cell, ...]:
    owed, version = duty.obligation, _sent_in(shown.snapshot).get(duty.return_id or "")
    form = shown.snapshot.forms[owed.activity]
    return (names.activity(form.id), shown.label, names.person(owed.person_id, owed.owner), STATES[duty.state], owed.due_on, names.reference(duty.return_id), _nutshell(form, version, guarded=guarded), form.clause)


def _nutshell(form: Form, version: Version | None, *, guarded: bool) -> str:
    """What worries them most; else what works."""
    if version is None:
        return ""
    said = next((a for f in HEADLINES if (a := version.content.answers.get(f)) and a.text), None)
    if is_nil(form, version.content):
        return NIL
    return MAY_NAME if guarded and may_name(version, said) else said.text if said else ""


def _lines(version: Version, shown: Shown, names: Names) -> Iterator[tuple[Cell, ...]]:
    """Every answer of one contribution; a table's row as one line."""
    form = shown.snapshot.forms[version.issue.activity]
    before: tuple[Cell, ...] = (names.activity(form.id), shown.label, names.reference(version.issue.return_id))
    for asked in form.fields:
        answer = version.content.answers.get(asked.id)
        if answer and answer.text and not answer.withheld and not asked.fixed:
            yield (*before, asked.name, answer.value if asked.kind in ("number", "date") else answer.text)
    for table in (t for t in form.tables if t.id != "actions"):
        for n, row in enumerate(version.content.rows.get(table.id, ()), 1):
            said = "; ".join(f"{c.name}: {row[c.id].text}" for c in table.columns if c.id in row and row[c.id].text and not row[c.id].withheld)
            yield (*before, f"{table.row} {n}", said)
