"""Logs say where in our code a fault happened, never what a file says or is called: here every fault holds a child's name, and no log does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed
from sqlalchemy import text

from qaf_sheets import logs, workspace
from qaf_sheets.cli import main
from qaf_sheets.commands import ingest as ingesting
from qaf_sheets.commands.watch import Service
from qaf_sheets.desk import Desk
from qaf_sheets.model import Answer, Person
from qaf_sheets.register import Register
from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.watch import Watch

NAME = "Quillan Notarealname"
FILE = f"{NAME}.xlsx"


def unknown_key() -> None:
    Answer(sheet="Review", cell="C9", child=NAME)  # type: ignore[call-arg]


def wrong_value() -> None:
    Person(person_id=(NAME,), name=NAME, role="SW")  # type: ignore[arg-type]


def missing_file() -> None:
    Path("/nowhere", FILE).read_bytes()


def key_error() -> None:
    {}[NAME]


def from_another() -> None:
    try:
        key_error()
    except KeyError as error:
        raise RuntimeError(f"could not read {NAME}") from error


FAULTS = (unknown_key, wrong_value, missing_file, key_error, from_another)


@pytest.fixture
def service_log(tmp_path: Path) -> Iterator[Path]:
    """The service's log, as `watch` writes it."""
    root, path = logging.getLogger(), tmp_path / "service.log"
    before, level, hook = root.handlers, root.level, threading.excepthook
    root.handlers = []
    logs.to_file(path)
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers, threading.excepthook = before, hook
    root.setLevel(level)


def nameless(said: str) -> bool:
    return not any(part.casefold() in said.casefold() for part in NAME.split())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_a_fault_is_told_by_its_kind_and_place_alone(fault: Callable[[], None]) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - any
        fault()
    told = logs.story(raised.value)
    assert nameless(told)
    assert type(raised.value).__name__ in told.splitlines()[-1]
    assert f"in {fault.__name__}" in told


def test_the_systems_own_words_are_kept() -> None:
    assert logs.brief(PermissionError(13, "told otherwise", FILE)) == "PermissionError: Permission denied"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_a_pass_that_fails_leaves_no_name_in_the_service_log(fault: Callable[[], None], tmp_path: Path, service_log: Path) -> None:
    inbox = tmp_path / "Return here"
    inbox.mkdir()
    watch: Watch

    def step() -> None:
        watch.stop()
        fault()

    watch = Watch(step, (inbox,), Heartbeat(tmp_path, lambda: datetime(2026, 12, 14)), poll=0.01, mode="polling")
    watch.run()
    said = service_log.read_text("utf-8")
    assert "a pass failed" in said
    assert fault.__name__ in said
    assert nameless(said)


def test_a_file_that_cannot_be_received_leaves_no_name_in_the_service_log(council: Path, service_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Handed(council, "CCR").drop(name=FILE)
    monkeypatch.setattr(ingesting, "take", lambda *_, **__: from_another())
    with Desk(workspace.find(council)) as at:
        Service(at).step()
    said = service_log.read_text("utf-8")
    assert "could not be received" in said
    assert nameless(said)


def test_without_a_log_the_screen_is_told_no_more(council: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Handed(council, "CCR").drop(name=FILE)
    monkeypatch.setattr(ingesting, "take", lambda *_, **__: from_another())
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    main(["ingest", "--no-outputs", "--json", "--workspace", str(council)])
    said = capsys.readouterr().err
    assert "could not be received" in said
    assert "in key_error" in said
    assert nameless(said)


def test_a_command_that_fails_says_and_keeps_no_name(council: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(ingesting.Pass, "run", lambda _: from_another())
    assert main(["ingest", "--workspace", str(council)]) == 3
    said = capsys.readouterr().err
    kept = Path(said.rpartition(": ")[2].strip())
    assert nameless(said)
    assert nameless(kept.read_text("utf-8"))
    assert "in from_another" in kept.read_text("utf-8")


def test_a_library_says_where_it_is_and_not_what_it_met(service_log: Path) -> None:
    logging.getLogger("watchdog.observers").warning("cannot watch %s", FILE)
    logging.getLogger("qaf_watchers.lookout").warning("no observer (%s)", FileNotFoundError(2, "gone", FILE))
    said = service_log.read_text("utf-8").splitlines()
    assert [nameless(line) for line in said] == [True, True]
    assert "watchdog.observers" in said[0]
    assert "FileNotFoundError: No such file or directory" in said[1]


def test_a_thread_that_ends_leaves_no_name(service_log: Path) -> None:
    thread = threading.Thread(target=from_another)
    thread.start()
    thread.join()
    said = service_log.read_text("utf-8")
    assert "a thread ended" in said
    assert nameless(said)


def test_what_a_person_is_to_read_is_still_said_in_full(council: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Desk(workspace.find(council)) as at, at.register.engine.begin() as db:
        db.execute(text("update meta set value = '0' where name = 'schema'"))
    assert main(["status", "--workspace", str(council)]) == 3
    assert "layout 0" in capsys.readouterr().err


def test_a_statement_that_fails_does_not_quote_its_values(tmp_path: Path) -> None:
    register = Register(f"sqlite:///{tmp_path / 'register.db'}", tmp_path / "journal.jsonl")
    with pytest.raises(Exception, match="no such table") as raised, register.engine.begin() as db:
        db.execute(text("insert into nowhere values (:name)"), {"name": NAME})
    register.close()
    assert nameless(str(raised.value))


def test_commands_are_run_with_discreet_faults(run: Run, tmp_path: Path) -> None:
    run("status", "--workspace", tmp_path)
    assert logging.lastResort is not None
    assert isinstance(logging.lastResort.formatter, logs.Discreet)
