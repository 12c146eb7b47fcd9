"""Rules that a plan cannot satisfy, and people who cannot do what they were dealt: told by sheet and cell, never a crash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from plan_kit import EXAMPLE, TODAY, as_book, cell, changed, faults, new_row, planted

from qaf_sheets.model import Value

SECOND: dict[str, Value] = {"who": "HOS", "activity": "ROUT", "count": 1, "per": "quarter", "unit": "person", "on": "Yes", "clause": "Section 4, 4.2"}


def place(row: Mapping[str, Value]) -> str:
    """The first cell of a row."""
    return next(iter(row))


# ---------------------------------------------------------------- rules that contradict


@pytest.mark.parametrize(
    "values, clash",
    [
        ({}, True), ({"who": "HOS, AD"}, True), ({"on": "No"}, False), ({"unit": "area"}, False), ({"activity": "DIP"}, True), ({"who": "IRO"}, False),
        ({"active_from": "01/04/2020", "active_to": "31/03/2021"}, True), ({"who": "all_managers"}, False), ({"who": "all_managers", "activity": "DIP"}, True),
        ({"unit": "owner", "owner": "P014", "activity": "C_EH"}, True), ({"unit": "owner", "owner": "P015", "activity": "C_EH"}, False),
        ({"who": "line manager", "about": "TM", "activity": "OBS", "unit": "pair", "per": "year"}, True), ({"who": "line manager", "about": "HOS", "activity": "OBS", "unit": "pair", "per": "year"}, False),
    ],
)  # fmt: skip
def test_two_rules_that_ask_the_same_of_the_same_people(values: dict[str, str], clash: bool) -> None:
    row = new_row("Rules", rule_id="R90", **{**SECOND, **values})
    assert faults(planted(row)) == ([("PLAN_RULES_CLASH", place(row))] if clash else [])


def test_two_rules_one_after_the_other_do_not_contradict() -> None:
    row = new_row("Rules", rule_id="R90", **{**SECOND, "active_from": "01/04/2027"})
    assert faults(planted({**row, cell("Rules", "R01", "To"): "31/03/2027"})) == []


# ---------------------------------------------------------------- ids that name folders


@pytest.mark.parametrize("person", ["../P900", "P9/00", "P9\\00", "..", ".P900", "P900.", "CON", "nul", "Com1", "P9:00", "P900*", "Avery Madeup", "P" * 41])
def test_an_id_that_no_folder_could_have_is_refused(person: str) -> None:
    row = new_row("People", person_id=person, name="Avery Madeup", role="SW", line_manager_id="P014")
    assert ("PLAN_ID_UNUSABLE", cell_of(row, person)) in faults(planted(row))


@pytest.mark.parametrize("person", ["P900", "p-900", "Ärztin_9", "CON1", "900"])
def test_an_id_that_is_a_plain_word_is_in_order(person: str) -> None:
    row = new_row("People", person_id=person, name="Avery Madeup", role="SW", line_manager_id="P014")
    assert "PLAN_ID_UNUSABLE" not in {code for code, _ in faults(planted(row))}


def cell_of(row: Mapping[str, Value], value: str) -> str:
    """Where a value of a row was put."""
    return next(place for place, v in row.items() if v == value)


# ---------------------------------------------------------------- nobody to owe it


@pytest.mark.parametrize("name, value", [("ccr_pool", "COMPL"), ("obs_roles", "DCS"), ("all_managers", "PSW")])
def test_a_setting_that_lists_people_who_are_here_is_in_order(name: str, value: str) -> None:
    assert "PLAN_NO_OWNER" not in {code for code, _ in faults(as_book(changed(settings={name: value})))}


def nobody(name: str) -> list[tuple[str, str]]:
    plan = EXAMPLE.model_copy(update={"people": tuple(p for p in EXAMPLE.people if p.role != "COMPL"), "settings": {**EXAMPLE.settings, name: "COMPL"}})
    return [f for f in faults(as_book(plan)) if f[0] == "PLAN_NO_OWNER"]


@pytest.mark.parametrize("name, there", [("ccr_pool", [("R13", "Who owes it"), ("R14", "Who owes it")]), ("obs_roles", [("R15", "About")]), ("dip_roles", [("R06", "Set by")])])
def test_a_setting_that_excludes_everyone(name: str, there: list[tuple[str, str]]) -> None:
    assert nobody(name) == [("PLAN_NO_OWNER", cell("Rules", rule, column)) for rule, column in there]


def test_an_owner_who_is_out_of_scope() -> None:
    assert ("PLAN_NO_OWNER", cell("Rules", "R21-COMP", "Named owner")) in faults(planted({cell("People", "P093", "In scope"): "No"}))


def test_a_rule_of_supervisors_where_nobody_supervises() -> None:
    alone = EXAMPLE.model_copy(update={"people": tuple(p.model_copy(update={"line_manager_id": ""}) for p in EXAMPLE.people)})
    assert ("PLAN_NO_OWNER", cell("Rules", "R18", "About")) in faults(as_book(alone))


# ---------------------------------------------------------------- shared duties


def test_too_few_to_share_what_is_asked() -> None:
    there = cell("Rules", "R13", "Who owes it")
    assert [("PLAN_POOL_SMALL", there) in faults(as_book(changed(settings={"ccr_pool": who})), today=TODAY) for who in ("HOS, PSW, AP", "HOS")] == [False, True]
    assert ("PLAN_POOL_SMALL", there) in faults(as_book(changed(settings={"ccr_most_each": "1"})), today=TODAY)


def test_everyone_who_shares_a_duty_has_a_piece_of_it() -> None:
    one = next(a.reviewer_id for a in EXAMPLE.allocations if [b.reviewer_id for b in EXAMPLE.allocations].count(a.reviewer_id) == 1)
    other = next(p.person_id for p in EXAMPLE.people if p.role == "IRO" and p.person_id != one)
    dealt = tuple(a.model_copy(update={"reviewer_id": other}) if a.reviewer_id == one else a for a in EXAMPLE.allocations)
    found = faults(as_book(EXAMPLE.model_copy(update={"allocations": dealt, "children": tuple(c.model_copy(update={"chair_id": ""}) for c in EXAMPLE.children)})), today=TODAY)
    assert found == [("PLAN_NO_SHARE", cell("Rules", "R13", "How many"))]


def test_a_reviewer_outside_the_pool() -> None:
    assert faults(planted({"Allocation!D5": "P092"}), today=TODAY)[-1] == ("PLAN_NOT_IN_POOL", "Allocation!D5")


def test_a_reviewer_who_is_away() -> None:  # case 68
    rows = [f"Allocation!D{n}" for n, a in enumerate(EXAMPLE.allocations, 5) if a.reviewer_id == "P020"]
    away = {cell("People", "P020", "Absent from"): "01/09/2026", cell("People", "P020", "Absent to"): "31/12/2026"}
    assert faults(planted(away), today=TODAY) == [("PLAN_REVIEWER_AWAY", there) for there in rows]
    assert faults(planted(away), today=date(2027, 5, 3))[-1:] != [("PLAN_REVIEWER_AWAY", rows[0])]


# ---------------------------------------------------------------- people


def test_a_post_that_is_vacant_is_told_with_who_stands_in() -> None:
    there = cell("People", "P015", "Left")
    book = planted({there: "30/11/2026"})
    assert ("PLAN_HEAD_LEFT", there) in faults(book, today=date(2026, 12, 1))
    assert ("PLAN_HEAD_LEFT", there) not in faults(book, today=date(2026, 11, 30))


def test_development_focus_needs_a_day() -> None:
    yes = {cell("People", "P041", "Development focus"): "Yes"}
    assert faults(planted(yes)) == [("PLAN_FOCUS_UNDATED", cell("People", "P041", "New in role since"))]
    assert faults(planted({**yes, cell("People", "P041", "New in role since"): "01/10/2026"})) == []


# ---------------------------------------------------------------- learning events


@pytest.mark.parametrize("said, today, is_told", [("", date(2027, 1, 13), True), ("", date(2027, 1, 12), False), ("", date(2027, 1, 28), False), ("To be confirmed", date(2027, 1, 15), False)])
def test_a_learning_event_that_nobody_wrote_of(said: str, today: date, is_told: bool) -> None:
    plan = EXAMPLE.model_copy(update={"calendar": tuple(e.model_copy(update={"learning_event": said}) for e in EXAMPLE.calendar)})
    found = faults(as_book(plan), today=today)
    assert ("PLAN_LEARNING_BLANK" in {code for code, _ in found}) is is_told
