"""The Word documents of a quarter: each written when it would say something new; one that a person changed stays, and the new draft goes beside it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path

from qaf_sheets import pdf, resources
from qaf_sheets.desk import Desk
from qaf_sheets.files import owner_of, sha256, write_atomically
from qaf_sheets.outlet import NO_ROOM, Written, as_it_is, is_as_written, put, remember, removed
from qaf_sheets.outputs.documents import CHILD_RECORDS, Document, Draft, Given, drafts
from qaf_sheets.outputs.documents.words import day
from qaf_sheets.problems import count, shorten
from qaf_sheets.register.outputs import Output

FILED = "On the child’s file; taken away here when the child’s name was."
NO_NAME = "{name} was not written: the file that came in cannot be read now. It will be tried again."
EDITED = "Changed by a person, so it is kept as it is."
TOLD_OF = 3
"""Sentences of a refused document that are told."""
TOLD = 12
"""Lines in which a new draft tells what is new since the one that a person changed."""
Texts = list[list[str]]


def write_documents(desk: Desk, given: Given, each: Callable[[Sequence[Draft]], Iterable[Draft]]) -> Iterator[Written]:
    """Every document of one quarter that would say something new. `each` may show how far it is."""
    places, shipped = (desk.workspace.templates, resources.folder("templates")), resources.folder("templates")

    def template(name: str) -> bytes:
        found = resources.find(name, places)
        assert found is not None, f"{name} is shipped"
        return found.read_bytes()

    for draft in each(list(drafts(given, template, lambda name: (shipped / name).read_bytes()))):
        yield _document(desk, draft)


def _document(desk: Desk, draft: Draft) -> Written:
    name, path = draft.path, desk.workspace.absolute(draft.path)
    with desk.register.reading() as records:
        last = records.outputs.one(name)
    if last and last.state == "filed":
        return Written(name, written=False)
    if path.exists() and not (last and is_as_written(path, last)):
        return _beside(desk, draft, last)
    if last and path.exists() and last.members == draft.says:
        return as_it_is(desk, last)
    return _write(desk, draft, ())


def _beside(desk: Desk, draft: Draft, last: Output | None) -> Written:
    """A person's own document stays; a draft with new data goes beside it, dated. The same data again writes nothing."""
    if last and last.members == draft.says:
        if last.state != "edited":
            remember(desk, last.model_copy(update={"state": "edited", "note": EDITED}))
        return Written(draft.path, written=False)
    stem, _, ending = draft.path.rpartition(".")
    beside = draft._replace(path=f"{stem} - new draft {desk.now():%Y-%m-%d}.{ending}")
    there, before = desk.workspace.absolute(beside.path), _kept(desk, draft.path)
    with desk.register.reading() as records:
        written = records.outputs.one(beside.path)
    said = written is not None and written.members == draft.says and there.exists()
    if there.exists() and not said and not (written and is_as_written(there, written)):  # a person changed that one too: it is theirs
        beside = beside._replace(path=f"{stem} - new draft {desk.now():%Y-%m-%d %H%M}.{ending}")
    done = Written(beside.path, written=False) if said else _write(desk, beside, differences(before, draft, last.as_at) if last and before else ())
    if (said or done.written) and last:
        remember(desk, last.model_copy(update={"members": draft.says, "state": "edited", "note": EDITED}))
    return done


def _write(desk: Desk, draft: Draft, before: Sequence[str]) -> Written:
    """Put a document in its place, unless it holds what it may not; its words are kept, so that a later draft can say what is new."""
    try:
        made = draft.write(before)
    except OSError:  # the received file that a child's name is read from
        return Written(draft.path, written=False, note=NO_NAME.format(name=draft.path))
    if made.refused:
        return _refuse(desk, draft, made)
    return _put(desk, draft, made)


