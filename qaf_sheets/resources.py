"""Finds the shipped `workbooks/` and `templates/`; a council's own copy in the workspace wins."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """The shipped folder: inside the package when installed, beside it in a checkout."""
    shipped = files("qaf_sheets") / name
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / name


def find(name: str, places: Sequence[Traversable]) -> Traversable | None:
    """The first of `places` that has the file `name` (with / between folders), or None."""
    return next((p for place in places if (p := place.joinpath(*name.split("/"))).is_file()), None)


def listed(places: Sequence[Traversable], ending: str) -> tuple[str, ...]:
    """The names with this ending in any of `places`, sorted; lock files of open documents are skipped."""
    names = {f.name for place in places if place.is_dir() for f in place.iterdir() if f.is_file()}
    return tuple(sorted(n for n in names if n.endswith(ending) and not n.startswith(("~$", "."))))
