"""What stands at the head and foot of every document, and in the file's properties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from qaf_sheets.model import Snapshot, Version
from qaf_sheets.outputs.documents.words import day, draft_line


def head(seen: Snapshot, title: str, short_title: str, newest: datetime | None, draft: str = "") -> dict[str, Any]:
    """The values that every template may use.

    `newest` is when the newest of what a document rests on was received: not the moment of drafting, so that a draft with nothing new in it is the same
    file. `draft` stands in the place of whether the quarter is signed off.
    """
    plan, quarter = seen.plan, seen.quarter
    return {
        "council": plan.setting("council"), "marking": plan.setting("marking"), "title": title, "short_title": short_title, "period": f"{quarter.label} ({quarter.months})",
        "draft_line": draft or draft_line(seen.signed_off), "dated": newest or datetime.combine(quarter.starts, time()),
        "received_up_to": f"Drafted from the returns received up to {day(newest.date())}" if newest else "No returns received yet",
    }  # fmt: skip


def newest(versions: Iterable[Version]) -> datetime | None:
    """When the newest of these was received."""
    return max((v.received_at for v in versions), default=None)
