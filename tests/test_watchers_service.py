"""The service: woken by a drop, up whatever happens, stopped cleanly. Waits end with what is waited for; the limit only fails loudly."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers.api import EventEmitter

from qaf_sheets import heartbeat as told
from qaf_watchers import lookout as lookouts
from qaf_watchers import watch
from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.inbox import InboxGoneError, look
from qaf_watchers.lookout import Mode
from qaf_watchers.watch import Watch, stopped_by_signals

LIMIT = 60.0
NEVER = 3600.0
MODES: tuple[Mode, ...] = ("native", "polling")
NOON = datetime(2026, 12, 18, 12, 0)


def until(what: Callable[[], object], why: str) -> None:
    """Wait for something another thread brings about."""
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end, f"never happened: {why}"
        time.sleep(0.01)


class Passes:
    """A step that looks at the inbox, keeps what each pass saw, and fails when told to."""

    def __init__(self, inbox: Path) -> None:
        self.inbox, self.saw, self.fails = inbox, list[set[str]](), list[Exception]()

    def __call__(self) -> None:
        if self.fails:
            raise self.fails.pop()
        self.saw.append(set(look(self.inbox).stamps))

    def saw_now(self, name: str) -> bool:
        return bool(self.saw) and name in self.saw[-1]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "council" / "Return here"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@contextmanager
def service(step: Callable[[], object], *roots: Path, state: Path, poll: float, mode: Mode = "native") -> Iterator[None]:
    """The service in a thread of its own; leaving stops it, and it must have stopped by itself alone then."""
    it = Watch(step, roots, Heartbeat(state, lambda: NOON), poll=poll, settle=0.01, mode=mode)
    thread = threading.Thread(target=it.run, daemon=True)
    thread.start()
    try:
        yield
        assert thread.is_alive(), "the service ended"
    finally:
        it.stop()
        thread.join(LIMIT)
    assert not thread.is_alive(), "the service did not stop"
    assert says(state)["state"] == "stopped"


def says(state: Path) -> dict[str, Any]:
    return told.read(state, NOON)


def emitters() -> list[EventEmitter]:
    return [t for t in threading.enumerate() if isinstance(t, EventEmitter)]


def test_a_drop_wakes_the_service_long_before_the_timer(inbox: Path, state: Path) -> None:
    step = Passes(inbox)
    with service(step, inbox, state=state, poll=NEVER):
        until(lambda: step.saw, "the pass at the start")
        (inbox / "Return.xlsx").write_bytes(b"x")
        until(lambda: step.saw_now("Return.xlsx"), "a pass after the drop")
        (inbox / "P016").mkdir()
        until(lambda: says(state)["state"] == "running", "the heartbeat")
        (inbox / "P016" / "Return.xlsx").write_bytes(b"x")
        until(lambda: step.saw_now("P016/Return.xlsx"), "a pass after a drop in a person's folder")


def test_what_happens_during_a_pass_has_a_pass_of_its_own(inbox: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wakes: list[Callable[[], None]] = []
    passes: list[int] = []

    class Told:
        kind = "native"

        def __init__(self, _target: Path, wake: Callable[[], None], **_: object) -> None:
            wakes.append(wake)

        def mend(self, _now: float) -> None: ...
        def close(self) -> None: ...

    def step() -> None:
        passes.append(1)
        if len(passes) < 3:
            wakes[0]()

    monkeypatch.setattr(watch, "Lookout", Told)
    with service(step, inbox, state=state, poll=NEVER):
        until(lambda: len(passes) == 3, "a pass for each change during a pass")


class Burst(threading.Event):
    """An event that is set again during each of so many waits."""

    def __init__(self, more: int) -> None:
        super().__init__()
        self.more, self.waits = more, list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        if len(self.waits) <= self.more:
            self.set()
        return self.is_set()


@pytest.mark.parametrize("more, waits", [(0, 1), (4, 5), (1_000, watch.LONGEST_BURST)])
def test_a_burst_is_over_with_the_first_quiet_moment_and_never_puts_a_pass_off_for_ever(inbox: Path, state: Path, more: int, waits: int) -> None:
    it = Watch(lambda: None, [inbox], Heartbeat(state, lambda: NOON), settle=0.3)
    burst = Burst(more)
    burst.set()
    it._wake = burst
    it._end_of_burst()
    assert burst.waits == [0.3] * waits
    assert not burst.is_set()


@pytest.mark.parametrize("mode", MODES)
def test_a_drop_is_seen_however_the_folder_is_observed(inbox: Path, state: Path, mode: Mode) -> None:
    step = Passes(inbox)
    with service(step, inbox, state=state, poll=0.05, mode=mode):
        until(lambda: step.saw, "the pass at the start")
        (inbox / "Return.xlsx").write_bytes(b"x")
        until(lambda: step.saw_now("Return.xlsx"), "a pass after the drop")
        until(lambda: says(state).get("observer") == mode, "the heartbeat tells how")


def test_somebody_opening_or_closing_the_tracker_wakes_the_service(inbox: Path, state: Path) -> None:
    passes: list[int] = []
    tracker = inbox.parent / "Actions tracker.xlsx"
    with service(lambda: passes.append(1), inbox, tracker, state=state, poll=NEVER):
        until(lambda: passes, "the pass at the start")
        (inbox.parent / "~$Actions tracker.xlsx").write_bytes(b"x")
        until(lambda: len(passes) > 1, "a pass after somebody opened it")
        (inbox.parent / "~$Actions tracker.xlsx").unlink()
        until(lambda: len(passes) > 2, "a pass after somebody closed it")


def test_a_step_that_raises_is_tried_again_and_the_story_told_once(inbox: Path, state: Path, caplog: pytest.LogCaptureFixture) -> None:
    step = Passes(inbox)
    seen: list[str] = []
    step.fails = [RuntimeError("a bug"), RuntimeError("a bug")]

    def watched() -> None:
        seen.append(says(state)["state"])
        step()

    with caplog.at_level(logging.INFO), service(watched, inbox, state=state, poll=0.01):
        until(lambda: "error" in seen, "the heartbeat tells of it")
        until(lambda: len(step.saw) > 1, "a pass after those that failed")
        until(lambda: says(state)["state"] == "running", "the heartbeat is well again")
    assert [bool(r.exc_info) for r in caplog.records if r.levelno == logging.ERROR] == [True, False]


@pytest.mark.parametrize("mode", MODES)
def test_an_inbox_that_vanishes_is_told_once_and_watched_again_when_it_is_back(
    inbox: Path, state: Path, mode: Mode, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookouts, "PATIENCE", (0.0, 0.0))
    step = Passes(inbox)
    (inbox / "Old.xlsx").write_bytes(b"x")
    away = inbox.with_name("elsewhere")
    with caplog.at_level(logging.INFO), service(step, inbox, state=state, poll=0.05, mode=mode):
        until(lambda: step.saw_now("Old.xlsx"), "the pass at the start")
        inbox.rename(away)
        until(lambda: says(state)["state"] == "inbox_gone", "the heartbeat says that it is gone")
        assert "12:00" in says(state)["message"]
        assert all("Old.xlsx" in saw for saw in step.saw)
        away.rename(inbox)
        until(lambda: says(state)["state"] == "running", "the heartbeat says that it is back")
        (inbox / "New.xlsx").write_bytes(b"x")
        until(lambda: step.saw_now("New.xlsx"), "a pass after the new drop")
        until(lambda: says(state).get("observer") == mode, "it is observed again")
    assert sum("inbox_gone" in r.getMessage() for r in caplog.records) == 1


def test_an_inbox_that_goes_during_a_pass_is_gone_and_no_fault(inbox: Path, state: Path) -> None:
    step = Passes(inbox)
    seen: list[str] = []
    step.fails = [InboxGoneError("gone")]

    def watched() -> None:
        seen.append(says(state)["state"])
        step()

    with service(watched, inbox, state=state, poll=0.01):
        until(lambda: step.saw, "a pass once it is back")
    assert seen[:2] == ["running", "inbox_gone"]


def test_the_service_replaces_a_dead_observer(inbox: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookouts, "PATIENCE", (0.0, 0.0))
    step = Passes(inbox)
    with service(step, inbox, state=state, poll=0.05):
        until(lambda: emitters() and emitters()[0].is_alive(), "an observer")
        killed = emitters()[0]
        killed.stop()
        until(lambda: any(e is not killed and e.is_alive() for e in emitters()), "a new observer")


def test_a_heartbeat_that_cannot_be_written_does_not_stop_the_service(inbox: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    in_the_way = tmp_path / "state"
    in_the_way.write_bytes(b"a file where the folder should be")
    beat = Heartbeat(in_the_way, lambda: NOON)
    beat.beat("running", observer="native")
    beat.again()
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1


def test_the_heartbeat_tells_what_the_other_commands_read(state: Path) -> None:
    times = iter([NOON, NOON.replace(hour=13), NOON.replace(hour=14), NOON.replace(hour=15), NOON.replace(hour=16)])
    beat = Heartbeat(state, lambda: next(times))
    beat.beat("inbox_gone", observer="polling", message="Not reached since {since}.")
    beat.again()
    found = told.read(state, NOON.replace(hour=15))
    assert (found["state"], found["since"], found["at"], found["observer"], found["message"], found["pid"]) == (
        "inbox_gone", "2026-12-18T13:00:00", "2026-12-18T15:00:00", "polling", "Not reached since 13:00.", os.getpid()
    )
    assert told.read(state, NOON.replace(hour=17))["state"] == "stale"
    assert told.read(state / "none", NOON)["state"] == "never"


SERVICE = """
import sys, time
from datetime import datetime
from pathlib import Path
from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.watch import Watch, stopped_by_signals

inbox, state, finished = map(Path, sys.argv[1:])
def step():
    print("in a pass", flush=True)
    time.sleep(0.5)
    finished.touch()
service = Watch(step, [inbox], Heartbeat(state, datetime.now), poll=3600)
with stopped_by_signals(service.stop):
    service.run()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process on SIGTERM without asking it")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_signal_lets_the_pass_at_hand_finish_and_then_stops_the_service(inbox: Path, state: Path, tmp_path: Path, number: signal.Signals) -> None:
    arguments = [sys.executable, "-c", SERVICE, str(inbox), str(state), str(tmp_path / "finished")]
    places = os.pathsep.join(p for p in sys.path if p)
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": places}) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"in a pass\n"
            process.send_signal(number)
            assert process.wait(LIMIT) == 0
        finally:
            process.kill()
    assert (tmp_path / "finished").exists()
    assert json.loads((state / "heartbeat.json").read_text("utf-8"))["state"] == "stopped"


def test_a_second_ctrl_c_does_not_wait() -> None:
    asked: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_signals(lambda: asked.append(1)):
        signal.raise_signal(signal.SIGINT)
        assert asked == [1]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
