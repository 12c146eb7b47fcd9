"""Take children's names out of received files once they are not needed there (specification 7.3): two people say so, and the journal keeps who and why.

The order makes it safe: the file without the names is ready in the state folder first; then register and journal say what is to lie in Received; only
then is the original replaced. `finish_purges` makes good what a crash left between.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from qaf_sheets import feedback
from qaf_sheets.desk import Desk
from qaf_sheets.files import InUseError, digest_of_members, patiently, replace_if_free, sha256, write_atomically
from qaf_sheets.forms.names import finder
from qaf_sheets.forms.read import Reading, read_form
from qaf_sheets.forms.unname import texts_of, unname
from qaf_sheets.forms.write import write_form
from qaf_sheets.issue import sending
from qaf_sheets.model import Issue, Plan, Problem, Quarter, Record, Value, Version
from qaf_sheets.register.returns import Kept
from qaf_sheets.register.store import Records
from qaf_sheets.reports import records_left
from qaf_sheets.snapshot import newest_accepted
from qaf_sheets.verdict import hash_of
from qaf_sheets.work import works

UNPATCHABLE = (zipfile.BadZipFile, KeyError, ValueError, OSError)


class Holds(Record):
    """A kept file with a child's name in it. `on_file`: the work is on the child's file, so the name is not needed here; `due_on` is the day from which it is due to go."""

    kept: Kept
    issue: Issue
    on_file: bool
    due_on: date


class Order(NamedTuple):
    """Who asks for names to be removed, who else confirms it (ids of the People sheet), and why."""

    who: str
    confirmed_by: str
    why: str


class Purged(Record):
    """What became of one file. `due`: it holds a name; `left`: it still does, and `note` says why. `unseen` are parts in which no text could be looked for."""

    kept_as: str
    return_id: str
    state: Literal["due", "purged", "left"]
    note: str = ""
    unseen: tuple[str, ...] = ()


class WhyNamesError(Exception):
    """The reason given holds a name that is to be removed; it would stand in the journal for good."""


class _Ready(NamedTuple):
    """One file read and rewritten, before anything is decided."""

    kept: Kept
    issue: Issue
    data: bytes
    unseen: tuple[str, ...]
    names: tuple[Value, ...]


def holding(desk: Desk) -> tuple[Holds, ...]:
    """Every file in Received that holds a child's name, oldest first. One whose drop still lies in the inbox comes later."""
    with desk.register.reading() as records:
        versions = {(v.issue.return_id, v.version): v for v in records.returns.versions() if _withheld(v)}
        kept = [k for k in records.returns.files() if k.filed and k.sha256 == k.kept_sha256]
        on_file = _on_file(records, desk.plan, records.returns.versions())
    months = int(desk.plan.setting("purge_names_after_months"))
    found = ((k, versions.get((k.received.return_id or "", k.received.version or 0))) for k in kept)
    return tuple(Holds(kept=k, issue=v.issue, on_file=v.issue.return_id in on_file, due_on=after(v.issue.quarter, months)) for k, v in found if v)


def _withheld(version: Version) -> bool:
    content = version.content
    return any(a.withheld for row in (content.answers, *(r for rows in content.rows.values() for r in rows)) for a in row.values())


def _on_file(records: Records, plan: Plan, versions: Sequence[Version]) -> frozenset[str]:
    """The returns whose every piece of work is on the child's file, as the tracker says; all that need not be, once they are accepted."""
    counted = newest_accepted(versions)
    rows = feedback.rows(records, plan, counted)
    missing = {w.version.issue.return_id for w in works(records, counted) if w.form.on_file and rows[w.id]["on_file_on"] is None}
    return frozenset(v.issue.return_id for v in counted) - missing


def after(quarter: Quarter, months: int) -> date:
    """The first day of the month so many months after a quarter."""
    years, month = divmod(quarter.ends.month + months, 12)
    return date(quarter.ends.year + years, month + 1, 1)


def past_keeping(desk: Desk) -> dict[Quarter, int]:
    """How many received files are past the council's time for keeping them, by quarter. Nothing deletes them."""
    months, found = int(desk.plan.setting("keep_months")), dict[Quarter, int]()
    with desk.register.reading() as records:
        for kept in records.returns.files():
            issue = records.issues.one(kept.received.return_id) if kept.received.return_id else None
            quarter = issue.quarter if issue else Quarter.holding(kept.received.received_at.date())
            if after(quarter, months) <= desk.now().date():
                found[quarter] = found.get(quarter, 0) + 1
    return found


def purge(desk: Desk, wanted: Sequence[Holds], order: Order) -> tuple[Purged, ...]:
    """Take the names out of these files, and out of what lies in Needs fixing of the same returns. Again: only what is left.

    Raises WhyNamesError, and then nothing was changed.
    """
    finish_purges(desk)
    tried = [_ready(desk, h) for h in wanted]
    ready = [r for r in tried if isinstance(r, _Ready)]
    if (named := finder(str(n) for r in ready for n in r.names)) and named.search(order.why):
        raise WhyNamesError
    for one in ready:
        _decide(desk, one, order)
    finish_purges(desk)
    desk.register.forget()
    on_file = {h.kept.id for h in wanted if h.on_file}
    open_still = {r.kept.id: (*_copies(desk, r), *records_left(desk, r.issue.return_id, on_file=r.kept.id in on_file)) for r in ready}
    return tuple(_told(r, open_still[r.kept.id]) if isinstance(r, _Ready) else r for r in tried)


