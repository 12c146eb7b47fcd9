"""Files read elsewhere: on a Dask cluster, or in several processes, the same is received as with the one reading worker; what goes wrong there is read again here."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from postgres import free_port
from soak import Drop, Form, drops

from qaf_sheets import worker, workspace
from qaf_sheets.book import Book
from qaf_sheets.cli import main
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.executors import Elsewhere, ExecutorError, Several, executor_for
from qaf_sheets.register.replay import canonical
from qaf_sheets.worker import WorkerDiedError

MANY = 500


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A scheduler with two workers on loopback."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", memory_limit="512MB") as it:  # type: ignore[no-untyped-call]
        yield str(it.scheduler_address).replace("tcp", "dask")


@pytest.fixture(scope="module")
def dropped(issued_once: Path) -> list[Drop]:
    """So many drops of a few forms: good ones, the same again, mistakes, junk, halves."""
    forms = [Form(Handed(issued_once, activity, n)) for activity in ("OBS", "SERV") for n in range(4)]
    return [d for d in drops(forms, Random(11), MANY) if d.kind != "open"]


def received(council: Path, files: list[Drop], executor: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], dict[str, Any]]:
    monkeypatch.setenv("QAF_EXECUTOR", executor)
    for file in files:
        (council / "Return here" / file.name).write_bytes(file.data)
    with Desk(workspace.find(council)) as at, at.alone():
        told = [(r.file, r.outcome, r.return_id, r.version, [p.code for p in r.problems]) for r in Pass(at, pause=lambda _: None).run()]
        return told, {table: rows for table, rows in canonical(at.register).items() if table not in ("files", "versions", "actions", "edits", "journal")}


@pytest.mark.parametrize(("executor", "one", "many"), [("a cluster of two", "", MANY), ("processes", "worker", 60)])
def test_the_same_is_received_as_with_one_reading_worker(executor: str, one: str, many: int, cluster: str, dropped: list[Drop], council: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Path(shutil.copytree(council, tmp_path / "other" / "QA"))
    there = received(council, dropped[:many], cluster if executor == "a cluster of two" else executor, monkeypatch)
    here = received(other, dropped[:many], one, monkeypatch)
    assert len(here[0]) > 0.9 * len(dropped[:many])
    assert there == here


def end(*_: object) -> Book:
    """A file that ends the process which reads it, the first time."""
    mark = Path(os.environ["QAF_MARK"])
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return Book()


def sleep(*_: object) -> Book:
    """A file that takes long, the first time."""
    mark = Path(os.environ["QAF_MARK"])
    if not mark.exists():
        mark.touch()
        time.sleep(6)
    return Book()


def end_always(*_: object) -> Book:
    os._exit(9)


def never(*_: object) -> Book:
    while True:
        pass


@pytest.mark.parametrize("job", [end, sleep])
def test_a_file_that_ends_or_stops_a_process_of_several_is_tried_again_or_told_of_and_the_next_ones_are_read(job: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAF_MARK", str(tmp_path / "mark"))
    it = Several(2, seconds=4.0)
    try:
        came = [outcome(f) for f in [it.submit(job, n) for n in range(4)]]
        assert sorted(came) == ["Book"] * 4 if job is end else ["Book"] * 3 + ["WorkerDiedError"]
        assert it.submit(len, "abc").result() == 3
    finally:
        it.shutdown()


def outcome(future: Any) -> str:
    try:
        return type(future.result()).__name__
    except WorkerDiedError as error:
        return type(error).__name__


@pytest.mark.parametrize("job", [end_always, never])
def test_a_file_that_always_does_costs_no_process_for_good(job: Any) -> None:
    it = Several(2, seconds=4.0)
    try:
        assert {outcome(f) for f in [it.submit(job, n) for n in range(2)]} == {"WorkerDiedError"}
        before = time.monotonic()
        assert len({f.result() for f in [it.submit(slowly, n) for n in range(4)]}) == 2
        assert time.monotonic() - before < 60
    finally:
        it.submit(never)
        it.shutdown()  # and does not wait for what never ends


def slowly(_: int) -> int:
    time.sleep(0.5)
    return os.getpid()


def test_a_file_that_never_ends_on_a_cluster_is_ended_there_too(dropped: list[Drop], monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(worker, "BEYOND", 0.5)
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as at:  # type: ignore[no-untyped-call]
        it = executor_for(str(at.scheduler_address).replace("tcp", "dask"))
        assert isinstance(it, Elsewhere)
        it.seconds = it.here.seconds = 1.0
        try:
            assert outcome(it.submit(never)) == "WorkerDiedError"
            it.seconds = 60.0
            assert it.submit(os.getpid).result() != it.here.submit(os.getpid).result()
        finally:
            it.shutdown()


def test_a_cluster_that_goes_away_costs_no_file(dropped: list[Drop], council: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as it:  # type: ignore[no-untyped-call]
        executor = executor_for(str(it.scheduler_address).replace("tcp", "dask"))
    assert isinstance(executor, Elsewhere)
    executor.seconds = 2.0
    good = Handed(council, "OBS")
    good.drop()
    with Desk(workspace.find(council), executor=executor) as at, at.alone():
        assert [r.outcome for r in Pass(at, pause=lambda _: None).run()] == ["accepted"]
    executor.here.shutdown()


@pytest.mark.parametrize(("said", "words"), [("dask://127.0.0.1:{port}", "cannot be reached"), ("moon", "is no place")])
def test_a_place_that_is_none_is_said_in_a_sentence(said: str, words: str, council: Path, capsys: pytest.CaptureFixture[str], run: Run) -> None:
    Handed(council, "OBS").drop()
    name = said.format(port=free_port())
    with pytest.raises(ExecutorError, match=words):
        executor_for(name)
    assert main(["ingest", "--no-outputs", "--workspace", str(council), "--executor", name]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert (council / "Return here" / Handed(council, "OBS").path.name).exists()
