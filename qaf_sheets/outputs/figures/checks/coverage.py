"""Checks 9 to 15, 20, 23 and 24: who was observed and supervised over the year, and which returns are in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from qaf_sheets.lifecycle import FINISHED, NOT_NEEDED, SEEN
from qaf_sheets.model import Action, Duty, Quarter
from qaf_sheets.outputs.figures.checks.facts import IN, Behind, CheckResult, Facts, duty_rows, judged, month
from qaf_sheets.outputs.figures.once_a_year import OnceAYear
from qaf_sheets.outputs.figures.shares import Share

CONTRIBUTIONS = "Service summaries and contributions"
FORUMS = ("C_CICC", "C_CLF", "C_CPB", "C_PF", "C_PFS")


def _over_the_year(number: int, activity: str, requirement: str, clause: str, what_next: str) -> Callable[[Facts], CheckResult]:
    """Each person once a year, a quarter of them by the end of each quarter."""
    def check(f: Facts) -> CheckResult:
        once, number_now, mine = f.once[activity], f.quarter.number, f.duties(activity)
        target, everyone = once.asked(number_now), once.seen
        told = "".join(f"; {k} in Q{q} as counted by hand" for q, k in sorted(once.by_hand.items()))
        met = bool(everyone.of) and everyone.n >= target
        return CheckResult(
            number=number, requirement=requirement, expected=f"{target} of {everyone.of} by the end of Q{number_now}; all by the end of the year", actual=f"{everyone}{told}",
            result=judged(mine, met=met) if mine else "Met" if met else "Too early", clause=clause, what_next=what_next, behind=_each_once(f, once),
        )  # fmt: skip

    return check


def _each_once(f: Facts, once: OnceAYear) -> tuple[Behind, ...]:
    """Each person by the return that counts, else by what is still owed; a quarter counted by hand as a number, for nobody knows of whom."""
    known = [p.duty for p in once.people if p.standing != "unknown"]
    counted = (_by_hand(f.quarter.model_copy(update={"number": q}), n, once) for q, n in sorted(once.by_hand.items()))
    return (*duty_rows(f, known), *chain.from_iterable(counted))


def _by_hand(quarter: Quarter, n: int, once: OnceAYear) -> tuple[Behind, ...]:
    missed = once.unknown(quarter.number) - n
    counted = Behind(reference=quarter.label, what=f"{n} in, as counted by hand")
    return (counted, Behind(reference=quarter.label, what=f"{missed} more owed, not known about whom", counts=False)) if missed > 0 else (counted,)


def _by_role(number: int, part: str, clause: str, *, half: bool) -> Callable[[Facts], CheckResult]:
    """Senior leaders observe practice: so often in a quarter, or a half-year."""
    def check(f: Facts) -> CheckResult:
        role = f.snapshot.plan.role_of(part)
        mine = {p.person_id for p in f.snapshot.plan.people if p.role == role}
        other = {1: 2, 2: 1, 3: 4, 4: 3}[f.quarter.number]
        more = [d for d in f.snapshot.year if half and d.obligation.quarter.number == other]
        found = [d for d in (*f.snapshot.duties, *more) if d.obligation.activity == "OBS_SNR" and d.obligation.person_id in mine and d.state not in ("exempt", "not_required")]
        n = sum(d.state in IN for d in found)
        return CheckResult(
            number=number, requirement=f"{f.snapshot.plan.role_text(role)}: practice observed",
            expected=f"{len(found) or 1} this {'half-year' if half else 'quarter'}", actual=str(Share(n=n, of=len(found))) if found else "None owed",
            result=judged(found, met=bool(found) and n == len(found)), clause=clause, what_next="Ask for the observation", behind=duty_rows(f, found),
        )  # fmt: skip

    return check


def _all_in(number: int, activities: Sequence[str], requirement: str, clause: str, what_next: str) -> Callable[[Facts], CheckResult]:
    """Every return of some activities is in."""
    def check(f: Facts) -> CheckResult:
        return _in(f, number, f.duties(*activities), requirement, clause, what_next)

    return check


def _in(f: Facts, number: int, duties: list[Duty], requirement: str, clause: str, what_next: str) -> CheckResult:
    n, nil = sum(d.state in IN for d in duties), sum(d.state == "nil" for d in duties)
    said = f"; {nil} with nothing to report" if nil else ""
    return CheckResult(
        number=number, requirement=requirement, expected="All", actual=f"{Share(n=n, of=len(duties))}{said}", result=judged(duties, met=bool(duties) and n == len(duties)), clause=clause,
        what_next=what_next, behind=duty_rows(f, duties),
    )  # fmt: skip


def contributions(f: Facts) -> CheckResult:
    """Every service area's summary, and every contribution, or that there is nothing to report."""
    owed = {d.obligation.activity for d in f.snapshot.duties}  # also what was not handed out yet
    codes = sorted(code for code in owed if code.startswith("C_") and code not in (*FORUMS, "C_PERF"))
    return _in(f, 15, f.duties("SERV", *codes), CONTRIBUTIONS, "Section 2, 2.6 to 2.8", "Chase those that are not in")


