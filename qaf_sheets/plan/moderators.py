"""Who moderates a piece of work: the first of the plan's moderators who had no part in it (section 8, 5.4; Appendix 4, step five)."""

from __future__ import annotations

from collections.abc import Collection

from qaf_sheets.model import Person, Plan, Quarter


def moderator(plan: Plan, activity: str, barred: Collection[str], quarter: Quarter) -> Person | None:
    """Somebody in one of the roles that moderate this activity, the first choice first; never one of `barred`. None when nobody is left."""
    for role in roles(plan, activity):
        found = [p for p in plan.people if role in (p.role, p.person_id) and p.in_post(quarter.starts, quarter.ends) and p.person_id not in barred]
        if found:
            return min(found, key=lambda p: p.person_id)
    return None


def roles(plan: Plan, activity: str) -> tuple[str, ...]:
    """The roles, or persons' ids, that moderate an activity, the first choice first: the setting `moderators`, like `CCR: IND_AUD, PSW; THEM: PSW, HOS`."""
    told = {}
    for part in plan.setting("moderators").split(";"):
        name, _, words = part.rpartition(":")
        told[name.strip().upper()] = tuple(w.strip() for w in words.split(",") if w.strip())
    return told.get(activity, told.get("", ()))
