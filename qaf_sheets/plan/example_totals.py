"""What the example council counted in the three quarters before: invented, so that the first report shows a trend."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.model import Quarter, Total

MEASURES = ("expected", "returned", "on time")
GRADES = ("Outstanding", "Good", "RI", "Inadequate")
RETURNED = {
    "DIP": ((18, 15, 11), (18, 16, 12), (18, 17, 13)), "THEM": ((14, 11, 8), (14, 12, 9), (14, 13, 11)), "CCR": ((20, 16, 12), (20, 18, 14), (20, 20, 16)),
    "OBS": ((13, 10, 7), (13, 11, 8), (14, 13, 10)), "SUP": ((3, 2, 1), (6, 4, 3), (5, 5, 4)), "SUP_ASYE": ((18, 12, 9), (18, 14, 11), (18, 16, 13)),
    "ROUT": ((8, 6, 4), (8, 7, 5), (8, 8, 6)), "SERV": ((6, 5, 3), (6, 5, 4), (6, 6, 5)),
}  # fmt: skip
"""Activity → expected, returned and on time, three quarters ago first."""
GRADED = {
    "CCR": ((0, 6, 8, 2), (1, 7, 8, 2), (1, 9, 8, 2)), "THEM": ((0, 14, 15, 5), (1, 16, 17, 4), (1, 18, 17, 4)),
}  # fmt: skip
"""Activity → how many children at each grade. Last quarter's sixty are those on the Children sheet."""


def example_totals(quarter: Quarter) -> Iterator[Total]:
    """The totals of the three quarters before a quarter."""
    for back in (3, 2, 1):
        for names, counted in ((MEASURES, RETURNED), (GRADES, GRADED)):
            for activity, rows in counted.items():
                yield from (Total(quarter=quarter.plus(-back), activity=activity, measure=m, n=n) for m, n in zip(names, rows[3 - back], strict=True))
