"""The register is an index: made again from the received files and the journal it says the same, and what was tampered with is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from tracker_desk import edited

from qaf_sheets import rebuild, workspace
from qaf_sheets.cli import main
from qaf_sheets.desk import Desk
from qaf_sheets.files import write_atomically
from qaf_sheets.plan.write import write_plan
from qaf_sheets.register.replay import canonical

NAME = "Zebedee Samplechild"
Q3 = "2026-27-Q3"


def ingest(root: Path) -> None:
    assert main(["ingest", "--workspace", str(root)]) in (0, 1)


@pytest.fixture(scope="module")
def lived_in_once(tmp_path_factory: pytest.TempPathFactory, issued_once: Path) -> Path:
    """A workspace in which everything has happened that can be put in a register."""
    root = tmp_path_factory.mktemp("lived") / "Quality assurance"
    shutil.copytree(issued_once, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QAF_TODAY", "2026-12-14")
        live(root)
    return root


def live(root: Path) -> None:
    (one, two, three, four), review = (Handed(root, "OBS", n) for n in range(4)), Handed(root, "CCR")
    first = one.filled(one.complete(actions_any=WITH_ACTIONS, no_action_reason=None), (ACTION,))
    review.drop(review.filled(review.complete(child_name=NAME), (ACTION,)))
    one.drop(first)
    for unfinished in (two, four):
        unfinished.drop(unfinished.filled(unfinished.complete(strengths="tbc")))
    (root / "Return here" / "minutes.xlsx").write_bytes(b"not a workbook")
    ingest(root)
    one.drop(one.filled(one.complete(strengths="She listened, and named what had gone well for him.")))
    ingest(root)
    one.drop(first)
    two.drop()
    for who in (three.issue.person_id, "P016"):
        three.drop(three.filled(three.complete(completed_by=who)), f"{who}.xlsx")
        ingest(root)
    for arguments in (("version", "--about", three.issue.return_id, "--choice", "Version 2"), ("exempt", "--about", f"{Handed(root, 'SERV').issue.person_id} SERV", "--quarter", Q3)):
        assert main(["decide", *arguments, "--who", "P016", "--why", "Agreed", "--workspace", str(root)]) == 0

    def write(sheet: Any, heads: dict[str, int]) -> None:
        sheet.cell(5, heads["Progress"]).value = "Begun"
        added = next(r for r in range(5, 40) if not sheet.cell(r, 1).value)
        sheet.cell(added, heads["Action"]).value = "Ask the network what would help"

    edited(root, lambda *a: (main([str(x) for x in a]), None), "Actions", write)
    ingest(root)


@pytest.fixture
def lived_in(tmp_path: Path, lived_in_once: Path) -> Path:
    root = tmp_path / "Quality assurance"
    shutil.copytree(lived_in_once, root)
    return root


def record(root: Path) -> dict[str, dict[str, str]]:
    with Desk(workspace.find(root)) as at:
        return canonical(at.register)


def problems(root: Path, run: Run) -> list[str]:
    return list(run("verify", "--json", "--workspace", root)[1]["problems"])


def test_everything_happened_that_the_register_can_tell(lived_in_once: Path) -> None:
    held = record(lived_in_once)
    assert {name for name, rows in held.items() if not rows} <= {"clashes", "entries"}
    assert {json.loads(v)["outcome"] for v in held["files"].values()} == {"accepted", "needs_fixing", "not_ours", "conflict", "older_version"}


@pytest.mark.parametrize("lost", [("register.db",), ("register.db", "signing.key"), ()], ids=["register", "register and key", "nothing"])
def test_made_again_the_register_says_the_same(lived_in: Path, run: Run, lost: tuple[str, ...]) -> None:
    before, state = record(lived_in), lived_in / ".qaf"
    key = (state / "signing.key").read_bytes()
    for name in lost:
        (state / name).unlink()
    assert run("rebuild", "--json", "--workspace", lived_in) == (0, {"ok": True, "rebuilt": True, "problems": []})
    (state / "signing.key").write_bytes(key)
    assert record(lived_in) == before
    assert problems(lived_in, run) == []
    assert NAME.split()[0] not in (state / "register.db").read_bytes().decode("latin-1")


def test_nothing_happens_again_after_it(lived_in: Path, run: Run) -> None:
    before = {p: p.read_bytes() for p in lived_in.rglob("*") if p.is_file() and ".qaf" not in p.parts}
    (lived_in / ".qaf" / "register.db").unlink()
    run("rebuild", "--workspace", lived_in)
    _, told = run("ingest", "--json", "--workspace", lived_in)
    assert [o["file"] for o in told["outputs"] if o["written"]] in ([], ["Status.html"])
    after = {p: p.read_bytes() for p in before if p.exists()}
    assert [p.name for p in before if after.get(p) != before[p]] in ([], ["Status.html"])


def test_people_who_left_the_plan_are_still_who_they_were(lived_in: Path, run: Run) -> None:
    before = record(lived_in)["versions"]
    with Desk(workspace.find(lived_in)) as at:
        plan = at.plan
        at.workspace.plan.write_bytes(write_plan(plan.model_copy(update={"people": plan.people[:3]}), created=at.now()))
    run("rebuild", "--workspace", lived_in)
    assert record(lived_in)["versions"] == before


def altered(table: str, column: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with sqlite3.connect(root / ".qaf" / "register.db") as db:
            db.execute(f"UPDATE {table} SET {column} = replace({column}, 'a', 'e') WHERE {column} LIKE '%a%'")

    return change


def changed_original(root: Path) -> None:
    path = next(p for p in (root / "Received" / Q3).glob("*OBS*"))
    book = openpyxl.load_workbook(path)
    handed = Handed(root, "OBS")
    book["Observation"][handed.cell("strengths")] = "She was excellent in every way, as always and everywhere."
    book.save(path)


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (altered("versions", "content"), "versions"), (altered("actions", "action"), "actions"), (altered("issues", "issue"), "issues"), (altered("files", "problems"), "files"),
        (altered("decisions", "carried"), "decisions"), (changed_original, "does not say what it said"), (lambda root: next((root / "Received" / Q3).glob("*CCR*")).unlink(), "missing"),
    ],
    ids=["answers", "action", "issue", "file", "decision", "original changed", "original gone"],
)  # fmt: skip
def test_what_was_tampered_with_is_named(lived_in: Path, run: Run, tamper: Callable[[Path], None], named: str) -> None:
    assert problems(lived_in, run) == []
    tamper(lived_in)
    assert any(named in p for p in problems(lived_in, run))


def test_what_cannot_be_made_again_stops_it_unless_told_to_go_on(lived_in: Path, run: Run) -> None:
    before = record(lived_in)
    next((lived_in / "Received" / Q3).glob("*CCR*")).unlink()
    code, told = run("rebuild", "--json", "--workspace", lived_in)
    assert (code, told["rebuilt"], len(told["problems"]), record(lived_in)) == (1, False, 1, before)
    code, told = run("rebuild", "--even-so", "--json", "--workspace", lived_in)
    assert (code, told["rebuilt"]) == (1, True)
    assert [k for k in before["versions"] if k not in record(lived_in)["versions"]] == [f"{Handed(lived_in, 'CCR').issue.return_id}, 1"]
    assert run("ingest", "--json", "--workspace", lived_in)[0] == 0


def test_a_changed_journal_makes_nothing(lived_in: Path, run: Run) -> None:
    journal = lived_in / ".qaf" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"Begun", b"Ended"))
    code, told = run("rebuild", "--json", "--workspace", lived_in)
    assert (code, told["rebuilt"]) == (1, False)
    assert "was changed" in told["problems"][0]


@pytest.mark.parametrize("damage", ["gone", "torn", "older"])
def test_a_register_that_is_lost_is_never_begun_anew(lived_in: Path, run: Run, damage: str) -> None:
    before, database = record(lived_in), lived_in / ".qaf" / "register.db"
    if damage == "gone":
        database.unlink()
    elif damage == "torn":
        database.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    else:
        copy = database.read_bytes()
        handed = Handed(lived_in, "OBS", 5)
        handed.drop()
        run("ingest", "--no-outputs", "--workspace", lived_in)
        before = record(lived_in)
        database.write_bytes(copy)
    assert run("ingest", "--json", "--workspace", lived_in)[0] == 3
    assert run("verify", "--json", "--workspace", lived_in)[0] == 1
    assert run("rebuild", "--json", "--workspace", lived_in)[0] == 0
    assert record(lived_in) == before


def test_a_line_that_a_crash_has_torn_is_written_again(lived_in: Path, run: Run) -> None:
    journal = lived_in / ".qaf" / "journal.jsonl"
    whole = journal.read_bytes()
    for cut in (1, 100, len(whole.splitlines()[-1]) + 50):
        journal.write_bytes(whole[:-cut])
        run("status", "--workspace", lived_in)
        assert journal.read_bytes() == whole


@pytest.mark.parametrize("at", range(5))
def test_killed_while_it_is_put_in_place_it_can_be_made_again(lived_in: Path, run: Run, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    class KilledError(BaseException):
        pass

    before, real, left = record(lived_in), Path.replace, [at]

    def replace(self: Path, target: Any) -> Path:
        left[0] -= 1
        if left[0] == -1:
            raise KilledError
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with Desk(workspace.find(lived_in)) as desk:
        try:
            rebuild.rebuild(desk)
        except KilledError:
            monkeypatch.setattr(Path, "replace", real)
            assert run("rebuild", "--json", "--workspace", lived_in)[0] == 0
    assert record(lived_in) == before


def test_a_journal_of_the_register_that_the_file_lacks_is_copied_out(lived_in: Path, run: Run) -> None:
    journal = lived_in / ".qaf" / "journal.jsonl"
    whole = journal.read_bytes()
    journal.unlink()
    run("status", "--workspace", lived_in)
    assert journal.read_bytes() == whole
    write_atomically(journal, whole)
