"""The one place that asks what day it is."""

from __future__ import annotations

import os
from datetime import date, datetime

VARIABLE = "QAF_TODAY"


class ClockError(Exception):
    """QAF_TODAY does not hold a date."""


def now() -> datetime:
    """The desk's own time; the day is `QAF_TODAY` (YYYY-MM-DD) where that is set. Raises ClockError."""
    moment = datetime.now().replace(microsecond=0)
    told = os.environ.get(VARIABLE, "").strip()
    if not told:
        return moment
    try:
        return datetime.combine(date.fromisoformat(told), moment.time())
    except ValueError as error:
        raise ClockError(f"{VARIABLE} is '{told}'. Write it like 2027-01-15.") from error
