"""What a reader of the DLT report must know of its numbers: what is counted, what is held back, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.model import Outcome, Snapshot
from qaf_sheets.outputs.documents.dlt_tables import FEWEST, team_rows
from qaf_sheets.outputs.documents.dlt_words import low, spelt
from qaf_sheets.outputs.documents.words import listed
from qaf_sheets.outputs.figures import SMALL, Figures
from qaf_sheets.problems import count

LEFT_OUT: dict[Outcome, str] = {
    "needs_fixing": "sent back to be put right", "held": "held for a decision", "conflict": "for a return that two people sent", "duplicate": "received again unchanged", "older_version": "older than what we hold",
    "draft": "not marked complete", "not_ours": "not one of our forms", "waiting": "still open on somebody’s screen",
}  # fmt: skip


def notes(snapshot: Snapshot, figures: Figures) -> list[str]:
    """One note a line."""
    return list(_notes(snapshot, figures))


def _notes(snapshot: Snapshot, figures: Figures) -> Iterator[str]:
    yield "Counting unit: returns, where nothing else is said. One person owes one activity by one date. Grades count children; the dip sample counts children’s records; a child in two returns counts in each."
    yield f"A percentage is withheld where the total is under {spelt(SMALL) if SMALL < 10 else 'ten'}. Nothing is averaged."
    yield "Only the newest accepted version of each return is counted and quoted. Grades are final: the moderator’s where there is one. The reviewer’s own is never overwritten."
    yield _left_out(figures)
    if figures.grades.final and not team_rows(snapshot, figures):
        yield f"No team had {spelt(FEWEST)} or more graded pieces of work, so grades are not shown by team."
    yield "Children’s names and IDs are left out, and so is every quote that holds a name of staff or what looks like a child’s reference. Staff stand by role and team."
    yield f"Covered: {listed([low(form.plural) for form in snapshot.forms.values()])}. Earlier quarters are not compared here."


def _left_out(figures: Figures) -> str:
    found = [f"{n} {words}" for outcome, words in LEFT_OUT.items() if (n := figures.files.get(outcome, 0))]
    every = sum(figures.files.values())
    if not every:
        return "No file has come in yet."
    return f"{count(every, 'file')} came in. Not counted: {listed(found)}." if found else f"{count(every, 'file')} came in, and none was set aside."
