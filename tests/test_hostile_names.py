"""Strange names and strange things in Return here: a name is never a path, a command, a page or a pattern, and what is no file is never opened."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from hostile.council import Council

from qaf_sheets.files import sha256
from qaf_sheets.receive import safe_name

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such name or thing")
NAMES = (
    "Copy of form.xlsx", "form (1).xlsx", "form - Copy (2).xlsx", "form_v2_FINAL (002).xlsx", "FORM.XLSX", "form.xlsm", "form.xls", "form.pdf", "form", "form.xlsx.xlsx",
    "-rf.xlsx", "--help", "%s%n%d%05x.xlsx", "%PATH%.xlsx", "{0}{code}{file}.xlsx", "$(touch pwned).xlsx", "`touch pwned`.xlsx", "; touch pwned;.xlsx", "'quote''s'.xlsx",
    "[bold]markup[bold].xlsx", "[red].xlsx", "[link=x].xlsx", "&lt;&amp;.xlsx", "{{ 7*7 }}.xlsx", "{% include x %}.xlsx", "=cmd(1).xlsx", "@x.xlsx", "#1.xlsx",
    "\u202excod.xlsx", "a\u200bb\ufeff.xlsx", "cafe\u0301.xlsx", "caf\u00e9.xlsx", "\u03a9\u0645\u0631\u062d\u0628\u0627\u4f60\u597d.xlsx", "\U0001f600.xlsx", "\U0001f9d1\u200d\U0001f4bb" * 20 + ".xlsx",
    "n" * 245 + ".xlsx", "\u00e9" * 120 + ".xlsx", "form." + "e" * 200, "a b  c.xlsx",
)  # fmt: skip
POSIX_NAMES = (
    "new\nline.xlsx", "tab\tcarriage\r.xlsx", "\x1b[31mred\x1b[0m.xlsx", "\x07bell\x7f.xlsx", "trailing dots...", "trailing spaces.xlsx   ", " leading.xlsx", "CON.xlsx", "nul", "LPT1.xlsx", "com\u00b9.xlsx", "aux.",
    "a\\b.xlsx", "a\\..\\..\\x.xlsx", "C:\\Windows\\x.xlsx", "C:x.xlsx", "form.xlsx:stream", "*.xlsx", "?.xlsx", 'a"b".xlsx', "<img src=x onerror=alert(1)>.xlsx", "<script>alert(1)<\\script>.xlsx", "a|b.xlsx",
)  # fmt: skip
EVERY = [*NAMES, *(pytest.param(n, marks=posix) for n in POSIX_NAMES)]
BAD = b"Question,Answer\r\nName of Observer,Avery Exampleworth\r\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    council = Council(tmp_path_factory.mktemp("names"))
    yield council
    council.worker.worker.stop()


@pytest.mark.parametrize("name", EVERY, ids=ascii)
def test_under_any_name_a_form_is_accepted_and_anything_else_is_kept(small: Council, name: str) -> None:
    with small.start() as at:
        assert small.receive(at, small.good, name).outcome == "accepted"
        other = small.receive(at, BAD, name)
        assert (other.outcome, other.problems[0].code) == ("not_ours", "NOT_A_WORKBOOK")
        assert [p.read_bytes() for p in (at.workspace.received / "Not ours").iterdir()] == [BAD]
        assert list(at.workspace.return_here.iterdir()) == []
        assert {p.name for p in small.place.parent.iterdir()} == {"fresh", small.place.name}
        again = small.receive(at, BAD + b"x", name)
        assert again.kept_as not in (None, other.kept_as)
        assert at.workspace.absolute(again.kept_as or "").read_bytes() == BAD + b"x"


@pytest.mark.parametrize("name", [*NAMES, *POSIX_NAMES, "\udce9.xlsx", "x" * 300, "", ".", " . "], ids=ascii)
def test_a_kept_name_is_one_that_every_system_can_keep(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 200
    assert not set(safe) & set('<>:"/\\|?*')
    assert safe.isprintable()
    assert not safe.endswith((" ", "."))
    assert safe.split(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in "123456789\u00b9\u00b2\u00b3")}


@posix
def test_every_strange_name_is_told_on_screen_and_on_the_status_page(small: Council, run: Run) -> None:
    names = {n.casefold(): n for n in (*NAMES, *POSIX_NAMES)}.values()
    with small.start() as at:
        inbox = at.workspace.return_here
    for n, name in enumerate(names):
        (inbox / name).write_bytes(BAD + b"%d" % n)
    code, text = run("ingest", "--no-outputs", "--workspace", small.place)
    assert (code, "\x1b[31m" in text, "\x07" in text, "[red].xlsx" in text) == (1, False, False, True)
    assert list(inbox.iterdir()) == []
    assert len(list((small.place / "Received/Not ours").iterdir())) == len(names)
    for n, name in enumerate(names):
        (inbox / name).mkdir()
        (inbox / name / f"{n}.xlsx").symlink_to(inbox)
    assert run("ingest", "--no-outputs", "--workspace", small.place)[0] == 0
    assert run("status", "--workspace", small.place)[0] == 0
    assert run("build", "--only", "status", "--workspace", small.place)[0] == 0
    page = (small.place / "Status.html").read_text("utf-8")
    assert "<img src=x" not in page
    assert "<script>alert" not in page


# ---------------------------------------------------------------- what is no file


@posix
def test_a_name_in_no_known_letters_is_told_and_the_others_are_received(small: Council, run: Run) -> None:
    with small.start() as at:
        inbox = at.workspace.return_here
    bad = Path(os.fsdecode(os.fsencode(inbox) + b"/caf\xe9.xlsx"))
    try:
        bad.write_bytes(small.good)
    except OSError:
        pytest.skip("this disk allows no such name")
    (inbox / small.name).write_bytes(small.good)
    code, told = run("ingest", "--json", "--workspace", small.place)
    found = {f["outcome"]: [p["code"] for p in f["problems"]] for f in told["files"]}
    assert (code, found["waiting"], "accepted" in found) == (0, ["NAME_UNREADABLE"], True)
    assert bad.read_bytes() == small.good
    for command in ("ingest", "status"):
        assert run(command, "--workspace", small.place)[0] == 0


@posix
def test_links_pipes_sockets_and_folders_are_told_and_never_opened(small: Council, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xlsx"
    secret.write_bytes(small.good)
    os.utime(secret, (1_000_000_000, 1_000_000_000))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside.xlsx").write_bytes(small.good)
    with small.start() as at:
        inbox = at.workspace.return_here
        os.mkfifo(inbox / "pipe.xlsx")
        for name, target in (("outside", secret), ("nowhere", tmp_path / "gone.xlsx"), ("folder", tmp_path / "folder"), ("itself", inbox / "itself.xlsx"), ("plan", at.workspace.plan), ("device", Path("/dev/zero"))):
            (inbox / f"{name}.xlsx").symlink_to(target)
        (inbox / "a folder.xlsx" / "deeper").mkdir(parents=True)
        listening = socket.socket(socket.AF_UNIX)
        with Within(inbox):
            listening.bind("socket.xlsx")
        (inbox / small.name).write_bytes(small.good)
        started = time.monotonic()
        received = small.one_pass(at)
        listening.close()
        assert time.monotonic() - started < 10
        waiting = {r.file.split("/", 1)[1] for r in received if (r.outcome, r.problems[0].code if r.problems else "") == ("waiting", "NOT_A_FILE")}
        assert waiting == {"pipe.xlsx", "outside.xlsx", "nowhere.xlsx", "folder.xlsx", "itself.xlsx", "plan.xlsx", "device.xlsx", "socket.xlsx", "a folder.xlsx/deeper"}
        assert [r.outcome for r in received if r.outcome != "waiting"] == ["accepted"]
        assert (sha256(secret.read_bytes()), secret.stat().st_mtime, (tmp_path / "folder" / "inside.xlsx").exists()) == (sha256(small.good), 1_000_000_000, True)


class Within:
    """Work inside a folder: a socket's name may not be long."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.back = folder, Path.cwd()

    def __enter__(self) -> None:
        os.chdir(self.folder)

    def __exit__(self, *_: object) -> None:
        os.chdir(self.back)


def test_a_file_that_may_not_be_read_waits_and_the_others_are_received(small: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    with small.start() as at:
        shut = at.workspace.return_here / "shut.xlsx"
        shut.write_bytes(small.good)
        (at.workspace.return_here / small.name).write_bytes(small.good)
        real = os.open

        def denied(path: Any, *args: Any, **kwargs: Any) -> int:
            if str(path).endswith("shut.xlsx"):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *args, **kwargs)

        monkeypatch.setattr(os, "open", denied)
        outcomes = {r.file.rsplit("/", 1)[1]: (r.outcome, [p.code for p in r.problems][:1]) for r in small.one_pass(at)}
        assert outcomes["shut.xlsx"] == ("waiting", ["OPEN_BY"])
        assert outcomes[small.name][0] == "accepted"
        monkeypatch.undo()
        assert {r.outcome for r in small.one_pass(at)} == {"duplicate"}
