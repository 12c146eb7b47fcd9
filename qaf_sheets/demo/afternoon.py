"""The PSW at the tracker, in a program of her own: the actions she brings from last quarter, and what she writes beside all of them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from qaf_sheets import workdays
from qaf_sheets.demo.bank import Bank
from qaf_sheets.facts import named
from qaf_sheets.lifecycle import CHECKED, CLOSED, DONE, IN_PROGRESS, OPEN
from qaf_sheets.model import Plan, Quarter

STATES = (OPEN, IN_PROGRESS, DONE, CHECKED, CLOSED)
OLD, OLD_DONE = 44, 40
"""Actions of the quarter before, and how many of them are done."""
AFTERWARDS = (("Spoken", "spoken", 0), ("Written", "written", 2), ("On the child", "file", 14))
"""What the PSW hears was done: how its column's heading begins, its word under Expected, and after how many working days."""
USUALLY_DONE, STILL_OPEN = 0.8, 2
"""How often she hears of it; how many immediate concerns have no outcome yet."""
PAST, AHEAD = (1, 2, 6, 3, 9), (8, 4, 4, 1, 4)
"""How often an action that was due, or is not due yet, stands at each of them."""


def edit(tracker: Path, bank: Bank, plan: Plan, today: date) -> None:
    """Go through the open actions, what was done after each piece of work, and the immediate concerns; save."""
    book = _open(tracker)
    for cells in _rows(book, "Actions", "Status"):
        if str(cells["Status"].value) == "Open":
            _progress(cells, bank, plan, today)
    for cells in _rows(book, "Feedback and file", "Piece of work"):
        _afterwards(cells, bank, plan, today)
    leader = _leader(plan)
    for cells in list(_rows(book, "Immediate concerns", "Concern"))[:-STILL_OPEN]:
        cells["Outcome"].value, cells["Recorded by"].value, cells["Recorded on"].value = bank.note("outcomes"), leader, today
    book.properties.lastModifiedBy = _leader(plan)
    book.save(tracker)
    os.utime(tracker)


def _afterwards(cells: dict[str, Any], bank: Bank, plan: Plan, today: date) -> None:
    """Most of what had no date yet: given or placed some working days after the work, if that is past."""
    done, expected = cells["Done on"].value, str(cells["Expected"].value)
    first = done.date() if isinstance(done, datetime) else done
    for head, said, after in AFTERWARDS:
        cell = next(c for h, c in cells.items() if h.startswith(head))
        on = workdays.add(first, after + bank.dice.randint(0, 4), plan.holidays) if isinstance(first, date) else today
        if cell.value is None and said in expected and on <= today and bank.dice.random() < USUALLY_DONE:
            cell.value = on


def paste(tracker: Path, bank: Bank, plan: Plan, quarter: Quarter) -> None:
    """Last quarter's actions from the list she kept until now, as new rows: most of them done, a few still open."""
    book = _open(tracker)
    sheet = book["Actions"]
    heads = _heads(sheet, "Status")
    before = quarter.plus(-1)
    managers = [p for p in plan.people if p.role == "TM"]
    first = next(r for r in range(heads["Status"].row + 1, sheet.max_row + 2) if not sheet.cell(row=r, column=heads["Action"].column).value)
    for n in range(OLD):
        it, owner = bank.action("before"), bank.dice.choice(managers)
        set_on = before.starts + timedelta(days=bank.dice.randint(5, 60))
        due = workdays.add(set_on + timedelta(days=bank.dice.randint(10, 25)), 1, plan.holidays)
        done = n < OLD_DONE
        status = bank.dice.choice((DONE, CHECKED)) if done else OPEN
        confirmed = _leader(plan) if status == CHECKED else None
        said = {
            "Action": it["text"], "Owner": named(owner), "Due": due, "Level": it["level"], "Priority": it["priority"], "Difference intended": it["impact"], "Team": owner.team, "Service area": owner.service_area,
            "Status": status, "Completed on": min(due, before.ends) if done else None, "Evidence": bank.note("evidence") if done else None, "Confirmed by": confirmed, "Confirmed on": min(due, before.ends) if confirmed else None,
        }  # fmt: skip
        for head, value in said.items():
            sheet.cell(row=first + n, column=heads[head].column).value = value
    book.properties.lastModifiedBy = _leader(plan)
    book.save(tracker)
    os.utime(tracker)


def _leader(plan: Plan) -> str:
    return next(named(p) for p in plan.people if p.role == "PSW")


def _open(tracker: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(tracker)


def _heads(sheet: Any, known: str) -> dict[str, Any]:
    """The headings of a sheet, in the row that holds a known one."""
    row = next(row for row in sheet.iter_rows(min_row=1, max_row=10) if any(c.value == known for c in row))
    return {str(c.value): c for c in row if c.value}


def _rows(book: Any, name: str, known: str) -> Iterator[dict[str, Any]]:
    """Every filled row of a sheet, by heading."""
    heads = _heads(book[name], known)
    for n in range(heads[known].row + 1, book[name].max_row + 1):
        cells = {head: book[name].cell(row=n, column=c.column) for head, c in heads.items()}
        if cells[known].value:
            yield cells


def _progress(cells: dict[str, Any], bank: Bank, plan: Plan, today: date) -> None:
    """One action moves on, or not."""
    due = next((cells[h].value for h in ("Due date", "Due on", "Due") if h in cells), None)
    day = due.date() if isinstance(due, datetime) else due
    state = bank.dice.choices(STATES, weights=PAST if isinstance(day, date) and day < today else AHEAD)[0]
    cells["Status"].value = state
    if state == IN_PROGRESS:
        cells["Progress"].value = bank.note("notes")
    if state in STATES[2:]:
        cells["Completed on"].value = today - timedelta(days=bank.dice.randint(1, 9))
        cells["Evidence"].value = bank.note("evidence")
    if state in STATES[3:]:
        cells["Confirmed by"].value, cells["Confirmed on"].value = _leader(plan), today
