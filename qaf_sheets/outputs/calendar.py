"""A quarter's dates as an iCalendar file (RFC 5545) that Outlook opens: all-day entries that keep nobody busy. No person is named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from qaf_sheets.model import Dated, Quarter

CALENDAR = "Calendar.ics"
KINDS = {"week": "Week", "booking": "Book by", "step": "Case review step", "due": "Due", "meeting": "Meeting", "learning": "Learning event"}
"""What goes into people's calendars, and its category; a whole month would only be in their way."""
HERE = ZoneInfo("Europe/London")


def write_calendar(entries: Iterable[Dated], *, council: str, quarter: Quarter, as_at: datetime) -> bytes:
    """The entries that have a day, as bytes; the same in, the same out. An entry read in again takes its own earlier one's place."""
    calendar = Calendar()
    calendar.add("prodid", "-//qaf-sheets//Quality assurance calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{council}: quality assurance {quarter.label}")
    stamp = as_at.replace(tzinfo=HERE).astimezone(UTC)
    for entry in entries:
        if entry.kind in KINDS and entry.first:
            calendar.add_component(_event(entry, council, stamp))
    return bytes(calendar.to_ical())


def undated(data: bytes) -> bytes:
    """What a calendar's bytes say, whenever they were written."""
    return re.sub(rb"DTSTAMP:\w+\r\n", b"", data)


def _event(entry: Dated, council: str, stamp: datetime) -> Event:
    """One entry. Its end is the day after its last, as the format wants."""
    assert entry.first, "it has a day"
    event = Event()
    event.add("uid", f"{_plain(entry.key)}@{_plain(council)}.qaf-sheets")
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.first)
    event.add("dtend", (entry.last or entry.first) + timedelta(days=1))
    event.add("summary", entry.what)
    if entry.who:
        event.add("description", f"For: {entry.who}")
    event.add("categories", [KINDS[entry.kind]])
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
