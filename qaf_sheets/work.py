"""One piece of work with the version it counts in and the form it was written in: what is moderated, fed back and filed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qaf_sheets.model import Answer, Form, Version
from qaf_sheets.register.store import Records
from qaf_sheets.rules import Piece, pieces


class Work(NamedTuple):
    """One piece of work that counts, and the form it was written in."""

    version: Version
    form: Form
    piece: Piece

    @property
    def id(self) -> str:
        """R-000012, or R-000012/2 for the second sheet of a return."""
        return f"{self.version.issue.return_id}{self.piece.key}"

    def said(self, part: str) -> Answer | None:
        """What plays a part in the piece."""
        question = self.form.part_of_piece(part)  # type: ignore[arg-type]  # one of the parts
        return self.piece.answers.get(question.id) if question else None

    @property
    def grade(self) -> str:
        """The reviewer's overall grade by its code."""
        answer = self.said("overall_grade")
        return answer.code if answer else ""


def works(records: Records, versions: Iterable[Version]) -> Iterator[Work]:
    """The pieces of work of versions that count, in the order they came."""
    for version in sorted(versions, key=lambda v: (v.received_at, v.issue.return_id)):
        if kept := records.issues.form(version.issue.form_version):
            yield from (Work(version, kept[0], piece) for piece in pieces(kept[0], version.content))
