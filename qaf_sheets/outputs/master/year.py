"""What the master shows: the quarter it is about, and the quarters before it that its tables and its trend reach back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from qaf_sheets.model import Form
from qaf_sheets.outputs.figures import Quarters, Shown
from qaf_sheets.outputs.master.words import Names


class Year(Quarters):
    """The quarter that the master is about, and those before it. `copy_for` says in words whom a copy to hand on is for; '' for the master itself."""

    def __init__(self, now: Shown, past: Sequence[Shown] = (), copy_for: str = "") -> None:
        super().__init__(now, past)
        self.copy_for = copy_for

    @property
    def label(self) -> str:
        """The quarter that the master is about, as its Quarter columns say it."""
        return self.now.label

    @cached_property
    def quarters(self) -> tuple[Shown, ...]:
        """The financial year's quarters so far, the newest first: the rows of every table."""
        return (self.now, *(s for s in reversed(self.past) if s.snapshot.quarter.year == self.snapshot.quarter.year))

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Every activity's form in the year, the newest there is; this quarter's first."""
        return {**self.snapshot.forms, **{c: f for shown in reversed(self.quarters) for c, f in shown.snapshot.forms.items()}, **self.snapshot.forms}

    @cached_property
    def names(self) -> tuple[Names, ...]:
        """Look-ups for each of `quarters`."""
        return tuple(Names(s.snapshot) for s in self.quarters)

    def each(self) -> Iterator[tuple[Shown, Names]]:
        """Each quarter of the year with its look-ups, the newest first."""
        return zip(self.quarters, self.names, strict=True)
