"""Who owes what in a quarter: the rules of the plan applied to its people. Pure, and the same ids on every recalculation."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from qaf_sheets.model import Obligation, Person, Plan, Quarter, Rule
from qaf_sheets.plan.due import due_on

Owed = tuple[Person, str, str]
"""Who owes it, what it is about (a person's id, a service area, or ''), and the owner in words."""


def obligations(plan: Plan, quarter: Quarter) -> tuple[Obligation, ...]:
    """Every obligation of a quarter, by rule and person. Each says which rule and clause it comes from."""
    return tuple(o for rule in plan.rules if _active(rule, quarter) for o in _of_rule(plan, rule, quarter))


def _active(rule: Rule, quarter: Quarter) -> bool:
    return rule.on and rule.unit in UNITS and (rule.active_from or quarter.starts) <= quarter.ends and (rule.active_to or quarter.ends) >= quarter.starts


def _of_rule(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Obligation]:
    for person, about, owner in UNITS[rule.unit](plan, rule, quarter):
        for n in range(1, _times(rule, about or person.person_id, quarter) + 1):
            yield Obligation(
                obligation_id=f"{quarter}/{rule.rule_id}/{person.person_id}/{about or '-'}/{n}", rule_id=rule.rule_id, clause=rule.clause,
                activity=rule.activity, quarter=quarter, person_id=person.person_id, owner=owner, about=about, due_on=due_on(plan, rule.activity, quarter),
            )  # fmt: skip


def _times(rule: Rule, about: str, quarter: Quarter) -> int:
    """How many fall in this quarter. A shared duty falls once on each piece of it that was dealt out."""
    if rule.unit == "authority":
        return 1
    if rule.per == "month":
        return 3 * rule.count
    if rule.per == "quarter":
        return rule.count
    if rule.per == "half":
        return rule.count if quarter.number % 2 == 0 else 0
    return rule.count if quarter.number == quarter_of_year(about) else 0


def quarter_of_year(about: str) -> int:
    """The quarter in which something yearly about a person falls: by the number in their id, so about a quarter of them each.

    It depends on nobody else: a joiner, a leaver or a removed manager never moves another person's observation.
    """
    digits = re.findall(r"\d+", about)
    number = int(digits[-1]) if digits else zlib.crc32(about.encode())
    return number % 4 or 4


def _here(person: Person, quarter: Quarter) -> bool:
    return person.in_post(quarter.starts, quarter.ends)


def _persons(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """Each person in one of the roles."""
    for p in plan.people:
        if p.role in rule.who and _here(p, quarter):
            yield p, "", p.name


def _areas(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """Each service area once, owed by its own head; where the head changed in the quarter, by the one who stays longer."""
    heads: dict[str, Person] = {}
    for p in plan.people:
        if p.role in rule.who and p.service_area and _here(p, quarter):
            before = heads.setdefault(p.service_area, p)
            heads[p.service_area] = p if _stays(p) > _stays(before) else before
    for area, head in heads.items():
        yield head, area, area


def _stays(person: Person) -> date:
    return person.end_date or date.max


def _pairs(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """Each person in one of the roles with their line manager, who owes it."""
    for p in plan.people:
        manager = plan.person(p.line_manager_id)
        if p.role in rule.about and _here(p, quarter) and manager and _here(manager, quarter):
            yield manager, p.person_id, manager.name


def _authority(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """A duty of the whole authority: each child allocated in the quarter, owed by the reviewer."""
    for a in plan.allocations:
        reviewer = plan.person(a.reviewer_id)
        if a.quarter == quarter and a.activity == rule.activity and reviewer and _here(reviewer, quarter):
            yield reviewer, a.child_id, reviewer.name


UNITS: Mapping[str, Callable[[Plan, Rule, Quarter], Iterator[Owed]]] = {"person": _persons, "area": _areas, "pair": _pairs, "authority": _authority}
"""How a rule's unit finds who owes it. The units of later rules are entries here."""
