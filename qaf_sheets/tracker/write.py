"""Write `Actions tracker.xlsx`, and each owner's pack: the tables people edit, the lists to work from, the conflicts, and how to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache

from qaf_sheets.book import paths_of
from qaf_sheets.lifecycle import Edited
from qaf_sheets.look import Book
from qaf_sheets.model import Problem
from qaf_sheets.tracker.arrangement import Arrangement
from qaf_sheets.tracker.filters import with_filters
from qaf_sheets.tracker.history import write_history
from qaf_sheets.tracker.identity import write_identity
from qaf_sheets.tracker.layout import ACTIONS, Day
from qaf_sheets.tracker.lists import write_pool, write_views
from qaf_sheets.tracker.merge import Clash, Rows
from qaf_sheets.tracker.own_sheets import OwnSheet, write_own_sheet
from qaf_sheets.tracker.pages import PACK_PURPOSE, write_conflicts, write_guide, write_pack_guide
from qaf_sheets.tracker.sheet import write_lists, write_table
from qaf_sheets.tracker.steps import RUNGS, Rungs
from qaf_sheets.tracker.tables import TABLES
from qaf_sheets.tracker.views import NOTHING_BESIDE, Beside, full
from qaf_sheets.workdays import Holidays


def write_tracker(
    rows: Mapping[str, Rows], clashes: Sequence[Clash], notes: Sequence[Problem], *, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime,
    holidays: Holidays = frozenset(), rungs: Rungs = RUNGS, history: Sequence[Edited] = (), sealed: Mapping[str, str] | None = None,
    left: Mapping[str, Arrangement] = {}, own: Mapping[str, OwnSheet] = {}, beside: Beside = NOTHING_BESIDE,
) -> bytes:
    """The tracker's bytes: `rows` by table and id in the order given, unless people `left` it in another; their `own` sheets behind ours; `sealed` what it is to know of itself.

    The same on the same day give the same workbook.
    """
    target, today = io.BytesIO(), as_at.date()
    day, book = _day(today, left, holidays, rungs), _book(target, "actions tracker", council, marking, today)
    named = {t.id: {row_id: {**row, t.key.id: row_id} for row_id, row in rows.get(t.id, {}).items()} for t in TABLES}
    filters = {t.name: write_table(book, t, named[t.id], lists, day, first=t is TABLES[0], left=left.get(t.id, Arrangement())) for t in TABLES}
    actions = full(named[ACTIONS.id], Day(today, holidays, rungs), beside)  # as at today, whatever day people look ahead to
    write_views(book, actions, today)
    write_conflicts(book, [(t, named[t.id]) for t in TABLES], clashes, notes)
    write_history(book, history)
    write_guide(book, council, rungs)
    write_lists(book, TABLES, lists, day)
    write_pool(book, actions, today)
    write_identity(book, sealed or {})
    return _finished(book, target, filters, own)


def write_pack(
    rows: Rows, clashes: Sequence[Clash], *, owner: str, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime, sealed: Mapping[str, str],
    holidays: Holidays = frozenset(), rungs: Rungs = RUNGS, left: Mapping[str, Arrangement] = {}, own: Mapping[str, OwnSheet] = {},
) -> bytes:
    """One owner's pack: their rows of the actions by id, in the same table under the same rules and as they left it, and the `clashes` in them."""
    target, today = io.BytesIO(), as_at.date()
    day, book = _day(today, left, holidays, rungs), _book(target, f"actions of {owner}", council, marking, today)
    named = {row_id: {**row, ACTIONS.key.id: row_id} for row_id, row in rows.items()}
    table = ACTIONS.model_copy(update={"purpose": PACK_PURPOSE.format(owner=owner)})
    filters = {table.name: write_table(book, table, named, lists, day, first=True, left=left.get(table.id, Arrangement()))}
    write_conflicts(book, [(ACTIONS, named)], [c for c in clashes if c.row in named], ())
    write_pack_guide(book, owner, rungs)
    write_lists(book, (ACTIONS,), lists, day)
    write_identity(book, sealed)
    return _finished(book, target, filters, own)


def _day(today: date, left: Mapping[str, Arrangement], holidays: Holidays, rungs: Rungs) -> Day:
    """Today, or the day ahead that somebody typed."""
    return Day(max((a.as_at for a in left.values() if a.as_at and a.as_at > today), default=today), holidays, rungs)


def _book(target: io.BytesIO, what: str, council: str, marking: str, today: date) -> Book:
    title = what[0].upper() + what[1:]
    return Book(target, title=title, subject=f"Quality assurance actions of {council}", created=datetime.combine(today, time()), header=f"{council}: {what}, as at {today:%d/%m/%Y}", marking=marking)


def _finished(book: Book, target: io.BytesIO, filters: Mapping[str, str], own: Mapping[str, OwnSheet]) -> bytes:
    for name, sheet in own.items():
        write_own_sheet(book, name, sheet)
    book.close()
    return with_filters(target.getvalue(), filters)


@cache
def our_sheets() -> frozenset[str]:
    """What the sheets of a tracker are called that we write."""
    return frozenset(paths_of(write_tracker({}, (), (), lists={}, council="", marking="", as_at=datetime(2026, 1, 1))))
