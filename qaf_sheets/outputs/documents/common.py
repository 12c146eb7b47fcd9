"""What every document of a duty says: head, marking, what is missing, whether it is a draft, and its author's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from qaf_sheets.model import Duty, Quarter, Version
from qaf_sheets.outputs.documents.head import head, newest
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.service import Scope, Service
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import day, draft_line, listed, not_received, signer
from qaf_sheets.outputs.figures import current
from qaf_sheets.people import match_person

OUTSIDE = ("exempt", "not_required")
SIGNING = ("completed_by", "signed_off_by")


class Subject(NamedTuple):
    """One duty to sum up, and the return that met it, if one is in."""

    duty: Duty
    version: Version | None


def subjects(given: Given, activity: str) -> Iterator[Subject]:
    """The duties of one kind of summary: one for each person and what it is about, the one already met where there are two."""
    snapshot = given.snapshot
    met = {v.issue.return_id: v for v in current(snapshot)}
    owed = [d for d in snapshot.duties if d.obligation.activity == activity and d.state not in OUTSIDE]
    first: dict[tuple[str, str], Duty] = {}
    for duty in sorted(owed, key=lambda d: (d.state != "returned", d.obligation.due_on, d.obligation.obligation_id)):
        first.setdefault((duty.obligation.person_id, duty.obligation.about), duty)
    for _, duty in sorted(first.items()):
        yield Subject(duty, met.get(duty.return_id or ""))


def whole_quarter(given: Given) -> Iterator[Quarter]:
    """The quarter, for a document of which there is one where anything is owed."""
    if any(d.state not in (*OUTSIDE, "later") for d in given.snapshot.duties):
        yield given.snapshot.quarter


class Summary:
    """One summary being put together: the author's words first, then what is known of the service."""

    def __init__(self, given: Given, subject: Subject, scope: Scope, *, children: bool = False, author: str = "") -> None:
        self.snapshot, self.figures, plan = given.snapshot, given.figures, given.plan
        self.duty, self.version = subject
        self._signed = [author, *signer(given.snapshot.signed_off), *(p.name for field in SIGNING if (p := match_person(self._text(field), plan.people)))]
        self._teller = Teller(plan, self.may_name(), children=children)
        self.service = Service(given.snapshot, given.figures, scope, self._teller)

    def may_name(self) -> list[str]:
        """Whose names stand in it: its author's, and those of who completed it and signed it off."""
        return sorted({name for name in self._signed if name})

    def _text(self, field: str) -> str:
        return self.version.content.text(field) if self.version else ""

    def words(self, field: str) -> list[str]:
        """An answer as it was written, by paragraph; in the place of one that may name somebody, that it is held back."""
        return list(self._teller.words(self.version, field))

    def date(self, field: str, otherwise: str) -> str:
        """A date of the return in full, or what to say without one."""
        answer = self.version.content.answers.get(field) if self.version else None
        if answer is None or not answer.text:
            return otherwise
        return day(answer.value) if isinstance(answer.value, date) else answer.text

    def head(self, title: str, short: str) -> dict[str, Any]:
        """The values that any template may use."""
        no_return, used = not_received(self.duty), [*self.service.returns, *self.service.by_others, *filter(None, [self.version])]
        return {
            **head(self.snapshot, title, f"{short}, {self.snapshot.quarter.label}", newest(used), self._signed_line()), "return_ref": self.version.issue.return_id if self.version else "",
            "no_return": no_return, "nothing_written": re.sub("[:.] .*", ".", no_return) or "Nothing was written under this heading.",
            "missing": [*filter(None, [no_return, self._blank()]), *self.service.missing([self.duty])],
        }

    def _signed_line(self) -> str:
        """Who signed the summary itself; '' where nobody did."""
        person = match_person(self._text("signed_off_by"), self.snapshot.plan.people)
        if person:
            return f"Signed off by {person.name}"
        return "Signed off" if self._text("signed_off_by") else ""

    def _blank(self) -> str:
        form = self.snapshot.forms.get(self.duty.obligation.activity)
        if self.version is None or form is None:
            return ""
        blank = [f.name for f in form.fields if f.kind == "long" and f.when is None and not self.version.content.text(f.id)]
        return f"Left blank in the return: {listed(blank)}." if blank else ""

    def equality(self) -> dict[str, list[str]]:
        """The three answers on equality, diversity and identity (1.6)."""
        return {name: self.words(f"ed_{name}") for name in ("understanding", "response", "evaluation")}

    def sign_off(self) -> list[str]:
        """Who completed it, whether it was shared, and that it is a draft until somebody signs."""
        return list(self._sign_off())

    def _sign_off(self) -> Iterator[str]:
        if self.version:
            by, on = self.version.content.text("completed_by"), self.date("completed_on", "")
            yield "Completed" + (f" by {by}" if by else "") + (f" on {on}" if on else "") + "."
            shared = self.date("shared_with_leadership_team_on", "")
            yield f"Shared with the service’s own leadership team on {shared}." if shared else "Not yet shared with the service’s own leadership team."
        signed = listed(self.words("signed_off_by"))
        if signed:
            yield f"Signed off by {signed}."
        else:
            yield f"{draft_line(self.snapshot.signed_off)}, with the report of the quarter." if self.snapshot.signed_off else "Draft. Not yet signed off."

    def own_actions(self) -> list[Any]:
        """The actions that this summary set."""
        return [a for a in self.snapshot.actions if self.version and a.return_id == self.version.issue.return_id]

    def why_none(self) -> str:
        """The author's reason for no action, '' when there are actions."""
        return "\n\n".join(self.words("no_action_reason"))


def all_words(summary: Summary, fields: Iterable[str]) -> dict[str, list[str]]:
    """The author's words under each of these fields."""
    return {field: summary.words(field) for field in fields}
