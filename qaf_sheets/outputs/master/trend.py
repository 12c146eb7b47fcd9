"""Trend: returns and grades quarter by quarter, and what changed since the quarter before, in words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import ACCENTS, INK, SOFT, TAB_SUMMARY, Book, grade_words
from qaf_sheets.outputs.figures import SMALL, Share
from qaf_sheets.outputs.figures.trend import EVERY, LEAST, Point
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, Cell, Column, Table, cells_under, table_page
from qaf_sheets.outputs.master.live import Live
from qaf_sheets.outputs.master.year import Year

SHEET, TABLE, EVERYTHING = "Trend", "TrendRows", "All activities"
COUNTED_HERE, TYPED = "Returns", "Plan"
EXPECTED, RETURNED, ON_TIME, GRADED, GOOD, INADEQUATE = "Expected", "Returned", "On time", "Graded", "Good", "Inadequate"
IN, PUNCTUAL, BETTER = 4, 6, 10
"""Columns of the shares that the charts draw, from 0."""
FIRST, DOWN, UP, SAME = "First quarter", "Down", "Up", "Same"
Lines = tuple[tuple[int, str], ...]
"""What a chart draws: columns, and what each is called."""
CHART = {"width": 430, "height": 240}
ACROSS = 3


def write_trend(book: Book, year: Year) -> None:
    """One row for each activity and quarter, all activities together first, the oldest quarter first."""
    points = year.points
    before = {(b.activity, b.quarter): a for a, b in pairwise(points) if a.activity == b.activity}
    rows = [_row(p, before.get((p.activity, p.quarter)), year) for p in points]
    note = f"Counting unit: returns due, and pieces of work for grades. No percentage below {SMALL}, no chart below {LEAST} quarters. Counted in: our returns, or the plan's sheet Earlier quarters."
    sheet = table_page(book, SHEET, f"{SHEET}: up to {year.label}", headline(points), note, Table(TABLE, _columns(year), rows), tab=TAB_SUMMARY)
    drawn: list[tuple[str, Lines, str]] = [(EVERY, ((IN, "Returned, of expected"), (PUNCTUAL, "On time, of returned")), "Returns of all activities")]
    drawn += [(code, ((BETTER, f"{grade_words(year.plan)['Good']} or better, of graded"),), _name(code, year)) for code in dict.fromkeys(p.activity for p in points if p.grades.graded)]
    places = iter(range(len(drawn)))
    for activity, lines, title in drawn:
        if len(_rows(points, activity)) >= LEAST:
            _chart(book, sheet, _rows(points, activity), points, lines, title, (HEAD_ROW + len(rows) + 3, next(places)))


def returned_cells(points: tuple[Point, ...], activity: str) -> str:
    """The cells of an activity's returned share, the oldest quarter first; '' where there are too few quarters for a trend."""
    rows = _rows(points, activity)
    column = cells_under(SHEET, IN, len(points))
    sheet, _, first = column.rpartition("!")
    letter = first.split("$")[1]
    return f"{sheet}!${letter}${HEAD_ROW + 2 + rows[0]}:${letter}${HEAD_ROW + 2 + rows[-1]}" if len(rows) >= LEAST else ""


def headline(points: tuple[Point, ...]) -> str:
    """How returns moved over the quarters, or why nothing is said."""
    every = [p for p in points if p.activity == EVERY]
    if len(every) < LEAST:
        return "Fewer than three quarters have been counted: too few to speak of a trend."
    first, last = every[0], every[-1]
    return f"Over {len(every)} quarters, returns went from {first.in_of_expected} in {first.quarter.label} to {last.in_of_expected} in {last.quarter.label}."


def _rows(points: tuple[Point, ...], activity: str) -> list[int]:
    """Where an activity's points stand, from 0."""
    return [n for n, p in enumerate(points) if p.activity == activity]


def _name(activity: str, year: Year) -> str:
    return next((names.activities[activity] for names in year.names if activity in names.activities), activity) if activity else EVERYTHING


