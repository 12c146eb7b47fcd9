"""The plan of a council that does not exist: Marlbrook, for the financial year of a day. All people and children are invented."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from itertools import cycle, islice
from random import Random

from qaf_sheets.model import Child, Option, Person, Plan, Priority, Quarter, Team, Theme
from qaf_sheets.plan import settings
from qaf_sheets.plan.example_calendar import example_calendar
from qaf_sheets.plan.example_lists import LEVELS, LISTS, THEMES
from qaf_sheets.plan.example_rules import example_rules
from qaf_sheets.plan.example_totals import example_totals
from qaf_sheets.plan.sampling import draw_reviews

TEAMS_OF = {
    "Early Help / Family Help": ("Early Help Locality",),
    "Child in Need": ("MASH", "Assessment A", "Assessment B", "Family Support North", "Family Support South", "Children with Disabilities"),
    "Child Protection": ("Assessment A", "Assessment B", "Family Support North", "Family Support South"),
    "Child in Care": ("Children in Care 1", "Children in Care 2", "Children with Disabilities"),
    "Care Leaver": ("Leaving Care",),
}  # fmt: skip
SETTINGS = {
    "council": "Marlbrook Borough Council", "qa_contact": "Quality assurance unit, 01632 960 123, qa.unit@marlbrook.example",
    "ccr_recheck_share": "25", "them_moderation_share": "25",
}  # fmt: skip
PRIORITIES = (
    ("PR1", "Plans that a family's own network helps to keep", "Improvement plan", "P016"),
    ("PR2", "Children seen, heard, and able to tell that it changed something", "Feedback from children and families", "P016"),
    ("PR3", "Supervision that moves the work on", "Learning from quality assurance work", "P013"),
)
CHAIRS = {"Child Protection": "CPC", "Child in Care": "IRO", "Care Leaver": "IRO"}
RI = "Requires improvement (RI)"
LAST_GRADES = {("Outstanding", False): 2, ("Good", False): 27, (RI, False): 16, (RI, True): 9, ("Inadequate", False): 6}
"""(grade, bordering Good) → how many of the sixty children who were graded last quarter (specification 11)."""


def example_plan(today: date) -> Plan:
    """The whole plan for the financial year that holds `today`; the same day gives the same plan."""
    year = Quarter.holding(today).year
    people, holidays = tuple(_staff()), frozenset(_holidays(year))
    plan = Plan(
        people=people, teams=tuple(dict.fromkeys(Team(team=p.team, service_area=p.service_area) for p in people if p.team)), calendar=tuple(example_calendar(year, holidays)),
        rules=tuple(example_rules()), lists={**LISTS, "bank_holidays": tuple(Option(text=f"{d:%d/%m/%Y}") for d in sorted(holidays))}, themes=tuple(_themes()),
        priorities=tuple(Priority(priority_id=i, wording=w, origin=o, owner=p) for i, w, o, p in PRIORITIES), children=tuple(_children(people, Quarter.holding(today))),
        totals=tuple(example_totals(Quarter.holding(today))), settings={**settings.defaults(), **SETTINGS}, holidays=holidays,
    )  # fmt: skip
    return plan.model_copy(update={"allocations": draw_reviews(plan, Quarter.holding(today)).allocations})


def _staff() -> Iterator[Person]:
    text = (files("qaf_sheets.plan") / "example_staff.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield Person(**row, email=f"{row['name'].lower().replace(' ', '.')}@marlbrook.example")


def _holidays(year: int) -> Iterator[date]:
    """England's bank holidays from the April of `year`, for two years."""
    import holidays  # only `init` needs it; from then on they are rows of the plan

    known = holidays.country_holidays("GB", subdiv="ENG", years=range(year, year + 3))
    yield from (d for d in known if date(year, 4, 1) <= d < date(year + 2, 4, 1))


def _themes() -> Iterator[Theme]:
    for (code, theme, kind), questions in THEMES.items():
        for n, question in enumerate(questions, 1):
            yield Theme(theme=theme, question_id=f"{code}{n}", question=question, kind=kind)


def _children(people: tuple[Person, ...], quarter: Quarter) -> Iterator[Child]:
    """400 children by ID, which begins with 9 so that it cannot be anybody's; sixty were graded in the quarter before."""
    dice = Random(9)  # noqa: S311 - invented ids
    ids = iter(dice.sample(range(9_000_001, 9_999_999), sum(LEVELS.values())))
    workers = {team: cycle([p.person_id for p in people if p.team == team and p.role in ("SW", "ASYE", "PA", "EHP")]) for team in {p.team for p in people}}
    chairs = {role: cycle([p.person_id for p in people if p.role == role]) for role in set(CHAIRS.values())}
    grades, reviewed_on = [g for g, n in LAST_GRADES.items() for _ in range(n)], quarter.starts - timedelta(days=14)
    graded = dict(zip(dice.sample(range(sum(LEVELS.values())), len(grades)), grades, strict=True))
    every = [(level, team) for level, n in LEVELS.items() for team in islice(cycle(TEAMS_OF[level]), n)]
    for n, (level, team) in enumerate(every):
        grade, bordering = graded.get(n, ("", False))
        yield Child(
            child_id=str(next(ids)), level_of_need=level, team=team, worker_id=next(workers[team]), chair_id=next(chairs[CHAIRS[level]]) if level in CHAIRS else "",
            last_reviewed_on=reviewed_on if grade else None, last_grade=grade, bordering_good=bordering,
        )
