"""What every flow works at: the workspace, its plan, its register, the forms, the reading worker and the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from qaf_sheets import clock, workspace
from qaf_sheets.book import MAX_BYTES, Book, read_book
from qaf_sheets.executors import executor_for
from qaf_sheets.files import open_plain, patiently, sweep, write_atomically
from qaf_sheets.forms.definition import Library
from qaf_sheets.model import Plan, Problem
from qaf_sheets.plan.check import all_faults
from qaf_sheets.plan.read import read_plan
from qaf_sheets.plan.settings import defaults
from qaf_sheets.problems import problem
from qaf_sheets.register import BusyError, Register
from qaf_sheets.register.claims import Claims
from qaf_sheets.register.lease import PATIENCE
from qaf_sheets.worker import WorkerDiedError

LAST_PLAN = "QA plan as last read.xlsx"


class PlanFaultsError(Exception):
    """The plan has faults, so nothing may be issued from it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} faults")
        self.problems = problems


class Desk:
    """One workspace in use. `now` gives the time; `executor` runs the reading of strangers' files."""

    def __init__(self, place: workspace.Workspace, *, now: Callable[[], datetime] = clock.now, executor: Executor | None = None) -> None:
        self.workspace, self.now = place, now
        self._executor = executor
        self.staged = set[str]()
        """The names of our own copies of files being received, where other services may have theirs beside them."""

    @cached_property
    def executor(self) -> Executor:
        """What strangers' files are read by, started when first needed: the reading worker, or what --executor or QAF_EXECUTOR names. Raises ExecutorError."""
        return self._executor or executor_for(os.environ.get("QAF_EXECUTOR", "").strip())

    @property
    def ahead(self) -> int:
        """How many files may be under way while one is decided."""
        return int(getattr(self.executor, "ahead", 0))

    @cached_property
    def claims(self) -> Claims:
        """What this service has to itself, where several work at once."""
        return Claims(self.workspace.database)

    @cached_property
    def register(self) -> Register:
        """The register, opened when first needed. Raises RegisterError, or WorkspaceError where it was last on a server and is asked for in a file."""
        place = self.workspace
        if place.in_a_file and place.noted_on_a_server:
            raise workspace.WorkspaceError("The register of this workspace is on a server. 'qaf-sheets rebuild --register file' brings it back into a file. Nothing was changed.")
        opened = Register(place.database, place.journal, self.now, place.id, self.claims)
        place.note_register()
        return opened

    @cached_property
    def library(self) -> Library:
        """The forms; the council's own `Forms/` folder wins."""
        return Library((self.workspace.forms,))

    @cached_property
    def plan_and_problems(self) -> tuple[Plan, tuple[Problem, ...]]:
        """The plan as it stands, and everything wrong with it."""
        book = self.read(self.workspace.plan)
        if isinstance(book, Problem):
            return self._last_plan(), (problem("PLAN_UNREADABLE", file=self.workspace.plan.name),)
        plan, faults = read_plan(book, self.workspace.plan.name)
        self._keep_plan()
        return plan, all_faults(plan, faults, self.library.activities(), today=self.now().date(), themed=self.library.themed())

    def _last_plan(self) -> Plan:
        """The plan as it was last read: while it is being saved, or torn, returns are still received by it."""
        kept = self.workspace.state / LAST_PLAN
        book = self.read(kept) if kept.exists() else problem("PLAN_UNREADABLE", file=kept.name)
        return Plan(settings=defaults()) if isinstance(book, Problem) else read_plan(book)[0]

    def _keep_plan(self) -> None:
        data = patiently(self.workspace.plan.read_bytes)
        kept = self.workspace.state / LAST_PLAN
        if not kept.exists() or kept.read_bytes() != data:
            with suppress(OSError):  # no room for a spare copy is no reason not to read the plan
                write_atomically(kept, data, private=True)

    @property
    def plan(self) -> Plan:
        """The plan, whatever its faults: returns already issued are still received."""
        return self.plan_and_problems[0]

    def sound_plan(self) -> Plan:
        """The plan to issue from. Raises PlanFaultsError."""
        plan, problems = self.plan_and_problems
        faults = tuple(p for p in problems if p.level == "E")
        if faults:
            raise PlanFaultsError(faults)
        return plan

    def read(self, path: Path) -> Book | Problem:
        """A workbook of ours or a stranger's, read in the worker; one that cannot be opened is a damaged one."""
        try:
            return self.read_file(path, path.name)
        except OSError:
            return problem("DAMAGED")

    def read_file(self, path: Path, name: str) -> Book | Problem:
        """The same of a file that must be there, called `name` by whoever sent it. Raises OSError."""
        return self.reading(path, name)()

    def reading(self, path: Path, name: str) -> Callable[[], Book | Problem]:
        """The same, begun now and asked for later. Both raise OSError."""
        with patiently(lambda: open_plain(path)) as file:
            return self._begun(file.read(MAX_BYTES + 1), name)  # more than that is refused for its size, whatever its size

    def read_bytes(self, data: bytes, name: str) -> Book | Problem:
        """Bytes → plain values, or the problem that stops us; a dead worker costs this one file."""
        return self._begun(data, name)()

    def _begun(self, data: bytes, name: str) -> Callable[[], Book | Problem]:
        future = self.executor.submit(read_book, data, name)

        def read() -> Book | Problem:
            try:
                return future.result()
            except WorkerDiedError as error:
                return problem("UNSAFE_FILE", why=str(error))

        return read

    def refresh(self) -> None:
        """Read the plan again at the next look: the service runs for weeks, and the plan is edited meanwhile."""
        self.__dict__.pop("plan_and_problems", None)
        self.__dict__.pop("library", None)

    @contextmanager
    def alone(self, *, together: bool = False) -> Iterator[None]:
        """One writer at a time in a workspace, on this computer and on any other that shares its state; on a server also `together` with others. Raises BusyError after a minute."""
        with self.locked(together=together), self.register.alone(self._mend):
            if self.workspace.noted_on_a_server == self.workspace.in_a_file:
                raise workspace.WorkspaceError("The register of this workspace was moved meanwhile. Nothing more was written to the one before; start again, and say where it is with --register.")
            self._swept  # noqa: B018 - once is enough
            yield

    def together(self) -> AbstractContextManager[None]:
        """To receive and publish, which several services may do at once when the register is on a server: each file is claimed by one, and so is the publishing."""
        return self.alone(together=True)

    def _mend(self) -> None:
        """What a killed process had half written is taken away; a share is not searched for it every time."""
        sweep(self.workspace.root)

    @cached_property
    def _swept(self) -> None:
        """The same in the state folder, which commands that only look write to as well, and which is small and near."""
        sweep(self.workspace.state, still=60.0)

    @contextmanager
    def locked(self, *, together: bool = False) -> Iterator[None]:
        """The half of `alone` that needs no register: one writer on this computer, or one on a server. The system (or the server) lets go of the lock when a process dies, however it dies."""
        if not self.workspace.in_a_file:
            with self.claims.workspace(together=together):
                yield
            return
        lock = FileLock(self.workspace.state / "writing.lock", mode=0o600)
        try:
            with lock.acquire(timeout=PATIENCE):
                yield
        except Timeout as error:
            raise BusyError("Another qaf-sheets command is at work in this workspace. Try again in a minute.") from error

    def close(self) -> None:
        """Let go of the register and the worker."""
        if "claims" in self.__dict__:
            self.claims.close()
        if "register" in self.__dict__:
            self.register.close()
        if "executor" in self.__dict__ and self._executor is None:
            self.executor.shutdown()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
