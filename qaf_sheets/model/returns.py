"""What came back, what was wrong with it, what is to be done, and all of it at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from qaf_sheets.model.base import Level, Outcome, Quarter, Record, State, Value
from qaf_sheets.model.forms import Form, Issue
from qaf_sheets.model.plan import Obligation, Plan


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

    @property
    def reference(self) -> str:
        """The code, else the words as they stand; nothing of a withheld answer."""
        return "" if self.withheld else self.code or self.text


class Return(Record):
    """One workbook's answers: by field, and by table row. Blank table rows are left out."""

    answers: Mapping[str, Answer]
    rows: Mapping[str, tuple[Mapping[str, Answer], ...]] = {}

    def text(self, field: str) -> str:
        """One answer in words, '' when blank or not asked."""
        answer = self.answers.get(field)
        return answer.text if answer else ""

    def code(self, field: str) -> str:
        """The code of one answer, '' when it has none, is blank or was not asked."""
        answer = self.answers.get(field)
        return answer.code if answer else ""

    def day(self, field: str) -> date | None:
        """One answer that is a date; None for anything else."""
        answer = self.answers.get(field)
        return answer.value if answer and isinstance(answer.value, date) else None


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
    from_inadequate: bool = False
    cells: Mapping[str, Value] = {}
    said: Mapping[str, Value] = {}


class Decision(Record):
    """Something that waits for a person, or was decided by one (design decision 8): `who` decided `choice`, and `why`.

    `about` is an obligation, a return with its version (`R-000012 v2`), a quarter or a theme, by `kind`. Undecided while `choice` is blank.
    """

    decision_id: str
    kind: Literal["exempt", "nil", "version", "change", "quarter", "theme", "finding", "sign_off"]
    about: str
    asked: str = ""
    choice: str = ""
    who: str = ""
    why: str = ""
    decided_on: date | None = None


class Snapshot(Record):
    """What the register and the plan say at one moment: all that an output may use.

    `returns` hold moderations too, each with its issue's `piece`; `moderations` are the moderation workbooks that stand (not voided). `feedback`
    is what happened after each piece of work of the year, by piece: verbal_on, written_on, told_manager_on, in_supervision_on, on_file_on, shared_on, with
    the other columns of the tracker's table and what is `outstanding` in words; `meetings` are the tracker's rows too, by its columns.
    `year` are the duties of the financial year's other quarters, `earlier` the returns that count of those before this one,
    `before` those of the quarter before, in whichever year.
    `flagged` is every version, of this quarter or an earlier one, that says a child may be unsafe now, counted or not; `concerns_settled` are the keys of
    those whose outcome is recorded. `signed_off` is the decision by which the quarter's report is signed off; None while it is a draft.
    `stand` is how each version stands now, by the place its file is kept in: one that was held may have been decided since. `lying` are the places of
    files whose drop we may not take out of the inbox.
    """

    quarter: Quarter
    as_at: datetime
    plan: Plan
    forms: Mapping[str, Form]
    duties: tuple[Duty, ...]
    returns: tuple[Version, ...]
    files: tuple[Received, ...]
    actions: tuple[Action, ...]
    waiting: tuple[Received, ...] = ()
    stand: Mapping[str, Outcome] = {}
    lying: frozenset[str] = frozenset()
    notes: tuple[Problem, ...] = ()
    year: tuple[Duty, ...] = ()
    earlier: tuple[Version, ...] = ()
    before: tuple[Version, ...] = ()
    flagged: tuple[Version, ...] = ()
    concerns_settled: frozenset[str] = frozenset()
    moderations: tuple[Issue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    signed_off: Decision | None = None
    feedback: Mapping[str, Mapping[str, Value]] = {}
    meetings: tuple[Mapping[str, Value], ...] = ()

    def title(self, activity: str) -> str:
        """What an activity is called; its code where the quarter has no form of it."""
        return self.forms[activity].title if activity in self.forms else activity

    def plural(self, activity: str) -> str:
        """What its returns are called; its code where the quarter has no form of it."""
        return self.forms[activity].plural if activity in self.forms else activity
