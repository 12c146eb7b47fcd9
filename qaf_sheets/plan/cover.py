"""What becomes of a duty when whoever owes it left, is away, or has just started (specification 3.2). Each case is a small function."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from qaf_sheets import workdays
from qaf_sheets.model import Person, Plan, Quarter

Passes = Literal["always", "vacant", "never"]
"""When the manager above owes what somebody who is away cannot do: always, only while the post is vacant, or never."""


class Taken(NamedTuple):
    """Who owes a duty in the end, and how it came to them; or why it is not required of the one it was meant for."""

    person: Person
    note: str = ""
    excused: str = ""


def taken(plan: Plan, quarter: Quarter, person: Person, due: date, *, passes: Passes, own: bool) -> Iterator[Taken]:
    """Who owes what is meant for `person` by `due`: they, whoever acts for them, or the manager above.

    `own`: a duty of the person, which absence excuses; others (an area's, a unit's) are passed up then too. What is excused stays in the list.
    """
    why = away(plan, quarter, person, due)
    stand_in = acting(plan, quarter, person, due) if why else None
    note = f"Acting for {person.name}, who {why}"
    if why and not stand_in and _passes_up(plan, quarter, person, due, passes, own=own):
        stand_in, note = above(plan, quarter, person, due), f"{person.name} {why}, and nobody is named in their place"
    if not why:
        yield Taken(person)
    elif (own or not stand_in) and person.in_post(quarter.starts, quarter.ends):
        yield Taken(person, excused=f"{person.name} {why}")
    if stand_in:
        yield Taken(stand_in, note)


def _passes_up(plan: Plan, quarter: Quarter, person: Person, due: date, passes: Passes, *, own: bool) -> bool:
    if passes == "never" or (own and not left(person, due) and not starts_later(person, due)):
        return False
    return passes == "always" or (bool(left(person, due)) and vacant(plan, person, quarter))


def away(plan: Plan, quarter: Quarter, person: Person, due: date) -> str:
    """Why somebody is not there to do what is due on a day: "left on 15/11/2026"; '' for somebody who is."""
    return left(person, due) or starts_later(person, due) or absent(plan, quarter, person)


def left(person: Person, due: date) -> str:
    """Leaver: duties after their last day are not theirs."""
    return f"left on {person.end_date:%d/%m/%Y}" if person.end_date and _left(person, due) else ""


def starts_later(person: Person, due: date) -> str:
    """Joiner: what was due before their first day is not theirs."""
    return f"started on {person.start_date:%d/%m/%Y}" if person.start_date and person.start_date > due else ""


def absent(plan: Plan, quarter: Quarter, person: Person) -> str:
    """Absent for more than half of the quarter's working days (the setting `absent_share`)."""
    if not person.absent_from and not person.absent_to:
        return ""
    first, last = max(person.absent_from or quarter.starts, quarter.starts), min(person.absent_to or quarter.ends, quarter.ends)
    days, of = _working(plan, first, last), _working(plan, quarter.starts, quarter.ends)
    return f"was absent for {days} of {of} working days" if 100 * days > int(plan.setting("absent_share")) * of else ""


def acting(plan: Plan, quarter: Quarter, person: Person, due: date) -> Person | None:
    """Whoever acts for somebody and is there to do it."""
    found = [p for p in plan.people if p.acting_for == person.person_id and _there(plan, quarter, p, due)]
    return min(found, key=lambda p: p.person_id, default=None)


def vacant(plan: Plan, person: Person, quarter: Quarter) -> bool:
    """Whether nobody has the post of somebody who left: the same role in the same team and area, or, where it names neither, the people they managed."""
    def same_post(p: Person) -> bool:
        return p.person_id != person.person_id and (p.role, p.team, p.service_area) == (person.role, person.team, person.service_area)

    if not person.team and not person.service_area:
        return any(p.line_manager_id == person.person_id and p.in_post(quarter.starts, quarter.ends) for p in plan.people)
    return not any(same_post(p) and p.in_post(quarter.starts, quarter.ends) and not _left(p, quarter.ends) for p in plan.people)


def above(plan: Plan, quarter: Quarter, person: Person, due: date) -> Person | None:
    """The nearest manager above who is there to do it."""
    seen = {person.person_id}
    manager = plan.person(person.line_manager_id)
    while manager and manager.person_id not in seen and not _there(plan, quarter, manager, due):
        seen.add(manager.person_id)
        manager = plan.person(manager.line_manager_id)
    return manager if manager and manager.person_id not in seen else None


def _left(person: Person, due: date) -> bool:
    return person.end_date is not None and person.end_date < due


def _there(plan: Plan, quarter: Quarter, person: Person, due: date) -> bool:
    return person.in_scope and not away(plan, quarter, person, due)


def _working(plan: Plan, first: date, last: date) -> int:
    """Working days from `first` to `last`, both counted."""
    return workdays.between(first, last, plan.holidays) + workdays.is_working(first, plan.holidays) if first <= last else 0
