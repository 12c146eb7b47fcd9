"""What happens in the demo's quarter, day by day: who returns what when, which mistakes are made, what the PSW writes.

Proportions of specification 11 for these forms: of 27 returns 20 on time, 3 late, 2 overdue, 1 put right, 1 still to be put
right; with a duplicate, a resubmission, an unfinished draft and a file that is not ours beside them.
"""

from __future__ import annotations

import io
import os
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

import openpyxl

from qaf_sheets import workdays, workspace
from qaf_sheets.demo.fill import Answers, Bank, Rows, answer, typed
from qaf_sheets.desk import Desk
from qaf_sheets.files import write_atomically
from qaf_sheets.issue import issue, named
from qaf_sheets.model import Issue, Quarter, Received, Record
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.publish import publish

QUARTER = Quarter(year=2026, number=3)
ISSUED, REVIEWED, AS_AT = date(2026, 10, 5), date(2027, 1, 11), date(2027, 1, 15)


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
        self.holidays: frozenset[date] = frozenset()
        self.outcomes: Counter[str] = Counter()

    def run(self, passes: Callable[[Desk], Passes]) -> Told:
        """Plan, issue, fill, return, receive, publish; the PSW's edits in between."""
        place = workspace.create(self.root, self.state)
        plan = example_plan(ISSUED)
        self.holidays = plan.holidays
        write_atomically(place.plan, write_plan(plan, created=self.now))
        with Desk(place, now=lambda: self.now) as at, at.alone():
            issues = issue(at, QUARTER)
            inbox = passes(at)
            for day, drops in sorted(self._days(at, issues).items()):
                self.now = datetime.combine(day, time(10, 14))
                for name, data in drops:
                    (place.return_here / name).write_bytes(data)
                self.outcomes.update(r.outcome for r in inbox.run() if r.outcome != "draft")
            self._review(at)
            self.now = datetime.combine(AS_AT, time(9, 0))
            self.outcomes.update(r.outcome for r in inbox.run())
            written = publish(at)
        example = next(i.file for i in issues if i.activity == "OBS")
        return Told(issued=len(issues), outcomes=dict(self.outcomes), outputs=len(written), example=example)

    # ---------------------------------------------------------------- what comes back, and when

    def _days(self, at: Desk, issues: tuple[Issue, ...]) -> dict[date, list[tuple[str, bytes]]]:
        """What is dropped on each day."""
        order = self.dice.sample([i for i in issues if i.activity != "SERV"], len(issues) - 6) + [i for i in issues if i.activity == "SERV"]
        overdue, unfinished, late, waiting, fixed, again, twice, *on_time = self._cast(order)
        days: dict[date, list[tuple[str, bytes]]] = {}

        def drop(day: date, one: Issue, data: bytes, name: str = "") -> None:
            days.setdefault(day, []).append((name or Path(one.file).name, data))

        for one in on_time[0]:
            drop(*self._filled(at, one, self._before(one)))
        for one in late:
            drop(*self._filled(at, one, one.due_on + timedelta(days=self.dice.choice((5, 6, 7)))))
        del overdue  # never sent
        for one in unfinished:
            drop(*self._filled(at, one, AS_AT - timedelta(days=1), lambda said, rows: said.pop("completed_on")))
        for one in waiting:
            drop(*self._filled(at, one, AS_AT - timedelta(days=2), _careless))
        for one in fixed:
            self._put_right(at, one, drop)
        for one in again:
            self._changed(at, one, drop)
        for one in twice:
            day, _, data = self._filled(at, one, self._before(one))
            drop(day, one, data)
            drop(day + timedelta(days=3), one, data, f"Copy of {Path(one.file).name}")
        days.setdefault(date(2026, 12, 14), []).append(("Team rota December.xlsx", _rota()))
        return days

    def _cast(self, order: list[Issue]) -> list[list[Issue]]:
        """Who plays which part: overdue, unfinished, late, waiting to be fixed, put right, changed later, sent twice, on time."""
        sizes = (1, 1, 3, 1, 1, 1, 1)
        parts, at = [], 0
        for size in sizes:
            parts.append(order[at : at + size])
            at += size
        return [*parts, order[at:]]

    def _before(self, one: Issue) -> date:
        """A working day in time: observations all through the quarter, summaries at its end."""
        early = 60 if one.activity == "OBS" else 12
        day = one.due_on - timedelta(days=self.dice.randint(1, early))
        return workdays.add(day + timedelta(days=1), -1, self.holidays)

    def _filled(self, at: Desk, one: Issue, day: date, spoil: Callable[[Answers, Rows], Any] = lambda said, rows: None) -> tuple[date, Issue, bytes]:
        said, rows = self._said(at, one, day)
        spoil(said, rows)
        return day, one, self._typed(at, one, said, rows)

    def _said(self, at: Desk, one: Issue, day: date) -> tuple[Answers, Rows]:
        with at.register.reading() as records:
            kept = records.issues.form(one.form_version)
        assert kept is not None, "issued"
        people = [p for p in at.plan.people if p.service_area == one.service_area and p.role in ("HOS", "TM", "SW", "ASYE", "PA", "PSW")] or [p for p in at.plan.people if p.role == "HOS"]
        children = tuple(c.child_id for c in at.plan.children if c.team == one.team) or tuple(c.child_id for c in at.plan.children)
        return answer(kept[0], one.facts, self.bank, day, tuple(named(p) for p in people), children, one.quarter.ends)

    def _typed(self, at: Desk, one: Issue, said: Answers, rows: Rows) -> bytes:
        with at.register.reading() as records:
            kept = records.issues.form(one.form_version)
        assert kept is not None, "issued"
        return typed(at.workspace.absolute(one.file).read_bytes(), kept[1], said, rows)

    def _put_right(self, at: Desk, one: Issue, drop: Callable[..., None]) -> None:
        """Sent with mistakes, put right two days later: corrected, with a thank-you for being in time."""
        day = self._before(one) - timedelta(days=7)
        said, rows = self._said(at, one, day)
        drop(day, one, self._typed(at, one, _careless(dict(said), list(rows)), rows))
        drop(day + timedelta(days=2), one, self._typed(at, one, {**said, "completed_on": day + timedelta(days=2)}, rows))

    def _changed(self, at: Desk, one: Issue, drop: Callable[..., None]) -> None:
        """Sent, thought about again, and sent once more with another answer."""
        day = self._before(one) - timedelta(days=7)
        said, rows = self._said(at, one, day)
        drop(day, one, self._typed(at, one, said, rows))
        drop(day + timedelta(days=5), one, self._typed(at, one, {**said, "ed_response": self.bank.deal(one.activity, "ed_response")}, rows))

    # ---------------------------------------------------------------- the PSW's afternoon with the tracker

    def _review(self, at: Desk) -> None:
        """The tracker is written, the PSW edits it in a program of her own and saves; the next publish takes it in."""
        self.now = datetime.combine(REVIEWED, time(14, 0))
        publish(at, only=("tracker",))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(at.workspace.tracker)
        sheet = book["Actions"]
        heads = {str(c.value): c.column for row in sheet.iter_rows(min_row=1, max_row=8) for c in row if c.value}
        top = next(c.row for row in sheet.iter_rows(min_row=1, max_row=8) for c in row if c.value == "Status")
        for row in range(top + 1, sheet.max_row + 1):
            if str(sheet.cell(row=row, column=heads["Status"]).value) == "Open":
                self._progress(sheet, heads, row)
        book.save(at.workspace.tracker)
        os.utime(at.workspace.tracker)

    def _progress(self, sheet: Any, heads: dict[str, int], row: int) -> None:
        """One action moves on, or not."""
        def put(head: str, value: object) -> None:
            sheet.cell(row=row, column=heads[head]).value = value

        state = self.dice.choices(("Open", "In progress", "Done", "Checked", "Verified"), weights=(6, 6, 5, 3, 3))[0]
        put("Status", state)
        if state == "In progress":
            put("Progress", self.bank.note("notes"))
        if state in ("Done", "Checked", "Verified"):
            put("Completed on", REVIEWED - timedelta(days=self.dice.randint(1, 9)))
            put("Evidence", self.bank.note("evidence"))


def _careless(said: Answers, rows: Rows) -> Answers:
    """The usual slips: an answer left out, "tbc", an unreadable date, an action without an owner."""
    dates = [f for f in ("observed_on", "date_of_summary", "date_of_dlt") if f in said]
    said.pop("ed_response", None)
    said["worried" if "worried" in said else "areas_for_development"] = "tbc"
    said.update(dict.fromkeys(dates[:1], "12/13/26"))
    if rows:
        rows[0] = {**rows[0], "owner": None}
    return said


def _rota() -> bytes:
    """A workbook that is nobody's return."""
    book = openpyxl.Workbook()
    book.active.append(["Duty", "Monday", "Tuesday"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
