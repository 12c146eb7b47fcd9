"""One sheet for each activity: a row for each return that counts, its answers in the form's own order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from qaf_sheets.look import Book
from qaf_sheets.model import Answer, Form, Question, Snapshot, Version
from qaf_sheets.model import Table as RowTable
from qaf_sheets.outputs.figures import Figures, current
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Kind, Link, Table, table_page
from qaf_sheets.outputs.master.words import Names, area_name, sheet_names, timing, withheld_fields
from qaf_sheets.problems import count

FIRST = (
    Column("Return", 14), Column("Who", 26), Column("Service area", 28), Column("Team", 22), Column("About", 26),
    Column("Received on", 14, "date"), Column("Due", 13, "date"), Column("Timing", 13, "state"), Column("Version", 12, "number"),
)
WIDTHS = {"long": 52, "date": 15, "number": 14, "choice": 18, "child_id": 14, "person": 24}
KINDS: Mapping[str, Kind] = {"date": "date", "number": "number"}
LONGEST = 25
"""Letters of a sheet's name, so that its tab stays short."""
WHOSE = FIRST[:3]
"""Before a table's row: the return it stands in."""


def write_activities(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """A sheet for every activity, and one for each of its tables but the actions, which have their own. Contributions stand together."""
    names, sheets = Names(snapshot), sheet_names(own_sheets(snapshot))
    for code, form in own_sheets(snapshot).items():
        versions, shown = of_activity(snapshot, code), shown_fields(snapshot, form)
        rows = [(*first_cells(v, names), *(_cell(q, v.content.answers.get(q.id)) for q in shown)) for v in versions]
        table = Table(table_name(code), (*FIRST, *_columns(shown, FIRST)), rows)
        table_page(book, sheets[code], f"{form.plural}, {snapshot.quarter.label}", _headline(form, len(rows)), _note(form), table)
        for asked in own_tables(form):
            _write_rows(book, snapshot, form, asked, names)


def own_sheets(snapshot: Snapshot) -> Mapping[str, Form]:
    """The forms whose returns have a sheet of their own: all but contributions, of which each comes once."""
    return {code: form for code, form in snapshot.forms.items() if not form.nil}


def own_tables(form: Form) -> tuple[RowTable, ...]:
    """A form's tables that stand on sheets of their own here; what was only there to be read does not."""
    return tuple(t for t in form.tables if t.id != "actions" and not t.read_only)


def _write_rows(book: Book, snapshot: Snapshot, form: Form, asked: RowTable, names: Names) -> None:
    """Each row that the returns of a form list, with the return it stands in."""
    found = [(v, row) for v in of_activity(snapshot, form.id) for row in v.content.rows.get(asked.id, ())]
    rows = [(*first_cells(v, names)[: len(WHOSE)], *(_cell(q, row.get(q.id)) for q in asked.columns)) for v, row in found]
    name = rows_sheet(snapshot, form, asked)
    headline = f"{count(len(rows), 'row')} in {count(len({v.issue.return_id for v, _ in found}), 'return')}." if rows else "None has come in yet."
    note = "One row for each line of the form. A child may stand in more than one return."
    table_page(book, name, f"{name}, {snapshot.quarter.label}", headline, note, Table(f"{table_name(form.id)}_{asked.id}", (*WHOSE, *_columns(asked.columns, WHOSE)), rows))


def rows_sheet(snapshot: Snapshot, form: Form, asked: RowTable) -> str:
    """The sheet of a form's table: Dip sample children. No other sheet has the name."""
    taken = {n.casefold() for n in sheet_names(own_sheets(snapshot)).values()}
    for one, table in ((f, t) for f in own_sheets(snapshot).values() for t in own_tables(f)):
        tries = (f"{one.title} {table.title.lower()}", table.title, f"{one.id} {table.title.lower()}", *(f"{one.id} rows {n}" for n in range(1, 99)))
        name = next(t for t in tries if len(t) <= LONGEST and t.casefold() not in taken)
        if (one.id, table.id) == (form.id, asked.id):
            return name
        taken.add(name.casefold())
    raise KeyError(asked.id)


def of_activity(snapshot: Snapshot, code: str) -> list[Version]:
    """The counted returns of an activity, as its sheet lists them."""
    return [v for v in current(snapshot) if v.issue.activity == code]


def shown_fields(snapshot: Snapshot, form: Form) -> list[Question]:
    """A form's questions but those whose answer is withheld."""
    hidden = withheld_fields(v for v in snapshot.returns if v.issue.activity == form.id)
    return [q for q in form.fields if q.id not in hidden and not q.withheld]


def answer_cells(snapshot: Snapshot, form: Form, head: str) -> str:
    """The cells under a heading of an activity's sheet, for formulas: by place, since a heading may hold signs that a table's formula may not."""
    columns = (*FIRST, *_columns(shown_fields(snapshot, form), FIRST))
    return _cells(sheet_names(own_sheets(snapshot))[form.id], [c.head for c in columns].index(head), len(of_activity(snapshot, form.id)))


def row_cells(snapshot: Snapshot, form: Form, asked: RowTable, field: str) -> str:
    """The cells of one column of a form's table, for formulas."""
    n = sum(len(v.content.rows.get(asked.id, ())) for v in of_activity(snapshot, form.id))
    return _cells(rows_sheet(snapshot, form, asked), len(WHOSE) + [c.id for c in asked.columns].index(field), n)


def _cells(sheet: str, column: int, rows: int) -> str:
    letters = xl_col_to_name(column, col_abs=True)
    return f"{quote_sheetname(sheet)}!{letters}${HEAD_ROW + 2}:{letters}${HEAD_ROW + 1 + max(rows, 1)}"


def table_name(code: str) -> str:
    """How formulas call an activity's table."""
    return "Returns_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in code)


def _headline(form: Form, n: int) -> str:
    if not n:
        return "None has come in yet."
    never = " Observations are never graded." if form.not_graded else ""
    return f"{count(n, 'return')} read and checked; the newest version of each is shown.{never}"


def _note(form: Form) -> str:
    return f"One row for each return ({form.clause}). A reference opens the file as it was received. Long answers stand in full in their cell."


def first_cells(version: Version, names: Names) -> tuple[Cell, ...]:
    """What stands under `FIRST`."""
    issue = version.issue
    duty = names.duties.get(issue.return_id)
    received = duty.received_on if duty and duty.received_on else version.received_at.date()
    due = duty.obligation.due_on if duty else issue.due_on
    return (
        Link(issue.return_id, file=version.file), issue.person_name, area_name(issue.service_area), issue.team, names.about(issue.about),
        received, due, timing(duty), version.version,
    )


def _cell(asked: Question, answer: Answer | None) -> Cell:
    """What stands in the cell, a choice in the list's own words; nothing for a withheld answer."""
    if answer is None or answer.withheld:
        return None
    if asked.kind == "choice" and answer.code:
        return asked.option_text(answer.code)
    return ("Yes" if answer.value else "No") if isinstance(answer.value, bool) else answer.value


def _columns(questions: Iterable[Question], before: Sequence[Column]) -> list[Column]:
    """The questions' columns, each heading other than those `before` them."""
    taken, columns = {c.head.casefold() for c in before}, []
    for question in questions:
        head = _different(" ".join(question.name.split())[:200] or question.id, taken)
        taken.add(head.casefold())
        columns.append(Column(head, WIDTHS.get(question.kind, 22), KINDS.get(question.kind, "text")))
    return columns


def _different(head: str, taken: set[str]) -> str:
    """A heading that no other column has; an Excel table needs that."""
    tries = (head, *(f"{head} ({n})" for n in range(2, 500)))
    return next(t for t in tries if t.casefold() not in taken)
