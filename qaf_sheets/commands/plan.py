"""`plan check` and `plan show`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qaf_sheets.commands.say import chosen, desk, out, say_json, say_problems, say_table
from qaf_sheets.desk import Desk
from qaf_sheets.facts import month_words
from qaf_sheets.model import Dated, Quarter
from qaf_sheets.plan.calendar import dated
from qaf_sheets.plan.obligations import obligations
from qaf_sheets.problems import count

OPEN = "to be confirmed"


def plan(what: str, workspace: str | None, state: str | None, json: bool, quarter: str | None = None, calendar: bool = False) -> int:  # noqa: FBT001, FBT002 - command line switches
    """What is wrong with the plan, by sheet and cell; or who owes what by when, by which rule and clause; or everything that has a date."""
    with desk(workspace, state) as at:
        if what == "check":
            return _check(at, json=json)
        when = chosen(at, quarter)
        if calendar:
            return _calendar(when, dated(at.sound_plan(), when, at.library.titles()), json=json)
        return _show(at, when, json=json)


def _check(at: Desk, *, json: bool) -> int:
    problems = at.plan_and_problems[1]
    if json:
        say_json({"ok": not problems, "problems": [p.model_dump() for p in problems]})
    elif problems:
        say_problems(f"{at.workspace.plan.name}: {count(len(problems), 'thing')} to put right.", problems)
    else:
        out().print(f"{at.workspace.plan.name} is in order: {count(len(at.plan.people), 'person', 'people')}, {count(len(at.plan.rules), 'rule')}.")
    return 1 if problems else 0


def _show(at: Desk, when: Quarter, *, json: bool) -> int:
    owed = obligations(at.sound_plan(), when)
    if json:
        keys = ("obligation_id", "rule_id", "clause", "activity", "person_id", "owner", "about", "month", "note", "excused")
        say_json({"quarter": str(when), "obligations": [o.model_dump(include=set(keys)) | {"due_on": o.due_on.isoformat()} for o in owed]})
        return 0
    names = {p.person_id: p.name for p in at.plan.people}
    excused = sum(bool(o.excused) for o in owed)
    say_table(
        f"{when.label}: {count(len(owed) - excused, 'return')} owed{f', {excused} not required' if excused else ''}", ("Activity", "Who", "About", "By", "Rule", "Clause", "Note"),
        (
            (o.activity, f"{names.get(o.person_id, '')} ({o.person_id})", names.get(o.about, o.about) or month_words(o.month), f"{o.due_on:%d/%m/%Y}", o.rule_id, o.clause, f"Not required: {o.excused}" if o.excused else o.note)
            for o in owed
        ),
    )
    return 0


def _calendar(when: Quarter, entries: Sequence[Dated], *, json: bool) -> int:
    if json:
        say_json({"quarter": str(when), "calendar": [e.model_dump(mode="json") for e in entries]})
        return 0
    rows = ((_day(e.first), _day(e.last) if e.first and e.last != e.first else "", e.what, e.who, e.note) for e in entries)
    say_table(f"{when.label}: {count(len(entries), 'date')}", ("From", "To", "What", "Who", "Note"), rows)
    return 0


def _day(day: date | None) -> str:
    return f"{day:%a %d/%m/%Y}" if day else OPEN
