"""Another invented council, unlike the first wherever a council may be: roles, areas, teams, levels of need, grades, themes, rules, ids, a form of its own.

Hollowmere County Council has five roles and nobody called Head of Service; its plan, forms and templates are data alone.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from qaf_sheets import resources, workspace
from qaf_sheets.model import Allocation, Child, Event, Option, Person, Plan, Quarter, Rule, Team, Theme
from qaf_sheets.plan import settings
from qaf_sheets.plan.example_lists import LISTS
from qaf_sheets.plan.write import write_plan

Q3 = Quarter(year=2026, number=3)
NOW = datetime(2026, 10, 5, 9, 0)
ROLES = {"CEX": "Corporate director", "SD": "Service director", "PL": "Practice lead", "SV": "Supervisor", "CW": "Children's worker"}
GRADES = (
    Option(text="Exemplary", code="Outstanding"), Option(text="Secure", code="Good", aliases=("Secure practice",)), Option(text="Developing", code="RI"),
    Option(text="Of concern", code="Inadequate"),
)  # fmt: skip
LEVELS = ("Targeted", "Statutory", "Beyond eighteen")
PEOPLE = tuple(
    Person(person_id=i, name=name, role=role, line_manager_id=manager, team=team, service_area=area)
    for i, name, role, manager, team, area in (
        ("H1", "Corin Made-Up", "CEX", "", "", ""),
        ("H2", "Lowen Notreal", "SD", "H1", "", "Safer Families"),
        ("H3", "Merryn Pretend", "SD", "H1", "", "Growing Up"),
        ("H4", "Pasco Invented", "PL", "H1", "", ""),
        ("H5", "Senara Imagined", "SV", "H2", "Harbour", "Safer Families"),
        ("H6", "Talan Supposed", "SV", "H3", "Meadow", "Growing Up"),
        ("H7", "Wenna Fictional", "CW", "H5", "Harbour", "Safer Families"),
        ("H8", "Yestin Sample", "CW", "H6", "Meadow", "Growing Up"),
    )
)
TEAMS = (Team(team="Harbour", service_area="Safer Families"), Team(team="Meadow", service_area="Growing Up"))
CHILDREN = tuple(
    Child(child_id=f"{90000 + n}", level_of_need=LEVELS[n % 3], team="Harbour" if n % 2 else "Meadow", worker_id="H7" if n % 2 else "H8", last_grade="Developing" if n == 1 else "", bordering_good=n == 1)
    for n in range(1, 15)
)  # fmt: skip
THEME = "Moving on to adult life"
QUESTIONS = ("The young person knows who their adviser will be", "Somewhere to live is agreed in writing")
RULES = (
    Rule(rule_id="H1", who=("SD",), activity="ROUT", per="quarter", unit="person", clause="Section 4, 4.2"),
    Rule(rule_id="H2", who=("SD",), activity="SERV", per="quarter", unit="area", clause="Section 2, 2.6"),
    Rule(rule_id="H3", who=("SV",), activity="GRP", per="quarter", unit="person", clause="Section 7, 7.1"),
    Rule(rule_id="H4", who=("SV",), activity="DIP", per="quarter", unit="person", clause="Section 5, 5.2"),
    Rule(rule_id="H5", who=("SD",), activity="CCR", count=2, per="quarter", unit="authority", clause="Appendix 4, “20 children”"),
    Rule(rule_id="H6", who=("line manager",), about=("CW",), activity="OBS", per="quarter", unit="pair", clause="Section 6, 6.4"),
)
SETTINGS = {
    "council": "Hollowmere County Council", "marking": "OFFICIAL", "qa_contact": "Practice quality, 01632 960 456", "child_id_digits": "5", "settle_seconds": "0",
    "moderators": "CCR: PL, SD", "all_managers": "SV", "ccr_pool": "SD", "dip_roles": "SV", "obs_roles": "CW", "role_director": "CEX", "role_assistant_director": "CEX", "role_head_of_area": "SD", "role_practice_lead": "PL", "role_qa_unit": "PL",
}  # fmt: skip
GROUP_NOTE = """
id = "GRP"
title = "Group supervision note"
plural = "Group supervision notes"
heading = "GROUP SUPERVISION"
sheet = "Note"
purpose = "Please write up one session of group supervision, and return this workbook."
clause = "Section 7, 7.1"
family = "quality"
tables = ["ACT"]

