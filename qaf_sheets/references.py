"""How cells are called: C9 is row 9, column 3."""

from __future__ import annotations

import re
from functools import lru_cache

REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@lru_cache(10_000)  # the same few cells of our forms, again and again
def split_cell(cell: str) -> tuple[int, int]:
    """Row and column of one cell: C9 → (9, 3). Raises ValueError for anything that is not one cell."""
    found = REFERENCE.fullmatch(cell)
    if not found:
        raise ValueError(cell)
    return int(found[2]), column_number(found[1])


def row_of(cell: str) -> int:
    """The row of a cell that may be none at all: C9 → 9, '' → 0."""
    return int("".join(c for c in cell if c.isdigit()) or 0)


def cell_name(row: int, column: int) -> str:
    """(9, 3) → "C9"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - 64
    return n
