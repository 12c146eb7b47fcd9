"""Actions: what was agreed, who does it, and whether it is overdue on the day that `as_at` says."""

from __future__ import annotations

from datetime import date

from qaf_sheets.look import Book
from qaf_sheets.model import Action, Quarter
from qaf_sheets.outputs.figures import FINISHED, Figures, days_overdue, due_on, finished, overdue
from qaf_sheets.outputs.master.kit import QUARTER, Cell, Column, Table, count, table_page
from qaf_sheets.outputs.master.live import Live, counted, say, words
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

DONE, OVERDUE, IN_DATE, NO_DATE = "✓ Finished", "✗ Overdue", "○ In date", "○ No date"
IS_DONE = "OR(" + ",".join(f"[@Status]={words(s)}" for s in FINISHED) + ")"
TIMING = f'IF({IS_DONE},{words(DONE)},IF([@Due]="",{words(NO_DATE)},IF([@Due]<INT(as_at),{words(OVERDUE)},{words(IN_DATE)})))'
LATE_BY = f'IF([@Timing]={words(OVERDUE)},INT(as_at)-[@Due],"")'
COLUMNS = (
    Column("Action", 20), Column("What needs to happen", 52), Column("Owner", 24), Column("Due", 13, "date"), Column("Status", 14), Column("Timing", 14, "state", TIMING), Column("Days overdue", 12, "number", LATE_BY), Column("Made a difference", 14), Column("Priority", 20), Column("For", 13),
    Column("Service area", 28), Column("Team", 22), Column("Activity", 26), Column(QUARTER, 13), Column("Child", 12), Column("Set on", 13, "date"), Column("First due", 13, "date"), Column("Difference expected", 36), Column("Progress", 36), Column("From return", 14),
)


def write_actions(book: Book, year: Year) -> None:
    """One row for each action, what is overdue first."""
    snapshot, figures = year.now
    names, today = Names(snapshot), snapshot.as_at.date()
    last = date.max
    actions = sorted(snapshot.actions, key=lambda a: (finished(a), due_on(a) or last, a.action_id))
    rows = [_row(a, names, today) for a in actions]
    title = "Actions: what is being done"
    note = "Read here, change in the Actions tracker. “Overdue” is worked out from the due date and the as-at time on Start here."
    table_page(book, "Actions", title, _headline(figures), note, Table("Actions", COLUMNS, rows))


def totals(figures: Figures) -> dict[str, Live]:
    """The open and the overdue as formulas over this sheet's table."""
    late = count("Actions", figures.actions.overdue, {"Timing": OVERDUE})
    waiting = count("Actions", 0, {"Timing": "○*"})
    return {"overdue": late, "open": Live(f"({late.formula}+{waiting.formula})", figures.actions.open), "done": count("Actions", figures.actions.done, {"Timing": DONE})}


def _headline(figures: Figures) -> Live | str:
    if not figures.actions.total:
        return "No actions have been agreed yet."
    n = totals(figures)
    return say("{} to do and {} overdue; {} finished.", counted(n["open"], "action is still", "actions are still"), counted(n["overdue"], "is", "are"), counted(n["done"], "is", "are"))


def _row(action: Action, names: Names, today: date) -> tuple[Cell, ...]:
    cells = action.cells
    revised = cells.get("revised_due_on") is not None
    return (
        action.action_id, cells.get("action_text"), cells.get("owner"), due_on(action), cells.get("status") or "Open", _timing(action, today), days_overdue(action, today) or "", cells.get("impact"), cells.get("priority"), cells.get("level"),
        area_name(action.area), action.team, names.activity(action.activity), Quarter.parse(action.quarter).label if action.quarter else "", action.child_id, action.set_on, cells.get("due_on") if revised else None, cells.get("intended_impact"), cells.get("progress_note"),
        names.reference(action.return_id),
    )


def _timing(action: Action, today: date) -> str:
    if finished(action):
        return DONE
    if due_on(action) is None:
        return NO_DATE
    return OVERDUE if overdue(action, today) else IN_DATE
