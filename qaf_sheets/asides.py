"""What people put beside the answers of a workbook: comments, old and threaded. Never stops the reading of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from defusedxml.common import DefusedXmlException

from qaf_sheets.markup import local
from qaf_sheets.package import MAX_TREE, Package

UNREADABLE = (ParseError, ExpatError, DefusedXmlException, BadZipFile, ValueError)
CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
MAX_TEXT, MAX_NAME = 30_000, 80
"""Characters of one comment, and of who wrote it."""
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


class Comment(NamedTuple):
    """All that is said in a cell's comment, and by whom it begins."""

    text: str
    author: str


def comments_with_authors(package: Package, sheet: str) -> Mapping[str, Comment]:
    """The same with who wrote them. A thread has each remark under its writer's name; the old comment that Excel keeps for it is left out."""
    found: dict[str, Comment] = {}
    threads: dict[str, list[tuple[str, str]]] = {}
    for part, tag in _parts(package, sheet):
        people = _persons(package) if tag == "threadedComment" else _authors(package, part)
        for element in _elements(package, part, tag):
            at, text = CELL.fullmatch(element.get("ref", "").replace("$", "")), "".join(t.text or "" for t in element.iter() if local(str(t.tag)) in ("t", "text")).strip()
            author = people.get(element.get("personId" if tag == "threadedComment" else "authorId", ""), "")
            if at and text and tag == "threadedComment":
                threads.setdefault(at[0], []).append((author, text))
            elif at and text:
                found[at[0]] = Comment(text[:MAX_TEXT], author)
    return found | {cell: _thread(said) for cell, said in threads.items()}


def _thread(said: list[tuple[str, str]]) -> Comment:
    alone = len(said) == 1
    return Comment("\n".join(text if alone or not author else f"{author}: {text}" for author, text in said)[:MAX_TEXT], said[0][0])


def _authors(package: Package, part: str) -> Mapping[str, str]:
    """Who wrote the old comments, by number."""
    return {str(n): " ".join((e.text or "").split())[:MAX_NAME] for n, e in enumerate(_elements(package, part, "author"))}


def _persons(package: Package) -> Mapping[str, str]:
    """Who wrote in threads, by the id Excel gives them."""
    places = ("xl/persons/person.xml", *(f"xl/persons/person{n}.xml" for n in range(1, 4)))
    return {e.get("id", ""): " ".join(e.get("displayName", "").split())[:MAX_NAME] for place in places for e in _elements(package, place, "person")}
