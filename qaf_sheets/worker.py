"""The reading worker: a warm process with limits on time and memory, replaced when it dies, so that a stranger's file costs only itself.

An `Executor`, so that the pure reading step can run on a process pool or a cluster instead (design decision 12).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from qaf_sheets import windows_job

SECONDS, MEGABYTES = 10.0, 512
AHEAD = 2
"""How many files may wait for it while another is decided."""
LONGEST_ANSWER = 64_000_000
"""Bytes of an answer that the parent takes; no form says as much."""
BEYOND = 5
"""Seconds after which a worker that nobody stopped stops itself: its parent is gone."""


class WorkerDiedError(Exception):
    """One job ended the worker twice, or met a limit: the file's doing, not ours."""


class WarmWorker(Executor):
    """One process that runs jobs in turn, in the order in which they were submitted, while whoever submitted them does something else."""

    def __init__(self, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.seconds, self.megabytes, self.ahead = seconds, megabytes, AHEAD
        self._ended, self._starting = False, threading.RLock()
        self._process: Any = None
        self._pipe: Any = None
        self._line = ThreadPoolExecutor(1)  # no thread is started before there is a job
        self._job: windows_job.Job | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a picklable function on picklable arguments.

        The future fails with WorkerDiedError when a limit is met, RuntimeError for a fault of ours, OSError when no worker can be had now.
        """
        return self._line.submit(self.run, fn, args, kwargs)

    def run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """The same, done before this returns; one call at a time."""
        answer = self._ask(fn, args, kwargs) or self._ask(fn, args, kwargs)  # it may have been ended from outside: once more, then it was the file
        if answer is None:
            raise WorkerDiedError("reading it ended our reader")
        how, result = answer
        if how == "limit":
            raise WorkerDiedError(result)
        if how == "fault":
            raise RuntimeError(result)
        return result

    def _ask(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> tuple[str, Any] | None:
        """One job sent and its answer: what it came to, or why not; None when the process ended instead."""
        pipe = self._start()
        answer: tuple[str, Any] | None = None
        with self._deadline() as late, contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
            pipe.send((fn, args, kwargs))
            answer = pickle.loads(pipe.recv_bytes(LONGEST_ANSWER))  # noqa: S301 - from our own code in the worker
        if late.is_set() or answer is None:
            self.stop()
        return ("limit", f"it took more than {self.seconds:g} seconds") if late.is_set() else answer

    @contextlib.contextmanager
    def _deadline(self) -> Iterator[threading.Event]:
        """End the process when the time is up, wherever the exchange has got to: a half-sent answer then ends too, instead of never."""
        late, process = threading.Event(), self._process

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, end)
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()
            timer.join()  # either it ended the process by now, or it never will

    def _start(self) -> Any:
        with self._starting:
            if self._ended:
                raise OSError("the reading worker was ended")
            if self._process is None or not self._process.is_alive() or self._pipe is None:
                self.stop()
                context = multiprocessing.get_context("spawn")  # the same on every system; nothing of ours is inherited
                self._pipe, theirs = context.Pipe()
                self._process = context.Process(target=_serve, args=(theirs, self.megabytes, self.seconds + BEYOND), daemon=True)
                self._process.start()
                theirs.close()
                if not self._pipe.poll(60):  # importing may be slow on a cold disk; that is not the file's fault
                    self.stop()
                    raise TimeoutError("the reading worker did not start")
                self._pipe.recv()
                self._job = windows_job.limit(self._process.pid, self.megabytes)
            return self._pipe

    def stop(self) -> None:
        """End the process; the next job starts another."""
        with self._starting:
            if self._pipe is not None:
                self._pipe.close()
            if self._process is not None:
                self._process.kill()
                self._process.join(5)
            if self._job is not None:
                self._job.close()
            self._process = self._pipe = self._job = None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's own signature
        """End the process for good, and with it whatever it is at."""
        self._ended = True
        self.stop()
        self._line.shutdown(wait=wait, cancel_futures=cancel_futures)


def _serve(pipe: Connection, megabytes: int, seconds: float) -> None:
    """The worker's loop: one job, one answer, until the pipe closes."""
    _confine(megabytes)
    pipe.send("ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
        while True:
            fn, args, kwargs = pipe.recv()
            with _alarm(seconds):
                pipe.send_bytes(_answer(fn, args, kwargs))


def _confine(megabytes: int) -> None:
    """Make this process one that reads strangers' files: what a file may need is limited, where the system lets a process limit itself."""
    import qaf_sheets.book  # noqa: F401 - imported before the memory limit, so that the limit is the file's

    _limit(megabytes)


def _answer(fn: Callable[..., Any], args: Any, kwargs: Any) -> bytes:
    """What a job comes to, ready to send; never more than the parent takes."""
    try:
        answer = pickle.dumps(("done", fn(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(("limit", "it needs too much memory"))
    except Exception as error:  # noqa: BLE001 - told to the parent, which knows what to do with one file
        return pickle.dumps(("fault", type(error).__name__))
    return answer if len(answer) <= LONGEST_ANSWER else pickle.dumps(("limit", "it holds far more than a form"))


def timed(seconds: float, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Run a job in a process that is not ours to stop, such as a cluster's worker: one that goes on for too long ends that process, and somebody starts another."""
    with _alarm(seconds + BEYOND):
        return fn(*args, **kwargs)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """POSIX: a worker whose parent was killed ends by itself. On Windows its job object ends it."""
    if sys.platform == "win32":
        yield
        return
    import signal

    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(megabytes: int) -> None:
    """Memory, no picture of it on disk when it ends badly, and nothing said of what is in a file. macOS heeds no limit on memory."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # a panic of calamine's may quote the text it met
    if sys.platform == "win32":  # `windows_job` limits it from outside
        return
    import resource

    for what, limit in ((resource.RLIMIT_AS, megabytes * 1024 * 1024), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
