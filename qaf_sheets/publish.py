"""Publish: people's edits in, then every output that would say something new. Outputs never wait for a reader, and never undo one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qaf_sheets import backup, resources, snapshot
from qaf_sheets.decisions import attend, propose
from qaf_sheets.desk import Desk
from qaf_sheets.files import InUseError, Owner, digest_of_members, patiently, replace_if_free, sha256
from qaf_sheets.model import Problem, Quarter, Snapshot
from qaf_sheets.moderation import hand_out
from qaf_sheets.outputs.alerts import write_alerts
from qaf_sheets.outputs.calendar import CALENDAR, undated, write_calendar
from qaf_sheets.outputs.documents import documents
from qaf_sheets.outputs.documents.words import safe_name
from qaf_sheets.outputs.figures import Figures, figures
from qaf_sheets.outputs.figures.trend import REACH
from qaf_sheets.outputs.figures.triangulation import to_confirm
from qaf_sheets.outputs.master import write_copy, write_master
from qaf_sheets.outputs.master.year import Shown
from qaf_sheets.outputs.sharing import Reader
from qaf_sheets.outputs.status import write_status
from qaf_sheets.plan.calendar import dated
from qaf_sheets.register.outputs import Output
from qaf_sheets.register.store import Records
from qaf_sheets.tracking import edits_back, tracker_as_bytes, tracker_written

Also = Callable[[Records], None]


class Written(NamedTuple):
    """One output: whether it was written now, and what a person should know about it."""

    file: str
    written: bool
    note: str = ""


LEFT_BEHIND = 12 * 3600.0
"""Seconds after which an owner file may be what a crash left; it is still believed, since on Linux a replace under an open workbook is undone."""
KINDS = ("tracker", "master", "documents", "calendar", "status")


def publish(desk: Desk, *, only: Collection[str] = KINDS, quarters: Collection[Quarter] = ()) -> tuple[Written, ...]:
    """Take the tracker's edits in, then write what changed: each open quarter's documents, and the newest one's workbooks and page."""
    _take_up(desk)
    notes = (*edits_back(desk), *attend(desk), *hand_out(desk))
    shown = sorted(quarters or open_quarters(desk), key=str) or [Quarter.holding(desk.now().date())]
    newest = snapshot.take(desk, shown[-1], notes)
    figured = figures(newest)
    propose(desk, figured.recurring.proposed, to_confirm(figured.triangulated, newest.plan), newest.quarter)
    written: list[Written] = []
    if "status" in only:  # a child cannot wait for the other outputs
        written += _alerts(desk, newest, figured, shown)
    if "tracker" in only:
        written.append(_tracker(desk, newest, newest.notes))
    past = _past(desk, newest.quarter, shown) if {"master", "documents"} & set(only) else ()
    if "master" in only:
        written.append(_workbook(desk, desk.workspace.master, write_master(newest, figured, past)))
    if "documents" in only:
        for quarter in (*(s for s in past if s.snapshot.quarter in shown), Shown(newest, figured)):
            written += _documents(desk, *quarter)
    if "calendar" in only:
        written += [_calendar(desk, newest, quarter) for quarter in shown]
    if "status" in only:
        written.append(_status(desk, newest, figured))
    backup.keep(desk)
    return tuple(written)


def open_quarters(desk: Desk) -> tuple[Quarter, ...]:
    """Quarters with something issued, oldest first. A quarter closes only by a decision."""
    with desk.register.reading() as records:
        return records.issues.quarters()


FOLDERS = {"dlt": "DLT", "service": "Services", "person": "Teams"}
"""Where a copy goes: the folder of its audience (design section 4)."""


def share(desk: Desk, who: Reader, quarter: Quarter | None = None) -> Written:
    """A copy of the master for one reader, of a quarter or the newest open one: a new file with values alone, counted from what that reader may see."""
    about = quarter or max(open_quarters(desk), key=str, default=Quarter.holding(desk.now().date()))
    seen = snapshot.take(desk, about)
    data = write_copy(who, (*(s.snapshot for s in _past(desk, about, ())), seen))
    called = safe_name(f"QA master for {who.name or 'DLT'} - {about.label}")
    return _workbook(desk, desk.workspace.reports / str(about) / FOLDERS[who.kind] / f"{called}.xlsx", data)


