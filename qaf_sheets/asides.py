"""What people put beside the answers of a workbook: comments, old and threaded, and rows they hid. Never stops the reading of the answers."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

MAX_PART = 4_000_000
ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
NUMBER, HIDDEN = re.compile(rb"\br=[\"'](\d{1,7})[\"']"), re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
KINDS = {"comments": "comment", "threadedComment": "threadedComment"}
"""What a sheet's relation to its comments is called → what one of them is called. Excel keeps a threaded one among the old ones, too."""


def hidden_rows(xml: bytes) -> frozenset[int]:
    """The numbers of the rows of a sheet's part that are hidden, by hand or by a filter."""
    rows = ((NUMBER.search(attributes), attributes) for attributes in ROW.findall(xml) if b"hidden" in attributes)
    return frozenset(int(number[1]) for number, attributes in rows if number and HIDDEN.search(attributes))


def comments_of(archive: zipfile.ZipFile, sheet: str) -> Mapping[str, str]:
    """The comments of the sheet with this part, by cell; replies follow what they answer. A part that cannot be read has none."""
    said: dict[str, list[str]] = {}
    for part, tag in _parts(archive, sheet):
        for element in _elements(archive, part, tag):
            text = "".join(t.text or "" for t in element.iter() if _local(t) in ("t", "text")).strip()
            at = CELL.match(element.get("ref", "").replace("$", ""))
            if text and at:
                said.setdefault(at[0], []).append(text)
    return {cell: "\n".join(texts) for cell, texts in said.items()}


def _parts(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[str, str]]:
    """Where a sheet's comments are, and what each is called there."""
    folder, name = posixpath.split(sheet)
    for relation in _elements(archive, f"{folder}/_rels/{name}.rels", "Relationship"):
        tag = KINDS.get(relation.get("Type", "").rpartition("/")[2])
        if tag:
            yield posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"), tag


def _elements(archive: zipfile.ZipFile, part: str, tag: str) -> list[Element]:
    """The elements of one name in a part, whatever its namespace."""
    found = archive.NameToInfo.get(part)
    if found is None or found.file_size > MAX_PART:
        return []
    try:
        return [e for e in ElementTree.fromstring(archive.read(found)).iter() if _local(e) == tag]
    except (ParseError, DefusedXmlException, ValueError):
        return []


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
