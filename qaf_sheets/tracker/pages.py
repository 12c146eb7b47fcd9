"""The tracker's two pages of words: Conflicts, where both values of a cell are kept, and How to use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.dates import as_date
from qaf_sheets.look import HEAD, HEADING, LEFT, RULE, TAB_READ, Book
from qaf_sheets.model import Problem, Value
from qaf_sheets.problems import count
from qaf_sheets.tracker.layout import Column, Row, TwoWay
from qaf_sheets.tracker.merge import Clash, Why
from qaf_sheets.tracker.steps import Rungs
from qaf_sheets.tracker.values import as_text

CONFLICT_COLUMNS = (
    ("Reference", 20), ("Column", 17), ("Before", 20), ("Typed", 30), ("Typed by", 22), ("Kept in the table", 30), ("Kept from", 22), ("Why", 28), ("Found on", 13), ("In the table now", 24),
)  # fmt: skip
WHY: Mapping[Why, str] = {
    "both": "Somebody else, a return or a decision changed it too.",
    "refused": "What was typed is not on the list, or is not a date.",
    "step": "The step is not allowed, or it lacks something.",
    "locked": "The cell is kept by the service.",
}
ADVICE = "To use the other value, type it into the yellow cell on the table's own sheet. If the value kept is right, there is nothing to do."
REGISTER, SOMEBODY = "The register", "Somebody"

STEPS = (
    ("1  Change yellow cells", "On Actions, Feedback and file, Decisions and Meetings alike. White cells come from the returns: anything typed over them is put back and listed on the Conflicts sheet."),
    ("2  Save and close", "Your changes are read each time you save. While you have the tracker open, new actions wait; they appear after you close it."),
    ("Add an action", "Use the first empty yellow row at the bottom: the action, its owner, the date it is due. Leave Reference blank; it is given when your changes are read."),
    ("Finish an action", "Choose Done, enter Completed on, and say what the evidence is or where it is kept. When the manager has confirmed it in supervision, enter who and when, and choose Checked. A follow-up that saw the evidence makes it Verified; Closed is yours to choose."),
    ("What is missing", "Next step says what is still to be done about each action. Has come to says whom an overdue one has come to: owner and team manager, {head}, then {lead} and the leadership team."),
    ("Move a date", "Enter Revised due and say why under Why the date moved. The first date stays beside it."),
    ("Stop an action", "Choose Not needed, say why under Progress, and enter who agreed under Confirmed by: {lead}. A row that is deleted comes back, so that nothing agreed is lost by accident."),
    ("Feedback and file", "Spoken and written feedback, the team manager, supervision, the child's file, findings shared: enter each date as it happens. There is no need to return the form again."),
    ("Decide", "On Decisions, answer what waits: Choice, Decided by and Why. To exempt somebody, or record nothing to report, add a row with the kind, and who and what it is about, like P031 CCR 2026-27-Q3."),
    ("Meetings", "Enter when each meeting heard the report, what it decided, and what it asked for. Other meetings can be added below."),
    ("Look ahead", "Type the date of your next meeting into the yellow date at the top left of Actions: Timing then shows what will be overdue by that day. It stays until the day has come."),
    ("Lists to work from", "The blue sheets are only to be read: This week (choose whose in the yellow cell), Overdue by team and owner, Evidence wanted, Supervision with one list per manager, and Follow-up. A reference leads to the action itself."),
    ("Sort, filter, hide", "All are safe, and stay as you left them; so do widths, colours and notes on cells. Columns of your own are kept beside their row, but only as what they show: no formulas. New rows come last."),
    ("What was changed", "History has every change of every action: before, after, who and when."),
    ("Two people, one cell", "If you and somebody else, or a return, change the same cell differently, nothing is overwritten in silence: both values are on the Conflicts sheet."),
    ("A copy", "A copy that you changed elsewhere comes back through Return here, or from beside this tracker: what you changed in it is taken in, and it is filed under Received."),
)
PACK_PURPOSE = "What {owner} has to do, and what was finished lately. Yellow cells are yours to change. Timing is counted from the yellow date on the left."
PACK_STEPS = (
    ("1  Change yellow cells", "On the sheet Actions. White cells come from the returns: anything typed over them is put back and listed on the Conflicts sheet."),
    ("2  Save and close", "Your changes are read each time you save. If you work on a copy, on a train or at home, put it into Return here: that comes to the same."),
    *(step for step in STEPS if step[0] in ("Finish an action", "Move a date", "Stop an action")),
    ("Hand an action on", "Choose another Owner: it moves to their list when your changes are read."),
    ("Add an action", "Use the first empty yellow row at the bottom: the action and the date it is due. Leave Reference blank. It is yours unless you name another owner."),
    ("All done", "What you finished stays for a while. When nothing is left to show, this workbook is taken away by itself."),
)


def write_conflicts(book: Book, tables: Sequence[tuple[TwoWay, Mapping[str, Row]]], clashes: Sequence[Clash], notes: Sequence[Problem]) -> None:
    """Every cell with two values, newest first, and below it what the last reading told. Says so plainly when there is nothing."""
    heading = f"{count(len(clashes), 'value')} kept beside the table. {ADVICE}" if clashes else "No conflicts: every change was taken as it was made."
    sheet = book.page("Conflicts", "Conflicts", heading, tab=TAB_READ)
    for col, (_, width) in enumerate(CONFLICT_COLUMNS):
        sheet.set_column(col, col, width)
    below = 3
    if clashes:
        _head(book, sheet, below, [name for name, _ in CONFLICT_COLUMNS])
        for at, clash in enumerate(sorted(clashes, key=lambda c: c.at.isoformat() if c.at else "", reverse=True), below + 1):
            _write_values(book, sheet, at, _clash(clash, *_where(clash, tables)))
        sheet.freeze_panes(below + 1, 1)
        below += len(clashes) + 2
    if notes:
        _write_notes(book, sheet, below, notes)


def _where(clash: Clash, tables: Sequence[tuple[TwoWay, Mapping[str, Row]]]) -> tuple[Column | None, Value]:
    """The column it is in and what stands in the table now; nothing of a row that is gone."""
    table, rows = next(((t, rows) for t, rows in tables if clash.row in rows), (None, {}))
    column = next((c for c in table.columns if c.id == clash.column), None) if table else None
    return column, rows.get(clash.row, {}).get(clash.column)


def _clash(clash: Clash, column: Column | None, now: Value) -> list[Value]:
    dated = column is not None and column.kind == "date"
    before, theirs, ours, current = (_nothing(as_date(v) or as_text(v) if dated else as_text(v)) for v in (clash.before, clash.theirs, clash.ours, now))
    by, ours_by = _who(clash.by or SOMEBODY, clash.saved_at), _who(clash.ours_by or (SOMEBODY if clash.ours_at else REGISTER), clash.ours_at)
    return [clash.row, clash.label, before, theirs, by, ours, ours_by, WHY[clash.why], clash.at, current]


def _who(who: str, at: datetime | None) -> str:
    return f"{who}, {at:%d/%m/%Y %H:%M}" if at else who


def _nothing(value: Value) -> Value:
    return "(blank)" if value == "" else value


def _head(book: Book, sheet: Worksheet, at: int, names: Sequence[str]) -> None:
    sheet.set_row(at, 30)
    for col, name in enumerate(names):
        sheet.write_string(at, col, name, book.fmt(**HEAD))


def _write_values(book: Book, sheet: Worksheet, at: int, values: Sequence[Value]) -> None:
    for col, value in enumerate(values):
        book.put(sheet, at, col, value, **RULE, text_wrap=True, valign="top", **LEFT)
    lines = max(math.ceil(len(as_text(v)) / (width - 2)) for v, (_, width) in zip(values, CONFLICT_COLUMNS, strict=True))
    sheet.set_row(at, min(220, 14.5 * max(lines, 1) + 5))


def _write_notes(book: Book, sheet: Worksheet, at: int, notes: Sequence[Problem]) -> None:
    """One line each; the words run on across the page."""
    sheet.set_row(at, 26)
    for col in range(len(CONFLICT_COLUMNS)):
        sheet.write_string(at, col, "What we noticed when changes were last read" if col == 0 else "", book.fmt(**{**HEADING, "indent": 0}))
    for line, note in enumerate(notes, at + 1):
        sheet.write_string(line, 0, note.message, book.fmt())
        sheet.set_row(line, 20)


def write_guide(book: Book, council: str, rungs: Rungs) -> None:
    """How to use the tracker: one screen, one printed page."""
    _write_steps(book, "How to use this tracker", f"For everyone at {council} who has actions to follow. The first two habits keep it true.", STEPS, rungs)


def write_pack_guide(book: Book, owner: str, rungs: Rungs) -> None:
    """How to use a pack."""
    _write_steps(book, "How to use this list", f"For {owner}. The first two habits keep it true.", PACK_STEPS, rungs)


def _write_steps(book: Book, title: str, purpose: str, steps: Sequence[tuple[str, str]], rungs: Rungs) -> None:
    sheet = book.page("How to use", title, purpose, tab=TAB_READ, landscape=False)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 92)
    for at, (head, said) in enumerate(steps, 3):
        words = said.format(head=rungs.head_called, lead=rungs.lead_called)
        sheet.write_string(at, 0, head, book.fmt(**RULE, bold=True, valign="top", **LEFT))
        sheet.write_string(at, 1, words, book.fmt(**RULE, text_wrap=True, valign="top"))
        sheet.set_row(at, 14.5 * math.ceil(len(words) / 98) + 8)
