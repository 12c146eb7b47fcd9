"""Every number, computed once, with what it counts: the master, the documents, the page and `status` all read these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from qaf_sheets.lifecycle import FINISHED
from qaf_sheets.model import Action, Outcome, Plan, Record, Snapshot
from qaf_sheets.outputs.figures.action_groups import ActionGroup, count_group, group_actions
from qaf_sheets.outputs.figures.again import ToReview, remembered, to_review_again
from qaf_sheets.outputs.figures.checks import Behind, CheckResult, Facts, run
from qaf_sheets.outputs.figures.concerns import Concern, all_concerns
from qaf_sheets.outputs.figures.coverage import (
    ActionCounts,
    Counts,
    count_actions,
    count_duties,
    current,
    days_overdue,
    due_on,
    finished,
    grouped,
    overdue,
)
from qaf_sheets.outputs.figures.dip import DipFigures, DipQuestion, count_dip
from qaf_sheets.outputs.figures.equality import Equality, equality
from qaf_sheets.outputs.figures.grades import (
    AreaGrades,
    Graded,
    Grades,
    Rechecks,
    count_grades,
    count_rechecks,
    graded,
    practice_areas,
)
from qaf_sheets.outputs.figures.moderation import Moderation, count_moderation, moderation_by_activity, moderation_by_role, role_of, step
from qaf_sheets.outputs.figures.once_a_year import OBSERVED, SUPERVISED, OnceAYear, PersonSeen, once_a_year
from qaf_sheets.outputs.figures.reviews import FamilyViews, Feedback, count_evidence, count_family, count_feedback, count_observed
from qaf_sheets.outputs.figures.shares import GRADES, SMALL, GradeCounts, Share
from qaf_sheets.outputs.figures.staff import Staff, count_staff
from qaf_sheets.outputs.figures.supervision import Supervision, count_supervision
from qaf_sheets.outputs.figures.themes import THEME_LIST, Recurring, RecurringTheme, recurring
from qaf_sheets.outputs.figures.trend import Point, trend
from qaf_sheets.outputs.figures.triangulation import Triangulated, triangulate
from qaf_sheets.outputs.figures.voice import Voice, count_voice


class Figures(Record):
    """All figures of one snapshot. Keys: activity code, service area, person id; area with activity; activity with the reviewer's role; how actions are grouped with the name; a file's outcome."""

    total: Counts
    by_activity: Mapping[str, Counts]
    by_area: Mapping[str, Counts]
    by_person: Mapping[str, Counts]
    by_area_activity: Mapping[tuple[str, str], Counts]
    actions: ActionCounts
    actions_by_area: Mapping[str, ActionCounts]
    action_groups: Mapping[tuple[str, str], ActionGroup]
    concerns: tuple[Concern, ...]
    known_concerns: tuple[Concern, ...]
    files: Mapping[Outcome, int]
    grades: Grades
    practice_areas: tuple[AreaGrades, ...]
    theme_areas: tuple[AreaGrades, ...]
    work: tuple[Graded, ...]
    moderation: Moderation
    moderation_by: Mapping[str, Moderation]
    moderation_by_role: Mapping[tuple[str, str], Moderation]
    rechecks: Rechecks
    family: FamilyViews
    observed: Share
    dip: DipFigures
    evidence: Mapping[str, Mapping[str, int]]
    feedback: Mapping[str, Feedback]
    checks: tuple[CheckResult, ...]
    to_review_again: tuple[ToReview, ...]
    recurring: Recurring
    triangulated: tuple[Triangulated, ...]
    equality: Equality
    once: Mapping[str, OnceAYear]
    supervision: Supervision
    voice: Voice
    staff: Staff

    @property
    def open_concerns(self) -> tuple[Concern, ...]:
        """Those without an outcome yet, whichever quarter flagged them."""
        return tuple(c for c in self.known_concerns if not c.settled)


class Shown(NamedTuple):
    """One quarter and its figures."""

    snapshot: Snapshot
    figures: Figures

    @property
    def label(self) -> str:
        """How people call it: Q3 2026-27."""
        return self.snapshot.quarter.label


class Quarters:
    """One quarter with its figures, `now`, and the quarters before it, `past`, the oldest first, of this and of earlier years."""

    def __init__(self, now: Shown, past: Sequence[Shown] = ()) -> None:
        self.now, self.past = now, tuple(past)

    @property
    def snapshot(self) -> Snapshot:
        """The quarter that all of it is about."""
        return self.now.snapshot

    @property
    def figures(self) -> Figures:
        """Its figures."""
        return self.now.figures

    @property
    def plan(self) -> Plan:
        """The plan it is seen by."""
        return self.snapshot.plan

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Its numbers beside those of the quarters before: counted, or as the plan's sheet Earlier quarters has them."""
        counted = {s.snapshot.quarter: (s.figures.by_activity, s.figures.grades.final) for s in (*self.past, self.now) if s.figures.total.expected}
        return trend(self.snapshot.quarter, counted, self.plan.totals)


