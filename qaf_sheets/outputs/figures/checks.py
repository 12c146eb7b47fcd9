"""The framework's minimums: what is expected, what was done, and whether that meets it (specification 5). One function a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from qaf_sheets import workdays
from qaf_sheets.model import Record, Snapshot, Version
from qaf_sheets.outputs.figures.coverage import Counts
from qaf_sheets.outputs.figures.dip import DipFigures
from qaf_sheets.outputs.figures.grades import Graded, Moderation, Rechecks, count_moderation, to_look_at_again
from qaf_sheets.outputs.figures.reviews import FamilyViews, Feedback
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.problems import count
from qaf_sheets.rules import HEARD

Result = Literal["Met", "Not met", "Too early", "For information"]


class CheckResult(Record):
    """One requirement of the framework and where it stands."""

    number: int
    requirement: str
    expected: str
    actual: str
    result: Result
    clause: str
    what_next: str = ""


class Facts(NamedTuple):
    """What the checks look at, computed once."""

    snapshot: Snapshot
    versions: Sequence[Version]
    coverage: dict[str, Counts]
    graded: Sequence[Graded]
    dip: DipFigures
    moderation: dict[str, Moderation]
    rechecks: Rechecks
    family: FamilyViews
    observed: Share
    feedback: dict[str, Feedback]

    def of(self, activity: str) -> list[Version]:
        """The counted returns of an activity."""
        return [v for v in self.versions if v.issue.activity == activity]

    def setting(self, name: str, usual: int) -> int:
        """A number from the plan's settings."""
        value = self.snapshot.plan.settings.get(name, "")
        return int(value) if value.isdigit() else usual

    def judge(self, activity: str, *, met: bool) -> Result:
        """Met, or not: too early while returns of the activity may still come in time, or none is owed yet."""
        counts = self.coverage.get(activity, Counts())
        return "Met" if met else "Too early" if counts.awaiting or not counts.expected else "Not met"


def dip_sample(f: Facts) -> CheckResult:
    """At least ten children in the quarter; a shorter return gives its reason."""
    why = f"{f.dip.unexplained} without a reason" if f.dip.unexplained else "each with its reason"
    short = f"; {count(f.dip.short, 'return')} with fewer, {why}" if f.dip.short else ""
    return CheckResult(
        number=1, requirement="Dip sample: different children in the quarter", expected="10 or more", actual=f"{count(f.dip.children, 'child', 'children')} in {count(f.dip.returns, 'return')}{short}",
        result=f.judge("DIP", met=f.dip.children >= 10 and not f.dip.unexplained), clause="Section 5, 5.1",
        what_next="Ask why there are fewer than ten children" if f.dip.unexplained else "Chase the dip samples that are not in",
    )  # fmt: skip


def review_volume(f: Facts) -> CheckResult:
    """Twenty children a quarter, or what the plan's rule says."""
    asked = next((r.count for r in f.snapshot.plan.rules if r.activity == "CCR" and r.unit == "authority" and r.on), 20)
    children = len({v.content.code("child_id") for v in f.of("CCR")} - {""})
    return CheckResult(
        number=2, requirement="Collaborative case reviews: different children", expected=f"{asked} or more", actual=count(children, "child", "children"),
        result=f.judge("CCR", met=children >= asked), clause="Appendix 4", what_next="Allocate more children, or chase the reviews that are not in",
    )  # fmt: skip


def review_levels(f: Facts) -> CheckResult:
    """Every level of need that has open children, and none of them too many."""
    found, most = Counter(g.level for g in f.graded if g.level), f.setting("ccr_level_share", 50)
    missing = sorted({c.level_of_need for c in f.snapshot.plan.children if c.level_of_need} - set(found))
    largest = max(found.values(), default=0)
    actual = "; ".join(f"{level} {n}" for level, n in sorted(found.items(), key=lambda i: (-i[1], i[0]))) or "No reviews yet"
    return CheckResult(
        number=3, requirement="Collaborative case reviews: across levels of need", expected=f"Every level; none above {most}%", actual=actual,
        result=f.judge("CCR", met=bool(found) and not missing and 100 * largest <= most * len(f.graded)), clause="Appendix 4",
        what_next=f"Review children at: {', '.join(missing)}" if missing else "Draw fewer children of one level next quarter",
    )  # fmt: skip


