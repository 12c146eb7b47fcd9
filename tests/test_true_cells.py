"""Whatever people do to a sheet: each answer read is the one typed for its question, with the cell where it stands, or what could not be found is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit import book, form, issued

from qaf_sheets.book import Book
from qaf_sheets.forms.layout import QUESTION, TABLE_HEADER, answer_name, lay_out
from qaf_sheets.forms.read import Reading, read_form
from qaf_sheets.model import Answer, Value
from qaf_sheets.references import cell_name, split_cell

ACTIVITIES = ("OBS", "CCR", "THEM", "DIP")
FILLED_ROWS = 4
Grid = list[list[Value]]


@dataclass
class Sheets:
    """A workbook as a grid and names, worked on as Excel does: names follow what is moved, and lead nowhere once it is gone."""

    grids: dict[str, Grid]
    names: dict[str, tuple[str, int, int] | str]
    torn: bool = False
    """Whether an answer was moved away from its label: only its name still tells."""

    def follow(self, sheet: str, to: Callable[[int, int], tuple[int, int] | None]) -> None:
        for name, at in self.names.items():
            if not isinstance(at, str) and at[0] == sheet:
                now = to(at[1], at[2])
                self.names[name] = (sheet, *now) if now else "#REF!"

    def wide(self, sheet: str) -> int:
        return max(map(len, self.grids[sheet]))

    def grow(self, sheet: str, rows: int) -> None:
        self.grids[sheet] += [[None] * self.wide(sheet) for _ in range(rows - len(self.grids[sheet]))]

    def insert_rows(self, sheet: str, at: int, n: int, *, follow: bool) -> None:
        self.grow(sheet, at)
        self.grids[sheet][at - 1 : at - 1] = [[None] * self.wide(sheet) for _ in range(n)]
        if follow:
            self.follow(sheet, lambda r, c: (r + n if r >= at else r, c))

    def delete_row(self, sheet: str, at: int, *, follow: bool) -> None:
        del self.grids[sheet][at - 1 : at]
        if follow:
            self.follow(sheet, lambda r, c: None if r == at else (r - (r > at), c))

    def insert_column(self, sheet: str, at: int, *, follow: bool) -> None:
        for row in self.grids[sheet]:
            row.insert(at - 1, None)
        if follow:
            self.follow(sheet, lambda r, c: (r, c + (c >= at)))

    def delete_column(self, sheet: str, at: int, *, follow: bool) -> None:
        for row in self.grids[sheet]:
            del row[at - 1 : at]
        if follow:
            self.follow(sheet, lambda r, c: None if c == at else (r, c - (c > at)))

    def swap_columns(self, sheet: str, one: int, other: int) -> None:
        for row in self.grids[sheet]:
            if max(one, other) <= len(row):
                row[one - 1], row[other - 1] = row[other - 1], row[one - 1]
        self.follow(sheet, lambda r, c: (r, {one: other, other: one}.get(c, c)))

    def order_rows(self, sheet: str, first: int, order: list[int]) -> None:
        """Whole rows sorted: a sort moves no names."""
        rows = self.grids[sheet][first - 1 : first - 1 + len(order)]
        self.grids[sheet][first - 1 : first - 1 + len(rows)] = [rows[n] for n in order if n < len(rows)]

    def key_at(self, sheet: str, row: int, column: int) -> str:
        """Which question's answer stands in a cell; '' for none."""
        grid = self.grids[sheet]
        said = str(grid[row - 1][column - 1]) if row <= len(grid) and column <= len(grid[row - 1]) else ""
        return said.split()[2] if said.startswith("typed for") else ""

    def move(self, sheet: str, row: int, columns: tuple[int, ...], to: int) -> None:
        """Cells of a row cut and pasted into another row: what stood there is gone, and its names with it. Where a name was left behind before, nobody can tell."""
        cells = [(sheet, r, c) for r in (row, to) for c in columns]
        if any((key := self.key_at(*cell)) and self.names.get(answer_name(key)) != cell for cell in cells):
            return
        self.torn |= len(columns) == 1
        self.grow(sheet, max(row, to))
        grid = self.grids[sheet]
        for at in [n for n, place in self.names.items() if not isinstance(place, str) and place[0] == sheet and place[1] == to and place[2] in columns]:
            self.names[at] = "#REF!"
        for c in columns:
            for r in (row, to):
                grid[r - 1] += [None] * (c - len(grid[r - 1]))
            grid[to - 1][c - 1], grid[row - 1][c - 1] = grid[row - 1][c - 1], None
        self.follow(sheet, lambda r, c: (to, c) if r == row and c in columns else (r, c))

    def swap_labels(self, sheet: str, one: int, other: int) -> None:
        self.grow(sheet, max(one, other))
        grid = self.grids[sheet]
        grid[one - 1][1], grid[other - 1][1] = grid[other - 1][1], grid[one - 1][1]

    def duplicate_row(self, sheet: str, row: int, to: int) -> None:
        self.insert_rows(sheet, to, 1, follow=True)
        self.grids[sheet][to - 1] = list(self.grids[sheet][row - 1 + (row >= to)])

    def rename(self, sheet: str, new: str) -> None:
        if new not in self.grids:
            self.grids = {new if s == sheet else s: grid for s, grid in self.grids.items()}
            self.names = {n: (new, *at[1:]) if not isinstance(at, str) and at[0] == sheet else at for n, at in self.names.items()}

    def copy(self, sheet: str) -> None:
        self.grids[f"{sheet} (2)"] = [list(row) for row in self.grids[sheet]]

    def remove(self, sheet: str) -> None:
        del self.grids[sheet]
        self.names = {n: "#REF!" if not isinstance(at, str) and at[0] == sheet else at for n, at in self.names.items()}

    def reverse(self) -> None:
        self.grids = dict(reversed(self.grids.items()))

    def book(self) -> Book:
        names = {n: at if isinstance(at, str) else f"'{at[0]}'!${cell_name(1, at[2])[:-1]}${at[1]}" for n, at in self.names.items()}
        return Book(sheets={s: tuple(map(tuple, grid)) for s, grid in self.grids.items()}, names=names)