def figures(snapshot: Snapshot) -> Figures:
    """Compute every figure of a snapshot."""
    plan, today = snapshot.plan, snapshot.as_at.date()
    area = {p.person_id: p.service_area for p in plan.people}
    duties, versions = snapshot.duties, current(snapshot)
    work, known = remembered(snapshot, graded(snapshot, versions)), all_concerns(snapshot)
    facts = Facts(
        snapshot, versions, work, count_dip(snapshot, versions), moderation_by_activity(work), count_rechecks(work),
        count_family(snapshot, versions), count_observed(versions), count_feedback(snapshot, versions),
        {activity: once_a_year(snapshot, versions, activity) for activity in (OBSERVED, SUPERVISED)}, equality(snapshot, versions, work),
    )  # fmt: skip
    return Figures(
        total=count_duties(duties, len(snapshot.waiting)),
        by_activity=grouped(duties, lambda d: d.obligation.activity),
        by_area=grouped(duties, lambda d: area.get(d.obligation.person_id, "")),
        by_person=grouped(duties, lambda d: d.obligation.person_id),
        by_area_activity=grouped(duties, lambda d: (area.get(d.obligation.person_id, ""), d.obligation.activity)),
        actions=count_actions(snapshot.actions, today),
        actions_by_area={a: count_actions([x for x in snapshot.actions if x.area == a], today) for a in sorted({x.area for x in snapshot.actions})},
        action_groups=_action_groups(snapshot),
        concerns=tuple(c for c in known if c.quarter == snapshot.quarter), known_concerns=known,
        files=Counter(f.outcome for f in (*snapshot.files, *snapshot.waiting)),
        work=work, grades=count_grades(work), practice_areas=practice_areas(snapshot, versions, themed=False), theme_areas=practice_areas(snapshot, versions, themed=True),
        moderation=count_moderation(work), moderation_by=facts.moderation, moderation_by_role=moderation_by_role(work, plan), rechecks=facts.rechecks,
        family=facts.family, observed=facts.observed, dip=facts.dip, evidence=count_evidence(snapshot, versions), feedback=facts.feedback,
        checks=run(facts), to_review_again=to_review_again(snapshot, work), recurring=recurring(snapshot, versions), triangulated=triangulate(snapshot, versions), equality=facts.equality,
        once=facts.once, supervision=count_supervision(snapshot, versions), voice=count_voice(snapshot, versions, work), staff=count_staff(snapshot, versions),
    )  # fmt: skip


def _action_groups(snapshot: Snapshot) -> dict[tuple[str, str], ActionGroup]:
    """("", "") is everything; then by service area, by team and by owner."""
    today, actions = snapshot.as_at.date(), snapshot.actions
    ways: dict[str, Callable[[Action], str]] = {"Service area": lambda a: a.area, "Team": lambda a: a.team, "Owner": lambda a: str(a.cells.get("owner") or "")}
    found = {(by, name): group for by, key in ways.items() for name, group in group_actions(actions, key, today).items()}
    return {("", ""): count_group(actions, today), **found} if actions else {}


__all__ = [
    "FINISHED", "GRADES", "SMALL", "THEME_LIST", "ActionCounts", "AreaGrades", "Behind", "CheckResult", "Concern", "Counts", "DipFigures", "DipQuestion", "FamilyViews", "Feedback", "Figures", "GradeCounts", "Graded", "Grades",
    "Moderation", "OnceAYear", "PersonSeen", "Quarters", "Rechecks", "Recurring", "RecurringTheme", "Share", "Shown", "Staff", "Supervision", "ToReview", "Voice", "count_actions", "count_duties", "current", "days_overdue", "due_on", "figures", "finished", "overdue", "role_of", "step",
]  # fmt: skip
