"""Draws that anybody can repeat: children for the case reviews and who reviews them, and closed actions to follow up. Pure; the same seed, the same draw.

Appendix 4 asks for at least twenty children a quarter across teams and levels of need, those who were Inadequate or RI bordering Good among
them; section 13, 10.3 for a sample of the actions that were closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from math import ceil
from random import Random
from typing import NamedTuple

from qaf_sheets.lifecycle import CHECKED, DONE
from qaf_sheets.model import Action, Allocation, Child, Person, Plan, Problem, Quarter
from qaf_sheets.plan.dealing import deal, independent, same_area
from qaf_sheets.plan.pool import asked, pool
from qaf_sheets.problems import count, problem
from qaf_sheets.rules import asks_again

REVIEW = "CCR"
CLOSED = (DONE, CHECKED)
"""What the owner says is done, and nobody has looked behind yet."""
HEAVY = 3
"""How much likelier an urgent action, or one from Inadequate work, is to be followed up."""


class Drawn(NamedTuple):
    """One child of the sample, and why this child."""

    child: Child
    why: str


class Draw(NamedTuple):
    """A draw of children with their reviewers, and what it could not satisfy. `target` is how many children were asked for; `kept` were dealt before."""

    seed: str
    target: int
    allocations: tuple[Allocation, ...]
    unmet: tuple[Problem, ...]
    kept: tuple[Allocation, ...] = ()


class Followed(NamedTuple):
    """One action to be followed up, and why this one."""

    action: Action
    why: str


def draw_reviews(plan: Plan, quarter: Quarter, seed: str = "", kept: Sequence[Allocation] = ()) -> Draw:
    """At least as many children as the plan's rule asks for, each with a reviewer who has no part in their case.

    `kept` stay as they are, and count. Without a seed, the quarter is it.
    """
    seed = seed or str(quarter)
    dice, target = Random(f"{seed} {REVIEW}"), asked(plan, REVIEW, quarter)  # noqa: S311 - a draw that can be repeated, no secret
    drawn = _Sample(plan, quarter, target, dice, kept).children()
    dealt = deal(plan, quarter, REVIEW, [d.child for d in drawn], dice, kept)
    allocations = tuple(
        Allocation(quarter=quarter, activity=REVIEW, child_id=d.child.child_id, reviewer_id=who.person_id, why=f"{d.why}; {_why_reviewer(plan, d.child, who)}")
        for d in drawn if (who := dealt.get(d.child.child_id))
    )  # fmt: skip
    lost = [d.child.child_id for d in drawn if d.child.child_id not in dealt]
    return Draw(seed, target, allocations, tuple(_unmet(plan, quarter, target, len(kept) + len(drawn), (*kept, *allocations), lost)), tuple(kept))


class _Sample:
    """Children being drawn, one by one: those to look at again first, then each level of need in proportion, the teams in turn."""

    def __init__(self, plan: Plan, quarter: Quarter, target: int, dice: Random, kept: Sequence[Allocation]) -> None:
        self.plan, self.target, self.quarter = plan, target, quarter
        self.drawn: list[Drawn] = []
        self.taken = {a.child_id for a in kept}
        self.teams: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.most_of_team, self.most_of_level = (max(1, target * int(plan.setting(s)) // 100) for s in ("ccr_team_share", "ccr_level_share"))
        people = pool(plan, REVIEW, quarter)
        self.open = [c for c in dice.sample(plan.children, len(plan.children)) if is_open(c, quarter)]
        self.free = [c for c in self.open if not people or any(independent(plan, c, p) for p in people)]
        self.seen = {a.child_id for a in plan.allocations if a.activity == REVIEW and a.quarter == quarter.plus(-1)}
        for child in (c for c in plan.children if c.child_id in self.taken):
            self._count(child)

    def children(self) -> tuple[Drawn, ...]:
        """The sample, as far as it can be filled."""
        self._again()
        for level, n in sorted(self._quotas().items(), key=lambda quota: quota[1]):  # the rarest first, so that each has one
            self._draw([c for c in self.free if c.level_of_need == level and self._rested(c)], n, _across)
        self._draw([c for c in self.free if self._rested(c)], self.target, _across)
        self._draw([c for c in self.free if look_again(self.plan, c) and not self._pending(c)], self.target, self._why_again)
        return tuple(self.drawn)

    def _again(self) -> None:
        """Those whose last grade asks for it, up to the share that is aimed for and at least one: the Inadequate first, with a place for one that bordered Good."""
        wanted = max(1, self.target * int(self.plan.setting("ccr_recheck_share")) // 100) - sum(look_again(self.plan, c) for c in self.plan.children if c.child_id in self.taken)
        waiting = sorted((c for c in self.free if look_again(self.plan, c) and not self._pending(c)), key=lambda c: c.last_reviewed_on or date.min)
        failed = [c for c in waiting if self.plan.code("grade", c.last_grade) == "Inadequate"]
        others = len(waiting) > len(failed) and wanted > 1
        self._draw(failed, wanted - others, self._why_again)
        self._draw(waiting, wanted - sum(look_again(self.plan, d.child) for d in self.drawn), self._why_again)

    def _why_again(self, child: Child) -> str:
        seen = f" in {child.last_reviewed_on:%B %Y}" if child.last_reviewed_on else ""
        return f"To be looked at again: {child.last_grade}{', bordering Good,' if child.bordering_good else ''}{seen}"

    def _pending(self, child: Child) -> bool:
        """Dealt out in the quarter before, and not looked at since."""
        return child.child_id in self.seen and (child.last_reviewed_on or date.min) < self.quarter.plus(-1).starts

    def _rested(self, child: Child) -> bool:
        """Not looked at in the quarter before; those to look at again have their own turn."""
        recent = child.child_id in self.seen or (child.last_reviewed_on or date.min) >= self.quarter.plus(-1).starts
        return not recent and not look_again(self.plan, child)

    def _quotas(self) -> dict[str, int]:
        """How many more of each level of need: in proportion to the open children, at least one of each."""
        at = Counter(c.level_of_need for c in self.open)
        exact = {level: self.target * n / len(self.open) for level, n in at.items()}
        whole = {level: min(max(1, int(x)), self.most_of_level) for level, x in exact.items()}
        for level in sorted(exact, key=lambda level: (-(exact[level] - int(exact[level])), level)):
            if sum(whole.values()) < self.target and whole[level] < min(at[level], self.most_of_level):
                whole[level] += 1
        return {level: n - self.levels[level] for level, n in whole.items()}

    def _draw(self, children: Sequence[Child], n: int, why: Callable[[Child], str]) -> None:
        """The first `n` that fit, always from the team that has fewest so far; no team or level beyond its share, and no more than the target."""
        for _ in range(min(n, self.target - len(self.taken))):
            fit = [c for c in children if c.child_id not in self.taken and self.teams[c.team] < self.most_of_team and self.levels[c.level_of_need] < self.most_of_level]
            if not fit:
                return
            child = min(fit, key=lambda c: self.teams[c.team])
            self.taken.add(child.child_id)
            self._count(child)
            self.drawn.append(Drawn(child, why(child)))

    def _count(self, child: Child) -> None:
        self.teams[child.team] += 1
        self.levels[child.level_of_need] += 1


def _across(child: Child) -> str:
    return f"Drawn across teams and levels of need: {child.level_of_need or 'no level given'}, {child.team or 'no team given'}"


def is_open(child: Child, quarter: Quarter) -> bool:
    """Whether a child's case is open when the quarter begins."""
    return child.closed_on is None or child.closed_on > quarter.starts


