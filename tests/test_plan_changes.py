"""What becomes of what was handed out when the plan changes afterwards, and what the council's settings do to its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import ACTION, DONE, WITH_ACTIONS, Handed
from kit import form

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.issue import as_set
from qaf_sheets.model import Allocation, Plan, Quarter
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan

NOW = datetime(2026, 10, 5, 9)


def change(root: Path, how: Callable[[Plan], Plan]) -> None:
    """The plan as somebody saves it anew."""
    with Desk(workspace.find(root)) as at:
        plan = how(at.plan)
    (root / "QA plan.xlsx").write_bytes(write_plan(plan, created=NOW))


def with_person(person_id: str, **values: object) -> Callable[[Plan], Plan]:
    return lambda plan: plan.model_copy(update={"people": tuple(p.model_copy(update=values) if p.person_id == person_id else p for p in plan.people)})


def about(run: Run, root: Path, person_id: str) -> list[tuple[str, str]]:
    """Who owes the observation of somebody, and its state."""
    _, status = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", root)
    return [(o["person_id"], o["state"]) for o in status["obligations"] if o["activity"] == "OBS" and f"/{person_id}/" in o["obligation_id"]]


def test_a_new_manager_inherits_the_observation(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    assert about(run, council, handed.issue.about) == [(handed.issue.person_id, "due")]
    change(council, with_person(handed.issue.about, line_manager_id="P016"))
    assert about(run, council, handed.issue.about) == [("P016", "due")]


def test_what_the_manager_before_returned_stands(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop()
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    change(council, with_person(handed.issue.about, line_manager_id="P016"))
    assert about(run, council, handed.issue.about) == [(handed.issue.person_id, "returned")]


def test_what_nobody_has_to_do_is_not_required_and_not_handed_out(council: Path, run: Run) -> None:
    handed = Handed(council, "ROUT")
    change(council, with_person(handed.issue.person_id, absent_from=NOW.date(), absent_to=datetime(2026, 12, 31).date()))
    _, status = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", council)
    mine = {o["state"] for o in status["obligations"] if o["person_id"] == handed.issue.person_id and o["activity"] == "ROUT"}
    assert mine == {"not_required"}
    assert status["counts"]["not_required"] >= 1
    assert status["counts"]["expected"] == sum(status["counts"][k] for k in ("returned", "awaiting", "needs_fixing", "held", "overdue"))
    handed.drop()
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    _, status = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", council)
    assert "returned" in {o["state"] for o in status["obligations"] if o["return_id"] == handed.issue.return_id}


@pytest.mark.parametrize(
    ("setting", "activity", "fields"),
    [
        ("ed_block", "CCR", {"ed_understanding", "ed_response", "ed_evaluation"}), ("ed_block", "THEM", {"ed_understanding", "ed_response", "ed_evaluation"}),
        ("person_observed", "OBS", {"person_observed"}), ("views_boxes", "CCR", {"family_contact", "family_contact_reason", "child_views_in_discussion"}),
    ],
)  # fmt: skip
def test_what_a_council_calls_optional_need_not_be_answered(setting: str, activity: str, fields: set[str]) -> None:
    plan = example_plan(NOW.date())
    asked = form(activity)
    every = (*asked.fields, *(c for t in asked.tables for c in t.columns))
    assert {q.id for q in every if q.id in fields and q.required} == fields
    loose = as_set(asked, plan.model_copy(update={"settings": {**plan.settings, setting: "optional"}}))
    assert {q.id for q in (*loose.fields, *(c for t in loose.tables for c in t.columns)) if q.id in fields and q.required} == set()
    assert as_set(asked, plan) == asked


@pytest.mark.parametrize(("labels", "word"), [("by role", "ASSISTANT DIRECTOR"), ("as printed", "HEAD OF SERVICE")])
def test_a_forms_words_follow_the_role_or_the_page(tmp_path: Path, run: Run, labels: str, word: str) -> None:
    root = tmp_path / "council"
    run("init", root)
    change(root, lambda plan: plan.model_copy(update={"settings": {**plan.settings, "labels": labels}}))
    run("issue", "--activity", "ROUT", "--person", "P002", "--json", "--workspace", root)
    assert word in Handed(root, "ROUT").form.fields[0].label


def test_the_next_form_knows_the_grade_that_the_register_has(council: Path, run: Run) -> None:
    first = Handed(council, "CCR")
    first.drop(first.filled(first.complete(overall_grade="Inadequate", family_contact_reason="Rang twice.", previous_acted_on="Yes", actions_any=WITH_ACTIONS), (ACTION,)))
    assert [f["outcome"] for f in run("ingest", "--no-outputs", "--json", "--workspace", council)[1]["files"]] == ["accepted"]
    child, later = first.issue.about, Quarter(year=2026, number=4)
    change(council, lambda plan: plan.model_copy(update={"allocations": (*plan.allocations, Allocation(quarter=later, activity="CCR", child_id=child, reviewer_id="P016", why="To be looked at again"))}))
    _, told = run("issue", "--quarter", str(later), "--activity", "CCR", "--json", "--workspace", council)
    assert len(told["issued"]) == 1
    with Desk(workspace.find(council)) as at, at.register.reading() as records:
        facts = records.issues.one(told["issued"][0]["return_id"]).facts  # type: ignore[union-attr]
    assert (facts["child_id"], facts["previous_grade"], facts["previous_on"]) == (child, "Inadequate", f"{DONE:%d/%m/%Y}")
