"""Coverage by activity and by service area, and People due: who owes what, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Duty, Snapshot
from qaf_sheets.outputs.figures import Counts, Figures, Share
from qaf_sheets.outputs.master.kit import Cell, Column, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, counted, say, share, share_words
from qaf_sheets.outputs.master.words import LATE, NO_AREA, ON_TIME, STATES, Names, area_name, timing

COUNTED = {  # column → the rows of People due that it counts
    "Returned": ("State", "✓*"), "On time": ("Timing", ON_TIME), "Late": ("Timing", LATE), "Awaiting": ("State", "○*"),
    "Needs fixing": ("State", STATES["needs_fixing"]), "Held": ("State", STATES["held"]), "Overdue": ("State", STATES["overdue"]),
}
EXPECTED = "+".join(f"[@{c}]" for c in ("Returned", "Awaiting", "Needs fixing", "Held", "Overdue"))


def write_coverage(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """Expected against returned, an activity a row."""
    names = Names(snapshot)
    rows = [(names.activity(c), *_numbers(figures.by_activity[c])) for c in _in_order(snapshot, figures)]
    table = Table("Coverage", (Column("Activity", 34, total="All activities"), *_columns("Coverage", ("Activity",), figures)), rows)
    note = "Counting unit: returns due. Click a number to see what it counts in People due. The totals follow the filter."
    table_page(book, "Coverage", f"Coverage: what is in, {snapshot.quarter.label}", _headline(figures), note, table, tab=TAB_SUMMARY)


def write_coverage_by_area(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """The same, a row for each service area and activity."""
    names, keys = Names(snapshot), ("Service area", "Activity")
    areas = sorted(figures.by_area, key=lambda a: (not a, a))
    pairs = [(a, c) for a in areas for c in _in_order(snapshot, figures) if (a, c) in figures.by_area_activity]
    rows = [(area_name(a), names.activity(c), *_numbers(figures.by_area_activity[a, c])) for a, c in pairs]
    columns = (Column("Service area", 30, total="All areas"), Column("Activity", 28), *_columns("CoverageByArea", keys, figures))
    note = f"Filter by area and the totals follow. “{NO_AREA}” is everyone without a service area, such as the director."
    table_page(book, "Coverage by area", f"Coverage by service area, {snapshot.quarter.label}", _headline(figures), note, Table("CoverageByArea", columns, rows), tab=TAB_SUMMARY)


def _in_order(snapshot: Snapshot, figures: Figures) -> list[str]:
    """The activities that anybody owes, those with a form first."""
    return [*(c for c in snapshot.forms if c in figures.by_activity), *(c for c in figures.by_activity if c not in snapshot.forms)]


def _headline(figures: Figures) -> Live | str:
    if not figures.total.expected:
        return "Nothing is expected yet in this quarter."
    total = total_of(figures)
    return say("{} of {} returns are in: {} on time and {} late.", total["Returned"], total["Expected"], total["On time"], total["Late"])


def total_of(figures: Figures) -> dict[str, Live]:
    """Every total as a formula over People due, by the name of its column."""
    n = figures.total
    found = {head: count("PeopleDue", value, {column: want}) for (head, (column, want)), value in zip(COUNTED.items(), _values(n)[1:], strict=True)}
    left_out = count("PeopleDue", 0, {"State": "–*"}).formula
    return found | {"Expected": Live(f"(COUNTA(PeopleDue[State])-{left_out})", n.expected)}


def _columns(table: str, keys: tuple[str, ...], figures: Figures) -> tuple[Column, ...]:
    """The counted columns, each a formula over People due with its total under it."""
    same = {key: f"[@{key}]" for key in keys}
    totals = {head: Live(f"SUBTOTAL(109,{table}[{head}])", value) for head, value in zip(("Expected", *COUNTED), _values(figures.total), strict=True)}
    counts = (Column(head, 12, "number", count("PeopleDue", 0, {**same, column: want}).formula, totals[head]) for head, (column, want) in COUNTED.items())
    shares = (("Returned", "Expected", figures.total.in_of_expected), ("On time", "Returned", figures.total.on_time_of_returned))
    return (Column("Expected", 12, "number", EXPECTED, totals["Expected"]), *counts, *(_share_column(n, of, value, totals) for n, of, value in shares))


def _share_column(n: str, of: str, value: Share, totals: dict[str, Live]) -> Column:
    formula = share(Live(f"[@{n}]", 0), Live(f"[@{of}]", 0), value).formula
    return Column(f"{n} of {of.lower()}", 18, "share", formula, share(totals[n], totals[of], value))


def _values(n: Counts) -> tuple[int, ...]:
    return (n.expected, n.returned, n.on_time, n.late, n.awaiting, n.needs_fixing, n.held, n.overdue)


def _numbers(n: Counts) -> tuple[Cell, ...]:
    return (*_values(n), share_words(n.in_of_expected), share_words(n.on_time_of_returned))


def write_people_due(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """One row for each duty, the most pressing first."""
    columns = (
        Column("Person", 26), Column("Activity", 30), Column("About", 32), Column("Due", 13, "date"), Column("State", 24, "state"), Column("Received on", 14, "date"), Column("Timing", 14, "state"), Column("Return", 14),
        Column("Role", 26), Column("Team", 24), Column("Service area", 34), Column("Rule", 12), Column("Clause", 34),
    )
    names = Names(snapshot)
    rows = [_duty(d, names) for d in _pressing_first(snapshot.duties)]
    total = total_of(figures)
    headline = say("{} overdue, {} fixing and {} held for a decision.", *pressing(total)) if rows else "Nothing is due yet in this quarter."
    note = "One row for each duty. Filter by person, area or state; a return's reference opens the file as it was received."
    table_page(book, "People due", f"People due: who owes what, {snapshot.quarter.label}", headline, note, Table("PeopleDue", columns, rows))


def pressing(total: dict[str, Live]) -> tuple[Live, Live, Live]:
    """What needs a person, for a sentence: "2 are", "1 needs", "none are"."""
    return counted(total["Overdue"], "is", "are"), counted(total["Needs fixing"], "needs", "need"), counted(total["Held"], "is", "are")


def _pressing_first(duties: Iterable[Duty]) -> list[Duty]:
    order = ("overdue", "needs_fixing", "held", "due", "later", "returned", "nil", "exempt", "not_required")
    return sorted(duties, key=lambda d: (order.index(d.state), d.obligation.due_on, d.obligation.activity, d.obligation.obligation_id))


def _duty(duty: Duty, names: Names) -> tuple[Cell, ...]:
    owed = duty.obligation
    person = names.people.get(owed.person_id)
    return (
        names.person(owed.person_id, owed.owner), names.activity(owed.activity), names.about(owed.about), owed.due_on, STATES[duty.state], duty.received_on, timing(duty), names.reference(duty.return_id),
        names.snapshot.plan.role_text(person.role) if person else "", person.team if person else "", names.area(owed.person_id), owed.rule_id, owed.clause,
    )
