"""The register made again from the journal, and two registers compared row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from qaf_sheets.register import schema
from qaf_sheets.register.changes import Change, repeat
from qaf_sheets.register.engines import looking
from qaf_sheets.register.journal import Entry
from qaf_sheets.register.store import Records, Register

Content = Callable[[Records, Mapping[str, Any]], str | None]
"""The answers of a version, given its row as the journal tells it; None when they cannot be had, and then the version is left out."""


def replay(entries: Iterable[Entry], into: Register, content: Content) -> None:
    """Every change that the journal tells, again, in a register that has none of them; and the journal itself."""
    with into.engine.begin() as db:
        records = Records(db)
        for entry in entries:
            for change in entry.made:
                _again(db, records, change, content)
            db.execute(insert(schema.journal).values(**entry._asdict()))


def _again(db: Connection, records: Records, change: Change, content: Content) -> None:
    """One change. A version's answers are not in the journal: they are read again."""
    if change.table == schema.versions.name and change.operation == "add":
        found = content(records, change.values)
        if found is None:
            return
        change = change._replace(values={**change.values, "content": found})
    repeat(db, change)


def canonical(register: Register) -> dict[str, dict[str, str]]:
    """All that a register holds, by table and key, as text that is the same whenever the record is the same."""
    with looking(register.engine) as db:
        return {t.name: dict(_rows(db, t)) for t in schema.metadata.sorted_tables if t.name not in schema.MOMENTARY}


def _rows(db: Connection, table: Table) -> Iterator[tuple[str, str]]:
    keys = [c.name for c in table.primary_key]
    for row in db.execute(select(table)).mappings():
        yield ", ".join(str(row[k]) for k in keys), json.dumps({k: str(v) for k, v in row.items()}, ensure_ascii=True, sort_keys=True)


def differences(one: Mapping[str, Mapping[str, str]], other: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """The table and key of every row that two canonical registers do not have alike."""
    return [(table, key) for table in one for key in sorted({*one[table], *other[table]}) if one[table].get(key) != other[table].get(key)]
