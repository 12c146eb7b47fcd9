"""The slips of specification section 10 that CCR and DIP allow: each planted in a form, and told by its code at its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pytest
from kit import CHILD, PEOPLE, PROSE, child_row, complete, filled, form, issue, reading

from qaf_sheets.checks import Context, check
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.model import Child, Problem, Value
from qaf_sheets.problems import CATALOGUE

TODAY = date(2026, 12, 14)
WITH_ACTIONS = "Yes, listed on the Actions sheet"
RI, NA = "Requires improvement (RI)", "Not applicable"
ACTION: dict[str, Value] = {"action_text": "Update the plan with the network", "owner": "P016", "due_on": date(2027, 1, 15)}
TEN = tuple(child_row(n) for n in range(10))
LISTED = {c: Child(child_id=c, worker_id="P041", chair_id="P016") for c in (CHILD, *(str(r["child_id"]) for r in TEN))}


class Slip(NamedTuple):
    """One return with one slip: what is told, at which question or cell."""

    case: int
    code: str
    at: str
    activity: str = "CCR"
    said: Mapping[str, Value] = {}
    actions: tuple[Mapping[str, Value], ...] = ()
    children: tuple[Mapping[str, Value], ...] = TEN
    facts: Mapping[str, Any] = {}


def row(n: int, **changes: Value) -> tuple[Mapping[str, Value], ...]:
    """Ten children in order, the nth (from 1) with changes."""
    return tuple({**r, **changes} if i == n else r for i, r in enumerate(TEN, 1))


def judged(slip: Slip) -> tuple[Problem, ...]:
    """Everything that is told of a return."""
    said = complete(slip.activity, **slip.said)
    read = reading(slip.activity, filled(slip.activity, said, slip.actions, slip.children if slip.activity == "DIP" else ()))
    facts = {"people": {p.person_id: p for p in PEOPLE}, "children": LISTED, "minimum": 20, "minimum_ed": 40, **slip.facts}
    return (*read.problems, *check(read.content, form(slip.activity), Context(issue=issue(slip.activity), today=TODAY, **facts)))


def cell(slip: Slip) -> str:
    """Where it is told: a question's cell, or the cell itself."""
    return next((p.cell for p in lay_out(form(slip.activity)).places if p.field == slip.at), slip.at)


def graded(grade: str, **areas: Value) -> dict[str, Value]:
    """Seven areas of one grade, with exceptions."""
    return {**{f.id: grade for f in form("CCR").fields if f.beside}, **areas}


