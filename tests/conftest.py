"""No test touches a real state folder or the real day, and every command is run as a script would run it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from desk_kit import Handed
from postgres import move, needs_postgres, server
from sqlalchemy import create_engine, text
from standing import handed_out, quick_folder, quiet

from qaf_sheets import workspace
from qaf_sheets.cli import main
from qaf_sheets.desk import Desk
from qaf_sheets.issue import issue
from qaf_sheets.model import Quarter
from qaf_sheets.plan.example import example_plan
from qaf_sheets.plan.write import write_plan


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the golden dumps anew")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own folders and variables stay out of the tests."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "APPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("QAF_STATE", "QAF_WORKSPACE", "QAF_REGISTER", "QAF_EXECUTOR"):
        monkeypatch.setenv(name, "")  # so that what a command sets is taken back too
        monkeypatch.delenv(name)
    monkeypatch.setenv("QAF_TODAY", TODAY)


TODAY = "2026-12-14"
FIVE = ("ROUT", "SERV", "DIP", "CCR", "OBS")
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; gives the exit code and its JSON (or text)."""

    def command(*arguments: str | Path) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in arguments and out else out

    return command


@pytest.fixture(scope="session")
def issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example council with five activities, the third quarter's forms issued, made once; its files are read without a settling time."""
    root = tmp_path_factory.mktemp("once") / "Quality assurance"
    now = datetime(2026, 10, 5, 9, 0)
    place = workspace.create(root, root / ".qaf")
    plan = example_plan(now.date())
    rules = tuple(r for r in plan.rules if r.activity in FIVE)
    place.plan.write_bytes(write_plan(plan.model_copy(update={"rules": rules, "settings": {**plan.settings, "settle_seconds": "0"}}), created=now))
    with Desk(place, now=lambda: now) as at:
        assert len(issue(at, Quarter.parse("2026-27-Q3"))) == 65
    return root


ON_BOTH = {"test_ingest", "test_issue", "test_receipts", "test_receive_files", "test_moderation", "test_child_name", "test_plan_changes"}
"""Modules whose tests of a council run twice: with its register in a file, and on a PostgreSQL server."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__ in ON_BOTH and "council" in metafunc.fixturenames:
        metafunc.parametrize("council", ["file", pytest.param("server", marks=needs_postgres)], indirect=True)


@pytest.fixture
def council(tmp_path: Path, issued_once: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the example council of one's own: workspace and state are copied together, as the design allows. On a server, it is moved there first."""
    root = tmp_path / "Quality assurance"
    shutil.copytree(issued_once, root)
    if getattr(request, "param", "file") == "server":
        request.getfixturevalue("monkeypatch").setenv("QAF_REGISTER", move(root, request.getfixturevalue("database")()))
    return root


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, issued_once: Path) -> Path:
    """The example council with one summary in, and every output written; made once."""
    root = tmp_path_factory.mktemp("built") / "Quality assurance"
    shutil.copytree(issued_once, root)
    Handed(root, "ROUT").drop()
    with pytest.MonkeyPatch.context() as at:
        at.setenv("QAF_TODAY", TODAY)
        main(["ingest", "--workspace", str(root)])
    return root


@pytest.fixture
def built(tmp_path: Path, built_once: Path) -> Path:
    """A copy of it of one's own."""
    root = tmp_path / "Quality assurance"
    shutil.copytree(built_once, root)
    return root


# ---------------------------------------------------------------- a small workspace that the disk or a kill disturbs


@pytest.fixture(scope="module")
def still() -> Iterator[None]:
    """No clock ticks and no worker is started."""
    with quiet():
        yield


@pytest.fixture(scope="module")
def few(still: None) -> Iterator[Path]:
    """One person's forms."""
    with quick_folder() as folder:
        yield handed_out(folder / "QA", "OBS", "CCR", person="P013")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for runs to go wrong in."""
    with quick_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def database() -> Iterator[Callable[[], str]]:
    """Gives the URL of a new, empty database on a PostgreSQL server of the tests' own each time."""
    with server() as url:
        admin, numbers = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT"), count(1)

        def fresh() -> str:
            name = f"qaf{next(numbers)}"
            with admin.connect() as db:
                db.execute(text(f"CREATE DATABASE {name}"))
            return f"{url}/{name}"

        yield fresh
        admin.dispose()
