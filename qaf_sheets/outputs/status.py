"""`Status.html`: the page the QA unit leaves open. What needs a person first; nothing to load, no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from jinja2 import Environment, StrictUndefined

from qaf_sheets import resources, workdays
from qaf_sheets.look import grade_words
from qaf_sheets.model import Duty, Outcome, Problem, Received, Record, Snapshot, State
from qaf_sheets.outputs.figures import Concern, Counts, Figures
from qaf_sheets.problems import count

TEMPLATE = "status.html"
OUTCOMES: dict[Outcome, str] = {
    "accepted": "✓ Accepted", "needs_fixing": "! Sent back to be put right", "held": "! Held for a decision", "conflict": "! Held: two people sent it", "duplicate": "○ The same again",
    "older_version": "○ An older version, kept and not used", "not_ours": "✗ Not one of our forms", "draft": "… Not marked complete", "waiting": "… Waiting",
}  # fmt: skip
SAY_IT_ALL: tuple[Outcome, ...] = ("accepted", "needs_fixing", "duplicate", "older_version")
"""What needs no further word here of a return: what is to be put right stands further up."""
REFERENCE = re.compile(r"R-\d{6,}")


class Line(Record):
    """One row of a list: who, what, since or by when, a remark, what to do, and the file or folder behind it (a link from the workspace)."""

    who: str = ""
    what: str
    when: str = ""
    note: str = ""
    todo: str = ""
    link: str = ""
    target: str = ""


class Debtor(Record):
    """One person with everything they owe that is overdue."""

    who: str
    owes: str
    lines: tuple[Line, ...]


def write_status(snapshot: Snapshot, figures: Figures, outputs: Sequence[tuple[str, datetime, str]]) -> str:
    """The page as HTML. `outputs` are (file, as at, remark)."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string((resources.folder("templates") / TEMPLATE).read_text("utf-8"))
    seen = _Seen(snapshot)
    shown = [o for o in outputs if "/" not in o[0] or o[2]]
    return page.render(
        council=snapshot.plan.setting("council"), marking=snapshot.plan.setting("marking"), quarter=snapshot.quarter, as_at=at(snapshot.as_at),
        headline=headline(figures.total), figures=figures, titles=seen.titles, grades=grade_words(snapshot.plan), concerns=[_concern(c, snapshot.as_at.date()) for c in figures.open_concerns],
        needs_fixing=seen.needs_fixing(), held=seen.held(), overdue=seen.overdue(), waiting=seen.waiting(), receipts=seen.receipts(), awaiting=seen.awaiting(),
        notes=snapshot.notes, outputs=[_output(*o, snapshot.as_at) for o in shown], elsewhere=_elsewhere([o[0] for o in outputs]),
    )  # fmt: skip


def _elsewhere(files: Sequence[str]) -> str:
    """20 documents in Reports, 38 people's own lists of actions in To complete."""
    documents, lists = (sum(f.startswith(folder) for f in files) for folder in ("Reports/", "To complete/"))
    return f"{count(documents, 'document')} in Reports, {count(lists, 'list')} of people's own actions in To complete"


def headline(counts: Counts) -> str:
    """22 of 27 returns are in; 3 are overdue; 1 needs fixing."""
    if not counts.expected:
        return "Nothing is owed in this quarter."
    parts = [f"{counts.returned} of {counts.expected} returns are in"]
    if counts.overdue:
        parts.append(f"{counts.overdue} {'is' if counts.overdue == 1 else 'are'} overdue")
    if counts.needs_fixing:
        parts.append(f"{counts.needs_fixing} {'needs' if counts.needs_fixing == 1 else 'need'} fixing")
    if counts.held:
        parts.append(f"{counts.held} {'waits' if counts.held == 1 else 'wait'} for a decision")
    return "; ".join(parts) + "."