def _put(desk: Desk, draft: Draft, made: Document) -> Written:
    """The document in its place. What it says is kept first, so that a crash in between leaves nothing to be guessed; where it cannot be written, what was kept before stays."""
    place = _place(desk, draft.path)
    before = place.read_bytes() if place.exists() else None
    if made.lines and not _keep(place, [[line.heading, line.text] for line in made.lines]):
        return Written(draft.path, written=False, note=NO_ROOM.format(name=draft.path))
    done = put(desk, draft.path, made.data, draft.says, " ".join(p.message for p in made.problems))
    if done.written:
        pdf.drop(desk, draft.path)
    elif made.lines:
        with suppress(OSError):
            write_atomically(place, before, private=True) if before else place.unlink(missing_ok=True)
    return done


def _refuse(desk: Desk, draft: Draft, made: Document) -> Written:
    """Say why nothing was written; what lies there stays. It is tried again whenever it may be otherwise."""
    with desk.register.reading() as records:
        last = records.outputs.one(draft.path)
    note = " ".join(p.message for p in made.refused[:TOLD_OF])
    now = (last or Output(file=draft.path, sha256="", members="", as_at=desk.now())).model_copy(update={"members": "", "state": "refused", "note": note})
    if now != last:
        remember(desk, now)
    return Written(draft.path, written=False, note=note)


# ---------------------------------------------------------------- records whose child's name is to go


def records_left(desk: Desk, return_id: str, *, on_file: bool) -> list[str]:
    """Take away the children's records of a return, and their PDF copies; gives those that stay, since a person changed them or has them open.

    One that is `on_file` is not written again; any other comes back without the name.
    """
    mark = re.compile(rf"/{re.escape(CHILD_RECORDS)}/.* {re.escape(return_id)}(?:-\d+)?(?: - new draft .*)?\.(?:docx|pdf)$")
    with desk.register.reading() as records:
        mine = [o for o in records.outputs.all() if mark.search(o.file)]
    return [o.file for o in mine if not _taken_away(desk, o, on_file=on_file)]


def _taken_away(desk: Desk, output: Output, *, on_file: bool) -> bool:
    path = desk.workspace.absolute(output.file)
    if path.exists() and (owner_of(path) or not is_as_written(path, output) or not removed(path)):
        return False
    if on_file and output.file.endswith(".docx"):
        remember(desk, output.model_copy(update={"sha256": "", "members": "", "state": "filed", "note": FILED}))
    else:
        with desk.register.writing() as records:
            records.outputs.forget(output.file)
    return True


# ---------------------------------------------------------------- what is new since


def differences(before: Texts, draft: Draft, written: datetime) -> tuple[str, ...]:
    """What a new draft says that the last one did not, and the other way round, in a few lines."""
    now = [[line.heading, line.text] for line in draft.write(()).lines]
    changes = list(_changes(before, now))
    if not changes:
        return ()
    more = (f"… and {count(len(changes) - TOLD, 'further line')}.",) if len(changes) > TOLD else ()
    return (f"New since the draft of {day(written.date())}, which somebody changed and which is kept beside this one:", *(f"• {c}" for c in changes[:TOLD]), *more)


def _changes(before: Texts, now: Texts) -> Iterator[str]:
    matcher = SequenceMatcher(None, [" ".join(b) for b in before], [" ".join(n) for n in now], autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        old, new = before[a:b], now[c:d]
        for n in range(max(len(old), len(new)) if what != "equal" else 0):
            was, is_ = old[n] if n < len(old) else None, new[n] if n < len(new) else None
            where = (is_ or was or [""])[0] or "At the beginning"
            if was and is_:
                yield f"{where}: “{shorten(was[1], 90)}” is now “{shorten(is_[1], 90)}”."
            else:
                yield f"{where}: {'new' if is_ else 'gone'}, “{shorten((is_ or was or ['', ''])[1], 90)}”."


def _place(desk: Desk, name: str) -> Path:
    return desk.workspace.drafts / f"{sha256(name.encode())[:32]}.json.gz"


def _keep(place: Path, said: Texts) -> bool:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, gzip.compress(json.dumps(said, ensure_ascii=False).encode(), mtime=0), private=True)
    except OSError:
        return False
    return True


def _kept(desk: Desk, name: str) -> Texts:
    try:
        kept: Texts = json.loads(gzip.decompress(_place(desk, name).read_bytes()))
    except (OSError, ValueError, EOFError):
        return []
    return kept
