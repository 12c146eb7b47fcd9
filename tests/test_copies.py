"""Edits come back from anywhere: a copy of the tracker or of a pack, dropped, renamed or left beside it, is merged against what it said itself."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from drops import excel_owner
from kit import book

from qaf_sheets import workspace
from qaf_sheets.cli import main
from qaf_sheets.desk import Desk
from qaf_sheets.publish import publish

TRACKER, ONE = "Actions tracker.xlsx", "ACT-2026Q3-0001"
PACK = "To complete/P016/Actions - P016.xlsx"
HEAD = 4


def ingest(run: Run, root: Path) -> dict[str, Any]:
    """One pass, with the outputs that matter here: what became of each file, and which were written."""
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", root)
    with Desk(workspace.find(root)) as at, at.alone():
        written = publish(at, only=("tracker", "packs", "status"))
    return {f["file"]: f for f in told["files"]} | {"written": {w.file for w in written if w.written}}


def actions(data: bytes) -> dict[str, dict[str, Any]]:
    """The actions that a workbook shows: reference → heading → value."""
    found = book(data).sheets["Actions"]
    return {str(r[0]): dict(zip(found[HEAD - 1], r, strict=False)) for r in found[HEAD:] if r and r[0]}


def changed(data: bytes, who: str = "Avery Exampleworth", row: int = HEAD + 1, **values: Any) -> bytes:
    """Somebody types into one row and saves elsewhere."""
    def change(it: Any) -> None:
        sheet = it["Actions"]
        heads = {c.value: c.column for c in sheet[HEAD]}
        for head, value in values.items():
            sheet.cell(row, heads[head.replace("_", " ")]).value = value

    return resaved(data, change, who)


def resaved(data: bytes, change: Callable[[Any], None], who: str = "Avery Exampleworth") -> bytes:
    it = openpyxl.load_workbook(io.BytesIO(data))
    change(it)
    it.properties.lastModifiedBy = who
    out = io.BytesIO()
    it.save(out)
    return out.getvalue()


def added(data: bytes, who: str, text: str) -> bytes:
    """Somebody writes an action into the first empty row."""
    rows = book(data).sheets["Actions"]
    free = next((n for n, r in enumerate(rows, 1) if n > HEAD and not r[0] and not r[1]), len(rows) + 1)
    return changed(data, who, free, Action=text, Due=date(2027, 2, 1))


def conflicts(root: Path) -> list[dict[str, Any]]:
    found = book((root / TRACKER).read_bytes()).sheets["Conflicts"]
    top = next((n for n, r in enumerate(found) if r and r[0] == "Reference"), None)
    return [] if top is None else [dict(zip(found[top], r, strict=False)) for r in found[top + 1 :] if r and str(r[0]).startswith("ACT")]


@pytest.fixture(scope="module")
def once(issued_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One return is in, with one action of P016's, and everything is written."""
    root = Path(shutil.copytree(issued_once, tmp_path_factory.mktemp("copies") / "Quality assurance"))
    handed = Handed(root, "OBS")
    handed.drop(handed.filled(handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None), (ACTION,)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QAF_TODAY", "2026-12-14")
        assert main(["ingest", "--workspace", str(root)]) == 0
    return root


@pytest.fixture
def root(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "Quality assurance"))


# ---------------------------------------------------------------- copies


PLACES = ("Actions tracker-DESKTOP.xlsx", "Copy of Actions tracker.xlsx", "Actions tracker (1).xlsx", "on the train.xlsx", "Return here/tracker.xlsx", "Return here/P013/Actions tracker.xlsx")


@pytest.mark.parametrize("place", PLACES)
def test_a_copy_flows_back_from_wherever_it_lies(place: str, root: Path, run: Run) -> None:
    data = changed((root / TRACKER).read_bytes(), Progress="Booked for the 20th")
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_bytes(data)
    told = ingest(run, root)
    assert (told[place]["outcome"], told[place]["kept_as"]) == ("accepted", "Received/2026-27-Q3/Actions tracker - 1.xlsx")
    assert not (root / place).exists()
    assert (root / told[place]["kept_as"]).read_bytes() == data
    assert actions((root / TRACKER).read_bytes())[ONE]["Progress"] == "Booked for the 20th"
    assert run("verify", "--workspace", root)[0] == 0


