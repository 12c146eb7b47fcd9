"""Issue: write what is owed and not yet handed out. Run again, it writes nothing new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache

from qaf_sheets.desk import Desk
from qaf_sheets.files import write_atomically
from qaf_sheets.forms.definition import version_of
from qaf_sheets.forms.identity import sign
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.write import Sending, write_form
from qaf_sheets.model import Child, Form, Issue, Obligation, Option, Person, Plan, Problem, Quarter, Question, Theme
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.problems import problem
from qaf_sheets.register.store import Records

Watch = Callable[[Sequence[Issue]], Iterable[Issue]]


def issue(desk: Desk, quarter: Quarter, *, activity: str = "", person_id: str = "", watch: Watch = iter) -> tuple[Issue, ...]:
    """Hand out every workbook a quarter owes that was not handed out before, of one activity or person when asked.

    Each is recorded before it is written, so that a crash between the two is made good at the next run. What has no theme yet is left
    for later (`without_theme`). `watch` goes through what is written, for a progress bar. Raises PlanFaultsError.
    """
    plan = desk.sound_plan()
    owed = _owed(plan, quarter, activity, person_id)
    with desk.register.writing() as records:
        done = records.issues.by_obligation()
        printer = _Printer(desk, records, plan, quarter)
        new = tuple(_record(desk, records, plan, o, printer) for o in owed if o.obligation_id not in done and printer.ready(o))
    for one in watch(unwritten(desk)):
        _write(desk, plan, one)
    return new


def without_theme(desk: Desk, quarter: Quarter, *, activity: str = "", person_id: str = "") -> tuple[Problem, ...]:
    """What of this was left for later: activities whose workbooks were not handed out, since the Calendar gives them no theme with questions."""
    plan = desk.plan
    with desk.register.reading() as records:
        done = records.issues.by_obligation()
    left = {o.activity for o in _owed(plan, quarter, activity, person_id) if o.obligation_id not in done}
    return tuple(
        problem("PLAN_THEME_MISSING", sheet="Calendar", label="Theme", activity=a, quarter=quarter.label, kind=kind or "any")
        for a, kind in desk.library.themed().items() if a in left and not plan.theme_of(a, quarter, kind)
    )  # fmt: skip


def _owed(plan: Plan, quarter: Quarter, activity: str, person_id: str) -> tuple[Obligation, ...]:
    return tuple(o for o in obligations(plan, quarter) if activity in ("", o.activity) and person_id in ("", o.person_id))


def unwritten(desk: Desk) -> tuple[Issue, ...]:
    """Issues recorded but not on disk yet: the new ones, and any a crash left behind."""
    with desk.register.reading() as records:
        return records.issues.unwritten()


class _Printer:
    """The forms of one quarter, each made once for an activity and role. A theme's questions are those of the first form issued with it."""

    def __init__(self, desk: Desk, records: Records, plan: Plan, quarter: Quarter) -> None:
        self.desk, self.records, self.plan, self.quarter = desk, records, plan, quarter
        self.themed = desk.library.themed()
        self.lists = {**plan.lists, "teams": tuple(Option(text=t.team) for t in plan.teams)}
        self.form = cache(self._form)
        self.theme = cache(self._theme)

    def ready(self, owed: Obligation) -> bool:
        """Whether the activity has the theme that its form needs."""
        return owed.activity not in self.themed or bool(self.theme(owed.activity))

    def _form(self, activity: str, role: str) -> tuple[str, Form]:
        theme = self.theme(activity) if activity in self.themed else ()
        form = self.desk.library.form(activity, self.lists, role, theme, int(self.plan.setting("child_id_digits")))
        version = version_of(form)
        self.records.issues.keep_form(version, form, lay_out(form))
        return version, form

    def _theme(self, activity: str) -> tuple[Theme, ...]:
        """The plan's questions, unless a form with this theme went out already this quarter: then that form's."""
        asked = self.plan.theme_of(activity, self.quarter, self.themed[activity])
        for one in self.records.issues.of_quarter(self.quarter):
            kept = self.records.issues.form(one.form_version) if one.activity == activity else None
            if kept and asked and kept[0].theme == asked[0].theme:
                return tuple(_as_theme(kept[0].theme, c) for t in kept[0].tables for c in t.columns if c.themed)
        return asked


def _as_theme(title: str, question: Question) -> Theme:
    return Theme(theme=title, question_id=question.id, question=question.short, help=question.help, required=question.required)


