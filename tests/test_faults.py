"""Killed at any write, rename, removal or commit, nothing is lost and nothing happens twice: the next run ends where an undisturbed one ends."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from desk_kit import ACTION, WITH_ACTIONS, Handed
from faults import Disk, changing, counted, forked, killed_at
from standing import Q3, THEN, Standing, differing, run, standing

from qaf_sheets import workspace
from qaf_sheets.cli import main
from qaf_sheets.model import Value
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan

pytestmark = [pytest.mark.usefixtures("still"), pytest.mark.skipif(os.name == "nt", reason="a process is forked to be killed, which Windows cannot; what it does is the same there, and test_refusals.py runs on it")]


# ---------------------------------------------------------------- what happened before


def arrivals(root: Path) -> None:
    """One good, sent twice, one to put right, and one that is nobody's."""
    good, wrong = Handed(root, "OBS"), Handed(root, "OBS", 1)
    data = good.filled(good.complete(actions_any=WITH_ACTIONS, no_action_reason=None), (ACTION,))
    good.drop(data, "a.xlsx")
    good.drop(data, "b.xlsx")
    wrong.drop(wrong.filled(wrong.complete(strengths="tbc")))
    (root / "Return here" / "minutes.xlsx").write_bytes(b"minutes of a meeting, and no workbook")


def review(root: Path, **changes: Value) -> None:
    """A case review, which hands out its moderation."""
    handed = Handed(root, "CCR")
    handed.drop(handed.filled(handed.complete(child_name="Robin Notareal", family_contact_reason="Rang twice.", bordering_good="No", previous_acted_on="Yes", **changes)))


def thought_again(root: Path) -> None:
    """The same review with other words, which voids that moderation."""
    review(root, rationale="We have thought about this again.")


def two_people(root: Path) -> None:
    """One return by two people."""
    handed = Handed(root, "OBS")
    for n, who in enumerate((handed.issue.person_id, "P016")):
        handed.drop(handed.filled(handed.complete(completed_by=who)), f"{n}.xlsx")


def put_right(root: Path) -> None:
    """What was sent back comes again, all well."""
    Handed(root, "OBS", 1).drop()


def written_in(path: Path, progress: str, action: str, to: Path | None = None) -> None:
    """Somebody types into the first action of a tracker or pack, and writes a new one below."""
    book = openpyxl.load_workbook(path)
    sheet = book["Actions"]
    heads = {str(c.value): c.column for c in sheet[4]}
    sheet.cell(5, heads["Progress"]).value = progress
    sheet.cell(next(r for r in range(5, 40) if not sheet.cell(r, 1).value), heads["Action"]).value = action
    book.properties.lastModifiedBy = "Avery Exampleworth"
    book.save(to or path)


def copies(root: Path) -> None:
    """A copy of the tracker beside it, the same one dropped, and another of it with other words; each with a row of its own."""
    tracker = root / "Actions tracker.xlsx"
    written_in(tracker, "Begun", "Ask the network what would help", root / "Actions tracker-DESKTOP.xlsx")
    shutil.copy(root / "Actions tracker-DESKTOP.xlsx", root / "Return here" / "mailed.xlsx")
    written_in(tracker, "Done with", "Ring the partnership", root / "Return here" / "other.xlsx")


def packed(root: Path) -> None:
    """A pack edited in its place."""
    written_in(root / "To complete" / "P016" / "Actions - P016.xlsx", "Begun", "Ask the network what would help")


def finished(root: Path) -> None:
    """The only action is no longer needed."""
    path = root / "Actions tracker.xlsx"
    book = openpyxl.load_workbook(path)
    heads = {str(c.value): c.column for c in book["Actions"][4]}
    book["Actions"].cell(5, heads["Status"]).value = "Not needed"
    book.save(path)


def somebody_writes(root: Path) -> None:
    """The tracker edited, a row added to it, and a report changed, by people."""
    written_in(root / "Actions tracker.xlsx", "Begun", "Ask the network what would help")
    report = next((root / "Reports").rglob("*.docx"))
    report.write_bytes(report.read_bytes() + b"\0")


class Case(NamedTuple):
    """A command that is disturbed, and what happened before it. What it `remarks` on is told once: it may be gone at the next run.

    Where a run takes long, a temporary file is as well empty as half written (`passing` steps), which the other cases tell apart.
    """

    command: tuple[str, ...]
    before: tuple[object, ...] = ()
    remarks: bool = False
    passing: str = "none"


