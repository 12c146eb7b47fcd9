"""How the master names things: states with their symbol, activities, sheets, people, and where a return's file is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from qaf_sheets.model import Duty, Form, Outcome, Person, Received, Snapshot, State, Version
from qaf_sheets.outputs.figures import current
from qaf_sheets.outputs.master.kit import Link

STATES: Mapping[State, str] = {
    "returned": "✓ Returned", "nil": "✓ Nothing to report", "later": "○ Not due yet", "due": "○ Due", "needs_fixing": "! Needs fixing",
    "held": "! Held for a decision", "overdue": "✗ Overdue", "exempt": "– Exempt", "not_required": "– Not required",
}
OUTCOMES: Mapping[Outcome, str] = {
    "accepted": "✓ Accepted", "needs_fixing": "! Needs fixing", "held": "! Held for a decision", "conflict": "! Two people returned it", "duplicate": "– The same again",
    "older_version": "– Older version", "draft": "○ Draft, not finished", "waiting": "○ Waiting", "not_ours": "– Not one of our forms",
}
ON_TIME, LATE = "✓ On time", "! Late"
NO_AREA = "Across the council"
NEVER_SHOWN = frozenset({"child_name"})


MAY_NAME = "Not in this copy: the answer may name somebody."
UNSAID = "Not shown: it may name somebody. It stands in the received file."


class Names:
    """Look-ups over one snapshot, made once for each sheet that needs them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Staff by id."""
        return {p.person_id: p for p in self.snapshot.plan.people}

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The file of each return that counts, by reference."""
        return {v.issue.return_id: v.file for v in current(self.snapshot)}

    @cached_property
    def _latest(self) -> Mapping[str, Received]:
        read = (f for f in self.snapshot.files if f.return_id and f.outcome not in ("duplicate", "older_version"))
        return {str(f.return_id): f for f in sorted(read, key=lambda f: f.received_at)}

    def latest(self, return_id: str | None) -> Received | None:
        """The newest file that said something new for a return."""
        return self._latest.get(return_id or "")

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        """The first duty that each return meets, by reference."""
        return {d.return_id: d for d in sorted(self.snapshot.duties, key=lambda d: d.obligation.due_on, reverse=True) if d.return_id}

    @cached_property
    def activities(self) -> Mapping[str, str]:
        """What each activity is called; two of one name are told apart by their code."""
        titles = {code: form.title for code, form in self.snapshot.forms.items()}
        return {code: f"{title} ({code})" if list(titles.values()).count(title) > 1 else title for code, title in titles.items()}

    def activity(self, code: str) -> str:
        """One activity's name; its code where there is no form."""
        return self.activities.get(code, code)

    def person(self, person_id: str, known_as: str = "") -> str:
        """A person's name; what they were known as, or the id, where the plan no longer has them."""
        found = self.people.get(person_id)
        return found.name if found else known_as or person_id

    def about(self, about: str) -> str:
        """What a duty is about: a child by ID, a person by name, else as it is."""
        return f"Child {about}" if about.isdigit() else self.person(about)

    def area(self, person_id: str) -> str:
        """The service area a person's duties count in."""
        found = self.people.get(person_id)
        return area_name(found.service_area if found else "")

    def reference(self, return_id: str | None) -> Link | None:
        """A return's reference, opening the received file where one counts."""
        return Link(return_id, file=self.files.get(return_id, "")) if return_id else None


def area_name(area: str) -> str:
    """A service area, or words for those who have none."""
    return area or NO_AREA


def timing(duty: Duty | None) -> str:
    """On time or late, '' when nothing that counts came."""
    if duty is None or duty.state not in ("returned", "nil") or duty.received_on is None:
        return ""
    return LATE if duty.late else ON_TIME


def sheet_names(forms: Mapping[str, Form]) -> Mapping[str, str]:
    """The sheet of each activity, at most 25 characters and each different."""
    names: dict[str, str] = {}
    for code, form in forms.items():
        tries = (re.sub(r"[\[\]:*?/\\']", " ", t).strip() for t in (form.plural, form.title, code, f"{code} returns"))
        taken = {n.casefold() for n in names.values()}
        names[code] = next((t for t in tries if 0 < len(t) <= 25 and t.casefold() not in taken), f"Activity {len(names) + 1}")
    return names


def withheld_fields(versions: Iterable[Version]) -> frozenset[str]:
    """Questions whose answers are never shown here: a child's name, and all that were withheld when they were read."""
    found = {k for v in versions for answers in (v.content.answers, *(r for rows in v.content.rows.values() for r in rows)) for k, a in answers.items() if a.withheld}
    return NEVER_SHOWN | found
