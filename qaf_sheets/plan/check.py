"""What is wrong with a plan that could be read: small functions in one tuple, each fault by sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from types import MappingProxyType

from qaf_sheets import workdays
from qaf_sheets.files import RESERVED
from qaf_sheets.model import Child, Person, Plan, Problem, Quarter, Source, Team
from qaf_sheets.plan import check_rules
from qaf_sheets.plan.cover import above
from qaf_sheets.plan.faults import Check, Facts, at
from qaf_sheets.plan.in_force import LINE_MANAGER, ROLE_SETTINGS, SUPERVISORS, in_force
from qaf_sheets.plan.rows import in_order


def check(plan: Plan, activities: Collection[str], *, today: date = date.max, themed: Mapping[str, str] = MappingProxyType({})) -> tuple[Problem, ...]:
    """Every fault of a plan, by sheet and row. Without `today`, everyone with an end date has left."""
    facts = Facts(plan, activities, today, themed)
    return in_order(chain.from_iterable(one(facts) for one in CHECKS))


def all_faults(plan: Plan, reading: Collection[Problem], activities: Collection[str], *, today: date = date.max, themed: Mapping[str, str] = MappingProxyType({})) -> tuple[Problem, ...]:
    """What `read_plan` found and what `check` finds, in one order.

    A cell is told of once; where a whole sheet or column is missing, only the reading speaks, for all else would follow from that.
    """
    if any(p.code in ("PLAN_SHEET_MISSING", "PLAN_COLUMN_MISSING") for p in reading):
        return in_order(reading)
    told = {(p.sheet, p.cell) for p in reading}
    return in_order((*reading, *(p for p in check(plan, activities, today=today, themed=themed) if (p.sheet, p.cell) not in told)))


SAFE_ID = re.compile(r"[^\W_][\w-]{0,39}")
"""A name that every file system takes as it is: no separators, no dots, nothing that ends in a space."""


def ids(given: Facts) -> Iterator[Problem]:
    """A person's id names their folders, and stands between slashes in a duty's id."""
    for p in given.plan.people:
        if not SAFE_ID.fullmatch(p.person_id) or p.person_id.upper() in RESERVED:
            yield at("PLAN_ID_UNUSABLE", p.source, "person_id", value=p.person_id)


def managers(given: Facts) -> Iterator[Problem]:
    """Everyone but the Director has a line manager who is on the sheet and still here (specification 1)."""
    for p in given.plan.people:
        manager = given.plan.person(p.line_manager_id)
        if not p.line_manager_id:
            if p.role != given.plan.role_of("director") and not given.left(p):
                yield at("PLAN_NO_MANAGER", p.source, "line_manager_id", name=p.name)
        elif manager is None:
            yield at("PLAN_UNKNOWN_PERSON", p.source, "line_manager_id", value=p.line_manager_id)
        elif manager.end_date and given.left(manager) and not given.left(p):
            yield at("PLAN_MANAGER_LEFT", p.source, "line_manager_id", name=p.name, value=manager.name, date=f"{manager.end_date:%d/%m/%Y}")


def cycles(given: Facts) -> Iterator[Problem]:
    """Nobody is their own manager, through however many others; each ring is told once."""
    above = {p.person_id: p.line_manager_id for p in given.plan.people}
    names = {p.person_id: p.name for p in given.plan.people}
    told: set[str] = set()
    for p in given.plan.people:
        ring = [p.person_id]
        while (boss := above.get(ring[-1], "")) and boss not in ring:
            ring.append(boss)
        if boss == p.person_id and p.person_id not in told:
            told.update(ring)
            yield at("PLAN_CYCLE", p.source, "line_manager_id", name=p.name, chain=" → ".join(names[i] for i in (*ring, boss)))


def named_people(given: Facts) -> Iterator[Problem]:
    """People named on other sheets are on the People sheet."""
    plan, known = given.plan, {p.person_id for p in given.plan.people}
    named = [
        *((p.acting_for, p.source, "acting_for") for p in plan.people), *((r.owner, r.source, "owner") for r in plan.rules), *((p.owner, p.source, "owner") for p in plan.priorities),
        *((c.worker_id, c.source, "worker_id") for c in plan.children), *((c.chair_id, c.source, "chair_id") for c in plan.children), *((a.reviewer_id, a.source, "reviewer_id") for a in plan.allocations),
    ]  # fmt: skip
    for person, source, column in named:
        if person and person not in known:
            yield at("PLAN_UNKNOWN_PERSON", source, column, value=person)


def teams(given: Facts) -> Iterator[Problem]:
    """Teams named on other sheets stand on the Teams sheet."""
    known = {t.team for t in given.plan.teams}
    rows: tuple[Person | Child, ...] = (*given.plan.people, *given.plan.children)
    for row in rows:
        if row.team and row.team not in known:
            yield at("PLAN_UNKNOWN_TEAM", row.source, "team", value=row.team)


def heads(given: Facts) -> Iterator[Problem]:
    """Each service area has exactly one head in post (section 2, 2.6): a Head of Service, or who plays that part."""
    head = given.plan.role_of("head_of_area")
    words = given.plan.role_text(head)
    rows: tuple[Team | Person, ...] = (*given.plan.teams, *(p for p in given.plan.people if not given.left(p) or (p.role == head and p.in_scope)))
    first = {row.service_area: row.source for row in reversed(rows) if row.service_area}
    for area, source in first.items():
        found = [p for p in given.plan.people if p.role == head and p.service_area == area and not given.left(p) and (p.start_date or date.min) <= given.today]
        if not found:
            yield _without_head(given, area, source)
        if len(found) > 1:
            yield at("PLAN_TWO_HEADS", found[1].source, "service_area", value=area, role=words, who=", ".join(p.name for p in found))


def _without_head(given: Facts, area: str, source: Source) -> Problem:
    """A post that is vacant is stood in for by the manager above; an area that never had a head has nobody to owe its summary."""
    role = given.plan.role_of("head_of_area")
    before = [p for p in given.plan.people if p.role == role and p.service_area == area and p.in_scope and p.end_date and given.left(p)]
    last = max(before, key=lambda p: p.end_date or date.min, default=None)
    manager = above(given.plan, Quarter.holding(min(given.today, date(9000, 1, 1))), last, given.today) if last else None
    if last and manager:
        return at("PLAN_HEAD_LEFT", last.source, "end_date", value=area, role=given.plan.role_text(role), name=last.name, date=f"{last.end_date:%d/%m/%Y}", who=manager.name)
    return at("PLAN_AREA_NO_HEAD", source, "service_area", value=area, role=given.plan.role_text(role))


def on_lists(given: Facts) -> Iterator[Problem]:
    """Roles and levels of need are ones the Lists sheet has."""
    known = {LINE_MANAGER, SUPERVISORS, *ROLE_SETTINGS}
    named = [(w, r.source, column) for r in given.plan.rules for column, words in (("who", r.who), ("about", r.about)) for w in words if w not in known]
    levels = [(c.level_of_need, c.source, "level_of_need") for c in given.plan.children] if given.plan.setting("lists") == "fixed" else []
    said = {"roles": [*((p.role, p.source, "role") for p in given.plan.people), *named], "level_of_need": levels}
    for name, words in said.items():
        options = [o.code or o.text for o in given.plan.lists.get(name, ())]
        for word, source, column in words:
            if word and options and word not in options:
                yield at("PLAN_NOT_ON_LIST", source, column, value=word, options=", ".join(options))


def last_grades(given: Facts) -> Iterator[Problem]:
    """A child's last grade is one that the form can show: its reviewer could not put it right."""
    options = given.plan.lists.get("grade", ())
    for c in given.plan.children:
        if c.last_grade and options and not given.plan.option("grade", c.last_grade):
            yield at("PLAN_NOT_ON_LIST", c.source, "last_grade", value=c.last_grade, options=", ".join(o.text for o in options))


