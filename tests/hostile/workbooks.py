"""Workbooks that lie of their sheets, names, styles, relations and comments."""

from __future__ import annotations

from hostile.making import (
    MAIN,
    OFFICE,
    OTHER,
    RELATIONS,
    ROOT,
    SHEET,
    STYLES,
    WORKBOOK,
    Make,
    Parts,
    Variant,
    pack,
    part,
    plus,
    related,
    rewritten,
    without,
)

COMMENTS = "xl/comments1.xml"
SHEET_RELATIONS = "xl/worksheets/_rels/sheet2.xml.rels"
NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'


def more_sheets(count: int) -> Make:
    """So many sheets that all have the same part."""
    extra = "".join(f'<sheet name="More {n}" sheetId="{n + 50}" r:id="xworksheet" xmlns:r="{OFFICE}"/>' for n in range(count))
    return lambda p: pack({**p, WORKBOOK: p[WORKBOOK].replace(b"</sheets>", f"{extra}</sheets>".encode()), RELATIONS: related(p[RELATIONS], "worksheet", "worksheets/more.xml"), "xl/worksheets/more.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()})


def one_sheet(kind: str, xml: str, target: str = "other/sheet9.xml") -> Make:
    """Another sheet of some kind."""
    extra = f'<sheet name="Another" sheetId="99" r:id="x{kind}" xmlns:r="{OFFICE}"/></sheets>'
    return lambda p: pack({**p, WORKBOOK: p[WORKBOOK].replace(b"</sheets>", extra.encode()), RELATIONS: related(p[RELATIONS], kind, target), "xl/other/sheet9.xml": xml.encode()})


def said(body: str, times: int = 1) -> Make:
    """The questions with this part of comments, related so many times."""
    relations = NO_RELATIONS
    if times == 1:
        relations = related(relations, "comments", "../comments1.xml")
    else:
        many = "".join(f'<Relationship Id="c{n}" Type="{OFFICE}/comments" Target="../comments1.xml"/>' for n in range(times))
        relations = relations.replace(b"</Relationships>", f"{many}</Relationships>".encode())
    return plus({SHEET_RELATIONS: relations, COMMENTS: body.encode()})


def comments(count: int, length: int = 10) -> str:
    each = "".join(f'<comment ref="H{n}"><text><t>{"x" * length}</t></text></comment>' for n in range(1, count + 1))
    return f'<comments xmlns="{MAIN}"><commentList>{each}</commentList></comments>'


def names(count: int) -> Make:
    each = "".join(f'<definedName name="junk_{n}">\'Start here\'!$A${n + 1}</definedName>' for n in range(count))
    return part(WORKBOOK, b"</definedNames>", f"{each}</definedNames>".encode())


def all_one(parts: Parts) -> bytes:
    """Fifty sheets that have the same part of 3 MB: more is read than there is."""
    data = {**parts, OTHER: parts[OTHER].replace(b"</sheetData>", b"</sheetData>" + b" " * 3_000_000)}
    extra = "".join(f'<sheet name="More {n}" sheetId="{n + 50}" r:id="rId4" xmlns:r="{OFFICE}"/>' for n in range(50))
    return pack({**data, WORKBOOK: parts[WORKBOOK].replace(b"</sheets>", f"{extra}</sheets>".encode())})


D = "DAMAGED"
TARGET = b'Target="/xl/worksheets/sheet2.xml"'
ROWS = (
    Variant("5,000 sheets", "5,000 sheets of nothing", more_sheets(5000)),
    Variant("61 sheets", "more than we read", more_sheets(55)),
    Variant("40 sheets", "as many as people have", more_sheets(34), "accepted", ""),
    Variant("one part for all", "50 sheets that share one large part", all_one),
    Variant("two of one name", "two sheets of the same name", part(WORKBOOK, b'name="Actions"', b'name="Observation"'), code=D),
    Variant("two but for capitals", "two sheets whose names differ in capitals", part(WORKBOOK, b'name="Actions"', b'name="OBSERVATION"'), code=D),
    Variant("sheet without a name", "a sheet that is called nothing", part(WORKBOOK, b' name="Actions"', b""), code=D),
    Variant("sheet of nowhere", "a sheet whose relation does not exist", part(WORKBOOK, b'r:id="rId2"', b'r:id="rId222"'), code=D),
    Variant("sheet without relation", "a sheet that is related to nothing", part(WORKBOOK, b' r:id="rId2"', b""), code=D),
    Variant("no relations", "the relations of the workbook are missing", without(RELATIONS), code=D),
    Variant("no sheet part", "the part of a sheet is missing", without("xl/worksheets/sheet3.xml"), code=D),
    Variant("sheet outside", "a sheet on a share", part(RELATIONS, TARGET, rb'Target="file://///qaf.example/share/sheet2.xml" TargetMode="External"'), code=D),
    Variant("sheet on this computer", "a sheet at file:///etc/passwd, not said to be outside", part(RELATIONS, TARGET, b'Target="file:///etc/passwd"'), code=D),
    Variant("sheet above", "a sheet at ../../../etc/passwd", part(RELATIONS, TARGET, b'Target="../../../../../etc/passwd"'), code=D),
    Variant("sheet the long way", "a sheet at ../xl/./worksheets/../worksheets/sheet2.xml", part(RELATIONS, TARGET, b'Target="../xl/./worksheets/../worksheets/sheet2.xml"'), "accepted", ""),
    Variant("sheet too high", "a sheet at ../../../xl/worksheets/sheet2.xml", part(RELATIONS, TARGET, b'Target="../../../xl/worksheets/sheet2.xml"'), "accepted", ""),
    Variant("sheet that is styles", "the questions are the styles", part(RELATIONS, TARGET, b'Target="styles.xml"'), code=D),
    Variant("sheet that is the workbook", "the questions are the workbook itself", part(RELATIONS, TARGET, b'Target="workbook.xml"'), code=D),
    Variant("workbook elsewhere", "the workbook at /etc/passwd", part(ROOT, b'Target="xl/workbook.xml"', b'Target="/etc/passwd"'), code="NOT_A_WORKBOOK"),
    Variant("workbook outside", "the workbook on a share; the one inside is read", part(ROOT, b'Target="xl/workbook.xml"', b'Target="http://qaf.example/x.xlsx" TargetMode="External"'), "accepted", ""),
    Variant("template on a share", "a template and pictures that Excel would fetch", rewritten(RELATIONS, lambda b: related(b, "attachedTemplate", r"\\qaf.example\x.dotm", ' TargetMode="External"')), "accepted", ""),
    Variant("no workbook", "the workbook is another document's root", rewritten(WORKBOOK, lambda b: b.replace(b"workbook", b"document")), code="NOT_A_WORKBOOK"),
    Variant("workbook cut", "the workbook's part ends halfway", rewritten(WORKBOOK, lambda b: b[:900]), code=D),
    Variant("20,000 names", "names that copying between workbooks left behind", names(20_000), "accepted", ""),
    Variant("120,000 names", "more than any program keeps", names(120_000)),
    Variant("name of 2 MB", "a name that refers to two million letters", part(WORKBOOK, b"</definedNames>", b'<definedName name="x">' + b"A" * 2_000_000 + b"</definedName></definedNames>"), "accepted", ""),
    Variant("100,000 styles", "more styles than Excel allows", rewritten(STYLES, lambda b: b.replace(b"</cellXfs>", b'<xf numFmtId="0"/>' * 100_000 + b"</cellXfs>")), "accepted", ""),
    Variant("10 million styles", "45 MB of styles", rewritten(STYLES, lambda b: b.replace(b"</cellXfs>", b"<xf/>" * 10_000_000 + b"</cellXfs>"))),
    Variant("styles that are none", "the styles are a picture", rewritten(STYLES, lambda _: b"\x89PNG\r\n"), code=D),
    Variant("format of 1 MB", "a number format of a million letters", rewritten(STYLES, lambda b: b.replace(b"<cellXfs", b'<numFmts count="1"><numFmt numFmtId="200" formatCode="' + b"[" * 1_000_000 + b'"/></numFmts><cellXfs', 1)), "accepted", ""),
    Variant("chart on a sheet", "a sheet that is a chart (F11 in Excel)", one_sheet("chartsheet", f'<chartsheet xmlns="{MAIN}"/>'), "accepted", ""),
    Variant("dialog sheet", "a sheet that is a dialog of Excel 5", one_sheet("dialogsheet", f'<dialogsheet xmlns="{MAIN}"/>'), "accepted", ""),
    Variant("macro sheet", "a sheet of Excel 4 macros, which starts by itself", one_sheet("xlMacrosheet", f'<xm:macrosheet xmlns:xm="{MAIN}"/>'), "accepted", "MACROS"),
    Variant("sheet of no kind", "a sheet of a kind that nobody knows", one_sheet("surprise", "<x/>"), "accepted", ""),
    Variant("macros", "a macro project inside .xlsx", lambda p: pack({**p, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros", RELATIONS: related(p[RELATIONS], "vbaProject", "vbaProject.bin")}), "accepted", "MACROS"),
    Variant("macros unrelated", "a macro project that nothing refers to", plus({"xl/vbaProject.bin": b"macros"}), "accepted", "MACROS"),
    Variant("comments deep", "100,000 elements in one another in a comment", said(f"<comments>{'<a>' * 100_000}{'</a>' * 100_000}</comments>")),
    Variant("comments that declare", "an entity in the comments", said('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><comments/>')),
    Variant("comments related 20,000 times", "one part of comments, again and again", said(comments(3000), 20_000), "accepted", "COMMENT_NOT_READ"),
    Variant("comments of 5 MB", "more than anyone writes; none is read", said(comments(50, 100_000)), "accepted", ""),
    Variant("comments that are none", "the comments are a picture", said("\x89PNG"), "accepted", ""),
    Variant("comments gone", "the comments' part is missing", plus({SHEET_RELATIONS: related(NO_RELATIONS, "comments", "../nowhere.xml")}), "accepted", ""),
    Variant("comments outside", "comments at /etc/passwd", plus({SHEET_RELATIONS: related(NO_RELATIONS, "comments", "../../../../../etc/passwd")}), "accepted", ""),
    Variant("relations that are none", "a sheet's relations are no XML", plus({SHEET_RELATIONS: b"not xml <"}), "accepted", ""),
    Variant("properties of 5 MB", "document properties that never end", rewritten("docProps/custom.xml", lambda b: b + b" " * 5_000_000)),
    Variant("questions in the wrong order", "the sheets change places in the list, not in their relations", rewritten(WORKBOOK, lambda b: b.replace(b'r:id="rId2"', b"~").replace(b'r:id="rId3"', b'r:id="rId2"').replace(b"~", b'r:id="rId3"')), "needs_fixing", ""),
    Variant("sheet that is huge", "30 MB of blanks before the questions end, beside noise", lambda p: pack({**p, SHEET: p[SHEET].replace(b"</sheetData>", b" " * 38_000_000 + b"</sheetData>"), "a.bin": bytes(range(256)) * 1000 + pack(p) * 4}), "not_ours"),
)
