"""The PSW's afternoon with the tracker: what she writes beside the actions, in a program of her own."""

from __future__ import annotations

import os
import warnings
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from qaf_sheets.demo.bank import Bank

STATES = ("Open", "In progress", "Done", "Checked", "Verified")
PAST, AHEAD = (1, 2, 6, 3, 9), (8, 4, 4, 1, 4)
"""How often an action that was due, or is not due yet, stands at each of them."""


def edit(tracker: Path, bank: Bank, today: date) -> None:
    """Go through every open action, say how it stands, and save."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(tracker)
    sheet = book["Actions"]
    heads = {str(c.value): c for row in sheet.iter_rows(min_row=1, max_row=8) for c in row if c.value}
    for row in range(heads["Status"].row + 1, sheet.max_row + 1):
        cells = {head: sheet.cell(row=row, column=c.column) for head, c in heads.items()}
        if str(cells["Status"].value) == "Open":
            _progress(cells, bank, today)
    book.save(tracker)
    os.utime(tracker)


def _progress(cells: dict[str, Any], bank: Bank, today: date) -> None:
    """One action moves on, or not."""
    due = next((cells[h].value for h in ("Due date", "Due on", "Due") if h in cells), None)
    day = due.date() if isinstance(due, datetime) else due
    state = bank.dice.choices(STATES, weights=PAST if isinstance(day, date) and day < today else AHEAD)[0]
    cells["Status"].value = state
    if state == "In progress":
        cells["Progress"].value = bank.note("notes")
    if state in STATES[2:]:
        cells["Completed on"].value = today - timedelta(days=bank.dice.randint(1, 9))
        cells["Evidence"].value = bank.note("evidence")
