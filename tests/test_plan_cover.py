"""Joiners, leavers, absence, vacancies, people who act for others, and those new in role (specification 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kit import EXAMPLE, Q3, YEAR, changed, owed, person

from qaf_sheets.model import Obligation, Person, Plan, Quarter
from qaf_sheets.plan.obligations import obligations

Facts = Mapping[str, Mapping[str, object]]
AWAY: Mapping[str, object] = {"absent_from": date(2026, 10, 1), "absent_to": date(2026, 12, 31)}
NEXT = Quarter(year=2027, number=1)


def required(facts: Facts, activity: str = "", quarter: Quarter = Q3) -> set[tuple[str, str, str]]:
    """Who owes what about whom, of what is not excused."""
    return {(o.person_id, o.activity, o.about) for o in owed(person_facts=facts, quarter=quarter, activity=activity) if not o.excused}


def excused(facts: Facts, activity: str = "", quarter: Quarter = Q3) -> list[str]:
    return [o.obligation_id for o in owed(person_facts=facts, quarter=quarter, activity=activity) if o.excused]


def mine(facts: Facts, person_id: str, activity: str, quarter: Quarter = Q3) -> list[Obligation]:
    return [o for o in owed(person_facts=facts, quarter=quarter, activity=activity) if o.person_id == person_id]


def joined(**values: object) -> Plan:
    """The example with one more person."""
    return EXAMPLE.model_copy(update={"people": (*EXAMPLE.people, Person(person_id="P099", name="Sam Sampleby", **values))})


# ---------------------------------------------------------------- joiners


def test_a_joiner_has_a_year_for_the_first_observation() -> None:
    plan = joined(role="SW", line_manager_id="P031", team="Assessment A", service_area="Front Door and Assessment", start_date=date(2026, 12, 1))
    first = [[(o.due_on, o.person_id) for o in obligations(plan, q) if o.about == "P099"] for q in (*YEAR, NEXT.plus(2))]
    assert first == [[], [], [(date(2027, 12, 1), "P031")], [], [(date(2027, 12, 31), "P031")]]  # and then every year


@pytest.mark.parametrize("start, due", [(date(2026, 4, 6), date(2027, 4, 6)), (date(2026, 6, 30), date(2027, 6, 30))])
def test_twelve_months_or_the_end_of_the_year_whichever_is_later(start: date, due: date) -> None:
    plan = joined(role="SW", line_manager_id="P031", start_date=start).model_copy(update={"rules": tuple(r for r in EXAMPLE.rules if r.rule_id == "R15")})
    plan = plan.model_copy(update={"people": tuple(p.model_copy(update={"person_id": "P097"}) if p.person_id == "P099" else p for p in plan.people)})
    assert [o.due_on for o in obligations(plan, YEAR[0]) if o.about == "P097"] == [due]


def test_what_was_due_before_somebody_started_is_not_theirs() -> None:
    facts: Facts = {"P010": {"start_date": date(2026, 11, 2)}}
    assert excused(facts) == ["2026-27-Q3/R06/P010/-/1"]
    assert ("P010", "ROUT", "") in required(facts)


# ---------------------------------------------------------------- leavers


def test_what_is_due_after_the_last_day_is_cancelled_and_stays_in_the_list() -> None:
    facts: Facts = {"P043": {"end_date": date(2026, 11, 15)}}
    found = next(o for o in owed(person_facts=facts) if o.about == "P043")
    assert (found.obligation_id, "15/11/2026" in found.excused) == ("2026-27-Q3/R15/P031/P043/1", True)
    assert excused(facts) == [found.obligation_id]


def test_who_left_earlier_is_not_in_the_list_at_all() -> None:
    facts: Facts = {"P043": {"end_date": date(2026, 9, 30)}}
    assert {o.obligation_id for o in owed()} - {o.obligation_id for o in owed(person_facts=facts)} == {"2026-27-Q3/R15/P031/P043/1"}


def test_one_of_several_in_a_post_leaves_no_vacancy() -> None:
    facts: Facts = {"P018": {"end_date": date(2026, 9, 30)}}
    assert required(facts, "THEM") == required({}, "THEM") - {("P018", "THEM", "")}


# ---------------------------------------------------------------- vacancies


def test_a_vacant_post_is_the_manager_aboves() -> None:
    facts: Facts = {"P010": {"end_date": date(2026, 9, 30)}}
    mine_now = {(o.activity, o.about, o.obligation_id) for o in mine(facts, "P002", "") if "P010" in o.obligation_id or o.activity == "SERV"}
    assert mine_now >= {
        ("ROUT", "", "2026-27-Q3/R01/P002/P010/1"), ("DIP", "", "2026-27-Q3/R06/P002/P010/1"),
        ("SERV", "Front Door and Assessment", "2026-27-Q3/R04/P002/Front Door and Assessment/1"),
    }  # fmt: skip
    assert all(person("P010").name in o.note for o in mine(facts, "P002", "SERV"))
    assert not mine(facts, "P010", "")


def test_a_post_that_is_filled_again_is_not() -> None:
    post = {"role": "HOS", "line_manager_id": "P002", "service_area": "Front Door and Assessment", "start_date": date(2026, 11, 16)}
    plan = changed(person_facts={"P010": {"end_date": date(2026, 11, 15)}}, plan=joined(**post))
    routine = [(o.person_id, bool(o.excused)) for o in obligations(plan, Q3) if o.activity == "ROUT" and o.person_id in ("P010", "P099", "P002")]
    assert sorted(routine) == [("P002", False), ("P010", True), ("P099", False)]
    assert [o.person_id for o in obligations(plan, Q3) if o.about == "Front Door and Assessment"] == ["P099"]


def test_a_team_whose_manager_left_is_observed_by_the_one_above() -> None:
    found = mine({"P031": {"end_date": date(2026, 9, 30)}}, "P010", "OBS")
    assert {(o.obligation_id, bool(o.note)) for o in found if o.about == "P043"} == {("2026-27-Q3/R15/P010/P043/1", True)}


def test_if_the_one_above_left_too_it_goes_on_up() -> None:
    found = required({"P031": {"end_date": date(2026, 9, 30)}, "P010": {"end_date": date(2026, 9, 30)}}, "OBS")
    assert ("P002", "OBS", "P043") in found


def test_a_named_owner_who_left_is_stood_in_for() -> None:
    assert ("P002", "C_COMP", "") in required({"P093": {"end_date": date(2026, 9, 1)}})


def test_a_review_is_never_passed_up() -> None:
    facts: Facts = {"P015": {"end_date": date(2026, 11, 1)}}
    gone = [o for o in owed(activity="CCR") if o.person_id == "P015"]
    assert excused(facts, "CCR") == [o.obligation_id for o in gone]
    assert len(owed(person_facts=facts, activity="CCR")) == 20


# ---------------------------------------------------------------- absence


def test_long_absence_excuses_what_is_ones_own() -> None:  # case 68
    found = [o for o in owed(person_facts={"P030": AWAY}) if o.excused]
    assert {o.activity for o in found} == {"DIP", "THEM"}
    assert all("64 of 64" in o.excused for o in found)
    assert {o.obligation_id for o in owed(person_facts={"P030": AWAY})} == {o.obligation_id for o in owed()}


@pytest.mark.parametrize("last, gone", [(date(2026, 11, 13), False), (date(2026, 11, 16), True)])
def test_half_of_the_working_days_is_not_more_than_half(last: date, gone: bool) -> None:
    """October to December 2026 has 64 working days; the 32nd is 13 November."""
    assert bool(excused({"P030": {"absent_from": date(2026, 9, 1), "absent_to": last}})) is gone


def test_absence_without_an_end_lasts() -> None:
    assert excused({"P030": {"absent_from": date(2026, 8, 1)}}) == excused({"P030": AWAY})


def test_who_is_absent_is_not_observed() -> None:
    assert excused({"P043": AWAY}) == ["2026-27-Q3/R15/P031/P043/1"]


def test_what_an_area_owes_is_passed_up_while_its_head_is_absent() -> None:
    assert {(o.person_id, o.excused) for o in owed(person_facts={"P010": AWAY}, activity="SERV") if o.about == "Front Door and Assessment"} == {("P002", "")}


def test_the_other_of_a_team_has_the_form_while_one_is_absent() -> None:
    assert {o.person_id for o in owed(person_facts={"P017": AWAY}, activity="SUP_ASYE")} == {"P016", "P018"}


# ---------------------------------------------------------------- acting for somebody


def test_who_acts_owes_what_the_absent_would() -> None:
    facts: Facts = {"P031": AWAY, "P041": {"acting_for": "P031"}}
    assert {(o.activity, o.about, o.obligation_id) for o in mine(facts, "P041", "")} == {
        ("DIP", "", "2026-27-Q3/R07/P041/P031/1"), ("THEM", "", "2026-27-Q3/R10/P041/P031/1"), ("OBS", "P043", "2026-27-Q3/R15/P041/P043/1"),
    }  # fmt: skip
    assert all(person("P031").name in o.note for o in mine(facts, "P041", ""))
    assert {o.activity for o in owed(person_facts=facts) if o.excused and o.person_id == "P031"} == {"DIP", "THEM", "OBS"}


def test_who_acts_comes_before_the_manager_above() -> None:
    facts: Facts = {"P010": {"end_date": date(2026, 9, 30)}, "P030": {"acting_for": "P010"}}
    assert ("P030", "SERV", "Front Door and Assessment") in required(facts)
    assert not [o for o in mine(facts, "P002", "") if o.note]


def test_acting_for_somebody_who_is_here_changes_nothing() -> None:
    assert owed(person_facts={"P041": {"acting_for": "P031"}}) == owed()


# ---------------------------------------------------------------- managers who change


def test_the_new_manager_inherits_who_is_still_to_be_observed() -> None:
    moved = {"P043": {"line_manager_id": "P032"}}
    assert {o.obligation_id for o in owed(person_facts=moved)} ^ {o.obligation_id for o in owed()} == {"2026-27-Q3/R15/P031/P043/1", "2026-27-Q3/R15/P032/P043/1"}


# ---------------------------------------------------------------- new in role


@pytest.mark.parametrize(
    "since, expected",
    [
        (date(2026, 4, 13), [None, date(2026, 7, 10), None, None]),  # 12 July is a Sunday; the usual third quarter would be too late
        (date(2026, 8, 3), [None, None, date(2026, 10, 30), None]),  # 1 November is a Sunday
        (date(2026, 10, 12), [None, None, date(2026, 12, 31), None]),  # the usual day is sooner
        (date(2027, 1, 4), [None, None, date(2026, 12, 31), None]),  # observed before the new role; again in the next year
    ],
)
def test_somebody_new_in_role_is_observed_within_ninety_days(since: date, expected: list[date | None]) -> None:
    facts: Facts = {"P043": {"new_in_role_since": since, "development_focus": True}}
    assert [next((o.due_on for o in owed(person_facts=facts, quarter=q) if (o.activity, o.about) == ("OBS", "P043")), None) for q in YEAR] == expected


def test_and_so_is_a_new_starter_whose_usual_quarter_is_over() -> None:
    facts: Facts = {"P041": {"start_date": date(2026, 8, 3), "new_in_role_since": date(2026, 8, 3)}}  # usually in the first
    found = [[(o.due_on, bool(o.note)) for o in owed(person_facts=facts, quarter=q) if o.about == "P041"] for q in YEAR]
    assert found == [[], [], [(date(2026, 10, 30), True)], []]


@pytest.mark.parametrize("days, due", [("30", date(2026, 9, 2)), ("60", date(2026, 10, 2))])
def test_the_ninety_days_are_a_setting(days: str, due: date) -> None:
    facts: Facts = {"P044": {"new_in_role_since": date(2026, 8, 3)}}
    found = [o.due_on for q in YEAR for o in owed(person_facts=facts, quarter=q, settings={"observed_within_days": days}) if o.about == "P044"]
    assert found == [due]


# ---------------------------------------------------------------- always

DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 6, 30)))
FACTS = st.fixed_dictionaries({
    "start_date": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 3, 31))), "end_date": DAYS, "absent_from": DAYS, "absent_to": DAYS, "new_in_role_since": DAYS,
    "acting_for": st.sampled_from(["", *(p.person_id for p in EXAMPLE.people)]),
})  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from([p.person_id for p in EXAMPLE.people]), FACTS, max_size=6), st.sampled_from(YEAR))
def test_whoever_comes_and_goes_ids_are_unique_and_nobody_owes_after_they_left(facts: Facts, quarter: Quarter) -> None:
    found = owed(person_facts=facts, quarter=quarter)
    plan = changed(person_facts=facts)
    assert len({o.obligation_id for o in found}) == len(found)
    ends = {p.person_id: p.end_date or date.max for p in plan.people}
    assert [o for o in found if not o.excused and ends[o.person_id] < o.due_on] == []
