"""Checks 8, 16 to 19, 21 and 22: what was done with each piece of work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from qaf_sheets import workdays
from qaf_sheets.model import Version
from qaf_sheets.outputs.figures.checks.facts import REVIEW, Behind, CheckResult, Facts, work_rows
from qaf_sheets.outputs.figures.checks.samples import moderated_rows
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.outputs.figures.moderation import Moderation, count_moderation
from qaf_sheets.outputs.figures.reviews import owed_feedback, settled_on
from qaf_sheets.outputs.figures.shares import Share
from qaf_sheets.rules import HEARD


def moderation(f: Facts) -> CheckResult:
    """Every review is moderated."""
    found: Moderation = f.moderation.get(REVIEW, count_moderation(()))
    return CheckResult(
        number=8, requirement="Collaborative case reviews: moderated", expected="All", actual=str(Share(n=found.moderated, of=found.of)),
        result="Met" if found.of and found.moderated == found.of else f.judge(REVIEW, met=False), clause="Appendix 4", what_next="Moderate the others before the report", behind=moderated_rows(f.work(REVIEW)),
    )  # fmt: skip


def feedback(f: Facts) -> CheckResult:
    """Spoken and written feedback on every piece of work that owes it."""
    both = Share(n=sum(x.both.n for x in f.feedback.values()), of=sum(x.both.of for x in f.feedback.values()))
    owed = [(one, settled_on(f.snapshot, one.id, "verbal_on"), settled_on(f.snapshot, one.id, "written_on")) for one in owed_feedback(f.snapshot, f.versions)]
    return CheckResult(
        number=16, requirement="Spoken and written feedback dated", expected="All observations, reviews, audits and supervision audits", actual=str(both),
        result="Met" if both.of and both.n == both.of else "Too early" if not both.of else "Not met", clause="Section 13, 10.3 (first)", what_next="Ask reviewers for the feedback dates, or enter them in the tracker",
        behind=tuple(
            Behind(reference=one.id, who=one.version.issue.person_name, what=f"spoken {f'{said:%d/%m/%Y}' if said else 'not dated'}; written {f'{wrote:%d/%m/%Y}' if wrote else 'not dated'}", counts=bool(said and wrote), return_id=one.version.issue.return_id)
            for one, said, wrote in owed
        ),
    )  # fmt: skip


def actions(f: Facts) -> CheckResult:
    """Every review and audit has an action, or says why it needs none."""
    codes = [code for code, form in f.snapshot.forms.items() if form.moderated]
    found = [v for code in codes for v in f.of(code)]
    settled = {v.issue.return_id: _settled(v) for v in found}
    met = bool(found) and all(settled.values())
    return CheckResult(
        number=17, requirement="Reviews and audits with an action, or a reason why not", expected="All", actual=str(Share(n=sum(settled.values()), of=len(found))), result="Met" if met else f.judge(REVIEW, met=False),
        clause="Section 13, 10.3 (second)", what_next="Ask the reviewer what will be done",
        behind=tuple(Behind(reference=v.issue.return_id, who=v.issue.person_name, what=_action_words(v), counts=settled[v.issue.return_id], return_id=v.issue.return_id) for v in found),
    )  # fmt: skip


def _settled(version: Version) -> bool:
    return bool(version.content.rows.get("actions")) or bool(version.content.text("no_action_reason"))


def _action_words(version: Version) -> str:
    n = len(version.content.rows.get("actions", ()))
    return f"{n} action{'s' if n != 1 else ''}" if n else "no further action, with a reason" if version.content.text("no_action_reason") else "no action and no reason"


def equality(f: Facts) -> CheckResult:
    """Equality and diversity is answered in every return, and on every sheet of one; short answers are named."""
    least, asked = f.setting("short_answer", 40), f.equality.asked
    done = [a.length != "Not answered" for a in asked]
    short = [any(len(said.text if said else "") < least for said in (a.understanding, a.response)) for a in asked]
    return CheckResult(
        number=18, requirement="Equality, diversity and identity answered", expected="All returns", actual=f"{Share(n=sum(done), of=len(asked))}; {sum(short) or 'none'} with fewer than {least} characters",
        result="Met" if asked and all(done) else "Too early" if not asked else "Not met", clause="Section 1, 1.6", what_next="Ask for the missing answers",
        behind=tuple(
            Behind(reference=a.version.issue.return_id, who=a.version.issue.person_name, what="short" if brief else "answered" if full else "not answered", counts=full, return_id=a.version.issue.return_id)
            for a, full, brief in zip(asked, done, short, strict=True)
        ),
    )  # fmt: skip


def family_views(f: Facts) -> CheckResult:
    """How many reviews heard the child or a parent."""
    reasons = "; ".join(f"{option}: {n}" for option, n in f.family.by_option.items() if option not in HEARD and n)
    said = [(v, v.content.code("family_contact")) for v in f.versions if v.content.code("family_contact")]
    return CheckResult(
        number=19, requirement="Reviews that heard the family", expected="Reported, with reasons", actual=f"{f.family.heard}{f'; {reasons}' if reasons else ''}", result="For information", clause="Section 9, 8.2",
        behind=tuple(Behind(reference=v.issue.return_id, who=v.issue.person_name, what=contact, counts=contact in HEARD, return_id=v.issue.return_id) for v, contact in said),
    )  # fmt: skip


def on_file(f: Facts) -> CheckResult:
    """Reviews and audits are on the child's file within so many working days of moderation; one that is due today is not late yet."""
    days, today = f.setting("on_file_after_moderation", 10), f.snapshot.as_at.date()
    work = [(g, by, settled_on(f.snapshot, g.id, "on_file_on")) for g in f.graded if g.form.on_file and (by := _by(f, g, days))]
    due = [(g, by, placed) for g, by, placed in work if by < today]
    in_time = sum(placed is not None and placed <= by for _, by, placed in due)
    told = f"in time: {in_time} of {len(due)} that were due" if due else "none had to be yet"
    said = {g.id: f"on file {placed:%d/%m/%Y}" if placed else f"due on file by {by:%d/%m/%Y}" for g, by, placed in work}
    return CheckResult(
        number=21, requirement="Reviews and audits placed on the child's file", expected=f"Within {days} working days of moderation",
        actual=f"{sum(placed is not None for *_, placed in work)} placed; {told}", result="Too early" if not due else "Met" if in_time == len(due) else "Not met", clause="Section 13, 10.3 (second)",
        what_next="Place the reviews on file and record the date in the tracker", behind=work_rows((g for g, *_ in work), said, {g.id: placed is not None for g, _, placed in work}),
    )  # fmt: skip


def _by(f: Facts, work: Graded, days: int) -> date | None:
    on = work.moderation.content.day("mod_on") if work.moderation else None
    return workdays.add(on, days, f.snapshot.plan.holidays) if on else None


def practice_observed(f: Facts) -> CheckResult:
    """Reviews with an observation of practice."""
    said = [(v, v.content.code("observation_done")) for v in f.versions if v.content.code("observation_done")]
    return CheckResult(
        number=22, requirement="Reviews with practice observed", expected="Reported", actual=str(f.observed), result="For information", clause="Appendix 7",
        behind=tuple(Behind(reference=v.issue.return_id, who=v.issue.person_name, what="observed" if done == "Yes" else "not observed", counts=done == "Yes", return_id=v.issue.return_id) for v, done in said),
    )  # fmt: skip


CHECKS: tuple[Callable[[Facts], CheckResult], ...] = (moderation, feedback, actions, equality, family_views, on_file, practice_observed)
