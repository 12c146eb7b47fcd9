"""When each activity is due: a calendar date where the plan has one, else the usual pattern (specification 3.3 no. 28)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from qaf_sheets import workdays
from qaf_sheets.model import Plan, Quarter

FRIDAY = timedelta(days=4)
Pattern = Callable[[Plan, Quarter], date]


def due_on(plan: Plan, activity: str, quarter: Quarter) -> date:
    """The day a quarter's return of an activity is due."""
    told = next((e.due_on for e in plan.calendar if e.activity == activity and e.quarter == quarter and e.due_on), None)
    return told or PATTERNS.get(activity, _end_of_quarter)(plan, quarter)


def _end_of_quarter(plan: Plan, quarter: Quarter) -> date:
    return workdays.last_of(quarter.starts, quarter.ends, plan.holidays)


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
    meeting = next((e.pre_dlt_date for e in plan.reports_on(quarter) if e.pre_dlt_date), None)
    if meeting:
        return max(first, workdays.add(meeting, -int(plan.setting("serv_due_before_dlt")), plan.holidays))
    return workdays.add(quarter.ends, int(plan.setting("serv_due_after_quarter")), plan.holidays)


def _after_week(activity: str, name: str) -> Pattern:
    """So many working days after the Friday of the activity's week; the end of the quarter while the week is to be confirmed."""
    def pattern(plan: Plan, quarter: Quarter) -> date:
        week = next((e.week_beginning for e in plan.calendar if e.activity == activity and e.quarter == quarter and e.week_beginning), None)
        return workdays.add(week + FRIDAY, int(plan.setting(name)), plan.holidays) if week else _end_of_quarter(plan, quarter)

    return pattern


PATTERNS: Mapping[str, Pattern] = {
    "ROUT": _set_by("rout_due"), "OBS": _set_by("obs_due"), "SERV": _before_dlt,
    "DIP": _after_week("DIP", "dip_due_after_week"), "CCR": _after_week("CCR", "ccr_due_after_week"),
}  # fmt: skip
"""Each activity's usual due date, where it is not simply the last working day of the quarter."""
