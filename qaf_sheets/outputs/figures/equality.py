"""Equality, diversity and identity: how evident in each piece of quality assurance, and how well moderators find that reviewers understand it (section 1, 1.6 and 1.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from qaf_sheets.model import Answer, Plan, Record, Snapshot, Version
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.outputs.figures.moderation import role_of
from qaf_sheets.outputs.figures.said import where
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.rules import is_nil, pieces

UNDERSTANDING, RESPONSE, EVALUATION = "ed_understanding", "ed_response", "ed_evaluation"
BY_MODERATOR = "mod_ed_choice"
Length = Literal["Full", "Short", "Not answered"]


class Asked(Record):
    """One place where equality and diversity was asked about: a return, or a piece of work on a sheet of its own. `evident` is the option's code."""

    version: Version
    reference: str
    activity: str
    area: str
    team: str
    evident: str
    understanding: Answer | None
    response: Answer | None
    length: Length


class Counted(Record):
    """Places asked of one activity, everywhere or in one service area. `evident` by option code; counting unit: returns, or pieces of work."""

    activity: str
    area: str | None
    evident: Mapping[str, int]
    answered: Share
    short: int


class Equality(Record):
    """All of a quarter. `understood` is by reviewer's role in words: option code → moderated pieces of work."""

    asked: tuple[Asked, ...]
    counted: tuple[Counted, ...]
    understood: Mapping[str, Mapping[str, int]]

    @property
    def answered(self) -> Share:
        """Places with all three answers, of those asked."""
        return Share(n=sum(a.length != "Not answered" for a in self.asked), of=len(self.asked))


def equality(snapshot: Snapshot, versions: Sequence[Version], work: Sequence[Graded]) -> Equality:
    """Over every return that counts and was asked; what has nothing to report was not."""
    least = int(snapshot.plan.settings.get("short_answer", "40"))
    asked = tuple(a for v in versions for a in _asked(snapshot, v, least))
    codes = list(dict.fromkeys(a.activity for a in asked))
    counted = [_count([a for a in asked if a.activity == code], code, area) for code in codes for area in (None, *sorted({a.area for a in asked if a.activity == code}))]
    return Equality(asked=asked, counted=tuple(counted), understood=_understood(work, snapshot.plan))


def _asked(snapshot: Snapshot, version: Version, least: int) -> list[Asked]:
    form = snapshot.forms.get(version.issue.activity)
    if form is None or is_nil(form, version.content):
        return []
    found = []
    for piece in pieces(form, version.content):
        if EVALUATION in piece.answers:
            said = {k: piece.answers.get(k) for k in (UNDERSTANDING, RESPONSE, EVALUATION)}
            place = where(snapshot, version, form, piece.key, piece.answers)
            evident = said[EVALUATION]
            found.append(Asked(
                version=version, reference=f"{version.issue.return_id}{piece.key}", activity=form.id, area=place.get("area", version.issue.service_area), team=place.get("team", version.issue.team),
                evident=evident.code if evident else "", understanding=said[UNDERSTANDING], response=said[RESPONSE], length=_length(said, least),
            ))  # fmt: skip
    return found


def _length(said: Mapping[str, Answer | None], least: int) -> Length:
    texts = {k: a.text if a else "" for k, a in said.items()}
    if not all(texts.values()):
        return "Not answered"
    return "Short" if min(len(texts[UNDERSTANDING]), len(texts[RESPONSE])) < least else "Full"


def _count(every: Sequence[Asked], code: str, area: str | None) -> Counted:
    mine = [a for a in every if area in (None, a.area)]
    return Counted(
        activity=code, area=area, evident=dict(Counter(a.evident for a in mine if a.evident)), answered=Share(n=sum(a.length != "Not answered" for a in mine), of=len(mine)),
        short=sum(a.length == "Short" for a in mine),
    )  # fmt: skip


def _understood(work: Sequence[Graded], plan: Plan) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in work:
        said = one.moderation.content.code(BY_MODERATOR) if one.moderation else ""
        if said:
            found.setdefault(role_of(one, plan), Counter())[said] += 1
    return {role: dict(n) for role, n in sorted(found.items())}
