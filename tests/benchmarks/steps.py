"""What is measured of ours as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from council import ISSUED, Q3, plan_of

from qaf_sheets import workspace
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.issue import issue
from qaf_sheets.plan.write import write_plan
from qaf_sheets.publish import publish


def ingest(root: str) -> None:
    """Receive, check, register; then the master and the tracker."""
    with Desk(workspace.find(Path(root))) as at, at.alone():
        print(len(Pass(at).run()))
        publish(at, only=("tracker", "master"))


def receive(root: str) -> None:
    """Receive, check and register alone."""
    with Desk(workspace.find(Path(root))) as at, at.alone():
        print(len(Pass(at).run()))


def one_more(root: str, *files: str) -> None:
    """In a warm process: the seconds from the second look to the accepted receipt of each of some files."""
    with Desk(workspace.find(Path(root))) as at, at.alone():
        passes = Pass(at)
        passes.run()
        for file in files:
            (at.workspace.return_here / Path(file).name).write_bytes(Path(file).read_bytes())
            begun = time.perf_counter()
            (received,) = passes.run()
            print(time.perf_counter() - begun, received.outcome)


def hand_out(root: str, times: str) -> None:
    """The quarter's forms of a council so many times as large."""
    place = workspace.create(Path(root), Path(root) / ".qaf")
    place.plan.write_bytes(write_plan(plan_of(int(times)), created=ISSUED))
    with Desk(place, now=lambda: ISSUED) as at:
        at.sound_plan()
        begun = time.process_time()
        handed = issue(at, Q3)
        print(len(handed), time.process_time() - begun)


def watch(root: str, seconds: str) -> None:
    """The share of a processor that an idle service takes, once it has had its first passes."""
    child = subprocess.Popen([sys.executable, "-m", "qaf_sheets", "watch", "--workspace", root], stderr=subprocess.DEVNULL)
    try:
        time.sleep(15)
        before, begun = _cpu(child.pid), time.perf_counter()
        time.sleep(float(seconds))
        print((_cpu(child.pid) - before) / (time.perf_counter() - begun))
    finally:
        child.terminate()
        child.wait(30)


def _cpu(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
