"""The three-way merge of a table that people edit: per row id and column, against what was last written. Pure (design decision 8).

`base` is what the file held when we last knew, `theirs` what a person saved, `ours` what the register says now. A file says itself what it held when it was
written (`identity`); `taken` is what was read from it since: the cells in which `Merged.base` moved. It moves only in cells whose edit was taken, and
remembers under which reference an added row still stands in the file, so a file read twice before it is written adds and changes
nothing the second time. Nothing anybody typed is lost: it is in `rows`, or in `clashes` (also when it was refused or restored).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal, NamedTuple

from qaf_sheets.dates import as_date
from qaf_sheets.model import Problem, Record, Value
from qaf_sheets.problems import problem
from qaf_sheets.references import cell_name
from qaf_sheets.tracker.layout import Column, Row, TwoWay
from qaf_sheets.tracker.read import Sheet, SheetRow
from qaf_sheets.tracker.values import as_text, is_blank, same

Rows = Mapping[str, Row]
Lists = Mapping[str, tuple[str, ...]]
Why = Literal["both", "refused", "locked", "step"]

ALIKE = 0.6
"""How alike two wordings must be to be the row that was added before; below it, the row counts as another new one."""
COMPARED = 300


class Edit(Record):
    """A change a person made that was taken."""

    row: str
    column: str
    before: Value
    after: Value


class Clash(Record):
    """A cell with two values: `ours` stands in the table, `theirs` is kept beside it.

    Who and when is for the caller to say: `by` saved theirs at `saved_at`, `ours_by` changed ours at `ours_at`, and it was found `at`; '' and None where that is not known.
    """

    row: str
    column: str
    label: str
    why: Why
    before: Value
    theirs: Value
    ours: Value
    by: str = ""
    saved_at: datetime | None = None
    ours_by: str = ""
    ours_at: datetime | None = None
    at: datetime | None = None

    def is_same(self, other: Clash) -> bool:
        """The same two values in the same cell."""
        return (self.row, self.column) == (other.row, other.column) and same(self.theirs, other.theirs) and same(self.ours, other.ours)


class Added(Record):
    """A row a person added, with the id it now has; `cells` hold all that was typed and allowed."""

    row: str
    number: int
    cells: Row


class Merged(Record):
    """What a merge found. `rows` are all rows as they should now stand, the added ones last; `base` is the next base.

    `places` say which row each row number of the sheet is by now.
    """

    rows: Rows
    base: Rows
    edits: tuple[Edit, ...] = ()
    added: tuple[Added, ...] = ()
    clashes: tuple[Clash, ...] = ()
    problems: tuple[Problem, ...] = ()
    places: Mapping[int, str] = {}


def merge(base: Rows, theirs: Sheet, ours: Rows, table: TwoWay, lists: Lists, *, new_id: Callable[[], str], known: Collection[Clash] = ()) -> Merged:
    """Bring a person's sheet and the register's rows together. `new_id` names an added row; `known` clashes are not listed again."""
    if not theirs.columns:
        return Merged(rows=ours, base=base)
    strays = _strays(theirs, base, ours, table) if table.grows else []
    standing = _standing(strays, theirs, base, table)
    added = {new_id(): stray for stray in strays if stray.row.number not in standing}
    seen = {k: row for k, row in theirs.rows.items() if k in ours} | {standing[s.row.number]: s.row for s in strays if s.row.number in standing}
    merged = {k: _row(_Place(k, seen[k], theirs, table, lists), base.get(k, {}), cells) for k, cells in ours.items() if k in seen}
    fresh = {k: _row(_Place(k, stray.row, theirs, table, lists, fresh=True), {}, {table.key.id: k}) for k, stray in added.items()}
    settled = merged | fresh
    return Merged(
        rows={**ours, **{k: {**ours.get(k, {}), **{c: s.value for c, s in row.items()}} for k, row in settled.items()}},
        base=_next_base(base, settled, table),
        edits=tuple(s.edit for row in merged.values() for s in row.values() if s.edit),
        added=tuple(Added(row=k, number=stray.row.number, cells={c: s.value for c, s in fresh[k].items() if s.edit}) for k, stray in added.items()),
        clashes=tuple(c for c in _clashes(settled) if not any(c.is_same(k) for k in known)),
        problems=tuple(chain(_rows_told(base, ours, seen, strays, table), _added_told(added, theirs, table), _unwanted_told(theirs, ours, table), _cells_told(settled))),
        places={row.number: k for k, row in seen.items()} | {stray.row.number: k for k, stray in added.items()},
    )


# ---------------------------------------------------------------- bases


def moved_on(base: Rows, taken: Rows) -> Rows:
    """The base of a file that is read in its place again and again: what it said when it was written, moved by what was taken from it since."""
    return {**base, **{k: {**base.get(k, {}), **cells} for k, cells in taken.items()}}


def moved_for(base: Rows, taken: Rows, others: Rows, theirs: Sheet, table: TwoWay) -> Rows:
    """The base of a copy. `taken` is what was read before from this person's copies of the same writing, `others` rows that anybody else added to theirs.

    This may be another copy than the one read before, as when one person works on two computers: so a cell that still says what was written is nobody's edit,
    whatever was taken since. Of what others added, only the very same row is the same row, once for each time it stands here: one copy sent on by two people.
    """
    written = {k: {c: v for c, v in cells.items() if not _says(theirs, k, c, base[k].get(c))} for k, cells in taken.items() if k in base}
    strays = [s.row.cells for s in _strays(theirs, base, base, table)]
    mine = {k: cells for k, cells in taken.items() if k not in base and any(_likeness(s, cells, table) >= ALIKE for s in strays)}
    again = dict(_the_very_same(strays, {k: cells for k, cells in others.items() if k not in {*base, *mine}}))
    return moved_on(base, {**written, **mine, **again})


def _the_very_same(strays: Sequence[Row], rows: Rows) -> Iterator[tuple[str, Row]]:
    """One of these rows for each stray that says just what it says. A second of them would be left over, and be taken for what another stray was before."""
    left = dict(rows)
    for stray in strays:
        if (k := next((k for k, cells in left.items() if _equal(stray, cells)), None)) is not None:
            yield k, left.pop(k)


def _says(theirs: Sheet, row_id: str, column: str, value: Value) -> bool:
    row = theirs.rows.get(row_id)
    return row is not None and column in row.cells and same(row.cells[column], value)


def moves(base: Rows, now: Rows) -> Rows:
    """The cells in which a base has moved, and the rows that were added to it."""
    moved = {k: {c: v for c, v in row.items() if k not in base or not same(v, base[k].get(c))} for k, row in now.items()}
    return {k: cells for k, cells in moved.items() if cells}


# ---------------------------------------------------------------- rows


class _Stray(NamedTuple):
    """A row that is not simply one of ours: it has no id, an id we never gave, or the id of a row above it."""

    row: SheetRow
    id: str
    code: Literal["ROW_ADDED", "REFERENCE_CHANGED", "REFERENCE_TWICE"]


def _strays(theirs: Sheet, base: Rows, ours: Rows, table: TwoWay) -> list[_Stray]:
    """In sheet order. A second copy of a row that says exactly the same is left out."""
    unknown = [_Stray(row, k, "REFERENCE_CHANGED") for k, row in theirs.rows.items() if k not in ours]
    twice = [_Stray(row, as_text(row.cells[table.key.id]).strip(), "REFERENCE_TWICE") for row in theirs.twice]
    differing = [s for s in twice if not _equal(s.row.cells, theirs.rows[s.id].cells)]
    return sorted([*(_Stray(row, "", "ROW_ADDED") for row in theirs.new), *unknown, *differing], key=lambda s: s.row.number)


def _equal(one: Row, other: Row) -> bool:
    return all(same(one.get(name), other.get(name)) for name in one.keys() | other.keys())


def _standing(strays: Sequence[_Stray], theirs: Sheet, base: Rows, table: TwoWay) -> dict[int, str]:
    """Strays that were added at an earlier reading of this same file: row number → the id they were given then."""
    waiting = sorted(k for k, cells in base.items() if k not in theirs.rows and not same(cells.get(table.key.id, k), k))
    pairs = [
        (-_likeness(s.row.cells, base[k], table), abs(place - turn), s.row.number, k)
        for reference in {s.id for s in strays}
        for place, s in enumerate(s for s in strays if s.id == reference)
        for turn, k in enumerate(k for k in waiting if same(base[k].get(table.key.id), reference))
    ]
    found: dict[int, str] = {}
    for unlikeness, _, number, k in sorted(pairs):
        if -unlikeness >= ALIKE and number not in found and k not in found.values():
            found[number] = k
    return found


def _likeness(row: Row, was: Row, table: TwoWay) -> float:
    """2 for the same row, else how alike the leading texts are, from 0 to 1."""
    if _equal(row, was):
        return 2
    one, other = (as_text(cells.get(table.lead))[:COMPARED] for cells in (row, was))
    return SequenceMatcher(None, one, other).ratio()


def _next_base(base: Rows, settled: Mapping[str, Mapping[str, _Settled]], table: TwoWay) -> Rows:
    moved = {k: {**base.get(k, {}), **{c: s.base for c, s in row.items()}} for k, row in settled.items()}
    return {**base, **moved}


def _rows_told(base: Rows, ours: Rows, seen: Collection[str], strays: Sequence[_Stray], table: TwoWay) -> Iterator[Problem]:
    """Rows that were deleted. One whose words stand under a changed reference is told of there."""
    retyped = {as_text(s.row.cells.get(table.lead)).strip() for s in strays if s.code == "REFERENCE_CHANGED"}
    for k in base:
        if k in ours and k not in seen and as_text(base[k].get(table.lead)).strip() not in retyped:
            yield problem("ROW_RESTORED", sheet=table.sheet, row=k, instead=table.instead)


def _added_told(added: Mapping[str, _Stray], theirs: Sheet, table: TwoWay) -> Iterator[Problem]:
    for k, stray in added.items():
        row = k if stray.code == "ROW_ADDED" else stray.id
        yield problem(stray.code, sheet=theirs.name, cell=cell_name(stray.row.number, theirs.columns[table.key.id]), row=row, number=stray.row.number, noun=table.noun)


def _unwanted_told(theirs: Sheet, ours: Rows, table: TwoWay) -> Iterator[Problem]:
    """Rows in a table where only the service makes rows; what stands in them is repeated, so that it is not lost."""
    rows = () if table.grows else (*theirs.new, *theirs.twice, *(row for k, row in theirs.rows.items() if k not in ours))
    for row in rows:
        said = ", ".join(as_text(v) for v in row.cells.values() if not is_blank(v))
        yield problem("ROW_NOT_KEPT", sheet=theirs.name, cell=cell_name(row.number, theirs.columns[table.key.id]), number=row.number, value=said)


# ---------------------------------------------------------------- cells


class _Settled(NamedTuple):
    """What becomes of one cell: its value now, its next base, and what there is to tell."""

    value: Value
    base: Value
    edit: Edit | None = None
    clash: Clash | None = None
    problem: Problem | None = None


class _Place(NamedTuple):
    """A row being merged. `fresh` rows take what a person may fill in a new row."""

    row_id: str
    row: SheetRow
    sheet: Sheet
    table: TwoWay
    lists: Lists
    fresh: bool = False


def _row(place: _Place, base: Row, ours: Row) -> dict[str, _Settled]:
    """Each column found on the sheet, settled. The id column is never anybody's to change; its base is what stands in the file."""
    key = place.table.key.id
    unwritten = place.fresh or not same(base.get(key, place.row_id), place.row_id)
    read = ((c, place.row.cells[c.id]) for c in place.table.kept if c.id in place.row.cells)
    settled = {c.id: _cell(place, c, unwritten or c.editable, base.get(c.id), value, ours.get(c.id)) for c, value in read if c.id != key}
    return {key: _Settled(place.row_id, place.row.cells.get(key)), **_judged(place, base, ours, settled)}


