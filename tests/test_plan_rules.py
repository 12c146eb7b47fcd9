"""The rules R01 to R24 of specification 3.1: the totals of 3.4 for the demo staff list, and what each rule asks of whom, when."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from plan_kit import EXAMPLE, Q3, ROUND, YEAR, owed, person, rule

from qaf_sheets.model import Event, Quarter, Rule
from qaf_sheets.plan.example_totals import GRADES
from qaf_sheets.plan.in_force import in_force
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.plan.pool import asked, pool
from qaf_sheets.plan.when import quarter_of_year, supervised_in

QUARTERLY = {"C_EH", "C_SEND", "C_YJS", "C_PEP", "C_SCP", "C_COMP", "C_CICC", "C_CLF", "C_CPB", "C_PF", "C_PFS"}
YEARLY = {"C_FOST", "C_ADOP", "C_STAFF", "PSW_ANN"}
ANNUAL = {"OBS", "OBS_SNR", "SUP", *YEARLY}

# ---------------------------------------------------------------- the totals of 3.4


def test_a_typical_third_quarter_is_120_and_the_follow_up() -> None:
    assert Counter(o.activity for o in owed()) == {
        "ROUT": 8, "C_IRO": 1, "DIP": 18, "THEM": 14, "THEM_SNR": 3, "CCR": 20, "SUP_ASYE": 18, "SERV": 6, **dict.fromkeys(QUARTERLY, 1), "C_PERF": 3,
        "OBS": 13, "OBS_SNR": 1, "SUP": 4, "FUP": 1,
    }  # fmt: skip
    assert len(owed()) == 121


def test_every_quarter_has_its_102() -> None:
    assert [sum(o.activity not in ANNUAL | {"FUP"} for o in obligations(ROUND, q)) for q in YEAR] == [102, 102, 102, 102]


def test_a_year_is_489_and_four_follow_ups() -> None:
    every = [o for q in YEAR for o in obligations(ROUND, q)]
    assert (sum(o.activity != "FUP" for o in every), sum(o.activity == "FUP" for o in every)) == (489, 4)
    assert len({o.obligation_id for o in every}) == 493


def test_what_is_annual() -> None:
    every = Counter(o.activity for q in YEAR for o in owed(quarter=q) if o.activity in ANNUAL)
    assert every == {"OBS": 53, "OBS_SNR": 6, "SUP": 18, **dict.fromkeys(YEARLY, 1)}


def test_120_are_met_by_108_workbooks() -> None:
    """The supervision dips of one person and month share one."""
    assert len({(o.rule_id, o.person_id, o.month) if o.activity == "SUP_ASYE" else o.obligation_id for o in owed() if o.activity != "FUP"}) == 108


@pytest.mark.parametrize(
    "rule_id, each",
    [
        ("R01", {"HOS": 6}), ("R02", {"AD": 2}), ("R03", {}), ("R04", {"HOS": 6}), ("R05", {"HOS": 1}), ("R06", {"HOS": 6}), ("R07", {"TM": 10}), ("R08", {"PSW": 1}), ("R09", {"IND_AUD": 1}),
        ("R09-AP", {}), ("R10", {"PSW": 1, "AP": 2, "TM": 10, "IND_AUD": 1}), ("R10-HOS", {}), ("R11", {"AD": 2, "DCS": 1}), ("R12", {}), ("R14", {}), ("R16", {"AD": 1}), ("R17", {}),
        ("R19", {"PSW": 9}), ("R20", {"AP": 9}), ("R22", {"AD": 3}), ("R24", {"QA_OFF": 1}), ("R25", {}), ("R26", {}), ("R27", {}),
    ],
)  # fmt: skip
def test_who_owes_under_a_rule_in_the_third_quarter(rule_id: str, each: dict[str, int]) -> None:
    assert Counter(person(o.person_id).role for o in owed() if o.rule_id == rule_id) == each


def test_supervision_is_reviewed_from_the_director_down() -> None:
    pairs = Counter((person(o.person_id).role, person(o.about).role) for q in YEAR for o in owed(activity="SUP", quarter=q))
    assert pairs == {("HOS", "TM"): 10, ("AD", "HOS"): 5, ("DCS", "AD"): 2, ("HOS", "PSW"): 1}


def test_nobody_is_observed_and_has_their_supervision_reviewed_in_one_quarter() -> None:
    assert all(supervised_in(p.person_id) == quarter_of_year(p.person_id) % 4 - 1 or {quarter_of_year(p.person_id), supervised_in(p.person_id)} in ({1, 4}, {3, 4}) for p in EXAMPLE.people)
    assert not [p for p in EXAMPLE.people if supervised_in(p.person_id) == quarter_of_year(p.person_id)]


def test_the_director_observes_twice_a_year() -> None:
    assert [len([o for o in owed(quarter=q) if o.rule_id == "R17"]) for q in YEAR] == [0, 1, 0, 1]


def test_every_rule_cites_a_clause_and_every_duty_its_rule() -> None:
    clauses = {r.rule_id: r.clause for r in EXAMPLE.rules}
    assert len(clauses) == len(EXAMPLE.rules)
    assert all(o.clause == clauses[o.rule_id] for o in owed())
    assert {f"R{n:02d}" for n in range(1, 25)} <= {r.split("-")[0] for r in clauses}


# ---------------------------------------------------------------- what is owed for a month


def test_what_is_monthly_says_for_which_and_is_due_in_the_next() -> None:
    for activity, each in (("SUP_ASYE", 6), ("C_PERF", 1)):
        found = Counter((o.month, o.due_on) for o in owed(activity=activity))
        assert found == {("2026-10", date(2026, 11, 6)): each, ("2026-11", date(2026, 12, 7)): each, ("2026-12", date(2027, 1, 8)): each}


def test_never_more_supervision_dips_than_newly_qualified() -> None:  # case 67
    new = [p.person_id for p in EXAMPLE.people if p.role == "ASYE"]
    left = {p: {"asye_from": date(2025, 11, 15), "asye_to": date(2026, 11, 15)} for p in new[2:]}
    found = Counter((o.rule_id, o.month) for o in owed(person_facts=left, activity="SUP_ASYE"))
    assert found == {(r, m): n for r in ("R19", "R20") for m, n in (("2026-10", 3), ("2026-11", 3), ("2026-12", 2))}


def test_ids_of_later_months_stay_when_fewer_are_looked_at() -> None:
    gone = {p.person_id: {"asye_to": date(2026, 10, 31), "asye_from": date(2025, 11, 1)} for p in EXAMPLE.people if p.role == "ASYE" and p.person_id > "P048"}
    later = {o.obligation_id: o.month for o in owed(person_facts=gone, activity="SUP_ASYE")}
    before = {o.obligation_id: o.month for o in owed(activity="SUP_ASYE")}
    assert later.items() < before.items()


# ---------------------------------------------------------------- shared, joint and named


def test_reviews_are_shared_by_seventeen_and_never_fewer_than_twenty() -> None:
    assert (len(pool(EXAMPLE, "CCR", Q3)), asked(EXAMPLE, "CCR", Q3)) == (17, 20)
    wide = rule("R13", who=("TM", "ccr_pool")), rule("R14", who=("TM", "ccr_pool"))
    plan = EXAMPLE.model_copy(update={"rules": (*(r for r in EXAMPLE.rules if r.rule_id not in ("R13", "R14")), *wide)})
    assert (len(pool(plan, "CCR", Q3)), asked(plan, "CCR", Q3)) == (27, 27)


def test_without_the_least_share_twenty_stay() -> None:
    assert owed(rules={"R14": {"on": False}}) == owed()


def test_a_yearly_contribution_falls_where_the_calendar_has_it() -> None:
    line = Event(quarter=Quarter(year=2026, number=2), activity="C_FOST", due_on=date(2026, 9, 18))
    plan = EXAMPLE.model_copy(update={"calendar": (*EXAMPLE.calendar, line)})
    assert [[o.due_on for o in obligations(plan, q) if o.activity == "C_FOST"] for q in YEAR] == [[], [date(2026, 9, 18)], [], []]
    assert [[o.due_on for o in obligations(plan, q) if o.activity == "C_ADOP"] for q in YEAR] == [[], [], [], [date(2027, 3, 31)]]


def test_a_joint_duty_names_them_all() -> None:
    names = {f"{person('P017').name} and {person('P018').name}"}
    assert {o.owner for o in owed(activity="SUP_ASYE") if o.rule_id == "R20"} == names


def test_a_rule_without_anybody_owes_nothing() -> None:
    nobody = (Rule(rule_id="R90", who=("PANEL",), activity="ROUT", per="quarter", unit=unit, clause="Section 4, 4.2") for unit in ("person", "area", "team", "unit", "owner", "pair"))
    assert obligations(EXAMPLE.model_copy(update={"rules": tuple(nobody)}), Q3) == ()


def test_what_is_off_stays_on_the_sheet_with_its_reason() -> None:
    off = {r.rule_id for r in EXAMPLE.rules} - {r.rule_id for r in in_force(EXAMPLE)}
    assert off == {"R03", "R09-AP", "R10-HOS", "R25", "R26", "R27"}


# ---------------------------------------------------------------- earlier quarters


def test_three_earlier_quarters_with_last_quarters_sixty_grades() -> None:
    last = Q3.plus(-1)
    assert {t.quarter for t in EXAMPLE.totals} == {Q3.plus(-3), Q3.plus(-2), last}
    grades = Counter({m: sum(t.n for t in EXAMPLE.totals if t.quarter == last and t.measure == m) for m in GRADES})
    assert grades == {"Outstanding": 2, "Good": 27, "RI": 25, "Inadequate": 6}
    assert {t.activity for t in EXAMPLE.totals if t.measure in GRADES} == {"CCR", "THEM"}


def test_earlier_totals_add_up() -> None:
    said = {(t.quarter, t.activity, t.measure): t.n for t in EXAMPLE.totals}
    assert all(said[q, a, "on time"] <= said[q, a, "returned"] <= said[q, a, "expected"] for q, a, _ in said)
    assert all(said[q, "CCR", "returned"] == sum(said[q, "CCR", g] for g in GRADES) for q, *_ in said)
    assert sum(n for (q, a, m), n in said.items() if (a, m) == ("OBS", "returned") and q.year == 2026) == 24  # 37 with this quarter's 13
