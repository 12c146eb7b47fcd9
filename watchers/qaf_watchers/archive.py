"""Whether a file has arrived whole, told from its ends: a workbook is a zip archive, and its list of contents comes last."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from qaf_sheets.files import open_plain

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
LONGEST_COMMENT = 0xFFFF
ENTRY = 46
"""Bytes of one line of the list before its name; lengths of name, extra and comment stand at 28."""
LONGEST_LIST = 8_000_000
"""Bytes of a list worth walking; a longer one is for the reader to refuse."""


class _Contents(NamedTuple):
    """Where an archive says its list of contents is, and where that list must end."""

    start: int
    size: int
    ends_at: int


def is_whole(path: Path) -> bool:
    """False for a file that is empty or begins with zeros, and for an archive cut short at any point; True for every other kind of file.

    Reads a few kilobytes, never a member. Raises OSError where the file cannot be opened or is a pipe, link or folder.
    """
    with open_plain(path) as file:
        begins = file.read(2)
        if begins != b"PK":
            return bool(begins.strip(b"\0"))  # a copy may set the space aside first
        contents = _contents(file)
        return contents is not None and _in_order(file, contents)


def _contents(file: BinaryIO) -> _Contents | None:
    """The end record, which must be the very end of the file: so an archive inside the archive is not taken for it."""
    size = file.seek(0, os.SEEK_END)
    from_here = max(0, size - END.size - LONGEST_COMMENT)
    tail = _at(file, from_here, size - from_here)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < END.size:
        return None
    *_, listed, start, comment = END.unpack_from(tail, at)
    if at + END.size + comment != len(tail):
        return None
    return _contents_64(file, from_here + at) or _Contents(start, listed, from_here + at)


def _contents_64(file: BinaryIO, end: int) -> _Contents | None:
    """The same from the long end record, which large archives put before the short one."""
    locator = _at(file, end - LOCATOR_64.size, LOCATOR_64.size) if end >= LOCATOR_64.size else b""
    if not locator.startswith(b"PK\6\7"):
        return None
    _, _, at, _ = LOCATOR_64.unpack(locator)
    record = _at(file, at, END_64.size) if at < end else b""
    if len(record) < END_64.size or not record.startswith(b"PK\6\6"):
        return None
    *_, size, start = END_64.unpack(record)
    return _Contents(start, size, at)


def _in_order(file: BinaryIO, contents: _Contents) -> bool:
    """Whether the list lies where it is said to and every line of it is there: no hole where bytes are yet to come."""
    if contents.start + contents.size != contents.ends_at:
        return False
    listed = _at(file, contents.start, min(contents.size, LONGEST_LIST))
    at = 0
    while at + ENTRY <= len(listed):
        if listed[at : at + 4] != b"PK\1\2":
            return False
        at += ENTRY + sum(struct.unpack_from("<3H", listed, at + 28))
    return at == contents.size or contents.size > LONGEST_LIST


def _at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)
