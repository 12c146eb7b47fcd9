"""A thousand drops while the service is killed again and again: none lost, none twice, a thousand receipts. QAF_SOAK says how many, QAF_SOAK_SEED which."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from desk_kit import Handed
from faults import Disk, Meet, changing, either, forked, held, killed_at
from soak import Drop, Form, drops, expected, lay, settle
from standing import quick_folder, run, standing, told

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.files import sha256

pytestmark = [pytest.mark.usefixtures("still"), pytest.mark.skipif(os.name == "nt", reason="a process is forked and killed with SIGKILL, which Windows has not")]
MANY = int(os.environ.get("QAF_SOAK", "1000"))
SEED = int(os.environ.get("QAF_SOAK_SEED", "20261214"))
ROUND, WATCHED = 50, 7
"""Drops between two starts of the service; every so many rounds it is the real one, with the real worker."""
LIMIT = 60.0


@pytest.fixture
def root(issued_once: Path) -> Iterator[Path]:
    with quick_folder() as folder:
        yield Path(shutil.copytree(issued_once, folder / "QA"))


def forms(root: Path) -> list[Form]:
    """All that were handed out of three kinds. None is moderated, so that a changed answer is a version and waits for nobody."""
    return [Form(Handed(root, activity, n)) for activity, many in (("OBS", 13), ("ROUT", 8), ("SERV", 6)) for n in range(many)]


def passing(root: Path, meet: Meet) -> Callable[[], object]:
    """One pass, on a disk that fails as told."""

    def work() -> None:
        with Disk(root, meet).at_work():
            run(root, "ingest", "--no-outputs")

    return work


def watched(root: Path, before: Callable[[], object], dice: Random) -> None:
    """The real service, killed with all it has open once it has received something of what is dropped while it runs."""
    command = [sys.executable, "-m", "qaf_sheets", "watch", "--workspace", str(root)]
    service = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "QAF_SOAKED": str(root)})
    before()
    kept, wanted, end = root / "Received", received(root) + dice.randint(1, ROUND // 2), time.monotonic() + LIMIT
    while received(root) < wanted:
        assert time.monotonic() < end, f"the service received nothing more: {len(list(kept.rglob('*')))}"
        assert service.poll() is None, "the service ended by itself"
        time.sleep(0.01)
    service.send_signal(signal.SIGKILL)
    service.wait()


def received(root: Path) -> int:
    return sum(1 for p in (root / "Received").rglob("*") if p.is_file() and not p.name.startswith("."))


def still_alive(root: Path) -> list[str]:
    """Processes of a killed service that live on; Linux alone tells."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"QAF_SOAKED={root}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def live_through(root: Path, dropped: list[Drop], dice: Random) -> None:
    """Everything is dropped, a round at a time, and the service is killed in each."""
    inbox = root / "Return here"
    rounds = [dropped[n : n + ROUND] for n in range(0, len(dropped), ROUND)]
    late, busy = list[Drop](), set[Path]()
    for n, them in enumerate(rounds):
        busy = {*(p for p in busy if dice.random() < 0.5), *(inbox / d.name for d in dice.sample(them, 6))}
        if n % WATCHED == WATCHED - 1:
            watched(root, lambda them=them: [lay(inbox, d) for d in them], dice)  # type: ignore[misc]  # bound now
        else:
            for d in them:
                lay(inbox, d)
            for _ in range(dice.randint(1, 2)):
                forked(passing(root, either(held(lambda step, busy=busy: step.path in busy), changing(killed_at(dice.randint(1, 600))))))  # type: ignore[misc]  # bound now
        for d in late:
            settle(inbox, d)
        late = [d for d in them if d.kind in ("half", "open")]
    for d in late:
        settle(inbox, d)


def test_a_thousand_drops_and_none_is_lost_or_counted_twice(root: Path) -> None:
    dice = Random(SEED)
    dropped = list(drops(forms(root), dice, MANY))
    live_through(root, dropped, dice)
    assert told(root, "ingest", "--no-outputs")[0] in (0, 1)
    told(root, "ingest", "--no-outputs")
    wanted, why = expected(dropped), f"QAF_SOAK_SEED={SEED} QAF_SOAK={MANY}"
    with Desk(workspace.find(root)) as at, at.register.reading() as records:
        files, versions = records.returns.files(), records.returns.versions()
    stands = standing(root)
    assert Counter(k.sha256 for k in files) == wanted.files, why
    assert len(files) == MANY, why
    assert all(k.filed for k in files), why
    assert Counter(sha256(p.read_bytes()) for p in (root / "Received").rglob("*") if p.is_file()) == wanted.files, why
    assert sum(entry.split(" ")[2] == "received" for entry in stands["journal"].values()) == MANY, why
    numbers = {v.issue.return_id: sorted(w.version for w in versions if w.issue.return_id == v.issue.return_id) for v in versions}
    assert numbers == {return_id: list(range(1, n + 1)) for return_id, n in wanted.versions.items()}, why
    assert (list((root / "Return here").iterdir()), list((root / ".qaf" / "staging").iterdir()), stands["waiting"], stands["chain"]) == ([], [], {}, {}), why
    assert list(root.rglob(".qaf-*.tmp")) == [], why
    assert told(root, "verify") == (0, {"ok": True, "problems": []}), why
    assert still_alive(root) == []
