"""Moderation: handed out for each piece of work once its review is in, voided by a newer version, kept beside the reviewer's own grade."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from kit import PEOPLE, book

from qaf_sheets import moderation, snapshot, workspace
from qaf_sheets.desk import Desk
from qaf_sheets.model import Answer, Form, Issue, Person, Plan, Quarter, Return, Value, Version
from qaf_sheets.outputs.figures import figures
from qaf_sheets.plan.moderators import moderator
from qaf_sheets.plan.write import write_plan
from qaf_sheets.rules import Piece

Q3 = Quarter(year=2026, number=3)
RI = "Requires improvement (RI)"
NAME = "Robin Notareal"


def pieces(root: Path) -> list[Issue]:
    with Desk(workspace.find(root)) as at, at.register.reading() as records:
        return list(records.issues.about_pieces())


def reviewed(root: Path, run: Run, **changes: Value) -> Handed:
    """The first case review, returned and accepted."""
    handed = Handed(root, "CCR")
    handed.drop(handed.filled(handed.complete(**{"child_name": NAME, "family_contact_reason": "Rang twice.", "bordering_good": "No", "previous_acted_on": "Yes", **changes})))
    assert [f["outcome"] for f in run("ingest", "--json", "--no-outputs", "--workspace", root)[1]["files"]] == ["accepted"]
    return handed


def moderate(root: Path, run: Run, nth: int = 0, **changes: Value) -> dict[str, Any]:
    """The nth moderation workbook, filled in and dropped."""
    handed = Handed(root, "MOD", nth)
    handed.drop(handed.filled(handed.complete(**{"mod_change": None, **changes})))
    return dict(run("ingest", "--json", "--no-outputs", "--workspace", root)[1]["files"][0])


def test_a_review_that_is_in_hands_its_moderation_to_the_auditor(council: Path, run: Run) -> None:
    review = reviewed(council, run)
    (one,) = pieces(council)
    assert (one.activity, one.piece, one.piece_version, one.person_id, one.obligation_ids) == ("MOD", review.issue.return_id, 1, "P028", ())
    assert one.about == review.issue.about
    written = book((council / one.file).read_bytes())
    cells = [str(v) for rows in written.sheets.values() for row in rows for v in row]
    assert any("We looked at this together" in c for c in cells)
    assert not any("Robin" in c or "Notareal" in c for c in cells)
    run("ingest", "--json", "--workspace", council)
    assert len(pieces(council)) == 1


def test_a_newer_version_of_the_review_voids_its_moderation(council: Path, run: Run) -> None:
    review = reviewed(council, run)
    (first,) = pieces(council)
    begun = Handed(council, "MOD").filled()
    review.drop(review.filled(review.complete(child_name=NAME, family_contact_reason="Rang twice.", bordering_good="No", previous_acted_on="Yes", rationale="We have thought about this again and say more.")))
    assert run("ingest", "--json", "--no-outputs", "--workspace", council)[1]["files"][0]["version"] == 2
    assert [(i.piece, i.piece_version) for i in pieces(council)] == [(first.piece, 1), (first.piece, 2)]
    assert not (council / first.file).exists()
    assert (council / first.file).with_name(f"Replaced - {Path(first.file).name}").exists()
    (council / "Return here" / "old.xlsx").write_bytes(begun)
    told = run("ingest", "--json", "--no-outputs", "--workspace", council)[1]["files"][0]
    assert (told["outcome"], [p["code"] for p in told["problems"]]) == ("needs_fixing", ["MODERATION_REPLACED"])


def test_both_grades_are_kept_and_the_moderated_one_counts(council: Path, run: Run) -> None:
    reviewed(council, run, overall_grade="Good")
    assert moderate(council, run, mod_grade=RI)["outcome"] == "accepted"
    with Desk(workspace.find(council), now=lambda: datetime(2026, 12, 14, 12)) as at:
        (work,) = figures(snapshot.take(at, Q3)).work
    assert (work.original, work.moderated, work.final) == ("Good", "RI", "RI")


def test_a_change_after_moderation_waits_for_the_psw(council: Path, run: Run) -> None:
    review = reviewed(council, run, overall_grade="Good")
    moderate(council, run, mod_grade="Good")
    review.drop(review.filled(review.complete(child_name=NAME, family_contact_reason="Rang twice.", bordering_good="No", previous_acted_on="Yes", overall_grade="Outstanding")))
    told = run("ingest", "--json", "--no-outputs", "--workspace", council)[1]["files"][0]
    assert (told["outcome"], [p["code"] for p in told["problems"] if p["level"] == "E"]) == ("held", ["MODERATED_CHANGE"])
    assert len(pieces(council)) == 1


def test_whoever_reviewed_does_not_moderate(council: Path, run: Run) -> None:
    reviewed(council, run, overall_grade="Good")
    reviewer = Handed(council, "MOD").issue.facts["piece_reviewer"]
    told = moderate(council, run, mod_by=reviewer, mod_grade="Good")
    assert [(p["code"], p["cell"]) for p in told["problems"] if p["level"] == "E"] == [("MODERATOR_IS_REVIEWER", Handed(council, "MOD").cell("mod_by"))]


def test_a_piece_that_nobody_may_moderate_is_told(council: Path, run: Run) -> None:
    with Desk(workspace.find(council)) as at:
        alone = at.plan.model_copy(update={"settings": {**at.plan.settings, "moderators": "CCR: DCS_ABSENT; THEM: PSW"}})
    (council / "QA plan.xlsx").write_bytes(write_plan(alone, created=datetime(2026, 10, 5)))
    reviewed(council, run)
    assert pieces(council) == []
    with Desk(workspace.find(council)) as at:
        assert [p.code for p in moderation.hand_out(at)] == ["NO_MODERATOR"]


PLAN = Plan(
    people=(*PEOPLE, Person(person_id="P028", name="Quinn Inventedly", role="IND_AUD"), Person(person_id="P029", name="Rowan Madeupton", role="IND_AUD", end_date=date(2026, 9, 1))),
    settings={"moderators": "CCR: IND_AUD, PSW; THEM: PSW, P028"},
)


@pytest.mark.parametrize(
    ("activity", "barred", "expected"),
    [
        ("CCR", set(), "P028"), ("CCR", {"P028"}, "P016"), ("CCR", {"P028", "P016"}, None),  # P029 has left
        ("THEM", set(), "P016"), ("THEM", {"P016"}, "P028"), ("OBS", set(), None),
    ],
)  # fmt: skip
def test_the_plan_names_the_moderator(activity: str, barred: set[str], expected: str | None) -> None:
    found = moderator(PLAN, activity, barred, Q3)
    assert (found.person_id if found else None) == expected


def work(n: int, grade: str) -> moderation.Work:
    issue = Issue(
        return_id=f"R-{n:06d}", obligation_ids=(), activity="THEM", quarter=Q3, person_id="P031", person_name="", role_team="", issued_on=date(2026, 10, 5), due_on=date(2026, 11, 20), form_version="", file="",
    )
    form = Form.model_validate({
        "id": "THEM", "title": "", "heading": "", "sheet": "S", "purpose": "", "clause": "", "plural": "", "sections": [{"title": "", "fields": [{"id": "overall", "label": "", "part": "overall_grade"}]}],
    })  # fmt: skip
    answers = {"overall": Answer(value=grade, code=grade, sheet="S", cell="C5")}
    version = Version(issue=issue, version=1, outcome="accepted", received_at=datetime(2026, 11, 10, n % 24), file="", content=Return(answers=answers))
    return moderation.Work(version, form, Piece("", answers))


def test_the_extremes_and_a_share_of_the_rest_are_moderated_and_none_is_taken_back() -> None:
    every = [work(n, g) for n, g in enumerate(["Good", "Outstanding", "RI", "Inadequate", *["Good"] * 4, *["RI"] * 6])]
    found = list(moderation.chosen(every, (), {"THEM": 25}))
    assert Counter(w.grade for w in found) == {"Outstanding": 1, "Inadequate": 1, "Good": 2, "RI": 1}  # 3 of the other 12
    asked = (every[-1].version.issue.model_copy(update={"piece": every[-1].id, "piece_version": 1}),)
    later = list(moderation.chosen(every, asked, {"THEM": 25}))
    assert len(later) == 5
    assert every[-1] in later
    assert len(list(moderation.chosen(every, (), {}))) == len(every)
