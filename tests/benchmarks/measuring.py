"""How a thing and its peer are measured: as whole processes, or by turns in one, always in the same run; a ratio of medians."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Row(NamedTuple):
    """One line of the table. `better` says whether a figure reaches a bound; figures are ratios unless their unit says otherwise."""

    what: str
    figure: float
    reach: float
    stretch: float
    unit: str = "×"
    more: bool = False
    note: str = ""

    def reaches(self, bound: float) -> bool:
        return self.figure >= bound if self.more else self.figure <= bound

    @property
    def verdict(self) -> str:
        return "stretch" if self.reaches(self.stretch) else "pass" if self.reaches(self.reach) else "short"

    def line(self) -> str:
        sign = "≥" if self.more else "≤"
        return f"| {self.what} | {self.figure:.2f} {self.unit} | {sign} {self.reach:g} | {sign} {self.stretch:g} | {self.verdict} | {self.note} |"


class Spent(NamedTuple):
    """What a process took: seconds by the clock and of the processor (with its children), MiB of memory at most."""

    wall: float
    cpu: float
    peak: float
    said: Any


def process(*command: str | Path, today: str = "2026-12-14", **more: str) -> Spent:
    """A command of its own, measured from outside; what it prints is read as JSON where it is."""
    timer = HERE / "timed.py"
    env = {**os.environ, "QAF_TODAY": today, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "watchers"), str(HERE))), **more}
    done = subprocess.run([sys.executable, str(timer), *map(str, command)], capture_output=True, text=True, env=env, check=False)
    *_, told = done.stderr.strip().splitlines() or [""]
    if not told.startswith("{"):
        raise RuntimeError(done.stderr[-2000:])
    spent = json.loads(told)
    return Spent(spent["wall"], spent["cpu"], spent["peak"], done.stdout)


def ours(step: str, *arguments: str | Path, **more: str) -> Spent:
    """One of the steps of `steps.py` in a process of its own."""
    return process(sys.executable, HERE / "steps.py", step, *arguments, **more)


def by_turns(rounds: int, *jobs: Callable[[], object]) -> list[float]:
    """The median of each job's processor seconds, done by turns."""
    spent: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for job, took in zip(jobs, spent, strict=True):
            begun = time.process_time()
            job()
            took.append(time.process_time() - begun)
    return [statistics.median(took) for took in spent]


def fresh(folder: Path, into: Path, returns: Sequence[Path]) -> Path:
    """A copy of a workspace with these files in its inbox."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into)
    for file in returns:
        shutil.copyfile(file, into / "Return here" / file.name)
    return into
