"""Sample: draw a quarter's children for the case reviews, show the draw, and put it into the plan where nothing of people's own would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from qaf_sheets.book import Book
from qaf_sheets.desk import Desk
from qaf_sheets.files import InUseError, patiently, replace_if_free, write_atomically
from qaf_sheets.model import Allocation, Plan, Quarter
from qaf_sheets.outputs.sample import SAMPLE, Drawing, write_sample
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.rewrite import as_typed, would_lose
from qaf_sheets.plan.sampling import REVIEW, Draw, draw_reviews, is_open, look_again
from qaf_sheets.plan.write import write_plan
from qaf_sheets.regraded import as_reviewed


class Sampled(NamedTuple):
    """What became of a draw from `plan`: `draw` is None when children were allocated before (`standing`) and nothing was changed.

    `copy` is the plan as it was, beside the new one; `left` says why the plan was left alone; `file` holds the draw for people; `waiting`: it is open.
    """

    plan: Plan
    standing: tuple[Allocation, ...] = ()
    draw: Draw | None = None
    file: str = ""
    copy: str = ""
    left: str = ""
    waiting: str = ""


def sample(desk: Desk, quarter: Quarter, *, seed: str = "", again: bool = False) -> Sampled:
    """Draw once for a quarter. Drawn `again`, what was handed out stays, and the rest is drawn anew. Raises PlanFaultsError."""
    plan = as_reviewed(desk, desk.sound_plan(), quarter)
    standing = tuple(a for a in plan.allocations if (a.quarter, a.activity) == (quarter, REVIEW))
    if standing and not again:
        return Sampled(plan, standing)
    handed_out = _handed_out(desk, quarter)
    draw = draw_reviews(plan, quarter, seed, tuple(a for a in standing if a.child_id in handed_out))
    file = desk.workspace.reports / str(quarter) / "Sample" / SAMPLE
    waiting = _replace(file, write_sample(plan, _shown(plan, quarter, draw), created=desk.now()))
    copy, left = _into_plan(desk, quarter, standing, draw)
    return Sampled(plan, standing, draw, desk.workspace.relative(file), copy, left, waiting)


def _handed_out(desk: Desk, quarter: Quarter) -> frozenset[str]:
    """The children whose review was handed out already."""
    with desk.register.reading() as records:
        return frozenset(i.about for i in records.issues.of_quarter(quarter) if i.activity == REVIEW)


def _shown(plan: Plan, quarter: Quarter, draw: Draw) -> Drawing:
    here = [c for c in plan.children if is_open(c, quarter)]
    again = frozenset(c.child_id for c in plan.children if look_again(plan, c))
    return Drawing(quarter, draw.seed, draw.target, draw.allocations, draw.kept, again, here, draw.unmet)


def _into_plan(desk: Desk, quarter: Quarter, standing: Sequence[Allocation], draw: Draw) -> tuple[str, str]:
    """The copy of the plan as it was, once the draw stands in the plan; else why it was left alone."""
    path = desk.workspace.plan
    before = patiently(path.read_bytes)
    book = desk.read_bytes(before, path.name)
    assert isinstance(book, Book), "the plan was read a moment ago"
    plan, reading = read_plan(book, path.name)
    if lost := would_lose(book, reading):
        return "", lost
    new = (*draw.kept, *draw.allocations)
    if {(a.child_id, a.reviewer_id) for a in standing} == {(a.child_id, a.reviewer_id) for a in new}:
        return "", "it holds this draw already"
    others = tuple(a for a in plan.allocations if (a.quarter, a.activity) != (quarter, REVIEW))
    written = write_plan(as_typed(plan, book).model_copy(update={"allocations": (*others, *new)}), created=desk.now())
    copy = _free(path.with_name(f"{path.stem} - before sample {desk.now():%Y-%m-%d}{path.suffix}"))
    if patiently(path.read_bytes) != before:
        return "", "somebody saved it just now"
    write_atomically(copy, before)
    if taken := _replace(path, written):
        copy.unlink()
        return "", taken
    desk.refresh()
    return desk.workspace.relative(copy), ""


def _replace(path: Path, data: bytes) -> str:
    """Write a workbook that people open; who has it open, where that is why it was not written."""
    try:
        replace_if_free(path, data)
    except InUseError as error:
        return f"it is open by {error.owner.who}"
    return ""


def _free(path: Path) -> Path:
    """A name that is not taken: the second of a day has a number."""
    names = (path, *(path.with_stem(f"{path.stem} ({n})") for n in range(2, 1000)))
    return next(p for p in names if not p.exists())
