"""The life of an action: which steps are taken, what each needs, what is to be done next, and whom it has come to (specification 9)."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import changed, needs_office, recalculated
from tracker_sample import action, counting, saved

from qaf_sheets.lifecycle import FINISHED, MOVES, SEEN, Hand, judge
from qaf_sheets.lifecycle import changed as after_change
from qaf_sheets.model import Action
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import merge
from qaf_sheets.tracker.steps import Rungs, escalation, next_step
from qaf_sheets.tracker.write import write_tracker

STATUSES = tuple(s for s in MOVES if s)
LEAD = "Devon Fictionby (P016)"
LISTS = {"action_status": STATUSES, "practice_lead": (LEAD,), "impact": ("Yes", "No"), "people": (LEAD, "Avery Exampleworth (P031)")}
DONE = {"completed_on": date(2026, 12, 1), "evidence": "Plan on file"}
CONFIRMED = {**DONE, "manager_confirmed_by": "Avery Exampleworth (P031)", "manager_confirmed_on": date(2026, 12, 8)}
AGREED = {"progress_note": "The family moved away", "manager_confirmed_by": LEAD}
SEEN_IT = {"follow_up_result": "Yes"}


@pytest.mark.parametrize(
    ("was", "now", "row", "code"),
    [
        ("Open", "In progress", {}, ""), ("Open", "Done", {}, ""), ("In progress", "Done", {}, ""), ("Done", "In progress", {}, ""),
        ("Done", "Checked", CONFIRMED, ""), ("Open", "Checked", CONFIRMED, ""), ("Checked", "Closed", CONFIRMED, ""), ("Verified", "Closed", {**CONFIRMED, **SEEN_IT}, ""),
        ("Done", "Checked", DONE, "MOVE_NEEDS"), ("Done", "Checked", {}, "MOVE_NEEDS"), ("Done", "Closed", DONE, "MOVE_NEEDS"),
        ("Done", "Checked", {**CONFIRMED, "evidence": None}, "MOVE_NEEDS"), ("Done", "Checked", {**CONFIRMED, "evidence": "  "}, "MOVE_NEEDS"),
        ("Done", "Checked", {**CONFIRMED, "evidence": None, "evidence_ref": "Minutes of 8 December"}, ""),
        ("Done", "Checked", {**CONFIRMED, "manager_confirmed_on": None, "discussed_in_supervision_on": date(2026, 12, 8)}, ""),
        ("Checked", "Verified", CONFIRMED, "MOVE_UNSEEN"), ("Done", "Verified", DONE, "MOVE_UNSEEN"), ("Checked", "Verified", {**CONFIRMED, "follow_up_result": "Partly"}, "MOVE_UNSEEN"),
        ("Checked", "Verified", {**CONFIRMED, **SEEN_IT}, ""), ("Open", "Verified", {**CONFIRMED, **SEEN_IT}, "MOVE_NOT_ALLOWED"),
        ("Open", "Not needed", {}, "MOVE_NEEDS"), ("Open", "Not needed", {**AGREED, "manager_confirmed_by": "Avery Exampleworth (P031)"}, "MOVE_NEEDS"), ("Open", "Not needed", AGREED, ""),
        ("Closed", "Reopened", {}, ""), ("Closed", "Open", {}, "MOVE_NOT_ALLOWED"), ("Open", "Reopened", {}, "MOVE_NOT_ALLOWED"), ("Verified", "Open", {}, "MOVE_NOT_ALLOWED"),
        ("Reopened", "In progress", {}, ""), ("Not needed", "Open", {}, ""), ("Escalated", "In progress", {}, ""), ("Open", "Escalated", {}, ""),
        ("", "Open", {}, ""), ("", "Done", {}, ""), ("", "Checked", CONFIRMED, ""), ("", "Verified", {**CONFIRMED, **SEEN_IT}, "MOVE_NOT_ALLOWED"),
        ("The council's own", "Done", {}, ""), ("Open", "Open", {}, ""), ("Done", None, {}, ""),
    ],
)  # fmt: skip
def test_a_step_is_taken_or_told(was: str, now: str | None, row: dict[str, Any], code: str) -> None:
    before = {"action_id": "ACT-1", "status": was or None}
    found = judge(before, {**before, **row, "status": now}, LISTS)
    assert [p.code for p in found.values()] == ([code] if code else [])
    assert set(found) <= {"status"}


def one(typed: dict[str, Any], ours: dict[str, Any]) -> Any:
    """One row as a person saved it, merged with what we have."""
    base = {"ACT-1": action("Visit", **ours)}
    return merge(base, saved(("ACT-1", {**base["ACT-1"], **typed})), base, ACTIONS, LISTS, new_id=counting())


def test_a_step_too_early_is_kept_beside_and_the_rest_of_the_row_is_taken() -> None:
    merged = one({"status": "Checked", "evidence": "Plan on file", "impact": "Yes"}, {"status": "Done"})
    assert (merged.rows["ACT-1"]["status"], merged.rows["ACT-1"]["evidence"]) == ("Done", "Plan on file")
    assert [(c.column, c.why, c.theirs, c.ours) for c in merged.clashes] == [("status", "step", "Checked", "Done")]
    assert [(p.code, p.label) for p in merged.problems] == [("MOVE_NEEDS", "Status")]
    assert {e.column for e in merged.edits} == {"evidence", "impact"}


def test_what_a_step_needs_may_come_with_it() -> None:
    merged = one({"status": "Checked", **CONFIRMED}, {"status": "Open"})
    assert merged.rows["ACT-1"]["status"] == "Checked"
    assert not merged.problems


def test_a_refused_step_stays_refused_when_the_file_is_read_again() -> None:
    first = one({"status": "Verified"}, {"status": "Done"})
    again = merge(first.base, saved(("ACT-1", {**action("Visit"), "status": "Verified"})), first.rows, ACTIONS, LISTS, new_id=counting(), known=first.clashes)
    assert again.rows["ACT-1"]["status"] == "Done"
    assert not again.clashes


def test_a_row_added_as_checked_needs_what_checked_needs() -> None:
    merged = merge({}, saved((None, {**action("Visit"), "status": "Checked"}), (None, {**action("Write up"), "status": "Checked", **CONFIRMED})), {}, ACTIONS, LISTS, new_id=counting())
    assert [row["status"] for row in merged.rows.values()] == [None, "Checked"]
    assert [p.code for p in merged.problems if p.level == "W"].count("MOVE_NEEDS") == 1


@given(st.sampled_from(STATUSES), st.sampled_from(STATUSES), st.fixed_dictionaries({}, optional={"completed_on": st.just(date(2026, 12, 1)), "evidence": st.sampled_from(("", " ", "Plan on file")), "manager_confirmed_by": st.sampled_from((LEAD, "")), "manager_confirmed_on": st.just(date(2026, 12, 1)), "progress_note": st.just("Moved")}))
def test_nothing_that_a_person_types_makes_an_action_verified(was: str, now: str, row: dict[str, Any]) -> None:
    merged = one({**row, "status": now}, {"status": was})
    stands = merged.rows["ACT-1"]
    assert stands["status"] != "Verified" or was == "Verified"
    if stands["status"] in SEEN and was not in SEEN:
        assert str(stands["evidence"]).strip()


def test_what_follows_from_a_change() -> None:
    hand = Hand("Devon Fictionby", datetime(2026, 12, 14, 9), "Tracker")
    held = Action(action_id="ACT-1", cells={"status": "Closed", "revisions": 1})
    moved = after_change(held, {"status": "Reopened", "revised_due_on": date(2027, 1, 8)}, hand)
    assert (moved.cells["reopened_from"], moved.cells["revisions"], moved.cells["last_changed_by"], moved.cells["last_changed_on"]) == ("Closed, 14/12/2026", 2, "Devon Fictionby", date(2026, 12, 14))
    assert after_change(held, {"status": "Closed"}, hand) is held


# ---------------------------------------------------------------- what next, and who

TODAY = date(2026, 12, 18)
HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
RUNGS = Rungs(owner=5, head=15, lead=30, moves=2)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"status": "Open"}, "! Name an owner"), ({"status": "Open", "owner": LEAD}, "! Agree a date"), ({"status": "Open", "owner": LEAD, "due_on": date(2027, 1, 5)}, "○ Carry out"),
        ({"status": "In progress", "owner": LEAD, "due_on": date(2026, 12, 17)}, "✗ Finish it, or move the date"), ({"status": "Done"}, "! Say when it was done"),
        ({"status": "Done", "completed_on": TODAY}, "! Say what the evidence is"), ({"status": "Done", **DONE}, "○ Confirm in supervision"), ({"status": "Checked", **CONFIRMED}, "○ A follow-up may look"),
        ({"status": "Verified"}, "✓ Nothing"), ({"status": "Closed"}, "✓ Nothing"), ({"status": "Not needed"}, "✓ Nothing"), ({"action_text": ""}, ""),
    ],
)  # fmt: skip
def test_the_next_step(row: dict[str, Any], said: str) -> None:
    assert next_step({"action_text": "Visit", **row}, TODAY) == said


@pytest.mark.parametrize(
    ("due", "as_at", "moved", "status", "said"),
    [
        (date(2026, 12, 14), TODAY, 0, "Open", ""), (date(2026, 12, 11), TODAY, 0, "Open", "! Owner and team manager"), (date(2026, 12, 18), date(2026, 12, 29), 0, "Open", "! Owner and team manager"),
        (date(2026, 12, 18), date(2026, 12, 28), 0, "Open", ""), (date(2026, 11, 27), TODAY, 0, "Open", "✗ Head of Service"), (date(2026, 11, 6), TODAY, 0, "In progress", "✗ Principal Social Worker, leadership team"),
        (date(2027, 3, 1), TODAY, 2, "Open", "✗ Principal Social Worker, leadership team"), (date(2026, 11, 6), TODAY, 2, "Done", ""), (None, TODAY, 0, "Escalated", "! Escalated"), (date(2027, 1, 8), TODAY, 0, "Escalated", "! Escalated"),
    ],
)  # fmt: skip
def test_whom_it_has_come_to(due: date | None, as_at: date, moved: int, status: str, said: str) -> None:
    assert escalation({"action_text": "Visit", "due_on": due, "revisions": moved, "status": status}, as_at, HOLIDAYS, RUNGS) == said


@pytest.mark.office
@needs_office
def test_excels_formulas_say_the_same_in_libreoffice(tmp_path: Path) -> None:
    days = (None, date(2026, 12, 17), date(2026, 12, 10), date(2026, 11, 26), date(2026, 11, 4), date(2027, 1, 4))
    pieces = ({}, {"completed_on": TODAY}, DONE, {"completed_on": TODAY, "evidence_ref": "Minutes"}, {"owner": LEAD}, {"owner": LEAD, "revisions": 2}, {"revised_due_on": date(2026, 12, 8), "owner": LEAD})
    rows = {f"ACT-{n}": {**action("Visit"), "status": s, "due_on": d, **p} for n, (s, d, p) in enumerate(product((None, *STATUSES), days, pieces))}
    books = {
        day.isoformat(): write_tracker({ACTIONS.id: rows}, (), (), lists=LISTS, council="Marlbrook", marking="", as_at=datetime.combine(day, datetime.min.time()), holidays=holidays)
        for day, holidays in ((TODAY, HOLIDAYS), (date(2026, 12, 30), HOLIDAYS), (date(2026, 12, 30), frozenset()))
    }  # fmt: skip
    after = recalculated(tmp_path, books)
    assert [changed(books[name], after[name]) for name in books] == [[]] * len(books)


def test_every_status_is_somewhere_to_go_from_and_finished_ones_are_known() -> None:
    assert {to for moves in MOVES.values() for to in moves} <= set(MOVES)
    assert set(SEEN) < set(FINISHED) < set(MOVES)
