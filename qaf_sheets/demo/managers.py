"""Everyone who fills a workbook in: what each of them sends back, and on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from qaf_sheets import workdays
from qaf_sheets.demo.audits import cast_audits, cues
from qaf_sheets.demo.bank import Bank
from qaf_sheets.demo.cast import NIL, Part, careless, cast, rota
from qaf_sheets.demo.fill import Answers, Tables, Work, answer, typed
from qaf_sheets.demo.moderators import audits_moved, moderated
from qaf_sheets.demo.reviews import Review, cast_reviews
from qaf_sheets.demo.samples import cast_samples
from qaf_sheets.desk import Desk
from qaf_sheets.facts import named
from qaf_sheets.model import Form, Issue, Layout, Value

T = TypeVar("T")
ISSUED, AS_AT = date(2026, 10, 5), date(2027, 1, 15)
EARLY = {"CCR": 3, "OBS": 50, "OBS_SNR": 40, "SUP": 40, "SERV": 1, "SUP_ASYE": 3, "C_PERF": 3, "MOD": 3}
USUALLY = 6
FOUND = {"followed": tuple({"evidence_seen": seen, "difference_made": made, "reopen": "Yes" if seen == "No" else "No"} for seen, made in (
    ("Yes", "Yes"), ("Yes", "Yes"), ("Yes", "Too early"), ("No", "No"), ("Yes", "Yes"), ("Partly", "Too early"), ("Yes", "Yes"), ("Yes", "Yes"),
))}  # fmt: skip
"""What the follow-up of eight actions found: evidence of six, a difference made by five, one opened again (specification 11)."""
"""Working days before the due date by which people return things: observations come all through the quarter."""


class Watch(Protocol):
    """Goes through a step's pieces one by one, so that a person can see how far it is."""

    def __call__(self, step: str, pieces: Sequence[T], /) -> Iterable[T]:
        """The same pieces."""


class Drop(NamedTuple):
    """A file that somebody puts into Return here on a day."""

    day: date
    name: str
    data: bytes


