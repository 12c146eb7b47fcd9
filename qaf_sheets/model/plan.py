"""The QA unit's plan as records, and the obligations that follow from it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from qaf_sheets.model.base import Quarter, Record, Source


class Person(Record):
    """One member of staff, as the plan's People sheet has them."""

    person_id: str
    name: str
    role: str
    line_manager_id: str = ""
    team: str = ""
    service_area: str = ""
    start_date: date | None = None
    end_date: date | None = None
    absent_from: date | None = None
    absent_to: date | None = None
    acting_for: str = ""
    asye_from: date | None = None
    asye_to: date | None = None
    new_in_role_since: date | None = None
    development_focus: bool = False
    email: str = ""
    in_scope: bool = True
    source: Source = Source()

    def newly_qualified(self, first: date, last: date) -> bool:
        """Whether this is somebody in their assessed and supported year on a day from `first` to `last`: by their dates, else by their role."""
        if self.asye_from or self.asye_to:
            return (self.asye_from or first) <= last and (self.asye_to or last) >= first
        return self.role == "ASYE"

    def in_post(self, first: date, last: date) -> bool:
        """Whether the person works here on at least one day from `first` to `last`."""
        return self.in_scope and (self.start_date or first) <= last and (self.end_date or last) >= first


class Team(Record):
    """A team and the service area it belongs to."""

    team: str
    service_area: str
    source: Source = Source()


class Event(Record):
    """A line of the plan's Calendar: one activity's dates in one quarter. A blank date is "to be confirmed".

    A theme's line says `why_chosen` and which `priority_id` it serves; a REPORT line holds the meetings that hear it and the `learning_event`.
    """

    quarter: Quarter
    month: str = ""
    activity: str
    who: str = ""
    week_beginning: date | None = None
    booking_date: date | None = None
    due_on: date | None = None
    pre_dlt_date: date | None = None
    dlt_date: date | None = None
    cx_slt_date: date | None = None
    lead_member_date: date | None = None
    scrutiny_date: date | None = None
    cib_date: date | None = None
    learning_event: str = ""
    theme: str = ""
    why_chosen: str = ""
    priority_id: str = ""
    note: str = ""
    source: Source = Source()


class Dated(Record):
    """Something of a quarter that has a day, or is to be confirmed (`first` None). `what` and `who` name roles, never people.

    `key` is the same on every recalculation. `last` is its last day; `note` is the Calendar's own, and may say anything.
    """

    key: str
    kind: Literal["month", "week", "booking", "step", "due", "meeting", "learning"]
    activity: str
    what: str
    who: str = ""
    first: date | None = None
    last: date | None = None
    note: str = ""


class Rule(Record):
    """Who owes what how often, and the clause that says so (specification 3.1). Where `setting` names one, that setting decides too."""

    rule_id: str
    who: tuple[str, ...]
    about: tuple[str, ...] = ()
    activity: str
    count: int = 1
    per: Literal["month", "quarter", "half", "year"]
    unit: Literal["person", "pair", "area", "team", "unit", "owner", "authority"]
    owner: str = ""
    on: bool = True
    setting: str = ""
    active_from: date | None = None
    active_to: date | None = None
    clause: str
    source: Source = Source()


class Option(Record):
    """One choice of a list, its short code where it has one, and other ways people write it."""

    text: str
    code: str = ""
    aliases: tuple[str, ...] = ()


class Child(Record):
    """A child on the performance team's list. No name: there is none here to lose. `chair_id` is the IRO or conference chair."""

    child_id: str
    level_of_need: str = ""
    team: str = ""
    worker_id: str = ""
    chair_id: str = ""
    closed_on: date | None = None
    turns_18_on: date | None = None
    last_reviewed_on: date | None = None
    last_grade: str = ""
    bordering_good: bool = False
    source: Source = Source()


class Allocation(Record):
    """A child dealt to a reviewer for one activity in one quarter."""

    quarter: Quarter
    activity: str
    child_id: str
    reviewer_id: str
    why: str = ""
    source: Source = Source()


class Theme(Record):
    """One question of a theme; the theme's questions share `theme`. `options` are its own choices, where they are not those of its kind."""

    theme: str
    question_id: str
    question: str
    kind: str = ""
    options: tuple[str, ...] = ()
    help: str = ""
    required: bool = True
    source: Source = Source()


class Total(Record):
    """A number of an earlier quarter, before the service counted: `measure` is a grade, "returned", "expected", "on time" …, `n` how many."""

    quarter: Quarter
    activity: str
    measure: str
    n: int
    source: Source = Source()


class Priority(Record):
    """A practice priority that themes serve (clause 2.2)."""

    priority_id: str
    wording: str
    origin: str = ""
    owner: str = ""
    source: Source = Source()


