"""The sentences of the DLT report. Each is chosen from the numbers and says its n; a judgement is never added (specification 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents.words import listed, low
from qaf_sheets.outputs.figures import AreaGrades, CheckResult, DipQuestion, Figures, Share

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
START = re.compile(r"(?:^|(?<=\. ))\d(?= (?!of \d))")


def plural(snapshot: Snapshot, activity: str) -> str:
    """What its returns are called within a sentence."""
    form = snapshot.forms.get(activity)
    return low(form.plural) if form else f"{activity} returns"


def spelt(n: int) -> str:
    """Seven; numbers from ten on in figures."""
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else str(n)


def spell(text: str) -> str:
    """Numbers under ten in words where a sentence begins with one; '4 of 65' stays."""
    return START.sub(lambda found: spelt(int(found[0])).capitalize(), text)


def were(n: int) -> str:
    """1 is, 2 are."""
    return f"{n} {'is' if n == 1 else 'are'}"


def none(n: int) -> str:
    """A number, 'none' for nought."""
    return str(n) if n else "none"


def ratio(share: Share) -> float:
    """For putting shares in order, never for showing."""
    return share.n / share.of if share.of else 0.0


def most(share: Share) -> bool:
    """At least half."""
    return share.of > 0 and 2 * share.n >= share.of


def start(text: str) -> str:
    """As it begins a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def not_in(figures: Figures) -> str:
    """4 are overdue and 1 is sent back to be put right."""
    t = figures.total
    parts = ((t.overdue, "overdue"), (t.needs_fixing, "sent back to be put right"), (t.held, "held for a decision"), (t.awaiting, "still to come and not yet due"))
    said = listed([f"{were(n)} {what}" for n, what in parts if n])
    return f"{said}." if said else ""


def is_contribution(snapshot: Snapshot, activity: str) -> bool:
    """Whether it is one of those of which each comes once, from another service or a forum (section 2, 2.8)."""
    form = snapshot.forms.get(activity)
    return bool(form and form.nil)


def behind(snapshot: Snapshot, figures: Figures) -> list[tuple[str, Share, str]]:
    """Each activity of which returns are not in, with how many and its code; contributions together, without one."""
    late = [(code, c) for code, c in figures.by_activity.items() if c.returned < c.expected]
    own = [(plural(snapshot, code), Share(n=c.expected - c.returned, of=c.expected), code) for code, c in late if not is_contribution(snapshot, code)]
    every = [c for code, c in figures.by_activity.items() if is_contribution(snapshot, code)]
    given = Share(n=sum(c.expected - c.returned for c in every), of=sum(c.expected for c in every))
    return [*own, *([("contributions", given, "")] if given.n else [])]


def ends(areas: Sequence[AreaGrades]) -> tuple[list[AreaGrades], list[AreaGrades]]:
    """The weakest and the strongest areas; more than one where they are equal, none strongest when all are."""
    lowest, highest = (ratio(areas[at].counts.good_or_better) for at in (0, -1))
    return [a for a in areas if ratio(a.counts.good_or_better) == lowest], [a for a in areas if ratio(a.counts.good_or_better) == highest != lowest]


def named(areas: Iterable[AreaGrades]) -> str:
    """Planning and case recording."""
    names = [low(a.name) for a in areas]
    return listed(names)


def dip_order(figures: Figures) -> list[DipQuestion]:
    """The questions with an answer, the smallest share of Yes first."""
    return sorted((q for q in figures.dip.questions if q.yes_share.of), key=lambda q: (ratio(q.yes_share), q.id))


def checks_not_met(figures: Figures) -> list[CheckResult]:
    """The requirements that were not met."""
    return [c for c in figures.checks if c.result == "Not met"]
