"""How a tracker, and one owner's pack of it, knows itself: what it is, whose, of which day, and its base: what each of its cells said when it was written.

It stands as text on a very hidden sheet, signed with the workspace's key. So a copy that was mailed, changed offline and dropped back weeks later is
merged against what it said itself, whatever was written since. To keep every base in the register instead would make that grow by the whole tracker
with each writing. Sorting, filtering and another program's save leave a hidden sheet alone; whoever changes it is noticed. Packed, the base adds about
a twentieth to the file. It holds nothing that its reader does not see on the tables' own sheets.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from qaf_sheets import look
from qaf_sheets.book import Book
from qaf_sheets.model import Record, Value
from qaf_sheets.tracker.layout import Row, TwoWay

SHEET = "_qaf"
FACTS = ("kind", "workspace", "person_id", "on")
PIECE = 30_000
"""Characters of the base in one cell, which can hold 32,767."""


class Written(Record):
    """What we wrote: `base` is table → row → column → value. `person_id` is whose pack it is. The same day and the same rows are the same writing."""

    kind: Literal["tracker", "pack"]
    workspace: str
    person_id: str = ""
    on: date
    base: Mapping[str, Mapping[str, Row]] = {}
    id: str = ""


def base_of(table: TwoWay, rows: Mapping[str, Row]) -> dict[str, dict[str, Value]]:
    """What the cells of a table say once these rows are written: the columns that are kept, no others."""
    return {k: {**{c.id: row.get(c.id) for c in table.kept}, table.key.id: k} for k, row in rows.items()}


def seal(written: Written, key: bytes) -> dict[str, str]:
    """All of it as text with its signature, as it stands on the hidden sheet."""
    plain = json.dumps(written.base, default=lambda day: {"date": day.isoformat()})
    packed = base64.b64encode(zlib.compress(plain.encode(), 9)).decode()
    told = {name: said for name in FACTS if (said := str(getattr(written, name)))}
    told |= {f"base {n:04d}": packed[at : at + PIECE] for n, at in enumerate(range(0, len(packed), PIECE))}
    return told | {"signature": _signature(told, key)}


def write_identity(book: look.Book, sealed: Mapping[str, str]) -> None:
    """The very hidden sheet: Excel's own menus do not show it."""
    sheet = book.xlsx.add_worksheet(SHEET)
    sheet.very_hidden()
    for at, (name, text) in enumerate(sealed.items()):
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 1, text)


def claims(book: Book) -> bool:
    """Whether a workbook says of itself that it is a tracker or a pack, true or not."""
    return bool(stated(book, "kind"))


def stated(book: Book, fact: str) -> str:
    """One of the facts as it stands there, true or not; '' for none."""
    return _cells(book).get(fact, "")


def written_in(book: Book, key: bytes) -> Written | None:
    """What a workbook is, and its base; None where it does not say, or what it says is not what we wrote."""
    told = _cells(book)
    if "kind" not in told or not hmac.compare_digest(_signature(told, key).encode(), told.get("signature", "").encode("utf-8", "surrogatepass")):
        return None
    packed = "".join(told[name] for name in sorted(told) if name.startswith("base "))
    base = json.loads(zlib.decompress(base64.b64decode(packed)), object_hook=_value)
    return Written(base=base, id=told["signature"], **{name: told.get(name, "") for name in FACTS})


def _value(held: dict[str, Any]) -> Any:
    return date.fromisoformat(held["date"]) if held.keys() == {"date"} else held


def _cells(book: Book) -> dict[str, str]:
    return {str(r[0]): str(r[1]) for r in book.sheets.get(SHEET, ()) if len(r) > 1 and r[0] is not None and r[1] is not None}


def _signature(told: Mapping[str, str], key: bytes) -> str:
    text = json.dumps([[name, told[name]] for name in sorted(told) if name != "signature"])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
