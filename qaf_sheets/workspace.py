"""The folders people see and the state folder they do not, found by the workspace's own id."""

from __future__ import annotations

import json
import os
import platform
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import platformdirs

from qaf_sheets.files import open_private, sweep, write_atomically

MARK = ".qaf-workspace.json"
KEY = "signing.key"
STATE = "state.json"
SERVER = "register_on_a_server"
FILE = "file"
"""What --register says for the file in the state folder."""


class WorkspaceError(Exception):
    """The workspace or its state cannot be used here; the message says what to do."""


def is_a_file(url: str) -> bool:
    """Whether a register's URL names a file."""
    return url.startswith("sqlite")


class Workspace:
    """One council's folders. `root` is what people open; `state` holds the register, the journal and the key, on a local disk."""

    def __init__(self, root: Path, state: Path, workspace_id: str) -> None:
        self.root, self.state, self.id = root, state, workspace_id
        self.plan = root / "QA plan.xlsx"
        self.master = root / "QA master.xlsx"
        self.tracker = root / "Actions tracker.xlsx"
        self.status_page = root / "Status.html"
        self.to_complete = root / "To complete"
        self.return_here = root / "Return here"
        self.needs_fixing = root / "Needs fixing"
        self.received = root / "Received"
        self.not_ours = self.received / "Not ours"
        self.reports = root / "Reports"
        self.forms = root / "Forms"
        self.templates = root / "Templates"

    @property
    def key(self) -> bytes:
        """The key that signs forms; it never leaves the state folder."""
        return (self.state / KEY).read_bytes()

    @property
    def database(self) -> str:
        """The register's URL: a file in the state folder (also by the word `file`), or the server that --register or QAF_REGISTER names.

        Raises WorkspaceError where the register is on a server and nobody says on which: no second one is started.
        """
        said = os.environ.get("QAF_REGISTER", "").strip()
        if not said and self.noted_on_a_server:
            raise WorkspaceError("The register of this workspace is on a server. Say where with --register or QAF_REGISTER. No second register was started.")
        return f"sqlite:///{(self.state / 'register.db').as_posix()}" if said in ("", FILE) else said

    @property
    def in_a_file(self) -> bool:
        """Whether the register is in the state folder. Raises WorkspaceError like `database`."""
        return is_a_file(self.database)

    @property
    def noted_on_a_server(self) -> bool:
        """Whether the register was last opened on a server."""
        return bool(_stated(self.state).get(SERVER))

    def note_register(self) -> None:
        """From here on the register is where it is named now, and no other is begun beside it."""
        on_a_server = not self.in_a_file
        if self.noted_on_a_server != on_a_server:
            write_atomically(self.state / STATE, json.dumps({**_stated(self.state), SERVER: on_a_server}).encode(), private=True)

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.state / "journal.jsonl"

    @property
    def staging(self) -> Path:
        """Local copies of files being read."""
        return self.state / "staging"

    @property
    def purging(self) -> Path:
        """Originals without the names in them, until each has taken its place."""
        return self.state / "purging"

    @property
    def drafts(self) -> Path:
        """What the documents said when they were last written."""
        return self.state / "drafts"

    @property
    def reported(self) -> Path:
        """Quarters as they were signed off or closed."""
        return self.state / "reported"

    def pack(self, person_id: str) -> Path:
        """Where a person's own actions are written."""
        return self.to_complete / person_id / f"Actions - {person_id}.xlsx"

    def packs(self) -> tuple[Path, ...]:
        """Every pack that lies in its place, by person."""
        return tuple(pack for folder in self.persons() if (pack := self.pack(folder.name)).is_file())

    def persons(self) -> tuple[Path, ...]:
        """Everybody's folder in To complete; none while it cannot be reached."""
        try:
            return tuple(sorted(p for p in self.to_complete.iterdir() if p.is_dir()))
        except OSError:
            return ()

    def may_be_copy(self, path: Path) -> bool:
        """Whether a workbook that lies beside the tracker, or beside a pack, may be a copy of it under another name; not what is ours to write, or a plan."""
        if path.suffix.casefold() not in (".xlsx", ".xlsm") or path in (self.tracker, self.pack(path.parent.name)):
            return False
        return not path.name.startswith((self.plan.stem, self.master.stem)) if path.parent == self.root else path.name.casefold().startswith(("actions", "copy of actions"))

    def relative(self, path: Path) -> str:
        """A path as JSON and the register name it: from the workspace, with /."""
        return path.relative_to(self.root).as_posix()

    def absolute(self, relative: str) -> Path:
        """The twin of `relative`."""
        return self.root.joinpath(*PurePosixPath(relative).parts)


