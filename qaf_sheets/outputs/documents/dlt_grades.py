"""The DLT report on grades: by service area with their n, over the quarters, before and after moderation, and of children seen before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.dlt_view import NO_AREA, NOTHING, View
from qaf_sheets.outputs.documents.words import listed
from qaf_sheets.outputs.figures import SMALL, GradeCounts, Moderation, Share
from qaf_sheets.outputs.figures.trend import EVERY, LEAST, Point
from qaf_sheets.problems import count

Row = dict[str, Any]
WORK, QUARTERS = "Graded work", "Quarters"
"""The annex's sheets."""
STRONG, WEAK = ("Outstanding", "Good"), ("RI", "Inadequate")
FINAL = {"Final grade": (*STRONG, *WEAK)}
OWN = {"Reviewer’s grade": (*STRONG, *WEAK)}
FEWEST = 5
"""Pieces of work that a team needs to be told apart outside its service (specification 7.3)."""
OTHERS = "Other teams"
CLEAR = 10
"""Per cent by which two quarters must differ before it is called a change."""


def better(view: View, activity: str, counts: GradeCounts, unit: str) -> str:
    """Good or better after moderation, of one activity's graded work."""
    return view.ledger.of(counts.good_or_better, unit, WORK, {"Activity": view.title(activity), **FINAL}, {"Final grade": STRONG})


def inadequate(view: View, activity: str, counts: GradeCounts, unit: str) -> str:
    """Inadequate after moderation, of one activity's graded work."""
    return view.ledger.of(counts.inadequate_share, unit, WORK, {"Activity": view.title(activity), **FINAL}, {"Final grade": "Inadequate"})


def grades(view: View) -> dict[str, Any]:
    """Grades by service area, and how they came about."""
    view.ledger.at("Grades, earlier quarters and moderation")
    codes = tuple(view.figures.grades.final)
    return {
        "lines": list(_lines(view)) or [NOTHING], "rows": list(_rows(view)), "caption": "Grades after moderation, by service area",
        "source": f"Counted: children, by the child’s service area. No percentage is given for fewer than ten. Returns: {view.refs(*codes)}.",
        "moderation": list(_moderation(view)) or [NOTHING], "quotes": view.quotes({"MOD": "mod_summary"}, 1), "rechecks": list(_rechecks(view)),
    }  # fmt: skip


def _lines(view: View) -> Iterator[str]:
    for code, c in view.figures.grades.final.items():
        before = view.figures.grades.original[code].good_or_better
        told = view.ledger.share(before, f"{say.plural(view.snapshot, code)}: Good or better by the reviewers’ own grades", WORK, {"Activity": view.title(code), **OWN}, {"Reviewer’s grade": STRONG})
        changed = f" By the reviewers’ own grades it was {told}." if before.n != c.good_or_better.n else ""
        yield f"{better(view, code, c, say.plural(view.snapshot, code))} are Good or better, {say.none(c.ri)} RI and {say.none(c.inadequate)} Inadequate.{changed}"


def _rows(view: View) -> Iterator[Row]:
    """Final grades of each activity, and of each service area within it."""
    for code, counts in view.figures.grades.final.items():
        yield _row(view, f"{view.title(code)}, all", counts, {"Activity": view.title(code)}, total=True)
        for (activity, area), c in view.figures.grades.by_area.items():
            if activity == code:
                yield _row(view, area or NO_AREA, c, {"Activity": view.title(code), "Service area": area or NO_AREA})


def _row(view: View, name: str, c: GradeCounts, where: Mapping[str, str], *, total: bool = False) -> Row:
    for grade, n in c:
        view.ledger.share(Share(n=n, of=c.graded), f"{name}: {grade}", WORK, {**where, **FINAL}, {"Final grade": grade})
    share = view.ledger.share(c.good_or_better, f"{name}: Good or better", WORK, {**where, **FINAL}, {"Final grade": STRONG})
    return {"name": name, "o": c.outstanding, "g": c.good, "r": c.ri, "i": c.inadequate, "share": share, "total": total}


# ---------------------------------------------------------------- moderation, children seen before


def _moderation(view: View) -> Iterator[str]:
    several = len(view.figures.moderation_by) > 1
    for code, m in view.figures.moderation_by.items():
        told = _moderated(view, code, m)
        yield f"{view.title(code)}: {told}" if several else say.start(told)


def _moderated(view: View, code: str, m: Moderation) -> str:
    """What moderation did, in one or two sentences."""
    if not m.moderated:
        return f"none of {m.of} has been moderated yet, so the grades are the reviewers’ own."
    here = {"Activity": view.title(code)}
    some = view.ledger.of(Share(n=m.moderated, of=m.of), "pieces of work", WORK, here, {"Moderation": ("Agreed", "Up", "Down", "No grade")})
    agreed = view.ledger.share(m.agreed, "the grade stayed the same", WORK, {**here, "Moderation": ("Agreed", "Up", "Down")}, {"Moderation": "Agreed"})
    rest = "" if m.moderated == m.of else "; the others stand as the reviewer graded them"
    return f"{some} have been moderated{rest}. The grade stayed the same for {agreed}; {say.none(m.down)} moved down and {say.none(m.up)} moved up."


