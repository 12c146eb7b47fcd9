"""What is owed about each person once a year: observations of practice, and audits of the supervision they give (sections 6 and 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

from qaf_sheets.model import Duty, Form, Quarter, Record, Snapshot, Version
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.outputs.figures.themes import THEME_LIST, speaking_of

OBSERVED, SUPERVISED = "OBS", "SUP"
DONE = ("returned", "nil")
LEFT_OUT = ("exempt", "not_required")
STRENGTHS, DEVELOPMENT = ("strengths", "sos_well"), ("areas_for_development", "sos_worried")
"""Where a return about practice says what is strong, and what to work on."""
Standing = Literal["seen", "to come", "overdue", "unknown"]


class PersonSeen(Record):
    """Where one person stands: by the return that counts, else by what is still owed.

    `unknown` is somebody whose turn was in a quarter that was counted by hand: nobody knows of whom. `on` is the day of the work.
    """

    person_id: str
    team: str
    area: str
    manager_id: str
    standing: Standing
    duty: Duty
    on: date | None = None
    nature: str = ""


class OnceAYear(Record):
    """One activity over the year so far. `people` are all whom it is owed about, `by_hand` what was counted before the service: quarter → number.

    `strengths` and `development` count subjects by keyword, by service area ("" for all): subject → pieces of work.
    """

    activity: str
    quarter: Quarter
    people: tuple[PersonSeen, ...]
    by_hand: Mapping[int, int]
    strengths: Mapping[str, Mapping[str, int]] = {}
    development: Mapping[str, Mapping[str, int]] = {}

    @property
    def seen(self) -> Share:
        """Seen so far, with those counted by hand, of everybody."""
        return Share(n=self.by_the_end_of(self.quarter.number), of=len(self.people))

    def by_the_end_of(self, number: int) -> int:
        """Seen by the end of one of the year's quarters. An early turn counts in the quarter of its return's duty, at the latest now."""
        seen = sum(p.standing == "seen" and min(p.duty.obligation.quarter.number, self.quarter.number) <= number for p in self.people)
        return min(len(self.people), seen + sum(n for q, n in self.by_hand.items() if q <= number))

    def asked(self, number: int) -> int:
        """How many are asked for by the end of a quarter: a quarter of them each time."""
        return -(-len(self.people) * number // 4)

    def unknown(self, number: int) -> int:
        """How many people's turn was in a quarter that was counted by hand."""
        return sum(p.standing == "unknown" and p.duty.obligation.quarter.number == number for p in self.people)


def once_a_year(snapshot: Snapshot, versions: Sequence[Version], activity: str) -> OnceAYear:
    """Everybody it is owed about in the year, each once."""
    everyone = [d for d in (*snapshot.duties, *snapshot.year) if d.obligation.activity == activity and d.obligation.about and d.state not in LEFT_OUT]
    by_hand, returned = counted_by_hand(snapshot, activity, "returned"), {v.issue.return_id: v for v in (*snapshot.earlier, *versions)}
    standing = {d.obligation.about: d for d in sorted(everyone, key=lambda d: (d.state in DONE, d.obligation.quarter.number not in by_hand))}
    people = tuple(_person(snapshot, standing[about], returned, by_hand) for about in sorted(standing))
    return OnceAYear(
        activity=activity, quarter=snapshot.quarter, people=people, by_hand=by_hand,
        strengths=_subjects(snapshot, people, returned, STRENGTHS), development=_subjects(snapshot, people, returned, DEVELOPMENT),
    )  # fmt: skip


def counted_by_hand(snapshot: Snapshot, activity: str, measure: str) -> Mapping[int, int]:
    """What was counted by hand in the year's earlier quarters: quarter → number, for those of which the register holds nothing."""
    held, now = {v.issue.quarter.number for v in snapshot.earlier}, snapshot.quarter
    return {
        t.quarter.number: t.n for t in snapshot.plan.totals
        if (t.activity, t.measure) == (activity, measure) and t.quarter.year == now.year and t.quarter.number < now.number and t.quarter.number not in held
    }  # fmt: skip


def grouped_people(people: Sequence[PersonSeen], key: Callable[[PersonSeen], str]) -> dict[str, tuple[PersonSeen, ...]]:
    """People by a key, in its order."""
    return {name: tuple(p for p in people if key(p) == name) for name in sorted({key(p) for p in people})}


def standings(people: Sequence[PersonSeen]) -> Counter[Standing]:
    """How many stand where."""
    return Counter(p.standing for p in people)


def _person(snapshot: Snapshot, duty: Duty, returned: Mapping[str, Version], by_hand: Mapping[int, int]) -> PersonSeen:
    person, version = snapshot.plan.person(duty.obligation.about), returned.get(duty.return_id or "")
    form = snapshot.forms.get(duty.obligation.activity)
    seen = duty.state in DONE
    standing: Standing = "seen" if seen else "unknown" if duty.obligation.quarter.number in by_hand else "overdue" if duty.state == "overdue" else "to come"
    return PersonSeen(
        person_id=duty.obligation.about, team=person.team if person else "", area=person.service_area if person else "", manager_id=duty.obligation.person_id,
        standing=standing, duty=duty, on=_worked_on(form, version) or duty.received_on if seen else None, nature=version.content.code("nature") if seen and version else "",
    )  # fmt: skip


def _worked_on(form: Form | None, version: Version | None) -> date | None:
    return version.content.day(form.work_day.id) if form and form.work_day and version else None


def _subjects(snapshot: Snapshot, people: Sequence[PersonSeen], returned: Mapping[str, Version], fields: Sequence[str]) -> dict[str, dict[str, int]]:
    """Area ("" for all) → subject → pieces of work that speak of it, the most frequent first."""
    codes, said = snapshot.plan.lists.get(THEME_LIST, ()), [(p.area, _text(returned[p.duty.return_id or ""], fields)) for p in people if p.standing == "seen" and (p.duty.return_id or "") in returned]
    areas = sorted({area for area, _ in said if area})
    return {where: speaking_of(codes, [text for area, text in said if not where or area == where]) for where in ("", *areas)}


def _text(version: Version, fields: Sequence[str]) -> str:
    answers = (version.content.answers[f] for f in fields if f in version.content.answers)
    return "\n".join(a.text for a in answers if not a.withheld)
