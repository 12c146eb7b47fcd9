"""Actions by area, team and owner: what is overdue and since when, what was seen to be done, and whether it made a difference."""

from __future__ import annotations

from qaf_sheets.lifecycle import CLOSED, DONE, VERIFIED
from qaf_sheets.look import ACCENTS, TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import SMALL
from qaf_sheets.outputs.figures.action_groups import MONTH, UNCHECKED, WEEK, ActionGroup
from qaf_sheets.outputs.master import actions as rows_sheet
from qaf_sheets.outputs.master.charts import Bars, PartOf, stacked_bars
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say, share, words
from qaf_sheets.outputs.master.words import area_name
from qaf_sheets.outputs.master.year import Year

SHEET, TABLE, ROWS = "Actions by area", "ActionSummary", "Actions"
EVERYTHING, NOBODY, NO_TEAM = "All actions", "Nobody named", "No team"
AGES = (f"Overdue up to {WEEK} days", f"Overdue {WEEK + 1} to {MONTH} days", f"Overdue more than {MONTH} days")
COLUMNS = (
    Column("Counted by", 15), Column("Name", 34), Column("Actions", 10, "number"), Column("In date", 10, "number"), Column("No date", 10, "number"), *(Column(age, 13, "number") for age in AGES),
    Column("Finished", 11, "number"), Column("Done, not confirmed", 12, "number"), Column("Verified or closed", 12, "number"), Column("Made a difference, of those looked at", 22, "share"),
)  # fmt: skip
FIRST_AGE = 5


def write_action_summary(book: Book, year: Year) -> None:
    """Everything first, then by service area, team and owner; the chart shows the age of what is not finished."""
    groups = year.figures.action_groups
    rows = [_row(by, name, group) for (by, name), group in groups.items()]
    note = f"Counting unit: actions, of whatever quarter. Days are calendar days on the as-at day. A difference is counted of those that somebody looked at; “{UNCHECKED}” is not."
    sheet = table_page(book, SHEET, f"{SHEET}: how they stand, {year.label}", _headline(year), note, Table(TABLE, COLUMNS, rows), tab=TAB_SUMMARY)
    areas = [g for (by, _), g in groups.items() if by == "Service area"]
    if areas and groups["", ""].open >= SMALL:
        drawn = ((COLUMNS[3].head, 3, ACCENTS[0]), (COLUMNS[4].head, 4, "#A9C3D9"), *((age, FIRST_AGE + n, colour) for n, (age, colour) in enumerate(zip(AGES, (ACCENTS[5], ACCENTS[3], ACCENTS[2]), strict=True))))
        alt = "; ".join(f"{area_name(name)}: {g.in_date} in date, {g.no_date} without a date, {g.week}, {g.month} and {g.longer} overdue by age" for (by, name), g in groups.items() if by == "Service area")
        source = say("Source: Actions, {} rows.", Live(f"ROWS({ROWS}[Action])", groups["", ""].total))
        stacked_bars(book, sheet, Bars(HEAD_ROW + 2, HEAD_ROW + 1 + len(areas), 1), [PartOf(*d) for d in drawn], HEAD_ROW + len(rows) + 2, f"Stacked bars of actions not finished, by service area and age. {alt}.", source)


def _headline(year: Year) -> Live | str:
    every = year.figures.action_groups.get(("", ""))
    if every is None:
        return "No actions have been agreed yet."
    live = rows_sheet.totals(year.figures)
    yes, looked = _count(every.made_a_difference.n, (), IMPACT_YES, FINISHED), _count(every.made_a_difference.of, (), *LOOKED_AT, FINISHED)
    return say(
        "{} overdue, {} of them more than four weeks. Made a difference: {}.", share(live["overdue"], live["open"], year.figures.actions.overdue_of_open), _count(every.longer, (), LATE, OVER_MONTH),
        share(yes, looked, every.made_a_difference),
    )  # fmt: skip


Test = tuple[str, str]
"""A column of Actions, and what its cells are compared with."""
FINISHED: Test = ("Timing", f"={words(rows_sheet.DONE)}")
LATE: Test = ("Timing", f"={words(rows_sheet.OVERDUE)}")
UP_TO_WEEK, OVER_WEEK, UP_TO_MONTH, OVER_MONTH = (("Days overdue", f"{sign}{n}") for n in (WEEK, MONTH) for sign in ("<=", ">"))
IMPACT_YES: Test = ("Made a difference", '="Yes"')
LOOKED_AT: tuple[Test, ...] = (("Made a difference", '<>""'), ("Made a difference", f"<>{words(UNCHECKED)}"))


def _row(by: str, name: str, group: ActionGroup) -> tuple[Cell, ...]:
    name = area_name(name) if by == "Service area" else name
    shown = {"": EVERYTHING, "Service area": name, "Team": name or NO_TEAM, "Owner": name or NOBODY}[by]
    mine: tuple[Test, ...] = ((by, "=[@Name]" if name else '=""'),) if by else ()
    looked = _count(group.made_a_difference.of, mine, *LOOKED_AT, FINISHED)
    return (
        by or "Everything", shown, _count(group.total, mine), _count(group.in_date, mine, ("Timing", f"={words(rows_sheet.IN_DATE)}")), _count(group.no_date, mine, ("Timing", f"={words(rows_sheet.NO_DATE)}")),
        _count(group.week, mine, LATE, UP_TO_WEEK), _count(group.month, mine, LATE, OVER_WEEK, UP_TO_MONTH), _count(group.longer, mine, LATE, OVER_MONTH), _count(group.finished, mine, FINISHED),
        _count(group.claimed, mine, ("Status", f"={words(DONE)}")), _either(group.seen, mine), share(_count(group.made_a_difference.n, mine, IMPACT_YES, FINISHED), looked, group.made_a_difference),
    )  # fmt: skip


def _count(n: int, mine: tuple[Test, ...], *tests: Test) -> Live:
    """Rows of Actions for which all of this is so. Compared cell by cell: COUNTIFS would take a name like ">5" for a comparison."""
    terms = "*".join(f"({ROWS}[{head}]{compared})" for head, compared in (*mine, *tests))
    return Live(f"SUMPRODUCT(1*{terms})" if terms else f"ROWS({ROWS}[Action])", n)


def _either(n: int, mine: tuple[Test, ...]) -> Live:
    """Verified or closed."""
    each = [_count(0, mine, ("Status", f"={words(s)}")).formula for s in (VERIFIED, CLOSED)]
    return Live("+".join(each), n)
