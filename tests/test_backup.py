"""A consistent copy of the register lies where the plan's setting says: never where managers can read, and good enough to start from again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed
from test_rebuild import record

from qaf_sheets import backup, workspace
from qaf_sheets.desk import Desk
from qaf_sheets.plan.write import write_plan


def kept_in(root: Path, folder: str) -> None:
    """The plan with the setting."""
    with Desk(workspace.find(root)) as at:
        plan = at.plan
        at.workspace.plan.write_bytes(write_plan(plan.model_copy(update={"settings": {**plan.settings, "backup_folder": folder}}), created=at.now()))


def state(root: Path, run: Run) -> str:
    return str(run("status", "--json", "--workspace", root)[1]["backup"]["state"])


def test_a_lost_disk_is_made_good_from_the_copy_and_the_key(council: Path, tmp_path: Path, run: Run) -> None:
    away = tmp_path / "Safe"
    away.mkdir()
    kept_in(council, str(away))
    assert state(council, run) == "behind"
    handed = Handed(council, "OBS")
    handed.drop()
    run("ingest", "--workspace", council)
    assert state(council, run) == "current"
    before, key = record(council), (council / ".qaf" / "signing.key").read_bytes()
    shutil.rmtree(council / ".qaf")
    shutil.copytree(next(away.iterdir()), council / ".qaf")
    (council / ".qaf" / "signing.key").write_bytes(key)
    assert record(council) == before
    assert run("verify", "--json", "--workspace", council) == (0, {"ok": True, "problems": []})
    handed.drop()
    assert [f["outcome"] for f in run("ingest", "--json", "--workspace", council)[1]["files"]] == ["duplicate"]


@pytest.mark.parametrize(("folder", "expected"), [("Reports", "in_reach"), ("nowhere at all", "unreachable"), ("", "none")])
def test_a_copy_that_cannot_be_kept_is_said_and_stops_nothing(council: Path, tmp_path: Path, run: Run, folder: str, expected: str) -> None:
    kept_in(council, str(council / folder) if folder == "Reports" else folder and str(tmp_path / folder))
    Handed(council, "OBS").drop()
    assert run("ingest", "--workspace", council)[0] == 0
    assert state(council, run) == expected
    assert len(run("verify", "--json", "--workspace", council)[1]["problems"]) == (expected != "none")
    assert not list((council / "Reports").rglob("register.db"))


def test_what_happened_since_is_seen(council: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "Safe").mkdir()
    kept_in(council, str(tmp_path / "Safe"))
    run("build", "--workspace", council)
    assert state(council, run) == "current"
    Handed(council, "OBS").drop()
    run("ingest", "--no-outputs", "--workspace", council)
    assert state(council, run) == "behind"
    copy = next((tmp_path / "Safe").iterdir()) / "register.db"
    copy.write_bytes(copy.read_bytes()[:3000])
    assert state(council, run) == "behind"
    run("build", "--workspace", council)
    assert state(council, run) == "current"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on a file's size")
def test_a_copy_that_finds_no_room_costs_only_the_copy_and_half_ones_are_swept_away(council: Path, tmp_path: Path, run: Run) -> None:
    import resource

    away = tmp_path / "Safe"
    away.mkdir()
    kept_in(council, str(away))
    run("build", "--only", "status", "--workspace", council)
    (copy,) = away.rglob("register.db")
    half = copy.with_name(".qaf-77-register.db.tmp")
    half.write_bytes(b"half")
    Handed(council, "OBS").drop()
    run("ingest", "--no-outputs", "--workspace", council)
    with Desk(workspace.find(council)) as at:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        at.register.close()
        resource.setrlimit(resource.RLIMIT_FSIZE, (copy.stat().st_size // 2, before[1]))
        try:
            backup.keep(at)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert state(council, run) == "behind"
    run("build", "--only", "status", "--workspace", council)
    assert (state(council, run), half.exists()) == ("current", False)
