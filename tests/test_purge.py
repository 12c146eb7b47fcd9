"""Children's names leave received files when two people say so: the name goes from every part, nothing else does, and it is logged without the name."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import Handed
from kit import book
from test_child_name import NAME, said
from test_privacy import everywhere
from tracker_desk import edited as in_tracker
from tracker_desk import row_of

from qaf_sheets import purge as purging
from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.files import sha256
from qaf_sheets.forms.names import NAMED
from qaf_sheets.forms.unname import Unnamed

BY = ("--who", "P016", "--confirmed-by", "P012", "--why", "The review is on the child's file")
WORDS = tuple(part.encode() for part in NAME.casefold().split())


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def named(path: Path) -> list[str]:
    """The parts of a workbook in which the name stands, the archive's own list among them."""
    found = [n for n, body in members(path).items() if any(w in (n.encode() + body).lower() for w in WORDS)]
    return found + (["the archive"] if any(w in path.read_bytes().lower() for w in WORDS) else [])


@pytest.fixture(scope="module")
def received_once(tmp_path_factory: pytest.TempPathFactory, issued_once: Path) -> Path:
    """Two case reviews in: the first named the child everywhere and came twice, the second needs fixing."""
    from qaf_sheets.cli import main

    root = tmp_path_factory.mktemp("received") / "Quality assurance"
    shutil.copytree(issued_once, root)
    one, two = Handed(root, "CCR", 0), Handed(root, "CCR", 1)
    one.drop(everywhere(one))
    two.drop(everywhere(two, overall_grade=None))
    with pytest.MonkeyPatch.context() as at:
        at.setenv("QAF_TODAY", "2026-12-14")
        main(["ingest", "--workspace", str(root)])
        one.drop(everywhere(one, where_reviewed=f"At school, {NAME} too"))
        main(["ingest", "--workspace", str(root)])
    return root


@pytest.fixture
def received(tmp_path: Path, received_once: Path) -> Path:
    root = tmp_path / "Quality assurance"
    shutil.copytree(received_once, root)
    return root


def kept(root: Path, nth: int = 0) -> list[Path]:
    """The originals of one of the reviews, oldest first."""
    return sorted((root / "Received/2026-27-Q3").glob(f"{Handed(root, 'CCR', nth).path.stem} - *.xlsx"))


def journal(root: Path, kind: str) -> list[dict[str, Any]]:
    lines = (root / ".qaf/journal.jsonl").read_text("utf-8").splitlines()
    return [line["body"] for line in map(json.loads, lines) if line["kind"] == kind]


def on_file(root: Path, run: Run, nth: int = 0) -> None:
    """The tracker says that the review is on the child's file."""
    reference = Handed(root, "CCR", nth).issue.return_id

    def write(sheet: Any, heads: Mapping[str, int]) -> None:
        sheet.cell(row_of(sheet, reference), heads["On the child's file"], date(2026, 12, 14))

    assert in_tracker(root, run, "Feedback and file", write) == []


# ---------------------------------------------------------------- what goes and what stays


def test_the_name_goes_from_every_part_of_each_original_and_all_else_stays(received: Path, run: Run) -> None:
    before = {p: members(p) for p in kept(received)}
    assert len(before) == 2
    assert all(len(named(p)) > 4 for p in before)
    answers = run("answers", "--json", "--all-versions", "--workspace", received)[1]
    code, told = run("purge", "--json", "--return", Handed(received, "CCR").issue.return_id, *BY, "--workspace", received)
    assert (code, [f["state"] for f in told["files"]]) == (0, ["purged", "purged"])
    for path, parts in before.items():
        assert named(path) == []
        after = members(path)
        assert len(after) == len(parts)
        touched = {n for n in parts if after.get(n) != parts[n]}
        assert not touched & {"xl/styles.xml", "xl/theme/theme1.xml", "docProps/custom.xml"}
        openpyxl.load_workbook(path)
        assert book(path.read_bytes()).cell("Review", *place(received)) == NAMED
    assert run("answers", "--json", "--all-versions", "--workspace", received)[1] == answers
    assert run("verify", "--json", "--workspace", received) == (0, {"ok": True, "problems": []})