def _past(desk: Desk, quarter: Quarter, shown: Collection[Quarter]) -> tuple[Shown, ...]:
    """The quarters before, as far back as the trend goes, and all that are asked for; the oldest first. Only those that were issued."""
    reach = quarter.plus(1 - REACH)
    earlier = (q for q in sorted({*open_quarters(desk), *shown}, key=str) if str(q) < str(quarter) and (str(q) >= str(reach) or q in shown))
    return tuple(Shown(seen, figures(seen)) for seen in (snapshot.take(desk, q) for q in earlier))


def _tracker(desk: Desk, seen: Snapshot, notes: Sequence[Problem]) -> Written:
    """The tracker; whoever saved it since we read it a moment ago is read first, at the next publish."""
    path = desk.workspace.tracker
    with desk.register.reading() as records:
        read = records.outputs.one(path.name)
    if path.exists() and read and sha256(patiently(path.read_bytes)) != read.sha256:
        return Written(path.name, written=False, note="The tracker was saved just now. It will be updated at the next look.")
    return _workbook(desk, path, tracker_as_bytes(desk, seen, notes), also=lambda records: tracker_written(records, seen))


def _workbook(desk: Desk, path: Path, data: bytes, members: str = "", also: Also = lambda _: None) -> Written:
    """A file people open: replaced when it would say something new (its `members` tell) and nobody has it; else it waits, and says for whom."""
    name, members = desk.workspace.relative(path), members or digest_of_members(data)
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    if last and last.members == members and path.exists() and sha256(patiently(path.read_bytes)) == last.sha256:
        return _as_it_is(desk, last)
    return _put(desk, name, data, members, also)


def _put(desk: Desk, name: str, data: bytes, members: str, also: Also = lambda _: None) -> Written:
    """Write one output and remember it (with what `also` does, in one transaction). One that cannot be written now waits, and says why."""
    new = Output(file=name, sha256=sha256(data), members=members, as_at=desk.now())
    with desk.register.writing() as records:
        last = records.outputs.one(name)
        records.outputs.intend(new)
    try:
        replace_if_free(desk.workspace.absolute(name), data)
        note = ""
    except InUseError as error:
        note = _open_by(name, error.owner)
    except OSError:
        note = f"{name} could not be written: there is no room, or its folder may not be changed. It will be tried again."
    with desk.register.writing() as records:
        if note:
            records.outputs.put((last or new.model_copy(update={"sha256": "", "members": ""})).model_copy(update={"state": "pending", "note": note}))
        else:
            records.outputs.put(new)
            also(records)
    return Written(name, written=not note, note=note)


def _take_up(desk: Desk) -> None:
    """What a crash kept us from remembering: an output that is as we were about to leave it is ours. The tracker's edits are read in any case."""
    with desk.register.reading() as records:
        intended = records.outputs.intended()
    for output in (o for o in intended if o.file != desk.workspace.tracker.name):
        path = desk.workspace.absolute(output.file)
        there = path.is_file() and sha256(patiently(path.read_bytes)) == output.sha256
        with desk.register.writing() as records:
            (records.outputs.put(output) if there else records.outputs.give_up(output.file))


def _as_it_is(desk: Desk, last: Output) -> Written:
    """Nothing new to write; what it waited for is no longer wanted."""
    if last.state == "pending":
        _remember(desk, last.model_copy(update={"state": "current", "note": ""}))
    return Written(last.file, written=False)


def _open_by(name: str, owner: Owner) -> str:
    since = datetime.fromtimestamp(owner.since)  # noqa: DTZ006 - the desk's own clock, as everywhere
    if time.time() - owner.since > LEFT_BEHIND:
        return f"{name} seems to be open by {owner.who} since {since:%d/%m/%Y %H:%M}. If nobody has it open, delete the hidden file ~${name} beside it."
    return f"{name} is open by {owner.who} since {since:%H:%M}. It will be updated when it is closed."


