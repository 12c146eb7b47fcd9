"""`init`: a workspace with an example plan to edit."""

from __future__ import annotations

from pathlib import Path

from qaf_sheets import clock, workspace
from qaf_sheets.commands.say import out
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan


def init(directory: str, state: str | None) -> int:
    """Make the folders, the key and `QA plan.xlsx` for the financial year of today."""
    now = clock.now()
    place = workspace.create(Path(directory), Path(state) if state else None, write_plan(example_plan(now.date()), created=now))
    out().print(f"Made a workspace in {place.root}.\nNext: open 'QA plan.xlsx', put in your own people, teams and dates, then run 'qaf-sheets plan check'.", markup=False)
    return 0
