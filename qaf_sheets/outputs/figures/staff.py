"""What staff say about quality assurance and their work: how many said something after a piece of work, and what surveys counted (section 11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qaf_sheets.model import Form, Record, Snapshot, Version
from qaf_sheets.outputs.figures.reviews import FEEDBACK_COMMENTS, Owed, owed_feedback
from qaf_sheets.outputs.figures.said import STAFF_FORMS, Said, said_by_staff, where
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.rules import is_count

EVERYONE, BY_AREA, BY_TEAM = "Everyone", "Service area", "Team"


class Comments(Record):
    """Pieces of work on which the practitioner's own comment came back, of those that ask for it; of everybody, one service area or one team."""

    activity: str
    by: str
    name: str
    share: Share


class Answered(Record):
    """One number of a survey of the total that it lies within: the return, what was counted, and what of."""

    activity: str
    reference: str
    text: str
    of: str
    share: Share


class Staff(Record):
    """All of one quarter."""

    comments: tuple[Comments, ...]
    surveys: tuple[Answered, ...]
    said: tuple[Said, ...]


def count_staff(snapshot: Snapshot, versions: Sequence[Version]) -> Staff:
    """Comments, surveys and words."""
    surveys = tuple(a for v in versions if v.issue.activity in STAFF_FORMS and (form := snapshot.forms.get(v.issue.activity)) for a in _survey(form, v))
    return Staff(comments=tuple(_comments(snapshot, versions)), surveys=surveys, said=said_by_staff(snapshot, versions))


def _comments(snapshot: Snapshot, versions: Sequence[Version]) -> Iterator[Comments]:
    """Each activity that asks for the practitioner's comments, over all and by the area and team that its feedback is about."""
    asking = {code for code, form in snapshot.forms.items() if any(q.id == FEEDBACK_COMMENTS for q in (*form.fields, *(form.pieces.columns if form.pieces else ())))}
    owed = [o for o in owed_feedback(snapshot, versions) if o.version.issue.activity in asking]
    for activity in sorted({o.version.issue.activity for o in owed}):
        mine = [o for o in owed if o.version.issue.activity == activity]
        for by, column in ((EVERYONE, ""), (BY_AREA, "area"), (BY_TEAM, "team")):
            places = {o.id: _place(snapshot, o, column) for o in mine}
            for name in sorted(set(places.values())):
                yield Comments(activity=activity, by=by, name=name, share=_commented([o for o in mine if places[o.id] == name]))


def _place(snapshot: Snapshot, owed: Owed, column: str) -> str:
    """The team or area that a piece of work is about; '' for no column."""
    version = owed.version
    return where(snapshot, version, snapshot.forms[version.issue.activity], owed.piece.key, owed.piece.answers).get(column, "")


def _commented(owed: Sequence[Owed]) -> Share:
    answers = [o.piece.answers.get(FEEDBACK_COMMENTS) for o in owed]
    return Share(n=sum(a is not None and bool(a.text) for a in answers), of=len(answers))


def _survey(form: Form, version: Version) -> Iterator[Answered]:
    """Every count that lies within another one."""
    names = {f.id: f.name for f in form.fields}
    numbers = {f.id: int(a.value) for f in form.fields if (a := version.content.answers.get(f.id)) and isinstance(a.value, (int, float)) and is_count(a.value)}
    for field in form.fields:
        if field.within in numbers and field.id in numbers:
            yield Answered(activity=form.id, reference=version.issue.return_id, text=field.name, of=names[field.within], share=Share(n=numbers[field.id], of=numbers[field.within]))
