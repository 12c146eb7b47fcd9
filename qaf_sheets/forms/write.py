"""One person's workbook from a form: front sheet, questions, tables, and the hidden sheets it knows itself by."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from xlsxwriter.utility import xl_col_to_name

from qaf_sheets.forms.fix import Marks, paint, start_marks
from qaf_sheets.forms.front import write_front
from qaf_sheets.forms.layout import IDENTITY, LISTS, PROPERTY, START, lay_out
from qaf_sheets.forms.needed import Needed
from qaf_sheets.forms.questions import write_questions
from qaf_sheets.forms.repeated import write_sheets
from qaf_sheets.forms.rows import write_table
from qaf_sheets.forms.values import understand
from qaf_sheets.look import TAB_INPUT, TAB_READ, TAB_SUMMARY, Book
from qaf_sheets.model import Answer, Form, Issue, Option, Question, Record, Return, Table
from qaf_sheets.rules import WEAK, table_of
from qaf_sheets.sheets import GrowingSheet

PROTECTION = {"format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
"""What a person may still do on a protected sheet. No password: the lock guards against slips, the reader against the rest."""


ONE_LINE = 80
"""Characters that fit under a sheet's title, left of the way back."""
FILL = "Fill in the yellow cells."


class Sending(Record):
    """What one person's workbook says beside its form. `people` are the names it may offer, `identity` the signed cells."""

    issue: Issue
    identity: Mapping[str, str]
    people: tuple[str, ...] = ()
    council: str
    marking: str
    contact: str
    dates: tuple[date, date]


def write_form(form: Form, sending: Sending) -> bytes:
    """The workbook as bytes; equal input gives equal bytes."""
    return fill_form(form, sending, prefilled(form, sending.issue))


def prefilled(form: Form, issue: Issue) -> Return:
    """What a form holds when it is handed out."""
    return Return(answers=_known(form.fields, issue.facts), rows={t.id: tuple(_handed_out(t, issue)) for t in form.tables})


def _known(fields: Sequence[Question], facts: Mapping[str, str]) -> dict[str, Answer]:
    said = {f: facts.get(f.prefill) or f.given for f in fields}
    return {f.id: understand(f, _typed(words), ())[0] for f, words in said.items() if words}


def _handed_out(table: Table, issue: Issue) -> Iterator[dict[str, Answer]]:
    """The rows a table is handed out with; of one whose rows are sheets, every sheet with what is known beforehand."""
    given = issue.rows.get(table.prefill or table.id, ())
    facts = _known(table.columns, issue.facts) if table.sheets else {}
    for n in range(table.rows if table.sheets else len(given)):
        words = given[n] if n < len(given) else {}
        yield {c.id: understand(c, _typed(words[c.id]), ())[0] if words.get(c.id) else facts.get(c.id) or _typed(None) for c in table.columns}


def _typed(words: str | None) -> Answer:
    return Answer(value=words, sheet="", cell="")


def _with_blank_sheets(form: Form, content: Return, issue: Issue) -> Return:
    """The same content, with the repeated sheets on which nothing was written as they are handed out."""
    blank = {t.id: tuple(_handed_out(t, issue.model_copy(update={"rows": {}}))) for t in form.tables if t.sheets}
    return content.model_copy(update={"rows": {**content.rows, **{t: (*content.rows[t], *rows[len(content.rows[t]) :]) for t, rows in blank.items()}}})


