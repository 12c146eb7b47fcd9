"""One expression, a formula and its value: what a reader clicks and what is stored are written down once and together."""

from __future__ import annotations

from typing import NamedTuple

from qaf_sheets.outputs.figures import SMALL, Share


class Live(NamedTuple):
    """A formula without its "=" and the value it has now, which comes from `figures`. Formulas hold our own words only."""

    formula: str
    value: str | int | float


def words(text: str) -> str:
    """Our own words as a text constant in a formula."""
    return '"' + text.replace('"', '""') + '"'


def say(pattern: str, *parts: Live) -> Live:
    """A sentence that stays true when its numbers change; each {} takes the next part."""
    between = pattern.split("{}")
    pieces = [words(between[0])] if between[0] else []
    for part, after in zip(parts, between[1:], strict=True):
        pieces += [part.formula, *([words(after)] if after else [])]
    return Live("&".join(pieces), pattern.format(*(p.value for p in parts)))


def pick(n: Live, one: str, more: str) -> Live:
    """The word that fits the number, such as "is" or "are"."""
    return Live(f"IF({n.formula}=1,{words(one)},{words(more)})", one if n.value == 1 else more)


def counted(n: Live, one: str, more: str) -> Live:
    """A number in a sentence with its verb, in words when there is nothing: "1 is overdue", "none are overdue"."""
    number = Live(f'IF({n.formula}=0,"none",{n.formula})', n.value or "none")
    return say("{} {}", number, pick(n, one, more))


def share(n: Live, of: Live, value: Share) -> Live:
    """A count of its total; a percentage only from ten upwards (specification 7.2)."""
    percent = f'IF({of.formula}>={SMALL}," ("&ROUND(100*{n.formula}/{of.formula},0)&"%)","")'
    return Live(f'IF({of.formula}=0,"–",{n.formula}&" of "&{of.formula}&{percent})', share_words(value))


def share_words(value: Share) -> str:
    """A share as it stands in a cell: a dash when there is nothing to share."""
    return str(value) if value.of else "–"
