"""A disk that fails when it is told to: every call that changes something below a folder is a step, and each step may be met with a kill or a refusal.

The calls are caught at the lowest level there is (what reaches the system from `open`, `os` and the database's commit), so that every
write that anybody adds is covered without a word here. What lies between two steps changes nothing on the disk: killed before each step is killed after
each one too. A write is two steps, so that half of it can be there.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from unittest import mock

from sqlalchemy.engine.default import DefaultDialect

from qaf_sheets.worker import WorkerDiedError

CHANGES = ("create", "write", "truncate", "replace", "unlink", "mkdir", "rmdir", "chmod", "link", "commit")
"""Steps after which the disk is another; `open` (to write, later) and `fsync` may fail too, but change nothing."""
ROOM = ("create", "write", "mkdir", "commit")
WRITING = os.O_WRONLY | os.O_RDWR
LIMIT = 60


class Step(NamedTuple):
    """One call that changes the disk, before it is made; `path` is what it changes, `other` where that goes in a rename."""

    kind: str
    path: Path
    other: Path | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.path.name}"

    def within(self, folder: Path) -> bool:
        """Whether it would change something in a folder."""
        return any(p is not None and p.is_relative_to(folder) for p in (self.path, self.other))


Meet = Callable[[Step], object]


class Disk:
    """Everything below `root`, with `meet` called before each step."""

    def __init__(self, root: Path, meet: Meet) -> None:
        self.root, self.meet = os.path.realpath(root), meet
        self.handles: dict[int, Path] = {}
        self.commits: dict[int, object] = {}
        self.open, self.os_open = io.open, os.open

    def ours(self, path: Any) -> Path | None:
        """A path below the root; None for any other, and for what is no path."""
        if isinstance(path, int):
            return self.handles.get(path)
        if not isinstance(path, (str, os.PathLike)):
            return None
        place = Path(os.path.abspath(os.fspath(path)))  # noqa: PTH100 - resolve would follow the links that it is about
        return place if place.is_relative_to(self.root) else None

    # -------------------------------------------------------- files

    def opened(self, file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None, newline: str | None = None, closefd: bool = True, opener: Any = None) -> Any:
        """`open`: one that may write is made of a raw file whose writes are steps."""
        place = self.ours(file)
        if place is None or not set(mode) & set("wax+"):
            return self.open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if opener is None and not isinstance(file, int):
            self.meet(Step("create" if "w" in mode or not place.exists() else "open", place))
        raw = _Raw(self, place, file, mode.translate({ord("t"): None, ord("b"): None}), closefd, opener)
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline)

    def handle(self, path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        """`os.open`."""
        place = self.ours(path)
        if place and flags & WRITING:
            self.meet(Step("create" if flags & os.O_TRUNC or not place.exists() else "open", place))
        found = self.os_open(path, flags, *args, **kwargs)
        if place:
            self.handles[found] = place
        return found

    def committed(self, real: Callable[..., None]) -> Callable[..., None]:
        """The database's commit, where it has something to commit."""

        def commit(dialect: Any, connection: Any) -> None:
            held = getattr(connection, "dbapi_connection", connection)
            stands = (held.total_changes, held.execute("PRAGMA schema_version").fetchone())
            if self.commits.get(id(held), (0, (0,))) != stands:
                self.commits[id(held)] = stands
                self.meet(Step("commit", Path(self.root) / "register"))
            real(dialect, connection)

        return commit

    # -------------------------------------------------------- calls

    def before(self, name: str, kind: str, *, needs: bool | None = True) -> Callable[..., Any]:
        """A call of `os` that is a step where it can succeed at all: its path is there (`needs`), is not (False), or either (None)."""
        real = getattr(os, name)

        def call(path: Any, *args: Any, **kwargs: Any) -> Any:
            place = self.ours(path)
            if place and (needs is None or os.path.lexists(place) == needs):
                self.meet(Step(kind, place, self.ours(args[0]) if args and kind in ("replace", "link") else None))
            return real(path, *args, **kwargs)

        return call

    def closed(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def close(handle: int) -> None:
            self.handles.pop(handle, None)
            real(handle)

        return close

    @contextmanager
    def at_work(self) -> Iterator[Disk]:
        """While the block runs, every step below the root is met."""
        calls = {
            "replace": self.before("replace", "replace"), "rename": self.before("rename", "replace"), "unlink": self.before("unlink", "unlink"),
            "remove": self.before("remove", "unlink"), "mkdir": self.before("mkdir", "mkdir", needs=False), "rmdir": self.before("rmdir", "rmdir"),
            "truncate": self.before("truncate", "truncate"), "ftruncate": self.before("ftruncate", "truncate", needs=None), "chmod": self.before("chmod", "chmod"),
            "link": self.before("link", "link"), "symlink": self.before("symlink", "link", needs=None), "write": self.before("write", "write", needs=None),
            "fsync": self.before("fsync", "fsync", needs=None), "open": self.handle, "close": self.closed(os.close),
        }  # fmt: skip
        with ExitStack() as patched:
            for name, call in calls.items():
                patched.enter_context(mock.patch.object(os, name, call))
            for owner in (io, builtins):
                patched.enter_context(mock.patch.object(owner, "open", self.opened))
            for name in [n for n in vars(shutil) if n.startswith("_USE_CP")]:  # the system's own copying, past all of this
                patched.enter_context(mock.patch.object(shutil, name, new=False))
            patched.enter_context(mock.patch.object(DefaultDialect, "do_commit", self.committed(DefaultDialect.do_commit)))
            yield self


class _Raw(io.FileIO):
    """What a buffered file writes through. Each write comes in two halves, as the system may do it."""

    def __init__(self, disk: Disk, place: Path, file: Any, mode: str, closefd: bool, opener: Any) -> None:
        super().__init__(file, mode, closefd, opener)
        self._disk, self._place, self._half = disk, place, False
        disk.handles[self.fileno()] = place

    def write(self, data: Any) -> int:
        self._disk.meet(Step("write", self._place))
        held = memoryview(data).cast("B")
        self._half = not self._half and len(held) > 1
        return super().write(held[: len(held) // 2] if self._half else held) or 0

    def truncate(self, size: int | None = None) -> int:
        self._disk.meet(Step("truncate", self._place))
        return super().truncate(size)

    def close(self) -> None:
        if not self.closed:
            self._disk.handles.pop(self.fileno(), None)
        super().close()


# ---------------------------------------------------------------- what a step may meet


def nothing(_: Step) -> None:
    """A disk in good order."""


def counted(into: list[str], then: Meet = nothing) -> Meet:
    """Every step's name is kept."""

    def meet(step: Step) -> None:
        into.append(str(step))
        then(step)

    return meet


def changing(then: Meet) -> Meet:
    """Only steps after which the disk is another."""
    return lambda step: then(step) if step.kind in CHANGES else None


def killed_at(nth: int) -> Meet:
    """kill -9 before the nth step, counted from 1."""
    seen: list[Step] = []

    def meet(step: Step) -> None:
        seen.append(step)
        if len(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return meet


def full_from(nth: int, room: float = float("inf")) -> Meet:
    """No space left from the nth step on that needs some, for `room` such steps; what takes nothing (a removal, a rename) goes on."""
    seen: list[Step] = []

    def meet(step: Step) -> None:
        if step.kind in ROOM:
            seen.append(step)
            if nth <= len(seen) < nth + room:
                raise refusal(errno.ENOSPC, step)

    return meet


def steps_needing_room(root: Path, work: Callable[[], object]) -> int:
    """How many steps of this work need room on the disk."""
    seen: list[Step] = []
    with Disk(root, lambda step: seen.append(step) if step.kind in ROOM else None).at_work():
        work()
    return len(seen)


def refused(number: int, folder: Path, *kinds: str) -> Meet:
    """Nothing may be changed within a folder (or not in these ways)."""

    def meet(step: Step) -> None:
        if step.within(folder) and step.kind != "commit" and (not kinds or step.kind in kinds):
            raise refusal(number, step)

    return meet


def either(*meets: Meet) -> Meet:
    """All of these, one after another."""
    return lambda step: [meet(step) for meet in meets]


def held(path: Callable[[Step], bool], times: float = float("inf")) -> Meet:
    """Another program has a file open as Windows knows it: it can be neither replaced nor removed nor written, for so many attempts."""
    left = [times]

    def meet(step: Step) -> None:
        if step.kind in ("replace", "unlink", "open", "create") and path(step) and left[0] > 0:
            left[0] -= 1
            error = refusal(errno.EACCES, step)
            error.winerror = 32  # type: ignore[attr-defined, unused-ignore]  # only Windows has it
            raise error

    return meet


def refusal(number: int, step: Step) -> Exception:
    """What the system says; a database says it in its own words."""
    if step.kind == "commit":
        import sqlite3

        return sqlite3.OperationalError("database or disk is full")
    return OSError(number, os.strerror(number), str(step.path))


# ---------------------------------------------------------------- a process that may die


def forked(work: Callable[[], object]) -> int:
    """Do this in a child of this very process, with all it has imported: its exit code, or -9 when it was killed. POSIX alone can fork."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            signal.alarm(LIMIT)  # one that hangs ends, with -14
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - told to whoever looks at the output
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Inline(Executor):
    """Reads in this very process: no worker to start for each of a thousand runs. The same bytes are read once."""

    known: ClassVar[dict[Any, Any]] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        key, future = (fn, *args), Future[Any]()
        try:
            if key not in self.known:
                self.known[key] = fn(*args, **kwargs)
            future.set_result(self.known[key])
        except Exception as error:  # noqa: BLE001 - as the worker has it
            future.set_exception(WorkerDiedError(type(error).__name__))
        return future
