"""A register on a PostgreSQL server does what one in a file does: the same steps leave the same rows, and what goes wrong is said as plainly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import TODAY, Run
from desk_kit import Handed
from postgres import Fresh, council, free_port, held, needs_postgres, rows, wait_for
from sqlalchemy import create_engine, text
from standing import THEN
from test_rebuild import live

from qaf_sheets import workspace
from qaf_sheets.cli import main
from qaf_sheets.desk import Desk
from qaf_sheets.model import Quarter
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.register import Register

pytestmark = needs_postgres


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, database: Fresh) -> tuple[Path, Path, str]:
    """A quarter in which everything has happened that can be put in a register: in a file, and on a server with its address."""
    url = database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QAF_TODAY", TODAY)
        patch.delenv("QAF_REGISTER", raising=False)
        file = council(tmp_path_factory.mktemp("file") / "QA")
        live(file)
        patch.setenv("QAF_REGISTER", url)
        there = council(tmp_path_factory.mktemp("server") / "QA")
        live(there)
    return file, there, url


def comparable(rows: dict[str, dict[str, str]]) -> dict[str, object]:
    """How much there is of each thing, and the answers themselves. Hashes of files and moments differ from run to run."""
    return {table: len(found) for table, found in rows.items() if table not in ("journal", "outputs", "intended", "arrangements")} | {"actions said": sorted(rows["looked_at"].values())}


def test_the_same_quarter_leaves_the_same_rows(both: tuple[Path, Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    file, there, url = both
    in_file = held(file)
    monkeypatch.setenv("QAF_REGISTER", url)
    assert comparable(held(there)) == comparable(in_file)
    assert in_file["versions"]
    assert in_file["decisions"]
    assert not (there / ".qaf" / "register.db").exists()


def test_it_verifies_and_is_made_again_from_its_journal(both: tuple[Path, Path, str], run: Run, tmp_path: Path) -> None:
    _, there, url = both
    root = Path(shutil.copytree(there, tmp_path / "QA"))
    assert run("verify", "--json", "--workspace", root, "--register", url) == (0, {"ok": True, "problems": []})
    before = held(root)
    assert run("rebuild", "--json", "--workspace", root, "--register", url)[1]["ok"]
    assert held(root) == before
    with create_engine(url).connect() as db:
        aside = [str(s) for s in db.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'register before%'")).scalars()]
        assert len(aside) == 1
        assert db.execute(text(f'SELECT count(*) FROM "{aside[0]}".versions')).scalar() == len(before["versions"])
    Handed(root, "SERV", 1).drop()
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", root, "--register", url)
    assert (code, [f["outcome"] for f in told["files"]]) == (0, ["accepted"])
    assert run("verify", "--json", "--workspace", root, "--register", url)[1]["ok"]


def test_no_childs_name_is_in_it(both: tuple[Path, Path, str]) -> None:
    with create_engine(both[2]).connect() as db:
        for table in ("versions", "journal", "actions", "edits"):
            rows = db.execute(text(f"SELECT * FROM {table}")).all()
            assert not [r for r in rows if "Zebedee" in str(r)]


def test_two_writers_take_turns_and_the_chain_holds(database: Fresh, tmp_path: Path) -> None:
    url = database()
    registers = [Register(url, tmp_path / f"journal {n}.jsonl") for n in range(2)]

    def write(register: Register, who: str) -> None:
        for n in range(40):
            with register.writing() as records:
                records.note(THEN, "tried", {"who": who, "number": records.next_number("tries"), "n": n})

    threads = [threading.Thread(target=write, args=(r, f"{n}")) for n, r in enumerate(registers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for register in registers:
        with register.writing():
            pass
        with register.reading() as records:
            assert records.journal_faults(register.journal_path) == []
            assert records.next_number("tries") == 81
        register.close()


def test_a_look_sees_one_moment(database: Fresh, tmp_path: Path) -> None:
    register = Register(database(), tmp_path / "journal.jsonl")
    with register.reading() as before:
        assert before.last_entry() == ""
        with register.writing() as records:
            records.note(THEN, "tried", {})
        assert before.last_entry() == ""
    with register.reading() as after:
        assert after.last_entry() != ""
    register.close()


def service(root: Path, url: str) -> subprocess.Popen[bytes]:
    """A real service, with an environment of its own."""
    command = [sys.executable, "-m", "qaf_sheets", "watch", "--workspace", str(root), "--register", url]
    return subprocess.Popen(command, env={**os.environ, "QAF_TODAY": TODAY, "PYTHONPATH": os.pathsep.join(sys.path)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_two_services_share_the_work_and_a_killed_one_costs_nothing(database: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    url = database()
    monkeypatch.setenv("QAF_REGISTER", url)
    root = council(tmp_path / "QA")
    with Desk(workspace.find(root)) as at, at.register.reading() as records:
        many = len([i for i in records.issues.of_quarter(Quarter.parse("2026-27-Q3")) if i.activity == "OBS"])
    forms = [Handed(root, "OBS", n) for n in range(many)] + [Handed(root, "SERV", n) for n in range(5)]
    filled = [(f.path.name, f.filled()) for f in forms]
    services = [service(root, url) for _ in range(2)]
    try:
        wait_for(lambda: all(p.poll() is None for p in services) and (root / "Status.html").exists(), 120)
        for name, data in filled:
            (root / "Return here" / name).write_bytes(data)
        wait_for(lambda: rows(url, "files") >= 4, 120)
        services[0].kill()
        wait_for(lambda: rows(url, "files WHERE filed") >= len(filled) and not list((root / "Return here").iterdir()), 180)
    finally:
        for process in services:
            process.terminate()
            process.wait(60)
    assert rows(url, "files") == rows(url, "versions") == len(filled)
    with create_engine(url).connect() as db:
        assert set(db.execute(text("SELECT outcome FROM files")).scalars()) == {"accepted"}
    assert run("verify", "--json", "--workspace", root)[1] == {"ok": True, "problems": []}


def test_a_file_is_claimed_by_one_and_free_again_when_that_one_ends(database: Fresh, tmp_path: Path) -> None:
    url = database()
    one, other = (Register(url, tmp_path / f"{n}.jsonl") for n in range(2))
    assert one.claims.claim("Return here/a.xlsx")
    assert not other.claims.claim("Return here/a.xlsx")
    assert other.claims.claim("Return here/b.xlsx")
    one.close()
    wait_for(lambda: other.claims.claim("Return here/a.xlsx"), 10)
    other.close()


@pytest.mark.parametrize(
    ("url", "says"), [("postgresql+psycopg://qaf@127.0.0.1:{port}/none", "cannot be reached"), ("sqlite+aiosqlite://", "not installed"), ("nonsense", "is not one")],
)
def test_a_server_that_is_not_there_is_said_in_a_sentence(url: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.create(tmp_path / "QA", tmp_path / "QA" / ".qaf", plan=write_plan(example_plan(THEN.date()), created=THEN))
    assert main(["status", "--workspace", str(tmp_path / "QA"), "--register", url.format(port=free_port())]) == 3
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1
