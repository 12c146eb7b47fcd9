"""Returned workbooks gone wrong in every way that a row of bytes can choose: parts of the archive, single cells, or what was read of them.

The same bytes always choose the same. The fuzz target (`fuzz/fuzz_reader.py`) looks for bytes that lead somewhere new; `test_fuzz.py` throws dice.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

from kit import CHILD, PEOPLE, audited, child_row, complete, edited, form, issue, sending
from openpyxl.comments import Comment

from qaf_sheets.book import Book, read_book
from qaf_sheets.checks import Context, check
from qaf_sheets.demo.fill import typed
from qaf_sheets.forms.identity import sign
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.mark_up import mark_up
from qaf_sheets.forms.read import read_form
from qaf_sheets.forms.write import Sending, write_form
from qaf_sheets.model import Child, Value

ACTIVITIES = ("OBS", "CCR", "DIP", "THEM", "MOD", "ROUT", "SUP_ASYE", "C_PEP")
KEY, WORKSPACE, TODAY = b"a key for tests", "W-000001", date(2026, 12, 14)
FACTS = {
    "people": {p.person_id: p for p in PEOPLE}, "minimum": 20, "minimum_ed": 40, "holidays": frozenset({date(2026, 12, 25), date(2027, 1, 1)}), "observed": frozenset({"P041"}),
    "children": {CHILD: Child(child_id=CHILD, worker_id="P041", chair_id="P016", level_of_need="Child Protection", closed_on=date(2026, 12, 1))}, "elsewhere": {"9304501": (("November", "CCR"),)},
}  # fmt: skip
ACTIONS: tuple[dict[str, Value], ...] = ({"action_text": "Update the plan with the network", "owner": "P016", "due_on": date(2027, 1, 15)}, {"action_text": "Ask Robin's aunt", "owner": "tbc"})
MORE: dict[str, bytes] = {}
"""Forms saved by other programs still, by a name that begins with their activity."""
T = TypeVar("T")
Parts = dict[str, bytes]


class Choices:
    """Decisions from a row of bytes; all the first once they are spent."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    @property
    def spent(self) -> bool:
        return self.at >= len(self.data)

    def take(self, n: int) -> bytes:
        """The next n bytes, or what is left."""
        self.at += n
        return self.data[self.at - n : self.at]

    def below(self, n: int) -> int:
        return int.from_bytes(self.take(1 if n <= 256 else 2 if n <= 65_536 else 3), "big") % n

    def of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def text(self) -> str:
        return self.take(self.below(40)).decode("utf-8", "replace")


class Seed(NamedTuple):
    """A filled form as one program or another saved it."""

    activity: str
    parts: Mapping[str, bytes]
    book: Book


def sent(activity: str) -> Sending:
    """All that an issued workbook says beside its form, signed."""
    return sending(activity).model_copy(update={"identity": sign(issue(activity), WORKSPACE, KEY)})


def context(activity: str) -> Context:
    return Context(issue=issue(activity), today=TODAY, **FACTS)


def _leave_things(book: Any) -> None:
    """A comment, a row that is hidden, a sheet of somebody's own."""
    first = book[book.sheetnames[1]]
    first["C5"].comment = Comment("Please ring me", "Somebody")
    first.row_dimensions[6].hidden = True
    book.create_sheet("My notes")["A1"] = "Ring the school"


def _typed(activity: str) -> bytes:
    children = {"DIP": [child_row(n) for n in range(10)], "THEM": [audited(n) for n in range(3)]}.get(activity, [])
    said = complete(activity, **({"child_name": "Robin Notareal", "pen_picture": "Robin likes drawing and is proud of a new school coat."} if activity == "CCR" else {}))
    return typed(write_form(form(activity), sent(activity)), lay_out(form(activity)), said, {"actions": ACTIONS, "children": children})


def _copy(activity: str, data: bytes) -> bytes:
    """What our own program writes: the copy that comes back."""
    book = read_book(data, "form.xlsx")
    assert isinstance(book, Book), book
    read = read_form(book, form(activity), lay_out(form(activity)), PEOPLE)
    return mark_up(form(activity), sent(activity), read, (*read.problems, *check(read.content, form(activity), context(activity)))).data


@cache
def saved() -> Mapping[str, bytes]:
    """Filled forms by a name that begins with their activity: typed in with openpyxl, as issued, and as they come back."""
    filled = {a: _typed(a) for a in ACTIVITIES}
    return {
        **{f"{a}-typed": data for a, data in filled.items()}, "OBS-issued": write_form(form("OBS"), sent("OBS")), "OBS-notes": edited(filled["OBS"], _leave_things),
        **{f"{a}-copy": _copy(a, filled[a]) for a in ("CCR", "DIP", "THEM")}, **MORE,
    }  # fmt: skip


