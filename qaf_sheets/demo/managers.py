"""Everyone who fills a workbook in: what each of them sends back, and on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from qaf_sheets import workdays
from qaf_sheets.demo.bank import Bank
from qaf_sheets.demo.cast import Part, careless, cast, rota
from qaf_sheets.demo.fill import Answers, Tables, Work, answer, typed
from qaf_sheets.demo.reviews import Review, cast_reviews, moderation
from qaf_sheets.demo.samples import cast_samples
from qaf_sheets.desk import Desk
from qaf_sheets.facts import named
from qaf_sheets.model import Form, Issue, Layout

T = TypeVar("T")
ISSUED, MODERATED, AS_AT = date(2026, 10, 5), date(2027, 1, 5), date(2027, 1, 15)
EARLY = {"CCR": 3, "DIP": 5, "OBS": 50, "ROUT": 8, "SERV": 1}
"""Working days before the due date by which people return things: observations come all through the quarter."""
PSW_MODERATES = 4
"""Every fourth review; the others are the independent auditor's."""


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
        self.sent: dict[str, bytes] = {}
        with at.register.reading() as records:
            self.forms: dict[str, tuple[Form, Layout]] = {v: kept for v in {i.form_version for i in issues} if (kept := records.issues.form(v))}
        self.reviews: dict[str, Review] = cast_reviews([i for i in issues if i.activity == "CCR"], self.dice)
        dips = [i for i in issues if i.activity == "DIP"]
        questions = [c.id for t in self.forms[dips[0].form_version][0].tables for c in t.columns if c.themed]
        self.samples = cast_samples(dips, self.plan, questions, bank)

    def drops(self, watch: Watch) -> Iterator[Drop]:
        """Everything that reaches Return here until the middle of January."""
        for one, part in watch("Managers fill them in", cast(self.issues, self.dice)):
            for drop in self._part(one, part):
                self.sent[one.return_id] = drop.data
                yield drop
        yield Drop(date(2026, 12, 14), "Team rota December.xlsx", rota())
        for n, one in enumerate(watch("Reviews are moderated", [i for i in self.issues if i.activity == "CCR"])):
            yield self._moderated(one, n)

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
        data = self._typed(one, *(careless(one.activity, said, rows) if part == "waiting" else (said, rows)))
        yield Drop(signed, name, data)
        if part == "sent twice":
            yield Drop(second, f"Copy of {name}", data)

    def _twice(self, one: Issue, part: Part, first: date, second: date) -> Iterator[Drop]:
        """Sent with mistakes and put right two days later, or sent well and thought about again."""
        said, rows = self._filled(one, first)
        yield Drop(first, Path(one.file).name, self._typed(one, *(careless(one.activity, said, rows) if part == "put right" else (said, rows))))
        cues = self.reviews[one.return_id].cues if one.return_id in self.reviews else ()
        more: Answers = {"completed_on": second} if part == "put right" else {"ed_response": self.bank.deal(one.activity, "ed_response", cues)}
        yield Drop(second, Path(one.file).name, self._typed(one, {**said, **more}, rows))

    def _in_time(self, one: Issue) -> date:
        return max(self._workday(one.due_on, -self.dice.randint(0, EARLY[one.activity])), self._workday(ISSUED, 4))

    def _workday(self, day: date, steps: int) -> date:
        return workdays.add(day, steps, self.plan.holidays)

    def _filled(self, one: Issue, day: date) -> tuple[Answers, Tables]:
        form, _ = self.forms[one.form_version]
        review, sample = self.reviews.get(one.return_id), self.samples.get(one.return_id, ())
        children = tuple(str(r["child_id"]) for r in sample) or tuple(c.child_id for c in self.plan.children if one.team in ("", c.team))
        work = Work(
            on=day, quarter=one.quarter, owners=self._owners(one), children=() if review else children, holidays=self.plan.holidays, cues=review.cues if review else (),
            told=review.told if review else {}, rows={"children": sample} if sample else {}, actions={"DIP": 2, "CCR": 3}.get(one.activity, 2),
        )  # fmt: skip
        return answer(form, one.facts, self.bank, work)

    def _owners(self, one: Issue) -> tuple[str, ...]:
        """Who may be given an action: those who work with the child, or people of the manager's own area."""
        if one.activity == "CCR":
            return tuple(one.facts[f] for f in ("child_worker", "child_manager"))
        near = [p for p in self.plan.people if p.service_area == one.service_area and p.role in ("HOS", "TM", "SW", "ASYE", "PA", "PSW")]
        return tuple(named(p) for p in near or (p for p in self.plan.people if p.role == "HOS"))

    def _typed(self, one: Issue, said: Answers, rows: Tables) -> bytes:
        data = self.at.workspace.absolute(one.file).read_bytes()
        return typed(data, self.forms[one.form_version][1], said, rows)

    def _moderated(self, one: Issue, n: int) -> Drop:
        """The newest answers with the Moderation sheet filled in, sent back by the QA unit in early January."""
        day = self._workday(MODERATED, n % 4)
        psw, auditor = (next(named(p) for p in self.plan.people if p.role == role) for role in ("PSW", "IND_AUD"))
        by = psw if n % PSW_MODERATES == 0 and one.facts["person"] != psw else auditor
        said = moderation(self.reviews[one.return_id], self.plan, self.bank, day, by)
        return Drop(day, Path(one.file).name, typed(self.sent[one.return_id], self.forms[one.form_version][1], said, {}))
