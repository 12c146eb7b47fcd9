"""Was the child heard: how work on the child's voice is graded, whose views were sought, and what became of what they asked for (section 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qaf_sheets.model import Form, Question, Record, Snapshot, Version
from qaf_sheets.outputs.figures.grades import Graded, graded_areas
from qaf_sheets.outputs.figures.reviews import CONTACT, FamilyViews, contact_options, family_views
from qaf_sheets.outputs.figures.said import Said, answered, said_by_children
from qaf_sheets.outputs.figures.shares import GradeCounts, Share

AREA = "voice_of_child"
"""The practice area that grades it."""
ABOUT_VOICE = re.compile(r"\b(?:voice|say|says|said|heard|hear|views?|wishes|lived experience|day-to-day life)\b", re.IGNORECASE)
"""How a theme's question shows that it is about the child's voice."""
EVERYONE, BY_AREA, BY_TEAM = "Everyone", "Service area", "Team"


class VoiceGroup(Record):
    """One activity's work, of everybody or of one service area or team of the child: its grades for the child's voice, and whose views were sought."""

    activity: str
    by: str
    name: str
    grades: GradeCounts
    family: FamilyViews


class VoiceQuestion(Record):
    """One graded question of a theme that is about the child's voice. Counting unit: children."""

    activity: str
    field: str
    text: str
    grades: GradeCounts


class Voice(Record):
    """All of one quarter."""

    groups: tuple[VoiceGroup, ...]
    questions: tuple[VoiceQuestion, ...]
    said: tuple[Said, ...]

    @property
    def answered(self) -> Share:
        """What children asked for that has its answer."""
        return answered(self.said)


def count_voice(snapshot: Snapshot, versions: Sequence[Version], work: Sequence[Graded]) -> Voice:
    """Counted over the graded pieces of work that ask for it."""
    forms = [f for f in snapshot.forms.values() if voice_area(f)]
    return Voice(
        groups=tuple(g for form in forms for g in _groups(form, [g for g in work if g.form.id == form.id])),
        questions=tuple(_question(f, q, work) for f in snapshot.forms.values() if f.themed for q in graded_areas(f) if _is_about_voice(f, q) and any(g.form.id == f.id for g in work)),
        said=said_by_children(snapshot, versions),
    )  # fmt: skip


def voice_area(form: Form) -> Question | None:
    """The question that grades the child's voice as a practice area."""
    return next((q for q in graded_areas(form) if q.beside == AREA), None)


def _is_about_voice(form: Form, graded: Question) -> bool:
    """By the words of the question whose work it grades."""
    asked = next((c for c in (*form.fields, *(form.pieces.columns if form.pieces else ())) if c.id == graded.beside), graded)
    return ABOUT_VOICE.search(asked.label) is not None


def _groups(form: Form, work: Sequence[Graded]) -> list[VoiceGroup]:
    """Everybody, then each service area and each team of the child."""
    if not work:
        return []
    by: tuple[tuple[str, Callable[[Graded], str]], ...] = ((EVERYONE, lambda _: ""), (BY_AREA, lambda g: g.area), (BY_TEAM, lambda g: g.team))
    return [_group(form, name, place, [g for g in work if key(g) == place]) for name, key in by for place in sorted({key(g) for g in work})]


def _group(form: Form, by: str, name: str, work: Sequence[Graded]) -> VoiceGroup:
    area = voice_area(form)
    said = [a.code for g in work if (a := g.piece.answers.get(CONTACT)) and a.code]
    return VoiceGroup(activity=form.id, by=by, name=name, grades=_grades(area, work), family=family_views(contact_options({form.id: form}), said))


def _question(form: Form, asked: Question, work: Sequence[Graded]) -> VoiceQuestion:
    return VoiceQuestion(activity=form.id, field=asked.id, text=asked.name.removesuffix(": grade"), grades=_grades(asked, [g for g in work if g.form.id == form.id]))


def _grades(asked: Question | None, work: Sequence[Graded]) -> GradeCounts:
    return GradeCounts.of(g.piece.answers[asked.id].code for g in work if asked and asked.id in g.piece.answers)


