"""Write `Actions tracker.xlsx`: the actions, the conflicts, and how to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time

from qaf_sheets.look import Book
from qaf_sheets.model import Problem, Value
from qaf_sheets.tracker import timing
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import Clash
from qaf_sheets.tracker.pages import write_conflicts, write_guide
from qaf_sheets.tracker.sheet import Headline, write_lists, write_table


def write_tracker(
    rows: Mapping[str, Mapping[str, Value]], clashes: Sequence[Clash], notes: Sequence[Problem], *, lists: Mapping[str, tuple[str, ...]], council: str, marking: str, as_at: datetime
) -> bytes:
    """The tracker's bytes: `rows` by id in the order given. The same rows on the same day give the same workbook."""
    target, today = io.BytesIO(), as_at.date()
    day = datetime.combine(today, time())
    book = Book(target, title="Actions tracker", subject=f"Quality assurance actions of {council}", created=day, header=f"{council}: actions tracker, as at {today:%d/%m/%Y}", marking=marking)
    rows = {row_id: {**row, ACTIONS.key.id: row_id} for row_id, row in rows.items()}
    headline = Headline(*timing.headline([timing.timing(row, today) for row in rows.values()]))
    write_table(book, ACTIONS, rows, lists, today, headline)
    write_conflicts(book, {ACTIONS.id: ACTIONS}, rows, clashes, notes)
    write_guide(book, council)
    write_lists(book, (ACTIONS,), lists)
    book.close()
    return target.getvalue()
