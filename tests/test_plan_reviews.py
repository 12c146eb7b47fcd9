"""Themes and allocated children in the plan: who is drawn, dealt to whom, due when, and what the check says where something is missing."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from plan_kit import EXAMPLE, TODAY, as_book, cell, faults, planted

from qaf_sheets.book import Book
from qaf_sheets.model import Child, Person, Plan, Quarter
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.obligations import obligations

Q3 = Quarter(year=2026, number=3)
DAYS = (date(2026, 5, 5), date(2026, 8, 3), TODAY, date(2027, 2, 10))
"""A day in each quarter of the example's year."""
FEW = ("PLAN_FEW_ALLOCATED", cell("Rules", "R13", "How many"))
THEME = next(f"{cell('Calendar', '2026-27-Q3', 'Theme').rstrip('0123456789')}{n}" for n, e in enumerate(EXAMPLE.calendar, 5) if (e.quarter, e.activity) == (Q3, "DIP"))


def changed(**values: object) -> Plan:
    return EXAMPLE.model_copy(update=values)


def dealt(plan: Plan) -> list[tuple[Child, Person]]:
    """Each allocated child with the reviewer."""
    found = [(plan.child(a.child_id), plan.person(a.reviewer_id)) for a in plan.allocations]
    return [(child, reviewer) for child, reviewer in found if child and reviewer]


def due(plan: Plan, activity: str) -> set[date]:
    return {o.due_on for o in obligations(plan, Q3) if o.activity == activity}


# ---------------------------------------------------------------- what is owed


@pytest.mark.parametrize("today", DAYS)
def test_the_running_quarter_owes_every_form_and_the_others_no_reviews(today: date) -> None:
    plan, running = example_plan(today), Quarter.holding(today)
    for quarter in (Quarter(year=2026, number=n) for n in (1, 2, 3, 4)):
        owed = Counter(o.activity for o in obligations(plan, quarter))
        assert (owed["CCR"], owed["DIP"]) == (20 if quarter == running else 0, 18)
        assert len(plan.theme_of("DIP", quarter, "yes_partly_no")) >= 5


def test_a_review_is_owed_by_its_reviewer_and_about_its_child() -> None:
    owed = [o for o in obligations(EXAMPLE, Q3) if o.activity == "CCR"]
    assert [(o.person_id, o.about) for o in owed] == [(a.reviewer_id, a.child_id) for a in EXAMPLE.allocations]
    assert [o.obligation_id for o in owed] == [f"2026-27-Q3/R13/{a.reviewer_id}/{a.child_id}/1" for a in EXAMPLE.allocations]


def test_a_child_dealt_to_someone_else_moves_only_that_review() -> None:
    first, *rest = EXAMPLE.allocations
    other = next(p for p in EXAMPLE.people if p.role == "AP" and p.person_id != first.reviewer_id)
    moved = {o.obligation_id for o in obligations(changed(allocations=(first.model_copy(update={"reviewer_id": other.person_id}), *rest)), Q3)}
    before = {o.obligation_id for o in obligations(EXAMPLE, Q3)}
    assert moved ^ before == {f"2026-27-Q3/R13/{who}/{first.child_id}/1" for who in (first.reviewer_id, other.person_id)}


@pytest.mark.parametrize(
    "activity, values, day",
    [
        ("DIP", {}, date(2026, 10, 23)), ("CCR", {}, date(2026, 12, 16)),
        ("DIP", {"settings": {**EXAMPLE.settings, "dip_due_after_week": "1"}}, date(2026, 10, 19)),
        ("CCR", {"settings": {**EXAMPLE.settings, "ccr_due_after_week": "0"}}, date(2026, 12, 11)),
        ("CCR", {"calendar": ()}, date(2026, 12, 23)),  # the third Monday's week is that of Christmas
    ],
)  # fmt: skip
def test_due_after_the_friday_of_the_week(activity: str, values: dict[str, object], day: date) -> None:
    assert due(changed(**values), activity) == {day}


def test_bank_holidays_are_not_counted() -> None:
    christmas = tuple(e.model_copy(update={"week_beginning": date(2026, 12, 21)}) if e.activity == "CCR" and e.quarter == Q3 else e for e in EXAMPLE.calendar)
    assert due(changed(calendar=christmas), "CCR") == {date(2026, 12, 31)}  # three days after Friday the 25th, the 28th being one


# ---------------------------------------------------------------- who is drawn


