"""How people left the tracker, into the register and out of it: read beside their edits, in the same transaction, and given to whoever writes it anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from qaf_sheets.book import Book
from qaf_sheets.desk import Desk
from qaf_sheets.model import Problem
from qaf_sheets.register.store import Records
from qaf_sheets.tracker.arrangement import Arrangement, Left, arranged, as_at_typed, own_told
from qaf_sheets.tracker.layout import ACTIONS, TwoWay
from qaf_sheets.tracker.merge import Merged
from qaf_sheets.tracker.own_sheets import OwnSheet, own_names, own_sheet, sheets_told
from qaf_sheets.tracker.read import Sheet, is_own
from qaf_sheets.tracker.seen import Seen, see
from qaf_sheets.tracker.write import our_sheets
from qaf_sheets.worker import WorkerDiedError

OWN_SHEETS = "own sheets"
"""Where people's own sheets are remembered, beside the tables."""


class Looked(NamedTuple):
    """A saved tracker and how each of its sheets looks, by name; `ours` are not people's own."""

    book: Book
    seen: Mapping[str, Seen]
    ours: frozenset[str]


def look(desk: Desk, data: bytes, book: Book, sheets: Sequence[Sheet]) -> Looked:
    """How people left the tables' `sheets` and their own. What cannot be read of that costs no edit: the tracker is then arranged as it was before."""
    ours = our_sheets() | {sheet.name for sheet in sheets}
    own = {sheet.name: tuple(n for name, n in sheet.places.items() if is_own(name)) for sheet in sheets if sheet.columns}
    own |= {name: tuple(range(1, max(map(len, book.sheets[name])) + 1)) for name in own_names(book, ours)}
    try:
        return Looked(book, desk.executor.submit(see, data, own).result(), ours)
    except (WorkerDiedError, RuntimeError, OSError):
        return Looked(book, {}, ours)


def remember_table(records: Records, file: str, looked: Looked, table: TwoWay, sheet: Sheet, merged: Merged, wrote: Iterable[str], now: datetime) -> Iterator[Problem]:
    """Remember how people left a table that we `wrote` with its rows in this order; a date to look ahead to only while it is ahead."""
    if sheet.name in looked.seen:
        left = Left(looked.book, sheet, looked.seen[sheet.name], merged.places)
        before = arrangements(records, file).get(table.id, Arrangement())
        found = arranged(left, table, [k for k in dict.fromkeys((*wrote, *merged.rows)) if k in merged.rows], before)
        typed = as_at_typed(looked.book) if table is ACTIONS else None
        ahead = typed if typed and typed > now.date() else None
        records.outputs.set_arrangement(file, table.id, found.model_copy(update={"as_at": ahead}).model_dump_json(exclude_defaults=True))
        yield from own_told(left, found, before)


def remember_sheets(records: Records, file: str, looked: Looked) -> Iterator[Problem]:
    """Remember people's own sheets."""
    if looked.seen:
        found = {name: own_sheet(looked.book, name, looked.seen[name]) for name in own_names(looked.book, looked.ours)}
        plain = {name: own.model_dump(mode="json", exclude_defaults=True) for name, own in found.items()}
        records.outputs.set_arrangement(file, OWN_SHEETS, json.dumps(plain, ensure_ascii=False))
        yield from sheets_told(looked.book, found, looked.ours)


def arrangements(records: Records, file: str) -> dict[str, Arrangement]:
    """How people left each table of a tracker."""
    return {table: Arrangement.model_validate_json(said) for table, said in records.outputs.arrangements(file).items() if table != OWN_SHEETS}


def own_sheets(records: Records, file: str) -> dict[str, OwnSheet]:
    """The sheets that people put into a tracker themselves."""
    return {name: OwnSheet.model_validate(it) for name, it in json.loads(records.outputs.arrangements(file).get(OWN_SHEETS, "{}")).items()}
