"""One output file: written when it would say something new and nobody has it open; until then it waits, and says for whom."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qaf_sheets.desk import Desk
from qaf_sheets.files import InUseError, Owner, digest_of_members, patiently, replace_if_free, sha256, sha256_of
from qaf_sheets.register.outputs import Output


class Written(NamedTuple):
    """One output: whether it was written now, and what a person should know about it."""

    file: str
    written: bool
    note: str = ""


NO_ROOM = "{name} could not be written: there is no room, or its folder may not be changed. It will be tried again."
LEFT_BEHIND = 12 * 3600.0
"""Seconds after which an owner file may be what a crash left; it is still believed, since on Linux a replace under an open workbook is undone."""


def workbook(desk: Desk, path: Path, data: bytes, members: str = "") -> Written:
    """A file people open: replaced when it would say something new (its `members` tell) and nobody has it; else it waits, and says for whom."""
    name, members = desk.workspace.relative(path), members or digest_of_members(data)
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    if last and last.members == members and is_as_written(path, last):
        return as_it_is(desk, last)
    return put(desk, name, data, members)


def put(desk: Desk, name: str, data: bytes, members: str, remark: str = "") -> Written:
    """Write one output and remember it with a remark. One that cannot be written now waits, and says why."""
    new = Output(file=name, sha256=sha256(data), members=members, as_at=desk.now(), note=remark)
    with desk.register.writing() as records:
        last = records.outputs.one(name)
        records.outputs.intend(new)
    try:
        replace_if_free(desk.workspace.absolute(name), data)
        note = ""
    except InUseError as error:
        note = open_by(name, error.owner)
    except OSError:
        note = NO_ROOM.format(name=name)
    with desk.register.writing() as records:
        if note:
            records.outputs.put((last or new.model_copy(update={"sha256": "", "members": ""})).model_copy(update={"state": "pending", "note": note}))
        else:
            records.outputs.put(new)
    return Written(name, written=not note, note=note or remark)


def as_it_is(desk: Desk, last: Output) -> Written:
    """Nothing new to write; what it waited for is no longer wanted."""
    if last.state == "pending":
        remember(desk, last.model_copy(update={"state": "current", "note": ""}))
    return Written(last.file, written=False, note=last.note if last.state == "current" else "")


def open_by(name: str, owner: Owner) -> str:
    """Who has an output open, and since when."""
    since = datetime.fromtimestamp(owner.since)  # noqa: DTZ006 - the desk's own clock, as everywhere
    if time.time() - owner.since > LEFT_BEHIND:
        return f"{name} seems to be open by {owner.who} since {since:%d/%m/%Y %H:%M}. If nobody has it open, delete the hidden file ~${name} beside it."
    return f"{name} is open by {owner.who} since {since:%H:%M}. It will be updated when it is closed."


def remember(desk: Desk, output: Output) -> None:
    """How an output stands now."""
    with desk.register.writing() as records:
        records.outputs.put(output)


def put_page(desk: Desk, path: Path, html: str) -> Written:
    """A page: small, read by nobody for long, written whenever it changed."""
    name, data = desk.workspace.relative(path), html.encode()
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    if last and path.exists() and patiently(path.read_bytes) == data:
        return as_it_is(desk, last)
    return put(desk, name, data, sha256(data))


def is_as_written(path: Path, output: Output) -> bool:
    """Whether an output is there, and nobody changed it."""
    return path.is_file() and sha256_of(path) == output.sha256


def removed(path: Path) -> bool:
    """Delete an output; False while a program that says nothing has it open, or without the right to."""
    try:
        patiently(lambda: path.unlink(missing_ok=True), tries=2)
    except OSError:
        return False
    return True
