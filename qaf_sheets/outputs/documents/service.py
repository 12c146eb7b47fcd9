"""What is known of a service without its manager's words: what was done, what is missing, what observers saw, what was agreed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from qaf_sheets.model import Action, Answer, Duty, Person, Plan, Snapshot, State, Version
from qaf_sheets.outputs.documents.dlt_ledger import Ledger
from qaf_sheets.outputs.documents.quotes import Quoter, Source, Wanted
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import actions_in_words, day, excerpt, listed, references
from qaf_sheets.outputs.figures import Concern, Figures, Share, count_actions, count_duties, current, due_on, finished, overdue
from qaf_sheets.problems import count

NOT_IN: dict[State, str] = {"overdue": "overdue", "needs_fixing": "sent back to be put right", "held": "held for a decision", "due": "still to come", "later": "still to come"}
HELD = "The words may tell who somebody is. They stand in the tracker."
QUOTED = 4
"""How many answers are quoted under one heading; the rest are given by reference."""
WEAK = ("RI", "Inadequate")
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "well": {"CCR": "went_well", "THEM": "sos_well", "DIP": "sos_well", **dict.fromkeys(("OBS", "OBS_SNR", "OBS_MTG"), "strengths")},
    "worried": {"CCR": "rationale", "THEM": "sos_worried", "DIP": "sos_worried", **dict.fromkeys(("OBS", "OBS_SNR", "OBS_MTG"), "areas_for_development")},
    "needs": {"CCR": "further_improvement", "THEM": "sos_needs", "DIP": "sos_needs"},
}
"""The question of each activity that says what works, what worries and what is needed. Of graded work, only what is below Good tells of a worry or a need."""


class Scope(NamedTuple):
    """Whose work a document speaks of, and how a sentence says where."""

    people: frozenset[str]
    areas: frozenset[str]
    where: str


def area_scope(plan: Plan, area: str) -> Scope:
    """A service area: everyone the plan has in it."""
    return Scope(frozenset(p.person_id for p in plan.people if p.service_area == area), frozenset([area]), f"in {area}")


def led_scope(plan: Plan, person_id: str) -> Scope:
    """Everyone under one manager, at any distance, with the manager."""
    people, found = {person_id}, {person_id}
    while found:
        found = {p.person_id for p in plan.people if p.line_manager_id in found} - people
        people |= found
    areas = {p.service_area for p in plan.people if p.person_id in people and p.service_area}
    return Scope(frozenset(people), frozenset(areas), "across the services led")


class Service:
    """One scope of a snapshot. Counting unit: returns, as on the master's Coverage sheets."""

    def __init__(self, snapshot: Snapshot, figures: Figures, scope: Scope, teller: Teller) -> None:
        self.snapshot, self.figures, self.scope, self.teller = snapshot, figures, scope, teller

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """What its people owe this quarter."""
        return tuple(d for d in self.snapshot.duties if d.obligation.person_id in self.scope.people)

    @cached_property
    def returns(self) -> tuple[Version, ...]:
        """What its people returned."""
        return tuple(v for v in current(self.snapshot) if v.issue.person_id in self.scope.people)

    @cached_property
    def by_others(self) -> tuple[Version, ...]:
        """What others returned about its people."""
        return tuple(v for v in current(self.snapshot) if self._seen(v) in self.scope.people and v.issue.person_id not in self.scope.people)

    @cached_property
    def returned(self) -> Share:
        """Returned, of expected."""
        return count_duties(self.duties).in_of_expected

    def activity(self) -> dict[str, object]:
        """The table of what was done, with its caption and source."""
        done = f"{self.returned} {'return is' if self.returned.of == 1 else 'returns are'} in" if self.returned.of else "nothing was due"
        return {
            "caption": f"What was done {self.scope.where}: {done}",
            "source": "Counted: returns, each in the service of the person who owed it. Work that others did about people here stands in rows of its own.",
            "rows": [*self._own_rows(), *self._rows_by_others()],
        }

    def _own_rows(self) -> Iterator[dict[str, str]]:
        for code in self._activities():
            counts = count_duties(d for d in self.duties if d.obligation.activity == code)
            done = [v for v in self.returns if v.issue.activity == code]
            if counts.expected or done:
                row = self._row(self.snapshot.title(code), str(counts.in_of_expected), code, done)
                yield {**row, "covered": f"{row['covered']} Nothing to report: {counts.nil}."} if counts.nil else row

    def _rows_by_others(self) -> Iterator[dict[str, str]]:
        for code in self._activities():
            if done := [v for v in self.by_others if v.issue.activity == code]:
                yield self._row(f"{self.snapshot.title(code)}, by others", count(len(done), "return"), code, done)

    def _row(self, name: str, returned: str, code: str, done: Sequence[Version]) -> dict[str, str]:
        return {"name": name, "returned": returned, "covered": self._covered(code, done), "references": references(v.issue.return_id for v in done) or "None"}

    def _covered(self, code: str, done: Sequence[Version]) -> str:
        if not done:
            return "No returns received."
        natures = Counter(v.content.text("nature") for v in done if v.content.text("nature"))
        teams = sorted({self._team(v) for v in done} - {""})
        form = self.snapshot.forms.get(code)
        said = (", ".join(f"{n} ({times})" for n, times in sorted(natures.items())), listed(teams), "Not graded" if form and form.not_graded else "")
        return "".join(f"{part}. " for part in said if part).strip() or "The whole service."

    def _activities(self) -> list[str]:
        found = {d.obligation.activity for d in self.duties} | {v.issue.activity for v in (*self.returns, *self.by_others)}
        known = list(self.snapshot.forms)
        return [*(a for a in known if a in found), *sorted(found.difference(known))]

    def _seen(self, version: Version) -> str:
        """The person a return is about, '' when it is about no person."""
        answer = version.content.answers.get("person_observed")
        return (answer.code if answer else "") or version.issue.about

    def _team(self, version: Version) -> str:
        seen = self.snapshot.plan.person(self._seen(version))
        return seen.team if seen else version.issue.team

    # ---------------------------------------------------------------- missing

    def missing(self, own: Sequence[Duty]) -> list[str]:
        """What is not in, and feedback not recorded; `own` are the duties that the document itself tells of."""
        others = [d for d in self.duties if d not in own]
        found = [line for code in self._activities() if (line := self._not_in(code, [d for d in others if d.obligation.activity == code]))]
        if not found and not any(d.state in NOT_IN for d in own):
            found = ["Every return expected from this service is in." if self.returned.of else "No return was expected from this service this quarter."]
        return [*found, *self._without_feedback()]

    def _not_in(self, code: str, duties: Sequence[Duty]) -> str:
        late: dict[str, list[Duty]] = {}
        for duty in sorted(duties, key=lambda d: list(NOT_IN).index(d.state) if d.state in NOT_IN else 0):
            if duty.state in NOT_IN:
                late.setdefault(NOT_IN[duty.state], []).append(duty)
        if not late:
            return ""
        share = Share(n=sum(map(len, late.values())), of=count_duties(duties).expected)
        return f"{self.snapshot.title(code)}: {share} not in. {'; '.join(self._state(words, some) for words, some in late.items())}."

    def _state(self, words: str, duties: Sequence[Duty]) -> str:
        by = f" by {day(max(d.obligation.due_on for d in duties))}" if words == "still to come" else ""
        refs = references(d.return_id for d in duties if d.return_id)
        return f"{len(duties)} {words}{by}{f' ({refs})' if refs else ''}"

    def _without_feedback(self) -> Iterator[str]:
        for code, form in self.snapshot.forms.items():
            asked = [f.id for f in form.fields if f.id in ("fb_verbal_on", "fb_written_on")]
            done = [v for v in self.returns if v.issue.activity == code]
            if asked and (without := [v for v in done if not all(v.content.text(f) for f in asked)]):
                share = Share(n=len(without), of=len(done))
                yield f"{form.title}: spoken and written feedback to the practitioner is not both dated in {share} {'return' if share.of == 1 else 'returns'} ({references(v.issue.return_id for v in without)})."

    # ---------------------------------------------------------------- concerns, quotes, actions

    @cached_property
    def flagged(self) -> tuple[Concern, ...]:
        """Immediate concerns that its returns flagged, or others’ about its people."""
        here = {d.return_id for d in self.duties} | {v.issue.return_id for v in (*self.returns, *self.by_others)}
        return tuple(c for c in self.figures.concerns if c.return_id in here)

    def concerns(self) -> list[str]:
        """Immediate concerns that returns flagged: how many and where, never what was written."""
        mine = self.flagged
        if not mine:
            return []
        where = references(c.return_id for c in mine)
        untold = sum(not c.reported for c in mine)
        told = f"{count(untold, 'of them does', 'of them do')} not yet say who was told." if untold else "Each says who was told."
        return [f"{count(len(mine), 'immediate concern')} for a child’s safety {'was' if len(mine) == 1 else 'were'} flagged ({where}). {told}"]

    def quoted(self, part: str) -> dict[str, object]:
        """Up to four of the words that returns about the service have on one part: of every activity, one team after another, with what they come from."""
        fields, weak_only = QUESTIONS[part], part != "well"
        mine = [s for s in self._sources if not (weak_only and self._grades.get(s.ref, "RI") not in WEAK)]
        chosen = self._quoter.quoted(mine, Wanted(fields, QUOTED, strong=part == "well", spread=True))
        said = sorted({s.version.issue.return_id for s in mine if (f := fields.get(s.version.issue.activity)) and _shown(s.answer(f))})
        told = f"Quoted: {count(len(chosen), 'answer')} of {count(len(said), 'return')} about this service; words that may name a person are left out."
        observed = any((form := self.snapshot.forms.get(code)) and form.not_graded for code in fields)
        return {"quotes": chosen, "source": f"{told}{' Observations are not graded.' if observed else ''} All: {references(said)}." if said else ""}

    @cached_property
    def _grades(self) -> dict[str, str]:
        return {g.id: g.final for g in self.figures.work}

    @cached_property
    def _quoter(self) -> Quoter:
        return Quoter(self.snapshot, Ledger(), self._grades)

    @cached_property
    def _sources(self) -> list[Source]:
        """Work on the service’s children, observations of its people, and its own dip samples."""
        work = [Source(g.version, g.area, g.team, g.piece if g.piece.key else None) for g in self.figures.work if g.area in self.scope.areas]
        seen = [Source(v, v.issue.service_area, self._team(v)) for v in (*self.returns, *self.by_others) if (f := self.snapshot.forms.get(v.issue.activity)) and (f.not_graded or f.sample)]
        return [*work, *seen]

    def actions(self, chosen: Iterable[Action], told: str) -> dict[str, object]:
        """A table of actions, overdue ones first, with its caption and source."""
        plan, today = self.snapshot.plan, self.snapshot.as_at.date()
        mine = sorted(chosen, key=lambda a: (not overdue(a, today), finished(a), due_on(a) or date.max, a.action_id))
        counts = count_actions(mine, today)
        return {
            "caption": actions_in_words(counts),
            "source": f"{told} The full words and where each stands: the actions tracker.",
            "rows": [action_row(plan, a, today, self.teller) for a in mine],
        }

    def area_actions(self) -> list[Action]:
        """Actions of its areas: set this quarter, or earlier and not finished."""
        return [a for a in self.snapshot.actions if a.area in self.scope.areas and (a.quarter == str(self.snapshot.quarter) or not finished(a))]


