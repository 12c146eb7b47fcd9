"""Who may open what on the disk: the state folder is its owner's alone; what is kept or written for people takes the rights of its folder."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed

from qaf_sheets import logs, workspace
from qaf_sheets.files import write_atomically
from qaf_sheets.workspace import WorkspaceError
from qaf_watchers.heartbeat import Heartbeat

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights by inheritance, not modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o022, 0o002, 0o000], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield int(request.param)
    os.umask(before)


@pytest.fixture
def open_handed() -> Iterator[None]:
    """A system that gives every new file to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def files(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): mode(p) for p in folder.rglob("*") if p.is_file()}


def test_everything_in_the_state_folder_is_made_for_its_owner_alone(tmp_path: Path, run: Run, open_handed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("QAF_STATE", str(state))
    run("init", tmp_path / "QA")
    monkeypatch.setattr(workspace, "tighten", lambda _: None)  # nothing is put right afterwards
    run("issue", "--workspace", tmp_path / "QA", "--activity", "ROUT")
    (tmp_path / "QA/Return here/stranger.xlsx").write_bytes(b"PK not a workbook")
    run("ingest", "--workspace", tmp_path / "QA")
    place = workspace.find(tmp_path / "QA")
    Heartbeat(place.state, lambda: datetime(2026, 12, 14)).beat("running", observer="none")
    assert mode(state) == 0o700
    found = files(state)
    assert {"signing.key", "register.db", "journal.jsonl", "state.json", "QA plan as last read.xlsx", "heartbeat.json", "writing.lock"} <= set(found)
    assert {name for name, m in found.items() if m & 0o077} == set()


def test_sqlites_own_files_beside_the_register_are_as_private(council: Path, open_handed: None) -> None:
    from qaf_sheets.desk import Desk

    with Desk(workspace.find(council)) as at, at.register.writing() as records:
        records.next_number("trial")
        found = {p.name: mode(p) for p in at.workspace.state.glob("register.db-*")}
    assert set(found) == {"register.db-wal", "register.db-shm"}
    assert {m & 0o077 for m in found.values()} == {0}


def test_the_log_is_private_and_stays_so_when_a_new_one_is_begun(tmp_path: Path, open_handed: None) -> None:
    handler = logs.PrivateFile(tmp_path / "service.log", maxBytes=10, backupCount=2, encoding="utf-8")
    handler.doRollover()
    handler.close()
    assert files(tmp_path) == {"service.log": 0o600, "service.log.1": 0o600}


def test_a_state_folder_that_others_could_open_is_tightened(council: Path, run: Run) -> None:
    state = council / ".qaf"
    state.chmod(0o755)
    (state / "register.db").chmod(0o644)
    run("status", "--workspace", council)
    assert (mode(state), mode(state / "register.db")) == (0o700, 0o600)


def test_verify_tells_what_cannot_be_tightened(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("verify", "--json", "--workspace", council)[1]["ok"]
    monkeypatch.setattr(workspace, "tighten", lambda _: None)  # as on a disk that keeps no modes
    (council / ".qaf" / "signing.key").chmod(0o604)
    code, told = run("verify", "--json", "--workspace", council)
    assert code == 1
    assert [p for p in told["problems"] if "signing.key" in p] == told["problems"]
    assert told["problems"]


def test_a_folder_that_holds_other_things_is_not_taken_for_the_state(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    (tmp_path / "shared" / "others.txt").write_text("theirs")
    with pytest.raises(WorkspaceError):
        workspace.create(tmp_path / "QA", tmp_path / "shared")
    assert mode(tmp_path / "shared") == 0o755


def test_a_file_for_people_has_the_rights_of_its_folder_whatever_it_replaces(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "QA master.xlsx"
    path.write_bytes(b"before")
    path.chmod(0o700)
    write_atomically(path, b"after")
    assert mode(path) == 0o666 & ~umask
    write_atomically(tmp_path / "secret", b"", private=True)
    assert mode(tmp_path / "secret") == 0o600


@pytest.mark.parametrize("odd", [0o777, 0o400, 0o4755])
def test_a_kept_original_has_nothing_of_the_rights_it_was_dropped_with(council: Path, run: Run, odd: int) -> None:
    handed = Handed(council, "ROUT")
    before = os.umask(0o022)
    try:
        handed.drop().chmod(odd)
        _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    finally:
        os.umask(before)
    assert told["files"][0]["outcome"] == "accepted"
    assert mode(council / told["files"][0]["kept_as"]) == 0o644
