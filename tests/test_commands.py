"""The command line contract: names, JSON shapes, exit codes (design section 4)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed

from qaf_sheets.workspace import MARK

ROOT = Path(__file__).parent.parent
COUNTS = ["expected", "returned", "on_time", "late", "nil", "awaiting", "needs_fixing", "held", "overdue", "exempt", "not_required", "waiting"]


def test_init_then_plan_then_issue(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "new"
    assert run("init", root)[0] == 0
    assert run("plan", "check", "--json", "--workspace", root) == (0, {"ok": True, "problems": []})
    code, shown = run("plan", "show", "--json", "--workspace", root)
    assert code == 0
    assert shown["quarter"] == "2026-27-Q3"
    assert {k: [o["activity"] for o in shown["obligations"]].count(k) for k in ("ROUT", "SERV", "DIP", "CCR", "OBS")} == {"ROUT": 8, "SERV": 6, "DIP": 18, "CCR": 20, "OBS": 13}
    assert all(o["rule_id"] and o["clause"] and o["due_on"] for o in shown["obligations"])
    code, told = run("issue", "--json", "--workspace", root)
    assert (code, len(told["issued"])) == (0, 108)
    assert {frozenset(i) for i in told["issued"]} == {frozenset(("return_id", "obligation_ids", "activity", "quarter", "person_id", "due_on", "file"))}
    assert all((root / i["file"]).is_file() for i in told["issued"])
    _, again = run("issue", "--json", "--workspace", root)
    assert (again["issued"], [p["code"] for p in again["problems"]]) == ([], ["NOTHING_TO_FOLLOW_UP"])


def test_init_makes_the_plan_of_todays_financial_year(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAF_TODAY", "2029-02-03")
    root = tmp_path / "later"
    run("init", root)
    _, told = run("issue", "--json", "--workspace", root)
    assert {i["quarter"] for i in told["issued"]} == {"2028-29-Q4"}
    assert {i["activity"] for i in told["issued"]} >= {"ROUT", "SERV", "DIP", "THEM", "CCR", "OBS", "SUP", "SUP_ASYE", "C_PEP"}


def test_issue_for_one_activity_or_person_leaves_the_rest(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "some"
    run("init", root)
    _, told = run("issue", "--activity", "OBS", "--person", "P031", "--json", "--workspace", root)
    assert [(i["activity"], i["person_id"]) for i in told["issued"]] == [("OBS", "P031")]
    _, told = run("issue", "--json", "--workspace", root)
    assert len(told["issued"]) == 107


def test_status_counts_add_up(council: Path, run: Run) -> None:
    Handed(council, "ROUT").drop()
    spoilt = Handed(council, "SERV")
    spoilt.drop(spoilt.filled(spoilt.complete(well=None)))
    draft = Handed(council, "OBS")
    draft.drop(draft.filled(draft.complete(completed_on=None)))
    assert run("ingest", "--workspace", council)[0] == 1
    code, told = run("status", "--json", "--workspace", council)
    assert code == 0
    assert list(told["counts"]) == COUNTS
    c = told["counts"]
    assert (c["expected"], c["returned"], c["needs_fixing"], c["awaiting"], c["waiting"]) == (65, 1, 1, 45, 1)
    assert c["expected"] == c["returned"] + c["awaiting"] + c["needs_fixing"] + c["held"] + c["overdue"]
    assert c["returned"] == c["on_time"] + c["late"]
    assert {frozenset(o) for o in told["obligations"]} == {frozenset(("obligation_id", "activity", "owner", "person_id", "due_on", "state", "return_id"))}
    assert {"file", "as_at", "state"} == set(told["outputs"][0])
    assert set(told["watcher"]) == {"state", "heartbeat"}


def test_what_was_due_and_is_not_in_is_overdue(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAF_TODAY", "2027-01-04")
    _, told = run("status", "--json", "--quarter", "2026-27-Q3", "--workspace", council)
    assert {(o["activity"], o["state"]) for o in told["obligations"]} == {*((a, "overdue") for a in ("ROUT", "DIP", "CCR", "OBS")), ("SERV", "due")}


def test_verify_finds_what_was_changed_removed_or_slipped_in(council: Path, run: Run) -> None:
    Handed(council, "ROUT").drop()
    Handed(council, "OBS").drop()
    run("ingest", "--workspace", council)
    assert run("verify", "--json", "--workspace", council)[1] == {"ok": True, "problems": []}
    one, two = sorted((council / "Received" / "2026-27-Q3").iterdir())
    one.write_bytes(one.read_bytes() + b" ")
    two.unlink()
    (council / "Received" / "stranger.xlsx").write_bytes(b"x")
    journal = council / ".qaf" / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines()
    journal.write_text("\n".join([lines[0].replace("R-000001", "R-000099"), *lines[1:]]) + "\n", "utf-8")
    code, told = run("verify", "--json", "--workspace", council)
    assert (code, told["ok"], len(told["problems"])) == (1, False, 4)


def test_a_plan_with_faults_issues_nothing(council: Path, run: Run) -> None:
    import openpyxl

    book = openpyxl.load_workbook(council / "QA plan.xlsx")
    book["People"]["D8"] = "P999"
    book.save(council / "QA plan.xlsx")
    code, told = run("plan", "check", "--json", "--workspace", council)
    assert (code, [(p["code"], p["sheet"], p["cell"]) for p in told["problems"]]) == (1, [("PLAN_UNKNOWN_PERSON", "People", "D8")])
    assert run("issue", "--quarter", "2026-27-Q4", "--workspace", council)[0] == 1
    assert not list((council / "To complete").rglob("Q4*"))


def test_a_plan_being_saved_does_not_stop_receiving(council: Path, run: Run) -> None:
    run("status", "--workspace", council)
    (council / "QA plan.xlsx").write_bytes(b"PK half")
    handed = Handed(council, "OBS")
    handed.drop()
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert (code, [f["outcome"] for f in told["files"]]) == (0, ["accepted"])
    assert run("plan", "check", "--workspace", council)[0] == 1


@pytest.mark.parametrize(
    "arguments", [("status", "--workspace", "nowhere"), ("issue", "--quarter", "Q3"), ("issue", "--activity", "NONE"), ("issue", "--person", "P999"), ("answers", "--workspace", "nowhere")]
)
def test_wrong_usage_is_exit_two(council: Path, run: Run, arguments: tuple[str, ...]) -> None:
    more = () if "--workspace" in arguments else ("--workspace", council)
    assert run(*arguments, *more)[0] == 2


def test_an_inbox_that_is_away_is_said_and_nothing_is_concluded(council: Path, run: Run) -> None:
    (council / "Return here").rename(council / "Away")
    assert run("ingest", "--workspace", council)[0] == 2
    (council / "Away").rename(council / "Return here")
    assert run("ingest", "--workspace", council)[0] == 0


def test_a_workspace_whose_state_is_elsewhere_never_starts_a_second_register(council: Path, run: Run, tmp_path: Path) -> None:
    (council / ".qaf").rename(tmp_path / "moved")
    assert run("status", "--workspace", council)[0] == 2
    assert not (council / ".qaf").exists()
    assert run("status", "--workspace", council, "--state", tmp_path / "moved")[0] == 0


def test_a_state_of_another_workspace_is_refused(council: Path, run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "other", "--state", tmp_path / "other state")
    assert run("status", "--workspace", council, "--state", tmp_path / "other state")[0] == 2
    assert json.loads((council / MARK).read_text("utf-8"))["workspace_id"] not in (tmp_path / "other state" / "state.json").read_text("utf-8")


# ---------------------------------------------------------------- the service, as a process of its own


def test_watch_receives_what_is_dropped_and_stops_when_told(council: Path, run: Run) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "watchers")])}
    kind = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {}
    service = subprocess.Popen([sys.executable, "-m", "qaf_sheets", "watch", "--workspace", str(council)], env=environment, stderr=subprocess.PIPE, **kind)
    try:
        handed = Handed(council, "OBS")
        beat = council / ".qaf" / "heartbeat.json"
        _until(lambda: beat.exists() and json.loads(beat.read_text("utf-8"))["state"] == "running")
        dropped = handed.drop()
        _until(lambda: not dropped.exists() and any((council / "Received").rglob("*.xlsx")))
        _until(lambda: (council / "QA master.xlsx").exists())
        moved = (council / "Return here").rename(council / "Away")
        _until(lambda: json.loads(beat.read_text("utf-8"))["state"] == "inbox_gone")
        moved.rename(council / "Return here")
        second = Handed(council, "ROUT")
        dropped = second.drop()
        _until(lambda: not dropped.exists())
    finally:
        service.send_signal(signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGTERM)
        assert service.wait(30) == 0
        if service.stderr:
            service.stderr.close()
    assert json.loads(beat.read_text("utf-8"))["state"] == "stopped"
    _, answers = run("answers", "--json", "--workspace", council)
    assert {a["return_id"] for a in answers} == {handed.issue.return_id, second.issue.return_id}


def _until(so: object, seconds: float = 60) -> None:
    """Wait for something to become true; fail loudly when it does not."""
    end = time.monotonic() + seconds
    while not so():  # type: ignore[operator]
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