def seed(name: str, data: bytes) -> Seed:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    book = read_book(data, name)
    assert isinstance(book, Book), (name, book)
    return Seed(name.split("-")[0], parts, book)


@cache
def seeds() -> tuple[Seed, ...]:
    return tuple(seed(name, data) for name, data in saved().items())


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name), body, method)
    return out.getvalue()


# ---------------------------------------------------------------- one part, as XML

TOKENS: tuple[bytes, ...] = (
    b"", b"0", b"-1", b"1", b"2", b"4294967295", b"4294967296", b"18446744073709551616", b"NaN", b"inf", b"-inf", b"1e999", b"1e308", b"0.1", b"46000", b"46000.75", b"-5", b"60", b"2958466", b"1e15",
    b"true", b"e", b"s", b"d", b"b", b"str", b"n", b"inlineStr", b"hidden", b"veryHidden", b"A1", b"a1", b"C5", b"C0", b"XFD1048576", b"AAAA1", b"A99999999999", b"A0000020001", b"$C$5", b"C5:C9", b"A\xc2\xb2", b"\xd9\xa1",
    b"#REF!", b"#VALUE!", b"#N/A", b"Observation!$C$5", b"'Observation'!$C$60", b"'It''s'!$A$1", b"Actions!$A$3:$H$30", b"[1]Other!$A$1", b"=1+1", b"tbc", b"Yes", b"No", b"Good", b"Good/RI", b"P041", b"9304518",
    b"31/02/2026", b"13/12/2026", b"2026-12-13", b"2026-12-13T10:00:00", b"0001-01-01", b"99999-01-01", b"PT10H", b"_x0000_", b"_x000D_", b"_xFFFF_", b"_x0041_", b"_xD83D_", b"&#10;", b"&#13;", b"&amp;", b"&bad;", b"&#xFFFE;",
    b"\xef\xbf\xbf", b"\xc2\xa0", b"\xe2\x80\x8e", b"\xff\xfe", b"\x00", b"]]>", b"<!-- -->", b"<![CDATA[x]]>", b"<?x y?>", b"rId1", b"rId99", b"../worksheets/sheet1.xml", b"/xl/worksheets/sheet2.xml", b"worksheets\\sheet1.xml",
    b"http://example.invalid/", b"yyyy-mm-dd", b"[h]:mm", b"x" * 33_000, b" " * 40_000, b"9" * 5_000,
)  # fmt: skip
ATTRIBUTE = re.compile(rb"\s[\w:]+=\"([^\"]*)\"")
WORDS = re.compile(rb">([^<>]+)<")
ELEMENT = re.compile(rb"<(c|row|si|sheet|definedName|Relationship|Override|property|comment|xf|numFmt|sheetData|v|is|f)\b(?:[^>]*/>|.*?</\1>)", re.DOTALL)


def _span(pattern: re.Pattern[bytes], xml: bytes, choices: Choices, group: int = 0) -> tuple[int, int]:
    """Where one of the matches stands; nothing at a place chosen where there is none."""
    found = [m.span(group) for m in pattern.finditer(xml)]
    at = choices.below(65_536)
    return found[at % len(found)] if found else (at % (len(xml) + 1),) * 2


def _token(choices: Choices) -> bytes:
    n = choices.below(256)
    return TOKENS[n % len(TOKENS)] if n < 224 else choices.text().encode() if n < 252 else choices.take(choices.below(24))


def _attribute(xml: bytes, choices: Choices) -> bytes:
    start, end = _span(ATTRIBUTE, xml, choices, 1)
    return xml[:start] + _token(choices) + xml[end:]


def _words(xml: bytes, choices: Choices) -> bytes:
    start, end = _span(WORDS, xml, choices, 1)
    return xml[:start] + _token(choices) + xml[end:]


def _drop(xml: bytes, choices: Choices) -> bytes:
    start, end = _span(ELEMENT, xml, choices)
    return xml[:start] + xml[end:]


def _repeat(xml: bytes, choices: Choices) -> bytes:
    start, end = _span(ELEMENT, xml, choices)
    return xml[:end] + xml[start:end] * choices.of((1, 2, 50)) + xml[end:]


def _exchange(xml: bytes, choices: Choices) -> bytes:
    """One element's place taken by another's."""
    (start, end), (first, last) = _span(ELEMENT, xml, choices), _span(ELEMENT, xml, choices)
    return xml[:start] + xml[first:last] + xml[end:]


