"""A stranger's workbook as plain values: checked as an archive first, then read with calamine. Runs in the reading worker."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from typing import NamedTuple
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

import python_calamine

from qaf_sheets.asides import comments_of
from qaf_sheets.cells import scan
from qaf_sheets.markup import UnsafeError, check, local
from qaf_sheets.model import Problem, Record, Value
from qaf_sheets.package import Package, Relation
from qaf_sheets.problems import problem

MAX_BYTES, MAX_SHEETS = 30_000_000, 60
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NO_CHARACTERS = str.maketrans("", "", "\ufffe\uffff")
"""Written into a workbook by hand only; they could not be written back."""
UNKNOWN_ERROR = re.compile(
    rb"(<(?:\w+:)?c\s[^<>]*\bt=[\"']e[\"'][^<>]*>(?:<(?:\w+:)?f\b[^<>]*>(?:[^<>]*</(?:\w+:)?f>)?)?<(?:\w+:)?v>)(?!#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)<)[^<>]*"
)
"""An error that calamine does not know (#SPILL!, another program's own): one such cell on any sheet would cost the whole file."""
MACROS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet")
"""What a workbook's relation to its macros is called."""
OUR_OWN = ("_check", "_lists")
"""Sheets that the service writes for Excel alone and never reads: nearly half of a form."""
MAX_NAME = 80
"""Letters of whoever saved a workbook."""


class Book(Record):
    """All that a workbook says: rows of each sheet from A1, defined names, text properties, and the cells that hold a formula or an error.

    `comments` are by sheet and cell, threaded ones too; `hidden` sheets and `hidden_rows` are those that people do not see. Day numbers are counted
    `since_1904` where somebody chose so; cells that are dates have been read by it already. `saved_by` is what their Excel calls whoever saved it last,
    `saved_at` when that was by their computer's clock.
    """

    sheets: Mapping[str, tuple[tuple[Value, ...], ...]] = {}
    names: Mapping[str, str] = {}
    formulas: Mapping[str, frozenset[str]] = {}
    broken: Mapping[str, frozenset[str]] = {}
    properties: Mapping[str, str] = {}
    comments: Mapping[str, Mapping[str, str]] = {}
    hidden: frozenset[str] = frozenset()
    hidden_rows: Mapping[str, frozenset[int]] = {}
    macros: bool = False
    since_1904: bool = False
    saved_by: str = ""
    saved_at: datetime | None = None

    def cell(self, sheet: str, row: int, column: int) -> Value:
        """One value by row and column from 1; None outside what is filled."""
        rows = self.sheets.get(sheet, ())
        return rows[row - 1][column - 1] if 0 < row <= len(rows) and 0 < column <= len(rows[row - 1]) else None


def read_book(data: bytes, name: str) -> Book | Problem:
    """A workbook's bytes → its plain values, or the one problem that stops us. Pure and picklable; raises nothing on the data but MemoryError."""
    refused = _refuse_by_look(data, name)
    if refused:
        return refused
    try:
        package = Package(data)
        main = _main(package)
        if main not in package or not main.endswith(".xml") or package.tree(main).tag not in (f"{SPREADSHEET}workbook", f"{STRICT}workbook"):
            return problem("NOT_A_WORKBOOK", file=name)
        return _read(package, main)
    except UnsafeError as error:
        return problem("UNSAFE_FILE", why=str(error))
    except (KeyboardInterrupt, SystemExit, MemoryError):  # the last is the worker's to tell: a limit was met
        raise
    except BaseException:  # noqa: BLE001 - a dozen kinds of damage, and calamine's own panics, which are no Exception
        return problem("DAMAGED")


def paths_of(data: bytes) -> dict[str, str]:
    """The part of each sheet, in a workbook that `read_book` reads."""
    package = Package(data)
    main = _main(package)
    return {sheet.name: sheet.path for sheet in _listed(_by_name(package.tree(main))["sheet"], package.relations(main))}


def _main(package: Package) -> str:
    """The part that lists the sheets."""
    return next((r.path for r in package.relations("").values() if r.kind == "officeDocument"), "xl/workbook.xml")


def _refuse_by_look(data: bytes, name: str) -> Problem | None:
    if len(data) > MAX_BYTES:
        return problem("UNSAFE_FILE", why="it is larger than 30 MB")
    if not data.strip(b"\0"):
        return problem("DAMAGED")
    if data.startswith(OLE):  # old Excel, or a modern file wrapped in a password
        return problem("PASSWORD" if "EncryptedPackage".encode("utf-16-le") in data else "NOT_A_WORKBOOK", file=name)
    return None if zipfile.is_zipfile(io.BytesIO(data)) or data.startswith(b"PK") else problem("NOT_A_WORKBOOK", file=name)


class _Sheet(NamedTuple):
    """One sheet as the workbook lists it."""

    name: str
    path: str
    hidden: bool


def _read(package: Package, main: str) -> Book:
    said, relations = _by_name(package.tree(main)), package.relations(main)
    listed = _listed(said["sheet"], relations)
    strings, styles = (next((package.read(r.path) for r in relations.values() if r.kind == kind and r.path in package), b"") for kind in ("sharedStrings", "styles"))
    check(styles) if styles else None
    parts = {sheet.name: package.read(sheet.path) for sheet in listed if sheet.name not in OUR_OWN}
    scanned = scan(parts, strings)
    from_1904 = any(e.get("date1904") in ("1", "true") for e in said["workbookPr"])
    core = _core(package)
    return Book(
        sheets={**{s.name: () for s in listed}, **_values(parts, strings, styles, from_1904)}, names=_names(said["definedName"]), since_1904=from_1904,
        properties=_properties(package), saved_by=" ".join(core.get("lastModifiedBy", "").split())[:MAX_NAME], saved_at=_moment(core.get("modified", "")),
        macros=any(r.kind in MACROS for r in relations.values()) or "xl/vbaProject.bin" in package,
        formulas={name: found.formulas for name, found in scanned.items()}, broken={name: found.broken for name, found in scanned.items()},
        comments={s.name: found for s in listed if (found := comments_of(package, s.path))},
        hidden=frozenset(s.name for s in listed if s.hidden), hidden_rows={name: found.hidden_rows for name, found in scanned.items() if found.hidden_rows},
    )


def _by_name(root: Element) -> Mapping[str, list[Element]]:
    """All that a part says, by the local name of its elements."""
    found: defaultdict[str, list[Element]] = defaultdict(list)
    for element in root.iter():
        found[local(str(element.tag))].append(element)
    return found


def _listed(sheets: Sequence[Element], relations: Mapping[str, Relation]) -> list[_Sheet]:
    """The sheets of cells in their order; charts on sheets of their own, and old macro sheets, have no answers. Raises KeyError, ValueError."""
    if len(sheets) > MAX_SHEETS:
        raise UnsafeError("it holds too many sheets")
    if len({s.attrib["name"].casefold() for s in sheets}) != len(sheets):
        raise ValueError("two sheets of one name")
    linked = [(s, relations[next(v for k, v in s.attrib.items() if k.endswith("}id"))]) for s in sheets]
    return [_Sheet(s.attrib["name"], to.path, s.get("state", "visible") != "visible") for s, to in linked if to.kind == "worksheet"]


def _names(defined: Sequence[Element]) -> dict[str, str]:
    """Workbook-scoped names → what they refer to."""
    return {n.get("name", ""): n.text or "" for n in defined if n.get("localSheetId") is None}


def _values(parts: Mapping[str, bytes], strings: bytes, styles: bytes, from_1904: bool) -> dict[str, tuple[tuple[Value, ...], ...]]:  # noqa: FBT001 - a fact, not a switch
    """The rows of each sheet. Calamine is given an archive of our own with the checked parts alone, so it can see nothing that we did not."""
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_archive([_with_known_errors(xml) for xml in parts.values()], strings, styles, from_1904))) as book:
        return {name: _rows(book, f"s{n}") for n, name in enumerate(parts, 1)}


