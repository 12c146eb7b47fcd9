"""The live sentence above a two-way table: how many rows stand where, as Excel's formula and as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qaf_sheets.tracker.layout import TwoWay


class Headline(NamedTuple):
    """A sentence as a formula and what it says now."""

    formula: str
    text: str


def headline(table: TwoWay, states: Sequence[str]) -> Headline:
    """The sentence over the column that the table's tally names; `states` are its words now, row by row."""
    tally = table.tally
    where = f"{table.name}[{table.column(tally.column).header}]"
    total = f'COUNTIFS({where},"?*")'
    counts = [(f'COUNTIFS({where},"{begins}*")', sum(s.startswith(begins) for s in states), f" {words}") for begins, words in tally.parts]
    listed = '&", "&'.join(f'{formula}&"{words}"' for formula, _, words in counts)
    n = sum(map(bool, states))
    text = f"{n} {tally.noun if n == 1 else tally.plural}: {', '.join(f'{count}{words}' for _, count, words in counts)}." if n else tally.empty
    return Headline(f'=IF({total}=0,"{tally.empty}",{total}&IF({total}=1," {tally.noun}: "," {tally.plural}: ")&{listed}&".")', text)
