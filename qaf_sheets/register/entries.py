"""What people wrote beside the service's own rows in the tracker's tables: feedback given, meetings held."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from qaf_sheets.model import Value
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes
from qaf_sheets.register.codec import dump_cells, load_cells


class Entries:
    """People's own cells, by table and row."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def of(self, table_id: str) -> dict[str, dict[str, Value]]:
        """Row id → column → value, by row id."""
        query = select(schema.entries).where(schema.entries.c.table_id == table_id).order_by(schema.entries.c.row_id)
        return {r.row_id: load_cells(r.cells) for r in self._db.execute(query)}

    def put(self, table_id: str, row_id: str, cells: Mapping[str, Value]) -> None:
        """All that people wrote in a row, in place of what was known of it."""
        self._changes.put(schema.entries, {"table_id": table_id, "row_id": row_id}, cells=dump_cells(cells))
