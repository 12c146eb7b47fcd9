"""The two databases that a register may be in, made to do the same: one writer at a time, readers that wait for nobody, committed means on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from qaf_sheets.files import open_private
from qaf_sheets.register.journal import RegisterError
from qaf_sheets.workspace import is_a_file

WRITERS, WORKSPACE, CLAIMS = 0x716166, 0x716167, 0x716168
"""Locks in a PostgreSQL database: its one writer's, that of the whole workspace, and those of single things (`Claims`)."""
PATIENT = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
"""A server that is gone without a word is known to be gone after half a minute; so is one of us to the server, which then frees what that one had."""


def open_engine(url: str) -> Engine:
    """The engine for a register's URL. Raises RegisterError for one that is none, or whose driver is not installed."""
    try:
        options: dict[str, Any] = {} if is_a_file(url) else {"pool_pre_ping": True, "connect_args": PATIENT}
        engine = create_engine(url, hide_parameters=True, **options)  # what a statement holds is nobody's to read in a log
    except (ArgumentError, NoSuchModuleError):
        raise RegisterError("The register's address is not one. Write it like postgresql+psycopg://name@server/database.") from None
    except ModuleNotFoundError as error:
        raise RegisterError(f"The register is on a server, and what speaks to it ({error.name}) is not installed. Install qaf-sheets[postgres].") from None
    if in_a_file(engine):
        open_private(Path(engine.url.database or ""), "ab").close()  # SQLite's files beside it take its rights
        event.listen(engine, "connect", _safe_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _patient_postgres)
        event.listen(engine, "begin", _begin_postgres)
    else:
        raise RegisterError(f"A register cannot be in {engine.dialect.name}: only in SQLite, which needs nothing, or in PostgreSQL.")
    return engine


def in_a_file(engine: Engine) -> bool:
    """Whether the register is a file, which one service has to itself (the lease); on a server several may be at it."""
    return engine.dialect.name == "sqlite"


@contextmanager
def plainly(engine: Engine) -> Iterator[None]:
    """What is raised inside when the register's server goes away is a RegisterError, which a person can read."""
    try:
        yield
    except DBAPIError as error:
        if in_a_file(engine) or not (error.connection_invalidated or isinstance(error, OperationalError)):
            raise
        raise told(error, engine) from error


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """One moment of the register, whatever is written meanwhile; nothing may be written."""
    options: dict[str, Any] = {} if in_a_file(engine) else {"isolation_level": "REPEATABLE READ"}
    with engine.connect() as db:
        yield db.execution_options(reading=True, **options)


def told(error: DBAPIError, engine: Engine) -> Exception:
    """What is raised when a register cannot be opened: a disk that is full or away passes by itself and is raised as it is."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error
    if not in_a_file(engine):
        return RegisterError(f"The register's server ({engine.url.host}) cannot be reached. What was received before is safe, what was not lies where it was; try again once it is back.")
    return RegisterError(f"The register is damaged ({error.orig}). Make it again with 'qaf-sheets rebuild'; nothing was changed.")


def _safe_sqlite(connection: Any, _record: Any) -> None:
    """Committed means on disk, also through a power cut; readers never block the writer; what is deleted is gone from the file too."""
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    """A writer takes the write lock at the start, so that two queue instead of failing at commit; a reader waits for nobody."""
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _patient_postgres(connection: Any, _record: Any) -> None:
    """The server's half of `PATIENT`."""
    with connection.cursor() as cursor:
        for name in ("idle", "interval", "count"):
            cursor.execute(f"SET tcp_keepalives_{name} = {PATIENT[f'keepalives_{name}']}")
    connection.commit()


def _begin_postgres(db: Connection) -> None:
    """The same: each journal entry is chained to the one before, so that writers must take turns. The server lets go of the lock with the transaction, however it ends."""
    if not db.get_execution_options().get("reading"):
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")

