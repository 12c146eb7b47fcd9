"""`build`: write the outputs again."""

from __future__ import annotations

from qaf_sheets.commands.say import chosen, desk, err, out, say_json
from qaf_sheets.problems import count
from qaf_sheets.publish import KINDS, publish


def build(workspace: str | None, state: str | None, json: bool, quarter: str | None, only: str | None) -> int:  # noqa: FBT001 - a command line switch
    """Every output that would say something new, or one kind; of one quarter when asked, else of every open one."""
    with desk(workspace, state) as at, at.alone():
        written = publish(at, only=(only,) if only else KINDS, quarters=(chosen(at, quarter),) if quarter else ())
    if json:
        say_json({"outputs": [{"file": w.file, "written": w.written} for w in written]})
        return 0
    out().print(f"{count(sum(w.written for w in written), 'file')} written, {sum(not w.written and not w.note for w in written)} already up to date.")
    for w in written:
        if w.note:
            err().print(f"{w.file}: {w.note}", markup=False)
    return 0
