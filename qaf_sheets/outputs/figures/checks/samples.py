"""Checks 1 to 7: how many children were looked at, which ones, and how many thematic audits there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import ceil

from qaf_sheets.outputs.figures.again import waiting_again
from qaf_sheets.outputs.figures.checks.facts import AUDIT, REVIEW, Behind, CheckResult, Facts, Result, work_rows
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.problems import count
from qaf_sheets.rules import MODERATED

LEAST = 10
"""Children in a dip sample."""


def dip_sample(f: Facts) -> CheckResult:
    """At least ten children in the quarter, or in each return, as `dip_min_scope` says; a shorter return gives its reason."""
    scope = f.snapshot.plan.settings.get("dip_min_scope", "authority")
    why = f"{f.dip.unexplained} without a reason" if f.dip.unexplained else "each with its reason"
    short = f"; {count(f.dip.short, 'return')} with fewer, {why}" if f.dip.short else ""
    met = not f.dip.short if scope == "return" else f.dip.children >= LEAST and not f.dip.unexplained
    asked = {"return": f"{LEAST} or more in each return", "both-soft": f"{LEAST} or more, as a remark"}.get(scope, f"{LEAST} or more")
    rows = [(v, len(v.content.rows.get(form.sample.id, ()))) for v in f.versions if (form := f.snapshot.forms.get(v.issue.activity)) and form.sample]
    return CheckResult(
        number=1, requirement="Dip sample: different children in the quarter", expected=asked, actual=f"{count(f.dip.children, 'child', 'children')} in {count(f.dip.returns, 'return')}{short}",
        result="For information" if scope == "both-soft" else f.judge("DIP", met=bool(f.dip.returns) and met), clause="Section 5, 5.1",
        what_next="Ask why there are fewer than ten children" if f.dip.unexplained else "Chase the dip samples that are not in",
        behind=tuple(Behind(reference=v.issue.return_id, who=v.issue.person_name, what=count(n, "child", "children"), counts=n >= LEAST, return_id=v.issue.return_id) for v, n in rows),
    )  # fmt: skip


def review_volume(f: Facts) -> CheckResult:
    """Twenty children a quarter, or what the plan's rule says."""
    asked = next((r.count for r in f.snapshot.plan.rules if r.activity == REVIEW and r.unit == "authority" and r.on and r.per == "quarter"), 20)
    children = len({v.content.code("child_id") for v in f.of(REVIEW)} - {""})
    return CheckResult(
        number=2, requirement="Collaborative case reviews: different children", expected=f"{asked} or more", actual=count(children, "child", "children"),
        result=f.judge(REVIEW, met=children >= asked), clause="Appendix 4", what_next="Allocate more children, or chase the reviews that are not in", behind=work_rows(f.work(REVIEW)),
    )  # fmt: skip


def review_levels(f: Facts) -> CheckResult:
    """Every level of need that has open children, and none of them too many."""
    work = f.work(REVIEW)
    found, most = Counter(g.level for g in work if g.level), f.setting("ccr_level_share", 50)
    missing = sorted({c.level_of_need for c in f.snapshot.plan.children if c.level_of_need and c.closed_on is None} - set(found))
    largest = max(found.values(), default=0)
    actual = "; ".join(f"{level} {n}" for level, n in sorted(found.items(), key=lambda i: (-i[1], i[0]))) or "No reviews yet"
    return CheckResult(
        number=3, requirement="Collaborative case reviews: across levels of need", expected=f"Every level; none above {most}%", actual=actual,
        result=f.judge(REVIEW, met=bool(found) and not missing and 100 * largest <= most * len(work)), clause="Appendix 4",
        what_next=f"Review children at: {', '.join(missing)}" if missing else "Draw fewer children of one level next quarter",
        behind=(*work_rows(work, {g.id: g.level for g in work}), *(Behind(reference=level, what="no review", counts=False) for level in missing)),
    )  # fmt: skip


def review_teams(f: Facts) -> CheckResult:
    """No team has too many; every team that holds cases is met over two quarters."""
    work = f.work(REVIEW)
    found, most = Counter(g.team for g in work if g.team), f.setting("ccr_team_share", 25)
    before = _teams_before(f)
    teams = {c.team for c in f.snapshot.plan.children if c.team and c.closed_on is None}
    missing = sorted(teams - set(found) - before)
    fair = bool(found) and 100 * max(found.values(), default=0) <= most * len(work)
    result: Result = "Met" if fair and not missing else "Too early" if fair and not before else f.judge(REVIEW, met=False)
    return CheckResult(
        number=4, requirement="Collaborative case reviews: across teams", expected=f"Every team over two quarters; none above {most}%",
        actual=f"{len(found)} of {count(len(teams), 'team')}; at most {count(max(found.values(), default=0), 'child', 'children')} of one team",
        result=result, clause="Appendix 4", what_next=f"Draw from: {', '.join(missing)}" if missing else "Draw fewer children of one team next quarter",
        behind=(*work_rows(work, {g.id: g.team for g in work}), *(Behind(reference=team, what="no review in two quarters", counts=False) for team in missing)),
    )  # fmt: skip


