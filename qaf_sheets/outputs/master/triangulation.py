"""Triangulation: what several sources say of the same theme; and the returns behind each count, which a reader can open."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.look import ACCENTS, TAB_SUMMARY, Book
from qaf_sheets.model.forms import SOURCES, Source
from qaf_sheets.outputs.figures import SMALL, Shown
from qaf_sheets.outputs.figures.triangulation import Direction, Mention, Triangulated, to_confirm
from qaf_sheets.outputs.master.charts import Bars, PartOf, stacked_bars
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Link, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, say
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

SHEET, ROWS_SHEET, TABLE, ROWS = "Triangulation", "Theme rows", "Triangulation", "ThemeRows"
SIGNS: tuple[tuple[Direction, str], ...] = (("Worry", "▼"), ("Strength", "▲"), ("Raised", "●"))
SUGGESTED, NOT_ASKED, STANDS, REFUSED, CODED = "! Not confirmed yet", "○ Suggested, not asked", "✓ Confirmed", "– Not a theme", "✓ Coded by its author"
NAMES = {"Child and family voice": "Child, family", "Other returns": "Other"}
COLUMNS = (
    Column("Theme", 27), Column(QUARTER, 12), Column("Standing", 24, "state"), Column("Returns", 9, "number"), Column("Worries", 9, "number"), Column("Strengths", 9, "number"),
    *(Column(NAMES.get(source, source), 11) for source in SOURCES),
)  # fmt: skip
ROW_COLUMNS = (
    Column("Theme", 30), Column(QUARTER, 13), Column("Source", 24), Column("Direction", 13), Column("Return", 14), Column("Activity", 30), Column("Service area", 34), Column("Found", 18), Column("First of its return", 12),
)  # fmt: skip
FIRST_COUNT, DRAWN = 4, 8


def write_triangulation(book: Book, year: Year) -> None:
    """One row for each theme that any return speaks of, this quarter's first and of each those heard from most sides."""
    rows = [_row(one, shown) for shown in year.quarters for one in shown.figures.triangulated]
    note = "Counting unit: returns, once for each source and direction. ▼ worry  ▲ strength  ● raised without either. Found by keyword, until somebody confirms it in the tracker's Decisions."
    sheet = table_page(book, SHEET, f"{SHEET}: what several sources say, {year.label}", headline(year), note, Table(TABLE, COLUMNS, rows), tab=TAB_SUMMARY)
    found = year.figures.triangulated[:DRAWN]
    if sum(t.returns for t in found) >= SMALL:
        parts = [PartOf(name, FIRST_COUNT + n, colour) for n, (name, colour) in enumerate((("Worries", ACCENTS[2]), ("Strengths", ACCENTS[0])))]
        alt = "; ".join(f"{t.theme}: {t.total('Worry')} worries, {t.total('Strength')} strengths" for t in found)
        source = say(f"Source: {ROWS_SHEET}, {{}} rows.", count(ROWS, sum(len(t.mentions) for t in year.figures.triangulated), {QUARTER: year.label}))
        stacked_bars(book, sheet, Bars(HEAD_ROW + 1, HEAD_ROW + len(found), 0), parts, HEAD_ROW + len(rows) + 2, f"Stacked bars of the themes heard from most sides. {alt}.", source)


def write_theme_rows(book: Book, year: Year) -> None:
    """One row for each return that speaks of a theme, by source and direction."""
    rows = [row for shown, names in year.each() for one in shown.figures.triangulated for row in _mentions(one, shown, names)]
    found = sum(len(t.mentions) for t in year.figures.triangulated)
    headline = f"{found} rows behind {len(year.figures.triangulated)} themes of {year.label}." if found else "No return that was read speaks of a theme on the plan's list yet."
    table_page(book, ROWS_SHEET, f"{ROWS_SHEET}: {year.label}", headline, "One row for each return, source and direction. Filter by theme and source; a reference opens the file as it was received.", Table(ROWS, ROW_COLUMNS, rows))


def headline(year: Year) -> str:
    """The theme heard from most sides, and how many are confirmed."""
    found = year.figures.triangulated
    if not found:
        return "No return that was read speaks of a theme on the plan's list yet."
    confirmed = sum(standing(t, year.now).startswith("✓") for t in found)
    return f"{found[0].theme} is heard from most sides: {len(found[0].sources)} of {len(SOURCES)} sources, {found[0].returns} returns. {confirmed or 'None'} of {len(found)} themes {'is' if confirmed == 1 else 'are'} confirmed."


def standing(one: Triangulated, shown: Shown) -> str:
    """Where a theme stands, in words with their symbol."""
    if one.decision:
        when = f" {one.decision.decided_on:%d/%m/%Y}" if one.decision.decided_on else ""
        return f"{STANDS if one.confirmed else REFUSED}{when}"
    if all(m.coded for m in one.mentions):
        return CODED
    return SUGGESTED if one in to_confirm(shown.figures.triangulated, shown.snapshot.plan) else NOT_ASKED


def _row(one: Triangulated, shown: Shown) -> tuple[Cell, ...]:
    totals = [_count(one.total(direction), Direction=direction) for direction, _ in SIGNS[:2]]
    sides = [_side(one, source) for source in SOURCES]
    return (one.theme, shown.label, standing(one, shown), _count(one.returns, **{"First of its return": "Yes"}), *totals, *sides)


def _side(one: Triangulated, source: Source) -> Live:
    """What one source says: ▼2 ▲1, or a dash."""
    each = [(sign, _count(one.count(source, direction), Source=source, Direction=direction)) for direction, sign in SIGNS]
    shown = " ".join(f"{sign}{n.value}" for sign, n in each if n.value)
    formula = "&".join(f'IF({n.formula}=0,"","{sign}"&{n.formula}&" ")' for sign, n in each)
    every = "+".join(n.formula for _, n in each)
    return Live(f'IF({every}=0,"–",TRIM({formula}))', shown or "–")


def _count(n: int, **where: str) -> Live:
    """Rows behind this row's theme and quarter."""
    return count(ROWS, n, {"Theme": "[@Theme]", QUARTER: THIS_QUARTER, **where})


def _mentions(one: Triangulated, shown: Shown, names: Names) -> Iterator[tuple[Cell, ...]]:
    seen: set[str] = set()
    for m in one.mentions:
        yield (*_mention(m, shown, names), "" if m.return_id in seen else "Yes")
        seen.add(m.return_id)


def _mention(m: Mention, shown: Shown, names: Names) -> tuple[Cell, ...]:
    return (m.theme, shown.label, m.source, m.direction, Link(m.return_id, file=m.file), names.activity(m.activity), area_name(m.area), "By its author" if m.coded else "By keyword")
