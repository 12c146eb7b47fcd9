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

log = logging.getLogger("qaf_watchers")
State = Literal["running", "inbox_gone", "error", "stopped"]


class Heartbeat:
    """Writes the state of the service into the state folder at each pass."""

    def __init__(self, state_folder: Path, now: Callable[[], datetime]) -> None:
        self.path, self.now = state_folder / NAME, now
        self.state, self.since = "", now()

    def beat(self, state: State, *, observer: str, message: str = "") -> None:
        """Say the state. A disk that is full for a moment does not stop the service."""
        if state != self.state:
            self.state, self.since = state, self.now()
        told = {"state": state, "at": self.now().isoformat(), "since": self.since.isoformat(), "pid": os.getpid(), "observer": observer, "message": message}
        try:
            write_atomically(self.path, json.dumps(told).encode())
        except OSError:
            log.exception("the heartbeat could not be written")
