"""One quarter as the DLT report sees it: its figures, every return that may be quoted, and the ledger of what was said."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from qaf_sheets.model import Form, Version
from qaf_sheets.outputs.documents.dlt_ledger import Ledger
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.quotes import Quoter, Source, Wanted
from qaf_sheets.outputs.documents.words import Quote, references
from qaf_sheets.outputs.figures import THEME_LIST, Share, current
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.outputs.figures.themes import keywords
from qaf_sheets.outputs.figures.trend import Point
from qaf_sheets.outputs.figures.triangulation import Triangulated
from qaf_sheets.rules import pieces

NOTHING = "No returns received."
NO_AREA = "Across the council"
RETURNS = "Returns expected"
COUNTED: Mapping[str, tuple[str, ...]] = {"Standing": ("In", "Not in")}
"""The annex's sheet of everything that is owed, and which of its rows were expected."""


class View:
    """What every section of the report is made from."""

    def __init__(self, given: Given) -> None:
        self.given, self.snapshot, self.figures, self.ledger = given, given.snapshot, given.figures, Ledger()
        self.returns = current(given.snapshot)
        self._quoter = Quoter(self.snapshot, self.ledger, {g.id: g.final for g in self.figures.work}, [p for t in self.confirmed if (p := self._about(t))])

    @property
    def forms(self) -> Mapping[str, Form]:
        """The quarter's forms by activity."""
        return self.snapshot.forms

    @cached_property
    def graded(self) -> dict[str, Graded]:
        """Graded pieces of work by reference."""
        return {g.id: g for g in self.figures.work}

    @cached_property
    def confirmed(self) -> tuple[Triangulated, ...]:
        """The themes that somebody confirmed, the most spoken of first."""
        found = (t for t in self.figures.triangulated if t.confirmed)
        return tuple(sorted(found, key=lambda t: (-t.returns, t.theme)))

    @property
    def points(self) -> tuple[Point, ...]:
        """The quarters before with this one."""
        return self.given.points

    @cached_property
    def sources(self) -> list[Source]:
        """Every return, or each child's sheet of one, with the service area and team that it speaks of."""
        return [source for v in self.returns for source in self._sources(v)]

    def quotes(self, fields: Mapping[str, str], most: int, *, strong: bool = False, leave_out: Container[str] = (), as_: str = "") -> list[Quote]:
        """Quotes of these questions; of returns and pieces of work not to be left out."""
        return self._quoter.quoted([s for s in self.sources if s.ref not in leave_out], Wanted(fields, most, strong, as_))

    def refs(self, *activities: str) -> str:
        """The returns behind a number."""
        return references(v.issue.return_id for v in self.returns if v.issue.activity in activities) or "none"

    def returned(self, share: Share, unit: str, **rows: str) -> str:
        """What is in, of what was expected."""
        return self.ledger.of(share, unit, RETURNS, {**rows, **COUNTED}, {"Standing": "In"})

    def not_in(self, share: Share, unit: str, **rows: str) -> str:
        """What is not in, of what was expected."""
        return self.ledger.of(share, unit, RETURNS, {**rows, **COUNTED}, {"Standing": "Not in"})

    def share_in(self, share: Share, area: str) -> str:
        """What is in from one service area, without a unit."""
        return self.ledger.share(share, area, RETURNS, {"Service area": area, **COUNTED}, {"Standing": "In"})

    def title(self, activity: str) -> str:
        """What an activity is called."""
        return self.snapshot.title(activity)

    def _about(self, theme: Triangulated) -> re.Pattern[str] | None:
        code = next((c for c in self.snapshot.plan.lists.get(THEME_LIST, ()) if c.text == theme.theme), None)
        return keywords(code) if code else None

    def _sources(self, version: Version) -> Iterator[Source]:
        issue, form = version.issue, self.forms.get(version.issue.activity)
        for piece in pieces(form, version.content) if form and form.pieces else (None,):
            source = Source(version, issue.service_area, issue.team, piece)
            found = self.graded.get(source.ref)
            yield source._replace(area=found.area, team=found.team) if found else source

