"""What differs between two versions of a return, question by question (specification 10, case 14). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qaf_sheets.model import Answer, Form, Question, Record, Return, Table
from qaf_sheets.problems import count

Row = Mapping[str, Answer]
NAMED = 3
"""How many of the questions are named in a sentence."""


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
    for n, row in enumerate(after, 1):
        called, old = f"{table.row} {n}", pairs.get(n - 1)
        if old is None:
            yield Change(field=table.id, label=f"{called}, new", after=_first(table, row))
        else:
            yield from _answers(table.columns, before[old], row, called)
    for n, row in enumerate(before):
        if n not in pairs.values():
            yield Change(field=table.id, label=f"{table.row} {n + 1}, taken out", before=_first(table, row))


def _paired(table: Table, before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """Which row of `after` is which of `before`: those most alike first, at least half of what they say being the same."""
    alike = sorted(
        ((_likeness(table, old, new), -abs(o - n), o, n) for o, old in enumerate(before) for n, new in enumerate(after)), key=lambda it: (-it[0], -it[1], it[2], it[3]),
    )  # fmt: skip
    pairs: dict[int, int] = {}
    for likeness, _, old, new in alike:
        if likeness >= 0.5 and new not in pairs and old not in pairs.values():
            pairs[new] = old
    return pairs


def _likeness(table: Table, one: Row, other: Row) -> float:
    """2 for the same key, else which part of the filled cells is the same."""
    if table.key and _said(one.get(table.key)) == _said(other.get(table.key)) is not None:
        return 2
    filled = [c.id for c in table.columns if _said(one.get(c.id)) is not None or _said(other.get(c.id)) is not None]
    return sum(_said(one.get(c)) == _said(other.get(c)) for c in filled) / max(len(filled), 1)


def _first(table: Table, row: Row) -> Answer | None:
    """What tells the row from others to a reader: its first answer."""
    return next((a for c in table.columns if (a := row.get(c.id)) and _said(a) is not None), None)


def _said(answer: Answer | None) -> object:
    if answer is None or (answer.value is None and not answer.withheld):
        return None
    return "withheld" if answer.withheld else answer.value
