"""A return is merged under a person only when everything it carries agrees on whose it is (specification 10, cases 7, 8 and 77)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pytest
from desk_kit import Handed
from kit import HANDED_OUT, book, codes, complete, filled, form, issue
from office import needs_office, recalculated

from qaf_sheets import workspace
from qaf_sheets.book import Book
from qaf_sheets.desk import Desk
from qaf_sheets.forms.identity import not_as_issued, sign
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.read import read_form
from qaf_sheets.model import Value
from qaf_sheets.references import split_cell
from qaf_sheets.verdict import Verdict, judge

Change = Callable[[Book], Book]
MINE, OTHER = 0, 1
"""Two forms of the same activity, issued to two people."""


@cache
def handed(root: Path, activity: str, nth: int = MINE) -> Handed:
    return Handed(root, activity, nth)


@cache
def answered(root: Path, activity: str, nth: int = MINE) -> Book:
    """A complete form, saved by a program that is not ours."""
    return book(handed(root, activity, nth).filled())


def judged(root: Path, found: Book) -> Verdict:
    """What becomes of a workbook, without keeping it."""
    place = workspace.find(root)
    with Desk(place) as at, at.register.reading() as records:
        return judge(found, records, at.plan, workspace_id=place.id, key=place.key, today=date(2026, 12, 14))


def told(verdict: Verdict) -> tuple[str, list[str]]:
    return verdict.outcome, [p.code for p in verdict.problems if p.level == "E"]


def changed(root: Path, *changes: Change, activity: str = "OBS") -> Verdict:
    return judged(root, reduce(lambda it, change: change(it), changes, answered(root, activity)))


def identity_of(root: Path, nth: int, *, key: bytes = b"", workspace_id: str = "") -> dict[str, str]:
    place = workspace.find(root)
    return sign(handed(root, "OBS", nth).issue, workspace_id or place.id, key or place.key)


def sheets(it: Book, **changes: Any) -> Book:
    """The book with other rows on some sheets; None takes a sheet away."""
    return it.model_copy(update={"sheets": {n: rows for n, rows in {**it.sheets, **changes}.items() if rows is not None}})


def cell(sheet: str, at: str, value: Value) -> Change:
    """One cell typed over."""
    row, column = split_cell(at)

    def change(it: Book) -> Book:
        rows = [list(r) for r in it.sheets[sheet]]
        rows[row - 1][column - 1] = value
        return sheets(it, **{sheet: tuple(map(tuple, rows))})

    return change


def hidden_sheet(identity: dict[str, str], name: str = "_qaf") -> Change:
    """Facts of another form's hidden sheet in place of ours, or its whole sheet beside it."""
    def change(it: Book) -> Book:
        rows = dict(it.sheets.get(name, ()))
        return sheets(it, **{name: tuple({**rows, **identity}.items())})

    return change


def properties(identity: dict[str, str]) -> Change:
    return lambda it: it.model_copy(update={"properties": {**it.properties, **{f"qaf_{n}": v for n, v in identity.items()}}})


def reference(text: str) -> Change:
    return lambda it: sheets(it, **{"Start here": tuple((r[0], text, *r[2:]) if r[0] == "Reference" else r for r in it.sheets["Start here"])})


def no_hidden_sheet(it: Book) -> Book:
    return sheets(it, _qaf=None)


def no_properties(it: Book) -> Book:
    return it.model_copy(update={"properties": {}})


def no_front(it: Book) -> Book:
    return sheets(it, **{"Start here": None})


def front_renamed(it: Book) -> Book:
    return sheets(it, **{"Start here": None, "Cover": it.sheets["Start here"]})


# ---------------------------------------------------------------- still recognised


@pytest.mark.parametrize("changes", [(), (no_hidden_sheet,), (no_properties,), (no_front,), (front_renamed,), (no_hidden_sheet, no_front), (reference("see my mail"),)])
def test_a_form_is_known_by_what_is_left_of_its_identity(issued_once: Path, changes: tuple[Change, ...]) -> None:
    verdict = changed(issued_once, *changes)
    assert told(verdict) == ("accepted", [])
    assert verdict.issue == handed(issued_once, "OBS").issue


@pytest.mark.parametrize("name", ["Copy of {}", "{} (1)", "FW_ my form", "RE: {}"])
def test_a_copy_under_another_name_is_the_same_return(council: Path, run: Any, name: str) -> None:
    mine = Handed(council, "OBS")
    mine.drop(mine.filled(), name=f"{name.format(mine.path.stem).replace(':', '')}.xlsx")
    _, said = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [(f["outcome"], f["return_id"]) for f in said["files"]] == [("accepted", mine.issue.return_id)]


# ---------------------------------------------------------------- refused


def test_parts_of_two_peoples_forms_in_one_workbook_are_refused(issued_once: Path) -> None:
    other = identity_of(issued_once, OTHER)
    text = f"{other['return_id']}, for October to December 2026 (Q3 2026-27)"
    for changes in (
        (hidden_sheet(other),), (properties(other),), (hidden_sheet(other), properties(other)), (hidden_sheet(other, "_qaf (2)"),),
        (hidden_sheet(other), no_properties), (properties(other), no_hidden_sheet), (reference(text),), (front_renamed, hidden_sheet(other), no_properties),
    ):  # fmt: skip
        verdict = changed(issued_once, *changes)
        assert told(verdict) == ("not_ours", ["TWO_FORMS"])
        mine = handed(issued_once, "OBS").issue.return_id
        assert mine in verdict.problems[0].message
        assert other["return_id"] in verdict.problems[0].message


