"""A stranger's file costs itself at most: every hostile variant has its plain outcome, every unlucky one its answers, whatever came before."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from desk_kit import Handed
from hostile import VARIANTS
from hostile.making import Parts, Variant, unpacked

from qaf_sheets import workspace
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.model import Received
from qaf_sheets.problems import CATALOGUE
from qaf_sheets.worker import MEGABYTES, WarmWorker

LONGEST, AT_ONCE = 10.0, {"settle_seconds": "0", "incomplete_after_seconds": "0"}


class Measured(Executor):
    """The real worker; remembers how long its last job took and the most memory it has had."""

    def __init__(self) -> None:
        self.worker, self.took, self.peak = WarmWorker(), 0.0, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        started = time.monotonic()
        done = self.worker.submit(fn, *args, **kwargs)
        self.took = time.monotonic() - started
        if self.worker._process is not None:
            status = Path(f"/proc/{self.worker._process.pid}/status")
            self.peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) if status.exists() else 0
        return done


class Council:
    """A council that handed out one form, filled in; it starts anew for every variant."""

    def __init__(self, issued: Path, place: Path) -> None:
        self.place, self.fresh, self.worker = place, place.with_name("fresh"), Measured()
        form = Handed(issued, "OBS")
        self.name, self.good = form.path.name, form.filled()
        self.parts: Parts = unpacked(self.good)
        shutil.copytree(issued, self.fresh, ignore=shutil.ignore_patterns("To complete"))
        with Desk(workspace.find(self.fresh), executor=self.worker) as at:
            plan, problems = at.plan_and_problems
            self.plan = plan.model_copy(update={"settings": {**plan.settings, **AT_ONCE}}), problems
            self.library = at.library

    def start(self) -> Desk:
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.fresh, self.place)
        at = Desk(workspace.find(self.place), executor=self.worker)
        at.__dict__ |= {"plan_and_problems": self.plan, "library": self.library}
        return at

    def receive(self, at: Desk, data: bytes) -> Received:
        """One file dropped, one pass."""
        (at.workspace.return_here / self.name).write_bytes(data)
        (received,) = Pass(at, pause=lambda _: None).run()
        return received


@pytest.fixture(scope="module")
def small(issued_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    council = Council(issued_once, tmp_path_factory.mktemp("hostile") / "Quality assurance")
    yield council
    council.worker.worker.stop()


@pytest.mark.parametrize("variant", VARIANTS, ids=[v.name for v in VARIANTS])
def test_every_variant_has_its_plain_outcome_and_the_next_good_file_is_received(small: Council, variant: Variant) -> None:
    data = variant.make(small.parts)
    with small.start() as at:
        received = small.receive(at, data)
        codes = [p.code for p in received.problems]
        assert (received.outcome, variant.code in codes or not variant.code) == (variant.outcome, True), codes
        assert small.worker.took <= LONGEST
        assert small.worker.peak <= MEGABYTES * 1024
        assert received.kept_as is not None
        assert at.workspace.absolute(received.kept_as).read_bytes() == data
        assert small.receive(at, small.good).outcome == ("duplicate" if received.outcome == "accepted" else "accepted")
        assert list(at.workspace.return_here.iterdir()) == []


def test_there_are_many_variants_each_of_its_own_name() -> None:
    assert len(VARIANTS) >= 250
    assert len({v.name for v in VARIANTS}) == len(VARIANTS)
    assert {v.code for v in VARIANTS if v.code} <= set(CATALOGUE)


def test_the_worker_is_held_to_its_memory(small: Council) -> None:
    worker = small.worker.worker
    worker.submit(len, ()).result()
    limits = Path(f"/proc/{worker._process.pid}/limits")
    if not limits.exists():
        pytest.skip("no /proc here")
    found = {line[:26].strip(): line[26:].split()[0] for line in limits.read_text().splitlines()[1:]}
    assert (found["Max address space"], found["Max core file size"]) == (str(MEGABYTES * 1024 * 1024), "0")
