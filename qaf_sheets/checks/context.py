"""What a check may know beside the answers: the plan's facts and the day. Never the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qaf_sheets.model import Issue, Person, Record


class Context(Record):
    """The facts around one return. `minimum` is the fewest characters of a prose answer that raise no remark, `minimum_ed` of one on equality and diversity."""

    issue: Issue
    today: date
    people: Mapping[str, Person] = {}
    holidays: frozenset[date] = frozenset()
    minimum: int = 0
    minimum_ed: int = 0

