"""What a reader of the DLT report must know of its numbers: what is counted, what is held back, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.model import Outcome
from qaf_sheets.outputs.documents.dlt_view import View
from qaf_sheets.outputs.documents.dlt_words import spelt
from qaf_sheets.outputs.documents.words import listed
from qaf_sheets.outputs.figures import SMALL, Figures
from qaf_sheets.problems import count

LEFT_OUT: dict[Outcome, str] = {
    "needs_fixing": "sent back to be put right", "held": "held for a decision", "conflict": "for a return that two people sent", "duplicate": "received again unchanged", "older_version": "older than what we hold",
    "draft": "not marked complete", "not_ours": "not one of our forms", "waiting": "still open on somebody’s screen",
}  # fmt: skip


def notes(view: View) -> list[str]:
    """One note a line."""
    return list(_notes(view))


def _notes(view: View) -> Iterator[str]:
    yield "Counting unit: returns, where nothing else is said. Grades count children; the dip sample counts children’s records; a child in two returns counts in each."
    yield f"A percentage is withheld where the total is under {spelt(SMALL) if SMALL < 10 else 'ten'}. Nothing is averaged, and no small team stands alone."
    yield "Only the newest accepted version of each return is counted and quoted. The reviewer’s own grade is never overwritten."
    yield _left_out(view.figures)
    yield "Children’s references are left out, and so are words that may name anybody. Staff stand by role and team."
    yield "Each number and each quote can be followed to its return, sheet and cell in the workbook of sources beside this report; it holds the quotes there was no room for."


def _left_out(figures: Figures) -> str:
    found = [f"{n} {words}" for outcome, words in LEFT_OUT.items() if (n := figures.files.get(outcome, 0))]
    every = sum(figures.files.values())
    if not every:
        return "No file has come in yet."
    return f"{count(every, 'file')} came in. Not counted: {listed(found)}." if found else f"{count(every, 'file')} came in, and none was set aside."
