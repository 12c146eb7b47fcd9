"""What reviews did beside grading: the family's views, practice observed; equality and diversity; feedback given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qaf_sheets.model import Record, Snapshot, Version
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.rules import HEARD


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
    options = [o.code or o.text for form in snapshot.forms.values() for f in form.fields if f.id == "family_contact" for o in f.options]
    said = [code for v in versions if (code := v.content.code("family_contact"))]
    return FamilyViews(by_option={o: said.count(o) for o in dict.fromkeys(options)}, heard=Share(n=sum(s in HEARD for s in said), of=len(said)))


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


def count_feedback(snapshot: Snapshot, versions: Sequence[Version], activities: Sequence[str] = ("OBS", "CCR", "THEM", "SUP")) -> dict[str, Feedback]:
    """Activity → feedback given, for the activities whose every piece of work owes it (section 13, 10.3)."""
    found = {}
    for code in (a for a in activities if a in snapshot.forms):
        mine = [v.content for v in versions if v.issue.activity == code]
        spoken, written = ([bool(c.text(f"fb_{way}_on")) for c in mine] for way in ("verbal", "written"))
        both = [s and w for s, w in zip(spoken, written, strict=True)]
        found[code] = Feedback(both=Share(n=sum(both), of=len(mine)), spoken=Share(n=sum(spoken), of=len(mine)), written=Share(n=sum(written), of=len(mine)))
    return found
