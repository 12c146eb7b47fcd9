"""What happens in the demo's quarter, day by day: who returns what when, which mistakes are made, who moderates, what the PSW writes.

Proportions of specification 11 for the forms there are: of 65 returns 52 on time, 8 late, 4 overdue, 1 still to be put right; 3 were
put right first. Beside them duplicates, a second thought or two, an unfinished draft, and a file that is not ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Protocol

from qaf_sheets import workspace
from qaf_sheets.demo.afternoon import edit
from qaf_sheets.demo.bank import Bank
from qaf_sheets.demo.managers import AS_AT, ISSUED, Drop, Managers, Watch
from qaf_sheets.desk import Desk
from qaf_sheets.files import write_atomically
from qaf_sheets.issue import issue
from qaf_sheets.model import Quarter, Received, Record
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.publish import KINDS, publish

QUARTER = Quarter(year=2026, number=3)
REVIEWED = date(2027, 1, 11)
"""The PSW's afternoon with the tracker."""


class Passes(Protocol):
    """One pass over the inbox, as `ingest` makes it."""

    def run(self) -> tuple[Received, ...]:
        """Receive what is ready."""


class Told(Record):
    """What happened, in numbers."""

    issued: int
    outcomes: dict[str, int]
    outputs: int
    example: str


class Story:
    """The quarter being lived through, with a clock of its own."""

    def __init__(self, root: Path, state: Path, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311 - invented words, not a secret
        self.bank = Bank(self.dice)
        self.now = datetime.combine(ISSUED, time(9, 0))
        self.root, self.state = root, state
        self.outcomes: Counter[str] = Counter()

    def run(self, passes: Callable[[Desk], Passes], watch: Watch) -> Told:
        """Plan, issue, fill, return, receive, publish; moderation and the PSW's edits in between."""
        place = workspace.create(self.root, self.state)
        write_atomically(place.plan, write_plan(example_plan(ISSUED), created=self.now))
        with Desk(place, now=lambda: self.now) as at, at.alone():
            issues = issue(at, QUARTER, watch=lambda ones: watch("Handing out workbooks", ones))
            inbox, drops = passes(at), sorted(Managers(at, issues, self.bank).drops(watch), key=lambda d: d.day)
            self._receive(at, inbox, [d for d in drops if d.day <= REVIEWED], watch)
            self._review(at)
            self._receive(at, inbox, [d for d in drops if d.day > REVIEWED], watch)
            self.now = datetime.combine(AS_AT, time(9, 0))
            self.outcomes.update(r.outcome for r in inbox.run())
            written = [w for kind in watch("Writing the outputs", KINDS) for w in publish(at, only=(kind,))]
        example = next(i.file for i in issues if i.activity == "CCR")
        return Told(issued=len(issues), outcomes=dict(self.outcomes), outputs=len(written), example=example)

    def _receive(self, at: Desk, inbox: Passes, drops: Sequence[Drop], watch: Watch) -> None:
        for drop in watch("Receiving what comes back", drops):
            self.now = datetime.combine(drop.day, time(10, 14))
            (at.workspace.return_here / drop.name).write_bytes(drop.data)
            self.outcomes.update(r.outcome for r in inbox.run() if r.outcome != "draft")

    def _review(self, at: Desk) -> None:
        """The tracker is written, the PSW edits it and saves; the next publish takes it in."""
        self.now = datetime.combine(REVIEWED, time(14, 0))
        publish(at, only=("tracker",))
        edit(at.workspace.tracker, self.bank, REVIEWED)
