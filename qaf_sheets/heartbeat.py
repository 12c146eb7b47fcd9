"""The service's heartbeat as the other commands read it: a small file in the state folder."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NAME = "heartbeat.json"
STALE = timedelta(minutes=5)
"""A service that has said nothing for this long is not running, whatever it said last."""


def read(state: Path, now: datetime) -> dict[str, Any]:
    """{"state": running | inbox_gone | error | stopped | stale | never, "at": ISO time or None, …}."""
    try:
        told = dict(json.loads((state / NAME).read_text("utf-8")))
        at = datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return {"state": "never", "at": None}
    if told.get("state") != "stopped" and abs(now - at) > STALE:
        told["state"] = "stale"
    return told
