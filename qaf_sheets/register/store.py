"""Opens the register and hands out its rooms inside one transaction at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateIndex

from qaf_sheets import clock
from qaf_sheets.model import Form, Layout
from qaf_sheets.register import journal, schema
from qaf_sheets.register.actions import Actions
from qaf_sheets.register.changes import Changes
from qaf_sheets.register.claims import Claims
from qaf_sheets.register.decisions import Decisions
from qaf_sheets.register.engines import CLAIMS, in_a_file, looking, open_engine, plainly, told
from qaf_sheets.register.entries import Entries
from qaf_sheets.register.issues import Issues
from qaf_sheets.register.journal import RegisterError
from qaf_sheets.register.lease import Lease, held
from qaf_sheets.register.looked_at import LookedAt
from qaf_sheets.register.outputs import Outputs
from qaf_sheets.register.returns import Returns
from qaf_sheets.register.taken import Taken

Forms = dict[str, tuple[Form, Layout]]
LONG_AGO = datetime(2000, 1, 1)
KEPT, PUBLISHED = "kept", "published"
"""The kinds of entries that tell of no event. KEPT: what the service noted, a form written to disk, a file filed, an output's hash. PUBLISHED: every output says all that came before."""


class Records:
    """The register inside one transaction: a room for each kind of record, and the journal."""

    def __init__(self, db: Connection, forms: Forms | None = None) -> None:
        self._db, self._changes = db, Changes(db)
        made = self._changes
        self.issues, self.returns, self.actions, self.outputs, self.looked_at = Issues(made, {} if forms is None else forms), Returns(made), Actions(made), Outputs(made), LookedAt(made)
        self.decisions, self.entries, self.taken, self.lease = Decisions(made), Entries(made), Taken(made), Lease(db)

    def note(self, at: datetime, kind: str, body: dict[str, Any]) -> None:
        """One journal entry with the changes made since the last one, kept or lost with the rest of the transaction."""
        journal.append(self._db, at, kind, body, self._changes.taken())

    def note_the_rest(self, now: Callable[[], datetime]) -> None:
        """The changes that no entry has told yet, as an entry of their own."""
        if self._changes.untold:
            self.note(now(), KEPT, {})

    def next_number(self, counter: str) -> int:
        """The next number of a counter, from 1; never given twice."""
        n = int(self._db.execute(select(schema.meta.c.value).where(schema.meta.c.name == counter)).scalar() or 0) + 1
        self._changes.put(schema.meta, {"name": counter}, value=str(n))
        return n

    def last_entry_at(self) -> datetime:
        """When something last happened, by the journal; long ago when nothing has. What the service only noted for itself is no news."""
        return self._db.execute(select(func.max(schema.journal.c.at)).where(schema.journal.c.kind.not_in((KEPT, PUBLISHED)))).scalar() or LONG_AGO

    def newest_event(self) -> int:
        """The number of the journal entry that last told of something; 0 when none has."""
        return self._db.execute(select(func.max(schema.journal.c.seq)).where(schema.journal.c.kind.not_in((KEPT, PUBLISHED)))).scalar() or 0

    def published(self, at: datetime, told: int) -> None:
        """The outputs say everything up to the event `told`: remembered if nothing else has happened meanwhile."""
        if self.newest_event() == told and not self.is_published():
            self.note(at, PUBLISHED, {})

    def is_published(self) -> bool:
        """Whether the outputs say everything that was told."""
        return bool(self._db.execute(select(schema.journal.c.seq).where(schema.journal.c.kind == PUBLISHED, schema.journal.c.seq > self.newest_event()).limit(1)).first())

    def told(self, kind: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """What entries of one kind say, the newest first."""
        query = select(schema.journal.c.at, schema.journal.c.body).where(schema.journal.c.kind == kind).order_by(schema.journal.c.seq.desc())
        return ((r.at, json.loads(r.body)) for r in self._db.execute(query))

    def last_entry(self) -> str:
        """The hash of the newest journal entry, which stands for all before it; '' when there is none."""
        return self._db.execute(select(schema.journal.c.hash).order_by(schema.journal.c.seq.desc()).limit(1)).scalar() or ""

    def journal_faults(self, path: Path) -> list[str]:
        """What is wrong with the journal's chain."""
        return journal.faults(self._db, path)


class Register:
    """The register of a workspace (`of`, its id) at a database URL; `journal_path` is the file its journal is copied to after every commit.

    While `holder` is set, nothing is written unless the lease in the register is that holder's (on a server: unless it still has its claims). Raises
    RegisterError where the register is damaged, of another version or another workspace, behind its journal, or on a server that cannot be reached.
    """

    def __init__(self, url: str, journal_path: Path, now: Callable[[], datetime] = clock.now, of: str = "", claims: Claims | None = None) -> None:
        self.engine = open_engine(url)
        self.claims = claims or Claims(url)
        self.journal_path, self.now = journal_path, now
        self.holder: str | None = None
        self._forms: Forms = {}  # a form never changes once it was issued
        try:
            with self.engine.begin() as db:
                schema.metadata.create_all(db)
                for index in schema.LATER:
                    db.execute(CreateIndex(index, if_not_exists=True))
                _set_version(db)
                belongs(db, of)
            self._copy_journal()
        except DatabaseError as error:
            self.close()
            raise told(error, self.engine) from error
        except RegisterError:
            self.close()
            raise

    @property
    def in_a_file(self) -> bool:
        """Whether it is a file in the state folder; a server's databases have backups of their own."""
        return in_a_file(self.engine)

    def _copy_journal(self) -> None:
        with self.engine.begin() as db:
            journal.copy_out(db, self.journal_path)

    @contextmanager
    def writing(self) -> Iterator[Records]:
        """One transaction: all of it or none. The journal file follows once it is committed. Raises RegisterError when another machine has the lease now."""
        with plainly(self.engine):
            with self.engine.begin() as db:
                records = Records(db, self._forms)
                if self.holder and not self._is_ours(db, self.holder):
                    raise RegisterError("Another computer has taken over this workspace, so nothing more was written from here.")
                yield records
                records.note_the_rest(self.now)
            self._copy_journal()

    def _is_ours(self, db: Connection, holder: str) -> bool:
        """Whether what we hold to write is still ours. On a server a claim is lost with the connection that it was made on; then this one could have it."""
        if self.in_a_file:
            return Lease(db).is_of(holder)
        return not db.exec_driver_sql("SELECT pg_try_advisory_xact_lock_shared(%s, hashtext(%s))", (CLAIMS, holder)).scalar()

    @contextmanager
    def alone(self, mend: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Nobody else writes while the block runs; on a server, nobody who has not the workspace too (`Claims.workspace`). Raises BusyError.

        `mend` is called first where somebody before was stopped in the middle of their work, once nobody else is at work.
        """
        with held(self.leasing, mend) if self.in_a_file else self.claims.present(self.leasing, mend) as self.holder:
            try:
                yield
            finally:
                self.holder = None

    @contextmanager
    def leasing(self) -> Iterator[Lease]:
        """The lease alone, in a transaction of its own."""
        with plainly(self.engine), self.engine.begin() as db:
            yield Lease(db)

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """A consistent look at the register."""
        with plainly(self.engine), looking(self.engine) as db:
            yield Records(db, self._forms)

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole register at this moment, while others may be writing; `path` is a new file. Raises OSError where there is no room."""
        with closing(sqlite3.connect(path)) as target, looking(self.engine) as db:
            source = db.connection.driver_connection
            assert isinstance(source, sqlite3.Connection), "a register in a file"
            try:
                source.backup(target)
            except sqlite3.OperationalError as error:
                raise OSError(str(error)) from error

    def forget(self) -> None:
        """What was deleted or written over is gone from SQLite's log too, which would keep it until it is full."""
        if self.in_a_file:
            with closing(self.engine.raw_connection()) as db:
                db.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the database file, which Windows asks for before a folder can move."""
        self.claims.close()
        self.engine.dispose()


def last_entry_in(path: Path) -> str:
    """`Records.last_entry` of a copy that nobody writes in; '' for what is no register."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            found = db.execute("SELECT hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    except sqlite3.Error:
        return ""
    return str(found[0]) if found else ""


def belongs(db: Connection, workspace_id: str) -> None:
    """The register is this workspace's, and no other's from here on. Raises RegisterError where it is another's."""
    found = db.execute(select(schema.meta.c.value).where(schema.meta.c.name == "workspace")).scalar()
    if found is None and workspace_id:
        db.execute(schema.meta.insert().values(name="workspace", value=workspace_id))
    elif workspace_id and found != workspace_id:
        raise RegisterError("This register belongs to another workspace. Each workspace has a database of its own; nothing was changed.")


def _set_version(db: Connection) -> None:
    found = db.execute(select(schema.meta.c.value).where(schema.meta.c.name == "schema")).scalar()
    if found is None:
        db.execute(schema.meta.insert().values(name="schema", value=schema.VERSION))
    elif found != schema.VERSION:
        raise RegisterError(f"This register was made by another version of qaf-sheets (layout {found}, this one reads {schema.VERSION}).")
