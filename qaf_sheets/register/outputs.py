"""What was written for people to open: its hashes tell whether we would write anything new, and whether a person changed it, or how they arranged it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, select

from qaf_sheets.model import Record
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes


class Output(Record):
    """One output file.

    `pending` waits for whoever has it open (`note`); `edited` was changed by a person and is theirs now;
    `refused` is a document that would hold what it may not: what lies there, if anything, is the last that did not;
    `filed` is a child's record that was taken away once it was on the child's file.

    `members` stands for what it says, so that it is written again only when that changes; for which writing it is, where somebody saved it and we read it.
    """

    file: str
    sha256: str
    members: str
    as_at: datetime
    state: Literal["current", "pending", "edited", "refused", "filed"] = "current"
    note: str = ""


class Outputs:
    """The outputs, by path in the workspace."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def one(self, file: str) -> Output | None:
        """An output by its path, or None when never written."""
        row = self._db.execute(select(schema.outputs).where(schema.outputs.c.file == file)).first()
        return Output(**row._mapping) if row else None

    def all(self) -> tuple[Output, ...]:
        """Every output, by path."""
        return tuple(Output(**r._mapping) for r in self._db.execute(select(schema.outputs).order_by(schema.outputs.c.file)))

    def put(self, output: Output) -> None:
        """Remember what was written."""
        self._changes.put(schema.outputs, {"file": output.file}, **output.model_dump(exclude={"file"}))
        self.give_up(output.file)

    def intend(self, output: Output) -> None:
        """What is about to be written: should a crash come between, the file is known for ours all the same."""
        self.give_up(output.file)
        self._db.execute(insert(schema.intended).values(**output.model_dump(include={"file", "sha256", "members", "as_at"})))

    def give_up(self, file: str) -> None:
        """It is written now, or never was."""
        self._db.execute(delete(schema.intended).where(schema.intended.c.file == file))

    def intended(self) -> tuple[Output, ...]:
        """What was about to be written when a crash came."""
        return tuple(Output(**r._mapping) for r in self._db.execute(select(schema.intended).order_by(schema.intended.c.file)))

    def arrangements(self, file: str) -> dict[str, str]:
        """How people left each table of an output whose edits flow back, as JSON, by table."""
        t = schema.arrangements
        return {r.table_id: r.arrangement for r in self._db.execute(select(t).where(t.c.file == file))}

    def set_arrangement(self, file: str, table_id: str, arrangement: str) -> None:
        """Remember how people left a table."""
        if self.arrangements(file).get(table_id) != arrangement:
            self._changes.put(schema.arrangements, {"file": file, "table_id": table_id}, arrangement=arrangement)

    def forget(self, file: str) -> None:
        """An output that is gone for good."""
        self._changes.drop(schema.outputs, file=file)
