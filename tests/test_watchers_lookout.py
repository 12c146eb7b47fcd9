"""One folder's observer: what wakes, what does not, and that a dead one is replaced."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers.api import EventEmitter

from qaf_sheets.files import write_atomically
from qaf_watchers import lookout as lookouts
from qaf_watchers.lookout import Lookout, Mode

LIMIT = 60.0
MODES: tuple[Mode, ...] = ("native", "polling")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "council" / "Return here"
    folder.mkdir(parents=True)
    return folder


def emitters() -> list[EventEmitter]:
    return [t for t in threading.enumerate() if isinstance(t, EventEmitter)]


def heard(target: Path, happens: Callable[[], object], then: Callable[[], object], **how: Any) -> int:
    """How often a lookout woke by the time it woke for `then`, which makes one event; events keep their order."""
    woken = threading.Semaphore(0)
    calls: list[int] = []

    def wake() -> None:
        calls.append(1)
        woken.release()

    watching = Lookout(target, wake, poll=0.05, mode="native", **how)
    watching.mend(0)
    try:
        happens()
        assert not calls
        then()
        assert woken.acquire(timeout=LIMIT), "it was not woken"
        return len(calls)
    finally:
        watching.close()


def test_neighbours_and_our_own_atomic_writes_do_not_wake(inbox: Path) -> None:
    root = inbox.parent

    def quiet() -> None:
        write_atomically(root / "Status.html", b"x")
        write_atomically(root / "Actions tracker.xlsx", b"x")
        (root / "note.txt").write_bytes(b"x")

    assert heard(root / "Actions tracker.xlsx", quiet, (root / "~$Actions tracker.xlsx").mkdir) == 1


def test_our_own_reading_does_not_wake(inbox: Path) -> None:
    dropped = inbox / "Return.xlsx"
    dropped.write_bytes(b"x")
    assert heard(inbox, dropped.read_bytes, (inbox / "P016").mkdir, recursive=True) == 1


@pytest.mark.parametrize("mode", MODES)
def test_a_lookout_whose_thread_died_is_replaced_and_hears_again(inbox: Path, mode: Mode) -> None:
    heard_it = threading.Event()
    watching = Lookout(inbox, heard_it.set, poll=0.05, mode=mode, recursive=True)
    watching.mend(0)
    try:
        (killed,) = emitters()
        killed.stop()
        killed.join(LIMIT)
        assert not watching.alive
        watching.mend(1_000)
        (new,) = emitters()
        assert (new is not killed, watching.alive, watching.kind) == (True, True, mode)
        heard_it.clear()
        (inbox / "Return.xlsx").write_bytes(b"x")
        assert heard_it.wait(LIMIT), "the new one hears nothing"
    finally:
        watching.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a watched folder from being renamed")
def test_a_folder_made_anew_under_the_same_name_is_the_one_that_is_watched(inbox: Path) -> None:
    heard_it = threading.Event()
    watching = Lookout(inbox, heard_it.set, poll=0.05, mode="native", recursive=True)
    watching.mend(0)
    try:
        inbox.rename(inbox.with_name("elsewhere"))
        inbox.mkdir()
        assert not watching.alive
        watching.mend(1_000)
        heard_it.clear()
        (inbox / "Return.xlsx").write_bytes(b"x")
        assert heard_it.wait(LIMIT), "the new folder is not watched"
    finally:
        watching.close()


def test_attempts_to_observe_come_slower_and_slower(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[float] = []
    watching = Lookout(inbox, lambda: None, poll=1, mode="polling")

    def fails() -> None:
        attempts.append(now)
        raise OSError("the share stumbles")

    monkeypatch.setattr(watching, "_start", fails)
    for now in range(200):
        watching.mend(now)
    assert attempts == [0, 5, 15, 35, 75, 135, 195]


def test_polling_is_the_way_when_the_system_has_no_watches_left(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more(**_: object) -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(lookouts, "Observer", no_more)
    watching = Lookout(inbox, lambda: None, poll=0.05, mode="native")
    watching.mend(0)
    try:
        assert (watching.alive, watching.kind) == (True, "polling")
    finally:
        watching.close()


def test_network_folders_are_polled_and_local_ones_not(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for remote, kind in ((True, "polling"), (False, "native")):
        monkeypatch.setattr(lookouts, "is_remote", lambda _, remote=remote: remote)
        watching = Lookout(inbox, lambda: None, poll=1)
        watching.mend(0)
        assert watching.kind == kind
        watching.close()
