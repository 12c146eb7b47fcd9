"""Handing out: a theme is fixed by its first form, what has none waits, and a form knows its child and the people around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from conftest import Run

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.facts import names_for
from qaf_sheets.issue import issue, left_for_later
from qaf_sheets.model import Form, Issue, Person, Plan, Quarter, Theme
from qaf_sheets.plan.write import write_plan

Q3, Q4 = Quarter(year=2026, number=3), Quarter(year=2026, number=4)
NOW = datetime(2026, 10, 6, 9, 0)
JOINER = Person(person_id="P095", name="Sam Sampleby", role="TM", line_manager_id="P010", team="MASH", service_area="Front Door and Assessment", start_date=date(2026, 10, 6))
NETWORKS, IN_TIME = "Networks and contingency planning", "Visits, plans and supervision in time"


def at(root: Path) -> Desk:
    return Desk(workspace.find(root), now=lambda: NOW)


def planned(root: Path) -> Plan:
    with at(root) as desk:
        return desk.plan


def edit(root: Path, change: Callable[[Plan], dict[str, object]]) -> None:
    """The QA unit changes the plan and saves it."""
    plan = planned(root)
    (root / "QA plan.xlsx").write_bytes(write_plan(plan.model_copy(update=change(plan)), created=NOW))


def hand_out(root: Path, quarter: Quarter = Q3, **only: str) -> list[tuple[Issue, Form]]:
    """What was newly issued, each with its form."""
    with at(root) as desk:
        new = issue(desk, quarter, **only)  # type: ignore[arg-type]
        with desk.register.reading() as records:
            return [(one, kept[0]) for one in new if (kept := records.issues.form(one.form_version))]


def issued(root: Path, activity: str, person_id: str = "") -> list[Issue]:
    with at(root) as desk, desk.register.reading() as records:
        return [i for i in records.issues.of_quarter(Q3) if i.activity == activity and person_id in ("", i.person_id)]


def asked(form: Form) -> list[str]:
    """The theme's questions as a form asks them."""
    return [c.label for t in form.tables for c in t.columns if c.themed]


def with_joiner(plan: Plan) -> dict[str, object]:
    return {"people": (*plan.people, JOINER)}


def reworded(plan: Plan) -> tuple[Theme, ...]:
    """Every question in other words, and one more."""
    more = Theme(theme=NETWORKS, question_id="NET7", question="A seventh question", kind="yes_partly_no")
    return (*(t.model_copy(update={"question": f"{t.question}, in other words"}) for t in plan.themes), more)


def themed(plan: Plan, quarter: Quarter, theme: str) -> dict[str, object]:
    return {"calendar": tuple(e.model_copy(update={"theme": theme}) if (e.quarter, e.activity) == (quarter, "DIP") else e for e in plan.calendar)}


# ---------------------------------------------------------------- the theme is fixed at its first form


def test_a_joiner_is_asked_what_everybody_was_asked(council: Path) -> None:
    first = issued(council, "DIP")[0]
    edit(council, lambda plan: {**with_joiner(plan), "themes": reworded(plan)})
    ((one, form),) = hand_out(council, activity="DIP")
    assert (one.person_id, one.form_version) == ("P095", first.form_version)
    assert len(asked(form)) == 6
    assert [q for q in asked(form) if "other words" in q] == []


def test_the_next_quarter_asks_the_new_words(council: Path) -> None:
    edit(council, lambda plan: {"themes": reworded(plan), **themed(plan, Q4, NETWORKS)})
    forms = [form for _, form in hand_out(council, Q4, activity="DIP")]
    assert len(forms) == 18
    assert all(len(asked(f)) == 7 and "other words" in asked(f)[0] for f in forms)


def test_another_theme_in_the_calendar_is_asked_from_then_on(council: Path) -> None:
    edit(council, lambda plan: {**with_joiner(plan), **themed(plan, Q3, IN_TIME)})
    ((one, form),) = hand_out(council, activity="DIP")
    assert (form.theme, one.facts["theme"], len(asked(form))) == (IN_TIME, IN_TIME, 5)


# ---------------------------------------------------------------- what has no theme waits


@pytest.mark.parametrize("theme", ["", "A theme without questions", "Quality of visits / voice of the child"])
def test_what_has_no_theme_is_left_and_told_and_the_rest_goes_out(council: Path, run: Run, theme: str) -> None:
    edit(council, lambda plan: themed(plan, Q4, theme))
    code, told = run("issue", "--quarter", "2026-27-Q4", "--json", "--workspace", council)
    assert (code, {i["activity"] for i in told["issued"]}) == (0, {"ROUT", "SERV", "OBS"})
    assert [(p["code"], p["level"]) for p in told["problems"]] == [("PLAN_THEME_MISSING", "W")]
    edit(council, lambda plan: themed(plan, Q4, IN_TIME))
    code, told = run("issue", "--quarter", "2026-27-Q4", "--json", "--workspace", council)
    assert (code, {i["activity"] for i in told["issued"]}, told["problems"]) == (0, {"DIP"}, [])


