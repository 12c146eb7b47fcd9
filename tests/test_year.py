"""The master of a year: what each quarter counted stands beside the others', and the trend over them is said in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import graded
import pytest
from office import changed, needs_office, opened, recalculated
from test_master import table

from qaf_sheets.model import Quarter, Snapshot, Total
from qaf_sheets.outputs.figures import Counts, GradeCounts, Share, Shown, figures
from qaf_sheets.outputs.figures.trend import EVERY, Point, trend
from qaf_sheets.outputs.master import kit, write_master
from qaf_sheets.outputs.master.trend import since

NOW = graded.snapshot()
SMALLER = ("R-000001", "R-000002", "R-000021", "R-000022")
"""What came back in the quarters before: two reviews and their moderations."""


def earlier(number: int) -> Snapshot:
    """Less of the same, a quarter or two before, with a theme of its own."""
    dip = NOW.forms["DIP"]
    assert dip.sample
    reworded = tuple(c.model_copy(update={"short": f"{c.name} ({number})"}) if c.id.startswith("NET") else c for c in dip.sample.columns)
    other = dip.model_copy(update={"tables": tuple(t.model_copy(update={"columns": reworded}) if t.id == dip.sample.id else t for t in dip.tables)})
    returns = [v for v in NOW.returns if v.issue.return_id in SMALLER or v.issue.activity == "DIP"]
    duties = [d for d in NOW.duties if d.return_id in {v.issue.return_id for v in returns}]
    return NOW.model_copy(update={"quarter": Quarter(year=2026, number=number), "returns": tuple(returns), "duties": tuple(duties), "forms": {**NOW.forms, "DIP": other}})


PAST = tuple(Shown(seen, figures(seen)) for seen in (earlier(1), earlier(2)))
NEWEST = Shown(NOW, figures(NOW))
MASTER = write_master(*NEWEST, PAST)


def test_each_quarters_rows_equal_its_own_figures() -> None:
    rows = [r for r in table(MASTER, "Coverage") if r["Quarter"]]
    assert [r["Quarter"] for r in rows] == ["Q3 2026-27"] * len(NEWEST.figures.by_activity) + ["Q2 2026-27"] * len(PAST[1].figures.by_activity) + ["Q1 2026-27"] * len(PAST[0].figures.by_activity)
    for shown in (*PAST, NEWEST):
        mine = {str(r["Activity"]): (r["Expected"], r["Returned"]) for r in rows if r["Quarter"] == shown.label}
        assert sorted(mine.values()) == sorted((n.expected, n.returned) for n in shown.figures.by_activity.values())
        graded_rows = [r for r in table(MASTER, "Grades") if (r["Quarter"], r["Counted by"], r["Name"]) == (shown.label, "Everyone", "Final grade")]
        assert [r["Graded"] for r in graded_rows] == [shown.figures.grades.final["CCR"].graded]


def test_a_question_of_another_quarters_theme_is_a_column_of_its_own() -> None:
    rows = table(MASTER, "Dip sample children")
    network = "The network is named"
    asked = {"Q3 2026-27": network, "Q2 2026-27": f"{network} (2)", "Q1 2026-27": f"{network} (1)"}
    assert {str(r["Quarter"]) for r in rows} == set(asked)
    for row in rows:
        assert [head for head in asked.values() if row[head]] == [asked[str(row["Quarter"])]]


def test_the_headline_speaks_of_this_quarter_alone() -> None:
    assert "4 " in str(opened(MASTER, cached=True)["Grades"]["A2"].value)
    assert str(opened(MASTER, cached=True)["Coverage"]["A2"].value).startswith(f"{NEWEST.figures.total.returned} of {NEWEST.figures.total.expected} ")


@pytest.mark.office
@needs_office
def test_recalculated_over_three_quarters_nothing_changes(tmp_path: Path) -> None:
    assert changed(MASTER, recalculated(tmp_path, {"year": MASTER})["year"]) == []


# ---------------------------------------------------------------- the trend

Q1, Q2, Q3 = (Quarter(year=2026, number=n) for n in (1, 2, 3))


def total(quarter: Quarter, measure: str, n: int) -> Total:
    return Total(quarter=quarter, activity="CCR", measure=measure, n=n)


def test_what_the_service_counted_wins_over_what_was_typed() -> None:
    typed = [total(Q1, "expected", 20), total(Q1, "returned", 16), total(Q1, "Good", 7), total(Q2, "expected", 99)]
    counted = {Q2: ({"CCR": Counts(expected=20, returned=18, on_time=15)}, {"CCR": GradeCounts(good=9, ri=9)})}
    assert [(p.quarter, p.activity, p.expected, p.grades.graded, p.typed) for p in trend(Q2, counted, typed)] == [
        (Q1, EVERY, 20, 0, True), (Q2, EVERY, 20, 0, False), (Q1, "CCR", 20, 7, True), (Q2, "CCR", 20, 18, False),
    ]  # fmt: skip


def test_a_trend_goes_back_eight_quarters_and_never_ahead() -> None:
    typed = [total(Q1.plus(n), "expected", 10) for n in range(-12, 6)]
    assert [p.quarter for p in trend(Q3, {}, typed) if p.activity == "CCR"] == [Q3.plus(n) for n in range(-7, 1)]


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [((10, 20), (8, 20), "Up: 40% to 50%"), ((8, 20), (10, 20), "Down: 50% to 40%"), ((10, 20), (5, 10), "Same: 50%"), ((9, 9), (10, 20), "Too few (9)"), ((10, 20), (4, 4), "Too few (4)"), ((10, 20), None, "First quarter")],
)
def test_what_changed_is_said_in_words(now: tuple[int, int], before: tuple[int, int] | None, said: str) -> None:
    assert since(Share(n=now[0], of=now[1]), Share(n=before[0], of=before[1]) if before else None) == said


def test_one_quarter_alone_is_no_trend() -> None:
    assert trend(Q3, {Q3: ({"CCR": Counts(expected=1)}, {}), Q2: ({}, {})}, []) == (Point(quarter=Q3, activity=EVERY, expected=1),)


# ---------------------------------------------------------------- Excel's limits


def rows_of(book: Any, sheet: str) -> list[tuple[object, ...]]:
    """A sheet's rows under its headings, as openpyxl reads them."""
    return [row for row in book[sheet].iter_rows(min_row=5, values_only=True) if any(v is not None for v in row)]


