"""Several services at one register on a PostgreSQL server, and what may go wrong between them: nothing is lost, mixed up, told twice or left lying."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import TODAY, Run
from desk_kit import Handed
from postgres import Fresh, council, held, needs_postgres, rows
from sqlalchemy import create_engine, text
from standing import THEN

from qaf_sheets import publish, rebuild, receive, workspace
from qaf_sheets.cli import main
from qaf_sheets.commands import ingest
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.commands.watch import Service
from qaf_sheets.desk import Desk
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan
from qaf_sheets.register import BusyError, Register, RegisterError, claims, journal

pytestmark = needs_postgres


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory, database: Fresh) -> tuple[Path, str]:
    url = database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QAF_TODAY", TODAY)
        patch.setenv("QAF_REGISTER", url)
        return council(tmp_path_factory.mktemp("server") / "QA"), url


@pytest.fixture
def made(made_once: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A small council of one's own whose register is on the server, and where that is."""
    root, url = made_once
    server, _, name = url.rpartition("/")
    copied = f"{name}_{tmp_path.name}".lower().replace("-", "_").replace("[", "_").replace("]", "_")[:60]
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        db.execute(text(f'DROP DATABASE IF EXISTS "{copied}"'))
        db.execute(text(f'CREATE DATABASE "{copied}" TEMPLATE {name}'))
    admin.dispose()
    monkeypatch.setenv("QAF_REGISTER", f"{server}/{copied}")
    return Path(shutil.copytree(root, tmp_path / "QA")), f"{server}/{copied}"


def receive_all(at: Desk) -> list[str]:
    with at.together():
        return [r.outcome for r in Pass(at, pause=lambda _: None).run()]


def in_folder(root: Path, folder: str) -> list[str]:
    return [p.name for p in (root / folder).rglob("*") if p.is_file()]


# ---------------------------------------------------------------- whose register it is


def test_two_workspaces_never_share_a_register(made: tuple[Path, str], tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    root, _ = made
    other = workspace.create(tmp_path / "B", tmp_path / "B" / ".qaf", plan=write_plan(example_plan(THEN.date()), created=THEN))
    before = held(root)
    for command in ("status", "ingest", "rebuild"):
        assert main([command, "--workspace", str(other.root)]) == 3
        assert "belongs to another workspace" in capsys.readouterr().err
    assert not other.journal.exists()
    assert held(root) == before
    assert run("verify", "--json", "--workspace", root)[1]["ok"]


def test_whoever_forgets_the_server_starts_no_second_register(made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], run: Run) -> None:
    root, url = made
    assert run("status", "--json", "--workspace", root)[0] == 0
    monkeypatch.delenv("QAF_REGISTER")
    for command in ("status", "ingest", "verify", "rebuild", "issue"):
        capsys.readouterr()
        assert main([command, "--workspace", str(root)]) == 2
        assert "is on a server" in capsys.readouterr().err
    assert main(["status", "--workspace", str(root), "--register", "file"]) == 2
    assert not (root / ".qaf" / "register.db").exists()
    assert run("status", "--json", "--workspace", root, "--register", url)[0] == 0


