"""Which of the managers' own words are quoted: fairly over services and activities, the same ones every time, and none that names anybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from qaf_sheets.model import Answer, Snapshot, Version
from qaf_sheets.outputs.documents.words import CHILD_ID, Quote, excerpt, names_staff, references
from qaf_sheets.outputs.figures.said import NAMING
from qaf_sheets.problems import count
from qaf_sheets.rules import Piece

LIST = re.compile(r"^\s*[-•*]\s", re.MULTILINE)
"""Written as a list: on one line it reads badly, so it is quoted last."""
SHORTEST = 25
"""Fewer characters than this say too little to quote."""


class Source(NamedTuple):
    """A return that may be quoted, and the service area and team it speaks of; of one with a sheet for each child, one such `piece`."""

    version: Version
    area: str
    team: str
    piece: Piece | None = None

    @property
    def ref(self) -> str:
        """R-000012, or R-000012/2 for the second child's sheet."""
        return f"{self.version.issue.return_id}{self.piece.key if self.piece else ''}"

    def answer(self, field: str) -> Answer | None:
        """One of its answers."""
        return (self.piece.answers if self.piece else self.version.content.answers).get(field)


class Words(NamedTuple):
    """Some of one return's own words."""

    source: Source
    field: str
    text: str
    in_list: bool = False

    @property
    def ref(self) -> str:
        """The reference of the return, or of its piece of work."""
        return self.source.ref

    @property
    def activity(self) -> str:
        """The return's activity code."""
        return self.source.version.issue.activity


class Quoter:
    """Chooses quotes for one document; a return already quoted under another heading comes after the others."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._times: Counter[str] = Counter()
        self._texts: set[str] = set()

    def quoted(self, sources: Iterable[Source], fields: Mapping[str, str], limit: int, as_: str = "") -> dict[str, Any]:
        """Up to `limit` quotes and the line that says where they come from. `fields` is the question to quote of each activity."""
        said = [w for s in sources if (code := s.version.issue.activity) in fields and (w := _words(s, fields[code]))]
        chosen = list(islice(self._evenly(w for w in said if may_be_quoted(self.snapshot, w)), limit))
        return {
            "quotes": [Quote(excerpt(w.text), f"{self._activity(w)}{as_}", w.source.team or w.source.area or "all services", w.ref) for w in chosen],
            "quotes_source": f"Quoted: {len(chosen)} of {count(len(said), 'answer')}, one service after another. Answers that name a person are left out. All: {references(dict.fromkeys(w.source.version.issue.return_id for w in said))}.",
        }  # fmt: skip

    def _evenly(self, words: Iterable[Words]) -> Iterator[Words]:
        """One from each service area in turn, of the activity that has been quoted least; no words and no return twice."""
        areas: dict[str, list[Words]] = {}
        for one in sorted(words, key=lambda w: (w.source.area, w.ref)):
            areas.setdefault(one.source.area, []).append(one)
        activities: Counter[str] = Counter()
        while any(areas.values()):
            for group in filter(None, areas.values()):
                best = min(group, key=lambda w: (activities[w.activity], w.in_list, self._times[w.ref], w.activity, w.ref))
                group.remove(best)
                if best.text not in self._texts:
                    self._texts.add(best.text)
                    self._times[best.ref] += 1
                    activities[best.activity] += 1
                    yield best

    def _activity(self, words: Words) -> str:
        form = self.snapshot.forms.get(words.activity)
        return form.title if form else words.activity


def may_be_quoted(snapshot: Snapshot, words: Words) -> bool:
    """Whether the words hold no child's reference, no name of staff, and nothing that the checks took for a name (specification 7.3)."""
    remarked = any(p.code in NAMING and p.field == words.field for p in words.source.version.problems)
    return not (remarked or CHILD_ID.search(words.text) or names_staff(snapshot.plan, words.text) or _names(snapshot, words.source.version) & _single_words(words.text))


def _names(snapshot: Snapshot, version: Version) -> set[str]:
    """Every single name of staff, and of the people that the return itself names."""
    form = snapshot.forms.get(version.issue.activity)
    asked = {f.id for f in (*form.fields, *(c for t in form.tables for c in t.columns)) if f.kind == "person"} if form else set()
    answers = (version.content.answers, *(row for rows in version.content.rows.values() for row in rows))
    typed = (a.text.partition("(")[0] for row in answers for field, a in row.items() if field in asked)
    return {part for name in (*(p.name for p in snapshot.plan.people), *typed) for part in name.split() if len(part) > 1}


def _single_words(text: str) -> set[str]:
    """As they are written, without a closing 's."""
    return set(re.findall(r"[^\W\d_][\w'’-]*\w", re.sub(r"['’]s\b", "", text)))


def _words(source: Source, field: str) -> Words | None:
    answer = source.answer(field)
    written = "" if answer is None or answer.withheld else answer.text
    text = " ".join(written.split())
    return Words(source, field, text, in_list=LIST.search(written) is not None) if len(text) >= SHORTEST else None