def test_the_same_copy_again_is_a_duplicate_and_everything_has_a_receipt(root: Path, run: Run) -> None:
    data = added((root / TRACKER).read_bytes(), "Avery Exampleworth", "Ring the school")
    for n in (1, 2):
        (root / "Return here" / f"tracker {n}.xlsx").write_bytes(data)
    told = ingest(run, root)
    assert sorted(told[f"Return here/tracker {n}.xlsx"]["outcome"] for n in (1, 2)) == ["accepted", "duplicate"]
    assert [a["Action"] for a in actions((root / TRACKER).read_bytes()).values()].count("Ring the school") == 1
    _, status = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", root)
    assert {"Actions tracker - 1.xlsx", "Actions tracker - 2.xlsx"} <= {r["file"].rsplit("/", 1)[-1] for r in status["receipts"]}
    assert "Taken from this copy, saved by Avery Exampleworth: 1 new row." in (root / "Status.html").read_text("utf-8")
    run("rebuild", "--workspace", root)
    assert run("verify", "--workspace", root)[0] == 0
    assert len(actions((root / TRACKER).read_bytes())) == 2


def test_an_old_copy_is_merged_against_what_it_said_itself(root: Path, run: Run) -> None:
    old = (root / TRACKER).read_bytes()
    (root / TRACKER).write_bytes(changed(old, "Blair Inventley", Status="In progress", Revised_due=date(2027, 1, 22)))
    ingest(run, root)
    (root / "Return here" / "mailed.xlsx").write_bytes(changed(old, Progress="Rang on Friday"))
    ingest(run, root)
    row = actions((root / TRACKER).read_bytes())[ONE]
    assert (row["Status"], row["Revised due"], row["Progress"]) == ("In progress", date(2027, 1, 22), "Rang on Friday")
    assert conflicts(root) == []


def test_an_old_copy_put_in_the_trackers_own_place_takes_nothing_back(root: Path, run: Run) -> None:
    old = (root / TRACKER).read_bytes()
    (root / TRACKER).write_bytes(added(changed(old, "Blair Inventley", Status="In progress"), "Blair Inventley", "Ring the school"))
    ingest(run, root)
    (root / TRACKER).write_bytes(changed(old, Progress="Rang on Friday"))
    ingest(run, root)
    row, other = actions((root / TRACKER).read_bytes()).values()
    assert (row["Status"], row["Progress"], other["Action"]) == ("In progress", "Rang on Friday", "Ring the school")


def test_while_it_is_open_the_next_save_is_the_next_word(root: Path, run: Run) -> None:
    (root / f"~${TRACKER}").write_bytes(excel_owner("Devon Fictionby"))
    for status in ("In progress", "Done", "Open"):
        (root / TRACKER).write_bytes(changed((root / TRACKER).read_bytes(), Status=status))
        ingest(run, root)
    (root / f"~${TRACKER}").unlink()
    ingest(run, root)
    assert actions((root / TRACKER).read_bytes())[ONE]["Status"] == "Open"
    assert conflicts(root) == []


def test_a_copy_saved_before_the_one_that_came_first_is_no_further_word(root: Path, run: Run) -> None:
    early = changed((root / TRACKER).read_bytes(), Progress="First thoughts")
    late = resaved(early, lambda it: setattr(it["Actions"].cell(HEAD + 1, 11), "value", "Second thoughts"))
    for data in (stamped(late, "2026-12-14T10:00:00Z"), stamped(early, "2026-12-13T10:00:00Z")):
        (root / "Return here" / "mine.xlsx").write_bytes(data)
        ingest(run, root)
    (row,) = conflicts(root)
    assert (row["Typed"], row["In the table now"]) == ("First thoughts", "Second thoughts")


