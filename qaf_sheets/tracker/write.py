"""Write `Actions tracker.xlsx`: the tables people edit, the conflicts, and how to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from functools import cache

from qaf_sheets.book import paths_of
from qaf_sheets.lifecycle import Edited
from qaf_sheets.look import Book
from qaf_sheets.model import Problem
from qaf_sheets.tracker.arrangement import Arrangement
from qaf_sheets.tracker.filters import with_filters
from qaf_sheets.tracker.history import write_history
from qaf_sheets.tracker.layout import Day
from qaf_sheets.tracker.merge import Clash, Rows
from qaf_sheets.tracker.own_sheets import OwnSheet, write_own_sheet
from qaf_sheets.tracker.pages import write_conflicts, write_guide
from qaf_sheets.tracker.sheet import write_lists, write_table
from qaf_sheets.tracker.steps import RUNGS, Rungs
from qaf_sheets.tracker.tables import TABLES
from qaf_sheets.workdays import Holidays


def write_tracker(
    rows: Mapping[str, Rows], clashes: Sequence[Clash], notes: Sequence[Problem], *, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime, holidays: Holidays = frozenset(), rungs: Rungs = RUNGS, history: Sequence[Edited] = (),
    left: Mapping[str, Arrangement] = {}, own: Mapping[str, OwnSheet] = {},
) -> bytes:
    """The tracker's bytes: `rows` by table and id in the order given, unless people `left` it in another; their `own` sheets behind ours. The same on the same day give the same workbook."""
    target, today = io.BytesIO(), as_at.date()
    day = Day(max((a.as_at for a in left.values() if a.as_at and a.as_at > today), default=today), holidays, rungs)
    book = Book(target, title="Actions tracker", subject=f"Quality assurance actions of {council}", created=datetime.combine(today, time()), header=f"{council}: actions tracker, as at {today:%d/%m/%Y}", marking=marking)
    named = {t.id: {row_id: {**row, t.key.id: row_id} for row_id, row in rows.get(t.id, {}).items()} for t in TABLES}
    filters = {t.name: write_table(book, t, named[t.id], lists, day, first=t is TABLES[0], left=left.get(t.id, Arrangement())) for t in TABLES}
    write_conflicts(book, [(t, named[t.id]) for t in TABLES], clashes, notes)
    write_history(book, history)
    write_guide(book, council)
    write_lists(book, TABLES, lists, day)
    for name, sheet in own.items():
        write_own_sheet(book, name, sheet)
    book.close()
    return with_filters(target.getvalue(), filters)


@cache
def our_sheets() -> frozenset[str]:
    """What the sheets of a tracker are called that we write."""
    return frozenset(paths_of(write_tracker({}, (), (), lists={}, council="", marking="", as_at=datetime(2026, 1, 1))))