def dates(given: Facts) -> Iterator[Problem]:
    """What ends does not end before it begins."""
    spans = [
        *((p.source, "end_date", p.start_date, p.end_date, "Left", "Started") for p in given.plan.people),
        *((p.source, "absent_to", p.absent_from, p.absent_to, "Absent to", "Absent from") for p in given.plan.people),
        *((p.source, "asye_to", p.asye_from, p.asye_to, "ASYE to", "ASYE from") for p in given.plan.people),
        *((e.source, "due_on", e.week_beginning, e.due_on, "Due", "Week beginning") for e in given.plan.calendar),
        *((e.source, "dlt_date", e.pre_dlt_date, e.dlt_date, "DLT", "Before DLT") for e in given.plan.calendar),
        *((r.source, "active_to", r.active_from, r.active_to, "To", "From") for r in given.plan.rules),
    ]
    for source, column, first, last, label, other in spans:
        if first and last and last < first:
            yield at("PLAN_DATES_CROSSED", source, column, label=label, other=other)


def quarters(given: Facts) -> Iterator[Problem]:
    """Weeks and meetings fall in the quarter of their row: the framework's own Appendix 8 has a year wrong (specification 3.3 no. 11)."""
    for e in given.plan.calendar if given.plan.setting("dates_outside_quarter") == "told" else ():
        for column, label, day in (("week_beginning", "Week beginning", e.week_beginning), ("pre_dlt_date", "Before DLT", e.pre_dlt_date), ("dlt_date", "DLT", e.dlt_date)):
            if day and not e.quarter.starts - timedelta(days=6) <= day <= e.quarter.ends:
                yield at("PLAN_OUTSIDE_QUARTER", e.source, column, label=label, value=f"{day:%d/%m/%Y}", quarter=e.quarter.label)


