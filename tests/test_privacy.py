"""A child's name that stands wherever a person might put it, the file's own name among them: nothing of ours says it afterwards (design decision 9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from kit import CHILD, complete, edited, filled, reading
from openpyxl.comments import Comment
from test_child_name import NAME, NARRATIVE, said

from qaf_sheets import workspace
from qaf_sheets.commands.watch import Service
from qaf_sheets.desk import Desk
from qaf_sheets.forms.names import NAMED
from qaf_sheets.model import Value

WORDS = tuple(part.encode() for part in NAME.casefold().split())


def found(council: Path) -> list[str]:
    """Everything of ours in a workspace that holds the name."""
    return [where for where, data in said(council) if any(word in data.lower() for word in WORDS)]


def everywhere(one: Handed, **changes: Value) -> bytes:
    """A case review that names the child in answers, comments, a sheet's name and on it, a hidden row, and the document's properties."""

    def beside(book: Any) -> None:
        sheet = book["Review"]
        sheet[one.cell("pen_picture")].comment = Comment(f"{NAME} rang", "A manager")
        book.create_sheet(f"{NAME} notes")["A1"] = NARRATIVE
        hidden = book.create_sheet("Quillan")
        hidden["A1"], hidden.sheet_state = NAME, "hidden"
        book.properties.title = book.properties.keywords = NAME

    told = {f.id: NARRATIVE for f in one.form.fields if f.kind == "long" and not f.when}
    return edited(one.filled(one.complete(child_name=NAME, **{"where_reviewed": f"At {NAME}'s home", **told, **changes})), beside)


DROPPED = (f"{NAME}.xlsx", f"{NAME}/review.xlsx", "QUILLAN_NOTAREALNAME (2).xlsx")


def drop(council: Path) -> tuple[Handed, ...]:
    """An accepted one, one to put right, the first again, a draft; each in a file that is called after the child."""
    one, two, three = (Handed(council, "CCR", n) for n in range(3))
    (council / "Return here" / NAME).mkdir(exist_ok=True)
    one.drop(everywhere(one), DROPPED[0])
    two.drop(everywhere(two, overall_grade=None, level_of_need=NAME), DROPPED[1])
    one.drop(edited(everywhere(one), lambda book: setattr(book.properties, "subject", "again")), DROPPED[2])
    return one, two, three


def test_no_file_of_ours_says_the_name_though_the_dropped_file_was_called_so(council: Path, run: Run) -> None:
    _, two, _ = drop(council)
    _, told = run("ingest", "--json", "--workspace", council)
    assert {(f["file"], f["outcome"]) for f in told["files"]} == {
        (f"Return here/{DROPPED[0]}", "accepted"), (f"Return here/{DROPPED[1]}", "needs_fixing"), (f"Return here/{DROPPED[2]}", "duplicate"),
    }  # fmt: skip
    assert [f["kept_as"] for f in told["files"] if NAME in f["kept_as"]] == []
    (council / "Return here" / NAME).rmdir()
    run("build", "--workspace", council)
    assert found(council) == []
    assert (council / "Needs fixing" / two.issue.person_id / two.path.name).is_file()
    for command in (("answers", "--json", "--all-versions"), ("status", "--json"), ("decide", "list", "--json"), ("verify", "--json")):
        assert "quillan" not in json.dumps(run(*command, "--workspace", council)[1]).casefold(), command


def test_nor_while_the_service_runs(council: Path) -> None:
    drop(council)
    with Desk(workspace.find(council)) as at:
        Service(at).step()
        (council / "Return here" / NAME).rmdir()
        assert (at.workspace.state / "register.db-wal").exists()
        assert found(council) == []


def test_a_file_that_waits_is_named_on_the_status_page_alone_and_only_while_it_waits(council: Path, run: Run) -> None:
    one = Handed(council, "CCR")
    place = one.drop(everywhere(one, completed_on=None), DROPPED[0])
    _, told = run("ingest", "--json", "--workspace", council)
    assert told["files"][0]["outcome"] == "draft"
    ours = {w.partition(":")[0] for w in found(council) if not w.startswith("name of Return here")}
    assert {Path(w).name for w in ours} <= {"Status.html", "register.db"}
    place.unlink()
    run("ingest", "--workspace", council)
    assert found(council) == []


# ---------------------------------------------------------------- what is the name and what is not


@pytest.mark.parametrize(
    ("name", "field"),
    [("Grace Good", "overall_grade"), ("Blake Madeup", "sw_pa"), ("Casey Madeup", "team_manager"), ("Child Protection", "level_of_need")],
)
def test_what_was_chosen_from_a_list_is_no_name(name: str, field: str) -> None:
    said = complete("CCR", sw_pa="Blake Placeholder (P041)", team_manager="Casey Leftalready (P042)", level_of_need="Child Protection", overall_grade="Good")
    plain, named = reading("CCR", filled("CCR", said)), reading("CCR", filled("CCR", {**said, "child_name": name}))
    assert named.content.answers[field] == plain.content.answers[field]
    assert named.content.answers[field].code


def test_what_was_typed_over_a_list_may_be_the_name() -> None:
    read = reading("CCR", filled("CCR", complete("CCR", child_name=NAME, level_of_need=NAME)))
    assert read.content.answers["level_of_need"].value == NAMED
    assert [p for p in read.problems if "Quillan" in p.message] == []


def test_a_name_typed_for_a_childs_id_is_left_out_of_the_other_answers_too() -> None:
    read = reading("DIP", filled("DIP", complete("DIP"), children=[{"child_id": NAME, "comment": "Quillan is seen alone."}, {"child_id": CHILD, "comment": "Seen."}]))
    assert [r["comment"].value for r in read.content.rows["children"]] == [f"{NAMED} is seen alone.", "Seen."]


Change = Callable[[Any], None]
RENAMED: Mapping[str, Change] = {"Review": lambda book: setattr(book["Review"], "title", f"{NAME} review")}


def test_an_answer_on_a_sheet_that_was_called_after_the_child_does_not_say_so() -> None:
    read = reading("CCR", edited(filled("CCR", complete("CCR", child_name=NAME)), RENAMED["Review"]))
    assert [a.sheet for a in read.content.answers.values() if "Quillan" in a.sheet] == []
    assert [p for p in read.problems if "Quillan" in p.sheet + p.message] == []
