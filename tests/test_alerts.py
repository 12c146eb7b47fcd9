"""A child who may be unsafe now: seen in one pass, whatever became of the return, and open until an outcome is recorded (case 61)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import graded
import kit
import pytest
from conftest import Run
from desk_kit import Handed
from tracker_desk import edited, row_of, rows

from qaf_sheets.model import Answer, Child, Outcome, Return, Snapshot, Team, Version
from qaf_sheets.outputs.alerts import write_alerts
from qaf_sheets.outputs.figures import figures
from qaf_sheets.outputs.figures.concerns import Concern, all_concerns
from qaf_sheets.tracker.states import CONCERN_OPEN, CONCERN_UNTOLD, NOT_SIGNED, SETTLED, concern

ALL, AREA = "Alerts/Immediate concerns.html", "Services/Front Door and Assessment - immediate concerns.html"
CHILD, OTHER = "9304518", "9304519"
EMPTY: Snapshot = graded.snapshot().model_copy(update={"returns": (), "duties": (), "files": (), "moderations": (), "earlier": ()})


def row(child: str = CHILD, concern: str = "Yes", told: str = "", team: str = "", sheet: str = "Form") -> Mapping[str, Answer]:
    said = {"child_id": child, "immediate_concern": concern, "concern_reported_to": told, "team": team}
    return {k: Answer(value=v or None, code=v if k == "child_id" else "", sheet=sheet, cell="B5") for k, v in said.items()}


def version(n: int = 1, *, activity: str = "OBS", outcome: Outcome = "needs_fixing", answers: Mapping[str, Answer] | None = None, rows: tuple[Mapping[str, Answer], ...] = (), day: int = 10) -> Version:
    return Version(
        issue=kit.issue(activity), version=n, outcome=outcome, received_at=datetime(2026, 12, day, 9), file=f"Received/{n}.xlsx", content=Return(answers=answers or {}, rows={"children": rows}),
    )


def known(*flagged: Version, counts: tuple[Version, ...] = (), settled: frozenset[str] = frozenset()) -> tuple[Concern, ...]:
    return all_concerns(EMPTY.model_copy(update={"flagged": flagged, "returns": counts, "concerns_settled": settled}))


def keys(found: tuple[Concern, ...]) -> list[str]:
    return [c.key for c in found]


@pytest.mark.parametrize(
    ("one", "key"),
    [
        (version(answers=row()), "R-000012"),
        (version(activity="THEM", rows=(row(concern="No", sheet="Child 1"), row(sheet="Child 2"))), "R-000012/2"),
        (version(activity="DIP", rows=(*[row(concern="No", sheet="Children")] * 3, row(sheet="Children"))), "R-000012/children/4"),
    ],
    ids=["the whole return", "a child's sheet", "a row"],
)
def test_a_concern_is_known_by_its_return_its_sheet_or_its_row(one: Version, key: str) -> None:
    assert keys(known(one)) == [key]


@pytest.mark.parametrize("outcome", ["needs_fixing", "held", "conflict", "accepted"])
def test_what_became_of_the_return_does_not_matter(outcome: Outcome) -> None:
    assert [(c.child_id, c.reported, c.settled) for c in known(version(outcome=outcome, answers=row()))] == [(CHILD, False, False)]


@pytest.mark.parametrize(("said", "n"), [("Yes", 1), ("yes - see below", 1), ("No", 0), ("", 0)])
def test_yes_counts_however_it_is_written(said: str, n: int) -> None:
    assert len(known(version(answers=row(concern=said)))) == n


def test_it_is_the_same_concern_in_every_version_since_the_first_and_as_told_in_the_last() -> None:
    found = known(version(answers=row(), day=10), version(2, answers=row(told="Avery Exampleworth (P031)"), day=12))
    assert [(c.key, c.reported, c.received_at.day, c.file) for c in found] == [("R-000012", True, 10, "Received/2.xlsx")]


def test_a_child_that_moves_to_another_row_keeps_its_key() -> None:
    first, later = version(activity="DIP", rows=(row(OTHER, "No"), row())), version(2, activity="DIP", rows=(row(),))
    assert keys(known(first, later)) == ["R-000012/children/2"]


def test_another_child_in_the_same_row_is_another_concern_even_when_the_first_is_settled() -> None:
    found = known(version(answers=row()), version(2, answers=row(OTHER)), settled=frozenset({"R-000012"}))
    assert [(c.child_id, c.settled) for c in found] == [(CHILD, True), (OTHER, False)]
    assert len(set(keys(found))) == 2


def test_a_version_that_no_longer_says_so_does_not_close_it() -> None:
    found = known(version(answers=row()), counts=(version(2, outcome="accepted", answers=row(concern="No")),))
    assert [(c.withdrawn, c.settled) for c in found] == [(True, False)]


def test_it_stands_with_the_childs_own_team_not_the_reviewers() -> None:
    plan = EMPTY.plan.model_copy(update={"children": (Child(child_id=CHILD, team="Assessment B"),), "teams": (Team(team="Assessment B", service_area="Family Support"),)})
    seen = EMPTY.model_copy(update={"plan": plan, "flagged": (version(answers=row()),)})
    assert [(c.team, c.area) for c in all_concerns(seen)] == [("Assessment B", "Family Support")]


def pages(seen: Snapshot) -> dict[str, str]:
    return {p.path: html.unescape(p.html) for p in write_alerts(seen, figures(seen))}


def test_the_head_of_an_area_sees_that_area_and_the_practice_lead_all() -> None:
    plan = EMPTY.plan.model_copy(update={"children": (Child(child_id=OTHER, team="Assessment B"),)})
    found = pages(EMPTY.model_copy(update={"plan": plan, "flagged": (version(activity="DIP", rows=(row(), row(OTHER))),)}))
    assert set(found) == {ALL, AREA, "Services/Family Support - immediate concerns.html"}
    assert CHILD in found[AREA]
    assert OTHER not in found[AREA]
    assert {CHILD, OTHER} <= set(re.findall(r"\d{7}", found[ALL]))


def test_a_page_holds_references_and_no_words_of_the_answers() -> None:
    said = {**row("Wrenna Neverprinted", "Yes, she may be hurt tonight", "Avery Exampleworth (P031)", team="Wrenna's team")}
    found = pages(EMPTY.model_copy(update={"flagged": (version(activity="DIP", rows=(said,)),)}))
    for page in found.values():
        assert "R-000012" in page
        assert not [w for w in ("Wrenna", "hurt", "Avery") if w in page]


def test_when_the_outcome_is_recorded_the_pages_stay_and_say_so() -> None:
    seen = EMPTY.model_copy(update={"flagged": (version(answers=row()),)})
    done = seen.model_copy(update={"concerns_settled": frozenset({"R-000012"})})
    assert set(pages(seen)) == set(pages(done)) == {ALL, AREA}
    assert all(CHILD in page for page in pages(seen).values())
    assert not any(CHILD in page for page in pages(done).values())
    assert not figures(done).open_concerns
    assert len(figures(done).concerns) == 1


def test_with_none_ever_flagged_there_is_one_calm_page() -> None:
    assert set(pages(EMPTY)) == {ALL}


# ---------------------------------------------------------------- in a workspace


def alert(root: Path, name: str = ALL) -> str:
    return html.unescape((root / "Reports/2026-27-Q3" / name).read_text("utf-8"))


def test_one_pass_writes_the_alert_though_the_return_goes_back(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(immediate_concern="Yes", strengths=None)))
    code, told = run("ingest", "--json", "--workspace", council)
    assert (code, [f["outcome"] for f in told["files"]]) == (1, ["needs_fixing"])
    assert handed.issue.return_id in alert(council)
    assert handed.issue.return_id in (council / "Status.html").read_text("utf-8")


def test_it_stays_when_the_form_is_put_right_and_says_something_else(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(immediate_concern="Yes", strengths=None)))
    run("ingest", "--json", "--workspace", council)
    handed.drop()
    _, told = run("ingest", "--json", "--workspace", council)
    assert [f["outcome"] for f in told["files"]] == ["accepted"]
    assert handed.issue.return_id in alert(council)


def test_a_draft_is_enough(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(immediate_concern="Yes", completed_on=None)))
    _, told = run("ingest", "--json", "--workspace", council)
    assert [f["outcome"] for f in told["files"]] == ["draft"]
    assert handed.issue.return_id in alert(council)


def test_received_without_outputs_it_is_written_at_the_next_publish(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(immediate_concern="Yes", concern_reported_to="P031")))
    run("ingest", "--json", "--no-outputs", "--workspace", council)
    assert not (council / "Reports/2026-27-Q3" / ALL).exists()
    run("build", "--only", "status", "--json", "--workspace", council)
    assert handed.issue.return_id in alert(council)


def outcome(key: str, **cells: object) -> object:
    """Somebody fills in these headings of the concern's row."""
    def write(sheet: Any, heads: dict[str, int]) -> None:
        for head, value in cells.items():
            sheet.cell(row_of(sheet, key), heads[head.replace("_", " ")]).value = value

    return write


