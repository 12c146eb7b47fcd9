"""What one of several services on a PostgreSQL register has to itself meanwhile, by locks of a session: the server frees them when that session ends, however it ends.

With the register in a file there is one service at a time (the lease), so that everything is free.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from qaf_sheets.register.engines import CLAIMS, WORKSPACE, open_engine, plainly
from qaf_sheets.register.journal import RegisterError
from qaf_sheets.register.lease import PATIENCE, BusyError, Leasing, new_holder
from qaf_sheets.workspace import is_a_file

log = logging.getLogger(__name__)
LOCKED = "55P03"
"""PostgreSQL's word for a lock that was not free in time."""


class Claims:
    """The claims of one service at the register's URL. To claim raises RegisterError when the server cannot be reached, and nothing is claimed any more then."""

    def __init__(self, url: str) -> None:
        self._url, self._everything = url, is_a_file(url)
        self._db: Connection | None = None

    def claim(self, name: str) -> bool:
        """Have something to oneself; False when another service has it."""
        return self._everything or bool(self._ask("SELECT pg_try_advisory_lock(%s, hashtext(%s))", CLAIMS, name))

    def release(self, name: str) -> None:
        """Done with it. Where the server is away it is free already."""
        if not self._everything:
            with suppress(RegisterError):
                self._ask("SELECT pg_advisory_unlock(%s, hashtext(%s))", CLAIMS, name)

    @contextmanager
    def alone_at(self, work: str) -> Iterator[None]:
        """One service does this work; another waits until it has."""
        if not self._everything:
            self._ask("SELECT pg_advisory_lock(%s, hashtext(%s))", CLAIMS, work)
        try:
            yield
        finally:
            self.release(work)

    @contextmanager
    def workspace(self, *, together: bool) -> Iterator[None]:
        """The whole workspace on a server, alone or `together` with others who say so too. Raises BusyError after a minute."""
        how = "_shared" if together else ""
        try:
            self._ask(f"SET lock_timeout = {PATIENCE * 1000:.0f}")
            self._ask(f"SELECT pg_advisory_lock{how}(%s)", WORKSPACE)
            self._ask("SET lock_timeout = 0")
        except BusyError:
            self._ask("SET lock_timeout = 0")
            raise
        try:
            yield
        finally:
            with suppress(RegisterError):
                self._ask(f"SELECT pg_advisory_unlock{how}(%s)", WORKSPACE)

    @contextmanager
    def present(self, leasing: Leasing, mend: Callable[[], None]) -> Iterator[str]:
        """Be known to be at work, for whoever has the workspace already; gives the name by which the register knows it.

        Where one that was known is gone without having said so, `mend` is called as soon as nobody else is at work.
        """
        holder = new_holder()
        self.claim(holder)
        with leasing() as lease:
            lease.come(holder)
            gone = [other for other in lease.present() if other != holder and self._gone(other)]
        if gone and self._ask("SELECT pg_try_advisory_lock(%s)", WORKSPACE):
            try:
                mend()
                with leasing() as lease:
                    for other in gone:
                        log.warning("%s ended in the middle of its work", other)
                        lease.give_back(other)
            finally:
                self._ask("SELECT pg_advisory_unlock(%s)", WORKSPACE)
        try:
            yield holder
        finally:
            with suppress(RegisterError), leasing() as lease:  # else it is known to be gone, as if it had been killed
                lease.give_back(holder)
            self.release(holder)

    def _gone(self, other: str) -> bool:
        """Whether nobody has that name any more: then it can be had."""
        if there_is_none := self.claim(other):
            self.release(other)
        return there_is_none

    def close(self) -> None:
        """Nothing is claimed any more."""
        if self._db is not None:
            self._db.close()
        self._db = None
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        return open_engine(self._url)

    def _ask(self, query: str, *values: object) -> object:
        """On a connection of its own, without a transaction: its locks are the session's."""
        with plainly(self._engine):
            try:
                if self._db is None:
                    self._db = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT", reading=True)
                found = self._db.exec_driver_sql(query, values)
                return found.scalar() if found.returns_rows else None
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") == LOCKED:
                    raise BusyError("Another qaf-sheets command is at work in this workspace. Try again in a minute.") from error
                self.close()  # the server went away, and with it the locks: the next one is asked for on another connection
                raise
