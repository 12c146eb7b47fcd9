"""The service's loop: events wake it, a timer wakes it anyway, and what it does is always one whole pass."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.inbox import InboxGoneError
from qaf_watchers.observe import Observed

log = logging.getLogger("qaf_watchers")
BURST = 0.3
"""Seconds to wait after an event, so that one save is one pass."""
RETRIES = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds between attempts while the inbox cannot be reached."""


class Watch:
    """Runs `step` at the start, when something stirs in one of `roots`, and every `poll` seconds. `roots[0]` is the inbox."""

    def __init__(self, step: Callable[[], None], roots: Sequence[Path], heartbeat: Heartbeat, *, poll: float = 10.0, now: Callable[[], datetime] = datetime.now) -> None:
        self.step, self.roots, self.heartbeat, self.poll, self.now = step, tuple(roots), heartbeat, poll, now
        self.wake, self.stopping = threading.Event(), threading.Event()
        self.gone_since: datetime | None = None
        self.failures = 0

    def stop(self) -> None:
        """Finish the pass under way, then end."""
        self.stopping.set()
        self.wake.set()

    def run(self) -> None:
        """Until `stop`. Never ends by itself: what goes wrong in a pass is logged, told by the heartbeat, and tried again."""
        observed = Observed(self.roots, self.wake.set, self.poll)
        try:
            while not self.stopping.is_set():
                self.wake.clear()
                observed.keep()
                self._pass(observed.kind)
                self._rest()
        finally:
            observed.stop()
            self.heartbeat.beat("stopped", observer=observed.kind)

    def _pass(self, observer: str) -> None:
        try:
            self.step()
        except InboxGoneError as error:
            self._gone(str(error), observer)
        except Exception:
            self.failures += 1
            log.exception("a pass failed; it will be tried again")
            self.heartbeat.beat("error", observer=observer, message="The last pass failed; it will be tried again.")
        else:
            if self.gone_since:
                log.info("the inbox is back")
            self.gone_since, self.failures = None, 0
            self.heartbeat.beat("running", observer=observer)

    def _gone(self, root: str, observer: str) -> None:
        """The inbox cannot be reached: said once, looked for again and again. Nothing is concluded about what was in it."""
        if self.gone_since is None:
            self.gone_since = self.now()
            log.warning("the folder %s cannot be reached", root)
        self.failures += 1
        self.heartbeat.beat("inbox_gone", observer=observer, message=f"The folder Return here cannot be reached since {self.gone_since:%H:%M}.")

    def _rest(self) -> None:
        wait = min(self.poll, RETRIES[min(self.failures, len(RETRIES)) - 1]) if self.failures else self.poll
        if self.wake.wait(wait) and not self.stopping.is_set():
            self.stopping.wait(BURST)


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, SIGTERM, and Ctrl-Break on Windows end the service cleanly. Only the main thread may ask for this."""
    names = ["SIGINT", "SIGTERM", *(["SIGBREAK"] if sys.platform == "win32" else [])]

    def handler(_number: int, _frame: FrameType | None) -> None:
        stop()

    before: dict[int, Any] = {number: signal.signal(number, handler) for number in (getattr(signal, n) for n in names)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
