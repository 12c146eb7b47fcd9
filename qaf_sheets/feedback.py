"""What happens after each piece of work: feedback given, discussed, on the child's file, shared (section 13, 10.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from qaf_sheets.facts import named
from qaf_sheets.model import Form, Plan, Problem, Value, Version
from qaf_sheets.problems import problem
from qaf_sheets.register.store import Records
from qaf_sheets.rules import worked_on
from qaf_sheets.tracker.merge import Merged
from qaf_sheets.tracker.states import AFTER, outstanding
from qaf_sheets.tracker.tables import FEEDBACK
from qaf_sheets.work import Work, works

SAID: Mapping[str, tuple[str, ...]] = {
    "verbal_on": ("fb_verbal_on",), "written_on": ("fb_written_on",), "told_manager_on": ("discussed_with_tm_on", "fb_tm_on"),
    "in_supervision_on": ("supervision_discussion_on", "recorded_in_supervision_on"), "on_file_on": ("placed_on_file_on",), "shared_on": (),
}  # fmt: skip
"""The questions of a form that may say already what happened, by the tracker's columns."""


def rows(records: Records, plan: Plan, versions: Iterable[Version]) -> dict[str, dict[str, Value]]:
    """Piece of work → its row: what the return says, and over it what people wrote. `versions` are the ones that count."""
    written = records.entries.of(FEEDBACK.id)
    return {piece: {**row, **written.get(piece, {})} for piece, row in _said(records, plan, versions).items()}


def standing(records: Records, plan: Plan, versions: Iterable[Version], today: date) -> dict[str, dict[str, Value]]:
    """The same rows with what is outstanding in words, as outputs show them."""
    return {piece: {**row, "outstanding": outstanding(row, today)} for piece, row in rows(records, plan, versions).items()}


def remarks(rows: Mapping[str, Mapping[str, Value]]) -> Iterator[Problem]:
    """What cannot have happened yet: dated before the work it is about (specification 10, case 59)."""
    for piece, row in rows.items():
        done = row["done_on"]
        for name, label, _ in AFTER:
            said = row[name]
            if isinstance(done, date) and isinstance(said, date) and said < done:
                yield problem("DATED_BEFORE_WORK", sheet=FEEDBACK.sheet, label=label, row=piece, value=f"{said:%d/%m/%Y}", done=f"{done:%d/%m/%Y}")


def take(records: Records, plan: Plan, versions: Iterable[Version], merged: Merged) -> None:
    """Keep what people wrote. What they wrote where the return says nothing and cleared again is forgotten, so that the return may still say it."""
    written, said = records.entries.of(FEEDBACK.id), _said(records, plan, versions)
    for piece in dict.fromkeys(e.row for e in merged.edits):
        now = {**written.get(piece, {}), **{e.column: e.after for e in merged.edits if e.row == piece}}
        records.entries.put(FEEDBACK.id, piece, {name: value for name, value in now.items() if value is not None or said[piece][name] is not None})


def _said(records: Records, plan: Plan, versions: Iterable[Version]) -> dict[str, dict[str, Value]]:
    """Piece of work → its row as the return says it."""
    return {w.id: as_returned(w, plan) for w in works(records, versions) if w.form.feedback or w.form.on_file}


def as_returned(work: Work, plan: Plan) -> dict[str, Value]:
    """One piece of work's row as its return says it."""
    issue, answers = work.version.issue, work.piece.answers
    child = work.said("child")
    listed = plan.child(child.reference) if child else None
    team = _words(work, "team") or (listed.team if listed else "") or issue.team
    area = next((t.service_area for t in plan.teams if t.team == team), issue.service_area)
    said = {name: next((a.value for q in asked if (a := answers.get(q)) and a.text), None) for name, asked in SAID.items()}
    return {
        "piece": work.id, "activity": work.form.title, "about": _words(work, "case_holder") or _words(work, "seen"), **said, "note": None,
        "expected": ", ".join(expected(work.form)), "reviewer": _reviewer(work, plan), "team": team, "area": area,
        "child_id": child.reference if child else None, "done_on": worked_on(work.form, work.version.content),
    }  # fmt: skip


def _reviewer(work: Work, plan: Plan) -> str:
    """Who did the work, written in one way whoever wrote it down."""
    said, issue = work.said("reviewer"), work.version.issue
    person = plan.person(said.code if said and said.text else issue.person_id)
    return named(person) if person else (said.text if said else "") or issue.person_name


def _words(work: Work, part: str) -> str:
    answer = work.said(part)
    return answer.text if answer else ""


def expected(form: Form) -> tuple[str, ...]:
    """What the framework asks for after a piece of this work, as the tracker calls it (section 13, 10.3; 6.4; 7.4; Appendix 4)."""
    asked = {q.id for q in form.fields} | {c.id for c in (form.pieces.columns if form.pieces else ())}
    wanted = {
        "verbal_on": bool(form.feedback), "written_on": bool(form.feedback), "told_manager_on": bool(asked & set(SAID["told_manager_on"])),
        "in_supervision_on": form.on_file or bool(asked & set(SAID["in_supervision_on"])), "on_file_on": form.on_file, "shared_on": form.moderated,
    }  # fmt: skip
    return tuple(word for name, _, word in AFTER if wanted[name])
