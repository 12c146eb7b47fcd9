"""Dip samples as they might be said: which children, how many, and what each row needs."""

from datetime import date

import pytest
from kit import child_row
from said import ACTION, TEN, WITH_ACTIONS, cell_of, message, returned, told

from qaf_sheets.model import Value

WHY = "Four records were closed to us while the court looks at them."


def with_row(n: int, **changes: Value) -> tuple[dict[str, Value], ...]:
    """Ten children, the nth with changes."""
    return tuple({**r, **changes} if i == n else r for i, r in enumerate(TEN, 1))


def test_ten_children_in_order_need_nothing_more() -> None:
    assert told("DIP", returned("DIP")) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (with_row(3, team=None), [("ROW_UNFINISHED", "D6")]),  # 42
        (with_row(3, NET1=None, NET2=None), [("ROW_UNFINISHED", "F6")]),
        ((*TEN, child_row(10, child_id=None)), [("ROW_UNFINISHED", "B14")]),
        (with_row(3, NET2="No"), [("NO_NEEDS_COMMENT", "H6")]),
        (with_row(3, NET2="No", comment="see above"), [("TOO_LITTLE", "H6")]),  # 18
        (with_row(3, NET2="No", comment="No plan."), []),
        (with_row(3, immediate_concern="Yes"), [("CONCERN_NOT_REPORTED", "J6")]),  # 61
        (with_row(3, immediate_concern="Yes", concern_reported_to="P016"), [("IMMEDIATE_CONCERN", "I6")]),
        (with_row(3, worker="Quinn Visitor"), [("WORKER_UNKNOWN", "E6")]),  # 54
        (with_row(3, child_id="9999999"), [("CHILD_NOT_ALLOCATED", "B6")]),  # 37
        (with_row(8, child_id="9304502"), [("CHILD_TWICE", "B11")]),  # 38
        (with_row(3, comment="Blake Placeholder could not point me to it."), [("NAME_IN_TEXT", "H6")]),  # 62
        ((*TEN[:9], {"child_id": "9304509"}), [("ROW_UNFINISHED", "C13")]),
    ],
)
def test_one_row_of_ten(rows: tuple[dict[str, Value], ...], expected: list[tuple[str, str]]) -> None:
    assert told("DIP", returned("DIP", children=rows)) == expected


def test_a_child_three_times_is_told_at_both_later_rows() -> None:
    rows = (*TEN[:8], child_row(0), child_row(0))
    assert told("DIP", returned("DIP", children=rows), "E") == [("CHILD_TWICE", "B12"), ("CHILD_TWICE", "B13")]


@pytest.mark.parametrize(
    ("how_many", "why", "expected"),
    [
        (10, None, []),
        (9, WHY, [("FEWER_ROWS", "")]),
        (9, None, [("FEWER_REASON_MISSING", "why"), ("FEWER_ROWS", "")]),
        (9, "n/a", [("TOO_LITTLE", "why"), ("FEWER_ROWS", "")]),
        (0, WHY, [("ROWS_NONE", "")]),
        (0, None, [("FEWER_REASON_MISSING", "why"), ("ROWS_NONE", "")]),
    ],
)
def test_fewer_than_ten_children_are_explained(how_many: int, why: Value, expected: list[tuple[str, str]]) -> None:
    content = returned("DIP", children=TEN[:how_many], fewer_than_ten_reason=why)
    assert told("DIP", content) == [(code, cell_of("DIP", "fewer_than_ten_reason") if cell == "why" else cell) for code, cell in expected]


def test_a_table_that_could_not_be_found_is_not_said_to_be_empty() -> None:
    content = returned("DIP", children=(), actions_any=WITH_ACTIONS)
    assert told("DIP", content, lost_tables=frozenset({"Children", "Actions"})) == []
    assert told("DIP", content, "E", lost_tables=frozenset({"Children"})) == [("NO_ACTION_LISTED", cell_of("DIP", "actions_any"))]


def test_an_unfinished_row_names_what_it_lacks() -> None:
    words = message("DIP", returned("DIP", children=with_row(7, team=None, NET1=None, NET2=None)), "ROW_UNFINISHED")
    assert all(name in words for name in ("Child 7", "Team", "questions 1 and 2"))
    assert len(words.split()) <= 30


def test_a_row_that_lacks_nearly_everything_is_still_told_in_thirty_words() -> None:
    words = message("DIP", returned("DIP", children=(*TEN[:9], {"worker": "P041"})), "ROW_UNFINISHED")
    assert "questions 1 and 2" in words
    assert len(words.split()) <= 30


def test_an_action_for_a_child_we_do_not_know_is_remarked_on() -> None:
    content = returned("DIP", [{**ACTION, "child_id": "9999999"}, {**ACTION, "child_id": "9304503"}], actions_any=WITH_ACTIONS)
    assert told("DIP", content) == [("CHILD_NOT_ALLOCATED", "B4")]


def test_a_dip_sample_has_no_day_of_the_work_so_a_year_is_counted_from_today() -> None:
    due = [{**ACTION, "due_on": d} for d in (date(2027, 12, 14), date(2027, 12, 15))]
    assert told("DIP", returned("DIP", due, actions_any=WITH_ACTIONS)) == [("DUE_FAR", "E5")]