def review_teams(f: Facts) -> CheckResult:
    """No team has too many; every team that holds cases is met over two quarters."""
    found, most = Counter(g.team for g in f.graded if g.team), f.setting("ccr_team_share", 25)
    teams = {c.team for c in f.snapshot.plan.children if c.team}
    fair = bool(found) and 100 * max(found.values(), default=0) <= most * len(f.graded)
    whole = fair and not teams - set(found)
    return CheckResult(
        number=4, requirement="Collaborative case reviews: across teams", expected=f"Every team over two quarters; none above {most}%",
        actual=f"{len(found)} of {count(len(teams), 'team')}; at most {count(max(found.values(), default=0), 'child', 'children')} of one team",
        result="Met" if whole else "Too early" if fair else f.judge("CCR", met=False), clause="Appendix 4", what_next="Draw from the other teams next quarter",
    )  # fmt: skip


def review_again(f: Facts) -> CheckResult:
    """At least one of the children was Inadequate, or RI bordering Good, before, if there is any such child. The aim is said, but is no minimum."""
    target, again = f.setting("ccr_recheck_share", 20), sum(g.again for g in f.graded)
    any_such = again > 0 or any(to_look_at_again(_code(f.snapshot, c.last_grade), c) for c in f.snapshot.plan.children)
    below = f"; below the aim of {target}%" if again and 100 * again < target * len(f.graded) else ""
    return CheckResult(
        number=5, requirement="Collaborative case reviews: children looked at again", expected=f"At least 1; aim {target}%",
        actual=f"{Share(n=again, of=len(f.graded))}{below}" if any_such else "No child is waiting to be looked at again", result=f.judge("CCR", met=again > 0 or (bool(f.graded) and not any_such)), clause="Appendix 4", what_next="Draw children who were Inadequate, or RI bordering Good",
    )  # fmt: skip


def moderation(f: Facts) -> CheckResult:
    """Every review is moderated."""
    found = f.moderation.get("CCR", count_moderation(()))
    return CheckResult(
        number=8, requirement="Collaborative case reviews: moderated", expected="All", actual=str(Share(n=found.moderated, of=found.of)),
        result="Met" if found.of and found.moderated == found.of else f.judge("CCR", met=False), clause="Appendix 4", what_next="Moderate the others before the report",
    )  # fmt: skip


def _all_in(number: int, activity: str, requirement: str, clause: str, what_next: str) -> Callable[[Facts], CheckResult]:
    """Every return of an activity is in."""
    def check(f: Facts) -> CheckResult:
        counts = f.coverage.get(activity, Counts())
        return CheckResult(
            number=number, requirement=requirement, expected="All", actual=str(counts.in_of_expected), result=f.judge(activity, met=bool(counts.expected) and counts.returned == counts.expected),
            clause=clause, what_next=what_next,
        )  # fmt: skip

    return check


def feedback(f: Facts) -> CheckResult:
    """Spoken and written feedback on every observation and review."""
    both = Share(n=sum(x.both.n for x in f.feedback.values()), of=sum(x.both.of for x in f.feedback.values()))
    return CheckResult(
        number=16, requirement="Spoken and written feedback dated", expected="All observations and reviews", actual=str(both),
        result="Met" if both.of and both.n == both.of else "Too early" if not both.of else "Not met", clause="Section 13, 10.3 (first)", what_next="Ask reviewers for the feedback dates",
    )  # fmt: skip