@cache
def blank(activity: str) -> Book:
    return book(issued(activity))


def typed_into(activity: str) -> tuple[Sheets, dict[str, Value], list[dict[str, Value]]]:
    """A form in which every open answer and four rows of each table say which question they are for."""
    asked, layout, source = form(activity), lay_out(form(activity)), blank(activity)
    grids = {s: [list(row) for row in rows] for s, rows in source.sheets.items() if not s.startswith("_")}
    names: dict[str, tuple[str, int, int] | str] = {answer_name(p.key): (p.sheet, *split_cell(p.cell)) for p in layout.every}
    said: dict[str, Value] = {}
    for n, place in enumerate(layout.every):
        row, column = split_cell(place.cell)
        said[place.key] = grids[place.sheet][row - 1][column - 1] = f"typed for {place.key} {n}"
    rows = []
    for table in layout.tables:
        for n in range(FILLED_ROWS):
            one: dict[str, Value] = {c: f"{table.table} {c} {n}" for c, _, _ in table.columns}
            for c, letters, _ in table.columns:
                grids[table.sheet][table.first_row - 1 + n][split_cell(f"{letters}1")[1] - 1] = one[c]
            rows.append(one)
    assert asked.id == activity
    return Sheets(grids, names), said, rows


# ---------------------------------------------------------------- what a reading may say


def wrongly_read(activity: str, work: Sheets, said: Mapping[str, Value], rows: list[dict[str, Value]]) -> list[str]:
    """Answers that are not the one typed for their question, or are gone without a word."""
    made, layout = work.book(), lay_out(form(activity))
    read = read_form(made, form(activity), layout, ())
    told = {p.field for p in read.problems if p.level == "E"} | {("", p.sheet) for p in read.problems if p.code == "SHEET_MISSING"}
    told |= {("", p.sheet) for p in read.problems if p.code == "LAYOUT_CHANGED" and p.field.startswith("child")}  # one that is not begun without what was lost
    found = {p.key: read.as_typed.answers[p.field] for p in layout.places} | _on_their_sheets(activity, read)
    wrong = [f"{p.key}: gone from {p.sheet} {p.cell}" for p in layout.every if (p.key not in found or found[p.key].value is None) and p.key not in told and ("", p.sheet) not in told]
    wrong += [f"{key}: {a.value!r} in {a.sheet} {a.cell}" for key, a in found.items() if a.value is not None and (a.value != said[key] or made.cell(a.sheet, *split_cell(a.cell)) != a.value)]
    return wrong + [w for table in layout.tables if not _is_told(read, table.sheet) for w in _wrong_rows(work, read, table.table, rows)]


