"""What came or changed after a quarter was reported: the report itself stays as it was signed off, and this list stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qaf_sheets.model import Quarter, Return, Snapshot, Version
from qaf_sheets.outputs.documents.head import head
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.words import day, safe_name
from qaf_sheets.outputs.figures import Figures, current
from qaf_sheets.problems import count


def whose(given: Given) -> Iterator[Quarter]:
    """The quarter, where it was reported and something differs since."""
    if given.reported and (list(_returns(given.reported.snapshot, given.snapshot)) or list(_numbers(given.reported.figures, given))):
        yield given.snapshot.quarter


def file_name(_: Given, quarter: Quarter) -> str:
    """By quarter."""
    return safe_name(f"Changes since the report - {quarter.label}")


def context(given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the template may say."""
    assert given.reported, "asked for only then"
    then, title = given.reported.snapshot, f"Changes since the report, {quarter.label}"
    returns, numbers = list(_returns(then, given.snapshot)), list(_numbers(given.reported.figures, given))
    return {
        **head(given.snapshot, title, title, max([then.as_at, *(v.received_at for v in given.snapshot.returns)]), "For information"),
        "lines": [f"{_reported(then)} The report and what was written from it stay as they are; this list says what has come since.", "Where that changes what was decided, please bring it to the next meeting."],
        "returns": {"rows": returns, "caption": f"{count(len(returns), 'return counts', 'returns count')} otherwise than in the report", "source": "Counted: returns that came, were replaced or no longer count. What each says stands in the QA master.", "none": "No return has come or changed since."},
        "figures": {"rows": numbers, "caption": f"{count(len(numbers), 'number')} would differ", "source": "Counted as in the report.", "none": "None of the report’s headline numbers would differ."},
        "quarters": 1,
    }  # fmt: skip


def _reported(then: Snapshot) -> str:
    signed = then.signed_off
    if signed and signed.decided_on:
        return f"The report was signed off on {day(signed.decided_on)}; its numbers are those of {day(then.as_at.date())}."
    return f"The quarter was closed with the numbers of {day(then.as_at.date())}."


# ---------------------------------------------------------------- returns


def _returns(then: Snapshot, now: Snapshot) -> Iterator[dict[str, str]]:
    before, after = ({v.issue.return_id: v for v in current(s)} for s in (then, now))
    for return_id in sorted({*before, *after}):
        was, is_ = before.get(return_id), after.get(return_id)
        if change := _change(was, is_):
            issue = (is_ or was).issue  # type: ignore[union-attr]  # it is one of the two
            yield {"what": (now if issue.activity in now.forms else then).title(issue.activity), "ref": return_id, "change": change}


def _change(was: Version | None, now: Version | None) -> str:
    if was is None and now:
        return f"Received on {day(now.received_at.date())}, after the report."
    if now is None:
        return "No longer counts."
    if was and was.version != now.version:
        n = _differing(was.content, now.content)
        return f"Version {now.version} counts in the place of version {was.version}: {count(n, 'answer differs', 'answers differ')}."
    return ""


def _differing(was: Return, now: Return) -> int:
    """How many answers differ; a table's rows are compared one by one."""
    fields = {f for f in {*was.answers, *now.answers} if was.text(f) != now.text(f)}
    rows = sum(
        [{k: a.text for k, a in row.items()} for row in was.rows.get(t, ())] != [{k: a.text for k, a in row.items()} for row in now.rows.get(t, ())]
        for t in {*was.rows, *now.rows}
    )
    return len(fields) + rows


# ---------------------------------------------------------------- numbers


def _numbers(then: Figures, given: Given) -> Iterator[dict[str, str]]:
    before, after = (dict(_headlines(f, given)) for f in (then, given.figures))
    for what in dict.fromkeys([*before, *after]):
        was, is_ = before.get(what, "None"), after.get(what, "None")
        if was != is_:
            yield {"what": what, "then": was, "now": is_}


def _headlines(of: Figures, given: Given) -> Iterator[tuple[str, str]]:
    """The report's headline numbers, by what they count."""
    named = given.snapshot.plural
    yield "Returns that are in", str(of.total.in_of_expected)
    for code, counts in of.grades.final.items():
        yield f"{named(code)} that are Good or better", str(counts.good_or_better)
        yield f"{named(code)} that are Inadequate", str(counts.inadequate_share)
    for area in of.practice_areas:
        yield f"{area.name}: Good or better", str(area.counts.good_or_better)
    for code, m in of.moderation_by.items():
        yield f"{named(code)}: grades that moderation left unchanged", str(m.agreed)
    yield "Families whose views were heard", str(of.family.heard)
    yield from ((f"Dip sample, “{q.text}”: Yes", str(q.yes_share)) for q in of.dip.questions)
    yield "Requirements not met", str(sum(c.result == "Not met" for c in of.checks))

