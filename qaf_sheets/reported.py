"""A quarter as it was reported: kept when its report is signed off or the quarter is closed, so that later corrections do not change what was said."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qaf_sheets.choices import closed_on
from qaf_sheets.desk import Desk
from qaf_sheets.files import patiently, sha256, write_atomically
from qaf_sheets.model import Snapshot
from qaf_sheets.plan.settings import defaults

DATE, MOMENT = "date", "moment"


def keep_reported(desk: Desk, seen: Snapshot) -> None:
    """Keep a quarter as it stands when it is signed off or closed, whichever comes first: the first look after that does.

    A sign-off taken back, or a quarter reopened, sets it aside: nothing kept is ever deleted.
    """
    place = _place(desk, seen)
    with desk.register.reading() as records:
        closed = closed_on(records.decisions.in_force(), seen.quarter)
    if seen.signed_off is None and closed is None:
        if place.exists():
            place.replace(place.with_name(f"{seen.quarter} until {desk.now():%Y-%m-%d %H%M%S}.json.gz"))
    elif not place.exists():
        _keep(desk, place, seen)


def as_reported(desk: Desk, seen: Snapshot) -> Snapshot | None:
    """The quarter as it was kept, with who signed it off since; None while it is neither signed off nor closed."""
    place = _place(desk, seen)
    return load(patiently(place.read_bytes)).model_copy(update={"signed_off": seen.signed_off}) if place.exists() else None


def _place(desk: Desk, seen: Snapshot) -> Path:
    return desk.workspace.reported / f"{seen.quarter}.json.gz"


def _keep(desk: Desk, place: Path, seen: Snapshot) -> None:
    data = dump(seen)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(place, data, private=True)
    with desk.register.writing() as records:
        records.note(desk.now(), "reported", {"quarter": str(seen.quarter), "sha256": sha256(data)})


def faults_in_reported(desk: Desk) -> list[str]:
    """Quarters whose numbers as reported are gone, or are not those that the journal tells of."""
    with desk.register.reading() as records:
        told = {str(entry["sha256"]): str(entry["quarter"]) for _, entry in records.told("reported")}
    kept = {sha256(p.read_bytes()) for p in desk.workspace.reported.glob("*.json.gz")}
    return [f"What was reported of {quarter} is missing or was changed: the state folder's '{desk.workspace.reported.name}' held it." for digest, quarter in told.items() if digest not in kept]


def dump(seen: Snapshot) -> bytes:
    """A snapshot as compressed JSON; dates are told from text that looks like one."""
    return gzip.compress(json.dumps(seen.model_dump(), ensure_ascii=False, default=_plain).encode(), mtime=0)


def load(data: bytes) -> Snapshot:
    """The twin of `dump`. Settings that came with a later version have their defaults."""
    kept = Snapshot.model_validate(json.loads(gzip.decompress(data), object_hook=_dated))
    return kept.model_copy(update={"plan": kept.plan.model_copy(update={"settings": {**defaults(), **kept.plan.settings}})})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {DATE: value.isoformat()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value)} has no place in a snapshot")


def _dated(found: dict[str, Any]) -> object:
    if len(found) == 1 and DATE in found:
        return date.fromisoformat(found[DATE])
    if len(found) == 1 and MOMENT in found:
        return datetime.fromisoformat(found[MOMENT])
    return found
