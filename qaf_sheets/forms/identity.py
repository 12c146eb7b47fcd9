"""How a form knows itself: text cells on a hidden sheet, signed with the workspace's key, and the same as document properties."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from qaf_sheets.book import Book
from qaf_sheets.forms.layout import IDENTITY
from qaf_sheets.model import Issue

FACTS = ("workspace", "return_id", "activity", "quarter", "person_id", "form_version")


def sign(issue: Issue, workspace_id: str, key: bytes) -> dict[str, str]:
    """The identity of an issued workbook with its signature, all text (no office program rewrites text)."""
    facts = dict(zip(FACTS, (workspace_id, issue.return_id, issue.activity, str(issue.quarter), issue.person_id, issue.form_version), strict=True))
    return facts | {"signature": _signature(facts, key)}


def _signature(facts: Mapping[str, str], key: bytes) -> str:
    text = "\n".join(f"{name}={facts.get(name, '')}" for name in FACTS)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def genuine(identity: Mapping[str, str], key: bytes) -> bool:
    """Whether the signature was made here over exactly these facts."""
    return hmac.compare_digest(_signature(identity, key).encode(), identity.get("signature", "").encode())  # as text, it may only be ASCII


def identities(book: Book) -> tuple[dict[str, str], ...]:
    """What the book says it is: the hidden sheet first, then the properties, for programs that drop either."""
    cells = {str(r[0]): str(r[1]) for r in book.sheets.get(IDENTITY, ()) if len(r) > 1 and r[0] is not None and r[1] is not None}
    properties = {n.removeprefix("qaf_"): v for n, v in book.properties.items() if n.startswith("qaf_")}
    return tuple(found for found in (cells, properties) if found)
