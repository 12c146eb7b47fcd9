"""Two-way tables as data: what stands in `Actions tracker.xlsx`, and which of it is people's to change (specification 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from qaf_sheets.lifecycle import judge
from qaf_sheets.model import Kind, Problem, Record, Value
from qaf_sheets.tracker import steps, timing
from qaf_sheets.tracker.steps import RUNGS, Rungs
from qaf_sheets.workdays import Holidays

Row = Mapping[str, Value]
Judge = Callable[[Row, Row, Mapping[str, tuple[str, ...]]], Mapping[str, Problem]]


class Day(NamedTuple):
    """What calculated columns count from: the yellow date, the days on which nobody works, and when overdue actions come to whom."""

    as_at: date
    holidays: Holidays = frozenset()
    rungs: Rungs = RUNGS


class Calculated(Record):
    """A formula with [@Header] for this row and `as_at` for the yellow date, and the same in Python: row, day → the value stored with it."""

    formula: str
    value: Callable[[Row, Day], str | int]


def dated(value: Callable[[Row, date], str | int]) -> Callable[[Row, Day], str | int]:
    """A value that needs no more than the date."""
    return lambda row, day: value(row, day.as_at)


class Column(Record):
    """One column. `editable` ones flow back; `fillable` ones may be filled in a new row only; a calculated one is never read."""

    id: str
    header: str
    kind: Kind = "text"
    editable: bool = False
    fillable: bool = False
    list: str = ""
    width: float = 14
    help: str = ""
    calculated: Calculated | None = None


class Tally(Record):
    """What a sheet's live sentence counts in a column: each state, by how its words begin, and what is said of so many."""

    column: str
    noun: str
    plural: str
    empty: str
    parts: tuple[tuple[str, str], ...]


class TwoWay(Record):
    """A table people edit in Excel. The first column holds the row's id; a row without one counts as new when its `lead` column says something.

    Where nothing `grows`, only the service makes rows. `judge` says which columns of a changed row cannot stand, by the row before and as it would be. `noun` is what messages call a row, `instead` what to do rather than delete one. The heading
    of the first column differs from table to table: a sheet that was renamed is known by it.
    """

    id: str
    sheet: str
    purpose: str
    lead: str
    noun: str
    instead: str
    tally: Tally
    grows: bool = True
    judge: Judge | None = None
    columns: tuple[Column, ...]

    @property
    def dated(self) -> bool:
        """Whether how its rows stand depends on the day."""
        return any(c.calculated is not None and "as_at" in c.calculated.formula for c in self.columns)

    @property
    def name(self) -> str:
        """What formulas call it."""
        return self.sheet.replace(" ", "_")

    @property
    def key(self) -> Column:
        """The column of row ids."""
        return self.columns[0]

    @property
    def kept(self) -> tuple[Column, ...]:
        """The columns that hold something of the register's: all but the calculated ones."""
        return tuple(c for c in self.columns if c.calculated is None)

    def column(self, column_id: str) -> Column:
        """The column with this id. Raises StopIteration for any other: our bug."""
        return next(c for c in self.columns if c.id == column_id)


