"""What shares, Excel, OneDrive and people do to the inbox, through whole passes: nothing lost, nothing twice, nothing told that is not so (research/anchors.md D)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Run
from desk_kit import Handed
from drops import excel_owner

from qaf_sheets import heartbeat, receive, snapshot, workspace
from qaf_sheets.commands import ingest, watch
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.files import sha256
from qaf_sheets.model import Quarter, Snapshot
from qaf_watchers import inbox as inboxes
from qaf_watchers import lookout
from qaf_watchers.heartbeat import Heartbeat
from qaf_watchers.inbox import InboxGoneError, Look, look
from qaf_watchers.watch import Watch

LIMIT, HOUR = 60.0, 3600.0
POSIX = pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows, and an open folder cannot be renamed there")
WORDS = tuple(f"The {n} account of what we saw, and what it meant for the child." for n in ("first", "second", "third"))


class Inbox:
    """The council's inbox and the service's passes over it."""

    def __init__(self, at: Desk) -> None:
        self.at, self.root = at, at.workspace.return_here
        self.between: Callable[[], object] = lambda: None
        self.passes = Pass(at, pause=lambda _: self.between())

    def handed(self, nth: int = 0) -> Handed:
        return Handed(self.at.workspace.root, "OBS", nth)

    def passed(self) -> dict[str, tuple[str, list[str]]]:
        """One pass: what became of each file, by its name from the inbox, with the codes of what it waits for."""
        with self.at.alone():
            received = self.passes.run()
        assert len({r.file for r in received}) == len(received), "a file has two receipts"
        return {r.file.removeprefix("Return here/"): (r.outcome, [p.code for p in r.problems if p.level == "I"][:1] if r.outcome == "waiting" else []) for r in received}

    @property
    def waiting(self) -> dict[str, datetime]:
        """What the register says still lies there, since when."""
        with self.at.register.reading() as records:
            return {w.file.removeprefix("Return here/"): w.received_at for w in records.returns.waiting()}

    @property
    def decided(self) -> list[str]:
        """The outcome of every file ever decided."""
        with self.at.register.reading() as records:
            return [k.received.outcome for k in records.returns.files()]

    @property
    def seen(self) -> Snapshot:
        return snapshot.take(self.at, Quarter.parse("2026-27-Q3"))


@pytest.fixture
def inbox(council: Path) -> Iterator[Inbox]:
    with Desk(workspace.find(council)) as at:
        yield Inbox(at)


def before_reading(monkeypatch: pytest.MonkeyPatch, name: str, happens: Callable[[], object]) -> None:
    """Something happens once a file was found ready and before it is read."""
    real, left = ingest.decided, [happens]

    def decided(at: Desk, path: Path) -> bool:
        if path.name == name and left:
            left.pop()()
        return real(at, path)

    monkeypatch.setattr(ingest, "decided", decided)


# ---------------------------------------------------------------- names


def test_conflict_copies_are_versions_of_the_return_they_hold_whatever_they_are_called(inbox: Inbox) -> None:
    handed = inbox.handed()
    first, second, third = (handed.filled(handed.complete(strengths=words)) for words in WORDS)
    stem = handed.path.stem
    drops = (
        (f"{stem}.xlsx", first, "accepted"), (f"{stem}-DESKTOP-AB12.xlsx", first, "duplicate"), (f"{stem} (1).xlsx", second, "accepted"),
        (f"{stem} (Avery Exampleworth's conflicted copy 2026-12-14).xlsx", second, "duplicate"), (f"{stem} - Copy.xlsx", first, "older_version"),
        ("P031/Ωmega “plan” & 50% #2.xlsx", third, "accepted"), ("P031/Cafe\u0301 Placeholder.xlsx", third, "duplicate"),
    )  # fmt: skip
    (inbox.root / "P031").mkdir()
    for n, (name, data, _) in enumerate(drops):
        os.utime(handed.drop(data, name), (1_000_000 + n, 1_000_000 + n))
    assert {name: outcome for name, (outcome, _) in inbox.passed().items()} == {name: outcome for name, _, outcome in drops}
    assert [v.version for v in inbox.seen.returns] == [3]


# ---------------------------------------------------------------- between the look and the reading


def test_a_file_that_changes_after_the_look_is_read_when_it_is_still(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    handed, other = inbox.handed(), inbox.handed(1)
    dropped, whole = handed.drop(), handed.filled(handed.complete(strengths=WORDS[1]))
    other.drop()
    before_reading(monkeypatch, dropped.name, lambda: dropped.write_bytes(whole[:200]))
    assert inbox.passed() == {dropped.name: ("waiting", ["WAITING"]), other.path.name: ("accepted", [])}
    dropped.write_bytes(whole)
    assert inbox.passed() == {dropped.name: ("accepted", [])}
    assert inbox.seen.returns[0].content.text("strengths") == WORDS[1]


def test_a_file_that_changes_while_it_is_copied_is_not_taken_for_damaged(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = inbox.handed()
    dropped, whole = handed.drop(), handed.filled()
    real, torn = receive.copy_atomically, [True]

    def copied(source: Path, path: Path, **how: Any) -> str:
        if source == dropped and torn:
            torn.pop()
            dropped.write_bytes(whole[: len(whole) // 2])
            sha = real(source, path, **how)
            dropped.write_bytes(whole)
            return sha
        return real(source, path, **how)

    monkeypatch.setattr(receive, "copy_atomically", copied)
    assert inbox.passed() == {dropped.name: ("waiting", ["WAITING"])}
    assert (inbox.passed(), inbox.decided) == ({dropped.name: ("accepted", [])}, ["accepted"])
    assert list(inbox.at.workspace.staging.iterdir()) == []


def test_a_file_that_is_opened_after_the_look_is_left_to_its_reader(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = inbox.handed().drop()
    owner = dropped.with_name(f"~${dropped.name}")
    before_reading(monkeypatch, dropped.name, lambda: owner.write_bytes(excel_owner("Avery Exampleworth")))
    assert inbox.passed() == {dropped.name: ("waiting", ["OPEN_BY"])}
    assert dropped.exists()
    owner.unlink()
    assert inbox.passed() == {dropped.name: ("accepted", [])}


# ---------------------------------------------------------------- listings that lie


def draft(inbox: Inbox, nth: int = 0) -> Path:
    handed = inbox.handed(nth)
    return handed.drop(handed.filled(handed.complete(completed_on=None)))


@pytest.mark.parametrize("empty", [{0}, {1}], ids=["the first look", "the second"])
def test_an_empty_listing_means_nothing_unless_it_lasts(inbox: Inbox, monkeypatch: pytest.MonkeyPatch, empty: set[int]) -> None:
    kept = draft(inbox)
    inbox.passed()
    good, looks = inbox.handed(1).drop(), iter(range(99))
    monkeypatch.setattr(ingest, "look", lambda root: Look({}, ()) if next(looks) in empty else look(root))
    inbox.passed()
    assert kept.name in inbox.waiting
    assert (inbox.passed()[good.name], inbox.decided) == (("accepted", []), ["accepted"])


def test_an_empty_listing_is_looked_at_again_a_moment_later_while_something_waits(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = draft(inbox)
    inbox.passed()
    stumbles = [True]
    inbox.between = stumbles.clear
    monkeypatch.setattr(ingest, "look", lambda root: Look({}, ()) if stumbles else look(root))
    inbox.passed()
    assert set(inbox.waiting) == {kept.name}
    monkeypatch.undo()
    inbox.passed()
    kept.unlink()
    assert (inbox.passed(), inbox.waiting) == ({}, {})


def test_what_waits_has_waited_since_it_came_though_it_was_away_for_one_look(inbox: Inbox) -> None:
    kept = draft(inbox)
    inbox.passed()
    since, data = inbox.waiting, kept.read_bytes()
    inbox.between = kept.unlink  # as in the middle of Excel's save
    assert inbox.passed() == {kept.name: ("draft", [])}
    inbox.between = lambda: None
    kept.write_bytes(data)
    inbox.at.now = lambda: datetime(2026, 12, 14, 18)
    assert inbox.passed() == {kept.name: ("draft", [])}
    assert inbox.waiting == since


# ---------------------------------------------------------------- an inbox that goes and comes back


@POSIX
def test_an_inbox_that_goes_between_the_looks_takes_nothing_with_it(inbox: Inbox) -> None:
    kept, good = draft(inbox), inbox.handed(1)
    inbox.passed()
    good.drop()
    away, since = inbox.root.with_name("elsewhere"), inbox.waiting
    inbox.between = lambda: inbox.root.rename(away)
    with pytest.raises(InboxGoneError):
        inbox.passed()
    assert (inbox.waiting, set(since)) == (since, {kept.name})
    inbox.between = lambda: None
    away.rename(inbox.root)
    assert inbox.passed() == {kept.name: ("draft", []), good.path.name: ("accepted", [])}


@POSIX
def test_what_was_received_before_the_inbox_went_is_told_and_the_rest_waits(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, early, late = draft(inbox), inbox.handed(1), inbox.handed(2)
    inbox.passed()
    os.utime(early.drop(), (1, 1))
    os.utime(late.drop(), (2, 2))
    away = inbox.root.with_name("elsewhere")
    before_reading(monkeypatch, late.path.name, lambda: inbox.root.rename(away))
    told = inbox.passed()
    assert told == {early.path.name: ("accepted", []), late.path.name: ("waiting", ["WAITING"]), kept.name: ("draft", [])}
    assert set(inbox.waiting) == {late.path.name, kept.name}
    away.rename(inbox.root)
    assert inbox.passed() == {late.path.name: ("accepted", []), kept.name: ("draft", [])}
    assert inbox.decided == ["accepted", "accepted"]


@POSIX
def test_a_file_decided_as_the_inbox_goes_is_not_received_again_when_it_is_back(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped, away, real = inbox.handed().drop(), inbox.root.with_name("elsewhere"), receive._cleared
    monkeypatch.setattr(receive, "_cleared", lambda *told: (inbox.root.rename(away), real(*told))[1])
    assert inbox.passed() == {dropped.name: ("accepted", [])}
    monkeypatch.undo()
    with pytest.raises(InboxGoneError):
        inbox.passed()
    away.rename(inbox.root)
    assert (inbox.passed(), inbox.decided, dropped.exists()) == ({}, ["accepted"], False)


@POSIX
def test_an_inbox_that_became_a_link_is_not_followed(council: Path, run: Run) -> None:
    root = council / "Return here"
    elsewhere = root.rename(council.with_name("somebody else's"))
    secret = elsewhere / "theirs.xlsx"
    secret.write_bytes(Handed(council, "OBS").filled())
    root.symlink_to(elsewhere, target_is_directory=True)
    assert run("ingest", "--no-outputs", "--json", "--workspace", council)[0] == 2
    assert secret.exists()
    with pytest.raises(InboxGoneError):
        look(root)


# ---------------------------------------------------------------- clocks, clouds and crashes


@pytest.mark.parametrize("away", [-46 * 365 * 24 * HOUR, 5 * HOUR, 3 * 24 * HOUR, 70 * 365 * 24 * HOUR], ids=["1980", "hours ahead", "days ahead", "2096"])
def test_a_share_whose_clock_is_wrong_is_read_all_the_same(inbox: Inbox, away: float) -> None:
    dropped = inbox.handed().drop()
    os.utime(dropped, (time.time() + away, time.time() + away))
    assert inbox.passed() == {dropped.name: ("accepted", [])}


@pytest.mark.parametrize("skew", [0.0, 70 * 365 * 24 * HOUR], ids=["our clock", "a clock of 2096"])
def test_an_owner_file_that_a_crash_left_is_waited_for_half_a_day(inbox: Inbox, monkeypatch: pytest.MonkeyPatch, skew: float) -> None:
    dropped = inbox.handed().drop()
    owner, now = dropped.with_name(f"~${dropped.name}"), time.time()
    owner.write_bytes(excel_owner("Avery Exampleworth"))
    os.utime(owner, (now + skew, now + skew))
    clock = SimpleNamespace(time=lambda: now + 11 * HOUR)
    monkeypatch.setattr(ingest, "time", clock)
    assert inbox.passed() == {dropped.name: ("waiting", ["OPEN_BY"])}
    clock.time = lambda: now + 13 * HOUR
    assert inbox.passed() == {dropped.name: ("accepted", [])}


def test_a_file_that_is_only_online_is_never_opened_and_says_what_to_do(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    online, here, real = inbox.handed().drop(), inbox.handed(1).drop(), inboxes._facts

    def facts(entry: os.DirEntry[str]) -> Any:
        found = real(entry)
        if found is None or entry.name != online.name:
            return found
        names = ("st_mode", "st_size", "st_mtime_ns", "st_ctime_ns")
        return SimpleNamespace(st_file_attributes=0x400000, **{n: getattr(found, n) for n in names})

    def opened(path: Path) -> bool:
        assert path != online, "it was opened, which fetches it"
        return True

    with monkeypatch.context() as cloud:
        cloud.setattr(inboxes, "_facts", facts)
        cloud.setattr(inboxes, "is_whole", opened)
        assert inbox.passed() == {online.name: ("waiting", ["ONLINE_ONLY"]), here.name: ("accepted", [])}
    assert inbox.passed() == {online.name: ("accepted", [])}


# ---------------------------------------------------------------- an inbox we may read and not delete from


def test_files_we_may_not_remove_are_kept_once_and_said_to_lie_there_still(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    drops = [inbox.handed(n).drop() for n in range(3)]
    real, kept = Path.unlink, list[str]()

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self.parent == inbox.root:
            raise PermissionError(13, "denied")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    keep = receive._keep
    monkeypatch.setattr(receive, "_keep", lambda desk, it: (kept.append(str(it.received.kept_as)), keep(desk, it)))
    assert list(inbox.passed().values()) == [("accepted", [])] * 3
    assert len(kept) == 3, "each file goes through those before it"
    assert (inbox.passed(), inbox.decided) == ({}, ["accepted"] * 3)
    assert inbox.seen.lying == set(kept)
    monkeypatch.undo()
    assert (inbox.passed(), inbox.seen.lying, [d.exists() for d in drops]) == ({}, frozenset(), [False] * 3)


# ---------------------------------------------------------------- the running service


def until(what: Callable[[], object], why: str) -> None:
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end, f"never happened: {why}"
        time.sleep(0.01)


@pytest.mark.parametrize(("remote", "kind"), [(False, "native"), (True, "polling")], ids=["on a disk", "on a share"])
def test_a_storm_of_saves_by_rename_is_one_return_once_the_workbook_is_closed(inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: bool, kind: str) -> None:
    monkeypatch.setattr(lookout, "is_remote", lambda _: remote)
    handed, passes = inbox.handed(), list[dict[str, tuple[str, list[str]]]]()
    saves = [handed.filled(handed.complete(strengths=f"{WORDS[0]} Saved {n} times.")) for n in range(3)]
    dropped, owner = inbox.root / handed.path.name, inbox.root / f"~${handed.path.name}"
    service = Watch(lambda: passes.append(inbox.passed()), [inbox.root], Heartbeat(tmp_path, datetime.now), poll=0.05, settle=0.01)
    thread = threading.Thread(target=service.run, daemon=True)
    thread.start()
    try:
        owner.write_bytes(excel_owner("Avery Exampleworth"))
        dropped.write_bytes(saves[0])
        for n in range(12):
            new, old = inbox.root / f"{0x3F2A1B00 + n:08X}", inbox.root / f"{n:08X}.tmp"
            new.write_bytes(saves[n % 3])
            dropped.rename(old)
            looked = len(passes)
            if n % 4 == 0:
                until(lambda looked=looked: len(passes) > looked, "a pass while there is no file of that name")
            new.rename(dropped)
            old.unlink()
        until(lambda: passes and passes[-1].get(dropped.name) == ("waiting", ["OPEN_BY"]), "a pass that says who has it")
        assert heartbeat.read(tmp_path, datetime.now())["observer"] == kind
        owner.unlink()
        until(lambda: any(("accepted", []) in p.values() for p in passes), "it is received")
    finally:
        service.stop()
        thread.join(LIMIT)
    assert {name for p in passes for name in p} == {dropped.name}
    with inbox.at.register.reading() as records:
        assert [(k.received.outcome, k.sha256) for k in records.returns.files()] == [("accepted", sha256(saves[2]))]


def test_outputs_that_could_not_be_written_are_written_at_the_next_pass_though_nothing_new_came(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    fails, published = [False, True, False], list[bool]()

    def publish(_: Desk) -> None:
        if fails.pop(0):
            raise OSError(5, "the share went away")
        published.append(True)

    monkeypatch.setattr(watch, "publish", publish)
    service = watch.Service(inbox.at)
    service.step()
    inbox.handed().drop()
    with pytest.raises(OSError, match="share"):
        service.step()
    service.step()
    assert len(published) == 2
