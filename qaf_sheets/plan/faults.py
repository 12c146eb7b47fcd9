"""What a check of the plan looks at, and how it names a cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from qaf_sheets.model import Person, Plan, Problem, Quarter, Source
from qaf_sheets.plan.rows import RowSource
from qaf_sheets.problems import problem


class Facts(NamedTuple):
    """What a check looks at. `activities` are the codes there are forms for, `themed` those that need a theme, with the kind of its questions.

    `today` decides who has left and which quarter runs.
    """

    plan: Plan
    activities: Collection[str]
    today: date
    themed: Mapping[str, str] = MappingProxyType({})

    def left(self, person: Person) -> bool:
        """Whether someone is no longer here, or never counted."""
        return not person.in_scope or (person.end_date is not None and person.end_date < self.today)

    def running(self) -> Quarter | None:
        """The quarter that runs; None while nobody said which day it is."""
        return Quarter.holding(self.today) if self.today != date.max else None


Check = Callable[[Facts], Iterator[Problem]]


def at(code: str, source: Source, column: str = "", *, label: str = "", **facts: object) -> Problem:
    """A fault in a record's row: in the cell of `column` where it was read from one, else of its id."""
    cell = source.of(column) if isinstance(source, RowSource) else source.cell
    return problem(code, sheet=source.sheet, cell=cell, label=label, **facts)  # type: ignore[arg-type]  # facts fill the wording
