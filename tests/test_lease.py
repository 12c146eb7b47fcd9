"""One writer at a time, by a lease that outlives nobody: a dead process or host keeps it from no one, and whoever lost it writes nothing more."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.register import BusyError, Register, RegisterError, lease

THEIRS = "OTHERPC:77:abcd"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    made = Register(f"sqlite:///{(tmp_path / 'register.db').as_posix()}", tmp_path / "journal.jsonl")
    yield made
    made.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease of fractions of a second."""
    monkeypatch.setattr(lease, "LASTS", 0.3)
    monkeypatch.setattr(lease, "GLANCE", 0.01)
    monkeypatch.setattr(lease, "PATIENCE", 0.9)


def holds(register: Register, holder: str) -> None:
    with register.leasing() as it:
        it.take(holder, it.held())


def write(register: Register) -> None:
    with register.writing() as records:
        records.next_number("return")


def test_it_is_ours_while_we_write_and_nobodys_afterwards(register: Register) -> None:
    with register.alone():
        write(register)
        with register.leasing() as it:
            assert register.holder is not None
            assert it.is_of(register.holder)
    with register.leasing() as it:
        assert it.held() is None
    write(register)


def test_a_lease_that_a_dead_host_left_is_taken_once_it_stood_still(register: Register, hasty: None) -> None:
    holds(register, THEIRS)
    with register.alone():
        write(register)


def test_a_lease_that_a_dead_process_of_this_computer_left_is_taken_at_once(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0.2)
    holds(register, f"{lease.platform.node()}:1:abcd")
    with register.alone():
        write(register)


def test_a_host_that_is_at_work_is_waited_for_and_then_told_of(register: Register, hasty: None) -> None:
    holds(register, THEIRS)
    working = threading.Event()

    def beat() -> None:
        while not working.wait(0.05):
            with register.leasing() as it:
                it.renew(THEIRS)

    other = threading.Thread(target=beat)
    other.start()
    try:
        with pytest.raises(BusyError), register.alone():
            pytest.fail("two were at work")
    finally:
        working.set()
        other.join()


def test_whoever_lost_the_lease_writes_nothing_more(register: Register) -> None:
    with register.alone():
        write(register)
        holds(register, THEIRS)
        with pytest.raises(RegisterError):
            write(register)
    with register.reading() as records:
        assert records.next_number("return") == 2
    with register.leasing() as it:
        assert it.is_of(THEIRS)


def test_whoever_comes_after_a_dead_one_is_told_and_nobody_else(register: Register) -> None:
    """What a killed process left half written is looked for then alone: a share is large."""
    mended: list[str] = []
    with register.alone(lambda: mended.append("the first")):
        assert mended == []
    holds(register, f"{lease.platform.node()}:1:abcd")
    with register.alone(lambda: mended.append("the second")):
        assert mended == ["the second"]


def test_it_is_renewed_while_the_work_goes_on(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED", 0.01)
    beaten = threading.Event()
    real = lease.Lease.renew

    def renew(self: Any, holder: str) -> bool:
        done = real(self, holder)
        beaten.set()
        return done

    monkeypatch.setattr(lease.Lease, "renew", renew)
    with register.alone():
        assert beaten.wait(10)
        with register.leasing() as it:
            held = it.held()
            assert held is not None
            assert held.beat > 0


def test_commands_at_the_same_time_receive_each_file_once(council: Path, run: Run) -> None:
    for n in range(6):
        Handed(council, "OBS", n).drop()
    command = [sys.executable, "-m", "qaf_sheets", "ingest", "--no-outputs", "--workspace", str(council)]
    at_once = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ended = [(p.wait(timeout=120), p.stderr.read() if p.stderr else "") for p in at_once]
    assert [code for code, _ in ended] == [0, 0, 0], ended
    with Desk(workspace.find(council), now=lambda: datetime(2026, 12, 14)) as at, at.register.reading() as records:
        assert [k.received.outcome for k in records.returns.files()] == ["accepted"] * 6
    assert run("verify", "--json", "--workspace", council) == (0, {"ok": True, "problems": []})
