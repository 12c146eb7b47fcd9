"""The benchmarks: `python tests/benchmarks` measures each against its peer in the same run and prints the table with pass or short.

    python tests/benchmarks [--returns 500] [--keep FOLDER] [--only WORD ...]

Takes about half an hour: 500 forms are handed out, filled in by openpyxl, a third of them saved again by LibreOffice. `--keep` keeps them for the next time.
Needs `pip install -e ".[test,bench]"` and LibreOffice; for Linux, which tells what a process took.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
from datetime import date
from pathlib import Path

import rows
from council import fill_in
from measuring import Row, ours

TIMES_PER_FORM = 74
"""Forms that each further copy of the example council adds, at least."""


def corpus(folder: Path, wanted: int) -> rows.Corpus:
    """So many returned forms and the workspace that handed them out; made once for a folder."""
    root, returns = folder / "QA", folder / "returns"
    if not returns.exists():
        ours("hand_out", root, str(wanted // TIMES_PER_FORM + 1), today="2026-10-05")
        fill_in(root, returns, wanted)
    return rows.Corpus(root, tuple(sorted(returns.glob("*.xlsx"))), folder / "work")


def machine() -> str:
    """What it ran on."""
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name")]
    return f"{len(names)} cores {names[0]}, {platform.system()}, Python {platform.python_version()}" if names else platform.platform()


def main() -> None:
    """All of them, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returns", type=int, default=500)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qaf-benchmarks-") as made:
        data = corpus((told.keep or Path(made)).absolute(), told.returns)
        print(f"{date.today():%d %B %Y}, {machine()}, {len(data.returns)} returns\n")
        print("| what | measured | reach | stretch | | against |\n|---|---|---|---|---|---|")
        for measure in rows.ROWS:
            if not told.only or any(word in measure.__name__ for word in told.only):
                found: Row = measure(data)
                print(found.line(), flush=True)


if __name__ == "__main__":
    main()
