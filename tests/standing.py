"""A small workspace in which a command takes no time, and all that stands in one: two that stand alike went through the same."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from faults import Inline
from sqlalchemy import select

from qaf_sheets import clock, executors, workspace
from qaf_sheets.cli import main
from qaf_sheets.desk import Desk
from qaf_sheets.files import digest_of_members, sha256
from qaf_sheets.issue import issue
from qaf_sheets.model import Quarter
from qaf_sheets.outputs import documents
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.register import schema
from qaf_sheets.register.replay import canonical
from qaf_sheets.register.store import KEPT

Q3 = Quarter.parse("2026-27-Q3")
THEN, NOON = datetime(2026, 10, 5, 9, 0), datetime(2026, 12, 14, 12, 0)
OWN = ("register.db", "journal.jsonl", "writing.lock")
"""What stands in the state folder in forms of its own."""


FEW = ("dlt_report.docx", "child_record.docx")
"""Documents enough: each of the others takes the same steps, and a run is stopped at every step."""


class Still(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # no zone is asked for
        return NOON


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No clock ticks and no worker is started, so that a run is the same each time and costs little more than its own work."""
    gc.collect()
    gc.freeze()  # what is there already need not be looked at (nor copied for it, in a fork) again and again
    try:
        kinds = tuple(k for k in documents.DOCUMENTS if k.template in FEW)
        with mock.patch.object(clock, "datetime", Still), mock.patch.object(executors, "WarmWorker", Inline), mock.patch.object(documents, "DOCUMENTS", kinds):
            yield
    finally:
        gc.unfreeze()


@contextlib.contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the system has one: a kill, unlike a power cut, asks nothing of a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="qaf-tests-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


def handed_out(root: Path, *activities: str, person: str) -> Path:
    """A workspace whose plan asks for these activities, with one person's forms handed out and read without a settling time."""
    place, plan = workspace.create(root, root / ".qaf"), example_plan(THEN.date())
    rules = tuple(r for r in plan.rules if r.activity in activities)
    place.plan.write_bytes(write_plan(plan.model_copy(update={"rules": rules, "settings": {**plan.settings, "settle_seconds": "0"}}), created=THEN))
    with Desk(place, now=lambda: THEN, executor=Inline()) as at:
        assert issue(at, Q3, person_id=person)
    return root


def run(root: Path, *command: str) -> tuple[int, str]:
    """A command in this workspace: its exit code and what it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO() if "--json" in command else out):
        code = main([*command, "--workspace", str(root)])
    return code, out.getvalue()


def told(root: Path, *command: str) -> tuple[int, Any]:
    """The same with its JSON."""
    code, said = run(root, *command, "--json")
    return code, json.loads(said) if said else None


Standing = dict[str, dict[str, Any]]


def standing(root: Path) -> Standing:
    """All that is kept: the register, what the journal tells of, the files that people see, and what lies in the state folder."""
    place = workspace.find(root)
    with Desk(place) as at, at.register.engine.connect() as db:
        held = canonical(at.register)
        told = db.execute(select(schema.journal).where(schema.journal.c.kind != KEPT).order_by(schema.journal.c.seq)).all()
        waiting = {r.file: r.received for r in db.execute(select(schema.waiting))}
        left = {r.name: r.holder for r in db.execute(select(schema.lease))}
        with at.register.reading() as records:
            chain = records.journal_faults(place.journal)
    seen = files(root)
    own = {p.relative_to(place.state).as_posix(): _held(p) for p in sorted(place.state.rglob("*")) if not p.name.startswith(OWN)}
    journal = {str(n): f"{r.at} {r.kind} {r.body}" for n, r in enumerate(told)}
    return {**{f"table {name}": rows for name, rows in held.items()}, "journal": journal, "chain": dict.fromkeys(chain), "waiting": waiting, "lease": left, "files": seen, "state folder": own}


def files(root: Path) -> dict[str, str]:
    """What people see: every file's digest, and the folders."""
    return {p.relative_to(root).as_posix(): _held(p) for p in sorted(root.rglob("*")) if ".qaf" not in p.relative_to(root).parts}


def _held(path: Path) -> str:
    if path.is_dir():
        return "folder"
    data = path.read_bytes()
    office = path.suffix in (".xlsx", ".docx") and data[:2] == b"PK" and "Received" not in path.parts
    return digest_of_members(data) if office else sha256(data)


def differing(found: Standing, expected: Standing) -> list[str]:
    """Where two workspaces do not stand alike; nothing when they do."""
    return [f"{part}: {key}: {found[part].get(key)} instead of {expected[part].get(key)}"[:400] for part in expected for key in sorted({*found[part], *expected[part]}) if found[part].get(key) != expected[part].get(key)]
