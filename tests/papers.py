"""What the document tests share: the sample with a summary's own words in it, documents written from it, and how a person reads them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import kit
import sample
from docx import Document as Word

from qaf_sheets.model import Answer, Return, Snapshot, State, Value, Version
from qaf_sheets.outputs.documents import Document, Given, drafts
from qaf_sheets.outputs.figures import Shown, figures

TEMPLATES = Path(__file__).parent.parent / "templates"
FOLDER = "Reports/2026-27-Q3/Services"
AREA = "Help and Assessment"
HEAD = f"{FOLDER}/Head of Service summary - {AREA} - Q3 2026-27.docx"
OVERDUE = f"{FOLDER}/Head of Service summary - Early Help and Youth Justice - Q3 2026-27.docx"
DIRECTOR = f"{FOLDER}/Assistant Director summary - P001 - Q3 2026-27.docx"
COMPILED = f"{FOLDER}/Assistant Director compilation - P001 - Q3 2026-27.docx"
SERVICE = f"{FOLDER}/Service summary - {AREA} - Q3 2026-27.docx"
DLT = "Reports/2026-27-Q3/DLT/DLT report - Q3 2026-27.docx"
ROUT, SERV = "R-000101", "R-000105"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def shipped(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


def written(snapshot: Snapshot, template: Callable[[str], bytes] = shipped) -> dict[str, Document]:
    """Every Word document that is written; a refused one fails the test that asks for it."""
    made = {d.path: d.write(()) for d in drafts(Given(Shown(snapshot, figures(snapshot))), template, shipped) if d.path.endswith(".docx")}
    return {path: d for path, d in made.items() if not d.refused}


def refused(snapshot: Snapshot) -> dict[str, Document]:
    """The documents that may not be written, for what they hold."""
    made = {d.path: d.write(()) for d in drafts(Given(Shown(snapshot, figures(snapshot))), shipped, shipped)}
    return {path: d for path, d in made.items() if d.refused}


def opened(document: Document) -> Any:
    return Word(io.BytesIO(document.data))


def lines(document: Document) -> list[str]:
    """Every paragraph and cell in reading order, as a person reads them."""
    body = opened(document).element.body
    return ["".join(_words(p)) for p in body.iter(f"{W}p")]


def _words(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab"):
        yield {f"{W}br": "\n", f"{W}tab": "\t"}.get(node.tag, node.text or "")


def under(document: Document, heading: str) -> list[str]:
    """The paragraphs under a heading, up to the next one."""
    paragraphs = opened(document).paragraphs
    start = next(i for i, p in enumerate(paragraphs) if p.text == heading)
    after = (i for i, p in enumerate(paragraphs[start + 1 :], start + 1) if p.style.name.startswith("Heading"))
    return [p.text for p in paragraphs[start + 1 : next(after, len(paragraphs))]]


def table(document: Document, first_heading: str) -> list[list[str]]:
    found = next(t for t in opened(document).tables if t.rows[0].cells[0].text == first_heading)
    return [[c.text for c in row.cells] for row in found.rows[1:]]


def box(document: Document, heading: str = "What is missing") -> list[str]:
    """What a box says, without its heading; [] when the box is not there."""
    found = [t.rows[0].cells[0].paragraphs for t in opened(document).tables if t.rows[0].cells[0].paragraphs[0].text == heading]
    return [p.text for p in found[0][1:]] if found else []


def answer(value: Value, code: str = "") -> Answer:
    return Answer(value=value, sheet="Summary", cell="C9", code=code)


def said(snapshot: Snapshot, return_id: str, **answers: Value) -> Snapshot:
    """The sample with real forms, and one return that says this."""
    def changed(version: Version) -> Version:
        if version.issue.return_id != return_id:
            return version
        return version.model_copy(update={"content": Return(answers={k: answer(v) for k, v in answers.items()})})

    forms = {code: kit.form(code) for code in ("ROUT", "SERV", "OBS")}
    return snapshot.model_copy(update={"forms": forms, "returns": tuple(changed(v) for v in snapshot.returns)})


def in_state(snapshot: Snapshot, return_id: str, state: State) -> Snapshot:
    duties = tuple(d.model_copy(update={"state": state, "received_on": None}) if d.return_id == return_id else d for d in snapshot.duties)
    return snapshot.model_copy(update={"duties": duties, "returns": tuple(v for v in snapshot.returns if v.issue.return_id != return_id)})


NARRATIVE: Mapping[str, Value] = {
    "head_of_service": "Blair Inventley, Help and Assessment", "qa_period": "Q3 2026-27", "date_of_summary": date(2026, 12, 10),
    "activity": "I read twelve records.\n\nI chaired four panels.", "well": "Plans are clear.", "worried": "Contingency is thin.", "action_needed": "One thing.\nThen another.",
    "casework_decisions": "Decisions are timely.", "supervision_of_managers": "Monthly.", "chaired_meetings": "Four panels.", "ad_dcs_decisions": "Two placements.",
    "good_practice_examples": "A family plan on one page.", "areas_for_improvement": "Chronologies.", "child_voice": "Children asked for shorter meetings.",
    "ed_understanding": "Known.", "ed_response": "Patchy.", "ed_evaluation": "Partly evident", "completed_by": "Blair Inventley (P010)", "completed_on": date(2026, 12, 10),
    "shared_with_leadership_team_on": date(2026, 12, 14),
}  # fmt: skip


@cache
def full() -> dict[str, Document]:
    return written(said(said(sample.snapshot(), ROUT, **NARRATIVE), SERV, **{**NARRATIVE, "date_of_dlt": date(2027, 1, 27), "childrens_experiences": "Fewer moves."}))


def head(**answers: Value) -> Document:
    return alone(said(sample.snapshot(), ROUT, **answers), ROUT)[HEAD]


def service(**answers: Value) -> Document:
    return alone(said(sample.snapshot(), SERV, **answers), SERV)[SERVICE]


def alone(snapshot: Snapshot, return_id: str) -> dict[str, Document]:
    """The documents when one summary is all that is owed: much faster to write."""
    return written(snapshot.model_copy(update={"duties": tuple(d for d in snapshot.duties if d.return_id == return_id)}))