def children(given: Facts) -> Iterator[Problem]:
    """Child IDs have the council's number of digits; allocated children are on the list."""
    digits, known = given.plan.setting("child_id_digits"), {c.child_id for c in given.plan.children}
    for c in given.plan.children:
        if not (c.child_id.isascii() and c.child_id.isdigit() and len(c.child_id) == int(digits)):
            yield at("PLAN_CHILD_ID", c.source, digits=digits, value=c.child_id)
    for a in given.plan.allocations:
        if a.child_id not in known:
            yield at("PLAN_CHILD_UNKNOWN", a.source, value=a.child_id)


def allocations(given: Facts) -> Iterator[Problem]:
    """A child is dealt out once for an activity in a quarter, and never to the person who holds or chairs their case."""
    first: dict[tuple[str, str, str], str] = {}
    for a in given.plan.allocations:
        child, key = given.plan.child(a.child_id), (str(a.quarter), a.activity, a.child_id)
        if key in first:
            yield at("PLAN_DUPLICATE", a.source, "child_id", value=a.child_id, other=first[key])
        first.setdefault(key, a.source.cell)
        if child and a.reviewer_id in (child.worker_id, child.chair_id):
            yield at("PLAN_OWN_CHILD", a.source, "reviewer_id", value=a.reviewer_id)


def themes(given: Facts) -> Iterator[Problem]:
    """In the quarter that runs, an activity that asks a theme's questions has them: told at its line of the Calendar, else at its rule."""
    plan, quarter = given.plan, given.running()
    asked = {r.activity: r.source for r in reversed(in_force(plan)) if r.activity in given.themed}
    for activity, rule in asked.items() if quarter else ():
        assert quarter, "the quarter runs"
        kind = given.themed[activity]
        if not plan.theme_of(activity, quarter, kind):
            line = next((e.source for e in plan.calendar if (e.activity, e.quarter) == (activity, quarter)), None)
            yield at("PLAN_THEME_MISSING", line or rule, "theme" if line else "activity", activity=activity, quarter=quarter.label, kind=kind or "any")


def priorities(given: Facts) -> Iterator[Problem]:
    """The priority that a theme serves is on the Priorities sheet (section 2, 2.2)."""
    known = [p.priority_id for p in given.plan.priorities]
    for e in given.plan.calendar:
        if e.priority_id and e.priority_id not in known:
            yield at("PLAN_NOT_ON_LIST", e.source, "priority_id", value=e.priority_id, options=", ".join(known) or "the Priorities sheet")


def focus(given: Facts) -> Iterator[Problem]:
    """Development focus brings an observation forward from a day that is known (section 6, 6.2)."""
    for p in given.plan.people:
        if p.development_focus and not p.new_in_role_since and not given.left(p):
            yield at("PLAN_FOCUS_UNDATED", p.source, "new_in_role_since", name=p.name)


def learning_events(given: Facts) -> Iterator[Problem]:
    """A learning event that nobody wrote of, shortly before DLT; "to be confirmed" is an answer (specification 3.3 no. 27)."""
    days = int(given.plan.setting("learning_reminder"))
    for e in given.plan.calendar if given.running() else ():
        if e.activity == "REPORT" and not e.learning_event and e.dlt_date and workdays.add(e.dlt_date, -days, given.plan.holidays) <= given.today <= e.dlt_date:
            yield at("PLAN_LEARNING_BLANK", e.source, "learning_event", date=f"{e.dlt_date:%d/%m/%Y}")


CHECKS: tuple[Check, ...] = (
    ids, managers, cycles, named_people, teams, heads, on_lists, last_grades, dates, quarters, children, allocations, themes, priorities, focus, learning_events, *check_rules.CHECKS,
)  # fmt: skip
