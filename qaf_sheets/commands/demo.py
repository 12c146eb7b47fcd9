"""`demo`: a whole fictional council quarter, from the plan to every output, and what to open at the end."""

from __future__ import annotations

from pathlib import Path

from qaf_sheets.commands.ingest import Pass
from qaf_sheets.commands.say import OUTCOMES, bar, out, say_json, say_table
from qaf_sheets.demo.story import Story
from qaf_sheets.error_handler import UsageError
from qaf_sheets.workspace import MARK

OPEN = (
    ("A reviewer", "{example}", "a case review as it is handed out, about one child"),
    ("A manager whose return needs fixing", "Needs fixing", "the copy to put right, cell by cell"),
    ("The QA unit", "Status.html", "what is in, what is not, what waits for a person"),
    ("The Assistant Director", "QA master.xlsx", "the quarter on one page, and every answer behind it"),
    ("The Principal Social Worker", "Actions tracker.xlsx", "every action; edit the yellow cells and save"),
    ("The Director and the leadership team", "Reports/2026-27-Q3/DLT", "the quarter's report, drafted in Word"),
    ("A Head of Service", "Reports/2026-27-Q3/Services", "Appendix 1 and 2, drafted in Word"),
    ("The lead member and Scrutiny", "Reports/2026-27-Q3/Governance", "papers with small numbers hidden, to sign off"),
    ("A social worker", "Reports/2026-27-Q3/Staff feedback", "written feedback, in a folder for each person"),
    ("Whoever sets it up", "QA plan.xlsx", "people, teams, dates and rules"),
)


def demo(directory: str, state: str | None, json: bool, seed: int) -> int:  # noqa: FBT001 - a command line switch
    """Make it in an empty folder; the same seed makes the same quarter."""
    root = Path(directory)
    if (root / MARK).exists() or (root.exists() and any(root.iterdir())):
        raise UsageError(f"{root} is not empty. Name a new folder: qaf-sheets demo DIR.")
    story = Story(root, Path(state) if state else root / ".qaf", seed)
    told = story.run(lambda at: Pass(at, pause=lambda _: None), lambda step, pieces: bar(step)(pieces))
    if json:
        say_json({"workspace": root.as_posix(), "issued": told.issued, "outcomes": told.outcomes, "outputs": told.outputs})
        return 0
    console = out()
    console.print(f"Marlbrook Borough Council (fictional), Q3 2026-27, as at 15 January 2027. {told.issued} workbooks issued.")
    console.print("What came back: " + ", ".join(f"{n} {OUTCOMES[what]}" for what, n in told.outcomes.items()) + ".")
    there = [(who, place, why) for who, what, why in OPEN if (root / (place := what.format(example=told.example))).exists()]
    say_table(f"Now open, in {root}", ("As", "Open", "To see"), there)
    console.print(f"Then look closer: qaf-sheets status --quarter 2026-27-Q3 --workspace \"{root}\"", markup=False)
    return 0
