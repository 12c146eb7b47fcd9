"""The service's loop. Events only wake it; what is there, the caller's `step` finds out by looking, again and again."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

from qaf_sheets import clock
from qaf_watchers import heartbeat
from qaf_watchers.inbox import InboxGoneError
from qaf_watchers.lookout import Lookout, Mode

log = logging.getLogger(__name__)
BREATH = 0.25
"""Seconds between two glances at whether to stop; no wait is longer, since Windows does not interrupt one for Ctrl-C."""
LONGEST_BURST = 10
"""How many times `settle` a burst of events may put a pass off."""


def run(
    step: Callable[[], object],
    *,
    inbox: Path,
    state: Path,
    files: Sequence[Path] = (),
    poll: float = 10.0,
    settle: float = 0.5,
    mode: Mode = "auto",
    stop: threading.Event | None = None,
    now: Callable[[], datetime] = clock.now,
) -> None:
    """Call `step` at the start, soon after something changes in `inbox` or to one of `files`, and every `poll` seconds, until told to stop.

    `step` makes one whole pass. What it raises is logged and the service stays up. While `inbox` cannot be listed (or `step`
    raises InboxGoneError) no pass is made and the heartbeat in the folder `state` says since when. `settle`: seconds
    without an event that end a burst. `mode`: which observer, by default polling on network drives and native elsewhere.
    Ends after the pass at hand on `stop`, SIGTERM, SIGBREAK or Ctrl-C; a second Ctrl-C raises KeyboardInterrupt there and then.
    """
    stop = stop or threading.Event()
    wake = threading.Event()
    lookouts = (
        Lookout(inbox, wake.set, poll=poll, mode=mode),
        *(Lookout(path, wake.set, poll=poll, mode=mode, file=True) for path in files),
    )
    service = _Service(step, inbox, lookouts, _Pulse(state, now))
    with _signals() as asked:

        def stopping() -> bool:
            return stop.is_set() or asked()

        try:
            while not stopping():
                service.tick()
                _rest(wake, stopping, service.pulse, poll, settle)
        finally:
            service.close()


class _Pulse:
    """The state the service is in and since when; told to the log when it changes, to the heartbeat each time."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder, self._now = folder, now
        self._state: heartbeat.State = "running"
        self._since = now()
        self._message, self._observer = "", "none"
        self._next = 0.0
        self._silent = False

    def turn(self, state: heartbeat.State, observer: str, message: str = "") -> None:
        """Say what is so now. `message` may hold {since}."""
        if state != self._state:
            self._state, self._since = state, self._now()
            log.log(logging.INFO if state in ("running", "stopped") else logging.WARNING, "the service: %s", state)
        self._message = message.format(since=f"{self._since:%H:%M}")
        self._observer = observer
        self.beat()

    def beat(self) -> None:
        """Write the heartbeat. A disk that is full or a file that is held does not stop the service."""
        self._next = time.monotonic() + heartbeat.OFTEN
        try:
            heartbeat.write(
                self._folder, self._state, at=self._now(), since=self._since, observer=self._observer, message=self._message
            )
            self._silent = False
        except OSError:
            if not self._silent:
                log.exception("the heartbeat could not be written")
            self._silent = True

    def keep_up(self) -> None:
        """Beat when the last one is long ago."""
        if time.monotonic() >= self._next:
            self.beat()


class _Service:
    """One tick after another: mend the observers, make a pass, say how it went."""

    def __init__(self, step: Callable[[], object], inbox: Path, lookouts: Sequence[Lookout], pulse: _Pulse) -> None:
        self._step, self._inbox, self._lookouts, self.pulse = step, inbox, lookouts, pulse
        self._last_fault = ""

    def tick(self) -> None:
        """One pass, whatever happens. The observers come first, so that nothing changes unseen between them and the pass."""
        for lookout in self._lookouts:
            lookout.mend(time.monotonic())
        try:
            _probe(self._inbox)
            self.pulse.beat()
            self._step()
        except InboxGoneError:
            self.pulse.turn("inbox_gone", self._observer, "The inbox cannot be reached since {since}.")
        except Exception as error:  # noqa: BLE001 - told in the log; one pass that fails must not end the service
            self._tell(error)
            self.pulse.turn("error", self._observer, "Since {since} no pass has finished; the log says why. It is tried again.")
        else:
            self._last_fault = ""
            self.pulse.turn("running", self._observer)

    @property
    def _observer(self) -> str:
        return self._lookouts[0].kind

    def _tell(self, error: Exception) -> None:
        """The whole story once, a line when the same comes again."""
        fault = f"{type(error).__name__}: {error}"
        if fault == self._last_fault:
            log.error("the pass stopped as before: %s", type(error).__name__)
        else:
            log.error("the pass stopped; the service goes on", exc_info=error)
        self._last_fault = fault

    def close(self) -> None:
        """Stop the observers and leave a last heartbeat."""
        for lookout in self._lookouts:
            lookout.close()
        self.pulse.turn("stopped", "none")


def _probe(inbox: Path) -> None:
    """Raises InboxGoneError when the inbox cannot be listed. A passing state of a share: it never means that files were deleted."""
    try:
        next(inbox.iterdir(), None)
    except OSError as error:
        raise InboxGoneError(str(error)) from error


def _rest(wake: threading.Event, stopping: Callable[[], bool], pulse: _Pulse, poll: float, settle: float) -> None:
    """Until the next pass is due, or something changed and the burst is over, or it is time to stop."""
    due = time.monotonic() + poll
    while not stopping() and (left := due - time.monotonic()) > 0:
        pulse.keep_up()
        if wake.wait(min(left, BREATH)):
            break
    for _ in range(LONGEST_BURST):
        if stopping() or not wake.is_set():
            break
        wake.clear()
        wake.wait(settle)
    wake.clear()


@contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """Take the signals that mean "stop" while the service runs, in the main thread; elsewhere the caller has its own way."""
    asked: list[int] = []  # a list, since setting an Event within a handler can lock up the thread that waits on it

    def note(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and asked:
            raise KeyboardInterrupt
        asked.append(number)

    names = ("SIGINT", "SIGTERM", "SIGBREAK") if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
