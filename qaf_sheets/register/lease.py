"""The lease: which process may write in a workspace. It lies in the register, so it also holds between machines that share one state folder.

The holder renews it by counting a beat. Nobody trusts another machine's clock: a lease whose beat stands still for `LASTS` seconds of the
waiter's own clock belongs to a host that died, and may be taken. Whoever lost the lease meanwhile can write nothing more (`Register.writing`).
"""

from __future__ import annotations

import logging
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from qaf_sheets.register import schema

log = logging.getLogger(__name__)
LASTS, RENEWED = 45.0, 15.0
"""Seconds without a beat after which a lease may be taken, and seconds between two beats."""
PATIENCE, GLANCE = 60.0, 0.5
"""Seconds to wait for whoever is writing (longer than a dead computer's lease stands), and between two glances meanwhile."""
NAME = "writer"


class BusyError(Exception):
    """Another qaf-sheets command is at work in this workspace."""


class Held(NamedTuple):
    """Who has the lease, and how often it was renewed."""

    holder: str
    beat: int


class Lease:
    """The lease inside one transaction."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def held(self) -> Held | None:
        """Who has it now; None when nobody does."""
        row = self._db.execute(select(schema.lease.c.holder, schema.lease.c.beat).where(schema.lease.c.name == NAME)).first()
        return Held(row.holder, row.beat) if row else None

    def is_of(self, holder: str) -> bool:
        """Whether this holder has it."""
        found = self.held()
        return found is not None and found.holder == holder

    def take(self, holder: str, instead_of: Held | None) -> bool:
        """Have it, if it still stands as it was seen; False when somebody was quicker."""
        if self.held() != instead_of:
            return False
        self._db.execute(delete(schema.lease).where(schema.lease.c.name == NAME))
        self._db.execute(insert(schema.lease).values(name=NAME, holder=holder, beat=0))
        return True

    def renew(self, holder: str) -> bool:
        """One more beat; False when it is no longer ours."""
        mine = (schema.lease.c.name == NAME, schema.lease.c.holder == holder)
        return self._db.execute(update(schema.lease).where(*mine).values(beat=schema.lease.c.beat + 1)).rowcount > 0

    def give_back(self, holder: str) -> None:
        """Nobody has it any more, if it was ours; on a server: that one is not at work any more."""
        self._db.execute(delete(schema.lease).where(schema.lease.c.holder == holder))

    def come(self, holder: str) -> None:
        """On a server, where several are at work: one more."""
        self._db.execute(insert(schema.lease).values(name=holder, holder=holder, beat=0))

    def present(self) -> tuple[str, ...]:
        """Who came and did not say that they are done."""
        return tuple(self._db.execute(select(schema.lease.c.holder).where(schema.lease.c.name != NAME)).scalars())


def new_holder() -> str:
    """A name for this process at work, like no other."""
    return f"{platform.node()}:{os.getpid()}:{secrets.token_hex(4)}"


Leasing = Callable[[], AbstractContextManager[Lease]]
"""The lease, each time in a transaction of its own."""


@contextmanager
def held(leasing: Leasing, mend: Callable[[], None]) -> Iterator[str]:
    """Hold the lease while the block runs, for a process that has this computer's own lock already; gives the holder's name. Raises BusyError.

    `mend` is called first where the one before ended in the middle of its work.
    """
    holder, done = new_holder(), Event()
    taken_over = _wait_for(leasing, holder)
    renewing = Thread(target=_renew, args=(leasing, holder, done), daemon=True)
    renewing.start()
    try:
        if taken_over:
            mend()
        yield holder
    finally:
        done.set()
        renewing.join()
        with leasing() as lease:
            lease.give_back(holder)


def _wait_for(leasing: Leasing, holder: str) -> bool:
    """Until the lease is free, was left behind on this computer, or stood still so long that its host must be dead; whether somebody left it behind."""
    began = still_since = time.monotonic()
    seen: Held | None = None
    while time.monotonic() - began < PATIENCE:
        with leasing() as lease:
            now, found = time.monotonic(), lease.held()
            seen, still_since = (seen, still_since) if found == seen else (found, now)
            dead = found is not None and (found.holder.split(":")[0] == platform.node() or now - still_since >= LASTS)
            if (found is None or dead) and lease.take(holder, found):
                if found:
                    log.warning("took over from %s, which ended without giving back the workspace", found.holder)
                return found is not None
        time.sleep(GLANCE)
    raise BusyError("Another computer is at work in this workspace. Try again in a minute.")


def _renew(leasing: Leasing, holder: str, done: Event) -> None:
    """Beat until the work is done. A beat that fails is no harm: the next may succeed, and whoever lost the lease cannot write."""
    while not done.wait(RENEWED):
        try:
            with leasing() as lease:
                lease.renew(holder)
        except SQLAlchemyError:
            log.warning("the lease could not be renewed just now")