def _judged(place: _Place, base: Row, ours: Row, settled: dict[str, _Settled]) -> dict[str, _Settled]:
    """The same without the edits that the table does not allow, seen together: what was typed is kept beside."""
    edited = {c for c, s in settled.items() if s.edit}
    if not edited or place.table.judge is None:
        return settled
    told = place.table.judge(ours, {**ours, place.table.key.id: place.row_id, **{c: s.value for c, s in settled.items()}}, place.lists)
    refused = {c: _kept_ours(place, place.table.column(c), "step", base.get(c), settled[c].value, ours.get(c), told[c]) for c in told if c in edited}
    return {**settled, **refused}


def _cell(place: _Place, column: Column, may_change: bool, base: Value, theirs: Value, ours: Value) -> _Settled:  # noqa: FBT001 - one of three plain facts
    if same(theirs, base) or same(theirs, ours):
        return _Settled(ours, theirs)
    if not may_change:
        return _kept_ours(place, column, "locked", base, theirs, ours)
    fits, value = _allowed(theirs, column, place.lists)
    if not fits:
        return _kept_ours(place, column, "refused", base, theirs, ours)
    if same(value, base) or same(value, ours):
        return _Settled(ours, theirs)
    if not same(ours, base):
        return _kept_ours(place, column, "both", base, value, ours)
    return _Settled(value, theirs, edit=Edit(row=place.row_id, column=column.id, before=ours, after=value))


