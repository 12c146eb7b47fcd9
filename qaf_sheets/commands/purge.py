"""`purge`: children's names out of received files, once the work is on the child's file; two people say so, and it is logged."""

from __future__ import annotations

from collections.abc import Sequence

from qaf_sheets.commands.say import chosen, desk, out, say_json, say_table
from qaf_sheets.desk import Desk
from qaf_sheets.error_handler import UsageError
from qaf_sheets.model import Quarter
from qaf_sheets.problems import count
from qaf_sheets.purge import Holds, Order, Purged, WhyNamesError, holding, past_keeping, seen
from qaf_sheets.purge import purge as take_out

STATES = {"due": "holds a name", "purged": "removed", "left": "still there"}
NOT_ON_FILE = "Not on the child's file yet, as the tracker says."


def purge(workspace: str | None, state: str | None, json: bool, return_id: str, quarter: str | None, due: bool, who: str, confirmed_by: str, why: str, dry_run: bool) -> int:  # noqa: FBT001 - command line switches
    """Remove names, or with `--dry-run` only say where they are."""
    with desk(workspace, state) as at, at.alone():
        wanted, waits = _chosen(at, return_id, quarter, due)
        done = tuple(seen(h, "due") for h in wanted) if dry_run else _purged(at, wanted, _order(at, who, confirmed_by, why))
        told = (*done, *(seen(h, "left", NOT_ON_FILE) for h in waits))
        past = past_keeping(at)
    if json:
        say_json({"dry_run": dry_run, "files": [p.model_dump(mode="json") for p in told], "past_keeping": [{"quarter": str(q), "files": n} for q, n in past.items()]})
    else:
        _say(told, past)
    return 1 if any(p.state == "left" for p in done) else 0


def _chosen(at: Desk, return_id: str, quarter: str | None, due: bool) -> tuple[list[Holds], list[Holds]]:  # noqa: FBT001 - a command line switch
    """The files asked for, and those that must wait: one return is taken as it is named, others only when they are on the child's file."""
    if sum((bool(return_id), bool(quarter), due)) != 1:
        raise UsageError("Say whose names are removed: --return R-000012, --quarter 2026-27-Q3, or --due for all whose time has come.")
    found = holding(at)
    if return_id:
        return [h for h in found if h.issue.return_id == return_id], []
    if due:
        return [h for h in found if h.on_file and h.due_on <= at.now().date()], []
    mine = [h for h in found if h.issue.quarter == chosen(at, quarter)]
    return [h for h in mine if h.on_file], [h for h in mine if not h.on_file]


def _order(at: Desk, who: str, confirmed_by: str, why: str) -> Order:
    """Two people of the council and a reason. Raises UsageError."""
    if not (who and confirmed_by and why.strip()):
        raise UsageError("Say who removes the names with --who, who confirms it with --confirmed-by, and why with --why.")
    people = [at.plan.person(p.strip()) for p in (who, confirmed_by)]
    for named, person in zip((who, confirmed_by), people, strict=True):
        if person is None or (person.end_date and person.end_date < at.now().date()):
            raise UsageError(f"'{named}' is not an id of the People sheet, or has left.")
    if people[0] == people[1]:
        raise UsageError("Two different people are needed: one who removes the names, and one who confirms it.")
    first, second = (p.person_id for p in people if p)
    return Order(first, second, why.strip())


def _purged(at: Desk, wanted: Sequence[Holds], order: Order) -> tuple[Purged, ...]:
    try:
        return take_out(at, wanted, order)
    except WhyNamesError as error:
        raise UsageError("The reason holds a name that is to be removed, and would keep it in the journal. Please say it without the name.") from error


def _say(files: Sequence[Purged], past: dict[Quarter, int]) -> None:
    if files:
        say_table(count(len(files), "file"), ("File", "Return", "The name", "Note"), ((f.kept_as, f.return_id, STATES[f.state], f.note or _unseen(f.unseen)) for f in files))
    else:
        out().print("No file that was asked for holds a child's name.")
    for quarter, n in past.items():
        out().print(f"{quarter.label}: {count(n, 'received file is', 'received files are')} past the time for keeping them.", markup=False)


def _unseen(parts: Sequence[str]) -> str:
    return f"Please look at its pictures and objects: {', '.join(parts)}" if parts else ""
