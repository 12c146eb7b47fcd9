"""The demo's quarter: what was handed out, what came back and how, and the proportions of specification 11."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import Run
from kit import book

from qaf_sheets import snapshot, workspace
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.demo.bank import Bank
from qaf_sheets.demo.managers import Managers
from qaf_sheets.demo.reviews import AREAS
from qaf_sheets.demo.story import Story, Told
from qaf_sheets.desk import Desk
from qaf_sheets.model import Form, Quarter
from qaf_sheets.outputs.figures import Figures, figures
from qaf_sheets.register.store import Records

Q3 = Quarter(year=2026, number=3)
LADDER = ("Inadequate", "RI", "Good", "Outstanding")
SHORT_OF = {"Outstanding": 2, "Inadequate": 2}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "QAF demo"


@pytest.fixture(scope="module")
def told(root: Path) -> Told:
    return Story(root, root / ".qaf", 2026).run(lambda at: Pass(at, pause=lambda _: None), lambda _, pieces: pieces)


@pytest.fixture
def answers(told: Told, root: Path, run: Run) -> list[dict[str, Any]]:
    assert told.issued
    return list(run("answers", "--json", "--workspace", root)[1])


def shown(root: Path) -> Figures:
    with Desk(workspace.find(root), now=lambda: datetime(2027, 1, 15, 9)) as at:
        return figures(snapshot.take(at, Q3))


def of(answers: list[dict[str, Any]], activity: str) -> list[dict[str, Any]]:
    return [a for a in answers if a["activity"] == activity]


def said(one: dict[str, Any], field: str) -> Any:
    answer = one["answers"].get(field, {})
    return answer.get("code") or answer.get("value")


def counted(reviews: list[dict[str, Any]], field: str) -> dict[Any, int]:
    return dict(Counter(said(r, field) for r in reviews))


def test_what_is_handed_out_and_what_becomes_of_it(told: Told, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told.issued == 108 + 1 + 30  # 120 duties in 108 workbooks, the follow-up, 20 reviews and 10 audits moderated
    assert {k: told.outcomes[k] for k in ("needs_fixing", "duplicate", "not_ours", "draft")} == {"needs_fixing": 7, "duplicate": 3, "not_ours": 1, "draft": 1}
    monkeypatch.setenv("QAF_TODAY", "2027-01-15")
    _, status = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", root)
    assert {k: status["counts"][k] for k in ("expected", "returned", "on_time", "late", "overdue", "needs_fixing")} == {
        "expected": 121, "returned": 108, "on_time": 94, "late": 14, "overdue": 11, "needs_fixing": 2,
    }  # fmt: skip
    assert Counter(m["state"] for m in status["moderations"]) == {"returned": 30}
    assert run("verify", "--json", "--workspace", root)[0] == 0
    assert run("demo", root)[0] == 2


def test_only_the_planned_slips_stop_a_return(told: Told, root: Path, run: Run) -> None:
    assert told.issued
    _, every = run("answers", "--all-versions", "--json", "--workspace", root)
    stopped = [a for a in every if a["state"] == "needs_fixing"]
    accepted = {a["return_id"] for a in every if a["state"] == "accepted"}
    assert sorted(a["activity"] for a in stopped) == ["CCR", "C_COMP", "C_PEP", "DIP", "ROUT", "SERV", "THEM"]
    assert sorted(a["activity"] for a in stopped if a["return_id"] not in accepted) == ["C_COMP", "SERV"]


def test_moderation_moves_four_grades_of_twenty(told: Told, root: Path) -> None:
    assert told.issued
    work = [w for w in shown(root).work if w.version.issue.activity == "CCR"]
    assert Counter(w.original for w in work) == {"Outstanding": 1, "Good": 10, "RI": 7, "Inadequate": 2}
    assert Counter(w.final for w in work) == {"Outstanding": 1, "Good": 8, "RI": 9, "Inadequate": 2}
    assert Counter(LADDER.index(w.final) - LADDER.index(w.original) for w in work) == {0: 16, -1: 3, 1: 1}
    by = [(w.moderation.content.code("mod_by"), w.version.content.code("who_reviewed"), w.moderation.content.day("mod_on"), w.version.content.day("when_reviewed")) for w in work if w.moderation]
    assert len(by) == 20
    assert all(moderator != reviewer and done and later and done < later for moderator, reviewer, later, done in by)


def test_twenty_eight_children_are_audited_and_ten_of_them_moderated(told: Told, root: Path) -> None:
    assert told.issued
    work = [w for w in shown(root).work if w.version.issue.activity == "THEM"]
    assert Counter(w.original for w in work) == {"Outstanding": 1, "Good": 12, "RI": 13, "Inadequate": 2}
    assert len({w.child for w in work}) == 28
    assert sum(bool(w.moderated) for w in work) == 10


def test_closed_actions_are_followed_up_and_one_is_opened_again(told: Told, root: Path) -> None:
    assert told.issued
    with Desk(workspace.find(root)) as at, at.register.reading() as records:
        followed = [a for a in records.actions.all() if a.cells.get("follow_up_on")]
    assert Counter(a.cells["follow_up_result"] for a in followed) == {"Yes": 6, "Partly": 1, "No": 1}
    assert Counter(a.cells["impact"] for a in followed) == {"Yes": 5, "Too early": 2, "No": 1}
    assert [a.cells["status"] for a in followed if a.cells["follow_up_result"] == "No"] == ["Reopened"]


def test_the_checks_say_what_the_quarter_was_like(told: Told, root: Path) -> None:
    assert told.issued
    found = {c.number: c for c in shown(root).checks}
    assert sorted(found) == list(range(1, 25))
    assert found[9].actual.startswith("37 of 53")
    assert found[12].actual.startswith("13 of 18")
    assert {n for n, c in found.items() if c.result == "Met"} >= {1, 2, 3, 4, 5, 6, 7, 8, 10, 17, 18, 20}
    assert {n for n, c in found.items() if c.result == "Not met"} >= {9, 12, 13, 14, 15, 23, 24}
    assert all(c.behind for c in found.values())


def test_five_are_looked_at_again_and_three_are_better(answers: list[dict[str, Any]]) -> None:
    again = [r for r in of(answers, "CCR") if said(r, "previous_grade")]
    assert sorted(LADDER.index(said(r, "overall_grade")) - LADDER.index(said(r, "previous_grade")) for r in again) == [0, 0, 1, 1, 1]
    assert all(said(r, "previous_acted_on") for r in again)


def test_families_are_heard_in_fourteen_and_practice_is_seen_in_twelve(answers: list[dict[str, Any]]) -> None:
    reviews = of(answers, "CCR")
    assert counted(reviews, "family_contact") == {"Both": 8, "Parent/carer": 4, "Child": 2, "Tried - not reached": 4, "Not appropriate": 2}
    assert counted(reviews, "observation_done") == {"Yes": 12, "No": 8}
    assert all(bool(said(r, "observation_note")) <= (said(r, "observation_done") == "Yes") for r in reviews)


def test_areas_fit_the_whole_and_planning_is_weakest(answers: list[dict[str, Any]]) -> None:
    reviews = of(answers, "CCR")
    weak = {area: sum(said(r, f"{area}_grade") in ("RI", "Inadequate") for r in reviews) for area in AREAS}
    assert sorted(weak, key=lambda a: -weak[a])[:2] == ["planning", "management_oversight"]
    assert min(weak, key=lambda a: weak[a]) == "voice_of_child"
    grades = [[said(r, f"{area}_grade") for area in AREAS] for r in reviews]
    assert [r for r, areas in zip(reviews, grades, strict=True) if said(r, "overall_grade") not in areas] == []
    assert sum(said(r, "overall_grade") == "Good" and "Inadequate" in areas for r, areas in zip(reviews, grades, strict=True)) == 1


def test_dip_samples_cover_172_children(answers: list[dict[str, Any]]) -> None:
    samples = of(answers, "DIP")
    rows = [r for s in samples for r in s["rows"]["children"]]
    assert (len(samples), len(rows), len({r["child_id"]["value"] for r in rows})) == (18, 180, 172)
    found = Counter(r[q]["value"] for r in rows for q in r if q.startswith("NET"))
    assert {code: round(100 * n / found.total()) for code, n in found.items()} == {"Yes": 58, "Partly": 24, "No": 18}
    assert Counter(r["immediate_concern"]["value"] for r in rows) == {"Yes": 3, "No": 177}
    assert all(date(2026, 10, 12) <= date.fromisoformat(said(s, "completed_on")) <= date(2026, 10, 30) for s in samples)


def test_the_figures_say_the_same(told: Told, root: Path) -> None:
    assert told.issued
    found = shown(root)
    reviews = found.moderation_by["CCR"]
    assert (reviews.moderated, reviews.agreed.n, reviews.down, reviews.up) == (20, 16, 3, 1)
    assert (found.rechecks.children, found.rechecks.improved, found.rechecks.same) == (5, 3, 2)
    assert (found.family.heard.n, found.observed.n, found.dip.children, found.dip.repeated) == (14, 12, 172, 8)
    assert Counter(c.activity for c in found.concerns) == {"DIP": 3, "CCR": 1, "THEM": 2}
    assert (found.practice_areas[0].field, found.practice_areas[-1].field) == ("planning", "voice_of_child")


def test_the_same_seed_tells_the_same_story(council: Path) -> None:
    def first(seed: int) -> list[object]:
        with Desk(workspace.find(council)) as at:
            with at.register.reading() as records:
                issues = records.issues.of_quarter(Q3)
            drops = islice(Managers(at, issues, Bank(Random(seed))).drops(lambda _, pieces: pieces), 25)
            return [(d.day, d.name, book(d.data).sheets) for d in drops]

    assert first(7) == first(7) != first(8)


# ---------------------------------------------------------------- the words


def forms(council: Path) -> dict[str, Form]:
    with Desk(workspace.find(council)) as at, at.register.reading() as records:
        return {i.activity: _form(records, i.form_version) for i in records.issues.of_quarter(Q3)}


def _form(records: Records, version: str) -> Form:
    kept = records.issues.form(version)
    assert kept is not None
    return kept[0]


def test_the_bank_has_words_for_every_prose_question(council: Path) -> None:
    words = Bank(Random(1)).words
    silent = [(form.id, f.id) for form in forms(council).values() for f in form.fields if f.kind == "long" and f.id not in {**words["all"], **words[form.id]}]
    assert [s for s in silent if s[1] != "fewer_than_ten_reason"] == []  # nobody lists fewer than ten


def test_each_area_has_enough_to_say_for_each_grade() -> None:
    reviews = Bank(Random(1)).words["CCR"]
    thin = [(area, grade) for area in AREAS for grade in LADDER if len(reviews[area][grade]) < SHORT_OF.get(grade, 5)]
    assert thin == []


def test_no_words_are_used_again_before_all_were_used() -> None:
    bank = Bank(Random(1))
    pile = bank.words["CCR"]["planning"]["RI"]
    dealt = [bank.deal("CCR", "planning", ("RI",)) for _ in range(2 * len(pile))]
    assert sorted(dealt[: len(pile)]) == sorted(pile) == sorted(dealt[len(pile) :])


def test_a_young_person_who_left_care_is_not_called_a_child() -> None:
    bank = Bank(Random(1))
    assert "the child " not in " ".join(bank.deal("CCR", "went_well", ("leaver", "better")) for _ in range(20))


def test_what_happens_after_a_return_is_in_the_tracker(told: Told, root: Path) -> None:
    assert told.issued
    with Desk(workspace.find(root), now=lambda: datetime(2027, 1, 15, 9)) as at:
        seen = snapshot.take(at, Q3)
    placed = [piece for piece, row in seen.feedback.items() if row.get("on_file_on")]
    assert 10 < len(placed) < 48
    assert len(seen.concerns_settled) == 4
    assert [d.state for d in seen.duties if d.obligation.activity == "C_CPB"] == ["nil"]


def test_voices_are_counted_again_from_the_answers(answers: list[dict[str, Any]], root: Path) -> None:
    """By other code, from what `answers --json` gives."""
    found, reviews = shown(root), of(answers, "CCR")
    everyone = found.voice.groups[0]
    assert {g: n for g, n in everyone.grades if n} == counted(reviews, "voice_of_child_grade")
    assert {o: n for o, n in everyone.family.by_option.items() if n} == counted(reviews, "family_contact")
    audited = [row for a in of(answers, "THEM") for row in a["rows"]["children"]]
    for question in found.voice.questions:
        assert {g: n for g, n in question.grades if n} == dict(Counter(row[question.field]["code"] for row in audited if row.get(question.field, {}).get("code")))
    asked = [row for a in answers for table in ("you_said", "asked_for", "promises") for row in a["rows"].get(table, ())]
    told = sum(bool(r.get("told_children_on", {}).get("value")) or said({"answers": r}, "standing") in ("Done", "Not possible") or said({"answers": r}, "kept") == "Kept" for r in asked)
    assert (found.voice.answered.n, found.voice.answered.of) == (told, len(asked))


def test_practice_and_staff_are_counted_again_from_the_answers(answers: list[dict[str, Any]], root: Path) -> None:
    found = shown(root)
    observed = {said(a, "person_observed"): said(a, "nature") for a in of(answers, "OBS")}
    assert {p.person_id: p.nature for p in found.once["OBS"].people if p.standing == "seen"} == observed
    assert {p.person_id for p in found.once["SUP"].people if p.standing == "seen"} == {said(a, "supervisor_reviewed") for a in of(answers, "SUP")}
    files = {"SUP": [a["answers"] for a in of(answers, "SUP")], "SUP_ASYE": [row for a in of(answers, "SUP_ASYE") for row in a["rows"]["asye"]]}
    for p in (p for p in found.supervision.prompts if not p.area):
        codes = Counter(row.get(p.id, {}).get("code") for row in files[p.activity])
        assert (p.yes, p.partly, p.no, p.not_applicable) == (codes["Yes"], codes["Partly"], codes["No"], codes["NA"])
    for c in (c for c in found.staff.comments if c.by == "Everyone"):
        pieces = [row for a in of(answers, "THEM") for row in a["rows"]["children"] if row["child_id"]["value"]] if c.activity == "THEM" else [a["answers"] for a in of(answers, c.activity)]
        assert (c.share.n, c.share.of) == (sum(bool(p.get("fb_practitioner_comments", {}).get("value")) for p in pieces), len(pieces))
    survey = of(answers, "C_PFS")[0]
    assert [(a.share.n, a.share.of) for a in found.staff.surveys if a.activity == "C_PFS"] == [
        (said(survey, n), said(survey, within)) for n, within in (("responses", "invited"), ("took_part", "responses"), ("had_feedback", "took_part"), ("found_useful", "took_part"))
    ]  # fmt: skip
