"""Start here: the quarter in one screen. What is in, what needs a person, and where to read on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import ACCENTS, BAND, HEADING, INK, LABEL, LEFT, QUIET, RULE, SOFT, Book
from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.figures import Figures
from qaf_sheets.outputs.master import actions, concerns
from qaf_sheets.outputs.master.checks import not_met
from qaf_sheets.outputs.master.coverage import pressing, total_of
from qaf_sheets.outputs.master.kit import NOTE_ROW, START, Cell, Link, height, paint, put
from qaf_sheets.outputs.master.live import Live, counted, pick, say, share
from qaf_sheets.outputs.master.matters import matters
from qaf_sheets.outputs.master.returns import own_sheets, own_tables, rows_sheet
from qaf_sheets.outputs.master.words import LATE, ON_TIME, STATES, sheet_names
from qaf_sheets.outputs.master.year import Year

WIDTHS = (22, 9, 23, 23, 3, 25, 28, 38, 17)
TILES, STATE_ROW, CHART_ROWS = 4, 8, 12
STATES_SHOWN = ((ON_TIME, "On time"), (LATE, "Late"), ("○ Awaiting", "Awaiting"), (STATES["needs_fixing"], "Needs fixing"), (STATES["held"], "Held"), (STATES["overdue"], "Overdue"))
SENTENCE_ROW = STATE_ROW + len(STATES_SHOWN) + 1
BARS = (BAND, ACCENTS[1], ACCENTS[5], ACCENTS[3], ACCENTS[4], ACCENTS[2])
GUIDE = (
    ("Checks", "Does the quarter meet the framework's minimums"), ("Coverage", "What is in, by activity"), ("Coverage by area", "What is in, by service area"), ("People due", "Who owes what, and where it stands"), ("Immediate concerns", "Children who may be unsafe now, open or settled"),
    ("Grades", "How graded work fell, with n"), ("Practice areas", "The weakest area first"), ("Trend", "Quarter by quarter, up to eight"), ("Moderation", "How far moderators agree with reviewers"), ("Children reviewed", "Every graded piece of work, before and after moderation"), ("To be reviewed again", "Children for the next sample, and why"), ("Dip sample findings", "How the theme's questions were answered"),
    ("Voice of the child", "Were children heard, and answered"), ("What children say", "Their words and their families', and what was done"), ("Observations", "Whose practice was observed; never graded"), ("Supervision", "Whose supervision was audited; ASYE dips"), ("Supervision findings", "What audits and dips found, prompt by prompt"),
    ("Once a year", "Everybody to be observed or audited, who not yet"), ("Staff feedback", "Comments after work, and surveys"), ("What staff say", "Their words, and what became of them"),
    ("Contributions", "What other services, forums and staff sent in"), ("Contributions in full", "Every answer of theirs"), ("Themes", "What keeps coming up over two quarters"), ("Triangulation", "What several sources say of the same theme"), ("Theme rows", "The returns that speak of each theme"), ("Equality and diversity", "How evident it is, by activity and area"), ("Reviewers on equality", "How well reviewers understand it"), ("Equality in words", "What was written about it"), ("Actions by area", "How late, seen to be done, made a difference"), ("Actions", "What is being done, and what is overdue"), ("Feedback by manager", "Who has what outstanding after their work"), ("Feedback given", "Every piece of work and its dates"), ("Behind the checks", "The rows each check counts, and those it misses"), ("Data notes", "Every file that came, and what was found"), ("Definitions", "What each word and number means"),
)
HOW = (
    "✓ in or done   ○ not due yet   ! look at this   ✗ overdue   – not expected",
    "Every share has its number beside it; below 10 there is no percentage.",
    "Nothing is averaged. Observations are never graded.",
)
HOW_HERE = (
    *HOW,
    "Click a number: its formula names the sheet and column it counts.",
    "A reference opens the file as it was received.",
    "This workbook is written again when returns arrive: do not change it here.",
    "Change actions in the Actions tracker.",
)
HOW_COPY = (*HOW, "A copy of that moment: it holds what you may see, and does not change.", "“Smaller teams” are counted together, so that no one team stands out.")
ROW = 26
"""Points of a row of states and matters, which stand side by side."""


def write_start(book: Book, year: Year) -> None:
    """The first sheet. Its numbers are formulas over the tables of the others."""
    snapshot, figures = year.now
    title = f"Quality assurance: {snapshot.quarter.label}"
    sheet = book.page(START, title, "")
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    total = total_of(figures, year.label)
    put(book, sheet, 1, 0, _headline(total, figures, checked=book.leads("Checks")), bold=True, font_size=12)
    _as_at(book, sheet, year)
    _tiles(book, sheet, total, figures)
    _states(book, sheet, total, figures)
    last = _matters(book, sheet, snapshot, figures)
    _how_to_read(book, sheet, max(last + 1, STATE_ROW + CHART_ROWS) + 1, year)
    sheet.activate()


def _headline(total: dict[str, Live], figures: Figures, *, checked: bool) -> Live | str:
    if not figures.total.expected:
        return "No returns are expected yet in this quarter."
    overdue, fixing, held = pressing(total)
    tail = ("; {} overdue; {} fixing; {} held for a decision", overdue, fixing, held) if figures.total.held else ("; {} overdue; {} fixing", overdue, fixing)
    inside = ("{} of {} returns {} in" + tail[0], total["Returned"], total["Expected"], pick(total["Returned"], "is", "are"), *tail[1:])
    return say(inside[0] + "; {} not met.", *inside[1:], counted(not_met(figures), "check is", "checks are")) if checked else say(inside[0] + ".", *inside[1:])


def _as_at(book: Book, sheet: Worksheet, year: Year) -> None:
    """The moment that every "overdue" is counted from, as a named cell."""
    snapshot = year.snapshot
    about = f"Copy for {year.copy_for}, of what they may see." if year.copy_for else "One page for the whole quarter; everything else is a click away."
    put(book, sheet, NOTE_ROW, 0, f"{snapshot.quarter.months}. {about}", font_color=QUIET, valign="top")
    put(book, sheet, NOTE_ROW, 7, "As at", font_color=QUIET, align="right", valign="top")
    sheet.write_datetime(NOTE_ROW, 8, snapshot.as_at.replace(tzinfo=None), book.fmt(num_format="dd/mm/yyyy hh:mm", bold=True, **LEFT, valign="top"))
    if book.live:
        book.xlsx.define_name("as_at", f"='{START}'!$I${NOTE_ROW + 1}")
    sheet.set_row(NOTE_ROW, 22)


def _tiles(book: Book, sheet: Worksheet, total: dict[str, Live], figures: Figures) -> None:
    late, fixing, held = total["Late"], total["Needs fixing"], total["Held"]
    stuck = Live(f"{fixing.formula}+{held.formula}", figures.total.needs_fixing + figures.total.held)
    act = actions.totals(figures)
    waiting = figures.open_concerns
    unreported = sum(not c.reported for c in waiting)
    told = "" if not waiting else f"{unreported} with nobody told yet" if unreported else "All reported to somebody"
    tiles: tuple[tuple[int, int, str, str, Live | str | int, Live | str], ...] = (
        (0, 1, "Returns in", "Coverage", share(total["Returned"], total["Expected"], figures.total.in_of_expected), say("{} came late", late)),
        (2, 4, "Returns overdue", "People due", total["Overdue"], say("{} more not due yet", total["Awaiting"])),
        (5, 5, "To put right or decide", "People due", stuck, say("{} to fix, {} held", fixing, held)),
        (6, 6, concerns.SHEET, concerns.SHEET, concerns.still_open(figures), told or "None open"),
        (7, 8, "Actions overdue", "Actions", share(act["overdue"], act["open"], figures.actions.overdue_of_open), "Of those not finished"),
    )
    for (first, last, label, target, number, note), colour in zip(tiles, ACCENTS, strict=False):
        _tile(book, sheet, (first, last), (Link(label, sheet=target), number, note), colour)
    for row, points in ((TILES, 20), (TILES + 1, 32), (TILES + 2, 20), (TILES + 3, 12)):
        sheet.set_row(row, points)


def _tile(book: Book, sheet: Worksheet, across: tuple[int, int], lines: tuple[Cell | Live, Cell | Live, Cell | Live], colour: str) -> None:
    looks: tuple[dict[str, Any], ...] = ({"bold": True}, {"bold": True, "font_size": 20, "align": "left"}, {"font_color": QUIET, "font_size": 10})
    for row, (value, look) in enumerate(zip(lines, looks, strict=True), TILES):
        edge = {"bg_color": LABEL, "left": 5, "left_color": colour, "indent": 1, "align": "left"}
        put(book, sheet, row, across[0], value, **{**look, **edge})
        for col in range(across[0] + 1, across[1] + 1):
            sheet.write_blank(row, col, None, book.fmt(bg_color=LABEL))


def _states(book: Book, sheet: Worksheet, total: dict[str, Live], figures: Figures) -> None:
    """Where the returns stand: the numbers, and a chart of them."""
    n = figures.total
    still = Live(f"({total['Expected'].formula}-{total['Returned'].formula})", n.expected - n.returned)
    put(book, sheet, STATE_ROW, 0, "Where the returns stand", **HEADING)
    _rule(book, sheet, STATE_ROW, 1, 3)
    for row, (label, head) in enumerate(STATES_SHOWN, STATE_ROW + 1):
        sheet.set_row(row, ROW)
        put(book, sheet, row, 0, label, **LEFT, **RULE)
        put(book, sheet, row, 1, total[head], align="right", indent=1, **RULE)
    put(book, sheet, SENTENCE_ROW, 0, say("{} {} in, {} still to come", total["Returned"], pick(total["Returned"], "return is", "returns are"), still), **LEFT)
    put(book, sheet, SENTENCE_ROW + 1, 0, say("Source: People due, {} expected.", total["Expected"]), font_color=QUIET, font_size=9, **LEFT)
    paint(book, sheet, STATE_ROW + 1, 0, STATE_ROW + 6, 0)
    _chart(book, sheet, figures)


def _rule(book: Book, sheet: Worksheet, row: int, first: int, last: int) -> None:
    """The line under a heading, across the columns that it heads."""
    for col in range(first, last + 1):
        sheet.write_blank(row, col, None, book.fmt(**HEADING))


def _chart(book: Book, sheet: Worksheet, figures: Figures) -> None:
    n, font = figures.total, {"name": "Arial", "size": 9, "color": INK}
    first, last = STATE_ROW + 1, STATE_ROW + len(STATES_SHOWN)
    chart = book.xlsx.add_chart({"type": "bar"})
    chart.add_series({
        "name": "Returns", "categories": [START, first, 0, last, 0], "values": [START, first, 1, last, 1], "gap": 45, "points": [{"fill": {"color": c}} for c in BARS],
        "data_labels": {"value": True, "num_format": "0;;", "font": {**font, "bold": True}},
    })
    chart.set_title({"name": f"='{START}'!$A${SENTENCE_ROW + 1}", "name_font": {**font, "size": 10, "bold": True}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": SOFT}, "major_tick_mark": "none", "interval_unit": 1})  # XlsxWriter swaps a bar chart's axes
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 340, "height": 220})
    alt = f"Bar chart of returns by state: {n.on_time} on time, {n.late} late, {n.awaiting} not due yet, {n.needs_fixing} need fixing, {n.held} held, {n.overdue} overdue."
    sheet.insert_chart(STATE_ROW + 1, 2, chart, {"description": alt, "object_position": 2, "x_offset": 6, "y_offset": 4})


def _matters(book: Book, sheet: Worksheet, snapshot: Snapshot, figures: Figures) -> int:
    """What needs a person, the most urgent first. Gives the last row used."""
    put(book, sheet, STATE_ROW, 5, "What needs a person", **HEADING)
    _rule(book, sheet, STATE_ROW, 6, 8)
    row = STATE_ROW
    for row, matter in enumerate((m for m in matters(snapshot, figures) if book.leads(m.told_on)), STATE_ROW + 1):
        cells: tuple[Cell, ...] = matter[:4]
        for col, value in enumerate(cells, 5):
            put(book, sheet, row, col, value, text_wrap=True, **LEFT, **RULE)
        sheet.set_row(row, max(ROW, height([(str(text), WIDTHS[col]) for col, text in enumerate(matter[:3], 5)])))
    if row == STATE_ROW:
        row += 1
        put(book, sheet, row, 5, "✓ Nothing is waiting for anyone.", **LEFT)
    paint(book, sheet, STATE_ROW + 1, 5, row, 5)
    return row


def _activity_sheets(year: Year) -> Iterator[tuple[str, str]]:
    for code, name in sheet_names(own_sheets(year)).items():
        form = year.forms[code]
        yield name, f"{form.plural}: every answer"
        yield from ((rows_sheet(year, form, asked), f"{form.plural}: every {asked.row.lower()} listed") for asked in own_tables(form))


def _how_to_read(book: Book, sheet: Worksheet, row: int, year: Year) -> None:
    put(book, sheet, row, 0, "How to read this workbook", **HEADING)
    _rule(book, sheet, row, 1, 3)
    put(book, sheet, row, 5, "The other sheets", **HEADING)
    _rule(book, sheet, row, 6, 8)
    for at, line in enumerate(HOW_COPY if year.copy_for else HOW_HERE, row + 1):
        put(book, sheet, at, 0, line, **LEFT)
    after = [name for name, _ in GUIDE].index("Contributions")
    guide = (*GUIDE[:after], *_activity_sheets(year), *GUIDE[after:])
    for at, (name, says) in enumerate(((n, s) for n, s in guide if book.leads(n)), row + 1):
        put(book, sheet, at, 5, Link(name, sheet=name), **LEFT)
        put(book, sheet, at, 6, says, **LEFT)
