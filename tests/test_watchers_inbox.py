"""What in the inbox is noise, what is ready, and what is waited for and why. Times are told, never taken."""

import os
import socket
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from drops import excel_owner, zipped

from qaf_watchers import inbox
from qaf_watchers.inbox import InboxGoneError, Look, Sorted, Stamp, ignored, look, sort

WORKBOOK = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
PATIENCE = 120.0
HOUR = 3600.0
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs what Windows has no like of")


@pytest.mark.parametrize(
    "name",
    """~$Q3 2026-27 - CCR - P016 - R-000123.xlsx|~$x.XLSX|.~lock.Q3 2026-27 - CCR.xlsx#|.~lock.x.xlsx#|.hidden.xlsx|.DS_Store|._Return.xlsx|.qaf-12-Return.xlsx.tmp
    |x.tmp|X.TMP|~WRL0003.tmp|~wrd0001.doc|3F2A1B00|0a0b0c0d|Thumbs.db|thumbs.DB|desktop.ini|Desktop.ini|Return.xlsx.partial|Return.xlsx.crdownload|Return.xlsx.part
    |@eaDir|#recycle|$RECYCLE.BIN|System Volume Information|.stfolder|.Trash-1000|.fuse_hidden0001|.nfs000001|Icon\r""".replace("\n    ", "").split("|"),
)
def test_noise_is_ignored(name: str) -> None:
    assert ignored(name)


@pytest.mark.parametrize(
    "name",
    """Q3 2026-27 - CCR - P016 - R-000123.xlsx|Return (1).xlsx|Return - Copy.xlsx|Return-PCNAME.xlsx|Return ~$ 3.xlsx|~Return.xlsx|3F2A1B00.xlsx|3F2A1B0|3F2A1B001|tmp
    |a.tmp.xlsx|Return.xlsm|Return.xls|Return.csv|letter.docx|Return|P016|my thumbs.db.xlsx|[a-z]|*""".replace("\n    ", "").split("|"),
)
def test_what_somebody_may_have_returned_is_not_ignored(name: str) -> None:
    assert not ignored(name)


def test_a_persons_folder_may_look_like_excels_temporary_name() -> None:
    assert ignored("12345678")
    assert not ignored("12345678", folder=True)


