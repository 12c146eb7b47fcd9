"""The loop: children whose grade asks for it are looked at again, and are in the next sample without anybody typing (Appendix 4)."""

from __future__ import annotations

import io
from datetime import date

import graded
import openpyxl
import pytest

from qaf_sheets.model import Allocation, Child, Snapshot, Value
from qaf_sheets.outputs.figures import figures
from qaf_sheets.outputs.figures.again import ToReview
from qaf_sheets.outputs.master import write_master
from qaf_sheets.outputs.master.again import SHEET

FULL = graded.snapshot()
NEXT = FULL.quarter.plus(1)


def again(seen: Snapshot) -> tuple[ToReview, ...]:
    return figures(seen).to_review_again


def under(rule: str, bordering: str = "No") -> list[str]:
    """Which children, where the reviewer of each says whether the work borders Good."""
    seen = graded.answering(FULL, "CCR", bordering_good=bordering)
    plan = seen.plan.model_copy(update={"settings": {**seen.plan.settings, "ccr_recheck_rule": rule}})
    return [r.child for r in again(seen.model_copy(update={"plan": plan}))]


@pytest.mark.parametrize(
    ("rule", "bordering", "children"),
    [
        ("Inadequate or bordering Good", "No", ["9300003"]), ("Inadequate or bordering Good", "Yes", ["9300003", "9300002"]), ("Inadequate or RI", "No", ["9300003", "9300002"]),
        ("Inadequate", "Yes", ["9300003"]),
    ],
)  # fmt: skip
def test_the_setting_says_which_grades_ask_for_it(rule: str, bordering: str, children: list[str]) -> None:
    """9300003 is Inadequate; 9300002 was Good, and RI after moderation."""
    assert under(rule, bordering) == children


def test_the_final_grade_counts_and_says_what_moderation_did() -> None:
    found = again(graded.answering(FULL, "CCR", bordering_good="Yes"))
    assert [(r.child, r.grade, r.bordering, r.piece) for r in found] == [("9300003", "Inadequate", False, "R-000003"), ("9300002", "RI", True, "R-000002")]
    assert "moderation moved it from Good" in found[1].why


def test_good_after_moderation_does_not_ask_for_it() -> None:
    assert again(graded.answering(FULL, "CCR", overall_grade="Good")) == ()


def test_it_names_the_next_quarters_sample_and_whether_the_child_is_in_it() -> None:
    plan = FULL.plan.model_copy(update={"allocations": (Allocation(quarter=NEXT, activity="CCR", child_id="9300003", reviewer_id="P016"),)})
    drawn = again(FULL.model_copy(update={"plan": plan}))
    assert [(r.sample, r.drawn) for r in (*again(FULL), *drawn)] == [(NEXT, False), (NEXT, True)]


def rows(seen: Snapshot) -> list[dict[str, Value]]:
    sheet = openpyxl.load_workbook(io.BytesIO(write_master(seen, figures(seen))))[SHEET]
    heads, *found = [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]
    return [dict(zip(heads, row, strict=True)) for row in found if row[0]]


def test_the_master_says_who_why_and_where_each_stands() -> None:
    closed = tuple(c.model_copy(update={"closed_on": date(2026, 12, 20)}) for c in FULL.plan.children)
    for children, standing in ((FULL.plan.children, "○ Not drawn yet"), (closed, "– Case closed")):
        seen = FULL.model_copy(update={"plan": FULL.plan.model_copy(update={"children": children})})
        assert [(r["Child"], r["Final grade"], r["Piece of work"], r["In that sample"]) for r in rows(seen)] == [("9300003", "Inadequate", "R-000003", standing)]


def test_with_nobody_to_look_at_again_the_sheet_is_there_and_says_so() -> None:
    seen = graded.answering(FULL, "CCR", overall_grade="Good")
    assert rows(seen) == []


def test_a_child_without_a_place_on_the_childrens_sheet_is_not_lost() -> None:
    seen = FULL.model_copy(update={"plan": FULL.plan.model_copy(update={"children": (Child(child_id="9999999"),)})})
    assert [r.child for r in again(seen)] == ["9300003"]
