"""The thematic audit: fourteen auditors, two children each, and how their visits were found to be (specification 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from qaf_sheets.demo.bank import Bank
from qaf_sheets.demo.reviews import MOOD
from qaf_sheets.facts import named
from qaf_sheets.model import Child, Issue, Plan, Value

GRADES = ("Outstanding", *("Good",) * 12, *("RI",) * 13, *("Inadequate",) * 2)
CHILDREN = 2
PATTERNS = {
    "Outstanding": ("OOOGO",), "Good": ("GOGGG", "GGGRG", "GGGRO", "OGGGG", "GGRRG"), "RI": ("GRRRG", "RGRRR", "GGRIR", "RRGRG", "GRRRR"), "Inadequate": ("RIIIR", "IRIIR"),
}  # fmt: skip
"""The grades of the theme's questions by overall grade: what children said is heard, and seldom changes anything."""
LETTERS = {"O": "Outstanding", "G": "Good", "R": "RI", "I": "Inadequate"}
Piece = Mapping[str, Value]


def cast_audits(issues: Sequence[Issue], plan: Plan, questions: Sequence[str], bank: Bank) -> dict[str, tuple[Piece, ...]]:
    """Two children for each audit by reference, none of them looked at twice; grades as dealt."""
    dice = bank.dice
    grades = dice.sample(GRADES, len(GRADES))
    taken = {a.child_id for a in plan.allocations}
    free = [c for c in dice.sample(plan.children, len(plan.children)) if c.child_id not in taken]
    cast: dict[str, tuple[Piece, ...]] = {}
    for one in issues:
        children = [c for c in free if c.team != one.team and c.worker_id != one.person_id][:CHILDREN]
        free = [c for c in free if c not in children]
        cast[one.return_id] = tuple(_piece(plan, c, grades.pop(), questions, dice) for c in children)
    return cast


def _piece(plan: Plan, child: Child, grade: str, questions: Sequence[str], dice: Random) -> Piece:
    worker = plan.person(child.worker_id)
    manager = plan.person(worker.line_manager_id) if worker else None
    letters = dice.choice(PATTERNS[grade])
    worrying = grade == "Inadequate"
    return {
        "child_id": child.child_id, "level_of_need": child.level_of_need, "team": child.team, "worker": named(worker) if worker else "", "overall_grade": grade,
        **{f"{q}_grade": LETTERS[letters[n % len(letters)]] for n, q in enumerate(questions)},
        "immediate_concern": "Yes" if worrying else "No", "concern_reported_to": named(manager) if worrying and manager else None,
    }  # fmt: skip


def cues(piece: Piece) -> tuple[str, ...]:
    """What chooses the words of one child's audit."""
    grade = str(piece["overall_grade"])
    return grade, MOOD[grade], str(piece["level_of_need"])
