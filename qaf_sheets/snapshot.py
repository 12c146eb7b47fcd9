"""The register and the plan at one moment, as every output and `status` see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time

from qaf_sheets import concerns, feedback, meetings
from qaf_sheets.choices import excusing, signed_off
from qaf_sheets.desk import Desk
from qaf_sheets.model import Decision, Duty, Issue, Obligation, Plan, Problem, Quarter, Received, Snapshot, State, Version
from qaf_sheets.outputs.figures.concerns import CODES, flags
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.register.returns import Kept
from qaf_sheets.register.store import Records
from qaf_sheets.rules import is_nil


def take(desk: Desk, quarter: Quarter, notes: Sequence[Problem] = ()) -> Snapshot:
    """One quarter as it stands: as at the last thing that happened today, or this morning. Nothing new gives the same snapshot again."""
    plan, today = desk.plan, desk.now().date()
    with desk.register.reading() as records:
        issues = {i.return_id: i for i in records.issues.of_quarter(quarter)}
        versions = records.returns.versions(quarter=quarter)
        decisions, carried = records.decisions.standing(), records.decisions.in_force()
        others = {q: _Other(plan, records, q, carried, today) for q in _year_of(quarter) if q != quarter}
        past, deciding = [o for q, o in others.items() if q.number < quarter.number], _Deciding(records, carried, versions)
        after = feedback.standing(records, plan, (*(v for o in others.values() for v in newest_accepted(o.versions)), *newest_accepted(versions)), today)
        met, settled = tuple(meetings.rows(records, plan).values()), concerns.settled(records)
        forms = records.issues.forms_of(quarter)
        files = [k.received for k in records.returns.files()]
        last_year = records.returns.versions(before=_year_of(quarter)[0], told=CODES)
        last = quarter.plus(-1)
        before = newest_accepted(others[last].versions if last in others else records.returns.versions(quarter=last))
        actions, waiting, newest = records.actions.all(), records.returns.waiting(), records.last_entry_at()
        unfiled = records.returns.unfiled()
    counted = {v.issue.return_id: v.version for v in newest_accepted(versions)}
    duties = tuple(_duty(o, issue, versions, deciding, today) for o, issue in _owed(obligations(plan, quarter), issues, counted))
    return Snapshot(
        quarter=quarter, as_at=max(newest, datetime.combine(today, time())), plan=plan, forms=forms, duties=duties, returns=newest_accepted(versions), actions=actions,
        files=tuple(f for f in files if _concerns(f, issues, quarter)), waiting=waiting, lying=_lying(desk, unfiled), stand={v.file: v.outcome for v in versions}, notes=(*notes, *feedback.remarks(after)),
        year=tuple(d for o in others.values() for d in o.duties), earlier=tuple(v for o in past for v in newest_accepted(o.versions)), before=before,
        flagged=tuple(v for v in (*last_year, *(v for o in past for v in o.versions), *versions) if any(flags(v.content))), concerns_settled=settled,
        moderations=tuple(i for i in issues.values() if i.stands(counted)), decisions=decisions, signed_off=signed_off(carried, quarter), feedback=after, meetings=met,
    )


def _lying(desk: Desk, unfiled: Sequence[Kept]) -> frozenset[str]:
    """Files that are safe in their place and whose drop is in the inbox still."""
    places = {k.received.kept_as or "": desk.workspace.absolute(k.received.file) for k in unfiled}
    return frozenset(kept for kept, drop in places.items() if drop.is_file() and desk.workspace.absolute(kept).is_file())


class _Other:
    """Another quarter of the year: what was owed in it and what came."""

    def __init__(self, plan: Plan, records: Records, quarter: Quarter, decisions: Sequence[Decision], today: date) -> None:
        issues = {i.return_id: i for i in records.issues.of_quarter(quarter)}
        self.versions = records.returns.versions(quarter=quarter) if issues else ()
        counted = {v.issue.return_id for v in newest_accepted(self.versions)}
        deciding = _Deciding(records, decisions, self.versions)
        self.duties = tuple(_duty(o, issue, self.versions, deciding, today) for o, issue in _owed(obligations(plan, quarter), issues, counted))


class _Deciding:
    """What stands beside the returns when a duty is judged: people's decisions, and the returns that say there is nothing to report."""

    def __init__(self, records: Records, decisions: Sequence[Decision], versions: Sequence[Version]) -> None:
        self.decisions = decisions
        self.nil = {v.issue.return_id for v in newest_accepted(versions) if (kept := records.issues.form(v.issue.form_version)) and is_nil(kept[0], v.content)}

    def excusing(self, owed: Obligation) -> Decision | None:
        """The decision by which it is not owed."""
        return excusing(self.decisions, owed)


