"""Data notes: every file that came, what was found in it, what was put right; and the words and counting units used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from qaf_sheets.look import Book, grade_words
from qaf_sheets.model import Problem, Received, Snapshot
from qaf_sheets.outputs.figures import Figures
from qaf_sheets.outputs.master.kit import Cell, Column, Link, Table, table_page
from qaf_sheets.outputs.master.words import OUTCOMES, withheld_fields
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count

LEVELS = {"E": "Must be put right", "W": "Please note", "I": "For information"}
WAITS = "A file in Return here"
ISSUED = re.compile(r"Q[1-4] \d{4}-\d\d - \w+ - [\w-]+ - R-\d{6,}\.xlsx")
"""A name as we gave it; any other is its sender's own, who may have named the file after a child."""
UNSAID = "What was found is not shown: the answer names a child. It is in the received file."
COLUMNS = (
    Column("File", 42), Column("What happened", 27, "state"), Column("Kind of note", 19), Column("What was found", 60), Column("Question", 32),
    Column("Received on", 14, "date"), Column("Return", 14), Column("Version", 12, "number"), Column("Sheet", 18), Column("Cell", 12),
)
DEFINITIONS = (
    ("Return due", "One person owes one activity by one date. Each is a row of People due.", "Returns due", ""),
    ("Expected", "Returned, awaiting, needs fixing, held and overdue together. Exempt and not required are left out.", "Returns due", ""),
    ("Returned", "A form came back and was read without anything to put right, or “nothing to report” was agreed.", "Returns due", ""),
    ("On time", "The first version that counts came on or before the due date.", "Returns due", ""),
    ("Late", "The first version that counts came after the due date.", "Returns due", ""),
    ("Awaiting", "Not in yet, and the due date has not passed.", "Returns due", ""),
    ("Needs fixing", "It came back, and its owner has been told what to put right.", "Returns due", ""),
    ("Held", "It came back, and a person must decide: two people returned it, or it came after the quarter closed.", "Returns due", ""),
    ("Overdue", "Not in, and the due date has passed.", "Returns due", ""),
    ("Exempt, not required", "The QA unit has said that it need not come back. Outside expected.", "Returns due", ""),
    ("Waiting", "A file in “Return here” that cannot be read yet, because it is open or still being saved.", "Files", ""),
    ("Version", "Each different set of answers for a return. The newest one that was accepted counts; earlier ones are kept.", "Versions", ""),
    ("Action overdue", "Not finished, and its due date (the revised one where there is one) is before the as-at day.", "Actions", "Section 13, 10.3"),
    ("Action finished", "Done, checked, verified, closed or not needed.", "Actions", "Section 13, 10.3"),
    ("Immediate concern", "A return said that a child may not be safe now. Only the reference and the team are shown here. Open until its outcome is recorded in the tracker.", "Children", ""),
    ("Graded", "Work that was given a grade. “Not applicable” is not a grade and is left out.", "Pieces of work", "Appendix 4"),
    ("Final grade", "The moderator's grade where there is one, otherwise the reviewer's own.", "Pieces of work", "Appendix 4"),
    ("{Good} or better", "{Outstanding} and {Good} together, of those graded.", "Pieces of work", ""),
    ("Team and area of the child", "From the Children sheet of the plan; the reviewer's own where the child is not there.", "Pieces of work", ""),
    ("Moderation agreed, moved up, moved down", "The moderator gave the same grade as the reviewer, a better one, or a lower one.", "Moderated pieces of work", "Section 8, 5.4"),
    ("Trend", "The same number in up to eight quarters. Quarters before the service counted stand on the plan's sheet Earlier quarters. Up and down are said from 10 upwards.", "Returns due, pieces of work", ""),
    ("To be reviewed again", "The final grade is {Inadequate}, or {RI} bordering {Good}, as the plan's setting says. The newest work of the quarter counts.", "Children", "Appendix 4"),
    ("Theme that keeps coming up", "Among the five most frequent of this quarter and of the one before, in at least two returns of each, and no theme looks at it yet.", "Returns", "Section 13, 10.5"),
    ("Views heard", "The child, a parent or carer, or both said what they think before the conversation.", "Reviews", "Section 9, 8.2"),
    ("Request answered", "Children who asked for it were told the answer, or it is done, kept or not possible.", "Requests", "Section 10, 10.4"),
    ("Theme's question on voice", "A graded question of a theme that asks what the child said, felt or lives like.", "Children", "Section 8, 5.3"),
    ("Once a year", "Everybody who is to be observed, and every supervisor whose supervision is to be audited. Each person counts once.", "People", "Section 6, 6.4; Section 7, 7.2"),
    ("Asked by then", "A quarter of the people by the end of each quarter, so all by the end of the year.", "People", "Section 6, 6.4"),
    ("Turn counted by hand", "The person's turn was before this service. The plan says how many were seen then, not who.", "People", ""),
    ("Spoken of most", "Subjects of the plan's list theme_codes that at least two returns speak of, found by keyword. No judgement.", "Returns", "Section 6, 6.7"),
    ("Yes, of those that apply", "Yes, of Yes, Partly and No together. “Not applicable” is left out.", "Files or children's rows", ""),
    ("ASYE dip", "One newly qualified worker's supervision, looked at in one month.", "Supervision files", "Appendix 6"),
    ("Practitioner's comment", "What the practitioner said about the work that was looked at, on the form itself.", "Pieces of work", "Section 11, 11.2 (first)"),
    ("Worry, strength, raised", "The direction in which a return speaks of a theme: by its question or the grade beside it; raised where neither says. Actions count as worries.", "Returns, by source and direction", "Section 13, 10.5"),
    ("Theme suggested, confirmed", "Suggested: a keyword of the plan's list theme_codes was found. Confirmed: the QA unit said so on the tracker's Decisions sheet.", "Themes of a quarter", "Section 13, 10.5"),
    ("Equality: asked, answered, short", "Asked: wherever the three questions stand. Answered: all three. Short: an answer in words has fewer characters than the plan's setting says. Not a grade.", "Returns, or children's sheets", "Section 1, 1.6"),
    ("Different children", "Each child counts once, however many returns they stand in.", "Children", "Section 5, 5.1"),
    ("Check met, not met", "The framework's minimum is reached; or it is not, and no more returns can come in time.", "As each check says", ""),
    ("Check too early", "Not reached yet, but returns may still come in time, or nothing is due yet.", "As each check says", ""),
    ("Share", "“5 of 8”. A percentage is given only from 10 upwards. Nothing is averaged.", "As each heading says", ""),
    ("Not shown", "Children's names, and answers kept for the child's own record. They stand only in the received file.", "", ""),
)


