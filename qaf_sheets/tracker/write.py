"""Write `Actions tracker.xlsx`, and each owner's pack: the tables people edit, the lists to work from, the conflicts, and how to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from qaf_sheets.lifecycle import Edited
from qaf_sheets.look import Book
from qaf_sheets.model import Problem
from qaf_sheets.tracker.history import write_history
from qaf_sheets.tracker.identity import write_identity
from qaf_sheets.tracker.layout import ACTIONS, Day
from qaf_sheets.tracker.lists import write_pool, write_views
from qaf_sheets.tracker.merge import Clash, Rows
from qaf_sheets.tracker.pages import PACK_PURPOSE, write_conflicts, write_guide, write_pack_guide
from qaf_sheets.tracker.sheet import write_lists, write_table
from qaf_sheets.tracker.steps import RUNGS, Rungs
from qaf_sheets.tracker.tables import TABLES
from qaf_sheets.tracker.views import NOTHING_BESIDE, Beside, full
from qaf_sheets.workdays import Holidays


def write_tracker(
    rows: Mapping[str, Rows], clashes: Sequence[Clash], notes: Sequence[Problem], *, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime,
    holidays: Holidays = frozenset(), rungs: Rungs = RUNGS, history: Sequence[Edited] = (), sealed: Mapping[str, str] | None = None, beside: Beside = NOTHING_BESIDE,
) -> bytes:
    """The tracker's bytes: `rows` by table and id in the order given, `sealed` what it is to know of itself. The same rows on the same day give the same workbook."""
    target, today = io.BytesIO(), as_at.date()
    day, book = Day(today, holidays, rungs), _book(target, "actions tracker", council, marking, today)
    named = {t.id: {row_id: {**row, t.key.id: row_id} for row_id, row in rows.get(t.id, {}).items()} for t in TABLES}
    for table in TABLES:
        write_table(book, table, named[table.id], lists, day, first=table is TABLES[0])
    actions = full(named[ACTIONS.id], day, beside)
    write_views(book, actions, today)
    write_conflicts(book, [(t, named[t.id]) for t in TABLES], clashes, notes)
    write_history(book, history)
    write_guide(book, council)
    write_lists(book, TABLES, lists, day)
    write_pool(book, actions, today)
    write_identity(book, sealed or {})
    book.close()
    return target.getvalue()


def write_pack(
    rows: Rows, clashes: Sequence[Clash], *, owner: str, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime, sealed: Mapping[str, str],
    holidays: Holidays = frozenset(), rungs: Rungs = RUNGS,
) -> bytes:
    """One owner's pack: their rows of the actions by id, in the same table under the same rules, and the `clashes` in them."""
    target, today = io.BytesIO(), as_at.date()
    day, book = Day(today, holidays, rungs), _book(target, f"actions of {owner}", council, marking, today)
    named = {row_id: {**row, ACTIONS.key.id: row_id} for row_id, row in rows.items()}
    write_table(book, ACTIONS.model_copy(update={"purpose": PACK_PURPOSE.format(owner=owner)}), named, lists, day, first=True)
    write_conflicts(book, [(ACTIONS, named)], [c for c in clashes if c.row in named], ())
    write_pack_guide(book, owner)
    write_lists(book, (ACTIONS,), lists, day)
    write_identity(book, sealed)
    book.close()
    return target.getvalue()


def _book(target: io.BytesIO, what: str, council: str, marking: str, today: date) -> Book:
    title = what[0].upper() + what[1:]
    return Book(target, title=title, subject=f"Quality assurance actions of {council}", created=datetime.combine(today, time()), header=f"{council}: {what}, as at {today:%d/%m/%Y}", marking=marking)
