"""What reviews did beside grading: the family's views, practice observed; equality and diversity; feedback given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qaf_sheets.model import Form, Record, Snapshot, Version
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.rules import HEARD, Piece, pieces

CONTACT, FEEDBACK_COMMENTS = "family_contact", "fb_practitioner_comments"

class FamilyViews(Record):
    """Whose views were heard before the conversation. Counting unit: reviews."""

    by_option: Mapping[str, int]
    heard: Share


class Feedback(Record):
    """Spoken and written feedback both dated, of the pieces of work that owe it; by activity."""

    both: Share
    spoken: Share
    written: Share


def count_family(snapshot: Snapshot, versions: Sequence[Version]) -> FamilyViews:
    """Over every return that asks for family contact, in the order of the list."""
    return family_views(contact_options(snapshot.forms), [code for v in versions if (code := v.content.code(CONTACT))])


def contact_options(forms: Mapping[str, Form]) -> tuple[str, ...]:
    """Whose views may have been heard, or why none were, in the order of the list."""
    return tuple(dict.fromkeys(o.code or o.text for form in forms.values() for f in form.fields if f.id == CONTACT for o in f.options))


def family_views(options: Sequence[str], said: Sequence[str]) -> FamilyViews:
    """Counted from the codes that were chosen."""
    return FamilyViews(by_option={o: said.count(o) for o in options}, heard=Share(n=sum(s in HEARD for s in said), of=len(said)))


def count_observed(versions: Sequence[Version]) -> Share:
    """Reviews during which practice was observed (Appendix 7, "including observation")."""
    said = [code for v in versions if (code := v.content.code("observation_done"))]
    return Share(n=said.count("Yes"), of=len(said))


def count_evidence(snapshot: Snapshot, versions: Sequence[Version]) -> dict[str, dict[str, int]]:
    """How evident equality and diversity was: activity → option → returns."""
    found = {}
    for code, form in snapshot.forms.items():
        options = [o.code or o.text for f in form.fields if f.id == "ed_evaluation" for o in f.options]
        said = Counter(v.content.code("ed_evaluation") for v in versions if v.issue.activity == code)
        if options:
            found[code] = {o: said[o] for o in options}
    return found


class Owed(NamedTuple):
    """A piece of work on which feedback is owed."""

    version: Version
    piece: Piece

    @property
    def id(self) -> str:
        """R-000012, or R-000012/2 for the second sheet of a return."""
        return f"{self.version.issue.return_id}{self.piece.key}"


def owed_feedback(snapshot: Snapshot, versions: Sequence[Version]) -> tuple[Owed, ...]:
    """Every piece of work of the activities whose every piece owes feedback (section 13, 10.3)."""
    forms = {code: form for code, form in snapshot.forms.items() if form.feedback == "each"}
    return tuple(Owed(v, piece) for v in versions if v.issue.activity in forms for piece in pieces(forms[v.issue.activity], v.content))


def settled_on(snapshot: Snapshot, piece: str, what: str) -> date | None:
    """When something was done after a piece of work, as the tracker has it: what the return says, and over it what people wrote."""
    told = snapshot.feedback.get(piece, {}).get(what)
    return told if isinstance(told, date) else None


def count_feedback(snapshot: Snapshot, versions: Sequence[Version]) -> dict[str, Feedback]:
    """Activity → feedback given, for the activities whose every piece of work owes it (section 13, 10.3)."""
    found: dict[str, list[tuple[bool, bool]]] = {code: [] for code, form in snapshot.forms.items() if form.feedback == "each"}
    for one in owed_feedback(snapshot, versions):
        found[one.version.issue.activity].append((settled_on(snapshot, one.id, "verbal_on") is not None, settled_on(snapshot, one.id, "written_on") is not None))
    return {
        code: Feedback(
            both=Share(n=sum(s and w for s, w in rows), of=len(rows)), spoken=Share(n=sum(s for s, _ in rows), of=len(rows)), written=Share(n=sum(w for _, w in rows), of=len(rows)),
        )
        for code, rows in found.items()
    }  # fmt: skip
