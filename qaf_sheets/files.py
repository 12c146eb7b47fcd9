"""Files at the edge: who has a workbook open, replacing one safely, hashing what is inside."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar, cast

T = TypeVar("T")
BUSY = {errno.EACCES, errno.EBUSY, errno.ETXTBSY, errno.EPERM}
BUSY_WINDOWS = {5, 32, 33}
WORD = {".docx", ".docm", ".dotx", ".doc"}
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in "123456789\u00b9\u00b2\u00b3")}
"""What Windows takes for a device, whatever its ending."""
PIECE = 1 << 20
LONGEST_LOCK = 4096
"""Bytes read of an owner file; real ones have under 400."""


class Owner(NamedTuple):
    """Someone has a file open: their name where the owner file tells it, and since when (seconds since 1970)."""

    who: str
    since: float


class InUseError(Exception):
    """The target is open in another program; nothing was written to it."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner.who)
        self.owner = owner


def owner_of(path: Path) -> Owner | None:
    """Who has `path` open, from Office's ~$name or LibreOffice's .~lock.name# beside it. Never raises."""
    for lock, read in ((path.with_name(_office_lock(path)), _excel_owner), (path.with_name(f".~lock.{path.name}#"), _office_owner)):
        try:
            found = lock.stat()
        except OSError:
            continue
        if not stat.S_ISREG(found.st_mode):  # reading a pipe would never end
            continue
        try:
            with lock.open("rb") as file:
                who = read(file.read(LONGEST_LOCK))
        except OSError:  # Excel keeps its owner file to itself on some shares
            who = ""
        return Owner(_clean(who) or "someone", found.st_mtime)
    return None


def _office_lock(path: Path) -> str:
    """Excel puts ~$ before the name; Word puts it over the first letters of a long one (two of eight and more, one of seven)."""
    cut = min(max(len(path.stem) - 6, 0), 2) if path.suffix.casefold() in WORD else 0
    return f"~${path.name[cut:]}"


def _excel_owner(data: bytes) -> str:
    """The name in an Excel or Word owner file (165 or 162 bytes; UTF-16 at 57 or 56). Layout: research/excel.md section 3."""
    at = 54 if len(data) == 162 else 55
    length = int.from_bytes(data[at : at + 2], "little")
    if not 0 < length <= 52:
        return ""
    return data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "ignore")


def _office_owner(data: bytes) -> str:
    r"""The first field of LibreOffice's comma list; a backslash escapes a comma, a semicolon or itself."""
    found = re.match(r"(?:\\.|[^,])*", data.decode("utf-8", "ignore"))
    return re.sub(r"\\(.)", r"\1", found[0]) if found else ""


def _clean(name: str) -> str:
    return "".join(c for c in name if c.isprintable()).strip()[:54]


def busy(error: OSError) -> bool:
    """Whether an error means "someone has it open", which passes by itself."""
    return getattr(error, "winerror", None) in BUSY_WINDOWS or error.errno in BUSY


def patiently(attempt: Callable[[], T], tries: int = 5, pause: float = 0.05) -> T:
    """Try again a few times on a sharing violation, which virus scanners and previews cause for moments."""
    for n in range(tries):
        try:
            return attempt()
        except OSError as error:
            if not busy(error) or n == tries - 1:
                raise
            time.sleep(pause * 2**n)
    raise AssertionError("unreachable")


def open_plain(path: Path) -> BinaryIO:
    """A file of somebody else's, to read: never through a link, and without waiting for a pipe's other end. Raises OSError for anything but a plain file."""
    if os.name == "nt" and path.is_symlink():  # no O_NOFOLLOW there, where only an administrator makes links
        raise OSError(f"{path.name} is a link")
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(f"{path.name} is not a plain file")
    return file


def open_private(path: Path, mode: str) -> BinaryIO:
    """A file of our own that nobody else may read, made if it is not there, and never readable for a moment.

    On Windows the mode says nothing: there a file takes the rights of its folder, and a person's own local folder is that person's already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return cast(BinaryIO, open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600)))


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """The whole file or nothing: a temporary file in the same folder, on disk, then renamed over the target.

    The new file has the rights that its folder gives to new files (on Linux the umask's or the folder's default ACL, on Windows inheritance), whatever
    the one before it or the one it was copied from had: so its readers can read it, and nothing is executable. `private`: it is its owner's alone.
    """
    with _replacing(path, private) as out:
        out.write(data)


def copy_atomically(source: Path, path: Path, *, private: bool = False) -> str:
    """A file of any size as `write_atomically` writes it, a piece at a time; gives the hash of what was copied."""
    held = hashlib.sha256()
    with open_plain(source) as file, _replacing(path, private) as out:
        while piece := file.read(PIECE):
            held.update(piece)
            out.write(piece)
    return held.hexdigest()


@contextmanager
def _replacing(path: Path, private: bool) -> Iterator[BinaryIO]:  # noqa: FBT001 - as its callers were told
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".qaf-{os.getpid()}-{path.name}.tmp")
    try:
        with open_private(temporary, "wb") if private else temporary.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        patiently(lambda: temporary.replace(path))
        _sync_folder(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(folder: Path, still: float = 0.0) -> None:
    """Take away the temporary files that a killed process left in a folder and below. `still`: for how many seconds, where others may be writing one now."""
    with suppress(OSError):
        for left in folder.rglob(".qaf-*.tmp"):
            if not still or time.time() - left.lstat().st_mtime > still:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut. Windows has no such call for folders and needs none (NTFS journals it)."""
    if os.name == "nt":
        return
    with suppress(OSError):  # some network mounts refuse to sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_if_free(path: Path, data: bytes) -> None:
    """Replace a workbook that people open. Raises InUseError when someone has it, and then nothing changed."""
    owner = owner_of(path)  # even when the file is not there: for a moment of Excel's save it is not
    if owner:
        raise InUseError(owner)
    if path.exists():
        try:
            with path.open("r+b"):
                pass
        except OSError as error:
            if busy(error):
                raise InUseError(Owner("someone", time.time())) from error
            raise
    try:
        write_atomically(path, data)
    except OSError as error:
        if busy(error):
            raise InUseError(owner_of(path) or Owner("someone", time.time())) from error
        raise


def sha256(data: bytes) -> str:
    """The hash a file is known by."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """The same of a file of any size, a piece at a time. Raises OSError where it cannot be read."""

    def read() -> str:
        held = hashlib.sha256()
        with open_plain(path) as file:
            while piece := file.read(PIECE):
                held.update(piece)
        return held.hexdigest()

    return patiently(read)


def digest_of_members(data: bytes) -> str:
    """A hash of what an Office file holds, whatever its zip times: equal when we would write nothing new."""
    held = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            held.update(name.encode() + b"\0" + hashlib.sha256(archive.read(name)).digest())
    return held.hexdigest()
