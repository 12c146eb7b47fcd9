"""What the tests share: the example lists, one issued form of each kind, and forms filled in by another program."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import openpyxl

from qaf_sheets.book import Book, read_book
from qaf_sheets.demo.fill import typed
from qaf_sheets.forms.definition import Library, version_of
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.read import Reading, read_form
from qaf_sheets.forms.write import Sending, write_form
from qaf_sheets.model import Form, Issue, Option, Person, Quarter, Theme, Value
from qaf_sheets.plan.example import LISTS as EXAMPLE_LISTS

Q3 = Quarter(year=2026, number=3)
PEOPLE = (
    Person(person_id="P031", name="Avery Exampleworth", role="TM", team="Assessment A", service_area="Front Door and Assessment"),
    Person(person_id="P041", name="Blake Placeholder", role="SW", line_manager_id="P031", team="Assessment A", service_area="Front Door and Assessment"),
    Person(person_id="P042", name="Casey Leftalready", role="SW", line_manager_id="P031", team="Assessment A", end_date=date(2026, 8, 31)),
    Person(person_id="P016", name="Devon Fictionby", role="PSW", service_area="QA and Safeguarding"),
)


def options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(text=t) for t in texts)


LISTS: Mapping[str, tuple[Option, ...]] = {
    **EXAMPLE_LISTS,
    "teams": options("Assessment A", "Assessment B"),
    "evident": options("Strongly evident", "Evident", "Partly evident", "Not evident"),
    "yes_no": options("Yes", "No"),
    "actions_any": (Option(text="Yes, listed on the Actions sheet", code="Yes"), Option(text="No further action", code="No")),
    "action_level": options("Child", "Practitioner", "Team", "Service", "Partnership"),
    "priority": options("Immediate", "Within 10 working days", "Within the quarter"),
    "nature": (Option(text="Meeting"), Option(text="Supervision"), Option(text="Visit", aliases=("Home visit",)), Option(text="Other")),
    "level_of_need": options("Early Help / Family Help", "Child in Need", "Child Protection", "Child in Care", "Care Leaver"),
}
PROSE = "We looked at this together and the work made a clear difference for the child."
ANSWERS: dict[str, Value] = {"nature": "Supervision", "immediate_concern": "No", "ed_evaluation": "Evident", "actions_any": "No further action"}


THEME = tuple(Theme(theme="Networks", question_id=f"NET{n}", question=q) for n, q in enumerate(("The network is named", "A contingency plan is recorded"), 1))
VISITS = tuple(Theme(theme="Quality of visits", question_id=f"VIS{n}", question=q, kind="evaluate") for n, q in enumerate(("Visits have a purpose", "What the child said changed something"), 1))
THEMES = {"DIP": THEME, "THEM": VISITS}
CHILD = "9304518"
HANDED_OUT: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "asye": tuple({"asye_person": f"{p.name} ({p.person_id})", "supervisor": "Avery Exampleworth (P031)", "month": "October 2026"} for p in PEOPLE[1:]),
    "follow_up": (
        {"action_id": "A-0012", "action_text": "Meet the network and write down what each will do", "child_id": CHILD, "level": "Child", "claimed_closed_on": "30/09/2026"},
        {"action_id": "A-0019", "action_text": "Set up a monthly reading group", "child_id": "", "level": "Service", "claimed_closed_on": "15/09/2026"},
    ),
}
"""What a form's tables are handed out with, by the name in their `prefill`."""


@cache
def form(activity: str) -> Form:
    return Library().form(activity, LISTS, theme=THEMES.get(activity, ()))


def child_row(n: int, **changes: Value) -> dict[str, Value]:
    """One child of a dip sample, all in order, with changes."""
    row: dict[str, Value] = {"child_id": f"93045{n:02d}", "level_of_need": "Child in Need", "team": "Assessment A", "NET1": "Yes", "NET2": "Partly", "immediate_concern": "No"}
    return {**row, **changes}


def audited(n: int, **changes: Value) -> dict[str, Value]:
    """One child of a thematic audit, all in order, with changes."""
    said: dict[str, Value] = {"child_id": f"93045{n:02d}", "team": "Assessment A", "level_of_need": "Child in Need", "overall_grade": "Good", "immediate_concern": "No"}
    for c in form("THEM").tables[0].columns:
        if c.required and not c.when and c.id not in said:
            said[c.id] = {"person": "Blake Placeholder (P041)", "long": PROSE}.get(c.kind) or c.options[1].text
    return {**said, **changes}


