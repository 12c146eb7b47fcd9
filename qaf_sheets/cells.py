"""The cells of a sheet before calamine reads them: how far they reach, which hold formulas, which rows are hidden.

Calamine sets memory aside for every cell from the first to the last, and a copy of its text for each cell that shows it; some
counts it believes end its process. So both are counted here first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple
from xml.parsers import expat

from qaf_sheets.markup import UnsafeError, walk
from qaf_sheets.references import cell_name, column_number
from qaf_sheets.regular import cells_of, longest_text

MAX_ROW, MAX_COLUMN, MAX_AREA, MAX_CELLS, MAX_TEXT, MAX_STRINGS = 20_000, 256, 2_000_000, 300_000, 20_000_000, 1_000_000
"""The last row and column with a value; cells from A1 to the last, filled cells and characters of a whole workbook; shared texts."""
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
NUMBER = re.compile(r"[0-9]{1,7}")
At = tuple[int, int]
TOO_FAR = "something stands too far down or too far to the right"


class Scan(NamedTuple):
    """What a sheet's part says beside its values: the cells with a formula, those that show an error, and hidden rows."""

    formulas: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()


class Budget:
    """How much a workbook may hold in all. `strings` is the part with its shared texts. Raises UnsafeError, and ExpatError for no XML."""

    def __init__(self, strings: bytes) -> None:
        self.area, self.cells, self.text, self._strings = MAX_AREA, MAX_CELLS, MAX_TEXT, strings
        longest = longest_text(strings) if strings else 0
        self.longest = max(self.lengths, default=0) if longest is None else longest

    @cached_property
    def lengths(self) -> Sequence[int]:
        """How long each shared text is."""
        return text_lengths(self._strings) if self._strings else ()

    def spend(self, *, area: int = 0, cells: int = 0, text: int = 0) -> None:
        """Raises UnsafeError when nothing is left."""
        self.area, self.cells, self.text = self.area - area, self.cells - cells, self.text - text
        if min(self.area, self.cells, self.text) < 0:
            raise UnsafeError("it holds far more than a form")


def text_lengths(xml: bytes) -> list[int]:
    """How long each shared text is. Raises UnsafeError when they say they are more than any workbook has."""
    lengths: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sst" and any(not (n := attributes.get(count, "0")).isdecimal() or len(n) > 7 or int(n) > MAX_STRINGS for count in ("count", "uniqueCount")):
            raise UnsafeError("it says it holds far more than a form")
        if name == "si":
            lengths.append(0)

    def text(said: str) -> None:
        if lengths:
            lengths[-1] += len(said)

    walk(xml, start, text=text, plain=True)
    return lengths


def scan(parts: Mapping[str, bytes], strings: bytes) -> dict[str, Scan]:
    """What the sheets' parts say, by name, beside the part of their shared texts.

    A sheet that is as every program writes it is seen at once, and counted as if each of its texts were the longest; where that would be too much, all are walked through
    and counted as they are. Raises UnsafeError, and ExpatError where cells contradict each other.
    """
    budget = Budget(strings)
    try:
        return {name: _at_once(xml, budget) or walked(xml, budget) for name, xml in parts.items()}
    except UnsafeError:
        exact = Budget(strings)
        return {name: walked(xml, exact) for name, xml in parts.items()}


def _at_once(xml: bytes, budget: Budget) -> Scan | None:
    """A regular sheet; None for any other."""
    found = cells_of(xml)
    last = max(map(column_number, found.columns), default=0) if found else 0
    if found is None or found.last_row > MAX_ROW or last > MAX_COLUMN:
        return None
    budget.spend(area=found.last_row * last, cells=found.cells, text=found.written + found.cells * budget.longest)
    return Scan(found.formulas, found.broken, found.hidden_rows)


def walked(xml: bytes, budget: Budget) -> Scan:
    """What one sheet's part says, by a walk through a part of any kind."""
    found = _Cells(budget)
    walk(xml, found.start, found.end, found.text, plain=True)
    if not found.done:
        raise expat.ExpatError("no sheet of cells")
    budget.spend(area=found.last_row * found.last_column)
    return Scan(frozenset(cell_name(*at) for at in found.formulas), frozenset(cell_name(*at) for at in found.broken), frozenset(found.hidden))


class _Cells:
    """Where the walk has got to. A cell or row without a reference follows the one before it."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.formulas, self.broken, self.seen, self.hidden = set[At](), set[At](), set[At](), set[int]()
        self.last_row = self.last_column = self.row = self.column = 0
        self.kind = self.shared = self.value = ""
        self.inside = self.done = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            if self.done or self.inside:
                raise expat.ExpatError("cells twice")
            self.inside = True
        elif not self.inside:
            return
        elif name == "c":
            self._cell(attributes)
        elif name == "row":
            self._row(attributes)
        elif name == "f":
            self.formulas.add((self.row, self.column))
        elif name in ("v", "is"):
            self._value(name)

    def end(self, name: str) -> None:
        if name == self.value:
            self.value = ""
            if self.kind == "s":
                self.budget.spend(text=self._length())
        elif name == "sheetData":
            self.inside, self.done = False, True

    def text(self, said: str) -> None:
        if self.value and self.kind == "s":
            self.shared += said
        elif self.value:
            self.budget.spend(text=len(said))

    def _length(self) -> int:
        """How long the shared text is that the cell shows."""
        number = int(self.shared) if NUMBER.fullmatch(self.shared) else MAX_STRINGS
        return self.budget.lengths[number] if number < len(self.budget.lengths) else 0

    def _row(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        if said is not None and not NUMBER.fullmatch(said):
            raise expat.ExpatError("no row")
        self.row = int(said) if said is not None else self.row + 1
        self.column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        if said is None:
            self.column += 1
        else:
            at = REFERENCE.fullmatch(said)
            if not at or int(at[2]) != self.row:
                raise expat.ExpatError("a cell is not in its row")
            self.column = column_number(at[1].upper())
        self.kind = attributes.get("t", "")
        if self.kind == "e":
            self.broken.add((self.row, self.column))

    def _value(self, name: str) -> None:
        at = (self.row, self.column)
        if at in self.seen or self.row < 1:
            raise expat.ExpatError("a cell stands twice")
        if self.row > MAX_ROW or self.column > MAX_COLUMN:
            raise UnsafeError(TOO_FAR)
        self.seen.add(at)
        self.budget.spend(cells=1)
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        self.value, self.shared = name, ""
