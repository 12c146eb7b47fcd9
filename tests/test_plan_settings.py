"""Each of the 28 conflicts of specification 3.3 is a setting: its default, its choices, its clause, and what changes when it is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest
from plan_kit import BOOK, EXAMPLE, Q3, TODAY, YEAR, as_book, cell, changed, faults, owed, planted

from qaf_sheets.model import Event, Plan, Quarter
from qaf_sheets.plan.default import Default
from qaf_sheets.plan.in_force import GOVERNS, ROLE_SETTINGS
from qaf_sheets.plan.moderators import roles
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.sampling import look_again
from qaf_sheets.plan.settings import BY_NAME, DEFAULTS, GROUPS

Q4 = Quarter(year=2026, number=4)


class Conflict(NamedTuple):
    """One of the 28: its setting, another value, what is looked at, and what it is by default and with that value."""

    number: int
    name: str
    value: str
    looks: Callable[[Plan], object]
    before: object
    after: object


def year(activity: str, rule_id: str = "") -> Callable[[Plan], object]:
    """How many a year owes of an activity."""
    return lambda plan: sum(o.activity == activity and rule_id in ("", o.rule_id) for q in YEAR for o in obligations(plan, q))


def by_role(activity: str) -> Callable[[Plan], object]:
    """How many of each role owe an activity in the third quarter."""
    return lambda plan: Counter(p.role for o in obligations(plan, Q3) if o.activity == activity and (p := plan.person(o.person_id)))


def due(activity: str, *, calendar: tuple[Event, ...] | None = None, quarter: Quarter = Q3) -> Callable[[Plan], object]:
    """When an activity is due; with another calendar."""
    def look(plan: Plan) -> object:
        plan = plan if calendar is None else plan.model_copy(update={"calendar": calendar})
        return {f"{o.due_on:%d/%m}" for o in obligations(plan, quarter) if o.activity == activity}

    return look


def told(code: str, *, today: date = TODAY, **columns: object) -> Callable[[Plan], object]:
    """Whether `plan check` tells of something, in the plan with other facts."""
    return lambda plan: code in {c for c, _ in faults(as_book(plan.model_copy(update=columns)), today=today)}


def learning(plan: Plan) -> object:
    """Whose learning is shared, where records of learning events are asked for by rule."""
    return {o.note for o in owed(plan=plan, rules={"R26": {"on": True}}, activity="LEARN")}


def setting(name: str) -> Callable[[Plan], object]:
    """What forms, checks and figures are told: the plan itself holds no more of it."""
    return lambda plan: plan.setting(name)


DIPS, ALL = {"HOS": 6, "TM": 10, "PSW": 1, "IND_AUD": 1}, {"PSW": 1, "AP": 2, "TM": 10, "IND_AUD": 1}
SUP_LINES = (Event(quarter=Q3, activity="SUP", month="2026-10", who="HOS, TM, PSW, AP"), Event(quarter=Q3, activity="SUP", month="2026-11", who="HOS, TM, PSW"))
MEETINGS = (Event(quarter=Q4, activity="REPORT", pre_dlt_date=date(2027, 1, 18), cx_slt_date=date(2027, 2, 8)),)
WRONG_YEAR = tuple(e.model_copy(update={"week_beginning": date(2026, 1, 19)}) if (e.activity, e.quarter) == ("DIP", Q4) else e for e in EXAMPLE.calendar)
UNTOLD = tuple(e.model_copy(update={"learning_event": ""}) for e in EXAMPLE.calendar)
UNLISTED = tuple(c.model_copy(update={"level_of_need": "Targeted help"}) for c in EXAMPLE.children[:1])

CONFLICTS = [
    Conflict(1, "dcs_observations_per_year", "4", year("OBS_SNR", "R17"), 2, 4),
    Conflict(2, "senior_thematic", "off", year("THEM_SNR"), 12, 0),
    Conflict(2, "senior_thematic", "full", by_role("THEM"), ALL, {**ALL, "AD": 2, "DCS": 1}),
    Conflict(3, "ad_routine", "off", by_role("ROUT"), {"HOS": 6, "AD": 2}, {"HOS": 6}),
    Conflict(4, "hos_thematic", "on", by_role("THEM"), ALL, {**ALL, "HOS": 6}),
    Conflict(4, "all_managers", "TM, QA_OFF", by_role("DIP"), DIPS, {**DIPS, "QA_OFF": 2}),
    Conflict(5, "ccr_pool", "HOS, PSW, AP", told("PLAN_NOT_IN_POOL"), False, True),
    Conflict(6, "dip_roles", "HOS, all_managers", by_role("DIP"), DIPS, {"HOS": 6, "TM": 10}),
    Conflict(6, "dip_roles", "HOS, all_managers, PSW, IND_AUD, AP", by_role("DIP"), DIPS, {**DIPS, "AP": 2}),
    Conflict(7, "dip_min_scope", "return", setting("dip_min_scope"), "authority", "return"),
    Conflict(8, "sup_sample", "2", year("SUP"), 18, 34),
    Conflict(9, "asye_dips_unit", "person", year("SUP_ASYE"), 72, 108),
    Conflict(10, "asye_dips_months", "as the Calendar", lambda plan: Counter(o.month for o in owed(plan=plan.model_copy(update={"calendar": SUP_LINES}), activity="SUP_ASYE")), {"2026-10": 6, "2026-11": 6, "2026-12": 6}, {"2026-10": 6, "2026-11": 3}),
    Conflict(11, "dates_outside_quarter", "allowed", told("PLAN_OUTSIDE_QUARTER", calendar=WRONG_YEAR), True, False),
    Conflict(12, "report_lag", "2", due("SERV"), {"04/01"}, {"12/04"}),
    Conflict(12, "learning_lag", "3", learning, {"Learning from Q1 2026-27"}, {"Learning from Q4 2025-26"}),
    Conflict(13, "ccr_week_rule", "first Monday", due("CCR", calendar=()), {"23/12"}, {"16/12"}),
    Conflict(13, "ccr_week_rule", "Calendar only", due("CCR", calendar=()), {"23/12"}, {"31/12"}),
    Conflict(14, "pre_dlt_meeting", "chief executive", due("SERV", calendar=MEETINGS), {"11/01"}, {"01/02"}),
    Conflict(15, "appendix_refs", "Appendix 1 only", by_role("ROUT"), {"HOS": 6, "AD": 2}, {"AD": 2}),
    Conflict(15, "appendix_refs", "Appendix 2 only", year("SERV"), 24, 0),
    Conflict(16, "refs", "paragraph alone", lambda plan: next(o.clause for o in owed(plan=plan, activity="DIP")), "Section 5, 5.2; Appendix 6", "5.2; Appendix 6"),
    Conflict(17, "moderators", "CCR: PSW", lambda plan: roles(plan, "CCR"), ("IND_AUD", "PSW"), ("PSW",)),
    Conflict(18, "use_moderated", "No", setting("use_moderated"), "Yes", "No"),
    Conflict(19, "ed_block", "optional", setting("ed_block"), "required", "optional"),
    Conflict(20, "person_observed", "optional", setting("person_observed"), "required", "optional"),
    Conflict(21, "views_boxes", "optional", setting("views_boxes"), "required", "optional"),
    Conflict(22, "ccr_recheck_rule", "Inadequate or RI", lambda plan: sum(look_again(plan, c) for c in plan.children), 15, 31),
    Conflict(22, "ccr_recheck_rule", "Inadequate", lambda plan: sum(look_again(plan, c) for c in plan.children), 15, 6),
    Conflict(23, "activity_months", "DIP 2, THEM 1", due("DIP", calendar=()), {"30/10"}, {"30/11"}),
    Conflict(24, "psw_observations", "1", year("OBS_MTG"), 0, 4),
    Conflict(25, "lists", "open", told("PLAN_NOT_ON_LIST", children=UNLISTED, allocations=()), True, False),
    Conflict(26, "obs_roles", "SW, ASYE, PA, EHP, TM", year("OBS"), 53, 42),
    Conflict(27, "learning_reminder", "0", told("PLAN_LEARNING_BLANK", today=date(2027, 1, 15), calendar=UNTOLD), True, False),
    Conflict(28, "them_due_after_week", "3", due("THEM"), {"20/11"}, {"18/11"}),
    Conflict(28, "them_due_after_week", "3", due("THEM_SNR"), {"20/11"}, {"18/11"}),
    Conflict(28, "monthly_due", "3", due("C_PERF"), {"06/11", "07/12", "08/01"}, {"04/11", "03/12", "06/01"}),
    Conflict(28, "sup_due", "3", due("SUP"), {"31/12"}, {"06/01"}),
    Conflict(28, "obs_due", "3", due("OBS_SNR"), {"31/12"}, {"06/01"}),
    Conflict(28, "contribution_due", "3", due("C_EH"), {"31/12"}, {"06/01"}),
    Conflict(28, "contribution_due", "0", due("PSW_ANN", quarter=Q4), {"31/03"}, {"31/03"}),
    Conflict(28, "fup_due", "3", due("FUP"), {"31/12"}, {"06/01"}),
]


@pytest.mark.parametrize("one", CONFLICTS, ids=lambda c: f"{c.number}-{c.name}-{c.value}")
def test_a_conflict_is_settled_by_its_setting(one: Conflict) -> None:
    settled = changed(settings={one.name: one.value})
    assert (one.looks(EXAMPLE), one.looks(settled)) == (one.before, one.after)


def test_each_of_the_28_is_a_row_with_its_choices_and_clause() -> None:
    assert {c.number for c in CONFLICTS} == set(range(1, 29))
    rows = [BY_NAME[c.name] for c in CONFLICTS]
    assert [d.name for d in rows if not (d.choices and d.clause and d.what)] == []


@pytest.mark.parametrize("setting", [d for d in DEFAULTS if d.kind == "choice"], ids=lambda d: d.name)
def test_a_closed_list_takes_each_of_its_choices_in_any_capitals_and_nothing_else(setting: Default) -> None:
    assert [setting.as_written(o.upper()) for o in setting.options] == list(setting.options)
    assert {setting.fault(o) for o in setting.options} == {""}
    assert setting.fault("perhaps") == "PLAN_NOT_ON_LIST"
    assert setting.value == setting.options[0]


@pytest.mark.parametrize("setting", DEFAULTS, ids=lambda d: d.name)
def test_every_default_can_be_used(setting: Default) -> None:
    assert setting.fault(setting.value) == ""


def test_settings_stand_in_groups_each_once() -> None:
    assert len(BY_NAME) == len(DEFAULTS) == sum(map(len, GROUPS.values()))
    assert [row[1] for row in BOOK.sheets["Settings"][4:]] == [d.group for d in DEFAULTS]


# ---------------------------------------------------------------- one place of truth


def test_every_setting_that_decides_a_rule_is_named_by_one() -> None:
    assert {r.setting for r in EXAMPLE.rules if r.setting} == set(GOVERNS)
    used = {w for r in EXAMPLE.rules for w in (*r.who, *r.about)}
    assert used >= ROLE_SETTINGS - {"dip_roles"}


def test_a_setting_decides_until_the_cell_is_cleared() -> None:
    there = cell("Settings", "hos_thematic", "Value")
    cleared = {cell("Rules", "R10-HOS", "Set by"): None}
    plans = (read_plan(planted(changes))[0] for changes in ({}, cleared, {there: "on"}, {there: "on", cell("Rules", "R10-HOS", "On"): "No"}))
    assert [sum(o.rule_id == "R10-HOS" for o in owed(plan=plan)) for plan in plans] == [0, 6, 6, 0]


def test_a_setting_that_lists_itself_lists_the_others() -> None:
    found = by_role("DIP")(changed(settings={"all_managers": "all_managers, TM"}))
    assert found == DIPS


def test_a_choice_may_be_typed_in_any_capitals() -> None:
    plan, problems = read_plan(planted({cell("Settings", "senior_thematic", "Value"): "OFF"}))
    assert (problems, plan.setting("senior_thematic")) == ((), "off")
