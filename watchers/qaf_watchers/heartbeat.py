"""The heartbeat: a small file that says whether the service runs. `qaf_sheets.heartbeat` reads it for the other commands."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from qaf_sheets.files import write_atomically
from qaf_sheets.heartbeat import NAME

log = logging.getLogger(__name__)
State = Literal["running", "inbox_gone", "error", "stopped"]


class Heartbeat:
    """Writes the state of the service into the state folder: the state, since when, and when it was last said."""

    def __init__(self, state_folder: Path, now: Callable[[], datetime]) -> None:
        self.path, self.now = state_folder / NAME, now
        self.state, self.since = "", now()
        self._told: dict[str, str] = {}
        self._silent = False

    def beat(self, state: State, *, observer: str, message: str = "") -> None:
        """Say the state. `observer`: native, polling or none. `message` may hold {since}, filled as 10:14."""
        if state != self.state:
            self.state, self.since = state, self.now()
            log.log(logging.INFO if state in ("running", "stopped") else logging.WARNING, "the service: %s", state)
        self._told = {"observer": observer, "message": message.format(since=f"{self.since:%H:%M}")}
        self.again()

    def again(self) -> None:
        """Say that it is still so. A disk that is full, or a file that is held, for a moment does not stop the service."""
        told = {"state": self.state, "at": self.now().isoformat(), "since": self.since.isoformat(), "pid": os.getpid(), **self._told}
        try:
            write_atomically(self.path, json.dumps(told, indent=1).encode(), private=True)
        except OSError:
            if not self._silent:
                log.exception("the heartbeat could not be written")
            self._silent = True
        else:
            self._silent = False
