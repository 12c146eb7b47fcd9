"""The eighteen dip samples: which children were looked at, and what the records showed (specification 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from qaf_sheets.demo.bank import Bank
from qaf_sheets.facts import named
from qaf_sheets.model import Child, Issue, Plan, Value

ROWS, TWICE, CONCERNS = 10, 8, 3
ANSWERS = ((140, 26, 14), (98, 48, 34), (86, 52, 42), (92, 40, 48), (112, 44, 24), (98, 49, 33))
"""Yes, Partly and No to each question over 180 children: 58, 24 and 18 in a hundred. Naming a network goes best, using one worst."""
WITH_WORKER = 0.6
Rows = tuple[Mapping[str, Value], ...]


def cast_samples(issues: Sequence[Issue], plan: Plan, questions: Sequence[str], bank: Bank) -> dict[str, Rows]:
    """Ten rows for each sample by reference: 172 children in all, since eight are looked at by two people."""
    ordered = sorted(issues, key=lambda i: (i.service_area, i.team, i.return_id))
    drawn = _children(ordered, plan, bank.dice)
    decks = {q: _deck(ANSWERS[n % len(ANSWERS)], len(ordered) * ROWS, bank.dice) for n, q in enumerate(questions)}
    worrying = set(bank.dice.sample(range(len(ordered)), CONCERNS))
    return {
        one.return_id: tuple(_row(plan, child, {q: decks[q].pop() for q in questions}, bank, worrying=n in worrying and child is children[3]) for child in children)
        for n, (one, children) in enumerate(zip(ordered, drawn, strict=True))
    }  # fmt: skip


def _children(issues: Sequence[Issue], plan: Plan, dice: Random) -> list[list[Child]]:
    """A manager's own team where they have one, a head's own area; none of those under review this quarter."""
    reviewed = {a.child_id for a in plan.allocations}
    free = [c for c in dice.sample(plan.children, len(plan.children)) if c.child_id not in reviewed]
    areas = {t.team: t.service_area for t in plan.teams}
    drawn: dict[str, list[Child]] = {}
    for one in sorted(issues, key=lambda i: (not i.team, i.return_id)):  # the teams first: they have nobody else's children to turn to
        own = [c for c in free if c.team == one.team] or [c for c in free if areas[c.team] == one.service_area]
        drawn[one.return_id] = [*own, *(c for c in free if c not in own)][:ROWS]
        free = [c for c in free if c not in drawn[one.return_id]]
    every = [drawn[i.return_id] for i in issues]
    for n in range(0, 2 * TWICE, 2):
        every[n + 1][-1] = every[n][0]
    return every


def _deck(counts: tuple[int, int, int], n: int, dice: Random) -> list[str]:
    cards = [code for code, times in zip(("Yes", "Partly", "No"), counts, strict=True) for _ in range(times)]
    return dice.sample(cards, n)


def _row(plan: Plan, child: Child, said: Mapping[str, str], bank: Bank, *, worrying: bool) -> Mapping[str, Value]:
    worker = plan.person(child.worker_id)
    shown = worker is not None and bank.dice.random() < WITH_WORKER
    manager = next(named(p) for p in plan.people if p.role == "TM" and p.team == child.team)
    return {
        "child_id": child.child_id, "level_of_need": child.level_of_need, "team": child.team, "worker": named(worker) if worker and shown else None, **said,
        "comment": bank.deal("DIP", "concern") if worrying else _comment(said, bank),
        "immediate_concern": "Yes" if worrying else "No", "concern_reported_to": manager if worrying else None,
    }  # fmt: skip


def _comment(said: Mapping[str, str], bank: Bank) -> str | None:
    """What was missing, for the first question that got a No."""
    question = next((q for q, code in said.items() if code == "No"), None)
    return bank.deal("DIP", "comment", (question,)) if question else None
