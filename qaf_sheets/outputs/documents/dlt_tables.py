"""The tables and pictures of the DLT report. Small teams stand together, so that no table speaks of one worker's children (specification 7.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qaf_sheets.model import Duty, Snapshot
from qaf_sheets.outputs.documents.charts import ANSWERS, GRADES, SHADES, Chart, chart
from qaf_sheets.outputs.documents.dlt_words import dip_order, title
from qaf_sheets.outputs.documents.service import NOT_IN
from qaf_sheets.outputs.documents.words import references
from qaf_sheets.outputs.figures import ActionCounts, Counts, Figures, GradeCounts, Share, count_duties

Row = dict[str, Any]
FEWEST = 5
"""Pieces of work that a team needs for a row of its own."""
NAMED = 6
"""Up to so many people or teams are named in one cell."""
OTHERS = "Other teams"
NO_AREA = "Across the council"


# ---------------------------------------------------------------- what is missing


def missing_rows(snapshot: Snapshot) -> list[Row]:
    """One row for each activity and state: who owes it, by role and team."""
    groups: dict[tuple[str, str], list[Duty]] = {}
    for duty in snapshot.duties:
        if duty.state in NOT_IN:
            groups.setdefault((duty.obligation.activity, NOT_IN[duty.state]), []).append(duty)
    order = list(NOT_IN.values())
    return [
        {"what": f"{title(snapshot, code)} ({len(duties)})", "who": _owed_by(snapshot, duties), "state": f"{state[:1].upper()}{state[1:]}{_since(state, duties)}", "refs": references(d.return_id for d in duties).replace(", ", "\n")}
        for (code, state), duties in sorted(groups.items(), key=lambda g: (order.index(g[0][1]), g[0][0]))
    ]  # fmt: skip


def _owed_by(snapshot: Snapshot, duties: Iterable[Duty]) -> str:
    """Each by role and team; by role alone when they are many."""
    people = [(d.obligation.owner, snapshot.plan.person(d.obligation.person_id)) for d in duties]
    full = Counter(", ".join(filter(None, [snapshot.plan.role_text(p.role), p.team or p.service_area])) if p else owner for owner, p in people)
    names = full if len(full) <= NAMED else Counter(snapshot.plan.role_text(p.role) if p else owner for owner, p in people)
    return "\n".join(f"{name} ({n})" if n > 1 else name for name, n in sorted(names.items()))


def _since(state: str, duties: Iterable[Duty]) -> str:
    days = {d.obligation.due_on for d in duties}
    if state == "overdue":
        return f" since {min(days):%d/%m/%Y}"
    return f", due by {max(days):%d/%m/%Y}" if state == "still to come" else ""


# ---------------------------------------------------------------- coverage, actions


def coverage_rows(names: Mapping[str, str], counts: Mapping[str, Counts], total: Counts) -> list[Row]:
    """A row for each name that anything was expected of, and the total."""
    rows = [_coverage_row(names.get(key, key), c) for key, c in counts.items() if c.expected]
    return [*rows, {**_coverage_row("All returns", total), "total": True}] if rows else []


def _coverage_row(name: str, c: Counts) -> Row:
    return {"name": name, "expected": c.expected, "received": c.returned, "on_time": c.on_time, "late": c.late, "not_in": c.expected - c.returned, "total": False}


def observation_rows(snapshot: Snapshot, figures: Figures, activities: Iterable[str]) -> list[Row]:
    """Observations in of those expected, by the observer's service area."""
    duties = [d for d in snapshot.duties if d.obligation.activity in set(activities)]
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        person = snapshot.plan.person(duty.obligation.person_id)
        groups.setdefault((person.service_area if person else "") or NO_AREA, []).append(duty)
    rows = [_observed_row(name, some) for name, some in sorted(groups.items())]
    rows = [row for row in rows if row["expected"]]
    return [*rows, {**_observed_row("All observations", duties), "total": True}] if rows else []


def _observed_row(name: str, duties: Iterable[Duty]) -> Row:
    counts = count_duties(duties)
    return {"name": name, "observed": str(counts.in_of_expected), "expected": counts.expected, "not_in": counts.expected - counts.returned, "total": False}


def action_rows(figures: Figures) -> list[Row]:
    """Actions by service area, and all of them."""
    rows = [_action_row(area or NO_AREA, c) for area, c in figures.actions_by_area.items() if c.total]
    return [*rows, {**_action_row("All actions", figures.actions), "total": True}] if rows else []


def _action_row(name: str, c: ActionCounts) -> Row:
    return {"name": name, "n": c.total, "done": c.done, "open": c.open, "overdue": str(c.overdue_of_open) if c.open else "None open", "total": False}


# ---------------------------------------------------------------- grades


def grade_row(name: str, c: GradeCounts, *, total: bool = False) -> Row:
    """The four grades and the share that is Good or better."""
    return {"name": name, "o": c.outstanding, "g": c.good, "r": c.ri, "i": c.inadequate, "share": str(c.good_or_better), "total": total}


