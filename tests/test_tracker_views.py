"""The lists a Principal Social Worker works from: which actions stand in each, in which order, what its sentence says, and one owner's week."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import changed, needs_office, opened, recalculated
from test_lifecycle import CONFIRMED, DONE, STATUSES
from tracker_sample import AS_AT, LISTS, action

from qaf_sheets.book import Book, read_book
from qaf_sheets.followup import standing
from qaf_sheets.lifecycle import FINISHED
from qaf_sheets.model import Action
from qaf_sheets.plan.sampling import CLOSED
from qaf_sheets.tracker.layout import ACTIONS, Day
from qaf_sheets.tracker.read import read_tracker
from qaf_sheets.tracker.tables import TABLES
from qaf_sheets.tracker.views import NO_MANAGER, NO_OWNER, VIEWS, WEEK, Beside, chosen, full
from qaf_sheets.tracker.write import write_tracker

AVERY, BLAIR, CASEY = "Avery Exampleworth (P031)", "Blair Inventley (P032)", "Casey Specimen (P003)"
TODAY = AS_AT.date()
ROWS = {
    "ACT-1": action("Visit", owner=AVERY, status="Open", due_on=date(2026, 12, 1), team="North"),
    "ACT-2": action("Write up", owner=BLAIR, status="In progress", due_on=date(2026, 12, 25)),
    "ACT-3": action("Ring the school", owner=AVERY, status="Open", due_on=date(2026, 12, 26)),
    "ACT-4": action("Plan", owner=BLAIR, status="Done", due_on=date(2026, 12, 1)),
    "ACT-5": action("Agree", owner=BLAIR, status="Done", **DONE),
    "ACT-6": action("Meet", owner=AVERY, status="Done", **DONE),
    "ACT-7": action("Share", owner=AVERY, status="Checked", **{**CONFIRMED, "evidence": None}),
    "ACT-8": action("Look again", owner=AVERY, status="Checked", **CONFIRMED),
    "ACT-9": action("Ask", status="Open", due_on=date(2026, 10, 1), revised_due_on=date(2026, 12, 18), area="Safeguarding"),
    "ACT-10": action("Draw", owner=BLAIR, status="Open", due_on=date(2026, 10, 1), area="Care"),
    "ACT-11": action("Close", owner=BLAIR, status="Closed", due_on=date(2026, 10, 1), **CONFIRMED),
}
BESIDE = Beside({AVERY: CASEY}, {"ACT-8": "May be drawn for Q4 2026-27", "ACT-6": "In the follow-up of Q3 2026-27"})
LISTED = {v.sheet: v for v in (WEEK, *VIEWS)}


def listed(sheet: str, rows: Any = ROWS) -> list[dict[str, Any]]:
    return [dict(r) for r in chosen(LISTED[sheet], full(rows, Day(TODAY), BESIDE), TODAY)]


def written(rows: Any = ROWS) -> bytes:
    return write_tracker({ACTIONS.id: rows}, (), (), lists=LISTS, council="Marlbrook", marking="OFFICIAL", as_at=AS_AT, beside=BESIDE)


@pytest.mark.parametrize(
    ("sheet", "references"),
    [
        ("This week", ["ACT-10", "ACT-1", "ACT-9", "ACT-2"]),
        ("Overdue", ["ACT-10", "ACT-1"]),
        ("Evidence wanted", ["ACT-7", "ACT-4"]),
        ("Supervision", ["ACT-6", "ACT-5"]),
        ("Follow-up", ["ACT-6", "ACT-8"]),
    ],
)
def test_which_actions_stand_in_a_list(sheet: str, references: list[str]) -> None:
    assert [r["action_id"] for r in listed(sheet)] == references


def test_whose_and_where_is_said_even_where_nobody_knows() -> None:
    assert [r["manager"] for r in listed("Supervision")] == [CASEY, NO_MANAGER]
    assert [r["owner"] for r in listed("This week")] == [BLAIR, AVERY, NO_OWNER, BLAIR]
    assert [r["place"] for r in listed("Overdue")] == ["Care", "North"]


@pytest.mark.parametrize("sheet", LISTED)
def test_a_list_is_a_sheet_with_a_sentence_and_one_table(sheet: str) -> None:
    view, made, empty = LISTED[sheet], opened(written(), cached=True)[sheet], opened(written({}), cached=True)[sheet]
    assert made["A1"].value == sheet
    assert str(made["A2"].value).startswith(str(len(listed(sheet))))
    assert [c.value for c in made[4]] == [h.header for h in view.columns]
    assert [t.ref for t in made.tables.values()] == [f"A4:{'ABCDEFG'[len(view.columns) - 1]}{4 + len(listed(sheet))}"]
    assert empty["A2"].value
    assert not str(empty["A2"].value)[0].isdigit()
    assert view.columns[0].header not in {t.key.header for t in TABLES}, "a sheet of the tracker is known by its first heading"


def test_lists_are_never_taken_for_the_table_people_edit() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    del book["Actions"]
    out = io.BytesIO()
    book.save(out)
    found = read_book(out.getvalue(), "Actions tracker.xlsx")
    assert isinstance(found, Book)
    assert [p.code for p in read_tracker(found, ACTIONS)[1]] == ["TRACKER_SHEET_MISSING"]


any_action = st.fixed_dictionaries(
    {"status": st.sampled_from((None, *STATUSES)), "owner": st.sampled_from((None, AVERY, BLAIR))},
    optional={"due_on": st.dates(date(2026, 11, 1), date(2027, 2, 1)), "completed_on": st.just(date(2026, 12, 1)), "evidence": st.sampled_from(("", "Plan on file")), "revisions": st.integers(0, 3)},
)


@given(st.lists(any_action, max_size=8))
def test_nothing_overdue_or_wanting_is_in_no_list_and_nothing_finished_is_in_the_week(cells: list[dict[str, Any]]) -> None:
    rows = {f"ACT-{n}": action("Visit", **c) for n, c in enumerate(cells)}
    where = {sheet: {r["action_id"] for r in listed(sheet, rows)} for sheet in LISTED}
    finished = {k for k, row in rows.items() if row["status"] in FINISHED}
    assert where["Overdue"] <= where["This week"]
    assert not where["This week"] & finished
    assert not where["Evidence wanted"] & where["Supervision"]
    assert {k for k, row in rows.items() if row["status"] == "Done"} <= where["Evidence wanted"] | where["Supervision"]


# ---------------------------------------------------------------- one owner's week


@pytest.mark.office
@needs_office
def test_the_yellow_cell_chooses_whose_week(tmp_path: Path) -> None:
    books = {"all": written()}
    for name, whose in (("avery", AVERY), ("blank", None), ("nobody", "Nobody at all")):
        book = opened(written())
        book["This week"]["B3"].value = whose
        out = io.BytesIO()
        book.save(out)
        books[name] = out.getvalue()
    after = recalculated(tmp_path, books)
    assert changed(books["all"], after["all"]) == []
    seen = {name: opened(data, cached=True)["This week"] for name, data in after.items()}
    shown = {name: [c.value for (c,) in sheet["A5:A8"] if c.value] for name, sheet in seen.items()}
    assert shown == {"all": ["ACT-10", "ACT-1", "ACT-9", "ACT-2"], "avery": ["ACT-1"], "blank": ["ACT-10", "ACT-1", "ACT-9", "ACT-2"], "nobody": []}
    assert [str(seen[name]["A2"].value).split(":")[0] for name in ("all", "avery")] == ["4 to finish", "1 to finish"]
    assert str(seen["nobody"]["A2"].value).startswith("Nothing")
    assert seen["avery"]["D5"].value == datetime(2026, 12, 1)


# ---------------------------------------------------------------- what follow-up has to do with an action


class Held:
    """As much of the register as is asked for: the actions, and the forms handed out."""

    def __init__(self, actions: tuple[Action, ...], handed_out: dict[str, Any]) -> None:
        self.actions = self.issues = self
        self._actions, self._handed_out = actions, handed_out

    def all(self) -> tuple[Action, ...]:
        return self._actions

    def of_inadequate_work(self) -> frozenset[str]:
        return frozenset(a.action_id for a in self._actions if a.from_inadequate)

    def of_quarter(self, quarter: object) -> tuple[Any, ...]:
        return self._handed_out.get(str(quarter), ())


class Form:
    def __init__(self, *references: str) -> None:
        self.rows = {"follow_up": tuple({"action_id": r} for r in references)}


def closed(name: str, on: date, *, status: str = CLOSED[0], inadequate: bool = False, **cells: Any) -> Action:
    return Action(action_id=name, from_inadequate=inadequate, cells={"status": status, "completed_on": on, **cells})


def test_what_follow_up_has_to_do_with_an_action() -> None:
    before, now = date(2026, 9, 1), date(2026, 11, 1)
    held = (
        closed("A", before), closed("B", before), closed("C", now), closed("D", now, inadequate=True), closed("E", now, priority="Immediate"),
        closed("F", now, status="Verified"), closed("G", now, follow_up_on=now), closed("H", date(2026, 5, 1)),
    )  # fmt: skip
    later = {"C": "May be drawn for Q4 2026-27", "D": "Likelier to be drawn for Q4 2026-27", "E": "Likelier to be drawn for Q4 2026-27"}
    assert standing(Held(held, {}), TODAY) == {"A": "May be drawn for Q3 2026-27", "B": "May be drawn for Q3 2026-27", **later}  # type: ignore[arg-type]
    assert standing(Held(held, {"2026-27-Q3": (Form("A", "F"),)}), TODAY) == {"A": "In the follow-up of Q3 2026-27", **later}  # type: ignore[arg-type]
