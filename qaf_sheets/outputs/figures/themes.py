"""What keeps coming up: subjects of Annex A.5 suggested by keyword from worries and actions, over two quarters (section 13, 10.5). A person confirms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from qaf_sheets.model import Answer, Decision, Option, Plan, Quarter, Record, Return, Snapshot, Version

THEME_LIST = "theme_codes"
"""The plan's list of subjects; the other spellings of each are the keywords that suggest it, as words begin with them."""
WORRIES = ("sos_worried", "worried", "areas_for_development", "areas_for_improvement", "further_improvement")
RATIONALE, OVERALL, ACTIONS, ACTION = "rationale", "overall_grade", "actions", "action_text"
WEAK = ("RI", "Inadequate")
MOST, LEAST = 5, 2
"""A theme recurs that is among so many most frequent of both quarters, in at least so many returns of each."""
EXERCISES = ("DIP", "THEM")


class RecurringTheme(Record):
    """One subject: returns in which a worry or an action speaks of it, by activity, in this quarter and in the one before, with their references.

    `proposed` where it recurs and no theme of this quarter or the next (`looked_at`) is about it. Until somebody decides it is only suggested.
    """

    theme: str
    now: Mapping[str, int]
    before: Mapping[str, int]
    behind: tuple[str, ...]
    behind_before: tuple[str, ...]
    recurs: bool
    looked_at: str
    decision: Decision | None

    @property
    def proposed(self) -> bool:
        """Whether it is proposed as the next thematic topic."""
        return self.recurs and not self.looked_at


class Recurring(Record):
    """All subjects, the most frequent of this quarter first. `returns` and `returns_before` are how many were read. Counting unit: returns."""

    quarter: Quarter
    before: Quarter
    returns: int
    returns_before: int
    themes: tuple[RecurringTheme, ...]

    @property
    def proposed(self) -> tuple[RecurringTheme, ...]:
        """Those to think about for the next thematic audit."""
        return tuple(t for t in self.themes if t.proposed)


def recurring(snapshot: Snapshot, versions: Sequence[Version]) -> Recurring:
    """Subjects over this quarter's counted returns and those of the quarter before; without those, none recurs."""
    codes, before = snapshot.plan.lists.get(THEME_LIST, ()), snapshot.quarter.plus(-1)
    now, then = (_found(codes, read) for read in (versions, snapshot.before))
    both = _frequent(now) & _frequent(then)
    themes = [_theme(snapshot, c, now.get(c.text, ()), then.get(c.text, ()), recurs=c.text in both) for c in codes]
    ordered = sorted((t for t in themes if t.behind or t.behind_before), key=lambda t: (-len(t.behind), -len(t.behind_before)))
    return Recurring(quarter=snapshot.quarter, before=before, returns=len(_own(versions)), returns_before=len(_own(snapshot.before)), themes=tuple(ordered))


def _own(versions: Sequence[Version]) -> list[Version]:
    """Without moderations: they read what is counted already."""
    return [v for v in versions if not v.issue.piece]


def _found(codes: Sequence[Option], versions: Sequence[Version]) -> dict[str, tuple[Version, ...]]:
    """Subject → the returns that speak of it."""
    said = [(v, "\n".join(_words(v.content))) for v in _own(versions)]
    return {c.text: found for c in codes if (finds := keywords(c)) and (found := tuple(v for v, words in said if finds.search(words)))}


def _frequent(found: Mapping[str, Sequence[Version]]) -> set[str]:
    """The most frequent, with all that are as frequent as the last of them."""
    counts = sorted((len(v) for v in found.values()), reverse=True)[:MOST]
    return {theme for theme, v in found.items() if len(v) >= max(LEAST, counts[-1])}


def keywords(code: Option) -> re.Pattern[str] | None:
    """Finds any word that begins with one of a subject's keywords; None where it has none."""
    words = [re.escape(w.strip()) for w in code.aliases if w.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE) if words else None


def speaking_of(codes: Sequence[Option], texts: Sequence[str]) -> dict[str, int]:
    """Subject → how many of these texts speak of it, the most frequent first; none that nobody speaks of."""
    found = {c.text: sum(finds.search(t) is not None for t in texts) for c in codes if (finds := keywords(c))}
    return {theme: n for theme, n in sorted(found.items(), key=lambda f: -f[1]) if n}


def _words(content: Return) -> Iterator[str]:
    """What a return is worried about, why its grades are weak, and what is to be done."""
    for answers in (content.answers, *(row for rows in content.rows.values() for row in rows)):
        yield from (answers[f].text for f in WORRIES if f in answers and not answers[f].withheld)
        yield from (answers[f].text for f in _weak(answers) if f in answers and not answers[f].withheld)
    yield from (row[ACTION].text for row in content.rows.get(ACTIONS, ()) if ACTION in row)


def _weak(answers: Mapping[str, Answer]) -> Iterator[str]:
    """The questions that explain a weak grade: the rationale, and the work graded beside it."""
    for field, answer in answers.items():
        if answer.code in WEAK:
            yield RATIONALE if field == OVERALL else field.removesuffix("_grade")


def _theme(snapshot: Snapshot, code: Option, now: Sequence[Version], then: Sequence[Version], *, recurs: bool) -> RecurringTheme:
    decided = [d for d in snapshot.decisions if d.kind == "theme" and d.choice and d.about.casefold() == code.text.casefold()]
    return RecurringTheme(
        theme=code.text, now=_by_activity(now), before=_by_activity(then), behind=_references(now), behind_before=_references(then), recurs=recurs,
        looked_at=_looked_at(snapshot.plan, snapshot.quarter, code), decision=decided[-1] if decided else None,
    )  # fmt: skip


def _by_activity(versions: Sequence[Version]) -> dict[str, int]:
    return dict(Counter(v.issue.activity for v in sorted(versions, key=lambda v: v.issue.activity)))


def _references(versions: Sequence[Version]) -> tuple[str, ...]:
    return tuple(sorted(v.issue.return_id for v in versions))


def _looked_at(plan: Plan, quarter: Quarter, code: Option) -> str:
    """The theme of this quarter or the next that is about a subject, by its title; '' for none."""
    finds = keywords(code)
    titles = [plan.theme_title(e, q) for q in (quarter.plus(1), quarter) for e in EXERCISES]
    return next((t for t in titles if t and (t.casefold() == code.text.casefold() or (finds and finds.search(t)))), "")
