"""Where every number and quote of the DLT report comes from, kept while the report is put together: its annex lists them (specification 7.1, D3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from qaf_sheets.outputs.documents.words import share_of
from qaf_sheets.outputs.figures import Share

Where = Mapping[str, str | tuple[str, ...]]
"""Column of an annex sheet → what must stand in it; several words mean any of them."""
NUMBER = "Number"
"""A sheet with this column is counted by adding it up, any other by its rows."""


class Figure(NamedTuple):
    """One number of the report: where it stands, what is counted, and which rows of the annex count it. `of` is None for a number that is no part of another.

    `once` names the column of which each value counts once, such as the return.
    """

    section: str
    what: str
    n: int
    of: int | None
    sheet: str
    rows: str
    of_rows: str
    once: str = ""


class Quoted(NamedTuple):
    """Words that were quoted, or might have been: where they stand, and whether the report shows them."""

    section: str
    shown: bool
    activity: str
    area: str
    team: str
    reference: str
    sheet: str
    cell: str
    words: str


class Ledger:
    """All figures and quotes of one report, in the order in which it says them. `section` is the heading that is being written."""

    def __init__(self) -> None:
        self.section = ""
        self.figures: dict[Figure, None] = {}
        self.quotes: dict[Quoted, None] = {}

    def at(self, section: str) -> None:
        """What follows stands under this heading."""
        self.section = section

    def of(self, share: Share, unit: str, sheet: str, among: Where, that: Where, once: str = "") -> str:
        """A share with its unit, 9 of 20 reviews (45%), counted in the rows of a sheet: `that`, of those `among`."""
        self._keep(unit, share.n, share.of, sheet, {**among, **that}, among, once)
        return share_of(share, unit)

    def share(self, share: Share, what: str, sheet: str, among: Where, that: Where, once: str = "") -> str:
        """The same without its unit, for a cell of a table: 9 of 20 (45%)."""
        self._keep(what, share.n, share.of, sheet, {**among, **that}, among, once)
        return str(share)

    def n(self, n: int, what: str, sheet: str, rows: Where, once: str = "") -> int:
        """A number that is no part of another."""
        self._keep(what, n, None, sheet, rows, None, once)
        return n

    def _keep(self, what: str, n: int, of: int | None, sheet: str, rows: Where, among: Where | None, once: str) -> None:
        self.figures[Figure(self.section, what, n, of, sheet, told(rows), "" if among is None else told(among), once)] = None

    def quote(self, quoted: Quoted) -> None:
        """Words that were quoted, or might have been."""
        if not (quoted._replace(shown=True) in self.quotes or quoted in self.quotes):
            self.quotes[quoted] = None


def told(rows: Where) -> str:
    """Which rows count, in words that a filter follows: Activity = “Dip sample”; Answer = “Yes” or “Partly”."""
    parts = ((column, (want,) if isinstance(want, str) else want) for column, want in rows.items())
    return "; ".join(f"{column} = {' or '.join(f'“{w}”' for w in want)}" for column, want in parts) or "every row"
