"""What the commands share: opening the desk, choosing the quarter, printing for people or as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import category

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.error_handler import UsageError
from qaf_sheets.model import Problem, Quarter

T = TypeVar("T")
LEVELS = {"E": "put right", "W": "look at", "I": "note"}
OUTCOMES = {
    "accepted": "accepted", "needs_fixing": "needs fixing", "held": "held", "duplicate": "the same again", "older_version": "older version",
    "conflict": "two people returned it", "draft": "not marked complete", "waiting": "waiting", "not_ours": "not ours",
}  # fmt: skip


def desk(place: str | None, state: str | None) -> Desk:
    """The desk of a workspace, wherever `root_of` finds it."""
    return Desk(workspace.find(root_of(place), Path(state) if state else None))


def root_of(place: str | None) -> Path:
    """The workspace's folder: named, from QAF_WORKSPACE, or the current one."""
    return Path(place or os.environ.get("QAF_WORKSPACE") or ".")


def chosen(at: Desk, quarter: str | None) -> Quarter:
    """The quarter asked for, or the one that holds today. Raises UsageError."""
    if not quarter:
        return Quarter.holding(at.now().date())
    try:
        return Quarter.parse(quarter)
    except ValueError as error:
        raise UsageError(str(error)) from error


def say_json(value: Any) -> None:
    """JSON alone on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def out() -> Console:
    """Where people read results."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 200)


def err() -> Console:
    """Where progress and remarks go."""
    return Console(stderr=True, highlight=False)


def bar(what: str) -> Callable[[Sequence[T]], Iterable[T]]:
    """A progress bar on a terminal, on standard error; nothing elsewhere."""
    return lambda items: track(items, what, console=err(), transient=True, disable=not sys.stderr.isatty())


def say_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people."""
    table = Table(title=Text(title) if title else None, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="bold", expand=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else shown(cell)) for cell in row))
    out().print(table)


def say_problems(title: str, problems: Iterable[Problem]) -> None:
    """Problems with where and what to do, on standard error."""
    console = err()
    console.print(shown(title), markup=False)
    for p in problems:
        where = " ".join(x for x in (p.sheet, p.cell) if x)
        console.print(shown(f"  {where}: {p.message}" if where else f"  {p.message}"), markup=False)


def shown(said: object) -> str:
    """People's words as a terminal may show them: a name or an answer never colours, clears or rings anything."""
    return "".join("\ufffd" if category(c) == "Cc" and c not in "\n\t" else c for c in str(said))
