"""What every figure is made of: a share that always carries its total, and counts of grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qaf_sheets.model import Record

SMALL = 10
"""Below this many, a share is given as a count without a percentage (specification 7.2)."""
GRADES = ("Outstanding", "Good", "RI", "Inadequate")
"""The codes of the four grades, the best first."""


class Share(Record):
    """A count with the total it comes from."""

    n: int
    of: int

    @property
    def percent(self) -> int:
        """Whole per cent of a total that is not nothing; halves go up, as Excel's ROUND does."""
        return (200 * self.n + self.of) // (2 * self.of)

    def __str__(self) -> str:
        percent = f" ({self.percent}%)" if self.of >= SMALL else ""
        return f"{self.n} of {self.of}{percent}"


class GradeCounts(Record):
    """How often each grade was given. Never averaged."""

    outstanding: int = 0
    good: int = 0
    ri: int = 0
    inadequate: int = 0
    not_applicable: int = 0

    @classmethod
    def of(cls, codes: Iterable[str]) -> GradeCounts:
        """Counted from grade codes; anything else is left out."""
        every = list(codes)
        return cls(
            outstanding=every.count("Outstanding"), good=every.count("Good"), ri=every.count("RI"), inadequate=every.count("Inadequate"), not_applicable=every.count("NA"),
        )  # fmt: skip

    def __iter__(self) -> Iterator[tuple[str, int]]:  # type: ignore[override]  # a record's own pairs are of no use here
        """(code, count) of the four grades, the best first."""
        return iter(zip(GRADES, (self.outstanding, self.good, self.ri, self.inadequate), strict=True))

    @property
    def graded(self) -> int:
        """How many were graded; "not applicable" is not a grade."""
        return self.outstanding + self.good + self.ri + self.inadequate

    @property
    def good_or_better(self) -> Share:
        """Outstanding and Good, of those graded."""
        return Share(n=self.outstanding + self.good, of=self.graded)

    @property
    def inadequate_share(self) -> Share:
        """Inadequate, of those graded."""
        return Share(n=self.inadequate, of=self.graded)
