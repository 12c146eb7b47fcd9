"""Receive: one dropped file → read, judged, decided in the register, kept for good. Exactly once, whatever stops us where.

The order makes it so: a local copy first; then the decision, with its journal entry, in one transaction; only then does
the file move. Every step after the decision can be repeated, and `finish` repeats whatever a crash left undone.
"""

from __future__ import annotations

import errno
import logging
import os
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from qaf_sheets import notes
from qaf_sheets.book import Book
from qaf_sheets.copies import Copy, copy_in, take_copy
from qaf_sheets.counted import take_in
from qaf_sheets.desk import Desk
from qaf_sheets.files import RESERVED, copy_atomically, patiently, sha256_of
from qaf_sheets.model import Problem, Received
from qaf_sheets.moderation import hand_out
from qaf_sheets.register.returns import Kept, nameless
from qaf_sheets.register.store import Records
from qaf_sheets.verdict import Verdict, judge

log = logging.getLogger(__name__)
SPARE = 100_000_000
"""Bytes of the local disk that no copy may use up."""
OLD = 3600.0
"""Seconds after which no service is still at a local copy."""
LONGEST_STEM, LONGEST_ENDING = 120, 10
"""Bytes: a file's name has 255 of them on most disks, and a number and a temporary ending are put to it."""


class Taken(NamedTuple):
    """A dropped file of which we have a copy of our own: its hash, and its values once they are read, which may go on meanwhile."""

    path: Path
    sha256: str
    read: Callable[[], Book | Problem]


def receive(desk: Desk, path: Path, still: Callable[[], bool] = lambda: True, *, beside: bool = False) -> Received:
    """Read, judge, decide, keep. A draft stays where it is; every other outcome leaves the inbox. From `beside` the tracker only its copies are taken; all else stays undecided.

    `still` tells whether the drop is as it was before it was copied. Raises OSError where it is not, or cannot be read: nothing was decided then.
    """
    return settle(desk, take(desk, path, still), beside=beside)[0]


def take(desk: Desk, path: Path, still: Callable[[], bool]) -> Taken:
    """The first half: our own copy, and its reading begun. Raises OSError, and nothing was decided."""
    staged = _stage(desk, path)
    if not still():
        raise OSError(errno.EBUSY, "it changed while it was copied")
    return Taken(path, staged.name, desk.reading(staged, path.name))


def settle(desk: Desk, taken: Taken, *, beside: bool = False) -> tuple[Received, bool]:
    """The second half: what becomes of it, and whether it is in its place. Raises OSError where our reader or the disk could not; nothing was decided then."""
    now, path, book = desk.now(), taken.path, taken.read()
    copy = copy_in(desk, book)
    with desk.register.writing() as records:
        if beside and not isinstance(copy, Copy):
            received = Received(file=desk.workspace.relative(path), kept_as=None, outcome="not_ours", problems=(copy,) if copy else (), received_at=now)
        else:
            received = _decide(desk, records, copy or book, path, taken.sha256, now)
    return received, _put_one(desk, received) if received.kept_as else False


def _put_one(desk: Desk, received: Received) -> bool:
    """`_put` of a file that another service may have put there meanwhile, or be at, or at another file of the same return: then it is left to that one."""
    about, kept_as = received.return_id or received.file, received.kept_as or ""
    if not desk.claims.claim(about):
        return False
    try:
        with desk.register.reading() as records:
            left = [(k, records.returns.is_last_told(k)) for k in records.returns.unfiled(kept_as)]
        return all(_put(desk, kept, last_told) for kept, last_told in left)
    finally:
        desk.claims.release(about)


