"""One look for every workbook: colours, cell formats, and the page set-up. A council's marking and name come from the plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.model import Plan
from qaf_sheets.sheets import Sheet

INK, BAND, LABEL, INPUT, LINE, SOFT, QUIET = "#1A1A1A", "#12436D", "#F3F2F1", "#FFF7D6", "#8A8F94", "#D0D4D8", "#50565B"
NEED, DONE, PALE, BAR, FAINT = "#801650", "#00703C", "#E7EDF3", "#A9C3D9", "#FFFDF4"
ERROR, ERROR_TINT = "#D4351C", "#FBE0DC"
TAB_INPUT, TAB_READ, TAB_SUMMARY, TAB_ERROR = "#FFD54F", "#A7ABAF", BAND, ERROR
ACCENTS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
GRADE_COLOURS = {"Outstanding": "#12436D", "Good": "#28A197", "RI": "#F46A25", "Inadequate": "#801650"}
TINTS = {"Outstanding": "#D3DEE9", "Good": "#D4EFEC", "RI": "#FDE3D6", "Inadequate": "#EBD3E1"}
"""Pale tints of the grades' colours, behind their words; both by a grade's code."""
DATE = "dd/mm/yyyy"
BASE: Mapping[str, Any] = {"font_name": "Arial", "font_size": 11, "font_color": INK, "valign": "vcenter"}
LEFT = {"indent": 1, "align": "left"}
LINK = {"font_color": BAND, "underline": 1}
RULE = {"bottom": 1, "bottom_color": SOFT}
HEAD = {"bold": True, "bg_color": BAND, "font_color": "#FFFFFF", "text_wrap": True, "border": 1, "border_color": BAND, **LEFT}
HEADING = {"bold": True, "font_size": 13, "font_color": BAND, "valign": "bottom", "bottom": 2, "bottom_color": BAND, **LEFT}


GRADE_WORDS = {"Outstanding": "Outstanding", "Good": "Good", "RI": "Requires improvement (RI)", "Inadequate": "Inadequate"}


def grade_words(plan: Plan) -> Mapping[str, str]:
    """The four grades by code, the best first: as the council's list `grade` words them, else as the framework does."""
    return {code: option.text if (option := plan.option("grade", code)) else usual for code, usual in GRADE_WORDS.items()}


class Book:
    """A workbook being written in the house style. `fmt(**look)` gives a format; equal looks share one.

    One with `only` these sheets is a copy to hand on: no link leads out of it. One that is not `live` has values where others have formulas.
    `parted` are the sheets whose rows did not fit on one.
    """

    def __init__(self, target: Any, *, title: str, subject: str, created: datetime, header: str = "", marking: str = "", only: Collection[str] | None = None, live: bool = True) -> None:
        self.xlsx = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False})
        self.xlsx.worksheet_class = Sheet
        self.xlsx.set_properties({"title": title, "subject": subject, "created": created, "author": ""})
        self.header, self.marking, self.only, self.live = header or title, marking, only, live
        self.parted: list[str] = []
        self.fmt = cache(self._fmt)
        self.look = cache(lambda look, *of: self.fmt(**look(*of)))
        """The format of a look that is a function's: asked for by what it is of, where thousands of cells have it."""

    def _fmt(self, **look: Any) -> Format:
        return self.xlsx.add_format({**BASE, **look})

    def page(self, name: str, title: str, purpose: str, *, tab: str = TAB_SUMMARY, landscape: bool = True, kind: type[Worksheet] | None = None) -> Worksheet:
        """A new sheet with its title in A1, one plain sentence in A2, and A4 print set-up."""
        sheet = self.xlsx.add_worksheet(name, kind)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        sheet.set_paper(9)
        sheet.set_margins(left=0.45, right=0.45, top=0.8, bottom=0.7)
        sheet.set_landscape() if landscape else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f'&L&"Arial,Regular"&9{escape(self.header)}&R&"Arial,Regular"&9{escape(name)}')
        sheet.set_footer(f'&L&"Arial,Regular"&9{escape(self.marking)}&R&"Arial,Regular"&9Page &P of &N')
        sheet.set_row(0, 32)
        sheet.set_row(1, 23)
        sheet.write_string(0, 0, title, self.fmt(bold=True, font_size=18, font_color=BAND))
        sheet.write_string(1, 0, purpose, self.fmt(font_color=QUIET, valign="top"))
        return sheet

    def put(self, sheet: Worksheet, row: int, col: int, value: object, **look: Any) -> None:
        """Write anything as what it is: text stays text, a date is a date, nothing is a formatted blank."""
        if isinstance(value, date):
            self._put_date(sheet, row, col, value, look)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            sheet.write_number(row, col, value, self.fmt(**look))
        elif value is None or value == "":
            sheet.write_blank(row, col, None, self.fmt(**look))
        else:
            sheet.write_string(row, col, fit(str(value)), self.fmt(**look))

    def _put_date(self, sheet: Worksheet, row: int, col: int, value: date, look: Mapping[str, Any]) -> None:
        """A day shows as one whatever its cell was made for: as text or a number it would be read as a day number. What Excel has no day for is text."""
        if value.year < 1900:
            sheet.write_string(row, col, f"{value.day:02d}/{value.month:02d}/{value.year:04d}", self.fmt(**look))
        else:
            sheet.write_datetime(row, col, value, self.fmt(**{"align": "left", **look, "num_format": DATE}))

    def leads(self, sheet: str) -> bool:
        """Whether a link to this sheet leads anywhere."""
        return self.only is None or sheet in self.only

    def close(self) -> None:
        """Finish the file."""
        self.xlsx.close()


def fit(text: str, limit: int = 32_767) -> str:
    """Text as one Excel cell can hold it, counted as Excel counts; a longer one says at its end that it was cut."""
    if 2 * len(text) <= limit:  # a letter is two units at most
        return text
    mark = " … (cut to fit one cell; the whole text is in the received file)"
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * limit else units[: 2 * (limit - len(mark))].decode("utf-16-le", "ignore") + mark


def escape(text: str) -> str:
    """Text for a printed header or footer, where & begins a code."""
    return text.replace("&", "&&")
