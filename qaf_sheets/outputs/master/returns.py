"""One sheet for each activity: a row for each return that counts, its answers in the form's own order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qaf_sheets.look import Book
from qaf_sheets.model import Answer, Form, Question, Snapshot, Version
from qaf_sheets.outputs.figures import Figures, current
from qaf_sheets.outputs.master.kit import Cell, Column, Kind, Link, Table, table_page
from qaf_sheets.outputs.master.words import Names, area_name, sheet_names, timing, withheld_fields
from qaf_sheets.problems import count

FIRST = (
    Column("Return", 14), Column("Who", 26), Column("Service area", 28), Column("Team", 22), Column("About", 26),
    Column("Received on", 14, "date"), Column("Due", 13, "date"), Column("Timing", 13, "state"), Column("Version", 12, "number"),
)
WIDTHS = {"long": 52, "date": 15, "number": 14, "choice": 18, "child_id": 14, "person": 24}
KINDS: Mapping[str, Kind] = {"date": "date", "number": "number"}


def write_activities(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """A sheet for every activity that has a form."""
    names, sheets = Names(snapshot), sheet_names(snapshot.forms)
    for code, form in snapshot.forms.items():
        hidden = withheld_fields(v for v in snapshot.returns if v.issue.activity == code)
        shown = [q for q in form.fields if q.id not in hidden]
        versions = [v for v in current(snapshot) if v.issue.activity == code]
        rows = [(*_first(v, names), *(_cell(v.content.answers.get(q.id)) for q in shown)) for v in versions]
        table = Table(table_name(code), (*FIRST, *_columns(shown)), rows)
        table_page(book, sheets[code], f"{form.plural}, {snapshot.quarter.label}", _headline(form, len(rows)), _note(form), table)


def table_name(code: str) -> str:
    """How formulas call an activity's table."""
    return "Returns_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in code)


def _headline(form: Form, n: int) -> str:
    if not n:
        return "None has come in yet."
    graded = " Observations are never graded." if form.not_graded else ""
    return f"{count(n, 'return')} read and checked; the newest version of each is shown.{graded}"


def _note(form: Form) -> str:
    return f"One row for each return ({form.clause}). A reference opens the file as it was received. Long answers stand in full in their cell."


def _first(version: Version, names: Names) -> tuple[Cell, ...]:
    issue = version.issue
    duty = names.duties.get(issue.return_id)
    received = duty.received_on if duty and duty.received_on else version.received_at.date()
    due = duty.obligation.due_on if duty else issue.due_on
    return (
        Link(issue.return_id, file=version.file), issue.person_name, area_name(issue.service_area), issue.team, names.person(issue.about),
        received, due, timing(duty), version.version,
    )


def _cell(answer: Answer | None) -> Cell:
    """What stands in the cell; a choice or a number kept as it is, nothing for a withheld answer."""
    if answer is None or answer.withheld:
        return None
    return ("Yes" if answer.value else "No") if isinstance(answer.value, bool) else answer.value


def _columns(questions: Iterable[Question]) -> list[Column]:
    taken, columns = {c.head.casefold() for c in FIRST}, []
    for question in questions:
        head = _different(" ".join(question.name.split())[:200] or question.id, taken)
        taken.add(head.casefold())
        columns.append(Column(head, WIDTHS.get(question.kind, 22), KINDS.get(question.kind, "text")))
    return columns


def _different(head: str, taken: set[str]) -> str:
    """A heading that no other column has; an Excel table needs that."""
    tries = (head, *(f"{head} ({n})" for n in range(2, 500)))
    return next(t for t in tries if t.casefold() not in taken)
