"""What a document is made from, and what one kind of document is: everything another kind has to say of itself to be written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from qaf_sheets.model import Plan, Snapshot, Version
from qaf_sheets.outputs.documents.annex import Annex
from qaf_sheets.outputs.figures import Figures, Shown

Context = Mapping[str, Any]
"""The values that a template may use, by name. Every one holds at least `title` and `dated`, the time that the file's properties carry."""


@dataclass(frozen=True)
class Late:
    """A value fetched only when the document is really written: `key` stands for it until then."""

    key: str
    fetch: Callable[[], str]

    def __str__(self) -> str:
        return self.key


def nobody(_: Version, __: str) -> str:
    """A child's name where none may be had."""
    return ""


class Given(NamedTuple):
    """All that a document may be made from: the quarter with its figures, and the quarters before it, the oldest first.

    `child_name` reads the name in one piece of work of a return from the file as it was received; only a child's own record may ask for it.
    `reported` is the quarter as it was signed off or closed, where it was; the same as `now` until then.
    """

    now: Shown
    past: tuple[Shown, ...] = ()
    child_name: Callable[[Version, str], str] = nobody
    reported: Shown | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The quarter that the document is about."""
        return self.now.snapshot

    @property
    def figures(self) -> Figures:
        """Its figures."""
        return self.now.figures

    @property
    def plan(self) -> Plan:
        """The plan the quarter is seen by."""
        return self.now.snapshot.plan

    @property
    def as_reported(self) -> Given:
        """The same, with the quarter as it was signed off."""
        return self._replace(now=self.reported) if self.reported else self


class Kind(NamedTuple):
    """One kind of document: its template, the folder of those who may read it, what each one is about, its file name and its values.

    What it may hold is checked before it is written (`guard.py`): `children`, their references; `staff`, anybody's name, else those alone that its
    context lists under `may_name`; `grades`, a grade. `reports` marks what is signed off with the quarter, and then stays as it is. `beside` is the
    workbook of sources that stands beside each one, for the same readers.
    """

    template: str
    audience: str
    about: Callable[[Given], Iterable[Any]]
    file_name: Callable[[Given, Any], str]
    context: Callable[[Given, Any], dict[str, Any]]
    children: bool = False
    staff: bool = False
    grades: bool = True
    reports: bool = False
    beside: Callable[[Given, Any], Annex] | None = None


def names_of(plan: Plan, ids: Collection[str]) -> list[str]:
    """The names of these people, for `may_name`."""
    return [p.name for p in plan.people if p.person_id in ids]
