"""`sample ccr`: the draw goes into the plan where nothing of people's own would be lost, and into a workbook to paste from in any case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import Handed
from kit import book, edited
from openpyxl.comments import Comment

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.model import Plan, Quarter
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.sampling import look_again
from qaf_sheets.sample import as_reviewed

Q3, Q4 = Quarter(year=2026, number=3), Quarter(year=2026, number=4)


def plan_of(root: Path) -> Plan:
    plan, problems = read_plan(book((root / "QA plan.xlsx").read_bytes()))
    assert problems == ()
    return plan


def allocated(root: Path, quarter: Quarter) -> list[tuple[str, str]]:
    return [(a.child_id, a.reviewer_id) for a in plan_of(root).allocations if a.quarter == quarter]


def sample(run: Run, root: Path, *more: str) -> dict[str, Any]:
    code, said = run("sample", "ccr", "--json", "--workspace", root, *more)
    assert code == 0
    return dict(said)


def change(root: Path, edit: Any) -> bytes:
    path = root / "QA plan.xlsx"
    path.write_bytes(edited(path.read_bytes(), edit))
    return path.read_bytes()


NEXT = ("--quarter", "2026-27-Q4")


def test_a_draw_goes_into_the_plan_and_the_plan_as_it_was_is_kept(council: Path, run: Run) -> None:
    before, plan = (council / "QA plan.xlsx").read_bytes(), plan_of(council)
    said = sample(run, council, *NEXT)
    assert allocated(council, Q4) == [(a["child_id"], a["reviewer_id"]) for a in said["allocations"]]
    assert (len(said["allocations"]), said["changed"], said["plan"]["written"]) == (20, True, True)
    assert (council / said["plan"]["copy"]).read_bytes() == before
    assert without_places(plan) == without_places(plan_of(council))
    assert run("plan", "check", "--json", "--workspace", council)[1]["ok"]


def without_places(plan: Plan) -> dict[str, Any]:
    """All that a plan says but its allocations, wherever in the workbook it stands."""
    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k != "source"}
        return [bare(v) for v in value] if isinstance(value, (list, tuple)) else value

    return dict(bare(plan.model_copy(update={"allocations": ()}).model_dump()))


def test_the_sample_is_a_workbook_to_paste_from(council: Path, run: Run) -> None:
    said = sample(run, council, *NEXT)
    sheets = book((council / said["file"]).read_bytes()).sheets
    assert list(sheets) == ["Allocation", "How it was drawn"]
    plan_columns = [h for h in book((council / "QA plan.xlsx").read_bytes()).sheets["Allocation"][3] if h]
    assert list(sheets["Allocation"][3][: len(plan_columns)]) == plan_columns
    assert [(row[2], row[3]) for row in sheets["Allocation"][4:]] == [(a["child_id"], a["reviewer_id"]) for a in said["allocations"]]
    levels = {row[1]: row[3] for row in sheets["How it was drawn"] if row[0] == "Level of need"}
    assert levels == dict(Counter(a["level_of_need"] for a in said["allocations"]))


def test_the_same_seed_draws_the_same_and_another_does_not(council: Path, run: Run) -> None:
    def children(*more: str) -> list[str]:
        return [a["child_id"] for a in sample(run, council, *NEXT, *more)["allocations"]]

    first = children("--seed", "7")
    assert children("--again", "--seed", "7") == first != children("--again", "--seed", "8")


def test_what_is_allocated_stays_until_drawn_again_and_what_is_handed_out_for_good(council: Path, run: Run) -> None:
    before = (council / "QA plan.xlsx").read_bytes()
    said = sample(run, council, "--quarter", "2026-27-Q3")
    assert (said["changed"], said["seed"], (council / "QA plan.xlsx").read_bytes() == before) == (False, None, True)
    standing = allocated(council, Q3)
    again = sample(run, council, "--quarter", "2026-27-Q3", "--again", "--seed", "9")
    assert [(a["child_id"], a["reviewer_id"]) for a in again["allocations"]] == standing == allocated(council, Q3)


RI = {"overall_grade": "Requires improvement (RI)", "bordering_good": "Yes"}


@pytest.mark.parametrize(("said", "again"), [(RI, True), ({**RI, "bordering_good": "No"}, False), ({"overall_grade": "Good"}, False)])
def test_what_came_in_overrules_the_grade_on_the_children_sheet(council: Path, run: Run, said: dict[str, str], again: bool) -> None:
    handed = Handed(council, "CCR")
    handed.drop(handed.filled(handed.complete(child_name="Robin Notareal", family_contact_reason="Rang twice.", previous_acted_on="Yes", **said)))
    assert [f["outcome"] for f in run("ingest", "--json", "--no-outputs", "--workspace", council)[1]["files"]] == ["accepted"]
    with Desk(workspace.find(council)) as at:
        plan = as_reviewed(at, at.plan, Q4)
        before, child = (as_reviewed(at, at.plan, q).child(handed.issue.about) for q in (Q3, Q4))
    assert before == at.plan.child(handed.issue.about)
    assert child
    assert (child.last_grade, look_again(plan, child)) == (said["overall_grade"], again)


def own_column(found: openpyxl.Workbook) -> None:
    found["People"].cell(row=4, column=30, value="Desk")
    found["People"].cell(row=5, column=30, value="By the window")


def own_sheet(found: openpyxl.Workbook) -> None:
    found.create_sheet("Our notes")["A1"] = "Ring the auditor"


def comment(found: openpyxl.Workbook) -> None:
    found["Children"]["A5"].comment = Comment("Ask first", "A colleague")


def formula(found: openpyxl.Workbook) -> None:
    found["Settings"]["C6"] = '="OFFICIAL"'


@pytest.mark.parametrize("edit", [own_column, own_sheet, comment, formula], ids=lambda e: e.__name__)
def test_a_plan_with_something_of_peoples_own_is_left_alone(council: Path, run: Run, edit: Any) -> None:
    before = change(council, edit)
    said = sample(run, council, *NEXT)
    assert (said["plan"]["written"], bool(said["plan"]["left_alone"])) == (False, True)
    assert (council / "QA plan.xlsx").read_bytes() == before
    assert [p.name for p in council.glob("*before sample*")] == []
    assert len(book((council / said["file"]).read_bytes()).sheets["Allocation"]) == 24


def test_a_plan_that_is_open_is_left_alone(council: Path, run: Run) -> None:
    before = (council / "QA plan.xlsx").read_bytes()
    (council / "~$QA plan.xlsx").write_bytes(b"\x05Avery".ljust(165, b"\0"))
    said = sample(run, council, *NEXT)
    assert (said["plan"]["written"], (council / "QA plan.xlsx").read_bytes() == before) == (False, True)
    assert [p.name for p in council.glob("*before sample*")] == []


def test_without_a_rule_there_is_nothing_to_draw(council: Path, run: Run) -> None:
    def off(found: openpyxl.Workbook) -> None:
        sheet = found["Rules"]
        switch = next(c.column for c in sheet[4] if c.value == "On")
        for row in range(5, 60):
            if sheet.cell(row=row, column=1).value in ("R13", "R14"):
                sheet.cell(row=row, column=switch).value = "No"

    before = change(council, off)
    assert run("sample", "ccr", "--workspace", council, *NEXT)[0] == 2
    assert (council / "QA plan.xlsx").read_bytes() == before


def test_a_service_area_that_comes_from_the_team_is_not_written_down(council: Path, run: Run) -> None:
    def blank(found: openpyxl.Workbook) -> None:
        sheet = found["People"]
        areas = next(c.column for c in sheet[4] if c.value == "Service area")
        for row in range(5, 90):
            if sheet.cell(row=row, column=1).value == "P041":
                sheet.cell(row=row, column=areas).value = None

    change(council, blank)
    sample(run, council, *NEXT)
    rows = book((council / "QA plan.xlsx").read_bytes()).sheets["People"]
    assert next(row for row in rows if row[0] == "P041")[rows[3].index("Service area")] is None
