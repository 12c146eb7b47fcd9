"""Whether the plan's workbook may be written anew by us: only when nothing that people put there would be lost."""

from __future__ import annotations

from collections.abc import Sequence

from qaf_sheets.book import Book
from qaf_sheets.model import Plan, Problem
from qaf_sheets.plan.rows import headings, read_sheet
from qaf_sheets.plan.schema import SHEETS, Sheet, sheet_named

PEOPLE = "People"


def would_lose(book: Book, reading: Sequence[Problem]) -> str:
    """What writing the plan anew would lose, in words; '' for nothing. `reading` is what could not be read."""
    strange = next((name for name in book.sheets if name not in {s.name for s in SHEETS}), "")
    held = next((name for name in book.sheets if book.comments.get(name) or book.formulas.get(name)), "")
    if reading:
        return "parts of it could not be read ('qaf-sheets plan check' says which)"
    if strange:
        return f"it has a sheet of your own, '{strange}'"
    if held:
        return f"there are comments or formulas on the sheet '{held}'"
    beside = next((s.name for s in SHEETS if _beside(book, s)), "")
    return f"there is something beside the table on the sheet '{beside}'" if beside else ""


def _beside(book: Book, sheet: Sheet) -> bool:
    """Whether anything stands in a column of somebody's own, from the headings down."""
    found = headings(book, sheet)
    if not found:
        return True
    top, columns = found
    ours = set(columns.values())
    return any(value not in (None, "") for row in book.sheets[sheet.name][top - 1 :] for n, value in enumerate(row, 1) if n not in ours)


def as_typed(plan: Plan, book: Book) -> Plan:
    """The plan without what reading filled in: the service areas that stand on the Teams sheet alone."""
    rows, _ = read_sheet(book, sheet_named(PEOPLE))
    blank = {r.text("person_id") for r in rows if not r.text("service_area")}
    return plan.model_copy(update={"people": tuple(p.model_copy(update={"service_area": ""}) if p.person_id in blank else p for p in plan.people)})
