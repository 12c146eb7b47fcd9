"""Grades of the returns that count: the reviewer's and the final one, by activity, area, team and level of need; practice areas; moderation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from qaf_sheets.model import Answer, Child, Form, Plan, Question, Record, Snapshot, Version
from qaf_sheets.model.base import Part
from qaf_sheets.outputs.figures.shares import GRADES, GradeCounts
from qaf_sheets.rules import Piece, asks_again, pieces

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


class Rechecks(Record):
    """Children who were graded before: better, the same or worse now."""

    children: int
    improved: int
    same: int
    lower: int


class Graded(NamedTuple):
    """One graded piece of work. Grades are codes; `moderation` is the return that moderated it."""

    version: Version
    piece: Piece
    form: Form
    original: str
    final: str
    previous: str
    moderated: str
    child: str
    team: str
    area: str
    level: str
    final_words: str
    again: bool
    moderation: Version | None

    @property
    def id(self) -> str:
        """R-000012, or R-000012/2 for the second sheet of a return."""
        return f"{self.version.issue.return_id}{self.piece.key}"

    def said(self, part: Part) -> Answer | None:
        """What plays a part in this piece of work."""
        asked = self.form.part_of_piece(part)
        return self.piece.answers.get(asked.id) if asked else None


def graded(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[Graded, ...]:
    """Every piece of work with an overall grade, each with the moderation of the very version that counts."""
    standing = {i.return_id: i.piece for i in snapshot.moderations}
    moderations = {standing[v.issue.return_id]: v for v in versions if v.issue.return_id in standing}
    forms = {code: form for code, form in snapshot.forms.items() if form.part_of_piece("overall_grade")}
    mine = [v for v in versions if v.issue.activity in forms and not v.issue.piece]
    found = (_one(snapshot, v, forms[v.issue.activity], piece, moderations) for v in mine for piece in pieces(forms[v.issue.activity], v.content))
    return tuple(g for g in found if g.original)


def _one(snapshot: Snapshot, version: Version, form: Form, piece: Piece, moderations: Mapping[str, Version]) -> Graded:
    parts: tuple[Part, ...] = ("overall_grade", "previous_grade", "child", "level", "team")
    asked = {part: q for part in parts if (q := form.part_of_piece(part))}
    code = {part: a.code for part, q in asked.items() if (a := piece.answers.get(q.id))}
    child = snapshot.plan.child(code.get("child", ""))
    team = child.team if child and child.team else words(asked.get("team"), piece.answers) or version.issue.team
    area = next((t.service_area for t in snapshot.plan.teams if t.team == team), version.issue.service_area)
    by = moderations.get(f"{version.issue.return_id}{piece.key}")
    moderated_by = snapshot.forms[by.issue.activity].part("moderated_grade") if by else None
    original, moderated = code.get("overall_grade", ""), by.content.code(moderated_by.id) if by and moderated_by else ""
    use = moderated and snapshot.plan.settings.get("use_moderated", "Yes").casefold() not in ("no", "false", "off")
    final = moderated if use else original
    return Graded(
        version, piece, form, original, final, code.get("previous_grade", ""), moderated, code.get("child", ""), team, area, words(asked.get("level"), piece.answers),
        asked["overall_grade"].option_text(final), to_look_at_again(snapshot.plan, code.get("previous_grade", ""), child), by if moderated else None,
    )  # fmt: skip


def to_look_at_again(plan: Plan, last_grade: str, child: Child | None) -> bool:
    """Those whom Appendix 4 asks for again by their last grade's code. Only the Children sheet knows what bordered Good."""
    return asks_again(last_grade, bordering=child is not None and child.bordering_good, rule=plan.settings.get("ccr_recheck_rule", ""))


def words(asked: Question | None, answers: Mapping[str, Answer]) -> str:
    """A choice in the list's own words; as it was typed where it is none of them."""
    answer = answers.get(asked.id) if asked else None
    if asked is None or answer is None:
        return ""
    return asked.option_text(answer.code) if answer.code else answer.text


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


def practice_areas(snapshot: Snapshot, versions: Sequence[Version], *, themed: bool) -> tuple[AreaGrades, ...]:
    """The graded areas of each form, or the graded questions of each theme, the weakest first: fewest Good or better, then most Inadequate."""
    areas = [
        AreaGrades(activity=code, field=q.beside, name=q.name.removesuffix(": grade"), counts=GradeCounts.of(_codes(q, form, versions)))
        for code, form in snapshot.forms.items() for q in graded_areas(form) if form.themed == themed
    ]  # fmt: skip
    return tuple(sorted((a for a in areas if a.counts.graded), key=_weakness))


def graded_areas(form: Form) -> tuple[Question, ...]:
    """The questions that grade an area of work, on the form or on each of its sheets; not those that answer Yes, Partly or No."""
    asked = (*form.fields, *(form.pieces.columns if form.pieces else ()))
    return tuple(q for q in asked if q.beside and {o.code or o.text for o in q.options} >= set(GRADES))


def _codes(asked: Question, form: Form, versions: Sequence[Version]) -> Iterator[str]:
    for version in versions:
        if version.issue.activity == form.id:
            yield from (p.answers[asked.id].code for p in pieces(form, version.content) if asked.id in p.answers)


def _weakness(area: AreaGrades) -> tuple[float, float]:
    better, n = area.counts.good_or_better, area.counts.graded
    return better.n / n, -area.counts.inadequate / n


def count_rechecks(found: Sequence[Graded]) -> Rechecks:
    """Children reviewed again after an earlier grade."""
    steps = [GRADES.index(g.final) - GRADES.index(g.previous) for g in found if g.previous in GRADES and g.final in GRADES]
    return Rechecks(children=len(steps), improved=sum(s < 0 for s in steps), same=steps.count(0), lower=sum(s > 0 for s in steps))
