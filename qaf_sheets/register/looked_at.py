"""Which children and which members of staff each counted return looked at, so that one return can be judged beside the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select

from qaf_sheets.model import Issue, Quarter, Record
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes


class Looked(Record):
    """One child's ID or person's id in the newest accepted version of a return; `person_id` is who returned it."""

    return_id: str
    code: str
    activity: str
    quarter: str
    person_id: str
    day: date


class LookedAt:
    """The children and people of counted returns."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def put(self, issue: Issue, codes: Iterable[str], day: date) -> None:
        """What a return's newest accepted version looked at, on which day."""
        self._changes.drop(schema.looked_at, return_id=issue.return_id)
        said = {"return_id": issue.return_id, "activity": issue.activity, "quarter": str(issue.quarter), "person_id": issue.person_id, "day": day}
        self._changes.add_all(schema.looked_at, [{**said, "code": code} for code in dict.fromkeys(codes)])

    def others(self, issue: Issue, codes: Collection[str], quarters: Iterable[Quarter]) -> tuple[Looked, ...]:
        """Where other returns of some quarters looked at any of these, by day."""
        table = schema.looked_at
        where = (table.c.code.in_(codes), table.c.quarter.in_([str(q) for q in quarters]), table.c.return_id != issue.return_id)
        return tuple(Looked(**r._mapping) for r in self._db.execute(select(table).where(*where).order_by(table.c.day, table.c.return_id)))
