"""`sample ccr`: draw the children for a quarter's case reviews, and deal them to reviewers."""

from __future__ import annotations

from typing import Any

from qaf_sheets import sample as flow
from qaf_sheets.commands.say import chosen, desk, err, out, say_json, say_problems, say_table
from qaf_sheets.error_handler import UsageError
from qaf_sheets.model import Allocation, Plan, Quarter
from qaf_sheets.plan.pool import asked
from qaf_sheets.plan.sampling import REVIEW, Draw
from qaf_sheets.problems import count


def sample(what: str, workspace: str | None, state: str | None, json: bool, quarter: str | None, seed: str, again: bool) -> int:  # noqa: FBT001 - a command line switch
    """Draw, say why, and put it into the plan. What is allocated already stays, unless it is drawn again."""
    with desk(workspace, state) as at, at.alone():
        when = chosen(at, quarter)
        if not asked(at.sound_plan(), REVIEW, when):
            raise UsageError(f"No rule of the plan asks for case reviews in {when.label}.")
        done = flow.sample(at, when, seed=seed, again=again)
    if json:
        say_json(_as_json(when, done))
    elif done.draw:
        _say(when, done, done.draw)
    else:
        out().print(f"{count(len(done.standing), 'child is', 'children are')} allocated for {when.label} already, so nothing was changed. Draw anew with --again: what was handed out stays.")
    return 0


def _as_json(when: Quarter, done: flow.Sampled) -> dict[str, Any]:
    draw = done.draw
    every = (*draw.kept, *draw.allocations) if draw else done.standing
    return {
        "quarter": str(when), "seed": draw.seed if draw else None, "target": draw.target if draw else None, "changed": draw is not None,
        "allocations": [_one(done.plan, a) for a in every], "problems": [p.model_dump() for p in draw.unmet] if draw else [],
        "file": done.file, "plan": {"written": bool(done.copy), "copy": done.copy, "left_alone": done.left}, "waiting": done.waiting,
    }  # fmt: skip


def _one(plan: Plan, a: Allocation) -> dict[str, str]:
    child = plan.child(a.child_id)
    known = {"level_of_need": child.level_of_need, "team": child.team, "last_grade": child.last_grade} if child else {}
    return {"child_id": a.child_id, "reviewer_id": a.reviewer_id, "why": a.why, **known}


def _say(when: Quarter, done: flow.Sampled, draw: Draw) -> None:
    names = {p.person_id: f"{p.name} ({p.person_id})" for p in done.plan.people}
    every = (*draw.kept, *draw.allocations)
    say_table(
        f"{when.label}: {count(len(every), 'child', 'children')} of {draw.target} asked for; seed {draw.seed}", ("Child", "Reviewer", "Why"),
        ((a.child_id, names.get(a.reviewer_id, a.reviewer_id), a.why) for a in every),
    )
    if draw.unmet:
        say_problems("Could not be met:", draw.unmet)
    out().print(f"\n{done.file} was not written: {done.waiting}." if done.waiting else f"\nWritten: {done.file}", markup=False)
    if done.copy:
        out().print(f"QA plan.xlsx holds the draw now; as it was before, it is kept as '{done.copy}'.", markup=False)
    else:
        err().print(f"QA plan.xlsx was left alone: {done.left}. Please paste the first five columns of the sample into its Allocation sheet.", markup=False)
