"""Publish: people's edits in, then every output that would say something new. Outputs never wait for a reader, and never undo one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from qaf_sheets import backup, snapshot
from qaf_sheets.childs_name import names_in
from qaf_sheets.decisions import attend, propose
from qaf_sheets.desk import Desk
from qaf_sheets.files import Owner, owner_of, sha256
from qaf_sheets.model import Problem, Quarter, Snapshot
from qaf_sheets.moderation import hand_out
from qaf_sheets.outlet import Written, is_as_written, open_by, put_page, removed, workbook
from qaf_sheets.outputs.alerts import write_alerts
from qaf_sheets.outputs.calendar import CALENDAR, undated, write_calendar
from qaf_sheets.outputs.documents import Draft, Given
from qaf_sheets.outputs.documents.words import safe_name
from qaf_sheets.outputs.figures import Figures, Shown, figures
from qaf_sheets.outputs.figures.trend import REACH
from qaf_sheets.outputs.figures.triangulation import to_confirm
from qaf_sheets.outputs.master import write_copy, write_master
from qaf_sheets.outputs.sharing import Reader, heads_and_managers
from qaf_sheets.outputs.status import write_status
from qaf_sheets.packs import pack_as_bytes, packs, remarks
from qaf_sheets.plan.calendar import dated
from qaf_sheets.reported import as_reported, keep_reported
from qaf_sheets.reports import write_documents
from qaf_sheets.tracking import edits_back, in_place, is_as_known, tracker_as_bytes

SAVED = "{name} was saved since it was last read. It will be updated at the next look."
Each = Callable[[Sequence[Draft]], Iterable[Draft]]
KINDS = ("tracker", "packs", "master", "documents", "calendar", "status")


def publish(desk: Desk, *, only: Collection[str] = KINDS, quarters: Collection[Quarter] = (), each: Each = iter) -> tuple[Written, ...]:
    """Take the tracker's edits in, then write what changed: each open quarter's documents, and the newest one's workbooks and page.

    `each` goes through the documents, and may show how far it is.
    """
    with desk.claims.alone_at("the outputs"):
        written = _published(desk, only, quarters, each)
        backup.keep(desk)
    return written


def is_behind(desk: Desk) -> bool:
    """Whether something happened that the outputs do not say yet, whoever it was that it came from."""
    with desk.register.reading() as records:
        return not records.is_published()


def _published(desk: Desk, only: Collection[str], quarters: Collection[Quarter], each: Each) -> tuple[Written, ...]:
    _take_up(desk)
    notes = (*edits_back(desk), *attend(desk), *hand_out(desk), *_ownerless(desk))
    shown = sorted(quarters or open_quarters(desk), key=str) or [Quarter.holding(desk.now().date())]
    with desk.register.reading() as records:
        told = records.newest_event()
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
    for seen in (*(p.snapshot for p in past), newest):
        keep_reported(desk, seen)
    if "master" in only:
        written.append(workbook(desk, desk.workspace.master, write_master(newest, figured, past)))
    if "documents" in only:
        written += _documents(desk, (*past, Shown(newest, figured)), shown, each)
    if "calendar" in only:
        written += [_calendar(desk, newest, quarter) for quarter in shown]
    if "status" in only:
        written.append(_status(desk, newest, figured))
    if only == KINDS and not quarters:
        with desk.register.writing() as records:
            records.published(desk.now(), told)
    return tuple(written)


def open_quarters(desk: Desk) -> tuple[Quarter, ...]:
    """Quarters with something issued, oldest first. A quarter closes only by a decision."""
    with desk.register.reading() as records:
        return records.issues.quarters()


def share(desk: Desk, who: Reader, quarter: Quarter | None = None) -> Written:
    """A copy of the master for one reader, of a quarter or the newest open one: a new file with values alone, counted from what that reader may see."""
    return next(iter(_copies(desk, [who], quarter, iter)))


def team_packs(desk: Desk, quarter: Quarter | None = None, each: Callable[[Sequence[Reader]], Iterable[Reader]] = iter) -> tuple[Written, ...]:
    """A copy for every head of a service area and everybody who leads a team: what is due, what was found and what is to be done there, to hand out once a month."""
    return tuple(_copies(desk, heads_and_managers(desk.plan, desk.now().date()), quarter, each))


FOLDERS = {"dlt": "DLT", "service": "Services", "person": "Teams"}
"""Where a copy goes: the folder of its audience (design section 4)."""


def _copies(desk: Desk, readers: Sequence[Reader], quarter: Quarter | None, each: Callable[[Sequence[Reader]], Iterable[Reader]]) -> Iterator[Written]:
    about = quarter or max(open_quarters(desk), key=str, default=Quarter.holding(desk.now().date()))
    seen = (*_earlier(desk, about, ()), snapshot.take(desk, about))
    for who in each(readers):
        called = safe_name(f"QA master for {who.name or 'DLT'} - {about.label}")
        yield workbook(desk, desk.workspace.reports / str(about) / FOLDERS[who.kind] / f"{called}.xlsx", write_copy(who, seen))


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
    elif owner or not removed(path):
        note = open_by(name, owner or Owner("someone", time.time()))
        with desk.register.writing() as records:
            last = records.outputs.one(name)
            assert last is not None, "as we know it"
            records.outputs.put(last.model_copy(update={"state": "pending", "note": note}))
        yield Written(name, written=False, note=note)
    else:
        with desk.register.writing() as records:
            records.outputs.forget(name)


def _two_way(desk: Desk, path: Path, data: bytes) -> Written:
    """A workbook whose edits flow back; whoever saved it since we read it a moment ago is read first, at the next publish."""
    if path.exists() and not is_as_known(desk, path):
        return Written(desk.workspace.relative(path), written=False, note=SAVED.format(name=path.name))
    return workbook(desk, path, data)


def _take_up(desk: Desk) -> None:
    """What a crash kept us from remembering: an output that is as we were about to leave it is ours."""
    with desk.register.reading() as records:
        intended = records.outputs.intended()
    for output in intended:
        path = desk.workspace.absolute(output.file)
        there = is_as_written(path, output)
        with desk.register.writing() as records:
            (records.outputs.put(output) if there else records.outputs.give_up(output.file))


def _documents(desk: Desk, quarters: Sequence[Shown], shown: Collection[Quarter], each: Each) -> Iterator[Written]:
    """The documents of the quarters that are asked for; earlier ones are compared with as they were reported."""
    kept = {s.snapshot.quarter: Shown(seen, figures(seen)) for s in quarters if (seen := as_reported(desk, s.snapshot))}
    before = [kept.get(s.snapshot.quarter, s) for s in quarters]
    for n, one in enumerate(quarters):
        if one.snapshot.quarter in shown:
            yield from write_documents(desk, Given(one, tuple(before[:n]), names_in(desk), kept.get(one.snapshot.quarter)), each)


def _calendar(desk: Desk, seen: Snapshot, quarter: Quarter) -> Written:
    """A quarter's dates, for Outlook: written when a date or its words changed, whatever came in since."""
    path = desk.workspace.reports / str(quarter) / CALENDAR
    entries = dated(seen.plan, quarter, desk.library.titles())
    data = write_calendar(entries, council=seen.plan.setting("council"), quarter=quarter, as_at=seen.as_at)
    return workbook(desk, path, data, members=sha256(undated(data)))


def _alerts(desk: Desk, seen: Snapshot, figured: Figures, quarters: Sequence[Quarter]) -> Iterator[Written]:
    """The pages of immediate concerns: the newest quarter's, and any there is already in an earlier one, so that none says what is past."""
    for quarter in quarters:
        for page in write_alerts(seen, figured):
            path = desk.workspace.reports / str(quarter) / page.path
            if quarter == seen.quarter or path.exists():
                yield put_page(desk, path, page.html)


def _status(desk: Desk, seen: Snapshot, figured: Figures) -> Written:
    """The status page."""
    path = desk.workspace.status_page
    with desk.register.reading() as records:
        outputs = [o for o in records.outputs.all() if o.file != path.name]
    return put_page(desk, path, write_status(seen, figured, [(o.file, o.as_at, o.note) for o in outputs]))


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
