"""A stranger's workbook as an archive of parts: what it says of itself is checked before anything is opened, and each part before it is read.

Nothing is ever unpacked to disk. Sizes are those that Excel's own workbooks have, with ample room.
"""

from __future__ import annotations

import io
import posixpath
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

from qaf_sheets.markup import UnsafeError, has_doctype, is_small, walk

MAX_PARTS, MAX_INFLATED, MAX_RATIO, MAX_READ, MAX_TREE = 2_000, 200_000_000, 250, 40_000_000, 4_000_000
"""Parts; bytes of all of them; bytes of all to one of the file; bytes of those that are read; bytes of one read as a tree."""
MAX_ELEMENTS = 200_000
"""Elements of one read as a tree: a workbook with tens of thousands of names that copying left behind has fewer."""
MAX_LISTED = 10_000
"""Lines that look like one of a list of parts, also inside workbooks within the workbook: a longer list is not even read."""
HEADER = struct.Struct("<4s5H3L2H")
PIECE = 1 << 20
LOCKED = 0x1 | 0x40 | 0x2000
"""Flags of a part that is encrypted, strongly encrypted, or has its header hidden."""


class Relation(NamedTuple):
    """What one part says of another: its kind (the last word of its type) and the other's path; nothing outside the archive."""

    kind: str
    path: str


class Package:
    """The parts of one archive by path. Capitals, backslashes and Unicode forms tell no parts apart, as for Excel.

    Raises UnsafeError for an archive that we do not open, BadZipFile for one that is damaged.
    """

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\1\2") > MAX_LISTED:
            raise UnsafeError("it holds too many parts")
        self._data, self._left = memoryview(data), MAX_READ
        self._whole: dict[str, bytes] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed, ends = archive.infolist(), archive.start_dir
        _check_list(listed, len(data), ends)
        first = min((e.header_offset for e in listed), default=ends)
        if data.count(b"PK\5\6", 0, first) + data.count(b"PK\5\6", ends) != 1:  # another program might open the other one
            raise UnsafeError("it is two files in one")
        self._parts = {_key(e.orig_filename): e for e in listed}
        if len(self._parts) != len(listed):
            raise UnsafeError("it holds the same part twice")
        for path, entry in self._parts.items():
            self._check(path, entry)

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._parts

    def read(self, path: str) -> bytes:
        """One part whole. Raises KeyError when there is none, UnsafeError when too much would be read in all."""
        entry = self._parts[_key(path)]
        self._left -= entry.file_size
        if self._left < 0:
            raise UnsafeError("it holds far more than a form")
        return self._whole.get(_key(path)) or b"".join(self._pieces(entry))

    def tree(self, path: str) -> Element:
        """One small part as a tree. Raises as `read`, and ExpatError when it is no XML."""
        if self.size(path) > MAX_TREE:
            raise UnsafeError("one of its lists is far too long")
        body = self.read(path)
        if not is_small(body):
            walk(body, most=MAX_ELEMENTS)
        try:
            root: Element = ElementTree.fromstring(body)  # noqa: S314 - it declares no entities, which was checked just now
        except ElementTree.ParseError as error:
            raise ExpatError(str(error)) from error
        return root

    def size(self, path: str) -> int:
        """Bytes of one part; 0 when there is none."""
        entry = self._parts.get(_key(path))
        return entry.file_size if entry else 0

    def relations(self, part: str) -> Mapping[str, Relation]:
        """What a part refers to, by the id it uses for it; '' is the workbook as a whole. What lies outside the archive is left out."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self:
            return {}
        return {
            r.get("Id", ""): Relation(r.get("Type", "").rpartition("/")[2], posixpath.normpath(posixpath.join("/", folder, r.get("Target", ""))).lstrip("/"))
            for r in self.tree(path) if r.get("TargetMode", "").casefold() != "external"
        }  # fmt: skip

    def _check(self, path: str, entry: zipfile.ZipInfo) -> None:
        """One part read to its end: it is what the list says, and declares no entities."""
        pieces, is_xml = self._pieces(entry), path.endswith((".xml", ".rels"))
        if is_xml and entry.file_size <= PIECE:  # kept, so that it need not be unpacked again to be read
            self._whole[path] = b"".join(pieces)
            pieces = iter((self._whole[path],))
        if is_xml and has_doctype(pieces):
            raise UnsafeError("it declares entities")
        for _ in pieces:
            pass

    def _pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of one part, a little at a time. Raises BadZipFile unless they are exactly as many, and the same, as the list says."""
        at = entry.header_offset
        sign, _, flags, method, *_, name, extra = HEADER.unpack(self._data[at : at + HEADER.size])
        own = bytes(self._data[at + HEADER.size : at + HEADER.size + name]).decode("utf-8" if flags & 0x800 else "cp437")
        if sign != b"PK\3\4" or method != entry.compress_type or own != entry.orig_filename:
            raise zipfile.BadZipFile("a part is not what the list says")
        begins = at + HEADER.size + name + extra
        packed = self._data[begins : begins + entry.compress_size]
        length = crc = 0
        for piece in _inflated(packed) if method else _stored(packed):
            length, crc = length + len(piece), zlib.crc32(piece, crc)
            if length > entry.file_size:  # a flipped bit can do that as well as a lie
                raise zipfile.BadZipFile("a part is larger than it says")
            yield piece
        if length != entry.file_size or crc != entry.CRC:
            raise zipfile.BadZipFile("a part is damaged")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()


def _check_list(listed: list[zipfile.ZipInfo], size: int, ends: int) -> None:
    """The list of parts: how many, called what, how large, how packed, each in a place of its own."""
    if len(listed) > MAX_PARTS:
        raise UnsafeError("it holds too many parts")
    if any(e.flag_bits & LOCKED for e in listed):
        raise UnsafeError("it is encrypted")
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in listed):
        raise UnsafeError("it is packed in a way that Excel does not use")
    if any(_strange(e.orig_filename) for e in listed):
        raise UnsafeError("a part of it has a strange name")
    declared = sum(e.file_size for e in listed)
    if declared > MAX_INFLATED or declared > MAX_RATIO * size + 1_000_000:
        raise UnsafeError("it would grow too large when opened")
    in_order = sorted(listed, key=lambda e: e.header_offset)
    starts = [*(e.header_offset for e in in_order), ends]
    if any(e.header_offset + HEADER.size + e.compress_size > after for e, after in zip(in_order, starts[1:], strict=True)):
        raise UnsafeError("its parts lie over one another")


def _strange(name: str) -> bool:
    """A name that would lead elsewhere, were it ever unpacked."""
    path = name.replace("\\", "/")
    return "\0" in path or ":" in path or path.startswith("/") or ".." in path.split("/")


def _stored(packed: memoryview) -> Iterator[bytes]:
    return (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """A deflated part, never more than a piece at once; it must end where it is said to end. Raises zlib.error, BadZipFile."""
    stream = zlib.decompressobj(-15)
    for at in range(0, len(packed), PIECE):
        rest = bytes(packed[at : at + PIECE])
        while rest and not stream.eof:
            yield stream.decompress(rest, PIECE)
            rest = stream.unconsumed_tail
        if stream.unused_data or (stream.eof and at + PIECE < len(packed)):
            raise zipfile.BadZipFile("a part does not end where it is said to end")
    while not stream.eof:
        piece = stream.decompress(b"", PIECE)
        if not piece:
            raise zipfile.BadZipFile("a part is cut short")
        yield piece
