"""A finished document as a person reads it: its lines in order, each under its heading, with the words that are somebody's own taken apart from ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn

TYPED = "…"
"""Stands where somebody's own words were."""


class Line(NamedTuple):
    """One paragraph, of a table's cell or not. `level` is that of a heading, 0 for other text; `ours` is the text without somebody's own words."""

    heading: str
    text: str
    ours: str
    level: int = 0


def lines(word: Any, typed: Collection[str] = ()) -> list[Line]:
    """Every paragraph of an open document that says anything, the body's in reading order, then headers and footers."""
    pieces = sorted({p for t in typed for p in _plain(t) if len(p) > 1}, key=len, reverse=True)
    levels = {s.style_id: int(s.name[-1]) for s in word.styles if re.fullmatch(r"Heading \d", s.name or "")}
    around = [rel.target_part._element for rel in word.part.rels.values() if rel.reltype in (RT.HEADER, RT.FOOTER)]  # as they were rendered
    return [*_lines(word.element.body, levels, pieces), *(line for part in around for line in _lines(part, {}, pieces))]


def _lines(part: Any, levels: dict[str, int], pieces: list[str]) -> Iterator[Line]:
    heading = ""
    for paragraph in part.iter(qn("w:p")):
        text = " ".join("".join(_words(paragraph)).split())
        if not text:
            continue
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        level = levels.get(style.get(qn("w:val")), 0) if style is not None else 0
        heading = text if level else heading
        yield Line(heading, text, _ours(text, pieces), level)


def _words(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        yield " " if node.tag != qn("w:t") else node.text or ""


def _plain(text: str) -> Iterator[str]:
    """A text as it stands in paragraphs: each on one line."""
    yield " ".join(text.split())
    yield from (" ".join(part.split()) for part in text.split("\n"))


def _ours(text: str, pieces: list[str]) -> str:
    for piece in pieces:
        if piece in text:
            text = text.replace(piece, TYPED)
    return text
