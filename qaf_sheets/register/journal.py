"""The journal: append-only, each entry chained to the one before by hash. It and the received files are the record.

An entry is first a row in the register, written in the same transaction as what it tells of; `copy_out` then appends the
rows that the file lacks. A crash between the two loses nothing: the next start appends them.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from qaf_sheets.files import private
from qaf_sheets.register import schema

FIRST = "0" * 64


def append(db: Connection, at: datetime, kind: str, body: dict[str, Any]) -> None:
    """One entry inside the current transaction."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    last = db.execute(select(schema.journal.c.hash).order_by(schema.journal.c.seq.desc()).limit(1)).scalar() or FIRST
    db.execute(schema.journal.insert().values(at=at, kind=kind, body=text, hash=chained(last, at, kind, text)))


def chained(previous: str, at: datetime, kind: str, body: str) -> str:
    """The hash of an entry: of the one before and of all it says."""
    return hashlib.sha256("\n".join((previous, at.isoformat(), kind, body)).encode()).hexdigest()


def copy_out(db: Connection, path: Path) -> None:
    """Append to the journal file whatever it lacks, and make it last."""
    known = last_line(path)
    rows = db.execute(select(schema.journal).where(schema.journal.c.seq > known).order_by(schema.journal.c.seq)).all()
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", opener=private) as out:
        for r in rows:
            line = {"seq": r.seq, "at": r.at.isoformat(), "kind": r.kind, "body": json.loads(r.body), "hash": r.hash}
            out.write(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def last_line(path: Path) -> int:
    """The number of the last whole entry in the file; a line torn by a crash is cut off, to be written again."""
    if not path.exists():
        return 0
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) != len(data):
        with path.open("r+b") as out:
            out.truncate(len(whole))
    lines = whole.rstrip(b"\n").rsplit(b"\n", 1)
    return int(json.loads(lines[-1])["seq"]) if whole else 0


def faults(db: Connection, path: Path) -> list[str]:
    """What is wrong with the chain, in the register and in the file; nothing when all agree."""
    found, previous = [], FIRST
    rows = db.execute(select(schema.journal).order_by(schema.journal.c.seq)).all()
    for r in rows:
        if r.hash != chained(previous, r.at, r.kind, r.body):
            found.append(f"Journal entry {r.seq} in the register was changed.")
        previous = r.hash
    lines = [json.loads(x) for x in path.read_bytes().splitlines() if x.strip()] if path.exists() else []
    if [(x["seq"], x["hash"]) for x in lines] != [(r.seq, r.hash) for r in rows]:
        found.append("The journal file and the register do not hold the same entries.")
    previous = FIRST
    for line in lines:
        body = json.dumps(line["body"], ensure_ascii=False, sort_keys=True)
        if line["hash"] != chained(previous, datetime.fromisoformat(line["at"]), line["kind"], body):
            found.append(f"Journal entry {line['seq']} in the file was changed.")
        previous = line["hash"]
    return found