def actions(f: Facts) -> CheckResult:
    """Every review has an action, or says why it needs none."""
    reviews = f.of("CCR")
    settled = sum(bool(v.content.rows.get("actions")) or bool(v.content.text("no_action_reason")) for v in reviews)
    return CheckResult(
        number=17, requirement="Reviews with an action, or a reason why not", expected="All", actual=str(Share(n=settled, of=len(reviews))),
        result=f.judge("CCR", met=bool(reviews) and settled == len(reviews)), clause="Section 13, 10.3 (first)", what_next="Ask the reviewer what will be done",
    )  # fmt: skip


def equality(f: Facts) -> CheckResult:
    """Equality and diversity is answered in every return; short answers are named."""
    least = f.setting("short_answer", 40)
    asked = [v for v in f.versions if "ed_evaluation" in v.content.answers]
    done = sum(all(v.content.text(x) for x in ("ed_understanding", "ed_response", "ed_evaluation")) for v in asked)
    short = sum(any(len(v.content.text(x)) < least for x in ("ed_understanding", "ed_response")) for v in asked)
    return CheckResult(
        number=18, requirement="Equality, diversity and identity answered", expected="All returns", actual=f"{Share(n=done, of=len(asked))}; {short or 'none'} with fewer than {least} characters",
        result="Met" if asked and done == len(asked) else "Too early" if not asked else "Not met", clause="Section 1, 1.6", what_next="Ask for the missing answers",
    )  # fmt: skip


def family_views(f: Facts) -> CheckResult:
    """How many reviews heard the child or a parent."""
    reasons = "; ".join(f"{option}: {n}" for option, n in f.family.by_option.items() if option not in HEARD and n)
    return CheckResult(
        number=19, requirement="Reviews that heard the family", expected="Reported, with reasons", actual=f"{f.family.heard}{f'; {reasons}' if reasons else ''}", result="For information", clause="Section 9, 8.2",
    )  # fmt: skip


def on_file(f: Facts) -> CheckResult:
    """Reviews are on the child's file within so many working days of moderation; one that is due today is not late yet."""
    days = f.setting("on_file_after_moderation", 10)
    dates = [(workdays.add(on, days, f.snapshot.plan.holidays), v.content.day("placed_on_file_on")) for v in f.of("CCR") if (on := v.content.day("mod_on"))]
    due = [(by, placed) for by, placed in dates if by < f.snapshot.as_at.date()]
    in_time = sum(placed is not None and placed <= by for by, placed in due)
    told = f"in time: {in_time} of {len(due)} that were due" if due else "none had to be yet"
    return CheckResult(
        number=21, requirement="Reviews placed on the child's file", expected=f"Within {days} working days of moderation",
        actual=f"{sum(placed is not None for _, placed in dates)} placed; {told}", result="Too early" if not due else "Met" if in_time == len(due) else "Not met", clause="Section 13, 10.3 (second)", what_next="Place the reviews on file and record the date",
    )  # fmt: skip


def _code(snapshot: Snapshot, grade: str) -> str:
    option = snapshot.plan.option("grade", grade)  # the Children sheet may hold a grade's words or its code
    return option.code if option and option.code else grade


def practice_observed(f: Facts) -> CheckResult:
    """Reviews with an observation of practice."""
    return CheckResult(number=22, requirement="Reviews with practice observed", expected="Reported", actual=str(f.observed), result="For information", clause="Appendix 7")


CHECKS: tuple[Callable[[Facts], CheckResult], ...] = (
    dip_sample, review_volume, review_levels, review_teams, review_again, moderation,
    _all_in(9, "OBS", "Observations of practice due this quarter", "Section 6, 6.4", "Chase the observations that are not in"),
    _all_in(14, "ROUT", "Routine summaries from Heads of Service and Assistant Directors", "Section 4, 4.2", "Chase the summaries that are not in"),
    _all_in(15, "SERV", "Service summaries from every service area", "Section 2, 2.6", "Chase the summaries that are not in"),
    feedback, actions, equality, family_views, on_file, practice_observed,
)  # fmt: skip
"""Those of specification 5 that the present forms allow, by their numbers there."""
