"""The service's loop: events wake it, a timer wakes it anyway, and what it does is always one whole pass."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.inbox import InboxGoneError
from qaf_watchers.lookout import Lookout, Mode

log = logging.getLogger(__name__)
BREATH = 0.25
"""Seconds between two glances at whether to stop; no wait is longer, since Windows does not interrupt one for Ctrl-C."""
LONGEST_BURST = 10
"""How many times `settle` a burst of events may put a pass off."""
BEAT = 60.0
"""Seconds between two heartbeats at most, however seldom there is a pass."""
RETRY = 60.0
"""Seconds to the next pass at most, after one that did not finish or found no inbox."""


class Watch:
    """Calls `step` at the start, soon after something changes in one of `roots`, and every `poll` seconds, until `stop`.

    `roots[0]` is the inbox, watched with its subfolders. The others are single files (by the owner files beside them
    too), or folders watched without what is below them. `settle`: seconds without an event that end a burst. `mode`: which observer;
    `auto` polls on network drives. While the inbox cannot be listed no pass is made. What `step` raises is logged, and the service stays up.
    """

    def __init__(
        self, step: Callable[[], object], roots: Sequence[Path], heartbeat: Heartbeat, *,
        poll: float = 10.0, settle: float = 0.3, mode: Mode = "auto",
    ) -> None:
        self._step, self._inbox, self._heartbeat = step, roots[0], heartbeat
        self._poll, self._settle = poll, settle
        self._wake = threading.Event()
        self._stopping = False
        self._last_fault: str | None = None
        inbox = Lookout(self._inbox, self._wake.set, poll=poll, mode=mode, recursive=True)
        self._lookouts = (inbox, *(Lookout(root, self._wake.set, poll=poll, mode=mode) for root in roots[1:]))

    def stop(self) -> None:
        """Finish the pass at hand, then end. May be called from a signal handler, so it takes no lock (setting an Event would)."""
        self._stopping = True

    def run(self) -> None:
        """Until `stop`, which leaves a last heartbeat "stopped". Only KeyboardInterrupt and SystemExit from `step` end it otherwise."""
        self._heartbeat.beat("running", observer="none")
        try:
            while not self._stopping:
                well = self._tick()
                self._rest(self._poll if well else min(self._poll, RETRY))
        finally:
            for lookout in self._lookouts:
                lookout.close()
            self._heartbeat.beat("stopped", observer="none")

    def _tick(self) -> bool:
        """One pass, and whether it went well. The observers are mended first: nothing changes unseen between them and the pass."""
        for lookout in self._lookouts:
            lookout.mend(time.monotonic())
        observer = self._lookouts[0].kind
        self._heartbeat.again()
        try:
            _probe(self._inbox)
            self._step()
        except InboxGoneError:
            self._heartbeat.beat("inbox_gone", observer=observer, message=f"The folder {self._inbox.name} cannot be reached since {{since}}.")
        except Exception as error:  # noqa: BLE001 - told in the log; one pass that fails must not end the service
            self._tell(error)
            self._heartbeat.beat("error", observer=observer, message="Since {since} no pass has finished. It is tried again; the log says why.")
        else:
            self._last_fault = None
            self._heartbeat.beat("running", observer=observer)
            return True
        return False

    def _tell(self, error: Exception) -> None:
        """The whole story once, a line when the same comes again."""
        fault = f"{type(error).__name__}: {error}"
        if fault == self._last_fault:
            log.error("a pass failed as before (%s)", type(error).__name__)
        else:
            log.error("a pass failed; it will be tried again", exc_info=error)
        self._last_fault = fault

    def _rest(self, seconds: float) -> None:
        """Until the next pass is due, or something changed and the burst is over, or it is time to stop."""
        due, beat = time.monotonic() + seconds, time.monotonic() + BEAT
        while not self._stopping and (left := due - time.monotonic()) > 0:
            if self._wake.wait(min(left, BREATH)):
                break
            if time.monotonic() >= beat:
                self._heartbeat.again()
                beat = time.monotonic() + BEAT
        self._end_of_burst()

    def _end_of_burst(self) -> None:
        for _ in range(LONGEST_BURST):
            if self._stopping or not self._wake.is_set():
                break
            self._wake.clear()
            self._wake.wait(self._settle)
        self._wake.clear()


def _probe(inbox: Path) -> None:
    """Raises InboxGoneError when the inbox cannot be listed: a passing state of a share, which never means that files were deleted."""
    try:
        next(inbox.iterdir(), None)
    except OSError as error:
        raise InboxGoneError(str(error)) from error


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, SIGTERM, and Ctrl-Break on Windows call `stop`; a second Ctrl-C raises KeyboardInterrupt. For the main thread only."""
    asked: list[int] = []

    def handler(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and asked:
            raise KeyboardInterrupt
        asked.append(number)
        stop()

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