def _remember(desk: Desk, output: Output) -> None:
    with desk.register.writing() as records:
        records.outputs.put(output)


def _documents(desk: Desk, seen: Snapshot, figured: Figures) -> Iterator[Written]:
    """The Word drafts of one quarter. One that a person changed is theirs: the new draft goes beside it."""
    places = (desk.workspace.templates, resources.folder("templates"))

    def template(name: str) -> bytes:
        found = resources.find(name, places)
        assert found is not None, f"{name} is shipped"
        return found.read_bytes()

    shipped = resources.folder("templates")
    for document in documents(seen, figured, template, lambda name: (shipped / name).read_bytes()):
        yield from (Written(document.path, written=False, note=p.message) for p in document.problems)
        yield _document(desk, document.path, document.data)


def _document(desk: Desk, name: str, data: bytes) -> Written:
    path, members = desk.workspace.absolute(name), digest_of_members(data)
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    here = sha256(patiently(path.read_bytes)) if path.exists() else None
    if here is not None and (last is None or here != last.sha256):
        return _beside(desk, name, data, members, last)
    if last and here and last.members == members:
        return _as_it_is(desk, last)
    return _put(desk, name, data, members)


def _beside(desk: Desk, name: str, data: bytes, members: str, last: Output | None) -> Written:
    """A person's own document stays; a draft with new data goes beside it, dated. The same data again writes nothing."""
    if last and last.members == members:
        if last.state != "edited":
            _remember(desk, last.model_copy(update={"state": "edited", "note": "Changed by a person, so it is kept as it is."}))
        return Written(name, written=False)
    stem, _, ending = name.rpartition(".")
    return _document(desk, f"{stem} - new draft {desk.now():%Y-%m-%d}.{ending}", data)


def _calendar(desk: Desk, seen: Snapshot, quarter: Quarter) -> Written:
    """A quarter's dates, for Outlook: written when a date or its words changed, whatever came in since."""
    path = desk.workspace.reports / str(quarter) / CALENDAR
    entries = dated(seen.plan, quarter, desk.library.titles())
    data = write_calendar(entries, council=seen.plan.setting("council"), quarter=quarter, as_at=seen.as_at)
    return _workbook(desk, path, data, members=sha256(undated(data)))


def _alerts(desk: Desk, seen: Snapshot, figured: Figures, quarters: Sequence[Quarter]) -> Iterator[Written]:
    """The pages of immediate concerns: the newest quarter's, and any there is already in an earlier one, so that none says what is past."""
    for quarter in quarters:
        for page in write_alerts(seen, figured):
            path = desk.workspace.reports / str(quarter) / page.path
            if quarter == seen.quarter or path.exists():
                yield _page(desk, path, page.html)


def _status(desk: Desk, seen: Snapshot, figured: Figures) -> Written:
    """The status page."""
    path = desk.workspace.status_page
    with desk.register.reading() as records:
        outputs = [o for o in records.outputs.all() if o.file != path.name]
    return _page(desk, path, write_status(seen, figured, [(o.file, o.as_at, o.note) for o in outputs]))


def _page(desk: Desk, path: Path, html: str) -> Written:
    """A page: small, read by nobody for long, written whenever it changed."""
    name, data = desk.workspace.relative(path), html.encode()
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    if last and path.exists() and patiently(path.read_bytes) == data:
        return _as_it_is(desk, last)
    return _put(desk, name, data, sha256(data))


def pending(desk: Desk) -> bool:
    """Whether an output waits for whoever has it open."""
    with desk.register.reading() as records:
        return any(o.state == "pending" for o in records.outputs.all())


def tracker_changed(desk: Desk) -> bool:
    """Whether somebody saved the tracker since we wrote it."""
    path = desk.workspace.tracker
    with desk.register.reading() as records:
        last = records.outputs.one(path.name)
    return path.exists() and (last is None or sha256(patiently(path.read_bytes)) != last.sha256)
