"""A stranger's file costs itself at most: every hostile variant has its plain outcome, every unlucky one its answers, whatever came before."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import VARIANTS
from hostile.council import Council
from hostile.making import Variant, pack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import needs_office, recalculated

from qaf_sheets.book import read_book
from qaf_sheets.problems import CATALOGUE
from qaf_sheets.worker import MEGABYTES, WarmWorker

LONGEST = 10.0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    council = Council(tmp_path_factory.mktemp("hostile"))
    yield council
    council.worker.worker.stop()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("variant", VARIANTS, ids=[v.name for v in VARIANTS])
def test_every_variant_has_its_plain_outcome_and_the_next_good_file_is_received(small: Council, variant: Variant) -> None:
    data = variant.make(small.parts)
    with small.start() as at:
        received = small.receive(at, data)
        codes = [p.code for p in received.problems]
        assert (received.outcome, variant.code in codes or not variant.code) == (variant.outcome, True), codes
        assert small.worker.took <= LONGEST
        assert small.worker.peak <= MEGABYTES * 1024
        assert received.kept_as is not None
        assert at.workspace.absolute(received.kept_as).read_bytes() == data
        assert small.receive(at, small.good).outcome == ("duplicate" if received.outcome == "accepted" else "accepted")
        assert list(at.workspace.return_here.iterdir()) == []


def test_there_are_many_variants_each_of_its_own_name() -> None:
    assert len(VARIANTS) >= 250
    assert len({v.name for v in VARIANTS}) == len(VARIANTS)
    assert {v.code for v in VARIANTS if v.code} <= set(CATALOGUE)


def test_the_worker_is_held_to_its_memory(small: Council) -> None:
    worker = small.worker.worker
    worker.submit(len, ()).result()
    limits = Path(f"/proc/{worker._process.pid}/limits")
    if not limits.exists():
        pytest.skip("no /proc here")
    found = {line[:26].strip(): line[26:].split()[0] for line in limits.read_text().splitlines()[1:]}
    assert (found["Max address space"], found["Max core file size"]) == (str(MEGABYTES * 1024 * 1024), "0")


# ---------------------------------------------------------------- never silently different


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=3), bit=st.integers(0, 7), stored=st.booleans())
def test_flipped_bits_never_read_as_other_answers(small: Council, where: list[float], bit: int, stored: bool) -> None:
    data = bytearray(pack(small.parts, zipfile.ZIP_STORED) if stored else small.good)
    start, end = (data.index(b"We looked at this"), data.index(b"for the child.")) if stored else (0, len(data))  # packed anywhere, or within an answer
    for share in where:
        data[start + int(share * (end - start))] ^= 1 << bit
    assert small.answers(bytes(data)) in ("", small.answers(small.good))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.floats(0, 1), length=st.floats(0, 0.2), filler=st.sampled_from([None, b"", b"\0", b"PK\1\2"]))
def test_a_piece_lost_or_replaced_never_reads_as_other_answers(small: Council, start: float, length: float, filler: bytes | None) -> None:
    at, size = int(start * len(small.good)), int(length * len(small.good)) + 1
    again = small.good[at : at + size] * 2 if filler is None else (filler * size)[:size]
    assert small.answers(small.good[:at] + again + small.good[at + size :]) in ("", small.answers(small.good))


# ---------------------------------------------------------------- nothing outside is touched


def opened(data: bytes) -> list[str]:
    """What the worker opens, starts or asks the network for while it reads one file."""
    global watched
    if watched is None:
        watched = []
        sys.addaudithook(lambda event, found: watched.append(f"{event} {found[:1]}") if event.split(".")[0] in ("open", "os", "socket", "subprocess", "shutil", "tempfile", "ctypes") else None)
    del watched[:]
    read_book(data, "form.xlsx")
    return [w for w in watched if "__pycache__" not in w and ".py" not in w]


watched: list[str] | None = None


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_reading_opens_nothing_whatever_the_file_asks_for(small: Council) -> None:
    worker = WarmWorker(megabytes=4000)  # this module takes its own
    try:
        worker.submit(opened, small.good).result()  # what is imported late is imported now
        asking = [v for v in VARIANTS if any(w in v.how for w in ("computer", "outside", "share", "passwd", "address", "called", "relation", "another", "zip"))]
        assert len(asking) > 40
        for v in asking:
            assert worker.submit(opened, v.make(small.parts)).result() == [], v.name
        assert worker.submit(_opens, b"").result() != []
    finally:
        worker.stop()


def _opens(data: bytes) -> list[str]:
    """That the watch itself works."""
    assert watched is not None
    Path(os.devnull).write_bytes(data)
    return watched


# ---------------------------------------------------------------- saved by another office


@pytest.mark.office
@needs_office
def test_a_form_saved_by_libreoffice_has_the_same_answers(small: Council, tmp_path: Path) -> None:
    wanted = {"as it is", "shared texts", "a sheet of one's own", "very hidden sheet", "chart on a sheet", "40 sheets", "link to a workbook", "prefixed", "macros"}
    made = {v.name: v.make(small.parts) for v in VARIANTS if v.name in wanted}
    assert len(made) == len(wanted)
    assert {name: small.answers(data) == small.answers(small.good) for name, data in recalculated(tmp_path / "office", made).items()} == dict.fromkeys(made, True)
