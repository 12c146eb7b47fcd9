"""What happens in the demo's quarter, day by day: who returns what when, which mistakes are made, who moderates, what the PSW writes.

Proportions of specification 11: of 120 obligations 93 are returned on time (five of them put right first), 14 late, 11 overdue, 2 wait to be
put right. Beside them duplicates, a second thought or two, an unfinished draft, and a file that is not ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Protocol

from qaf_sheets import workspace
from qaf_sheets.demo.afternoon import edit, paste
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
PASTED, FOLLOWED, FOLLOWED_BY = date(2026, 10, 6), date(2026, 10, 7), date(2026, 12, 3)
"""The PSW brings last quarter's actions into the tracker; some are drawn to be looked behind, and have been by December."""
MODERATED = (date(2026, 11, 20), date(2026, 11, 27), date(2026, 12, 17), date(2026, 12, 23))
"""Thematic audits and then case reviews are in, some later than others; their moderation follows."""
EDITED = date(2027, 1, 11)
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
        self.bank = Bank(Random(seed))  # noqa: S311 - dice of its own: other words never move a number
        self.now = datetime.combine(ISSUED, time(9, 0))
        self.root, self.state = root, state
        self.outcomes: Counter[str] = Counter()
        self.left: list[Drop] = []
        self.moderated: set[str] = set()

    def run(self, passes: Callable[[Desk], Passes], watch: Watch) -> Told:
        """Plan, issue, fill, return, receive, publish; moderation, follow-up and the PSW's edits in between."""
        place = workspace.create(self.root, self.state)
        write_atomically(place.plan, write_plan(example_plan(ISSUED), created=self.now))
        with Desk(place, now=lambda: self.now) as at, at.alone():
            issues = issue(at, QUARTER, watch=lambda ones: watch("Handing out workbooks", ones))
            managers = Managers(at, issues, self.bank)
            self.left = sorted(managers.drops(watch), key=lambda d: d.day)
            inbox = passes(at)
            self._tracker(at, PASTED, lambda path: paste(path, self.bank, at.plan, QUARTER))
            followed = self._follow_up(at, managers)
            for day in MODERATED:
                self._receive(inbox, at, day, watch)
                self._moderate(at, managers, day, watch)
            self._receive(inbox, at, EDITED, watch)
            self._tracker(at, EDITED, lambda path: edit(path, self.bank, at.plan, EDITED))
            self._receive(inbox, at, AS_AT, watch)
            self.now = datetime.combine(AS_AT, time(9, 0))
            self.outcomes.update(r.outcome for r in inbox.run())
            written = [w for kind in watch("Writing the outputs", KINDS) for w in publish(at, only=(kind,))]
        example = next(i.file for i in issues if i.activity == "CCR")
        return Told(issued=len(issues) + followed + len(self.moderated), outcomes=dict(self.outcomes), outputs=len(written), example=example)

    def _receive(self, inbox: Passes, at: Desk, until: date, watch: Watch) -> None:
        """Everything that is dropped up to a day, in order."""
        now, self.left = [d for d in self.left if d.day <= until], [d for d in self.left if d.day > until]
        for drop in watch("Receiving what comes back", now):
            self.now = max(self.now, datetime.combine(drop.day, time(10, 14)))
            (at.workspace.return_here / drop.name).write_bytes(drop.data)
            self.outcomes.update(r.outcome for r in inbox.run() if r.outcome != "draft")

    def _moderate(self, at: Desk, managers: Managers, after: date, watch: Watch) -> None:
        """Moderators send back what was handed out to them since, in the days after."""
        with at.register.reading() as records:
            newest = {i.piece: i for i in records.issues.about_pieces()}  # a changed review has voided the one before
        new = [i for i in newest.values() if i.return_id not in self.moderated]
        self.moderated |= {i.return_id for i in new}
        self.left = sorted([*self.left, *managers.moderations(new, after, watch)], key=lambda d: d.day)

    def _follow_up(self, at: Desk, managers: Managers) -> int:
        """Once last quarter's actions are in the tracker, some of those that were done are looked behind."""
        self.now = datetime.combine(FOLLOWED, time(9, 0))
        new = issue(at, QUARTER)
        self.left = sorted([*self.left, *(managers.answered(one, FOLLOWED_BY) for one in new)], key=lambda d: d.day)
        return len(new)

    def _tracker(self, at: Desk, on: date, write: Callable[[Path], None]) -> None:
        """The tracker is written, the PSW edits it and saves; the next publish takes it in."""
        self.now = max(self.now, datetime.combine(on, time(14, 0)))
        publish(at, only=("tracker",))
        write(at.workspace.tracker)
        publish(at, only=("tracker",))
