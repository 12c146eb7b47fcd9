"""Rows of grades and their chart, for the sheets that count grades: the word beside every number, nothing averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import GRADE_COLOURS, Book
from qaf_sheets.model import Question
from qaf_sheets.outputs.figures import GradeCounts
from qaf_sheets.outputs.master.charts import Bars, PartOf, stacked_bars
from qaf_sheets.outputs.master.kit import Cell, Column
from qaf_sheets.outputs.master.live import Live, share, words


def counted(grades: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of `grade_cells`; `grades` are the four in the council's words, by code."""
    return (*(Column(word, 15, "number") for word in grades.values()), Column("Graded", 12, "number"), Column(f"{grades['Good']} or better", 18, "share"))


def grade_cells(counts: GradeCounts, where: Sequence[tuple[str, str]], grades: str, asked: Question) -> tuple[Cell, ...]:
    """The four counts, their total and the share, as formulas.

    `where` are (cells, the expression that they must equal), `grades` the cells of the grades, `asked` the question whose options they are.
    """
    tests = "".join(f",{cells},{want}" for cells, want in where)
    each = [Live(f"COUNTIFS({grades},{words(asked.option_text(code))}{tests})", n) for code, n in counts]
    total = Live("+".join(x.formula for x in each), counts.graded)
    better = Live(f"({each[0].formula}+{each[1].formula})", counts.good_or_better.n)
    return (*each, total, share(better, Live(f"({total.formula})", total.value), counts.good_or_better))


def grade_chart(book: Book, sheet: Worksheet, names_in: int, first_count: int, rows: tuple[int, int], below: int, alt: str, source: Live, grades: Mapping[str, str], title: str = "") -> int:
    """Stacked bars of the four `grades` under the table, from row `below`, with `source` under them; the title is the sheet's own headline unless one is given. `rows` are the first and last, from 0."""
    parts = [PartOf(label, first_count + n, GRADE_COLOURS[code]) for n, (code, label) in enumerate(grades.items())]
    return stacked_bars(book, sheet, Bars(rows[0], rows[1], names_in), parts, below, alt, source, title)
