"""Unlucky but good: what other programs and people do to a form without touching an answer. Each is accepted with the same answers."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable

import openpyxl

from hostile.making import (
    IDENTITY,
    MAIN,
    OFFICE,
    RELATIONS,
    ROOT,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    Make,
    Parts,
    Variant,
    both,
    listed,
    own,
    pack,
    packed,
    plus,
    related,
    renamed,
    rewritten,
    shared,
    unpacked,
    without,
)

SHEETS = tuple(f"xl/worksheets/sheet{n}.xml" for n in range(1, 7))


class _Pipe(io.RawIOBase):
    """A file that cannot be gone back in, as a download is."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[arg-type]
        return len(bytes(data))  # type: ignore[arg-type]


def streamed(parts: Parts) -> bytes:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, body in parts.items():
            archive.writestr(name, body)
    return bytes(pipe.written)


def zip64(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(body)
    return out.getvalue()


def with_extra(parts: Parts) -> bytes:
    """Times of the day in extra bytes, as Info-ZIP writes them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            info = zipfile.ZipInfo(name)
            info.extra, info.external_attr, info.create_system = struct.pack("<HHBL", 0x5455, 5, 1, 1_790_000_000), 0o644 << 16, 3
            archive.writestr(info, body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_folders(parts: Parts) -> bytes:
    return pack({**dict.fromkeys(("xl/", "xl/worksheets/", "docProps/", "_rels/"), b""), **parts})


def every(change: Callable[[bytes], bytes]) -> Make:
    """All sheets written another way."""
    return lambda parts: pack({n: change(b) if n in SHEETS else b for n, b in parts.items()})


def edited(change: Callable[[openpyxl.Workbook], object]) -> Make:
    """Opened, changed and saved by openpyxl."""

    def make(parts: Parts) -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(pack(parts)))
        change(book)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return make


def more_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("My notes")["B2"] = "Ring the school"


def very_hidden(book: openpyxl.Workbook) -> None:
    book.create_sheet("add-in").sheet_state = "veryHidden"
    book["add-in"]["A1"] = "licence"


def shuffled(book: openpyxl.Workbook) -> None:
    book.move_sheet("Observation", 3)


def coloured(book: openpyxl.Workbook) -> None:
    book["Observation"].row_dimensions[1048576].height = 30
    book["Observation"]["XFD1048576"].font = openpyxl.styles.Font(bold=True)


def prefixed(xml: bytes) -> bytes:
    """Every element with a prefix, as some programs write."""
    told = re.sub(rb"<(/?)([A-Za-z]\w*)(?=[\s/>])", rb"<\1x:\2", xml)
    return told.replace(b'xmlns="', b'xmlns:x="', 1)


def unnumbered(xml: bytes) -> bytes:
    """Cells without their references, wherever they follow one another without a gap."""

    def row(found: re.Match[bytes]) -> bytes:
        cells = re.findall(rb'<c r="([A-Z]+)\d+"', found[0])
        whole = cells == [bytes([65 + n]) for n in range(len(cells))]
        return re.sub(rb'<c r="[A-Z]+\d+"', b"<c", found[0]) if whole else found[0]

    return re.sub(rb"<row .*?</row>", row, xml, flags=re.DOTALL)


def strict(parts: Parts) -> bytes:
    """Strict Open XML, which Excel offers to save as."""
    def change(body: bytes) -> bytes:
        return body.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")

    return pack({n: change(b) if n.endswith((".xml", ".rels")) and n != TYPES else b for n, b in parts.items()})


def turned(parts: Parts) -> bytes:
    return pack(dict(reversed(parts.items())))


def elsewhere(parts: Parts) -> bytes:
    """The workbook's part is called workbook22.xml."""
    names = {WORKBOOK: "xl/workbook22.xml", RELATIONS: "xl/_rels/workbook22.xml.rels"}
    told = {names.get(n, n): b for n, b in parts.items()}
    return pack({**told, ROOT: told[ROOT].replace(b"xl/workbook.xml", b"xl/workbook22.xml"), TYPES: told[TYPES].replace(b"xl/workbook.xml", b"xl/workbook22.xml")})


def linked(parts: Parts) -> bytes:
    link = f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"/></externalLink>'.encode()
    relations = related(b"<Relationships></Relationships>", "externalLinkPath", "file:///\\\\qaf.example\\Other.xlsx", ' TargetMode="External"')
    return pack({**parts, "xl/externalLinks/externalLink1.xml": link, "xl/externalLinks/_rels/externalLink1.xml.rels": relations, RELATIONS: related(parts[RELATIONS], "externalLink", "externalLinks/externalLink1.xml")})


def quoted(xml: bytes) -> bytes:
    return re.sub(rb'(<(?:c|row|sheet|worksheet)\b[^>]*>)', lambda m: m[1].replace(b'"', b"'"), xml)


def good(name: str, how: str, make: Make, code: str = "") -> Variant:
    return Variant(name, how, make, "accepted", code)


ROWS = (
    good("as it is", "packed again by Python", pack),
    good("stored", "nothing is deflated", lambda p: pack(p, zipfile.ZIP_STORED)),
    good("streamed", "lengths follow the members, as when it was written to a download", streamed),
    good("ZIP64", "every member has the long header", zip64),
    good("extra bytes", "times of the day as Info-ZIP writes them", with_extra),
    good("folders", "with lines for its folders", with_folders),
    good("last part first", "members in another order", turned),
    good("comment", "a comment at the end of the archive", lambda p: pack(p, comment=b"Scanned by the mail gateway; no threat found")),
    good("long comment", "the longest comment there is", lambda p: pack(p, comment=b"x" * 65_535)),
    good("blank line before it", "a line end that a web server put first", packed(lambda d: b"\r\n" + d)),
    good("junk before it", "five kilobytes of something else first", packed(lambda d: b"\x7fELF" + b"\1" * 5000 + d)),
    good("a few bytes behind it", "ten zeros after the end", packed(lambda d: d + bytes(10))),
    good("text files", "the flag for text files is set", both(listed(SHEET, 36, "<H", 1))),
    good("read only", "attributes of another system", both(listed(SHEET, 38, "<L", 0x81A40021))),
    good("of 1980", "without dates of its members", both(listed(SHEET, 14, "<H", 0), own(SHEET, 12, "<H", 0))),
    good("Windows slashes", "backslashes in the names, as old .NET programs write", lambda p: pack({n.replace("/", "\\"): b for n, b in p.items()}).replace(b"xl/work", b"xl\\work")),
    good("capitals", "other capitals in the names", lambda p: pack({n.upper() if n.startswith("xl/") else n: b for n, b in p.items()})),
    good("saved by openpyxl", "opened and saved by another program", edited(lambda _: None)),
    good("saved twice", "and once more", lambda p: edited(lambda _: None)(unpacked(edited(lambda _: None)(p)))),
    good("a sheet of one's own", "notes on another sheet", edited(more_sheet), "SHEET_NOT_READ"),
    good("very hidden sheet", "what an add-in leaves behind", edited(very_hidden)),
    good("sheets moved", "the questions stand last", edited(shuffled)),
    good("far formats", "the last cell there is, in bold", edited(coloured)),
    good("renamed part", "the questions' part has another name", lambda p: pack({**{("xl/worksheets/quest ions.xml" if n == SHEET else n): b for n, b in p.items()}, RELATIONS: p[RELATIONS].replace(b"sheet2.xml", b"quest ions.xml")})),
    good("relative paths", "relations without a slash first", rewritten(RELATIONS, lambda b: b.replace(b'"/xl/', b'"'))),
    good("workbook22.xml", "the workbook has another name, as cloud programs write", elsewhere),
    good("no root relations", "the first relations are missing", without(ROOT)),
    good("no content types", "the list of kinds is missing", without(TYPES)),
    good("no properties", "the document properties are missing", without("docProps/custom.xml")),
    good("identity only in properties", "the hidden sheet is blank", rewritten(IDENTITY, lambda b: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", b, flags=re.DOTALL))),
    good("shared texts", "texts in a table of their own, as Excel writes", lambda p: pack(shared(p))),
    good("shared texts elsewhere", "that table under another name", lambda p: pack({("xl/texts.xml" if n == STRINGS else n): (b.replace(b"sharedStrings.xml", b"texts.xml") if n == RELATIONS else b) for n, b in shared(p).items()})),
    good("rich text", "an answer in two fonts", every(lambda b: b.replace(b"<is><t>Avery Exampleworth (P031)</t></is>", b"<is><r><rPr><b/></rPr><t>Avery Example</t></r><r><t>worth (P031)</t></r></is>"))),
    good("prefixed", "every element of the sheets has a prefix", every(prefixed)),
    good("single quotes", "attributes in single quotes", every(quoted)),
    good("no references", "cells without their references", every(unnumbered)),
    good("byte order mark", "a mark before each sheet", every(lambda b: b"\xef\xbb\xbf" + b)),
    good("declaration", "an XML declaration before each sheet", every(lambda b: b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + b)),
    good("small letters", "utf-8 in small letters", every(lambda b: b"<?xml version='1.0' encoding='utf-8'?>\n" + b)),
    good("indented", "a line for each row and cell", every(lambda b: b.replace(b"<row ", b"\n  <row ").replace(b"<c ", b"\n    <c "))),
    good("numbered letters", "letters as numbers: &#65;", every(lambda b: b.replace(b"Avery Exampleworth (P031)", b"&#65;very&#x20;Exampleworth (P031)"))),
    good("strict", "saved as Strict Open XML", strict),
    good("unknown element", "an element of the future in the sheets", every(lambda b: b.replace(b"</worksheet>", b'<f:new xmlns:f="urn:future"><f:c r="XFD1048576"><f:v>1</f:v></f:c></f:new></worksheet>'))),
    good("link to a workbook", "a link to another workbook on a share", linked),
    good("custom parts", "what SharePoint adds, in UTF-16", plus({"customXml/item1.xml": '<?xml version="1.0" encoding="utf-16"?><properties/>'.encode("utf-16"), "customXml/itemProps1.xml": b"<ds/>"})),
    good("custom part that is none", "an empty custom part", plus({"customXml/item2.xml": b""})),
    good("thumbnail", "a small picture of itself", plus({"docProps/thumbnail.jpeg": bytes(range(256)) * 100})),
    good("pictures", "two pasted photographs of 3 MB", plus({f"xl/media/image{n}.jpeg": random.Random(n).randbytes(3_000_000) for n in (1, 2)})),
    good("printer", "a printer's settings and the order of calculation", plus({"xl/printerSettings/printerSettings1.bin": b"\0p" * 500, "xl/calcChain.xml": b"<calcChain/>"})),
    good("old drawing", "a drawing in old markup that is no XML", plus({"xl/drawings/vmlDrawing1.vml": b"<xml><br>not closed"})),
    good("theme that is none", "the colours' part is damaged", rewritten("xl/theme/theme1.xml", lambda b: b[:500])),
    good("a workbook in the workbook", "another workbook, pasted as an object", lambda p: pack({**p, "xl/embeddings/Microsoft_Excel_Sheet.xlsx": pack(p)}, zipfile.ZIP_STORED)),
    good("from a Mac", "with what a Mac's own zip program adds", plus({"__MACOSX/xl/._workbook.xml": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1"})),
    good("signed", "a digital signature", plus({"_xmlsignatures/sig1.xml": b"<Signature/>", "_xmlsignatures/origin.sigs": b""})),
    good("name of 300 letters", "a picture with a long name", plus({f"xl/media/{'p' * 300}.png": b"x"})),
    good("emoji in a name", "a picture with an emoji for a name", plus({"xl/media/\U0001f600.png": b"x"})),
    good("styles unnamed", "the theme is missing", without("xl/theme/theme1.xml")),
    good("styles elsewhere", "the styles under another name", lambda p: pack({("xl/look.xml" if n == STYLES else n): (b.replace(b"styles.xml", b"look.xml") if n == RELATIONS else b) for n, b in p.items()})),
    good("questions first", "the questions' part first in the archive", lambda p: pack({SHEET: p[SHEET], **p})),
    good("unused part", "a part that nothing refers to", renamed("docProps/app.xml", "docProps/apps.xml")),
)
