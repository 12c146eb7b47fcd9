"""One supervised observer: it only wakes the service, and is replaced when it dies, which the library's observers do quietly."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Literal

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserverVFS

from qaf_watchers.places import is_remote

Mode = Literal["auto", "native", "polling"]

log = logging.getLogger(__name__)
WAKING: list[type[FileSystemEvent]] = [FileCreatedEvent, FileMovedEvent, FileDeletedEvent, DirCreatedEvent, DirMovedEvent]
if os.name != "nt":  # Windows counts a read as a change, so that our own look would wake us for ever
    WAKING.append(FileModifiedEvent)
PATIENCE = (5.0, 60.0)
"""Seconds before the first and at most before a later attempt to replace a dead observer."""
FAREWELL = 5.0
"""Seconds an observer may take to stop; one that hangs on a dead share is left behind as a daemon thread."""


class Lookout:
    """Watches `target`: a folder, with its subfolders if `recursive`, or one file (and the owner files beside it) by its folder.

    `wake` is called from another thread when something changed, but not for our own atomic writes. `poll`: seconds between
    two looks of a polling observer.
    """

    def __init__(self, target: Path, wake: Callable[[], None], *, poll: float, mode: Mode = "auto", recursive: bool = False) -> None:
        file = not recursive and not target.is_dir() and target.suffix != ""
        self._folder = target.parent if file else target
        self._handler = _Wakes(wake, target.name if file else None)
        self._recursive = recursive
        self._poll, self._mode = poll, mode
        self._observer: BaseObserver | None = None
        self._folder_then: tuple[int, int] | None = None
        self._again_at, self._pause = 0.0, PATIENCE[0]
        self.kind = "none"

    @property
    def alive(self) -> bool:
        """Whether the observer and each of its threads runs, on the folder that has this name now."""
        watching = self._observer
        if watching is None or not watching.is_alive() or not watching.emitters:
            return False
        return all(e.is_alive() for e in watching.emitters) and (self.kind == "polling" or self._folder_then == _identity(self._folder))

    def mend(self, now: float) -> None:
        """Start the observer, or replace a dead one, not too often. `now`: a monotonic clock's seconds. Never raises OSError."""
        if self.alive:
            self._pause = PATIENCE[0]
            return
        if self._observer:
            log.warning("the %s observer of %s stopped; it will be replaced", self.kind, self._folder.name)
        self.close()
        if now < self._again_at or _identity(self._folder) is None:
            return
        self._again_at, self._pause = now + self._pause, min(2 * self._pause, PATIENCE[1])
        try:
            self._start()
        except OSError as error:
            log.warning("%s cannot be observed now (%s); it is looked at all the same", self._folder.name, error)

    def close(self) -> None:
        """Stop the observer, without waiting for one that hangs."""
        if self._observer:
            _stop(self._observer)
        self._observer, self.kind = None, "none"

    def _start(self) -> None:
        self._folder_then = _identity(self._folder)
        native = self._mode == "native" or (self._mode == "auto" and not is_remote(self._folder))
        if native:
            try:
                self._observer, self.kind = self._started(Observer(timeout=self._poll)), "native"
            except OSError as error:  # the system's limit of watches is reached
                log.warning("no native observer for %s (%s); polling instead", self._folder.name, error)
        if self._observer is None:
            polling = PollingObserverVFS(stat=os.lstat, listdir=_scandir, polling_interval=self._poll)  # lstat: links are not followed
            self._observer, self.kind = self._started(polling), "polling"
        log.info("%s is observed: %s", self._folder.name, self.kind)

    def _started(self, observer: BaseObserver) -> BaseObserver:
        try:
            observer.schedule(self._handler, str(self._folder.resolve()), recursive=self._recursive, event_filter=WAKING)
            observer.start()
        except BaseException:
            _stop(observer)
            raise
        return observer


class _Wakes(FileSystemEventHandler):
    """Wakes on any event but our own atomic writes, or only on those of one file and the owner files that come and go with it."""

    def __init__(self, wake: Callable[[], None], only: str | None) -> None:
        self._wake = wake
        self._names = {n.casefold() for n in (only, f"~${only}", f".~lock.{only}#")} if only else None

    def dispatch(self, event: FileSystemEvent) -> None:
        touched = {os.path.basename(os.fsdecode(p)).casefold() for p in (event.src_path, event.dest_path)}  # noqa: PTH119 - bytes or text
        ours = any(name.startswith(".qaf-") for name in touched)
        if not ours and (self._names is None or self._names & touched):
            self._wake()


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder this is whatever its name; a native observer goes along with a folder that is renamed away."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _stop(observer: BaseObserver) -> None:
    farewell = Thread(target=observer.stop, daemon=True)
    farewell.start()
    farewell.join(FAREWELL)


def _scandir(path: str | None) -> os._ScandirIterator[str]:
    return os.scandir(path)
