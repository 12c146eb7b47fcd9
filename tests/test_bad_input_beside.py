"""What people leave beside the answers (case 47): comments, hidden rows and sheets, sheets of their own; read from any program's file, and told."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from kit import book, edited
from openpyxl.comments import Comment

from qaf_sheets.forms.fix import REMARK
from qaf_sheets.problems import CATALOGUE

KEPT = {"COMMENT_NOT_READ", "ROW_HIDDEN", "SHEET_HIDDEN", "SHEET_NOT_READ"}


def workbook(*changes: Callable[[Any], None]) -> bytes:
    """A workbook with a sheet "One" and a few words on it, changed."""
    made = openpyxl.Workbook()
    made.active.title = "One"
    made.active["B2"], made.active["B5"] = "Asked", "Said"
    for change in changes:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, **parts: str) -> bytes:
    """A workbook with more parts, or other ones, by path with _ for /."""
    out = io.BytesIO()
    named = {name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry, old.read(entry))
        for name, body in named.items():
            new.writestr(name, body)
    return out.getvalue()


def say(cell: str, text: str, sheet: str = "One") -> Callable[[Any], None]:
    def change(made: Any) -> None:
        made[sheet][cell].comment = Comment(text, "A manager")

    return change


def hide(*rows: int, sheet: str = "One") -> Callable[[Any], None]:
    def change(made: Any) -> None:
        for row in rows:
            made[sheet].row_dimensions[row].hidden = True

    return change


def test_comments_are_read_by_sheet_and_cell() -> None:
    assert book(workbook(say("B2", "Please ring me"), say("C9", "Ask the chair"))).comments == {"One": {"B2": "Please ring me", "C9": "Ask the chair"}}
    assert book(workbook()).comments == {}


RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="{target}"
 Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"/></Relationships>"""
THREAD = """<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<threadedComment ref="B5" dT="2026-12-01T10:00:00.00" personId="{1}" id="{2}"><text>Is this the right plan?</text></threadedComment>
<threadedComment ref="B5" dT="2026-12-01T11:00:00.00" personId="{1}" id="{3}" parentId="{2}"><text>Yes, the newest one.</text></threadedComment>
</ThreadedComments>"""


@pytest.mark.parametrize("target", ["../threadedComments/threadedComment1.xml", "/xl/threadedComments/threadedComment1.xml"])
def test_threaded_comments_are_read_with_their_replies(target: str) -> None:
    data = with_part(workbook(), xl__worksheets___rels__sheet1_dot_xml_dot_rels=RELATIONS.format(target=target), xl__threadedComments__threadedComment1_dot_xml=THREAD)
    assert book(data).comments == {"One": {"B5": "Is this the right plan?\nYes, the newest one."}}


@pytest.mark.parametrize("part", ["", "not XML", "<open>", '<comments xmlns="x"><comment ref="A1"/></comments>'])
def test_comments_that_cannot_be_read_never_cost_the_answers(part: str) -> None:
    found = book(with_part(workbook(say("B2", "Please ring me")), xl__comments__comment1_dot_xml=part))
    assert (found.comments, found.cell("One", 5, 2)) == ({}, "Said")


def test_hidden_rows_are_read_as_any_program_writes_them() -> None:
    data = workbook(hide(5, 9))
    assert book(data).hidden_rows == {"One": frozenset({5, 9})}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    as_libreoffice = xml.replace('hidden="1"', 'hidden="true" customHeight="false"').replace('<row r="2"', '<row r="2" hidden="false"')
    assert book(with_part(data, xl__worksheets__sheet1_dot_xml=as_libreoffice)).hidden_rows == {"One": frozenset({5, 9})}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_known(state: str) -> None:
    def change(made: Any) -> None:
        made.create_sheet("Two")["A1"] = "Here"
        made["Two"].sheet_state = state

    assert book(workbook(change)).hidden == {"Two"}


# ---------------------------------------------------------------- told of a return