@pytest.fixture
def flagged(council: Path, run: Run) -> Handed:
    """An observation that flags a concern, and went back to be put right."""
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(immediate_concern="Yes", concern_reported_to="P031", strengths=None)))
    run("ingest", "--json", "--workspace", council)
    return handed


SHEET = "Immediate concerns"


@pytest.mark.parametrize(("said", "open_still"), [({"Outcome": "Seen and safe"}, True), ({"Recorded_by": "P016"}, True), ({"Outcome": "Seen and safe", "Recorded_by": "P016"}, False)])
def test_an_outcome_with_who_recorded_it_closes_the_concern(flagged: Handed, council: Path, run: Run, said: dict[str, str], *, open_still: bool) -> None:
    key = flagged.issue.return_id
    assert edited(council, run, SHEET, outcome(key, **said)) == []
    run("build", "--json", "--workspace", council)
    assert (key in alert(council)) == open_still
    assert ('id="concerns"' in (council / "Status.html").read_text("utf-8")) == open_still
    assert (rows(council, SHEET)[key]["Recorded on"] is not None) == ("Outcome" in said)


def test_an_outcome_taken_back_opens_it_again(flagged: Handed, council: Path, run: Run) -> None:
    key = flagged.issue.return_id
    edited(council, run, SHEET, outcome(key, Outcome="Seen and safe", Recorded_by="P016"))
    edited(council, run, SHEET, outcome(key, Outcome=None))
    run("build", "--json", "--workspace", council)
    assert key in alert(council)


def test_a_row_that_was_deleted_comes_back(flagged: Handed, council: Path, run: Run) -> None:
    key = flagged.issue.return_id
    assert edited(council, run, SHEET, lambda sheet, _: sheet.delete_rows(row_of(sheet, key))) == ["ROW_RESTORED"]
    run("build", "--json", "--workspace", council)
    assert key in rows(council, SHEET)


@pytest.mark.parametrize(
    ("row_said", "stands"),
    [
        ({"told": "Yes"}, CONCERN_OPEN), ({"told": "No"}, CONCERN_UNTOLD), ({"told": "No", "outcome": "Safe"}, NOT_SIGNED), ({"told": "No", "outcome": "Safe", "settled_by": "P016"}, SETTLED),
        ({"told": "Yes", "settled_by": "P016"}, CONCERN_OPEN),
    ],
)  # fmt: skip
def test_how_a_concern_stands_in_the_tracker(row_said: dict[str, str], stands: str) -> None:
    assert concern({"key": "R-000001", **row_said}, graded.AS_AT.date()) == stands
