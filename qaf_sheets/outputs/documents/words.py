"""How the documents word things: dates, references, lists, quotes, file names, and a manager's own paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from qaf_sheets.model import Decision, Duty, Plan, Version
from qaf_sheets.outputs.figures import ActionCounts, Share
from qaf_sheets.problems import count

ROLES = {"DCS": "Director", "AD": "Assistant Director", "HOS": "Head of Service", "TM": "Team manager", "PSW": "Principal Social Worker"}
NOT_FOR_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f\ud800-\udfff]')
CHILD_ID = re.compile(r"(?<![\w-])\d{6,10}(?!\w)")
"""What looks like a child's reference in somebody's words."""
EXCERPT = 280


class Typed(str):
    """Somebody's own words: shown as they are. What we may not say (`guard.py`), a person may have said."""

    __slots__ = ()


class Quote(NamedTuple):
    """Somebody's own words with where they come from."""

    words: str
    activity: str
    team: str
    ref: str


def day(value: date) -> str:
    """17 December 2026."""
    return f"{value.day} {value:%B %Y}"


def listed(words: Sequence[str]) -> str:
    """North, South and West."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def draft_line(signed: Decision | None, *, outside: bool = False) -> str:
    """That a document is a draft, or who signed the quarter off and when; for readers `outside` by name alone."""
    if signed is None:
        return "DRAFT, not signed off"
    return f"Signed off by {listed(signer(signed)) if outside else signed.who}" + (f", {day(signed.decided_on)}" if signed.decided_on else "")


def signer(signed: Decision | None) -> list[str]:
    """The name that the line above holds, for `may_name`."""
    return [signed.who.partition(" (")[0]] if signed else []


def low(text: str) -> str:
    """As it stands within a sentence; a name such as Head of Service stays as it is."""
    return text if any(c.isupper() for c in text[1:]) else f"{text[:1].lower()}{text[1:]}"


def references(ids: Iterable[str | None]) -> str:
    """R-000101, R-000103 to R-000105: three or more in a row are given as a run."""
    known = sorted({i for i in ids if i})
    runs: list[list[str]] = []
    for one in known:
        runs[-1].append(one) if runs and _number(one) == _number(runs[-1][-1]) + 1 else runs.append([one])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)


def _number(return_id: str) -> int:
    return int(re.sub(r"\D", "", return_id) or 0)


def excerpt(text: str, limit: int = EXCERPT) -> Typed:
    """The beginning of a long answer, to the end of a sentence where there is one, on one line."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return Typed(text)
    start = text[:limit]
    sentence = max(start.rfind(". "), start.rfind("? "))
    kept = start[: sentence + 1] if sentence > limit // 3 else start.rsplit(" ", 1)[0]
    return Typed(f"{kept} …")


def own_words(version: Version | None, field: str) -> list[Typed]:
    """An answer as it was written, a paragraph at a time; [] when blank, withheld, or no return is in."""
    answer = version.content.answers.get(field) if version else None
    if answer is None or answer.withheld:
        return []
    return [Typed(p) for p in re.split(r"\n[^\S\n]*\n\s*?", answer.text.replace("\r\n", "\n").replace("\r", "\n")) if p.strip()]


def names_staff(plan: Plan, text: str) -> bool:
    """Whether a text holds the full name of somebody on the People sheet (specification 7.3)."""
    folded = " ".join(text.casefold().split())
    return any(p.name.casefold() in folded for p in plan.people if p.name)


def share_of(share: Share, unit: str) -> str:
    """A share with its unit: 9 of 20 reviews (45%)."""
    percent = str(share).removeprefix(f"{share.n} of {share.of}")
    return f"{share.n} of {share.of} {unit}{percent}"


def actions_in_words(counts: ActionCounts) -> str:
    """6 actions: 4 open (2 overdue), 2 done or not needed."""
    overdue = f" ({counts.overdue} overdue)" if counts.overdue else ""
    parts = (f"{counts.open} open{overdue}" if counts.open else "", f"{counts.done} done or not needed" if counts.done else "")
    return f"{count(counts.total, 'action')}: {', '.join(filter(None, parts))}"


def not_received(duty: Duty) -> str:
    """Why there are no words of the author's own: '' once the return counts."""
    due = day(duty.obligation.due_on)
    if duty.state == "returned":
        return ""
    if duty.state == "nil":
        return "No return has been received: it is recorded that there was nothing to report this quarter."
    if duty.state == "needs_fixing":
        return "No return that can be used has been received: one came in and has been sent back to be put right."
    if duty.state == "held":
        return "No return that can be used has been received: one came in and waits for a decision by the QA unit."
    return f"No return has been received. It was due on {due}." if duty.state == "overdue" else f"No return has been received yet. It is due on {due}."


def safe_name(text: str) -> str:
    """A name that Windows takes as a file name."""
    return " ".join(NOT_FOR_WINDOWS.sub(" ", text).split()).rstrip(". ")[:120] or "Unnamed"


def unlike(names: Iterable[str]) -> Iterator[str]:
    """The same names, told apart by a number where two would be one file: Windows takes North and NORTH for the same."""
    taken: set[str] = set()
    for name in names:
        tries = (name, *(f"{name} ({n})" for n in range(2, 100)))
        free = next(t for t in tries if t.casefold() not in taken)
        taken.add(free.casefold())
        yield free
