"""Walking through a stranger's XML: nothing is built, no entity is declared, and nothing is deeper or wider than Excel writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from xml.parsers import expat

from qaf_sheets.regular import begins_plainly, is_plain, parse

MAX_DEPTH, MAX_ATTRIBUTES, MAX_ELEMENTS = 100, 200, 1_500_000
FEW = 20_000
"""Elements of a part that need not be walked through to be sure that it is neither too deep nor too wide."""
READ_AS = ("", "utf-8", "us-ascii")
"""Encodings in which two readers read the same. Every program that writes workbooks writes UTF-8."""

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class UnsafeError(Exception):
    """A file that we will not read; says why in plain words, to stand in brackets."""


class _RootReached(Exception):  # noqa: N818 - no error: there is nothing more to look for
    """Where no declaration can follow any more."""


def local(name: str) -> str:
    """An element's name without its namespace, whichever way that is written."""
    return name.rpartition("}")[2].rpartition(":")[2]


def check(body: bytes) -> None:
    """A part that calamine will read is well-formed UTF-8, declares nothing, and is neither too deep nor too wide. Raises UnsafeError and ExpatError."""
    if is_small(body):
        parse(body)
    else:
        walk(body)


def is_small(body: bytes) -> bool:
    """Whether a part is plain, and so small that it can be neither too deep nor too wide."""
    return is_plain(body) and body.count(b"<") <= FEW


def has_doctype(pieces: Iterable[bytes]) -> bool:
    """Whether a part declares a document type, in whatever encoding; stops at the first element. What is no XML declares nothing."""
    pieces = iter(pieces)
    first = next(pieces, b"")
    return False if begins_plainly(first) else _declares(chain((first,), pieces))


def _declares(pieces: Iterable[bytes]) -> bool:
    parser = expat.ParserCreate()
    found: list[str] = []

    def reached(*_: object) -> None:
        raise _RootReached

    def declared(name: str, *_: object) -> None:
        found.append(name)
        raise _RootReached

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = reached, declared
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003 - expat's own signature
    except (_RootReached, expat.ExpatError, ValueError, LookupError):
        pass
    return bool(found)


def walk(body: bytes, start: Start | None = None, end: End | None = None, text: Text | None = None, *, plain: bool = False, most: int = MAX_ELEMENTS) -> None:
    """Tell each element of a part as it begins and ends (by local name), and the text between.

    `plain` allows no CDATA and no comments; there may be `most` elements. Raises UnsafeError, and ExpatError for what is not well-formed UTF-8.
    """
    if b"\0" in body:
        raise expat.ExpatError("not UTF-8")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = elements = 0

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > MAX_DEPTH or elements > most or len(attributes) > MAX_ATTRIBUTES:
            raise UnsafeError("it holds far more than a form")
        if start:
            start(local(name), attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(local(name))

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = _check_encoding, _no_doctype
    if plain:
        parser.StartCdataSectionHandler = parser.CommentHandler = parser.ProcessingInstructionHandler = _not_plain
    parser.Parse(body, True)  # noqa: FBT003 - expat's own signature


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    del version, standalone
    if (encoding or "").casefold() not in READ_AS:
        raise expat.ExpatError("not UTF-8")


def _no_doctype(*_: object) -> None:
    raise UnsafeError("it declares entities")


def _not_plain(*_: object) -> None:
    raise expat.ExpatError("no program writes cells so")
