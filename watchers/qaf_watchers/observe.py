"""Keeps a watchdog observer alive on each root: native where events work, polling where they do not. Its events only wake the service."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

log = logging.getLogger("qaf_watchers")
NETWORK = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "fuse", "fuseblk", "fuse.sshfs", "fuse.rclone", "davfs", "drvfs", "vboxsf", "prl_fs"}
DRIVE_REMOTE = 4


class _Wakes(FileSystemEventHandler):
    """Any event wakes; which one does not matter, because the listing is the truth."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Opening and closing for reading stirs nothing: our own looks would wake us for ever."""
        if event.event_type not in ("opened", "closed_no_write"):
            self.wake()


class Observed:
    """The observers of some roots. `keep` replaces any that died or whose folder went away and came back."""

    def __init__(self, roots: Sequence[Path], wake: Callable[[], None], poll: float) -> None:
        self.roots, self.wake, self.poll = tuple(roots), wake, poll
        self.observers: dict[Path, tuple[BaseObserver, int]] = {}

    @property
    def kind(self) -> str:
        """How the inbox is observed: native or polling."""
        return "polling" if on_network(self.roots[0]) else "native"

    def keep(self) -> None:
        """Make every reachable root observed, whatever happened to its observer or to the folder itself."""
        for root in self.roots:
            held = self.observers.get(root)
            if held and not (_alive(held[0]) and _identity(root) == held[1]):
                self._drop(root)
            if root not in self.observers and _identity(root):
                self._start(root)

    def _start(self, root: Path) -> None:
        observer: BaseObserver = PollingObserver(timeout=max(1.0, self.poll / 2)) if on_network(root) else Observer()
        try:
            observer.schedule(_Wakes(self.wake), str(root), recursive=True)
            observer.start()
        except OSError as error:  # no events here: the timer still looks
            log.warning("changes in %s cannot be observed (%s); it is looked into every %g seconds", root.name, error, self.poll)
            return
        self.observers[root] = (observer, _identity(root))

    def _drop(self, root: Path) -> None:
        observer, _ = self.observers.pop(root)
        try:
            observer.unschedule_all()
            observer.stop()
            observer.join(2)
        except (OSError, RuntimeError, KeyError):
            log.info("an observer was already gone")

    def stop(self) -> None:
        """End them all."""
        for root in list(self.observers):
            self._drop(root)


def _alive(observer: BaseObserver) -> bool:
    """The observer's thread and those that feed it: the first stays alive when the second have died (research/excel.md section 4)."""
    return observer.is_alive() and all(e.is_alive() for e in observer.emitters)


def _identity(root: Path) -> int:
    """The folder's own number, 0 while it cannot be reached: a folder renamed away and made anew is another."""
    try:
        return root.stat().st_ino or 1
    except OSError:
        return 0


def on_network(root: Path) -> bool:
    """Whether a folder lies where file events do not arrive: a UNC path, a mapped drive, or a network mount."""
    if sys.platform == "win32":
        return _on_network_windows(root)
    try:
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines()]
    except OSError:
        return False
    place = str(root.resolve())
    found = [(m[4], m[m.index("-") + 1]) for m in mounts if "-" in m and (place + "/").startswith(m[4].rstrip("/") + "/")]
    return max(found, key=lambda m: len(m[0]), default=("", ""))[1] in NETWORK


def _on_network_windows(root: Path) -> bool:
    import ctypes

    drive = root.resolve().drive
    if drive.startswith("\\\\"):
        return True
    windll = getattr(ctypes, "windll", None)
    return bool(windll and windll.kernel32.GetDriveTypeW(f"{drive}\\") == DRIVE_REMOTE)
