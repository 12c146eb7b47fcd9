"""Supervision findings: how each prompt was answered, in supervision audits and in ASYE dips (section 7; Appendix 6)."""

from __future__ import annotations

import math
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import ACCENTS, INK, QUIET, SOFT, TAB_SUMMARY, Book
from qaf_sheets.model import Question
from qaf_sheets.outputs.figures import SMALL
from qaf_sheets.outputs.figures.supervision import EVERYONE, Prompt
from qaf_sheets.outputs.master.kit import HEAD_ROW, HEADLINE_ROW, QUARTER, Cell, Column, Table, put, table_page
from qaf_sheets.outputs.master.live import Live, share, words
from qaf_sheets.outputs.master.returns import answer_cells, quarter_cells, row_cells
from qaf_sheets.outputs.master.words import Names
from qaf_sheets.outputs.master.year import Shown, Year
from qaf_sheets.problems import count
from qaf_sheets.rules import asked_as

SHEET, TABLE = "Supervision findings", "SupervisionFindings"
SAID = (("Yes", "Yes", ACCENTS[0]), ("Partly", "Partly", ACCENTS[3]), ("No", "No", ACCENTS[2]))
"""Code, heading and colour, the best first."""
COLUMNS = (
    Column("Prompt", 42), Column(QUARTER, 12.5), Column("Yes", 9, "number"), Column("Partly", 9, "number"), Column("No", 9, "number"), Column("Not applicable", 12, "number"), Column("Yes, of those that apply", 17, "share"),
    Column("Looked at in", 24), Column("Counted by", 14), Column("Name", 34),
)  # fmt: skip
FIRST_COUNT = 2
POINTS_A_BAR, ROW_PIXELS = 26, 20


def write_findings(book: Book, year: Year) -> None:
    """One row for each prompt over all that was read, then over each service area of those it is about."""
    rows = [_row(year, shown, names, p) for everyone in (True, False) for shown, names in year.each() for p in shown.figures.supervision.prompts if (p.area == EVERYONE) is everyone]
    note = f"Counting unit: supervision files read, by the area of whom it is about. “Not applicable” is outside the share; no percentage below {SMALL}."
    sheet = table_page(book, SHEET, f"{SHEET}: {year.label}", headline(year), note, Table(TABLE, COLUMNS, rows), tab=TAB_SUMMARY)
    drawn = [p for p in year.figures.supervision.prompts if p.area == EVERYONE]
    if year.figures.supervision.audits + year.figures.supervision.dips >= SMALL:
        _chart(book, sheet, drawn, HEAD_ROW + len(rows) + 2)


def headline(year: Year) -> str:
    """Names what is there least and most often, of the prompts that enough files answer."""
    found = year.figures.supervision
    if not found.audits + found.dips:
        return "No supervision audit and no ASYE dip has come in yet."
    read = f"{count(found.audits, 'supervision audit')} and {count(found.dips, 'ASYE dip')} were read"
    prompts = [p for p in found.prompts if p.area == EVERYONE and p.yes_share.of >= SMALL]
    weak = min(prompts, key=lambda p: (p.yes / p.yes_share.of, -p.yes_share.of), default=None)
    return f"{read}. Yes is rarest to “{weak.text}”: {weak.yes_share}." if weak else f"{read}."


def _row(year: Year, shown: Shown, names: Names, prompt: Prompt) -> tuple[Cell, ...]:
    codes = (("Yes", prompt.yes), ("Partly", prompt.partly), ("No", prompt.no), ("NA", prompt.not_applicable))
    each: list[Cell] = [n for _, n in codes]
    told: Cell = str(prompt.yes_share) if prompt.yes_share.of else "–"
    if prompt.area == EVERYONE:
        asked = asked_as(shown.snapshot.forms[prompt.activity], prompt.id)
        live = [Live(f"COUNTIFS({_cells(year, prompt, asked)},{words(asked.option_text(code))})", n) for code, n in codes]
        each, told = list(live), share(live[0], Live("(" + "+".join(x.formula for x in live[:3]) + ")", prompt.yes_share.of), prompt.yes_share)
    by = ("Everyone", "All that were read") if prompt.area == EVERYONE else ("Service area", prompt.area)
    return (prompt.text, shown.label, *each, told, names.activity(prompt.activity), *by)


def _cells(year: Year, prompt: Prompt, asked: Question) -> str:
    """The cells of this row's quarter, and those of the prompt's answers."""
    answers = row_cells(year, prompt.activity, prompt.table, asked) if prompt.table else answer_cells(year, prompt.activity, asked)
    return f"{quarter_cells(year, prompt.activity, prompt.table)},{TABLE}[[#This Row],[{QUARTER}]],{answers}"


def _chart(book: Book, sheet: Worksheet, prompts: list[Prompt], below: int) -> None:
    """Stacked bars of Yes, Partly and No, a bar for each prompt of the quarter."""
    font: dict[str, Any] = {"name": "Arial", "size": 9, "color": INK}
    first, last = HEAD_ROW + 1, HEAD_ROW + len(prompts)
    chart = book.xlsx.add_chart({"type": "bar", "subtype": "stacked"})
    for n, (_, name, colour) in enumerate(SAID):
        column = FIRST_COUNT + n
        chart.add_series({
            "name": name, "categories": [SHEET, first, 0, last, 0], "values": [SHEET, first, column, last, column], "gap": 40, "fill": {"color": colour}, "border": {"color": "#FFFFFF"},
            "data_labels": {"value": True, "num_format": "0;;", "font": {**font, "bold": True, "color": INK if name == "Partly" else "#FFFFFF"}},
        })
    chart.set_title({"name": f"='{SHEET}'!$A${HEADLINE_ROW + 1}", "name_font": {**font, "size": 10, "bold": True}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": SOFT}, "major_tick_mark": "none", "interval_unit": 1})
    chart.set_x_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E4E7EA"}}, "min": 0, "crossing": 0, "label_position": "high"})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    tall = 130 + POINTS_A_BAR * len(prompts)
    chart.set_size({"width": 900, "height": tall})
    said = "; ".join(f"{p.text}: {p.yes_share} Yes" for p in prompts)
    put(book, sheet, below + math.ceil(tall / ROW_PIXELS) + 1, 0, "Source: the sheets of supervision audits and ASYE dips. Audits and dips differ in number: compare the shares.", font_color=QUIET, font_size=9)
    sheet.insert_chart(below, 0, chart, {"description": f"Stacked bars of Yes, Partly and No by prompt. {said}.", "object_position": 2, "x_offset": 4, "y_offset": 4})