def look_again(plan: Plan, child: Child) -> bool:
    """Inadequate last time, or RI bordering Good, as the setting `ccr_recheck_rule` reads Appendix 4."""
    return asks_again(plan.code("grade", child.last_grade), bordering=child.bordering_good, rule=plan.setting("ccr_recheck_rule"))


def _why_reviewer(plan: Plan, child: Child, reviewer: Person) -> str:
    return "the reviewer is from the same service area, since nobody elsewhere was free" if same_area(plan, child, reviewer) else "the reviewer has no part in the case and is from another service area"


def _unmet(plan: Plan, quarter: Quarter, target: int, drawn: int, dealt: Sequence[Allocation], lost: Sequence[str]) -> Iterator[Problem]:
    """What the draw could not satisfy."""
    if lost:
        yield problem("SAMPLE_NO_REVIEWER", value=", ".join(lost))
    if drawn < target:
        yield problem("SAMPLE_FEW", n=count(drawn, "child", "children"), asked=target)
    here, met = [c for c in plan.children if is_open(c, quarter)], {a.child_id for a in dealt}
    for label, of in (("level of need", _level), ("team", _team)):
        missing = {of(c) for c in here} - {of(c) for c in plan.children if c.child_id in met} - {""}
        if missing:
            yield problem("SAMPLE_MISSES", label=label, who=", ".join(sorted(missing)))
    if any(look_again(plan, c) for c in here) and not any(look_again(plan, c) for c in plan.children if c.child_id in met):
        yield problem("SAMPLE_NONE_AGAIN")


def _level(child: Child) -> str:
    return child.level_of_need


def _team(child: Child) -> str:
    return child.team


# ---------------------------------------------------------------- actions to follow up


def to_follow_up(actions: Iterable[Action], quarter: Quarter) -> tuple[Action, ...]:
    """The actions that a quarter's follow-up is drawn from, by id: those closed in the quarter before that nobody has looked behind."""
    before = quarter.plus(-1)
    return tuple(a for a in sorted(actions, key=lambda a: a.action_id) if a.cells.get("status") in CLOSED and _closed_in(a, before))


def draw_follow_up(actions: Iterable[Action], quarter: Quarter, *, share: int, least: int, heavy: Collection[str] = (), seed: str = "") -> tuple[Followed, ...]:
    """So many in a hundred of the actions closed in the quarter before, at least so many; urgent ones, and the `heavy`, are likelier (specification 9)."""
    dice, closed = Random(seed or f"{quarter} follow-up"), to_follow_up(actions, quarter)  # noqa: S311 - a draw that can be repeated
    turn = {a.action_id: dice.random() ** (1 / (HEAVY if weighs(a, heavy) else 1)) for a in closed}
    chosen = sorted(closed, key=lambda a: -turn[a.action_id])[: max(least, ceil(len(closed) * share / 100))]
    said = f"drawn from {count(len(closed), 'action')} closed in {quarter.plus(-1).label}"
    return tuple(Followed(a, f"{'Urgent, or from Inadequate work; ' if weighs(a, heavy) else ''}{said}") for a in sorted(chosen, key=lambda a: a.action_id))


def _closed_in(action: Action, quarter: Quarter) -> bool:
    on = action.cells.get("completed_on")
    return isinstance(on, date) and quarter.starts <= on <= quarter.ends


def weighs(action: Action, heavy: Collection[str]) -> bool:
    """Whether an action is likelier to be followed up."""
    return action.action_id in heavy or action.cells.get("priority") == "Immediate"
