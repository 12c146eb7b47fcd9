"""The same numbers quarter by quarter: what came back and how it was graded, as far back as eight quarters (specification 8, row 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qaf_sheets.model import Quarter, Total
from qaf_sheets.outputs.figures.coverage import Counts
from qaf_sheets.outputs.figures.shares import GradeCounts

REACH = 8
"""Quarters that a trend shows at most."""
LEAST = 3
"""Quarters below which nothing is called a trend."""
EVERY = ""
"""Stands for all activities together."""


class Point(Counts):
    """What was expected, returned and on time of one activity (or EVERY) in one quarter, with its grades.

    `typed` numbers come from the plan's sheet Earlier quarters: they were counted by hand, before the service.
    """

    quarter: Quarter
    activity: str
    grades: GradeCounts = GradeCounts()
    typed: bool = False


def trend(quarter: Quarter, counted: Mapping[Quarter, tuple[Mapping[str, Counts], Mapping[str, GradeCounts]]], totals: Iterable[Total]) -> tuple[Point, ...]:
    """All points up to a quarter: every activity's together, those of all first, each the oldest quarter first. One quarter alone shows nothing.

    `counted` are returns and final grades by activity, for each quarter that the service counted; `totals` speak for the others.
    """
    typed = list(totals)
    quarters = sorted({*counted, *(t.quarter for t in typed)}, key=str)
    found = [p for q in quarters if str(quarter.plus(1 - REACH)) <= str(q) <= str(quarter) for p in (_counted(q, *counted[q]) if q in counted else _typed(q, typed))]
    known = Counter(p.activity for p in found)
    found = [p for p in found if known[p.activity] > 1 or p.activity == EVERY]
    order = list(dict.fromkeys([EVERY, *(counted[quarter][0] if quarter in counted else ()), *(p.activity for p in found)]))
    return tuple(sorted(found, key=lambda p: (order.index(p.activity), str(p.quarter))))


def _counted(quarter: Quarter, duties: Mapping[str, Counts], grades: Mapping[str, GradeCounts]) -> list[Point]:
    points = [
        Point(quarter=quarter, activity=code, expected=n.expected, returned=n.returned, on_time=n.on_time, grades=grades.get(code, GradeCounts()))
        for code, n in duties.items() if n.expected
    ]  # fmt: skip
    return [_together(quarter, points), *points] if points else []


def _typed(quarter: Quarter, totals: Sequence[Total]) -> list[Point]:
    said: dict[str, dict[str, int]] = {}
    for total in totals:
        if total.quarter == quarter:
            said.setdefault(total.activity, {})[total.measure.casefold()] = total.n
    points = [
        Point(
            quarter=quarter, activity=code, expected=n.get("expected", 0), returned=n.get("returned", 0), on_time=n.get("on time", 0), typed=True,
            grades=GradeCounts(outstanding=n.get("outstanding", 0), good=n.get("good", 0), ri=n.get("ri", 0), inadequate=n.get("inadequate", 0)),
        )
        for code, n in said.items()
    ]  # fmt: skip
    return [_together(quarter, points), *points] if points else []


def _together(quarter: Quarter, points: Sequence[Point]) -> Point:
    """Returns of all activities. Grades of different work are not put together."""
    expected, returned, on_time = (sum(n) for n in zip(*((p.expected, p.returned, p.on_time) for p in points), strict=True))
    return Point(quarter=quarter, activity=EVERY, expected=expected, returned=returned, on_time=on_time, typed=points[0].typed)
