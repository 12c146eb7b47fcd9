"""A child's name, read from the file as it was received, for that child's own record and nothing else (design decision 9)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from qaf_sheets.desk import Desk
from qaf_sheets.files import patiently
from qaf_sheets.forms.read import read_form
from qaf_sheets.model import Problem, Version
from qaf_sheets.rules import pieces


def names_in(desk: Desk) -> Callable[[Version, str], str]:
    """What reads the name given in one piece of work of a version; '' where none was given, or it was taken out since. Raises OSError while the file cannot be read."""
    return lambda version, key: _name(desk, version, key)


def _where(desk: Desk, version: Version) -> Path:
    """Where the file lies: in its place, or still where it was dropped."""
    place = desk.workspace.absolute(version.file)
    if place.exists():
        return place
    with desk.register.reading() as records:
        kept = next((k.received for k in records.returns.files() if k.received.kept_as == version.file), None)
    return desk.workspace.absolute(kept.file) if kept else place


def _name(desk: Desk, version: Version, key: str) -> str:
    data = patiently(_where(desk, version).read_bytes)
    book = desk.read_bytes(data, PurePosixPath(version.file).name)
    with desk.register.reading() as records:
        kept = records.issues.form(version.issue.form_version)
    if isinstance(book, Problem) or kept is None:
        return ""
    read, form = read_form(book, *kept, desk.plan.people), kept[0]
    asked = {q.id for q in (*form.fields, *(form.pieces.columns if form.pieces else ())) if q.withheld}
    mine = next((p.answers for p in pieces(form, read.as_typed) if p.key == key), {})
    return next((a.text for field, a in mine.items() if field in asked and a.text), "")
