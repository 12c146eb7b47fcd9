"""The inbox: what lies there, what of it is noise, and what is ready. The clock is the caller's."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase, translate
from pathlib import Path
from typing import Literal, NamedTuple

from qaf_sheets.files import Owner, owner_of
from qaf_watchers.archive import is_whole

Reason = Literal["SAVING", "OPEN", "INCOMPLETE", "OFFLINE"]

NOISE = (
    "~$*",  # Office owner files
    ".*",  # LibreOffice's .~lock.*#, the Mac's ._* and .DS_Store, our own .qaf-*
    "*.tmp", "*.temp", "~wrl*", "~wrd*",
    "*.partial", "*.part", "*.crdownload", "*.download", "*.opdownload",
    "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r",
    "@eadir", "#recycle", "$recycle.bin", "system volume information",
)
"""Globs over casefolded names that are never anyone's return. Sources: research/anchors.md D 8."""
EXCEL_SAVING = "[0-9a-f]" * 8
"""The name without ending under which Excel writes before it renames; a folder may well be called so."""
ONLINE_ONLY = 0x1000 | 0x40000 | 0x400000
"""Windows file attributes OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS: opening would fetch it from the cloud."""
JUNCTION = 0xA0000003
LEFT_BEHIND = 12 * 3600.0
"""Seconds after which an owner file beside a still workbook is what a crash left."""
DAY = 86400.0


class InboxGoneError(Exception):
    """The inbox cannot be listed now. It says nothing about what lies in it."""


class Stamp(NamedTuple):
    """What changes when a file does: bytes, and nanoseconds since 1970. `offline`: its bytes are not on this computer."""

    size: int
    modified_ns: int
    changed_ns: int
    offline: bool = False

    def still_since(self, at: float) -> float:
        """When it last changed or arrived, in seconds since 1970. A clock more than a day ahead of ours tells nothing."""
        moments = (self.modified_ns / 1e9, self.changed_ns / 1e9)
        return max((m for m in moments if m < at + DAY), default=0.0)


class Look(NamedTuple):
    """The inbox at one moment: stamps by path from its root (with /), and what is never opened: links, pipes, deeper folders, names that are no text."""

    stamps: Mapping[str, Stamp]
    strange: tuple[str, ...]


class Waiting(NamedTuple):
    """A file that is not ready and why; `who` has it open (only for OPEN); `since` in seconds since 1970."""

    path: Path
    reason: Reason
    who: str
    since: float


class Sorted(NamedTuple):
    """The inbox sorted: `ready` with the oldest first, `waiting`, and `strange` things that are never opened."""

    ready: tuple[Path, ...]
    waiting: tuple[Waiting, ...]
    strange: tuple[Path, ...]


_IS_NOISE = re.compile("|".join(translate(pattern) for pattern in NOISE))
"""All of them in one: an inbox may hold thousands, and is listed all day."""


def ignored(name: str, *, folder: bool = False) -> bool:
    """Whether a name in the inbox is noise: owner files, temporary files, what systems leave about."""
    plain = name.casefold()
    return bool(_IS_NOISE.match(plain)) or (not folder and fnmatchcase(plain, EXCEL_SAVING))


def look(root: Path) -> Look:
    """List the inbox and its persons' folders; nothing is opened, no link is followed, not even in the inbox's own place. Raises InboxGoneError."""
    try:
        if not _is_folder(os.lstat(root)):  # what lies elsewhere is not ours to read and take away
            raise InboxGoneError(f"{root} is a link or a file, not a folder")
        top = _listed(root)
    except OSError as error:
        raise InboxGoneError(f"{root} cannot be reached: {error}") from error
    stamps: dict[str, Stamp] = {}
    strange: list[str] = []
    for name, found in _with_folders(top, strange):
        if stat.S_ISREG(found.st_mode) and _is_text(name):
            stamps[name] = _stamp(found)
        else:
            strange.append(name)
    return Look(stamps, tuple(sorted(strange)))


def look_in(root: Path, folders: Iterable[Path], wanted: Callable[[Path], bool]) -> Look:
    """Plain files in certain folders of `root` alone, where people also have files of their own: those that are `wanted`. A folder that cannot be listed has none."""
    stamps: dict[str, Stamp] = {}
    for folder in folders:
        try:
            found = _listed(folder)
        except OSError:
            continue
        mine = ((Path(path), facts) for name, (path, facts) in found.items() if stat.S_ISREG(facts.st_mode) and _is_text(name))
        stamps |= {path.relative_to(root).as_posix(): _stamp(facts) for path, facts in mine if wanted(path)}
    return Look(stamps, ())


