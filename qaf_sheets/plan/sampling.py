"""Draws that anybody can repeat: children for the case reviews and who reviews them, and closed actions to follow up. Pure; the same seed, the same draw.

Appendix 4 asks for at least twenty children a quarter across teams and levels of need, those who were Inadequate or RI bordering Good among
them; section 13, 10.3 for a sample of the actions that were closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from math import ceil
from random import Random
from typing import NamedTuple

from qaf_sheets.model import Action, Allocation, Child, Person, Plan, Problem, Quarter
from qaf_sheets.plan.pool import asked, pool
from qaf_sheets.problems import count, problem

REVIEW = "CCR"
CLOSED = ("Done", "Checked")
"""What the owner says is done, and nobody has looked behind yet."""
HEAVY = 3
"""How much likelier an urgent action, or one from Inadequate work, is to be followed up."""


class Drawn(NamedTuple):
    """One child of the sample, and why this child."""

    child: Child
    why: str
    again: bool


class Draw(NamedTuple):
    """A draw of children with their reviewers, and what it could not satisfy. `target` is how many children were asked for."""

    seed: str
    target: int
    allocations: tuple[Allocation, ...]
    unmet: tuple[Problem, ...]


class Followed(NamedTuple):
    """One action to be followed up, and why this one."""

    action: Action
    why: str


def draw_reviews(plan: Plan, quarter: Quarter, seed: str = "") -> Draw:
    """At least as many children as the plan's rule asks for, each with a reviewer who has no part in their case."""
    seed = seed or f"{quarter} {REVIEW}"
    dice, target = Random(seed), asked(plan, REVIEW, quarter)  # noqa: S311 - a draw that can be repeated, no secret
    sample = _Sample(plan, quarter, target, dice)
    dealt = _deal(plan, quarter, sample.children(), dice)
    allocations = tuple(
        Allocation(quarter=quarter, activity=REVIEW, child_id=d.child.child_id, reviewer_id=reviewer.person_id, why=f"{d.why}; {_why_reviewer(plan, d.child, reviewer)}")
        for d, reviewer in dealt if reviewer
    )  # fmt: skip
    return Draw(seed, target, allocations, tuple(_unmet(plan, quarter, target, dealt)))


# ---------------------------------------------------------------- which children


