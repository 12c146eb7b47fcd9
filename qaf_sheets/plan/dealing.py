"""Who reviews which child: nobody a child they have a part in, everybody as few as can be, and as many children as can be (section 9; Appendix 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random

from qaf_sheets.model import Allocation, Child, Person, Plan, Quarter
from qaf_sheets.plan.pool import pool

Held = dict[str, list[str]]
"""Each reviewer's id with the children dealt to them."""


def independent(plan: Plan, child: Child, reviewer: Person) -> bool:
    """Not their own case, not one they chair, and (unless the council allows it) not one of their own team or of somebody they manage."""
    if reviewer.person_id in (child.worker_id, child.chair_id):
        return False
    worker = plan.person(child.worker_id)
    manages = worker is not None and worker.line_manager_id == reviewer.person_id
    own_team = bool(child.team) and reviewer.team == child.team
    return plan.setting("manager_reviews_own_team") == "allowed" or not (manages or own_team)


def same_area(plan: Plan, child: Child, reviewer: Person) -> bool:
    """Whether the child's team and the reviewer belong to one service area."""
    return any(t.team == child.team and t.service_area == reviewer.service_area for t in plan.teams)


def deal(plan: Plan, quarter: Quarter, activity: str, children: Sequence[Child], dice: Random, kept: Iterable[Allocation] = ()) -> dict[str, Person]:
    """Each child's reviewer, by the child's ID; none for whom none is left. `kept` are dealt already, and count.

    One each for as many reviewers as can be, then two, up to the setting `ccr_most_each`; from another service area as long as somebody there is free.
    """
    sharing = pool(plan, activity, quarter)
    people = {p.person_id: p for p in dice.sample(sharing, len(sharing))}
    held: Held = {p: [a.child_id for a in kept if a.reviewer_id == p] for p in people}
    able = {c.child_id: [p for p in people.values() if independent(plan, c, p)] for c in children}
    elsewhere = {c.child_id: [p.person_id for p in able[c.child_id] if not same_area(plan, c, p)] for c in children}
    for may in (elsewhere, {child: [p.person_id for p in found] for child, found in able.items()}):
        for most in range(1, int(plan.setting("ccr_most_each")) + 1):
            for child in may:
                if not any(child in has for has in held.values()):
                    _place(child, may, held, most, set())
    return {child: people[p] for p, has in held.items() for child in has if child in able}


def _place(child: str, may: Mapping[str, Collection[str]], held: Held, most: int, tried: set[str]) -> bool:
    """Give a child to whoever has fewest; where all who may have enough, somebody passes one of theirs on to make room."""
    for reviewer in sorted(may.get(child, ()), key=lambda r: len(held[r])):
        if reviewer in tried:
            continue
        tried.add(reviewer)
        if len(held[reviewer]) < most:
            held[reviewer].append(child)
            return True
        for other in list(held[reviewer]):
            if _place(other, may, held, most, tried):
                held[reviewer].remove(other)
                held[reviewer].append(child)
                return True
    return False
