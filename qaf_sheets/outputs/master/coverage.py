"""Coverage by activity and by service area, and People due: who owes what, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable

from qaf_sheets.look import BAND, TAB_SUMMARY, Book
from qaf_sheets.model import Duty
from qaf_sheets.outputs.figures import Counts, Figures, Share, Shown
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, Cell, Column, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, counted, say, share, share_words
from qaf_sheets.outputs.master.trend import returned_cells
from qaf_sheets.outputs.master.words import LATE, NO_AREA, ON_TIME, STATES, Names, area_name, timing
from qaf_sheets.outputs.master.year import Year

COUNTED = {  # column → the rows of People due that it counts
    "Returned": ("State", "✓*"), "On time": ("Timing", ON_TIME), "Late": ("Timing", LATE), "Awaiting": ("State", "○*"),
    "Needs fixing": ("State", STATES["needs_fixing"]), "Held": ("State", STATES["held"]), "Overdue": ("State", STATES["overdue"]),
}
EXPECTED = "+".join(f"[@{c}]" for c in ("Returned", "Awaiting", "Needs fixing", "Held", "Overdue"))


def write_coverage(book: Book, year: Year) -> None:
    """Expected against returned, an activity a row, this quarter's first."""
    keys = ("Activity", QUARTER)
    rows = [(names.activity(c), shown.label, *_numbers(shown.figures.by_activity[c]), None) for shown, names in year.each() for c in _in_order(shown)]
    table = Table("Coverage", (Column("Activity", 32, total="All activities"), Column(QUARTER, 12), *_columns("Coverage", keys, year), Column("Returned, last quarters", 19)), rows)
    note = "Counting unit: returns due. Click a number to see what it counts in People due. The totals follow the filter; the line at the right is from Trend."
    sheet = table_page(book, "Coverage", f"Coverage: what is in, {year.label}", _headline(year), note, table, tab=TAB_SUMMARY)
    last, points = len(table.columns) - 1, year.points
    for row, code in enumerate(_in_order(year.now), HEAD_ROW + 1):
        if drawn := returned_cells(points, code):
            sheet.add_sparkline(row, last, {"range": drawn, "type": "column", "series_color": BAND, "min": 0, "max": 1})


def write_coverage_by_area(book: Book, year: Year) -> None:
    """The same, a row for each service area and activity."""
    keys = ("Service area", "Activity", QUARTER)
    found = [(shown, names, a, c) for shown, names in year.each() for a in sorted(shown.figures.by_area, key=lambda a: (not a, a)) for c in _in_order(shown)]
    rows = [
        (area_name(a), names.activity(c), shown.label, *_numbers(shown.figures.by_area_activity[a, c]))
        for shown, names, a, c in found if (a, c) in shown.figures.by_area_activity
    ]  # fmt: skip
    columns = (Column("Service area", 27, total="All areas"), Column("Activity", 28), Column(QUARTER, 12), *_columns("CoverageByArea", keys, year))
    note = f"Filter by area and the totals follow. “{NO_AREA}” is everyone without a service area, such as the director."
    table_page(book, "Coverage by area", f"Coverage by service area, {year.label}", _headline(year), note, Table("CoverageByArea", columns, rows), tab=TAB_SUMMARY)


def _in_order(shown: Shown) -> list[str]:
    """The activities that anybody owes, those with a form first."""
    forms, owed = shown.snapshot.forms, shown.figures.by_activity
    return [*(c for c in forms if c in owed), *(c for c in owed if c not in forms)]


def _headline(year: Year) -> Live | str:
    if not year.figures.total.expected:
        return "Nothing is expected yet in this quarter."
    total = total_of(year.figures, year.label)
    return say("{} of {} returns are in: {} on time and {} late.", total["Returned"], total["Expected"], total["On time"], total["Late"])


def total_of(figures: Figures, quarter: str) -> dict[str, Live]:
    """Every total of a quarter as a formula over People due, by the name of its column."""
    n, mine = figures.total, {QUARTER: quarter}
    found = {head: count("PeopleDue", value, {**mine, column: want}) for (head, (column, want)), value in zip(COUNTED.items(), _values(n)[1:], strict=True)}
    every, left_out = (count("PeopleDue", 0, {**mine, **more}).formula for more in ({}, {"State": "–*"}))
    return found | {"Expected": Live(f"({every}-{left_out})", n.expected)}


