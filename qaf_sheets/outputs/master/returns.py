"""One sheet for each activity: a row for each return that counts, its answers in the form's own order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qaf_sheets.look import Book
from qaf_sheets.model import Answer, Form, Question, Snapshot, Version
from qaf_sheets.model import Table as RowTable
from qaf_sheets.outputs.figures import current
from qaf_sheets.outputs.figures.said import may_name
from qaf_sheets.outputs.master.kit import QUARTER, Cell, Column, Kind, Link, Table, cells_under, table_page
from qaf_sheets.outputs.master.words import MAY_NAME, Names, area_name, sheet_names, timing, withheld_fields
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count

FIRST = (
    Column("Return", 14), Column(QUARTER, 13), Column("Who", 26), Column("Service area", 28), Column("Team", 22), Column("About", 26),
    Column("Received on", 14, "date"), Column("Due", 13, "date"), Column("Timing", 13, "state"), Column("Version", 12, "number"),
)
WHOSE = FIRST[:5]
"""Before a table's row: the return it stands in."""
WIDTHS = {"long": 52, "date": 15, "number": 14, "choice": 18, "child_id": 14, "person": 24}
KINDS: Mapping[str, Kind] = {"date": "date", "number": "number"}
LONGEST = 25
"""Letters of a sheet's name, so that its tab stays short."""


class Line(NamedTuple):
    """A row of one of these sheets: the return it is or stands in, what was asked when it was issued, and what was answered."""

    version: Version
    names: Names
    quarter: str
    asked: Sequence[Question]
    answers: Mapping[str, Answer]


def write_activities(book: Book, year: Year) -> None:
    """A sheet for every activity, and one for each of its tables but the actions, which have their own. Contributions stand together."""
    sheets = sheet_names(own_sheets(year))
    for code, form in own_sheets(year).items():
        lines, shown = returns_of(year, code), shown_fields(year, code)
        now = sum(line.quarter == year.label for line in lines)
        table = Table(table_name(code), (*FIRST, *_columns(shown, FIRST)), [(*first_cells(line), *_answers(line, shown, guarded=bool(year.copy_for))) for line in lines])
        table_page(book, sheets[code], f"{form.plural}, {year.label}", _headline(form, now, len(lines) - now), _note(form), table)
        for asked in own_tables(form):
            _write_rows(book, year, form, asked)


def own_sheets(year: Year) -> Mapping[str, Form]:
    """The forms whose returns have a sheet of their own: all but contributions, of which each comes once. A copy has none without returns."""
    return {code: form for code, form in year.forms.items() if not form.nil and (not year.copy_for or returns_of(year, code))}


def own_tables(form: Form) -> tuple[RowTable, ...]:
    """A form's tables that stand on sheets of their own here; what was only there to be read does not."""
    return tuple(t for t in form.tables if t.id != "actions" and not t.read_only)


def _write_rows(book: Book, year: Year, form: Form, asked: RowTable) -> None:
    """Each row that the returns of a form list, with the return it stands in."""
    lines, shown = rows_of(year, form.id, asked.id), shown_columns(year, form.id, asked.id)
    now = [line for line in lines if line.quarter == year.label]
    name = rows_sheet(year, form, asked)
    returns = len({line.version.issue.return_id for line in now})
    headline = f"{count(len(now), 'row')} in {count(returns, 'return')}{_and_before(len(lines) - len(now))}." if lines else "None has come in yet."
    note = "One row for each line of the form. A child may stand in more than one return."
    table = Table(f"{table_name(form.id)}_{asked.id}", (*WHOSE, *_columns(shown, WHOSE)), [(*first_cells(line)[: len(WHOSE)], *_answers(line, shown, guarded=bool(year.copy_for))) for line in lines])
    table_page(book, name, f"{name}, {year.label}", headline, note, table)


def rows_sheet(year: Year, form: Form, asked: RowTable) -> str:
    """The sheet of a form's table: Dip sample children. No other sheet has the name."""
    taken = {n.casefold() for n in sheet_names(own_sheets(year)).values()}
    for one, table in ((f, t) for f in own_sheets(year).values() for t in own_tables(f)):
        tries = (f"{one.title} {table.title.lower()}", table.title, f"{one.id} {table.title.lower()}", *(f"{one.id} rows {n}" for n in range(1, 99)))
        name = next(t for t in tries if len(t) <= LONGEST and t.casefold() not in taken)
        if (one.id, table.id) == (form.id, asked.id):
            return name
        taken.add(name.casefold())
    raise KeyError(asked.id)


def returns_of(year: Year, code: str) -> list[Line]:
    """The counted returns of an activity as its sheet lists them, this quarter's first."""
    return [
        Line(v, names, shown.label, form.fields, v.content.answers)
        for shown, names in year.each() if (form := shown.snapshot.forms.get(code)) for v in of_activity(shown.snapshot, code)
    ]  # fmt: skip