def test_a_register_moves_to_the_server_and_back(tmp_path: Path, database: Fresh, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("QAF_REGISTER", raising=False)
    root, url = council(tmp_path / "QA"), database()
    Handed(root, "OBS").drop()
    assert run("ingest", "--no-outputs", "--json", "--workspace", root)[0] == 0
    before = held(root)
    assert main(["status", "--workspace", str(root), "--register", url]) == 3  # an empty one is not taken for it
    assert "rebuild" in capsys.readouterr().err
    assert run("rebuild", "--json", "--workspace", root, "--register", url)[1]["rebuilt"]
    monkeypatch.setenv("QAF_REGISTER", url)
    assert held(root) == before
    Handed(root, "SERV").drop()
    assert run("ingest", "--no-outputs", "--json", "--workspace", root)[0] == 0
    with Desk(workspace.find(root)) as service:
        assert receive_all(service) == []
        after = held(root)
        assert run("rebuild", "--json", "--workspace", root, "--register", "file")[1]["rebuilt"]
        monkeypatch.setenv("QAF_REGISTER", url)
        with pytest.raises(workspace.WorkspaceError):
            receive_all(service)  # it was not stopped
    monkeypatch.delenv("QAF_REGISTER")
    assert held(root) == after
    assert run("verify", "--json", "--workspace", root)[1]["ok"]


# ---------------------------------------------------------------- beside each other


def test_verify_and_rebuild_wait_for_a_service_at_work_and_say_so(made: tuple[Path, str], run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = made
    monkeypatch.setattr(claims, "PATIENCE", 0.3)
    with Desk(workspace.find(root)) as service, service.together():
        for command in ("verify", "rebuild", "issue"):
            assert main([command, "--workspace", str(root)]) == 3
            assert "is at work" in capsys.readouterr().err
        with Desk(workspace.find(root)) as second, second.together():
            pass
    assert run("verify", "--json", "--workspace", root)[1]["ok"]


@pytest.mark.parametrize("command", ["verify", "rebuild"])
def test_a_service_waits_while_everything_is_looked_at(command: str, made: tuple[Path, str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = made
    monkeypatch.setattr(claims, "PATIENCE", 0.3)
    tried: list[str] = []

    def work() -> None:
        with Desk(workspace.find(root)) as service:
            try:
                with service.together(), service.register.writing() as records:
                    records.note(THEN, "tried", {})
            except BusyError:
                tried.append("busy")

    looked = journal.entries

    def between(path: Path) -> object:
        if not tried:
            work()
        return looked(path)

    monkeypatch.setattr(journal, "entries", between)
    monkeypatch.setattr(rebuild, "entries", between)
    assert run(command, "--json", "--workspace", root)[1]["ok"]
    assert tried == ["busy"]
    assert run("status", "--json", "--workspace", root)[0] == 0


def test_needs_fixing_is_not_told_again_once_put_right(made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One sees what is not filed yet; the other files it and receives the version put right; then the first goes on."""
    root, _ = made
    form = Handed(root, "OBS", 0)
    with Desk(workspace.find(root)) as one, Desk(workspace.find(root)) as other:
        form.drop(form.filled(form.complete(strengths="tbc")))
        with monkeypatch.context() as cut_short:
            cut_short.setattr(receive, "_put", lambda *_: False)
            assert receive_all(other) == ["needs_fixing"]
        claim, meanwhile = one.claims.claim, list[str]()

        def late(name: str) -> bool:
            if not meanwhile and name == form.issue.return_id:
                meanwhile.append("tried")
                receive_all(other)
                form.drop()
                meanwhile.extend(receive_all(other))
            return claim(name)

        monkeypatch.setattr(one.claims, "claim", late)
        with one.together():
            receive.finish(one)
    assert meanwhile == ["tried", "accepted"]
    assert in_folder(root, "Needs fixing") == []
    assert in_folder(root, "Return here") == []


def test_a_file_that_another_service_is_at_is_left_to_it(made: tuple[Path, str]) -> None:
    root, url = made
    Handed(root, "OBS", 0).drop()
    with Desk(workspace.find(root)) as one, Desk(workspace.find(root)) as other:
        other.claims.claim(f"Return here/{Handed(root, 'OBS', 0).path.name}")
        assert receive_all(one) == []
        assert rows(url, "files") == 0
        other.close()
        assert receive_all(one) == ["accepted"]


# ---------------------------------------------------------------- what one leaves behind


def test_outputs_follow_what_a_dead_service_received(made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = made
    with Desk(workspace.find(root)) as dies, Desk(workspace.find(root)) as lives:
        survivor = Service(lives)
        survivor.passes.pause = lambda _: None
        survivor.step()
        Handed(root, "OBS", 0).drop()
        assert receive_all(dies) == ["accepted"]
        assert publish.is_behind(lives)
        survivor.step()
        assert not publish.is_behind(lives)
        monkeypatch.setattr("qaf_sheets.commands.watch.publish", lambda _: pytest.fail("nothing happened since"))
        survivor.step()


def test_what_a_killed_service_had_half_written_is_taken_away_once_nobody_is_at_work(made: tuple[Path, str]) -> None:
    root, url = made
    left = root / "Received" / ".qaf-99999-a child's name.xlsx.tmp"
    died = Desk(workspace.find(root))
    at_work = died.together()
    at_work.__enter__()
    left.write_bytes(b"half")
    for engine in (died.claims._engine, died.register.engine):  # as the system does for a killed process: the connections are gone, nothing was said
        engine.dispose()
    with Desk(workspace.find(root)) as busy, Desk(workspace.find(root)) as next_one:
        with busy.together(), next_one.together():
            assert left.exists()  # somebody may be writing it
        kill(url)
    with Desk(workspace.find(root)) as next_one, next_one.together():
        assert not left.exists()
        left.write_bytes(b"half")
    with Desk(workspace.find(root)) as one_more, one_more.together():
        assert left.exists()  # nobody died: a share is not searched every time


def kill(url: str) -> None:
    """Every connection to that register ends, as when the server starts again."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    engine.dispose()


def test_whoever_lost_the_connection_that_it_claimed_on_writes_nothing_more(made: tuple[Path, str]) -> None:
    root, url = made
    Handed(root, "OBS", 0).drop()
    with Desk(workspace.find(root)) as at:
        with at.together():
            kill(url)  # the next transaction is on a new connection, without the claims
            with pytest.raises(RegisterError), at.register.writing() as records:
                records.note(THEN, "tried", {})
        assert rows(url, "journal WHERE kind = 'tried'") == 0
        assert receive_all(at) == ["accepted"]


def test_a_server_that_goes_away_meanwhile_is_a_sentence_and_costs_nothing(made: tuple[Path, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    root, url = made
    server, _, name = url.rpartition("/")
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    Handed(root, "OBS", 0).drop()

    def allow(word: str) -> None:
        with admin.connect() as db:
            db.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {word}'))
            db.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))

    real = ingest.take

    def cut(*arguments: object) -> object:
        allow("false")
        return real(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as at_once:
        at_once.setattr(ingest, "take", cut)
        assert main(["ingest", "--no-outputs", "--workspace", str(root)]) == 3
    said = capsys.readouterr().err
    assert "cannot be reached" in said
    assert "on our side" not in said
    allow("true")
    admin.dispose()
    assert [f["outcome"] for f in run("ingest", "--no-outputs", "--json", "--workspace", root)[1]["files"]] == ["accepted"]
    assert run("verify", "--json", "--workspace", root)[1]["ok"]


# ---------------------------------------------------------------- odd content


@pytest.mark.parametrize("odd", ["_x0000_", "_xD800_", "_xFFFE_", "\U0001f600", "'; DROP TABLE files; --"])
def test_odd_characters_are_received(odd: str, made: tuple[Path, str], run: Run) -> None:
    root, _ = made
    form = Handed(root, "OBS", 0)
    form.drop(form.filled(form.complete(strengths=f"We looked at this together and it helped {odd} greatly indeed.")))
    assert [f["outcome"] for f in run("ingest", "--no-outputs", "--json", "--workspace", root)[1]["files"]] == ["accepted"]
    assert run("verify", "--json", "--workspace", root)[1]["ok"]


def test_two_that_open_an_empty_database_at_once_make_one_register(database: Fresh, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    url = database()
    opening: Callable[[int], Register] = lambda n: Register(url, tmp_path / f"{n}.jsonl", of="one")  # noqa: E731 - a thread's job
    with ThreadPoolExecutor(4) as threads:
        for register in list(threads.map(opening, range(4))):
            register.close()
    assert rows(url, "meta WHERE name = 'schema'") == 1
