"""What a drop can turn into between the look and the reading: a pipe, a link, something huge. Each costs itself alone."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed

from qaf_sheets import receive, workspace
from qaf_sheets.book import MAX_BYTES
from qaf_sheets.commands import ingest
from qaf_sheets.desk import Desk

posix = pytest.mark.skipif(os.name == "nt", reason="pipes in folders and links without rights are POSIX")


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_link(path: Path) -> None:
    outside = path.parents[2] / "secret.xlsx"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@posix
@pytest.mark.parametrize("turned", [as_pipe, as_link, as_folder, Path.unlink])
def test_what_is_no_file_any_more_when_it_is_read_waits(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch, turned: Callable[[Path], None]) -> None:
    one, two = Handed(council, "OBS"), Handed(council, "OBS", 1)
    dropped = one.drop()
    two.drop()
    real = ingest.decided

    def swapped(at: Desk, path: Path) -> bool:
        if path == dropped and path.is_file() and not path.is_symlink():
            turned(path)
        return real(at, path)

    monkeypatch.setattr(ingest, "decided", swapped)
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert {f["file"].rsplit("/", 1)[1]: f["outcome"] for f in told["files"]} == {one.path.name: "waiting", two.path.name: "accepted"}
    assert len(list((council / "Received").rglob("*.xlsx"))) == 1
    assert list((council / ".qaf" / "staging").iterdir()) == []


def test_a_huge_file_is_kept_without_ever_being_in_memory(council: Path) -> None:
    huge = council / "Return here" / "recording.xlsx"
    with huge.open("wb") as out:
        out.truncate(4 * MAX_BYTES)
    with Desk(workspace.find(council)) as at, at.alone():
        assert at.plan
        tracemalloc.start()
        told = receive.receive(at, huge)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (told.outcome, [p.code for p in told.problems], told.kept_as) == ("not_ours", ["UNSAFE_FILE"], "Received/Not ours/recording.xlsx")
    assert (council / str(told.kept_as)).stat().st_size == 4 * MAX_BYTES
    assert peak < 3 * MAX_BYTES


@pytest.mark.parametrize("cut", [Path.unlink, lambda staged: staged.write_bytes(b""), lambda staged: staged.write_bytes(staged.read_bytes()[:4096])])
def test_a_copy_that_a_disk_lost_is_made_again_from_the_drop(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch, cut: Callable[[Path], object]) -> None:
    dropped = Handed(council, "OBS").drop()
    data = dropped.read_bytes()
    with monkeypatch.context() as cut_short:
        cut_short.setattr(receive, "_put", lambda *_: False)
        run("ingest", "--no-outputs", "--json", "--workspace", council)
    for staged in (council / ".qaf" / "staging").iterdir():
        cut(staged)
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert not dropped.exists()
    assert [p.read_bytes() for p in (council / "Received").rglob("*.xlsx")] == [data]
    assert run("verify", "--json", "--workspace", council)[1]["ok"]


def test_a_local_disk_without_room_for_a_copy_keeps_the_drop_waiting(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = Handed(council, "OBS").drop()
    monkeypatch.setattr(receive, "SPARE", 1 << 60)
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert ([f["outcome"] for f in told["files"]], dropped.exists()) == (["waiting"], True)