[[sections]]
title = "The session"
fields = [
    { id = "held_on", kind = "date", label = "When was it held?", required = true, past = true, counts_in_quarter = true },
    { id = "attended", kind = "number", label = "How many took part?", required = true },
    { id = "kind_of_session", kind = "choice", list = "session_kind", label = "What kind of session was it?", required = true },
    { id = "talked_about", kind = "long", label = "What did the group think about together?", required = true },
]

[[sections]]
title = "Equality and diversity"
added = true
fields = [{ use = "ED" }]

[[sections]]
title = "Actions and sign-off"
added = true
fields = [{ use = "NOACT" }, { use = "DEC" }]
"""
SUMMARY = "head_of_service_summary.docx"
WORDS = {"HEAD OF SERVICE": "SERVICE DIRECTOR", "Head of Service": "Service director", "the Assistant Director and DCS": "the Corporate director"}
"""What the framework's own form and document say, and what Hollowmere's copies say."""


def second_plan() -> Plan:
    """Everything that Hollowmere's quality assurance unit sets up."""
    lists = {
        **LISTS, "roles": tuple(Option(text=text, code=code) for code, text in ROLES.items()), "level_of_need": tuple(Option(text=t) for t in LEVELS), "grade": GRADES,
        "area_grade": (*GRADES, Option(text="Does not apply", code="NA")), "session_kind": (Option(text="Open case"), Option(text="Shared theme")),
        "moderator_role": (Option(text="Practice lead"), Option(text="Service director")),
    }  # fmt: skip
    return Plan(
        people=PEOPLE, teams=TEAMS, rules=RULES, lists=lists, children=CHILDREN, settings={**settings.defaults(), **SETTINGS},
        calendar=(
            Event(quarter=Q3, activity="DIP", week_beginning=date(2026, 10, 12), theme=THEME), Event(quarter=Q3, activity="CCR", week_beginning=date(2026, 12, 7)),
            Event(quarter=Q3.plus(1), activity="REPORT", pre_dlt_date=date(2027, 1, 11), dlt_date=date(2027, 1, 20)),
        ),
        themes=tuple(Theme(theme=THEME, question_id=f"MOV{n}", question=q, kind="yes_partly_no") for n, q in enumerate(QUESTIONS, 1)),
        allocations=(Allocation(quarter=Q3, activity="CCR", child_id="90001", reviewer_id="H3"), Allocation(quarter=Q3, activity="CCR", child_id="90002", reviewer_id="H2")),
    )  # fmt: skip


def forms() -> Mapping[str, str]:
    """The files of Hollowmere's folder Forms: one activity of its own, and a form of the framework's in its own words."""
    return {"grp.toml": GROUP_NOTE, "rout.toml": in_our_words((resources.folder("workbooks") / "rout.toml").read_text("utf-8"))}


def template() -> bytes:
    """Hollowmere's copy of a Word template, with its own words."""
    shipped, out = (resources.folder("templates") / SUMMARY).read_bytes(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shipped)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, in_our_words(old.read(name).decode()).encode() if name == "word/document.xml" else old.read(name))
    return out.getvalue()


def in_our_words(text: str) -> str:
    for old, new in WORDS.items():
        text = text.replace(old, new)
    return text


def set_up(root: Path) -> workspace.Workspace:
    """A workspace with Hollowmere's plan and forms; nothing is issued yet."""
    place = workspace.create(root, root / ".qaf")
    place.plan.write_bytes(write_plan(second_plan(), created=NOW))
    place.forms.mkdir()
    for name, text in forms().items():
        (place.forms / name).write_text(text, "utf-8")
    place.templates.mkdir()
    (place.templates / SUMMARY).write_bytes(template())
    return place
