"""The words of the product as frozen records; each answer keeps the file, sheet and cell it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Value = str | int | float | bool | date | None
Kind = Literal["text", "long", "date", "number", "choice", "person", "child_id", "locked"]
Level = Literal["E", "W", "I"]
Outcome = Literal[
    "accepted", "needs_fixing", "held", "duplicate", "older_version", "conflict", "draft", "waiting", "not_ours"
]
State = Literal["later", "due", "needs_fixing", "held", "returned", "overdue", "nil", "exempt", "not_required"]


class Record(BaseModel):
    """A frozen fact. Unknown keys are our bug and raise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quarter(Record):
    """A quarter of the financial year: Q1 April to June … Q4 January to March. `year` is the year it begins in April."""

    year: int
    number: int = Field(ge=1, le=4)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """From "2026-27-Q3". Raises ValueError for anything else."""
        found = re.fullmatch(r"(20\d\d)-(\d\d)-Q([1-4])", text.strip())
        if not found or (int(found[1]) + 1) % 100 != int(found[2]):
            raise ValueError(f"'{text}' is not a quarter. Write it like 2026-27-Q3.")
        return cls(year=int(found[1]), number=int(found[3]))

    @classmethod
    def holding(cls, day: date) -> Quarter:
        """The quarter that holds a day."""
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year=year, number=(day.month - 4) % 12 // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}-Q{self.number}"

    @property
    def label(self) -> str:
        """As people read it: Q3 2026-27."""
        return f"Q{self.number} {self.year}-{(self.year + 1) % 100:02d}"

    @property
    def starts(self) -> date:
        """Its first day."""
        return date(self.year + (self.number == 4), (self.number * 3) % 12 + 1, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        return (self.starts + timedelta(days=95)).replace(day=1) - timedelta(days=1)

    @property
    def months(self) -> str:
        """October to December 2026."""
        return f"{self.starts:%B} to {self.ends:%B %Y}"


# ---------------------------------------------------------------- the plan


class Source(Record):
    """Where a fact was read: the file, the sheet and the cell."""

    file: str = ""
    sheet: str = ""
    cell: str = ""


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
    new_in_role_since: date | None = None
    development_focus: bool = False
    email: str = ""
    in_scope: bool = True
    source: Source = Source()

    def in_post(self, first: date, last: date) -> bool:
        """Whether the person works here on at least one day from `first` to `last`."""
        return self.in_scope and (self.start_date or first) <= last and (self.end_date or last) >= first


class Team(Record):
    """A team and the service area it belongs to."""

    team: str
    service_area: str
    source: Source = Source()


class Event(Record):
    """A line of the plan's Calendar: one activity's dates in one quarter. A blank date is "to be confirmed"."""

    quarter: Quarter
    activity: str
    who: str = ""
    week_beginning: date | None = None
    booking_date: date | None = None
    due_on: date | None = None
    pre_dlt_date: date | None = None
    dlt_date: date | None = None
    theme: str = ""
    note: str = ""
    source: Source = Source()


class Rule(Record):
    """Who owes what how often, and the clause that says so (specification 3.1)."""

    rule_id: str
    who: tuple[str, ...]
    about: tuple[str, ...] = ()
    activity: str
    count: int = 1
    per: Literal["month", "quarter", "half", "year"]
    unit: Literal["person", "pair", "area", "team", "unit", "owner", "authority"]
    owner: str = ""
    on: bool = True
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
    """A child on the performance team's list. No name: there is none here to lose."""

    child_id: str
    level_of_need: str = ""
    team: str = ""
    worker_id: str = ""
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
    """One question of a theme; the theme's questions share `theme`."""

    theme: str
    question_id: str
    question: str
    kind: str = ""
    help: str = ""
    required: bool = True
    source: Source = Source()


class Priority(Record):
    """A practice priority that themes serve (clause 2.2)."""

    priority_id: str
    wording: str
    origin: str = ""
    owner: str = ""
    source: Source = Source()


class Setting(Record):
    """One named choice of the council, with its clause where the framework is unclear."""

    name: str
    value: str
    source: Source = Source()


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
    settings: Mapping[str, str] = {}
    holidays: frozenset[date] = frozenset()

    def person(self, person_id: str) -> Person | None:
        """The person with this id, or None."""
        return next((p for p in self.people if p.person_id == person_id), None)

    def setting(self, name: str) -> str:
        """A setting's value. Raises KeyError when the plan and its defaults have no such name."""
        return self.settings[name]


class Obligation(Record):
    """One duty: who owes which activity by when, under which rule and clause. The id is the same on every recalculation."""

    obligation_id: str
    rule_id: str
    clause: str
    activity: str
    quarter: Quarter
    person_id: str
    owner: str
    about: str = ""
    due_on: date


# ---------------------------------------------------------------- forms


class Condition(Record):
    """True when another field of the form holds one of these options."""

    field: str
    one_of: tuple[str, ...]


class Question(Record):
    """One field of a form; how each key is used stands in CONTRIBUTING.md.

    `label` is the framework's wording, `short` stands in lists and messages. `past` dates may not be in the future; a `counted`
    person must be on the staff list, because coverage is counted by them; `blank` is the problem to report when it is missing.
    """

    id: str
    kind: Kind = "text"
    label: str
    short: str = ""
    help: str = ""
    list: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    when: Condition | None = None
    mark: str = "Optional"
    prefill: str = ""
    past: bool = False
    counted: bool = False
    counts_in_quarter: bool = False
    blank: str = ""
    width: int = 0
    clause: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return (self.short or self.label).rstrip(" .:?")


class Section(Record):
    """A band of questions. `added` ones are the QA unit's own and say so."""

    title: str
    added: bool = False
    fields: tuple[Question, ...]

    @property
    def heading(self) -> str:
        """The words on the band."""
        return f"Added by the QA unit: {self.title[0].lower()}{self.title[1:]}" if self.added else self.title


class Table(Record):
    """Repeating rows on a sheet of their own. The first row is needed when `when` holds."""

    id: str
    title: str
    purpose: str
    rows: int
    columns: tuple[Question, ...]
    when: Condition | None = None


class Form(Record):
    """One activity's workbook as data, its lists resolved: what `workbooks/<id>.toml` says."""

    id: str
    title: str
    heading: str
    sheet: str
    purpose: str
    clause: str
    plural: str
    not_graded: bool = False
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()

    @property
    def fields(self) -> tuple[Question, ...]:
        """Every question in order, without the tables' columns."""
        return tuple(f for s in self.sections for f in s.fields)


class Place(Record):
    """Where one answer was issued: its cell, and the locked label beside it that must still say the same."""

    field: str
    sheet: str
    cell: str
    label_cell: str
    label: str


class TablePlace(Record):
    """Where repeating rows were issued. `columns` are (field id, column letter, header text); rows count from `first_row`."""

    table: str
    sheet: str
    header_row: int
    first_row: int
    rows: int
    columns: tuple[tuple[str, str, str], ...]


class Layout(Record):
    """Where everything stands in an issued form: a pure function of the form, kept once per digest."""

    places: tuple[Place, ...]
    tables: tuple[TablePlace, ...] = ()


class Issue(Record):
    """A workbook handed out, with name, role, team and manager as they were that day."""

    return_id: str
    obligation_ids: tuple[str, ...]
    activity: str
    quarter: Quarter
    person_id: str
    person_name: str
    role_team: str
    service_area: str = ""
    team: str = ""
    about: str = ""
    issued_on: date
    due_on: date
    form_version: str
    file: str
    facts: Mapping[str, str] = {}


# ---------------------------------------------------------------- returns


class Answer(Record):
    """What stands in one cell. `code` is the option's or person's own code, where it has one."""

    value: Value = None
    sheet: str
    cell: str
    code: str = ""
    withheld: bool = False

    @property
    def text(self) -> str:
        """The answer in words; dates as 13/12/2026, nothing as ''."""
        if isinstance(self.value, date):
            return self.value.strftime("%d/%m/%Y")
        return "" if self.value is None else str(self.value).strip()


class Return(Record):
    """One workbook's answers: by field, and by table row. Blank table rows are left out."""

    answers: Mapping[str, Answer]
    rows: Mapping[str, tuple[Mapping[str, Answer], ...]] = {}

    def text(self, field: str) -> str:
        """One answer in words, '' when blank or not asked."""
        answer = self.answers.get(field)
        return answer.text if answer else ""


class Problem(Record):
    """Something a person can put right: what, where, how. Level E stops the merge, W merges with a flag, I informs."""

    code: str
    level: Level
    sheet: str = ""
    cell: str = ""
    field: str = ""
    label: str = ""
    message: str


class Received(Record):
    """One file that was dropped, and what became of it."""

    file: str
    kept_as: str | None
    outcome: Outcome
    return_id: str | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    received_at: datetime


class Version(Record):
    """The nth distinct set of answers received for a return."""

    issue: Issue
    version: int
    outcome: Outcome
    received_at: datetime
    file: str
    content: Return
    problems: tuple[Problem, ...] = ()


class Duty(Record):
    """An obligation and where it stands. `received_on` is the day of the first accepted version."""

    obligation: Obligation
    state: State
    return_id: str | None = None
    received_on: date | None = None
    file: str = ""

    @property
    def late(self) -> bool:
        """Returned after its due date."""
        return self.received_on is not None and self.received_on > self.obligation.due_on


class Action(Record):
    """One thing to be done. `cells` are the tracker's columns as they stand; `said` is what the return last said of them."""

    action_id: str
    return_id: str = ""
    activity: str = ""
    quarter: str = ""
    area: str = ""
    team: str = ""
    set_on: date | None = None
    child_id: str = ""
    cells: Mapping[str, Value] = {}
    said: Mapping[str, Value] = {}


class Snapshot(Record):
    """What the register and the plan say at one moment: all that an output may use."""

    quarter: Quarter
    as_at: datetime
    plan: Plan
    forms: Mapping[str, Form]
    duties: tuple[Duty, ...]
    returns: tuple[Version, ...]
    files: tuple[Received, ...]
    actions: tuple[Action, ...]
    waiting: tuple[Received, ...] = ()
    notes: tuple[Problem, ...] = ()
