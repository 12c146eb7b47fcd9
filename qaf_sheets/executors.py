"""Where strangers' files are read: in the reading worker, in several processes of this computer, or on a Dask cluster (design decision 12)."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from qaf_sheets.worker import SECONDS, WarmWorker, timed

log = logging.getLogger(__name__)
DASK = "dask://"


class ExecutorError(Exception):
    """The reading cannot be done where it was to be; the message says what to do."""


def executor_for(said: str) -> WarmWorker | Several | Elsewhere:
    """The executor that a setting names: `worker` (or nothing), `processes`, or `dask://host:port`. Raises ExecutorError."""
    if said in ("", "worker"):
        return WarmWorker()
    if said == "processes":
        return Several(os.cpu_count() or 1)
    if said.startswith(DASK):
        return _cluster(said.removeprefix(DASK))
    raise ExecutorError(f"'{said}' is no place to read files in. Say worker, processes, or dask://host:port.")


class Several(Executor):
    """So many reading workers, each with its limits and replaced when it dies. A job goes to the next one that is free."""

    def __init__(self, many: int, seconds: float = SECONDS) -> None:
        self.ahead = 2 * many
        self._workers = tuple(WarmWorker(seconds) for _ in range(many))
        self._free: SimpleQueue[WarmWorker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._line = ThreadPoolExecutor(many)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a picklable function on picklable arguments. The future fails as the reading worker's does."""
        return self._line.submit(self._run, fn, args, kwargs)

    def _run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        worker = self._free.get()
        try:
            return worker.run(fn, args, kwargs)
        finally:
            self._free.put(worker)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's own signature
        """End them for good, and with them whatever they are at."""
        self._line.shutdown(wait=False, cancel_futures=True)  # what waits in line would have a worker started for it
        for worker in self._workers:
            worker.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._line.shutdown(wait=wait)


class Elsewhere(Executor):
    """Reads files on other computers, many at once. What goes wrong there is read again here by the reading worker, whose limits decide what becomes of the file.

    So one file that ends a process there, or a cluster that goes away, costs time and never an innocent file. `ahead`: how many files may be under way.
    """

    def __init__(self, there: Executor, *, ahead: int, seconds: float = SECONDS, close: Callable[[], object] = lambda: None) -> None:
        self.there, self.ahead, self.seconds, self._close = there, ahead, seconds, close
        self.here = WarmWorker()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a picklable function on picklable arguments. The future fails as the reading worker's does."""
        try:
            return _Tried(self.there.submit(timed, self.seconds, fn, *args, **kwargs), self.seconds, lambda: self.here.submit(fn, *args, **kwargs).result())
        except Exception as error:  # noqa: BLE001 - a broken pool, a cluster that is gone: each says so in a way of its own
            _tell(error)
            return self.here.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's own signature
        """End it for good."""
        self.there.shutdown(wait=False)  # what never ends there is not waited for; Dask's takes no other word
        self.here.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._close()


class _Tried(Future[Any]):
    """A job elsewhere; asked for, it is what came of it there, or what comes of it here."""

    def __init__(self, there: Future[Any], seconds: float, here: Callable[[], Any]) -> None:
        super().__init__()
        self._there, self._seconds, self._here = there, seconds, here

    def result(self, timeout: float | None = None) -> Any:
        """Waits a while for it, then does it here."""
        try:
            return self._there.result(timeout or self._seconds)
        except Exception as error:  # noqa: BLE001 - as above
            self._there.cancel()
            _tell(error)
            return self._here()


def _tell(error: Exception) -> None:
    log.warning("a file could not be read elsewhere (%s), so it is read here", type(error).__name__)


def _cluster(address: str) -> Elsewhere:
    """Through Dask's own `concurrent.futures` interface. The workers need qaf-sheets of the same version installed."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ExecutorError("Files are to be read on a Dask cluster, and what speaks to it is not installed. Install qaf-sheets[dask].") from None
    try:
        client: Any = Client(f"tcp://{address}", timeout="5s", set_as_default=False)  # type: ignore[no-untyped-call]  # it ships few types
    except (OSError, TimeoutError, ValueError) as error:
        raise ExecutorError(f"The Dask cluster at {address} cannot be reached ({type(error).__name__}). Leave --executor out to read files on this computer.") from error
    cores = sum(client.ncores().values())
    return Elsewhere(client.get_executor(pure=False), ahead=2 * max(1, cores), close=client.close)
