"""Whatever two people write into two copies, and the service meanwhile: no edit is lost, and where cells differ the order of arrival does not matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from kit import book
from test_copies import resaved
from tracker_sample import AS_AT, LISTS, counting, read, saved

from qaf_sheets.tracker.identity import Written, base_of, seal, written_in
from qaf_sheets.tracker.layout import ACTIONS
from qaf_sheets.tracker.merge import Clash, merge, moved_for, moved_on, moves
from qaf_sheets.tracker.read import Sheet
from qaf_sheets.tracker.values import same
from qaf_sheets.tracker.write import write_tracker

COLUMNS = ("action_text", "owner", "status", "revised_due_on", "progress_note")
FREE = COLUMNS[1:]
IDS = ("ACT-1", "ACT-2", "ACT-3")
values = {
    "action_text": st.sampled_from(("Visit", "Plan", "Ring the school")), "owner": st.sampled_from((None, "A", "B", "C")), "status": st.sampled_from((None, "Open", "Done")),
    "revised_due_on": st.sampled_from((None, date(2027, 1, 1), date(2027, 1, 2))), "progress_note": st.sampled_from((None, "one", "two\nlines", "three")),
}  # fmt: skip
rough = values | {"status": st.sampled_from((None, "Open", "done ", "Nearly")), "revised_due_on": st.sampled_from((None, "02/01/2027", "soon"))}
Cells = Mapping[str, Any]


def meant(value: Any) -> Any:
    """What a person means by what they typed."""
    return {"done ": "Done", "02/01/2027": date(2027, 1, 2)}.get(value, value)


class Copied(NamedTuple):
    """One person's copy as they saved it: what they changed, the order of the rows left, and the rows they added."""

    who: str
    edits: Mapping[tuple[str, str], Any]
    order: tuple[str, ...]
    added: tuple[Cells, ...]

    def sheet(self, base: Mapping[str, Cells]) -> Sheet:
        rows = [(i, {**base[i], **{c: v for (row, c), v in self.edits.items() if row == i}}) for i in self.order]
        return saved(*rows, *((None, cells) for cells in self.added))


class Service(NamedTuple):
    """What a return or a decision changes; where a person's word stands, theirs is kept (as `actions.take_actions` does)."""

    edits: Mapping[tuple[str, str], Any]


class Council:
    """The register's side of `tracking`, for one table and one writing: rows only."""

    def __init__(self, base: Mapping[str, Cells]) -> None:
        self.base, self.ours = base, dict(base)
        self.taken: dict[str, Any] = {}
        self.clashes: list[Clash] = []
        self.new_id = counting("NEW")

    def meet(self, came: Copied | Service) -> None:
        if isinstance(came, Service):
            for (row, column), value in came.edits.items():
                if same(self.ours[row].get(column), self.base[row].get(column)):
                    self.ours[row] = {**self.ours[row], column: value}
        else:
            self.receive(came.who, came.sheet(self.base))

    def receive(self, who: str, sheet: Sheet) -> None:
        others = {k: cells for name, rows in self.taken.items() if name != who for k, cells in rows.items()}
        base = moved_for(self.base, self.taken.get(who, {}), others, sheet, ACTIONS)
        merged = merge(base, sheet, self.ours, ACTIONS, LISTS, new_id=self.new_id, known=self.clashes)
        self.ours = dict(merged.rows)
        self.taken[who] = moved_on(self.taken.get(who, {}), moves(self.base, merged.base))
        self.clashes += merged.clashes

    def stands(self, value: Any, row: str | None = None, column: str = "") -> bool:
        """Whether a typed value is somewhere: in its cell or on Conflicts; of an added row, in any."""
        cells = [(r, c, v) for r, cells in self.ours.items() for c, v in cells.items()] + [(c.row, c.column, v) for c in self.clashes for v in (c.theirs, c.ours)]
        return any(same(meant(value), meant(v)) for r, c, v in cells if row in (None, r) and c == column)

    def content(self) -> list[tuple[Any, ...]]:
        """All rows, an added one without its reference."""
        known = sorted((k, str(self.row(cells))) for k, cells in self.ours.items() if k in IDS)
        return [*known, *sorted(("", str(self.row(cells))) for k, cells in self.ours.items() if k not in IDS)]

    def row(self, cells: Cells) -> list[Any]:
        return [cells.get(c) for c in COLUMNS]