def write_data_notes(book: Book, year: Year) -> None:
    """One row for each file and each thing found in it, the newest first; then what the service put right."""
    snapshot, figures = year.now
    secret = _Secret(snapshot)
    files = sorted((*snapshot.waiting, *snapshot.files), key=lambda f: f.received_at, reverse=True)
    rows = [row for file in files for row in _file_rows(file, secret)]
    rows += [_row("–", "– Put right by us", None, p, secret) for p in snapshot.notes]
    note = "One row for each file and each thing found in it. A file's name opens it as it was received."
    table_page(book, "Data notes", "Data notes: what came in and what was found", _headline(figures), note, Table("DataNotes", COLUMNS, rows))


def write_definitions(book: Book, year: Year) -> None:
    """The words of this workbook and what each number counts."""
    columns = (Column("Word", 24), Column("What it means here", 60), Column("Counted in", 22), Column("Clause", 20))
    rows = [tuple(text.format(**grade_words(year.plan)) for text in row) for row in DEFINITIONS]
    table_page(book, "Definitions", "Definitions: what each number counts", "The same words mean the same thing on every sheet and in every report.", "", Table("Definitions", columns, rows))


def _headline(figures: Figures) -> str:
    total = sum(figures.files.values())
    parts = (f"{OUTCOMES[outcome][2].lower()}{OUTCOMES[outcome][3:]} {n}" for outcome, n in figures.files.items())
    return f"{count(total, 'file')} came: {', '.join(parts)}." if total else "No file has come in yet."


class _Secret:
    """Keeps withheld answers out of the words of a problem."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.fields = withheld_fields(snapshot.returns)
        contents = [v.content for v in snapshot.returns]
        answers = (a for c in contents for row in (c.answers, *(r for rows in c.rows.values() for r in rows)) for k, a in row.items() if k in self.fields)
        self.texts = {a.text for a in answers if len(a.text) > 2}

    def message(self, problem: Problem) -> str:
        told = problem.field in self.fields or any(text in problem.message for text in self.texts)
        return UNSAID if told else problem.message


def _file_rows(file: Received, secret: _Secret) -> Iterator[tuple[Cell, ...]]:
    called = PurePosixPath(file.kept_as or file.file).name
    own = not file.kept_as and not ISSUED.fullmatch(called)
    link: Cell = WAITS if own else Link(called, file=file.kept_as or "")
    for problem in file.problems or (None,):
        told = problem.model_copy(update={"message": _unnamed(problem.message, called)}) if problem and own else problem
        yield _row(link, OUTCOMES[file.outcome], file, told, secret)


def _unnamed(message: str, called: str) -> str:
    """A sentence about a file, without what its sender called it."""
    said = message.replace(f"'{called}'", "a file")
    return said[:1].upper() + said[1:]


def _row(name: Cell, happened: str, file: Received | None, problem: Problem | None, secret: _Secret) -> tuple[Cell, ...]:
    found = (LEVELS[problem.level], secret.message(problem), problem.label) if problem else (None, None, None)
    of = (file.received_at.date(), file.return_id, file.version) if file else (None, None, None)
    return (name, happened, *found, *of, *((problem.sheet, problem.cell) if problem else (None, None)))
