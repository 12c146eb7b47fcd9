"""What several sources say of the same subject: theme by source, with direction (specification 8, row 9). Found by keyword, or coded by whoever filled in the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from qaf_sheets.choices import CONFIRMED
from qaf_sheets.model import Answer, Decision, Form, Option, Plan, Quarter, Record, Snapshot, Version
from qaf_sheets.model.forms import SOURCES, Source
from qaf_sheets.outputs.figures.said import CHILD_FIELDS, STAFF, STAFF_FIELDS
from qaf_sheets.outputs.figures.themes import ACTION, ACTIONS, OVERALL, RATIONALE, THEME_LIST, WORRIES, keywords

Direction = Literal["Strength", "Worry", "Raised"]
DIRECTIONS: tuple[Direction, ...] = ("Worry", "Strength", "Raised")
STRENGTHS = ("sos_well", "well", "strengths", "went_well", "better", "family_went_well", "good_practice_examples")
BETTER = ("family_could_be_better",)
GRADED_AS: Mapping[str, Direction] = {"Outstanding": "Strength", "Good": "Strength", "RI": "Worry", "Inadequate": "Worry", "Complaint": "Worry", "Compliment": "Strength", "Strength": "Strength", "Worry": "Worry"}
THEME, CODED_BY = "theme", ("direction", "about")
"""In a list whose rows somebody coded: the column of the theme, and those that say its direction."""
CHILD_VOICE: Source = "Child and family voice"
STAFF_VOICE: Source = "Staff voice"


class Mention(Record):
    """One return that speaks of a theme, as a strength, as a worry, or raised without either. `coded` where its author chose the theme from the list."""

    theme: str
    source: Source
    direction: Direction
    return_id: str
    activity: str
    area: str
    file: str
    coded: bool


class Triangulated(Record):
    """One theme over all sources. Counting unit: returns, each once for a source and direction. Suggested until somebody confirms it."""

    theme: str
    mentions: tuple[Mention, ...]
    decision: Decision | None

    @property
    def returns(self) -> int:
        """How many returns speak of it, each once."""
        return len({m.return_id for m in self.mentions})

    @property
    def sources(self) -> tuple[Source, ...]:
        """From how many sides it is heard."""
        return tuple(s for s in SOURCES if any(m.source == s for m in self.mentions))

    @property
    def confirmed(self) -> bool:
        """Whether somebody confirmed that it is a theme of the quarter."""
        return self.decision is not None and self.decision.choice == CONFIRMED

    def count(self, source: Source, direction: Direction) -> int:
        """Returns of one source in one direction."""
        return sum((m.source, m.direction) == (source, direction) for m in self.mentions)

    def total(self, direction: Direction) -> int:
        """Over all sources, in one direction."""
        return sum(m.direction == direction for m in self.mentions)


def triangulate(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[Triangulated, ...]:
    """Every theme that any return speaks of, those heard from most sides first. Moderations read what is counted already."""
    codes = snapshot.plan.lists.get(THEME_LIST, ())
    found: dict[str, set[Mention]] = {}
    for version in versions:
        form = snapshot.forms.get(version.issue.activity)
        if form and not version.issue.piece:
            for mention in _mentions(version, form, codes, snapshot.plan):
                found.setdefault(mention.theme, set()).add(mention)
    every = [_one(snapshot, theme, mentions) for theme, mentions in found.items()]
    return tuple(sorted(every, key=lambda t: (-len(t.sources), -t.returns, t.theme)))


def to_confirm(found: Sequence[Triangulated], plan: Plan) -> tuple[Triangulated, ...]:
    """The themes that somebody is asked about: the most frequent that enough returns speak of."""
    least, most = int(plan.setting("theme_least_returns")), int(plan.setting("themes_asked"))
    return tuple(sorted((t for t in found if t.returns >= least), key=lambda t: (-t.returns, t.theme))[:most])


def about(theme: str, quarter: Quarter) -> str:
    """How a decision names a theme of a quarter."""
    return f"{theme}, {quarter}"


def _one(snapshot: Snapshot, theme: str, mentions: set[Mention]) -> Triangulated:
    order = sorted(mentions, key=lambda m: (SOURCES.index(m.source), DIRECTIONS.index(m.direction), m.return_id))
    known: dict[tuple[str, str, str], Mention] = {}
    for m in order:  # what its author coded stands before what a keyword suggests
        key = (m.return_id, m.source, m.direction)
        known[key] = m if m.coded or key not in known else known[key]
    said = [d for d in snapshot.decisions if d.kind == "finding" and d.choice and d.about.casefold() == about(theme, snapshot.quarter).casefold()]
    return Triangulated(theme=theme, mentions=tuple(known.values()), decision=said[-1] if said else None)


def _mentions(version: Version, form: Form, codes: Sequence[Option], plan: Plan) -> Iterator[Mention]:
    usual: Source = form.source or "Other returns"
    facts = {"return_id": version.issue.return_id, "activity": version.issue.activity, "area": version.issue.service_area, "file": version.file}
    finds = [(c.text, pattern) for c in codes if (pattern := keywords(c))]
    for field, text, direction in _texts(version, form):
        source = _voice(field, form) or usual
        for theme, pattern in finds:
            if pattern.search(text):
                yield Mention(theme=theme, source=source, direction=direction, coded=False, **facts)
    for row in (r for rows in version.content.rows.values() for r in rows if THEME in r and r[THEME].text):
        said = plan.option(THEME_LIST, row[THEME].text)
        chosen = next((GRADED_AS[a.code or a.text] for k in CODED_BY if (a := row.get(k)) and (a.code or a.text) in GRADED_AS), None)
        if said and chosen:
            yield Mention(theme=said.text, source=usual, direction=chosen, coded=True, **facts)


def _voice(field: str, form: Form) -> Source | None:
    """Whose voice a question is, where it is not the form's own."""
    if field in CHILD_FIELDS:
        return CHILD_VOICE
    return STAFF_VOICE if STAFF_FIELDS.get(field, STAFF) != STAFF else None


def _texts(version: Version, form: Form) -> Iterator[tuple[str, str, Direction]]:
    """Every answer in words that says something of practice, with the question and its direction."""
    for answers in (version.content.answers, *(row for name, rows in version.content.rows.items() if name != ACTIONS for row in rows)):
        for field, answer in answers.items():
            if answer.text and not answer.withheld and (direction := _direction(field, answers, form)):
                yield field, answer.text, direction
    for row in version.content.rows.get(ACTIONS, ()):
        if ACTION in row and row[ACTION].text:
            yield ACTION, row[ACTION].text, "Worry"


def _direction(field: str, answers: Mapping[str, Answer], form: Form) -> Direction | None:
    """Which way an answer points: by its question, by the grade beside it, or neither; None where the question asks of something else."""
    if field in STRENGTHS:
        return "Strength"
    if field in WORRIES or field in BETTER:
        return "Worry"
    grade = answers.get(OVERALL if field == RATIONALE else f"{field}_grade")
    if grade and grade.code in GRADED_AS:
        return GRADED_AS[grade.code]
    return "Raised" if _voice(field, form) or (field in STAFF_FIELDS and form.source == STAFF_VOICE) else None

