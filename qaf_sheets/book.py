"""A stranger's workbook as plain values: checked as an archive first, then read with calamine. Runs in the reading worker."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

import python_calamine
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from qaf_sheets.asides import comments_of, hidden_rows
from qaf_sheets.model import Problem, Record, Value
from qaf_sheets.problems import problem

MAX_BYTES, MAX_INFLATED, MAX_RATIO, MAX_ENTRIES = 30_000_000, 200_000_000, 250, 400
MAX_SHEETS, MAX_ROW, MAX_COLUMN = 60, 20_000, 256
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*?)>\s*(<(?:\w+:)?f[\s>/])?")
IS_ERROR = re.compile(rb"\bt=\"e\"")
SINCE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\s[^>]*?\bdate1904=\"(?:1|true|on)\"")
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=\"(\d{1,9})\"")


class Book(Record):
    """All that a workbook says: rows of each sheet from A1, defined names, text properties, and the cells that hold a formula or an error.

    `comments` are by sheet and cell, threaded ones too; `hidden` sheets and `hidden_rows` are those that people do not see. Day numbers are counted
    `since_1904` where somebody chose so; cells that are dates have been read by it already.
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

    def cell(self, sheet: str, row: int, column: int) -> Value:
        """One value by row and column from 1; None outside what is filled."""
        rows = self.sheets.get(sheet, ())
        return rows[row - 1][column - 1] if 0 < row <= len(rows) and 0 < column <= len(rows[row - 1]) else None


class _UnsafeError(Exception):
    """The archive is one we will not parse; says why in plain words."""


def read_book(data: bytes, name: str) -> Book | Problem:
    """A workbook's bytes → its plain values, or the one problem that stops us. Pure and picklable; never raises on the data."""
    refused = _refuse_by_look(data, name)
    if refused:
        return refused
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, len(data))
            if "xl/workbook.xml" not in archive.namelist():
                return problem("NOT_A_WORKBOOK", file=name)
            return _read(archive, data)
    except _UnsafeError as error:
        return problem("UNSAFE_FILE", why=str(error))
    except python_calamine.PasswordError:
        return problem("PASSWORD")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, python_calamine.CalamineError, ParseError, DefusedXmlException, ValueError, KeyError, EOFError, OSError, NotImplementedError, RuntimeError):
        return problem("DAMAGED")
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return problem("DAMAGED")


def _refuse_by_look(data: bytes, name: str) -> Problem | None:
    if not data:
        return problem("DAMAGED")
    if len(data) > MAX_BYTES:
        return problem("UNSAFE_FILE", why="it is larger than 30 MB")
    if data.startswith(OLE):  # old Excel, or a modern file wrapped in a password
        return problem("PASSWORD" if "EncryptedPackage".encode("utf-16-le") in data else "NOT_A_WORKBOOK", file=name)
    return None if data.startswith(b"PK") else problem("NOT_A_WORKBOOK", file=name)