def place(root: Path) -> tuple[int, int]:
    return int(Handed(root, "CCR").cell("child_name")[1:]), 3


def test_the_journal_says_who_and_why_and_the_hashes_and_never_the_name(received: Path, run: Run) -> None:
    hashes = [sha256(p.read_bytes()) for p in kept(received)]
    reference = Handed(received, "CCR").issue.return_id
    run("purge", "--return", reference, *BY, "--workspace", received)
    told = journal(received, "purged")
    assert [(t["before"], t["after"]) for t in told] == list(zip(hashes, [sha256(p.read_bytes()) for p in kept(received)], strict=True))
    assert {t["kept_as"] for t in told} == {p.relative_to(received).as_posix() for p in kept(received)}
    assert {(t["return_id"], t["who"], t["confirmed_by"], t["why"]) for t in told} == {(reference, "P016", "P012", BY[-1])}
    assert [where for where, data in said(received) if any(w in data.lower() for w in WORDS)] == []


def test_done_again_nothing_is_done_again(received: Path, run: Run) -> None:
    reference = Handed(received, "CCR").issue.return_id
    run("purge", "--return", reference, *BY, "--workspace", received)
    entries, files = journal(received, "purged"), [p.read_bytes() for p in kept(received)]
    code, told = run("purge", "--json", "--return", reference, *BY, "--workspace", received)
    assert (code, told["files"]) == (0, [])
    assert (journal(received, "purged"), [p.read_bytes() for p in kept(received)]) == (entries, files)


def test_a_version_that_comes_afterwards_is_read_against_the_same_answers(received: Path, run: Run) -> None:
    one = Handed(received, "CCR")
    run("purge", "--return", one.issue.return_id, *BY, "--workspace", received)
    one.drop(kept(received)[-1].read_bytes())
    _, told = run("ingest", "--json", "--no-outputs", "--workspace", received)
    assert told["files"][0]["outcome"] == "duplicate"


def test_the_copy_to_put_right_loses_the_name_too_and_is_still_known_for_ours(received: Path, run: Run) -> None:
    two = Handed(received, "CCR", 1)
    copy = received / "Needs fixing" / two.issue.person_id / two.path.name
    assert named(copy)
    run("purge", "--return", two.issue.return_id, *BY, "--workspace", received)
    assert named(copy) == []
    assert book(copy.read_bytes()).sheets["Please fix"]
    with Desk(workspace.find(received)) as at, at.register.reading() as records:
        assert records.returns.is_copy(copy.relative_to(received).as_posix(), sha256(copy.read_bytes()))


def test_a_copy_that_is_open_is_left_and_told(received: Path, run: Run) -> None:
    two = Handed(received, "CCR", 1)
    copy = received / "Needs fixing" / two.issue.person_id / two.path.name
    copy.with_name(f"~${copy.name}").write_bytes(b"\x05Avery".ljust(165, b" "))
    code, told = run("purge", "--json", "--return", two.issue.return_id, *BY, "--workspace", received)
    assert (code, {f["state"] for f in told["files"]}) == (1, {"left"})
    assert copy.name in told["files"][0]["note"]
    assert named(copy)
    assert named(kept(received, 1)[0]) == []


# ---------------------------------------------------------------- who may, and what is due


@pytest.mark.parametrize(
    "order",
    [
        (), BY[:4], BY[2:], ("--who", "P016", "--confirmed-by", "P016", *BY[4:]), ("--who", "P016", "--confirmed-by", "p016", *BY[4:]),
        ("--who", "P999", *BY[2:]), (*BY[:4], "--why", " "), (*BY[:4], "--why", f"{NAME} asked for it"), (*BY[:4], "--why", "asked by Quillan"),
    ],
)  # fmt: skip
def test_without_two_people_and_a_reason_nothing_is_removed(received: Path, run: Run, order: tuple[str, ...]) -> None:
    before = [p.read_bytes() for p in kept(received)]
    code, _ = run("purge", "--return", Handed(received, "CCR").issue.return_id, *order, "--workspace", received)
    assert code == 2
    assert [p.read_bytes() for p in kept(received)] == before
    assert journal(received, "purged") == []


