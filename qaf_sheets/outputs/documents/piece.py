"""One piece of work as a document prints it: the form's own sections and labels, each with what was answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from qaf_sheets.model import Action, Answer, Form, Person, Question, Section, Version
from qaf_sheets.model.base import Part
from qaf_sheets.outputs.documents.head import head, newest
from qaf_sheets.outputs.documents.kinds import Given, Late
from qaf_sheets.outputs.documents.service import action_row
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import Typed, day, listed
from qaf_sheets.outputs.figures import current
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.people import match_person
from qaf_sheets.rules import Piece, pieces

BLANK, NO_NAME = "Left blank", "Not given"
NEVER = ("actions_any", "no_action_reason", "completed_by", "completed_on")
"""Asked for the form's own sake: the actions and who completed it stand at the end."""


class Subject(NamedTuple):
    """One piece of work of a return that counts."""

    version: Version
    form: Form
    piece: Piece


def subjects(given: Given, wanted: Callable[[Form], bool]) -> Iterator[Subject]:
    """Every piece of work of the quarter whose form is wanted, by reference; moderations are part of what they moderate."""
    for version in sorted(current(given.snapshot), key=lambda v: v.issue.return_id):
        form = given.snapshot.forms.get(version.issue.activity)
        if form and not version.issue.piece and wanted(form):
            yield from (Subject(version, form, piece) for piece in pieces(form, version.content))