def drop(root: Path, name: str = "Return.xlsx", data: bytes = WORKBOOK, *, at: float = 1_000_000.0) -> Path:
    """A file in the inbox that was last changed at `at`."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def arrived(path: Path) -> float:
    """When the system says a file came to be here: nobody can set that time."""
    return path.stat().st_ctime


def settled(root: Path, at: float) -> Sorted:
    """Two looks with nothing happening between them."""
    return sort(look(root), look(root), at, PATIENCE, root)


def why(found: Sorted) -> dict[str, str]:
    return {w.path.name: w.reason for w in found.waiting}


def test_a_still_whole_file_is_ready_in_the_inbox_and_in_a_persons_folder(tmp_path: Path) -> None:
    files = {drop(tmp_path, "Return.xlsx"), drop(tmp_path, "P016/Return.xlsx"), drop(tmp_path, "letter.docx", b"not a zip")}
    found = settled(tmp_path, 1_000_000.0)
    assert set(found.ready) == files
    assert (found.waiting, found.strange) == ((), ())
    assert set(look(tmp_path).stamps) == {"Return.xlsx", "P016/Return.xlsx", "letter.docx"}


def test_the_oldest_is_read_first_so_that_versions_keep_their_order(tmp_path: Path) -> None:
    late, early = drop(tmp_path, "a.xlsx", at=2_000_000.0), drop(tmp_path, "b.xlsx", at=1_000_000.0)
    assert settled(tmp_path, 3_000_000.0).ready == (early, late)


def test_a_file_seen_for_the_first_time_waits_for_a_second_look(tmp_path: Path) -> None:
    before = look(tmp_path)
    drop(tmp_path)
    assert why(sort(before, look(tmp_path), 1_000_000.0, PATIENCE, tmp_path)) == {"Return.xlsx": "SAVING"}


def test_a_growing_file_waits_until_it_is_still(tmp_path: Path) -> None:
    path = drop(tmp_path, data=WORKBOOK[:50])
    looks = [look(tmp_path)]
    for end in (90, 120, len(WORKBOOK)):
        path.write_bytes(WORKBOOK[:end])
        looks.append(look(tmp_path))
        assert why(sort(looks[-2], looks[-1], arrived(path), PATIENCE, tmp_path)) == {"Return.xlsx": "SAVING"}
    assert settled(tmp_path, arrived(path)).ready == (path,)


def test_a_change_of_the_same_size_is_a_change(tmp_path: Path) -> None:
    drop(tmp_path)
    before = look(tmp_path)
    drop(tmp_path, at=1_000_001.0)
    assert why(sort(before, look(tmp_path), 2_000_000.0, PATIENCE, tmp_path)) == {"Return.xlsx": "SAVING"}


def test_excels_save_by_rename_is_waited_out_at_every_moment(tmp_path: Path) -> None:
    path = drop(tmp_path)
    before = look(tmp_path)
    new = drop(tmp_path, "3F2A1B00", WORKBOOK)
    assert sort(before, look(tmp_path), 2_000_000.0, PATIENCE, tmp_path).ready == (path,)
    path.rename(tmp_path / "A1.tmp")
    assert sort(before, look(tmp_path), 2_000_000.0, PATIENCE, tmp_path) == ((), (), ())
    os.utime(new, (1_000_005, 1_000_005))
    new.rename(path)
    (tmp_path / "A1.tmp").unlink()
    assert why(sort(before, look(tmp_path), 2_000_000.0, PATIENCE, tmp_path)) == {"Return.xlsx": "SAVING"}
    assert settled(tmp_path, 2_000_000.0).ready == (path,)


@pytest.mark.parametrize("lock, data", [("~$Return.xlsx", excel_owner("Avery Exampleworth")), (".~lock.Return.xlsx#", b"Avery Exampleworth,x,y;")])
def test_an_open_file_waits_and_says_who_has_it(tmp_path: Path, lock: str, data: bytes) -> None:
    path, owner = drop(tmp_path), drop(tmp_path, lock, data)
    (waiting,) = settled(tmp_path, arrived(path)).waiting
    assert waiting == (path, "OPEN", "Avery Exampleworth", 1_000_000.0)
    owner.unlink()
    assert settled(tmp_path, arrived(path)).ready == (path,)


def test_an_old_owner_file_beside_a_still_workbook_was_left_by_a_crash(tmp_path: Path) -> None:
    path = drop(tmp_path)
    drop(tmp_path, "~$Return.xlsx", excel_owner("Avery Exampleworth"))
    assert why(settled(tmp_path, arrived(path) + 11 * HOUR)) == {"Return.xlsx": "OPEN"}
    assert settled(tmp_path, arrived(path) + 13 * HOUR).ready == (path,)


def test_a_workbook_that_still_changes_is_open_however_old_its_owner_file(tmp_path: Path) -> None:
    path = drop(tmp_path)
    drop(tmp_path, "~$Return.xlsx", excel_owner("Avery Exampleworth"))
    later = arrived(path) + 20 * HOUR
    os.utime(path, (later - HOUR, later - HOUR))
    assert why(settled(tmp_path, later)) == {"Return.xlsx": "OPEN"}


@pytest.mark.parametrize("data", [b"", WORKBOOK[:-1], WORKBOOK[:100], b"PK", bytes(500)], ids=["empty", "all but a byte", "half", "two bytes", "space set aside"])
def test_an_incomplete_file_is_waited_for_and_then_read_so_that_somebody_is_told(tmp_path: Path, data: bytes) -> None:
    path = drop(tmp_path, data=data)
    assert why(settled(tmp_path, arrived(path) + PATIENCE - 1)) == {"Return.xlsx": "INCOMPLETE"}
    assert settled(tmp_path, arrived(path) + PATIENCE + 1).ready == (path,)


def test_an_old_file_copied_now_is_as_young_as_its_copy() -> None:
    assert Stamp(1, modified_ns=int(10e9), changed_ns=int(500e9)).still_since(501) == 500


def test_a_clock_far_ahead_of_ours_does_not_make_us_wait_for_ever() -> None:
    assert Stamp(1, modified_ns=int(1e9 * 10**9), changed_ns=int(500e9)).still_since(501) == 500
    assert Stamp(1, modified_ns=int(1e9 * 10**9), changed_ns=int(1e9 * 10**9)).still_since(501) == 0


def test_a_file_that_cannot_be_opened_waits_and_the_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held, free = drop(tmp_path, "held.xlsx"), drop(tmp_path, "free.xlsx")

    def sharing_violation(path: Path) -> bool:
        if path == held:
            raise PermissionError(13, "held")
        return True

    monkeypatch.setattr(inbox, "is_whole", sharing_violation)
    found = settled(tmp_path, 1_000_000.0)
    assert found.ready == (free,)
    assert why(found) == {"held.xlsx": "OPEN"}


def test_a_file_that_goes_while_it_is_looked_at_is_neither_ready_nor_waited_for(tmp_path: Path) -> None:
    path = drop(tmp_path)
    seen = look(tmp_path)
    path.unlink()
    assert sort(seen, seen, 2_000_000.0, PATIENCE, tmp_path) == ((), (), ())


@pytest.mark.parametrize("attribute", [0x1000, 0x40000, 0x400000])
def test_a_file_that_lies_in_the_cloud_is_not_opened(tmp_path: Path, attribute: int, monkeypatch: pytest.MonkeyPatch) -> None:
    facts: Any = SimpleNamespace(st_size=9, st_mtime_ns=1, st_ctime_ns=1, st_file_attributes=attribute, st_mode=stat.S_IFREG)
    there = Look({"Return.xlsx": inbox._stamp(facts)}, ())
    monkeypatch.setattr(inbox, "is_whole", lambda _: pytest.fail("it was opened, which fetches it"))
    assert why(sort(there, there, 1_000_000.0, PATIENCE, tmp_path)) == {"Return.xlsx": "OFFLINE"}


@POSIX
def test_what_is_no_file_is_named_and_never_opened(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    drop(outside, "secret.xlsx")
    root = tmp_path / "Return here"
    good = drop(root)
    os.mkfifo(root / "pipe.xlsx")
    (root / "link.xlsx").symlink_to(outside / "secret.xlsx")
    (root / "folder link").symlink_to(outside, target_is_directory=True)
    drop(root, "P016/deeper/Return.xlsx")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(root / "socket.xlsx"))
        found = settled(root, 2_000_000.0)
    assert found.ready == (good,)
    assert {p.relative_to(root).as_posix() for p in found.strange} == {"pipe.xlsx", "link.xlsx", "folder link", "P016/deeper", "socket.xlsx"}


@POSIX
def test_a_file_swapped_for_a_pipe_or_link_after_the_look_is_not_opened(tmp_path: Path) -> None:
    outside = drop(tmp_path / "outside", "secret.xlsx")
    root = tmp_path / "Return here"
    pipe, link = drop(root, "pipe.xlsx"), drop(root, "link.xlsx")
    seen = look(root)
    pipe.unlink()
    link.unlink()
    os.mkfifo(pipe)
    link.symlink_to(outside)
    assert sort(seen, seen, 2_000_000.0, PATIENCE, root).ready == ()


def test_a_vanished_inbox_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(InboxGoneError):
        look(tmp_path / "gone")
    not_a_folder = drop(tmp_path)
    with pytest.raises(InboxGoneError):
        look(not_a_folder)


def test_a_persons_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = drop(tmp_path)
    drop(tmp_path, "P016/Return.xlsx")
    scandir = os.scandir

    def refuses(path: Any) -> Any:
        if Path(path).name == "P016":
            raise PermissionError(13, "no")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    found = settled(tmp_path, 1_000_000.0)
    assert (found.ready, found.strange) == ((good,), (tmp_path / "P016",))
