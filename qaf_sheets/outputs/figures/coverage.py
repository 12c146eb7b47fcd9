"""What is in and what is not: obligations by state, actions by where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from qaf_sheets.lifecycle import FINISHED, SEEN
from qaf_sheets.model import Action, Duty, Record, Snapshot, Version
from qaf_sheets.outputs.figures.shares import Share

Key = TypeVar("Key", str, tuple[str, str])

class Counts(Record):
    """Obligations by state (design section 4). Counting unit: obligations; `waiting` alone counts files."""

    expected: int = 0
    returned: int = 0
    on_time: int = 0
    late: int = 0
    nil: int = 0
    awaiting: int = 0
    needs_fixing: int = 0
    held: int = 0
    overdue: int = 0
    exempt: int = 0
    not_required: int = 0
    waiting: int = 0

    @property
    def in_of_expected(self) -> Share:
        """Returned, of expected."""
        return Share(n=self.returned, of=self.expected)

    @property
    def on_time_of_returned(self) -> Share:
        """Received on or before the due date, of returned."""
        return Share(n=self.on_time, of=self.returned)


class ActionCounts(Record):
    """Actions by where they stand. Counting unit: actions."""

    total: int = 0
    open: int = 0
    overdue: int = 0
    done: int = 0
    verified: int = 0

    @property
    def overdue_of_open(self) -> Share:
        """Overdue, of those not finished."""
        return Share(n=self.overdue, of=self.open)


def current(snapshot: Snapshot) -> tuple[Version, ...]:
    """The returns that count: the newest accepted version of each, in order of activity and reference."""
    newest = {v.issue.return_id: v for v in sorted(snapshot.returns, key=lambda v: v.version) if v.outcome == "accepted"}
    return tuple(sorted(newest.values(), key=lambda v: (v.issue.activity, v.issue.return_id)))


def grouped(duties: Iterable[Duty], key: Callable[[Duty], Key]) -> dict[Key, Counts]:
    """Obligations counted by a key, in its order."""
    groups: dict[Key, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(key(duty), []).append(duty)
    return {name: count_duties(group) for name, group in sorted(groups.items())}


def count_duties(duties: Iterable[Duty], waiting: int = 0) -> Counts:
    """Count obligations by state, exactly as `status --json` reports them."""
    n: dict[str, int] = {}
    late = 0
    for duty in duties:
        n[duty.state] = n.get(duty.state, 0) + 1
        late += duty.late and duty.state in ("returned", "nil")
    returned = n.get("returned", 0) + n.get("nil", 0)
    awaiting = n.get("later", 0) + n.get("due", 0)
    stuck = {state: n.get(state, 0) for state in ("needs_fixing", "held", "overdue")}
    return Counts(
        expected=returned + awaiting + sum(stuck.values()), returned=returned, on_time=returned - late, late=late, awaiting=awaiting,
        nil=n.get("nil", 0), exempt=n.get("exempt", 0), not_required=n.get("not_required", 0), waiting=waiting, **stuck,
    )


def due_on(action: Action) -> date | None:
    """The date an action is due now: the revised one where there is one."""
    for name in ("revised_due_on", "due_on"):
        value = action.cells.get(name)
        if isinstance(value, date):
            return value
    return None


def finished(action: Action) -> bool:
    """Whether its owner has nothing left to do."""
    return action.cells.get("status") in FINISHED


def overdue(action: Action, today: date) -> bool:
    """Not finished and past its date. Calculated, never chosen (specification 9)."""
    due = due_on(action)
    return not finished(action) and due is not None and due < today


def days_overdue(action: Action, today: date) -> int:
    """Calendar days past its date; 0 for one that is not overdue."""
    due = due_on(action)
    return (today - due).days if due and overdue(action, today) else 0


def count_actions(actions: Iterable[Action], today: date) -> ActionCounts:
    """Count actions by where they stand on a day."""
    every = list(actions)
    done = [a for a in every if finished(a)]
    return ActionCounts(
        total=len(every), open=len(every) - len(done), overdue=sum(overdue(a, today) for a in every), done=len(done),
        verified=sum(a.cells.get("status") in SEEN for a in every),
    )
