"""The journal: append-only, each entry chained to the one before by hash. It and the received files are the record.

An entry says what happened (`kind` and `body`: who, what, when, which file) and which rows of the register changed with it (`changes`). It is first a
row in the register, written in the same transaction as what it tells of; `copy_out` then appends the rows that the file lacks. A crash between the
two loses nothing: the next start appends them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from qaf_sheets.files import open_private
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Change

FIRST = "0" * 64
TAIL = 65_536


class RegisterError(Exception):
    """The register cannot be used as it is; the message says what to do."""


class Entry(NamedTuple):
    """One entry. `body` and `changes` are the very JSON texts that `hash` is over."""

    seq: int
    at: datetime
    kind: str
    body: str
    changes: str
    hash: str

    @property
    def made(self) -> Iterator[Change]:
        """The changes of the register, in order."""
        return (Change(*change) for change in json.loads(self.changes))


def append(db: Connection, at: datetime, kind: str, body: dict[str, Any], changes: Sequence[Change]) -> None:
    """One entry inside the current transaction."""
    text, made = _text(body), _text(list(changes))
    last = db.execute(select(schema.journal.c.hash).order_by(schema.journal.c.seq.desc()).limit(1)).scalar() or FIRST
    db.execute(schema.journal.insert().values(at=at, kind=kind, body=text, changes=made, hash=chained(last, at, kind, text, made)))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def chained(previous: str, at: datetime, kind: str, body: str, changes: str) -> str:
    """The hash of an entry: of the one before and of all it says."""
    return hashlib.sha256("\n".join((previous, at.isoformat(), kind, body, changes)).encode("utf-8", "surrogatepass")).hexdigest()


# ---------------------------------------------------------------- the file


def copy_out(db: Connection, path: Path) -> None:
    """Append to the journal file whatever it lacks, and make it last. Raises RegisterError when the file tells of more than the register."""
    last = _last_in(path)
    if last and db.execute(select(schema.journal.c.hash).where(schema.journal.c.seq == last.seq)).scalar() != last.hash:
        raise RegisterError(f"The register is missing, or older than its journal ({path}). Make it again with 'qaf-sheets rebuild'; nothing was changed.")
    rows = db.execute(select(schema.journal).where(schema.journal.c.seq > (last.seq if last else 0)).order_by(schema.journal.c.seq)).all()
    if rows:
        with open_private(path, "ab") as out:
            out.writelines(_line(r) for r in rows)
            out.flush()
            os.fsync(out.fileno())


def entries(path: Path) -> Iterator[Entry]:
    """Every entry of the file, the oldest first; a last line that a crash has torn is not there yet."""
    if path.exists():
        with path.open("rb") as file:
            yield from (_entry(line) for line in file if line.endswith(b"\n"))


def _line(row: Row[Any]) -> bytes:
    told = {"seq": row.seq, "at": row.at.isoformat(), "kind": row.kind, "body": json.loads(row.body), "changes": json.loads(row.changes), "hash": row.hash}
    return json.dumps(told, ensure_ascii=True, sort_keys=True).encode() + b"\n"


def _entry(line: bytes) -> Entry:
    told = json.loads(line)
    return Entry(told["seq"], datetime.fromisoformat(told["at"]), told["kind"], _text(told["body"]), _text(told["changes"]), told["hash"])


def _last_in(path: Path) -> Entry | None:
    """The last whole entry in the file; a line torn by a crash is cut off, to be written again."""
    if not path.exists():
        return None
    with path.open("r+b") as file:
        size, tail, wanted = file.seek(0, os.SEEK_END), b"", 0
        while wanted < size and tail.rstrip(b"\n").count(b"\n") < 2:
            wanted = min(size, max(TAIL, 2 * wanted))
            file.seek(size - wanted)
            tail = file.read(wanted)
        whole = tail[: tail.rfind(b"\n") + 1]
        if len(whole) != len(tail):
            file.truncate(size - len(tail) + len(whole))
    lines = whole.rstrip(b"\n").rsplit(b"\n", 1)
    return _entry(lines[-1]) if whole else None


# ---------------------------------------------------------------- whether it holds


def faults(db: Connection, path: Path) -> list[str]:
    """What is wrong with the chain, in the register and in the file; nothing when all agree."""
    kept = [Entry(r.seq, r.at, r.kind, r.body, r.changes, r.hash) for r in db.execute(select(schema.journal).order_by(schema.journal.c.seq))]
    told = broken_in(path)
    if told:
        return [f"{told} The journal in the register was compared with nothing."]
    found = list(entries(path))
    differ = [] if [(e.seq, e.hash) for e in kept] == [(e.seq, e.hash) for e in found] else ["The journal file and the register do not hold the same entries."]
    return [*_changed(kept, "the register"), *differ, *_changed(found, "the file")]


def broken_in(path: Path) -> str:
    """What stops the journal file from being read at all; '' when nothing does."""
    try:
        for _ in entries(path):
            pass
    except (ValueError, KeyError, TypeError, OSError):
        return f"A line of {path.name} cannot be read."
    return ""


def _changed(entries: Sequence[Entry], where: str) -> Iterator[str]:
    previous = FIRST
    for e in entries:
        if e.hash != chained(previous, e.at, e.kind, e.body, e.changes):
            yield f"Journal entry {e.seq} in {where} was changed."
        previous = e.hash


def chain_faults(path: Path) -> list[str]:
    """What is wrong with the chain in the file alone: the register may be gone."""
    told = broken_in(path)
    return [told] if told else list(_changed(list(entries(path)), "the file"))
