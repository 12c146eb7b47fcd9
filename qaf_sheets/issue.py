"""Issue: write what is owed and not yet handed out. Run again, it writes nothing new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property

from qaf_sheets.choices import excusing
from qaf_sheets.desk import Desk
from qaf_sheets.facts import Order, Rows, facts, names_for, of_duties, role_team, rows
from qaf_sheets.files import write_atomically
from qaf_sheets.followup import TABLE as FOLLOW_UP
from qaf_sheets.followup import drawn
from qaf_sheets.forms.definition import Library, theme_of, version_of
from qaf_sheets.forms.identity import sign
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.stamp import Stamps
from qaf_sheets.forms.write import Sending
from qaf_sheets.model import Form, Issue, Obligation, Option, Plan, Problem, Quarter, Question, Section, Theme
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.problems import problem
from qaf_sheets.register.store import Records
from qaf_sheets.regraded import as_reviewed

FEW = 20
"""How many workbooks are noted as written at once."""
Watch = Callable[[Sequence[Issue]], Iterable[Issue]]


def issue(desk: Desk, quarter: Quarter, *, activity: str = "", person_id: str = "", watch: Watch = iter) -> tuple[Issue, ...]:
    """Hand out every workbook a quarter owes that was not handed out before, of one activity or person when asked.

    Each is recorded before it is written, so that a crash between the two is made good at the next run. What has no theme yet, or nothing to follow up, is left
    for later (`left_for_later`). `watch` goes through what is written, for a progress bar. Raises PlanFaultsError.
    """
    plan = as_reviewed(desk, desk.sound_plan(), quarter)
    owed = _owed(plan, quarter, activity, person_id)
    with desk.register.writing() as records:
        done = records.issues.by_obligation()
        printer = Printer(desk, records, plan, quarter)
        decided = records.decisions.in_force()
        wanted = [o for o in owed if o.obligation_id not in done and not excusing(decided, o) and printer.lacks(o.activity) is None]
        new = tuple(record(desk, records, plan, order, printer) for order in orders(wanted, desk.library))
    write_all(desk, plan, watch)
    return new


def orders(owed: Sequence[Obligation], library: Library) -> Iterator[Order]:
    """One workbook for each duty; one for all that a person owes in a month, where the form says `together`."""
    bundles: dict[tuple[str, ...], list[Obligation]] = {}
    for o in owed:
        together = library.raw(f"{o.activity.lower()}.toml").get("together")
        bundles.setdefault((o.activity, o.rule_id, o.person_id, o.month) if together else (o.obligation_id,), []).append(o)
    return (of_duties(tuple(duties)) for duties in bundles.values())


def write_all(desk: Desk, plan: Plan, watch: Watch = iter) -> None:
    """Every workbook that is recorded and not on disk yet. That it is on disk is noted for a few at a time: what lies there already is never written again."""
    stamps, done = Stamps(), list[str]()
    with desk.claims.alone_at("the forms"):
        try:
            for one in watch(unwritten(desk)):
                _write(desk, plan, one, stamps)
                done.append(one.return_id)
                if len(done) == FEW:
                    _note(desk, done)
        finally:
            _note(desk, done)


def _note(desk: Desk, done: list[str]) -> None:
    if done:
        with desk.register.writing() as records:
            for return_id in done:
                records.issues.written(return_id)
    done.clear()


def left_for_later(desk: Desk, quarter: Quarter, *, activity: str = "", person_id: str = "") -> tuple[Problem, ...]:
    """What of this was not handed out, and what it waits for: a theme with questions, or actions to follow up."""
    plan = desk.plan
    with desk.register.reading() as records:
        done = records.issues.by_obligation()
        printer = Printer(desk, records, plan, quarter)
        left = dict.fromkeys(o.activity for o in _owed(plan, quarter, activity, person_id) if o.obligation_id not in done)
        return tuple(p for a in left if (p := printer.lacks(a)))


def _owed(plan: Plan, quarter: Quarter, activity: str, person_id: str) -> tuple[Obligation, ...]:
    return tuple(o for o in obligations(plan, quarter) if not o.excused and activity in ("", o.activity) and person_id in ("", o.person_id))


def unwritten(desk: Desk) -> tuple[Issue, ...]:
    """Issues recorded but not on disk yet: the new ones, and any a crash left behind."""
    with desk.register.reading() as records:
        return records.issues.unwritten()


class Printer:
    """The forms of one quarter, each made once for an activity and role. A theme's questions are those of the first form issued with it."""

    def __init__(self, desk: Desk, records: Records, plan: Plan, quarter: Quarter) -> None:
        self.desk, self.records, self.plan, self.quarter = desk, records, plan, quarter
        self.themed = desk.library.themed()
        self.lists = {**plan.lists, "teams": tuple(Option(text=t.team) for t in plan.teams)}
        self.form = cache(self._form)
        self.theme = cache(self._theme)
        self.owed = cache(lambda: obligations(plan, quarter))

    def lacks(self, activity: str) -> Problem | None:
        """What has to come before this activity's workbooks can be handed out; None when nothing has."""
        if activity in self.themed and not self.theme(activity):
            return problem("PLAN_THEME_MISSING", sheet="Calendar", label="Theme", activity=activity, quarter=self.quarter.label, kind=self.themed[activity] or "any")
        if self.follows(activity) and not self.follow_up:
            return problem("NOTHING_TO_FOLLOW_UP", quarter=self.quarter.plus(-1).label)
        return None

    def follows(self, activity: str) -> bool:
        """Whether the form is handed out with actions to follow up."""
        raw = self.desk.library.raw(f"{activity.lower()}.toml")
        return any(t.get("prefill") == FOLLOW_UP for t in raw.get("table", {}).values())

    @cached_property
    def follow_up(self) -> Rows:
        """The closed actions that were drawn."""
        return drawn(self.records, self.plan, self.quarter)

    def _form(self, activity: str, role: str, sizes: tuple[tuple[str, int], ...] = ()) -> tuple[str, Form]:
        """The form with its version; `sizes` are the rows that its tables are handed out with, by prefill."""
        theme = self.theme(activity) if activity in self.themed else ()
        worded = "" if self.plan.setting("labels") == "as printed" else role
        form = _sized(as_set(self.desk.library.form(activity, self.lists, worded, theme, int(self.plan.setting("child_id_digits"))), self.plan), dict(sizes))
        version = version_of(form)
        self.records.issues.keep_form(version, form, lay_out(form))
        return version, form

    def _theme(self, activity: str) -> tuple[Theme, ...]:
        """The plan's questions, unless a form with this theme went out already this quarter: then that form's."""
        asked = self.plan.theme_of(activity, self.quarter, self.themed[activity])
        for one in self.records.issues.of_quarter(self.quarter):
            kept = self.records.issues.form(one.form_version) if one.activity == activity else None
            if kept and asked and kept[0].theme == asked[0].theme:
                return theme_of(kept[0])
        return asked


