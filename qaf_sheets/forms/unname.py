"""A workbook as it came, without a child's name: the text of its parts is patched where the name stands, and all else stays byte for byte.

Loading and saving a stranger's workbook would lose parts that no library knows; what is kept must stay what was sent (specification 7.3).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from html import unescape
from typing import NamedTuple
from xml.sax.saxutils import escape

from qaf_sheets.book import paths_of
from qaf_sheets.forms.names import IN_NAMES, NAMED, finder
from qaf_sheets.model import Value

TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+|<", re.DOTALL)
TAG = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)")
ATTRIBUTE = re.compile(r"(\s(?:[\w.-]+:)?([\w.-]+)\s*=\s*)(?:\"([^\"]*)\"|'([^']*)')")
SAYS = frozenset({
    "name", "displayName", "uniqueName", "caption", "descr", "description", "title", "alt", "tooltip", "display", "location", "prompt", "promptTitle", "error", "errorTitle",
    "comment", "author", "userId", "userName", "Target", "PartName",
})  # fmt: skip
"""The attributes in which people's words or the names of sheets and files stand; others are of the format."""
FORMULA = frozenset({"f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"})
HEADING = re.compile(r"(?:odd|even|first)(?:Header|Footer)")
HEADING_CODE = re.compile(r"(&(?:\"[^\"]*\"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z]))")
"""What formats the head and foot of a page: "&L" before the words on its left."""
WHOLE = frozenset({"si", "is", "text", "p"})
"""Elements whose pieces of text are read as one: a name may be half bold."""
SIGN = re.compile(r"_x([0-9A-Fa-f]{4})_")
TEXTUAL, HARMLESS = (".xml", ".rels", ".vml"), re.compile(r"xl/printerSettings/")


class Unnamed(NamedTuple):
    """The workbook without the names; and the parts that no text can be read from (pictures, objects), which a person may want to look at."""

    data: bytes
    unseen: tuple[str, ...]


def texts_of(data: bytes) -> frozenset[str]:
    """All that a workbook of ours says, in its cells and elsewhere, by whole texts: what a form said when it was handed out names no child."""
    said: set[str] = set()

    def note(text: str) -> str:
        said.add(text.strip())
        return text

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(TEXTUAL):
                _patched(archive.read(name).decode(), note, lambda text, _: note(text))
    return frozenset(said)


def unname(data: bytes, names: Iterable[Value], cells: Collection[tuple[str, str]], ours: Collection[str]) -> Unnamed:
    """Take the names out: `cells` (sheet, cell) are where they were asked for, and are emptied of whatever stands there.

    Everywhere else each name is taken out as `names.finder` finds it, but for texts that are `ours` as they stand. The same file gives the same bytes.
    """
    clean = _Clean([str(n) for n in names if n is not None], ours)
    unseen: list[str] = []
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        asked = _by_part(data, cells)
        for entry in old.infolist():
            body = _part(entry.filename, old.read(entry), asked.get(entry.filename.replace("\\", "/").casefold(), ()), clean)
            if body is None:
                unseen.append(entry.filename)
            told = zipfile.ZipInfo(clean.word(entry.filename), entry.date_time)
            told.compress_type, told.external_attr, told.create_system = entry.compress_type, entry.external_attr, entry.create_system
            new.writestr(told, old.read(entry) if body is None else body)
    return Unnamed(out.getvalue(), tuple(unseen))