def _with_known_errors(xml: bytes) -> bytes:
    return UNKNOWN_ERROR.sub(rb"\1#VALUE!", xml) if b'"e"' in xml or b"'e'" in xml else xml


def _archive(sheets: Sequence[bytes], strings: bytes, styles: bytes, from_1904: bool) -> bytes:  # noqa: FBT001 - as above
    out = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("_rels/.rels", _relations({"w": ("officeDocument", "xl/workbook.xml")}))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations({f"r{n}": ("worksheet", f"worksheets/{n}.xml") for n in numbers}))
        listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{SPREADSHEET[1:-1]}" xmlns:r="{OFFICE}"><workbookPr date1904="{from_1904:d}"/><sheets>{listed}</sheets></workbook>')
        for path, body in (("sharedStrings", strings), ("styles", styles), *((f"worksheets/{n}", xml) for n, xml in zip(numbers, sheets, strict=True))):
            if body:
                archive.writestr(f"xl/{path}.xml", body)
    return out.getvalue()


def _relations(related: Mapping[str, tuple[str, str]]) -> str:
    each = "".join(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{path}"/>' for key, (kind, path) in related.items())
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def _rows(book: python_calamine.CalamineWorkbook, sheet: str) -> tuple[tuple[Value, ...], ...]:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return tuple(tuple(map(_plain, row)) for row in rows)


def _plain(value: object) -> Value:
    """Calamine's value as ours: '' is nothing, a whole float is an int, times, spans and what is no number at all become text."""
    if isinstance(value, str):
        return (value if value.isascii() else value.translate(NO_CHARACTERS)) or None
    if value is None:
        return None
    if isinstance(value, float) and not isfinite(value):  # NaN and 1e999 are written by hand; they would equal nothing, and are no JSON
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime):
        return value.date()  # answers are days
    return value if isinstance(value, (int, float, bool, date)) else str(value).translate(NO_CHARACTERS) or None


def _properties(package: Package) -> dict[str, str]:
    """Custom document properties that are text."""
    if "docProps/custom.xml" not in package:
        return {}
    return {p.get("name", ""): "".join(p.itertext()) for p in package.tree("docProps/custom.xml")}


def _core(package: Package) -> Mapping[str, str]:
    """What every office program keeps of a file, as it stands there; nothing where it does not say."""
    if "docProps/core.xml" not in package:
        return {}
    try:
        return {name: found[0].text or "" for name, found in _by_name(package.tree("docProps/core.xml")).items()}
    except ExpatError:  # nobody's answers stand there
        return {}


def _moment(said: str) -> datetime | None:
    """A moment by our own clock, from the world's: 2026-11-24T10:14:00Z."""
    try:
        return datetime.fromisoformat(said.strip()).astimezone().replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError, OSError):  # Windows refuses years before 1970
        return None
