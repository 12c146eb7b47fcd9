"""The PSW at the tracker, in a program of her own: the actions she brings from last quarter, and what she writes beside all of them."""

from __future__ import annotations

import os
import warnings
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from qaf_sheets import workdays
from qaf_sheets.demo.bank import Bank
from qaf_sheets.facts import named
from qaf_sheets.model import Plan, Quarter

STATES = ("Open", "In progress", "Done", "Checked", "Verified")
OLD, OLD_DONE = 44, 40
"""Actions of the quarter before, and how many of them are done."""
PAST, AHEAD = (1, 2, 6, 3, 9), (8, 4, 4, 1, 4)
"""How often an action that was due, or is not due yet, stands at each of them."""


def edit(tracker: Path, bank: Bank, today: date) -> None:
    """Go through every open action, say how it stands, and save."""
    book, sheet, heads = _open(tracker)
    for row in range(heads["Status"].row + 1, sheet.max_row + 1):
        cells = {head: sheet.cell(row=row, column=c.column) for head, c in heads.items()}
        if str(cells["Status"].value) == "Open":
            _progress(cells, bank, today)
    book.save(tracker)
    os.utime(tracker)


def paste(tracker: Path, bank: Bank, plan: Plan, quarter: Quarter) -> None:
    """Last quarter's actions from the list she kept until now, as new rows: most of them done, a few still open."""
    book, sheet, heads = _open(tracker)
    before = quarter.plus(-1)
    managers = [p for p in plan.people if p.role == "TM"]
    first = next(r for r in range(heads["Status"].row + 1, sheet.max_row + 2) if not sheet.cell(row=r, column=heads["Action"].column).value)
    for n in range(OLD):
        it, owner = bank.action("before"), bank.dice.choice(managers)
        set_on = before.starts + timedelta(days=bank.dice.randint(5, 60))
        due = workdays.add(set_on + timedelta(days=bank.dice.randint(10, 25)), 1, plan.holidays)
        done = n < OLD_DONE
        said = {
            "Action": it["text"], "Owner": named(owner), "Due": due, "Level": it["level"], "Priority": it["priority"], "Difference intended": it["impact"], "Team": owner.team, "Service area": owner.service_area,
            "Status": bank.dice.choice(("Done", "Checked")) if done else "Open", "Completed on": min(due, before.ends) if done else None, "Evidence": bank.note("evidence") if done else None,
        }  # fmt: skip
        for head, value in said.items():
            sheet.cell(row=first + n, column=heads[head].column).value = value
    book.save(tracker)
    os.utime(tracker)


def _open(tracker: Path) -> tuple[Any, Any, dict[str, Any]]:
    """The workbook, its actions, and where each heading stands."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(tracker)
    sheet = book["Actions"]
    return book, sheet, {str(c.value): c for row in sheet.iter_rows(min_row=1, max_row=8) for c in row if c.value}


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
