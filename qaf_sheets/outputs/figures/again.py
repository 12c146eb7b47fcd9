"""The children whom this quarter's grades ask to look at again: Inadequate, or RI bordering Good (Appendix 4). They enter the next sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qaf_sheets.model import Plan, Quarter, Record, Snapshot
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.rules import asks_again

BORDERING, SAMPLED_BY = "bordering_good", "CCR"
RULE = "Inadequate or bordering Good"
"""What Appendix 4 says, where a plan has no setting."""


class ToReview(Record):
    """One child to be reviewed again in `sample`'s quarter, the piece of work that asks for it, and whether that sample has the child already.

    `closed_on` is the day the child's case was closed; then the draw leaves the child out.
    """

    child: str
    grade: str
    bordering: bool
    why: str
    piece: str
    activity: str
    file: str
    done_on: date | None
    team: str
    area: str
    level: str
    sample: Quarter
    drawn: bool
    closed_on: date | None


def to_review_again(snapshot: Snapshot, work: Sequence[Graded]) -> tuple[ToReview, ...]:
    """Each child's newest graded work of the quarter, where its final grade asks for another review; Inadequate first, then the oldest."""
    newest = {g.child or g.id: g for g in sorted(work, key=lambda g: (done_on(g) or date.min, g.id))}
    rule = snapshot.plan.settings.get("ccr_recheck_rule", RULE)
    found = [_one(snapshot.plan, snapshot.quarter.plus(1), g) for g in newest.values() if asks_again(g.final, bordering=borders(g), rule=rule)]
    return tuple(sorted(found, key=lambda f: (f.grade != "Inadequate", f.done_on or date.min, f.piece)))


def borders(work: Graded) -> bool:
    """RI in the end, and the reviewer says that it borders Good."""
    answer = work.piece.answers.get(BORDERING)
    return work.final == "RI" and answer is not None and answer.code == "Yes"


def done_on(work: Graded) -> date | None:
    """The day of the work, where its form asks for it."""
    asked = work.form.work_day
    answer = work.piece.answers.get(asked.id) if asked else None
    return answer.value if answer and isinstance(answer.value, date) else None


def _one(plan: Plan, sample: Quarter, work: Graded) -> ToReview:
    child, issue = plan.child(work.child), work.version.issue
    return ToReview(
        child=work.child, grade=work.final, bordering=borders(work), why=_why(work), piece=work.id, activity=issue.activity, file=work.version.file, done_on=done_on(work),
        team=work.team, area=work.area, level=work.level, sample=sample, closed_on=child.closed_on if child else None,
        drawn=any((a.quarter, a.activity, a.child_id) == (sample, SAMPLED_BY, work.child) for a in plan.allocations),
    )  # fmt: skip


def _why(work: Graded) -> str:
    """Graded Inadequate; moderation moved it from RI."""
    said = work.final_words + (", bordering Good" if borders(work) else "")
    if not work.moderated or work.moderated == work.original:
        return f"Graded {said}{'; moderation agreed' if work.moderated else ''}"
    overall = work.form.part_of_piece("overall_grade")
    before = overall.option_text(work.original) if overall else work.original
    moved = f"moderation moved it from {before}" if work.final == work.moderated else f"moderation would say {overall.option_text(work.moderated) if overall else work.moderated}"
    return f"Graded {said}; {moved}"
