"""Every file that was dropped and what became of it, and every distinct set of answers of each return."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from qaf_sheets.model import Issue, Problem, Quarter, Received, Record, Return, Version
from qaf_sheets.register import schema
from qaf_sheets.register.changes import Changes
from qaf_sheets.register.codec import dump_codes, dump_return, load_return


class Kept(Record):
    """A decided file: where it was dropped, where it is kept, and whether it has got there.

    `sha256` is of the file as it came; `kept_sha256` of what is to lie there now, which is another once names were taken out of it.
    """

    id: int
    sha256: str
    kept_sha256: str
    received: Received
    filed: bool


class Known(Record):
    """A version as far as versions are compared."""

    version: int
    answers_hash: str
    outcome: str
    completed_by: str
    codes: frozenset[str] = frozenset()


class Returns:
    """What came back."""

    def __init__(self, changes: Changes) -> None:
        self._db, self._changes = changes.db, changes

    def decide(self, received: Received, sha256: str) -> int:
        """Record a file's outcome before the file moves. Returns its id.

        What its sender called it may be a child's name: that is noted for as long as the drop is there, and told to no journal.
        """
        number = self._changes.add(
            schema.files, sha256=sha256, kept_sha256=sha256, dropped_as=nameless(received), kept_as=received.kept_as, outcome=received.outcome, return_id=received.return_id,
            version=received.version, received_at=received.received_at, problems=_problems(received.problems), filed=False,
        )
        self._db.execute(insert(schema.drops).values(id=number, dropped_as=received.file))
        return number

    def add_version(self, received: Received, answers_hash: str, content: Return) -> None:
        """Record a new distinct set of answers. The journal keeps of them only what the received file alone does not say: which person or option each answer meant."""
        self._changes.add(
            schema.versions, told={"content": dump_codes(content)}, return_id=received.return_id, version=received.version, answers_hash=answers_hash, outcome=received.outcome, received_at=received.received_at,
            file=received.kept_as, content=dump_return(content), problems=_problems(received.problems),
        )

    def known(self, return_id: str) -> tuple[Known, ...]:
        """All versions of a return, oldest first."""
        rows = self._db.execute(select(schema.versions).where(schema.versions.c.return_id == return_id).order_by(schema.versions.c.version))
        return tuple(
            Known(version=r.version, answers_hash=r.answers_hash, outcome=r.outcome, completed_by=_who(load_return(r.content)), codes=frozenset(p.code for p in _load_problems(r.problems)))
            for r in rows
        )

    def content(self, return_id: str, version: int) -> Return:
        """The answers of one version."""
        where = (schema.versions.c.return_id == return_id, schema.versions.c.version == version)
        return load_return(self._db.execute(select(schema.versions.c.content).where(*where)).scalar_one())

    def undecided(self) -> tuple[tuple[str, int], ...]:
        """Every version that waits for a person: its return and its number."""
        where = schema.versions.c.outcome.in_(("conflict", "held"))
        rows = self._db.execute(select(schema.versions.c.return_id, schema.versions.c.version).where(where).order_by(schema.versions.c.return_id, schema.versions.c.version))
        return tuple((r.return_id, r.version) for r in rows)

    def settle(self, return_id: str, version: int, outcome: str) -> None:
        """What becomes of a version by a person's decision."""
        self._changes.set(schema.versions, {"return_id": return_id, "version": version}, outcome=outcome)

    def filed(self, file_id: int) -> None:
        """The file is where it is kept."""
        self._changes.set(schema.files, {"id": file_id}, filed=True)
        self._db.execute(delete(schema.drops).where(schema.drops.c.id == file_id))

    def keeps(self, file_id: int, sha256: str) -> None:
        """What lies where the file is kept is to be this from now on."""
        self._changes.set(schema.files, {"id": file_id}, kept_sha256=sha256)

    def unfiled(self, kept_as: str = "") -> tuple[Kept, ...]:
        """Decided but not yet moved, all or the one that is kept there: a crash came between. The moves are finished at the next start."""
        query = select(schema.files).where(schema.files.c.filed.is_(False)).order_by(schema.files.c.id)
        left = self._files(query.where(schema.files.c.kept_as == kept_as) if kept_as else query)
        lie = {r.id: r.dropped_as for r in self._db.execute(select(schema.drops).where(schema.drops.c.id.in_([k.id for k in left])))} if left else {}
        return tuple(k.model_copy(update={"received": k.received.model_copy(update={"file": lie.get(k.id, k.received.file)})}) for k in left)

    def lying(self, dropped_as: str) -> frozenset[str]:
        """The hashes of what was dropped there, was decided, and is not filed yet."""
        named = func.coalesce(schema.drops.c.dropped_as, schema.files.c.dropped_as)
        joined = select(schema.files.c.sha256).select_from(schema.files.outerjoin(schema.drops, schema.drops.c.id == schema.files.c.id))
        return frozenset(self._db.execute(joined.where(schema.files.c.filed.is_(False), named == dropped_as)).scalars())

    def is_last_told(self, kept: Kept) -> bool:
        """Whether no newer file of the same return was accepted or has to be put right: what its person sees is about this one."""
        told = (schema.files.c.return_id == kept.received.return_id, schema.files.c.outcome.in_(("accepted", "needs_fixing")), schema.files.c.id > kept.id)
        return self._db.execute(select(schema.files.c.id).where(*told).limit(1)).first() is None

    def files(self) -> tuple[Kept, ...]:
        """Every file ever decided, oldest first; each is called as it is kept."""
        return self._files(select(schema.files).order_by(schema.files.c.id))

    def count_of(self, return_id: str) -> int:
        """How many files came for a return."""
        return int(self._db.execute(select(func.count()).select_from(schema.files).where(schema.files.c.return_id == return_id)).scalar_one())

    def holds(self, sha256: str) -> bool:
        """Whether a file of exactly these bytes was received."""
        return self._db.execute(select(schema.files.c.id).where(schema.files.c.sha256 == sha256).limit(1)).first() is not None

    def copied(self, file: str, sha256: str) -> None:
        """A copy to put right was written there; '' as its hash when it was taken away again."""
        if sha256:
            self._changes.put(schema.copies, {"file": file}, sha256=sha256)
        else:
            self._changes.drop(schema.copies, file=file)

    def has_copy(self, file: str) -> bool:
        """Whether a copy to put right was written there."""
        return self._db.execute(select(schema.copies.c.file).where(schema.copies.c.file == file)).first() is not None

    def is_copy(self, file: str, sha256: str) -> bool:
        """Whether exactly this was written there, to be put right."""
        where = (schema.copies.c.file == file, schema.copies.c.sha256 == sha256)
        return self._db.execute(select(schema.copies.c.file).where(*where)).first() is not None

    def kept_names(self) -> set[str]:
        """Every place a file is kept, casefolded, since Windows tells no capitals apart."""
        return {str(r[0]).casefold() for r in self._db.execute(select(schema.files.c.kept_as))}

    def _files(self, query: Any) -> tuple[Kept, ...]:
        return tuple(
            Kept(id=r.id, sha256=r.sha256, kept_sha256=r.kept_sha256, filed=r.filed, received=Received(
                file=r.dropped_as, kept_as=r.kept_as, outcome=r.outcome, return_id=r.return_id, version=r.version, received_at=r.received_at,
                problems=_load_problems(r.problems),
            )) for r in self._db.execute(query)
        )

    def versions(self, *, quarter: Quarter | None = None, return_id: str = "", before: Quarter | None = None, told: Sequence[str] = ()) -> tuple[Version, ...]:
        """Every version with its answers, by return and version; of one quarter or return, from before a quarter, or with one of these problems when asked."""
        query = select(schema.versions, schema.issues.c.issue).join(schema.issues, schema.issues.c.return_id == schema.versions.c.return_id)
        if quarter:
            query = query.where(schema.issues.c.quarter == str(quarter))
        if return_id:
            query = query.where(schema.versions.c.return_id == return_id)
        if before:
            query = query.where(schema.issues.c.quarter < str(before))
        if told:
            query = query.where(or_(*(schema.versions.c.problems.contains(f'"{code}"', autoescape=True) for code in told)))
        rows = self._db.execute(query.order_by(schema.versions.c.return_id, schema.versions.c.version))
        return tuple(
            Version(issue=Issue.model_validate_json(r.issue), version=r.version, outcome=r.outcome, received_at=r.received_at, file=r.file,
                    content=load_return(r.content), problems=_load_problems(r.problems)) for r in rows
        )

    def set_waiting(self, waiting: Iterable[Received]) -> None:
        """What still lies in the inbox, as the last pass saw it. It is a look, not a record: the journal does not tell of it."""
        known = {r.file: r.received for r in self._db.execute(select(schema.waiting))}
        wanted = {w.file: w.model_dump_json() for w in waiting}
        if known != wanted:
            self._db.execute(delete(schema.waiting))
            for file, received in wanted.items():
                self._db.execute(insert(schema.waiting).values(file=file, received=received))

    def waiting(self) -> tuple[Received, ...]:
        """What the last pass left in the inbox, drafts too."""
        return tuple(Received.model_validate_json(r.received) for r in self._db.execute(select(schema.waiting).order_by(schema.waiting.c.file)))


def nameless(received: Received) -> str:
    """What a dropped file is called once it is decided: as it is kept. Its sender's name for it may be a child's, and is forgotten with the drop."""
    assert received.kept_as is not None, "a decided file is kept"
    folders = PurePosixPath(received.file).parts[:-1]
    return str(PurePosixPath(*folders[:1]) / PurePosixPath(received.kept_as).name)


def _who(content: Return) -> str:
    answer = content.answers.get("completed_by")
    return (answer.code or answer.text.casefold()) if answer else ""


def _problems(problems: Iterable[Problem]) -> str:
    return json.dumps([p.model_dump() for p in problems], ensure_ascii=False)


def _load_problems(text: str) -> tuple[Problem, ...]:
    return tuple(Problem(**p) for p in json.loads(text))
