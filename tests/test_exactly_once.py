"""Stopped anywhere, nothing is lost and nothing counts twice; ingest twice equals once; the order of drops does not matter."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qaf_sheets import files, notes, receive, workspace
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.model import Quarter
from qaf_sheets.register.returns import Returns
from qaf_sheets.register.store import Records


class PowerCutError(BaseException):
    """The machine stops here: nothing of ours may catch it."""


def cut_at(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, *, after: bool) -> Callable[[], None]:
    """The first call of a step ends everything, just before or just after it."""
    real = getattr(owner, name)
    left = [1]

    def step(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs) if after and left[0] else None
        if left[0]:
            left[0] = 0
            raise PowerCutError
        return real(*args, **kwargs) if not after or result is None else result

    monkeypatch.setattr(owner, name, step)
    return lambda: monkeypatch.setattr(owner, name, real)


STEPS = [
    (receive, "copy_atomically"), (Returns, "decide"), (Returns, "add_version"), (Records, "note"), (receive, "finish"),
    (receive, "_keep"), (receive, "_cleared"), (notes, "tell"), (Returns, "filed"), (Returns, "set_waiting"),
]  # fmt: skip


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_power_cut_anywhere_loses_nothing_and_doubles_nothing(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool) -> None:
    handed = Handed(council, "OBS")
    original = handed.drop().read_bytes()
    restore = cut_at(monkeypatch, owner, name, after=after)
    with pytest.raises(PowerCutError):
        run("ingest", "--no-outputs", "--json", "--workspace", council)
    restore()
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    _, answers = run("answers", "--all-versions", "--json", "--workspace", council)
    assert [(a["return_id"], a["version"], a["state"]) for a in answers] == [(handed.issue.return_id, 1, "accepted")]
    kept = list((council / "Received").rglob("*.xlsx"))
    assert [p.read_bytes() for p in kept] == [original]
    assert list((council / "Return here").iterdir()) == []
    assert list((council / ".qaf" / "staging").iterdir()) == []
    assert run("verify", "--json", "--workspace", council) == (0, {"ok": True, "problems": []})


def test_forms_a_crash_left_unwritten_are_written_at_the_next_issue(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from qaf_sheets import issue

    root = tmp_path / "fresh"
    run("init", root)
    restore = cut_at(monkeypatch, issue, "write_atomically", after=True)
    with pytest.raises(PowerCutError):
        run("issue", "--workspace", root)
    restore()
    code, told = run("issue", "--json", "--workspace", root)
    assert (code, told["issued"]) == (0, [])
    assert len(list((root / "To complete").rglob("*.xlsx"))) == 108


def test_a_file_that_may_not_be_removed_is_received_once(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Handed(council, "OBS")
    dropped = handed.drop()
    real = Path.unlink

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self.parent.name == "Return here":
            raise PermissionError(13, "denied")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    monkeypatch.setattr(files.time, "sleep", lambda _: None)
    _, first = run("ingest", "--no-outputs", "--json", "--workspace", council)
    _, second = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert ([f["outcome"] for f in first["files"]], second["files"]) == (["accepted"], [])
    assert dropped.exists()
    monkeypatch.setattr(Path, "unlink", real)
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert not dropped.exists()


def test_a_full_disk_costs_nothing_but_time(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Handed(council, "OBS")
    dropped = handed.drop()
    real = receive.copy_atomically

    def full(source: Path, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(receive, "copy_atomically", full)
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert (code, [f["outcome"] for f in told["files"]], dropped.exists()) == (0, ["waiting"], True)
    monkeypatch.setattr(receive, "copy_atomically", real)
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [f["outcome"] for f in told["files"]] == ["accepted"]


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
