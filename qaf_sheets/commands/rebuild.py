"""`rebuild`: the register again, from the received files and the journal."""

from __future__ import annotations

from pathlib import Path

from qaf_sheets import rebuild as again
from qaf_sheets import workspace as places
from qaf_sheets.commands.say import err, out, root_of, say_json
from qaf_sheets.desk import Desk
from qaf_sheets.problems import count


def rebuild(workspace: str | None, state: str | None, json: bool, even_so: bool) -> int:  # noqa: FBT001 - command line switches
    """Put a fresh register in place; the old one stays beside it. What cannot be made again stops it, unless told to go on."""
    place = places.find(root_of(workspace), Path(state) if state else None, keyless=True)
    with Desk(place) as at, at.locked():
        faults = again.rebuild(at, even_so=even_so)
    done = not faults or even_so
    if json:
        say_json({"ok": not faults, "rebuilt": done, "problems": faults})
        return 1 if faults else 0
    if done:
        out().print("The register was made again from the received files and the journal. The one before is kept beside it. Now run 'qaf-sheets build'.")
    if faults:
        err().print(f"{count(len(faults), 'thing')} could not be made again{'' if done else ', so nothing was changed. With --even-so it is done without them'}:")
        for line in faults:
            err().print(f"  {line}", markup=False)
    return 1 if faults else 0
