"""Grades of the returns that count: the reviewer's and the final one, by activity, area, team and level of need; practice areas; moderation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from qaf_sheets.model import Child, Question, Record, Snapshot, Version
from qaf_sheets.outputs.figures.shares import GRADES, GradeCounts, Share

Key = tuple[str, str]
K = TypeVar("K", str, tuple[str, str])


class Grades(Record):
    """Overall grades. `final` is the moderated grade where there is one; area and team are the child's. Counting unit: graded pieces of work."""

    final: Mapping[str, GradeCounts]
    original: Mapping[str, GradeCounts]
    by_area: Mapping[Key, GradeCounts]
    by_team: Mapping[Key, GradeCounts]
    by_level: Mapping[Key, GradeCounts]


class AreaGrades(Record):
    """One practice area over all returns that grade it."""

    activity: str
    field: str
    name: str
    counts: GradeCounts


class Moderation(Record):
    """What moderation did. `moves` counts (from, to); up is a better grade than the reviewer's. Counting unit: moderated pieces of work."""

    moderated: int
    of: int
    agreed: Share
    up: int
    down: int
    moves: Mapping[Key, int]


class Rechecks(Record):
    """Children who were graded before: better, the same or worse now."""

    children: int
    improved: int
    same: int
    lower: int


class Graded(NamedTuple):
    """One graded piece of work."""

    version: Version
    original: str
    final: str
    previous: str
    moderated: str
    team: str
    area: str
    level: str
    final_words: str
    again: bool


def graded(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[Graded, ...]:
    """Every counted return with an overall grade."""
    return tuple(g for v in versions if (g := _one(snapshot, v)) and g.original)


def _one(snapshot: Snapshot, version: Version) -> Graded | None:
    form = snapshot.forms.get(version.issue.activity)
    if form is None or form.part("overall_grade") is None:
        return None
    code = {part: version.content.code(q.id) for part in ("overall_grade", "moderated_grade", "previous_grade", "child") if (q := form.part(part))}
    level = form.part("level")
    child = snapshot.plan.child(code.get("child", ""))
    team = child.team if child and child.team else version.issue.team
    area = next((t.service_area for t in snapshot.plan.teams if t.team == team), version.issue.service_area)
    original, moderated = code.get("overall_grade", ""), code.get("moderated_grade", "")
    return Graded(
        version, original, moderated or original, code.get("previous_grade", ""), moderated, team, area, _words(version, level),
        _words(version, form.part("moderated_grade" if moderated else "overall_grade")), to_look_at_again(code.get("previous_grade", ""), child),
    )  # fmt: skip


def to_look_at_again(last_grade: str, child: Child | None) -> bool:
    """Inadequate last time, or RI that bordered Good: those whom Appendix 4 asks for again. Only the Children sheet knows what bordered Good."""
    return last_grade == "Inadequate" or (last_grade == "RI" and child is not None and child.bordering_good)


def _words(version: Version, asked: Question | None) -> str:
    """A choice in the list's own words; as it was typed where it is none of them."""
    if asked is None:
        return ""
    code = version.content.code(asked.id)
    return asked.option_text(code) if code else version.content.text(asked.id)


def count_grades(found: Sequence[Graded]) -> Grades:
    """All the ways of counting overall grades."""
    return Grades(
        final=_by(found, lambda g: g.version.issue.activity, lambda g: g.final), original=_by(found, lambda g: g.version.issue.activity, lambda g: g.original),
        by_area=_by(found, lambda g: (g.version.issue.activity, g.area), lambda g: g.final), by_team=_by(found, lambda g: (g.version.issue.activity, g.team), lambda g: g.final),
        by_level=_by(found, lambda g: (g.version.issue.activity, g.level), lambda g: g.final),
    )  # fmt: skip


def _by(found: Sequence[Graded], key: Callable[[Graded], K], grade: Callable[[Graded], str]) -> dict[K, GradeCounts]:
    groups: dict[K, list[str]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(grade(one))
    return {name: GradeCounts.of(codes) for name, codes in sorted(groups.items())}


def practice_areas(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[AreaGrades, ...]:
    """The graded areas of each form, the weakest first: fewest Good or better, then most Inadequate."""
    areas = [
        AreaGrades(activity=code, field=f.beside, name=f.name.removesuffix(": grade"), counts=GradeCounts.of(v.content.code(f.id) for v in versions if v.issue.activity == code))
        for code, form in snapshot.forms.items() for f in form.fields if f.beside
    ]  # fmt: skip
    return tuple(sorted((a for a in areas if a.counts.graded), key=_weakness))


def _weakness(area: AreaGrades) -> tuple[float, float]:
    better, n = area.counts.good_or_better, area.counts.graded
    return better.n / n, -area.counts.inadequate / n


def count_moderation(found: Sequence[Graded]) -> Moderation:
    """How far moderation agreed with the reviewers."""
    moderated = [g for g in found if g.moderated]
    steps = [GRADES.index(g.moderated) - GRADES.index(g.original) for g in moderated if g.moderated in GRADES and g.original in GRADES]
    return Moderation(
        moderated=len(moderated), of=len(found), agreed=Share(n=steps.count(0), of=len(steps)), up=sum(s < 0 for s in steps), down=sum(s > 0 for s in steps),
        moves=dict(Counter((g.original, g.moderated) for g in moderated)),
    )  # fmt: skip


def count_rechecks(found: Sequence[Graded]) -> Rechecks:
    """Children reviewed again after an earlier grade."""
    steps = [GRADES.index(g.final) - GRADES.index(g.previous) for g in found if g.previous in GRADES and g.final in GRADES]
    return Rechecks(children=len(steps), improved=sum(s < 0 for s in steps), same=steps.count(0), lower=sum(s > 0 for s in steps))
