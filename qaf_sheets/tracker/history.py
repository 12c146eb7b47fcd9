"""The tracker's History: every change of every action, who made it, when and where. Read only."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qaf_sheets.lifecycle import Edited
from qaf_sheets.look import HEAD, LEFT, RULE, TAB_READ, Book
from qaf_sheets.model import Value
from qaf_sheets.problems import count
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.values import as_text

SHEET, UNKNOWN = "History", "Not known"
COLUMNS = (("Action reference", 20), ("Changed on", 13), ("At", 8), ("Column", 24), ("Before", 40), ("After", 40), ("Who", 24), ("Where", 14))
HEAD_ROW, TALLEST, MOST = 3, 165, 50_000
"""MOST: so many changes are shown at most, the newest; all are in the register."""


def write_history(book: Book, edits: Sequence[Edited]) -> None:
    """One row for each change, the newest first."""
    shown = edits[:MOST]
    said = f"{count(len(edits), 'change')}, the newest first. Filter by reference to see how one action came about." if edits else "Nothing has been changed yet."
    sheet = book.page(SHEET, SHEET, said, tab=TAB_READ)
    heads = [{"header": head, "header_format": book.fmt(**HEAD)} for head, _ in COLUMNS]
    sheet.add_table(HEAD_ROW, 0, HEAD_ROW + max(len(shown), 1), len(COLUMNS) - 1, {"name": SHEET, "style": None, "columns": heads})
    for col, (_, width) in enumerate(COLUMNS):
        sheet.set_column(col, col, width)
    for at, edit in enumerate(shown, HEAD_ROW + 1):
        row = _row(edit)
        for col, value in enumerate(row):
            book.put(sheet, at, col, value, **RULE, text_wrap=True, valign="top", **LEFT)
        lines = max(sum(max(1, math.ceil(len(part) / (width - 2))) for part in as_text(value).split("\n")) for value, (_, width) in zip(row, COLUMNS, strict=True))
        sheet.set_row(at, min(TALLEST, 14.5 * lines + 5))
    sheet.set_row(HEAD_ROW, 30)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)


def _row(edit: Edited) -> tuple[Value, ...]:
    header = next((c.header for c in ACTIONS.columns if c.id == edit.column), edit.column)
    return (edit.action_id, edit.at.date(), f"{edit.at:%H:%M}", header, as_text(edit.before), as_text(edit.after), edit.who or UNKNOWN, edit.source)