def _decide(desk: Desk, records: Records, came: Copy | Book | Problem, path: Path, sha: str, now: datetime) -> Received:
    """One transaction: the file, its answers and actions or its edits, and the journal entry that says so. A draft is not decided."""
    if isinstance(came, Copy):
        place: str | None = came.place(records, now)
        verdict = take_copy(records, desk.plan, came, str(place), sha, now)
    else:
        verdict = _judged(desk, records, came, now)
        place = None if verdict.outcome == "draft" else _keep_as(records, verdict, path.name)
    received = _received(verdict, desk.workspace.relative(path), place, now)
    if place:
        _enter(records, received, verdict, sha)
    return received


def _judged(desk: Desk, records: Records, book: Book | Problem, now: datetime) -> Verdict:
    if isinstance(book, Problem):
        return Verdict(outcome="not_ours", problems=(book,))
    return judge(book, records, desk.plan, workspace_id=desk.workspace.id, key=desk.workspace.key, today=now.date())


def _stage(desk: Desk, path: Path) -> Path:
    """The bytes as they are now, on the local disk under their hash: the drop itself may change or vanish from here on."""
    incoming = desk.workspace.staging / f"incoming {platform.node()} {os.getpid()}"
    incoming.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(incoming.parent).free < path.lstat().st_size + SPARE:
        raise OSError(errno.ENOSPC, "there is no room for a copy")
    sha = patiently(lambda: copy_atomically(path, incoming, private=True))
    desk.staged.update((incoming.name, sha))
    return patiently(lambda: incoming.replace(incoming.with_name(sha)))


def _received(verdict: Verdict, dropped: str, kept_as: str | None, now: datetime) -> Received:
    return Received(
        file=dropped, kept_as=kept_as, outcome=verdict.outcome, return_id=verdict.issue.return_id if verdict.issue else None,
        version=verdict.version, problems=verdict.problems, received_at=now,
    )


def _keep_as(records: Records, verdict: Verdict, name: str) -> str:
    """`Received/<quarter>/<issued name> - <n>.xlsx`; a file that is not ours keeps its own name, made safe and different."""
    if verdict.issue is None:
        return _different(f"Received/Not ours/{safe_name(name)}", records.returns.kept_names())
    issued = PurePosixPath(verdict.issue.file).stem
    ending = ".xlsm" if any(p.code == "MACROS" for p in verdict.problems) else ".xlsx"
    n = records.returns.count_of(verdict.issue.return_id) + 1
    return f"Received/{verdict.issue.quarter}/{issued} - {n}{ending}"


def safe_name(name: str) -> str:
    """A stranger's file name as every system can keep it."""
    clean = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name).strip(" .") or "file"
    stem, dot, ending = clean.rpartition(".")
    stem, ending = (stem, _cut(ending, LONGEST_ENDING)) if dot else (clean, "")
    stem = f"_{stem}" if stem.split(".")[0].strip().upper() in RESERVED else stem
    stem = _cut(stem, LONGEST_STEM)
    return f"{stem}.{ending}" if ending else stem


def _cut(text: str, most: int) -> str:
    """The beginning of a text, in so many bytes at most."""
    return text.encode()[:most].decode(errors="ignore").rstrip(" .")


def _different(place: str, taken: set[str]) -> str:
    """The same place with a number, where it is taken."""
    path, n = PurePosixPath(place), 1
    while str(path).casefold() in taken:
        n += 1
        path = PurePosixPath(place).with_stem(f"{PurePosixPath(place).stem} ({n})")
    return str(path)


def _enter(records: Records, received: Received, verdict: Verdict, sha: str) -> None:
    records.returns.decide(received, sha)
    if verdict.new and verdict.content is not None:
        records.returns.add_version(received, verdict.answers_hash, verdict.content)
    if received.outcome == "accepted" and verdict.content is not None and verdict.issue and verdict.form:
        take_in(records, verdict.issue, verdict.form, verdict.content, received.received_at)
    told = received.model_dump(mode="json", exclude={"problems"}) | {"file": nameless(received), "problems": [p.code for p in received.problems], "sha256": sha}
    records.note(received.received_at, "received", told)


