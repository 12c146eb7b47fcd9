"""What moderation made of the reviewers' grades: how far it agreed, which way it moved them, by activity and by the reviewer's role (section 8, 5.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from qaf_sheets.model import Plan, Record
from qaf_sheets.outputs.figures.grades import Graded, Key
from qaf_sheets.outputs.figures.shares import GRADES, Share

Step = Literal["agreed", "up", "down", ""]


class Moderation(Record):
    """What moderation did. `moves` counts (from, to); up is a better grade than the reviewer's. Counting unit: moderated pieces of work."""

    moderated: int
    of: int
    agreed: Share
    up: int
    down: int
    moves: Mapping[Key, int]


def step(work: Graded) -> Step:
    """What moderation did to one piece of work; '' where it is not moderated, or one of the two is no grade."""
    if work.moderated not in GRADES or work.original not in GRADES:
        return ""
    moved = GRADES.index(work.moderated) - GRADES.index(work.original)
    return "agreed" if moved == 0 else "up" if moved < 0 else "down"


def count_moderation(found: Iterable[Graded]) -> Moderation:
    """How far moderation agreed with the reviewers."""
    every = list(found)
    moderated, steps = [g for g in every if g.moderated], Counter(step(g) for g in every)
    return Moderation(
        moderated=len(moderated), of=len(every), agreed=Share(n=steps["agreed"], of=steps["agreed"] + steps["up"] + steps["down"]), up=steps["up"], down=steps["down"],
        moves=dict(Counter((g.original, g.moderated) for g in moderated)),
    )  # fmt: skip


def moderation_by_activity(found: Sequence[Graded]) -> dict[str, Moderation]:
    """Activity → what moderation did, for every activity with graded work."""
    codes = sorted({g.version.issue.activity for g in found})
    return {code: count_moderation(g for g in found if g.version.issue.activity == code) for code in codes}


def moderation_by_role(found: Sequence[Graded], plan: Plan) -> dict[Key, Moderation]:
    """(activity, reviewer's role in words) → what moderation did, for every role whose work was moderated."""
    of = {g.id: (g.version.issue.activity, role_of(g, plan)) for g in found if g.moderated}
    return {key: count_moderation(g for g in found if of.get(g.id) == key) for key in sorted(set(of.values()))}


def role_of(work: Graded, plan: Plan) -> str:
    """The role of whoever reviewed, in the plan's words; '' for somebody the plan does not have."""
    reviewer = work.said("reviewer")
    person = plan.person(reviewer.code if reviewer else "") or plan.person(work.version.issue.person_id)
    return plan.role_text(person.role) if person else ""
