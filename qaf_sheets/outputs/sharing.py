"""Who a copy of the master is for, and what of a quarter that reader may see (specification 7.3). A copy is counted from what is left, never masked afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from qaf_sheets.model import Action, Answer, Form, Plan, Question, Record, Return, Snapshot, Version
from qaf_sheets.outputs.figures import current
from qaf_sheets.outputs.figures.grades import graded
from qaf_sheets.people import for_everybody, match_person, near

ELSEWHERE = "Somebody in another service"
"""Stands for a name that the reader may not see."""
Row = Mapping[str, Answer]


class Reader(Record):
    """The leadership team, one service area, or one person; `name` is the area, or the person's id."""

    kind: Literal["dlt", "service", "person"]
    name: str = ""


def reader(said: str, plan: Plan) -> Reader | None:
    """Whom `--for` means: dlt, service:Family Support, person:P031; None for nobody we know."""
    kind, _, name = said.partition(":")
    wanted = name.strip().casefold()
    if kind == "dlt" and not wanted:
        return Reader(kind="dlt")
    known = {"service": [t.service_area for t in plan.teams], "person": [p.person_id for p in plan.people]}.get(kind, [])
    found = next((k for k in known if k.casefold() == wanted), None)
    return Reader(kind=kind, name=found) if found and kind in ("service", "person") else None


def heads_and_managers(plan: Plan, today: date) -> list[Reader]:
    """Those who are handed a copy each month: the heads of service areas, each their area's; then everybody who leads a team, their own."""
    here = [p for p in sorted(plan.people, key=lambda p: p.person_id) if p.in_post(today, today)]
    managers = {p.line_manager_id for p in here}
    heads = dict.fromkeys(p.service_area for p in here if p.role == plan.role_of("head_of_area") and p.service_area)
    teams = [p.person_id for p in here if p.team and p.person_id in managers and p.role != plan.role_of("head_of_area")]
    return [*(Reader(kind="service", name=area) for area in heads), *(Reader(kind="person", name=person) for person in teams)]


def seen_by(snapshot: Snapshot, who: Reader) -> Snapshot:
    """A quarter as its reader may see it."""
    return _small_teams_together(snapshot) if who.kind == "dlt" else _narrowed(snapshot, _scope(snapshot.plan, who))


# ---------------------------------------------------------------- one service, one person


class _Scope(NamedTuple):
    """Whose work, which teams' children, and whose names. `strict`: of a return only what is about these children, where it is about children."""

    workers: frozenset[str]
    teams: frozenset[str]
    named: frozenset[str]
    strict: bool

    def child(self, plan: Plan, child_id: str) -> bool | None:
        """Whether a child is theirs; None where the plan does not know the child."""
        found = plan.child(child_id) if child_id else None
        return found.team in self.teams if found else None


def _scope(plan: Plan, who: Reader) -> _Scope:
    if who.kind == "service":
        mine = {p.person_id for p in plan.people if p.service_area == who.name}
        theirs = mine | {p.person_id for p in plan.people if for_everybody(plan, p)}
        return _Scope(frozenset(mine), frozenset(t.team for t in plan.teams if t.service_area == who.name), frozenset(theirs), strict=True)
    person = next(p for p in plan.people if p.person_id == who.name)
    reports = {p.person_id for p in plan.people if p.line_manager_id == person.person_id}
    named = frozenset(p.person_id for p in plan.people if near(plan, person, p))
    return _Scope(frozenset({person.person_id} | reports), frozenset({person.team} if reports and person.team else ()), named, strict=False)


def _narrowed(snapshot: Snapshot, scope: _Scope) -> Snapshot:
    plan = snapshot.plan

    def ours(versions: Iterable[Version]) -> tuple[Version, ...]:
        return tuple(n for v in versions if (n := _version(v, snapshot.forms.get(v.issue.activity), plan, scope)))

    returns = ours(snapshot.returns)
    kept = {v.issue.return_id for v in returns}
    return snapshot.model_copy(update={
        "returns": returns, "earlier": ours(snapshot.earlier), "before": ours(snapshot.before), "flagged": ours(snapshot.flagged),
        "duties": tuple(d for d in snapshot.duties if d.obligation.person_id in scope.workers), "year": tuple(d for d in snapshot.year if d.obligation.person_id in scope.workers),
        "actions": tuple(_action(a, plan, scope) for a in snapshot.actions if _is_theirs(a, plan, scope)),
        "files": tuple(f for f in snapshot.files if f.return_id in kept), "waiting": (), "notes": (), "meetings": (), "decisions": (), "stand": {}, "lying": frozenset(),
        "moderations": tuple(i for i in snapshot.moderations if i.piece.partition("/")[0] in kept),
        "feedback": {piece: row for piece, row in snapshot.feedback.items() if piece.partition("/")[0] in kept and scope.child(plan, str(row["child_id"] or "")) is not False},
        "plan": plan.model_copy(update={
            "people": tuple(p for p in plan.people if p.person_id in scope.named), "allocations": (), "totals": (),
            "children": tuple(c for c in plan.children if c.team in scope.teams or not scope.strict),
        }),
    })  # fmt: skip