def create(root: Path, state: Path | None = None, plan: bytes = b"") -> Workspace:
    """Make a workspace's folders, id and key, and the plan to begin with; or finish one that was begun. Raises WorkspaceError where one is already."""
    root = root.absolute()
    begun = json.loads((root / MARK).read_text("utf-8")) if (root / MARK).exists() else {}
    if begun and not begun.get("unfinished"):
        raise WorkspaceError(f"There is already a workspace in {root}. Choose an empty folder.")
    workspace_id = begun.get("workspace_id") or secrets.token_hex(8)
    place = _state_place(root, workspace_id, state)
    if (place / KEY).exists() and not (begun and _id_in(place) == workspace_id):
        raise WorkspaceError(f"The state folder {place} already belongs to another workspace. Choose another with --state.")
    if not begun and place.is_dir() and any(place.iterdir()):  # it becomes its owner's alone, which would lock others out of what they have there
        raise WorkspaceError(f"The state folder {place} holds other files. Choose an empty folder, or a new one, with --state.")
    it = Workspace(root, place, workspace_id)
    sweep(root)
    sweep(place)
    _mark(it, unfinished=True)
    for folder in (it.to_complete, it.return_here, it.needs_fixing, it.received, it.reports, place.parent):
        folder.mkdir(parents=True, exist_ok=True)
    place.mkdir(mode=stat.S_IRWXU, exist_ok=True)
    tighten(place)
    write_atomically(place / STATE, json.dumps({"workspace_id": workspace_id}).encode(), private=True)
    (place / KEY).unlink(missing_ok=True)  # half a key; nothing was signed with it
    _write_private(place / KEY, secrets.token_bytes(32))
    if plan:
        write_atomically(it.plan, plan)
    _mark(it)
    return it


def _mark(it: Workspace, **more: bool) -> None:
    """The file that makes a folder a workspace. While it says `unfinished`, only `create` takes it for one."""
    told = {"workspace_id": it.id, "made_on": platform.node(), **more}
    write_atomically(it.root / MARK, json.dumps(told, indent=1).encode())


def _stated(state: Path) -> dict[str, Any]:
    return dict(json.loads((state / STATE).read_text("utf-8"))) if (state / STATE).exists() else {}


def _id_in(state: Path) -> str:
    return str(_stated(state).get("workspace_id", ""))


def open_to_others(state: Path) -> Iterator[Path]:
    """The state folder and the files in it, as far as somebody else than its owner may read or change them.

    POSIX only: on Windows a user's own local folder is that user's by inheritance, and its rights are no modes.
    """
    if sys.platform == "win32":
        return
    for path in (state, *state.rglob("*")):
        with suppress(FileNotFoundError):  # SQLite's own files come and go
            found = path.lstat().st_mode
            if (stat.S_ISREG(found) or path == state) and found & (stat.S_IRWXG | stat.S_IRWXO):
                yield path


def tighten(state: Path) -> None:
    """Take the rights of others away, where an earlier version or a copy left some. What cannot be changed, `verify` tells."""
    for path in open_to_others(state):
        with suppress(OSError):
            path.chmod(path.stat().st_mode & stat.S_IRWXU)


def _write_private(path: Path, data: bytes) -> None:
    with open_private(path, "xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def find(root: Path, state: Path | None = None, *, keyless: bool = False) -> Workspace:
    """The workspace in a folder. Raises WorkspaceError when there is none, its state is on another computer, or (unless `keyless`) its key is lost."""
    root = root.absolute()
    try:
        mark = json.loads((root / MARK).read_text("utf-8"))
        workspace_id = str(mark["workspace_id"])
    except FileNotFoundError:
        raise WorkspaceError(f"{root} is not a workspace. Make one with 'qaf-sheets init', or name it with --workspace.") from None
    except (ValueError, KeyError, OSError) as error:
        raise WorkspaceError(f"We could not read {MARK} in {root}: {error}") from error
    if mark.get("unfinished"):
        raise WorkspaceError(f"Making the workspace in {root} was interrupted. Run 'qaf-sheets init' on this folder again.")
    place = _state_place(root, workspace_id, state)
    if not (place / STATE).exists():
        where = f" It was made on '{mark.get('made_on', '?')}'." if mark.get("made_on") else ""
        raise WorkspaceError(f"The register of this workspace is not on this computer.{where} Run this there, or say where it is with --state. No second register was started.")
    if _id_in(place) != workspace_id:
        raise WorkspaceError(f"The state folder {place} belongs to another workspace. Say where this one's is with --state.")
    tighten(place)
    if not keyless and not (place / KEY).exists():
        raise WorkspaceError(f"The key that signs forms is missing: {place / KEY}. Put it back from your backup. What was received is safe and needs no key.")
    return Workspace(root, place, workspace_id)


def _state_place(root: Path, workspace_id: str, told: Path | None) -> Path:
    """Where the state is: told by hand, beside a demo, or in the user's own local folder under the workspace's id."""
    if told:
        return told.absolute()
    if from_environment := os.environ.get("QAF_STATE", "").strip():
        return Path(from_environment).absolute()
    beside = root / ".qaf"
    if (beside / STATE).exists():
        return beside
    return Path(platformdirs.user_data_dir("qaf-sheets", appauthor=False)) / workspace_id