def newly_qualified(f: Facts) -> CheckResult:
    """Three supervision dips a month by each who owes them, or all newly qualified if there are fewer."""
    duties = f.duties("SUP_ASYE")
    months = sorted({d.obligation.month for d in duties})
    by_month = "; ".join(f"{month(m)} {Share(n=sum(d.state in IN for d in duties if d.obligation.month == m), of=sum(d.obligation.month == m for d in duties))}" for m in months)
    n = sum(d.state in IN for d in duties)
    return CheckResult(
        number=13, requirement="Supervision of newly qualified social workers looked at", expected="3 and 3 each month, or all there are", actual=f"{Share(n=n, of=len(duties))}{f' ({by_month})' if by_month else ''}",
        result=judged(duties, met=bool(duties) and n == len(duties)), clause="Appendix 6", what_next="Chase the months that are not in", behind=duty_rows(f, duties),
    )  # fmt: skip


def follow_up(f: Facts) -> CheckResult:
    """Closed actions are looked behind, and so many are verified."""
    duties, closed = f.duties("FUP"), [a for a in f.snapshot.actions if a.cells.get("status") in FINISHED and a.cells.get("status") != NOT_NEEDED]
    verified = sum(a.cells.get("status") in SEEN for a in closed)
    done = bool(duties) and all(d.state in IN for d in duties)
    looked = [a for a in f.snapshot.actions if a.cells.get("follow_up_on")]
    return CheckResult(
        number=20, requirement="Closed actions followed up", expected="A sample each quarter", actual=f"{'Done' if done else 'Not done yet'}; {Share(n=verified, of=len(closed))} closed actions verified",
        result=judged(duties, met=done), clause="Section 13, 10.3 (second)", what_next="Look behind the closed actions that were drawn",
        behind=(*duty_rows(f, duties), *map(_looked_behind, looked)),
    )  # fmt: skip


def _looked_behind(action: Action) -> Behind:
    seen = action.cells.get("follow_up_result")
    return Behind(reference=action.action_id, who=str(action.cells.get("owner") or ""), what=f"evidence seen: {seen or 'not said'}", counts=seen == "Yes")


CHECKS: tuple[Callable[[Facts], CheckResult], ...] = (
    _over_the_year(9, "OBS", "Observations of practice: everyone once a year", "Section 6, 6.4", "Chase the observations that are not in"),
    _by_role(10, "assistant_director", "Section 6, 6.5", half=False),
    _by_role(11, "director", "Section 6, 6.5", half=True),
    _over_the_year(12, "SUP", "Supervision audits: everyone who supervises, once a year", "Section 7, 7.2", "Chase the supervision audits that are not in"),
    newly_qualified, _all_in(14, ("ROUT",), "Routine summaries from everyone who owes one", "Section 4, 4.2", "Chase the summaries that are not in"),
    contributions, follow_up, _all_in(23, ("C_PERF",), "Notes of the monthly performance meetings", "Section 3, 3.2", "Ask for the notes"),
    _all_in(24, FORUMS, "What forums of children and of practitioners say", "Section 10, 10.3 and 10.4; Section 11, 11.2 (second)", "Ask the forums for their summaries"),
)  # fmt: skip
