"""Stacked bars under a sheet's table: each bar a row, each part a column with its number on it, so that colour never speaks alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import INK, QUIET, SOFT, Book
from qaf_sheets.outputs.master.kit import HEADLINE_ROW, Cell, put

ROW_PIXELS, WIDE, AROUND = 20, 900, 130
LIGHT = ("#28A197", "#F46A25", "#A285D1", "#A9C3D9")
"""Colours on which numbers are dark."""


class PartOf(NamedTuple):
    """One part of each bar: what it is called, the column it draws, from 0, and its colour."""

    name: str
    column: int
    colour: str


class Bars(NamedTuple):
    """The rows that are drawn, first and last from 0, and the column that names them."""

    first: int
    last: int
    named_in: int
    points: int = 34


def stacked_bars(book: Book, sheet: Worksheet, bars: Bars, parts: Sequence[PartOf], below: int, alt: str, source: Cell, title: str = "") -> int:
    """A chart from row `below` with its `source` under it; its title is the sheet's own headline unless it is given one. `alt` is what who cannot see it is told.

    Gives the first row under both.
    """
    font: dict[str, Any] = {"name": "Arial", "size": 9, "color": INK}
    name = sheet.get_name()
    chart = book.xlsx.add_chart({"type": "bar", "subtype": "stacked"})
    for part in parts:
        chart.add_series({
            "name": part.name, "categories": [name, bars.first, bars.named_in, bars.last, bars.named_in], "values": [name, bars.first, part.column, bars.last, part.column],
            "gap": 45, "fill": {"color": part.colour}, "border": {"color": "#FFFFFF"},
            "data_labels": {"value": True, "num_format": "0;;", "font": {**font, "bold": True, "color": INK if part.colour in LIGHT else "#FFFFFF"}},
        })
    chart.set_title({"name": title or f"='{name}'!$A${HEADLINE_ROW + 1}", "name_font": {**font, "size": 10, "bold": True}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": SOFT}, "major_tick_mark": "none", "interval_unit": 1})
    chart.set_x_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E4E7EA"}}, "min": 0, "crossing": 0, "label_position": "high"})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    tall = AROUND + bars.points * (bars.last - bars.first + 1)
    chart.set_size({"width": WIDE, "height": tall})
    under = below + math.ceil(tall / ROW_PIXELS) + 1
    put(book, sheet, under, 0, source, font_color=QUIET, font_size=9)
    sheet.insert_chart(below, 0, chart, {"description": alt, "object_position": 2, "x_offset": 4, "y_offset": 4})
    return under + 2
