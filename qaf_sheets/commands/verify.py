"""`verify`: the received files, the journal, the register and the outputs agree, or what does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qaf_sheets import backup
from qaf_sheets import workspace as places
from qaf_sheets.commands.say import desk, err, out, say_json
from qaf_sheets.desk import Desk
from qaf_sheets.files import patiently, sha256, sha256_of
from qaf_sheets.problems import count
from qaf_sheets.purge import holding, past_keeping, unfinished
from qaf_sheets.rebuild import disagreements
from qaf_sheets.register import RegisterError
from qaf_sheets.register.journal import chain_faults
from qaf_sheets.reported import faults_in_reported


def verify(workspace: str | None, state: str | None, json: bool) -> int:  # noqa: FBT001 - a command line switch
    """Look at everything that is kept. Finds, never mends."""
    with desk(workspace, state) as at, at.locked():
        found = [*faults(at), *faults_in_rights(at)]
        due = [] if json or found else list(due_to_go(at))
    if json:
        say_json({"ok": not found, "problems": found})
    elif not found:
        out().print("Received files, journal, register and outputs agree.")
    else:
        err().print(f"{count(len(found), 'thing does', 'things do')} not agree:")
        for line in found:
            err().print(f"  {line}", markup=False)
    for line in due:
        out().print(line, markup=False)
    return 1 if found else 0


def faults(at: Desk) -> list[str]:
    """Everything that does not agree; a register that cannot be opened leaves only the journal to look at."""
    try:
        at.register  # noqa: B018 - opening it is the test
    except RegisterError as error:
        return [str(error), *chain_faults(at.workspace.journal)]
    copy = backup.state_of(at)
    found = [*faults_in_journal(at), *disagreements(at), *faults_in_reported(at), *([copy.words] if copy.words else [])]
    try:
        return [*faults_in_files(at), *found, *faults_in_outputs(at)]
    except ValueError:  # rows that were tampered with until they make no sense; what disagrees is named above
        return [*found, "The register holds rows that cannot be read. Make it again with 'qaf-sheets rebuild'."]


def faults_in_files(at: Desk) -> list[str]:
    """Originals that are missing or were changed, and ones nobody received."""
    with at.register.reading() as records:
        kept = records.returns.files()
    found = []
    for k in kept:
        path = at.workspace.absolute(k.received.kept_as or k.received.file)
        if not path.is_file():
            found.append(f"{k.received.kept_as} is missing.")
        elif (here := _hash_of(path)) != k.kept_sha256:
            half = here == k.sha256 and unfinished(at, k)
            found.append(f"{k.received.kept_as} {'still holds a name that was to be removed; the next pass removes it' if half else 'was changed since it was received'}.")
    known = {k.received.kept_as for k in kept}
    strangers = sorted(at.workspace.relative(p) for p in at.workspace.received.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
    return found + [f"{name} was not put there by the service." for name in strangers if name not in known]


def _hash_of(path: Path) -> str:
    """The hash of an original of any size; '' of what is no plain file any more."""
    try:
        return sha256_of(path)
    except OSError:
        return ""


def due_to_go(at: Desk) -> Iterator[str]:
    """What is past its time: no fault, and a person's to decide."""
    names = sum(h.on_file and h.due_on <= at.now().date() for h in holding(at))
    if names:
        yield f"Children's names are due to be removed from {count(names, 'received file')}: 'qaf-sheets purge --due'."
    for quarter, n in past_keeping(at).items():
        yield f"{quarter.label}: {count(n, 'received file is', 'received files are')} past the time for keeping them."


def faults_in_rights(at: Desk) -> list[str]:
    """What of the state folder others than its owner can read: the key signs forms, and the register holds every answer."""
    state = at.workspace.state
    return [f"{path.name} in the state folder can be opened by others than its owner." if path != state else "The state folder can be opened by others than its owner." for path in places.open_to_others(state)]


def faults_in_journal(at: Desk) -> list[str]:
    """A broken chain, and decisions in the register that the journal does not tell of."""
    with at.register.reading() as records:
        return records.journal_faults(at.workspace.journal)


def faults_in_outputs(at: Desk) -> list[str]:
    """Workbooks that are not as we wrote them. A document that a person changed is theirs and no fault; so is the tracker."""
    with at.register.reading() as records:
        outputs = records.outputs.all()
    found = []
    for o in outputs:
        path = at.workspace.absolute(o.file)
        if not path.is_file() and o.state not in ("refused", "filed"):
            found.append(f"{o.file} is missing; 'qaf-sheets build' writes it again.")
        elif o.file == at.workspace.master.name and o.state == "current" and sha256(patiently(path.read_bytes)) != o.sha256:
            found.append(f"{o.file} was changed since it was written; 'qaf-sheets build' writes it again.")
    return found