@pytest.mark.parametrize("fact", ["return_id", "activity", "quarter", "person_id", "form_version", "signature"])
@pytest.mark.parametrize("where", [hidden_sheet, properties])
def test_one_changed_fact_is_refused_though_the_other_copy_is_whole(issued_once: Path, fact: str, where: Callable[[dict[str, str]], Change]) -> None:
    assert told(changed(issued_once, where({fact: "P999 é"}))) == ("not_ours", ["IDENTITY_CHANGED"])


def test_a_fact_that_stands_twice_is_refused(issued_once: Path) -> None:
    def twice(it: Book) -> Book:
        return sheets(it, _qaf=(*it.sheets["_qaf"], ("person_id", "P999")))

    assert told(changed(issued_once, twice, no_properties)) == ("not_ours", ["IDENTITY_CHANGED"])


def test_a_form_of_another_workspace_is_refused(issued_once: Path) -> None:
    foreign = identity_of(issued_once, MINE, key=b"another key", workspace_id="0123456789abcdef")
    assert told(changed(issued_once, hidden_sheet(foreign), properties(foreign))) == ("not_ours", ["RETURN_UNKNOWN"])
    assert told(changed(issued_once, hidden_sheet(foreign))) == ("not_ours", ["IDENTITY_CHANGED"])
    forged = identity_of(issued_once, OTHER, key=b"a guess")
    assert told(changed(issued_once, hidden_sheet(forged), properties(forged))) == ("not_ours", ["IDENTITY_CHANGED"])


# ---------------------------------------------------------------- what we filled in ourselves


@pytest.mark.parametrize(("activity", "field", "value"), [("OBS", "role_team", "Social worker, Another Team"), ("ROUT", "qa_period", "Q4 2026-27"), ("SERV", "area_of_service", None), ("DIP", "theme", "Another theme")])
def test_a_locked_answer_that_was_typed_over_stops_the_return(issued_once: Path, activity: str, field: str, value: str | None) -> None:
    mine = handed(issued_once, activity)
    sheet = next(p.sheet for p in mine.layout.places if p.field == field)
    found = [(p.code, p.cell) for p in changed(issued_once, cell(sheet, mine.cell(field), value), activity=activity).problems if p.field == field]
    assert found == [("ISSUED_CHANGED", mine.cell(field))]


def test_a_form_for_one_child_used_for_another_is_refused(issued_once: Path) -> None:
    mine = handed(issued_once, "CCR")
    assert "CHILD_NOT_YOURS" in told(changed(issued_once, cell(mine.form.sheet, mine.cell("child_id"), "9999999"), activity="CCR"))[1]


def test_another_persons_answers_pasted_over_mine_do_not_pass_as_mine(issued_once: Path) -> None:
    theirs = answered(issued_once, "OBS", OTHER).sheets["Observation"]
    about = {nth: handed(issued_once, "OBS", nth).issue.facts["about_role_team"] for nth in (MINE, OTHER)}
    assert about[MINE] != about[OTHER]
    assert told(changed(issued_once, lambda it: sheets(it, Observation=theirs))) == ("needs_fixing", ["ISSUED_CHANGED"])


FOLLOW_UP = form("FUP").listed[0].title


@cache
def followed_up() -> Book:
    return book(filled("FUP", complete("FUP")))


def _row_problems(*changes: Change) -> list[tuple[str, str]]:
    read = read_form(reduce(lambda it, change: change(it), changes, followed_up()), form("FUP"), lay_out(form("FUP")), ())
    return codes(not_as_issued(read.content, form("FUP"), issue("FUP")))


def _sorted(it: Book) -> Book:
    first, second = it.sheets[FOLLOW_UP][3:5]
    return sheets(it, **{FOLLOW_UP: (*it.sheets[FOLLOW_UP][:3], second, first, *it.sheets[FOLLOW_UP][5:])})


def _deleted(it: Book) -> Book:
    return sheets(it, **{FOLLOW_UP: (*it.sheets[FOLLOW_UP][:3], *it.sheets[FOLLOW_UP][4:])})


def test_rows_that_were_handed_out_come_back_whole_in_any_order() -> None:
    assert len(HANDED_OUT["follow_up"]) == 2
    assert _row_problems() == []
    assert _row_problems(_sorted) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (cell(FOLLOW_UP, "B4", "A-0099"), [("ISSUED_CHANGED", "B4")]),
        (cell(FOLLOW_UP, "C5", "Another action"), [("ISSUED_CHANGED", "C5")]),
        (cell(FOLLOW_UP, "B5", "A-0012"), [("ISSUED_CHANGED", "B5")]),
        (_deleted, [("ISSUED_LOST", "")]),
    ],
)
def test_a_row_that_is_not_as_it_was_handed_out_is_told(change: Change, expected: list[tuple[str, str]]) -> None:
    assert _row_problems(change) == expected


# ---------------------------------------------------------------- another program


@pytest.mark.office
@needs_office
def test_a_form_saved_by_libreoffice_carries_its_whole_identity(issued_once: Path, tmp_path: Path) -> None:
    (saved,) = recalculated(tmp_path, {"mine": handed(issued_once, "OBS").filled()}).values()
    carried = book(saved)
    assert {"_qaf"} <= set(carried.sheets)
    assert "qaf_signature" in carried.properties
    assert told(judged(issued_once, carried)) == ("accepted", [])
    assert told(judged(issued_once, hidden_sheet(identity_of(issued_once, OTHER))(carried))) == ("not_ours", ["TWO_FORMS"])
