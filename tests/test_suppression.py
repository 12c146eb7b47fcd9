"""Small numbers in papers for the outside: an attacker who knows the rule, every paper and the quarter before works out none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

import graded
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.figures import figures
from qaf_sheets.outputs.figures.published import Row, rows, suppress

SMALL = 5
Shown = tuple[tuple[int | None, ...], int | None]


def sums(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to split a total."""
    if parts == 1:
        yield (total,)
        return
    for n in range(total + 1):
        yield from ((n, *rest) for rest in sums(total - n, parts - 1))


@cache
def could_be(published: Shown, small: int = SMALL) -> list[tuple[int, ...]]:
    """Every set of numbers that would have been published just so: the attacker knows our rule and runs it."""
    numbers, total = published
    totals = [total] if total is not None else range(1, small + 1)
    fits = (n for t in totals for n in sums(t, len(numbers)) if all(shown is None or shown == x for shown, x in zip(numbers, n, strict=True)))
    return [n for n in fits if suppress(n, small) == published]


def worked_out(published: Shown, small: int = SMALL) -> list[int]:
    """The places of hidden numbers for which only one value is left."""
    possible = could_be(published, small)
    return [i for i, shown in enumerate(published[0]) if shown is None and len({n[i] for n in possible}) < 2]


counts = st.lists(st.one_of(st.integers(0, 7), st.integers(0, 22)), min_size=2, max_size=3)


@settings(max_examples=400, deadline=None)
@example([18, 1, 1])
@example([1, 1, 0])
@example([1, 18, 1])
@example([5, 6, 5])
@example([5, 5, 6])
@example([6, 0, 1])
@example([1, 1])
@example([0, 1, 6])
@given(counts)
def test_no_hidden_number_can_be_worked_out(numbers: list[int]) -> None:
    published = suppress(numbers, SMALL)
    assert tuple(numbers) in could_be(published) or sum(numbers) == 0
    assert worked_out(published) == []


@pytest.mark.parametrize("numbers", [(1, 1, 6), (2, 6, 6), (5, 6, 7), (0, 3, 0), (0, 0, 4), (17, 3, 0), (12, 0, 2), (6, 1, 0), (1, 6, 0), (9, 9, 2), (1, 1, 1), (20, 5), (1, 19), (5, 1), (3, 3)])
def test_the_awkward_ones_one_by_one(numbers: Sequence[int]) -> None:
    assert worked_out(suppress(numbers, SMALL)) == []


@pytest.mark.parametrize("small", [4, 5, 6])
def test_not_one_of_all_the_small_ones_can_be_worked_out(small: int) -> None:
    assert [n for k in (1, 2, 3) for n in product(range(11), repeat=k) if worked_out(suppress(n, small), small)] == []


@given(counts)
def test_every_small_number_is_hidden_no_nought_is_and_what_need_not_be_hidden_is_shown(numbers: list[int]) -> None:
    shown, total = suppress(numbers, SMALL)
    for n, published in zip(numbers, shown, strict=True):
        assert published in (None, n)
        if 0 < n <= SMALL:
            assert published is None
        if n == 0:
            assert published == 0
    assert (total is None) == (0 < sum(numbers) <= SMALL)
    if not any(0 < n <= SMALL for n in numbers):
        assert shown == tuple(numbers)


def test_the_headline_stays_where_anything_else_can_go() -> None:
    assert suppress([9, 9, 2], SMALL) == ((9, None, None), 20)
    assert suppress([30, 7, 3], SMALL) == ((30, None, None), 40)


def row(*numbers: int) -> Row:
    shown, total = suppress(numbers, SMALL)
    return Row(id="x", name="Reviews", unit="children", parts=tuple((f"part {n}", value) for n, value in enumerate(shown)), total=total)


@pytest.mark.parametrize(("numbers", "words"), [((9, 9, 2), "9 of 20 (45%)"), ((3, 17), "c of 20"), ((2, 1), "c"), ((8, 0), "8 of 8"), ((0, 12), "0 of 12 (0%)"), ((6, 1), "c of 7")])
def test_no_percentage_under_ten_or_of_a_hidden_number(numbers: tuple[int, ...], words: str) -> None:
    assert row(*numbers).first == words


def test_no_two_rows_of_a_quarter_count_the_same_parts() -> None:
    """Every row is suppressed for itself: that is safe only while none is a part, a sum or a difference of others."""
    seen = graded.snapshot()
    found = rows(seen, figures(seen))
    assert len({r.id for r in found}) == len(found)
    assert [r.id for r in found] == ["returns", "grades CCR", "moderation CCR", "heard", "again", "dip", "dip children", "concerns"]
    assert {r.id: r.first for r in found}["grades CCR"] == "c", "four reviews are too few to say anything of"


def test_the_same_quarter_says_the_same_wherever_it_is_asked() -> None:
    seen: Snapshot = graded.snapshot()
    assert rows(seen, figures(seen)) == rows(seen, figures(seen))
