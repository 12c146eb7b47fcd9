"""The two databases that a register may be in, made to do the same: one writer at a time, readers that wait for nobody, committed means on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from qaf_sheets.files import open_private
from qaf_sheets.register.journal import RegisterError

WRITERS, PUBLISHERS, CLAIMS = 0x716166, 0x716167, 0x716168
"""Locks in a PostgreSQL database: its one writer's, that of whoever writes the outputs, and those of files that are being received."""


def open_engine(url: str) -> Engine:
    """The engine for a register's URL. Raises RegisterError for one that is none, or whose driver is not installed."""
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))  # what a statement holds is nobody's to read in a log
    except (ArgumentError, NoSuchModuleError):
        raise RegisterError("The register's address is not one. Write it like postgresql+psycopg://name@server/database.") from None
    except ModuleNotFoundError as error:
        raise RegisterError(f"The register is on a server, and what speaks to it ({error.name}) is not installed. Install qaf-sheets[postgres].") from None
    if in_a_file(engine):
        open_private(Path(engine.url.database or ""), "ab").close()  # SQLite's files beside it take its rights
        event.listen(engine, "connect", _safe_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _begin_postgres)
    else:
        raise RegisterError(f"A register cannot be in {engine.dialect.name}: only in SQLite, which needs nothing, or in PostgreSQL.")
    return engine


def in_a_file(engine: Engine) -> bool:
    """Whether the register is a file, which one service has to itself (the lease); on a server several may be at it."""
    return engine.dialect.name == "sqlite"


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """One moment of the register, whatever is written meanwhile; nothing may be written."""
    options: dict[str, Any] = {} if in_a_file(engine) else {"isolation_level": "REPEATABLE READ"}
    with engine.connect() as db:
        yield db.execution_options(reading=True, **options)


def told(error: DatabaseError, engine: Engine) -> Exception:
    """What is raised when a register cannot be opened: a disk that is full or away passes by itself and is raised as it is."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error
    if isinstance(error, OperationalError):
        return RegisterError(f"The register's server ({engine.url.host}) cannot be reached. Nothing was received and nothing is lost; try again once it is back.")
    return RegisterError(f"The register is damaged ({error.orig}). Make it again with 'qaf-sheets rebuild'; nothing was changed.")


def _safe_sqlite(connection: Any, _record: Any) -> None:
    """Committed means on disk, also through a power cut; readers never block the writer; what is deleted is gone from the file too."""
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    """A writer takes the write lock at the start, so that two queue instead of failing at commit; a reader waits for nobody."""
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _begin_postgres(db: Connection) -> None:
    """The same: each journal entry is chained to the one before, so that writers must take turns. The server lets go of the lock with the transaction, however it ends."""
    if not db.get_execution_options().get("reading"):
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


class Claims:
    """What one of several services on a PostgreSQL register has to itself meanwhile. The server lets go of it when the service's connection ends, however it ends.

    On SQLite there is one service at a time (the lease), so that everything is free.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._db: Connection | None = None

    def claim(self, name: str) -> bool:
        """Have a file to oneself; False when another service has it."""
        return bool(self._ask("SELECT pg_try_advisory_lock(%s, hashtext(%s))", CLAIMS, name)) if not in_a_file(self._engine) else True

    def release(self, name: str) -> None:
        """Done with a file."""
        if not in_a_file(self._engine):
            self._ask("SELECT pg_advisory_unlock(%s, hashtext(%s))", CLAIMS, name)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """One service writes the outputs; another waits until it has."""
        if in_a_file(self._engine):
            yield
            return
        self._ask("SELECT pg_advisory_lock(%s)", PUBLISHERS)
        try:
            yield
        finally:
            self._ask("SELECT pg_advisory_unlock(%s)", PUBLISHERS)

    def close(self) -> None:
        """Nothing is claimed any more."""
        if self._db is not None:
            self._db.close()
        self._db = None

    def _ask(self, query: str, *values: object) -> object:
        """On a connection of its own, without a transaction: its locks are the session's."""
        if self._db is None:
            self._db = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT", reading=True)
        try:
            return self._db.exec_driver_sql(query, values).scalar()
        except DatabaseError:  # the server went away, and with it the locks: the next one is asked for on another connection
            self.close()
            raise