SLIPS = [
    Slip(18, "TOO_LITTLE", "rationale", said={"rationale": "See above"}),
    Slip(18, "TOO_LITTLE", "H5", "DIP", children=row(2, NET1="No", comment="tbc")),
    Slip(18, "NOBODY_NAMED", "sw_pa", said={"sw_pa": "tbc"}),
    Slip(18, "NOBODY_NAMED", "C4", said={"actions_any": WITH_ACTIONS}, actions=({**ACTION, "owner": "TBC"},)),
    Slip(61, "CONCERN_NOT_REPORTED", "concern_reported_to", said={"immediate_concern": "Yes", "concern_reported_to": "to follow"}),
    Slip(19, "SHORT", "rationale", said={"rationale": "It was fine."}),
    Slip(20, "NOT_ON_LIST", "overall_grade", said={"overall_grade": "Good/RI"}),
    Slip(20, "NOT_ON_LIST", "planning_grade", said={"planning_grade": "Fair"}),
    Slip(20, "NOT_ON_LIST", "G6", "DIP", children=row(3, NET2="Perhaps")),
    Slip(21, "READ_AS", "overall_grade", said={"overall_grade": "requires improvement", "bordering_good": "No"}),
    Slip(22, "GRADE_NEEDED", "overall_grade", said={"overall_grade": NA}),
    Slip(22, "GRADE_NEEDED", "overall_grade", said={"overall_grade": None}),
    Slip(23, "AREA_REASON_MISSING", "multi_agency_review", said={"multi_agency_review_grade": NA, "multi_agency_review": None}),
    Slip(24, "OVERALL_ABOVE_INADEQUATE", "overall_grade", said={"recording_grade": "Inadequate"}),
    Slip(25, "OVERALL_ABOVE_ALL", "overall_grade", said=graded(RI)),
    Slip(26, "INADEQUATE_NO_ACTION", "overall_grade", said=graded(RI, overall_grade="Inadequate")),
    Slip(27, "NO_ACTION_LISTED", "actions_any", said={"actions_any": WITH_ACTIONS}),
    Slip(27, "CHOICE_MISSING", "actions_any", said={"actions_any": None}),
    Slip(27, "ANSWER_MISSING", "no_action_reason", said={"no_action_reason": None}),
    Slip(28, "ROW_UNFINISHED", "C4", said={"actions_any": WITH_ACTIONS}, actions=({**ACTION, "owner": None},)),
    Slip(28, "ROW_UNFINISHED", "D5", said={"actions_any": WITH_ACTIONS}, actions=(ACTION, {**ACTION, "due_on": None})),
    Slip(29, "DUE_BEFORE_WORK", "D4", said={"actions_any": WITH_ACTIONS}, actions=({**ACTION, "due_on": date(2026, 12, 1)},)),
    Slip(29, "DUE_FAR", "D4", said={"actions_any": WITH_ACTIONS}, actions=({**ACTION, "due_on": date(2028, 1, 14)},)),
    Slip(30, "NOT_A_WORKING_DAY", "D4", said={"actions_any": WITH_ACTIONS}, actions=({**ACTION, "due_on": date(2026, 12, 25)},), facts={"holidays": frozenset({date(2026, 12, 25)})}),
    Slip(31, "DATE_UNREADABLE", "when_reviewed", said={"when_reviewed": "12/13/26"}),
    Slip(31, "NUMBER_UNREADABLE", "conversation_length", said={"conversation_length": "about an hour"}),
    Slip(33, "IN_FUTURE", "when_reviewed", said={"when_reviewed": date(2026, 12, 20), "discussed_with_tm_on": date(2026, 12, 20)}),
    Slip(35, "CHILD_ID_FORMAT", "B6", "DIP", children=row(3, child_id="Jamie S")),
    Slip(35, "CHILD_ID_FORMAT", "B6", "DIP", children=row(3, child_id="930451")),
    Slip(36, "CHILD_ID_READ_AS", "B6", "DIP", children=row(3, child_id=123456)),
    Slip(36, "CHILD_ID_READ_AS", "B6", "DIP", children=row(3, child_id="9304502.0")),
    Slip(37, "CHILD_NOT_ALLOCATED", "B6", "DIP", children=row(3, child_id="9999999")),
    Slip(37, "CHILD_NOT_YOURS", "child_id", said={"child_id": "9304519"}),
    Slip(38, "CHILD_TWICE", "B11", "DIP", children=row(8, child_id="9304502")),
    Slip(39, "CHILD_ELSEWHERE", "child_id", facts={"elsewhere": {CHILD: (("November", "THEM"),)}}),
    Slip(39, "CHILD_ELSEWHERE", "B6", "DIP", facts={"elsewhere": {"9304502": (("December", "CCR"),)}}),
    Slip(40, "FEWER_ROWS", "", "DIP", children=TEN[:6], said={"fewer_than_ten_reason": "Four records were locked by the court."}),
    Slip(40, "FEWER_REASON_MISSING", "fewer_than_ten_reason", "DIP", children=TEN[:6]),
    Slip(40, "ROWS_NONE", "", "DIP", children=(), said={"fewer_than_ten_reason": PROSE}),
    Slip(41, "ROWS_SKIPPED", "", "DIP", children=(*TEN[:4], {}, {}, *TEN[4:])),
    Slip(42, "ROW_UNFINISHED", "F10", "DIP", children=row(7, NET1=None, NET2=None)),
    Slip(42, "NO_NEEDS_COMMENT", "H5", "DIP", children=row(2, NET1="No")),
    Slip(48, "REVIEWER_HOLDS_CASE", "who_reviewed", said={"who_reviewed": "Blake Placeholder (P041)"}),
    Slip(48, "REVIEWER_CHAIRS_CASE", "who_reviewed", said={"who_reviewed": "P016"}),
    Slip(48, "REVIEWER_MANAGES_CASE", "who_reviewed", said={"team_manager": "Avery Exampleworth (P031)"}),
    Slip(49, "MODERATOR_IS_REVIEWER", "mod_by", "MOD", said={"mod_by": "P041"}),
    Slip(49, "MODERATOR_CHAIRS_CASE", "mod_by", "MOD", said={"mod_by": "P016"}),
    Slip(50, "MODERATION_TOO_EARLY", "mod_on", "MOD", said={"mod_on": date(2026, 12, 1)}),
    Slip(51, "MODERATION_UNEXPLAINED", "mod_change", "MOD", said={"mod_grade": "Inadequate"}),
    Slip(55, "OBSERVED_AGAIN", "person_observed", "OBS", facts={"observed": frozenset({"P041"})}),
    Slip(53, "OBSERVER_NOT_MANAGER", "observer", "OBS", said={"observer": "Devon Fictionby (P016)"}),
    Slip(69, "TEAM_CHANGED", "", facts={"people": {p.person_id: p.model_copy(update={"team": "Assessment B"}) for p in PEOPLE}}),
    Slip(70, "LEVEL_MOVED", "level_of_need", said={"level_of_need": "Child Protection"}, facts={"children": {CHILD: Child(child_id=CHILD, level_of_need="Child in Need")}}),
    Slip(71, "CASE_ENDED", "child_id", facts={"children": {CHILD: Child(child_id=CHILD, closed_on=date(2026, 12, 1))}}),
    Slip(71, "CASE_ENDED", "B6", "DIP", children=row(3), facts={"children": {**LISTED, "9304502": Child(child_id="9304502", turns_18_on=date(2026, 12, 1))}}),
    Slip(77, "CHILD_NOT_YOURS", "child_id", said={"child_id": "9304502"}),
    Slip(57, "ED_MISSING", "ed_response", said={"ed_response": None}),
    Slip(58, "FEEDBACK_OUTSTANDING", "fb_verbal_on"),
    Slip(59, "FEEDBACK_BEFORE_WORK", "fb_written_on", said={"fb_written_on": date(2026, 12, 1)}),
    Slip(59, "DISCUSSED_BEFORE_WORK", "discussed_with_tm_on", said={"discussed_with_tm_on": date(2026, 12, 1)}),
    Slip(60, "FAMILY_REASON_MISSING", "family_contact_reason", said={"family_contact": "Tried - not reached"}),
    Slip(60, "FAMILY_VIEWS_MISSING", "family_contact", said={"family_contact": "Both"}),
    Slip(61, "CONCERN_NOT_REPORTED", "concern_reported_to", said={"immediate_concern": "Yes"}),
    Slip(61, "CONCERN_NOT_REPORTED", "J5", "DIP", children=row(2, immediate_concern="Yes")),
    Slip(61, "IMMEDIATE_CONCERN", "I5", "DIP", children=row(2, immediate_concern="Yes", concern_reported_to="P016")),
    Slip(62, "NAME_IN_TEXT", "pen_picture", said={"pen_picture": "Blake Placeholder has known the child for two years and visits weekly."}),
    Slip(62, "NAME_IN_TEXT", "pen_picture", said={"pen_picture": "The child, born 03/04/2017, lives with an aunt and two cousins."}),
    Slip(62, "NAME_IN_TEXT", "pen_picture", said={"pen_picture": "The record holds 943 476 5919 at the top of each page."}),
    Slip(62, "NAME_IN_TEXT", "H5", "DIP", children=row(2, NET1="No", comment="The network lives at ZZ9 9ZZ and has not been rung.")),
    Slip(62, "CHILD_NAMED", "pen_picture", said={"child_name": "Robin Notareal", "pen_picture": "Robin likes drawing and is proud of a new school coat."}),
    Slip(63, "TOO_LONG", "overall_evaluation", said={"overall_evaluation": "x" * 32_767}),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{s.case}-{s.code}-{s.at}-{n}" for n, s in enumerate(SLIPS)])
def test_a_slip_is_told_at_its_cell(slip: Slip) -> None:
    expected = cell(slip)
    told = [(p.code, p.cell, p.level) for p in judged(slip)]
    assert (slip.code, expected, CATALOGUE[slip.code].level) in told, told
    assert CATALOGUE[slip.code].case == slip.case or slip.code in ("CHILD_NOT_YOURS", "NUMBER_UNREADABLE", "CHOICE_MISSING", "ANSWER_MISSING", "ROW_UNFINISHED", "TOO_LITTLE")


QUIET = {"FEEDBACK_OUTSTANDING", "FAMILY_VIEWS_MISSING"}


@pytest.mark.parametrize("activity", ["CCR", "DIP", "MOD"])
def test_a_return_in_order_has_nothing_to_put_right(activity: str) -> None:
    assert {p.code for p in judged(Slip(0, "", "", activity))} <= QUIET


def test_a_reviewer_may_manage_the_worker_where_the_council_allows_it() -> None:
    slip = Slip(48, "", "", said={"team_manager": "Avery Exampleworth (P031)"}, facts={"managers_barred": False})
    assert {p.code for p in judged(slip)} <= QUIET


def test_not_applicable_stands_where_its_reason_does() -> None:
    slip = Slip(23, "", "", said={"multi_agency_review_grade": NA, "multi_agency_review": "No other agency works with this family at present."})
    assert {p.code for p in judged(slip)} <= QUIET


@pytest.mark.parametrize("words", ["Will the plan be kept? Hope is high.", "The rose garden is where the child plays every day."])
def test_a_name_that_is_also_a_word_is_only_one_with_a_capital(words: str) -> None:
    named = {p.code for p in judged(Slip(62, "", "", said={"child_name": "Rose Madeupton", "pen_picture": words}))}
    assert named <= QUIET


def test_typed_letters_in_an_id_go_nowhere() -> None:
    read = reading("DIP", filled("DIP", complete("DIP"), (), row(1, child_id="Jamie Sampleton")))
    assert "Jamie" not in read.content.model_dump_json() + "".join(p.message for p in read.problems)
    assert read.content.rows["children"][0]["child_id"].withheld
    assert read.as_typed.rows["children"][0]["child_id"].value == "Jamie Sampleton"