def _record(desk: Desk, records: Records, plan: Plan, owed: Obligation, printer: _Printer) -> Issue:
    """One issue in the register, with its form, as names and teams are today."""
    person = plan.person(owed.person_id)
    assert person is not None, "an obligation is owed by someone on the People sheet"
    version, form = printer.form(owed.activity, person.role)
    return_id = f"R-{records.next_number('return'):06d}"
    one = Issue(
        return_id=return_id, obligation_ids=(owed.obligation_id,), activity=owed.activity, quarter=owed.quarter, person_id=person.person_id,
        person_name=person.name, role_team=role_team(plan, person), service_area=person.service_area, team=person.team, about=owed.about,
        issued_on=desk.now().date(), due_on=owed.due_on, form_version=version, file=_file(owed, return_id), facts=facts(desk, plan, owed, person, form),
    )
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
    needs_people = any(f.kind == "person" for f in (*form.fields, *(c for t in form.tables for c in t.columns)))
    return Sending(
        issue=one, identity=sign(one, desk.workspace.id, desk.workspace.key), people=names_for(plan, one) if needs_people else (),
        council=plan.setting("council"), marking=plan.setting("marking"), contact=plan.setting("qa_contact"), dates=_dates(one.quarter),
    )


def _dates(quarter: Quarter) -> tuple[date, date]:
    """The dates a form accepts: from the quarter before to two years after it, which an action may need."""
    return quarter.plus(-1).starts, date(quarter.ends.year + 2, quarter.ends.month, 28)


def names_for(plan: Plan, one: Issue) -> tuple[str, ...]:
    """The names a form may offer: the manager's own service area, the PSW and the QA unit (specification 7.3), and who reports to them.

    A form about a child also offers those who work with the child.
    """
    around = around_child(plan, plan.child(one.about))

    def offered(p: Person) -> bool:
        near = bool(one.service_area) and p.service_area == one.service_area
        return p.in_post(one.quarter.starts, one.quarter.ends) and (near or p.role in ("PSW", "QA_OFF") or one.person_id in (p.person_id, p.line_manager_id) or p.person_id in around)

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
    return ", ".join(x for x in (role_words(plan, person.role), person.team, person.service_area if person.service_area != person.team else "") if x)


def role_words(plan: Plan, role: str) -> str:
    """A role's words from the plan's list `roles`; its code where the list has none."""
    return next((o.text for o in plan.lists.get("roles", ()) if o.code == role), role)


def facts(desk: Desk, plan: Plan, owed: Obligation, person: Person, form: Form) -> dict[str, str]:
    """What a form can be filled in with beforehand; a form's `prefill` names one of these."""
    seen, child, meeting = plan.person(owed.about), plan.child(owed.about), plan.dlt_date(owed.quarter)
    known = {
        "person": named(person),
        "person_role": f"{person.name}, {person.service_area}" if person.service_area else person.name,
        "quarter": f"{owed.quarter.label} ({owed.quarter.months})",
        "area": person.service_area if seen or child else owed.about,
        "about": f"{seen.name}, {role_team(plan, seen)}" if seen else f"Child ID {child.child_id}" if child else owed.about,
        "about_person": named(seen) if seen else "",
        "about_role_team": role_team(plan, seen) if seen else "",
        "dlt_date": f"{meeting:%d/%m/%Y}" if meeting else "",
        "theme": form.theme,
        **(_of_child(plan, child) if child else {}),
        "planned_activity": _planned(desk, plan, owed.quarter, person.service_area) if any(f.prefill == "planned_activity" for f in form.fields) else "",
    }
    return {name: value for name, value in known.items() if value}


def _of_child(plan: Plan, child: Child) -> dict[str, str]:
    """What the performance team's list says of a child: no name, there is none."""
    worker, manager = (plan.person(i) for i in (around_child(plan, child) or ("", ""))[:2])
    return {
        "child_id": child.child_id, "child_level": _option_text(plan, "level_of_need", child.level_of_need), "child_worker": named(worker) if worker else "", "child_manager": named(manager) if manager else "",
        "previous_on": f"{child.last_reviewed_on:%d/%m/%Y}" if child.last_reviewed_on else "", "previous_grade": _option_text(plan, "grade", child.last_grade),
    }


def _option_text(plan: Plan, name: str, said: str) -> str:
    """The option as the form shows it; '' for what is none, which would stand in a locked cell."""
    option = plan.option(name, said)
    return option.text if option else ""


def _planned(desk: Desk, plan: Plan, quarter: Quarter, area: str) -> str:
    """What this area's people owe in the quarter, to be turned into what was done."""
    members = {p.person_id for p in plan.people if p.service_area == area}
    owed = [o.activity for o in obligations(plan, quarter) if o.person_id in members]
    counted = [f"{desk.library.raw(f'{code.lower()}.toml')['plural']}: {owed.count(code)}" for code in dict.fromkeys(owed)]
    return "\n".join(["Planned for this quarter (please say what was done):", *counted])
