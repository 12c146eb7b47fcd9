"""A sheet seen at once says what a walk through it says; whatever is odd in it is walked through."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import complete, filled, issued
from office import needs_office, recalculated

from qaf_sheets.book import OUR_OWN, paths_of
from qaf_sheets.cells import Budget, Scan, scan, text_lengths, walked
from qaf_sheets.markup import UnsafeError
from qaf_sheets.references import column_number
from qaf_sheets.regular import cells_of, longest_text

ACTIVITIES = ("CCR", "DIP", "THEM", "OBS")
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def sheets(data: bytes) -> Iterator[bytes]:
    """Every sheet that is read of a form."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from (archive.read(path) for name, path in paths_of(data).items() if name not in OUR_OWN)


def strings(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in archive.namelist() else b""


@cache
def forms() -> tuple[bytes, ...]:
    """Forms as we write them and as openpyxl saves them."""
    return (*(issued(a) for a in ACTIVITIES), *(filled(a, complete(a)) for a in ACTIVITIES))


def alike(data: bytes) -> None:
    for xml in sheets(data):
        found = cells_of(xml)
        assert found is not None
        assert Scan(found.formulas, found.broken, found.hidden_rows) == walked(xml, Budget(strings(data)))
    texts = strings(data)
    if texts:
        longest = longest_text(texts)
        assert longest is not None
        assert longest >= max(text_lengths(texts))


@pytest.mark.parametrize("n", range(2 * len(ACTIVITIES)))
def test_our_forms_and_what_openpyxl_makes_of_them_are_seen_at_once(n: int) -> None:
    alike(forms()[n])


@needs_office
@pytest.mark.office
def test_so_are_those_that_libreoffice_saves(tmp_path: Path) -> None:
    for data in recalculated(tmp_path, {f"{a}.xlsx": filled(a, complete(a)) for a in ACTIVITIES}).values():
        alike(data)


def outcome(xml: bytes, *, at_once: bool) -> Scan | str:
    try:
        return scan({"s": xml}, b"")["s"] if at_once else walked(xml, Budget(b""))
    except UnsafeError:
        return "unsafe"
    except ExpatError:
        return "damaged"


PIECES = (
    b'<row r="1">', b'<row r="2" hidden="1">', b"<row>", b"</row>", b'<c r="A1">', b'<c r="B1" t="s">', b'<c r="A2" s="3" t="e">', b'<c r="A1"/>', b"<c>", b"</c>", b"<v>1</v>", b"<v>#N/A</v>",
    b"<v/>", b"<f>1+1</f>", b'<f t="shared" si="0"/>', b"<is><t>so</t></is>", b"<!-- -->", b"<![CDATA[x]]>", b"&amp;", b"&#8217;", b"&#0;", b"&x;", b"]]>", b"\x01", b"\xff", b"\xef\xbf\xbe", b" ", b"\n",
    b"<sheetData>", b"</sheetData>", b"<x:c r='C1'>", b'<c r="XFD1"><v>1</v></c>', b'<row r="1048576">', b"<?pi?>", b"text",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_in_a_sheet_both_ways_come_to_the_same(pieces: list[bytes]) -> None:
    xml = HEAD + b"".join(pieces) + TAIL
    assert outcome(xml, at_once=True) == outcome(xml, at_once=False)


@pytest.mark.parametrize("seed", range(40))
def test_so_they_do_for_a_form_with_a_few_wrong_bytes(seed: int) -> None:
    dice = Random(seed)
    for _ in range(15):
        xml = bytearray(dice.choice([*sheets(dice.choice(forms()))]))
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(xml))
            xml[at : at + dice.randint(0, 3)] = dice.choice((b"", b"<", b">", b'"', b"A1", b"0", b"c", b"&", b"\x00", b"<!--", dice.choice(PIECES)))
        assert outcome(bytes(xml), at_once=True) == outcome(bytes(xml), at_once=False)


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', b'<row r="1"><c r="B2"><v>1</v></c></row>', b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"/></row>',
        b'<row r="20001"><c r="A20001"><v>1</v></c></row>', b'<row r="1"><c r="IW1"><v>1</v></c></row>', b'<row r="1"><c><v>1</v></c></row>', b'<row r="1"><c r="A1" x=">"><v>1</v></c></row>',
    ],
)  # fmt: skip
def test_what_is_odd_is_not_judged_at_once(cells: bytes) -> None:
    found = cells_of(HEAD + cells + TAIL)
    assert found is None or found.last_row > 20_000 or max(map(column_number, found.columns)) > 256
    assert outcome(HEAD + cells + TAIL, at_once=True) == outcome(HEAD + cells + TAIL, at_once=False)


@pytest.mark.parametrize("xml", [b'<a><!--<sheetData><row r="1"/></sheetData>--><sheetData ></sheetData ></a>', b"<a><sheetData></sheetData><x:sheetData/></a>", b"<!DOCTYPE a><a><sheetData></sheetData></a>"])
def test_cells_that_hide_are_looked_for(xml: bytes) -> None:
    assert cells_of(xml) is None


def test_a_large_workbook_with_one_long_text_is_counted_as_it_is() -> None:
    """Seen at once, it would seem to hold its longest text in every cell."""
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * 30_000 + b"</t></si><si><t>y</t></si></sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>1</v></c></row>' % (n, n) for n in range(1, 2_000))
    found = scan({"s": HEAD + rows + TAIL, "t": HEAD + rows + TAIL}, texts)
    assert found == {"s": Scan(), "t": Scan()}
    with pytest.raises(UnsafeError):
        scan({"s": HEAD + rows.replace(b"<v>1", b"<v>0") + TAIL}, texts)