class Managers:
    """Everyone who fills a workbook in, and what each of them drops on which day."""

    def __init__(self, at: Desk, issues: Sequence[Issue], bank: Bank) -> None:
        self.at, self.plan, self.bank, self.dice = at, at.plan, bank, bank.dice
        self.issues = issues
        self.form = cache(self._form)
        self.reviews: dict[str, Review] = cast_reviews([i for i in issues if i.activity == "CCR"], self.dice)
        self.samples = cast_samples(self._of("DIP"), self.plan, self._asked("DIP"), bank)
        self.audits = cast_audits(self._of("THEM"), self.plan, self._asked("THEM"), bank)

    def _form(self, version: str) -> tuple[Form, Layout]:
        with self.at.register.reading() as records:
            kept = records.issues.form(version)
        assert kept is not None, "an issue's form is kept with it"
        return kept

    def _of(self, activity: str) -> list[Issue]:
        return [i for i in self.issues if i.activity == activity]

    def _asked(self, activity: str) -> list[str]:
        """The ids of the theme's questions."""
        forms = [self.form(one.form_version)[0] for one in self._of(activity)[:1]]
        return [c.id for form in forms for t in form.tables for c in t.columns if c.themed and not c.beside]

    def drops(self, watch: Watch) -> Iterator[Drop]:
        """Everything that reaches Return here until the middle of January but what is handed out later."""
        for one, part in watch("Managers fill them in", cast(self.issues, self.dice)):
            yield from self._part(one, part)
        yield Drop(date(2026, 12, 14), "Team rota December.xlsx", rota())

    def moderations(self, issues: Sequence[Issue], after: date, watch: Watch) -> Iterator[Drop]:
        """What the moderators send back, in the days after."""
        moved = {**{r: v.moved for r, v in self.reviews.items()}, **audits_moved([i for i in issues if i.piece.partition("/")[0] in self.audits])}
        for n, one in enumerate(watch("Work is moderated", issues)):
            review = self.reviews.get(one.piece)
            day = self._workday(after, n % 4)
            told = moderated(one, moved.get(one.piece, "same"), review.cues if review else (), self.plan, self.bank, self._workday(day, -1))
            yield Drop(day, Path(one.file).name, self._typed(one, *self._filled(one, day, told=told)))

    def answered(self, one: Issue, day: date) -> Drop:
        """One workbook that was handed out later, sent back well."""
        return Drop(day, Path(one.file).name, self._typed(one, *self._filled(one, day)))

    # ---------------------------------------------------------------- what one person sends, and when

    def _part(self, one: Issue, part: Part) -> Iterator[Drop]:
        first, second = self._workday(one.due_on, -3), self._workday(one.due_on, -1)
        name = Path(one.file).name
        if part == "overdue":
            return
        if part in ("put right", "changed"):
            yield from self._twice(one, part, first, second)
            return
        day = {"unfinished": self._workday(AS_AT, -1), "waiting": self._workday(AS_AT, -2), "late": self._workday(one.due_on, self.dice.randint(2, 4)), "sent twice": first}.get(part)
        said, rows = self._filled(one, day or self._in_time(one))
        signed = said["completed_on"]
        assert isinstance(signed, date), "a date we put there"
        if part == "unfinished":
            said.pop("completed_on")
        data = self._typed(one, *(careless(self.form(one.form_version)[0], said, rows) if part == "waiting" else (said, rows)))
        yield Drop(signed, name, data)
        if part == "sent twice":
            yield Drop(second, f"Copy of {name}", data)

    def _twice(self, one: Issue, part: Part, first: date, second: date) -> Iterator[Drop]:
        """Sent with mistakes and put right two days later, or sent well and thought about again."""
        said, rows = self._filled(one, first)
        form, _ = self.form(one.form_version)
        yield Drop(first, Path(one.file).name, self._typed(one, *(careless(form, said, rows) if part == "put right" else (said, rows))))
        chosen = self.reviews[one.return_id].cues if one.return_id in self.reviews else ()
        more: Answers = {"completed_on": second} if part == "put right" else {"ed_response": self.bank.deal(one.activity, "ed_response", chosen)}
        yield Drop(second, Path(one.file).name, self._typed(one, {**said, **more}, rows))

    def _in_time(self, one: Issue) -> date:
        return max(self._workday(one.due_on, -self.dice.randint(0, EARLY.get(one.activity, USUALLY))), self._workday(ISSUED, 4))

    def _workday(self, day: date, steps: int) -> date:
        return workdays.add(day, steps, self.plan.holidays)

    def _filled(self, one: Issue, day: date, told: Mapping[str, Value] | None = None) -> tuple[Answers, Tables]:
        form, _ = self.form(one.form_version)
        review, sample, pieces = self.reviews.get(one.return_id), self.samples.get(one.return_id, ()), self.audits.get(one.return_id, ())
        children = tuple(str(r["child_id"]) for r in (*sample, *pieces)) or tuple(c.child_id for c in self.plan.children if one.team in ("", c.team))
        work = Work(
            on=day, quarter=one.quarter, owners=self._owners(one), children=() if review else children, holidays=self.plan.holidays, cues=review.cues if review else (),
            told=told or (review.told if review else self._fixed(one)), rows=FOUND if one.activity == "FUP" else {"children": sample or pieces} if sample or pieces else {}, piece_cues=tuple(cues(p) for p in pieces),
            actions={"CCR": 3}.get(one.activity, 2),
        )  # fmt: skip
        said, rows = answer(form, one, self.bank, work)
        signed: Answers = {f: said[f] for f in ("completed_by", "completed_on") if f in said}
        nothing: Answers = {form.nil: "Yes", **signed}
        return (nothing, {}) if form.nil and said.get(form.nil) == "Yes" else (said, rows)

    def _fixed(self, one: Issue) -> dict[str, Value]:
        """What the story fixes of everything else: whether there is something to report, and whose supervision was read."""
        supervised = [p for p in self.plan.people if one.about and p.line_manager_id == one.about]
        read: dict[str, Value] = {"supervisee_sampled": named(self.dice.choice(supervised)), "period_from": date(2026, 5, 1), "period_to": date(2026, 10, 31)} if one.activity == "SUP" else {}
        inadequate = any(p["overall_grade"] == "Inadequate" for p in self.audits.get(one.return_id, ()))
        return {
            "nothing_to_report": "Yes" if one.activity in NIL else "No", **({"actions_any": "Yes"} if inadequate else {}), **read,
        }  # fmt: skip

    def _owners(self, one: Issue) -> tuple[str, ...]:
        """Who may be given an action: those who work with the child, or people of the manager's own area."""
        if one.activity == "CCR":
            return tuple(one.facts[f] for f in ("child_worker", "child_manager"))
        near = [p for p in self.plan.people if p.service_area == one.service_area and p.role in ("HOS", "TM", "SW", "ASYE", "PA", "PSW")]
        return tuple(named(p) for p in near or (p for p in self.plan.people if p.role == "HOS"))

    def _typed(self, one: Issue, said: Answers, rows: Tables) -> bytes:
        data = self.at.workspace.absolute(one.file).read_bytes()
        return typed(data, self.form(one.form_version)[1], said, rows)