def _shown(answer: Answer | None) -> bool:
    return answer is not None and not answer.withheld and bool(answer.text)


def action_row(plan: Plan, action: Action, today: date, teller: Teller) -> dict[str, str]:
    """One action as the documents show it. Its owner by role and team, so that no document names a practitioner."""
    cells, due = action.cells, due_on(action)
    said = [str(cells.get(name) or "") for name in ("action_text", "intended_impact")]
    held = any(teller.tells(text) for text in said)
    words, impact = (HELD, "") if held else (excerpt(said[0] or "No words given"), excerpt(said[1]))
    status = str(cells.get("status") or "Open")
    state = {"Done": "Done, not checked"}.get(status, status)
    if overdue(action, today):
        state = "Overdue" if status == "Open" else f"{state}, overdue"
    return {
        "id": action.action_id, "text": "\n".join(filter(None, [words, impact and f"Why: {impact}"])),
        "owner": owner(plan, str(cells.get("owner") or "")), "due": f"{due:%d/%m/%Y}" if due else "No date", "state": state,
    }


def owner(plan: Plan, written: str) -> str:
    """Who owns an action, as role and team: 'Team manager, MASH'. An owner the plan does not know is named in the tracker alone."""
    person = _person(plan, written)
    if person is None:
        return "Named in the tracker" if written else "Nobody yet"
    return ", ".join(filter(None, [plan.role_text(person.role), person.team or person.service_area]))


def _person(plan: Plan, written: str) -> Person | None:
    """The person meant by 'Avery Exampleworth (P031)', by an id, or by a name only one has."""
    code = re.search(r"\(([^()]+)\)$", written.strip())
    if found := plan.person(code[1] if code else written.strip()):
        return found
    named = [p for p in plan.people if p.name.casefold() == written.strip().casefold()]
    return named[0] if len(named) == 1 else None