@cache
def issue(activity: str) -> Issue:
    person = PEOPLE[0]
    return Issue(
        return_id="R-000012", obligation_ids=(f"2026-27-Q3/R15/P031/P041/{activity}",), activity=activity, quarter=Q3, person_id=person.person_id,
        person_name=person.name, role_team="Team manager, Assessment A", service_area=person.service_area, team=person.team, about=CHILD if activity in ("CCR", "MOD") else "P041",
        rows={t.prefill: HANDED_OUT[t.prefill] for t in form(activity).tables if t.prefill in HANDED_OUT}, issued_on=date(2026, 10, 5), due_on=date(2026, 12, 31), form_version=version_of(form(activity)), file=f"To complete/P031/{activity}.xlsx",
        facts={
            "person": "Avery Exampleworth (P031)", "person_role": "Avery Exampleworth, Front Door and Assessment", "quarter": "Q3 2026-27 (October to December 2026)",
            "area": "Front Door and Assessment", "about": "Blake Placeholder, Social worker, Assessment A", "about_person": "Blake Placeholder (P041)",
            "about_role_team": "Social worker, Assessment A", "child_id": CHILD, "child_worker": "Blake Placeholder (P041)", "child_manager": "Casey Leftalready (P042)",
            "piece": "Collaborative case review R-000007, version 1", "piece_reviewer": "Blake Placeholder (P041)", "piece_level": "Child in Need", "piece_on": "10/12/2026", "piece_grade": "Good",
            "child_level": "Child in Need", "theme": "Networks", "month": "October 2026", "dlt_date": "27/01/2027", "planned_activity": "Planned for this quarter:\nObservations of practice: 4",
        },
    )  # fmt: skip


def sending(activity: str) -> Sending:
    """All that an issued workbook says beside its form."""
    return Sending(
        issue=issue(activity), identity={"return_id": "R-000012", "signature": "not checked here"}, people=tuple(f"{p.name} ({p.person_id})" for p in PEOPLE),
        council="Marlbrook Borough Council", marking="OFFICIAL-SENSITIVE", contact="Quality assurance unit, 01632 960 123", dates=(date(2026, 7, 1), date(2028, 12, 28)),
    )  # fmt: skip


@cache
def issued(activity: str) -> bytes:
    return write_form(form(activity), sending(activity))


def complete(activity: str, **changes: Value) -> dict[str, Value]:
    """Every answer that is needed, and the changes asked for; None clears one."""
    said: dict[str, Value] = {}
    for f in form(activity).fields:
        if f.fixed or not f.required or f.when:
            continue
        if activity == "CCR" and f.prefill in ("child_worker", "child_manager"):
            continue
        said[f.id] = ANSWERS.get(f.id) or {"long": PROSE, "text": PROSE, "date": date(2026, 12, 10), "person": "Avery Exampleworth (P031)", "number": 90, "choice": f.options[1].text if f.options else None}.get(f.kind)
    said |= {"person_observed": "Blake Placeholder (P041)"} if activity.startswith("OBS") else {}
    said |= {"no_action_reason": "Nothing needs to change: the plan is on track and the family agree."}
    return {**said, **changes}


Rows = Sequence[Mapping[str, Value]]


def filled(activity: str, said: Mapping[str, Value], rows: Rows = (), children: Rows = (), **tables: Rows) -> bytes:
    """The issued form with answers typed in by openpyxl; `rows` are its actions, `children` a dip sample's or an audit's, `tables` others by id."""
    return typed(issued(activity), lay_out(form(activity)), dict(said), {"actions": rows, "children": children, **tables})


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A workbook changed by openpyxl, as another program would."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book(data: bytes) -> Book:
    found = read_book(data, "form.xlsx")
    assert isinstance(found, Book), found
    return found


def reading(activity: str, data: bytes) -> Reading:
    return read_form(book(data), form(activity), lay_out(form(activity)), PEOPLE)


def codes(problems: Any, *levels: str) -> list[tuple[str, str]]:
    """Problems as (code, cell), the levels asked for or all."""
    return [(p.code, p.cell) for p in problems if not levels or p.level in levels]
