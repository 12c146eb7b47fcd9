"""How people left a two-way table: its order, widths, filters, their own columns, notes and colours. Pure; nothing in it changes what a row says.

It is kept in the register when the tracker is read, in the same transaction as what was typed, and written back each time the tracker is. Were it read
from the file only when that is replaced, it would be gone with a tracker that was deleted, and what stands beside a row that is gone would be too. Rows are named by their ids, columns by theirs; what stands in the n-th row without an id is under `+n`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from qaf_sheets.book import Book
from qaf_sheets.dates import as_date
from qaf_sheets.model import Problem, Record, Value
from qaf_sheets.problems import problem
from qaf_sheets.references import split_cell
from qaf_sheets.tracker.filters import Filter
from qaf_sheets.tracker.layout import Column, TwoWay
from qaf_sheets.tracker.read import Sheet, is_own
from qaf_sheets.tracker.seen import Look, Note, Seen
from qaf_sheets.tracker.values import as_text, is_blank

HEADINGS = ""
"""What the row of headings is called where rows have ids."""
SPARE = 20
"""Empty rows at the end of a table that grows."""
ALIKE = 2
"""Pixels by which programs differ in what they make of the same width."""
OWN_WIDTH = 150
Said = str | int | float | bool
"""What stands in a cell of a person's own: dates and times as Excel's numbers, with the format that shows them."""
T = TypeVar("T")


class Arrangement(Record):
    """One table as people left it. `columns` and `rows` are in an order only where it is not the usual one; `widths` are pixels."""

    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    widths: Mapping[str, int] = {}
    hidden_columns: tuple[str, ...] = ()
    hidden_rows: tuple[str, ...] = ()
    filters: Mapping[str, Filter] = {}
    values: Mapping[str, Mapping[str, Said]] = {}
    looks: Mapping[str, Mapping[str, Look]] = {}
    notes: Mapping[str, Mapping[str, Note]] = {}
    freeze: tuple[int, int] | None = None
    zoom: int = 100
    as_at: date | None = None

    def table_columns(self, table: TwoWay) -> tuple[Column, ...]:
        """All columns in the order they stand in, people's own among them. One that is new to the table follows the one it usually follows."""
        known = {c.id: c for c in table.columns} | {name: _own_column(name, table) for name in self.own}
        names = [name for name in self.columns if name in known]
        for place, name in enumerate(known):
            if name not in names:
                before = [*known][place - 1] if place else ""
                names.insert(names.index(before) + 1 if before else 0, name)
        return tuple(known[name] for name in names)

    def row_order(self, usual: Iterable[str]) -> list[str]:
        """The rows' ids in the order they stand in; those that are new come last."""
        there, placed = dict.fromkeys(usual), set(self.rows)
        return [*(k for k in self.rows if k in there), *(k for k in there if k not in placed)]

    @property
    def spare(self) -> int:
        """How many rows without an id people have written something of their own in, as far as the last of them."""
        return max((int(k[1:]) for it in (self.values, self.looks, self.notes) for k in it if k.startswith("+")), default=0)

    def hides(self, row_id: str, row: Mapping[str, Value]) -> bool:
        """Whether a row is out of sight: hidden by hand, or by a filter."""
        return row_id in self.hidden_rows or any(not f.shows(row.get(column)) for column, f in self.filters.items() if self._judged(column))

    def _judged(self, column: str) -> bool:
        """A filter compares what is shown; what a number of one's own is shown as, only Excel knows."""
        return self.filters[column].judged and not (is_own(column) and any(not isinstance(r.get(column, ""), str) for r in self.values.values()))


def _own_column(name: str, table: TwoWay) -> Column:
    """Somebody's own column. A heading that the table has itself by now is told apart."""
    heading = name.partition(":")[2]
    taken = {c.header.casefold() for c in table.columns}
    return Column(id=name, header=f"{heading} (own)" if heading.casefold() in taken else heading, width=20)


def pixels(width: float) -> int:
    """A width in characters as Excel shows it."""
    return int(width * 7 + 0.5) + 5


def said(value: Value) -> Said:
    """What stands in a cell of a person's own."""
    return value if isinstance(value, (bool, int, float)) else as_text(value)


def own_look(look: Look) -> dict[str, Any]:
    """What people gave a cell, to be laid over how we write it."""
    given = {"bg_color": look.fill, "font_color": look.ink, "bold": look.bold, "font_strikeout": look.strike, "num_format": look.format}
    return {name: it for name, it in given.items() if it}


class Left(NamedTuple):
    """A table as it was found in a saved tracker: what it says, how it looks, and which row each row number is."""

    book: Book
    sheet: Sheet
    seen: Seen
    places: Mapping[int, str]


def arranged(left: Left, table: TwoWay, usual: Sequence[str], before: Arrangement) -> Arrangement:
    """How people left the table. What belongs to rows that are not in the file is carried over from `before`; `usual` is the order of rows as we would have it."""
    seen, columns = left.seen, {number: name for name, number in left.sheet.places.items()}
    own = tuple(name for name in left.sheet.places if is_own(name))
    found = Arrangement(
        columns=_unusual([columns[n] for n in sorted(columns)], [*(c.id for c in table.columns), *own]),
        own=own,
        widths=_widths(left, table, columns),
        hidden_columns=tuple(columns[n] for n in sorted(seen.hidden_columns) if n in columns),
        filters={columns[n]: f for n, f in seen.filters.items() if n in columns},
        freeze=None if seen.freeze == (left.sheet.heading, 1) else seen.freeze,
        zoom=seen.zoom,
    )
    names = _names(left)
    values = {names[n]: cells for n in names if (cells := _own_values(left, n, own))}
    rows, there = dict.fromkeys(names.values()), set(usual)
    return found.model_copy(update={
        "rows": _unusual([k for k in rows if k in there], usual),
        "values": _carried(before.values, values, rows, own), "looks": _carried(before.looks, _by_name(seen.looks, names, columns), rows),
        "notes": _carried(before.notes, _by_name(seen.notes, {left.sheet.heading: HEADINGS, **names}, columns), (*rows, HEADINGS)),
        "hidden_rows": _hidden(found.model_copy(update={"values": values}), left, names),
    })  # fmt: skip