def _teams_before(f: Facts) -> set[str]:
    """The teams whose children were reviewed in the quarter before."""
    seen = (v.content.code("child_id") for v in f.snapshot.before if v.issue.activity == REVIEW)
    return {child.team for c in seen if (child := f.snapshot.plan.child(c))} - {""}


def review_again(f: Facts) -> CheckResult:
    """At least one of the children was Inadequate, or RI bordering Good, before, if there is any such child. The aim is said, but is no minimum."""
    work = f.work(REVIEW)
    target, again = f.setting("ccr_recheck_share", 20), sum(g.again for g in work)
    any_such = again > 0 or bool(waiting_again(f.snapshot))
    below = f"; below the aim of {target}%" if again and 100 * again < target * len(work) else ""
    return CheckResult(
        number=5, requirement="Collaborative case reviews: children looked at again", expected=f"At least 1; aim {target}%",
        actual=f"{Share(n=again, of=len(work))}{below}" if any_such else "No child is waiting to be looked at again", result=f.judge(REVIEW, met=again > 0 or (bool(work) and not any_such)), clause="Appendix 4",
        what_next="Draw children who were Inadequate, or RI bordering Good", behind=work_rows(work, {g.id: f"{g.previous or 'not graded'} before, {g.final_words} now" for g in work}, {g.id: g.again for g in work}),
    )  # fmt: skip


def thematic_exercises(f: Facts) -> CheckResult:
    """At least four thematic audits in the year: on track with one a quarter."""
    asked = next((r.count for r in f.snapshot.plan.rules if r.activity == AUDIT and r.unit == "authority" and r.per == "year" and r.on), 4)
    held = {v.issue.quarter.number for v in (*f.of(AUDIT), *(v for v in f.snapshot.earlier if v.issue.activity == AUDIT))}
    held |= {number for number, n in f.before(AUDIT, "returned").items() if n}
    now = min(asked, ceil(asked * f.quarter.number / 4))
    return CheckResult(
        number=6, requirement="Thematic audits in the year", expected=f"{asked} or more; {now} by the end of Q{f.quarter.number}", actual=f"{len(held)} so far", result=f.judge(AUDIT, met=len(held) >= now),
        clause="Section 8, 5.2", what_next="Hold the thematic audit of this quarter", behind=tuple(Behind(reference=f"Q{n}", what="held" if n in held else "not held", counts=n in held) for n in range(1, f.quarter.number + 1)),
    )  # fmt: skip


def thematic_moderation(f: Facts) -> CheckResult:
    """Every Outstanding and Inadequate audit is moderated, and a share of the others."""
    work, share = f.work(AUDIT), f.setting("them_moderation_share", 20)
    must, rest = [g for g in work if g.original in MODERATED], [g for g in work if g.original not in MODERATED]
    done, others = sum(bool(g.moderated) for g in must), sum(bool(g.moderated) for g in rest)
    wanted = ceil(len(rest) * share / 100)
    return CheckResult(
        number=7, requirement="Thematic audits: moderated", expected=f"All Outstanding and Inadequate; {share}% of the others", actual=f"{Share(n=done, of=len(must))}; of the others {Share(n=others, of=len(rest))}",
        result=f.judge(AUDIT, met=bool(work) and done == len(must) and others >= wanted), clause="Section 8, 5.4", what_next="Moderate the others before the report", behind=moderated_rows(work),
    )  # fmt: skip


def moderated_rows(work: list[Graded]) -> tuple[Behind, ...]:
    """Each piece of work with what moderation made of it."""
    said = {g.id: f"{g.original} by the reviewer, {g.moderated} by the moderator" if g.moderated else f"{g.original} by the reviewer, not moderated" for g in work}
    return work_rows(work, said, {g.id: bool(g.moderated) for g in work})


CHECKS: tuple[Callable[[Facts], CheckResult], ...] = (dip_sample, review_volume, review_levels, review_teams, review_again, thematic_exercises, thematic_moderation)