class _Seen:
    """A snapshot as lists of lines: each list is one part of the page."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.today = snapshot, snapshot.as_at.date()
        self.names = {p.person_id: p.name for p in snapshot.plan.people}
        self.titles = {code: form.title for code, form in snapshot.forms.items()}
        self.by_return = {d.return_id: d for d in snapshot.duties if d.return_id}
        self.issues = {i.return_id: i for i in (*snapshot.moderations, *(v.issue for v in snapshot.returns))}

    def needs_fixing(self) -> list[Line]:
        """Longest first, each with the folder of its marked-up copy."""
        found = ((self._newest(d, "needs_fixing"), d) for d in self._in("needs_fixing"))
        return [
            self._line(d, when=self._since(f), note=count(sum(p.level == "E" for p in f.problems), "thing") if f else "", link="Its folder", target=f"Needs fixing/{d.obligation.person_id}/")
            for f, d in sorted(found, key=_oldest)
        ]  # fmt: skip

    def held(self) -> list[Line]:
        """Longest first, with what is to be decided."""
        found = ((self._newest(d, "held", "conflict"), d) for d in self._in("held"))
        return [self._line(d, when=self._since(f), note=_first(f.problems) if f else "", target=f.kept_as or "" if f else "") for f, d in sorted(found, key=_oldest)]

    def overdue(self) -> list[Debtor]:
        """By person: who owes most first, then who has owed longest."""
        owed: dict[str, list[Duty]] = {}
        for duty in self._in("overdue"):
            owed.setdefault(duty.obligation.person_id, []).append(duty)
        order = sorted(owed.values(), key=lambda mine: (-len(mine), mine[0].obligation.due_on, self._who(mine[0])))
        return [Debtor(who=self._who(mine[0]), owes=f"{len(mine)} overdue", lines=tuple(self._owed(d) for d in mine)) for mine in order]

    def _owed(self, duty: Duty) -> Line:
        late = workdays.between(duty.obligation.due_on, self.today, self.snapshot.plan.holidays)
        return self._line(duty, when=_day(duty.obligation.due_on), note=count(late, "working day"))

    def waiting(self) -> list[Line]:
        """What lies in `Return here`, longest first: open by somebody, still being saved, or not marked complete."""
        return [self._waits(f) for f in sorted(self.snapshot.waiting, key=lambda f: (f.received_at, f.file))]

    def _waits(self, file: Received) -> Line:
        told = REFERENCE.search(_name(file))  # a file nobody could open yet says whose it is by its name alone
        duty = self.by_return.get(file.return_id or (told[0] if told else ""))
        return Line(who=self._who(duty) if duty else "", what=_name(file), when=self._since(file), note=_first(file.problems))

    def receipts(self) -> list[Line]:
        """Everything that was ever dropped, newest first: whose it is, what became of it, and where it is kept."""
        return [self._receipt(f) for f in sorted(self.snapshot.files, key=lambda f: (f.received_at, f.kept_as or ""), reverse=True)]

    def _receipt(self, file: Received) -> Line:
        who, what = self._whose(file)
        late = ", late" if any(p.code == "LATE" for p in file.problems) else ""
        words = OUTCOMES[file.outcome] + late + (f", version {file.version}" if file.outcome != "duplicate" and (file.version or 0) > 1 else "")
        told = "" if (file.outcome in SAY_IT_ALL and file.return_id) or self._is_settled(file) else _first(file.problems)
        note, todo = f"{words}. {told}" if told else words, self._to_do(file)
        return Line(who=who, what=what, when=at(file.received_at, self.today), note=note, todo=todo, link=file.return_id or "As received", target=file.kept_as or "")

    def _stands(self, file: Received) -> Outcome:
        return self.snapshot.stand.get(file.kept_as or "", file.outcome)

    def _is_settled(self, file: Received) -> bool:
        """Whether what it was held for was decided since."""
        return file.outcome in ("held", "conflict") and self._stands(file) not in ("held", "conflict")

    def _to_do(self, file: Received) -> str:
        """What the QA unit does about a file that came, as things stand now: what was to be put right or decided may have been since."""
        duty, stands = self.by_return.get(file.return_id or ""), self._stands(file)
        if file.kept_as in self.snapshot.lying:
            return "It still lies in Return here, for we may not delete it. You can."
        if file.outcome == "not_ours":
            return "Tell the sender"
        if stands in ("held", "conflict"):
            return "Decide in the tracker, on Decisions"
        if self._is_settled(file):
            return "Nothing: it was decided that it counts" if stands == "accepted" else "Nothing: it was decided that it does not count"
        if duty and duty.state == "needs_fixing" and (file.outcome == "needs_fixing" or any(p.code == "STILL_TO_FIX" for p in file.problems)):
            return "See Needs fixing, above"
        return "Nothing: another version counts" if file.outcome == "needs_fixing" else "Nothing"

    def _whose(self, file: Received) -> tuple[str, str]:
        """Who returned it and which return it is; the file's own name for what is nobody's."""
        issue, duty = self.issues.get(file.return_id or ""), self.by_return.get(file.return_id or "")
        if issue:
            return issue.person_name, self._what(issue.activity, issue.about)
        return (self._who(duty), self._what(duty.obligation.activity, duty.obligation.about)) if duty else ("", _name(file))

    def awaiting(self) -> list[Line]:
        """Due soonest first."""
        return [self._line(d, when=_day(d.obligation.due_on), note=self._left(d), link=d.return_id or "Not handed out yet") for d in self._in("due", "later")]

    def _left(self, duty: Duty) -> str:
        days = workdays.between(self.today, duty.obligation.due_on, self.snapshot.plan.holidays)
        return f"In {count(days, 'working day')}" if days else "Due today" if duty.obligation.due_on == self.today else "Due before the next working day"

    def _in(self, *states: State) -> list[Duty]:
        """Duties in these states, due soonest first."""
        return sorted((d for d in self.snapshot.duties if d.state in states), key=lambda d: (d.obligation.due_on, self._who(d), d.obligation.obligation_id))

    def _newest(self, duty: Duty, *outcomes: Outcome) -> Received | None:
        files = [f for f in self.snapshot.files if f.return_id == duty.return_id and f.outcome in outcomes]
        return max(files, key=lambda f: f.received_at, default=None)

    def _line(self, duty: Duty, when: str, note: str, link: str = "", target: str = "") -> Line:
        owed = duty.obligation
        return Line(who=self._who(duty), what=self._what(owed.activity, owed.about), when=when, note=note, link=link or duty.return_id or "", target=target)

    def _who(self, duty: Duty) -> str:
        return self.names.get(duty.obligation.person_id, duty.obligation.owner)

    def _what(self, activity: str, about: str) -> str:
        title = self.titles.get(activity, activity)
        return f"{title}: {f'child {about}' if about.isdigit() else self.names.get(about, about)}" if about else title

    def _since(self, file: Received | None) -> str:
        return at(file.received_at, self.today) if file else ""


def _oldest(found: tuple[Received | None, Duty]) -> tuple[datetime, str]:
    file, duty = found
    return file.received_at if file else datetime.max, duty.obligation.obligation_id  # noqa: DTZ901 - the desk's own clock, as everywhere


def _concern(concern: Concern, today: date) -> Line:
    told = "✓ Somebody was told" if concern.reported else "✗ Nobody is named as told yet: please act now"
    return Line(what=concern.who, who=concern.place, when=at(concern.received_at, today), note=told, link=concern.return_id, target=concern.file)


def _output(file: str, written: datetime, note: str, now: datetime) -> Line:
    """One output: when it was last written, and whether it still says all there is to say."""
    return Line(what=file, link=file, when=at(written, now.date()), note=f"○ {note}" if note else f"✓ Up to date, as at {at(now, now.date())}", target=file)


def _first(problems: Sequence[Problem]) -> str:
    return next((p.message for p in problems if p.level == "E"), problems[0].message if problems else "")


def _name(file: Received) -> str:
    return file.file.rsplit("/", 1)[-1]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def at(moment: datetime, today: date | None = None) -> str:
    """10:14 on 18 December 2026; 10:14 today, on that day."""
    return f"{moment:%H:%M} today" if moment.date() == today else f"{moment:%H:%M} on {_day(moment)}"
