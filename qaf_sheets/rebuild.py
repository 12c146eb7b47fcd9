"""The register made again from the received files and the journal (design section 1). Needs neither the old register nor the signing key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from qaf_sheets.desk import Desk
from qaf_sheets.files import sweep
from qaf_sheets.forms.read import read_form
from qaf_sheets.model import Problem, Return
from qaf_sheets.register import Register
from qaf_sheets.register.codec import dump_return, with_codes
from qaf_sheets.register.journal import chain_faults, entries
from qaf_sheets.register.moving import put_in_place
from qaf_sheets.register.replay import canonical, differences, replay
from qaf_sheets.register.store import Records
from qaf_sheets.verdict import hash_of

FRESH = "register being made.db"
BESIDE = ("", "-wal", "-shm")
"""A SQLite database, and the files it may have beside it."""


@contextmanager
def made_again(desk: Desk) -> Iterator[tuple[Register, list[str]]]:
    """A fresh register beside the one in use, with what could not be made again in words. It is taken away afterwards, unless it was put in place."""
    place = desk.workspace.state / FRESH
    _remove(place)
    reader = _Reader(desk)
    fresh = Register(f"sqlite:///{place.as_posix()}", place.with_suffix(".jsonl"), desk.now, desk.workspace.id)
    try:
        replay(entries(desk.workspace.journal), fresh, reader.content)
        yield fresh, reader.faults
    finally:
        fresh.close()
        _remove(place)


def rebuild(desk: Desk, *, even_so: bool = False) -> list[str]:
    """Put a fresh register in the place of the one in use, which is kept beside it. What could not be made again stops it, unless `even_so`."""
    broken = chain_faults(desk.workspace.journal)
    if broken:
        return broken
    with made_again(desk) as (fresh, faults):
        if not faults or even_so:
            _put_in_place(desk, fresh)
    return faults


def disagreements(desk: Desk) -> list[str]:
    """Where the register in use says something else than the journal and the received files do."""
    if chain_faults(desk.workspace.journal):
        return []  # told already; nothing can be made from a journal that was changed
    with made_again(desk) as (fresh, faults):
        different = differences(canonical(desk.register), canonical(fresh))
    return faults + [f"The register's {table.replace('_', ' ')} do not agree with journal and received files: {key}." for table, key in different]


def _put_in_place(desk: Desk, fresh: Register) -> None:
    aside = f"register before {desk.now():%Y-%m-%d %H%M%S}"
    if not desk.workspace.in_a_file:
        put_in_place(fresh, desk.workspace.database, aside, desk.workspace.id)
        sweep(desk.workspace.root)  # who was at work with the register before is not known any more
        desk.workspace.note_register()
        return
    desk.workspace.note_register()
    fresh.close()
    now = desk.workspace.state / "register.db"
    for ending in reversed(BESIDE):  # the log of the old one first: it must never be taken for the new one's
        with suppress(FileNotFoundError):
            Path(f"{now}{ending}").replace(now.with_name(f"{aside}.db{ending}"))
    (desk.workspace.state / FRESH).replace(now)


def _remove(place: Path) -> None:
    for ending in BESIDE:
        Path(f"{place}{ending}").unlink(missing_ok=True)


class _Reader:
    """Reads each version's answers again from the original, by the form it was issued with."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.faults: list[str] = []

    def content(self, records: Records, row: Mapping[str, Any]) -> str | None:
        """The answers as the register holds them; None, and a fault, where the original does not say them any more."""
        content = self._read(records, row)
        if isinstance(content, Return) and hash_of(content) == row["answers_hash"]:
            return dump_return(content)
        why = "does not say what it said when it was received" if isinstance(content, Return) else f"cannot be read again: {content}"
        self.faults.append(f"Version {row['version']} of {row['return_id']} ({row['file']}) {why}")
        return None

    def _read(self, records: Records, row: Mapping[str, Any]) -> Return | str:
        """The answers that stand in the original now, or what keeps us from them."""
        issue = records.issues.one(row["return_id"])
        kept = records.issues.form(issue.form_version) if issue else None
        place = self.desk.workspace.absolute(row["file"])
        path = place if place.is_file() else self._waiting(records, row["file"])
        if kept is None or path is None:
            return "the file is missing." if kept else "the form it was issued with is missing."
        book = self.desk.read(path)
        return book.message if isinstance(book, Problem) else with_codes(read_form(book, *kept, ()).content, row["content"])

    def _waiting(self, records: Records, file: str) -> Path | None:
        """The local copy of a file that a crash kept from its place."""
        staged = next((self.desk.workspace.staging / k.sha256 for k in records.returns.unfiled() if k.received.kept_as == file), None)
        return staged if staged and staged.is_file() else None
