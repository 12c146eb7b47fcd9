"""Case reviews as they might be said: grades, who reviewed, what the family said, what prose must not hold."""

from datetime import date

import pytest
from kit import CHILD, form, issue
from said import ACTION, TODAY, WITH_ACTIONS, cell_of, message, returned, told

from qaf_sheets.checks import Context, check
from qaf_sheets.model import Child, Value

GOOD, RI, INADEQUATE, NA = "Good", "RI", "Inadequate", "NA"
AREAS = tuple(f.id for f in form("CCR").fields if f.beside)


def areas(grade: str, **other: Value) -> dict[str, Value]:
    return {**dict.fromkeys(AREAS, grade), **other}


def test_a_review_in_order_is_accepted_without_a_remark() -> None:
    assert told("CCR", returned("CCR")) == []


@pytest.mark.parametrize(
    ("overall", "graded", "expected"),
    [
        (GOOD, areas(GOOD, planning_grade=INADEQUATE), ["OVERALL_ABOVE_INADEQUATE"]),  # 24
        ("Outstanding", areas("Outstanding", planning_grade=INADEQUATE), ["OVERALL_ABOVE_INADEQUATE"]),
        (GOOD, areas(GOOD, planning_grade=RI), []),
        (GOOD, areas(RI), ["OVERALL_ABOVE_ALL"]),  # 25
        (GOOD, areas(RI, recording_grade=GOOD), []),
        (GOOD, areas(RI, recording_grade=INADEQUATE), ["OVERALL_ABOVE_ALL", "OVERALL_ABOVE_INADEQUATE"]),
        (GOOD, areas(GOOD, recording_grade=NA), []),
        (GOOD, areas(NA), []),
        (INADEQUATE, areas(GOOD), []),
    ],
)
def test_the_overall_grade_beside_the_areas(overall: str, graded: dict[str, Value], expected: list[str]) -> None:
    content = returned("CCR", [ACTION], actions_any=WITH_ACTIONS, overall_grade=overall, **graded)
    assert sorted(told("CCR", content)) == [(code, cell_of("CCR", "overall_grade")) for code in expected]


@pytest.mark.parametrize("reason", [None, "n/a"])
def test_an_area_that_does_not_apply_says_why(reason: Value) -> None:
    content = returned("CCR", multi_agency_review_grade=NA, multi_agency_review=reason)
    assert told("CCR", content) == [("AREA_REASON_MISSING", cell_of("CCR", "multi_agency_review"))]


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"actions_any": "No further action"}, "INADEQUATE_NO_ACTION", "overall_grade"),  # 26
        ({"actions_any": WITH_ACTIONS}, "NO_ACTION_LISTED", "actions_any"),  # 27
    ],
)
def test_inadequate_work_needs_an_action(said: dict[str, Value], code: str, field: str) -> None:
    content = returned("CCR", overall_grade=INADEQUATE, **areas(INADEQUATE), **said)
    assert told("CCR", content) == [(code, cell_of("CCR", field))]
    assert told("CCR", returned("CCR", [ACTION], overall_grade=INADEQUATE, **areas(INADEQUATE), actions_any=WITH_ACTIONS)) == []


@pytest.mark.parametrize(
    ("due", "code"),
    [
        (date(2026, 12, 9), "DUE_BEFORE_WORK"), (date(2026, 12, 10), None), (date(2027, 12, 10), None), (date(2027, 12, 13), "DUE_FAR"),  # 29: the review was on 10 December 2026
    ],
)  # fmt: skip
def test_an_action_is_due_after_the_review_and_within_a_year(due: date, code: str | None) -> None:
    content = returned("CCR", [{**ACTION, "due_on": due}], actions_any=WITH_ACTIONS)
    assert told("CCR", content) == ([(code, "D4")] if code else [])


def test_an_action_with_nothing_but_a_level_lacks_three_things_said_once() -> None:
    assert told("CCR", returned("CCR", [{"level": "Child"}], actions_any=WITH_ACTIONS)) == [("ROW_UNFINISHED", "B4")]


