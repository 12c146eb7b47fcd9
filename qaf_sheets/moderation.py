"""Moderation: a workbook for each piece of work that is to be graded again, handed out to a moderator once the review is in.

What is wanted follows from the register alone, so it may be asked again and again: a piece has one workbook for the version of the review that
counts. A newer version of the review voids the workbook before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from math import ceil
from pathlib import PurePosixPath

from qaf_sheets import workdays
from qaf_sheets.desk import Desk
from qaf_sheets.facts import Order, Rows, named, option_text
from qaf_sheets.issue import Printer, record, write_all
from qaf_sheets.model import Issue, Person, Plan, Problem
from qaf_sheets.plan.moderators import moderator
from qaf_sheets.problems import problem
from qaf_sheets.register.store import Records
from qaf_sheets.rules import MODERATED
from qaf_sheets.snapshot import newest_accepted
from qaf_sheets.work import Work, works

MOD = "MOD"


def hand_out(desk: Desk) -> tuple[Problem, ...]:
    """Hand out what is to be moderated and was not handed out yet. Returns the pieces for which there is no moderator."""
    if MOD not in desk.library.activities():
        return ()
    plan = desk.plan
    with desk.register.writing() as records:
        known = records.issues.about_pieces()
        every = tuple(work_of(records))
        wanted = [w for w in chosen(every, known, _share(plan)) if (w.id, w.version.version) not in {(i.piece, i.piece_version) for i in known}]
        made = {w.id: _order(plan, w) for w in wanted}
        printers: dict[str, Printer] = {}
        for order in made.values():
            if isinstance(order, Order):
                printer = printers.setdefault(str(order.quarter), Printer(desk, records, plan, order.quarter))
                record(desk, records, plan, order, printer)
        handed = records.issues.about_pieces()
    told = [o for o in made.values() if isinstance(o, Problem)]
    try:
        write_all(desk, plan)
    except OSError:  # no room, or no right: what is recorded is written at the next look
        told.append(problem("FORMS_NOT_WRITTEN"))
    newest = {i.piece: i.piece_version for i in sorted(handed, key=lambda i: i.piece_version)}
    _put_aside(desk, [i for i in handed if i.piece_version < newest[i.piece]])
    return tuple(told)


def work_of(records: Records) -> Iterator[Work]:
    """Every piece of work that may be moderated, of the versions that count, in the order they came."""
    return (w for w in works(records, newest_accepted(records.returns.versions())) if w.form.moderated)


def chosen(every: Sequence[Work], known: Sequence[Issue], share: Mapping[str, int]) -> Iterator[Work]:
    """What is moderated of each activity and quarter: all that was Outstanding or Inadequate, and a share of the rest, the first of so many that came."""
    asked = {i.piece for i in known}
    for group in {(w.version.issue.activity, str(w.version.issue.quarter)): None for w in every}:
        mine = [w for w in every if (w.version.issue.activity, str(w.version.issue.quarter)) == group]
        rest = [w for w in mine if w.grade not in MODERATED]
        least = ceil(len(rest) * share.get(group[0], 100) / 100)
        first = {w.id for w in sorted(rest, key=lambda w: w.id not in asked)[:least]}
        yield from (w for w in mine if w.grade in MODERATED or w.id in asked or w.id in first)


def _share(plan: Plan) -> dict[str, int]:
    return {"THEM": int(plan.setting("them_moderation_share"))}


def _order(plan: Plan, work: Work) -> Order | Problem:
    issue = work.version.issue
    reviewer, child = work.said("reviewer"), work.said("child")
    listed = plan.child(child.code) if child else None
    barred = {issue.person_id, *((reviewer.code,) if reviewer else ()), *((listed.worker_id, listed.chair_id) if listed else ())}
    person = moderator(plan, issue.activity, barred, issue.quarter)
    if person is None:
        return problem("NO_MODERATOR", piece=work.id)
    due = workdays.add(_week(plan, issue), int(plan.setting("mod_due_after_week")), plan.holidays)
    soonest = workdays.add(work.version.received_at.date(), int(plan.setting("mod_due_least")), plan.holidays)
    return Order(
        activity=MOD, quarter=issue.quarter, person_id=person.person_id, due_on=max(due, soonest), about=child.code if child else "", piece=work.id,
        piece_version=work.version.version, told=_told(plan, work, person), rows={"review": _review(work)},
    )


def _week(plan: Plan, issue: Issue) -> date:
    """The Monday of the activity's week; of the week its review was due in, while the Calendar has none."""
    told = next((e.week_beginning for e in plan.calendar if e.activity == issue.activity and e.quarter == issue.quarter and e.week_beginning), None)
    return told or issue.due_on - timedelta(days=issue.due_on.weekday())


def _told(plan: Plan, work: Work, person: Person) -> dict[str, str]:
    """The review's facts on the moderator's form."""
    issue, day = work.version.issue, work.form.work_day
    said = {part: a.text if (a := work.said(part)) else "" for part in ("reviewer", "level", "overall_grade")}
    on = work.piece.answers.get(day.id) if day else None
    reviewer = plan.person(issue.person_id)
    return {
        "piece": f"{work.form.title} {work.id}, version {work.version.version}", "about": f"{work.form.title} {work.id}",
        "piece_reviewer": said["reviewer"] or (named(reviewer) if reviewer else issue.person_name), "piece_level": option_text(plan, "level_of_need", said["level"]),
        "piece_on": on.text if on else "", "piece_grade": option_text(plan, "grade", said["overall_grade"]), "person": named(person),
    }


def _review(work: Work) -> Rows:
    """All that was written, question by question, with the grade beside it."""
    questions = (*work.form.fields, *(work.form.pieces.columns if work.form.pieces else ()))
    grades = {q.beside: q.id for q in questions if q.beside}
    answers = work.piece.answers
    written = [q for q in questions if q.kind == "long" and not q.withheld and q.id in answers and (answers[q.id].text or q.id in grades)]
    return tuple({"question": q.label, "answer": answers[q.id].text, "grade": answers[grades[q.id]].text if q.id in grades else ""} for q in written)


def _put_aside(desk: Desk, voided: Sequence[Issue]) -> None:
    """A workbook that was replaced says so in its name; whoever has begun it keeps what they wrote. One that is open is tried again the next time."""
    for issue in voided:
        path = desk.workspace.absolute(issue.file)
        aside = path.with_name(f"Replaced - {PurePosixPath(issue.file).name}")
        with suppress(OSError):
            if path.exists() and not aside.exists():
                path.rename(aside)
