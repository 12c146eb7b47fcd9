"""`decide`: a person's decision, with who and why; the same rows as on the tracker's Decisions sheet. `decide list` shows what waits and what was decided."""

from __future__ import annotations

from typing import Any, cast

from qaf_sheets import decisions
from qaf_sheets.choices import CHOICES, KINDS, NAMED_ALONE, Kind
from qaf_sheets.commands.say import chosen, desk, out, say_json, say_table
from qaf_sheets.desk import Desk
from qaf_sheets.error_handler import UsageError
from qaf_sheets.facts import named
from qaf_sheets.model import Decision
from qaf_sheets.moderation import hand_out
from qaf_sheets.publish import publish
from qaf_sheets.tracking import edits_back

OF_A_QUARTER = ("quarter", "sign_off")
OF_DUTIES = ("exempt", "nil")


def decide(workspace: str | None, state: str | None, json: bool, kind: str, about: str, choice: str, who: str, why: str, quarter: str | None) -> int:  # noqa: FBT001 - a command line switch
    """Write a decision and carry it out; or list them."""
    with desk(workspace, state) as at, at.alone():
        edits_back(at)
        if kind == "list":
            decisions.attend(at)
            return _list(at, json)
        done = _decided(at, cast(Kind, kind.replace("-", "_")), about, choice, who, why, quarter)
        hand_out(at)
        publish(at, only=("tracker", "status", *(("documents",) if done.kind in OF_A_QUARTER else ())))
    if json:
        say_json({"decision": as_json(done)})
    else:
        out().print(f"{done.decision_id}: {KINDS[done.kind]}, {done.about}. {done.choice}, by {done.who}.", markup=False)
    return 0


def _decided(at: Desk, kind: Kind, about: str, choice: str, who: str, why: str, quarter: str | None) -> Decision:
    """The decision as it was carried out. Raises UsageError, and then nothing was written."""
    person = at.plan.person(who.strip())
    if not who or not why:
        raise UsageError("Say who decides with --who, like --who P016, and why with --why.")
    if person is None:
        raise UsageError(f"'{who}' is not an id on the People sheet.")
    if not choice and kind not in NAMED_ALONE:
        raise UsageError(f"Say what is decided with --choice: {' or '.join(CHOICES[kind])}.")
    subject = _about(at, kind, about.strip(), quarter)
    said: dict[str, Any] = {"choice": choice or CHOICES[kind][0], "who": named(person), "why": why, "decided_on": at.now().date()}
    with at.register.writing() as records:
        decisions.ask(records, at.plan)
        row = decisions.waiting(records, kind, subject)
        stands = decisions.as_it_stands(records, Decision(decision_id="", kind=kind, about=subject, **said)) if row is None else None
        if stands:
            return stands
        row = row or Decision(decision_id=decisions.new_id(records), kind=kind, about=subject)
        records.decisions.save(row.model_copy(update=said))
        problems = decisions.carry_out(records, at.plan, at.now(), only=row.decision_id)
        if problems:
            raise UsageError(problems[0].message)
        return next(d for d in records.decisions.in_force() if d.decision_id == row.decision_id)


def _about(at: Desk, kind: Kind, about: str, quarter: str | None) -> str:
    """What it is about, with the quarter where that was named apart."""
    if kind in OF_A_QUARTER:
        return about or str(chosen(at, quarter))
    if not about:
        raise UsageError("Say what the decision is about with --about.")
    return f"{about} {chosen(at, quarter)}" if kind in OF_DUTIES and len(about.split()) == 2 else about


def _list(at: Desk, json: bool) -> int:  # noqa: FBT001 - a command line switch
    with at.register.reading() as records:
        every = records.decisions.standing()
    if json:
        say_json({"decisions": [as_json(d) for d in every]})
    elif not every:
        out().print("Nothing waits for a decision, and none was made.")
    else:
        say_table("", ("Decision", "Kind", "About", "Choice", "Who", "Why", "On"), ((d.decision_id, KINDS[d.kind], d.about, d.choice or f"waiting: {d.asked}", d.who, d.why, f"{d.decided_on:%d/%m/%Y}" if d.decided_on else "") for d in every))
    return 0


def as_json(decision: Decision) -> dict[str, Any]:
    """A decision for other programs; `choice` is blank while it waits."""
    return decision.model_dump(mode="json")
