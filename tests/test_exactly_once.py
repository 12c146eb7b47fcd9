"""Ingest twice equals once; the order of drops does not matter; a reader that dies costs one file. Stopped anywhere: test_faults.py and test_refusals.py."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qaf_sheets import workspace
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.model import Quarter


def test_a_worker_that_dies_costs_one_file(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import qaf_sheets.desk

    monkeypatch.setattr(qaf_sheets.desk, "read_book", _ends_on_poison)
    handed = Handed(council, "OBS")
    handed.drop()
    (council / "Return here" / "poison.xlsx").write_bytes(b"PKpoison")
    (council / "Return here" / "poison.xlsx").write_bytes(Handed(council, "OBS", 1).path.read_bytes())
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    found = {f["file"].split("/")[1]: (f["outcome"], [p["code"] for p in f["problems"]][:1]) for f in told["files"]}
    assert found["poison.xlsx"] == ("not_ours", ["UNSAFE_FILE"])
    assert found[handed.path.name][0] == "accepted"
    assert code == 1


def _ends_on_poison(data: bytes, name: str) -> Any:
    """Runs in the worker: reading one file ends the process, as calamine does on some."""
    import os

    from qaf_sheets.book import read_book

    if name == "poison.xlsx":
        os._exit(9)
    return read_book(data, name)


# ---------------------------------------------------------------- twice equals once, in any order


def _state(root: Path) -> list[Any]:
    """What the register says, without the moments at which it was said."""
    with Desk(workspace.find(root)) as at, at.register.reading() as records:
        versions = [(v.issue.return_id, v.version, v.outcome, v.content.model_dump(mode="json")) for v in records.returns.versions(quarter=Quarter.parse("2026-27-Q3"))]
        actions = sorted(json.dumps([a.return_id, dict(a.said)], default=str) for a in records.actions.all())
    return [versions, actions]


def _ingest(root: Path) -> None:
    with Desk(workspace.find(root)) as at, at.alone():
        Pass(at, pause=lambda _: None).run()


def test_ingest_twice_equals_once(council: Path) -> None:
    for activity in ("ROUT", "SERV", "OBS"):
        Handed(council, activity).drop()
    _ingest(council)
    once = _state(council)
    _ingest(council)
    assert _state(council) == once
    assert len(once[0]) == 3


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(order=st.permutations(range(4)), cuts=st.lists(st.booleans(), min_size=4, max_size=4))
def test_any_order_of_drops_of_different_returns_gives_the_same_register(issued_once: Path, tmp_path: Path, order: list[int], cuts: list[bool]) -> None:
    def lived(root: Path, sequence: list[int], pauses: list[bool]) -> list[Any]:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(issued_once, root)
        returns = [Handed(root, "ROUT", 0), Handed(root, "ROUT", 1), Handed(root, "SERV"), Handed(root, "OBS")]
        for n, pause in zip(sequence, pauses, strict=True):
            returns[n].drop()
            if pause:
                _ingest(root)
        _ingest(root)
        return _state(root)

    assert lived(tmp_path / "a", order, cuts) == lived(tmp_path / "b", [0, 1, 2, 3], [False] * 4)
