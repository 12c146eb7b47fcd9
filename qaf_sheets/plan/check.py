"""What is wrong with a plan that could be read: small functions in one tuple, each fault by sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import chain

from qaf_sheets.model import Person, Plan, Problem, Source
from qaf_sheets.plan import settings
from qaf_sheets.plan.rows import as_date
from qaf_sheets.plan.schema import SHEETS
from qaf_sheets.problems import problem

Check = Callable[[Plan, Collection[str]], Iterator[Problem]]
MEETINGS = ("REPORT", "LEARN")


def check(plan: Plan, activities: Collection[str]) -> tuple[Problem, ...]:
    """Every fault of a plan, by sheet and row. `activities` are the codes there are forms for."""
    order = [s.name for s in SHEETS]
    found = list(chain.from_iterable(one(plan, activities) for one in CHECKS))
    return tuple(sorted(found, key=lambda p: (order.index(p.sheet) if p.sheet in order else len(order), _row(p.cell))))


def _row(cell: str) -> int:
    return int("".join(c for c in cell if c.isdigit()) or 0)


def _at(code: str, source: Source, column: str = "", **facts: object) -> Problem:
    """A fault in the row of a record; `column` is the letter of its own cell where that is another."""
    cell = f"{column}{_row(source.cell)}" if column else source.cell
    return problem(code, sheet=source.sheet, cell=cell, **facts)  # type: ignore[arg-type]  # facts fill the wording


def managers(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Everyone but the Director has a line manager who is on the sheet and still here."""
    del activities
    for p in plan.people:
        manager = plan.person(p.line_manager_id)
        if not p.line_manager_id:
            if p.role != "DCS" and p.in_scope and p.end_date is None:
                yield _at("PLAN_NO_MANAGER", p.source, "D", name=p.name)
        elif manager is None:
            yield _at("PLAN_UNKNOWN_PERSON", p.source, "D", value=p.line_manager_id)
        elif manager.end_date and (p.end_date is None or manager.end_date < p.end_date):
            yield _at("PLAN_MANAGER_LEFT", p.source, "D", name=p.name, value=manager.name, date=f"{manager.end_date:%d/%m/%Y}")


def cycles(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Nobody is their own manager, through however many others; each ring is told once."""
    del activities
    above = {p.person_id: p.line_manager_id for p in plan.people}
    told: set[str] = set()
    for p in plan.people:
        chain_up = [p.person_id]
        while (boss := above.get(chain_up[-1], "")) and boss not in chain_up:
            chain_up.append(boss)
        if boss == p.person_id and p.person_id not in told:
            told.update(chain_up)
            yield _at("PLAN_CYCLE", p.source, "D", name=p.name, chain=" → ".join([*chain_up, boss]))


def teams(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Teams named on other sheets stand on the Teams sheet."""
    del activities
    known = {t.team for t in plan.teams}
    for p in plan.people:
        if p.team and p.team not in known:
            yield _at("PLAN_UNKNOWN_TEAM", p.source, "E", value=p.team)
    for c in plan.children:
        if c.team and c.team not in known:
            yield _at("PLAN_UNKNOWN_TEAM", c.source, "C", value=c.team)


def roles(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """A person's role is one of the list `roles`."""
    del activities
    known = [o.code or o.text for o in plan.lists.get("roles", ())]
    for p in plan.people:
        if known and p.role not in known:
            yield _at("PLAN_NOT_ON_LIST", p.source, "C", value=p.role, options=", ".join(known))


def heads(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Each service area of the Teams sheet has exactly one Head of Service in post."""
    del activities
    first = {t.service_area: t.source for t in reversed(plan.teams)}
    for area, source in first.items():
        found = [p for p in plan.people if _is_head(p) and p.service_area == area]
        if not found:
            yield _at("PLAN_AREA_NO_HEAD", source, "B", value=area)
        if len(found) > 1:
            yield _at("PLAN_TWO_HEADS", found[1].source, value=area, who=", ".join(p.name for p in found))


def _is_head(p: Person) -> bool:
    return p.role == "HOS" and p.in_scope and p.end_date is None


def dates(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Nobody left before they started, nor came back before they went."""
    del activities
    for p in plan.people:
        if p.start_date and p.end_date and p.end_date < p.start_date:
            yield _at("PLAN_DATES_CROSSED", p.source, "H", label="Left", other="Started")
        if p.absent_from and p.absent_to and p.absent_to < p.absent_from:
            yield _at("PLAN_DATES_CROSSED", p.source, "J", label="Absent to", other="Absent from")
    for e in plan.calendar:
        if e.pre_dlt_date and e.dlt_date and e.dlt_date < e.pre_dlt_date:
            yield _at("PLAN_DATES_CROSSED", e.source, "H", label="DLT", other="Before DLT")


def rules(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """A rule that is on has a form, and somebody to owe it."""
    here = {p.role for p in plan.people if p.in_scope}
    for r in plan.rules:
        if not r.on:
            continue
        if r.activity not in activities:
            yield _at("PLAN_NO_FORM", r.source, "D", value=r.activity)
        wanted = set(r.about) if r.unit == "pair" else set(r.who)
        if r.unit in ("person", "area", "pair") and not wanted & here:
            yield _at("PLAN_NO_OWNER", r.source, "C" if r.unit == "pair" else "B", rule=r.rule_id)


def children(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Child IDs have the council's number of digits; workers are on the People sheet."""
    del activities
    digits = plan.setting("child_id_digits")
    for c in plan.children:
        if digits.isdigit() and not (c.child_id.isdigit() and len(c.child_id) == int(digits)):
            yield _at("PLAN_CHILD_ID", c.source, digits=digits, value=c.child_id)
        if c.worker_id and plan.person(c.worker_id) is None:
            yield _at("PLAN_UNKNOWN_PERSON", c.source, "D", value=c.worker_id)


def allocation(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Allocated children are on the list, their reviewers on the People sheet."""
    del activities
    known = {c.child_id for c in plan.children}
    for a in plan.allocations:
        if a.child_id not in known:
            yield _at("PLAN_CHILD_UNKNOWN", a.source, value=a.child_id)
        if plan.person(a.reviewer_id) is None:
            yield _at("PLAN_UNKNOWN_PERSON", a.source, "D", value=a.reviewer_id)


def lists(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """The bank holidays are dates."""
    del activities
    for option in plan.lists.get("bank_holidays", ()):
        if as_date(option.text) is None:
            yield problem("PLAN_NOT_A_DATE", sheet="Lists", value=option.text)


def named_settings(plan: Plan, activities: Collection[str]) -> Iterator[Problem]:
    """Settings are ones there are, and numbers where they must be."""
    del activities
    known = settings.defaults()
    for name, value in plan.settings.items():
        if name not in known:
            yield problem("PLAN_SETTING_UNKNOWN", sheet="Settings", value=name)
        elif known[name].isdigit() and not _number(value):
            yield problem("PLAN_NOT_A_NUMBER", sheet="Settings", label=name, value=value)


def _number(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


CHECKS: tuple[Check, ...] = (managers, cycles, teams, roles, heads, dates, rules, children, allocation, lists, named_settings)
