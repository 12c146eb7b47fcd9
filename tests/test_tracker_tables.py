"""The tables beside the actions: what a return says of itself, what people add, and what stands after both; rows that were deleted or invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from kit import book
from office import changed, needs_office, opened, recalculated
from tracker_desk import edited, row_of, rows

from qaf_sheets import snapshot, workspace
from qaf_sheets.desk import Desk
from qaf_sheets.model import Quarter, Value
from qaf_sheets.tracker.read import read_tracker
from qaf_sheets.tracker.states import (
    DECIDED,
    NOTHING_MISSING,
    OPEN,
    PASSED,
    PLANNED,
    PRESENTED,
    UNSIGNED,
    WAITING,
    decided,
    outstanding,
    presented,
)
from qaf_sheets.tracker.tables import TABLES
from qaf_sheets.tracker.write import write_tracker

Q3 = Quarter(year=2026, number=3)
TODAY = date(2026, 12, 14)
SPOKEN, WRITTEN, SUPERVISION = "Spoken feedback", "Written feedback", "Discussed in supervision"
FEEDBACK = "Feedback and file"


def observed(root: Path, run: Run, **changes: Value) -> Handed:
    """The first observation, returned and accepted."""
    handed = Handed(root, "OBS")
    handed.drop(handed.filled(handed.complete(**changes)))
    assert [f["outcome"] for f in run("ingest", "--json", "--no-outputs", "--workspace", root)[1]["files"]] == ["accepted"]
    return handed


def feedback(root: Path, piece: str) -> dict[str, Value]:
    with Desk(workspace.find(root)) as at:
        return dict(snapshot.take(at, Q3).feedback[piece])


def typing(sheet_key: str, **cells: Any) -> Any:
    """An edit: these headings (with _ for a space) of one row."""
    def write(sheet: Any, heads: dict[str, int]) -> None:
        row = row_of(sheet, sheet_key)
        for head, value in cells.items():
            sheet.cell(row, heads[head.replace("_", " ")]).value = value

    return write


# ---------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, ""), ({"piece": "R-1", "expected": "spoken feedback, written feedback"}, "! spoken feedback, written feedback"),
        ({"piece": "R-1", "expected": "spoken feedback, written feedback", "verbal_on": TODAY}, "! written feedback"),
        ({"piece": "R-1", "expected": "spoken feedback", "verbal_on": TODAY}, NOTHING_MISSING), ({"piece": "R-1", "expected": ""}, NOTHING_MISSING),
    ],
)  # fmt: skip
def test_what_is_outstanding(row: dict[str, Value], says: str) -> None:
    assert outstanding(row, TODAY) == says


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, ""), ({"decision_id": "D-1", "kind": "Sign-off"}, WAITING), ({"about": "P031 CCR", "kind": "Exemption"}, UNSIGNED), ({"decision_id": "D-1", "choice": "Accept", "who": "Avery"}, UNSIGNED),
        ({"decision_id": "D-1", "choice": "Accept", "who": "Avery", "why": "Agreed"}, DECIDED),
    ],
)  # fmt: skip
def test_how_a_decision_stands(row: dict[str, Value], says: str) -> None:
    assert decided(row, TODAY) == says


@pytest.mark.parametrize(
    ("planned", "heard", "says"),
    [(None, None, OPEN), (date(2026, 12, 13), None, PASSED), (TODAY, None, PLANNED), (date(2027, 1, 27), None, PLANNED), (None, TODAY, PRESENTED)],
)
def test_how_a_meeting_stands(planned: date | None, heard: date | None, says: str) -> None:
    assert presented({"meeting": "DLT", "planned_on": planned, "presented_on": heard}, TODAY) == says


def test_each_table_is_known_by_its_first_heading() -> None:
    assert len({t.key.header for t in TABLES}) == len(TABLES)
    assert len({t.sheet for t in TABLES}) == len(TABLES)


# ---------------------------------------------------------------- feedback


def test_a_return_says_what_happened_already_and_a_person_adds_the_rest(council: Path, run: Run) -> None:
    handed = observed(council, run, fb_verbal_on=date(2026, 12, 12))
    piece = handed.issue.return_id
    run("build", "--only", "tracker", "--json", "--workspace", council)
    row = rows(council, FEEDBACK)[piece]
    assert (row[SPOKEN], row[WRITTEN], row["Reviewer"] is not None) == (date(2026, 12, 12), None, True)
    assert row["Outstanding"].startswith("! written feedback")
    assert edited(council, run, FEEDBACK, typing(piece, Written_feedback=datetime(2026, 12, 13), Discussed_in_supervision=datetime(2026, 12, 14))) == []
    after = feedback(council, piece)
    assert (after["verbal_on"], after["written_on"], after["in_supervision_on"]) == (date(2026, 12, 12), date(2026, 12, 13), date(2026, 12, 14))
    run("build", "--only", "tracker", "--json", "--workspace", council)
    assert rows(council, FEEDBACK)[piece]["Outstanding"] == NOTHING_MISSING


def test_a_person_s_date_stands_over_what_a_newer_version_says(council: Path, run: Run) -> None:
    handed = observed(council, run)
    piece = handed.issue.return_id
    edited(council, run, FEEDBACK, typing(piece, Spoken_feedback=datetime(2026, 12, 14)))
    observed(council, run, fb_verbal_on=date(2026, 12, 12), fb_written_on=date(2026, 12, 13))
    after = feedback(council, piece)
    assert (after["verbal_on"], after["written_on"]) == (date(2026, 12, 14), date(2026, 12, 13))


def test_a_date_that_was_cleared_again_leaves_room_for_the_return(council: Path, run: Run) -> None:
    handed = observed(council, run)
    piece = handed.issue.return_id
    edited(council, run, FEEDBACK, typing(piece, Spoken_feedback=datetime(2026, 12, 14)))
    edited(council, run, FEEDBACK, typing(piece, Spoken_feedback=None))
    assert feedback(council, piece)["verbal_on"] is None
    observed(council, run, fb_verbal_on=date(2026, 12, 12))
    assert feedback(council, piece)["verbal_on"] == date(2026, 12, 12)


def test_a_date_before_the_work_is_remarked_on_until_it_is_right(council: Path, run: Run) -> None:
    piece = observed(council, run).issue.return_id
    done = feedback(council, piece)["done_on"]
    assert isinstance(done, date)

    def remarked() -> list[str]:
        with Desk(workspace.find(council)) as at:
            return [p.code for p in snapshot.take(at, Q3).notes]

    assert remarked() == []
    edited(council, run, FEEDBACK, typing(piece, Written_feedback=datetime.combine(done - timedelta(days=1), time())))
    assert remarked() == ["DATED_BEFORE_WORK"]
    edited(council, run, FEEDBACK, typing(piece, Written_feedback=datetime.combine(done, time())))
    assert remarked() == []


def test_a_case_review_goes_on_the_child_s_file_and_its_row_holds_no_name(council: Path, run: Run) -> None:
    handed = Handed(council, "CCR")
    handed.drop(handed.filled(handed.complete(child_name="Robin Notareal", family_contact_reason="Rang twice.", bordering_good="No", previous_acted_on="Yes")))
    run("ingest", "--json", "--no-outputs", "--workspace", council)
    row = feedback(council, handed.issue.return_id)
    assert {"child's file", "team manager", "supervision", "findings shared"} <= set(str(row["expected"]).split(", "))
    assert row["told_manager_on"] is not None
    assert row["child_id"] == handed.issue.about
    assert "Notareal" not in " ".join(map(str, row.values()))


def test_a_deleted_row_comes_back_and_an_invented_one_goes(council: Path, run: Run) -> None:
    piece = observed(council, run).issue.return_id

    def spoil(sheet: Any, _: dict[str, int]) -> None:
        row = row_of(sheet, piece)
        sheet.cell(row, 1).value = "R-999999"

    assert edited(council, run, FEEDBACK, spoil) == ["ROW_RESTORED", "ROW_NOT_KEPT"]
    run("build", "--only", "tracker", "--json", "--workspace", council)
    assert list(rows(council, FEEDBACK)) == [piece]


def test_a_cell_that_is_not_theirs_is_put_back(council: Path, run: Run) -> None:
    piece = observed(council, run).issue.return_id
    assert edited(council, run, FEEDBACK, typing(piece, Expected="nothing at all")) == ["LOCKED_RESTORED"]
    assert feedback(council, piece)["expected"] != "nothing at all"


def test_a_sheet_that_is_missing_changes_nothing_at_all(council: Path, run: Run) -> None:
    piece = observed(council, run).issue.return_id

    def drop(sheet: Any, _: dict[str, int]) -> None:
        del sheet.parent[FEEDBACK]

    assert edited(council, run, FEEDBACK, drop) == ["TRACKER_SHEET_MISSING"]
    assert feedback(council, piece)["verbal_on"] is None


# ---------------------------------------------------------------- meetings


def test_the_calendar_s_meetings_stand_there_and_what_was_decided_is_kept(council: Path, run: Run) -> None:
    run("build", "--only", "tracker", "--json", "--workspace", council)
    planned = rows(council, "Meetings")
    assert (planned["2026-27-Q3 DLT"]["Report on"], planned["2026-27-Q3 DLT"]["Standing"]) == (Q3.label, PLANNED)

    def minutes(sheet: Any, heads: dict[str, int]) -> None:
        typing("2026-27-Q3 DLT", Presented_on=datetime(2027, 1, 27), What_was_decided="Accepted", Quality_assurance_asked_for="A dip sample of plans")(sheet, heads)
        new = next(r for r in range(5, 90) if not sheet.cell(r, 1).value)
        sheet.cell(new, heads["Meeting"]).value, sheet.cell(new, heads["Report on"]).value = "Safeguarding partnership", Q3.label

    assert edited(council, run, "Meetings", minutes) == ["ROW_ADDED"]
    with Desk(workspace.find(council)) as at:
        held = {str(m["meeting_id"]): m for m in snapshot.take(at, Q3).meetings}
    assert (held["2026-27-Q3 DLT"]["presented_on"], held["2026-27-Q3 DLT"]["directed"]) == (date(2027, 1, 27), "A dip sample of plans")
    assert held["M-0001"]["meeting"] == "Safeguarding partnership"


# ---------------------------------------------------------------- again


def test_written_again_nothing_new_is_written(council: Path, run: Run) -> None:
    observed(council, run)
    run("build", "--only", "tracker", "--json", "--workspace", council)
    told = run("build", "--only", "tracker", "--json", "--workspace", council)[1]["outputs"]
    assert told == [{"file": "Actions tracker.xlsx", "written": False}]


# ---------------------------------------------------------------- the workbook


FULL: dict[str, dict[str, dict[str, Value]]] = {
    "actions": {"ACT-1": {"action_text": "Visit", "due_on": date(2026, 12, 1), "status": "Open"}},
    "feedback": {
        "R-000001": {"activity": "Case review", "expected": "spoken feedback, written feedback, team manager, child's file", "written_on": TODAY},
        "R-000002/1": {"activity": "Audit", "expected": "spoken feedback, supervision, findings shared", "verbal_on": TODAY, "in_supervision_on": TODAY, "shared_on": TODAY},
    },
    "decisions": {
        "D-0001": {"kind": "Sign-off", "about": "2026-27-Q3"}, "D-0002": {"kind": "Exemption", "about": "P031 CCR 2026-27-Q3"},
        "D-0003": {"kind": "Change that is held", "about": "R-000001 v2", "choice": "Accept", "who": "Avery Exampleworth", "why": "Agreed"},
    },
    "meetings": {"2026-27-Q3 DLT": {"meeting": "DLT", "planned_on": date(2026, 12, 1)}, "2026-27-Q3 SLT": {"meeting": "SLT"}, "M-0001": {"meeting": "Board", "presented_on": TODAY}},
}  # fmt: skip


def as_workbook(rows: dict[str, dict[str, dict[str, Value]]]) -> bytes:
    return write_tracker(rows, (), (), lists={"people": ("Avery Exampleworth",)}, council="Marlbrook Borough Council", marking="OFFICIAL", as_at=datetime(2026, 12, 14, 9, 0))


def test_every_table_is_read_back_as_it_was_written() -> None:
    it = book(as_workbook(FULL))
    for table in TABLES:
        sheet, problems = read_tracker(it, table)
        assert not problems
        assert {k: {c: v for c, v in row.cells.items() if v is not None and c != table.key.id} for k, row in sheet.rows.items()} == FULL.get(table.id, {})


@pytest.mark.office
@needs_office
def test_recalculated_every_table_says_the_same(tmp_path: Path) -> None:
    books = {"full": as_workbook(FULL), "empty": as_workbook({})}
    after = recalculated(tmp_path, books)
    assert [c for name, data in books.items() for c in changed(data, after[name]) if (c[2] or None) != (c[3] or None)] == []
    states = {c.value for column in ("D", "E") for c in opened(after["full"], cached=True)["Feedback and file"][column]}
    assert {"! spoken feedback, team manager, child's file", NOTHING_MISSING} <= states
