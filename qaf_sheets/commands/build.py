"""`build`: write the outputs again; with `--for`, a copy of the master that one reader may have."""

from __future__ import annotations

from qaf_sheets.commands.say import bar, chosen, desk, err, out, say_json
from qaf_sheets.desk import Desk
from qaf_sheets.error_handler import UsageError
from qaf_sheets.outlet import Written
from qaf_sheets.outputs import sharing
from qaf_sheets.pdf import copies
from qaf_sheets.problems import count
from qaf_sheets.publish import KINDS, publish, share, team_packs


def build(workspace: str | None, state: str | None, json: bool, quarter: str | None, only: str | None, reader: str, pdf: bool) -> int:  # noqa: FBT001 - a command line switch
    """Every output that would say something new, or one kind; of one quarter when asked, else of every open one. Or a copy for one reader."""
    with desk(workspace, state) as at, at.alone():
        asked = chosen(at, quarter) if quarter else None
        if reader:
            written: tuple[Written, ...] = (share(at, _reader(at, reader, only), asked),)
        elif only == "teams":
            written = team_packs(at, asked, bar("Teams"))
        else:
            written = publish(at, only=(only,) if only else KINDS, quarters=(asked,) if asked else (), each=bar("Documents"))
            written += tuple(copies(at)) if pdf else ()
    if json:
        say_json({"outputs": [{"file": w.file, "written": w.written} for w in written]})
        return 0
    out().print(f"{count(sum(w.written for w in written), 'file')} written, {sum(not w.written and not w.note for w in written)} already up to date.")
    if reader and not written[0].note:
        out().print(f"{written[0].file}: values only, with nothing in it that this reader may not see.", markup=False)
    for w in written:
        if w.note:
            err().print(f"{w.file}: {w.note}", markup=False)
    return 0


def _reader(at: Desk, said: str, only: str | None) -> sharing.Reader:
    """Whom a copy is for. Raises UsageError, which says who there is."""
    if only not in (None, "master"):
        raise UsageError("--for makes a copy of the master; it cannot stand beside --only " + only + ".")
    found = sharing.reader(said, at.plan)
    if found is None:
        areas = ", ".join(dict.fromkeys(t.service_area for t in at.plan.teams))
        raise UsageError(f"There is no reader '{said}'. Say --for dlt, --for \"service:<area>\" ({areas}), or --for person:<id of the People sheet>.")
    return found
