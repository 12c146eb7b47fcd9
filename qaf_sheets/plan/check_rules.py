"""What is wrong with the plan's rules, and with what is dealt out under them: each fault by sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qaf_sheets.model import Problem, Rule
from qaf_sheets.plan.cover import away
from qaf_sheets.plan.faults import Facts, at
from qaf_sheets.plan.in_force import ROLE_SETTINGS, SUPERVISORS, as_set, in_force, is_minimum
from qaf_sheets.plan.pool import asked, pool


def rules(given: Facts) -> Iterator[Problem]:
    """A rule that is on has a form, and somebody to owe it."""
    for r in in_force(given.plan):
        if r.activity and r.activity not in given.activities:
            yield at("PLAN_NO_FORM", r.source, "activity", value=r.activity)
        if column := _nobody(given, r):
            yield at("PLAN_NO_OWNER", r.source, column, rule=r.rule_id)


def _nobody(given: Facts, rule: Rule) -> str:
    """The column in which a rule names nobody who is here; '' where it names somebody."""
    owner = given.plan.person(rule.owner)
    if rule.unit in ("owner", "unit") and rule.owner:
        return "owner" if owner and not owner.in_scope else ""  # an owner who left is stood in for; one nobody knows is told of as such
    if rule.unit == "owner":
        return "owner"
    column, wanted = ("about", rule.about) if rule.unit == "pair" else ("who", rule.who)
    here = {p.role for p in given.plan.people if not given.left(p)} | ({SUPERVISORS} if any(p.line_manager_id for p in given.plan.people) else set())
    return "" if here.intersection(wanted) else column


def excluded(given: Facts) -> Iterator[Problem]:
    """A setting that lists roles lists one of those that its rules name: told at the first of them."""
    decided: dict[str, list[Rule]] = {}
    for r in given.plan.rules:
        if r.setting in ROLE_SETTINGS:
            decided.setdefault(r.setting, []).append(r)
    for found in decided.values():
        if any(r.on for r in found) and not any(as_set(given.plan, r).who for r in found):
            yield at("PLAN_NO_OWNER", found[0].source, "setting", rule=found[0].rule_id)


def contradictions(given: Facts) -> Iterator[Problem]:
    """No two rules ask the same of the same people at the same time: told once, at the later."""
    every = [r for r in in_force(given.plan) if not is_minimum(r)]
    for n, rule in enumerate(every):
        other = next((r for r in every[:n] if (r.activity, r.unit) == (rule.activity, rule.unit) and _meet(r, rule)), None)
        if other:
            yield at("PLAN_RULES_CLASH", rule.source, "rule_id", rule=rule.rule_id, other=other.rule_id, activity=rule.activity)


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two rules of one activity and unit name the same people on the same day."""
    if one.unit in ("owner", "unit") and one.owner and other.owner:
        same = one.owner == other.owner
    else:
        same = bool({*(one.about if one.unit == "pair" else one.who)} & {*(other.about if one.unit == "pair" else other.who)})
    return same and (one.active_from or date.min) <= (other.active_to or date.max) and (other.active_from or date.min) <= (one.active_to or date.max)


def enough_allocated(given: Facts) -> Iterator[Problem]:
    """In the quarter that runs, as many children are allocated as a shared rule asks for, and nobody who shares it is left out."""
    quarter = given.running()
    for r in (r for r in in_force(given.plan) if quarter and r.unit == "authority" and not is_minimum(r)):
        assert quarter, "the quarter runs"
        dealt = [a.reviewer_id for a in given.plan.allocations if a.quarter == quarter and a.activity == r.activity]
        most, able = asked(given.plan, r.activity, quarter), pool(given.plan, r.activity, quarter)
        if len(dealt) < most:
            yield at("PLAN_FEW_ALLOCATED", r.source, "count", quarter=quarter.label, n=len(dealt), asked=most, activity=r.activity)
        elif without := [p.name for p in able if p.person_id not in dealt and (p.start_date or quarter.starts) <= quarter.starts]:
            yield at("PLAN_NO_SHARE", r.source, "count", quarter=quarter.label, activity=r.activity, who=", ".join(without))
        if len(able) * int(given.plan.setting("ccr_most_each")) < most:
            yield at("PLAN_POOL_SMALL", r.source, "who", quarter=quarter.label, n=len(able), asked=most, activity=r.activity)


def reviewers(given: Facts) -> Iterator[Problem]:
    """Whoever was dealt a child of the quarter that runs is one of those who share the duty, and is here to do it."""
    quarter = given.running()
    shared = {r.activity: r for r in in_force(given.plan) if r.unit == "authority" and not is_minimum(r)}
    for a in given.plan.allocations:
        person, rule = given.plan.person(a.reviewer_id), shared.get(a.activity)
        if not quarter or a.quarter != quarter or not person or not rule:
            continue
        if person.role not in rule.who:
            yield at("PLAN_NOT_IN_POOL", a.source, "reviewer_id", name=person.name, rule=rule.rule_id)
        elif why := away(given.plan, quarter, person, quarter.ends):
            yield at("PLAN_REVIEWER_AWAY", a.source, "reviewer_id", name=person.name, why=why)


CHECKS = (rules, excluded, contradictions, enough_allocated, reviewers)