def _by_part(data: bytes, cells: Collection[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The cells by part; capitals tell no parts apart."""
    return {path.casefold(): tuple(cell for s, cell in cells if s == sheet) for sheet, path in paths_of(data).items()}


def _part(name: str, body: bytes, cells: Iterable[str], clean: _Clean) -> bytes | None:
    """One part without the names; None where it cannot be read as text."""
    if HARMLESS.match(name) or not body:
        return body
    if not name.endswith(TEXTUAL):
        return None
    code = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = body.decode(code)
    except UnicodeDecodeError:
        return None
    for cell in cells:
        text = _emptied(text, cell)
    after = _patched(text, clean.text, clean.of)
    return body if after == body.decode(code) else after.encode(code)


def _emptied(xml: str, cell: str) -> str:
    """A sheet with other words in one cell, wherever its own words are kept: shared ones may be another answer's too."""
    found = re.compile(rf"<((?:\w+:)?)c\b((?:\s[\w:]+=\"[^\"]*\")*?\sr=\"{cell}\"(?:\s[\w:]+=\"[^\"]*\")*)\s*(?:/>|>.*?</\1c>)", re.DOTALL)

    def other(at: re.Match[str]) -> str:
        space, attributes = at[1], re.sub(r"\st=\"\w+\"", "", at[2])
        return f'<{space}c{attributes} t="inlineStr"><{space}is><{space}t>{NAMED}</{space}t></{space}is></{space}c>'

    return found.sub(other, xml, count=1)


class _Clean:
    """Texts without the names in them."""

    def __init__(self, names: Collection[str], ours: Collection[str]) -> None:
        self.found, self.ours = finder(names), ours
        self.wholes = {n.strip() for n in names if finder([n])}

    def text(self, said: str) -> str:
        """Words of a cell, a comment or a heading."""
        if self.found is None or said.strip() in self.ours:
            return said
        return NAMED if said.strip() in self.wholes else self.found.sub(NAMED, said)

    def word(self, said: str) -> str:
        """The name of a sheet or a part, or a formula."""
        return said if self.found is None or said.strip() in self.ours else self.found.sub(IN_NAMES, said)

    def of(self, said: str, tag: str) -> str:
        """What stands in a tag's attribute, or between the tags of a formula."""
        return self.word(said)


def _patched(xml: str, text: Callable[[str], str], word: Callable[[str, str], str]) -> str:
    """XML with its texts changed by `text`, its formulas and telling attributes by `word`; what neither changes stays as it was written."""
    tokens = TOKEN.findall(xml)
    for places, tag in _texts(tokens):
        before = "".join(_read(tokens[n]) for n in places)
        words = HEADING_CODE.split(before) if HEADING.fullmatch(tag) else [before]
        after = word(before, tag) if tag in FORMULA else "".join(text(w) for w in words)
        if after != before:
            tokens[places[0]] = _written(after)
            for n in places[1:]:
                tokens[n] = ""
    for n, token in enumerate(tokens):
        if token.startswith(("<!--", "<![CDATA[")):
            tokens[n] = text(token)
        elif token.startswith("<") and "=" in token:
            tokens[n] = _with_attributes(token, word)
    return "".join(tokens)


def _texts(tokens: list[str]) -> Iterator[tuple[list[int], str]]:
    """Where each text stands among the tokens, and in which element: several places for one that is in pieces."""
    open_tags: list[str] = []
    pieces: list[int] = []
    for n, token in enumerate(tokens):
        if not token.startswith("<"):
            inside = next((t for t in reversed(open_tags) if t in WHOLE), "")
            if inside and open_tags[-1] in ("t", "text"):
                pieces.append(n)
            elif token.strip():
                yield [n], open_tags[-1] if open_tags else ""
        elif (tag := TAG.match(token)) and not token.endswith("/>"):
            if not tag[1]:
                open_tags.append(tag[2])
                continue
            if open_tags:
                open_tags.pop()
            if tag[2] in WHOLE and pieces:
                yield pieces, tag[2]
                pieces = []


def _with_attributes(token: str, word: Callable[[str, str], str]) -> str:
    tag = TAG.match(token)

    def changed(at: re.Match[str]) -> str:
        before = unescape(at[3] if at[3] is not None else at[4])
        after = word(before, tag[2] if tag else "") if at[2] in SAYS else before
        return at[0] if after == before else f'{at[1]}"{escape(after, {chr(34): "&quot;"})}"'

    return ATTRIBUTE.sub(changed, token)


def _read(xml: str) -> str:
    """What a text says: entities and Excel's own signs for control characters (_x000D_) as what they mean."""
    return SIGN.sub(lambda at: chr(int(at[1], 16)), unescape(xml))


def _written(text: str) -> str:
    signs = "".join(f"_x{ord(c):04X}_" if ord(c) < 32 and c not in "\t\n" else c for c in re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text))
    return escape(signs)
