"""The reading worker: whatever a job does, it costs that job alone, and never more than its time."""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Iterator

import pytest

from qaf_sheets.worker import LONGEST_ANSWER, WarmWorker, WorkerDiedError


@pytest.fixture(scope="module")
def worker() -> Iterator[WarmWorker]:
    it = WarmWorker(seconds=1.5)
    yield it
    it.stop()


def ends() -> None:
    os._exit(9)


def hangs() -> None:
    time.sleep(60)


def spins() -> None:
    while True:
        pass


def says_half() -> None:
    """The beginning of a long answer, and then nothing."""
    frame = sys._getframe()
    while "pipe" not in frame.f_locals and frame.f_back:
        frame = frame.f_back
    os.write(frame.f_locals["pipe"].fileno(), struct.pack("!i", 1000) + b"half")
    time.sleep(60)


def eats() -> int:
    return len(bytes(2_000_000_000))


def tells_all() -> bytes:
    return bytes(LONGEST_ANSWER + 1)


@pytest.mark.parametrize("job", [ends, hangs, spins, eats, tells_all, pytest.param(says_half, marks=pytest.mark.skipif(sys.platform == "win32", reason="a pipe is no number there"))])
def test_a_job_that_ends_hangs_or_says_half_costs_itself_and_no_more_than_its_time(worker: WarmWorker, job: object) -> None:
    worker.submit(len, ()).result()  # starting another worker is not the job's time
    started = time.monotonic()
    with pytest.raises(WorkerDiedError):
        worker.submit(job).result()  # type: ignore[arg-type]
    restarts = 10 if job is ends else 0  # tried once more, in a new one
    assert time.monotonic() - started < 1.5 + 1 + restarts
    assert worker.submit(len, (1, 2)).result() == 2


def test_a_worker_that_was_ended_from_outside_is_replaced_and_its_job_done(worker: WarmWorker) -> None:
    worker.submit(len, ()).result()
    ended = worker._process
    ended.kill()
    ended.is_alive = lambda: True  # as it looks in the first moment
    assert worker.submit(len, (1,)).result() == 1


def test_a_fault_of_ours_is_no_fault_of_the_file(worker: WarmWorker) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        worker.submit(divmod, 1, 0).result()


def test_a_job_too_large_to_send_to_a_worker_that_does_not_listen_is_given_up(worker: WarmWorker) -> None:
    worker.submit(len, ()).result()
    worker._pipe.send((time.sleep, (60,), {}))  # it is busy with something else
    with pytest.raises(WorkerDiedError):
        worker.submit(len, bytes(20_000_000)).result()
    assert worker.submit(len, ()).result() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a job object does it there")
def test_a_worker_whose_parent_is_gone_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qaf_sheets.worker.BEYOND", 0)
    orphan = WarmWorker(seconds=1)
    orphan.submit(len, ()).result()
    process = orphan._process
    orphan._pipe.send((spins, (), {}))  # and nobody waits for the answer or ends it
    process.join(10)
    assert process.exitcode not in (None, 0)
    orphan.stop()
