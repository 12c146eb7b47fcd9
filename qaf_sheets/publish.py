"""Publish: people's edits in, then every output that would say something new. Outputs never wait for a reader, and never undo one."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qaf_sheets import backup, resources, snapshot
from qaf_sheets.decisions import attend, propose
from qaf_sheets.desk import Desk
from qaf_sheets.files import InUseError, Owner, digest_of_members, owner_of, patiently, replace_if_free, sha256
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
from qaf_sheets.packs import pack_as_bytes, packs, remarks
from qaf_sheets.plan.calendar import dated
from qaf_sheets.register.outputs import Output
from qaf_sheets.tracking import edits_back, in_place, is_as_known, tracker_as_bytes


class Written(NamedTuple):
    """One output: whether it was written now, and what a person should know about it."""

    file: str
    written: bool
    note: str = ""


LEFT_BEHIND = 12 * 3600.0
"""Seconds after which an owner file may be what a crash left; it is still believed, since on Linux a replace under an open workbook is undone."""
SAVED = "{name} was saved since it was last read. It will be updated at the next look."
KINDS = ("tracker", "packs", "master", "documents", "calendar", "status")


def publish(desk: Desk, *, only: Collection[str] = KINDS, quarters: Collection[Quarter] = ()) -> tuple[Written, ...]:
    """Take the tracker's edits in, then write what changed: each open quarter's documents, and the newest one's workbooks and page."""
    _take_up(desk)
    notes = (*edits_back(desk), *attend(desk), *hand_out(desk), *_ownerless(desk))
    shown = sorted(quarters or open_quarters(desk), key=str) or [Quarter.holding(desk.now().date())]
    newest = snapshot.take(desk, shown[-1], notes)
    figured = figures(newest)
    propose(desk, figured.recurring.proposed, to_confirm(figured.triangulated, newest.plan), newest.quarter)
    written: list[Written] = []
    if "status" in only:  # a child cannot wait for the other outputs
        written += _alerts(desk, newest, figured, shown)
    if "tracker" in only:
        written.append(_two_way(desk, desk.workspace.tracker, tracker_as_bytes(desk, newest, newest.notes)))
    if "packs" in only:
        written += _packs(desk, newest)
    past = tuple(Shown(seen, figures(seen)) for seen in _earlier(desk, newest.quarter, shown)) if {"master", "documents"} & set(only) else ()
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
    data = write_copy(who, (*_earlier(desk, about, ()), seen))
    called = safe_name(f"QA master for {who.name or 'DLT'} - {about.label}")
    return _workbook(desk, desk.workspace.reports / str(about) / FOLDERS[who.kind] / f"{called}.xlsx", data)


def _earlier(desk: Desk, quarter: Quarter, shown: Collection[Quarter]) -> tuple[Snapshot, ...]:
    """The quarters before, as far back as the trend goes, and all that are asked for; the oldest first. Only those that were issued."""
    reach = quarter.plus(1 - REACH)
    wanted = (q for q in sorted({*open_quarters(desk), *shown}, key=str) if str(q) < str(quarter) and (str(q) >= str(reach) or q in shown))
    return tuple(snapshot.take(desk, q) for q in wanted)


def _ownerless(desk: Desk) -> Iterator[Problem]:
    """Actions that are in nobody's pack."""
    with desk.register.reading() as records:
        actions = records.actions.all()
    return remarks(desk.plan, actions, desk.now().date())


def _packs(desk: Desk, seen: Snapshot) -> Iterator[Written]:
    """Everybody's own actions. A pack in which nothing is left to show is taken away, unless somebody's edits in it are still to be read."""
    wanted = {desk.workspace.pack(p.person.person_id): p for p in packs(seen.plan, seen.actions, seen.as_at.date())}
    for path, pack in wanted.items():
        yield _two_way(desk, path, pack_as_bytes(desk, seen, pack))
    with desk.register.reading() as records:
        known = [desk.workspace.absolute(o.file) for o in records.outputs.all()]
    for path in sorted({*desk.workspace.packs(), *(p for p in known if p == desk.workspace.pack(p.parent.name))} - wanted.keys()):
        yield from _taken_away(desk, path)


def _taken_away(desk: Desk, path: Path) -> Iterator[Written]:
    """An output that nobody needs any more is deleted while it is as we know it and nobody has it open; else it waits."""
    name, owner = desk.workspace.relative(path), owner_of(path)
    if path.exists() and not is_as_known(desk, path):
        yield Written(name, written=False, note=SAVED.format(name=path.name))
    elif owner or not _removed(path):
        note = _open_by(name, owner or Owner("someone", time.time()))
        with desk.register.writing() as records:
            last = records.outputs.one(name)
            assert last is not None, "as we know it"
            records.outputs.put(last.model_copy(update={"state": "pending", "note": note}))
        yield Written(name, written=False, note=note)
    else:
        with desk.register.writing() as records:
            records.outputs.forget(name)


def _removed(path: Path) -> bool:
    try:
        patiently(lambda: path.unlink(missing_ok=True), tries=2)
    except OSError:  # open in a program that says nothing, or no right
        return False
    return True


def _two_way(desk: Desk, path: Path, data: bytes) -> Written:
    """A workbook whose edits flow back; whoever saved it since we read it a moment ago is read first, at the next publish."""
    if path.exists() and not is_as_known(desk, path):
        return Written(desk.workspace.relative(path), written=False, note=SAVED.format(name=path.name))
    return _workbook(desk, path, data)


def _workbook(desk: Desk, path: Path, data: bytes, members: str = "") -> Written:
    """A file people open: replaced when it would say something new (its `members` tell) and nobody has it; else it waits, and says for whom."""
    name, members = desk.workspace.relative(path), members or digest_of_members(data)
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    if last and last.members == members and path.exists() and sha256(patiently(path.read_bytes)) == last.sha256:
        return _as_it_is(desk, last)
    return _put(desk, name, data, members)


def _put(desk: Desk, name: str, data: bytes, members: str) -> Written:
    """Write one output and remember it. One that cannot be written now waits, and says why."""
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
    return Written(name, written=not note, note=note)


def _take_up(desk: Desk) -> None:
    """What a crash kept us from remembering: an output that is as we were about to leave it is ours."""
    with desk.register.reading() as records:
        intended = records.outputs.intended()
    for output in intended:
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


def changed(desk: Desk, looked_at: dict[Path, tuple[int, int]]) -> bool:
    """Whether somebody saved the tracker, or a pack, since we wrote it. `looked_at` remembers by time and size what need not be read again."""
    for path in in_place(desk):
        with suppress(OSError):
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if looked_at.get(path) != stamp:
                if not is_as_known(desk, path):
                    return True
                looked_at[path] = stamp
    return False