RECEIVE = ("ingest", "--no-outputs")
TRACKER, PACKS = ("build", "--only", "tracker"), ("build", "--only", "packs")
CHOOSE = ("decide", "version", "--about", "R-000002 v2", "--choice", "Version 2", "--who", "P016", "--why", "Agreed with both")
CASES = {
    "receive": Case(RECEIVE, (arrivals,)),
    "receive what was put right": Case(RECEIVE, (arrivals, RECEIVE, put_right)),
    "receive what is moderated": Case(RECEIVE, (review,)),
    "receive what is moderated anew": Case(RECEIVE, (review, RECEIVE, thought_again)),
    "issue": Case(("issue", "--quarter", str(Q3), "--activity", "OBS", "--person", "P031")),
    "decide": Case(CHOOSE, (two_people, RECEIVE), passing="write .qaf-"),
    "publish": Case(("build",), (arrivals, ("ingest",), somebody_writes), remarks=True, passing="write .qaf-"),
    "receive copies": Case(RECEIVE, (arrivals, RECEIVE, TRACKER, copies)),
    "read a pack": Case(PACKS, (arrivals, RECEIVE, PACKS, packed), remarks=True),
    "take a pack away": Case(PACKS, (arrivals, RECEIVE, TRACKER, PACKS, finished), remarks=True),
    "publish at first": Case(TRACKER, (arrivals, RECEIVE)),
}


def prepared(case: Case, few: Path, root: Path) -> Path:
    shutil.copytree(few, root)
    for what in case.before:
        if callable(what):
            what(root)
        elif isinstance(what, tuple):
            assert run(root, *what)[0] in (0, 1)
    return root


# ---------------------------------------------------------------- killed


def killed(root: Path, command: tuple[str, ...], nth: int) -> None:
    """The command, in a process that is killed before its nth step."""

    def work() -> None:
        with Disk(root, changing(killed_at(nth))).at_work():
            run(root, *command)

    assert forked(work) == -9


def undisturbed(root: Path, case: Case) -> tuple[list[str], list[Standing]]:
    """The command's steps in this workspace, and what may stand after it."""
    steps: list[str] = []
    with Disk(root, changing(counted(steps))).at_work():
        assert run(root, *case.command)[0] in (0, 1)
    expected = [standing(root)]
    assert run(root, "verify") == (0, "Received files, journal, register and outputs agree.\n")
    if case.remarks:
        run(root, *case.command)
        expected.append(standing(root))
    return steps, expected


@pytest.mark.parametrize("name", CASES)
def test_killed_anywhere_the_next_run_ends_as_if_nothing_had_been(name: str, few: Path, place: Path) -> None:
    case, ready, root = CASES[name], place / "ready" / "QA", place / "run" / "QA"
    prepared(case, few, ready)
    steps, expected = undisturbed(Path(shutil.copytree(ready, place / "calm" / "QA")), case)
    found = {}
    for nth, step in ((n, s) for n, s in enumerate(steps, 1) if not s.startswith(case.passing)):
        shutil.copytree(ready, root)
        killed(root, case.command, nth)
        code, said = run(root, *case.command)
        assert code in (0, 1), f"{nth} {step}: {said}"
        stands = standing(root)
        found[f"{nth} {step}"] = min((differing(stands, e) for e in expected), key=len)
        shutil.rmtree(root)
    assert len(found) >= 10
    assert {step: wrong for step, wrong in found.items() if wrong} == {}


def test_a_form_that_a_kill_left_unmarked_is_not_written_over_once_somebody_has_begun_it(few: Path, place: Path) -> None:
    case, root = CASES["issue"], Path(shutil.copytree(few, place / "run" / "QA"))
    steps, _ = undisturbed(Path(shutil.copytree(few, place / "calm" / "QA")), case)
    on_disk = next(n for n, step in enumerate(steps, 1) if step.startswith("replace"))
    killed(root, case.command, on_disk + 1)
    (begun,) = (root / "To complete" / "P031").glob("Q3*.xlsx")
    begun.write_bytes(begun.read_bytes() + b"begun")
    run(root, *case.command)
    assert begun.read_bytes().endswith(b"begun")


@pytest.mark.parametrize("told", [True, False], ids=["state told", "state found"])
def test_making_a_workspace_is_finished_by_the_next_attempt(told: bool, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = write_plan(example_plan(THEN.date()), created=THEN)
    monkeypatch.setattr("qaf_sheets.commands.init.example_plan", lambda _: None)  # takes a second each time
    monkeypatch.setattr("qaf_sheets.commands.init.write_plan", lambda *_, **__: plan)

    def init(base: Path) -> int:
        monkeypatch.setenv("XDG_DATA_HOME", str(base / "home"))
        return main(["init", str(base / "QA"), *(["--state", str(base / "state")] if told else [])])

    def stands(base: Path) -> tuple[set[str], int, bool]:
        made = workspace.find(base / "QA", base / "state" if told else None)
        return {p.relative_to(base).as_posix().replace(made.id, "id") for p in base.rglob("*")}, len(made.key), made.plan.read_bytes() == plan

    steps: list[str] = []
    with Disk(place, changing(counted(steps))).at_work():
        init(place / "calm")
    expected = stands(place / "calm")
    for nth, step in enumerate(steps, 1):
        base = place / str(nth)

        def work(base: Path = base, nth: int = nth) -> None:
            with Disk(base, changing(killed_at(nth))).at_work():
                init(base)

        assert forked(work) == -9
        assert init(base) == 0, step
        assert stands(base) == expected, step
        assert init(base) == 2  # a finished one is never made again