class _Sample:
    """Children being drawn, one by one: those to look at again first, then each level of need in proportion, the teams in turn."""

    def __init__(self, plan: Plan, quarter: Quarter, target: int, dice: Random) -> None:
        self.plan, self.target, self.dice = plan, target, dice
        self.open = [c for c in dice.sample(plan.children, len(plan.children)) if is_open(c, quarter)]
        last = quarter.plus(-1)
        self.rested = [c for c in self.open if not (c.last_reviewed_on and last.starts <= c.last_reviewed_on <= last.ends)]
        self.teams: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.most_of_team, self.most_of_level = (max(1, target * int(plan.setting(s)) // 100) for s in ("ccr_team_share", "ccr_level_share"))

    def children(self) -> tuple[Drawn, ...]:
        """The sample, as far as it can be filled."""
        drawn = list(self._again())
        for level, n in self._quotas(drawn).items():
            drawn += self._of_level(level, n, {d.child.child_id for d in drawn})
        return tuple(drawn)

    def _again(self) -> Iterator[Drawn]:
        """Those whose last grade asks for it, the Inadequate first, up to the share that is aimed for; at least one."""
        wanted = max(1, self.target * int(self.plan.setting("ccr_recheck_share")) // 100)
        waiting = sorted((c for c in self.open if look_again(self.plan, c)), key=lambda c: (_grade(self.plan, c) != "Inadequate", c.last_reviewed_on or date.min))
        for child in self._spread(waiting, wanted):
            seen = f" in {child.last_reviewed_on:%B %Y}" if child.last_reviewed_on else ""
            yield Drawn(child, f"To be looked at again: {child.last_grade}{', bordering Good,' if _grade(self.plan, child) == 'RI' else ''}{seen}", again=True)

    def _quotas(self, drawn: Sequence[Drawn]) -> dict[str, int]:
        """How many more of each level of need: in proportion to the open children, at least one of each."""
        at = Counter(c.level_of_need for c in self.open)
        exact = {level: self.target * n / len(self.open) for level, n in at.items()}
        whole = {level: min(max(1, int(x)), self.most_of_level) for level, x in exact.items()}
        for level in sorted(exact, key=lambda level: (-(exact[level] - int(exact[level])), level)):
            if sum(whole.values()) < self.target and whole[level] < min(at[level], self.most_of_level):
                whole[level] += 1
        have = Counter(d.child.level_of_need for d in drawn)
        return {level: n for level in whole if (n := whole[level] - have[level]) > 0}

    def _of_level(self, level: str, n: int, taken: Collection[str]) -> Iterator[Drawn]:
        free = [c for c in self.rested if c.level_of_need == level and c.child_id not in taken and not look_again(self.plan, c)]
        for child in self._spread(free, n):
            yield Drawn(child, f"Drawn across teams and levels of need: {level or 'no level given'}, {child.team or 'no team given'}", again=False)

    def _spread(self, children: Sequence[Child], n: int) -> Iterator[Child]:
        """The first `n` that fit, always from the team that has fewest so far; no team or level beyond its share."""
        left = list(children)
        for _ in range(n):
            fit = [c for c in left if self.teams[c.team] < self.most_of_team and self.levels[c.level_of_need] < self.most_of_level]
            if not fit:
                return
            child = min(fit, key=lambda c: self.teams[c.team])
            left.remove(child)
            self.teams[child.team] += 1
            self.levels[child.level_of_need] += 1
            yield child


def is_open(child: Child, quarter: Quarter) -> bool:
    """Whether a child's case is open when the quarter begins."""
    return child.closed_on is None or child.closed_on > quarter.starts


def look_again(plan: Plan, child: Child) -> bool:
    """Inadequate last time, or RI bordering Good, as the setting `ccr_recheck_rule` reads Appendix 4."""
    grade, rule = _grade(plan, child), plan.setting("ccr_recheck_rule")
    return grade == "Inadequate" or (grade == "RI" and (rule == "Inadequate or RI" or (child.bordering_good and rule != "Inadequate")))


def _grade(plan: Plan, child: Child) -> str:
    option = plan.option("grade", child.last_grade)
    return (option.code or option.text) if option else ""


# ---------------------------------------------------------------- who reviews them


def _deal(plan: Plan, quarter: Quarter, drawn: Sequence[Drawn], dice: Random) -> list[tuple[Drawn, Person | None]]:
    """Each child with a reviewer, those first for whom fewest may; the reviewer with fewest children so far, from another service area where one is free."""
    people = dice.sample(found := pool(plan, REVIEW, quarter), len(found))
    most, load = int(plan.setting("ccr_most_each")), Counter[str]()
    may = {d.child.child_id: [p for p in people if independent(plan, d.child, p)] for d in drawn}
    dealt: dict[str, Person | None] = {}
    for one in sorted(drawn, key=lambda d: len(may[d.child.child_id])):
        free = [p for p in may[one.child.child_id] if load[p.person_id] < most]
        best = min(free, key=lambda p: (load[p.person_id], _same_area(plan, one.child, p)), default=None)
        dealt[one.child.child_id] = best
        if best:
            load[best.person_id] += 1
    return [(d, dealt[d.child.child_id]) for d in drawn]


def independent(plan: Plan, child: Child, reviewer: Person) -> bool:
    """Not their own case, not one they chair, and (unless the council allows it) not a case of somebody they manage."""
    worker = plan.person(child.worker_id)
    manages = worker is not None and worker.line_manager_id == reviewer.person_id and plan.setting("manager_reviews_own_team") != "allowed"
    return reviewer.person_id not in (child.worker_id, child.chair_id) and not manages and not (child.team and reviewer.team == child.team)


def _same_area(plan: Plan, child: Child, reviewer: Person) -> bool:
    return any(t.team == child.team and t.service_area == reviewer.service_area for t in plan.teams)


def _why_reviewer(plan: Plan, child: Child, reviewer: Person) -> str:
    return "the reviewer is from the same service area, since nobody else was as free" if _same_area(plan, child, reviewer) else "the reviewer is from another service area"


def _unmet(plan: Plan, quarter: Quarter, target: int, dealt: Sequence[tuple[Drawn, Person | None]]) -> Iterator[Problem]:
    """What the draw could not satisfy."""
    yield from (problem("SAMPLE_NO_REVIEWER", value=d.child.child_id) for d, reviewer in dealt if reviewer is None)
    if len(dealt) < target:
        yield problem("SAMPLE_FEW", n=count(len(dealt), "child", "children"), asked=target)
    met = [d.child for d, reviewer in dealt if reviewer]
    here = [c for c in plan.children if is_open(c, quarter)]
    for label, every, some in (("level of need", (c.level_of_need for c in here), {c.level_of_need for c in met}), ("team", (c.team for c in here), {c.team for c in met})):
        missing = sorted(set(every) - some - {""})
        if missing:
            yield problem("SAMPLE_MISSES", label=label, who=", ".join(missing))
    if not any(d.again for d, _ in dealt) and any(look_again(plan, c) for c in here):
        yield problem("SAMPLE_NONE_AGAIN")


# ---------------------------------------------------------------- actions to follow up


def draw_follow_up(actions: Iterable[Action], quarter: Quarter, *, share: int, least: int, heavy: Collection[str] = (), seed: str = "") -> tuple[Followed, ...]:
    """So many in a hundred of the actions closed in the quarter before, at least so many; urgent ones, and the `heavy`, are likelier (specification 9)."""
    dice, before = Random(seed or f"{quarter} follow-up"), quarter.plus(-1)  # noqa: S311 - a draw that can be repeated
    closed = [a for a in sorted(actions, key=lambda a: a.action_id) if a.cells.get("status") in CLOSED and _closed_in(a, before)]
    turn = {a.action_id: dice.random() ** (1 / (HEAVY if _weighs(a, heavy) else 1)) for a in closed}
    chosen = sorted(closed, key=lambda a: -turn[a.action_id])[: max(least, ceil(len(closed) * share / 100))]
    said = f"drawn from {count(len(closed), 'action')} closed in {before.label}"
    return tuple(Followed(a, f"{'Urgent, or from Inadequate work; ' if _weighs(a, heavy) else ''}{said}") for a in sorted(chosen, key=lambda a: a.action_id))


def _closed_in(action: Action, quarter: Quarter) -> bool:
    on = action.cells.get("completed_on")
    return isinstance(on, date) and quarter.starts <= on <= quarter.ends


def _weighs(action: Action, heavy: Collection[str]) -> bool:
    return action.action_id in heavy or action.cells.get("priority") == "Immediate"
