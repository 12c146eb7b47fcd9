"""What a document is made from, and what one kind of document is: everything another kind has to say of itself to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from qaf_sheets.model import Version
from qaf_sheets.outputs.documents.annex import Annex
from qaf_sheets.outputs.figures import Quarters, Shown

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


class Given(Quarters):
    """All that a document may be made from: the quarter that it is about, and the quarters before it.

    `child_name` reads the name in one piece of work of a return from the file as it was received; only a child's own record may ask for it.
    `reported` is the quarter as it was signed off or closed, where it was; the same as `now` until then.
    """

    def __init__(self, now: Shown, past: Sequence[Shown] = (), child_name: Callable[[Version, str], str] = nobody, reported: Shown | None = None) -> None:
        super().__init__(now, past)
        self.child_name, self.reported = child_name, reported

    @cached_property
    def as_reported(self) -> Given:
        """The same, with the quarter as it was signed off."""
        return Given(self.reported, self.past, self.child_name, self.reported) if self.reported else self


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

