"""The alerts for a child who may be unsafe now: one page for the practice lead and the QA unit, one for the head of each area. References only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jinja2 import Environment, StrictUndefined

from qaf_sheets import resources
from qaf_sheets.model import Record, Snapshot
from qaf_sheets.outputs.documents.words import safe_name
from qaf_sheets.outputs.figures import Concern, Figures
from qaf_sheets.outputs.status import at
from qaf_sheets.problems import count

TEMPLATE = "immediate_concerns.html"
FOLDER, FILE = "Alerts", "Immediate concerns.html"
AREAS = "Services"
RECORD, TELL = "record the outcome in the Actions tracker", "tell the QA unit the outcome"
"""What follows for those who keep the tracker, and for the head of an area."""


class Alert(Record):
    """One concern as the page says it: the child or the row, where, since when, whether somebody was told, and what to do now."""

    child: str
    team: str
    area: str
    since: str
    reported: bool
    told: str
    next: str
    reference: str


class Page(Record):
    """One page: its path below the quarter's reports, and the HTML."""

    path: str
    html: str


def write_alerts(snapshot: Snapshot, figures: Figures) -> tuple[Page, ...]:
    """The page of all concerns, and one for each service area that ever had one. Settled ones are counted; with none open a page says so."""
    everyone = f"{snapshot.plan.role_text(snapshot.plan.role_of('practice_lead'))} and the QA unit: every service"
    found = figures.known_concerns
    areas = sorted({c.area for c in found if c.area})
    return (
        Page(path=f"{FOLDER}/{FILE}", html=_page(snapshot, found, everyone, all_areas=True)),
        *(Page(path=f"{AREAS}/{safe_name(f'{a} - immediate concerns')}.html", html=_page(snapshot, [c for c in found if c.area == a], a, all_areas=False)) for a in areas),
    )


def _page(snapshot: Snapshot, found: Sequence[Concern], whose: str, *, all_areas: bool) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    waiting, settled = [c for c in found if not c.settled], sum(c.settled for c in found)
    return environment.from_string((resources.folder("templates") / TEMPLATE).read_text("utf-8")).render(
        council=snapshot.plan.setting("council"), marking=snapshot.plan.setting("marking"), whose=whose, as_at=at(snapshot.as_at), all_areas=all_areas,
        headline=headline(waiting), alerts=list(_alerts(snapshot, waiting, RECORD if all_areas else TELL)), settled=f"Outcome recorded: {count(settled, 'concern')}." if settled else "",
    )  # fmt: skip


def headline(waiting: Sequence[Concern]) -> str:
    """3 immediate concerns are open. For one of them nobody is named as told yet: please act now."""
    if not waiting:
        return "No immediate concern is open. Nothing needs doing."
    said = f"{count(len(waiting), 'immediate concern is', 'immediate concerns are')} open."
    untold = sum(not c.reported for c in waiting)
    return f"{said} For {'this one' if len(waiting) == 1 else untold if untold < len(waiting) else 'each of them'} nobody is named as told yet: please act now." if untold else said


def _alerts(snapshot: Snapshot, waiting: Iterable[Concern], then: str) -> Iterator[Alert]:
    """Those nobody was told of first, then the oldest."""
    for c in sorted(waiting, key=lambda c: (c.reported, c.received_at, c.key)):
        yield Alert(
            child=c.who, team=c.team, area=c.area, since=at(c.received_at, snapshot.as_at.date()), reported=c.reported, reference=c.return_id,
            told="✓ Yes, the form names who" if c.reported else "✗ Nobody is named", next=_next(c, then),
        )  # fmt: skip


def _next(concern: Concern, then: str) -> str:
    now = "Check today that the team manager has acted" if concern.reported else "Speak to the team manager now, make sure the child is safe"
    later = " The form as it counts now no longer says so: ask why." if concern.withdrawn else ""
    return f"{now}, and {then}.{later}"
