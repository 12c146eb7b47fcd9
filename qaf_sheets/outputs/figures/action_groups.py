"""Actions by service area and by owner: how late they are, how far they were seen to be done, and whether they made a difference (specification 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from qaf_sheets.lifecycle import DONE, FINISHED, SEEN
from qaf_sheets.model import Action, Record
from qaf_sheets.outputs.figures.coverage import days_overdue, due_on, finished
from qaf_sheets.outputs.figures.shares import Share

WEEK, MONTH = 7, 28
"""Days up to which an action is a little late, and up to which it is late."""
UNCHECKED = "Not checked"


class ActionGroup(Record):
    """Actions of one group. Counting unit: actions. `week`, `month` and `longer` are the overdue ones by how long; `claimed` are Done and no more."""

    total: int
    in_date: int
    no_date: int
    week: int
    month: int
    longer: int
    claimed: int
    seen: int
    impact: Mapping[str, int]

    @property
    def overdue(self) -> int:
        """Past their date and not finished."""
        return self.week + self.month + self.longer

    @property
    def open(self) -> int:
        """Not finished."""
        return self.in_date + self.no_date + self.overdue

    @property
    def finished(self) -> int:
        """Nothing left for the owner to do."""
        return self.total - self.open

    @property
    def made_a_difference(self) -> Share:
        """Those that did, of those that somebody looked at."""
        looked = sum(n for said, n in self.impact.items() if said != UNCHECKED)
        return Share(n=self.impact.get("Yes", 0), of=looked)


def group_actions(actions: Iterable[Action], key: Callable[[Action], str], today: date) -> dict[str, ActionGroup]:
    """Key → its actions, by key."""
    groups: dict[str, list[Action]] = {}
    for action in actions:
        groups.setdefault(key(action), []).append(action)
    return {name: count_group(found, today) for name, found in sorted(groups.items())}


def count_group(found: Iterable[Action], today: date) -> ActionGroup:
    """One group counted."""
    every = list(found)
    late = [n for a in every if (n := days_overdue(a, today))]
    waiting = [a for a in every if not finished(a) and not days_overdue(a, today)]
    status = Counter(str(a.cells.get("status") or "") for a in every)
    return ActionGroup(
        total=len(every), in_date=sum(due_on(a) is not None for a in waiting), no_date=sum(due_on(a) is None for a in waiting), week=sum(n <= WEEK for n in late),
        month=sum(WEEK < n <= MONTH for n in late), longer=sum(n > MONTH for n in late), claimed=status[DONE], seen=sum(status[s] for s in SEEN),
        impact=dict(Counter(str(a.cells.get("impact")) for a in every if a.cells.get("impact") and a.cells.get("status") in FINISHED)),
    )  # fmt: skip