def _on_their_sheets(activity: str, read: Reading) -> dict[str, Answer]:
    """The answers on sheets that are repeated, by the keys that their row's own words name: all of one sheet."""
    found: dict[str, Answer] = {}
    for at in lay_out(form(activity)).sheets:
        for row in read.as_typed.rows[at.table]:
            groups = Counter(str(a.value).split()[2].split("_")[0] for a in row.values() if a.value is not None)
            found |= {f"{groups.most_common(1)[0][0]}_{f}": a for f, a in row.items()}
    return found


def _is_told(read: Reading, sheet: str) -> bool:
    return any(p.level == "E" and p.sheet == sheet and not p.field for p in read.problems)


def _wrong_rows(work: Sheets, read: Reading, table: str, rows: list[dict[str, Value]]) -> list[str]:
    """Rows whose cells were torn apart, or that were not read though all their cells are still there."""
    mine = [r for r in rows if str(next(iter(r.values()))).startswith(f"{table} ")]
    standing = {str(v) for sheet, grid in work.grids.items() if not sheet.endswith("(2)") for row in grid for v in row if v is not None}  # a copy is told as not read
    came = [{c: a.value for c, a in row.items()} for row in read.as_typed.rows[table]]
    torn = [f"{table}: {row}" for row in came if row not in mine]
    return torn + [f"{table}: {row} was not read" for row in mine if {str(v) for v in row.values()} <= standing and row not in came]


# ---------------------------------------------------------------- anything may happen


class Somebody:
    """Draws what is done next, and does it."""

    def __init__(self, work: Sheets, data: st.DataObject, ours: list[str]) -> None:
        self.work, self.draw, self.ours = work, data.draw, ours

    def act(self) -> str:
        """One thing that is done; gives what it was."""
        work, draw = self.work, self.draw
        name = draw(st.sampled_from(list(DEEDS)))
        sheet = draw(st.sampled_from([s for s in work.grids if s in self.ours or s.endswith("(2)") or s == "My own"] or list(work.grids)))
        asks = any(QUESTION in r for r in work.grids[sheet])
        first = 1 if asks else TABLE_HEADER  # a table's title is no row of it
        row, other = (max(first, draw(st.integers(1, 34))) for _ in range(2))
        at = Deed(work, draw, sheet, row, other + 40 * draw(st.booleans()), draw(st.integers(1, 6)), follow=draw(st.booleans()) or work.torn)
        if (asks or name not in QUESTIONS_ONLY) and not (work.torn and name in ("lose a name", "lose all names")):
            DEEDS[name](at, self.ours)
        return f"{name}: {at.sheet} row {at.row} to {at.to}, column {at.column}, names follow: {at.follow}"


@dataclass
class Deed:
    """Where something is done."""

    work: Sheets
    draw: Callable[[Any], Any]
    sheet: str
    row: int
    to: int
    column: int
    follow: bool

    def name(self) -> str:
        return str(self.draw(st.sampled_from(sorted(self.work.names))))


def _sort(at: Deed, ours: list[str]) -> None:
    at.work.order_rows(at.sheet, at.row, at.draw(st.permutations(range(at.draw(st.integers(2, 8))))))


def _remove(at: Deed, ours: list[str]) -> None:
    if len(at.work.grids) > 2:
        at.work.remove(at.sheet)


def _two_names(at: Deed, ours: list[str]) -> None:
    at.work.names[at.name()] = at.work.names[at.name()]


def _lose_names(at: Deed, ours: list[str]) -> None:
    at.work.names = {n: place for n, place in at.work.names.items() if not n.startswith("q_")} or {"kept": "#REF!"}


DEEDS: dict[str, Callable[[Deed, list[str]], Any]] = {
    "insert rows": lambda at, _: at.work.insert_rows(at.sheet, at.row, at.draw(st.integers(1, 3)), follow=at.follow),
    "delete row": lambda at, _: at.work.delete_row(at.sheet, at.row, follow=at.follow),
    "insert column": lambda at, _: at.work.insert_column(at.sheet, at.column, follow=at.follow),
    "delete column": lambda at, _: at.work.delete_column(at.sheet, at.column, follow=at.follow),
    "swap columns": lambda at, _: at.work.swap_columns(at.sheet, at.column, at.draw(st.integers(1, 6))),
    "sort": _sort,
    "move block": lambda at, _: at.work.move(at.sheet, at.row, tuple(range(1, at.work.wide(at.sheet) + 1)), at.to),
    "move answer": lambda at, _: at.work.move(at.sheet, at.row, (at.draw(st.sampled_from((3, 4))),), at.to),
    "swap labels": lambda at, _: at.work.swap_labels(at.sheet, at.row, at.to),
    "duplicate row": lambda at, _: at.work.duplicate_row(at.sheet, min(at.row, len(at.work.grids[at.sheet])), at.to),
    "rename sheet": lambda at, ours: at.work.rename(at.sheet, at.draw(st.sampled_from(["My own", *ours]))),
    "copy sheet": lambda at, _: at.work.copy(at.sheet),
    "remove sheet": _remove,
    "order sheets": lambda at, _: at.work.reverse(),
    "two names on one cell": _two_names,
    "lose a name": lambda at, _: len(at.work.names) > 1 and at.work.names.pop(at.name()),
    "lose all names": _lose_names,
    "name leads nowhere": lambda at, _: at.work.names.update({at.name(): "#REF!"}),
}
QUESTIONS_ONLY = ("move block", "move answer", "swap labels")