def _year_of(quarter: Quarter) -> tuple[Quarter, ...]:
    return tuple(Quarter(year=quarter.year, number=n) for n in (1, 2, 3, 4))


Owed = tuple[Obligation, Issue | None]


def _owed(owed: Sequence[Obligation], issues: Mapping[str, Issue], counted: Collection[str]) -> list[Owed]:
    """What the plan says is owed, each with what was issued for it; what was issued under an earlier plan stays owed until it is settled.

    A duty about somebody is owed once, whoever their manager is now: the return that counts stands, else the newest plan (specification 3.2).
    """
    by_duty = {o: issue for issue in issues.values() for o in issue.obligation_ids}
    now: list[Owed] = [(o, by_duty.get(o.obligation_id)) for o in owed]
    known = {o.obligation_id for o in owed}
    before = [(_as_issued(duty, issue), issue) for duty, issue in by_duty.items() if duty not in known]
    met = {_matter(o) for o, issue in before if issue.return_id in counted}
    current = {_matter(o) for o in owed}
    return [(o, i) for o, i in now if _matter(o) not in met or i] + [(o, i) for o, i in before if i.return_id in counted or _matter(o) not in current]


def _matter(owed: Obligation) -> tuple[str, ...]:
    """What a duty is about, whoever owes it: the person, area or child; the post it came from, where it was passed on."""
    _, rule, person, about, n = owed.obligation_id.split("/", 4)
    return (rule, person if about == "-" else about, n)


def _as_issued(obligation_id: str, issue: Issue) -> Obligation:
    return Obligation(
        obligation_id=obligation_id, rule_id=obligation_id.split("/")[1], clause="Issued under an earlier plan", activity=issue.activity,
        quarter=issue.quarter, person_id=issue.person_id, owner=issue.person_name, about=issue.about, due_on=issue.due_on,
    )


def _duty(owed: Obligation, issue: Issue | None, versions: Sequence[Version], deciding: _Deciding, today: date) -> Duty:
    mine = [v for v in versions if issue and v.issue.return_id == issue.return_id]
    accepted = [v for v in mine if v.outcome == "accepted"]
    as_issued = owed.model_copy(update={"due_on": issue.due_on}) if issue else owed
    state, excused = _state(as_issued, mine, today), deciding.excusing(as_issued)
    if state == "returned":
        state = "nil" if issue and issue.return_id in deciding.nil else state
    elif excused:
        state = "exempt" if excused.kind == "exempt" else "nil"
        as_issued = as_issued.model_copy(update={"note": f"{excused.choice}: {excused.why} ({excused.who})"})
    return Duty(
        obligation=as_issued, state=state, return_id=issue.return_id if issue else None,
        received_on=accepted[0].received_at.date() if accepted else None, file=(accepted or mine)[-1].file if mine else "",
    )


def _state(owed: Obligation, versions: Sequence[Version], today: date) -> State:
    versions = [v for v in versions if v.outcome != "older_version"]  # passed over by a decision
    newest = versions[-1].outcome if versions else None
    if newest == "conflict":  # one person's version stands, another's came after it: somebody has to choose
        return "held"
    if any(v.outcome == "accepted" for v in versions):
        return "returned"
    if owed.excused:
        return "not_required"
    if versions:
        return "needs_fixing" if newest == "needs_fixing" else "held"
    if today > owed.due_on:
        return "overdue"
    return "due" if today >= owed.quarter.starts else "later"


def newest_accepted(versions: Sequence[Version]) -> tuple[Version, ...]:
    """Each return's newest accepted version, by return."""
    return tuple({v.issue.return_id: v for v in versions if v.outcome == "accepted"}.values())


def _concerns(file: Received, issues: Mapping[str, Issue], quarter: Quarter) -> bool:
    """A file of this quarter's returns, or one that is nobody's and came since the quarter began."""
    return file.return_id in issues if file.return_id else file.received_at.date() >= quarter.starts
