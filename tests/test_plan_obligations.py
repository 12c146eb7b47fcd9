"""Who owes what by when: the totals of specification 3.4, due dates of 3.3 no. 28, and duties that depend on nobody else."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kit import EXAMPLE, person

from qaf_sheets import workdays
from qaf_sheets.model import Event, Obligation, Person, Plan, Quarter, Rule
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.plan.when import quarter_of_year

Q3 = Quarter(year=2026, number=3)
YEAR = [Quarter(year=2026, number=n) for n in (1, 2, 3, 4)]
PEOPLE = [p.person_id for p in EXAMPLE.people]


def owed(plan: Plan, quarter: Quarter = Q3, activity: str = "") -> list[Obligation]:
    return [o for o in obligations(plan, quarter) if activity in ("", o.activity)]


def changed(plan: Plan = EXAMPLE, **values: object) -> Plan:
    return plan.model_copy(update=values)


def without(person_id: str) -> Plan:
    return changed(people=tuple(p for p in EXAMPLE.people if p.person_id != person_id))


def with_person(person_id: str, **values: object) -> Plan:
    return changed(people=tuple(p.model_copy(update=values) if p.person_id == person_id else p for p in EXAMPLE.people))


def due(plan: Plan, activity: str, quarter: Quarter = Q3) -> date:
    days = {o.due_on for o in owed(plan, quarter, activity)}
    assert len(days) == 1
    return days.pop()


# ---------------------------------------------------------------- how many


def test_every_pair_once_a_year() -> None:
    pairs = [(o.person_id, o.about) for q in YEAR for o in owed(EXAMPLE, q, "OBS")]
    managers = {p.person_id: p.line_manager_id for p in EXAMPLE.people}
    assert len(pairs) == len(set(pairs)) == 53
    assert all(managers[about] == manager for manager, about in pairs)
    assert Counter(person(about).role for _, about in pairs) == {"SW": 20, "ASYE": 6, "PA": 4, "EHP": 2, "TM": 10, "IRO": 5, "CPC": 3, "PSW": 1, "AP": 2}


def test_the_director_only_when_switched_on() -> None:
    on = changed(rules=tuple(r.model_copy(update={"on": True}) if r.rule_id == "R03" else r for r in EXAMPLE.rules))
    assert {o.obligation_id for o in owed(on)} - {o.obligation_id for o in owed(EXAMPLE)} == {"2026-27-Q3/R03/P001/-/1"}


def test_each_service_area_is_summed_up_by_its_own_head() -> None:
    heads = {p.service_area: p.person_id for p in EXAMPLE.people if p.role == "HOS"}
    assert {o.about: o.person_id for o in owed(EXAMPLE, activity="SERV")} == heads
    assert all(o.owner == o.about for o in owed(EXAMPLE, activity="SERV"))


@pytest.mark.parametrize("per, expected", [("month", [3, 3, 3, 3]), ("quarter", [1, 1, 1, 1]), ("half", [0, 1, 0, 1]), ("year", [0, 0, 0, 1])])
def test_how_often_a_rule_asks(per: str, expected: list[int]) -> None:
    rule = Rule(rule_id="R90", who=("PSW",), activity="ROUT", per=per, unit="person", clause="Appendix 6")  # P016 falls in Q4
    assert [len(owed(changed(rules=(rule,)), q)) for q in YEAR] == expected


def test_a_rule_asks_only_while_it_is_active() -> None:
    rule = EXAMPLE.rules[0].model_copy(update={"active_from": date(2026, 9, 30), "active_to": date(2026, 12, 1)})
    assert [len(owed(changed(rules=(rule,)), q)) for q in YEAR] == [0, 6, 6, 0]


# ---------------------------------------------------------------- whose


def test_ids_say_quarter_rule_owner_and_whom() -> None:
    ids = {o.obligation_id for o in owed(EXAMPLE)}
    assert {"2026-27-Q3/R01/P010/-/1", "2026-27-Q3/R04/P010/Front Door and Assessment/1", "2026-27-Q3/R15/P031/P043/1"} <= ids
    assert len(ids) == len(owed(EXAMPLE))


@settings(max_examples=25, deadline=None)
@given(st.permutations(EXAMPLE.people))
def test_the_order_of_rows_changes_no_duty(people: list[Person]) -> None:
    assert {o.obligation_id: o for o in owed(changed(people=tuple(people)))} == {o.obligation_id: o for o in owed(EXAMPLE)}


TOGETHER = {"P017", "P018"}
"""The improvement team, who share a duty: it is handed to the next of them, in whose words it then stands."""
ONLY_ONE = {p.person_id for p in EXAMPLE.people if sum(q.line_manager_id == p.line_manager_id for q in EXAMPLE.people) == 1}
"""Whoever is the only one their manager supervises: without them nobody is supervised."""


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([p for p in PEOPLE if p not in TOGETHER | ONLY_ONE]), st.sampled_from(YEAR))
def test_removing_anyone_removes_only_what_they_owe_or_are_seen_in(person_id: str, quarter: Quarter) -> None:
    assert owed(without(person_id), quarter) == [o for o in owed(EXAMPLE, quarter) if person_id not in (o.person_id, o.about)]


def test_what_people_share_is_handed_to_the_next_of_them() -> None:
    before, after = (Counter(o.person_id for o in owed(plan, activity="SUP_ASYE")) for plan in (EXAMPLE, without("P017")))
    assert (before, after) == ({"P016": 9, "P017": 9}, {"P016": 9, "P018": 9})
    assert [o for o in owed(without("P017")) if o.activity != "SUP_ASYE"] == [o for o in owed(EXAMPLE) if o.activity != "SUP_ASYE" and "P017" not in (o.person_id, o.about)]


def test_who_supervises_nobody_is_not_looked_at() -> None:
    gone = [o for q in YEAR for o in owed(EXAMPLE, q) if o not in owed(without("P039"), q) and "P039" not in (o.person_id, o.about)]
    assert [(o.activity, o.about) for o in gone] == [("SUP", "P014")]


def test_removing_a_team_manager_removes_her_team_and_the_look_at_her() -> None:
    gone = [o for q in YEAR for o in owed(EXAMPLE, q) if o not in owed(without("P031"), q)]
    team, hers = ("P041", "P042", "P043", "P044"), ("DIP", "THEM")
    assert Counter((o.activity, o.person_id, o.about) for o in gone) == Counter([
        *(("OBS", "P031", about) for about in team), ("OBS", "P010", "P031"), ("SUP", "P010", "P031"), *((a, "P031", "") for a in hers for _ in YEAR),
    ])  # fmt: skip


def test_a_joiner_moves_nobody() -> None:
    joiner = Person(person_id="P099", name="Sam Sampleby", role="SW", line_manager_id="P031", team="Assessment A", service_area="Front Door and Assessment")
    more = changed(people=(joiner, *EXAMPLE.people))
    assert {o.obligation_id for o in owed(more)} - {o.obligation_id for o in owed(EXAMPLE)} == {"2026-27-Q3/R15/P031/P099/1"}


@pytest.mark.parametrize("values", [{"end_date": date(2026, 9, 30)}, {"start_date": date(2027, 1, 1)}, {"in_scope": False}])
def test_who_is_not_here_in_the_quarter_owes_nothing(values: dict[str, object]) -> None:
    assert not [o for o in owed(with_person("P010", **values)) if o.person_id == "P010"]


@pytest.mark.parametrize("old_first", [True, False])
def test_when_a_head_changes_in_the_quarter_the_one_who_stays_owes_the_summary(*, old_first: bool) -> None:
    old = next(p for p in EXAMPLE.people if p.person_id == "P010").model_copy(update={"end_date": date(2026, 11, 15)})
    new = old.model_copy(update={"person_id": "P099", "name": "Sam Sampleby", "start_date": date(2026, 11, 16), "end_date": None})
    both = (old, new) if old_first else (new, old)
    plan = changed(people=(*both, *(p for p in EXAMPLE.people if p.person_id != "P010")))
    assert [o.person_id for o in owed(plan, activity="SERV") if o.about == "Front Door and Assessment"] == ["P099"]


@given(st.text(min_size=1, max_size=12))
def test_anything_yearly_has_its_quarter(about: str) -> None:
    assert quarter_of_year(about) in (1, 2, 3, 4)


@pytest.mark.parametrize("about, number", [("P041", 1), ("P042", 2), ("P043", 3), ("P044", 4)])
def test_the_number_in_the_id_gives_the_quarter(about: str, number: int) -> None:
    assert quarter_of_year(about) == number


# ---------------------------------------------------------------- by when


@pytest.mark.parametrize("activity, day", [("ROUT", date(2026, 12, 31)), ("OBS", date(2026, 12, 31)), ("SERV", date(2027, 1, 4)), ("DIP", date(2026, 10, 23)), ("CCR", date(2026, 12, 16))])
def test_the_example_quarter_is_due(activity: str, day: date) -> None:
    assert due(EXAMPLE, activity) == day


def test_a_date_in_the_calendar_wins() -> None:
    said = Event(quarter=Q3, activity="SERV", due_on=date(2027, 1, 8))
    assert due(changed(calendar=(*EXAMPLE.calendar, said)), "SERV") == date(2027, 1, 8)
    assert due(changed(calendar=(*EXAMPLE.calendar, said)), "ROUT") == date(2026, 12, 31)


def test_without_a_meeting_service_summaries_follow_the_quarter() -> None:
    assert due(changed(calendar=()), "SERV") == date(2027, 1, 8)  # New Year's Day is a Friday


def test_a_summary_is_never_due_before_its_quarter_is_over() -> None:
    early = Event(quarter=Quarter(year=2026, number=4), activity="REPORT", pre_dlt_date=date(2027, 1, 5))
    assert due(changed(calendar=(early,)), "SERV") == date(2027, 1, 4)


def test_settings_move_due_dates() -> None:
    later = changed(settings={**EXAMPLE.settings, "rout_due": "3", "obs_due": "0", "serv_due_before_dlt": "2", "report_lag": "1"})
    assert (due(later, "ROUT"), due(later, "OBS"), due(later, "SERV")) == (date(2027, 1, 6), date(2026, 12, 31), date(2027, 1, 7))


def test_a_later_report_gives_service_summaries_longer() -> None:
    assert due(changed(settings={**EXAMPLE.settings, "report_lag": "2"}), "SERV") == date(2027, 4, 12)


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_year_is_due_on_working_days_after_what_it_sums_up(year: int) -> None:
    plan = example_plan(date(year, 8, 1))
    for quarter in (Quarter(year=year, number=n) for n in (1, 2, 3, 4)):
        duties = obligations(plan, quarter)
        assert all(workdays.is_working(o.due_on, plan.holidays) for o in duties)
        assert all(o.due_on > quarter.ends for o in duties if o.activity == "SERV")


# ---------------------------------------------------------------- the example itself


def test_sixty_seven_people_with_names_of_their_own() -> None:
    assert len({p.name for p in EXAMPLE.people}) == len({p.email for p in EXAMPLE.people}) == 67
    assert len(EXAMPLE.teams) == 10


def test_four_hundred_children_in_the_proportions_of_the_specification() -> None:
    assert Counter(c.level_of_need for c in EXAMPLE.children) == {"Early Help / Family Help": 60, "Child in Need": 165, "Child Protection": 45, "Child in Care": 90, "Care Leaver": 40}
    assert all(len(c.child_id) == 7 and c.child_id.startswith("9") for c in EXAMPLE.children)
    assert len({c.child_id for c in EXAMPLE.children}) == 400


def test_twenty_reviews_are_dealt_fairly_and_to_another_service() -> None:
    area = {t.team: t.service_area for t in EXAMPLE.teams}
    child = {c.child_id: c for c in EXAMPLE.children}
    dealt = Counter(a.reviewer_id for a in EXAMPLE.allocations)
    assert (sum(dealt.values()), len(dealt), max(dealt.values())) == (20, 17, 2)
    assert {child[a.child_id].level_of_need for a in EXAMPLE.allocations} == {c.level_of_need for c in EXAMPLE.children}
    assert all(EXAMPLE.person(a.reviewer_id).service_area != area[child[a.child_id].team] for a in EXAMPLE.allocations)  # type: ignore[union-attr]


def test_the_calendar_of_the_specification() -> None:
    said = {(str(e.quarter), e.activity): e for e in EXAMPLE.calendar}
    weeks = {k: e.week_beginning for k, e in said.items() if k[0] in ("2026-27-Q3", "2026-27-Q4") and e.week_beginning}
    assert weeks == {
        ("2026-27-Q3", "DIP"): date(2026, 10, 12), ("2026-27-Q3", "THEM"): date(2026, 11, 9), ("2026-27-Q3", "CCR"): date(2026, 12, 7),
        ("2026-27-Q4", "DIP"): date(2027, 1, 18), ("2026-27-Q4", "THEM"): date(2027, 2, 22), ("2026-27-Q4", "CCR"): date(2027, 3, 15),
    }  # fmt: skip
    assert said["2026-27-Q3", "REPORT"].dlt_date == date(2026, 10, 21)
    assert (said["2026-27-Q4", "REPORT"].pre_dlt_date, said["2026-27-Q4", "REPORT"].dlt_date) == (date(2027, 1, 11), date(2027, 1, 27))