def seen(held: Holds, state: Literal["due", "left"], note: str = "") -> Purged:
    """A file in which the name still is."""
    return Purged(kept_as=held.kept.received.kept_as or "", return_id=held.issue.return_id, state=state, note=note)


def _told(one: _Ready, still: Sequence[str]) -> Purged:
    note = f"The name may still be in {', '.join(still)}: somebody has it open, or it cannot be read." if still else ""
    return Purged(kept_as=one.kept.received.kept_as or "", return_id=one.issue.return_id, state="left" if still else "purged", note=note, unseen=one.unseen)


def _ready(desk: Desk, held: Holds) -> _Ready | Purged:
    """A file without its names, proved by reading it again: the same answers, and no name where one was asked for."""
    kept, issue = held.kept, held.issue
    assert kept.received.kept_as is not None, "a decided file is kept"

    def left(why: str) -> Purged:
        return seen(held, "left", why)

    try:
        data = patiently(desk.workspace.absolute(kept.received.kept_as).read_bytes)
    except OSError:
        return left("It is missing or cannot be read. Please run 'qaf-sheets verify'.")
    if sha256(data) != kept.kept_sha256:
        return left("It was changed since it was received, so we left it alone. Please run 'qaf-sheets verify'.")
    before = _read(desk, issue, data)
    if before is None:
        return left("It can no longer be read. Please remove the name by hand.")
    try:
        done = unname(data, before.names, {(a.sheet, a.cell) for a in before.withheld}, _ours(desk, issue))
    except UNPATCHABLE:  # an archive put together in a way of its own
        return left("The name could not be taken out of this file. Please remove it by hand.")
    again = _read(desk, issue, done.data)
    if again is None or hash_of(again.content) != hash_of(before.content) or finder(str(n) for n in again.names):
        return left("The name could not be taken out without changing an answer. Please remove it by hand.")
    return _Ready(kept, issue, done.data, done.unseen, before.names)


def _read(desk: Desk, issue: Issue, data: bytes) -> Reading | None:
    book = desk.read_bytes(data, PurePosixPath(issue.file).name)
    with desk.register.reading() as records:
        form = records.issues.form(issue.form_version)
    return None if isinstance(book, Problem) or form is None else read_form(book, *form, desk.plan.people)


def _ours(desk: Desk, issue: Issue) -> frozenset[str]:
    """What the form said when it was handed out."""
    with desk.register.reading() as records:
        form = records.issues.form(issue.form_version)
    assert form is not None, "an issue's form is kept with it"
    return texts_of(write_form(form[0], sending(desk, desk.plan, issue, form[0])))


def _decide(desk: Desk, one: _Ready, order: Order) -> None:
    """The new file beside, and in one transaction what is to lie there from now on, who wanted it and why."""
    write_atomically(_beside(desk, one.kept), one.data, private=True)
    told = {
        "kept_as": one.kept.received.kept_as, "return_id": one.issue.return_id, "received_sha256": one.kept.sha256, "before": one.kept.kept_sha256, "after": sha256(one.data),
        **order._asdict(),
    }  # fmt: skip
    with desk.register.writing() as records:
        records.returns.keeps(one.kept.id, sha256(one.data))
        records.note(desk.now(), "purged", told)


def finish_purges(desk: Desk) -> None:
    """Put each file that was decided on in its place; may be repeated. What was not decided on is thrown away."""
    waiting = sorted(desk.workspace.purging.glob("*.xlsx"))
    if not waiting:
        return
    with desk.register.reading() as records:
        kept = {str(k.id): k for k in records.returns.files()}
    for beside in waiting:
        one, data = kept.get(beside.stem), beside.read_bytes()
        if one and one.received.kept_as and one.kept_sha256 == sha256(data):
            write_atomically(desk.workspace.absolute(one.received.kept_as), data)
        beside.unlink()


def unfinished(desk: Desk, kept: Kept) -> bool:
    """Whether the file as it came still lies there, and the one to take its place is ready: a crash came between."""
    return kept.kept_sha256 != kept.sha256 and _beside(desk, kept).exists()


def _beside(desk: Desk, kept: Kept) -> Path:
    return desk.workspace.purging / f"{kept.id}.xlsx"


def _copies(desk: Desk, one: _Ready) -> tuple[str, ...]:
    """Take the names out of the return's copies in Needs fixing too; gives those in which they may still be."""
    stem = PurePosixPath(one.issue.file).stem
    copies = sorted(p for p in (desk.workspace.needs_fixing / one.issue.person_id).glob("*.xlsx") if p.stem.startswith(stem))
    return tuple(desk.workspace.relative(p) for p in copies if not _copy_unnamed(desk, one, p))


def _copy_unnamed(desk: Desk, one: _Ready, path: Path) -> bool:
    try:
        data, place = patiently(path.read_bytes), desk.workspace.relative(path)
        new = unname(data, one.names, (), _ours(desk, one.issue)).data
        if digest_of_members(new) == digest_of_members(data):
            return True
        replace_if_free(path, new)
    except (InUseError, *UNPATCHABLE):
        return False
    with desk.register.writing() as records:
        if records.returns.is_copy(place, sha256(data)):
            records.returns.copied(place, sha256(new))
    return True