def _version(version: Version, form: Form | None, plan: Plan, scope: _Scope) -> Version | None:
    """A return with what of it the reader may see; None where that is nothing."""
    if form is None:
        return None
    mine = version.issue.person_id in scope.workers
    child = form.part("child")
    about = scope.child(plan, version.content.answers[child.id].reference) if child and child.id in version.content.answers else None
    if about is not None:
        return _unnamed(version, form, scope) if about or (mine and not scope.strict) else None
    rows = {name: tuple(r for r in found if _row_is_theirs(r, plan, scope, mine=mine)) for name, found in version.content.rows.items()}
    if mine:
        return _unnamed(version.model_copy(update={"content": version.content.model_copy(update={"rows": rows})}), form, scope)
    theirs = {name: tuple(r for r in found if r.get("child_id")) for name, found in rows.items()}
    return _unnamed(version.model_copy(update={"content": Return(answers={}, rows=theirs)}), form, scope) if any(theirs.values()) else None


def _row_is_theirs(row: Row, plan: Plan, scope: _Scope, *, mine: bool) -> bool:
    """A row about a child goes with the child; any other with the return it stands in."""
    child = row.get("child_id")
    about = scope.child(plan, child.reference) if child else None
    return mine if about is None or (mine and not scope.strict) else about


def _unnamed(version: Version, form: Form, scope: _Scope) -> Version:
    """Without the names of people elsewhere."""
    people = {q.id: q for q in form.fields if q.kind == "person"}
    answers = {k: _hidden(a, people.get(k), scope) for k, a in version.content.answers.items()}
    columns = {t.id: {q.id: q for q in t.columns if q.kind == "person"} for t in form.tables}
    rows = {name: tuple({k: _hidden(a, columns.get(name, {}).get(k), scope) for k, a in row.items()} for row in found) for name, found in version.content.rows.items()}
    issue = version.issue if version.issue.person_id in scope.named else version.issue.model_copy(update={"person_name": ELSEWHERE})
    return version.model_copy(update={"issue": issue, "content": Return(answers=answers, rows=rows)})


def _hidden(answer: Answer, person: Question | None, scope: _Scope) -> Answer:
    known = person is None or not answer.text or answer.code in scope.named
    return answer if known else answer.model_copy(update={"value": ELSEWHERE, "code": ""})


def _is_theirs(action: Action, plan: Plan, scope: _Scope) -> bool:
    about = scope.child(plan, action.child_id)
    return _owner(action, plan) in scope.workers or (action.team in scope.teams if about is None else about)


def _action(action: Action, plan: Plan, scope: _Scope) -> Action:
    owner = _owner(action, plan)
    known = owner in scope.named or not action.cells.get("owner")
    return action if known else action.model_copy(update={"cells": {**action.cells, "owner": ELSEWHERE}})


def _owner(action: Action, plan: Plan) -> str:
    """The id of an action's owner, '' where the plan does not know them."""
    person = match_person(str(action.cells.get("owner") or ""), plan.people)
    return person.person_id if person else ""


# ---------------------------------------------------------------- small teams


def _small_teams_together(snapshot: Snapshot) -> Snapshot:
    """Teams with little graded work or few staff are counted together within their area; one alone takes the next smallest with it, so that nothing can be subtracted."""
    called = _small(snapshot)
    if not called:
        return snapshot

    def named(team: str) -> str:
        return called.get(team, team)

    plan = snapshot.plan
    return snapshot.model_copy(update={
        "plan": plan.model_copy(update={
            "teams": tuple({named(t.team): t.model_copy(update={"team": named(t.team)}) for t in plan.teams}.values()),
            "people": tuple(p.model_copy(update={"team": named(p.team)}) for p in plan.people), "children": tuple(c.model_copy(update={"team": named(c.team)}) for c in plan.children),
        }),
        **{name: tuple(_team_renamed(v, named(v.issue.team)) for v in getattr(snapshot, name)) for name in ("returns", "earlier", "before", "flagged")},
        "actions": tuple(a.model_copy(update={"team": named(a.team)}) for a in snapshot.actions),
    })  # fmt: skip


def _team_renamed(version: Version, team: str) -> Version:
    return version.model_copy(update={"issue": version.issue.model_copy(update={"team": team})})


def _small(snapshot: Snapshot) -> dict[str, str]:
    """Team → what it is counted under, for those that are too small to be shown alone."""
    plan = snapshot.plan
    work, staff = Counter(g.team for g in graded(snapshot, current(snapshot))), Counter(p.team for p in plan.people if p.in_scope and not p.end_date)
    least_work, least_staff = int(plan.setting("small_team_work")), int(plan.setting("small_team_staff"))
    found: dict[str, str] = {}
    for area in dict.fromkeys(t.service_area for t in plan.teams):
        teams = sorted((t.team for t in plan.teams if t.service_area == area), key=lambda t: (work[t], staff[t], t))
        small = [t for t in teams if work[t] < least_work or staff[t] < least_staff]
        together = [*small, *(t for t in teams if t not in small)][: max(len(small), 2)] if small else []
        found |= dict.fromkeys(together, f"Smaller teams, {area}") if len(together) > 1 else {}
    return found
