"""Cells that lie: of where they are, how far they reach, how much they say."""

from __future__ import annotations

import re
from collections.abc import Callable

from hostile.making import SHEET, Make, Parts, Variant, in_place_of, last_row, pack, part, rewritten, shared

ANSWER = "C5"
SAID = b"<is><t>somewhere else</t></is>"


def table(head: str = "", more: str = "") -> Make:
    return lambda parts: pack(shared(parts, head, more))


def far(cell: str, row: str, *, said: bool = True) -> Make:
    body = f'<c r="{cell}" t="str"><v>far away</v></c>' if said else f'<c r="{cell}" s="1"/>'
    return last_row(f'<row r="{row}">{body}</row>')


def repeated(times: int, length: int) -> Make:
    """One long shared text that many cells show."""

    def make(parts: Parts) -> bytes:
        texts = shared(parts, more=f"<si><t>{'x' * length}</t></si>")
        number = texts["xl/sharedStrings.xml"].count(b"<si>") - 1
        rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{number}</v></c></row>' for n in range(200, 200 + times))
        return pack({**texts, SHEET: texts[SHEET].replace(b"</sheetData>", rows.encode() + b"</sheetData>")})

    return make


def second(old: Callable[[bytes], bytes]) -> Make:
    return in_place_of(ANSWER, lambda cell: cell + old(cell))