def as_set(form: Form, plan: Plan) -> Form:
    """A form in which what the council's settings call optional need not be answered (specification 3.3)."""
    def one(question: Question) -> Question:
        return question.model_copy(update={"required": False}) if question.setting and plan.setting(question.setting) == "optional" else question

    def sections(every: Sequence[Section]) -> tuple[Section, ...]:
        return tuple(s.model_copy(update={"fields": tuple(one(q) for q in s.fields)}) for s in every)

    tables = tuple(t.model_copy(update={"columns": tuple(one(c) for c in t.columns), "sections": sections(t.sections)}) for t in form.tables)
    return form.model_copy(update={"sections": sections(form.sections), "tables": tables})


def _sized(form: Form, sizes: Mapping[str, int]) -> Form:
    """A form whose prefilled tables have just the rows they are handed out with."""
    return form.model_copy(update={"tables": tuple(t.model_copy(update={"rows": max(sizes[t.prefill], 1)}) if t.prefill in sizes else t for t in form.tables)})


def record(desk: Desk, records: Records, plan: Plan, order: Order, printer: Printer) -> Issue:
    """One issue in the register, with its form, as names and teams are today. It is written to disk afterwards."""
    person = plan.person(order.person_id)
    assert person is not None, "an order is for someone on the People sheet"
    if printer.follows(order.activity):
        order = order.model_copy(update={"rows": {FOLLOW_UP: printer.follow_up}})
    prefilled = rows(plan, order, printer.form(order.activity, person.role)[1])
    version, form = printer.form(order.activity, person.role, tuple((name, len(found)) for name, found in prefilled.items()))
    return_id = f"R-{records.next_number('return'):06d}"
    one = Issue(
        return_id=return_id, obligation_ids=order.obligation_ids, activity=order.activity, quarter=order.quarter, person_id=person.person_id,
        person_name=person.name, role_team=role_team(plan, person), service_area=person.service_area, team=person.team, about=order.about, piece=order.piece,
        piece_version=order.piece_version, issued_on=desk.now().date(), due_on=order.due_on, form_version=version, file=_file(order, return_id),
        facts=facts(desk, plan, order, person, form, printer.owed), rows=prefilled,
    )
    records.issues.add(one)
    records.note(desk.now(), "issued", one.model_dump(mode="json"))
    return one


def _file(order: Order, return_id: str) -> str:
    """People read `Q3 2026-27 - OBS - P031 - R-000123.xlsx`; it never holds a child's or a worker's name."""
    return f"To complete/{order.person_id}/{order.quarter.label} - {order.activity} - {order.person_id} - {return_id}.xlsx"


def _write(desk: Desk, plan: Plan, one: Issue, stamps: Stamps) -> None:
    with desk.register.reading() as records:
        kept = records.issues.form(one.form_version)
    assert kept is not None, "an issue's form is kept with it"
    path = desk.workspace.absolute(one.file)
    if not path.exists():  # a crash left it unmarked, and somebody may have begun it since
        write_atomically(path, stamps.write(kept[0], sending(desk, plan, one, kept[0])))


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
