"""Every row that the register writes goes through here, so that nothing can be written which the journal does not tell.

A change is plain data: an operation, a table, which rows, what they hold. Replaying all changes in order makes the register again (`replay.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Date, DateTime, Table, and_, delete, insert, update

from qaf_sheets.register import schema

Operation = Literal["add", "set", "drop"]


class Change(NamedTuple):
    """`add` a row of `values`; `set` values, or `drop` rows, `where` columns are equal to these. Values as JSON has them."""

    operation: Operation
    table: str
    where: Mapping[str, Any]
    values: Mapping[str, Any]


class Changes:
    """Writes rows in one transaction and remembers them until they are told."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.untold: list[Change] = []

    def add(self, table: Table, *, told: Mapping[str, Any] | None = None, **values: Any) -> int:
        """A new row. Returns its number where the table numbers its rows. `told` stands in the journal for columns it need not repeat."""
        done = self.db.execute(insert(table).values(**values))
        numbered = {"id": int(done.inserted_primary_key[0])} if "id" in table.c and done.inserted_primary_key else {}
        self.untold.append(Change("add", table.name, {}, _plain({**values, **numbered, **(told or {})})))
        return numbered.get("id", 0)

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """New rows of the same columns, in one statement."""
        if not rows:
            return
        statement = insert(table)
        if "id" in table.c:
            numbers = self.db.execute(statement.returning(table.c.id, sort_by_parameter_order=True), rows).scalars()
            rows = [{**row, "id": number} for row, number in zip(rows, numbers, strict=True)]
        else:
            self.db.execute(statement, rows)
        self.untold += [Change("add", table.name, {}, _plain(row)) for row in rows]

    def set(self, table: Table, where: Mapping[str, Any], **values: Any) -> bool:
        """New values in the rows that `where` names; whether there were any."""
        found = self.db.execute(update(table).where(_equal(table, where)).values(**values)).rowcount > 0
        if found:
            self.untold.append(Change("set", table.name, _plain(where), _plain(values)))
        return found

    def drop(self, table: Table, **where: Any) -> None:
        """The rows that `where` names are gone."""
        if self.db.execute(delete(table).where(_equal(table, where))).rowcount > 0:
            self.untold.append(Change("drop", table.name, _plain(where), {}))

    def put(self, table: Table, where: Mapping[str, Any], **values: Any) -> None:
        """One row by its key, whether or not it was there."""
        if not self.set(table, where, **values):
            self.add(table, **where, **values)

    def taken(self) -> list[Change]:
        """What was written since this was last asked."""
        found, self.untold = self.untold, []
        return found


def repeat(db: Connection, change: Change) -> None:
    """The same change again, in a register that lacks it."""
    table = schema.metadata.tables[change.table]
    where, values = ({name: _typed(table, name, v) for name, v in it.items()} for it in (change.where, change.values))
    if change.operation == "add":
        db.execute(insert(table).values(**values))
    elif change.operation == "set":
        db.execute(update(table).where(_equal(table, where)).values(**values))
    else:
        db.execute(delete(table).where(_equal(table, where)))


def _equal(table: Table, where: Mapping[str, Any]) -> Any:
    return and_(*(table.c[name] == value for name, value in where.items()))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: v.isoformat() if isinstance(v, (date, datetime)) else v for name, v in values.items()}


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None or not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if isinstance(kind, DateTime) else date.fromisoformat(value) if isinstance(kind, Date) else value
