"""No room, no right, open elsewhere: whatever the disk refuses, nothing is lost and nothing half written is shown; once it gives way, all is as if it never had."""

from __future__ import annotations

import errno
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_kit import Handed
from faults import Disk, Meet, either, full_from, held, refused, steps_needing_room
from standing import differing, files, quick_folder, standing, told
from test_faults import arrivals, put_right, review

from qaf_sheets import workspace
from qaf_sheets.clock import now
from qaf_sheets.commands.watch import Service
from qaf_sheets.desk import Desk
from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.watch import Watch

pytestmark = pytest.mark.usefixtures("still")
OUTPUTS = ("Status.html", "QA master.xlsx", "Actions tracker.xlsx", "Reports/")
ALL, RECEIVE = ("ingest",), ("ingest", "--no-outputs")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


def whole(path: Path) -> bool:
    """Whether an output was written to its end."""
    data = path.read_bytes()
    return zipfile.is_zipfile(path) if path.suffix in (".xlsx", ".docx") else data.rstrip().endswith((b"</html>", b"END:VCALENDAR"))


class Trial:
    """A command run on a disk that refuses, and once more on one that does not; and what may stand then: what it remarks on is told once."""

    def __init__(self, few: Path, place: Path, *before: Callable[[Path], object], command: tuple[str, ...] = RECEIVE) -> None:
        self.command, self.root = command, place / "run" / "QA"
        self.ready = Path(shutil.copytree(few, place / "ready" / "QA"))
        for what in before:
            what(self.ready)
        calm = Path(shutil.copytree(self.ready, place / "calm" / "QA"))
        told(calm, *command)
        self.expected = [standing(calm)]
        told(calm, *command)
        self.expected.append(standing(calm))
        self.sound = [files(self.ready), *(e["files"] for e in self.expected)]

    def again(self) -> Path:
        shutil.rmtree(self.root, ignore_errors=True)
        return Path(shutil.copytree(self.ready, self.root))

    def refused(self, meet: Meet) -> tuple[int, Any]:
        """The command while the disk refuses. Nothing is half there: each file is as it was or as it will be, or an output that tells of the trouble."""
        with Disk(self.root, meet).at_work():
            ended = told(self.root, *self.command)
        other = {name for name, what in files(self.root).items() if what not in [sound.get(name) for sound in self.sound]}
        assert {name for name in other if not name.startswith(OUTPUTS) or not whole(self.root / name)} == set()
        return ended

    def recovers(self) -> list[str]:
        """Where what stands after the next pass is not what should."""
        code, said = told(self.root, *self.command)
        assert code in (0, 1), said
        stands = standing(self.root)
        return min((differing(stands, e) for e in self.expected), key=len)


@pytest.fixture(scope="module")
def everything(few: Path) -> Iterator[Trial]:
    """Five drops, received and told of in every output."""
    with quick_folder() as folder:
        yield Trial(few, folder, arrivals, review, command=ALL)


def receipts(ended: tuple[int, Any]) -> list[str]:
    code, said = ended
    assert code in (0, 1), said
    return sorted(f["file"] for f in said["files"])


@pytest.mark.parametrize(
    ("command", "before", "room", "every"), [(RECEIVE, arrivals, float("inf"), 1), (RECEIVE, review, 1, 1), (ALL, arrivals, float("inf"), 7)], ids=["from then on", "for one write", "with outputs"],
)
def test_a_disk_that_is_full_at_any_moment_costs_nothing_but_time(command: tuple[str, ...], before: Callable[[Path], None], room: float, every: int, few: Path, place: Path) -> None:
    trial = Trial(few, place, before, command=command)
    steps = steps_needing_room(trial.again(), lambda: told(trial.root, *command))
    wrong = {}
    for nth in range(1, steps + 1, every):
        trial.again()
        trial.refused(full_from(nth, room))
        wrong[nth] = trial.recovers()
    assert {nth: w for nth, w in wrong.items() if w} == {}


SHUT = ("Received", "Needs fixing", "Reports", "To complete", "Return here", "QA master.xlsx")


