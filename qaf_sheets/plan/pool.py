"""Who shares a duty of the whole authority, and how much of it there is (rules R13 and R14: case reviews)."""

from __future__ import annotations

from qaf_sheets.model import Person, Plan, Quarter, Rule
from qaf_sheets.plan.cover import away
from qaf_sheets.plan.in_force import active, is_minimum, is_share


def pool(plan: Plan, activity: str, quarter: Quarter) -> tuple[Person, ...]:
    """Everyone who may be dealt a piece of a shared duty in a quarter, by id: in one of its rule's roles, and neither leaving nor long absent."""
    roles = {role for rule in _shared(plan, activity, quarter) for role in rule.who}
    found = (p for p in plan.people if p.role in roles and p.in_post(quarter.starts, quarter.ends) and not away(plan, quarter, p, quarter.ends))
    return tuple(sorted(found, key=lambda p: p.person_id))


def asked(plan: Plan, activity: str, quarter: Quarter) -> int:
    """How many pieces a quarter asks for: the rule's number, or everyone's least share where that is more (specification 3.1); 0 for no such rule."""
    shares = [r.count for r in active(plan, quarter) if r.activity == activity and is_share(r, plan.rules)]
    return max((max(r.count, max(shares, default=0) * len(pool(plan, activity, quarter))) for r in _shared(plan, activity, quarter)), default=0)


def _shared(plan: Plan, activity: str, quarter: Quarter) -> list[Rule]:
    return [r for r in active(plan, quarter) if r.unit == "authority" and r.activity == activity and not is_minimum(r)]
