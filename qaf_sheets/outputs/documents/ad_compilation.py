"""What the services of one Assistant Director reported, put together for them and the DLT (2.7): each area's own three columns, what is missing, concerns and actions in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from qaf_sheets.model import Person, Version
from qaf_sheets.outputs.documents.common import Subject, subjects
from qaf_sheets.outputs.documents.head import head, newest
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.service import Service, area_scope
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import Typed, actions_in_words, day, excerpt, not_received, safe_name, signer
from qaf_sheets.outputs.figures import ActionCounts
from qaf_sheets.problems import count

SUMMARIES = ("SERV", "ROUT")
"""A service's own summary first, then its head's summary of routine quality assurance."""
COLUMNS = {"well": "well", "worried": "worried", "needs": "action_needed"}
LONGEST = 700
"""Characters of one paragraph at most: the summaries themselves stand beside this."""


class Led(NamedTuple):
    """An Assistant Director with the heads of service who report to them."""

    director: Person
    heads: tuple[Person, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """The service areas they lead."""
        return tuple(sorted({h.service_area for h in self.heads if h.service_area}))


def led(given: Given) -> Iterator[Led]:
    """Each Assistant Director whose heads of service owe a summary."""
    plan = given.plan
    owing = {s.duty.obligation.person_id for code in SUMMARIES for s in subjects(given, code)}
    for director in (p for p in plan.people if p.role == plan.role_of("assistant_director")):
        heads = tuple(p for p in plan.people if p.role == plan.role_of("head_of_area") and p.line_manager_id == director.person_id and p.service_area)
        if any(h.person_id in owing for h in heads):
            yield Led(director, heads)


def file_name(given: Given, subject: Led) -> str:
    """By person id; never by name."""
    return safe_name(f"{given.plan.role_text(subject.director.role)} compilation - {subject.director.person_id} - {given.snapshot.quarter.label}")


def context(given: Given, subject: Led) -> dict[str, Any]:
    """Everything the template may say."""
    plan, quarter = given.plan, given.snapshot.quarter
    compiled = Compilation(given, subject)
    label, dlt = plan.role_text(subject.director.role), plan.dlt_date(quarter)
    areas = [compiled.area(area) for area in subject.areas]
    return {
        **head(given.snapshot, f"Summaries of service areas, {quarter.label}", f"Service areas of one {label}, {quarter.label}", newest(compiled.returns())),
        "director_label": label, "director": subject.director.name, "date_of_dlt": day(dlt) if dlt else "To be confirmed", "may_name": [subject.director.name, *signer(given.snapshot.signed_off)],
        "missing": [line for a in areas for line in a["missing"]] or ["Every summary of these service areas is in."], "areas": areas, "own": compiled.own(label), "nothing": "Nothing was written under this heading.",
        "caption": f"{count(len(areas), 'service area')} in numbers", "source": "Counted: returns and actions of each service; children for grades. No percentage is given for fewer than ten.",
    }  # fmt: skip


class Compilation:
    """One Assistant Director's services being put together."""

    def __init__(self, given: Given, subject: Led) -> None:
        self._given, self._subject, self._plan = given, subject, given.plan
        self._teller = Teller(given.plan, [subject.director.name])
        self._owed = {code: list(subjects(given, code)) for code in SUMMARIES}

    def _of(self, area: str) -> list[Subject]:
        """The summaries of one area: its own, and those of its heads."""
        heads = {h.person_id for h in self._subject.heads if h.service_area == area}
        return [s for code in SUMMARIES for s in self._owed[code] if s.duty.obligation.about == area or (s.duty.obligation.person_id in heads and (code == "ROUT" or not s.duty.obligation.about))]

    def returns(self) -> list[Version]:
        """The summaries it rests on."""
        every = [*(s for area in self._subject.areas for s in self._of(area)), *self._own()]
        return [s.version for s in every if s.version]

    def _own(self) -> list[Subject]:
        return [s for s in self._owed["ROUT"] if s.duty.obligation.person_id == self._subject.director.person_id]

    def area(self, area: str) -> dict[str, Any]:
        """One service area: its summaries' own words by column, and its numbers."""
        summaries = self._of(area)
        service = Service(self._given.snapshot, self._given.figures, area_scope(self._plan, area), self._teller)
        actions = self._given.figures.actions_by_area.get(area, ActionCounts())
        return {
            "name": area, "missing": [f"{area}: {self._given.snapshot.title(s.duty.obligation.activity)}. {told}" for s in summaries if (told := not_received(s.duty))] or ([] if summaries else [f"{area}: no summary is owed this quarter."]),
            **{column: self._said(summaries, field) for column, field in COLUMNS.items()}, "returned": str(service.returned) if service.returned.of else "None due", "grades": self._grades(area) or "Nothing graded",
            "concerns": str(len(service.flagged)) if service.flagged else "None", "concern_lines": service.concerns(), "actions": actions_in_words(actions) if actions.total else "No actions are recorded",
        }  # fmt: skip

    def own(self, label: str) -> dict[str, Any]:
        """The Assistant Director's own summary of routine quality assurance, where one is owed."""
        mine = self._own()
        told = next((t for s in mine if (t := not_received(s.duty))), "") or ("" if mine else f"No summary of the {label}’s own is owed this quarter.")
        return {"none": told, **{column: self._said(mine, field) for column, field in COLUMNS.items()}}

    def _grades(self, area: str) -> str:
        found = [(code, c) for (code, name), c in self._given.figures.grades.by_area.items() if name == area and c.graded]
        return "; ".join(f"{self._given.snapshot.plural(code)} Good or better: {c.good_or_better}" for code, c in found)

    def _said(self, summaries: Sequence[Subject], field: str) -> list[dict[str, str]]:
        """Each paragraph in its author's words, with the return that it stands in."""
        return [{"words": self._short(p), "ref": f"{self._given.snapshot.title(s.duty.obligation.activity)}, {s.version.issue.return_id}"} for s in summaries if s.version for p in self._teller.words(s.version, field)]

    def _short(self, paragraph: str) -> str:
        return excerpt(paragraph, LONGEST) if len(paragraph) > LONGEST and isinstance(paragraph, Typed) else paragraph
