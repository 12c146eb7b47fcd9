"""What was taken already from a tracker or pack that people may go on working in: by it the base of its next merge has moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from qaf_sheets.model import Value
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes
from qaf_sheets.register.codec import dump_cells, load_cells

Cells = dict[str, dict[str, Value]]


class Taken:
    """Row → column → value, by which writing it was (`Written.id`), who reads or where it lies (`reader`), and the table."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def of(self, written: str, reader: str, table_id: str) -> Cells:
        """What was taken from one reader's copies of one writing."""
        t = schema.taken
        rows = self._db.execute(select(t).where(t.c.written == written, t.c.reader == reader, t.c.table_id == table_id))
        return {r.row_id: load_cells(r.cells) for r in rows}

    def newest(self, written: str, reader: str) -> datetime | None:
        """When the newest of one reader's copies was saved from which anything was taken; None for none, or none that says."""
        t = schema.taken
        return self._db.execute(select(func.max(t.c.saved_at)).where(t.c.written == written, t.c.reader == reader)).scalar()

    def of_others(self, written: str, reader: str, table_id: str) -> Cells:
        """The same of everybody else's."""
        t = schema.taken
        rows = self._db.execute(select(t).where(t.c.written == written, t.c.reader != reader, t.c.table_id == table_id).order_by(t.c.reader))
        return {r.row_id: load_cells(r.cells) for r in rows}

    def put(self, written: str, reader: str, table_id: str, rows: Mapping[str, Mapping[str, Value]], saved_at: datetime | None) -> None:
        """All that was taken so far, in place of what was known; `saved_at` is when the newest copy of it was."""
        known = self.of(written, reader, table_id)
        key = {"written": written, "reader": reader, "table_id": table_id}
        for row_id in known.keys() - rows.keys():
            self._changes.drop(schema.taken, **key, row_id=row_id)
        for row_id, cells in rows.items():
            if known.get(row_id) != cells:
                self._changes.put(schema.taken, {**key, "row_id": row_id}, cells=dump_cells(cells), saved_at=saved_at)
