"""The bank of invented words: prose, actions and notes for the demo's managers, dealt like cards."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from random import Random
from typing import Any

PERSONAL, SHARED = ("Child", "Practitioner"), ("Team", "Service", "Partnership")
LEAVER = "leaver"
"""The cue for a young person who has left care: they are not called a child."""


class Bank:
    """Words by activity and question; none is used again before all were used. `cues` choose where words depend on a grade or a level of need."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.words = _read()
        self._piles: dict[str, list[Any]] = {}

    def deal(self, activity: str, field: str, cues: Sequence[str] = ()) -> str:
        """Prose for a question, or '' where the bank has none."""
        own = field in self.words.get(activity, {})
        every = self.words[activity if own else "all"].get(field, ())
        cue = next((c for c in (*cues, "any") if c in every), "") if isinstance(every, Mapping) else ""
        pile = every.get(cue, ()) if isinstance(every, Mapping) else every
        text = str(self._next(f"{activity if own else 'all'}/{field}/{cue}", pile)) if pile else ""
        return _grown_up(text) if LEAVER in cues else text

    def action(self, activity: str, cues: Sequence[str] = ()) -> Mapping[str, str]:
        """An action: from the activity's own pile, or one for a piece of work or for a service."""
        piles = self.words["actions"]
        own = f"{activity} {LEAVER}" if LEAVER in cues and f"{activity} {LEAVER}" in piles else activity
        levels = PERSONAL if activity == "OBS" else SHARED
        every = piles.get(own) or [a for a in piles["items"] if a["level"] in levels]
        return dict(self._next(f"actions/{own if own in piles else ' or '.join(levels)}", every))

    def counts(self, activity: str) -> Mapping[str, int]:
        """Numbers of one return that belong together; none where the bank has none."""
        every = self.words.get(activity, {}).get("counts", ())
        return dict(self._next(f"{activity}/counts", every)) if every else {}

    def rows(self, activity: str, table: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a table that hang together, in the bank's own words; two to five of them."""
        every = self.words.get(activity, {}).get(table, ())
        return [dict(self._next(f"{activity}/{table}", every)) for _ in range(min(len(every), self.dice.randint(2, 5)))]

    def note(self, kind: str) -> str:
        """A progress note or a piece of evidence, as the PSW writes them."""
        return str(self._next(kind, self.words["progress"][kind]))

    def _next(self, name: str, every: Any) -> Any:
        pile = self._piles.setdefault(name, [])
        if not pile:
            pile += self.dice.sample(list(every), len(every))
        return pile.pop()


def _read() -> dict[str, dict[str, Any]]:
    """Every file of words; what two files say of one activity is put together."""
    words: dict[str, dict[str, Any]] = {}
    for file in sorted((files("qaf_sheets.demo") / "words").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for activity, said in tomllib.loads(file.read_text("utf-8")).items():
                words.setdefault(activity, {}).update(said)
    return words


def _grown_up(text: str) -> str:
    return re.sub(r"\b([Tt]he|[Tt]his) child\b", r"\1 young person", text)