def _check_archive(archive: zipfile.ZipFile, size: int) -> None:
    """Entries, duplicates, encryption, declared and true sizes, entity declarations: before anything is parsed."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _UnsafeError("it holds too many parts")
    if len({e.filename.casefold() for e in entries}) != len(entries):
        raise _UnsafeError("it holds the same part twice")
    if any(e.flag_bits & 1 for e in entries):
        raise _UnsafeError("it is encrypted")
    declared = sum(e.file_size for e in entries)
    if declared > MAX_INFLATED or declared > MAX_RATIO * size + 1_000_000:
        raise _UnsafeError("it would grow too large when opened")
    for entry in entries:
        _check_part(archive, entry)


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as part:
        body = part.read(entry.file_size + 1)
        if len(body) > entry.file_size or part.read(1):
            raise _UnsafeError("a part is larger than it says")
    if entry.filename.endswith((".xml", ".rels")):
        head = body[:4096]
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"<\0!\0" in head or b"\0<\0!" in head:
            raise _UnsafeError("it declares entities")


def _read(archive: zipfile.ZipFile, data: bytes) -> Book:
    names, paths, hidden = _workbook_parts(archive)
    if len(paths) > MAX_SHEETS:
        raise _UnsafeError("it holds too many sheets")
    parts = {sheet: archive.read(path) for sheet, path in paths.items() if path in archive.NameToInfo}
    scanned = {sheet: _scan(xml) for sheet, xml in parts.items()}
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        sheets = {sheet: _rows(book, sheet) for sheet in book.sheet_names}
    return Book(
        sheets=sheets, names=names, properties=_properties(archive), macros="xl/vbaProject.bin" in archive.NameToInfo,
        formulas={sheet: found[0] for sheet, found in scanned.items()}, broken={sheet: found[1] for sheet, found in scanned.items()},
        comments={sheet: found for sheet, path in paths.items() if (found := comments_of(archive, path))},
        since_1904=bool(SINCE_1904.search(archive.read("xl/workbook.xml"))), hidden=hidden, hidden_rows={sheet: rows for sheet, xml in parts.items() if (rows := hidden_rows(xml))},
    )


def _rows(book: python_calamine.CalamineWorkbook, sheet: str) -> tuple[tuple[Value, ...], ...]:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return tuple(tuple(_plain(v) for v in row) for row in rows)


def _plain(value: object) -> Value:
    """Calamine's value as ours: '' is nothing, a whole float is an int, times and spans become text."""
    if value == "" or value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime):
        return value.date()  # answers are days
    return value if isinstance(value, (str, int, float, bool, date)) else str(value)


def _scan(xml: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The cells of a sheet that hold a formula, and those that show an error; refuses cells too far away, which calamine would allocate for."""
    formulas, broken = set(), set()
    rows = [int(r) for r in ROW.findall(xml)]
    if rows and max(rows) > MAX_ROW:
        raise _UnsafeError("a cell stands too far down")
    for attributes, letters, row, formula in CELL.findall(xml):
        if int(row) > MAX_ROW or column_number(letters.decode()) > MAX_COLUMN:
            raise _UnsafeError("a cell stands too far away")
        cell = f"{letters.decode()}{int(row)}"
        if formula:
            formulas.add(cell)
        if IS_ERROR.search(attributes):
            broken.add(cell)
    return frozenset(formulas), frozenset(broken)


def _workbook_parts(archive: zipfile.ZipFile) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Workbook-scoped names → what they refer to; sheet names → their parts; the sheets that are hidden."""
    root = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    space = STRICT if root.tag.startswith(STRICT) else SPREADSHEET
    names = {
        n.get("name", ""): (n.text or "") for n in root.iter(f"{space}definedName") if n.get("localSheetId") is None
    }
    relations = {r.get("Id"): r.get("Target", "") for r in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))}
    paths, hidden = {}, set()
    for sheet in root.iter(f"{space}sheet"):
        link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        target = relations.get(link, "")
        paths[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        hidden |= {sheet.get("name", "")} if sheet.get("state", "visible") != "visible" else set()
    return names, paths, frozenset(hidden)


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Custom document properties that are text."""
    if "docProps/custom.xml" not in archive.NameToInfo:
        return {}
    root = ElementTree.fromstring(archive.read("docProps/custom.xml"))
    return {p.get("name", ""): "".join(p.itertext()) for p in root}


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - 64
    return n


def split_cell(cell: str) -> tuple[int, int]:
    """Row and column of one cell: C9 → (9, 3). Raises ValueError for anything that is not one cell."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", cell)
    if not found:
        raise ValueError(cell)
    return int(found[2]), column_number(found[1])


def row_of(cell: str) -> int:
    """The row of a cell that may be none at all: C9 → 9, '' → 0."""
    return int("".join(c for c in cell if c.isdigit()) or 0)


def cell_name(row: int, column: int) -> str:
    """(9, 3) → "C9"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
