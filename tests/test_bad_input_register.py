"""What only the other returns can tell: a child or person looked at elsewhere, and which version was late."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import DONE, Handed
from said import TEN

from qaf_sheets import workspace
from qaf_sheets.demo.fill import typed
from qaf_sheets.desk import Desk
from qaf_sheets.model import Quarter

CHILD = str(TEN[0]["child_id"])


def sent(handed: Handed, run: Run, rows: Any = (), **changes: Any) -> dict[str, Any]:
    """Fill in, drop and ingest; gives what was said of the file."""
    handed.drop(typed(handed.path.read_bytes(), handed.layout, handed.complete(**changes), rows))
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", handed.root)
    return dict(told["files"][0])


def found(file: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [p for p in file["problems"] if p["code"] == code]


def observations_of_one_manager(council: Path) -> tuple[Handed, Handed]:
    """Two observations that one manager owes."""
    all_of_them = [Handed(council, "OBS", n) for n in range(13)]
    by_manager: dict[str, list[Handed]] = {}
    for handed in all_of_them:
        by_manager.setdefault(handed.issue.person_id, []).append(handed)
    first, second = next(them for them in by_manager.values() if len(them) > 1)[:2]
    return first, second


def test_the_same_person_observed_twice_by_one_manager_is_recorded(council: Path, run: Run) -> None:
    first, second = observations_of_one_manager(council)
    assert found(sent(first, run), "OBSERVED_AGAIN") == []
    told = sent(second, run, person_observed=first.issue.about)
    assert told["outcome"] == "accepted"
    assert [(p["level"], p["cell"]) for p in found(told, "OBSERVED_AGAIN")] == [("I", second.cell("person_observed"))]
    assert found(sent(first, run, other_comments="We met twice."), "OBSERVED_AGAIN") != []


def test_another_managers_observation_or_one_put_right_is_no_second_one(council: Path, run: Run) -> None:
    first, second = observations_of_one_manager(council)
    other = next(h for n in range(13) if (h := Handed(council, "OBS", n)).issue.person_id != first.issue.person_id)
    sent(first, run, strengths="tbc")
    assert found(sent(second, run, person_observed=first.issue.about), "OBSERVED_AGAIN") == []
    assert found(sent(other, run, person_observed=first.issue.about), "OBSERVED_AGAIN") == []


def test_a_child_looked_at_elsewhere_is_said_with_month_and_activity(council: Path, run: Run) -> None:
    with Desk(workspace.find(council)) as at:
        child = at.plan.children[0].child_id
    assert sent(Handed(council, "OBS", 0), run, child_id=child)["outcome"] == "accepted"
    sample = Handed(council, "DIP")
    row = {"child_id": child, "level_of_need": "Child in Need", "immediate_concern": "No"}
    told = sent(sample, run, rows={"children": [row]})
    assert [(p["cell"], p["level"]) for p in found(told, "CHILD_ELSEWHERE")] == [("B4", "W")]
    assert "December (OBS)" in found(told, "CHILD_ELSEWHERE")[0]["message"]
    again = sent(Handed(council, "OBS", 1), run, child_id=child)
    assert found(again, "CHILD_ELSEWHERE") == []  # the sample is not counted yet, and the same activity is no remark


def test_a_moderated_copy_weeks_later_is_not_late(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Handed(council, "OBS")
    assert found(sent(handed, run), "LATE") == []
    monkeypatch.setenv("QAF_TODAY", "2027-01-29")
    told = sent(handed, run, other_comments="Talked over in supervision since.")
    assert (told["outcome"], told["version"], found(told, "LATE")) == ("accepted", 2, [])


def test_what_was_put_right_after_the_due_date_is_late(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Handed(council, "OBS")
    sent(handed, run, strengths="tbc")
    monkeypatch.setenv("QAF_TODAY", "2027-01-29")
    told = sent(handed, run)
    assert (told["outcome"], told["version"], len(found(told, "LATE"))) == ("accepted", 2, 1)


def test_the_register_keeps_only_what_the_newest_version_looked_at(council: Path) -> None:
    with Desk(workspace.find(council)) as at, at.register.writing() as records:
        one, other = records.issues.of_quarter(Quarter.parse("2026-27-Q3"))[:2]
        records.looked_at.put(one, (CHILD, "P041", CHILD), DONE)
        records.looked_at.put(one, ("9304501",), date(2026, 12, 12))
        assert [(f.code, f.day) for f in records.looked_at.others(other, (CHILD, "P041", "9304501"), [one.quarter])] == [("9304501", date(2026, 12, 12))]
        assert records.looked_at.others(one, ("9304501",), [one.quarter]) == ()
        assert records.looked_at.others(other, ("9304501",), [Quarter.parse("2026-27-Q2")]) == ()
