"""What children, families and staff said, word for word with its reference, and what became of it (sections 10 and 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qaf_sheets.model import Answer, Form, Question, Record, Snapshot, Table, Version
from qaf_sheets.outputs.figures.reviews import FEEDBACK_COMMENTS
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.rules import Row, pieces

CHILDREN, FAMILY, NOBODY, HEARD_OF = "Children in a forum", "The family", "Why nobody was heard", "Learnt in the work"
WORKER, SUPERVISED, STAFF = "The practitioner", "The person supervised", "Staff together"
CHILD_FIELDS: Mapping[str, str] = {
    "family_went_well": FAMILY, "family_could_be_better": FAMILY, "family_feedback": FAMILY, "family_contact_reason": NOBODY,
    "messages": CHILDREN, "missing_voices": CHILDREN, "home_and_money": CHILDREN, "local_offer": CHILDREN, "child_voice": HEARD_OF, "child_views_in_discussion": HEARD_OF,
}  # fmt: skip
STAFF_FIELDS: Mapping[str, str] = {
    FEEDBACK_COMMENTS: WORKER, "supervisee_feedback": SUPERVISED, "summary": STAFF, "said": STAFF, "wanted": STAFF, "learnt": STAFF, "change": STAFF,
    "workload": STAFF, "support": STAFF, "belonging": STAFF, "answered": STAFF,
}  # fmt: skip
"""Question → whose voice it is. All of them are asked so that they may be reported."""
STAFF_FORMS = ("C_PF", "C_PFS", "C_STAFF")
"""Whose own questions are staff's voice; the same name may ask something else on another form."""
YOU_SAID, WE_DID = "you_said", ("we_did", "we_promised")
STANDING, TOLD_ON = ("standing", "kept"), "told_children_on"
ANSWERED = ("Done", "Not possible", "Kept")
"""Where a request stands that has its answer; one that children were told the answer of has it too."""
CAME_OF_IT = "answered"
"""The question that says what became of what was raised before."""
NAMING = ("NAME_IN_TEXT", "CHILD_NAMED")
"""Remarks of the checks that words may name somebody."""


class Said(Record):
    """One thing that was said. `text` is '' where it may name somebody (`named`) and stands only in the received file.

    `became` is what was done about it, `standing` where that stands; `answered` tells for a request whether it has its answer, None for anything else.
    """

    whose: str
    reference: str
    activity: str
    asked: str
    text: str
    named: bool = False
    became: str = ""
    standing: str = ""
    answered: bool | None = None
    child: str = ""
    area: str = ""
    team: str = ""


def said_by_children(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[Said, ...]:
    """What children asked for first, then the forums, the families, and what was learnt in the work."""
    requests = [s for v in versions for s in _requests(snapshot, v)]
    words = [s for v in versions for s in _words(snapshot, v, CHILD_FIELDS)]
    order = (CHILDREN, FAMILY, NOBODY, HEARD_OF)
    return (*requests, *sorted(words, key=lambda s: order.index(s.whose)))


def said_by_staff(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[Said, ...]:
    """Staff together first, then each practitioner."""
    always = {k: whose for k, whose in STAFF_FIELDS.items() if whose != STAFF}
    words = [s for v in versions for s in _words(snapshot, v, STAFF_FIELDS if v.issue.activity in STAFF_FORMS else always)]
    order = (STAFF, SUPERVISED, WORKER)
    return tuple(sorted(words, key=lambda s: order.index(s.whose)))


def answered(found: Sequence[Said]) -> Share:
    """Requests that have their answer, of all requests."""
    asked = [s.answered for s in found if s.answered is not None]
    return Share(n=sum(map(bool, asked)), of=len(asked))


def _words(snapshot: Snapshot, version: Version, fields: Mapping[str, str]) -> Iterator[Said]:
    """The answers of one return to these questions, in each of its pieces of work and of its rows."""
    form = snapshot.forms.get(version.issue.activity)
    if form is None:
        return
    named = {q.id: q for q in (*form.fields, *(c for t in form.tables for c in t.columns)) if q.id in fields}
    for piece in pieces(form, version.content):
        place = where(snapshot, version, form, piece.key, piece.answers)
        yield from (_one(version, named[k], piece.answers[k], fields[k], place) for k in named if _says(piece.answers.get(k)))
    for table in (t for t in form.listed if any(c.id in fields for c in t.columns)):
        for row in version.content.rows.get(table.id, ()):
            yield from (_one(version, c, row[c.id], fields[c.id], where(snapshot, version, form, "", row)) for c in table.columns if c.id in fields and _says(row.get(c.id)))


def _one(version: Version, asked: Question, answer: Answer, whose: str, place: Mapping[str, str]) -> Said:
    text, named = _shown(version, answer)
    came = asked.id == CAME_OF_IT
    return Said(whose=whose, activity=version.issue.activity, asked=asked.name, text="" if came else text, became=text if came else "", named=named, **place)


def _requests(snapshot: Snapshot, version: Version) -> Iterator[Said]:
    """Rows of "You said, we did", with what was done."""
    form = snapshot.forms.get(version.issue.activity)
    for table in form.tables if form else ():
        if form and any(c.id == YOU_SAID for c in table.columns):
            for row in version.content.rows.get(table.id, ()):
                yield _request(snapshot, version, form, table, row)


def _request(snapshot: Snapshot, version: Version, form: Form, table: Table, row: Row) -> Said:
    asked = {c.id: c for c in table.columns}
    reply = next((row[f] for f in WE_DID if _says(row.get(f))), None)
    text, named = _shown(version, row[YOU_SAID]) if YOU_SAID in row else ("", False)
    became, also = _shown(version, reply) if reply else ("", False)
    chosen = next((f for f in STANDING if f in asked), "")
    code, told = row[chosen].code if chosen in row else "", row[TOLD_ON].text if TOLD_ON in row else ""
    standing = asked[chosen].option_text(code) if code else f"Children told on {told}" if told else "Children not told yet" if TOLD_ON in asked else ""
    return Said(
        whose=CHILDREN, activity=form.id, asked=table.title, text=text, named=named or also, became=became, standing=standing, answered=bool(told) or code in ANSWERED,
        **where(snapshot, version, form, "", row),
    )  # fmt: skip


def _says(answer: Answer | None) -> bool:
    return answer is not None and not answer.withheld and bool(answer.text)


def _shown(version: Version, answer: Answer) -> tuple[str, bool]:
    """The words, or none where the checks took something in them for a name or a number that tells who it is."""
    named = may_name(version, answer)
    return "" if named else answer.text, named


def may_name(version: Version, answer: Answer | None) -> bool:
    """Whether the checks took something in an answer for a name."""
    return answer is not None and any(p.code in NAMING and (p.sheet, p.cell) == (answer.sheet, answer.cell) for p in version.problems)


def where(snapshot: Snapshot, version: Version, form: Form, key: str, answers: Row) -> dict[str, str]:
    """The return, and the child, team and area that it speaks of; a contribution speaks of no one area."""
    issue, asked = version.issue, form.part_of_piece("child")
    answer = answers.get(asked.id) if asked else None
    child = answer.code if answer and not answer.withheld else ""
    if form.nil:
        return {"reference": issue.return_id}
    known, about = snapshot.plan.child(child), snapshot.plan.person(issue.about)
    team = known.team if known and known.team else about.team if about and about.team else issue.team
    area = next((t.service_area for t in snapshot.plan.teams if t.team == team), about.service_area if about else issue.service_area)
    return {"reference": f"{issue.return_id}{key}", "child": child if child.isdigit() else "", "team": team, "area": area}
