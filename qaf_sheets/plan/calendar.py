"""Everything of a quarter that has a day: weeks, days to book, the steps of the case reviews, when each duty is due, and the meetings (specification 4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from qaf_sheets.dates import as_date
from qaf_sheets.model import Dated, Event, Obligation, Plan, Quarter
from qaf_sheets.plan.due import CONTRIBUTIONS, FRIDAY, due_on, month_of, week_of
from qaf_sheets.plan.in_force import active, is_minimum
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.plan.timeline import ONCE_A_YEAR, REVIEW, timeline

REPORT = "REPORT"
WEEKLY = ("DIP", "THEM", REVIEW)
"""What has a week of its own, even while it is to be confirmed (Appendices 7 and 8)."""
OURS = {CONTRIBUTIONS: "Contributions", REPORT: "Report"}
MEETINGS = {
    "pre_dlt_date": "Leadership meeting before DLT", "dlt_date": "DLT", "cx_slt_date": "Chief Executive's SLT", "lead_member_date": "Lead member briefing",
    "cib_date": "Children's Improvement Board", "scrutiny_date": "Scrutiny",
}  # fmt: skip
Titles = Mapping[str, str]


def dated(plan: Plan, quarter: Quarter, titles: Titles = MappingProxyType({})) -> tuple[Dated, ...]:
    """The quarter in the order of its days; what is to be confirmed comes last. `titles` are the activities' names by code."""
    lines = [e for e in plan.calendar if e.quarter == quarter]
    found = (*_work(plan, quarter, lines, titles), *_steps(plan, quarter), *_duties(plan, quarter, titles), *_meetings(plan, lines))
    return tuple(sorted(_apart(found), key=lambda d: (d.first is None, d.first or date.max, d.last or date.max, d.key)))


def _work(plan: Plan, quarter: Quarter, lines: Iterable[Event], titles: Titles) -> Iterator[Dated]:
    """The lines of activities: their week and the day to book by, or their month."""
    planned = [e for e in lines if e.activity != REPORT]
    absent = (Event(quarter=quarter, activity=a) for a in WEEKLY if a in {r.activity for r in active(plan, quarter)} - {e.activity for e in planned})
    for e in (*planned, *absent):
        what, who = _title(e.activity, titles) + (f": {e.theme}" if e.theme else ""), roles(plan, e.who)
        week = e.week_beginning or (week_of(plan, e.activity, quarter) if e.activity == REVIEW else None)
        if week or e.activity in WEEKLY:
            yield Dated(key=f"{quarter}/{e.activity}/week", kind="week", activity=e.activity, what=what, who=who, first=week, last=week and week + FRIDAY, note=e.note)
        elif month := _month(e):
            last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            yield Dated(key=f"{quarter}/{e.activity}/{month:%Y-%m}", kind="month", activity=e.activity, what=what, who=who, first=month, last=last, note=e.note)
        if e.booking_date:
            yield Dated(key=f"{quarter}/{e.activity}/book", kind="booking", activity=e.activity, what=f"{_title(e.activity, titles)}: book by today", who=who, first=e.booking_date, last=e.booking_date)


def _month(event: Event) -> date | None:
    """The first day of the month that a line names."""
    months = (month_of(event.quarter, n) for n in (1, 2, 3))
    return next((m for m in months if event.month.strip().casefold() in (f"{m:%B}".casefold(), f"{m:%b}".casefold(), f"{m:%B %Y}".casefold(), f"{m:%Y-%m}")), None)


def _steps(plan: Plan, quarter: Quarter) -> Iterator[Dated]:
    """The case reviews' steps, where a rule asks for case reviews; what is once a year, in its first quarter."""
    if any(r.activity == REVIEW for r in active(plan, quarter)):
        for s in (s for s in timeline(plan, quarter) if s.step != ONCE_A_YEAR or quarter.number == 1):
            yield Dated(key=f"{quarter}/{REVIEW}/step {s.step}", kind="step", activity=REVIEW, what=f"Case reviews, step {s.step}: {s.what}", who=s.who, first=s.first, last=s.last)


def _duties(plan: Plan, quarter: Quarter, titles: Titles) -> Iterator[Dated]:
    """The days on which something is due, each with how much and from which roles."""
    owed: dict[tuple[str, str, date], list[Obligation]] = {}
    for o in obligations(plan, quarter):
        if not o.excused:
            owed.setdefault((o.activity, o.month, o.due_on), []).append(o)
    shared = {r.activity for r in active(plan, quarter) if r.unit == "authority" and not is_minimum(r)} - {o for o, _, _ in owed}
    for activity, month, day in (*owed, *((a, "", due_on(plan, a, quarter)) for a in sorted(shared))):
        found = owed.get((activity, month, day), [])
        usual = day == due_on(plan, activity, quarter, month)
        key = f"{quarter}/{activity}/due" + (f" {month}" if month else "") + ("" if usual else f" {day}")
        yield Dated(key=key, kind="due", activity=activity, what=f"Due: {_title(activity, titles)}{_for(month)}{_times(found)}", who=_owners(plan, found), first=day, last=day)


def _for(month: str) -> str:
    return f" for {date.fromisoformat(f'{month}-01'):%B}" if month else ""


def _times(found: list[Obligation]) -> str:
    return f" ({len(found)})" if len(found) > 1 else ""


def _owners(plan: Plan, found: Iterable[Obligation]) -> str:
    """The roles that owe it, in the order of the Lists sheet."""
    people = (plan.person(o.person_id) for o in found)
    owing = {p.role for p in people if p}
    return ", ".join(o.text for o in plan.lists.get("roles", ()) if (o.code or o.text) in owing)


def _meetings(plan: Plan, lines: Iterable[Event]) -> Iterator[Dated]:
    """The meetings of each REPORT line, and its learning event. What may still be set is to be confirmed."""
    for e in (e for e in lines if e.activity == REPORT):
        about = e.quarter.plus(-int(plan.setting("report_lag"))).label
        learnt = e.quarter.plus(-int(plan.setting("learning_lag"))).label
        for name, what in MEETINGS.items():
            day: date | None = getattr(e, name)
            yield Dated(key=f"{e.quarter}/{REPORT}/{name.removesuffix('_date')}", kind="meeting", activity=REPORT, what=f"{what}: report on {about}", who=roles(plan, e.who), first=day, last=day, note=e.note if name == "dlt_date" else "")
        day = as_date(e.learning_event)
        yield Dated(key=f"{e.quarter}/{REPORT}/learning", kind="learning", activity="LEARN", what=f"Learning event: learning from {learnt}", first=day, last=day, note="" if day else e.learning_event)


def _title(activity: str, titles: Titles) -> str:
    return titles.get(activity) or OURS.get(activity, activity)


def roles(plan: Plan, who: str) -> str:
    """The roles that a cell names, in words. What is no role is left out: it may be a person's name."""
    return ", ".join(found.text for word in re.split(r"[,;/]| and ", who) if (found := plan.option("roles", word)))


def _apart(found: Iterable[Dated]) -> Iterator[Dated]:
    """Each with a key of its own: a second one of the same key is numbered."""
    seen: Counter[str] = Counter()
    for d in found:
        seen[d.key] += 1
        yield d if seen[d.key] == 1 else d.model_copy(update={"key": f"{d.key} {seen[d.key]}"})
