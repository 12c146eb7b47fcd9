"""Every kind of document can be read by everybody: with a screen reader, without colour, from the first heading to the last (specification 7.4)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from full_quarter import quarters
from papers import shipped

from qaf_sheets.outputs.documents import DOCUMENTS, drafts

LEAST = 4.5
"""The contrast of WCAG 2.2, level AA, between text and what is behind it."""


@cache
def papers() -> dict[str, list[Any]]:
    """Template → its documents in a quarter that has them all."""
    found: dict[str, list[Any]] = {}
    for given in quarters():
        for draft in drafts(given, shipped, shipped):
            if draft.path.endswith(".docx"):
                made = draft.write(())
                assert not made.refused, (draft.path, made.refused)
                found.setdefault(draft.kind.template, []).append(Word(io.BytesIO(made.data)))
    return found


TEMPLATES = sorted(k.template for k in DOCUMENTS)
each = pytest.mark.parametrize("template", TEMPLATES)


def test_no_kind_is_missing() -> None:
    assert sorted(papers()) == TEMPLATES


@each
def test_title_language_and_no_author(template: str) -> None:
    for word in papers()[template]:
        about = word.core_properties
        assert about.title
        assert (about.language, about.author) == ("en-GB", "")
        assert {lang.get(qn("w:val")) for lang in word.styles.element.xpath("//w:docDefaults//w:lang")} == {"en-GB"}


@each
def test_headings_are_real_ones_and_skip_no_level(template: str) -> None:
    for word in papers()[template]:
        levels = [int(p.style.name[-1]) for p in word.paragraphs if p.style.name.startswith("Heading") and p.text.strip()]
        assert levels
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in pairwise(levels)), levels
        assert next(p.style.name for p in word.paragraphs if p.text.strip()) in ("Title", "Heading 1") or template in ("head_of_service_summary.docx", "service_summary.docx")


@each
def test_tables_have_a_name_a_heading_row_and_no_merged_cells(template: str) -> None:
    for word in papers()[template]:
        for table in word.tables:
            assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None
            assert not list(table._tbl.iter(qn("w:gridSpan"), qn("w:vMerge")))
            listing = len(table.columns) > 2 and len(table.rows) > 2
            assert not listing or table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


@each
def test_pictures_say_what_they_show_and_nothing_floats(template: str) -> None:
    for word in papers()[template]:
        body = word.element.body
        assert all(p.get("descr") for p in body.iter(qn("wp:docPr")))
        assert not list(body.iter(qn("wp:anchor"), qn("w:txbxContent"), qn("w:framePr")))


@each
def test_no_empty_lines_are_used_as_space(template: str) -> None:
    for word in papers()[template]:
        empty = [not "".join(p.itertext()).strip() and not list(p.iter(qn("w:drawing"), qn("w:tbl"))) and p.tag == qn("w:p") for p in word.element.body]
        assert not any(a and b for a, b in pairwise(empty))


@each
def test_words_stand_out_from_what_is_behind_them(template: str) -> None:
    for word in papers()[template]:
        poor = {(text[:30], ink, paper) for text, ink, paper in _inked(word) if _contrast(ink, paper) < LEAST}
        assert poor == set()


def _inked(word: Any) -> Iterator[tuple[str, str, str]]:
    """Every run with its own colour or its style's, and the shade of the cell it stands in."""
    for paragraph in word.element.body.iter(qn("w:p")):
        cell = next(paragraph.iterancestors(qn("w:tc")), None)
        shade = cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}") if cell is not None else None
        fill = shade.get(qn("w:fill")) if shade is not None else "FFFFFF"
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        usual = _style_colour(word, style.get(qn("w:val")) if style is not None else "Normal")
        for run in paragraph.iter(qn("w:r")):
            own = run.find(f"{qn('w:rPr')}/{qn('w:color')}")
            text = "".join(t.text or "" for t in run.iter(qn("w:t")))
            if text.strip():
                yield text, own.get(qn("w:val")) if own is not None else usual, "FFFFFF" if fill == "auto" else fill


def _style_colour(word: Any, style_id: str) -> str:
    style = next((s for s in word.styles if s.style_id == style_id), None)
    while style is not None:
        found = style.element.find(f"{qn('w:rPr')}/{qn('w:color')}")
        if found is not None and found.get(qn("w:val")) != "auto":
            return str(found.get(qn("w:val")))
        style = style.base_style
    return "000000"


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance("000000" if c == "auto" else c) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
