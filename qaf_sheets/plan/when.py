"""When in a year a duty falls: which quarter of it, and for which months. By nothing but the duty itself, so that nobody else's coming or going moves it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from qaf_sheets import workdays
from qaf_sheets.model import Person, Plan, Quarter, Rule
from qaf_sheets.plan.due import due_on, month_of

OBSERVED, SUPERVISED, NEWLY_QUALIFIED, LEARNING = "OBS", "SUP", "SUP_ASYE", "LEARN"


class Slot(NamedTuple):
    """One time that a duty is owed in a quarter: its number in it, the month it is for ('' for none), and when it is due."""

    n: int
    due: date
    month: str = ""
    note: str = ""


def slots(plan: Plan, rule: Rule, about: str, quarter: Quarter) -> Iterator[Slot]:
    """Each time that a rule asks something in a quarter. `about` is the person, area or child it is about, else who owes it."""
    if rule.per == "month":
        yield from _monthly(plan, rule, quarter)
        return
    person, usual = plan.person(about), due_on(plan, rule.activity, quarter)
    due, note = _by_when(plan, rule, person, quarter, usual) if person and rule.unit == "pair" else (usual, _learning_from(plan, rule, quarter))
    for n in range(1, _times(plan, rule, about, quarter) + 1):
        yield Slot(n, due, note=note)


def _learning_from(plan: Plan, rule: Rule, quarter: Quarter) -> str:
    """Which quarter's learning a learning event shares (3.3 no. 12)."""
    return f"Learning from {quarter.plus(-int(plan.setting('learning_lag'))).label}" if rule.activity == LEARNING else ""


def _times(plan: Plan, rule: Rule, about: str, quarter: Quarter) -> int:
    """How often a quarter asks it: what is shared, once for each piece that was dealt out; supervision, through no more people than there are."""
    if not _falls(plan, rule, about, quarter):
        return 0
    if rule.activity == SUPERVISED and rule.unit == "pair":
        return min(rule.count, sum(p.line_manager_id == about and p.in_post(quarter.starts, quarter.ends) for p in plan.people))
    return 1 if rule.unit == "authority" else rule.count


def quarter_of_year(about: str) -> int:
    """The quarter in which something yearly about a person falls: by the number in their id, so about a quarter of them each.

    It depends on nobody else: a joiner, a leaver or a removed manager never moves another person's observation.
    """
    digits = re.findall(r"\d+", about)
    number = int(digits[-1]) if digits else zlib.crc32(about.encode())
    return number % 4 or 4


def supervised_in(about: str) -> int:
    """The quarter in which somebody's supervision is looked at: the one before they are observed, so that both never meet."""
    return (quarter_of_year(about) - 1) or 4


def _falls(plan: Plan, rule: Rule, about: str, quarter: Quarter) -> bool:
    if rule.per != "year":
        return rule.per == "quarter" or quarter.number % 2 == 0
    if rule.unit in ("owner", "unit"):
        return quarter.number == next((e.quarter.number for e in plan.calendar if e.activity == rule.activity and e.quarter.year == quarter.year), 4)
    usual = Quarter(year=quarter.year, number=supervised_in(about) if rule.activity == SUPERVISED else quarter_of_year(about))
    person = plan.person(about)
    by = forward(plan, person) if person and rule.activity == OBSERVED else None
    return quarter in _brought_forward(person, usual, by) if person and by else quarter == usual


def _brought_forward(person: Person, usual: Quarter, by: date) -> tuple[Quarter, ...]:
    """The quarters of a year in which somebody new in role is observed: what fell before the new role stays, what would come too late comes sooner."""
    since, last = Quarter.holding(person.new_in_role_since or by), Quarter.holding(by)
    soon = any(_order(since) <= _order(q) <= _order(last) for q in (usual.plus(-4), usual, usual.plus(4)))
    if soon or last.year != usual.year:
        return (usual,)
    return (usual, last) if _order(usual) < _order(since) else (last,)


def _order(quarter: Quarter) -> int:
    return quarter.year * 4 + quarter.number


def forward(plan: Plan, person: Person) -> date | None:
    """New in role: the last working day by which they are observed (section 6, 6.2); None for anybody else."""
    if not person.new_in_role_since:
        return None
    by = person.new_in_role_since + timedelta(days=int(plan.setting("observed_within_days")))
    return by if workdays.is_working(by, plan.holidays) else workdays.add(by, -1, plan.holidays)


def _by_when(plan: Plan, rule: Rule, person: Person, quarter: Quarter, usual: date) -> tuple[date, str]:
    """When something yearly about a person is due: sooner for somebody new in role, with a year's time for a joiner."""
    by = forward(plan, person) if rule.activity == OBSERVED else None
    if by and quarter.starts <= by < usual:
        return by, f"Brought forward: new in role since {person.new_in_role_since:%d/%m/%Y}"
    if rule.per == "year" and not by and person.start_date and quarter.starts < person.start_date <= quarter.ends:
        return _first_year(plan, person.start_date, quarter), f"Started on {person.start_date:%d/%m/%Y}"
    return usual, ""


def _first_year(plan: Plan, started: date, quarter: Quarter) -> date:
    """Twelve months after somebody started, or the end of the year, whichever is later."""
    last = max(started + timedelta(days=365), date(quarter.year + 1, 3, 31))
    return workdays.last_of(last - timedelta(days=30), last, plan.holidays)


def _monthly(plan: Plan, rule: Rule, quarter: Quarter) -> Iterator[Slot]:
    """So many in each month; never more supervision dips than there are newly qualified social workers (case 67)."""
    for at in range(3):
        first = month_of(quarter, at + 1)
        month = f"{first:%Y-%m}"
        most = min(rule.count, len(plan.newly_qualified(month))) if rule.activity == NEWLY_QUALIFIED else rule.count
        if rule.activity == NEWLY_QUALIFIED and not _asked_in(plan, rule, quarter, first):
            continue
        for k in range(most):
            yield Slot(at * rule.count + k + 1, due_on(plan, rule.activity, quarter, month), month)


def _asked_in(plan: Plan, rule: Rule, quarter: Quarter, first: date) -> bool:
    """Every month, or those with a SUP line in the Calendar that names the role (3.3 no. 10)."""
    if plan.setting("asye_dips_months") == "every month":
        return True
    named = {f"{first:%Y-%m}", f"{first:%B}".casefold(), f"{first:%B %Y}".casefold()}
    lines = (e for e in plan.calendar if e.activity == SUPERVISED and e.quarter == quarter and e.month.casefold() in named)
    return any(role in e.who.replace(",", " ").split() for e in lines for role in rule.who)
