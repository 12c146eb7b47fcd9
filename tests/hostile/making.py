"""How variants are made: the form as its parts, parts packed again, and archives changed byte by byte."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

Parts = Mapping[str, bytes]
Make = Callable[[Parts], bytes]
SHEET, OTHER, IDENTITY = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml", "xl/worksheets/sheet6.xml"
"""The questions, a hidden sheet, and the one by which a form knows itself."""
WORKBOOK, RELATIONS, TYPES, ROOT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Variant(NamedTuple):
    """One file: what it is called here, how it is made, what becomes of it, and a problem that is told ('' for none that matters)."""

    name: str
    how: str
    make: Make
    outcome: str = "not_ours"
    code: str = "UNSAFE_FILE"


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {i.filename: archive.read(i) for i in archive.infolist()}


def pack(parts: Parts, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 12, 11, 9, 0, 0)), body, method)
        archive.comment = comment
    return out.getvalue()


def part(name: str, old: bytes, new: bytes) -> Make:
    """One part with something else in one place."""

    def make(parts: Parts) -> bytes:
        assert old in parts[name], (name, old)
        return pack({**parts, name: parts[name].replace(old, new, 1)})

    return make


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Make:
    """One part made into another."""
    return lambda parts: pack({**parts, name: change(parts[name])})


def plus(members: Parts) -> Make:
    """The form with more in it, or something else instead."""
    return lambda parts: pack({**parts, **members})


def packed(change: Callable[[bytes], bytes]) -> Make:
    """The form's own archive, changed as bytes."""
    return lambda parts: change(pack(parts))


def listed(name: str, offset: int, form: str, value: int) -> Callable[[bytes], bytes]:
    """One number in a member's line of the list of contents."""
    return lambda data: _patched(data, _found(data, b"PK\1\2", 46, name) + offset, form, value)


def own(name: str, offset: int, form: str, value: int) -> Callable[[bytes], bytes]:
    """One number in a member's own header."""
    return lambda data: _patched(data, _found(data, b"PK\3\4", 30, name) + offset, form, value)


def ending(offset: int, form: str, value: int) -> Callable[[bytes], bytes]:
    """One number in the archive's end record."""
    return lambda data: _patched(data, data.rfind(b"PK\5\6") + offset, form, value)


def _found(data: bytes, sign: bytes, length: int, name: str) -> int:
    at = data.find(sign)
    while data[at + length : at + length + len(name)] != name.encode():
        at = data.find(sign, at + 4)
        assert at >= 0, name
    return at


def _patched(data: bytes, at: int, form: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, at, value)
    return bytes(changed)


def both(*changes: Callable[[bytes], bytes]) -> Make:
    """Several changes to the archive's bytes."""

    def make(parts: Parts) -> bytes:
        data = pack(parts)
        for change in changes:
            data = change(data)
        return data

    return make


def renamed(old: str, new: str) -> Make:
    """A member under another name."""
    return lambda parts: pack({new if n == old else n: body for n, body in parts.items()})


def without(name: str) -> Make:
    return lambda parts: pack({n: body for n, body in parts.items() if n != name})


def shared(parts: Parts, head: str = "", more: str = "") -> dict[str, bytes]:
    """The form with its texts in a shared table, as Excel keeps them."""
    texts: list[str] = []

    def moved(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    told = {n: re.sub(r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="inlineStr"><is>(.*?)</is></c>', moved, b.decode(), flags=re.DOTALL).encode() for n, b in parts.items() if "worksheets/sheet" in n and n.endswith("xml")}
    assert len(texts) > 100
    head = head or f' count="{len(texts)}" uniqueCount="{len(texts)}"'
    table = f'<sst xmlns="{MAIN}"{head}>{"".join(f"<si>{t}</si>" for t in texts)}{more}</sst>'
    return {**parts, **told, STRINGS: table.encode(), RELATIONS: related(parts[RELATIONS], "sharedStrings", "sharedStrings.xml")}


def related(relations: bytes, kind: str, target: str, more: str = "") -> bytes:
    """A part's relations with one more."""
    return relations.replace(b"</Relationships>", f'<Relationship Id="x{kind}" Type="{OFFICE}/{kind}" Target="{target}"{more}/></Relationships>'.encode())


def cell_of(parts: Parts, cell: str, sheet: str = SHEET) -> bytes:
    """The markup of one cell as it stands."""
    found = re.search(rb'<c r="' + cell.encode() + rb'"[^>]*?(?:/>|>.*?</c>)', parts[sheet], re.DOTALL)
    assert found, cell
    return found[0]


def in_place_of(cell: str, new: Callable[[bytes], bytes], sheet: str = SHEET) -> Make:
    """A cell written another way."""
    return lambda parts: pack({**parts, sheet: parts[sheet].replace(cell_of(parts, cell, sheet), new(cell_of(parts, cell, sheet)), 1)})


def last_row(xml: str, sheet: str = SHEET) -> Make:
    """The questions with something after their last row."""
    return part(sheet, b"</sheetData>", xml.encode() + b"</sheetData>")