@pytest.mark.parametrize("asked", [(), ("--due", "--quarter", "2026-27-Q3"), ("--quarter", "2026")])
def test_whose_names_has_to_be_said(received: Path, run: Run, asked: tuple[str, ...]) -> None:
    assert run("purge", *asked, *BY, "--workspace", received)[0] == 2


def test_of_a_quarter_only_what_is_on_the_childs_file_goes(received: Path, run: Run) -> None:
    quarter = ("--quarter", "2026-27-Q3", "--json", "--workspace", received)
    code, told = run("purge", *quarter, *BY)
    assert (code, {f["state"] for f in told["files"]}) == (0, {"left"})
    assert journal(received, "purged") == []
    on_file(received, run)
    code, told = run("purge", *quarter, *BY)
    assert sorted((f["return_id"], f["state"]) for f in told["files"]) == sorted(
        [*((Handed(received, "CCR").issue.return_id, "purged"),) * 2, (Handed(received, "CCR", 1).issue.return_id, "left")],
    )


@pytest.mark.parametrize(("today", "due"), [("2027-12-31", 0), ("2028-01-01", 2)])
def test_a_name_is_due_so_many_months_after_its_quarter(received: Path, run: Run, monkeypatch: pytest.MonkeyPatch, today: str, due: int) -> None:
    on_file(received, run)
    monkeypatch.setenv("QAF_TODAY", today)
    code, told = run("purge", "--due", "--dry-run", "--json", "--workspace", received)
    assert (code, [f["state"] for f in told["files"]]) == (0, ["due"] * due)
    assert ("purge --due" in run("verify", "--workspace", received)[1]) == bool(due)
    assert all(named(p) for p in kept(received))


@pytest.mark.parametrize(("today", "past"), [("2032-12-31", []), ("2033-01-01", [{"quarter": "2026-27-Q3", "files": 3}])])
def test_what_is_past_its_time_is_told_and_kept(received: Path, run: Run, monkeypatch: pytest.MonkeyPatch, today: str, past: list[dict[str, object]]) -> None:
    monkeypatch.setenv("QAF_TODAY", today)
    assert run("purge", "--due", "--dry-run", "--json", "--workspace", received)[1]["past_keeping"] == past
    assert len(kept(received)) == 2


# ---------------------------------------------------------------- faults between and around


class Killed(BaseException):
    """The computer went off."""


def killed(*_: object, **__: object) -> None:
    raise Killed


STOPS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "before it is decided": lambda at: at.setattr("qaf_sheets.register.returns.Returns.keeps", killed),
    "before any file is replaced": lambda at: at.setattr(purging, "finish_purges", _second(killed)),
    "before one is cleared away": lambda at: at.setattr(Path, "unlink", killed),
}


def _second(then: Callable[..., None]) -> Callable[[Desk], None]:
    """`finish_purges` that works once, at the start, and then does not."""
    calls = []
    real = purging.finish_purges

    def finish(desk: Desk) -> None:
        calls.append(desk)
        (real if len(calls) == 1 else then)(desk)

    return finish


@pytest.mark.parametrize("moment", STOPS)
def test_killed_anywhere_the_next_pass_makes_it_good(received: Path, run: Run, moment: str) -> None:
    reference = Handed(received, "CCR").issue.return_id
    with pytest.MonkeyPatch.context() as at:
        STOPS[moment](at)
        with pytest.raises(Killed):
            run("purge", "--return", reference, *BY, "--workspace", received)
    unfinished = [p for p in run("verify", "--json", "--workspace", received)[1]["problems"] if "name" in p]
    assert len(unfinished) == (2 if moment == "before any file is replaced" else len(unfinished))
    run("ingest", "--no-outputs", "--workspace", received)
    assert not unfinished or [named(p) for p in kept(received)] == [[], []]
    run("purge", "--return", reference, *BY, "--workspace", received)
    assert [named(p) for p in kept(received)] == [[], []]
    assert [t["kept_as"] for t in journal(received, "purged")] == [p.relative_to(received).as_posix() for p in kept(received)]
    assert run("verify", "--json", "--workspace", received) == (0, {"ok": True, "problems": []})
    assert not any((received / ".qaf/purging").iterdir())


