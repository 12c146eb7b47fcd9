"""Parts as every program writes them, told by their bytes alone, a hundred times faster than by walking through them.

Nothing is judged here: what is regular in every respect has been seen whole; of anything else `None` is given, and it is walked through (`cells.py`, which is the
plain twin that this room is tested against). Excel, LibreOffice, openpyxl, XlsxWriter and Google Sheets write their sheets so.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

LONGEST, FEW = 4_000_000, 10_000
"""Bytes of a part, and tags around its cells: no form has more."""
PROLOG = re.compile(rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF-8|utf-8)")?(?: standalone="(?:yes|no)")?\s?\?>)?\s*<[A-Za-z]')
"""A part's beginning up to its first element, in UTF-8 and without a document type."""
SAFE = rb"[^<>\x00-\x08\x0b\x0c\x0e-\x1f]*+"
"""Text between two elements; `>` may stand there, but no program writes it."""
ATTRIBUTES = rb'(?: (?!r=)[\w:]++="[^"<>\x00-\x1f]*+")*+'
VALUE = rb"(?:<v>" + SAFE + rb"</v>|<v ?/>|<v></v>|<is><t(?: xml:space=\"preserve\")?>" + SAFE + rb"</t></is>)?+"
FORMULA = rb"(?:<f" + ATTRIBUTES.replace(b"(?!r=)", b"") + rb"(?:/>|>" + SAFE + rb"</f>))?+"
CELL = rb'<c r="[A-Z]{1,2}+\1"(?: s="\d{1,6}+")?+(?: t="[A-Za-z]++")?+(?: ?/>|>' + FORMULA + VALUE + rb"</c>)"
ROWS = re.compile(rb'(?:\s*+<row r="(\d{1,5}+)"' + ATTRIBUTES + rb" ?(?:/>|>(?:\s*+" + CELL + rb")*+\s*+</row>))*+\s*+")
"""All rows of a sheet: each cell says where it is, and is in its row."""
ROW = re.compile(rb'<row r="(\d++)"')
HIDDEN = re.compile(rb'<row r="(\d++)"[^<>]*? hidden="(?:1|true)"')
REFERENCES = re.compile(rb'<c r="([A-Z]++)(\d++)"')
WITH_FORMULA = re.compile(rb'<c r="([A-Z]++\d++)"[^<>]*+><f[ >/]')
BROKEN = re.compile(rb'<c r="([A-Z]++\d++)"[^<>]*? t="e"')
ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos|#(\d{1,6})|#x([0-9A-Fa-f]{1,5}));")
TEXT = rb'<t(?: xml:space="preserve")?+>' + SAFE + rb"</t>"
RUN = rb'<r>(?:<rPr>(?:<\w++(?: \w++="[^"<>]*+")*+ ?/>)*+</rPr>)?+' + TEXT + rb"</r>"
TEXTS = re.compile(rb'<sst xmlns="[^"<>]*+"(?: (?:count|uniqueCount)="\d{1,6}+")*+>(?:<si>' + TEXT + rb"</si>|<si>(?:" + RUN + rb")++</si>)*+</sst>\s*+")
"""The shared texts, plain or with parts that look different."""
ODD = (b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""The end of a CDATA section where there is none, and two numbers that are no characters."""
FIRST, LAST = b"<sheetData>", b"</sheetData>"


class Cells(NamedTuple):
    """What the cells of a sheet say beside their values.

    The names of those with a formula and of those that show an error; hidden rows; the last row and every column that has a cell; how many there are, and
    the bytes of all of them.
    """

    formulas: frozenset[str]
    broken: frozenset[str]
    hidden_rows: frozenset[int]
    last_row: int
    columns: frozenset[str]
    cells: int
    written: int


def begins_plainly(body: bytes) -> bool:
    """Whether a part's first element is reached without a document type, in UTF-8."""
    return PROLOG.match(body) is not None


def is_plain(body: bytes) -> bool:
    """Whether a part is UTF-8 without any declaration, comment or CDATA, and no larger than a form's."""
    return len(body) <= LONGEST and begins_plainly(body) and b"<!" not in body


def cells_of(xml: bytes) -> Cells | None:
    """A sheet's part seen at once; None for one that is not regular. Raises ExpatError where what stands around the cells is not well-formed."""
    begin, end = xml.find(FIRST) + len(FIRST), xml.rfind(LAST)
    if begin < len(FIRST) or end < begin:
        return None
    data, around = xml[begin:end], xml[:begin] + xml[end:]
    if not is_plain(around) or around.count(b"sheetData") != 2 or around.count(b"<") > FEW or not ROWS.fullmatch(data) or not _is_text(data):
        return None
    parse(around)
    rows, at = ROW.findall(data), REFERENCES.findall(data)
    if len(set(at)) != len(at) or len(set(rows)) != len(rows):
        return None
    return Cells(
        formulas=_names(WITH_FORMULA, data, b"<f"), broken=_names(BROKEN, data, b' t="e"'),
        hidden_rows=frozenset(map(int, HIDDEN.findall(data))) if b" hidden=" in data else frozenset(),
        last_row=max(map(int, rows), default=0), columns=frozenset(letters.decode() for letters in {letters for letters, _ in at}), cells=len(at), written=len(data),
    )


def longest_text(xml: bytes) -> int | None:
    """No shared text of a workbook is longer than this; None for a list of them that is not regular."""
    begin = xml.find(b"<sst")
    if begin < 0 or not is_plain(xml[: begin + 4]) or not TEXTS.fullmatch(xml, begin) or not _is_text(xml):
        return None
    return max(map(len, xml.split(b"<si>")))


def _names(pattern: re.Pattern[bytes], data: bytes, sign: bytes) -> frozenset[str]:
    return frozenset(name.decode() for name in pattern.findall(data)) if sign in data else frozenset()


def _is_text(data: bytes) -> bool:
    """Whether it is sound UTF-8 without odd entities, so that two readers read it alike."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    if any(odd in data for odd in ODD):
        return False
    found = ENTITY.findall(data) if b"&" in data else []
    return len(found) == data.count(b"&") and all(_is_character(int(a) if a else int(b, 16)) for a, b in {*found} if a or b)


def _is_character(n: int) -> bool:
    """Whether XML has a character of this number."""
    return n in (9, 10, 13) or 32 <= n < 0xD800 or 0xE000 <= n < 0xFFFE or 0x10000 <= n < 0x110000


def parse(xml: bytes) -> None:
    """Raises ExpatError for what is not well-formed."""
    expat.ParserCreate().Parse(xml, True)  # noqa: FBT003 - expat's own signature

