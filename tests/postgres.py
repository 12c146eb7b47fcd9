"""A PostgreSQL server of the tests' own: Debian's programs, a cluster in a temporary folder, on loopback, gone with the tests."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from standing import handed_out

from qaf_sheets import workspace
from qaf_sheets.desk import Desk
from qaf_sheets.register import Register
from qaf_sheets.register.moving import put_in_place
from qaf_sheets.register.replay import canonical

Fresh = Callable[[], str]
"""Gives the URL of a new, empty database each time."""

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None) if sys.platform == "linux" else None
needs_postgres = pytest.mark.skipif(BINARIES is None and os.environ.get("QAF_REQUIRE_POSTGRES") != "1", reason="PostgreSQL's server programs are not installed (Debian: postgresql); set QAF_REQUIRE_POSTGRES=1 to insist on them")


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server, without a database's name. It refuses to run as root, so that it runs as Debian's user for it there."""
    assert BINARIES is not None, "PostgreSQL is required here (QAF_REQUIRE_POSTGRES=1) and was not found"
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="qaf-pg-") as made:
        folder = Path(made)
        if root := getpass.getuser() == "root":
            folder.chmod(0o755)
            shutil.chown(folder, "postgres")
        as_who = ("runuser", "-u", "postgres", "--") if root else ()

        def run(program: str, *arguments: str) -> None:
            subprocess.run([*as_who, str(BINARIES / program), *arguments], check=True, capture_output=True, cwd=folder, timeout=120)

        run("initdb", "-D", str(folder / "data"), "-U", "qaf", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-o", f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off", "start")
        try:
            yield f"postgresql+psycopg://qaf@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def council(root: Path) -> Path:
    """A small council with its forms handed out, in whichever register the environment names."""
    return handed_out(root, "OBS", "CCR", "SERV", person="")


def held(root: Path) -> dict[str, dict[str, str]]:
    """All that the register in use holds."""
    with Desk(workspace.find(root)) as at:
        return canonical(at.register)


def rows(url: str, of: str) -> int:
    """How many rows a table of that register has."""
    engine = create_engine(url)
    try:
        with engine.connect() as db:
            return int(db.execute(text(f"SELECT count(*) FROM {of}")).scalar_one())
    finally:
        engine.dispose()


def wait_for(done: Callable[[], bool], seconds: float) -> None:
    """Until it is so."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


def move(root: Path, url: str) -> str:
    """The council's register is on that server from here on, and nowhere else; gives the URL back."""
    at = workspace.find(root)
    register = Register(at.database, at.journal, of=at.id)
    put_in_place(register, url, "before", at.id)
    register.close()
    for file in at.state.glob("register.db*"):
        file.unlink()
    return url