def _with_folders(top: Mapping[str, tuple[str, os.stat_result]], strange: list[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Every entry with its path from the root; persons' folders give what is in them."""
    for name, (path, found) in top.items():
        if not _is_folder(found):
            yield name, found
            continue
        try:
            inside = _listed(Path(path))
        except FileNotFoundError:
            continue
        except OSError:
            strange.append(name)
            continue
        yield from ((f"{name}/{inner}", facts) for inner, (_, facts) in inside.items())


def _listed(folder: Path) -> dict[str, tuple[str, os.stat_result]]:
    """Names that matter in one folder, with their paths and facts. Raises OSError when the folder cannot be listed."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            facts = None if ignored(entry.name, folder=True) else _facts(entry)
            if facts and not ignored(entry.name, folder=_is_folder(facts)):
                found[entry.name] = (entry.path, facts)
    return found


def _facts(entry: os.DirEntry[str]) -> os.stat_result | None:
    """None for what has gone meanwhile. Windows lists the size a file had when last closed, so there it is asked anew."""
    try:
        listed = entry.stat(follow_symlinks=False)
        online_only = getattr(listed, "st_file_attributes", 0) & ONLINE_ONLY
        return os.lstat(entry.path) if os.name == "nt" and not online_only else listed
    except OSError:
        return None


def _is_folder(facts: os.stat_result) -> bool:
    return stat.S_ISDIR(facts.st_mode) and getattr(facts, "st_reparse_tag", 0) != JUNCTION


def _is_text(name: str) -> bool:
    """Whether a name can be written down: on Linux it may be any bytes, as on a share that is joined with another set of letters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stamp(facts: os.stat_result) -> Stamp:
    offline = bool(getattr(facts, "st_file_attributes", 0) & ONLINE_ONLY)
    return Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, offline)


def sort(before: Look, now: Look, at: float, incomplete_after: float, root: Path) -> Sorted:
    """Two looks at `root`, the second at `at` (seconds since 1970), made into what to read and what to wait for.

    A file is ready when unchanged over the looks, nobody has it open, it opens, and it is whole. One that is empty or
    cut short waits until it has been still for `incomplete_after` seconds; then it is ready, and the reader says so.
    """
    ready: list[tuple[int, str]] = []
    waiting: list[Waiting] = []
    for name, stamp in sorted(now.stamps.items()):
        try:
            why = _why_not(root / name, before.stamps.get(name), stamp, at, incomplete_after)
        except FileNotFoundError:
            continue
        if why:
            waiting.append(why)
        else:
            ready.append((stamp.modified_ns, name))
    return Sorted(tuple(root / name for _, name in sorted(ready)), tuple(waiting), tuple(root / name for name in now.strange))


def look_again(path: Path, then: Stamp, at: float, incomplete_after: float) -> Waiting | None:
    """One ready file right before it is read, for a long list is read one by one and a share may list what was: why it has to wait now, or None.

    Raises FileNotFoundError when it has gone.
    """
    return _why_not(path, then, _stamp(os.lstat(path)), at, incomplete_after)


def is_still(path: Path, then: Stamp) -> bool:
    """Whether a file is just as it was, after reading it: else what was read may be half of the old and half of the new."""
    try:
        return _stamp(os.lstat(path)) == then
    except OSError:
        return False


def _why_not(path: Path, before: Stamp | None, stamp: Stamp, at: float, incomplete_after: float) -> Waiting | None:
    """Why one file has to wait; None when it is ready. Raises FileNotFoundError when it has gone."""
    still_since = stamp.still_since(at)
    if stamp.offline:
        return Waiting(path, "OFFLINE", "", still_since)
    if stamp != before:
        return Waiting(path, "SAVING", "", still_since)
    owner = owner_of(path)
    if owner and not _left_behind(owner, still_since, at):
        return Waiting(path, "OPEN", owner.who, owner.since)
    try:
        whole = is_whole(path)
    except FileNotFoundError:
        raise
    except OSError:  # a sharing violation, or a share that stumbles: both pass by themselves
        return Waiting(path, "OPEN", "someone", still_since)
    if not whole and at - still_since < incomplete_after:
        return Waiting(path, "INCOMPLETE", "", still_since)
    return None


def _left_behind(owner: Owner, still_since: float, at: float) -> bool:
    since = owner.since if owner.since < at + DAY else 0.0
    return max(since, still_since) < at - LEFT_BEHIND
