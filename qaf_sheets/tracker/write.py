"""Write `Actions tracker.xlsx`: the tables people edit, the conflicts, and how to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time

from qaf_sheets.lifecycle import Edited
from qaf_sheets.look import Book
from qaf_sheets.model import Problem
from qaf_sheets.tracker.history import write_history
from qaf_sheets.tracker.layout import Day
from qaf_sheets.tracker.merge import Clash, Rows
from qaf_sheets.tracker.pages import write_conflicts, write_guide
from qaf_sheets.tracker.sheet import write_lists, write_table
from qaf_sheets.tracker.steps import RUNGS, Rungs
from qaf_sheets.tracker.tables import TABLES
from qaf_sheets.workdays import Holidays


def write_tracker(
    rows: Mapping[str, Rows], clashes: Sequence[Clash], notes: Sequence[Problem], *, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime, holidays: Holidays = frozenset(), rungs: Rungs = RUNGS, history: Sequence[Edited] = (),
) -> bytes:
    """The tracker's bytes: `rows` by table and id in the order given. The same rows on the same day give the same workbook."""
    target, today = io.BytesIO(), as_at.date()
    day = Day(today, holidays, rungs)
    book = Book(target, title="Actions tracker", subject=f"Quality assurance actions of {council}", created=datetime.combine(today, time()), header=f"{council}: actions tracker, as at {today:%d/%m/%Y}", marking=marking)
    named = {t.id: {row_id: {**row, t.key.id: row_id} for row_id, row in rows.get(t.id, {}).items()} for t in TABLES}
    for table in TABLES:
        write_table(book, table, named[table.id], lists, day, first=table is TABLES[0])
    write_conflicts(book, [(t, named[t.id]) for t in TABLES], clashes, notes)
    write_history(book, history)
    write_guide(book, council)
    write_lists(book, TABLES, lists, day)
    book.close()
    return target.getvalue()
