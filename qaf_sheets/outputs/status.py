"""`Status.html`: the page the QA unit leaves open. What needs a person first; nothing to load, no script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, StrictUndefined

from qaf_sheets import resources
from qaf_sheets.model import Duty, Problem, Received, Record, Snapshot
from qaf_sheets.outputs.figures import Counts, Figures

TEMPLATE = "status.html"
STATES = {
    "needs_fixing": ("!", "Needs fixing"), "held": ("!", "Held"), "overdue": ("✗", "Overdue"), "due": ("○", "Due"), "later": ("○", "Later"),
    "returned": ("✓", "Returned"), "nil": ("✓", "Nothing to report"), "exempt": ("–", "Exempt"), "not_required": ("–", "Not required"),
}  # fmt: skip
OUTCOMES = {"needs_fixing": "Needs fixing", "not_ours": "Not a form of ours", "conflict": "Two people returned it", "held": "Held", "duplicate": "The same again", "older_version": "An older version"}


class Line(Record):
    """One obligation as the page shows it."""

    sign: str
    state: str
    activity: str
    who: str
    about: str
    due: str
    reference: str


def write_status(snapshot: Snapshot, figures: Figures, outputs: Sequence[tuple[str, datetime, str]]) -> str:
    """The page as HTML. `outputs` are (file, as at, remark)."""
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string((resources.folder("templates") / TEMPLATE).read_text("utf-8"))
    names = {p.person_id: p.name for p in snapshot.plan.people}
    titles = {code: form.title for code, form in snapshot.forms.items()}
    return page.render(
        council=snapshot.plan.setting("council"), marking=snapshot.plan.setting("marking"), quarter=snapshot.quarter.label, as_at=snapshot.as_at,
        counts=figures.total, headline=headline(figures.total), concerns=[(c.return_id, c.child_id or "child not named", c.place, c.reported) for c in figures.concerns], waiting=snapshot.waiting,
        refused=[(_short(f), OUTCOMES.get(f.outcome, f.outcome), _first(f.problems)) for f in snapshot.files if f.outcome in ("not_ours", "conflict")],
        notes=snapshot.notes, lines=[_line(d, names, titles) for d in sorted(snapshot.duties, key=_urgency)],
        outputs=[(f, at, note) for f, at, note in outputs if "/" not in f or note], documents=sum("/" in f for f, _, _ in outputs),
    )  # fmt: skip


def headline(counts: Counts) -> str:
    """22 of 27 returns are in; 3 are overdue; 1 needs fixing."""
    parts = [f"{counts.returned} of {counts.expected} returns are in"]
    if counts.overdue:
        parts.append(f"{counts.overdue} {'is' if counts.overdue == 1 else 'are'} overdue")
    if counts.needs_fixing:
        parts.append(f"{counts.needs_fixing} {'needs' if counts.needs_fixing == 1 else 'need'} fixing")
    if counts.held:
        parts.append(f"{counts.held} {'waits' if counts.held == 1 else 'wait'} for a decision")
    return "; ".join(parts) + "."


def _urgency(duty: Duty) -> tuple[int, str, str]:
    return list(STATES).index(duty.state), duty.obligation.due_on.isoformat(), duty.obligation.obligation_id


def _line(duty: Duty, names: dict[str, str], titles: dict[str, str]) -> Line:
    owed = duty.obligation
    sign, words = STATES[duty.state]
    return Line(
        sign=sign, state=f"{words}, late" if duty.late else words, activity=titles.get(owed.activity, owed.activity), who=names.get(owed.person_id, owed.owner),
        about=names.get(owed.about, owed.about), due=f"{owed.due_on:%d/%m/%Y}", reference=duty.return_id or "",
    )


def _short(file: Received) -> str:
    return file.file.rsplit("/", 1)[-1]


def _first(problems: Sequence[Problem]) -> str:
    return next((p.message for p in problems if p.level == "E"), problems[0].message if problems else "")