@pytest.mark.parametrize(
    ("said", "listed", "code", "field"),
    [
        ({"sw_pa": "P031"}, Child(child_id=CHILD), "REVIEWER_HOLDS_CASE", "who_reviewed"),  # 48: P031 reviews
        ({}, Child(child_id=CHILD, worker_id="P031"), "REVIEWER_HOLDS_CASE", "who_reviewed"),
        ({"who_reviewed": "Somebody New", "sw_pa": "somebody  new"}, Child(child_id=CHILD), "REVIEWER_HOLDS_CASE", "who_reviewed"),
        ({}, Child(child_id=CHILD, chair_id="P031"), "REVIEWER_CHAIRS_CASE", "who_reviewed"),
        ({"team_manager": "P031"}, Child(child_id=CHILD), "REVIEWER_MANAGES_CASE", "who_reviewed"),
    ],
)
def test_whoever_reviews_is_independent(said: dict[str, Value], listed: Child, code: str, field: str) -> None:
    assert (code, cell_of("CCR", field)) in told("CCR", returned("CCR", **said), "E", children={CHILD: listed})


def test_a_blank_reviewer_holds_no_case_nobody_is_known_to_hold() -> None:
    assert told("CCR", returned("CCR", who_reviewed=None, sw_pa=None), "E") == [("ANSWER_MISSING", cell_of("CCR", "sw_pa")), ("ANSWER_MISSING", cell_of("CCR", "who_reviewed"))]


def test_the_teams_manager_may_review_where_the_council_allows_it() -> None:
    assert told("CCR", returned("CCR", team_manager="P031"), managers_barred=False) == []


@pytest.mark.parametrize(
    ("contact", "said", "expected"),
    [
        ("Both", {}, True), ("Child", {"family_went_well": "tbc"}, True), ("Parent/carer", {"family_could_be_better": "She would like a text first."}, False),
        ("Tried - not reached", {"family_contact_reason": "Three calls and a letter; no reply yet."}, False),
    ],
)  # fmt: skip
def test_views_that_were_heard_are_written_down(contact: str, said: dict[str, Value], expected: bool) -> None:
    found = {(p.code, p.cell) for p in check(returned("CCR", family_contact=contact, **said), form("CCR"), Context(issue=issue("CCR"), today=TODAY))}
    assert (("FAMILY_VIEWS_MISSING", cell_of("CCR", "family_contact")) in found) is expected


@pytest.mark.parametrize("field", ["pen_picture", "where_reviewed"])
@pytest.mark.parametrize(
    "words",
    [
        "Blake Placeholder's visits are weekly, and the child looks forward to them.", "The child (DOB 3/4/2017) lives with an aunt and two cousins.",
        "Born on 3 April 2017, the child lives with an aunt and two cousins.", "On the file as 9434765919, with two referrals this year.", "They moved to ZZ9 9ZZ in the summer and like it there.",
        "They moved to zz99zz in the summer and like it there.",
    ],
)  # fmt: skip
def test_what_looks_like_a_person_is_pointed_out(field: str, words: str) -> None:
    assert told("CCR", returned("CCR", **{field: words})) == [("NAME_IN_TEXT", cell_of("CCR", field))]


@pytest.mark.parametrize(
    "words",
    [
        "The blake placeholders of this world are many; a name inside other words is none.", "Reviewed in Q3 1st, then again on 12/11/2026, as the plan asks.",
        "The office rang 01632 960 123 and 943 476 5918 about the school place.", "Born in a good year; 2 visits a week, 30 minutes each, since May 2026.",
    ],
)  # fmt: skip
def test_ordinary_words_and_numbers_are_no_person(words: str) -> None:
    assert told("CCR", returned("CCR", pen_picture=words)) == []


def test_a_child_looked_at_twice_in_a_month_is_said_once() -> None:
    words = message("CCR", returned("CCR"), "CHILD_ELSEWHERE", elsewhere={CHILD: (("November", "THEM"), ("November", "THEM"), ("December", "DIP"))})
    assert words.count("November") == words.count("December") == 1


def test_beside_what_must_be_put_right_there_is_no_remark() -> None:
    content = returned("CCR", child_id="9304519")
    assert told("CCR", content, "EWI", elsewhere={"9304519": (("November", "DIP"),)}) == [("CHILD_NOT_YOURS", cell_of("CCR", "child_id"))]


def test_a_reviewer_who_is_not_on_the_staff_list_is_only_remarked_on() -> None:
    assert told("CCR", returned("CCR", who_reviewed="Quinn Visitor")) == [("WORKER_UNKNOWN", cell_of("CCR", "who_reviewed"))]
