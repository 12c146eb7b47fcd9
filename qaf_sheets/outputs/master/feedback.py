"""Feedback: who still owes what after their work, and every piece of work with the dates it has (section 13, 10.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qaf_sheets.look import Book
from qaf_sheets.model import Snapshot, Value
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Table, count, paint, table_page
from qaf_sheets.outputs.master.live import Live, counted, say, words
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

SHEET, BY_MANAGER = "Feedback given", "Feedback by manager"
KINDS = (
    ("Spoken", "verbal_on", "spoken feedback"), ("Written", "written_on", "written feedback"), ("Team manager told", "told_manager_on", "team manager"), ("In supervision", "in_supervision_on", "supervision"),
    ("On the child's file", "on_file_on", "child's file"), ("Findings shared", "shared_on", "findings shared"),
)  # fmt: skip
"""What may be owed after a piece of work: its heading, its column in the tracker, and how "Outstanding" calls it."""
OUTSTANDING = "!*"
COLUMNS = (
    Column("Piece of work", 16), Column("Activity", 26), Column("Reviewer", 26), Column("Outstanding", 44), *(Column(head, 14, "date") for head, _, _ in KINDS), Column("About", 26),
    Column("Team", 22), Column("Service area", 28), Column("Child", 12), Column("Done on", 13, "date"), Column("Note", 36),
)  # fmt: skip
Row = Mapping[str, Value]


def write_feedback_by_manager(book: Book, year: Year) -> None:
    """One row for each reviewer, who has most outstanding first."""
    rows = _rows(year.snapshot)
    people = sorted({str(r["reviewer"]) for r in rows}, key=lambda who: (-_missing(rows, who), who))
    columns = (
        Column("Reviewer", 28), Column("Pieces of work", 12, "number", _counting()), Column("With something outstanding", 16, "number", _counting(OUTSTANDING)),
        *(Column(head, 14, "number", _counting(f"*{word}*")) for head, _, word in KINDS),
    )  # fmt: skip
    cells: list[tuple[Cell, ...]] = [(who, _missing(rows, who, ""), _missing(rows, who), *(_missing(rows, who, word) for _, _, word in KINDS)) for who in people]
    late = Live(f"COUNTIFS(FeedbackBy[With something outstanding],{words('>0')})", sum(_missing(rows, who) > 0 for who in people))
    headline = say("{} something outstanding after their work.", counted(late, "reviewer has", "reviewers have")) if rows else NOTHING
    table_page(book, BY_MANAGER, f"{BY_MANAGER}: what is outstanding", headline, "Ask them for the dates, or enter them in the Actions tracker, on Feedback and file.", Table("FeedbackBy", columns, cells))


NOTHING = "Nothing has come back yet that feedback is owed on."


def write_feedback(book: Book, year: Year) -> None:
    """One row for each piece of work of the quarter, and each of earlier ones with something outstanding."""
    names, rows = Names(year.snapshot), _rows(year.snapshot)
    n = count("Feedback", sum(str(r["outstanding"]).startswith("!") for r in rows), {"Outstanding": OUTSTANDING})
    headline = say("{} something outstanding, of {}.", counted(n, "piece of work has", "pieces of work have"), Live("ROWS(Feedback[Piece of work])", len(rows))) if rows else NOTHING
    note = "Read here, change in the Actions tracker, on Feedback and file. Earlier quarters' work stays here while something is outstanding."
    sheet = table_page(book, SHEET, f"{SHEET}: after each piece of work", headline, note, Table("Feedback", COLUMNS, [_cells(r, names) for r in rows]))
    at = next(n for n, c in enumerate(COLUMNS) if c.head == "Outstanding")
    paint(book, sheet, HEAD_ROW + 1, at, HEAD_ROW + len(rows), at)


def _rows(snapshot: Snapshot) -> list[Row]:
    """By reviewer, what has something outstanding first."""
    now = {v.issue.return_id for v in snapshot.returns}
    shown = [r for piece, r in snapshot.feedback.items() if piece.partition("/")[0] in now or str(r["outstanding"]).startswith("!")]
    return sorted(shown, key=lambda r: (not str(r["outstanding"]).startswith("!"), str(r["reviewer"]), str(r["piece"])))


def _missing(rows: Iterable[Row], who: str, word: str = "!") -> int:
    """How many of somebody's pieces of work say this under Outstanding."""
    return sum(r["reviewer"] == who and word in str(r["outstanding"]) for r in rows)


def _counting(says: str = "") -> str:
    """The same as a formula over the table of the other sheet."""
    return "COUNTIFS(Feedback[Reviewer],[@Reviewer]" + (f",Feedback[Outstanding],{words(says)})" if says else ")")


def _cells(row: Row, names: Names) -> tuple[Cell, ...]:
    piece = str(row["piece"])
    link = names.reference(piece.partition("/")[0])
    return (
        link._replace(text=piece) if link else piece, row["activity"], row["reviewer"], row["outstanding"], *(row[column] for _, column, _ in KINDS), row["about"], row["team"],
        area_name(str(row["area"] or "")), row["child_id"], row["done_on"], row["note"],
    )  # fmt: skip
