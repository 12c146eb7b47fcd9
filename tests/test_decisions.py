"""What waits for a person, and what a decision does: in the tracker and on the command line, as `status` then tells it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from tracker_desk import edited

from qaf_sheets import snapshot, workspace
from qaf_sheets.choices import Kind, kind_of, understood
from qaf_sheets.decisions import propose
from qaf_sheets.desk import Desk
from qaf_sheets.model import Quarter, Snapshot
from qaf_sheets.outputs.figures import RecurringTheme

Q3 = Quarter(year=2026, number=3)
NAME = "Robin Notareal"


def seen(root: Path) -> Snapshot:
    with Desk(workspace.find(root)) as at:
        return snapshot.take(at, Q3)


def states(root: Path, run: Run) -> dict[str, str]:
    return {o["obligation_id"]: o["state"] for o in run("status", "--json", "--quarter", str(Q3), "--workspace", root)[1]["obligations"]}


def state_of(root: Path, run: Run, handed: Handed) -> str:
    return states(root, run)[handed.issue.obligation_ids[0]]


def ingest(root: Path, run: Run) -> list[dict[str, Any]]:
    return list(run("ingest", "--json", "--no-outputs", "--workspace", root)[1]["files"])


def decide(root: Path, run: Run, kind: str, *more: str) -> tuple[int, Any]:
    return run("decide", kind, *more, "--who", "P016", "--why", "Agreed with the practice lead", "--json", "--workspace", root)


def waiting(root: Path, run: Run, kind: str) -> list[str]:
    return [d["about"] for d in run("decide", "list", "--json", "--workspace", root)[1]["decisions"] if d["kind"] == kind and not d["choice"]]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [
        ("change", "accepted", "Accept"), ("change", "REFUSE", "Refuse"), ("change", "maybe", ""), ("version", "2", "Version 2"), ("version", "v1", "Version 1"), ("version", "the second", ""),
        ("quarter", "close", "Close"), ("quarter", "Reopened", "Reopen"), ("exempt", "exempt", "Exempt"), ("nil", "nothing to  report", "Nothing to report"), ("theme", "Neglect", "Neglect"),
    ],
)  # fmt: skip
def test_a_choice_is_understood_in_the_words_people_write(kind: Kind, said: str, meant: str) -> None:
    assert understood(kind, said) == meant


@pytest.mark.parametrize(
    ("words", "about", "choice", "kind"),
    [("Exemption", "P031 CCR 2026-27-Q3", "", "exempt"), ("", "P031 C_EH 2026-27-Q3", "Nothing to report", "nil"), ("", "2026-27-Q3", "", "quarter"), ("", "R-000012 v2", "", "change"), ("sign-off", "2026-27-Q3", "", "sign_off")],
)
def test_a_kind_left_blank_follows_from_the_rest(words: str, about: str, choice: str, kind: str) -> None:
    assert kind_of(words, about, choice) == kind


# ---------------------------------------------------------------- exempt and nil


def test_an_exemption_takes_a_duty_out_of_what_is_expected_until_it_is_taken_back(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    before = run("status", "--json", "--quarter", str(Q3), "--workspace", council)[1]["counts"]
    duty = handed.issue.obligation_ids[0]
    code, told = decide(council, run, "exempt", "--about", duty)
    assert (code, told["decision"]["choice"]) == (0, "Exempt")
    after = run("status", "--json", "--quarter", str(Q3), "--workspace", council)[1]["counts"]
    assert (after["exempt"], after["expected"]) == (1, before["expected"] - 1)
    assert states(council, run)[duty] == "exempt"
    assert "P016" in next(d.obligation.note for d in seen(council).duties if d.state == "exempt")
    decide(council, run, "exempt", "--about", duty, "--choice", "Still owed")
    assert states(council, run)[duty] != "exempt"


def test_what_is_exempt_is_not_issued(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "new"
    run("init", root, "--state", tmp_path / "state")
    where = ("--workspace", root, "--state", tmp_path / "state")
    owed = run("status", "--json", "--quarter", str(Q3), *where)[1]["obligations"]
    person = next(o["person_id"] for o in owed if o["activity"] == "ROUT")
    assert run("decide", "exempt", "--about", f"{person} ROUT 2026-27-Q3", "--who", "P016", "--why", "Away", "--json", *where)[0] == 0
    issued = {i["person_id"] for i in run("issue", "--json", "--activity", "ROUT", *where)[1]["issued"]}
    assert issued
    assert person not in issued


def test_a_duty_with_nothing_to_report_counts_as_returned(council: Path, run: Run) -> None:
    handed = Handed(council, "SERV")
    assert decide(council, run, "nil", "--about", f"{handed.issue.person_id} SERV", "--quarter", str(Q3))[0] == 0
    counts = run("status", "--json", "--quarter", str(Q3), "--workspace", council)[1]["counts"]
    assert (state_of(council, run, handed), counts["nil"], counts["returned"]) == ("nil", 1, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("exempt", "--about", "P031 CCR 2026-27-Q3", "--who", "P016"), ("exempt", "--about", "P031 CCR 2026-27-Q3", "--why", "Away"), ("exempt", "--who", "P016", "--why", "Away"),
        ("exempt", "--about", "P999 CCR 2026-27-Q3", "--who", "P016", "--why", "Away"), ("exempt", "--about", "P031 CCR 2026-27-Q3", "--who", "Nobody", "--why", "Away"),
        ("change", "--about", "R-999999 v2", "--choice", "Accept", "--who", "P016", "--why", "Agreed"), ("quarter", "--choice", "Perhaps", "--who", "P016", "--why", "Agreed"),
        ("quarter", "--about", "next one", "--choice", "Close", "--who", "P016", "--why", "Agreed"), ("change", "--about", "R-000001 v1", "--who", "P016", "--why", "Agreed"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_wrong_usage_and_leaves_no_row(council: Path, run: Run, arguments: tuple[str, ...]) -> None:
    assert run("decide", *arguments, "--workspace", council)[0] == 2
    assert [d for d in run("decide", "list", "--json", "--workspace", council)[1]["decisions"] if d["kind"] != "sign_off"] == []


def test_a_row_somebody_adds_is_carried_out_once_it_says_who_and_why(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    duty = handed.issue.obligation_ids[0]

    def add(sheet: Any, heads: dict[str, int]) -> None:
        row = next(r for r in range(5, 40) if not sheet.cell(r, 1).value)
        sheet.cell(row, heads["Kind"]).value, sheet.cell(row, heads["About"]).value = "Exemption", duty

    assert edited(council, run, "Decisions", add) == ["ROW_ADDED", "DECISION_UNSIGNED"]
    assert state_of(council, run, handed) != "exempt"

    def sign(sheet: Any, heads: dict[str, int]) -> None:
        row = next(r for r in range(5, 40) if sheet.cell(r, heads["About"]).value == duty)
        sheet.cell(row, heads["Decided by"]).value, sheet.cell(row, heads["Why"]).value = "Avery Exampleworth", "Long absence"

    assert edited(council, run, "Decisions", sign) == []
    assert state_of(council, run, handed) == "exempt"
    entries = [json.loads(line) for line in (council / ".qaf" / "journal.jsonl").read_text("utf-8").splitlines()]
    assert [e["body"]["why"] for e in entries if e["kind"] == "decided"] == ["Long absence"]


# ---------------------------------------------------------------- two people's versions


def returned_by_two(root: Path, run: Run) -> Handed:
    handed = Handed(root, "OBS")
    for who in (handed.issue.person_id, "P016"):
        handed.drop(handed.filled(handed.complete(completed_by=who)))
        ingest(root, run)
    assert state_of(root, run, handed) == "held"
    return handed


@pytest.mark.parametrize(("choice", "counts"), [("Version 1", 1), ("2", 2)])
def test_the_version_that_is_chosen_counts_and_the_other_is_kept(council: Path, run: Run, choice: str, counts: int) -> None:
    handed = returned_by_two(council, run)
    assert waiting(council, run, "version") == [f"{handed.issue.return_id} v2"]
    assert decide(council, run, "version", "--about", handed.issue.return_id, "--choice", choice)[0] == 0
    assert state_of(council, run, handed) == "returned"
    assert [v.version for v in seen(council).returns] == [counts]
    answers = run("answers", "--json", "--all-versions", "--workspace", council)[1]
    assert [a["version"] for a in answers] == [1, 2]
    assert waiting(council, run, "version") == []


def test_a_later_choice_wins(council: Path, run: Run) -> None:
    handed = returned_by_two(council, run)
    for choice in ("2", "1"):
        assert decide(council, run, "version", "--about", f"{handed.issue.return_id} v2", "--choice", choice)[0] == 0
    assert [v.version for v in seen(council).returns] == [1]
    assert state_of(council, run, handed) == "returned"


# ---------------------------------------------------------------- changes that are held


def changed_after_moderation(root: Path, run: Run) -> Handed:
    review = Handed(root, "CCR")
    said = {"child_name": NAME, "family_contact_reason": "Rang twice.", "bordering_good": "No", "previous_acted_on": "Yes"}
    review.drop(review.filled(review.complete(**said)))
    ingest(root, run)
    moderation = Handed(root, "MOD")
    moderation.drop(moderation.filled(moderation.complete(mod_change=None)))
    ingest(root, run)
    review.drop(review.filled(review.complete(**{**said, "rationale": "We have thought about this again and say more."})))
    assert [f["outcome"] for f in ingest(root, run)] == ["held"]
    return review


def test_a_change_that_is_accepted_counts_and_is_moderated_anew(council: Path, run: Run) -> None:
    review = changed_after_moderation(council, run)
    assert waiting(council, run, "change") == [f"{review.issue.return_id} v2"]
    decide(council, run, "change", "--about", f"{review.issue.return_id} v2", "--choice", "Accept")
    now = seen(council)
    assert [v.version for v in now.returns if v.issue.return_id == review.issue.return_id] == [2]
    assert [m.piece_version for m in now.moderations] == [2]


def test_a_change_that_is_refused_leaves_the_version_that_was_moderated(council: Path, run: Run) -> None:
    review = changed_after_moderation(council, run)
    decide(council, run, "change", "--about", review.issue.return_id, "--choice", "Refuse")
    now = seen(council)
    assert [v.version for v in now.returns if v.issue.return_id == review.issue.return_id] == [1]
    assert [m.piece_version for m in now.moderations] == [1]
    assert state_of(council, run, review) == "returned"


def test_an_accepted_change_answers_for_the_earlier_one_it_overtakes(council: Path, run: Run) -> None:
    review = changed_after_moderation(council, run)
    review.drop(review.filled(review.complete(child_name=NAME, family_contact_reason="Rang twice.", bordering_good="No", previous_acted_on="Yes", rationale="A third wording of our reasons, after all.")))
    assert [f["outcome"] for f in ingest(council, run)] == ["held"]
    assert waiting(council, run, "change") == [f"{review.issue.return_id} v{n}" for n in (2, 3)]
    decide(council, run, "change", "--about", f"{review.issue.return_id} v3", "--choice", "Accept")
    assert waiting(council, run, "change") == []
    assert [v.version for v in seen(council).returns if v.issue.return_id == review.issue.return_id] == [3]


def chosen_in_the_tracker(root: Path, run: Run, about: str, choice: str) -> list[str]:
    """Somebody decides on the Decisions sheet; gives what was remarked on."""

    def write(sheet: Any, heads: dict[str, int]) -> None:
        row = next(r for r in range(5, 60) if sheet.cell(r, heads["About"]).value == about)
        for head, value in (("Choice", choice), ("Decided by", "Avery Exampleworth"), ("Why", "We talked about it")):
            sheet.cell(row, heads[head]).value = value

    return edited(root, run, "Decisions", write)


def test_a_change_and_a_choice_are_decided_in_the_tracker_with_what_differs_before_ones_eyes(council: Path, run: Run) -> None:
    review, handed = changed_after_moderation(council, run), returned_by_two(council, run)
    held, conflict = f"{review.issue.return_id} v2", f"{handed.issue.return_id} v2"
    asked = {d["about"]: d["asked"] for d in run("decide", "list", "--json", "--workspace", council)[1]["decisions"]}
    assert "came after the work was moderated; 1 answer changed: " in asked[held]
    assert "1 answer changed: Completed by" in asked[conflict]
    assert chosen_in_the_tracker(council, run, held, "Accept") == []
    assert chosen_in_the_tracker(council, run, conflict, "version 2") == []
    counted = {v.issue.return_id: v.version for v in seen(council).returns}
    assert (counted[review.issue.return_id], counted[handed.issue.return_id]) == (2, 2)
    assert [*waiting(council, run, "change"), *waiting(council, run, "version")] == []


# ---------------------------------------------------------------- quarters


def test_a_closed_quarter_holds_what_comes_until_it_is_open_again(council: Path, run: Run) -> None:
    decide(council, run, "quarter", "--about", str(Q3), "--choice", "Close")
    handed = Handed(council, "OBS")
    handed.drop()
    (file,) = ingest(council, run)
    assert (file["outcome"], [p["code"] for p in file["problems"]][-1]) == ("held", "QUARTER_CLOSED")
    assert state_of(council, run, handed) == "held"
    decide(council, run, "quarter", "--about", str(Q3), "--choice", "Reopen")
    assert state_of(council, run, handed) == "returned"
    assert waiting(council, run, "change") == []
    other = Handed(council, "OBS", 1)
    other.drop()
    assert [f["outcome"] for f in ingest(council, run)] == ["accepted"]


def test_what_is_refused_after_closing_is_owed_still(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    before = state_of(council, run, handed)
    decide(council, run, "quarter", "--about", str(Q3), "--choice", "Close")
    handed.drop()
    ingest(council, run)
    decide(council, run, "change", "--about", f"{handed.issue.return_id} v1", "--choice", "Refuse")
    assert state_of(council, run, handed) == before


def test_a_quarter_is_signed_off_once(council: Path, run: Run) -> None:
    assert waiting(council, run, "sign_off") == [str(Q3)]
    decide(council, run, "sign-off", "--quarter", str(Q3))
    (signed,) = [d for d in seen(council).decisions if d.kind == "sign_off"]
    assert (signed.about, signed.choice, signed.decided_on) == (str(Q3), "Sign off", date(2026, 12, 14))
    assert waiting(council, run, "sign_off") == []
    assert seen(council).signed_off == signed
    decide(council, run, "sign-off", "--quarter", str(Q3), "--choice", "Not yet")
    assert seen(council).signed_off is None


def test_a_theme_that_recurs_is_asked_about_once_and_decided_by_a_person(council: Path, run: Run) -> None:
    recurs = RecurringTheme(theme="Neglect", now={"CCR": 2}, before={"CCR": 3}, behind=("R-000001", "R-000002"), behind_before=("R-000003",), recurs=True, looked_at="", decision=None)
    for _ in range(2):
        with Desk(workspace.find(council)) as at:
            propose(at, [recurs], (), Q3)
    assert waiting(council, run, "theme") == ["Neglect"]
    decide(council, run, "theme", "--about", "Neglect", "--choice", "Confirm")
    assert [(d.about, d.choice) for d in seen(council).decisions if d.kind == "theme"] == [("Neglect", "Confirm")]


def test_asking_again_asks_nothing_new(council: Path, run: Run) -> None:
    returned_by_two(council, run)
    first = run("decide", "list", "--json", "--workspace", council)[1]
    assert run("decide", "list", "--json", "--workspace", council)[1] == first
    assert {d["kind"] for d in first["decisions"]} == {"version", "sign_off"}
