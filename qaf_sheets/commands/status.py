"""`status`: what is in, what is not, who is waited for, how fresh the outputs are."""

from __future__ import annotations

from typing import Any

from qaf_sheets import backup, heartbeat, snapshot
from qaf_sheets.commands.say import chosen, desk, out, say_json, say_table, shown
from qaf_sheets.model import Duty, Issue, Received, Snapshot
from qaf_sheets.outputs.figures.coverage import Counts, count_duties
from qaf_sheets.register.outputs import Output

WORDS = {
    "later": "later", "due": "due", "needs_fixing": "! needs fixing", "held": "! held", "returned": "✓ returned", "overdue": "✗ overdue",
    "nil": "✓ nothing to report", "exempt": "exempt", "not_required": "not required",
}  # fmt: skip


def status(workspace: str | None, state: str | None, json: bool, quarter: str | None) -> int:  # noqa: FBT001 - a command line switch
    """One quarter's returns by state, the outputs and the service."""
    with desk(workspace, state) as at:
        when = chosen(at, quarter)
        seen = snapshot.take(at, when)
        with at.register.reading() as records:
            outputs = records.outputs.all()
        beat, copy = heartbeat.read(at.workspace.state, at.now()), backup.state_of(at)
    counts = count_duties(seen.duties, len(seen.waiting))
    if json:
        say_json({
            "quarter": str(when), "counts": counts.model_dump(), "obligations": [_duty(d) for d in seen.duties],
            "outputs": [{"file": o.file, "as_at": o.as_at.isoformat(), "state": o.state} for o in outputs],
            "watcher": {"state": beat["state"], "heartbeat": beat["at"]}, "waiting": [{"file": w.file, "outcome": w.outcome, "why": _why(w.problems)} for w in seen.waiting],
            "receipts": [_receipt(f, seen) for f in sorted((*seen.files, *seen.waiting), key=lambda f: (f.received_at, f.file), reverse=True)],
            "moderations": [_moderation(m, seen) for m in seen.moderations],
            "backup": {"state": copy.state, "folder": copy.folder, "as_at": copy.as_at.isoformat(timespec="seconds") if copy.as_at else None},
        })  # fmt: skip
        return 0
    _say(seen, counts, outputs, beat)
    if copy.words:
        out().print(copy.words, markup=False)
    return 0


def _receipt(file: Received, seen: Snapshot) -> dict[str, Any]:
    """One file that was dropped and what became of it; the newest stands first, what still waits among them. `still_there`: it lies in the inbox."""
    there = file.kept_as is None or file.kept_as in seen.lying
    return file.model_dump(mode="json", exclude={"problems"}) | {"problems": [p.code for p in file.problems], "still_there": there}


def _duty(duty: Duty) -> dict[str, Any]:
    owed = duty.obligation
    return {
        "obligation_id": owed.obligation_id, "activity": owed.activity, "owner": owed.owner, "person_id": owed.person_id,
        "due_on": owed.due_on.isoformat(), "state": duty.state, "return_id": duty.return_id,
    }  # fmt: skip


def _moderation(issue: Issue, seen: Snapshot) -> dict[str, Any]:
    """A piece of work that is moderated. It is no obligation of the rules: it follows from a review."""
    done = any(v.issue.return_id == issue.return_id for v in seen.returns)
    state = "returned" if done else "overdue" if seen.as_at.date() > issue.due_on else "due"
    return {"return_id": issue.return_id, "piece": issue.piece, "person_id": issue.person_id, "due_on": issue.due_on.isoformat(), "state": state}


def _why(problems: Any) -> str:
    return problems[0].message if problems else ""


def _say(seen: Snapshot, counts: Counts, outputs: tuple[Output, ...], beat: dict[str, Any]) -> None:
    console = out()
    console.print(
        f"{seen.quarter.label}: {counts.in_of_expected} returned, {counts.overdue} overdue, {counts.needs_fixing} to be put right, {counts.awaiting} awaited, {counts.held} held.", markup=False,
    )
    owing = [d for d in seen.duties if d.state not in ("returned", "nil", "exempt", "not_required")]
    if owing:
        names = {p.person_id: p.name for p in seen.plan.people}
        say_table("", ("State", "Activity", "Who", "By", "Reference"), ((WORDS[d.state], d.obligation.activity, names.get(d.obligation.person_id, d.obligation.owner), f"{d.obligation.due_on:%d/%m/%Y}", d.return_id) for d in owing))
    asked = [_moderation(m, seen) for m in seen.moderations]
    if asked:
        console.print(f"Moderation: {sum(m['state'] == 'returned' for m in asked)} of {len(asked)} returned, {sum(m['state'] == 'overdue' for m in asked)} overdue.", markup=False)
    for w in seen.waiting:
        console.print(shown(f"In Return here: {w.file.rsplit('/', 1)[-1]}. {_why(w.problems)}"), markup=False)
    for kept in sorted(seen.lying):
        console.print(shown(f"Received, and still in Return here, for we may not delete it: {kept.rsplit('/', 1)[-1]}. You can."), markup=False)
    for o in outputs:
        if o.state != "current":
            console.print(f"{o.file}: {o.note}", markup=False)
    console.print(f"Service: {beat['state']}{', last seen ' + beat['at'] if beat['at'] else ''}.", markup=False)
