"""Who has a file open, and replacing one: the whole new file, or the old one untouched and nothing beside it."""

import errno
import os
import time
from pathlib import Path

import pytest
from drops import excel_owner, word_owner
from hypothesis import given
from hypothesis import strategies as st

from qaf_sheets import files
from qaf_sheets.files import InUseError, owner_of, replace_if_free, write_atomically


def test_owner_files_here_are_as_long_as_the_real_ones() -> None:
    assert (len(excel_owner("Avery Exampleworth")), len(word_owner("Avery Exampleworth"))) == (165, 162)


@pytest.mark.parametrize(
    "file, lock, data, who",
    [
        ("Return.xlsx", "~$Return.xlsx", excel_owner("Siân Łukasz-Example"), "Siân Łukasz-Example"),
        ("Return.xlsx", "~$Return.xlsx", excel_owner("A" * 52), "A" * 52),
        ("Summary.docx", "~$ummary.docx", word_owner("Avery Exampleworth"), "Avery Exampleworth"),
        ("Head of service.docx", "~$ad of service.docx", word_owner("Avery Exampleworth"), "Avery Exampleworth"),
        ("Report.docx", "~$Report.docx", word_owner("Siân Łukasz-Example"), "Siân Łukasz-Example"),
        ("Return.xlsx", ".~lock.Return.xlsx#", "Siân Example,login,host,23.11.2026 04:07,file:///x;".encode(), "Siân Example"),
        ("Return.xlsx", ".~lock.Return.xlsx#", rb"Example\, Jane\; A\\B,login,host,23.11.2026 04:07,file:///x;", "Example, Jane; A\\B"),
        ("Return.xlsx", ".~lock.Return.xlsx#", b"Trailing\\", "Trailing\\"),
    ],
)
def test_the_owner_file_tells_who_has_it_open(tmp_path: Path, file: str, lock: str, data: bytes, who: str) -> None:
    (tmp_path / lock).write_bytes(data)
    found = owner_of(tmp_path / file)
    assert found is not None
    assert found.who == who


@pytest.mark.parametrize("data", [b"", b"\0" * 165, b"\xff" * 165, b" " * 165, b"PK\3\4", excel_owner("Avery")[:60], b"\x05"])
@pytest.mark.parametrize("lock", ["~$Return.xlsx", ".~lock.Return.xlsx#"])
def test_an_owner_file_that_tells_nothing_useful_still_means_open(tmp_path: Path, lock: str, data: bytes) -> None:
    (tmp_path / lock).write_bytes(data)
    found = owner_of(tmp_path / "Return.xlsx")
    assert found is not None
    assert found.who
    assert found.who.isprintable()


@given(st.binary(max_size=400))
def test_no_owner_file_can_make_the_name_unprintable_or_long(data: bytes) -> None:
    for read in (files._excel_owner, files._office_owner):
        name = files._clean(read(data))
        assert len(name) <= 54
        assert name.isprintable()


def test_without_an_owner_file_nobody_has_it_open(tmp_path: Path) -> None:
    (tmp_path / "~$Another.xlsx").write_bytes(excel_owner("Avery Exampleworth"))
    assert owner_of(tmp_path / "Return.xlsx") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pipe_or_folder_named_like_an_owner_file_is_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "~$Return.xlsx")
    (tmp_path / ".~lock.Return.xlsx#").mkdir()
    assert owner_of(tmp_path / "Return.xlsx") is None


def test_since_is_when_the_owner_file_was_made(tmp_path: Path) -> None:
    lock = tmp_path / "~$Return.xlsx"
    lock.write_bytes(excel_owner("Avery Exampleworth"))
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    found = owner_of(tmp_path / "Return.xlsx")
    assert found is not None
    assert found.since == 1_700_000_000


def test_a_file_is_written_whole_and_alone_in_folders_that_were_not_there(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b" / "Return.xlsx", b"new")
    assert [(p.name, p.read_bytes()) for p in (tmp_path / "a" / "b").iterdir()] == [("Return.xlsx", b"new")]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    target = tmp_path / "QA master.xlsx"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(*((os, "fsync", full) if fails == "fsync" else (Path, "replace", full)))
    with pytest.raises(OSError, match="disk full"):
        write_atomically(target, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("QA master.xlsx", b"old")]


@pytest.mark.parametrize("lock", ["~$QA master.xlsx", ".~lock.QA master.xlsx#"])
@pytest.mark.parametrize("there", [True, False])
def test_a_workbook_somebody_has_open_is_not_replaced(tmp_path: Path, lock: str, *, there: bool) -> None:
    target = tmp_path / "QA master.xlsx"
    if there:
        target.write_bytes(b"old")
    (tmp_path / lock).write_bytes(excel_owner("Avery Exampleworth") if lock.startswith("~$") else b"Avery Exampleworth,x;")
    with pytest.raises(InUseError) as refused:
        replace_if_free(target, b"new")
    assert refused.value.owner.who == "Avery Exampleworth"
    assert {p.name for p in tmp_path.iterdir()} == ({target.name, lock} if there else {lock})
    assert not there or target.read_bytes() == b"old"


def test_a_workbook_the_system_holds_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "QA master.xlsx"
    target.write_bytes(b"old")
    attempts = []

    def held(*_: object) -> None:
        attempts.append(1)
        raise PermissionError(errno.EACCES, "held")

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(InUseError):
        replace_if_free(target, b"new")
    assert len(attempts) > 1  # scanners hold a file for moments, so once is not enough
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("QA master.xlsx", b"old")]


def test_a_free_workbook_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "QA master.xlsx"
    target.write_bytes(b"old")
    replace_if_free(target, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("QA master.xlsx", b"new")]
