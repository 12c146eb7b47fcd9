"""The case reviews of a quarter step by step, from the draw to the report (Appendix 4; specification 4.2)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from qaf_sheets import workdays
from qaf_sheets.model import Plan, Quarter
from qaf_sheets.plan.due import FRIDAY, due_on, week_of

REVIEW, ONCE_A_YEAR = "CCR", "1a"
LEAD, UNIT, PERFORMANCE = "role_practice_lead", "QA unit", "Performance team"
REVIEWERS = "Reviewers"


class Step(NamedTuple):
    """One step: what must be true by `last`, and from when it can be. Without days while the week, or DLT, is to be confirmed."""

    step: str
    what: str
    who: str
    first: date | None
    last: date | None


def timeline(plan: Plan, quarter: Quarter) -> tuple[Step, ...]:
    """The steps of a quarter's case reviews in their order, each with its days."""
    lead = plan.role_text(plan.setting(LEAD))
    days = _days(plan, quarter)
    said = (
        (ONCE_A_YEAR, "The weeks of the year's case reviews are published", lead), ("1b", "Children are drawn across teams and levels of need, with those to be looked at again", PERFORMANCE),
        ("1c", "Children are allocated to reviewers", UNIT), ("2a", "The child's worker, their manager and the chair are told; the review's date is set", REVIEWERS),
        ("2b", "Meetings before the week is over are looked up, and an observation is booked", REVIEWERS), ("3", "The family is contacted and its views recorded, before the conversation", REVIEWERS),
        ("4a", "The conversation is held, the form completed, the findings reflected back", REVIEWERS),
        ("4b", "Findings are discussed with the worker's manager; the form is returned with the practitioner's comments", REVIEWERS),
        ("5", "Moderation session", f"{REVIEWERS}, {lead}, {UNIT}, moderators"), ("6a", "Findings are shared with managers, for supervision and team plans", UNIT),
        ("6b", "Findings are in the quarterly report and the next quarter's plan", lead), ("6c", "Each review is on the child's file", UNIT),
    )  # fmt: skip
    return tuple(Step(step, what, who, *days.get(step, (None, None))) for step, what, who in said)


def _days(plan: Plan, quarter: Quarter) -> dict[str, tuple[date | None, date | None]]:
    """The first and last day of each step that has one."""
    def after(day: date, name: str, sign: int = 1) -> date:
        return workdays.add(day, sign * int(plan.setting(name)), plan.holidays)

    opens, dlt = date(quarter.year, 4, 1), plan.dlt_date(quarter)
    found: dict[str, tuple[date | None, date | None]] = {ONCE_A_YEAR: _one(_working(plan, opens))}
    if dlt:
        found["6b"] = _one(workdays.add(dlt, -1, plan.holidays))
    week = week_of(plan, REVIEW, quarter)
    if not week:
        return found
    month, friday = _working(plan, week.replace(day=1)), workdays.last_of(week, week + FRIDAY, plan.holidays)
    told, moderated = after(month, "ccr_told_after"), after(week, "mod_due_after_week")
    return found | {
        "1b": _one(after(month, "ccr_drawn_before", -1)), "1c": _one(month), "2a": (month, told), "2b": (month, after(month, "ccr_observation_after")),
        "3": (min(told, week), friday), "4a": (week, friday), "4b": (week, due_on(plan, REVIEW, quarter)), "5": (after(week, "ccr_moderated_from"), moderated),
        "6a": _one(after(week, "ccr_shared_after")), "6c": _one(after(moderated, "on_file_after_moderation")),
    }  # fmt: skip


def _one(day: date) -> tuple[date, date]:
    return day, day


def _working(plan: Plan, day: date) -> date:
    """A day itself, or the next working one."""
    return day if workdays.is_working(day, plan.holidays) else workdays.add(day, 1, plan.holidays)