@pytest.mark.parametrize("today", DAYS)
def test_the_draw_is_a_cross_section(today: date) -> None:
    plan = example_plan(today)
    levels, teams = (Counter(getattr(child, of) for child, _ in dealt(plan)) for of in ("level_of_need", "team"))
    assert sum(levels.values()) == 20
    assert (set(levels), set(teams)) == ({c.level_of_need for c in plan.children}, {c.team for c in plan.children})
    assert (max(levels.values()) <= 10, max(teams.values()) <= 5) == (True, True)


@pytest.mark.parametrize("today", DAYS)
def test_nobody_reviews_their_own_work(today: date) -> None:
    plan = example_plan(today)
    areas = {t.team: t.service_area for t in plan.teams}
    assert [r.name for child, r in dealt(plan) if r.person_id in (child.worker_id, child.chair_id) or r.service_area == areas[child.team]] == []
    assert max(Counter(r.person_id for _, r in dealt(plan)).values()) <= 3


def test_five_are_looked_at_again_and_why_says_so() -> None:
    again = [(child, a.why) for (child, _), a in zip(dealt(EXAMPLE), EXAMPLE.allocations, strict=True) if child.last_reviewed_on]
    assert len(again) == 5
    assert all(child.bordering_good or child.last_grade == "Inadequate" for child, _ in again)
    assert all(child.last_grade in why and "September 2026" in why for child, why in again)


def test_sixty_children_were_graded_in_the_quarter_before() -> None:
    graded = [c for c in EXAMPLE.children if c.last_grade]
    assert Counter((c.last_grade, c.bordering_good) for c in graded) == {
        ("Outstanding", False): 2, ("Good", False): 27, ("Requires improvement (RI)", False): 16, ("Requires improvement (RI)", True): 9, ("Inadequate", False): 6,
    }  # fmt: skip
    assert {Quarter.holding(c.last_reviewed_on) for c in graded if c.last_reviewed_on} == {Quarter.holding(Q3.starts - timedelta(days=1))}


def test_each_level_has_its_own_kind_of_chair() -> None:
    chairs = {c.level_of_need: chair.role if (chair := EXAMPLE.person(c.chair_id)) else "" for c in EXAMPLE.children}
    assert chairs == {"Early Help / Family Help": "", "Child in Need": "", "Child Protection": "CPC", "Child in Care": "IRO", "Care Leaver": "IRO"}


# ---------------------------------------------------------------- what the check says


@pytest.mark.parametrize("typed", [None, "A theme without questions", "Quality of visits / voice of the child"])
def test_a_theme_is_missed_while_its_quarter_runs(typed: str | None) -> None:
    book = planted({THEME: typed})
    assert faults(book, today=TODAY) == [("PLAN_THEME_MISSING", THEME)]
    assert faults(book, today=date(2027, 2, 1)) == [FEW]


def test_a_quarter_that_is_not_in_the_calendar_has_no_theme_either() -> None:
    book = as_book(changed(calendar=tuple(e for e in EXAMPLE.calendar if e.activity != "DIP")))
    assert faults(book, today=TODAY) == [("PLAN_THEME_MISSING", cell("Rules", "R06", "Activity"))]


def test_a_question_of_no_kind_fits_any_form() -> None:
    book = as_book(changed(themes=tuple(t.model_copy(update={"kind": ""}) for t in EXAMPLE.themes)))
    assert faults(book, today=TODAY) == []


def off(rule_ids: tuple[str, ...], book: Book) -> Book:
    return planted({cell("Rules", r, "On"): "No" for r in rule_ids}, book)


def test_what_is_switched_off_needs_neither_theme_nor_children() -> None:
    assert faults(off(("R06", "R07", "R08", "R09"), planted({THEME: None})), today=TODAY) == []
    assert faults(off(("R13",), as_book(changed(allocations=()))), today=TODAY) == []


@pytest.mark.parametrize("left, told", [(20, []), (19, [FEW]), (0, [FEW])])
def test_fewer_children_than_the_rule_asks(left: int, told: list[tuple[str, str]]) -> None:
    assert faults(as_book(changed(allocations=EXAMPLE.allocations[:left])), today=TODAY) == told


def test_a_child_is_dealt_out_once() -> None:
    assert faults(planted({"Allocation!C6": EXAMPLE.allocations[0].child_id})) == [("PLAN_DUPLICATE", "Allocation!C6")]


def test_nor_may_the_chair_review() -> None:
    row, child = next((n, c) for n, (c, _) in enumerate(dealt(EXAMPLE), 5) if c.chair_id)
    assert faults(planted({f"Allocation!D{row}": child.chair_id})) == [("PLAN_OWN_CHILD", f"Allocation!D{row}")]
