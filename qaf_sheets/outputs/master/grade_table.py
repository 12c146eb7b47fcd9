"""Rows of grades and their chart, for the sheets that count grades: the word beside every number, nothing averaged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import GRADE_COLOURS, INK, QUIET, SOFT, Book
from qaf_sheets.model import Question
from qaf_sheets.outputs.figures import GradeCounts
from qaf_sheets.outputs.master.kit import HEADLINE_ROW, Cell, Column, put
from qaf_sheets.outputs.master.live import Live, share, words

POINTS_A_BAR, ROW_PIXELS = 34, 20


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


def grade_chart(book: Book, sheet: Worksheet, name: str, names_in: int, first_count: int, rows: tuple[int, int], below: int, alt: str, source: Live, grades: Mapping[str, str]) -> None:
    """Stacked bars of the four `grades` under the table, from row `below`, with `source` under them; the title is the sheet's own headline. `rows` are the first and last, from 0."""
    font: dict[str, Any] = {"name": "Arial", "size": 9, "color": INK}
    chart = book.xlsx.add_chart({"type": "bar", "subtype": "stacked"})
    for n, (code, label) in enumerate(grades.items()):
        light = code in ("Good", "RI")
        chart.add_series({
            "name": label, "categories": [name, rows[0], names_in, rows[1], names_in], "values": [name, rows[0], first_count + n, rows[1], first_count + n], "gap": 45,
            "fill": {"color": GRADE_COLOURS[code]}, "border": {"color": "#FFFFFF"}, "data_labels": {"value": True, "num_format": "0;;", "font": {**font, "bold": True, "color": INK if light else "#FFFFFF"}},
        })
    chart.set_title({"name": f"='{name}'!$A${HEADLINE_ROW + 1}", "name_font": {**font, "size": 10, "bold": True}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": SOFT}, "major_tick_mark": "none", "interval_unit": 1})
    chart.set_x_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E4E7EA"}}, "min": 0, "crossing": 0, "label_position": "high"})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    tall = 130 + POINTS_A_BAR * (rows[1] - rows[0] + 1)
    chart.set_size({"width": 900, "height": tall})
    put(book, sheet, below + math.ceil(tall / ROW_PIXELS) + 1, 0, source, font_color=QUIET, font_size=9)
    sheet.insert_chart(below, 0, chart, {"description": alt, "object_position": 2, "x_offset": 4, "y_offset": 4})