def fill_form(form: Form, sending: Sending, content: Return, marks: Marks = ()) -> bytes:
    """A workbook that holds `content` already; with `marks`, one that comes back to be put right."""
    target = io.BytesIO()
    issue = sending.issue
    book = Book(
        target, title=f"{form.title}, {issue.return_id}", subject=f"Quality assurance return, {issue.quarter.label}",
        created=datetime.combine(issue.issued_on, datetime.min.time()), header=f"{sending.council}: {form.title}, {issue.return_id}", marking=sending.marking,
    )
    layout = lay_out(form)
    fix = start_marks(book, form, issue, marks) if marks else None
    start = book.page(START, form.title, form.purpose, tab=TAB_SUMMARY, landscape=True, kind=GrowingSheet)
    sheets = {name: book.page(name, *_heading(form, name, sending), tab=TAB_INPUT, landscape=False, kind=GrowingSheet) for name in form.sheets}
    repeated = {t.id: [book.page(t.sheet(n), t.sheet(n), t.purpose, tab=TAB_INPUT, landscape=False, kind=GrowingSheet) for n in range(1, t.rows + 1)] for t in form.tables if t.sheets}
    tables = [book.page(t.title, t.title, t.purpose, tab=TAB_READ if t.read_only else TAB_INPUT, kind=GrowingSheet) for t in form.listed]
    paint(book, marks)
    needed = Needed(book, form, _with_blank_sheets(form, content, issue))
    write_questions(book, form, sheets, layout, needed, sending.dates)
    for at in layout.sheets:
        write_sheets(book, table_of(form, at.table), repeated[at.table], at, needed, sending.dates)
    for page, table, place in zip(tables, form.listed, layout.tables, strict=True):
        write_table(book, page, table, place, needed, sending.dates)
    write_front(book, start, form, needed, sending.issue, contact=sending.contact, marking=sending.marking)
    needed.finish()
    _write_lists(book, form, sending.people)
    _write_identity(book, sending.identity)
    for page in (*((fix,) if fix else ()), start, *sheets.values(), *(p for pages in repeated.values() for p in pages), *tables):
        page.protect("", PROTECTION)
    (fix or start).activate()
    book.close()
    return target.getvalue()


def _heading(form: Form, sheet: str, sending: Sending) -> tuple[str, str]:
    """A question sheet's title and the sentence under it."""
    own = next((s for s in form.sections if s.sheet == sheet and s.purpose), None)
    return (own.title, own.purpose) if own else (form.heading, _about(sending))


def _about(sending: Sending) -> str:
    return f"{_who(sending)}{FILL}" if is_crowded(sending) else f"{_who(sending)}{FILL} They turn white once answered."


def _who(sending: Sending) -> str:
    about = sending.issue.facts.get("about", "")
    return f"About: {about}. " if about else ""


def is_crowded(sending: Sending) -> bool:
    """Whether whom it is about fills the line under a sheet's title."""
    return len(_who(sending)) + len(FILL) > ONE_LINE


def _write_lists(book: Book, form: Form, people: tuple[str, ...]) -> None:
    """The drop-downs' words on a hidden sheet: `l_<list>` are the options, `a_<list>` every spelling accepted, `n_<list>` the option each means."""
    sheet = book.xlsx.add_worksheet(LISTS)
    lists: dict[str, tuple[Option, ...]] = {f.list: f.options for f in (*form.fields, *(c for t in form.tables for c in t.columns)) if f.list}
    columns: list[tuple[str, tuple[str | int, ...]]] = [("l__weak", WEAK), ("l__people", people or ("",))]
    for name, options in lists.items():
        accepted = [(word, n) for n, o in enumerate(options, 1) for word in dict.fromkeys((o.text, o.code, *o.aliases)) if word]
        columns += [(f"l_{name}", tuple(o.text for o in options)), (f"a_{name}", tuple(w for w, _ in accepted)), (f"n_{name}", tuple(n for _, n in accepted))]
    for col, (name, words) in enumerate(columns):
        letter = xl_col_to_name(col)
        for row, word in enumerate((name, *words)):
            sheet.write(row, col, word)
        book.xlsx.define_name(name, f"={LISTS}!${letter}$2:${letter}${len(words) + 1}")
    sheet.protect("")
    sheet.hide()


def _write_identity(book: Book, identity: Mapping[str, str]) -> None:
    """Who this return is, as text, signed; also as document properties (a second copy for programs that drop hidden sheets)."""
    sheet = book.xlsx.add_worksheet(IDENTITY)
    for row, (name, value) in enumerate(identity.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
        book.xlsx.set_custom_property(f"{PROPERTY}{name}", value, "text")
    sheet.protect("")
    sheet.hide()