@pytest.mark.parametrize("shut", [*((name,) for name in SHUT), SHUT], ids=[*SHUT, "all of them"])
def test_a_folder_that_may_not_be_changed_leaves_every_file_its_receipt(shut: tuple[str, ...], everything: Trial) -> None:
    root = everything.again()
    for number in (errno.EROFS, errno.EACCES):
        ended = everything.refused(either(*(refused(number, root / name) for name in shut)))
        if number == errno.EROFS:  # what is decided has it once
            assert len(receipts(ended)) == 5
    assert everything.recovers() == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_disk_of_ours_that_takes_no_copy_leaves_every_file_waiting(number: int, few: Path, place: Path) -> None:
    trial = Trial(few, place, arrivals, review)
    root = trial.again()
    ended = trial.refused(refused(number, root / ".qaf" / "staging"))
    assert (len(receipts(ended)), {f["outcome"] for f in ended[1]["files"]}) == (5, {"waiting"})
    assert trial.recovers() == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC])
def test_a_state_folder_that_may_not_be_changed_stops_us_and_loses_nothing(number: int, few: Path, place: Path) -> None:
    trial = Trial(few, place, arrivals, review)
    trial.again()
    code, _ = trial.refused(refused(number, trial.root / ".qaf"))
    assert code == 3
    assert trial.recovers() == []


@pytest.mark.parametrize("times", [1, 4, float("inf")])
def test_a_drop_that_is_open_elsewhere_is_received_once_and_taken_away_later(times: float, few: Path, place: Path) -> None:
    trial = Trial(few, place, arrivals, review)
    trial.again()
    busy = held(lambda step: step.path.parent.name == "Return here", times)
    assert len(receipts(trial.refused(busy))) == 5
    if times > 5:
        assert len(list((trial.root / "Return here").iterdir())) == 5
        assert receipts(trial.refused(busy)) == []
    assert trial.recovers() == []


@pytest.mark.parametrize("times", [1, 4, float("inf")])
def test_an_output_that_is_open_elsewhere_waits_and_stops_no_other(times: float, everything: Trial) -> None:
    trial = everything
    trial.again()
    busy = held(lambda step: step.other is not None and step.other.name in ("QA master.xlsx", "Actions tracker.xlsx"), times)
    _, said = trial.refused(busy)
    assert {o["file"] for o in said["outputs"] if not o["written"]} == ({"QA master.xlsx", "Actions tracker.xlsx"} if times > 10 else set())
    assert trial.recovers() == []


def needs_fixing(root: Path) -> list[str]:
    return sorted(p.suffix for p in (root / "Needs fixing").rglob("*") if p.is_file())


def test_what_was_put_right_stays_so_while_the_first_file_cannot_be_taken_away(few: Path, place: Path) -> None:
    root = Path(shutil.copytree(few, place / "QA"))
    wrong = Handed(root, "OBS", 1)
    first = wrong.drop(wrong.filled(wrong.complete(strengths="tbc")), "first.xlsx")
    with Disk(root, held(lambda step: step.path == first)).at_work():
        told(root, *RECEIVE)
        assert needs_fixing(root) == [".html", ".xlsx"]
        put_right(root)
        for _ in range(3):
            told(root, *RECEIVE)
            assert needs_fixing(root) == []
    told(root, *RECEIVE)
    assert (needs_fixing(root), first.exists()) == ([], False)


def test_what_has_to_be_put_right_is_said_while_an_earlier_file_cannot_be_taken_away(few: Path, place: Path) -> None:
    root = Path(shutil.copytree(few, place / "QA"))
    handed = Handed(root, "OBS", 1)
    first = handed.drop(name="first.xlsx")
    with Disk(root, held(lambda step: step.path == first)).at_work():
        told(root, *RECEIVE)
        handed.drop(handed.filled(handed.complete(strengths="tbc")))
        for _ in range(3):
            told(root, *RECEIVE)
            assert needs_fixing(root) == [".html", ".xlsx"]


def test_the_service_stays_up_while_the_disk_is_full_and_goes_on_afterwards(everything: Trial, place: Path) -> None:
    root = everything.again()
    with Desk(workspace.find(root)) as at:
        loop = Watch(Service(at).step, (root / "Return here",), Heartbeat(place, now), mode="polling")
        with Disk(root, full_from(1)).at_work():
            assert [loop._tick() for _ in range(3)] == [False] * 3
        assert [loop._tick() for _ in range(2)] == [True] * 2
        for lookout in loop._lookouts:
            lookout.close()
    assert everything.recovers() == []
