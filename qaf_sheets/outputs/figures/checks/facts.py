"""What a check looks at, computed once, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from qaf_sheets.model import Duty, Quarter, Record, Snapshot, State, Version
from qaf_sheets.outputs.figures.dip import DipFigures
from qaf_sheets.outputs.figures.equality import Equality
from qaf_sheets.outputs.figures.grades import Graded, Rechecks
from qaf_sheets.outputs.figures.moderation import Moderation
from qaf_sheets.outputs.figures.once_a_year import OnceAYear, counted_by_hand
from qaf_sheets.outputs.figures.reviews import FamilyViews, Feedback
from qaf_sheets.outputs.figures.shares import Share

Result = Literal["Met", "Not met", "Too early", "For information"]
REVIEW, AUDIT = "CCR", "THEM"
IN = ("returned", "nil")
STATES: Mapping[State, str] = {
    "returned": "returned", "nil": "nothing to report", "later": "not in yet, due {}", "due": "not in yet, due {}", "overdue": "overdue, was due {}",
    "needs_fixing": "needs fixing, due {}", "held": "held for a decision", "exempt": "exempt", "not_required": "not required",
}  # fmt: skip
"""Where a duty stands, in words with its date."""


class Behind(Record):
    """One row behind a check: a return, a duty, a piece of work or a person, and whether it counts towards the requirement."""

    reference: str
    who: str = ""
    what: str = ""
    counts: bool = True
    return_id: str = ""


class CheckResult(Record):
    """One requirement of the framework and where it stands. `behind` are the rows it counts, and those it misses."""

    number: int
    requirement: str
    expected: str
    actual: str
    result: Result
    clause: str
    what_next: str = ""
    behind: tuple[Behind, ...] = ()


class Facts(NamedTuple):
    """What the checks look at, computed once."""

    snapshot: Snapshot
    versions: Sequence[Version]
    graded: Sequence[Graded]
    dip: DipFigures
    moderation: Mapping[str, Moderation]
    rechecks: Rechecks
    family: FamilyViews
    observed: Share
    feedback: Mapping[str, Feedback]
    once: Mapping[str, OnceAYear]
    equality: Equality

    @property
    def quarter(self) -> Quarter:
        """The quarter that is checked."""
        return self.snapshot.quarter

    def of(self, activity: str) -> list[Version]:
        """The counted returns of an activity."""
        return [v for v in self.versions if v.issue.activity == activity]

    def work(self, activity: str) -> list[Graded]:
        """The graded pieces of work of an activity."""
        return [g for g in self.graded if g.version.issue.activity == activity]

    def duties(self, *activities: str) -> list[Duty]:
        """The quarter's duties of some activities, without those that nobody has to do."""
        return [d for d in self.snapshot.duties if d.obligation.activity in activities and d.state not in ("exempt", "not_required")]

    def setting(self, name: str, usual: int) -> int:
        """A number from the plan's settings."""
        value = self.snapshot.plan.settings.get(name, "")
        return int(value) if value.isdigit() else usual

    def judge(self, activity: str, *, met: bool) -> Result:
        """Met, or not: too early while returns of the activity may still come in time, or none is owed yet."""
        return judged(self.duties(activity), met=met)

    def before(self, activity: str, measure: str) -> Mapping[int, int]:
        """What was counted by hand in the year's earlier quarters: quarter → number, for those of which the register holds nothing."""
        return counted_by_hand(self.snapshot, activity, measure)


def judged(duties: Sequence[Duty], *, met: bool) -> Result:
    """Met, or not: too early while one of these duties may still come in time, or none is owed."""
    return "Met" if met else "Too early" if not duties or any(d.state in ("later", "due") for d in duties) else "Not met"


def duty_rows(f: Facts, duties: Iterable[Duty]) -> tuple[Behind, ...]:
    """Duties as rows: who owes what about whom, and where it stands."""
    people = {p.person_id: p.name for p in f.snapshot.plan.people}
    return tuple(
        Behind(
            reference=d.return_id or d.obligation.obligation_id, who=d.obligation.owner, counts=d.state in IN, return_id=d.return_id or "",
            what=" · ".join(x for x in (_called(f, d.obligation.activity), people.get(d.obligation.about, d.obligation.about), month(d.obligation.month), _stands(d)) if x),
        )
        for d in duties
    )  # fmt: skip


def month(code: str) -> str:
    """2026-12 as December; '' for no month."""
    return f"{date.fromisoformat(f'{code}-01'):%B}" if code else ""


def _stands(duty: Duty) -> str:
    return STATES[duty.state].format(f"{duty.obligation.due_on:%d/%m/%Y}")


def _called(f: Facts, activity: str) -> str:
    form = f.snapshot.forms.get(activity)
    return form.title if form else activity


def work_rows(work: Iterable[Graded], what: Mapping[str, str] | None = None, counts: Mapping[str, bool] | None = None) -> tuple[Behind, ...]:
    """Pieces of work as rows: the child's ID and the final grade, or what is said of each."""
    return tuple(
        Behind(
            reference=g.id, who=g.version.issue.person_name, what=(what or {}).get(g.id, f"Child {g.child} · {g.level} · {g.team} · {g.final_words}"),
            counts=(counts or {}).get(g.id, True), return_id=g.version.issue.return_id,
        )
        for g in work
    )  # fmt: skip
