"""One person's workbook from a form: front sheet, questions, tables, and the hidden sheets it knows itself by."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime

from qaf_sheets.forms.front import write_front
from qaf_sheets.forms.layout import IDENTITY, LISTS, START, lay_out
from qaf_sheets.forms.needed import Needed
from qaf_sheets.forms.questions import write_questions
from qaf_sheets.forms.rows import write_table
from qaf_sheets.look import TAB_INPUT, TAB_SUMMARY, Book, GrowingSheet
from qaf_sheets.model import Form, Issue, Option, Record
from qaf_sheets.words import WEAK

PROTECTION = {"format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
"""What a person may still do on a protected sheet. No password: the lock guards against slips, the reader against the rest."""


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
    target = io.BytesIO()
    issue = sending.issue
    book = Book(
        target, title=f"{form.title}, {issue.return_id}", subject=f"Quality assurance return, {issue.quarter.label}",
        created=datetime.combine(issue.issued_on, datetime.min.time()), header=f"{sending.council}: {form.title}, {issue.return_id}", marking=sending.marking,
    )
    layout = lay_out(form)
    start = book.page(START, form.title, form.purpose, tab=TAB_SUMMARY, landscape=True, kind=GrowingSheet)
    sheet = book.page(form.sheet, form.heading, _about(sending), tab=TAB_INPUT, landscape=False, kind=GrowingSheet)
    tables = [book.page(t.title, t.title, t.purpose, tab=TAB_INPUT, kind=GrowingSheet) for t in form.tables]
    needed = Needed(book, form)
    write_questions(book, sheet, form, layout, needed, sending.issue.facts, sending.dates)
    for page, table, place in zip(tables, form.tables, layout.tables, strict=True):
        write_table(book, page, table, place, needed, form, sending.dates)
    write_front(book, start, form, needed, sending.issue, contact=sending.contact, marking=sending.marking)
    needed.finish()
    _write_lists(book, form, sending.people)
    _write_identity(book, sending.identity)
    for page in (start, sheet, *tables):
        page.protect("", PROTECTION)
    start.activate()
    book.close()
    return target.getvalue()


def _about(sending: Sending) -> str:
    about = sending.issue.facts.get("about", "")
    return (f"About: {about}. " if about else "") + "Fill in the yellow cells. They turn white once answered."


def _write_lists(book: Book, form: Form, people: tuple[str, ...]) -> None:
    """The drop-downs' words on a hidden sheet: `l_<list>` are the options, `a_<list>` every spelling that is accepted."""
    sheet = book.xlsx.add_worksheet(LISTS)
    lists: dict[str, tuple[Option, ...]] = {f.list: f.options for f in (*form.fields, *(c for t in form.tables for c in t.columns)) if f.list}
    columns = [("l__weak", WEAK), ("l__people", people or ("",))]
    for name, options in lists.items():
        columns += [(f"l_{name}", tuple(o.text for o in options))]
        columns += [(f"a_{name}", tuple(w for o in options for w in dict.fromkeys((o.text, o.code, *o.aliases)) if w))]
    for col, (name, words) in enumerate(columns):
        letter = chr(65 + col % 26) if col < 26 else "A" + chr(65 + col - 26)
        for row, word in enumerate((name, *words)):
            sheet.write_string(row, col, word)
        book.xlsx.define_name(name, f"={LISTS}!${letter}$2:${letter}${len(words) + 1}")
    sheet.protect("")
    sheet.hide()


def _write_identity(book: Book, identity: Mapping[str, str]) -> None:
    """Who this return is, as text, signed; also as document properties (a second copy for programs that drop hidden sheets)."""
    sheet = book.xlsx.add_worksheet(IDENTITY)
    for row, (name, value) in enumerate(identity.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
        book.xlsx.set_custom_property(f"qaf_{name}", value, "text")
    sheet.protect("")
    sheet.hide()