def finish(desk: Desk, put: Mapping[str, bool] = MappingProxyType({})) -> None:
    """Everything that follows a decision and may be repeated: keep the original, tell the manager, clear the inbox, ask for its moderation; once for many.

    `put` tells of each file whether it could be put in its place a moment ago, where that was tried. A file for which one of these cannot be done now (no room, no right) costs only itself: it
    stays in the inbox, and is tried again at every pass. `Register.forget` is for the caller.
    """
    with desk.register.reading() as records:
        left = [(k, _is_moderated(records, k.received)) for k in records.returns.unfiled()]
    done = [(k, moderated) for k, moderated in left if (put[at] if (at := str(k.received.kept_as)) in put else _put_one(desk, k.received))]
    handed = not any(moderated for _, moderated in done) or all(p.code != "FORMS_NOT_WRITTEN" for p in hand_out(desk))
    if filed := [k.id for k, moderated in done if handed or not moderated]:
        with desk.register.writing() as records:
            for file_id in filed:
                records.returns.filed(file_id)
    _tidy(desk)


def _put(desk: Desk, kept: Kept, last_told: bool) -> bool:  # noqa: FBT001 - a plain fact of the file
    """One original in its place, its manager told, its drop gone from the inbox; whether all of that was done."""
    try:
        _keep(desk, kept)
        if last_told:  # else a newer one says how things are
            notes.tell(desk, kept.received)
        return _cleared(desk, kept)
    except OSError as error:
        log.warning("%s could not be put in its place yet (%s)", kept.received.return_id or "a file that is not ours", type(error).__name__)
        return False


def _is_moderated(records: Records, received: Received) -> bool:
    issue = records.issues.one(received.return_id) if received.return_id and received.outcome == "accepted" else None
    form = records.issues.form(issue.form_version) if issue else None
    return form is not None and form[0].moderated


def _keep(desk: Desk, kept: Kept) -> None:
    """The original in its place for good."""
    assert kept.received.kept_as is not None, "a decided file is kept"
    place = desk.workspace.absolute(kept.received.kept_as)
    if place.is_file() and sha256_of(place) == kept.kept_sha256:
        return
    for source in (desk.workspace.staging / kept.sha256, desk.workspace.absolute(kept.received.file)):  # the drop itself, where a disk lost our copy
        if source.is_file() and copy_atomically(source, place) == kept.sha256:
            return
    raise OSError(errno.ENOENT, "neither our copy nor the drop is there any more")


def _cleared(desk: Desk, kept: Kept) -> bool:
    """The drop is gone from the inbox: removed while it is still the very same bytes; a changed one is a new drop and stays. Nothing has gone with a vanished inbox."""
    dropped = desk.workspace.absolute(kept.received.file)
    try:
        if not dropped.is_file():
            return desk.workspace.return_here.is_dir()
        if sha256_of(dropped) == kept.sha256:
            patiently(dropped.unlink, tries=2)
    except OSError:  # no right to delete it, or open again: tried at every pass, and never received twice meanwhile
        return False
    return True


def _tidy(desk: Desk) -> None:
    """Local copies that nothing waits for any more: of drafts, of what is kept by now, and of a pass that was cut short. Where several services work, our own and old ones."""
    oldest = time.time() - (0 if desk.register.in_a_file else OLD)
    with desk.register.reading() as records:
        needed = {k.sha256 for k in records.returns.unfiled()}
    for staged in desk.workspace.staging.glob("*"):
        with suppress(OSError):
            if staged.name not in needed and (staged.name in desk.staged or staged.stat().st_mtime <= oldest):
                staged.unlink(missing_ok=True)
    desk.staged &= needed


def decided(desk: Desk, path: Path) -> bool:
    """Whether a file in the inbox was decided already and could only not be removed yet."""
    with desk.register.reading() as records:
        left = records.returns.lying(desk.workspace.relative(path))
    return bool(left) and sha256_of(path) in left
