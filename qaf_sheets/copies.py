"""Copies of the tracker and of packs that come back, mailed or left beside it: which writing each is a copy of, and its edits into the register."""

from __future__ import annotations

from datetime import datetime
from itertools import count as numbers
from typing import NamedTuple

from qaf_sheets.book import Book
from qaf_sheets.desk import Desk
from qaf_sheets.forms.identity import identities
from qaf_sheets.model import Plan, Problem, Quarter
from qaf_sheets.problems import count, problem
from qaf_sheets.register.store import Records
from qaf_sheets.tracker.identity import Written, claims, stated, written_in
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.read import read_tracker
from qaf_sheets.tracking import Came, merge_in, reading_of
from qaf_sheets.verdict import Verdict


class Copy(NamedTuple):
    """A sound copy: what somebody saved, and what it was when we wrote it."""

    book: Book
    written: Written

    def place(self, records: Records, at: datetime) -> str:
        """Where it is kept, under a plain name whatever its sender called it."""
        name = f"Actions - {self.written.person_id}" if self.written.kind == "pack" else "Actions tracker"
        ending, taken = ".xlsm" if self.book.macros else ".xlsx", records.returns.kept_names()
        places = (f"Received/{Quarter.holding(at.date())}/{name} - {n}{ending}" for n in numbers(1))
        return next(p for p in places if p.casefold() not in taken)


def copy_in(desk: Desk, book: Book | Problem) -> Copy | Problem | None:
    """The copy that a workbook is, or why one cannot be used; None for what is no tracker at all."""
    if isinstance(book, Problem):
        return None
    if not claims(book):
        looks_so = not identities(book) and read_tracker(book, ACTIONS)[0].columns
        return problem("COPY_UNSOUND") if looks_so else None
    if stated(book, "workspace") != desk.workspace.id:
        return problem("COPY_FOREIGN")
    written = written_in(book, desk.workspace.key)
    return Copy(book, written) if written else problem("COPY_UNSOUND")


def take_copy(records: Records, plan: Plan, copy: Copy, place: str, sha: str, now: datetime) -> Verdict:
    """Its edits into the register, in the transaction that decides the file. The very same file again brings nothing."""
    if records.returns.holds(sha):
        return Verdict(outcome="duplicate", problems=(problem("COPY_AGAIN"),))
    reading = reading_of(plan, copy.book, copy.written, place)
    came = merge_in(records, plan, reading, now)
    told = problem("COPY_READ", who=reading.by or "somebody", taken=_in_words(came), clashes=count(came.clashes, "value") if came.clashes else "nothing")
    return Verdict(outcome="accepted", problems=(told, *came.problems))


def _in_words(came: Came) -> str:
    """2 changes and 1 new row."""
    parts = [words for n, words in ((came.edits, count(came.edits, "change")), (came.added, count(came.added, "new row"))) if n]
    return " and ".join(parts) or "nothing new"