def area_rows(snapshot: Snapshot, figures: Figures) -> list[Row]:
    """Final grades of each activity, and of each service area within it."""
    rows: list[Row] = []
    for code, counts in figures.grades.final.items():
        rows.append(grade_row(f"{title(snapshot, code)}, all", counts, total=True))
        rows += [grade_row(area or NO_AREA, c) for (activity, area), c in figures.grades.by_area.items() if activity == code]
    return rows


def team_rows(snapshot: Snapshot, figures: Figures) -> list[Row]:
    """Teams with enough pieces of work, and the others together; none when no team stands alone."""
    rows: list[Row] = []
    for code in figures.grades.final:
        teams = {team or NO_AREA: c for (activity, team), c in figures.grades.by_team.items() if activity == code}
        alone, others = _large_teams(teams)
        if alone:
            rows += [grade_row(name, c) for name, c in alone.items()]
            rows += [grade_row(OTHERS, together(others.values()))] if others else []
    return rows


def _large_teams(teams: Mapping[str, GradeCounts]) -> tuple[dict[str, GradeCounts], dict[str, GradeCounts]]:
    """The teams that stand alone and the others. One small team would be known by what is left, so another joins it."""
    alone = {name: c for name, c in teams.items() if c.graded >= FEWEST}
    others = {name: c for name, c in teams.items() if name not in alone}
    if len(others) == 1 and alone:
        joins = min(alone, key=lambda name: (alone[name].graded, name))
        others[joins] = alone.pop(joins)
    return alone, others


def together(counts: Iterable[GradeCounts]) -> GradeCounts:
    """The grades of several, added up."""
    every = list(counts)
    return GradeCounts(**{name: sum(getattr(c, name) for c in every) for name in GradeCounts.model_fields})


def move_rows(figures: Figures) -> list[Row]:
    """The reviewers' grades against the moderators', with the total."""
    moves = figures.moderation.moves
    if not moves:
        return []
    grades = [name for name, _ in GRADES]
    return [
        *(_move_row(g, [moves.get((g, h), 0) for h in grades]) for g in grades if any(moves.get((g, h)) for h in grades)),
        {**_move_row("After moderation", [sum(moves.get((g, h), 0) for g in grades) for h in grades]), "total": True},
    ]


def _move_row(name: str, n: list[int]) -> Row:
    return {"name": name, **dict(zip("ogri", n, strict=True)), "n": sum(n), "total": False}


def grade_chart(snapshot: Snapshot, figures: Figures) -> Chart | None:
    """Each activity's grades by the reviewers and after moderation, then by service area."""
    return chart("final grades, by the reviewer, after moderation and by service area", GRADES, dict(_grade_bars(snapshot, figures)))


def _grade_bars(snapshot: Snapshot, figures: Figures) -> Iterator[tuple[str, tuple[int, ...]]]:
    several = len(figures.grades.final) > 1
    for code, final in figures.grades.final.items():
        before = f"{title(snapshot, code)}: " if several else ""
        yield f"{before}All, reviewer’s grade", _four(figures.grades.original[code])
        yield f"{before}All, after moderation", _four(final)
        yield from ((f"{before}{area or NO_AREA}", _four(c)) for (activity, area), c in figures.grades.by_area.items() if activity == code)


def _four(c: GradeCounts) -> tuple[int, ...]:
    return c.outstanding, c.good, c.ri, c.inadequate


# ---------------------------------------------------------------- practice areas, dip sample, equality, families


def practice_chart(figures: Figures) -> Chart | None:
    """The practice areas, weakest first."""
    return chart("grades in each practice area, weakest first", GRADES, {a.name: _four(a.counts) for a in figures.practice_areas})


def dip_chart(figures: Figures) -> Chart | None:
    """The theme's questions, the smallest share of Yes first."""
    return chart("answers to each question of the dip sample", ANSWERS, {q.text: (q.yes, q.partly, q.no) for q in dip_order(figures)})


def dip_rows(figures: Figures) -> list[Row]:
    """The same in numbers."""
    return [{"name": q.text, "yes": q.yes, "partly": q.partly, "no": q.no, "na": q.not_applicable, "share": str(q.yes_share)} for q in dip_order(figures)]


def equality_chart(snapshot: Snapshot, figures: Figures) -> Chart | None:
    """How evident equality and diversity was, by activity."""
    options = list(dict.fromkeys(option for said in figures.evidence.values() for option in said))
    series = tuple((option, SHADES[n % len(SHADES)]) for n, option in enumerate(options))
    return chart("how evident equality, diversity and identity were, by activity", series, {title(snapshot, code): tuple(said.get(o, 0) for o in options) for code, said in figures.evidence.items()})


def family_rows(figures: Figures) -> list[Row]:
    """Whose views were heard, and the total."""
    heard = figures.family
    if not heard.heard.of:
        return []
    rows = [{"name": option, "n": str(Share(n=n, of=heard.heard.of)), "total": False} for option, n in heard.by_option.items()]
    return [*rows, {"name": "All reviews that say", "n": str(heard.heard.of), "total": True}]
