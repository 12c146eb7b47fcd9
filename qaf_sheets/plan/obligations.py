"""Who owes what in a quarter: the rules of the plan applied to its people. Pure, and the same ids on every recalculation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qaf_sheets.model import Obligation, Plan, Quarter, Rule
from qaf_sheets.plan.cover import Taken, away, taken
from qaf_sheets.plan.in_force import active, is_share
from qaf_sheets.plan.when import Slot, slots
from qaf_sheets.plan.who import UNITS, Owed

SECTION = re.compile(r"Section \d+, (?=\d)")


def obligations(plan: Plan, quarter: Quarter) -> tuple[Obligation, ...]:
    """Every obligation of a quarter, by rule and person. Each says which rule and clause it comes from.

    One that is `excused` is not required of anybody, and stays in the list to say why.
    """
    return tuple(o for rule in active(plan, quarter) if not is_share(rule, plan.rules) for o in _of_rule(plan, rule, quarter))


def _of_rule(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Obligation]:
    unit = UNITS[rule.unit]
    for owed in unit.find(plan, rule, quarter):
        for slot in slots(plan, rule, owed.about or owed.person.person_id, quarter):
            for one in _settled(plan, quarter, owed, slot, rule):
                yield _obligation(plan, rule, quarter, owed, slot, one)


def _settled(plan: Plan, quarter: Quarter, owed: Owed, slot: Slot, rule: Rule) -> Iterator[Taken]:
    """Who owes it in the end. What is about somebody who is away is not required."""
    unit, about = UNITS[rule.unit], plan.person(owed.about)
    why = away(plan, quarter, about, min(slot.due, quarter.ends)) if about else ""
    if about and why:
        yield Taken(owed.person, excused=f"{about.name} {why}")
        return
    for one in taken(plan, quarter, owed.person, slot.due, passes=unit.passes, own=unit.own):
        yield one._replace(note=one.note or slot.note)


def _obligation(plan: Plan, rule: Rule, quarter: Quarter, owed: Owed, slot: Slot, one: Taken) -> Obligation:
    """The record. Of what came to somebody from another's post, the id says whose it was."""
    passed_on = owed.person.person_id if one.person != owed.person else ""
    return Obligation(
        obligation_id=f"{quarter}/{rule.rule_id}/{one.person.person_id}/{owed.about or passed_on or '-'}/{slot.n}", rule_id=rule.rule_id,
        clause=SECTION.sub("", rule.clause) if plan.setting("refs") == "paragraph alone" else rule.clause, activity=rule.activity, quarter=quarter,
        person_id=one.person.person_id, owner=owed.owner or one.person.name, about=owed.about, month=slot.month, due_on=slot.due, note=one.note,
        excused=one.excused,
    )  # fmt: skip
