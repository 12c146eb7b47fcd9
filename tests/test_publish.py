"""Outputs follow the register, wait for whoever has them open, and never undo what people wrote."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from kit import book, edited

from qaf_sheets import workspace
from qaf_sheets.book import Book
from qaf_sheets.desk import Desk
from qaf_sheets.publish import is_behind, publish

TRACKER, MASTER = "Actions tracker.xlsx", "QA master.xlsx"


def take_in(run: Run, root: Path) -> dict[str, bool]:
    """One pass with outputs: which files were written."""
    _, told = run("ingest", "--json", "--workspace", root)
    return {o["file"]: o["written"] for o in told["outputs"]}


def with_action(handed: Handed, **changes: Any) -> bytes:
    return handed.filled(handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None), ({**ACTION, **changes},))


def table(found: Book, sheet: str, heading: str) -> list[dict[str, Any]]:
    """A sheet's table as rows by heading, found by one of its headings."""
    rows = found.sheets[sheet]
    top = next(n for n, row in enumerate(rows) if heading in row)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if row[0] is not None]


def actions(root: Path) -> list[dict[str, Any]]:
    return table(book((root / TRACKER).read_bytes()), "Actions", "Reference")


def edit_tracker(root: Path, **values: Any) -> None:
    """The PSW types into the first action's row and saves."""
    def change(found: Any) -> None:
        sheet = found["Actions"]
        top = next(c.row for row in sheet.iter_rows() for c in row if c.value == "Reference")
        heads = {c.value: c.column for c in sheet[top]}
        for head, value in values.items():
            sheet.cell(row=top + 1, column=heads[head.replace("_", " ")]).value = value

    (root / TRACKER).write_bytes(edited((root / TRACKER).read_bytes(), change))


@pytest.fixture
def with_one(council: Path, run: Run) -> Path:
    """One return is in, with one action, and everything is written."""
    handed = Handed(council, "OBS")
    handed.drop(with_action(handed))
    assert take_in(run, council)[TRACKER]
    return council


def test_nothing_new_writes_nothing(with_one: Path, run: Run) -> None:
    assert [f for f, written in take_in(run, with_one).items() if written and f != "Status.html"] == []
    assert not any(take_in(run, with_one).values())


def test_the_outputs_are_behind_until_they_say_what_came_in_whoever_received_it(with_one: Path, run: Run) -> None:
    with Desk(workspace.find(with_one)) as service:
        assert not is_behind(service)
        Handed(with_one, "OBS", 1).drop()
        run("ingest", "--no-outputs", "--json", "--workspace", with_one)  # another process, which ends before it publishes
        assert is_behind(service)
        run("build", "--only", "tracker", "--json", "--workspace", with_one)
        assert is_behind(service)
        run("build", "--json", "--workspace", with_one)
        assert not is_behind(service)