def edited(of: Mapping[str, Any], among: Sequence[tuple[str, str]]) -> st.SearchStrategy[dict[tuple[str, str], Any]]:
    return st.fixed_dictionaries({}, optional={cell: of[cell[1]] for cell in among})


@st.composite
def copied(draw: Callable[..., Any], who: str, of: Mapping[str, Any], among: Sequence[tuple[str, str]]) -> Copied:
    edits = draw(edited(of, among))
    left = [i for i in draw(st.permutations(IDS)) if draw(st.booleans()) or any(row == i for row, _ in edits)]
    return Copied(who, edits, tuple(left), tuple(draw(st.lists(st.fixed_dictionaries(of), max_size=2))))


bases = st.fixed_dictionaries({i: st.fixed_dictionaries(values) for i in IDS})
everywhere = [(i, c) for i in IDS for c in COLUMNS]


@settings(max_examples=250, deadline=None)
@given(bases, copied("Avery", rough, everywhere), copied("Blair", rough, everywhere), edited(values, everywhere), st.permutations(range(3)))
def test_no_edit_is_lost_in_any_order(base: Any, one: Copied, two: Copied, service: Any, order: list[int]) -> None:
    at, came = Council(base), (one, two, Service(service))
    for n in order:
        at.meet(came[n])
    for person in (one, two):
        for (row, column), value in person.edits.items():
            nothing = value is None and column == "action_text"
            assert nothing or same(meant(value), base[row][column]) or at.stands(value, row, column), (person.who, row, column, value)
        for cells in person.added:
            assert all(value is None or at.stands(value, column=column) for column, value in cells.items())
    for (row, column), value in service.items():
        first = order.index(2) == 0
        assert not first or same(value, base[row][column]) or at.stands(value, row, column)


@st.composite
def apart(draw: Callable[..., Any]) -> tuple[Any, ...]:
    """Two people and the service, each in cells of their own."""
    cells = draw(st.permutations([(i, c) for i in IDS for c in FREE]))
    return draw(bases), draw(copied("Avery", values, cells[:5])), draw(copied("Blair", values, cells[5:9])), Service(draw(edited(values, cells[9:])))


def test_a_row_that_one_person_added_twice_is_not_taken_for_another_persons_row_that_is_like_it() -> None:
    base = {i: dict.fromkeys(COLUMNS) | {"action_text": "Visit"} for i in IDS}
    bare: Cells = dict.fromkeys(COLUMNS) | {"action_text": "Plan"}
    dated: Cells = {**bare, "revised_due_on": date(2027, 1, 1)}
    came = (Copied("Avery", {}, (), (bare, dated)), Copied("Blair", {}, (), (dated, dated)))
    for order in permutations(came):
        at = Council(base)
        for one in order:
            at.meet(one)
        assert sorted(at.content()[len(IDS) :]) == sorted(("", str(at.row(cells))) for cells in (bare, dated, dated))


@settings(max_examples=150, deadline=None)
@given(apart())
def test_in_different_cells_the_order_of_arrival_does_not_matter(given_: tuple[Any, ...]) -> None:
    base, *came = given_
    ends = []
    for order in permutations(came):
        at = Council(base)
        for one in order:
            at.meet(one)
        assert at.clashes == []
        ends.append(at.content())
    assert all(end == ends[0] for end in ends)
    for person in came[:2]:
        assert all(same(dict(ends[0])[row] and at.ours[row][column], value) for (row, column), value in person.edits.items())


