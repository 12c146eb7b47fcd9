"""The plan of a council that does not exist: Marlbrook, for the financial year of a day. All people and children are invented."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from itertools import cycle, islice
from random import Random

from qaf_sheets.model import Allocation, Child, Option, Person, Plan, Priority, Quarter, Rule, Team, Theme
from qaf_sheets.plan import settings
from qaf_sheets.plan.example_calendar import example_calendar
from qaf_sheets.plan.example_lists import LEVELS, LISTS, THEMES

TEAMS_OF = {
    "Early Help / Family Help": ("Early Help Locality",),
    "Child in Need": ("MASH", "Assessment A", "Assessment B", "Family Support North", "Family Support South", "Children with Disabilities"),
    "Child Protection": ("Assessment A", "Assessment B", "Family Support North", "Family Support South"),
    "Child in Care": ("Children in Care 1", "Children in Care 2", "Children with Disabilities"),
    "Care Leaver": ("Leaving Care",),
}  # fmt: skip
SETTINGS = {"council": "Marlbrook Borough Council", "qa_contact": "Quality assurance unit, 01632 960 123, qa.unit@marlbrook.example"}
PRIORITIES = (
    ("PR1", "Plans that a family's own network helps to keep", "Improvement plan", "P016"),
    ("PR2", "Children seen, heard, and able to tell that it changed something", "Feedback from children and families", "P016"),
    ("PR3", "Supervision that moves the work on", "Learning from quality assurance work", "P013"),
)
POOL = ("HOS", "PSW", "AP", "IRO", "CPC")
DIPS = (
    ("R06", "HOS", "Section 5, 5.2; Appendix 6"), ("R07", "TM", "Section 5, 5.2; Appendix 6, “All managers”"), ("R08", "PSW", "Appendix 6, “PSW”"),
    ("R09", "IND_AUD", "Appendix 7, “HoS/ TM/ Ind auditor” (not in Appendix 6)"),
)  # fmt: skip
REVIEWS, STEP = 20, 19
"""Every 19th child, which meets each level of need in proportion (Appendix 4: at least 20 a quarter)."""
CHAIRS = {"Child Protection": "CPC", "Child in Care": "IRO", "Care Leaver": "IRO"}
RI = "Requires improvement (RI)"
LAST_GRADES = {("Outstanding", False): 2, ("Good", False): 27, (RI, False): 16, (RI, True): 9, ("Inadequate", False): 6}
"""(grade, bordering Good) → how many of the sixty children who were graded last quarter (specification 11)."""
AGAIN = ((RI, True), ("Inadequate", False), (RI, True), ("Inadequate", False), (RI, True))
"""The last grades of the five who are looked at again (Appendix 4: Inadequate, or RI bordering Good)."""
OBSERVED = ("SW", "ASYE", "PA", "EHP", "TM", "AP", "PSW", "IRO", "CPC")


def example_plan(today: date) -> Plan:
    """The whole plan for the financial year that holds `today`; the same day gives the same plan."""
    year = Quarter.holding(today).year
    people, holidays = tuple(_staff()), frozenset(_holidays(year))
    children = tuple(_children(people, Quarter.holding(today)))
    return Plan(
        people=people, teams=tuple(dict.fromkeys(Team(team=p.team, service_area=p.service_area) for p in people if p.team)), calendar=tuple(example_calendar(year)),
        rules=tuple(_rules()), lists={**LISTS, "bank_holidays": tuple(Option(text=f"{d:%d/%m/%Y}") for d in sorted(holidays))}, themes=tuple(_themes()),
        priorities=tuple(Priority(priority_id=i, wording=w, origin=o, owner=p) for i, w, o, p in PRIORITIES), children=children,
        allocations=tuple(_allocations(Quarter.holding(today), people, children)), settings={**settings.defaults(), **SETTINGS}, holidays=holidays,
    )  # fmt: skip


def _staff() -> Iterator[Person]:
    text = (files("qaf_sheets.plan") / "example_staff.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield Person(**row, email=f"{row['name'].lower().replace(' ', '.')}@marlbrook.example")


def _holidays(year: int) -> Iterator[date]:
    """England's bank holidays from the April of `year`, for two years."""
    import holidays  # only `init` needs it; from then on they are rows of the plan

    known = holidays.country_holidays("GB", subdiv="ENG", years=range(year, year + 3))
    yield from (d for d in known if date(year, 4, 1) <= d < date(year + 2, 4, 1))