def _columns(table: str, keys: tuple[str, ...], year: Year) -> tuple[Column, ...]:
    """The counted columns, each a formula over People due with its total under it."""
    same, every = {key: f"[@{key}]" for key in keys}, [s.figures.total for s in year.quarters]
    whole = [sum(n) for n in zip(*map(_values, every), strict=True)]
    totals = {head: Live(f"SUBTOTAL(109,{table}[{head}])", value) for head, value in zip(("Expected", *COUNTED), whole, strict=True)}
    counts = (Column(head, 11.5, "number", count("PeopleDue", 0, {**same, column: want}).formula, totals[head]) for head, (column, want) in COUNTED.items())
    shares = (("Returned", "Expected"), ("On time", "Returned"))
    return (Column("Expected", 11.5, "number", EXPECTED, totals["Expected"]), *counts, *(_share_column(n, of, Share(n=int(totals[n].value), of=int(totals[of].value)), totals) for n, of in shares))


def _share_column(n: str, of: str, value: Share, totals: dict[str, Live]) -> Column:
    formula = share(Live(f"[@{n}]", 0), Live(f"[@{of}]", 0), value).formula
    return Column(f"{n} of {of.lower()}", 15.5, "share", formula, share(totals[n], totals[of], value))


def _values(n: Counts) -> tuple[int, ...]:
    return (n.expected, n.returned, n.on_time, n.late, n.awaiting, n.needs_fixing, n.held, n.overdue)


def _numbers(n: Counts) -> tuple[Cell, ...]:
    return (*_values(n), share_words(n.in_of_expected), share_words(n.on_time_of_returned))


def write_people_due(book: Book, year: Year) -> None:
    """One row for each duty, this quarter's first and of each the most pressing first."""
    columns = (
        Column("Person", 26), Column("Activity", 30), Column(QUARTER, 13), Column("About", 32), Column("Due", 13, "date"), Column("State", 24, "state"), Column("Received on", 14, "date"), Column("Timing", 14, "state"), Column("Return", 14),
        Column("Role", 26), Column("Team", 24), Column("Service area", 34), Column("Rule", 12), Column("Clause", 34),
    )
    rows = [_duty(d, shown, names) for shown, names in year.each() for d in _pressing_first(shown.snapshot.duties)]
    total = total_of(year.figures, year.label)
    headline = say("{} overdue, {} fixing and {} held for a decision.", *pressing(total)) if year.snapshot.duties else "Nothing is due yet in this quarter."
    note = "One row for each duty. Filter by quarter, person, area or state; a return's reference opens the file as it was received."
    table_page(book, "People due", f"People due: who owes what, {year.label}", headline, note, Table("PeopleDue", columns, rows))


def pressing(total: dict[str, Live]) -> tuple[Live, Live, Live]:
    """What needs a person, for a sentence: "2 are", "1 needs", "none are"."""
    return counted(total["Overdue"], "is", "are"), counted(total["Needs fixing"], "needs", "need"), counted(total["Held"], "is", "are")


def _pressing_first(duties: Iterable[Duty]) -> list[Duty]:
    order = ("overdue", "needs_fixing", "held", "due", "later", "returned", "nil", "exempt", "not_required")
    return sorted(duties, key=lambda d: (order.index(d.state), d.obligation.due_on, d.obligation.activity, d.obligation.obligation_id))


def _duty(duty: Duty, shown: Shown, names: Names) -> tuple[Cell, ...]:
    owed = duty.obligation
    person = names.people.get(owed.person_id)
    return (
        names.person(owed.person_id, owed.owner), names.activity(owed.activity), shown.label, names.about(owed.about), owed.due_on, STATES[duty.state], duty.received_on, timing(duty), names.reference(duty.return_id),
        names.snapshot.plan.role_text(person.role) if person else "", person.team if person else "", names.area(owed.person_id), owed.rule_id, owed.clause,
    )