def test_rows_that_do_not_fit_on_a_sheet_stand_on_sheets_of_their_own_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    before = opened(MASTER, cached=True)
    whole = {sheet: rows_of(before, sheet) for sheet in ("People due", "Children reviewed", "Dip sample children", "Behind the checks")}
    monkeypatch.setattr(kit, "MOST_ROWS", 5)
    data = write_master(*NEWEST, PAST)
    book = opened(data)
    assert [c.coordinate for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []
    for sheet, rows in whole.items():
        parts = [name for name in book.sheetnames if name == sheet or name.startswith((f"{sheet} 2026-27", f"{sheet} ("))]
        assert [row for name in parts for row in rows_of(book, name)] == rows
        assert len(parts) == -(-len(rows) // 5)
    assert "do not fit on one Excel sheet" in str(book["People due"]["B3"].value)
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len({t.casefold() for s in book.worksheets for t in s.tables}) == len(book.sheetnames) - 1


def test_more_links_than_excel_allows_become_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "MOST_LINKS", 3)
    data = write_master(*NEWEST, PAST)
    sheet = opened(data)["Children reviewed"]
    assert sum(c.hyperlink is not None for row in sheet.iter_rows() for c in row) == 3
    assert [r["Piece of work"] for r in table(data, "Children reviewed")] == [r["Piece of work"] for r in table(MASTER, "Children reviewed")]
