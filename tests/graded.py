"""A small invented quarter of case reviews and dip samples, for what counts grades: four reviews, two dip samples, nobody real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

import kit

from qaf_sheets.feedback import as_returned
from qaf_sheets.model import Answer, Child, Duty, Issue, Obligation, Question, Return, Rule, Snapshot, Team, Value, Version
from qaf_sheets.plan.example import example_plan
from qaf_sheets.rules import pieces
from qaf_sheets.tracker.states import outstanding
from qaf_sheets.work import Work

AS_AT = datetime(2027, 1, 15, 9, 0)
RI = "Requires improvement (RI)"
REVIEWS: tuple[tuple[str, str, str, str, str, str], ...] = (  # child, level, reviewer's grade, moderated, last grade, family
    ("9300001", "Child in Need", "Good", "Good", RI, "Both"),
    ("9300002", "Child in Need", "Good", RI, "", "Child"),
    ("9300003", "Child Protection", "Inadequate", "", "Inadequate", "Tried - not reached"),
    ("9300004", "Care Leaver", "Outstanding", "Outstanding", "", "Parent/carer"),
)
AREAS = {"planning_grade": ("Inadequate", RI, "Inadequate", "Good"), "voice_of_child_grade": ("Outstanding", "Good", "Good", "Outstanding")}
TEAM = {"9300001": "Assessment A", "9300002": "Assessment A", "9300003": "Assessment B", "9300004": "Assessment B"}


def _answers(fields: tuple[Question, ...], said: Mapping[str, Value]) -> dict[str, Answer]:
    found = {}
    for n, f in enumerate(fields, 5):
        value = said.get(f.id)
        option = next((o for o in f.options if o.text == value), None)
        code = (option.code or option.text) if option else str(value) if f.kind == "child_id" and value else ""
        found[f.id] = Answer(value=None if f.withheld else value, sheet="Form", cell=f"C{n}", code=code, withheld=f.withheld)
    return found


def _issue(n: int, activity: str, about: str) -> Issue:
    return kit.issue(activity).model_copy(update={"return_id": f"R-{n:06d}", "about": about, "obligation_ids": (f"2026-27-Q3/{activity}/{n}",), "file": f"{activity}-{n}.xlsx"})


def _review(n: int, child: str, level: str, grade: str, last: str, family: str) -> Version:
    said: dict[str, Value] = {
        **{f.id: AREAS.get(f.id, ("Good",) * 4)[n] for f in kit.form("CCR").fields if f.beside}, "child_id": child, "child_name": "Robin Notareal", "level_of_need": level, "overall_grade": grade,
        "previous_grade": last or None, "family_contact": family, "observation_done": "Yes" if n % 2 else "No",
        "ed_evaluation": "Evident", "ed_understanding": kit.PROSE, "ed_response": kit.PROSE, "went_well": kit.PROSE, "further_improvement": kit.PROSE, "rationale": kit.PROSE, "when_reviewed": date(2026, 12, 9),
        "fb_verbal_on": date(2026, 12, 10), "fb_written_on": date(2026, 12, 11) if n else None, "child_views_in_discussion": kit.PROSE, "no_action_reason": kit.PROSE,
    }  # fmt: skip
    return _version(_issue(n + 1, "CCR", child), Return(answers=_answers(kit.form("CCR").fields, said), rows={"actions": ()}))


def _moderation(n: int, grade: str) -> Version:
    """The moderation of one review, as its own return."""
    said: dict[str, Value] = {"mod_grade": grade, "mod_on": date(2026, 12, 18), "mod_by": "Devon Fictionby (P016)", "mod_summary": "The grade fits what was written about the child and the plan."}
    issue = _issue(n + 21, "MOD", "").model_copy(update={"piece": f"R-{n + 1:06d}", "piece_version": 1, "obligation_ids": ()})
    return _version(issue, Return(answers=_answers(kit.form("MOD").fields, said), rows={"review": ()}))


def _sample(n: int, rows: tuple[Mapping[str, Value], ...]) -> Version:
    columns = kit.form("DIP").tables[0].columns
    said = {"sos_well": kit.PROSE, "sos_worried": kit.PROSE, "sos_needs": kit.PROSE, "child_voice": kit.PROSE, "ed_evaluation": "Partly evident", "ed_understanding": "Short.", "ed_response": kit.PROSE, "fewer_than_ten_reason": kit.PROSE}
    content = Return(answers=_answers(kit.form("DIP").fields, said), rows={"children": tuple(_answers(columns, r) for r in rows), "actions": ()})
    return _version(_issue(n, "DIP", ""), content)


def answering(snapshot: Snapshot, activity: str, **said: Value) -> Snapshot:
    """The same quarter with other answers in every return of an activity; None for a blank."""
    def other(version: Version) -> Version:
        if version.issue.activity != activity:
            return version
        fields = tuple(f for f in kit.form(activity).fields if f.id in said)
        answers = {**version.content.answers, **_answers(fields, said)}
        return version.model_copy(update={"content": version.content.model_copy(update={"answers": answers})})

    return fed_back(snapshot.model_copy(update={"returns": tuple(other(v) for v in snapshot.returns)}))


def fed_back(snapshot: Snapshot) -> Snapshot:
    """With what the returns themselves say happened afterwards, as the tracker begins; what was written there already stands."""
    works = (Work(v, snapshot.forms[v.issue.activity], piece) for v in snapshot.returns for piece in pieces(snapshot.forms[v.issue.activity], v.content))
    said = {w.id: as_returned(w, snapshot.plan) for w in works if w.form.feedback or w.form.on_file}
    written = {piece: row for piece, row in snapshot.feedback.items() if "piece" not in row}
    rows = {piece: {**row, **written.get(piece, {})} for piece, row in said.items()}
    return snapshot.model_copy(update={"feedback": {piece: {**row, "outstanding": outstanding(row, AS_AT.date())} for piece, row in rows.items()}})


def _version(issue: Issue, content: Return) -> Version:
    return Version(issue=issue, version=1, outcome="accepted", received_at=datetime(2026, 12, 14, 9), file=f"Received/2026-27-Q3/{issue.file}", content=content)


def _duty(version: Version) -> Duty:
    it = version.issue
    owed = Obligation(
        obligation_id=it.obligation_ids[0], rule_id="R13", clause="Appendix 4", activity=it.activity, quarter=kit.Q3, person_id=it.person_id, owner=it.person_name, about=it.about, due_on=it.due_on,
    )  # fmt: skip
    return Duty(obligation=owed, state="returned", return_id=it.return_id, received_on=date(2026, 12, 14), file=version.file)


@cache
def snapshot() -> Snapshot:
    """The quarter: 4 reviews (3 moderated), 2 dip samples with a child in both."""
    reviews = [_review(n, *r[:3], *r[4:]) for n, r in enumerate(REVIEWS)]
    moderations = [_moderation(n, r[3]) for n, r in enumerate(REVIEWS) if r[3]]
    samples = [_sample(11, tuple(kit.child_row(n) for n in range(6))), _sample(12, (*(kit.child_row(n, NET1="No", NET2="Not applicable") for n in range(5, 9)), kit.child_row(9, immediate_concern="Yes")))]
    children = tuple(Child(child_id=c, level_of_need=level, team=TEAM[c], last_grade=last, bordering_good=last == RI) for c, level, _, _, last, _ in REVIEWS)
    plan = example_plan(date(2026, 10, 5)).model_copy(update={
        "people": kit.PEOPLE, "children": children, "teams": (Team(team="Assessment A", service_area="Front Door and Assessment"), Team(team="Assessment B", service_area="Family Support")),
        "rules": (Rule(rule_id="R13", who=("PSW",), activity="CCR", count=20, per="quarter", unit="authority", clause="Appendix 4"),), "allocations": (),
    })  # fmt: skip
    versions = (*reviews, *samples)
    return fed_back(Snapshot(
        quarter=kit.Q3, as_at=AS_AT, plan=plan, forms={a: kit.form(a) for a in ("CCR", "DIP", "MOD")}, duties=tuple(_duty(v) for v in versions), returns=(*versions, *moderations), files=(), actions=(),
        moderations=tuple(v.issue for v in moderations),
    ))  # fmt: skip
