"""The DLT report on whose voices were heard: children and families, equality and diversity in the work, and staff (sections 1.6, 10 and 11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from qaf_sheets.outputs.documents.dlt_findings import REVIEWS, area_share
from qaf_sheets.outputs.documents.dlt_grades import WORK
from qaf_sheets.outputs.documents.dlt_view import NOTHING, View
from qaf_sheets.outputs.documents.words import Quote, listed, low
from qaf_sheets.outputs.figures import Share
from qaf_sheets.outputs.figures.staff import EVERYONE
from qaf_sheets.outputs.figures.voice import AREA
from qaf_sheets.rules import HEARD

EQUALITY, REQUESTS, COMMENTS, SURVEYS, FEEDBACK = "Equality", "What children asked for", "Practitioners’ comments", "Surveys", "Feedback given"
"""The annex's sheets."""
UNDERSTOOD = ("Strong", "Adequate", "Limited")
FORUMS = {"C_CICC": "messages", "C_CLF": "messages", "C_CPB": "messages"}
IN_THE_WORK = {"CCR": "child_views_in_discussion", "THEM": "voice_of_child", "DIP": "child_voice", "OBS": "child_voice", "SERV": "child_voice", "ROUT": "child_voice"}
TOGETHER = {"C_PF": "summary", "C_PFS": "learnt", "C_STAFF": "wanted"}


def voice(view: View) -> dict[str, Any]:
    """How often the child and the family were heard, what they said, and what became of what children asked for."""
    view.ledger.at("Voice of the child and families")
    quotes = [
        *view.quotes(FORUMS, 1, as_=", children together"), *view.quotes(IN_THE_WORK, 1), *view.quotes({"CCR": "family_went_well", "OBS": "family_feedback"}, 1, as_=", family"),
        *view.quotes({"CCR": "family_could_be_better"}, 1, as_=", family: what could be better"),
    ]  # fmt: skip
    return {"lines": list(_voice_lines(view)) or [NOTHING], "quotes": quotes}


def _voice_lines(view: View) -> Iterator[str]:
    for area in view.figures.practice_areas:
        if area.field == AREA:
            yield f"The work on the child’s voice was Good or better in {area_share(view, area, 'collaborative case reviews')}."
    heard = view.figures.family
    if heard.heard.of:
        whose = listed([f"{low(option)} ({n})" for option, n in heard.by_option.items() if n])
        told = view.ledger.of(heard.heard, "reviews", REVIEWS, {"Views sought": tuple(heard.by_option)}, {"Views sought": HEARD})
        yield f"The child’s or a parent’s views were heard before the conversation in {told}. Whose views were sought: {whose}."
    asked = view.figures.voice.answered
    if asked.of:
        yield f"{view.ledger.of(asked, 'things that children asked for together', REQUESTS, {}, {'Answered': 'Yes'})} {'has' if asked.n == 1 else 'have'} an answer."


def equality(view: View) -> dict[str, Any]:
    """How evident it is in the work, how well moderators find it understood, and what the response was."""
    view.ledger.at("Equality, diversity and identity")
    codes = {a.activity for a in view.figures.equality.asked}
    return {"lines": list(_equality_lines(view)) or [NOTHING], "quotes": [*view.quotes(dict.fromkeys(codes, "ed_response"), 2)]}


def _equality_lines(view: View) -> Iterator[str]:
    asked = view.figures.equality.asked
    if not asked:
        return
    evident, said = Counter(a.evident for a in asked if a.evident), sum(bool(a.evident) for a in asked)
    options = list(dict.fromkeys(o for found in view.figures.evidence.values() for o in found))
    order = [o for o in (*options, *evident) if evident[o]]
    answered = {"How evident": tuple(dict.fromkeys(order))}
    parts = listed([f"{low(o)} in {view.ledger.share(Share(n=evident[o], of=said), o, EQUALITY, answered, {'How evident': o})}" for o in dict.fromkeys(order)])
    yield f"Every form asks how evident equality, diversity and identity are in the work: {parts}. This is not a grade."
    short = sum(a.length == "Short" for a in asked)
    if short:
        yield f"{view.ledger.of(Share(n=short, of=len(asked)), 'answers', EQUALITY, {}, {'Answered': 'Short'})} are short and may need more detail."
    understood: Counter[str] = Counter()
    for found in view.figures.equality.understood.values():
        understood.update(found)
    if total := sum(understood.values()):
        told = _rated(view, understood, total)
        yield f"Moderators rated how reviewers and auditors understood it: {told}."


def _rated(view: View, understood: Counter[str], total: int) -> str:
    words = {"Rated by the moderator": tuple(understood)}
    order = [*(o for o in UNDERSTOOD if understood[o]), *(o for o in understood if o not in UNDERSTOOD)]
    return listed([f"{low(o)} in {view.ledger.share(Share(n=understood[o], of=total), f'understanding rated {o}', WORK, words, {'Rated by the moderator': o})}" for o in order])


def staff(view: View) -> dict[str, Any]:
    """What practitioners and staff together say, and whether they had feedback (section 11; section 13, 10.3)."""
    view.ledger.at("Staff feedback")
    quotes: list[Quote] = [*view.quotes(TOGETHER, 2), *view.quotes({"CCR": "fb_practitioner_comments", "OBS": "fb_practitioner_comments", "THEM": "fb_practitioner_comments"}, 1, as_=", practitioner")]
    return {"lines": list(_staff_lines(view)) or [NOTHING], "quotes": quotes}


def _staff_lines(view: View) -> Iterator[str]:
    mine = [c for c in view.figures.staff.comments if c.by == EVERYONE and c.share.of]
    if mine:
        every = Share(n=sum(c.share.n for c in mine), of=sum(c.share.of for c in mine))
        yield f"The practitioner’s own comment came back on {view.ledger.of(every, 'pieces of work', COMMENTS, {}, {'Comment': 'Yes'})} that ask for it."
    owed = [f.both for f in view.figures.feedback.values() if f.both.of]
    if owed:
        both = Share(n=sum(s.n for s in owed), of=sum(s.of for s in owed))
        yield f"Spoken and written feedback are both dated for {view.ledger.of(both, 'pieces of work', FEEDBACK, {}, {'Both dated': 'Yes'})}."
    found = view.figures.staff.surveys
    if found:
        told = "; ".join(f"“{a.text}” {_surveyed(view, a.reference, a.text, a.of, a.share)}" for a in found)
        yield f"Counted by {'the survey' if len({a.reference for a in found}) == 1 else 'surveys'} of staff: {told}."


def _surveyed(view: View, reference: str, text: str, of: str, share: Share) -> str:
    here = {"Return": reference}
    return f"{view.ledger.share(share, f'{text}, of {low(of)}', SURVEYS, {**here, 'Counted': of}, {'Counted': text})}"

