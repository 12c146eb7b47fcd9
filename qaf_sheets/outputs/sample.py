"""The case reviews' draw as a workbook: the rows of the plan's Allocation sheet with what was known of each child, and how they were drawn."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from qaf_sheets.look import HEAD, LEFT, LINE, QUIET, Book
from qaf_sheets.model import Allocation, Child, Plan, Problem, Quarter
from qaf_sheets.outputs.master.kit import height
from qaf_sheets.problems import count

SAMPLE = "CCR sample.xlsx"
TOP = 3
"""The row of the headings, from 0."""
CELL = {**LEFT, "border": 1, "border_color": LINE, "text_wrap": True, "valign": "top"}
DEALT = (("Quarter", 14), ("Activity", 11), ("Child ID", 12), ("Reviewer", 12), ("Why", 56), ("Level of need", 22), ("Team", 22), ("Last grade", 20), ("Reviewer's name and role", 30))
HOW = (("About", 18), ("What", 54), ("On the list", 12), ("Drawn", 12), ("Of the draw", 13), ("At most", 12))


class Drawing(NamedTuple):
    """A draw to be shown: what was dealt now, what stood before, how many were asked for, who is to be looked at again, and what could not be met."""

    quarter: Quarter
    seed: str
    target: int
    dealt: Sequence[Allocation]
    kept: Sequence[Allocation]
    again: frozenset[str]
    open: Sequence[Child]
    unmet: Sequence[Problem]


def write_sample(plan: Plan, drawing: Drawing, *, created: datetime) -> bytes:
    """The workbook as bytes; the same draw gives the same bytes."""
    target = io.BytesIO()
    title = f"Case reviews {drawing.quarter.label}"
    book = Book(target, title=title, subject="Children drawn and their reviewers", created=created, header=f"{plan.setting('council')}: {title}", marking=plan.setting("marking"))
    every = [*drawing.kept, *drawing.dealt]
    said = f"{count(len(every), 'child', 'children')} for {count(len({a.reviewer_id for a in every}), 'reviewer')}. The first five columns are those of the plan's Allocation sheet."
    _table(book, "Allocation", f"{title}: who reviews whom", said, "No child's name stands here.", DEALT, [_dealt(plan, a) for a in every])
    how = f"Seed {drawing.seed}: the same seed and the same plan draw the same children."
    _table(book, "How it was drawn", f"{title}: how they were drawn", how, "Children with an open case, and how many of them are in the draw.", HOW, list(_how(plan, drawing)))
    book.close()
    return target.getvalue()


def _dealt(plan: Plan, one: Allocation) -> tuple[object, ...]:
    child, person = plan.child(one.child_id) or Child(child_id=one.child_id), plan.person(one.reviewer_id)
    grade = f"{child.last_grade}{', bordering Good' if child.bordering_good else ''}"
    who = f"{person.name}, {plan.role_text(person.role)}" if person else ""
    return str(one.quarter), one.activity, one.child_id, one.reviewer_id, one.why, child.level_of_need, child.team, grade, who


def _how(plan: Plan, drawing: Drawing) -> Iterator[tuple[object, ...]]:
    """One row for each number: all children, those to look at again, each level, each team, each reviewer; then what could not be met."""
    every = [*drawing.kept, *drawing.dealt]
    known = {c.child_id: c for c in plan.children}
    drawn, total = [known[a.child_id] for a in every if a.child_id in known], len(every)
    again = sum(c.child_id in drawing.again for c in drawn)
    yield "The draw", f"Children; {drawing.target} are asked for", len(drawing.open), total, "", ""
    if drawing.kept:
        yield "The draw", "Handed out before, and kept", "", len(drawing.kept), "", ""
    yield "To be looked at again", f"Aim: {plan.setting('ccr_recheck_share')} in 100", sum(c.child_id in drawing.again for c in drawing.open), again, _share(again, total), ""
    for about, setting, of in (("Level of need", "ccr_level_share", "level_of_need"), ("Team", "ccr_team_share", "team")):
        here, found = (Counter(str(getattr(c, of)) for c in some) for some in (drawing.open, drawn))
        for name in sorted(here):
            yield about, name or "not given", here[name], found[name], _share(found[name], total), f"{plan.setting(setting)} in 100"
    loads = Counter(Counter(a.reviewer_id for a in every).values())
    for n in sorted(loads):
        yield "Reviewers", f"With {count(n, 'child', 'children')} each", "", loads[n], "", f"{plan.setting('ccr_most_each')} each"
    yield from (("Could not be met", p.message, "", "", "", "") for p in drawing.unmet)


def _share(n: int, total: int) -> str:
    return f"{n} of {total}" if total else ""


def _table(book: Book, name: str, title: str, purpose: str, note: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[object]]) -> None:
    sheet = book.page(name, title, purpose)
    sheet.write_string(2, 0, note, book.fmt(font_color=QUIET))
    last = TOP + max(len(rows), 1)
    heads = [{"header": head, "header_format": book.fmt(**HEAD)} for head, _ in columns]
    sheet.add_table(TOP, 0, last, len(columns) - 1, {"name": f"t_{name.split()[0].lower()}", "style": None, "columns": heads})
    sheet.set_row(TOP, 34)
    for col, (_, width) in enumerate(columns):
        sheet.set_column(col, col, width)
    for at, row in enumerate(rows, TOP + 1):
        sheet.set_row(at, height([(str(value), width) for value, (_, width) in zip(row, columns, strict=True)]))
        for col, value in enumerate(row):
            book.put(sheet, at, col, value, **CELL)
    sheet.ignore_errors({"number_stored_as_text": f"A{TOP + 2}:{chr(64 + len(columns))}{last + 1}"})  # ids are text on purpose
    sheet.freeze_panes(TOP + 1, 0)
    sheet.repeat_rows(TOP)
