"""The DLT report on what came in: coverage, whose returns are missing, and the requirements of the framework that were not met."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qaf_sheets.model import Duty, Snapshot
from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.dlt_view import NO_AREA, View
from qaf_sheets.outputs.documents.service import NOT_IN
from qaf_sheets.outputs.documents.words import listed, references
from qaf_sheets.outputs.figures import CheckResult, Counts, Share, count_duties
from qaf_sheets.problems import count

Row = dict[str, Any]
NAMED = 4
"""Up to so many people or teams are named in one cell."""
CONTRIBUTIONS = "Contributions"
REQUIREMENTS, IN_NUMBERS = "Requirements", "Requirements in numbers"
"""The annex's sheets of the checks."""
PART = re.compile(r"(\d+) of (\d+)")


def coverage(view: View) -> dict[str, Any]:
    """One table: what was expected of each activity and came, and whose the missing ones are."""
    view.ledger.at("Coverage and what is missing")
    total = view.figures.total
    return {
        "lines": list(_by_area(view)), "caption": f"{view.returned(total.in_of_expected, 'returns')} are in" if total.expected else "", "rows": list(_rows(view)), "none": "No return was expected this quarter.",
        "source": "Counted: returns; contributions stand one by one in section 8. On time and late go by the first version that was accepted. In brackets: how many, and their references.",
    }  # fmt: skip


def _by_area(view: View) -> Iterator[str]:
    areas = {area: c for area, c in view.figures.by_area.items() if c.expected}
    if areas:
        yield f"Returns in, by the service area that owes them: {'; '.join(f'{area or NO_AREA} {view.share_in(c.in_of_expected, area or NO_AREA)}' for area, c in areas.items())}."
    if view.figures.total.nil:
        yield say.spell(f"{count(view.figures.total.nil, 'return says', 'returns say')} that there was nothing to report, which is an answer.")
    outside = view.figures.total.exempt + view.figures.total.not_required
    if outside:
        yield say.spell(f"{count(outside, 'return is', 'returns are')} exempt or not required, and not counted.")


def _rows(view: View) -> Iterator[Row]:
    """An activity a row; contributions together; the total last."""
    duties = view.snapshot.duties
    own = [code for code, c in view.figures.by_activity.items() if c.expected and not say.is_contribution(view.snapshot, code)]
    for code in own:
        yield _row(view, view.title(code), view.figures.by_activity[code], [d for d in duties if d.obligation.activity == code])
    given = [d for d in duties if say.is_contribution(view.snapshot, d.obligation.activity)]
    if count_duties(given).expected:
        yield _row(view, CONTRIBUTIONS, count_duties(given), [])
    if view.figures.total.expected:
        yield {**_row(view, "All returns", view.figures.total, []), "total": True}


def _row(view: View, name: str, c: Counts, duties: Sequence[Duty]) -> Row:
    return {"name": name, "expected": c.expected, "received": c.returned, "on_time": c.on_time, "late": c.late, "not_in": c.expected - c.returned, "whose": "\n".join(_whose(view.snapshot, duties)), "total": False}


def _whose(snapshot: Snapshot, duties: Sequence[Duty]) -> Iterator[str]:
    """Overdue (2): Team manager, MASH; Team manager, North. R-000103, R-000104."""
    for state in dict.fromkeys(NOT_IN.values()):
        if mine := [d for d in duties if d.state in NOT_IN and NOT_IN[d.state] == state]:
            refs = references(d.return_id for d in mine)
            yield f"{state[:1].upper()}{state[1:]}{_since(state, mine)}: {_owed_by(snapshot, mine)}{f' ({refs})' if refs else ''}"


def _owed_by(snapshot: Snapshot, duties: Iterable[Duty]) -> str:
    """Each by role and team; by role alone when they are many."""
    people = [(d.obligation.owner, snapshot.plan.person(d.obligation.person_id)) for d in duties]
    full = Counter(", ".join(filter(None, [snapshot.plan.role_text(p.role), p.team or p.service_area])) if p else owner for owner, p in people)
    names = full if len(full) <= NAMED else Counter(snapshot.plan.role_text(p.role) if p else owner for owner, p in people)
    return "; ".join(f"{name} ({n})" if n > 1 else name for name, n in sorted(names.items()))


def _since(state: str, duties: Iterable[Duty]) -> str:
    days = {d.obligation.due_on for d in duties}
    if state == "overdue":
        return f" since {min(days):%d/%m/%Y}"
    return f", due by {max(days):%d/%m/%Y}" if state == "still to come" else ""


# ---------------------------------------------------------------- requirements


def requirements(view: View) -> dict[str, Any]:
    """The framework's requirements that were not met."""
    view.ledger.at("Requirements not met")
    missed, of = say.checks_not_met(view.figures), len(view.figures.checks)
    results = Counter(c.result for c in view.figures.checks)
    others = listed([f"{n} {what}" for n, what in ((results["Met"], "met"), (results["Too early"], "too early to say"), (results["For information"], "reported without a target")) if n])
    return {
        "none": f"No requirement has been missed so far. Of {of}: {others}.", "source": f"The others: {others or 'none'}. The whole list, with the framework’s clauses, stands in the QA master, sheet Checks.",
        "caption": f"{view.ledger.of(Share(n=len(missed), of=of), 'requirements of the framework', REQUIREMENTS, {}, {'Result': 'Not met'})} not met",
        "rows": [{"what": c.requirement, "expected": _traced(view, c).expected, "actual": c.actual, "next": c.what_next} for c in missed],
    }  # fmt: skip


def _traced(view: View, check: CheckResult) -> CheckResult:
    """The check as it stands, with every number that it gives of another in the ledger."""
    for part, share in enumerate(numbers(check), 1):
        here = {"Requirement": check.requirement, "Part": str(part)}
        view.ledger.share(share, check.requirement, IN_NUMBERS, {**here, "Counted": "Expected"}, {"Counted": "Done"})
    return check


def numbers(check: CheckResult) -> list[Share]:
    """Every n of m that a check asks for or counts."""
    return [Share(n=int(n), of=int(of)) for n, of in PART.findall(f"{check.expected}; {check.actual}")]
