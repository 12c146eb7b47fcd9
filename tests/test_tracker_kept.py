"""The service writes a tracker that somebody arranged: once, as they left it, and not again while nothing is new."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import Handed
from kit import edited
from test_publish import TRACKER, take_in, with_action

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.rebuild import disagreements

MINE = "My view"


@pytest.fixture
def arranged(council: Path, run: Run) -> Path:
    """One return is in, with one action; somebody wrote in a column of their own, beside an action of their own, coloured a cell and saved."""
    handed = Handed(council, "OBS")
    handed.drop(with_action(handed))
    take_in(run, council)
    arrange(council, mine)
    return council


def arrange(root: Path, change: Any) -> None:
    (root / TRACKER).write_bytes(edited((root / TRACKER).read_bytes(), change))


def mine(found: Any) -> None:
    sheet = found["Actions"]
    end = sheet.max_column + 1
    for row, value in ((4, MINE), (5, "ask Pat"), (6, "new one")):
        sheet.cell(row, end).value = value
    sheet["B6"].value, sheet["D6"].value = "Ring the school", date(2027, 2, 1)
    sheet["B5"].fill = openpyxl.styles.PatternFill("solid", "FF92D050")
    sheet.column_dimensions["C"].hidden = True


def views(root: Path) -> dict[str, Any]:
    """What stands in the person's own column, by reference."""
    sheet = openpyxl.load_workbook(root / TRACKER)["Actions"]
    column = next((c.column for c in sheet[4] if c.value == MINE), None)
    return {sheet.cell(n, 1).value: sheet.cell(n, column).value for n in range(5, sheet.max_row + 1) if sheet.cell(n, 1).value} if column else {}


BOTH = {"ACT-2026Q3-0001": "ask Pat", "ACT-2026Q3-0002": "new one"}


def test_it_is_written_once_as_it_was_left_and_then_let_be(arranged: Path, run: Run) -> None:
    assert take_in(run, arranged)[TRACKER]
    assert views(arranged) == BOTH
    take_in(run, arranged)  # that a row was added has been told, and goes from the Conflicts sheet
    before = (arranged / TRACKER).read_bytes()
    assert not take_in(run, arranged)[TRACKER]
    assert (arranged / TRACKER).read_bytes() == before
    sheet = openpyxl.load_workbook(io.BytesIO(before))["Actions"]
    assert (sheet["B5"].fill.fgColor.rgb, sheet.column_dimensions["C"].hidden) == ("FF92D050", True)


def test_saving_without_a_change_costs_one_writing_at_most(arranged: Path, run: Run) -> None:
    take_in(run, arranged)
    arrange(arranged, lambda found: None)
    take_in(run, arranged)
    assert not take_in(run, arranged)[TRACKER]
    assert views(arranged) == BOTH


def test_a_tracker_that_was_deleted_comes_back_as_it_was_left(arranged: Path, run: Run) -> None:
    take_in(run, arranged)
    (arranged / TRACKER).unlink()
    assert take_in(run, arranged)[TRACKER]
    assert views(arranged) == BOTH


def test_what_cannot_be_read_of_it_costs_no_edit(arranged: Path, run: Run) -> None:
    take_in(run, arranged)

    def change(found: Any) -> None:
        found["Actions"]["K5"].value = "Booked"
        found["Actions"].column_dimensions["C"].hidden = False

    assert openpyxl.load_workbook(arranged / TRACKER)["Actions"]["K4"].value == "Progress"
    arrange(arranged, change)
    (arranged / TRACKER).write_bytes(torn((arranged / TRACKER).read_bytes()))
    assert take_in(run, arranged)[TRACKER]
    sheet = openpyxl.load_workbook(arranged / TRACKER)["Actions"]
    assert (sheet["K5"].value, sheet.column_dimensions["C"].hidden) == ("Booked", True)
    assert views(arranged) == BOTH


def torn(data: bytes) -> bytes:
    """A width that no program writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            body = before.read(entry)
            after.writestr(entry, re.sub(rb'(<col [^>]*width=")[^"]*', rb"\1wide", body) if entry.filename == "xl/worksheets/sheet1.xml" else body)
    return out.getvalue()


def test_register_and_journal_agree_on_it(arranged: Path, run: Run) -> None:
    take_in(run, arranged)
    with Desk(workspace.find(arranged)) as at:
        assert disagreements(at) == []


def test_a_sheet_of_ones_own_stays_as_what_it_shows(arranged: Path, run: Run) -> None:
    def add(found: Any) -> None:
        sheet = found.create_sheet("Team day", 0)
        sheet.append(["What", "When", "Share"])
        sheet.append(["Lunch", date(2027, 1, 14), 0.5])
        sheet["C2"].number_format = "0%"
        sheet["A2"].fill = openpyxl.styles.PatternFill("solid", "FF92D050")
        sheet["D2"].value = "=1+1"

    arrange(arranged, add)
    for _ in range(3):
        take_in(run, arranged)
    found = openpyxl.load_workbook(arranged / TRACKER)
    sheet = found["Team day"]
    assert found.sheetnames[0] == "Actions"
    assert [c.value for c in sheet[1]][:3] == ["What", "When", "Share"]
    assert (sheet["B2"].value.date(), sheet["C2"].value, sheet["C2"].number_format, sheet["A2"].fill.fgColor.rgb) == (date(2027, 1, 14), 0.5, "0%", "FF92D050")
    arrange(arranged, lambda found: found.remove(found["Team day"]))
    take_in(run, arranged)
    assert "Team day" not in openpyxl.load_workbook(arranged / TRACKER).sheetnames
    assert not take_in(run, arranged)[TRACKER]
