"""The learning summary for all staff (D8; section 13, 10.4): one page, nobody in it can be recognised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.model import Quarter
from qaf_sheets.outputs.documents.governance import LEARNING, Paper, Published
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.words import low, safe_name
from qaf_sheets.outputs.figures import AreaGrades, Share
from qaf_sheets.outputs.figures.published import Row, share_row
from qaf_sheets.outputs.figures.triangulation import Direction

PAPER = Paper("learning_summary.docx", "What we learnt this quarter", "Learning summary", "Seven minutes for your team: read it together, then talk.", ())
MOST = 3
"""Lines under one heading, so that it stays one page."""


def file_name(_: Given, quarter: Quarter) -> str:
    """By quarter."""
    return safe_name(f"{PAPER.file} - {quarter.label}")


def context(given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the template may say."""
    it = Learning(given)
    return {**it.head(PAPER, quarter), "looked_at": list(it.headlines())[:MOST], "well": list(it.well())[:MOST], "worried": list(it.worried())[:MOST], "changes": it.changes(), "no_changes": "No learning record or evaluation came in this quarter." if it.signed else "The practice lead adds this once the quarter’s report is signed off.", "questions": list(it.questions())}


class Learning(Published):
    """A quarter as every member of staff may read of it."""

    def well(self) -> Iterator[str]:
        """The practice area and the question that came out best, and themes confirmed as strengths."""
        yield from self._themes("Strength")
        if areas := self.given.figures.practice_areas:
            yield f"{areas[-1].name} came out best{self._area(areas[-1])}."
        if (asked := self._asked()) and asked[-1].tells:
            yield f"“{asked[-1].name}”: Yes for {asked[-1].first_of('records')}."

    def worried(self) -> Iterator[str]:
        """The same for what came out least well."""
        yield from self._themes("Worry")
        if areas := self.given.figures.practice_areas:
            yield f"{areas[0].name} needs our thought{self._area(areas[0])}."
        if (asked := self._asked()) and asked[0].tells:
            yield f"“{asked[0].name}”: Yes for {asked[0].first_of('records')}."

    def changes(self) -> list[str]:
        """What those who make sense of the findings say changes; once the quarter is signed off."""
        said = [line for code, fields in LEARNING.items() for v in self._returns(code) for f in fields for line in self._teller.words(v, f)] if self.signed else []
        return said[:MOST]

    def questions(self) -> Iterator[str]:
        """Three to talk about."""
        areas, asked = self.given.figures.practice_areas, self._asked()
        yield f"Think of one child you work with. What would somebody who reads the record find about {low(areas[0].name)}?" if areas else "Think of one child you work with. What would somebody who reads the record learn about that child’s life?"
        yield f"“{asked[0].name}”: where is this true of our work, and what would help where it is not?" if asked else "What went well last week, and what made it go well?"
        yield "What will we do differently from tomorrow, and how will a child notice?"

    def _themes(self, direction: Direction) -> Iterator[str]:
        for theme in self.given.figures.triangulated:
            if theme.confirmed and theme.total(direction) == max(theme.total("Strength"), theme.total("Worry")) > 0:
                yield f"{theme.theme}: the quarter’s returns speak of it from several sides."

    def _area(self, area: AreaGrades) -> str:
        row = self._row(area.name, area.counts.good_or_better)
        return f": Good or better in {row.first_of('reviews')}" if row.tells else ""

    def _asked(self) -> list[Row]:
        """The dip sample's questions, the smallest share of Yes first."""
        questions = sorted((q for q in self.given.figures.dip.questions if q.yes_share.of), key=lambda q: (q.yes_share.n / q.yes_share.of, q.id))
        return [self._row(q.text, q.yes_share) for q in questions]

    def _row(self, name: str, share: Share) -> Row:
        return share_row(name, "records", "Yes", share, self.small)
