"""Whom a rule's unit means: each person, each pair, each area, a team together, a unit or a named owner, or the whole authority."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from qaf_sheets.model import Person, Plan, Quarter, Rule
from qaf_sheets.plan.cover import Passes, away
from qaf_sheets.plan.in_force import SUPERVISORS, is_minimum


class Owed(NamedTuple):
    """Who owes it, what it is about (a person's id, a service area, a child, or ''), and the owner in words where that is not the person's name."""

    person: Person
    about: str = ""
    owner: str = ""


class Unit(NamedTuple):
    """How a unit finds who owes it. `own`: it is the person's, so absence excuses it; `passes`: when the manager above owes it; `means`: in words."""

    find: Callable[[Plan, Rule, Quarter], Iterator[Owed]]
    own: bool
    passes: Passes
    means: str


def here(person: Person, quarter: Quarter) -> bool:
    """In post on at least one day of a quarter."""
    return person.in_post(quarter.starts, quarter.ends)


def holders(plan: Plan, rule: Rule, quarter: Quarter) -> list[Person]:
    """Those in one of a rule's roles who are here, or have left: their posts may be vacant."""
    return [p for p in plan.people if p.role in rule.who and p.in_scope and (p.start_date or quarter.starts) <= quarter.ends]


def supervisors(plan: Plan, quarter: Quarter) -> frozenset[str]:
    """The ids of those who have somebody to supervise."""
    return frozenset(p.line_manager_id for p in plan.people if p.line_manager_id and here(p, quarter))


def _persons(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """Each person in one of the roles."""
    yield from (Owed(p) for p in holders(plan, rule, quarter))


def _areas(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """Each service area once, owed by its own head; where the head changed, by the one who stays longer."""
    heads: dict[str, Person] = {}
    for p in sorted(holders(plan, rule, quarter), key=lambda p: (p.end_date or date.max, p.person_id)):
        if p.service_area and _later(p, heads.get(p.service_area)):
            heads[p.service_area] = p
    yield from (Owed(p, p.service_area, p.service_area) for p in plan.people if heads.get(p.service_area) == p)


def _later(person: Person, other: Person | None) -> bool:
    return other is None or (person.end_date or date.max) > (other.end_date or date.max)


def _pairs(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """Each person in one of the roles with their line manager, who owes it."""
    leading = supervisors(plan, quarter) if SUPERVISORS in rule.about else frozenset()
    for p in plan.people:
        manager = plan.person(p.line_manager_id)
        if (p.role in rule.about or p.person_id in leading) and here(p, quarter) and manager and manager.in_scope:
            yield Owed(manager, p.person_id)


def _team(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """All in the roles together: one of them has the form, the first by id who is not away."""
    members = sorted(holders(plan, rule, quarter), key=lambda p: p.person_id)
    together = [p for p in members if here(p, quarter)]
    able = [p for p in together if not away(plan, quarter, p, quarter.ends)]
    for one in (able or together or members)[:1]:
        yield Owed(one, owner=" and ".join(p.name for p in together) or one.name)


def _owner(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """The named owner."""
    owner = plan.person(rule.owner)
    if owner and owner.in_scope:
        yield Owed(owner)


def _unit(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """A unit, through its named owner; where it names none, through the first in the roles."""
    owner = plan.person(rule.owner) if rule.owner else min(holders(plan, rule, quarter), key=lambda p: p.person_id, default=None)
    if owner and owner.in_scope:
        yield Owed(owner, owner=owner.service_area or owner.name)


def _authority(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Owed]:
    """A duty of the whole authority: each child allocated in the quarter, owed by the reviewer."""
    for a in plan.allocations if not is_minimum(rule) else ():
        reviewer = plan.person(a.reviewer_id)
        if a.quarter == quarter and a.activity == rule.activity and reviewer and here(reviewer, quarter):
            yield Owed(reviewer, a.child_id)


UNITS: Mapping[str, Unit] = {
    "person": Unit(_persons, own=True, passes="vacant", means="each of them"),
    "pair": Unit(_pairs, own=True, passes="always", means="each with each person it is about"),
    "area": Unit(_areas, own=False, passes="always", means="each service area"),
    "team": Unit(_team, own=False, passes="always", means="all of them together"),
    "unit": Unit(_unit, own=False, passes="always", means="their unit, by the named owner"),
    "owner": Unit(_owner, own=False, passes="always", means="the named owner"),
    "authority": Unit(_authority, own=True, passes="never", means="shared by Allocation; if yearly, only counted"),
}
"""Every unit a rule may have."""
