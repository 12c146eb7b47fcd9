"""What no document may say. Each check reads the finished text; where one finds anything the file is not written, and the sentence is told (specification 7.2, 7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qaf_sheets.outputs.documents.page import Line
from qaf_sheets.outputs.documents.teller import tells
from qaf_sheets.outputs.figures import SMALL, Share
from qaf_sheets.outputs.figures.trend import LEAST
from qaf_sheets.telling import Names

SHARE = re.compile(r"(\d[\d,]*) of (\d[\d,]*)(?:(?!\d of \d)[^%()])*\((\d+)%\)")
"""9 of 20 reviews (45%)."""
OF_ALL = re.compile(r"\bOf (\d[\d,]*) [^.%]*?\((?:\d+)%\)[^.]*")
"""Of 18 answers, 7 were Yes (39%), 7 Partly (39%) and 4 No (22%)."""
PART = re.compile(r"(\d[\d,]*) [^%()\d]*\((\d+)%\)")
BOUND = re.compile(r"\b(?:above|below|under|over|at least|at most|more than|less than|fewer than|up to|target of|target:?|aim|aim of) \d+%|\b\d+% of the others\b")
"""A percentage that is asked for, not counted."""
MOVES = re.compile(r"\b(?:risen|fallen|rising|falling|trend|up from|down from|(?:in|de)creas(?:e|ed|es|ing)|getting (?:better|worse)|improv(?:ed|ing) since)\b", re.IGNORECASE)
NO_TREND = re.compile(r"\b(?:no|not|not a|without a) (?:clear )?trend\b", re.IGNORECASE)
GRADED = re.compile(r"\b(?:Outstanding|Inadequate|Requires improvement|RI|Good or better)\b|\bgraded?\b", re.IGNORECASE)
A_GRADE = frozenset({"outstanding", "good", "ri", "inadequate", "requires improvement", "requires improvement (ri)"})
NOT_GRADED = re.compile(r"\b(?:not|never|no|without)(?: \w+)? (?:graded?|judge\w*)\b", re.IGNORECASE)


class Allowed(NamedTuple):
    """What a document may hold: children's references, grades, the names of staff that are not in `staff`, and a trend of so many quarters."""

    staff: Names
    child: re.Pattern[str] | None
    grades: bool = True
    quarters: int = 1


class Fault(NamedTuple):
    """One sentence that may not stand, and why. What tells who somebody is stays out of `sentence`."""

    heading: str
    sentence: str
    why: str


def faults(said: Sequence[Line], allowed: Allowed) -> list[Fault]:
    """Everything that may not stand in a document."""
    return [fault for check in CHECKS for fault in check(said, allowed)]


def number_without_n(said: Sequence[Line], _: Allowed) -> Iterator[Fault]:
    """A percentage stands in brackets after the count and the total it comes from."""
    for line in said:
        text = BOUND.sub("", line.ours)
        if text.count("%") > len(list(_shares(text))):
            yield Fault(line.heading, line.ours, "a percentage without the numbers it comes from")


def _shares(text: str) -> Iterator[tuple[int, int, int]]:
    """Every count with its total and its percentage."""
    for found in OF_ALL.finditer(text):
        if not SHARE.search(found[0]):
            yield from ((_number(n), _number(found[1]), int(percent)) for n, percent in PART.findall(found[0].split(" ", 2)[2]))
    yield from ((_number(n), _number(of), int(percent)) for n, of, percent in SHARE.findall(text))


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def small_percentage(said: Sequence[Line], _: Allowed) -> Iterator[Fault]:
    """No percentage of fewer than ten, and none that is wrong."""
    for line in said:
        for n, of, percent in _shares(line.ours):
            if of < SMALL:
                yield Fault(line.heading, line.ours, "a percentage of fewer than ten")
            elif Share(n=n, of=of).percent != percent:
                yield Fault(line.heading, line.ours, "a percentage that does not follow from its numbers")


def short_trend(said: Sequence[Line], allowed: Allowed) -> Iterator[Fault]:
    """Nothing rises or falls over fewer than three quarters."""
    for line in said:
        if allowed.quarters < LEAST and MOVES.search(NO_TREND.sub("", line.ours)):
            yield Fault(line.heading, line.ours, f"a trend over fewer than {LEAST} quarters")


def grade_where_none_may_be(said: Sequence[Line], allowed: Allowed) -> Iterator[Fault]:
    """An observation is never graded (6.7): neither by us nor by a grade typed as an answer."""
    for line in said:
        if not allowed.grades and (GRADED.search(NOT_GRADED.sub("", line.ours)) or line.text.casefold().strip(".") in A_GRADE):
            yield Fault(line.heading, line.ours, "a grade, where work is not graded")


def names(said: Sequence[Line], allowed: Allowed) -> Iterator[Fault]:
    """Nobody is named, and no child's reference stands, where the audience may not see it."""
    for line in said:
        if kinds := tells(line.text, allowed.staff, allowed.child):
            yield Fault(line.heading, _place(said, line), f"what may be {' and '.join(kinds)}")


def _place(said: Sequence[Line], line: Line) -> str:
    """Where a line stands, without its words: they name somebody."""
    beside = [other for other in said if other.heading == line.heading]
    return f"paragraph {next(n for n, other in enumerate(beside, 1) if other is line)} under this heading"


def empty_section(said: Sequence[Line], _: Allowed) -> Iterator[Fault]:
    """A heading has something under it, if only that no returns were received."""
    for line, following in pairwise([*said, Line("", "", "", 1)]):
        if line.level and following.level and following.level <= line.level:
            yield Fault(line.heading, line.text, "a heading with nothing under it")


CHECKS: tuple[Callable[[Sequence[Line], Allowed], Iterator[Fault]], ...] = (number_without_n, small_percentage, short_trend, grade_where_none_may_be, names, empty_section)
