"""A council that handed out one form, made anew for each variant: cheap, and through the real pass with the real worker."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path
from typing import Any

from desk_kit import Handed

from hostile.making import Parts, unpacked
from qaf_sheets import workspace
from qaf_sheets.book import Book, read_book
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.forms.read import read_form
from qaf_sheets.issue import issue
from qaf_sheets.model import Quarter, Received
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.verdict import hash_of
from qaf_sheets.worker import WarmWorker

AT_ONCE = {"settle_seconds": "0", "incomplete_after_seconds": "0"}


class Measured(Executor):
    """The real worker; remembers how long its last job took and the most memory it has had, in kilobytes."""

    def __init__(self) -> None:
        self.worker, self.took, self.peak = WarmWorker(), 0.0, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        started = time.monotonic()
        done = self.worker.submit(fn, *args, **kwargs)
        self.took = time.monotonic() - started
        if self.worker._process is not None:
            status = Path(f"/proc/{self.worker._process.pid}/status")
            self.peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) if status.exists() else 0
        return done


class Council:
    """One team manager owes observations; the first of them is filled in. `start` begins anew."""

    def __init__(self, folder: Path) -> None:
        self.place, self.fresh, self.worker = folder / "Quality assurance", folder / "fresh", Measured()
        now = datetime(2026, 10, 5, 9, 0)
        made = workspace.create(self.fresh, self.fresh / ".qaf")
        plan = example_plan(now.date())
        rules = tuple(r for r in plan.rules if r.activity == "OBS")
        made.plan.write_bytes(write_plan(plan.model_copy(update={"rules": rules, "settings": {**plan.settings, **AT_ONCE}}), created=now))
        with Desk(made, now=lambda: now, executor=self.worker) as at:
            issue(at, Quarter.parse("2026-27-Q3"), person_id="P031")
            self.plan, self.library = at.plan_and_problems, at.library
        self.handed = Handed(self.fresh, "OBS")
        self.name, self.good = self.handed.path.name, self.handed.filled()
        self.parts: Parts = unpacked(self.good)

    def answers(self, data: bytes) -> str:
        """A hash of the answers in a file that is read here and now; '' where none are read."""
        book = read_book(data, self.name)
        return hash_of(read_form(book, self.handed.form, self.handed.layout, self.plan[0].people).content) if isinstance(book, Book) else ""

    def start(self) -> Desk:
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.fresh, self.place)
        at = Desk(workspace.find(self.place), executor=self.worker)
        at.__dict__ |= {"plan_and_problems": self.plan, "library": self.library}
        return at

    def receive(self, at: Desk, data: bytes, name: str = "") -> Received:
        """One file dropped, one pass."""
        (at.workspace.return_here / (name or self.name)).write_bytes(data)
        (received,) = self.one_pass(at)
        return received

    def one_pass(self, at: Desk) -> tuple[Received, ...]:
        """One pass over what lies there, without a settling time."""
        return Pass(at, pause=lambda _: None).run()
