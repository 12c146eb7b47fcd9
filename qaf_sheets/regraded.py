"""What the register knows of a child's last grade: it overrules the Children sheet in the next draw, and on the next form."""

from __future__ import annotations

from datetime import date

from qaf_sheets import snapshot
from qaf_sheets.desk import Desk
from qaf_sheets.model import Child, Plan, Quarter
from qaf_sheets.outputs.figures.again import borders, done_on
from qaf_sheets.outputs.figures.grades import Graded, graded

YEAR = 4
"""Quarters that are looked back."""


def as_reviewed(desk: Desk, plan: Plan, quarter: Quarter) -> Plan:
    """The plan with each child's newest grade: what came in during the year before `quarter` overrules the Children sheet."""
    with desk.register.reading() as records:
        earlier = [q for q in records.issues.quarters() if q.ends < quarter.starts][-YEAR:]
    newest: dict[str, Graded] = {}
    for seen in (snapshot.take(desk, q) for q in earlier):
        newest |= {g.child: g for g in sorted(graded(seen, seen.returns), key=lambda g: done_on(g) or date.min)}
    return plan.model_copy(update={"children": tuple(_reviewed(c, newest[c.child_id]) if c.child_id in newest else c for c in plan.children)})


def _reviewed(child: Child, work: Graded) -> Child:
    """A child with the grade, and the day, of one piece of work; the sheet's own where that is newer."""
    on = done_on(work) or work.version.issue.quarter.ends
    if child.last_reviewed_on and child.last_reviewed_on > on:
        return child
    return child.model_copy(update={"last_reviewed_on": on, "last_grade": work.final_words, "bordering_good": borders(work)})
