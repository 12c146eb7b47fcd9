"""Numbers for people outside the department: small ones are hidden, so that nobody can be picked out or worked out (specification 7.3).

Every paper of a quarter shows the very same rows, so two papers together tell no more than one. No two rows have a cell in common, there are no totals over
rows, and nothing is given by team or service area.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qaf_sheets.model import Plan, Record, Snapshot
from qaf_sheets.outputs.figures import Figures
from qaf_sheets.outputs.figures.shares import SMALL, GradeCounts, Share

HIDDEN = "c"
"""What stands for a number that is not shown."""
SMALL_NUMBER, LEAST = "small_number", 4
"""The setting: numbers from 1 to this are hidden. With fewer than the least, three hidden parts of a small total would be told by it."""


class Row(Record):
    """One published row: what is counted (`unit`), its parts with their counts, None where hidden, and their total. The first part is the one people ask for."""

    id: str
    name: str
    unit: str
    parts: tuple[tuple[str, int | None], ...]
    total: int | None

    @property
    def first(self) -> str:
        """The first part of the total: 9 of 20 (45%), c of 20, or c where the total is small too; a number alone where it has no other part."""
        return self.first_of("")

    def first_of(self, unit: str) -> str:
        """The same with what is counted: 9 of 20 reviews (45%)."""
        n, what = self.parts[0][1], f" {unit}" if unit else ""
        if self.total is None or len(self.parts) == 1:
            return f"{shown(n)}{what}"
        percent = f" ({Share(n=n, of=self.total).percent}%)" if n is not None and self.total >= SMALL else ""
        return f"{shown(n)} of {shown(self.total)}{what}{percent}"

    @property
    def tells(self) -> bool:
        """Whether the first part is shown."""
        return self.parts[0][1] is not None


def shown(n: int | None) -> str:
    """A number as it stands in a paper."""
    return HIDDEN if n is None else f"{n:,}"


def suppress(counts: Sequence[int], small: int) -> tuple[tuple[int | None, ...], int | None]:
    """The counts and their total, each None where it is hidden; up to three parts.

    A number from 1 to `small` hides every part but the first (and noughts), since with the total one hidden part would be told by the others, and a choice
    by size would tell something too. The first is hidden as well where it is small itself, or where what is left could be put together in one way only. A
    total that is small is hidden with everything.
    """
    total, rest = sum(counts), [n for n in counts[1:] if n]
    if not any(0 < n <= small for n in (*counts, total)):
        return tuple(counts), total
    keeps_first = counts[0] > small and len(rest) > 1 and sum(rest) > len(rest)
    return tuple(n if n == 0 or (i == 0 and keeps_first) else None for i, n in enumerate(counts)), total if total > small else None


def smallest(plan: Plan) -> int:
    """Numbers from 1 to this are hidden."""
    return max(LEAST, int(plan.setting(SMALL_NUMBER)))


def rows(snapshot: Snapshot, figures: Figures) -> tuple[Row, ...]:
    """Everything that may be told of a quarter outside the department."""
    small = smallest(snapshot.plan)
    return tuple(_row(*found, small) for found in _counted(snapshot, figures) if sum(n for _, n in found[3]))


def grade_row(activity: str, name: str, counts: GradeCounts, small: int) -> Row:
    """Final grades in three groups."""
    return _row(f"grades {activity}", name, "children", _grades(counts), small)


def share_row(name: str, unit: str, first: str, share: Share, small: int) -> Row:
    """A share and what is left of it, as a row of its own."""
    return _row(name, name, unit, ((first, share.n), ("Other", share.of - share.n)), small)


Counted = tuple[str, str, str, Sequence[tuple[str, int]]]


def _row(id: str, name: str, unit: str, parts: Sequence[tuple[str, int]], small: int) -> Row:  # noqa: A002 - a row's own name
    numbers, total = suppress([n for _, n in parts], small)
    return Row(id=id, name=name, unit=unit, parts=tuple((part, n) for (part, _), n in zip(parts, numbers, strict=True)), total=total)


def _counted(snapshot: Snapshot, figures: Figures) -> Iterator[Counted]:
    total = figures.total
    yield "returns", "Returns that are in", "returns", (("In", total.returned), ("Not in", total.expected - total.returned))
    for code, counts in figures.grades.final.items():
        yield f"grades {code}", snapshot.plural(code), "children", _grades(counts)
    for code, m in figures.moderation_by.items():
        yield f"moderation {code}", f"{snapshot.plural(code)}: grades unchanged by moderation", "reviews", (("Unchanged", m.agreed.n), ("Changed", m.agreed.of - m.agreed.n))
    heard, again = figures.family.heard, figures.rechecks
    yield "heard", "Families whose views were heard before the conversation", "reviews", (("Heard", heard.n), ("Not heard", heard.of - heard.n))
    yield "again", "Children looked at again: a better grade than last time", "children", (("Better", again.improved), ("The same", again.same), ("Lower", again.lower))
    every = figures.dip.all_answers
    yield "dip", "Dip sample: questions answered Yes", "answers", (("Yes", every.yes), ("Partly", every.partly), ("No", every.no))
    yield "dip children", "Children’s records in the dip sample", "children", (("Looked at", figures.dip.children),)
    yield "concerns", "Immediate concerns for a child’s safety", "concerns", (("Flagged and followed up", len(figures.concerns)),)
    late = figures.actions.overdue
    yield "actions", "Actions finished", "actions", (("Finished", figures.actions.done), ("Open, in time", figures.actions.open - late), ("Open, past their date", late))


def _grades(counts: GradeCounts) -> tuple[tuple[str, int], ...]:
    return ("Good or better", counts.good_or_better.n), ("Requires improvement", counts.ri), ("Inadequate", counts.inadequate)