def _allowed(value: Value, column: Column, lists: Lists) -> tuple[bool, Value]:
    """Whether a value may stand in this column, and how it is written there. Names on a list are offered, not required."""
    if is_blank(value):
        return True, None
    if column.kind == "date":
        day = as_date(value)
        return day is not None, day
    if column.kind == "number":
        return isinstance(value, (int, float)), value
    options = lists.get(column.list, ()) if column.kind == "choice" else ()
    wanted = " ".join(as_text(value).casefold().split())
    match = next((o for o in options if o.casefold() == wanted), None)
    return (match is not None, match) if options else (True, value)


CODES: Mapping[Why, str] = {"both": "CLASH", "refused": "EDIT_REFUSED", "locked": "LOCKED_RESTORED", "step": "MOVE_NOT_ALLOWED"}


def _kept_ours(place: _Place, column: Column, why: Why, base: Value, theirs: Value, ours: Value, judged: Problem | None = None) -> _Settled:
    at = {"sheet": place.sheet.name, "cell": cell_name(place.row.number, place.sheet.columns[column.id]), "label": column.header}
    told = (judged or problem(CODES[why], label=column.header, row=place.row_id, value=as_text(theirs))).model_copy(update=at)
    nothing_to_keep = why == "locked" and is_blank(theirs)
    clash = Clash(row=place.row_id, column=column.id, label=column.header, why=why, before=base, theirs=theirs, ours=ours)
    return _Settled(ours, base, clash=None if nothing_to_keep else clash, problem=told)


def _clashes(settled: Mapping[str, Mapping[str, _Settled]]) -> Iterator[Clash]:
    return (s.clash for row in settled.values() for s in row.values() if s.clash)


def _cells_told(settled: Mapping[str, Mapping[str, _Settled]]) -> Iterator[Problem]:
    return (s.problem for row in settled.values() for s in row.values() if s.problem)