D = "DAMAGED"
ROWS = (
    *(Variant(f"far cell {cell}", "a word in a far cell", far(cell, row)) for cell, row in (("A1048576", "1048576"), ("XFD60", "60"), ("XFD1048576", "1048576"), ("A20001", "20001"), ("IW60", "60"))),
    *(Variant(f"far format {cell}", "a far cell that is only coloured", far(cell, row, said=False), "accepted", "") for cell, row in (("A1048576", "1048576"), ("XFD60", "60"), ("XFD1048576", "1048576"))),
    Variant("wraps round", "row 4294967301, which a 32-bit number takes for 5", far("C4294967301", "4294967301"), code=D),
    Variant("wraps round, cell", "a cell that says so in a row that does not", in_place_of(ANSWER, lambda c: c.replace(b'"C5"', b'"C4294967301"')), code=D),
    Variant("column beyond", "column ZZZZZZZ", far("ZZZZZZZ60", "60"), code=D),
    Variant("column three letters", "column ZZZ", far("ZZZ60", "60")),
    Variant("in another row", "a cell in row 5 that says C6", in_place_of(ANSWER, lambda c: c.replace(b'"C5"', b'"C6"')), code=D),
    Variant("twice", "an answer's cell stands twice, with two answers", second(lambda c: re.sub(rb"<is>.*</is>", SAID, c)), code=D),
    Variant("twice in two rows", "row 5 stands twice, with two answers", last_row('<row r="5"><c r="C5" t="str"><v>somewhere else</v></c></row>'), code=D),
    Variant("two tables of cells", "a second sheetData", part(SHEET, b"</sheetData>", b'</sheetData><sheetData><row r="5"><c r="C5" t="str"><v>x</v></c></row></sheetData>'), code=D),
    Variant("value twice", "a cell with two values", in_place_of(ANSWER, lambda c: c.replace(b"</c>", b"<v>somewhere else</v></c>")), code=D),
    Variant("row 0", "a row that says it is row 0", far("A0", "0"), code=D),
    Variant("row -1", "a row that says it is row -1", far("A60", "-1"), code=D),
    Variant("row of letters", "a row that says it is row five", far("A60", "five"), code=D),
    Variant("cell of letters", "a cell that says it is A", far("A", "60"), code=D),
    Variant("cell backwards", "a cell that says it is 60A", far("60A", "60"), code=D),
    Variant("cell of nothing", "a cell that says it is nothing", far("", "60"), code=D),
    Variant("CDATA", "an answer as CDATA, which not every reader reads", in_place_of(ANSWER, lambda c: re.sub(rb"<t>(.*)</t>", rb"<t><![CDATA[\1]]></t>", c)), code=D),
    Variant("comment in an answer", "a comment within an answer", in_place_of(ANSWER, lambda c: c.replace(b"<t>", b"<t><!-- not -->")), code=D),
    Variant("comment between cells", "a comment that holds an answer", in_place_of(ANSWER, lambda c: b"<!--" + c + b"-->" + c), code=D),
    Variant("instruction", "a processing instruction among the cells", in_place_of(ANSWER, lambda c: b"<?php x?>" + c), code=D),
    Variant("4 billion texts", "the shared texts say they are 4,294,967,295", table(' count="4294967295" uniqueCount="4294967295"')),
    Variant("4 billion once", "the same, in the number of different ones alone", table(' uniqueCount="4294967295"')),
    Variant("endless texts", "a number of thirty digits", table(f' count="{"9" * 30}" uniqueCount="1"')),
    Variant("fewer than none", "minus one text", table(' count="-1" uniqueCount="-1"')),
    Variant("texts of letters", "a number that is a word", table(' count="many" uniqueCount="many"')),
    Variant("two texts", "the shared texts say they are two", table(' count="2" uniqueCount="2"'), "accepted", ""),
    Variant("a million texts", "the shared texts say they are a million", table(' count="1000000" uniqueCount="1000000"'), "accepted", ""),
    Variant("uncounted texts", "the shared texts do not say how many they are", table(' x="1"'), "accepted", ""),
    Variant("no such text", "a cell that shows text 999,999", lambda p: pack({**(s := shared(p)), SHEET: s[SHEET].replace(b"<v>200</v>", b"<v>999999</v>", 1).replace(b"</sheetData>", b'<row r="90"><c r="A90" t="s"><v>999999</v></c></row></sheetData>')}), code=D),
    Variant("text number below none", "a cell that shows text -1", lambda p: pack({**(s := shared(p)), SHEET: s[SHEET].replace(b"</sheetData>", b'<row r="90"><c r="H90" t="s"><v>-1</v></c></row></sheetData>')}), "accepted", ""),
    Variant("one text everywhere", "a text of 500,000 letters that 200 cells show", repeated(200, 500_000)),
    Variant("one text 20 times", "a text of 30,000 letters that 20 cells show", repeated(20, 30_000), "accepted", ""),
    Variant("dimension lies, all", "a dimension of every cell there is", part(SHEET, b'<dimension ref="A1:E43"/>', b'<dimension ref="A1:XFD1048576"/>'), "accepted", ""),
    Variant("dimension lies, one", "a dimension of one cell", part(SHEET, b'<dimension ref="A1:E43"/>', b'<dimension ref="A1"/>'), "accepted", ""),
    Variant("dimension lies, backwards", "a dimension from its end to its start", part(SHEET, b'<dimension ref="A1:E43"/>', b'<dimension ref="XFD1048576:A1"/>'), "accepted", ""),
    Variant("dimension of nothing", "a dimension that is none", part(SHEET, b'<dimension ref="A1:E43"/>', b'<dimension ref="#REF!"/>'), code=D),
    Variant("no dimension", "a sheet that does not say how large it is", part(SHEET, b'<dimension ref="A1:E43"/>', b""), "accepted", ""),
    Variant("600,000 cells", "more cells than forms have", lambda p: pack({**p, SHEET: p[SHEET].replace(b"</sheetData>", b"".join(b"<row>" + b"<c><v>1</v></c>" * 120 + b"</row>" for _ in range(5000)) + b"</sheetData>")})),
    Variant("far corner", "one word in IV20000, and so five million cells between", far("IV20000", "20000")),
    Variant("merged all over", "one merged range over the whole sheet", rewritten(SHEET, lambda b: re.sub(rb"<mergeCells.*?</mergeCells>", b"", b).replace(b"</sheetData>", b'</sheetData><mergeCells count="4294967295"><mergeCell ref="A1:XFD1048576"/></mergeCells>', 1)), "accepted", ""),
    Variant("50,000 merged ranges", "each of two cells", part(SHEET, b"</sheetData>", b"</sheetData><mergeCells>" + b"".join(b'<mergeCell ref="H%d:I%d"/>' % (n, n) for n in range(1, 50_001)) + b"</mergeCells>"), "accepted", ""),
    Variant("shared formula", "a shared formula with number 4294967295", last_row('<row r="90"><c r="A90"><f t="shared" si="4294967295" ref="A90:XFD1048576">1</f><v>1</v></c></row>'), "accepted", ""),
    Variant("formula that runs", "cmd|'/c calc'!A1 beside the answers", last_row("<row r=\"90\"><c r=\"H90\" t=\"str\"><f>cmd|'/c calc'!A1</f><v>x</v></c></row>"), "accepted", ""),
    Variant("a number of words", "a number that is a word", last_row('<row r="90"><c r="H90"><v>abc</v></c></row>'), "accepted", ""),
    Variant("a number beyond", "1e999", last_row('<row r="90"><c r="H90"><v>1e999</v></c></row>'), "accepted", ""),
    Variant("no number", "NaN", last_row('<row r="90"><c r="H90"><v>NaN</v></c></row>'), "accepted", ""),
    Variant("unknown kind", "a cell of kind zz", last_row('<row r="90"><c r="H90" t="zz"><v>1</v></c></row>'), code=D),
    Variant("style beyond", "a cell in style 4294967295", last_row('<row r="90"><c r="H90" s="4294967295"><v>1</v></c></row>'), "accepted", ""),
    Variant("date beyond", "day 99999999999 in a date's format", rewritten(SHEET, lambda b: re.sub(rb'(<c r="C\d+"[^>]* t="n"><v>)4\d{4}', rb"\g<1>99999999999", b, count=1)), "needs_fixing", "DATE_UNREADABLE"),
)
