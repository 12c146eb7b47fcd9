"""What differs between two versions of a return, question by question (specification 10, case 14). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qaf_sheets.model import Answer, Form, Question, Record, Return, Table
from qaf_sheets.problems import count

Row = Mapping[str, Answer]
NAMED = 3
"""How many of the questions are named in a sentence."""
ALIKE = 0.5
"""How much of what two rows say must be the same for them to be one row."""


class Change(Record):
    """One answer that differs. `before` or `after` is None where nothing stood; a row that came or went counts once, under what it is called."""

    field: str
    label: str
    before: Answer | None = None
    after: Answer | None = None


def changes(before: Return, after: Return, form: Form) -> tuple[Change, ...]:
    """Every answer of `form` that differs. A table's rows are matched by what they say, so a row put in between changes nothing of the others."""
    found = [*_answers(form.fields, before.answers, after.answers)]
    for table in form.tables:
        found += _rows(table, before.rows.get(table.id, ()), after.rows.get(table.id, ()))
    return tuple(found)


def in_words(found: Sequence[Change]) -> str:
    """2 answers changed: Strengths, Date of observation."""
    if not found:
        return "no answer changed"
    labels = list(dict.fromkeys(c.label for c in found))
    more = f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
    return f"{count(len(found), 'answer')} changed: {', '.join(labels[:NAMED])}{more}"


def _answers(questions: Sequence[Question], before: Row, after: Row, called: str = "") -> Iterator[Change]:
    for q in questions:
        old, new = before.get(q.id), after.get(q.id)
        if _said(old) != _said(new):
            yield Change(field=q.id, label=f"{called}: {q.name}" if called else q.name, before=old, after=new)


def _rows(table: Table, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    pairs = _paired(table, before, after)
    kept = set(pairs.values())
    for n, row in enumerate(after, 1):
        called, old = f"{table.row} {n}", pairs.get(n - 1)
        if old is None:
            yield Change(field=table.id, label=f"{called}, new", after=_first(table, row))
        else:
            yield from _answers(table.columns, before[old], row, called)
    for n, row in enumerate(before):
        if n not in kept:
            yield Change(field=table.id, label=f"{table.row} {n + 1}, taken out", before=_first(table, row))


def _paired(table: Table, before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """Which row of `after` is which of `before`: the same words first, then the same key, then those most alike, if at least half of what they say is the same."""
    old, new = ([{c.id: said for c in table.columns if (said := _said(row.get(c.id))) is not None} for row in rows] for rows in (before, after))
    pairs: dict[int, int] = {}
    _match(pairs, old, new)
    if table.key:
        _match(pairs, [said.get(table.key) for said in old], [said.get(table.key) for said in new])
    free = [[n for n in range(len(rows)) if n not in taken] for rows, taken in ((old, set(pairs.values())), (new, pairs))]
    alike = ((likeness, abs(o - n), o, n) for o in free[0] for n in free[1] if (likeness := _likeness(old[o], new[n])) >= ALIKE)
    taken: set[int] = set()
    for _, _, o, n in sorted(alike, key=lambda it: (-it[0], *it[1:])):
        if n not in pairs and o not in taken:
            pairs[n] = o
            taken.add(o)
    return pairs


def _match(pairs: dict[int, int], old: Sequence[object], new: Sequence[object]) -> None:
    """Pair those still free that are the same, in their order; None is like nothing."""
    taken, places = set(pairs.values()), dict[str, list[int]]()
    for o, it in enumerate(old):
        if it is not None and o not in taken:
            places.setdefault(repr(it), []).append(o)
    for n, it in enumerate(new):
        if n not in pairs and places.get(repr(it)):
            pairs[n] = places[repr(it)].pop(0)


def _likeness(one: Mapping[str, object], other: Mapping[str, object]) -> float:
    """Which part of the filled cells is the same."""
    return sum(k in other and other[k] == v for k, v in one.items()) / max(len(one.keys() | other.keys()), 1)


def _first(table: Table, row: Row) -> Answer | None:
    """What tells the row from others to a reader: its first answer."""
    return next((a for c in table.columns if (a := row.get(c.id)) and _said(a) is not None), None)


def _said(answer: Answer | None) -> object:
    if answer is None or (answer.value is None and not answer.withheld):
        return None
    return "withheld" if answer.withheld else answer.value
