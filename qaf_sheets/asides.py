"""What people put beside the answers of a workbook: comments, old and threaded. Never stops the reading of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from defusedxml.common import DefusedXmlException

from qaf_sheets.markup import local
from qaf_sheets.package import MAX_TREE, Package

UNREADABLE = (ParseError, ExpatError, DefusedXmlException, BadZipFile, ValueError)
CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
KINDS = {"comments": "comment", "threadedComment": "threadedComment"}
"""What a sheet's relation to its comments is called → what one of them is called. Excel keeps a threaded one among the old ones, too."""


def comments_of(package: Package, sheet: str) -> Mapping[str, str]:
    """The comments of the sheet with this part, by cell; replies follow what they answer. A part that cannot be read has none."""
    said: dict[str, list[str]] = {}
    for part, tag in _parts(package, sheet):
        for element in _elements(package, part, tag):
            text = "".join(t.text or "" for t in element.iter() if local(str(t.tag)) in ("t", "text")).strip()
            at = CELL.match(element.get("ref", "").replace("$", ""))
            if text and at:
                said.setdefault(at[0], []).append(text)
    return {cell: "\n".join(texts) for cell, texts in said.items()}


def _parts(package: Package, sheet: str) -> Mapping[tuple[str, str], None]:
    """Where a sheet's comments are, and what each is called there; each once."""
    try:
        return dict.fromkeys((r.path, KINDS[r.kind]) for r in package.relations(sheet).values() if r.kind in KINDS)
    except UNREADABLE:
        return {}


def _elements(package: Package, part: str, tag: str) -> Iterator[Element]:
    """The elements of one name in a part, whatever its namespace."""
    if 0 < package.size(part) <= MAX_TREE:
        try:
            yield from (e for e in package.tree(part).iter() if local(str(e.tag)) == tag)
        except UNREADABLE:
            return