def test_only_what_was_asked_for_and_not_handed_out_is_told(council: Path) -> None:
    edit(council, lambda plan: {"calendar": tuple(e.model_copy(update={"theme": ""}) for e in plan.calendar)})
    with at(council) as desk:
        codes = [[p.code for p in left_for_later(desk, *of, **only)] for of, only in (
            ((Q4,), {}), ((Q4,), {"activity": "OBS"}), ((Q4,), {"person_id": "P031"}), ((Q4,), {"person_id": "P017"}), ((Q3,), {}),
        )]  # fmt: skip
    assert codes == [["PLAN_THEME_MISSING"], [], ["PLAN_THEME_MISSING"], [], []]  # P017 owes no dip sample; the third quarter's are all out


# ---------------------------------------------------------------- what a form says beforehand


def test_a_review_knows_its_child(council: Path) -> None:
    plan = planned(council)
    for one in issued(council, "CCR"):
        child = plan.child(one.about)
        assert child
        worker = plan.person(child.worker_id)
        manager = plan.person(worker.line_manager_id) if worker else None
        assert worker
        assert manager
        said = {k: one.facts.get(k, "") for k in ("about", "child_id", "child_level", "child_worker", "child_manager", "previous_on", "previous_grade")}
        assert said == {
            "about": f"Child ID {child.child_id}", "child_id": child.child_id, "child_level": child.level_of_need,
            "child_worker": f"{worker.name} ({worker.person_id})", "child_manager": f"{manager.name} ({manager.person_id})",
            "previous_on": "17/09/2026" if child.last_grade else "", "previous_grade": child.last_grade,
        }  # fmt: skip
        assert one.facts.get("area", "") != child.child_id


def test_its_cells_are_filled_in(council: Path) -> None:
    one = next(i for i in issued(council, "CCR") if i.facts.get("previous_on"))
    book = openpyxl.load_workbook(council / one.file)
    cells = {name: book["Review"][book.defined_names[f"q_{name}"].attr_text.split("!")[1].replace("$", "")].value for name in ("child_id", "level_of_need", "sw_pa", "previous_on", "previous_grade")}
    assert cells == {
        "child_id": one.facts["child_id"], "level_of_need": one.facts["child_level"], "sw_pa": one.facts["child_worker"],
        "previous_on": datetime(2026, 9, 17), "previous_grade": one.facts["previous_grade"],
    }  # fmt: skip


def test_a_grade_may_stand_in_the_plan_as_its_code(council: Path) -> None:
    child = next(i for i in issued(council, "CCR")).about

    def graded(plan: Plan) -> dict[str, object]:
        moved = {"quarter": Q4, "reviewer_id": "P016"}
        children = tuple(c.model_copy(update={"last_grade": "ri", "last_reviewed_on": date(2026, 12, 10)}) if c.child_id == child else c for c in plan.children)
        return {"children": children, "allocations": tuple(a.model_copy(update=moved) for a in plan.allocations if a.child_id == child)}

    edit(council, graded)
    ((one, _),) = hand_out(council, Q4, activity="CCR")
    assert (one.facts["previous_grade"], one.facts["previous_on"]) == ("Requires improvement (RI)", "10/12/2026")


def test_a_dip_sample_says_its_theme(council: Path) -> None:
    assert {i.facts["theme"] for i in issued(council, "DIP")} == {NETWORKS}


# ---------------------------------------------------------------- the names a form offers


def offered(plan: Plan, one: Issue) -> set[str]:
    """The ids of the people a form's drop-downs offer."""
    return {name.rsplit("(", 1)[1].rstrip(")") for name in names_for(plan, one)}


def test_a_review_offers_those_around_its_child_and_no_stranger(council: Path) -> None:
    plan = planned(council)
    for one in issued(council, "CCR"):
        child = plan.child(one.about)
        worker = plan.person(child.worker_id) if child else None
        assert child
        assert worker
        around = {i for i in (worker.person_id, worker.line_manager_id, child.chair_id) if i}
        found = offered(plan, one)
        assert around <= found
        areas = {p.service_area for p in plan.people if p.person_id in found - around and p.role not in ("PSW", "QA_OFF") and p.line_manager_id != one.person_id}
        assert areas == {one.service_area}


def test_a_dip_sample_offers_the_managers_own_area(council: Path) -> None:
    (one,) = issued(council, "DIP", "P031")
    assert {"P031", "P041", "P010", "P016", "P090"} <= offered(planned(council), one)
    assert not {"P033", "P049", "P060"} & offered(planned(council), one)


def test_the_independent_auditor_is_offered_the_unit_and_the_principal_social_worker(council: Path) -> None:
    (one,) = issued(council, "DIP", "P028")
    assert {"P028", "P016", "P090", "P091"} <= offered(planned(council), one)
    assert not {"P031", "P041"} & offered(planned(council), one)
