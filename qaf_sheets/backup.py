"""A consistent copy of the register in a folder that a setting names: for the day the service's own disk is lost. Never where managers can read."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from qaf_sheets.desk import Desk
from qaf_sheets.files import copy_atomically, open_private, sweep
from qaf_sheets.register.store import last_entry_in
from qaf_sheets.workspace import STATE

log = logging.getLogger(__name__)
SETTING = "backup_folder"
NAME = "register.db"


class Backup(NamedTuple):
    """How the copy stands. `behind` has less than the register; `in_reach` means that managers could read there, so nothing is written."""

    state: Literal["none", "current", "behind", "unreachable", "in_reach"]
    folder: str = ""
    as_at: datetime | None = None

    @property
    def words(self) -> str:
        """What a person should know; '' when all is well."""
        return {
            "none": "", "current": "", "behind": f"The copy of the register in {self.folder} is not up to date.", "unreachable": f"The folder for the copy of the register cannot be reached: {self.folder}.",
            "in_reach": f"The copy of the register may not lie inside the workspace, where others can read. Name another folder under '{SETTING}' in the plan's Settings.",
        }[self.state]  # fmt: skip


def state_of(desk: Desk) -> Backup:
    """Compares the copy with the register in use; looks, and writes nothing."""
    told = desk.plan.setting(SETTING).strip()
    if not told or not desk.register.in_a_file:
        return Backup("none")
    folder = Path(told)
    if folder.absolute().is_relative_to(desk.workspace.root):
        return Backup("in_reach", told)
    if not folder.is_dir():
        return Backup("unreachable", told)
    copy = _place(desk, folder)
    if not copy.exists():
        return Backup("behind", told)
    with desk.register.reading() as records:
        newest = records.last_entry()
    same = last_entry_in(copy) == newest
    return Backup("current" if same else "behind", told, datetime.fromtimestamp(copy.stat().st_mtime))  # noqa: DTZ006 - the desk's own clock, as everywhere


def keep(desk: Desk) -> None:
    """Write the copy where it is behind. A folder that is away costs nothing but the copy, and `status` and `verify` say so."""
    found = state_of(desk)
    if found.state != "behind":
        return
    here = desk.workspace.state / "register being copied.db"
    here.unlink(missing_ok=True)
    try:
        open_private(here, "wb").close()
        desk.register.copy_to(here)
        copy = _place(desk, Path(found.folder))
        sweep(copy.parent)
        copy_atomically(desk.workspace.state / STATE, copy.with_name(STATE), private=True)
        copy_atomically(here, copy, private=True)
    except OSError as error:
        log.warning("the copy of the register could not be written (%s)", type(error).__name__)
    finally:
        here.unlink(missing_ok=True)


def _place(desk: Desk, folder: Path) -> Path:
    """A folder of its own for each workspace."""
    return folder / f"qaf-sheets {desk.workspace.id}" / NAME