def _columns(year: Year) -> tuple[Column, ...]:
    words = grade_words(year.plan)
    good, worst = f"{words['Good']} or better", words["Inadequate"]
    return (
        Column("Activity", 27), Column(QUARTER, 12), Column(EXPECTED, 10.5, "number"), Column(RETURNED, 10.5, "number"), Column("Returned, %", 10.5, "percent"), Column(ON_TIME, 9, "number"),
        Column("On time, %", 9, "percent"), Column("Returns since the quarter before", 19), Column(GRADED, 9, "number"), Column(good, 10, "number"), Column(f"{good}, %", 10, "percent"),
        Column(worst, 12, "number"), Column(f"{worst}, %", 12, "percent"), Column(f"{good} since the quarter before", 19), Column("Counted in", 10),
    )  # fmt: skip


def _row(point: Point, before: Point | None, year: Year) -> tuple[Cell, ...]:
    words, grades = grade_words(year.plan), point.grades
    better, worst = f"{words['Good']} or better", words["Inadequate"]
    returned = (point.expected, point.returned, _percent(RETURNED, EXPECTED, point.in_of_expected), point.on_time, _percent(ON_TIME, RETURNED, point.on_time_of_returned))
    graded: tuple[Cell, ...] = (None,) * 6
    if grades.graded:
        graded = (
            grades.graded, grades.good_or_better.n, _percent(better, GRADED, grades.good_or_better), grades.inadequate, _percent(worst, GRADED, grades.inadequate_share),
            since(grades.good_or_better, before.grades.good_or_better if before else None),
        )  # fmt: skip
    return (
        _name(point.activity, year), point.quarter.label, *returned, since(point.in_of_expected, before.in_of_expected if before else None), *graded,
        TYPED if point.typed else COUNTED_HERE,
    )  # fmt: skip


def _percent(n: str, of: str, share: Share) -> Live | None:
    """A share as a number that a chart can draw; nothing where there are too few."""
    return Live(f"[@{n}]/[@{of}]", share.n / share.of) if share.of >= SMALL else None


def since(now: Share, before: Share | None) -> str:
    """What became of a share since the quarter before, in words with both numbers."""
    if before is None:
        return FIRST
    if min(now.of, before.of) < SMALL:
        return f"Too few ({min(now.of, before.of)})"
    new, old = (s.percent for s in (now, before))
    return f"{SAME}: {new}%" if new == old else f"{UP if new > old else DOWN}: {old}% to {new}%"


def _chart(book: Book, sheet: Worksheet, rows: list[int], points: tuple[Point, ...], lines: Lines, title: str, place: tuple[int, int]) -> None:
    """Lines over the quarters, each with its own mark. `place` is the first row under the table and the how-manieth chart it is."""
    font: dict[str, Any] = {"name": "Arial", "size": 9, "color": INK}
    first, last = HEAD_ROW + 1 + rows[0], HEAD_ROW + 1 + rows[-1]
    chart = book.xlsx.add_chart({"type": "line"})
    for n, (column, name) in enumerate(lines):
        colour = ACCENTS[n]
        chart.add_series({
            "name": name, "categories": [SHEET, first, 1, last, 1], "values": [SHEET, first, column, last, column], "line": {"color": colour, "width": 2.25, "dash_type": ("solid", "dash")[n]},
            "marker": {"type": ("circle", "square")[n], "size": 7, "fill": {"color": colour}, "border": {"color": colour}},
            "data_labels": {"value": True, "num_format": "0%", "position": ("above", "below")[n], "font": {**font, "bold": True}},
        })
    chart.set_title({"name": title, "name_font": {**font, "size": 10, "bold": True}, "overlay": False})
    chart.set_x_axis({"num_font": font, "line": {"color": SOFT}})
    chart.set_y_axis({"num_font": font, "num_format": "0%", "min": 0, "max": 1.1, "major_unit": 0.25, "visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size(CHART)
    chart.show_blanks_as("gap")
    said = "; ".join(f"{points[at].quarter.label}: {_said(points[at])}" for at in rows)
    below, turn = place
    at = {"x_offset": 4 + (turn % ACROSS) * (CHART["width"] + 14), "y_offset": 4, "object_position": 2}
    sheet.insert_chart(below + (turn // ACROSS) * 13, 0, chart, {"description": f"Lines by quarter. {title}. {said}.", **at})


def _said(point: Point) -> str:
    return f"{point.in_of_expected} returned" if point.activity == EVERY else str(point.grades.good_or_better)