def _rules() -> Iterator[Rule]:
    yield Rule(rule_id="R01", who=("HOS",), activity="ROUT", per="quarter", unit="person", clause="Section 4, 4.2; Appendix 6, “All Heads of Service”")
    yield Rule(rule_id="R02", who=("AD",), activity="ROUT", per="quarter", unit="person", clause="Section 4, 4.1.1; Appendix 7, “HoS / AD” (Appendix 6 leaves it blank)")
    yield Rule(rule_id="R03", who=("DCS",), activity="ROUT", per="quarter", unit="person", on=False, clause="Section 4, 4.1.1, last point only: off unless you switch it on")
    yield Rule(rule_id="R04", who=("HOS",), activity="SERV", per="quarter", unit="area", clause="Section 2, 2.6; Appendix 1")
    for rule_id, role, clause in DIPS:
        yield Rule(rule_id=rule_id, who=(role,), activity="DIP", per="quarter", unit="person", clause=clause)
    yield Rule(rule_id="R13", who=POOL, activity="CCR", count=REVIEWS, per="quarter", unit="authority", clause="Appendix 4, “20 children”; Appendix 6")
    yield Rule(rule_id="R15", who=("line manager",), about=OBSERVED, activity="OBS", per="year", unit="pair", clause="Section 6, 6.4; Appendix 6, “Observe each team member 1x year”")


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
    graded, reviewed_on = _last_grades(dice), quarter.starts - timedelta(days=14)
    every = [(level, team) for level, n in LEVELS.items() for team in islice(cycle(TEAMS_OF[level]), n)]
    for n, (level, team) in enumerate(every):
        grade, bordering = graded.get(n, ("", False))
        yield Child(
            child_id=str(next(ids)), level_of_need=level, team=team, worker_id=next(workers[team]), chair_id=next(chairs[CHAIRS[level]]) if level in CHAIRS else "",
            last_reviewed_on=reviewed_on if grade else None, last_grade=grade, bordering_good=bordering,
        )


def _last_grades(dice: Random) -> dict[int, tuple[str, bool]]:
    """Which children were graded last quarter: (grade, bordering Good) by their place on the list. Five of this quarter's twenty are among them."""
    drawn = [*range(STEP, STEP * (REVIEWS + 1), STEP)]
    again = dict(zip(drawn[1::4], AGAIN, strict=True))
    rest = [g for g, n in LAST_GRADES.items() for _ in range(n - AGAIN.count(g))]
    return again | dict(zip(dice.sample([n for n in range(sum(LEVELS.values())) if n not in drawn], len(rest)), rest, strict=True))


def _allocations(quarter: Quarter, people: tuple[Person, ...], children: tuple[Child, ...]) -> Iterator[Allocation]:
    """Twenty children for the case reviews, every level of need among them, dealt round the reviewers."""
    waiting = deque(p for p in people if p.role in POOL)
    areas = {p.team: p.service_area for p in people if p.team}
    for child in children[STEP::STEP][:REVIEWS]:
        reviewer = next(p for p in waiting if p.service_area != areas[child.team] and p.person_id != child.chair_id)
        waiting.remove(reviewer)
        waiting.append(reviewer)  # whoever was passed over stays in front
        yield Allocation(quarter=quarter, activity="CCR", child_id=child.child_id, reviewer_id=reviewer.person_id, why=_why(child))


def _why(child: Child) -> str:
    """In plain words: why this child, and why this reviewer."""
    seen = f"{child.last_reviewed_on:%B %Y}" if child.last_reviewed_on else ""
    drawn = f"To be looked at again: {child.last_grade}{' bordering Good' if child.bordering_good else ''} in {seen}" if seen else "Drawn across teams and levels of need"
    return f"{drawn}; the reviewer is from another service area"
