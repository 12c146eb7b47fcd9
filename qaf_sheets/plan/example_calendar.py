"""The example council's year: the pattern of Appendices 7 and 8 laid over any financial year (specification 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qaf_sheets.model import Event, Quarter

WEDNESDAY = 2
AUTUMN, WINTER = 3, 4
"""The quarters that the framework prints in full."""
DIP_THEMES, IN_TIME = {AUTUMN: "Networks and contingency planning"}, "Visits, plans and supervision in time"
THEMES = {AUTUMN: "Quality of visits / voice of the child", WINTER: "Danger/worry statements and safety/success goals"}


def example_calendar(year: int) -> Iterator[Event]:
    """Every line of a year, and of the first quarter after it, so that Q4's report has its meeting."""
    for quarter in (*(Quarter(year=year, number=n) for n in (1, 2, 3, 4)), Quarter(year=year + 1, number=1)):
        yield from _quarter(quarter)


def _quarter(quarter: Quarter) -> Iterator[Event]:
    """Dip sample, thematic audit and case reviews, one a month; the report on the quarter before in the first."""
    first, winter = quarter.starts, quarter.number == WINTER
    second, third = _later(first, 1), _later(first, 2)
    dip, audit = _nth(first, 3 if winter else 2), _nth(second, 4 if winter else 2)
    review = _nth(third, 1 if quarter.number == AUTUMN else 3)  # the third Monday of December is often Christmas week
    meeting = _nth(first, 3 if quarter.number == AUTUMN else 4, WEDNESDAY)
    before = meeting - timedelta(days=16 if winter else 9)
    yield Event(quarter=quarter, activity="REPORT", who="PSW, AD", pre_dlt_date=before, dlt_date=meeting, note=f"Report on {quarter.plus(-1).label}; learning from {quarter.plus(-2).label}. Learning event: to be confirmed.")
    yield Event(quarter=quarter, activity="DIP", who="HOS, TM, PSW, IND_AUD", week_beginning=dip, booking_date=dip + timedelta(days=1), theme=DIP_THEMES.get(quarter.number, IN_TIME))
    yield Event(quarter=quarter, activity="SUP", who="AD, HOS, TM, PSW, AP", note=f"{first:%B}. Managed by Heads of Service and team managers; returned by the end of the quarter.")
    yield Event(quarter=quarter, activity="THEM", who="TM, AP, IND_AUD", week_beginning=audit, booking_date=audit + timedelta(days=1), theme=THEMES.get(quarter.number, ""))
    yield Event(quarter=quarter, activity="SUP", who="AD, HOS, TM, PSW", note=f"{second:%B}. Managed by Heads of Service and team managers; returned by the end of the quarter.")
    yield Event(quarter=quarter, activity="CCR", who="HOS, PSW, AP, IRO, CPC", week_beginning=review, note="Including observation.")
    yield Event(quarter=quarter, activity="ROUT", who="HOS, AD", note="Managed by Heads of Service and Assistant Directors; returned by the end of the quarter.")


def _later(first: date, n: int) -> date:
    return date(first.year, first.month + n, 1)


def _nth(first: date, n: int, weekday: int = 0) -> date:
    """The nth such weekday of a month; Monday is 0."""
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
