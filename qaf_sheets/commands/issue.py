"""`issue`: write what is owed and not yet issued."""

from __future__ import annotations

from qaf_sheets import issue as flow
from qaf_sheets.commands.say import bar, chosen, desk, out, say_json, say_problems, say_table
from qaf_sheets.error_handler import UsageError
from qaf_sheets.problems import count


def issue(workspace: str | None, state: str | None, json: bool, quarter: str | None, activity: str, person: str) -> int:  # noqa: FBT001 - a command line switch
    """Hand out a quarter's workbooks. Run again, it writes nothing new."""
    with desk(workspace, state) as at, at.alone():
        when = chosen(at, quarter)
        if activity and activity.upper() not in at.library.activities():
            raise UsageError(f"There is no activity '{activity}'. There are: {', '.join(at.library.activities())}.")
        if person and at.plan.people and at.plan.person(person) is None:
            raise UsageError(f"'{person}' is not an id on the People sheet.")
        issued = flow.issue(at, when, activity=activity.upper(), person_id=person, watch=bar("Writing workbooks"))
        left = flow.left_for_later(at, when, activity=activity.upper(), person_id=person)
    if json:
        keys = {"return_id", "obligation_ids", "activity", "person_id", "file"}
        say_json({"issued": [i.model_dump(include=keys, mode="json") | {"quarter": str(i.quarter), "due_on": i.due_on.isoformat()} for i in issued], "problems": [p.model_dump() for p in left]})
        return 0
    if left:
        say_problems("Not issued yet:", left)
    if not issued:
        out().print(f"Nothing new to issue for {when.label}.")
        return 0
    say_table(
        f"{count(len(issued), 'workbook')} issued for {when.label}", ("Reference", "Activity", "For", "By", "File"),
        ((i.return_id, i.activity, i.person_name, f"{i.due_on:%d/%m/%Y}", i.file) for i in issued),
    )
    return 0