PARTS = {"director": "DCS", "assistant_director": "AD", "head_of_area": "HOS", "practice_lead": "PSW", "qa_unit": "QA_OFF"}
"""The parts of the framework that some role plays, and the role that plays each where the settings (`role_director` …) say nothing."""


class Plan(Record):
    """Everything the QA unit sets up, read from `QA plan.xlsx`."""

    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    calendar: tuple[Event, ...] = ()
    rules: tuple[Rule, ...] = ()
    lists: Mapping[str, tuple[Option, ...]] = {}
    themes: tuple[Theme, ...] = ()
    priorities: tuple[Priority, ...] = ()
    children: tuple[Child, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    totals: tuple[Total, ...] = ()
    settings: Mapping[str, str] = {}
    holidays: frozenset[date] = frozenset()

    def person(self, person_id: str) -> Person | None:
        """The person with this id, or None."""
        return self._people.get(person_id)

    @cached_property
    def _people(self) -> Mapping[str, Person]:
        return {p.person_id: p for p in reversed(self.people)}  # of two with one id, which is a fault, the first

    @cached_property
    def _children(self) -> Mapping[str, Child]:
        return {c.child_id: c for c in reversed(self.children)}

    def newly_qualified(self, month: str) -> tuple[Person, ...]:
        """Those in their assessed and supported year on the first or last day of a month ("2026-10"), by id."""
        first = date.fromisoformat(f"{month}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return tuple(p for p in sorted(self.people, key=lambda p: p.person_id) if p.in_post(first, last) and p.newly_qualified(first, last))

    def reports_on(self, quarter: Quarter) -> tuple[Event, ...]:
        """The Calendar's REPORT lines that hear a quarter: the next quarter's, unless the setting `report_lag` says later."""
        heard_in = quarter.plus(int(self.settings.get("report_lag", "1")))
        return tuple(e for e in self.calendar if e.activity == "REPORT" and e.quarter == heard_in)

    def dlt_date(self, quarter: Quarter) -> date | None:
        """The DLT meeting that hears a quarter; None while it is to be confirmed."""
        return next((e.dlt_date for e in self.reports_on(quarter) if e.dlt_date), None)

    def child(self, child_id: str) -> Child | None:
        """The child with this ID on the Children sheet, or None."""
        return self._children.get(child_id)

    def theme_title(self, activity: str, quarter: Quarter) -> str:
        """The theme that the Calendar gives an activity in a quarter; '' while it is not set."""
        return next((e.theme for e in self.calendar if e.activity == activity and e.quarter == quarter and e.theme), "")

    def theme_of(self, activity: str, quarter: Quarter, kind: str = "") -> tuple[Theme, ...]:
        """The questions of the theme that the Calendar gives an activity in a quarter; none while it is not set.

        With `kind`, only those that an answer of that kind fits; a question that names no kind fits any.
        """
        title = self.theme_title(activity, quarter)
        return tuple(t for t in self.themes if title and t.theme == title and (not kind or t.kind in ("", kind)))

    def option(self, name: str, said: str) -> Option | None:
        """The option of a list that is meant by its text, its code or another spelling; None for no such option."""
        wanted = said.strip().casefold()
        return next((o for o in self.lists.get(name, ()) if wanted and wanted in (w.casefold() for w in (o.text, o.code, *o.aliases))), None)

    def code(self, name: str, said: str) -> str:
        """The code of the option that is meant, by its text, its code or another spelling; '' for none."""
        option = self.option(name, said)
        return (option.code or option.text) if option else ""

    def role_of(self, part: str) -> str:
        """The code of the role that plays a part of the framework in this council: the head of an area, the practice lead."""
        return self.settings.get(f"role_{part}", "") or PARTS[part]

    def role_text(self, code: str) -> str:
        """A role's words from the list `roles`; its code where the list has none."""
        return next((o.text for o in self.lists.get("roles", ()) if o.code == code), code)

    def setting(self, name: str) -> str:
        """A setting's value. Raises KeyError when the plan and its defaults have no such name."""
        return self.settings[name]


class Obligation(Record):
    """One duty: who owes which activity by when, under which rule and clause. The id is the same on every recalculation.

    `month` ("2026-10") where it is owed for a month. `note` says how it came to this person (a vacancy, somebody acting); `excused` why it is
    not required of anybody ("absent more than half the quarter").
    """

    obligation_id: str
    rule_id: str
    clause: str
    activity: str
    quarter: Quarter
    person_id: str
    owner: str
    about: str = ""
    month: str = ""
    due_on: date
    note: str = ""
    excused: str = ""
