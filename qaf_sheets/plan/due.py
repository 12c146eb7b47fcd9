"""When each activity is due: a calendar date where the plan has one, else the usual pattern (specification 3.3 no. 28)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from qaf_sheets import workdays
from qaf_sheets.model import Event, Plan, Quarter

FRIDAY, WEEK = timedelta(days=4), timedelta(days=7)
Pattern = Callable[[Plan, Quarter], date]
CONTRIBUTIONS = "CONTRIBUTIONS"
"""A line of the Calendar that stands for every contribution of its quarter."""
DUE_WITH = {"THEM_SNR": "THEM"}
"""What is due together with another activity."""


def due_on(plan: Plan, activity: str, quarter: Quarter, month: str = "") -> date:
    """The day a quarter's return of an activity is due; with `month` ("2026-10"), what is owed for that month."""
    if month:
        return _after_month(plan, month)
    activity = DUE_WITH.get(activity, activity)
    told = next((e.due_on for e in _lines(plan, activity, quarter) if e.due_on), None)
    return told or PATTERNS.get(activity, _contribution if activity.startswith("C_") else _end_of_quarter)(plan, quarter)


def week_of(plan: Plan, activity: str, quarter: Quarter) -> date | None:
    """The Monday of an activity's week: the Calendar's, else for case reviews the one by rule (3.3 no. 13); None while it is to be confirmed."""
    told = next((e.week_beginning for e in _lines(plan, activity, quarter) if e.week_beginning), None)
    nth = {"third Monday": 3, "first Monday": 1}.get(plan.setting("ccr_week_rule")) if activity == "CCR" else None
    return told or (_monday(month_of(quarter, 3), nth) if nth else None)


def month_of(quarter: Quarter, n: int) -> date:
    """The first day of a quarter's nth month."""
    return quarter.starts.replace(month=quarter.starts.month + n - 1)


def _monday(first: date, nth: int) -> date:
    """The nth Monday of a month; the week before where that is the week of Christmas."""
    day = first + timedelta(days=-first.weekday() % 7) + WEEK * (nth - 1)
    return day - WEEK if day <= date(first.year, 12, 25) < day + WEEK else day


def _lines(plan: Plan, activity: str, quarter: Quarter) -> list[Event]:
    """The Calendar's lines of an activity; after them, for a contribution, the line of all contributions."""
    named = (activity, *((CONTRIBUTIONS,) if activity.startswith("C_") else ()))
    return sorted((e for e in plan.calendar if e.activity in named and e.quarter == quarter), key=lambda e: named.index(e.activity))


def _after_month(plan: Plan, month: str) -> date:
    """So many working days into the month after."""
    last = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return workdays.add(last, int(plan.setting("monthly_due")), plan.holidays)


def _end_of_quarter(plan: Plan, quarter: Quarter) -> date:
    return workdays.last_of(quarter.starts, quarter.ends, plan.holidays)


def _end_of_month(plan: Plan, activity: str, quarter: Quarter) -> date:
    """The last working day of the month in which an activity is usually done; of the quarter where no month is set."""
    told = dict(part.split() for part in plan.setting("activity_months").split(",") if len(part.split()) == 2)
    n = int(told[activity]) if told.get(activity) in ("1", "2", "3") else 3
    last = quarter.ends if n == 3 else month_of(quarter, n + 1) - timedelta(days=1)
    return workdays.last_of(month_of(quarter, n), last, plan.holidays)


def _set_by(name: str) -> Pattern:
    """A setting: the last working day, or so many working days after the quarter."""
    def pattern(plan: Plan, quarter: Quarter) -> date:
        told = plan.setting(name)
        after = int(told) if told.isdigit() else 0
        return workdays.add(quarter.ends, after, plan.holidays) if after else _end_of_quarter(plan, quarter)

    return pattern


def _before_dlt(plan: Plan, quarter: Quarter) -> date:
    """So many working days before the leadership meeting that hears this quarter, but not before the quarter is over."""
    first = workdays.add(quarter.ends, 1, plan.holidays)
    meetings = (e.cx_slt_date if plan.setting("pre_dlt_meeting") == "chief executive" else e.pre_dlt_date for e in plan.reports_on(quarter))
    meeting = next((m for m in meetings if m), None)
    if meeting:
        return max(first, workdays.add(meeting, -int(plan.setting("serv_due_before_dlt")), plan.holidays))
    return workdays.add(quarter.ends, int(plan.setting("serv_due_after_quarter")), plan.holidays)


def _after_week(activity: str, name: str) -> Pattern:
    """So many working days after the Friday of the activity's week; the end of its month while the week is to be confirmed."""
    def pattern(plan: Plan, quarter: Quarter) -> date:
        week = week_of(plan, activity, quarter)
        return workdays.add(week + FRIDAY, int(plan.setting(name)), plan.holidays) if week else _end_of_month(plan, activity, quarter)

    return pattern


_contribution, _observation = _set_by("contribution_due"), _set_by("obs_due")
PATTERNS: Mapping[str, Pattern] = {
    "ROUT": _set_by("rout_due"), "OBS": _observation, "OBS_SNR": _observation, "OBS_MTG": _observation, "SUP": _set_by("sup_due"), "SERV": _before_dlt,
    "DIP": _after_week("DIP", "dip_due_after_week"), "THEM": _after_week("THEM", "them_due_after_week"), "CCR": _after_week("CCR", "ccr_due_after_week"),
    "FUP": _set_by("fup_due"), "PSW_ANN": _contribution,
}  # fmt: skip
"""Each activity's usual due date. A contribution (C_…) has its own setting; any other is due on the last working day of the quarter."""
