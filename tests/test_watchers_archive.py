"""A workbook is whole or it is not: cut anywhere, filled with zeros, or with another archive inside."""

import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from drops import zipped
from hypothesis import given
from hypothesis import strategies as st

from qaf_watchers.archive import is_whole


def whole(data: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "Return.xlsx")
        path.write_bytes(data)
        return is_whole(path)


MEMBERS = st.dictionaries(st.text("abcdefgé/", min_size=1, max_size=12), st.binary(max_size=200), min_size=1, max_size=6)
ARCHIVES = st.builds(zipped, MEMBERS, comment=st.just(b""), streamed=st.booleans())
NESTED = st.builds(lambda inner, members: zipped({"xl/embeddings/Book.xlsx": inner, **members}), ARCHIVES, MEMBERS)


@given(st.data(), st.one_of(ARCHIVES, NESTED))
def test_cut_anywhere_or_with_space_set_aside_it_is_not_whole(data: st.DataObject, archive: bytes) -> None:
    assert whole(archive)
    cut = data.draw(st.one_of(st.just(0), st.integers(2, len(archive) - 1)))  # a lone P begins some other kind of file
    assert not whole(archive[:cut])
    set_aside = archive[:cut] + b"\0" * (len(archive) - cut)
    assert whole(set_aside) == (set_aside == archive)


def test_cut_right_after_an_archive_inside_it_is_not_whole() -> None:
    inner = zipped({"a": b"1"})
    archive = zipped({"first": b"x", "Book.xlsx": inner, "last": b"y"})
    assert whole(archive)
    assert not whole(archive[: archive.index(inner) + len(inner)])


def test_a_hole_in_the_list_of_contents_is_not_whole() -> None:
    archive = zipped({"a": b"1", "b": b"2", "c": b"3"})
    at = archive.rindex(b"PK\1\2")
    assert not whole(archive[:at] + b"\0" * 46 + archive[at + 46 :])


def test_a_comment_at_the_end_belongs_to_it() -> None:
    archive = zipped({"a": b"1"}, comment=b"saved by another program")
    assert whole(archive)
    assert not whole(archive[:-1])


def test_a_large_archives_long_end_record_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    archive = zipped({"a": b"1", "b": b"2"})
    assert b"PK\6\6" in archive
    assert whole(archive)
    at = archive.index(b"PK\6\6")
    assert not whole(archive[:at] + b"\0" * 56 + archive[at + 56 :])


def test_other_kinds_of_file_are_whole_and_an_empty_one_is_not() -> None:
    assert whole(b"\xd0\xcf\x11\xe0 an older workbook, or one with a password")
    assert whole(b"name,answer\n")
    assert not whole(b"")
    assert not whole(b"\0" * 100)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders, and links need a right")
def test_a_pipe_or_a_link_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match=r".+"):
            is_whole(tmp_path / name)