def _splice(xml: bytes, choices: Choices) -> bytes:
    at = choices.below(65_536) % (len(xml) + 1)
    return xml[:at] + _token(choices) + xml[at + choices.below(20) :]


def _torn(xml: bytes, choices: Choices) -> bytes:
    return xml[: choices.below(65_536) % (len(xml) + 1)]


def _rewritten(xml: bytes, choices: Choices) -> bytes:
    """Said another way: an encoding, quotation marks, a namespace's prefix, Strict."""
    how = choices.below(6)
    text = xml.decode("utf-8", "replace")
    if how == 0:
        return text.replace("UTF-8", "UTF-16").encode("utf-16")
    if how == 1:
        return b"\xef\xbb\xbf" + xml
    if how == 2:
        return re.sub(rb"\s([\w:]+)=\"([^\"']*)\"", rb" \1='\2'", xml)
    if how == 3:
        return re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")
    return text.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main").encode() if how == 4 else b""


XML: tuple[Callable[[bytes, Choices], bytes], ...] = (_attribute, _words, _attribute, _words, _drop, _repeat, _exchange, _splice, _torn, _rewritten)


# ---------------------------------------------------------------- a cell, and the archive


def _sheet_part(seed: Seed, sheet: str) -> str:
    """The part of a sheet, as all our seeds link them: in the order of the workbook."""
    return f"xl/worksheets/sheet{[*seed.book.sheets].index(sheet) + 1}.xml"


CELLS = (
    b'<c r="%s"><v>%s</v></c>', b'<c r="%s" t="s"><v>%s</v></c>', b'<c r="%s" t="str"><v>%s</v></c>', b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>', b'<c r="%s" t="d"><v>%s</v></c>',
    b'<c r="%s" t="e"><v>%s</v></c>', b'<c r="%s" t="b"><v>%s</v></c>', b'<c r="%s"><f>1+1</f><v>%s</v></c>', b'<c r="%s" t="str"><f>A1</f><v>%s</v></c>', b'<c r="%s" s="2"><v>%s</v></c>',
)  # fmt: skip


def _cell(parts: Parts, seed: Seed, choices: Choices) -> None:
    """An answer's or a label's cell, or one in a table, says something else in one of the ways that the format has."""
    layout = lay_out(form(seed.activity))
    cells = [(p.sheet, c) for p in layout.every for c in (p.cell, p.label_cell)] + [(t.sheet, f"{c[1]}{r}") for t in layout.tables for c in t.columns for r in range(t.header_row, t.first_row + 4)]
    sheet, cell = cells[choices.below(65_536) % len(cells)]
    part = next((p for s, p in ((s, _sheet_part(seed, s)) for s in seed.book.sheets) if s == sheet), "")
    if part in parts:
        said = choices.of(CELLS) % (cell.encode(), _token(choices))
        parts[part] = re.sub(rb'<c r="%s"(?:[^>]*/>|.*?</c>)' % cell.encode(), lambda _: said, parts[part], count=1, flags=re.DOTALL)


def _part(parts: Parts, seed: Seed, choices: Choices) -> None:
    """A part is gone, stands in another's place, under another name, or is not one of ours."""
    names = sorted(parts)
    one, other = choices.of(names), choices.of(names)
    how = choices.below(5)
    if how == 0:
        del parts[one]
    elif how == 1:
        parts[one] = parts[other]
    elif how == 2:
        parts[one.upper()] = parts.pop(one)
    elif how == 3:
        parts[one.replace("/", "\\")] = parts.pop(one)
    else:
        parts[choices.of(("xl/vbaProject.bin", "xl/comments/comment9.xml", "xl/threadedComments/threadedComment1.xml", "[trash]/0.dat"))] = choices.take(40)


def mutate_archive(seed: Seed, choices: Choices) -> bytes:
    """A seed with a few things wrong, zipped again."""
    parts = dict(seed.parts)
    for _ in range(choices.of((1, 1, 1, 2, 2, 3, 5, 8))):
        if choices.spent or not parts:
            break
        how = choices.below(8)
        if how < 4:
            _cell(parts, seed, choices)
        elif how == 4:
            _part(parts, seed, choices)
        else:
            name = choices.of(sorted(parts))
            parts[name] = choices.of(XML)(parts[name], choices)
    data = zipped(parts, zipfile.ZIP_DEFLATED if choices.below(8) == 1 else zipfile.ZIP_STORED)
    if choices.below(32) == 1:
        at = choices.below(65_536) % len(data)  # a bit that fell over in the archive's own bookkeeping
        data = data[:-at] + bytes([data[-at] ^ (1 << choices.below(8))]) + data[len(data) - at + 1 :] if at else data[:-1]
    return data