def rows_of(year: Year, code: str, table_id: str) -> list[Line]:
    """The rows of one of an activity's tables as their sheet lists them, this quarter's first."""
    return [
        Line(v, names, shown.label, table.columns, row)
        for shown, names in year.each() if (table := _table(shown.snapshot, code, table_id))
        for v in of_activity(shown.snapshot, code) for row in v.content.rows.get(table_id, ())
    ]  # fmt: skip


def of_activity(snapshot: Snapshot, code: str) -> list[Version]:
    """The counted returns of an activity in one quarter."""
    return [v for v in current(snapshot) if v.issue.activity == code]


def _table(snapshot: Snapshot, code: str, table_id: str) -> RowTable | None:
    form = snapshot.forms.get(code)
    return next((t for t in form.tables if t.id == table_id), None) if form else None


def shown_fields(year: Year, code: str) -> list[Question]:
    """An activity's questions, this quarter's first; not those whose answer is withheld. A theme's own wording is a question of its own."""
    hidden = withheld_fields(v for s in year.quarters for v in s.snapshot.returns if v.issue.activity == code)
    asked = (q for s in year.quarters if code in s.snapshot.forms for q in s.snapshot.forms[code].fields)
    return [q for q in _each_once(asked) if q.id not in hidden and not q.withheld]


def shown_columns(year: Year, code: str, table_id: str) -> list[Question]:
    """The columns of one of an activity's tables, this quarter's first."""
    return list(_each_once(q for s in year.quarters if (t := _table(s.snapshot, code, table_id)) for q in t.columns))


def _each_once(questions: Iterable[Question]) -> Iterator[Question]:
    """Told apart by what they ask: the first question of one quarter's theme is another's in the next."""
    seen: dict[tuple[str, str], Question] = {}
    for question in questions:
        seen.setdefault((question.id, question.name), question)
    return iter(seen.values())


def answer_cells(year: Year, code: str, question: Question) -> str:
    """The cells of one question on its activity's sheet, for formulas: by place, since a heading may hold signs that a table's formula may not."""
    place = [(q.id, q.name) for q in shown_fields(year, code)].index((question.id, question.name))
    return cells_under(sheet_names(own_sheets(year))[code], len(FIRST) + place, len(returns_of(year, code)))


def row_cells(year: Year, code: str, table_id: str, question: Question) -> str:
    """The cells of one column of an activity's table, for formulas."""
    place = [(q.id, q.name) for q in shown_columns(year, code, table_id)].index((question.id, question.name))
    return cells_under(_sheet_of_rows(year, code, table_id), len(WHOSE) + place, len(rows_of(year, code, table_id)))


def quarter_cells(year: Year, code: str, table_id: str = "") -> str:
    """The cells that say which quarter each row is of, on an activity's sheet or on that of one of its tables: beside `answer_cells` and `row_cells` in a COUNTIFS."""
    sheet, rows = (_sheet_of_rows(year, code, table_id), rows_of(year, code, table_id)) if table_id else (sheet_names(own_sheets(year))[code], returns_of(year, code))
    return cells_under(sheet, [c.head for c in FIRST].index(QUARTER), len(rows))


def _sheet_of_rows(year: Year, code: str, table_id: str) -> str:
    form = year.forms[code]
    return rows_sheet(year, form, next(t for t in form.tables if t.id == table_id))


def table_name(code: str) -> str:
    """How formulas call an activity's table."""
    return "Returns_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in code)


def _headline(form: Form, now: int, before: int) -> str:
    if not now + before:
        return "None has come in yet."
    never = " Observations are never graded." if form.not_graded else ""
    return f"{count(now, 'return')} read and checked{_and_before(before)}; the newest version of each is shown.{never}"


def _and_before(n: int) -> str:
    return f", and {n} of earlier quarters below" if n else ""


def _note(form: Form) -> str:
    return f"One row for each return ({form.clause}). A reference opens the file as it was received. Long answers stand in full in their cell."


def first_cells(line: Line) -> tuple[Cell, ...]:
    """What stands under `FIRST`."""
    version, names = line.version, line.names
    issue = version.issue
    duty = names.duties.get(issue.return_id)
    received = duty.received_on if duty and duty.received_on else version.received_at.date()
    due = duty.obligation.due_on if duty else issue.due_on
    return (
        Link(issue.return_id, file=version.file), line.quarter, issue.person_name, area_name(issue.service_area), issue.team, names.about(issue.about),
        received, due, timing(duty), version.version,
    )


def _answers(line: Line, shown: Sequence[Question], *, guarded: bool) -> Iterator[Cell]:
    """A row's answers under the columns, none under a question that it was not asked. `guarded` leaves out what may name somebody."""
    asked = {(q.id, q.name) for q in line.asked}
    for question in shown:
        answer = line.answers.get(question.id) if (question.id, question.name) in asked else None
        yield MAY_NAME if guarded and may_name(line.version, answer) else _cell(question, answer)


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
