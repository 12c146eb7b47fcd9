"""What was written for people to open: its hashes tell whether we would write anything new, and whether a person changed it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from qaf_sheets.model import Record
from qaf_sheets.register import schema


class Output(Record):
    """One output file. `pending` waits for whoever has it open (`note`); `edited` was changed by a person and is theirs now."""

    file: str
    sha256: str
    members: str
    as_at: datetime
    state: Literal["current", "pending", "edited"] = "current"
    note: str = ""


class Outputs:
    """The outputs, by path in the workspace."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def one(self, file: str) -> Output | None:
        """An output by its path, or None when never written."""
        row = self._db.execute(select(schema.outputs).where(schema.outputs.c.file == file)).first()
        return Output(**row._mapping) if row else None

    def all(self) -> tuple[Output, ...]:
        """Every output, by path."""
        return tuple(Output(**r._mapping) for r in self._db.execute(select(schema.outputs).order_by(schema.outputs.c.file)))

    def put(self, output: Output) -> None:
        """Remember what was written."""
        self.forget(output.file)
        self._db.execute(insert(schema.outputs).values(**output.model_dump()))

    def forget(self, file: str) -> None:
        """An output that is gone for good."""
        self._db.execute(delete(schema.outputs).where(schema.outputs.c.file == file))