def stamped(data: bytes, moment: str) -> bytes:
    """The same, saved at another moment."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(out, "w") as now:
        for name in was.namelist():
            part = was.read(name)
            now.writestr(name, re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment.encode(), part) if name == "docProps/core.xml" else part)
    return out.getvalue()


def test_two_people_on_one_cell_are_both_on_conflicts_with_who_and_when(root: Path, run: Run) -> None:
    old = (root / TRACKER).read_bytes()
    (root / "Return here" / "a.xlsx").write_bytes(changed(old, "Avery Exampleworth", Progress="Rang them"))
    ingest(run, root)
    (root / "Actions tracker-LAPTOP.xlsx").write_bytes(changed(old, "Blair Inventley", Progress="Wrote to them"))
    ingest(run, root)
    (row,) = conflicts(root)
    assert (row["Typed"], row["Kept in the table"], row["In the table now"]) == ("Wrote to them", "Rang them", "Rang them")
    assert row["Typed by"].startswith("Blair Inventley, ")
    assert row["Kept from"] == "Avery Exampleworth, 14/12/2026 " + row["Kept from"][-5:]


def test_a_copy_worked_on_further_comes_again_without_clashing_with_itself(root: Path, run: Run) -> None:
    first = added(changed((root / TRACKER).read_bytes(), Status="In progress"), "Avery Exampleworth", "Ring the school")
    (root / "Return here" / "a.xlsx").write_bytes(first)
    ingest(run, root)
    free = next(n for n, r in enumerate(book(first).sheets["Actions"], 1) if r[1] == "Ring the school")
    (root / "Return here" / "a.xlsx").write_bytes(changed(changed(first, Status="Done"), row=free, Progress="Rang"))
    ingest(run, root)
    found = actions((root / TRACKER).read_bytes())
    assert [(a["Action"], a["Status"], a["Progress"]) for a in found.values()] == [(ACTION["action_text"], "Done", None), ("Ring the school", "Open", "Rang")]
    assert conflicts(root) == []


def test_one_persons_other_copy_does_not_take_back_what_the_first_brought(root: Path, run: Run) -> None:
    old = (root / TRACKER).read_bytes()
    for name, values in (("laptop", {"Status": "In progress"}), ("desktop", {"Progress": "Begun"})):
        (root / f"Actions tracker-{name}.xlsx").write_bytes(changed(old, **values))
        ingest(run, root)
    row = actions((root / TRACKER).read_bytes())[ONE]
    assert (row["Status"], row["Progress"]) == ("In progress", "Begun")


def test_rows_that_were_sorted_deleted_and_added_in_a_copy(root: Path, run: Run) -> None:
    (root / TRACKER).write_bytes(added(added((root / TRACKER).read_bytes(), "A", "Second thing"), "A", "Third thing"))
    ingest(run, root)

    def shuffle(it: Any) -> None:
        sheet = it["Actions"]
        rows = [[sheet.cell(r, c).value for c in range(1, sheet.max_column + 1)] for r in (5, 6, 7)]
        rows[2][11] = "Sorted with me"
        for at, row in zip((5, 6, 7), (rows[2], rows[0], [None] * len(rows[0])), strict=True):
            for c, value in enumerate(row, 1):
                sheet.cell(at, c).value = value

    (root / "Return here" / "x.xlsx").write_bytes(resaved((root / TRACKER).read_bytes(), shuffle))
    ingest(run, root)
    found = actions((root / TRACKER).read_bytes())
    assert {a["Action"]: a["Why the date moved"] for a in found.values()} == {ACTION["action_text"]: None, "Second thing": None, "Third thing": "Sorted with me"}


@pytest.mark.parametrize("damage", ["gone", "changed", "another workspace's"])
def test_what_does_not_say_soundly_what_it_is_is_not_merged_and_says_so(damage: str, root: Path, run: Run) -> None:
    def spoil(it: Any) -> None:
        if damage == "gone":
            del it["_qaf"]
        else:
            it["_qaf"].cell(2 if damage == "another workspace's" else 3, 2).value = "2026-12-01"

    data = resaved(changed((root / TRACKER).read_bytes(), Progress="Begun"), spoil)
    for name in ("Return here/a.xlsx", "Actions tracker (2).xlsx", TRACKER):
        (root / name).write_bytes(data)
    told = ingest(run, root)
    code = "COPY_FOREIGN" if damage == "another workspace's" else "COPY_UNSOUND"
    assert [(told[f]["outcome"], told[f]["problems"][0]["code"]) for f in ("Return here/a.xlsx", "Actions tracker (2).xlsx")] == [("not_ours", code), ("waiting", code)]
    assert (root / "Actions tracker (2).xlsx").read_bytes() == (root / TRACKER).read_bytes() == data
    assert "lost what it said" in (root / "Status.html").read_text("utf-8")
    (root / TRACKER).unlink()
    ingest(run, root)
    assert actions((root / TRACKER).read_bytes())[ONE]["Progress"] is None


def test_other_workbooks_beside_the_tracker_are_left_alone(root: Path, run: Run) -> None:
    it = openpyxl.Workbook()
    it.save(root / "budget.xlsx")
    shutil.copy(Handed(root, "ROUT").path, root / "a form.xlsx")
    before = {p: p.read_bytes() for p in (root / "budget.xlsx", root / "a form.xlsx")}
    told = ingest(run, root)
    assert not set(told) & {"budget.xlsx", "a form.xlsx"}
    assert {p: p.read_bytes() for p in before} == before


# ---------------------------------------------------------------- packs


def test_an_owner_has_a_pack_with_their_rows_alone(root: Path, run: Run) -> None:
    (root / TRACKER).write_bytes(changed(added((root / TRACKER).read_bytes(), "A", "Somebody else's thing"), row=6, Owner="P031"))
    ingest(run, root)
    assert [a["Action"] for a in actions((root / PACK).read_bytes()).values()] == [ACTION["action_text"]]
    whole = book((root / PACK).read_bytes())
    assert "Somebody else" not in str(whole.sheets)
    assert [a["Action"] for a in actions((root / PACK.replace("P016", "P031")).read_bytes()).values()] == ["Somebody else's thing"]


@pytest.mark.parametrize("place", ["Return here/mine.xlsx", PACK, PACK.replace(".xlsx", "-LAPTOP.xlsx")])
def test_a_pack_comes_back_as_the_tracker_does(place: str, root: Path, run: Run) -> None:
    data = added(changed((root / PACK).read_bytes(), Status="In progress", Action="Something else"), "Avery Exampleworth", "One of my own")
    (root / place).write_bytes(data)
    ingest(run, root)
    for file in (TRACKER, PACK):
        found = actions((root / file).read_bytes())
        assert [(a["Action"], a["Status"]) for a in found.values()] == [(ACTION["action_text"], "In progress"), ("One of my own", "Open")], file
    assert "(P016)" in list(actions((root / TRACKER).read_bytes()).values())[1]["Owner"]
    assert [c["Typed"] for c in conflicts(root)] == ["Something else"]


def test_rows_that_are_not_in_a_pack_are_not_deleted_ones(root: Path, run: Run) -> None:
    (root / TRACKER).write_bytes(changed(added((root / TRACKER).read_bytes(), "A", "Somebody else's thing"), row=6, Owner="P031"))
    ingest(run, root)
    (root / PACK).write_bytes(changed((root / PACK).read_bytes(), Progress="Begun"))
    ingest(run, root)
    assert len(actions((root / TRACKER).read_bytes())) == 2
    assert "was deleted" not in str(book((root / TRACKER).read_bytes()).sheets["Conflicts"])


def test_a_pack_that_was_saved_as_it_was_written_keeps_our_order(root: Path, run: Run) -> None:
    """What is finished stands below. That is our order, not theirs: an action that is opened again goes up again."""
    (root / PACK).write_bytes(added((root / PACK).read_bytes(), "Devon Fictionby", "Ring the school"))
    ingest(run, root)
    done = {"Status": "Done", "Completed on": date(2026, 12, 10), "Evidence": "Letter on file"}
    (root / TRACKER).write_bytes(changed((root / TRACKER).read_bytes(), **done))
    ingest(run, root)
    assert list(actions((root / PACK).read_bytes()))[-1] == ONE
    (root / PACK).write_bytes(changed((root / PACK).read_bytes(), Progress="Rang twice"))
    ingest(run, root)
    (root / TRACKER).write_bytes(changed((root / TRACKER).read_bytes(), Status="In progress"))
    ingest(run, root)
    assert next(iter(actions((root / PACK).read_bytes()))) == ONE


def test_a_pack_with_nothing_left_is_taken_away_but_never_unread(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / PACK).write_bytes(changed((root / PACK).read_bytes(), Status="Done", Completed_on=date(2026, 12, 14)))
    ingest(run, root)
    assert actions((root / PACK).read_bytes())[ONE]["Status"] == "Done"
    monkeypatch.setenv("QAF_TODAY", "2027-02-14")
    lock = (root / PACK).with_name(f"~${Path(PACK).name}")
    lock.write_bytes(excel_owner("Avery Exampleworth"))
    (root / PACK).write_bytes(changed((root / PACK).read_bytes(), Evidence="The minutes of the meeting"))
    ingest(run, root)
    assert (root / PACK).exists()
    assert "is open by Avery Exampleworth since" in (root / "Status.html").read_text("utf-8")
    lock.unlink()
    ingest(run, root)
    assert not (root / PACK).exists()
    assert actions((root / TRACKER).read_bytes())[ONE]["Evidence"] == "The minutes of the meeting"
    assert run("verify", "--workspace", root)[0] == 0


def test_an_owner_nobody_can_match_is_said_in_the_tracker(root: Path, run: Run) -> None:
    (root / TRACKER).write_bytes(changed((root / TRACKER).read_bytes(), Owner="Somebody Newcome"))
    ingest(run, root)
    assert not (root / PACK).exists()
    assert "Somebody Newcome" in str([r[0] for r in book((root / TRACKER).read_bytes()).sheets["Conflicts"] if r])


def test_packs_alone_are_built_when_asked_and_only_when_they_say_something_new(root: Path, run: Run) -> None:
    (root / PACK).unlink()
    assert run("build", "--only", "packs", "--json", "--workspace", root)[1] == {"outputs": [{"file": PACK, "written": True}]}
    assert run("build", "--only", "packs", "--json", "--workspace", root)[1] == {"outputs": [{"file": PACK, "written": False}]}


# ---------------------------------------------------------------- open in Excel while we write


@pytest.mark.parametrize("file", [TRACKER, PACK])
@pytest.mark.parametrize("office", ["~$", ".~lock."])
def test_open_while_we_must_write_nothing_fails_and_nothing_is_lost(file: str, office: str, root: Path, run: Run) -> None:
    path = root / file
    lock = path.with_name(f"~${path.name}" if office == "~$" else f".~lock.{path.name}#")
    lock.write_bytes(excel_owner("Devon Fictionby") if office == "~$" else b"Devon Fictionby,devon,desk,14.12.2026 10:14,file:///;")
    handed = Handed(root, "OBS", 1)
    handed.drop(handed.filled(handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None), ({**ACTION, "action_text": "Another thing"},)))
    assert file not in ingest(run, root)["written"]
    path.write_bytes(changed(path.read_bytes(), Progress="Typed while it was open"))
    assert file not in ingest(run, root)["written"]
    page = (root / "Status.html").read_text("utf-8")
    assert "is open by Devon Fictionby since" in page
    lock.unlink()
    assert file in ingest(run, root)["written"]
    found = actions(path.read_bytes())
    assert [(a["Action"], a["Progress"]) for a in found.values()] == [(ACTION["action_text"], "Typed while it was open"), ("Another thing", None)]
    assert conflicts(root) == []


def test_a_copy_that_is_open_waits(root: Path, run: Run) -> None:
    place = root / "Actions tracker (1).xlsx"
    place.write_bytes(changed((root / TRACKER).read_bytes(), Progress="Begun"))
    lock = root / f"~${place.name}"
    lock.write_bytes(excel_owner("Devon Fictionby"))
    told = ingest(run, root)
    assert (told[place.name]["outcome"], told[place.name]["problems"][0]["code"]) == ("waiting", "OPEN_BY")
    assert "Devon Fictionby" in (root / "Status.html").read_text("utf-8")
    lock.unlink()
    assert ingest(run, root)[place.name]["outcome"] == "accepted"
