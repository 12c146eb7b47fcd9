"""Which of the managers' own words are quoted: fairly over services and activities, the same ones every time, and none that names anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple, TypeVar

from qaf_sheets.model import Plan, Snapshot, Version
from qaf_sheets.outputs.documents.words import Quote, excerpt, names_staff, references
from qaf_sheets.problems import count

T = TypeVar("T")
CHILD_ID = re.compile(r"(?<![\w-])\d{6,10}(?!\w)")
NAMING = ("NAME_IN_TEXT", "CHILD_NAMED")
"""Remarks of the checks that words may name somebody."""
SHORTEST = 25
"""Fewer characters than this say too little to quote."""


class Source(NamedTuple):
    """A return that may be quoted, and the service area and team it speaks of."""

    version: Version
    area: str
    team: str


class Words(NamedTuple):
    """Some of one return's own words."""

    source: Source
    field: str
    text: str


def quoted(snapshot: Snapshot, sources: Iterable[Source], fields: Mapping[str, str], limit: int) -> dict[str, object]:
    """Up to `limit` quotes and the line that says where they come from. `fields` is the question to quote of each activity."""
    said = [Words(s, fields[code], text) for s in sources if (code := s.version.issue.activity) in fields and (text := _own(s.version, fields[code]))]
    plan = snapshot.plan
    fit = [w for w in said if may_be_quoted(plan, w)]
    chosen = _unlike(_evenly(fit))[:limit]
    return {
        "quotes": [Quote(excerpt(w.text), _activity(snapshot, w.source), w.source.team or w.source.area or "all services", w.source.version.issue.return_id) for w in chosen],
        "quotes_source": f"Quoted: {len(chosen)} of {count(len(said), 'answer')}, one service after another. Answers that name a person are left out. All: {references(w.source.version.issue.return_id for w in said)}.",
    }  # fmt: skip


def may_be_quoted(plan: Plan, words: Words) -> bool:
    """Whether the words hold no child's reference, no name of staff, and nothing that the checks took for a name (specification 7.3)."""
    remarked = any(p.code in NAMING and p.field == words.field for p in words.source.version.problems)
    return not (remarked or CHILD_ID.search(words.text) or names_staff(plan, words.text) or _one_name(plan, words.text))


def _one_name(plan: Plan, text: str) -> bool:
    """Whether one name of a member of staff stands in it alone, written as a name is."""
    names = {part for p in plan.people for part in re.split(r"\s+", p.name) if len(part) > 1}
    return bool(names & set(re.findall(r"[^\W\d_][\w'’-]*\w", re.sub(r"['’]s\b", "", text))))


def _own(version: Version, field: str) -> str:
    answer = version.content.answers.get(field)
    text = "" if answer is None or answer.withheld else " ".join(answer.text.split())
    return text if len(text) >= SHORTEST else ""


def _activity(snapshot: Snapshot, source: Source) -> str:
    form = snapshot.forms.get(source.version.issue.activity)
    return form.title if form else source.version.issue.activity


def _evenly(words: Sequence[Words]) -> Iterator[Words]:
    """One from each service area in turn, and within an area from each activity in turn."""
    by_area = _grouped(words, lambda w: w.source.area)
    return in_turn(list(in_turn(_grouped(group, lambda w: w.source.version.issue.activity))) for group in by_area)


def _grouped(words: Iterable[Words], key: Callable[[Words], str]) -> list[list[Words]]:
    groups: dict[str, list[Words]] = {}
    for one in words:
        groups.setdefault(key(one), []).append(one)
    return [sorted(group, key=lambda w: w.source.version.issue.return_id) for _, group in sorted(groups.items())]


def _unlike(words: Iterable[Words]) -> list[Words]:
    """Each text once, and each return once."""
    texts, returns, kept = set(), set(), []
    for one in words:
        if one.text not in texts and one.source.version.issue.return_id not in returns:
            kept.append(one)
        texts.add(one.text)
        returns.add(one.source.version.issue.return_id)
    return kept


def in_turn(groups: Iterable[Sequence[T]]) -> Iterator[T]:
    """The first of each group, then the second of each, until none is left."""
    rounds = zip_longest(*groups)
    return (one for one in chain.from_iterable(rounds) if one is not None)