@settings(max_examples=150, deadline=None)
@given(bases, copied("Avery", values, everywhere[1:5]), copied("Blair", values, everywhere[6:10]), st.integers(0, 1))
def test_a_copy_that_comes_again_brings_nothing_twice(base: Any, one: Copied, two: Copied, again: int) -> None:
    at = Council(base)
    at.meet(one)
    at.meet(two)
    before, clashes = at.content(), list(at.clashes)
    at.meet((one, two)[again])
    assert (at.content(), at.clashes) == (before, clashes)


# ---------------------------------------------------------------- the same with workbooks


KEY = b"a key"


def write(rows: Mapping[str, Cells]) -> bytes:
    base = {ACTIONS.id: base_of(ACTIONS, rows)}
    sealed = seal(Written(kind="tracker", workspace="w", on=AS_AT.date(), base=base), KEY)
    return write_tracker({ACTIONS.id: rows}, (), (), lists=LISTS, council="Marlbrook Borough Council", marking="OFFICIAL", as_at=AS_AT, sealed=sealed)


def typed(data: bytes, copy: Copied, base: Mapping[str, Cells]) -> bytes:
    """The person's rows typed over those of a written workbook, in their order."""
    heads = {c.header: n for n, c in enumerate(ACTIONS.columns, 1)}
    rows = [*({**base[i], **{c: v for (row, c), v in copy.edits.items() if row == i}, "action_id": i} for i in copy.order), *copy.added]

    def change(it: Any) -> None:
        sheet = it["Actions"]
        for at in range(5, 5 + len(IDS) + len(copy.added)):
            row = rows[at - 5] if at - 5 < len(rows) else {}
            for c in ACTIONS.kept:
                sheet.cell(at, heads[c.header]).value = row.get(c.id)

    return resaved(data, change, copy.who)


@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # each takes a second: nothing is made smaller
@given(apart())
def test_written_saved_and_read_again_it_comes_to_the_same(given_: tuple[Any, ...]) -> None:
    base, one, two, service = given_
    data = write(base)
    ends = []
    for order in ((one, two, service), (service, two, one)):
        at, rows_only = Council(base), Council(base)
        for came in order:
            rows_only.meet(came)
            if isinstance(came, Service):
                at.meet(came)
                continue
            file = typed(data, came, base)
            found = written_in(book(file), KEY)
            assert found is not None
            assert {k: at.row(v) for k, v in found.base[ACTIONS.id].items()} == {k: at.row(v) for k, v in base.items()}
            at.base = found.base[ACTIONS.id]
            at.receive(book(file).saved_by, read(file)[0])
        ends += [at.content(), rows_only.content()]
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize("changed", [None, "kind", "on", "base 0000", "signature"])
def test_an_identity_is_sound_only_as_it_was_written(changed: str | None) -> None:
    def change(it: Any) -> None:
        for row in it["_qaf"].iter_rows():
            if row[0].value == changed:
                row[1].value = {"kind": "pack", "on": "2026-01-01"}.get(changed, row[1].value[:-1] + "x")

    found = written_in(book(resaved(write({"ACT-1": {"action_text": "Visit"}}), change)), KEY)
    assert (found is None) == (changed is not None)
    assert written_in(book(write({})), b"another key") is None


def test_the_same_rows_on_the_same_day_are_the_same_writing_whatever_they_hold() -> None:
    rows = {"ACT-1": {"action_text": "Visit \u2028 “them”\n_x000D_ =1+1 " * 900, "due_on": date(2027, 1, 1)}, "ACT-2": {"action_text": "y" * 32_767}}
    one, two = (written_in(book(write(rows)), KEY) for _ in range(2))
    assert one is not None
    assert one == two
    assert one.base[ACTIONS.id]["ACT-1"]["action_text"] == rows["ACT-1"]["action_text"]
    assert datetime.combine(one.on, datetime.min.time()).date() == AS_AT.date()
