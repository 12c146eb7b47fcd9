"""Each case of specification section 10 that these forms can meet: a planted answer in, its problem and cell out."""

from datetime import date
from typing import Any

import pytest
from kit import PEOPLE, PROSE, Q3, codes, complete, filled, form, issue, reading

from qaf_sheets.checks import Context, check
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.model import Value

TODAY = date(2026, 12, 18)
ACTION: dict[str, Value] = {"action_text": "Update the plan with the family's network", "owner": "Avery Exampleworth (P031)", "due_on": date(2027, 1, 15)}
YES = "Yes, listed on the Actions sheet"


def found(activity: str, changes: dict[str, Value], rows: tuple[dict[str, Value], ...] = (), levels: str = "EW", today: date = TODAY) -> list[tuple[str, str]]:
    context = Context(issue=issue(activity), today=today, people={p.person_id: p for p in PEOPLE}, holidays=frozenset({date(2026, 12, 25)}), minimum=20, minimum_ed=40)
    content = reading(activity, filled(activity, complete(activity, **changes), rows)).content
    return [c for c in codes(check(content, form(activity), context), *levels) if c[0] != "FEEDBACK_OUTSTANDING" or "fb_verbal_on" in changes]


def at(activity: str, field: str) -> str:
    return next(p.cell for p in lay_out(form(activity)).places if p.field == field)


@pytest.mark.parametrize("activity", ["ROUT", "SERV", "OBS"])
def test_a_complete_return_has_nothing_to_put_right(activity: str) -> None:
    assert found(activity, {}) == []
    assert found(activity, {"actions_any": YES}, (ACTION,)) == []


@pytest.mark.parametrize(
    ("activity", "changes", "code", "field"),
    [
        ("ROUT", {"well": None}, "ANSWER_MISSING", "well"),  # 17
        ("ROUT", {"well": "   "}, "ANSWER_MISSING", "well"),  # 18
        ("ROUT", {"date_of_summary": None}, "DATE_MISSING", "date_of_summary"),
        ("OBS", {"nature": None}, "CHOICE_MISSING", "nature"),
        ("ROUT", {"well": "tbc"}, "TOO_LITTLE", "well"),
        ("ROUT", {"well": "See above"}, "TOO_LITTLE", "well"),
        ("ROUT", {"well": "."}, "TOO_LITTLE", "well"),
        ("ROUT", {"well": "Visits good."}, "SHORT", "well"),  # 19
        ("ROUT", {"ed_response": "Well, by and large, it does."}, "SHORT", "ed_response"),
        ("OBS", {"observed_on": date(2026, 12, 19)}, "IN_FUTURE", "observed_on"),  # 33
        ("OBS", {"completed_on": date(2027, 1, 9)}, "IN_FUTURE", "completed_on"),
        ("OBS", {"observed_on": date(2026, 9, 28)}, "OUTSIDE_QUARTER", "observed_on"),  # 34
        ("OBS", {"strengths": "Good"}, "GRADE_ON_OBSERVATION", "strengths"),  # 52
        ("OBS", {"other_comments": "Overall grade: Requires improvement"}, "GRADE_ON_OBSERVATION", "other_comments"),
        ("OBS", {"reflections": "We agreed this should be graded as Inadequate and talked it through."}, "GRADE_ON_OBSERVATION", "reflections"),
        ("OBS", {"person_observed": "Nobody Knownhere"}, "PERSON_UNKNOWN", "person_observed"),  # 54
        ("OBS", {"person_observed": "P042"}, "PERSON_LEFT", "person_observed"),
        ("OBS", {"observer": "Somebody Else"}, "WORKER_UNKNOWN", "observer"),
        ("OBS", {"nature": "Other"}, "NATURE_MISSING", "nature_other"),  # 56
        ("OBS", {"ed_response": None}, "ED_MISSING", "ed_response"),  # 57
        ("SERV", {"ed_evaluation": None}, "ED_MISSING", "ed_evaluation"),
        ("OBS", {"immediate_concern": "Yes"}, "CONCERN_NOT_REPORTED", "concern_reported_to"),  # 61
        ("OBS", {"immediate_concern": "Yes", "concern_reported_to": "P016"}, "IMMEDIATE_CONCERN", "immediate_concern"),
        ("OBS", {"nature": "Visit", "child_id": None}, "ANSWER_MISSING", "child_id"),
        ("OBS", {"nature": "Meeting", "multi_agency_working": PROSE, "involvement_of_family": PROSE}, "ANSWER_MISSING", "leadership"),
        ("OBS", {"fb_verbal_on": None}, "FEEDBACK_OUTSTANDING", "fb_verbal_on"),  # 58
        ("ROUT", {"actions_any": "No further action", "no_action_reason": None}, "ANSWER_MISSING", "no_action_reason"),  # 27
        ("ROUT", {"actions_any": YES}, "NO_ACTION_LISTED", "actions_any"),
    ],
)  # fmt: skip
def test_one_planted_answer(activity: str, changes: dict[str, Any], code: str, field: str) -> None:
    assert found(activity, changes) == [(code, at(activity, field))]


@pytest.mark.parametrize("words", ["Good rapport with the whole family.", "A good plan, outstanding tasks are listed.", "Outstanding actions were agreed: two visits."])
def test_ordinary_words_are_not_taken_for_a_grade(words: str) -> None:
    assert found("OBS", {"strengths": words}) == []


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ({**ACTION, "owner": None}, "ROW_UNFINISHED", "C4"),  # 28
        ({**ACTION, "due_on": None}, "ROW_UNFINISHED", "D4"),
        ({"intended_impact": "The child is heard"}, "ROW_UNFINISHED", "B4"),
        ({**ACTION, "due_on": date(2027, 1, 16)}, "NOT_A_WORKING_DAY", "D4"),  # 30
        ({**ACTION, "due_on": date(2026, 12, 25)}, "NOT_A_WORKING_DAY", "D4"),
    ],
)
def test_one_planted_action(row: dict[str, Value], code: str, cell: str) -> None:
    assert found("ROUT", {"actions_any": YES}, (row,)) == [(code, cell)]


def test_actions_beside_no_further_action_are_kept_and_said() -> None:
    assert found("ROUT", {}, (ACTION,)) == [("ACTIONS_UNEXPECTED", at("ROUT", "actions_any"))]


def test_all_problems_are_told_at_once_and_none_twice() -> None:
    changes: dict[str, Value] = {"well": None, "worried": "tbc", "ed_understanding": None, "actions_any": None, "completed_on": date(2027, 5, 1)}
    assert sorted(found("ROUT", changes)) == sorted([
        ("ANSWER_MISSING", at("ROUT", "well")), ("TOO_LITTLE", at("ROUT", "worried")), ("ED_MISSING", at("ROUT", "ed_understanding")),
        ("CHOICE_MISSING", at("ROUT", "actions_any")), ("IN_FUTURE", at("ROUT", "completed_on")),
    ])  # fmt: skip


def test_no_observation_form_offers_a_grade() -> None:
    words = {o.text.casefold() for f in (*form("OBS").fields, *form("OBS").tables[0].columns) for o in f.options}
    assert words & {"outstanding", "good", "ri", "requires improvement (ri)", "inadequate"} == set()
    assert issue("OBS").quarter == Q3
