"""The draws: which children are reviewed and by whom, and which closed actions are followed up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kit import EXAMPLE, Q3, changed

from qaf_sheets.model import Action, Allocation, Child, Person, Plan, Quarter, Rule, Team
from qaf_sheets.plan.dealing import independent
from qaf_sheets.plan.pool import asked, pool
from qaf_sheets.plan.sampling import Draw, draw_follow_up, draw_reviews, look_again

Q4 = Quarter(year=2026, number=4)
NOBODY = EXAMPLE.model_copy(update={"allocations": ()})
LEVELS, TEAMS = ("Child in Need", "Child Protection", "Child in Care"), ("North", "South", "East", "West")
WORKERS = tuple(f"W{n}" for n in range(8))


def child_of(plan: Plan, one: Allocation) -> Child:
    found = plan.child(one.child_id)
    assert found
    return found


def reviewer_of(plan: Plan, one: Allocation) -> Person:
    found = plan.person(one.reviewer_id)
    assert found
    return found


def drawn(plan: Plan = NOBODY, quarter: Quarter = Q3, seed: str = "", kept: tuple[Allocation, ...] = ()) -> Draw:
    return draw_reviews(plan, quarter, seed, kept)


# ---------------------------------------------------------------- the example council


def test_the_example_council_has_its_twenty_with_five_to_look_at_again() -> None:
    draw = drawn()
    again = [c.last_grade for a in draw.allocations if look_again(NOBODY, c := child_of(NOBODY, a))]
    assert (draw.target, len(draw.allocations), len(again), draw.unmet) == (20, 20, 5, ())
    assert set(again) == {"Inadequate", "Requires improvement (RI)"}


def test_the_example_council_has_last_grades_as_the_specification_counts_them() -> None:
    grades = Counter((c.last_grade, c.bordering_good) for c in EXAMPLE.children if c.last_grade)
    assert grades == {("Outstanding", False): 2, ("Good", False): 27, ("Requires improvement (RI)", False): 16, ("Requires improvement (RI)", True): 9, ("Inadequate", False): 6}


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_every_level_and_team_is_there_and_none_too_often(seed: str) -> None:
    children = [child_of(NOBODY, a) for a in drawn(seed=seed).allocations]
    assert {c.level_of_need for c in children} == {c.level_of_need for c in NOBODY.children}
    assert {c.team for c in children} == {c.team for c in NOBODY.children}
    assert max(Counter(c.level_of_need for c in children).values()) <= 10
    assert max(Counter(c.team for c in children).values()) <= 5


def test_levels_are_drawn_in_proportion() -> None:
    levels = Counter(child_of(NOBODY, a).level_of_need for a in drawn().allocations)
    assert levels == {"Early Help / Family Help": 3, "Child in Need": 8, "Child Protection": 2, "Child in Care": 5, "Care Leaver": 2}


def test_everybody_has_one_before_anybody_has_two() -> None:
    loads = Counter(a.reviewer_id for a in drawn().allocations)
    assert (len(loads), max(loads.values())) == (17, 2)


def test_each_says_why_this_child_and_this_reviewer() -> None:
    for a in drawn().allocations:
        child = child_of(NOBODY, a)
        assert (child.last_grade if look_again(NOBODY, child) else child.team) in a.why
        assert a.why.count(";") == 1


def test_the_draw_is_as_large_as_the_pool_where_that_is_more() -> None:
    more = tuple(Person(person_id=f"X{n}", name=f"Extra {n}", role="IRO", line_manager_id="P013") for n in range(8))
    draw = drawn(NOBODY.model_copy(update={"people": (*NOBODY.people, *more)}))
    assert (draw.target, len(draw.allocations), len({a.reviewer_id for a in draw.allocations})) == (25, 25, 25)


@pytest.mark.parametrize("facts", [{"end_date": date(2026, 9, 30)}, {"absent_from": date(2026, 9, 1), "absent_to": date(2027, 1, 31)}])
def test_whoever_left_or_is_long_away_gets_none(facts: dict[str, object]) -> None:
    draw = drawn(changed(person_facts={"P020": facts}, plan=NOBODY))
    assert (len(draw.allocations), "P020" in {a.reviewer_id for a in draw.allocations}) == (20, False)


def test_no_child_two_quarters_running_but_to_look_at_again() -> None:
    first = drawn()
    after = NOBODY.model_copy(update={"allocations": first.allocations})
    assert {a.child_id for a in first.allocations} & {a.child_id for a in drawn(after, Q4).allocations} == set()
    done = {a.child_id for a in first.allocations}
    failed = tuple(c.model_copy(update={"last_reviewed_on": date(2026, 12, 9), "last_grade": "Inadequate" if c.child_id in done else c.last_grade}) for c in after.children)
    again = done & {a.child_id for a in drawn(after.model_copy(update={"children": failed}), Q4).allocations}
    assert again


def test_a_child_nobody_may_review_makes_room_for_another() -> None:
    """With Heads of Service alone in the pool and every child of one team in their own hands, others are drawn."""
    plan = changed(rules={"R13": {"who": ("HOS",)}, "R14": {"who": ("HOS",)}}, plan=NOBODY)
    hands = tuple(c.model_copy(update={"worker_id": "P010"}) if c.team == "MASH" else c for c in plan.children)
    draw = drawn(plan.model_copy(update={"children": hands}))
    assert len(draw.allocations) == 18
    assert [a for a in draw.allocations if a.reviewer_id == "P010" and child_of(plan, a).team == "MASH"] == []
    assert [p.code for p in draw.unmet] == ["SAMPLE_NO_REVIEWER"]


def test_what_cannot_be_met_is_said() -> None:
    few = NOBODY.model_copy(update={"children": tuple(c for c in NOBODY.children if c.team == "MASH")})
    assert [p.code for p in drawn(few).unmet][:1] == ["SAMPLE_FEW"]
    assert len(drawn(few).allocations) == 5
    own_team = changed(rules={"R13": {"who": ("TM",), "count": 5}, "R14": {"on": False}}, plan=few)
    alone = own_team.model_copy(update={"people": tuple(p for p in own_team.people if p.role != "TM" or p.team == "MASH")})
    assert (drawn(alone).allocations, drawn(alone).unmet[0].code) == ((), "SAMPLE_FEW")


def test_what_is_kept_counts_and_stays() -> None:
    kept = drawn().allocations[:6]
    draw = drawn(seed="another", kept=kept)
    both = (*draw.kept, *draw.allocations)
    assert (draw.kept, len(both), len({a.child_id for a in both})) == (kept, 20, 20)
    assert max(Counter(a.reviewer_id for a in both).values()) <= 2


def test_own_service_area_only_where_nobody_elsewhere_is_free() -> None:
    areas = {t.team: t.service_area for t in NOBODY.teams}
    for seed in map(str, range(6)):
        assert [a for a in drawn(seed=seed).allocations if reviewer_of(NOBODY, a).service_area == areas[child_of(NOBODY, a).team]] == []
    one = changed(rules={"R13": {"who": ("HOS",), "count": 3}, "R14": {"on": False}}, plan=NOBODY)
    alone = one.model_copy(update={"people": tuple(p for p in one.people if p.role != "HOS" or p.person_id == "P010")})
    area = next(p.service_area for p in alone.people if p.person_id == "P010")
    own = alone.model_copy(update={"children": tuple(c for c in alone.children if areas[c.team] == area)})
    assert {a.reviewer_id for a in drawn(own).allocations} == {"P010"}


def test_a_draw_without_a_seed_can_be_repeated_by_its_quarter() -> None:
    assert (drawn().seed, drawn()) == ("2026-27-Q3", drawn(seed="2026-27-Q3"))


# ---------------------------------------------------------------- any council


@st.composite
def councils(draw: st.DrawFn) -> Plan:
    """A small council: reviewers of whom some hold, chair or manage cases, and children of any last grade."""
    teams = draw(st.integers(1, len(TEAMS)))
    manager = st.sampled_from(["R0", "R1", "H"])
    workers = [Person(person_id=w, name=w, role="SW", line_manager_id=draw(manager), team=TEAMS[n % teams]) for n, w in enumerate(WORKERS)]
    reviewers = [Person(person_id=f"R{n}", name=f"R{n}", role=draw(st.sampled_from(["HOS", "IRO"])), line_manager_id="H", team=draw(st.sampled_from(["", *TEAMS[:teams]])), service_area=draw(st.sampled_from(["One", "Two"]))) for n in range(draw(st.integers(1, 7)))]
    children = [
        Child(
            child_id=f"{9000000 + n}", level_of_need=draw(st.sampled_from(LEVELS)), team=draw(st.sampled_from(TEAMS[:teams])), worker_id=draw(st.sampled_from([*WORKERS, "R0"])),
            chair_id=draw(st.sampled_from(["", "R0", "R1"])), last_grade=draw(st.sampled_from(["", "Good", "RI", "Inadequate"])), bordering_good=draw(st.booleans()),
            closed_on=draw(st.sampled_from([None, None, date(2026, 6, 1)])), last_reviewed_on=draw(st.sampled_from([None, date(2026, 9, 10)])),
        )
        for n in range(draw(st.integers(0, 30)))
    ]  # fmt: skip
    rules = (Rule(rule_id="R13", who=("HOS", "IRO"), activity="CCR", count=draw(st.integers(1, 12)), per="quarter", unit="authority", clause="Appendix 4"),)
    areas = tuple(Team(team=t, service_area=("One", "Two")[n % 2]) for n, t in enumerate(TEAMS))
    head = Person(person_id="H", name="H", role="DCS")
    values = {"ccr_team_share": draw(st.sampled_from(["25", "50", "100"])), "ccr_level_share": "100", "ccr_most_each": draw(st.sampled_from(["1", "2", "3"]))}
    return EXAMPLE.model_copy(update={
        "people": (head, *workers, *reviewers), "teams": areas, "children": tuple(children), "rules": rules, "allocations": (), "calendar": (), "settings": {**EXAMPLE.settings, **values},
    })  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(councils(), st.text(max_size=5))
def test_whatever_the_council_the_rules_of_independence_hold(plan: Plan, seed: str) -> None:
    draw = drawn(plan, seed=seed)
    most = int(plan.setting("ccr_most_each"))
    assert all(independent(plan, child_of(plan, a), reviewer_of(plan, a)) for a in draw.allocations)
    for a in draw.allocations:
        child, reviewer = child_of(plan, a), reviewer_of(plan, a)
        worker = plan.person(child.worker_id)
        assert reviewer.person_id not in (child.worker_id, child.chair_id)
        assert worker is None or worker.line_manager_id != reviewer.person_id
        assert child.closed_on is None
    assert max(Counter(a.reviewer_id for a in draw.allocations).values(), default=0) <= most
    assert len({a.child_id for a in draw.allocations}) == len(draw.allocations)


@settings(max_examples=100, deadline=None)
@given(councils(), st.text(max_size=5))
def test_whatever_the_council_the_same_seed_is_the_same_draw_of_the_size_asked_for(plan: Plan, seed: str) -> None:
    draw = drawn(plan, seed=seed)
    assert draw == drawn(plan, seed=seed)
    assert draw.target == asked(plan, "CCR", Q3)
    codes = {p.code for p in draw.unmet}
    assert len(draw.allocations) == draw.target or (len(draw.allocations) < draw.target and codes & {"SAMPLE_FEW", "SAMPLE_NO_REVIEWER"})
    teams = Counter(child_of(plan, a).team for a in draw.allocations)
    assert max(teams.values(), default=0) <= max(1, draw.target * int(plan.setting("ccr_team_share")) // 100)


@settings(max_examples=100, deadline=None)
@given(councils(), st.text(max_size=5))
def test_whatever_the_council_nobody_more_could_be_given_a_reviewer(plan: Plan, seed: str) -> None:
    """A child left over has only reviewers who have enough."""
    draw = drawn(plan, seed=seed)
    lost = next((p.message for p in draw.unmet if p.code == "SAMPLE_NO_REVIEWER"), "")
    loads = Counter(a.reviewer_id for a in draw.allocations)
    for child in (c for c in plan.children if c.child_id in lost):
        free = [p for p in pool(plan, "CCR", Q3) if independent(plan, child, p) and loads[p.person_id] < int(plan.setting("ccr_most_each"))]
        assert free == []


# ---------------------------------------------------------------- actions to follow up


def closed(n: int, **cells: Any) -> Action:
    return Action(action_id=f"ACT-{n:04}", cells={"status": "Done", "completed_on": date(2026, 8, 3), **cells})


def followed(actions: list[Action], **options: Any) -> list[str]:
    return [f.action.action_id for f in draw_follow_up(actions, Q3, **{"share": 20, "least": 5, **options})]


@pytest.mark.parametrize(("there", "share", "wanted"), [(0, 20, 0), (3, 20, 3), (10, 20, 5), (40, 20, 8), (41, 20, 9), (10, 100, 10)])
def test_a_fifth_is_followed_up_and_at_least_five(there: int, share: int, wanted: int) -> None:
    assert len(followed([closed(n) for n in range(there)], share=share)) == wanted


@pytest.mark.parametrize("cells", [{"status": "Open"}, {"status": "Verified"}, {"completed_on": date(2026, 10, 2)}, {"completed_on": date(2026, 6, 30)}, {"completed_on": None}])
def test_only_what_was_closed_in_the_quarter_before_and_not_looked_behind(cells: dict[str, Any]) -> None:
    assert followed([closed(1), closed(2, **cells)]) == ["ACT-0001"]


def test_the_same_seed_follows_up_the_same_in_whatever_order_they_come() -> None:
    actions = [closed(n) for n in range(60)]
    assert followed(actions) == followed(actions[::-1]) != followed(actions, seed="another")


def test_urgent_ones_and_those_of_inadequate_work_are_likelier() -> None:
    actions = [closed(n, priority="Immediate" if n < 20 else "Within the quarter") for n in range(60)]
    heavy = {f"ACT-{n:04}" for n in range(20, 40)}
    times = Counter(a for seed in range(80) for a in followed(actions, seed=str(seed), heavy=heavy))
    parts = [sum(times[f"ACT-{n:04}"] for n in part) for part in (range(20), range(20, 40), range(40, 60))]
    assert min(parts[:2]) > 1.5 * parts[2] > 0


def test_each_says_why_it_is_followed_up() -> None:
    found = draw_follow_up([closed(1, priority="Immediate"), closed(2)], Q3, share=20, least=5)
    assert len({f.why for f in found}) == 2