@pytest.mark.parametrize("activity", ACTIVITIES)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_answer_is_ever_read_for_another_or_lost_without_a_word(activity: str, data: st.DataObject) -> None:
    anything_may_happen(activity, data)


def anything_may_happen(activity: str, data: st.DataObject) -> None:
    work, said, rows = typed_into(activity)
    layout = lay_out(form(activity))
    sheets = [*dict.fromkeys([*(p.sheet for p in layout.every), *(t.sheet for t in layout.tables)])]
    somebody = Somebody(work, data, sheets)
    done = [somebody.act() for _ in range(data.draw(st.integers(1, 4)))]
    assert wrongly_read(activity, work, said, rows) == [], done


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_an_untouched_form_is_read_whole(activity: str) -> None:
    work, said, rows = typed_into(activity)
    assert wrongly_read(activity, work, said, rows) == []
    read = read_form(work.book(), form(activity), lay_out(form(activity)), ())
    assert {p.code for p in read.problems} & {"LAYOUT_CHANGED", "SHEET_MISSING", "ROWS_SKIPPED"} == set()
    assert lay_out(form(activity)).tables[0].header_row == TABLE_HEADER


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize("column", [1, 2, 3, 4])
def test_a_column_that_is_gone_or_new_never_puts_a_hint_or_a_grade_for_an_answer(column: int, follow: bool) -> None:
    for change in (Sheets.delete_column, Sheets.insert_column):
        work, said, rows = typed_into("CCR")
        change(work, "Review", column, follow=follow)
        assert wrongly_read("CCR", work, said, rows) == []


def test_a_new_column_is_told_though_the_headings_are_gone_too() -> None:
    work, said, rows = typed_into("CCR")
    work.insert_column("Review", 3, follow=False)
    work.delete_row("Review", 3, follow=False)
    assert wrongly_read("CCR", work, said, rows) == []


def test_two_questions_with_one_label_are_told_apart_by_their_numbers() -> None:
    work, said, rows = typed_into("CCR")
    asked = [p for p in lay_out(form("CCR")).places if p.label == "Team manager"]
    first, second = (split_cell(p.cell)[0] for p in asked)
    work.order_rows("Review", first, [second - first, *range(1, second - first), 0])
    assert wrongly_read("CCR", work, said, rows) == []
    read = read_form(work.book(), form("CCR"), lay_out(form("CCR")), ())
    assert [read.as_typed.answers[p.field].cell for p in asked] == [f"C{second}", f"C{first}"]


def test_a_copied_row_with_another_answer_in_it_is_told() -> None:
    work, *_ = typed_into("OBS")
    work.duplicate_row("Observation", 11, 12)
    work.grids["Observation"][11][2] = "typed into the copy"
    read = read_form(work.book(), form("OBS"), lay_out(form("OBS")), ())
    assert [p.field for p in read.problems if p.code == "LAYOUT_CHANGED"] == ["strengths"]


def test_headings_sorted_into_a_table_hide_no_row() -> None:
    work, *_ = typed_into("DIP")
    sheet = lay_out(form("DIP")).tables[0].sheet
    work.order_rows(sheet, TABLE_HEADER, [1, 2, 0, 3])
    read = read_form(work.book(), form("DIP"), lay_out(form("DIP")), ())
    assert [p.sheet for p in read.problems if p.code == "LAYOUT_CHANGED"] == [sheet]


def test_a_childs_name_is_never_taken_for_the_answer_whose_cell_it_moved_to() -> None:
    work, said, rows = typed_into("CCR")
    work.delete_row("Review", 5, follow=False)
    assert wrongly_read("CCR", work, said, rows) == []
