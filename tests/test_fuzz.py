"""The fuzz target's own harness, on dice that always fall the same way, so that it cannot rot: what must hold of any file stands in `oracles.py`."""

from __future__ import annotations

from random import Random

import oracles
import pytest
from kit import book, filled, form, reading
from mutants import ACTIVITIES, Choices, mutate_archive, saved, seeds

from qaf_sheets.book import read_book

THROWS = 200


@pytest.mark.parametrize("ten", range(THROWS // 10))
def test_whatever_goes_wrong_with_a_returned_form(ten: int) -> None:
    for n in range(ten * 10, ten * 10 + 10):
        dice = Random(n)
        oracles.try_bytes(bytes([n % 4]) + dice.randbytes(dice.randrange(4, 120)))


@pytest.mark.parametrize("name", saved())
def test_a_form_as_it_is_saved_goes_all_the_way(name: str) -> None:
    oracles.archive(saved()[name])


def test_the_mutations_reach_books_as_well_as_refusals() -> None:
    """Were every file refused, or none, most of the harness would never run."""
    read = [isinstance(read_book(mutate_archive(seeds()[n % len(seeds())], Choices(Random(n).randbytes(60))), "form.xlsx"), oracles.Book) for n in range(100)]
    assert 20 < sum(read) < 95


def test_an_answer_that_is_not_in_its_cell_is_noticed() -> None:
    told = reading("OBS", filled("OBS", {"strengths": "We met twice"}))
    with pytest.raises(AssertionError):
        oracles.stands(book(filled("OBS", {"strengths": "We met"})), told)


def test_every_activity_is_tried() -> None:
    assert {s.activity for s in seeds()} == set(ACTIVITIES)
    assert all(form(a).fields for a in ACTIVITIES)
