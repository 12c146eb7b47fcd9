"""An invented quarter for the outputs' tests: Marlbrook, October to December 2026, as at 18 December. Nobody here exists.

`snapshot()` has 27 duties in every state, returns of three small forms (long prose, hostile text, a withheld name, two versions of one),
actions in time and overdue, and files with problems. `empty()` is the same council before anything was asked or returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

from qaf_sheets.model import (
    Action,
    Answer,
    Duty,
    Form,
    Issue,
    Obligation,
    Option,
    Outcome,
    Person,
    Plan,
    Problem,
    Quarter,
    Question,
    Received,
    Return,
    Section,
    Snapshot,
    State,
    Table,
    Team,
    Value,
    Version,
)
from qaf_sheets.plan import settings

Q3 = Quarter(year=2026, number=3)
AS_AT = datetime(2026, 12, 18, 10, 14)
WITHHELD = "Wrenna Neverprinted"
HOSTILE = "=1+1"
LONG = "The plan says what has to change, by when and who will help, and the family wrote part of it themselves. " * 30
TEXTS = (
    HOSTILE,
    "Visits are regular and the records say what the child told us 🙂. Supervision is on time and reflective.",
    "<b>Bold</b> & {{ 7 * 7 }} {% raw %} stays as it was typed.",
    LONG[:3000],
    "+44 is how the note begins\nand it has a second line\n\nand a fourth.",
    "Management oversight is recorded within a day, and says why the decision was made.",
    "@SUM(A1:A9) was typed by somebody.",
    "Plans are clear. Contingency is the part that is thin: two of the five I read had none.",
)

PEOPLE = tuple(
    Person(person_id=i, name=name, role=role, line_manager_id=manager, team=team, service_area=area)
    for i, name, role, manager, team, area in (
        ("P001", "Avery Exampleworth", "AD", "", "", ""),
        ("P010", "Blair Inventley", "HOS", "P001", "", "Help and Assessment"),
        ("P011", "Casey Fictionham", "HOS", "P001", "", "Children in Care"),
        ("P012", "Devon Madeupson", "HOS", "P001", "", "Early Help and Youth Justice"),
        ("P016", "Ellis Pretendale", "PSW", "P001", "", ""),
        ("P030", "Frankie Notreal", "TM", "P010", "MASH", "Help and Assessment"),
        ("P031", "Gray Supposeby", "TM", "P010", "Assessment A", "Help and Assessment"),
        ("P032", "Harper Imagine", "TM", "P011", "Children in Care 1", "Children in Care"),
        ("P033", "Indigo Whatif-O'Sample", "TM", "P012", "Locality North", "Early Help and Youth Justice"),
        ("P050", "Jules Sampleton", "SW", "P031", "Assessment A", "Help and Assessment"),
        ("P051", "Kit Placeholder", "SW", "P032", "Children in Care 1", "Children in Care"),
        ("P052", "Lane Mockford", "SW", "P030", "MASH", "Help and Assessment"),
    )
)
TEAMS = tuple(Team(team=p.team, service_area=p.service_area) for p in PEOPLE if p.role == "TM")
NAMES = {p.person_id: p.name for p in PEOPLE}
ROLES = tuple(Option(text=t, code=c) for c, t in (("AD", "Assistant Director"), ("HOS", "Head of Service"), ("PSW", "Principal Social Worker"), ("TM", "Team Manager"), ("SW", "Social Worker")))
PLAN = Plan(people=PEOPLE, teams=TEAMS, lists={"roles": ROLES}, settings={**settings.defaults(), "council": "Marlbrook Borough Council", "marking": "OFFICIAL-SENSITIVE", "qa_contact": "the QA unit, 01632 960 123"})

YES_NO = (Option(text="Yes"), Option(text="No"))
EVIDENT = (Option(text="Strongly evident"), Option(text="Evident"), Option(text="Partly evident"), Option(text="Not evident"))
ACTION_COLUMNS = (
    Question(id="action_text", kind="long", label="Action", required=True),
    Question(id="owner", kind="person", label="Owner", required=True),
    Question(id="due_on", kind="date", label="Due date", required=True),
    Question(id="priority", kind="choice", label="Priority", options=(Option(text="Immediate"), Option(text="Within the quarter"))),
)
ACTIONS = Table(id="actions", title="Actions", row="Action", purpose="One action a row.", rows=10, columns=ACTION_COLUMNS)
DEC = (Question(id="completed_by", kind="person", label="Completed by"), Question(id="completed_on", kind="date", label="Completed on"))
SUMMARY = (
    Question(id="activity", kind="long", label="QUALITY ASSURANCE ACTIVITY UNDERTAKEN IN THE PERIOD", short="Quality assurance activity undertaken"),
    Question(id="well", kind="long", label="WHAT'S WORKING WELL", short="What's working well"),
    Question(id="worried", kind="long", label="WHAT ARE WE WORRIED ABOUT?", short="What are we worried about"),
    Question(id="action_needed", kind="long", label="ACTION NEEDED", short="Action needed"),
)
SHARED = (
    Question(id="child_voice", kind="long", label="What did you learn about children's own views and experiences?", short="Children's views and experiences"),
    Question(id="ed_understanding", kind="long", label="How well does practice understand equality, diversity and identity needs?", short="Understanding of equality and diversity"),
    Question(id="ed_response", kind="long", label="How well does practice respond to those needs?", short="Response to equality and diversity"),
    Question(id="ed_evaluation", kind="choice", label="How evident is this in the work?", short="Equality and diversity: how evident", options=EVIDENT),
)
OBSERVED = (
    Question(id="child_name", label="Child's name:", short="Child's name"),
    Question(id="child_id", kind="child_id", label="Child ID:"),
    Question(id="observed_on", kind="date", label="Date of Observation:"),
    Question(id="nature", kind="choice", label="Nature of the Observed Practice"),
    Question(id="strengths", kind="long", label="Identified Strengths"),
    Question(id="areas_for_development", kind="long", label="Areas for Development"),
    Question(id="minutes", kind="number", label="Minutes observed"),
    Question(id="private_note", kind="long", label="Note for the child's own record", short="Private note"),
    Question(id="immediate_concern", kind="choice", label="Do you have an immediate concern for a child's safety?", short="Immediate concern", options=YES_NO),
    Question(id="concern_reported_to", kind="person", label="Who did you tell?", short="Who was told of the concern"),
)


def _form(activity: str, title: str, plural: str, first: str, fields: tuple[Question, ...]) -> Form:
    sections = (Section(title=first, fields=fields), Section(title="Equality and diversity", added=True, fields=SHARED), Section(title="Sign-off", added=True, fields=DEC))
    return Form(id=activity, title=title, heading=title.upper(), sheet="Form", purpose="Please fill this in.", clause="Section 4", plural=plural, not_graded=activity == "OBS", sections=sections, tables=(ACTIONS,))


FORMS = {
    "ROUT": _form("ROUT", "Head of Service summary", "Head of Service summaries", "QUALITY ASSURANCE", SUMMARY),
    "SERV": _form("SERV", "Service summary", "Service summaries", "QUALITY ASSURANCE", SUMMARY),
    "OBS": _form("OBS", "Observation of practice", "Observations of practice", "OBSERVED PRACTICES", OBSERVED),
}
RULES = {"ROUT": ("R01", "Section 4, 4.2", date(2026, 12, 11)), "SERV": ("R02", "Section 2, 2.6", date(2026, 12, 16)), "OBS": ("R15", "Section 6, 6.4", date(2026, 12, 11))}

# who owes it · about · state · days after the due date that it came (None: it has not)
OWED: Mapping[str, tuple[tuple[str, str, State, int | None], ...]] = {
    "ROUT": (("P010", "", "returned", -1), ("P011", "", "returned", 3), ("P012", "", "overdue", None), ("P001", "", "returned", -3)),
    "SERV": (("P010", "Help and Assessment", "returned", -2), ("P011", "Children in Care", "needs_fixing", None), ("P012", "Early Help and Youth Justice", "due", None)),
    "OBS": (
        *((who, about, "returned", days) for who, about, days in (
            ("P031", "P050", -20), ("P032", "P051", -18), ("P030", "P052", -9), ("P010", "P030", -8), ("P010", "P031", -8), ("P011", "P032", -5), ("P012", "P033", -4),
            ("P031", "P050", -2), ("P032", "P051", -1), ("P030", "P052", 0), ("P016", "P050", 1), ("P016", "P051", 4), ("P016", "P052", 5),
        )),
        ("P031", "P051", "later", None), ("P032", "P052", "later", None), ("P033", "P050", "overdue", None), ("P033", "P051", "held", None),
        ("P030", "P051", "exempt", None), ("P011", "P033", "not_required", None), ("P012", "P030", "nil", 0),
    ),
}


@cache
def snapshot() -> Snapshot:
    """The whole invented quarter."""
    duties = tuple(_duties())
    returns = tuple(_returns(duties))
    return Snapshot(
        quarter=Q3, as_at=AS_AT, plan=PLAN, forms=FORMS, duties=duties, returns=returns, files=tuple(_files(returns)), actions=tuple(_actions(returns)),
        waiting=(Received(file="Return here/Q3 2026-27 - SERV - P012 - R-000107.xlsx", kept_as=None, outcome="waiting", received_at=AS_AT, problems=(
            Problem(code="OPEN_BY", level="I", message="'Q3 2026-27 - SERV - P012 - R-000107.xlsx' is open by Devon Madeupson. We will read it once it is closed."),)),),
        notes=(Problem(code="LOCKED_RESTORED", level="W", sheet="Actions", cell="D5", label="Action", message="'Action' of ACT-2026Q3-0002 was changed to 'Something else'. It is kept by the service, so we have put it back."),),
    )


@cache
def empty() -> Snapshot:
    """The same council and forms before anything is owed, returned or agreed."""
    return Snapshot(quarter=Q3, as_at=AS_AT, plan=PLAN, forms=FORMS, duties=(), returns=(), files=(), actions=())


def _duties() -> list[Duty]:
    every = [(activity, *owed) for activity, rows in OWED.items() for owed in rows]
    return [_duty(number, *row) for number, row in enumerate(every, 101)]


def _duty(number: int, activity: str, who: str, about: str, state: State, days: int | None) -> Duty:
    rule, clause, due = RULES[activity]
    due += timedelta(days=20) if state == "later" else timedelta(days=10) if state == "due" else timedelta()
    obligation = Obligation(obligation_id=f"{Q3}/{rule}/{who}/{about}/{number}", rule_id=rule, clause=clause, activity=activity, quarter=Q3, person_id=who, owner=who, about=about, due_on=due)
    handed_out = state not in ("exempt", "not_required", "nil")
    came = None if days is None else due + timedelta(days=days)
    file = _kept(activity, who, number, 1) if state == "returned" else ""
    return Duty(obligation=obligation, state=state, return_id=f"R-{number:06}" if handed_out else None, received_on=came, file=file)


def _kept(activity: str, who: str, number: int | str, copy: int) -> str:
    reference = number if isinstance(number, str) else f"R-{number:06}"
    return f"Received/{Q3}/{Q3.label} - {activity} - {who} - {reference} - {copy}.xlsx"


def _returns(duties: tuple[Duty, ...]) -> list[Version]:
    versions = [_version(n, d, 1, "accepted") for n, d in enumerate(duties) if d.state == "returned"]
    sent_back = next(d for d in duties if d.state == "needs_fixing")
    again = next(n for n, d in enumerate(duties) if d.obligation.activity == "OBS" and d.state == "returned")
    return [*versions, _version(99, sent_back, 1, "needs_fixing"), _version(again, duties[again], 2, "accepted")]


def _version(n: int, duty: Duty, version: int, outcome: Outcome) -> Version:
    owed, person = duty.obligation, next(p for p in PEOPLE if p.person_id == duty.obligation.person_id)
    came = (duty.received_on or owed.due_on) + timedelta(days=version - 1)
    file = _kept(owed.activity, owed.person_id, str(duty.return_id), version)
    issue = Issue(
        return_id=str(duty.return_id), obligation_ids=(owed.obligation_id,), activity=owed.activity, quarter=Q3, person_id=person.person_id, person_name=person.name, role_team=f"{person.role}, {person.team or person.service_area}",
        service_area=person.service_area, team=person.team, about=owed.about, issued_on=date(2026, 10, 5), due_on=owed.due_on, form_version=f"{owed.activity}-0123456789", file=f"{Q3.label} - {owed.activity} - {person.person_id} - {duty.return_id}.xlsx",
    )
    problems = _problems(duty, version, outcome)
    return Version(issue=issue, version=version, outcome=outcome, received_at=datetime.combine(came, time(9, 30)), file=file, content=_content(n, owed, version), problems=problems)


def _content(n: int, owed: Obligation, version: int) -> Return:
    fields = FORMS[owed.activity].fields
    answers = {f.id: _answer(n, owed, f, row, version) for row, f in enumerate(fields, 6)}
    answers = {k: a for k, a in answers.items() if a.value is not None}
    action = {"action_text": TEXTS[n % len(TEXTS)], "owner": NAMES["P031"], "due_on": date(2027, 1, 15), "priority": "Within the quarter"}
    rows = ({k: Answer(value=v, sheet="Actions", cell=f"{'BCDE'[i]}5") for i, (k, v) in enumerate(action.items())},)
    return Return(answers=answers, rows={"actions": rows} if n % 2 else {})


def _answer(n: int, owed: Obligation, field: Question, row: int, version: int) -> Answer:
    concern = n % 7 == 0
    fixed: dict[str, Value] = {
        "child_name": WITHHELD, "private_note": f"About {WITHHELD} alone", "child_id": f"{9200001 + n}", "observed_on": owed.due_on - timedelta(days=30), "nature": "Visit", "minutes": 45 + n,
        "immediate_concern": "Yes" if concern else "No", "concern_reported_to": NAMES["P031"] if concern else None, "ed_evaluation": EVIDENT[n % 4].text,
        "completed_by": NAMES[owed.person_id], "completed_on": owed.due_on - timedelta(days=3),
    }
    value = fixed[field.id] if field.id in fixed else f"Version 2. {TEXTS[(n + row) % len(TEXTS)]}" if version > 1 else TEXTS[(n + row) % len(TEXTS)]
    code = str(value) if field.kind == "choice" and value else ""
    return Answer(value=value, sheet="Form", cell=f"C{row}", code=code, withheld=field.id in ("child_name", "private_note"))


def _problems(duty: Duty, version: int, outcome: Outcome) -> tuple[Problem, ...]:
    if outcome == "needs_fixing":
        return (
            Problem(code="ANSWER_MISSING", level="E", sheet="Form", cell="C9", field="worried", label="What are we worried about", message="What are we worried about: please write your answer (sheet 'Form', cell C9)."),
            Problem(code="TOO_LITTLE", level="E", sheet="Form", cell="C6", field="child_name", label="Child's name", message=f"'{WITHHELD}' does not tell us enough. Please write what you found."),
        )
    late = Problem(code="LATE", level="W", message="Thank you. Received 3 days after 11 December 2026.")
    changed = Problem(code="REPLACED", level="W", message="We have replaced your earlier version (2 answers changed) and kept the old copy.")
    return (changed,) if version > 1 else (late,) if duty.late else ()


def _files(returns: tuple[Version, ...]) -> list[Received]:
    kept = [
        Received(file=f"Return here/{v.issue.file}", kept_as=v.file, outcome=v.outcome, return_id=v.issue.return_id, version=v.version, problems=v.problems, received_at=v.received_at)
        for v in returns
    ]
    again = kept[0].model_copy(update={"kept_as": (kept[0].kept_as or "").replace(" - 1.xlsx", " - 2.xlsx"), "outcome": "duplicate", "problems": (Problem(code="SAME_AGAIN", level="I", message="We already have this return, unchanged. Nothing more to do."),)})
    other = Received(file="Return here/=Lunch rota #2 (50%).xlsx", kept_as="Received/Not ours/=Lunch rota #2 (50%).xlsx", outcome="not_ours", received_at=datetime(2026, 12, 10, 12, 5), problems=(
        Problem(code="NOT_OUR_FORM", level="E", message="The reference is missing, so this is not a form we issued."),))
    held = Received(file="Return here/Q3 2026-27 - OBS - P033 - R-000124.xlsx", kept_as=_kept("OBS", "P033", "R-000124", 1), outcome="conflict", return_id="R-000124", version=1, received_at=datetime(2026, 12, 9, 15, 40), problems=(
        Problem(code="TWO_PEOPLE", level="E", message="A return for this already came from Casey Fictionham. The QA unit will ask which one to use."),))
    return sorted([*kept, again, other, held], key=lambda f: f.received_at)


def _actions(returns: tuple[Version, ...]) -> list[Action]:
    # status · due in days from now · revised to, in days from now
    plans: tuple[tuple[str, int | None, int | None], ...] = (
        ("Open", -12, None), ("Open", 0, None), ("In progress", -30, 14), ("Done", -9, None), ("Verified", -20, None), ("Closed", -40, None), ("Open", 28, None), ("Escalated", -3, -1), ("", None, None), ("Not needed", 10, None),
    )
    return [_action(n, returns[n], *plan) for n, plan in enumerate(plans)]


def _action(n: int, source: Version, status: str, due: int | None, revised: int | None) -> Action:
    today, owner = AS_AT.date(), ("P031", "P032", "P030")[n % 3]
    cells: dict[str, Value] = {
        "action_text": TEXTS[n % len(TEXTS)], "owner": NAMES[owner], "priority": "Immediate" if n == 0 else "Within the quarter", "level": "Child", "intended_impact": "The child knows the plan.",
        "status": status or None, "due_on": None if due is None else today + timedelta(days=due), "revised_due_on": None if revised is None else today + timedelta(days=revised),
        "progress_note": "Agreed in supervision." if n % 2 else None, "child_name": WITHHELD,
    }
    issue = source.issue
    return Action(
        action_id=f"ACT-2026Q3-{n + 1:04}", return_id=issue.return_id, activity=issue.activity, quarter=str(Q3), area=issue.service_area, team=issue.team, set_on=source.received_at.date(),
        child_id=source.content.text("child_id"), cells={k: v for k, v in cells.items() if v is not None},
    )
