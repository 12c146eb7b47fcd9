"""The children whom this quarter's grades ask to look at again: Inadequate, or RI bordering Good (Appendix 4). They enter the next sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qaf_sheets.model import Plan, Quarter, Record, Snapshot
from qaf_sheets.outputs.figures.grades import Graded, graded, to_look_at_again
from qaf_sheets.rules import asks_again

BORDERING, PREVIOUS_ON, SAMPLED_BY = "bordering_good", "previous_on", "CCR"
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
    found = [_one(snapshot.plan, snapshot.quarter.plus(1), g) for g in newest.values() if _asks(snapshot.plan, g)]
    return tuple(sorted(found, key=lambda f: (f.grade != "Inadequate", f.done_on or date.min, f.piece)))


def graded_before(snapshot: Snapshot) -> Mapping[str, Graded]:
    """Child → their newest graded work before this quarter that the register holds: of this year, or of the quarter before."""
    versions = tuple({v.issue.return_id: v for v in (*snapshot.earlier, *snapshot.before)}.values())
    counted = {v.issue.return_id: v.version for v in versions}
    standing = tuple(v.issue for v in versions if v.issue.stands(counted))
    work = graded(snapshot.model_copy(update={"moderations": standing}), versions)
    return {g.child: g for g in sorted(work, key=lambda g: done_on(g) or date.min) if g.child}


def remembered(snapshot: Snapshot, work: Sequence[Graded]) -> tuple[Graded, ...]:
    """The same work, each with the child's last grade from the register where the form was handed out with an older one, or none."""
    before = graded_before(snapshot)
    return tuple(_remembering(snapshot.plan, g, before[g.child]) if g.child in before else g for g in work)


def _remembering(plan: Plan, work: Graded, last: Graded) -> Graded:
    known, on = work.piece.answers.get(PREVIOUS_ON), done_on(last)
    if known and isinstance(known.value, date) and on and known.value > on:
        return work
    return work._replace(previous=last.final, again=_asks(plan, last))


def _asks(plan: Plan, work: Graded) -> bool:
    return asks_again(work.final, bordering=borders(work), rule=plan.settings.get("ccr_recheck_rule", RULE))


def waiting_again(snapshot: Snapshot) -> frozenset[str]:
    """The open children whose last grade before this quarter asks for another review: as the register has it, else the Children sheet."""
    before, plan = graded_before(snapshot), snapshot.plan
    closed = {c.child_id for c in plan.children if c.closed_on and c.closed_on <= snapshot.quarter.starts}
    listed = {c.child_id for c in plan.children if c.child_id not in before and to_look_at_again(plan, plan.code("grade", c.last_grade), c)}
    return frozenset((listed | {child for child, g in before.items() if _asks(plan, g)}) - closed)


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
