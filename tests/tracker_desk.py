"""Somebody at the tracker of a test workspace: opens it, writes into one sheet, saves; the service reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from conftest import Run
from kit import book

from qaf_sheets import workspace
from qaf_sheets.decisions import attend
from qaf_sheets.desk import Desk
from qaf_sheets.tracking import edits_back

Edit = Callable[[Any, dict[str, int]], None]


def edited(root: Path, run: Run, sheet: str, write: Edit) -> list[str]:
    """Somebody opens the tracker, writes into one sheet and saves; gives the codes of what the next publish remarks on."""
    run("build", "--only", "tracker", "--json", "--workspace", root)
    path = root / "Actions tracker.xlsx"
    it = openpyxl.load_workbook(path)
    heads = {str(c.value): c.column for c in it[sheet][4]}
    write(it[sheet], heads)
    it.save(path)
    with Desk(workspace.find(root)) as at:
        return [p.code for p in (*edits_back(at), *attend(at))]


def row_of(sheet: Any, key: str) -> int:
    """The number of a row by its reference."""
    return next(r for r in range(5, sheet.max_row + 1) if sheet.cell(r, 1).value == key)


def rows(root: Path, sheet: str) -> dict[str, dict[str, Any]]:
    """What the tracker's file says now: reference → heading → value."""
    found = book((root / "Actions tracker.xlsx").read_bytes()).sheets[sheet]
    heads = list(found[3])
    return {str(r[0]): dict(zip(heads, r, strict=False)) for r in found[4:] if r and r[0]}
