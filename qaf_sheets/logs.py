"""What a log may say: references, outcomes, and where in our code a fault happened; never what a file says or is called (design decision 9).

An exception's message may quote a cell, a statement's values or the name that somebody gave a file, so no message is ever written.
"""

from __future__ import annotations

import copy
import logging
import os
import threading
import traceback
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from qaf_sheets.files import open_private

OURS = ("qaf_sheets", "qaf_watchers")
LAYOUT = "%(asctime)s %(levelname)s %(message)s"


def brief(error: BaseException) -> str:
    """An exception without its message: its kind and, where the system raised it, the system's own words ("PermissionError: Permission denied")."""
    words = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def story(error: BaseException) -> str:
    """An exception and those it came from, the first one first, each with its places in the code."""
    return "\n".join(line for e in reversed(list(_chain(error))) for line in (*traceback.format_tb(e.__traceback__), brief(e)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = error
    seen: set[int] = set()
    while at is not None and id(at) not in seen:
        yield at
        seen.add(id(at))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


class Discreet(logging.Formatter):
    """Our own messages as they are, with exceptions in brief; of a library's message only where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """One entry."""
        said = copy.copy(record)
        said.exc_text = None
        if record.name.split(".")[0] in OURS:
            said.args = tuple(brief(a) if isinstance(a, BaseException) else a for a in record.args) if isinstance(record.args, tuple) else record.args
        else:
            said.msg, said.args = f"{record.name}, line {record.lineno} of {record.module}", ()
        return super().format(said)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """The exception without its message."""
        return story(ei[1]) if ei[1] else ""


class PrivateFile(RotatingFileHandler):
    """A rotating log that only its owner can read, from its first byte on. Windows: as its folder."""

    def _open(self) -> TextIOWrapper:
        return TextIOWrapper(open_private(Path(self.baseFilename), "ab"), encoding=self.encoding)


def to_file(path: Path) -> None:
    """The service's log."""
    handler = PrivateFile(path, maxBytes=1_000_000, backupCount=5, encoding="utf-8")
    handler.setFormatter(Discreet(LAYOUT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    threading.excepthook = _told_of_thread


def _told_of_thread(ended: threading.ExceptHookArgs) -> None:
    """A thread of the watching that ended: into the log, since what is printed may be kept too."""
    if ended.exc_value is not None:
        logging.getLogger(__name__).error("a thread ended", exc_info=ended.exc_value)


def to_screen() -> None:
    """What is logged while nothing else was asked for: on standard error, which task schedulers keep."""
    if logging.lastResort:
        logging.lastResort.setFormatter(Discreet("%(message)s"))
