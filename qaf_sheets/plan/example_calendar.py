"""The example council's year: the schedule of Appendices 7 and 8 where they print it, and its pattern for every other quarter (specification 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, timedelta

from qaf_sheets import workdays
from qaf_sheets.model import Event, Quarter
from qaf_sheets.plan.due import CONTRIBUTIONS, month_of
from qaf_sheets.plan.printed_schedule import BY_MANAGERS, BY_SENIORS, DIP_WHO, PRINTED, REPORT_WHO, SUP_WHO, THEM_WHO

WEDNESDAY = 2
AUTUMN, WINTER = 3, 4
"""The quarters that the framework prints in full."""
DIP_THEMES = {
    AUTUMN: ("Networks and contingency planning", "Networks were named in few of last year's plans.", "PR1"),
    0: ("Visits, plans and supervision in time", "The monthly performance meeting asked whether work was done in time.", "PR3"),
}
THEMES = {
    AUTUMN: ("Quality of visits / voice of the child", "Children told their council that visits feel rushed.", "PR2"),
    WINTER: ("Danger/worry statements and safety/success goals", "Case reviews found goals that families could not put in their own words.", "PR1"),
    0: ("", "", ""),
}
"""By quarter, 0 for any other: the theme, why it was chosen, and the priority it serves. The framework names none for the first two quarters."""


def example_calendar(year: int, holidays: Set[date] = frozenset()) -> Iterator[Event]:
    """Every line of a year, and of the first quarter after it, so that Q4's report has its meeting."""
    for quarter in (*(Quarter(year=year, number=n) for n in (1, 2, 3, 4)), Quarter(year=year + 1, number=1)):
        yield from [e for e in PRINTED if e.quarter == quarter] or _pattern(quarter, holidays)


def _pattern(quarter: Quarter, holidays: Set[date]) -> Iterator[Event]:
    """Dip sample, thematic audit and case reviews, one a month; the report on the quarter before in the first."""
    months = [month_of(quarter, n) for n in (1, 2, 3)]
    first, second, third = (f"{m:%B}" for m in months)
    winter = quarter.number == WINTER
    yield _report(quarter, first, _nth(months[0], 3 if quarter.number == AUTUMN else 4, WEDNESDAY), 16 if winter else 9, holidays)
    yield _week(quarter, first, "DIP", DIP_WHO, _nth(months[0], 3 if winter else 2), DIP_THEMES.get(quarter.number, DIP_THEMES[0]), holidays)
    yield Event(quarter=quarter, month=first, activity="SUP", who=SUP_WHO, note=BY_MANAGERS)
    yield _week(quarter, second, "THEM", THEM_WHO, _nth(months[1], 4 if winter else 2), THEMES.get(quarter.number, THEMES[0]), holidays)
    yield Event(quarter=quarter, month=second, activity="SUP", who=SUP_WHO.removesuffix(", AP"), note=BY_MANAGERS)
    reviews = _nth(months[2], 1 if quarter.number == AUTUMN else 3)  # the third Monday of December is often Christmas week
    yield Event(quarter=quarter, month=third, activity="CCR", who="HOS, PSW, AP, IRO, CPC", week_beginning=reviews, note="Including observation.")
    yield Event(quarter=quarter, month=third, activity="ROUT", who="HOS, AD", note=BY_SENIORS)
    yield Event(quarter=quarter, month=third, activity=CONTRIBUTIONS, note="From each named owner of rules R05 and R21 to R23. Yearly ones are due in the last quarter.")
    yield Event(quarter=quarter, month=third, activity="FUP", who="QA_OFF, PSW", note="Of actions that were closed in the quarter before.")


def _report(quarter: Quarter, month: str, meeting: date, before: int, holidays: Set[date]) -> Event:
    """The meetings that hear a report: the department's own, DLT, and those it goes to afterwards."""
    later = {"cx_slt_date": 6, "lead_member_date": 14, "cib_date": 22}
    after = {name: workdays.add(meeting + timedelta(days=n - 1), 1, holidays) for name, n in later.items()}
    return Event(
        quarter=quarter, month=month, activity="REPORT", who=REPORT_WHO, pre_dlt_date=meeting - timedelta(days=before), dlt_date=meeting, **after,
        learning_event="To be confirmed", note=f"Report on {quarter.plus(-1).label}; learning from {quarter.plus(-2).label}. Scrutiny sets its own dates.",
    )  # fmt: skip


def _week(quarter: Quarter, month: str, activity: str, who: str, monday: date, theme: tuple[str, str, str], holidays: Set[date]) -> Event:
    """A week that managers book on its first Tuesday, or the working day after."""
    title, why, priority = theme
    booking = workdays.add(monday, 1, holidays)
    return Event(quarter=quarter, month=month, activity=activity, who=who, week_beginning=monday, booking_date=booking, theme=title, why_chosen=why, priority_id=priority)


def _nth(first: date, n: int, weekday: int = 0) -> date:
    """The nth such weekday of a month; Monday is 0."""
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
