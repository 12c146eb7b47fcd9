"""What a form knows before anybody fills it in: names it may offer, facts by name, and the rows a table is handed out with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from qaf_sheets.desk import Desk
from qaf_sheets.model import Child, Form, Issue, Obligation, Person, Plan, Quarter, Record
from qaf_sheets.plan.obligations import obligations

Rows = tuple[Mapping[str, str], ...]


class Order(Record):
    """A workbook to hand out: what it meets, whom or what it is about, or which piece of work. `told` and `rows` are facts beside the plan's."""

    activity: str
    quarter: Quarter
    person_id: str
    due_on: date
    obligation_ids: tuple[str, ...] = ()
    about: str = ""
    month: str = ""
    piece: str = ""
    piece_version: int = 0
    told: Mapping[str, str] = {}
    rows: Mapping[str, Rows] = {}


def of_duties(owed: tuple[Obligation, ...]) -> Order:
    """The order for one or more duties of one person that a single workbook meets."""
    first = owed[0]
    return Order(
        activity=first.activity, quarter=first.quarter, person_id=first.person_id, due_on=first.due_on, obligation_ids=tuple(o.obligation_id for o in owed),
        about=first.about, month=first.month,
    )


def facts(desk: Desk, plan: Plan, order: Order, person: Person, form: Form, owed: Callable[[], Sequence[Obligation]]) -> dict[str, str]:
    """What a form can be filled in with beforehand; a form's `prefill` names one of these. `owed`: all that is owed in the order's quarter, where a form says so."""
    seen, child, meeting = plan.person(order.about), plan.child(order.about), plan.dlt_date(order.quarter)
    areas = {t.service_area for t in plan.teams}
    known = {
        "person": named(person),
        "person_role": f"{person.name}, {person.service_area}" if person.service_area else person.name,
        "quarter": f"{order.quarter.label} ({order.quarter.months})",
        "month": month_words(order.month),
        "area": order.about if order.about in areas else person.service_area,
        "about": f"{seen.name}, {role_team(plan, seen)}" if seen else f"Child ID {child.child_id}" if child else order.about,
        "about_person": named(seen) if seen else "",
        "about_role_team": role_team(plan, seen) if seen else "",
        "dlt_date": f"{meeting:%d/%m/%Y}" if meeting else "",
        "theme": form.theme or (plan.theme_title(form.theme_from, order.quarter) if form.theme_from else ""),
        **(_of_child(plan, child) if child else {}),
        "planned_activity": _planned(desk, plan, owed(), person.service_area) if any(f.prefill == "planned_activity" for f in form.fields) else "",
    }
    return {name: value for name, value in {**known, **order.told}.items() if value}


def rows(plan: Plan, order: Order, form: Form) -> dict[str, Rows]:
    """What the form's tables are handed out with, by the name in their `prefill`."""
    names = [t.prefill for t in form.tables if t.prefill]
    return {name: order.rows[name] if name in order.rows else PREFILLED[name](plan, order) for name in names if name in order.rows or name in PREFILLED}


def month_words(month: str) -> str:
    """October 2026, from "2026-10"; '' for none."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}" if month else ""


def names_for(plan: Plan, one: Issue) -> tuple[str, ...]:
    """The names a form may offer: the manager's own service area, the PSW and the QA unit (specification 7.3), and who reports to them.

    A form about a child also offers those who work with the child.
    """
    around, for_all = around_child(plan, plan.child(one.about)), (plan.role_of("practice_lead"), plan.role_of("qa_unit"))
    said = {value for rows in one.rows.values() for row in rows for value in row.values()} | set(one.facts.values())

    starts, ends = one.quarter.starts, one.quarter.ends

    def offered(p: Person) -> bool:
        near = bool(one.service_area) and p.service_area == one.service_area
        mine = one.person_id in (p.person_id, p.line_manager_id) or p.person_id in around
        return p.in_post(starts, ends) and (near or p.role in for_all or mine or named(p) in said)

    return tuple(named(p) for p in sorted(plan.people, key=lambda p: p.name) if offered(p))


def around_child(plan: Plan, child: Child | None) -> tuple[str, ...]:
    """The ids of the worker, their manager and the chair of a child; () for none."""
    worker = plan.person(child.worker_id) if child else None
    return (worker.person_id, worker.line_manager_id, child.chair_id) if child and worker else ()


def named(person: Person) -> str:
    """How a form names someone: the id makes two people of one name different."""
    return f"{person.name} ({person.person_id})"


def role_team(plan: Plan, person: Person) -> str:
    """Team manager, Assessment A, Front Door and Assessment."""
    return ", ".join(x for x in (plan.role_text(person.role), person.team, person.service_area if person.service_area != person.team else "") if x)


def option_text(plan: Plan, name: str, said: str) -> str:
    """The option as the form shows it; '' for what is none, which would stand in a locked cell."""
    option = plan.option(name, said)
    return option.text if option else ""


def _of_child(plan: Plan, child: Child) -> dict[str, str]:
    """What the performance team's list says of a child: no name, there is none."""
    worker, manager = (plan.person(i) for i in (around_child(plan, child) or ("", ""))[:2])
    return {
        "child_id": child.child_id, "child_level": option_text(plan, "level_of_need", child.level_of_need), "child_worker": named(worker) if worker else "", "child_manager": named(manager) if manager else "",
        "previous_on": f"{child.last_reviewed_on:%d/%m/%Y}" if child.last_reviewed_on else "", "previous_grade": option_text(plan, "grade", child.last_grade),
    }


def _planned(desk: Desk, plan: Plan, owed: Sequence[Obligation], area: str) -> str:
    """What this area's people owe in the quarter, to be turned into what was done."""
    members = {p.person_id for p in plan.people if p.service_area == area}
    theirs = [o.activity for o in owed if o.person_id in members and not o.excused]
    counted = [f"{desk.library.raw(f'{code.lower()}.toml')['plural']}: {theirs.count(code)}" for code in dict.fromkeys(theirs)]
    return "\n".join(["Planned for this quarter (please say what was done):", *counted])


def _new_social_workers(plan: Plan, order: Order) -> Rows:
    """The newly qualified whose supervision is looked at in a month, dealt so that each is met before any is met again (Appendix 6)."""
    every = [o for o in obligations(plan, order.quarter) if (o.activity, o.month) == (order.activity, order.month) and not o.excused]
    people = plan.newly_qualified(order.month)
    turn = (int(order.month[5:]) - 1) * (len(every) // 2)  # whoever met them last month meets others now
    mine = [people[(n + turn) % len(people)] for n, o in enumerate(every) if o.obligation_id in order.obligation_ids] if people else []
    managers = {p.person_id: plan.person(p.line_manager_id) for p in mine}
    return tuple({"asye_person": named(p), "supervisor": named(m) if (m := managers[p.person_id]) else "", "month": month_words(order.month)} for p in mine)


PREFILLED: Mapping[str, Callable[[Plan, Order], Rows]] = {"asye": _new_social_workers}
"""Rows that follow from the plan. Others (the review that is moderated, the actions that are followed up) come with the order."""
