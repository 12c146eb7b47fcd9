"""A small invented quarter of voices: reviews, observations, supervision and forums, few enough to count by hand. Nobody here exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import graded
import kit

from qaf_sheets.model import Answer, Duty, Obligation, Person, Problem, Quarter, Question, Return, Snapshot, State, Total, Value, Version

FRONT, HELP = "Front Door and Assessment", "Family Support"
PEOPLE = (
    Person(person_id="P010", name="Harper Imaginer", role="HOS", service_area=FRONT),
    Person(person_id="P031", name="Avery Exampleworth", role="TM", line_manager_id="P010", team="Assessment A", service_area=FRONT),
    Person(person_id="P032", name="Robin Standin", role="TM", line_manager_id="P010", team="Assessment B", service_area=HELP),
    Person(person_id="P041", name="Blake Placeholder", role="SW", line_manager_id="P031", team="Assessment A", service_area=FRONT),
    Person(person_id="P043", name="Quinn Notreal", role="SW", line_manager_id="P032", team="Assessment B", service_area=HELP),
    Person(person_id="P044", name="Sage Mockford", role="ASYE", line_manager_id="P032", team="Assessment B", service_area=HELP),
)
NO_NAME = "They said that Blake Placeholder always rings back."
Row = Mapping[str, Value]


def answers(asked: tuple[Question, ...], said: Row) -> dict[str, Answer]:
    found = {}
    for n, f in enumerate(asked, 5):
        value = said.get(f.id)
        option = next((o for o in f.options if value in (o.text, o.code) and value), None)
        person = f.kind == "person" and isinstance(value, str)
        code = (option.code or option.text) if option else str(value) if value and (person or f.kind == "child_id") else ""
        found[f.id] = Answer(value=option.text if option else value, sheet="Form", cell=f"C{n}", code=code)
    return found


def came(n: int, activity: str, about: str = "", by: str = "P031", quarter: Quarter = kit.Q3, problems: tuple[Problem, ...] = (), rows: Mapping[str, tuple[Row, ...]] | None = None, **said: Value) -> Version:
    """A return that counts, with these answers."""
    form, person = kit.form(activity), next(p for p in PEOPLE if p.person_id == by)
    tables = {t.id: tuple(answers(t.columns, r) for r in (rows or {}).get(t.id, ())) for t in form.tables}
    issue = kit.issue(activity).model_copy(update={
        "return_id": f"R-{n:06d}", "about": about, "person_id": by, "person_name": person.name, "team": person.team, "service_area": person.service_area, "quarter": quarter,
        "obligation_ids": (f"{quarter}/R15/{by}/{about or '-'}/{n}",), "file": f"{activity}-{n}.xlsx",
    })  # fmt: skip
    base = graded.snapshot().returns[0]
    return base.model_copy(update={"issue": issue, "content": Return(answers=answers(form.fields, said), rows=tables), "file": f"Received/{quarter}/{issue.file}", "problems": problems})


def duty(version: Version | None, activity: str = "", about: str = "", by: str = "P031", state: State = "returned", quarter: Quarter = kit.Q3, month: str = "", n: int = 0) -> Duty:
    """A duty that a return meets, or that is still owed."""
    issue = version.issue if version else None
    owed = Obligation(
        obligation_id=issue.obligation_ids[0] if issue else f"{quarter}/R15/{by}/{about or '-'}/{n}", rule_id="R15", clause="Section 6, 6.4", activity=issue.activity if issue else activity,
        quarter=issue.quarter if issue else quarter, person_id=issue.person_id if issue else by, owner=issue.person_name if issue else by, about=issue.about if issue else about, month=month, due_on=quarter.ends,
    )  # fmt: skip
    return Duty(obligation=owed, state=state, return_id=issue.return_id if issue else None, received_on=date(2026, 12, 14) if issue else None)


def observations() -> tuple[Version, ...]:
    return (
        came(201, "OBS", "P041", nature="Visit", observed_on=date(2026, 11, 3), strengths="Recording was clear.", areas_for_development="Say more about risk.", family_feedback="She listens to us.", fb_practitioner_comments="It helped me to see it."),
        came(202, "OBS", "P031", by="P010", nature="Meeting", observed_on=date(2026, 11, 4), strengths="Risk was named.", areas_for_development="The plan was thin; risk too."),
    )  # fmt: skip


def supervision() -> tuple[Version, ...]:
    every = [f.id for f in kit.form("SUP").fields if f.beside]
    prompts = dict.fromkeys(every, "Yes") | {every[0]: "No", every[1]: "Partly"}
    dips = ({"asye_person": "P044", "supervision_on_time": "Yes", "protected_workload": "NA", "reflective": "Partly"}, {"asye_person": "P044", "supervision_on_time": "No", "protected_workload": "Yes", "reflective": "Yes"})
    return (
        came(203, "SUP", "P031", by="P010", personal_file_seen="Yes", supervisee_feedback="It is my hour.", **prompts),
        came(204, "SUP_ASYE", by="P031", rows={"asye": dips}),
    )  # fmt: skip


def forums() -> tuple[Version, ...]:
    asked = ({"you_said": "Can we meet in the evening?", "we_did": "Yes, from January.", "told_children_on": date(2026, 12, 2)}, {"you_said": "We want a dog.", "we_did": "Not yet decided."})
    wanted = ({"you_said": "Help with rent.", "standing": "Done", "we_did": "A guarantor scheme."}, {"you_said": "A drop-in.", "standing": "No answer yet", "we_did": "Being costed."})
    talks = ({"month": "October 2026", "asked_about": "Endings", "said": "We need time for goodbyes.", "wanted": "An hour for each."},)
    telling = came(205, "C_CICC", rows={"you_said": asked}, messages=NO_NAME)
    cell = telling.content.answers["messages"].cell
    named = Problem(code="NAME_IN_TEXT", level="W", sheet="Form", cell=cell, field="messages", label="Main messages", message="may hold a name")
    return (
        telling.model_copy(update={"problems": (named,)}), came(206, "C_CLF", rows={"asked_for": wanted}, messages="Say what we are owed."),
        came(207, "C_PF", rows={"consultations": talks}, summary="Caseloads came up.", answered="The rota was changed."), came(208, "C_PFS", invited=80, responses=40, took_part=20, had_feedback=15, found_useful=16, learnt="We ask first.", change="Tell us sooner."),
    )  # fmt: skip


@cache
def snapshot() -> Snapshot:
    """Q3: two of five observed and one of two supervisors audited; a quarter of the year was counted by hand before."""
    base, q1, q4 = graded.snapshot(), Quarter(year=2026, number=1), Quarter(year=2026, number=4)
    made = (*observations(), *supervision(), *forums())
    met = [duty(v) for v in made if v.issue.activity not in ("SUP_ASYE",)]
    months = [duty(made[3], month="2026-10"), *(duty(None, "SUP_ASYE", month="2026-11", state="overdue", n=n) for n in (1, 2))]
    owed = (duty(None, "OBS", "P043", by="P032", state="overdue", n=3), duty(None, "OBS", "P044", by="P032", state="exempt", n=4))
    later = (
        duty(None, "OBS", "P044", by="P032", quarter=q4, state="due", n=5), duty(None, "OBS", "P032", by="P010", quarter=q1, state="overdue", n=6), duty(None, "SUP", "P032", by="P010", quarter=q4, state="due", n=7),
    )  # fmt: skip
    plan = base.plan.model_copy(update={"people": PEOPLE, "totals": (Total(quarter=q1, activity="OBS", measure="returned", n=1),)})
    forms = {code: kit.form(code) for code in ("CCR", "DIP", "THEM", "MOD", "OBS", "OBS_MTG", "OBS_SNR", "SUP", "SUP_ASYE", "C_CICC", "C_CLF", "C_PF", "C_PFS")}
    seen = base.model_copy(update={"plan": plan, "forms": forms, "returns": (*base.returns, *made), "duties": (*base.duties, *met, *months, *owed), "year": later})
    return graded.fed_back(seen)
