"""Issue: write what is owed and not yet handed out. Run again, it writes nothing new."""

from __future__ import annotations

from datetime import date, timedelta

from qaf_sheets.desk import Desk
from qaf_sheets.files import write_atomically
from qaf_sheets.forms.definition import version_of
from qaf_sheets.forms.identity import sign
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.write import Sending, write_form
from qaf_sheets.model import Form, Issue, Obligation, Person, Plan, Quarter
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.register.store import Records


def issue(desk: Desk, quarter: Quarter, *, activity: str = "", person_id: str = "") -> tuple[Issue, ...]:
    """Hand out every workbook a quarter owes that was not handed out before, of one activity or person when asked.

    Each is recorded before it is written, so that a crash between the two is made good at the next run. Raises PlanFaultsError.
    """
    plan = desk.sound_plan()
    owed = [o for o in obligations(plan, quarter) if activity in ("", o.activity) and person_id in ("", o.person_id)]
    with desk.register.writing() as records:
        done = records.issues.by_obligation()
        new = tuple(_record(desk, records, plan, o) for o in owed if o.obligation_id not in done)
    for one in unwritten(desk):
        _write(desk, plan, one)
    return new


def unwritten(desk: Desk) -> tuple[Issue, ...]:
    """Issues recorded but not on disk yet: the new ones, and any a crash left behind."""
    with desk.register.reading() as records:
        return records.issues.unwritten()


def _record(desk: Desk, records: Records, plan: Plan, owed: Obligation) -> Issue:
    """One issue in the register, with its form, as names and teams are today."""
    person = plan.person(owed.person_id)
    assert person is not None, "an obligation is owed by someone on the People sheet"
    form = desk.library.form(owed.activity, plan.lists, person.role)
    version = version_of(form)
    return_id = f"R-{records.next_number('return'):06d}"
    one = Issue(
        return_id=return_id, obligation_ids=(owed.obligation_id,), activity=owed.activity, quarter=owed.quarter, person_id=person.person_id,
        person_name=person.name, role_team=role_team(plan, person), service_area=person.service_area, team=person.team, about=owed.about,
        issued_on=desk.now().date(), due_on=owed.due_on, form_version=version, file=_file(owed, return_id), facts=facts(desk, plan, owed, person),
    )
    records.issues.keep_form(version, form, lay_out(form))
    records.issues.add(one)
    records.note(desk.now(), "issued", one.model_dump(mode="json"))
    return one


def _file(owed: Obligation, return_id: str) -> str:
    """People read `Q3 2026-27 - OBS - P031 - R-000123.xlsx`; it never holds a child's or a worker's name."""
    return f"To complete/{owed.person_id}/{owed.quarter.label} - {owed.activity} - {owed.person_id} - {return_id}.xlsx"


def _write(desk: Desk, plan: Plan, one: Issue) -> None:
    with desk.register.reading() as records:
        kept = records.issues.form(one.form_version)
    assert kept is not None, "an issue's form is kept with it"
    write_atomically(desk.workspace.absolute(one.file), write_form(kept[0], sending(desk, plan, one, kept[0])))
    with desk.register.writing() as records:
        records.issues.written(one.return_id)


def sending(desk: Desk, plan: Plan, one: Issue, form: Form) -> Sending:
    """All that one person's workbook says beside its form."""
    needs_people = any(f.kind == "person" for f in form.fields)
    return Sending(
        issue=one, identity=sign(one, desk.workspace.id, desk.workspace.key), people=names_for(plan, one) if needs_people else (),
        council=plan.setting("council"), marking=plan.setting("marking"), contact=plan.setting("qa_contact"), dates=_dates(one.quarter),
    )


def _dates(quarter: Quarter) -> tuple[date, date]:
    """The dates a form accepts: from the quarter before to two years after it, which an action may need."""
    return Quarter.holding(quarter.starts - timedelta(days=1)).starts, date(quarter.ends.year + 2, quarter.ends.month, 28)


def names_for(plan: Plan, one: Issue) -> tuple[str, ...]:
    """The names a form may offer: the manager's own service area, the PSW and the QA unit (specification 7.3), and who reports to them."""
    def offered(p: Person) -> bool:
        near = bool(one.service_area) and p.service_area == one.service_area
        return p.in_post(one.quarter.starts, one.quarter.ends) and (near or p.role in ("PSW", "QA_OFF") or one.person_id in (p.person_id, p.line_manager_id))

    return tuple(named(p) for p in sorted(plan.people, key=lambda p: p.name) if offered(p))


def named(person: Person) -> str:
    """How a form names someone: the id makes two people of one name different."""
    return f"{person.name} ({person.person_id})"


def role_team(plan: Plan, person: Person) -> str:
    """Team manager, Assessment A, Front Door and Assessment."""
    return ", ".join(x for x in (role_words(plan, person.role), person.team, person.service_area if person.service_area != person.team else "") if x)


def role_words(plan: Plan, role: str) -> str:
    """A role's words from the plan's list `roles`; its code where the list has none."""
    return next((o.text for o in plan.lists.get("roles", ()) if o.code == role), role)


def facts(desk: Desk, plan: Plan, owed: Obligation, person: Person) -> dict[str, str]:
    """What a form can be filled in with beforehand; a form's `prefill` names one of these."""
    seen, meeting = plan.person(owed.about), plan.dlt_date(owed.quarter)
    known = {
        "person": named(person),
        "person_role": f"{person.name}, {person.service_area}" if person.service_area else person.name,
        "quarter": f"{owed.quarter.label} ({owed.quarter.months})",
        "area": owed.about if not seen else person.service_area,
        "about": f"{seen.name}, {role_team(plan, seen)}" if seen else owed.about,
        "about_person": named(seen) if seen else "",
        "about_role_team": role_team(plan, seen) if seen else "",
        "dlt_date": f"{meeting:%d/%m/%Y}" if meeting else "",
        "planned_activity": _planned(desk, plan, owed.quarter, person.service_area),
    }
    return {name: value for name, value in known.items() if value}


def _planned(desk: Desk, plan: Plan, quarter: Quarter, area: str) -> str:
    """What this area's people owe in the quarter, to be turned into what was done."""
    members = {p.person_id for p in plan.people if p.service_area == area}
    owed = [o.activity for o in obligations(plan, quarter) if o.person_id in members]
    counted = [f"{desk.library.raw(f'{code.lower()}.toml')['plural']}: {owed.count(code)}" for code in dict.fromkeys(owed)]
    return "\n".join(["Planned for this quarter (please say what was done):", *counted])