def test_a_file_that_somebody_changed_is_left_alone(received: Path, run: Run) -> None:
    first = kept(received)[0]
    first.write_bytes(first.read_bytes() + b"\0")
    code, told = run("purge", "--json", "--return", Handed(received, "CCR").issue.return_id, *BY, "--workspace", received)
    assert (code, [f["state"] for f in told["files"]]) == (1, ["left", "purged"])
    assert first.read_bytes().endswith(b"\0")


def test_a_file_that_would_say_something_else_afterwards_is_left_alone(received: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Handed(received, "CCR")
    monkeypatch.setattr(purging, "unname", lambda *_: Unnamed(other.filled(other.complete(child_name=None, pen_picture="Something else is said here.")), ()))
    before = [p.read_bytes() for p in kept(received)]
    code, told = run("purge", "--json", "--return", other.issue.return_id, *BY, "--workspace", received)
    assert (code, {f["state"] for f in told["files"]}) == (1, {"left"})
    assert [p.read_bytes() for p in kept(received)] == before
    assert journal(received, "purged") == []


def test_a_file_whose_drop_still_lies_in_the_inbox_comes_later(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Handed(council, "CCR")
    one.drop(everywhere(one))
    monkeypatch.setattr("qaf_sheets.receive._cleared", lambda *_: False)
    run("ingest", "--no-outputs", "--workspace", council)
    asked = ("purge", "--json", "--dry-run", "--return", one.issue.return_id, "--workspace", council)
    assert run(*asked)[1]["files"] == []
    monkeypatch.undo()
    monkeypatch.setenv("QAF_TODAY", "2026-12-14")
    run("ingest", "--no-outputs", "--workspace", council)
    assert len(run(*asked)[1]["files"]) == 1


def test_pictures_are_named_for_a_person_to_look_at(council: Path, run: Run) -> None:
    one = Handed(council, "CCR")
    data = io.BytesIO(everywhere(one))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG")
    one.drop(data.getvalue())
    run("ingest", "--no-outputs", "--workspace", council)
    _, told = run("purge", "--json", "--return", one.issue.return_id, *BY, "--workspace", council)
    assert [(f["state"], f["unseen"]) for f in told["files"]] == [("purged", ["xl/media/image1.png"])]


# ---------------------------------------------------------------- the record for the child's own file


def records(root: Path) -> list[Path]:
    return sorted((root / "Reports").rglob("Child record - *.docx"))


def names_in_records(root: Path) -> list[str]:
    return [p.name for p in records(root) if any(w in b"".join(members(p).values()).lower() for w in WORDS)]


def test_the_record_comes_back_without_the_name_while_the_work_is_not_on_file(received: Path, run: Run) -> None:
    one = Handed(received, "CCR", 0)
    assert names_in_records(received) == [f"Child record - CCR - {one.issue.return_id}.docx"]
    assert run("purge", "--return", one.issue.return_id, *BY, "--workspace", received)[0] == 0
    assert records(received) == []
    run("build", "--workspace", received)
    assert [p.name for p in records(received)] == [f"Child record - CCR - {one.issue.return_id}.docx"]
    assert names_in_records(received) == []


def test_the_record_goes_for_good_once_the_work_is_on_the_childs_file(received: Path, run: Run) -> None:
    one = Handed(received, "CCR", 0)
    on_file(received, run)
    run("build", "--workspace", received)
    assert names_in_records(received)
    run("purge", "--return", one.issue.return_id, *BY, "--workspace", received)
    run("build", "--workspace", received)
    assert records(received) == []
    assert run("verify", "--workspace", received)[0] == 0


def test_a_record_that_somebody_changed_stays_and_is_told(received: Path, run: Run) -> None:
    one = Handed(received, "CCR", 0)
    (record,) = records(received)
    record.write_bytes(record.read_bytes() + b" ")
    _, told = run("purge", "--return", one.issue.return_id, *BY, "--json", "--workspace", received)
    assert record.name in json.dumps(told)
    assert record.exists()