def _rechecks(view: View) -> Iterator[str]:
    """Children who were graded before."""
    r, asked = view.figures.rechecks, [g for g in view.figures.work if g.form.part_of_piece("previous_grade") is not None]
    if not asked:
        yield NOTHING
    elif not r.children:
        yield "No child reviewed this quarter has an earlier grade."
    else:
        titles = tuple(dict.fromkeys(view.title(g.version.issue.activity) for g in asked))
        told = view.ledger.of(Share(n=r.children, of=len(asked)), "children", WORK, {"Activity": titles}, {"Since the last grade": ("Better", "Same", "Lower")})
        small = " So few children show no trend." if r.children < SMALL else ""
        yield say.spell(f"{told} had been graded before. {say.none(r.improved)} now {'has' if r.improved == 1 else 'have'} a better grade, {say.none(r.same)} the same and {say.none(r.lower)} a lower one.{small}")


def large_teams(teams: Mapping[str, int]) -> set[str]:
    """The teams with so much work that they are told apart. One small team would be known by what is left, so another joins it."""
    alone = {name for name, n in teams.items() if n >= FEWEST}
    if len(teams) - len(alone) == 1 and alone:
        alone.remove(min(alone, key=lambda name: (teams[name], name)))
    return alone


# ---------------------------------------------------------------- quarter by quarter


def quarters(view: View) -> int:
    """How many quarters can be compared."""
    return max(1, len({p.quarter for p in view.points if p.activity == EVERY}))


def trend(view: View) -> dict[str, Any]:
    """The quarters side by side where there are at least three; else that there are too few."""
    every = [p for p in view.points if p.activity == EVERY]
    if len(every) < LEAST:
        return {"lines": [f"There are too few quarters to compare: {count(len(every), 'quarter')}, where three are needed."], "rows": [], "caption": "", "source": ""}
    codes = [c for c in ("CCR", "THEM") if any(p.activity == c for p in view.points)]
    typed = listed([p.quarter.label for p in every if p.typed])
    return {
        "lines": list(_changes(view, every, codes)), "rows": [_quarter(view, p) for p in every], "caption": f"Quarter by quarter, from {every[0].quarter.label} to {every[-1].quarter.label}",
        "source": f"Counted: returns, and children for grades.{f' {typed}: as the plan’s sheet Earlier quarters has it, for the activities it names.' if typed else ''}",
    }  # fmt: skip


def _quarter(view: View, every: Point) -> Row:
    """One quarter's row: returns in, and the grades of each graded activity."""
    def of(activity: str) -> str:
        point = next((p for p in view.points if (p.activity, p.quarter) == (activity, every.quarter)), None)
        return _good(view, point) if point and point.grades.graded else "Not known"

    return {"name": every.quarter.label, "returned": _counted(view, every, every.in_of_expected, "Returned", "Expected"), "reviews": of("CCR"), "audits": of("THEM")}


def _good(view: View, point: Point) -> str:
    return _counted(view, point, point.grades.good_or_better, "Good or better", "Graded")


def _counted(view: View, point: Point, share: Share, part: str, whole: str) -> str:
    here = {"Quarter": point.quarter.label, "Activity": view.title(point.activity) if point.activity else EVERYTHING}
    return view.ledger.share(share, f"{point.quarter.label}, {here['Activity']}: {part}", QUARTERS, {**here, "Counted": whole}, {"Counted": part})


EVERYTHING = "All activities"


def _changes(view: View, every: Sequence[Point], codes: Iterable[str]) -> Iterator[str]:
    """From the first quarter to this one, in words."""
    yield change("Returns in", [(p.quarter.label, p.in_of_expected) for p in every])
    for code in codes:
        points = [(p.quarter.label, p.grades.good_or_better) for p in view.points if p.activity == code and p.grades.graded]
        if len(points) >= LEAST:
            yield change(f"{say.start(say.plural(view.snapshot, code))} Good or better", points)


def change(what: str, points: Sequence[tuple[str, Share]]) -> str:
    """Risen or fallen only where every quarter went that way, and far enough; one quarter's dip, or few children, is no trend."""
    (since, first), (_, last) = points[0], points[-1]
    shares = [say.ratio(share) for _, share in points]
    steady = all(a <= b for a, b in pairwise(shares)) or all(a >= b for a, b in pairwise(shares))
    if min(share.of for _, share in points) < SMALL or not steady or abs(last.percent - first.percent) < CLEAR:
        return f"{what}: no clear trend since {since}, {first} then and {last} now."
    return f"{what}: {'risen' if shares[-1] > shares[0] else 'fallen'} since {since}, from {first} to {last}."
