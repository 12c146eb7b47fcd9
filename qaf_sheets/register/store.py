"""Opens the register and hands out its rooms inside one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, func, insert, select, update

from qaf_sheets.files import private
from qaf_sheets.register import journal, schema
from qaf_sheets.register.actions import Actions
from qaf_sheets.register.decisions import Decisions
from qaf_sheets.register.entries import Entries
from qaf_sheets.register.issues import Issues
from qaf_sheets.register.looked_at import LookedAt
from qaf_sheets.register.outputs import Outputs
from qaf_sheets.register.returns import Returns
from qaf_sheets.workspace import WorkspaceError

LONG_AGO = datetime(2000, 1, 1)


class Records:
    """The register inside one transaction: a room for each kind of record, and the journal."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.issues, self.returns, self.actions, self.outputs, self.looked_at = Issues(db), Returns(db), Actions(db), Outputs(db), LookedAt(db)
        self.decisions, self.entries = Decisions(db), Entries(db)

    def note(self, at: datetime, kind: str, body: dict[str, Any]) -> None:
        """One journal entry, kept or lost with the rest of the transaction."""
        journal.append(self._db, at, kind, body)

    def next_number(self, counter: str) -> int:
        """The next number of a counter, from 1; never given twice."""
        n = int(self._db.execute(select(schema.meta.c.value).where(schema.meta.c.name == counter)).scalar() or 0) + 1
        if n == 1:
            self._db.execute(insert(schema.meta).values(name=counter, value="1"))
        else:
            self._db.execute(update(schema.meta).where(schema.meta.c.name == counter).values(value=str(n)))
        return n

    def last_entry_at(self) -> datetime:
        """When the newest journal entry was made; long ago when there is none."""
        return self._db.execute(select(func.max(schema.journal.c.at))).scalar() or LONG_AGO

    def journal_faults(self, path: Path) -> list[str]:
        """What is wrong with the journal's chain."""
        return journal.faults(self._db, path)


class Register:
    """The register at a database URL; `journal_path` is the file its journal is copied to after every commit."""

    def __init__(self, url: str, journal_path: Path) -> None:
        self.engine = create_engine(url, hide_parameters=True)  # an answer is no part of a fault's message
        self.journal_path = journal_path
        if self.engine.dialect.name == "sqlite":
            open(self.engine.url.database or "", "ab", opener=private).close()  # SQLite's files beside it take its rights
            event.listen(self.engine, "connect", _safe_sqlite)
            event.listen(self.engine, "begin", _begin_now)
        schema.metadata.create_all(self.engine)
        self._set_version()
        self._copy_journal()

    def _set_version(self) -> None:
        with self.engine.begin() as db:
            found = db.execute(select(schema.meta.c.value).where(schema.meta.c.name == "schema")).scalar()
            if found is None:
                db.execute(insert(schema.meta).values(name="schema", value=schema.VERSION))
            elif found != schema.VERSION:
                raise WorkspaceError(f"This register was made by another version of qaf-sheets (layout {found}, this one reads {schema.VERSION}).")

    def _copy_journal(self) -> None:
        with self.engine.begin() as db:
            journal.copy_out(db, self.journal_path)

    @contextmanager
    def writing(self) -> Iterator[Records]:
        """One transaction: all of it or none. The journal file follows once it is committed."""
        with self.engine.begin() as db:
            yield Records(db)
        self._copy_journal()

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """A consistent look at the register."""
        with self.engine.connect().execution_options(reading=True) as db:
            yield Records(db)

    def forget(self) -> None:
        """What was deleted or written over is gone from SQLite's log too, which would keep it until it is full."""
        if self.engine.dialect.name == "sqlite":
            with closing(self.engine.raw_connection()) as db:
                db.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the database file, which Windows asks for before a folder can move."""
        self.engine.dispose()


def _safe_sqlite(connection: Any, _record: Any) -> None:
    """Committed means on disk, also through a power cut; readers never block the writer; what is deleted is gone from the file too."""
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_now(db: Connection) -> None:
    """A writer takes the write lock at the start, so that two queue instead of failing at commit; a reader waits for nobody."""
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get("reading") else "BEGIN IMMEDIATE")
