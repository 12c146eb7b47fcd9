"""The reading worker: a warm process with limits on time and memory, replaced when it dies, so that a stranger's file costs only itself.

An `Executor`, so that the pure reading step can run on a process pool or a cluster instead (design decision 12).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing.connection import Connection
from typing import Any

SECONDS, MEGABYTES = 10.0, 512


class WorkerDiedError(Exception):
    """The worker ended or took too long on one job; it has been replaced."""


class WarmWorker(Executor):
    """One process that runs jobs in turn; `submit` returns when the job is done, has failed, or was stopped."""

    def __init__(self, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self._process: Any = None
        self._pipe: Connection | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a picklable function on picklable arguments. The future fails with WorkerDiedError when a limit is met."""
        future: Future[Any] = Future()
        try:
            future.set_result(self._run(fn, args, kwargs))
        except Exception as error:  # noqa: BLE001 - a future carries whatever its job raised
            future.set_exception(error)
        return future

    def _run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        pipe = self._start()
        try:
            pipe.send((fn, args, kwargs))
            answered = pipe.poll(self.seconds)
            done, result = pipe.recv() if answered else (False, f"it took more than {self.seconds:g} seconds")
        except (EOFError, OSError):
            answered, done, result = False, False, "reading it ended our reader"
        if not answered:
            self.stop()
        if not done:
            raise WorkerDiedError(result)
        return result

    def _start(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self.stop()
            context = multiprocessing.get_context("spawn")  # the same on every system; nothing of ours is inherited
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self.megabytes), daemon=True)
            self._process.start()
            theirs.close()
            if not self._pipe.poll(60):  # importing may be slow on a cold disk; that is not the file's fault
                self.stop()
                raise WorkerDiedError("the worker did not start")
            self._pipe.recv()
        return self._pipe

    def stop(self) -> None:
        """End the process; the next job starts another."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
        self._process = self._pipe = None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's own signature
        """End the process for good."""
        del wait, cancel_futures
        self.stop()


def _serve(pipe: Connection, megabytes: int) -> None:
    """The worker's loop: one job, one answer, until the pipe closes."""
    import qaf_sheets.book  # noqa: F401 - imported before the memory limit, so that the limit is the file's

    _limit_memory(megabytes)
    pipe.send("ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
        while True:
            fn, args, kwargs = pipe.recv()
            try:
                answer = (True, fn(*args, **kwargs))
            except MemoryError:
                answer = (False, "it needs too much memory")
            except Exception as error:  # noqa: BLE001 - told to the parent, which knows what to do with one file
                answer = (False, f"{type(error).__name__}")
            pipe.send(answer)


def _limit_memory(megabytes: int) -> None:
    """POSIX: a limit on address space. Windows has no such call for a running process; there the archive checks and the time limit stand alone."""
    if sys.platform == "win32":
        return
    import resource

    limit = megabytes * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