class Work:
    """One piece of work being put into a document. `names` are those of whom a reader may learn: who did the work, whose it is, and their managers."""

    def __init__(self, given: Given, subject: Subject, *, leave_out: Collection[str] = (), children: bool = True) -> None:
        self.given, self.leave_out = given, (*NEVER, *leave_out)
        self.version, self.form, self.piece = subject
        self._children = children

    @cached_property
    def teller(self) -> Teller:
        """Shows words to those readers."""
        return Teller(self.given.plan, self.names, children=self._children)

    @property
    def id(self) -> str:
        """R-000012, or R-000012/2 for the second child's sheet."""
        return f"{self.version.issue.return_id}{self.piece.key}"

    @property
    def file_reference(self) -> str:
        """The same as a file may be called."""
        return self.id.replace("/", "-")

    @cached_property
    def graded(self) -> Graded | None:
        """Its grades and its moderation, where it has any."""
        return next((g for g in self.given.figures.work if g.id == self.id), None)

    @cached_property
    def moderation(self) -> Version | None:
        """The return that moderated it."""
        return self.graded.moderation if self.graded else None

    @cached_property
    def names(self) -> list[str]:
        """Everybody whom the form names in a box for a person, and their managers, with the moderator."""
        asked = {q.id for q in self._questions if q.kind == "person"}
        said = [a.text for field, a in self.piece.answers.items() if field in asked and a.text]
        moderator = self.moderation.content.text("mod_by") if self.moderation else ""
        people = [p for text in (*said, moderator) if (p := match_person(text, self.given.plan.people))]
        managers = [m for p in people if (m := self.given.plan.person(p.line_manager_id or ""))]
        return sorted({p.name for p in (*people, *managers)} | {self.version.issue.person_name})

    @property
    def _questions(self) -> tuple[Question, ...]:
        return (*self.form.fields, *(self.form.pieces.columns if self.form.pieces else ()))

    def person(self, part: Part) -> Person | None:
        """Who plays a part in the work, where the plan knows them."""
        asked = self.form.part_of_piece(part)
        return match_person(self.piece.answers[asked.id].text, self.given.plan.people) if asked and asked.id in self.piece.answers else None

    def words(self, field: str, version: Version | None = None) -> list[str]:
        """An answer by paragraph; in the place of one that may name somebody else, that it is held back."""
        source = version or self.version.model_copy(update={"content": self.version.content.model_copy(update={"answers": self.piece.answers})})
        return list(self.teller.words(source, field))

    def text(self, field: str) -> str:
        """A short answer."""
        return self.piece.answers[field].text if field in self.piece.answers else ""

    def sections(self) -> list[dict[str, Any]]:
        """Every section with an answer: its title, whether anything in it is graded, and its rows."""
        table = self.form.pieces
        every: Sequence[Section] = (*self.form.sections, *(table.sections if table else ()))
        return [{"title": s.title, "graded": any(r["grade"] for r in rows), "rows": rows} for s in every if (rows := list(self._rows(s)))]

    def _rows(self, section: Section) -> Iterator[dict[str, Any]]:
        beside = {q.beside: q for q in section.fields if q.beside}
        for asked in section.fields:
            if not asked.beside and not any(asked.id.startswith(name) for name in self.leave_out) and (answer := self._answer(asked)) is not None:
                grade = beside.get(asked.id)
                yield {"label": _label(asked, section), "answer": answer, "grade": self._choice(grade) if grade else ""}

    def _answer(self, asked: Question) -> object:
        """What stands there; None where nothing had to be written and nothing was."""
        if asked.withheld:
            return Late(f"{self.id} v{self.version.version}", lambda: self.given.child_name(self.version, self.piece.key) or NO_NAME)
        answer = self.piece.answers.get(asked.id)
        if answer is None or not answer.text:
            return BLANK if asked.required and asked.when is None else None
        if asked.kind in ("long", "text"):
            return Typed("\n".join(self.words(asked.id)))
        return self._choice(asked) if asked.options else _said(answer)

    def _choice(self, asked: Question) -> str:
        answer = self.piece.answers.get(asked.id)
        return asked.option_text(answer.code or answer.text) if answer and answer.text else BLANK

    def actions(self) -> list[Action]:
        """The actions that were set for this child, or for all of the return's."""
        child = self.form.part_of_piece("child")
        mine = self.piece.answers[child.id].reference if child and child.id in self.piece.answers else ""
        return [a for a in self.given.snapshot.actions if a.return_id == self.version.issue.return_id and (not self.piece.key or a.child_id in ("", mine))]

    def action_rows(self) -> list[dict[str, str]]:
        """What is to be done, by whom and by when; where it stands is the tracker's to say."""
        today = self.given.snapshot.as_at.date()
        return [action_row(self.given.plan, a, today, self.teller) for a in self.actions()]

    def done_on(self) -> str:
        """The day of the work in full, or '' where it was not given."""
        asked = self.form.work_day
        answer = self.piece.answers.get(asked.id) if asked else None
        return day(answer.value) if answer and isinstance(answer.value, date) else ""

    def where_moderation_stands(self) -> str:
        """Whether the grade is final."""
        if not self.form.moderated:
            return ""
        if self.moderation and self.graded:
            return f"Moderated: the grade is {self.graded.final_words}."
        asked = any(issue.piece == self.id for issue in self.given.snapshot.moderations)
        return "Not yet moderated: the grade is the reviewer’s own." if asked else "Not chosen for moderation: the grade is the reviewer’s own."

    def head(self, title: str, short: str, draft: str) -> dict[str, Any]:
        """What every template may use."""
        issue = self.version.issue
        sheets = list(dict.fromkeys(a.sheet for a in self.piece.answers.values()))
        return {
            **head(self.given.snapshot, title, f"{short}, {self.id}", newest(filter(None, [self.version, self.moderation])), draft), "activity": self.form.title, "reference": self.id, "may_name": self.names, "done_on": self.done_on(),
            "source": f"From return {issue.return_id}, version {self.version.version}, received on {day(self.version.received_at.date())}: {'sheet' if len(sheets) == 1 else 'sheets'} {listed(sheets)}.",
        }  # fmt: skip


def _label(asked: Question, section: Section) -> str:
    """The framework's words; where a section asks two things in the same words, what tells them apart."""
    twice = sum(q.label == asked.label for q in section.fields) > 1
    return asked.short or asked.label if twice else asked.label


def _said(answer: Answer) -> str:
    return day(answer.value) if isinstance(answer.value, date) else Typed(answer.text)
