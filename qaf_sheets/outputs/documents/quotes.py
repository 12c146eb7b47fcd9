"""Which of people's own words are quoted: those that speak of a confirmed theme first, the same ones every time, and none that names anybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from qaf_sheets.model import Answer, Snapshot, Version
from qaf_sheets.outputs.documents.dlt_ledger import Ledger, Quoted
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import CHILD_ID, Quote, excerpt, names_staff
from qaf_sheets.outputs.figures.said import NAMING
from qaf_sheets.rules import Piece

LIST = re.compile(r"^\s*[-•*]\s", re.MULTILINE)
"""Written as a list: on one line it reads badly, so it is quoted last."""
SHOWN = 230
"""Characters of a quote at most, to the end of a sentence where there is one."""
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


class Wanted(NamedTuple):
    """What a heading quotes: the question to quote of each activity, how many at most, whether strong work comes first, and what is added to the activity's name.

    With `spread`, one activity after another is quoted before grades count.
    """

    fields: Mapping[str, str]
    most: int
    strong: bool = False
    as_: str = ""
    spread: bool = False


WORST_FIRST, BEST_FIRST = ("Inadequate", "RI", "Good", "Outstanding"), ("Outstanding", "Good", "RI", "Inadequate")


class Quoter:
    """Chooses quotes for one document: of a confirmed theme first, then of the worst or best work, then from who was quoted least. No sentence stands twice."""

    def __init__(self, snapshot: Snapshot, ledger: Ledger, grades: Mapping[str, str], themes: Sequence[re.Pattern[str]] = ()) -> None:
        self.snapshot, self._ledger, self._grades, self._themes = snapshot, ledger, grades, themes
        self._teller = Teller(snapshot.plan)
        self._times: Counter[tuple[str, str]] = Counter()
        self._said: set[str] = set()

    def quoted(self, sources: Iterable[Source], wanted: Wanted) -> list[Quote]:
        """The quotes of one heading. Every candidate goes into the ledger, shown or not."""
        said = [w for s in sources if (code := s.version.issue.activity) in wanted.fields and (w := _words(s, wanted.fields[code]))]
        candidates = [w for w in said if may_be_quoted(self.snapshot, w) and not self._teller.tells(w.text)]
        chosen = list(islice(self._best(candidates, wanted), wanted.most))
        shown = {id(one) for one in chosen}
        for one in [*chosen, *(c for c in candidates if id(c) not in shown)]:
            self._ledger.quote(self._entry(one, wanted, shown=id(one) in shown))
        return [Quote(excerpt(w.text, SHOWN), f"{self.snapshot.title(w.activity)}{wanted.as_}", w.source.team or w.source.area or "all services", w.ref) for w in chosen]

    def _best(self, candidates: Sequence[Words], wanted: Wanted) -> Iterator[Words]:
        """One after another, each the best of those left."""
        left = [(w, set(_sentences(w.text))) for w in sorted(candidates, key=lambda w: w.ref)]
        while left := [one for one in left if not one[1] & self._said]:
            best, sentences = min(left, key=lambda one: self._rank(one[0], wanted))
            self._said |= sentences
            self._times.update((("area", best.source.area), ("team", best.source.team), ("activity", best.activity), ("ref", best.ref)))
            yield best

    def _rank(self, words: Words, wanted: Wanted) -> tuple[object, ...]:
        """The best first: of a confirmed theme, not quoted yet, by grade, not a list, and of whom least was quoted."""
        place, times = words.source, self._times
        fairly = (times["area", place.area], times["team", place.team], times["activity", words.activity])
        return (not self._of_a_theme(words), times["ref", words.ref] > 0, times["activity", words.activity] if wanted.spread else 0, self._grade(words, wanted), words.in_list, *fairly, words.ref)

    def _of_a_theme(self, words: Words) -> bool:
        return any(theme.search(words.text) for theme in self._themes)

    def _grade(self, words: Words, wanted: Wanted) -> int:
        order = BEST_FIRST if wanted.strong else WORST_FIRST
        grade = self._grades.get(words.ref, "")
        return order.index(grade) if grade in order else len(order)

    def _entry(self, words: Words, wanted: Wanted, *, shown: bool) -> Quoted:
        answer = words.source.answer(words.field)
        assert answer is not None, "it was quoted"
        where = (words.source.area or "All services", words.source.team or "", words.ref, answer.sheet, answer.cell, words.text)
        return Quoted(self._ledger.section, shown, f"{self.snapshot.title(words.activity)}{wanted.as_}", *where)


def _sentences(text: str) -> list[str]:
    """A text's sentences as they are compared: any case, without what closes them."""
    return [part.strip(" .!?…").casefold() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip(" .!?…")]


def may_be_quoted(snapshot: Snapshot, words: Words) -> bool:
    """Whether the words hold no child's reference, no name of staff, and nothing that the checks took for a name (specification 7.3)."""
    remarked = any(p.code in NAMING and p.field == words.field for p in words.source.version.problems)
    return not (remarked or CHILD_ID.search(words.text) or names_staff(snapshot.plan, words.text) or _names(snapshot, words.source.version) & _single_words(words.text))


def _names(snapshot: Snapshot, version: Version) -> set[str]:
    """Every single name of staff, and of the people that the return itself names, as it is written and in capitals."""
    form = snapshot.forms.get(version.issue.activity)
    asked = {f.id for f in (*form.fields, *(c for t in form.tables for c in t.columns)) if f.kind == "person"} if form else set()
    answers = (version.content.answers, *(row for rows in version.content.rows.values() for row in rows))
    typed = (a.text.partition("(")[0] for row in answers for field, a in row.items() if field in asked)
    parts = {part for name in (*(p.name for p in snapshot.plan.people), *typed) for part in name.split() if len(part) > 1}
    return parts | {part.upper() for part in parts}


def _single_words(text: str) -> set[str]:
    """As they are written, without a closing 's."""
    return set(re.findall(r"[^\W\d_][\w'’-]*\w", re.sub(r"['’]s\b", "", text)))


def _words(source: Source, field: str) -> Words | None:
    answer = source.answer(field)
    written = "" if answer is None or answer.withheld else answer.text
    text = " ".join(written.split())
    return Words(source, field, text, in_list=LIST.search(written) is not None) if len(text) >= SHORTEST else None