def _unusual(order: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """An order, unless it is the usual one."""
    there = set(order)
    return () if list(order) == [k for k in usual if k in there] else tuple(order)


def _names(left: Left) -> dict[int, str]:
    """What each row below the headings is called, by its number; those without an id are counted, those far down close up."""
    last = max((len(left.book.sheets[left.sheet.name]), *left.seen.looks, *left.seen.notes), default=0)
    filled = {n for n, row in enumerate(left.book.sheets[left.sheet.name], 1) if any(not is_blank(v) for v in row)} | left.seen.looks.keys() | left.seen.notes.keys()
    known = {row.number: k for k, row in left.sheet.rows.items()} | dict(left.places)
    names, spare = dict[int, str](), 0
    for number in range(left.sheet.heading + 1, last + 1):
        if number in known:
            names[number] = known[number]
        elif spare < SPARE or number in filled:
            spare += 1
            names[number] = f"+{spare}"
    return names


def _own_values(left: Left, number: int, own: Sequence[str]) -> dict[str, Said]:
    places = ((name, left.sheet.places[name]) for name in own)
    found = {name: left.seen.numbers.get(number, {}).get(column, left.book.cell(left.sheet.name, number, column)) for name, column in places}
    return {name: said(value) for name, value in found.items() if not is_blank(value)}


def _widths(left: Left, table: TwoWay, columns: Mapping[int, str]) -> dict[str, int]:
    """Those that are not ours; of people's own columns all."""
    usual = {c.id: pixels(c.width) for c in table.columns}
    shown = ((name, left.seen.widths.get(number, OWN_WIDTH if is_own(name) else usual[name])) for number, name in columns.items())
    return {name: width for name, width in shown if width and (is_own(name) or abs(width - usual[name]) > ALIKE)}


def _by_name(found: Mapping[int, Mapping[int, T]], rows: Mapping[int, str], columns: Mapping[int, str]) -> dict[str, dict[str, T]]:
    named = {rows[r]: {columns[c]: it for c, it in cells.items() if c in columns} for r, cells in found.items() if r in rows}
    return {row: cells for row, cells in named.items() if cells}


def _carried(before: Mapping[str, Mapping[str, T]], now: Mapping[str, Mapping[str, T]], there: Collection[str], only: Collection[str] | None = None) -> dict[str, Mapping[str, T]]:
    """What is there now, and what was there of rows that are gone from the file: a deleted row comes back as it was."""
    gone = {row: {c: it for c, it in cells.items() if only is None or c in only} for row, cells in before.items() if row not in there and not row.startswith("+")}
    return {row: cells for row, cells in (*gone.items(), *now.items()) if cells}


def _hidden(found: Arrangement, left: Left, names: Mapping[int, str]) -> tuple[str, ...]:
    """Rows hidden by hand, or by a filter that we cannot judge. By one that we do not keep, none are: nothing would show that they are there."""
    if left.seen.other_filters:
        return ()
    hidden = ((n, names[n]) for n in sorted(left.seen.hidden_rows) if n in names)
    return tuple(k for n, k in hidden if not k.startswith("+") and not found.hides(k, {name: left.book.cell(left.sheet.name, n, c) for name, c in left.sheet.places.items()}))


def as_at_typed(book: Book) -> date | None:
    """The yellow date, wherever its cell has come to."""
    sheet, _, cell = book.names.get("as_at", "").rpartition("!")
    try:
        return as_date(book.cell(sheet.strip("'").replace("''", "'"), *split_cell(cell)))
    except ValueError:
        return None


def own_told(left: Left, found: Arrangement, before: Arrangement) -> Iterator[Problem]:
    """What became of people's own columns that they should know: formulas stay as what they show, a column that is gone is named."""
    headings = {name: name.partition(":")[2] for name in (*found.own, *before.own)}
    formulas = {column for row, column in map(split_cell, left.book.formulas.get(left.sheet.name, ())) if row > left.sheet.heading}
    for name in found.own:
        if left.sheet.places[name] in formulas:
            yield problem("OWN_FORMULAS", sheet=left.sheet.name, label=headings[name])
    for name in before.own:
        if name not in found.own:
            yield problem("OWN_COLUMN_GONE", sheet=left.sheet.name, label=headings[name], n=sum(name in cells for cells in before.values.values()))


def _letters(column: int) -> str:
    from qaf_sheets.references import cell_name

    return cell_name(1, column)[:-1]


def aside_told(arrangement: Arrangement, table: TwoWay, rows: Collection[str]) -> Iterator[Problem]:
    """What people wrote in their own columns of rows that the table no longer has: kept, and shown again should the row come back."""
    for row, cells in arrangement.values.items():
        if row not in rows and not row.startswith("+"):
            for name, value in cells.items():
                yield problem("OWN_VALUE_ASIDE", sheet=table.sheet, label=name.partition(":")[2], row=row, value=value)