def test_what_comes_in_while_the_outputs_are_written_is_in_the_next(with_one: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(desk: Desk, *_: Any) -> None:
        with desk.register.writing() as records:
            records.note(desk.now(), "decided", {})

    with Desk(workspace.find(with_one)) as service:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr("qaf_sheets.publish.keep_reported", late)
            publish(service)
        assert is_behind(service)
        publish(service)
        assert not is_behind(service)


def test_an_accepted_action_stands_in_tracker_and_master_with_its_id(with_one: Path) -> None:
    row = actions(with_one)[0]
    assert (row["Reference"], row["Action"], row["Owner"], row["Due"], row["Status"]) == ("ACT-2026Q3-0001", ACTION["action_text"], "P016", ACTION["due_on"], "Open")
    master = book((with_one / MASTER).read_bytes())
    assert ACTION["action_text"] in [v for row in master.sheets["Actions"] for v in row]
    assert {"Start here", "Coverage", "People due", "Actions", "Data notes"} <= set(master.sheets)


def test_a_psws_edits_survive_every_publish(with_one: Path, run: Run) -> None:
    edit_tracker(with_one, Status="In progress", Progress="Booked for the 20th", Revised_due=date(2027, 1, 22))
    for _ in range(3):
        take_in(run, with_one)
        row = actions(with_one)[0]
        assert (row["Status"], row["Progress"], row["Revised due"]) == ("In progress", "Booked for the 20th", date(2027, 1, 22))


def test_a_new_version_of_the_return_keeps_the_actions_id_and_the_psws_owner(with_one: Path, run: Run) -> None:
    edit_tracker(with_one, Owner="P013")
    take_in(run, with_one)
    handed = Handed(with_one, "OBS")
    handed.drop(with_action(handed, action_text="Update the plan with the family's own network", owner="P031", due_on=date(2027, 1, 20)))
    take_in(run, with_one)
    found = [(r["Reference"], r["Action"], r["Owner"], r["Due"]) for r in actions(with_one)]
    assert found == [("ACT-2026Q3-0001", "Update the plan with the family's own network", "P013", date(2027, 1, 20))]


def test_a_changed_locked_cell_is_put_back_and_said(with_one: Path, run: Run) -> None:
    edit_tracker(with_one, Action="Something else entirely")
    take_in(run, with_one)
    assert actions(with_one)[0]["Action"] == ACTION["action_text"]
    conflicts = [str(v) for row in book((with_one / TRACKER).read_bytes()).sheets["Conflicts"] for v in row]
    assert any("Something else entirely" in v for v in conflicts)


def test_a_row_added_by_hand_becomes_an_action(with_one: Path, run: Run) -> None:
    def add(found: Any) -> None:
        sheet = found["Actions"]
        top = next(c.row for row in sheet.iter_rows() for c in row if c.value == "Reference")
        heads = {c.value: c.column for c in sheet[top]}
        for head, value in (("Action", "Ring the partnership about step-down"), ("Owner", "Avery Exampleworth"), ("Due", date(2027, 2, 1))):
            sheet.cell(row=top + 2, column=heads[head]).value = value

    (with_one / TRACKER).write_bytes(edited((with_one / TRACKER).read_bytes(), add))
    take_in(run, with_one)
    found = actions(with_one)
    assert [(r["Reference"], r["Action"], r["Status"]) for r in found][1:] == [("ACT-2026Q3-0002", "Ring the partnership about step-down", "Open")]
    take_in(run, with_one)
    assert len(actions(with_one)) == 2


def test_a_tracker_we_cannot_read_is_left_as_it_is(with_one: Path, run: Run) -> None:
    (with_one / TRACKER).write_bytes(b"PK torn")
    written = take_in(run, with_one)
    assert written[TRACKER] is False
    assert (with_one / TRACKER).read_bytes() == b"PK torn"


def test_a_workbook_someone_has_open_waits_and_says_for_whom(with_one: Path, run: Run) -> None:
    lock = with_one / f".~lock.{MASTER}#"
    lock.write_text("Devon Fictionby,devon,desk,23.11.2026 10:14,file:///;", "utf-8")
    before = (with_one / MASTER).read_bytes()
    handed = Handed(with_one, "ROUT")
    handed.drop()
    assert take_in(run, with_one)[MASTER] is False
    assert (with_one / MASTER).read_bytes() == before
    _, told = run("status", "--json", "--workspace", with_one)
    assert {o["file"]: o["state"] for o in told["outputs"]}[MASTER] == "pending"
    assert "Devon Fictionby" in (with_one / "Status.html").read_text("utf-8")
    lock.unlink()
    assert take_in(run, with_one)[MASTER] is True
    assert handed.issue.return_id in [v for row in book((with_one / MASTER).read_bytes()).sheets["People due"] for v in row]


def test_a_document_a_person_changed_is_never_overwritten(with_one: Path, run: Run) -> None:
    name = next(p for p in sorted((with_one / "Reports").rglob("Head of Service summary*.docx")))
    paper = docx.Document(str(name))
    paper.add_paragraph("What I added by hand on Friday.")
    out = io.BytesIO()
    paper.save(out)
    name.write_bytes(out.getvalue())
    take_in(run, with_one)
    assert name.read_bytes() == out.getvalue()
    area = name.name.split(" - ")[1]
    handed = next(h for h in (Handed(with_one, "ROUT", n) for n in range(6)) if h.issue.service_area == area)
    handed.drop(handed.filled(handed.complete(well="Families tell us that plans are now written with them, in their own words.")))
    take_in(run, with_one)
    assert name.read_bytes() == out.getvalue()
    drafts = [p for p in name.parent.iterdir() if p.name.startswith(name.stem) and p != name]
    assert [p.name for p in drafts] == [f"{name.stem} - new draft 2026-12-14.docx"]
    assert "in their own words" in "\n".join(p.text for p in docx.Document(str(drafts[0])).paragraphs)


def test_the_masters_rows_link_to_the_received_file(with_one: Path) -> None:
    master = openpyxl.load_workbook(with_one / MASTER)
    targets = {str(c.hyperlink.target).replace("\\", "/").replace("%20", " ") for sheet in master for row in sheet.iter_rows() for c in row if c.hyperlink and c.hyperlink.target}
    received = next((with_one / "Received" / "2026-27-Q3").iterdir())
    assert any(t.endswith(f"Received/2026-27-Q3/{received.name}") for t in targets)
    assert all((with_one / t.split("#")[0]).exists() for t in targets if t.endswith(".xlsx"))


def test_build_only_writes_what_is_asked(with_one: Path, run: Run) -> None:
    (with_one / MASTER).unlink()
    (with_one / TRACKER).unlink()
    _, told = run("build", "--only", "master", "--json", "--workspace", with_one)
    assert told == {"outputs": [{"file": MASTER, "written": True}]}
    assert not (with_one / TRACKER).exists()