ACTIONS = TwoWay(
    id="actions",
    sheet="Actions",
    purpose="Yellow cells are yours to change. Timing is counted from the yellow date on the left: type the date of your next meeting to see what will be overdue by then.",
    lead="action_text",
    noun="action",
    instead="to finish an action choose 'Not needed' and say why",
    judge=judge,
    tally=Tally(column="timing", noun="action", plural="actions", empty="No actions yet. You can add one in the first yellow row.", parts=timing.PARTS),
    columns=(
        Column(id="action_id", header="Reference", width=20, help="Given by the service. It stays with the action for good."),
        Column(id="action_text", header="Action", kind="long", fillable=True, width=42, help="What has to happen. It comes from the return; in a new row you write it yourself."),
        Column(id="owner", header="Owner", kind="person", editable=True, list="people", width=21, help="The one person who will do it."),
        Column(id="due_on", header="Due", kind="date", fillable=True, width=12.5, help="The first date agreed. To move it, use Revised due."),
        Column(id="revised_due_on", header="Revised due", kind="date", editable=True, width=12.5, help="The new date, like 31/01/2027. Please say why under Why the date moved."),
        Column(id="status", header="Status", kind="choice", editable=True, list="action_status", width=14, help="Where it stands. Overdue is worked out from the dates."),
        Column(id="timing", header="Timing", width=14, help="Worked out from the dates, the status and the yellow date.", calculated=Calculated(formula=timing.TIMING, value=dated(timing.timing))),
        Column(id="days_overdue", header="Days overdue", kind="number", width=10.5, help="Calendar days past the due date.", calculated=Calculated(formula=timing.DAYS, value=dated(timing.days_overdue))),
        Column(id="next_step", header="Next step", width=21, help="What is to be done next, worked out from the row.", calculated=Calculated(formula=steps.NEXT_STEP, value=dated(steps.next_step))),
        Column(id="escalation", header="Has come to", width=19, help="Whom an overdue action has come to, by working days or new dates.", calculated=Calculated(formula=steps.ESCALATION, value=lambda row, day: steps.escalation(row, day.as_at, day.holidays, day.rungs))),
        Column(id="progress_note", header="Progress", kind="long", editable=True, width=36, help="What has been done so far. No names of children, please."),
        Column(id="revision_reason", header="Why the date moved", kind="long", editable=True, width=30, help="One sentence is enough."),
        Column(id="completed_on", header="Completed on", kind="date", editable=True, width=13, help="The day it was done."),
        Column(id="evidence", header="Evidence", kind="long", editable=True, width=30, help="What shows that it was done, and where to find it."),
        Column(id="evidence_ref", header="Evidence kept at", editable=True, width=20, help="Where the evidence can be found: a record, a folder, a meeting's minutes."),
        Column(id="manager_confirmed_by", header="Confirmed by", kind="person", editable=True, list="people", width=20, help="The manager who has seen the evidence."),
        Column(id="manager_confirmed_on", header="Confirmed on", kind="date", editable=True, width=13, help="The day the manager saw the evidence."),
        Column(id="discussed_in_supervision_on", header="Discussed in supervision", kind="date", editable=True, width=14, help="The date of the supervision."),
        Column(id="impact", header="Made a difference", kind="choice", editable=True, list="impact", width=14, help="Whether it made a difference for the child."),
        Column(id="impact_note", header="What changed for the child", kind="long", editable=True, width=30, help="What is different for the child now."),
        Column(id="intended_impact", header="Difference intended", kind="long", fillable=True, width=36, help="What was hoped for when the action was set."),
        Column(id="follow_up_on", header="Followed up on", kind="date", width=13, help="When somebody looked whether it was done."),
        Column(id="follow_up_result", header="Evidence seen", width=13, help="What the follow-up found: whether the evidence was there."),
        Column(id="follow_up_note", header="What follow-up found", kind="long", width=30, help="The comment of whoever followed it up."),
        Column(id="reopened_from", header="Reopened from", width=21, help="What it was before it was opened again, and when."),
        Column(id="revisions", header="Times moved", kind="number", width=10, help="How often the date was moved."),
        Column(id="last_changed_by", header="Last changed by", width=20, help="Who changed anything in this row last. All changes are on the sheet History."),
        Column(id="last_changed_on", header="Last changed on", kind="date", width=13, help="The day of the last change."),
        Column(id="owner_role", header="Owner's role", width=20, help="From the staff list."),
        Column(id="level", header="Level", kind="choice", fillable=True, list="action_level", width=16, help="Who the action is for."),
        Column(id="priority", header="Priority", kind="choice", fillable=True, list="priority", width=18, help="How soon."),
        Column(id="child_id", header="Child", kind="child_id", fillable=True, width=12, help="The child's reference. Never a name."),
        Column(id="team", header="Team", fillable=True, width=22, help="The team the action is for."),
        Column(id="area", header="Service area", fillable=True, width=26, help="The service the team belongs to."),
        Column(id="source", header="Comes from", width=20, help="The activity and the return that set the action."),
        Column(id="set_on", header="Set on", kind="date", width=12.5, help="The day the action was set."),
    ),
)