def own_sheet(made: Any) -> None:
    made.create_sheet("My notes")["B3"] = "The aunt rang on Tuesday."


def empty_sheet(made: Any) -> None:
    made.create_sheet("Sheet1")


def hide_actions(made: Any) -> None:
    made["Actions"].sheet_state = "hidden"


@pytest.fixture
def told(council: Path, run: Run) -> Callable[..., tuple[Handed, list[tuple[str, str, str]]]]:
    """Drop an observation with actions after some changes; gives what is told of its workbook as (code, sheet, cell). It is accepted all the same."""

    def drop(*changes: Callable[[Any], None], rows: tuple[dict[str, Any], ...] = (ACTION,)) -> tuple[Handed, list[tuple[str, str, str]]]:
        handed = Handed(council, "OBS")
        data = handed.filled(handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None), rows)
        for change in changes:
            data = edited(data, change)
        handed.drop(data)
        code, found = run("ingest", "--no-outputs", "--json", "--workspace", council)
        assert (code, found["files"][0]["outcome"]) == (0, "accepted")
        return handed, [(p["code"], p["sheet"], p["cell"]) for p in found["files"][0]["problems"] if p["code"] in KEPT]

    return drop


def test_a_return_with_nothing_beside_its_answers_hears_nothing_of_it(told: Any) -> None:
    assert told(empty_sheet)[1] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (say("C11", "I can say more on the phone", "Observation"), ("COMMENT_NOT_READ", "Observation", "C11")),
        (say("B4", "Agreed with the team", "Actions"), ("COMMENT_NOT_READ", "Actions", "B4")),
        (say("C11", f"{REMARK}this is ours, kept from the copy", "Observation"), None),
        (hide(11, sheet="Observation"), ("ROW_HIDDEN", "Observation", "C11")),
        (hide(4, sheet="Actions"), ("ROW_HIDDEN", "Actions", "B4")),
        (hide(9, 60, sheet="Actions"), None),
        (hide_actions, ("SHEET_HIDDEN", "Actions", "")),
        (own_sheet, ("SHEET_NOT_READ", "My notes", "")),
    ],
)
def test_what_stands_beside_the_answers_is_told(told: Any, change: Callable[[Any], None], expected: tuple[str, str, str] | None) -> None:
    assert told(change)[1] == ([expected] if expected else [])
    assert {CATALOGUE[c].level for c in KEPT} == {"W"}


def rename(old: str, new: str) -> Callable[[Any], None]:
    def change(made: Any) -> None:
        made[old].title = new

    return change


@pytest.mark.parametrize("old", ["Observation", "Actions"])
def test_a_sheet_of_the_form_under_another_name_is_read_and_not_called_foreign(told: Any, old: str) -> None:
    assert told(rename(old, "Final version"))[1] == []


def test_the_copy_to_put_right_brings_no_remark_on_our_own_sheets_and_comments(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(strengths="tbc", observed_on="12/13/26")))
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    copy = council / "Needs fixing" / handed.issue.person_id / handed.path.name

    def mend(made: Any) -> None:
        for field, value in {"strengths": "She listened, and named what had gone well.", "observed_on": date(2026, 12, 10)}.items():
            made["Observation"][handed.cell(field)] = value

    mended = edited(copy.read_bytes(), mend)
    assert book(mended).comments["Observation"]
    handed.drop(mended)
    _, found = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert found["files"][0]["outcome"] == "accepted"
    assert KEPT & {p["code"] for p in found["files"][0]["problems"]} == set()


def test_a_table_that_went_missing_is_not_also_called_empty(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    data = handed.filled(handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None), (ACTION,))

    def remove(made: Any) -> None:
        del made["Actions"]

    handed.drop(edited(data, remove))
    _, found = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [(p["code"], p["sheet"]) for p in found["files"][0]["problems"] if p["level"] == "E"] == [("SHEET_MISSING", "Actions")]
