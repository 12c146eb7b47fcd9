"""The compilation for one Assistant Director: each area's own words in three columns, numbers that are the figures', and nobody named."""

from __future__ import annotations

import re

import sample
from papers import AREA, COMPILED, NARRATIVE, ROUT, SERV, box, full, in_state, lines, opened, said, table, written

from qaf_sheets.model import Snapshot
from qaf_sheets.outputs.documents import Document
from qaf_sheets.outputs.figures import figures


def columns(document: Document) -> list[list[str]]:
    """What stands under the three columns, a table at a time."""
    found = (t for t in opened(document).tables if t.rows[0].cells[0].text == "What’s working well")
    return [[cell.text for cell in t.rows[1].cells] for t in found]


def compiled(snapshot: Snapshot) -> Document:
    only = tuple(d for d in snapshot.duties if d.obligation.activity in ("ROUT", "SERV"))
    return written(snapshot.model_copy(update={"duties": only}))[COMPILED]


def test_each_area_has_its_own_heading_and_the_three_columns_in_the_authors_words() -> None:
    headings = [p.text for p in opened(full()[COMPILED]).paragraphs if p.style.name == "Heading 1"]
    assert headings[-1] == "The Assistant Director’s own summary"
    at = headings.index(AREA)
    well, worried, needed = columns(full()[COMPILED])[at]
    assert well == f"Plans are clear. (Service summary, {SERV})\nPlans are clear. (Head of Service summary, {ROUT})"
    assert worried.startswith("Contingency is thin.")
    assert needed.startswith("One thing.\nThen another.")


def test_its_numbers_are_those_of_the_figures() -> None:
    rows = {row[0]: row[1:] for row in table(full()[COMPILED], "Service area")}
    counts = figures(sample.snapshot()).by_area[AREA].in_of_expected
    assert rows[AREA][0] == str(counts)
    assert any(re.search(r"\d+ actions?: ", row[3]) for row in rows.values())


def test_a_summary_that_is_not_in_is_told_at_the_top() -> None:
    assert any(line.startswith(f"{AREA}: Service summary. No return has been received. It was due on") for line in box(compiled(in_state(sample.snapshot(), SERV, "overdue"))))


def test_words_that_may_tell_who_somebody_is_are_held_back() -> None:
    told = compiled(said(sample.snapshot(), SERV, **{**NARRATIVE, "well": "Child 9300001 is safe."}))
    assert "9300001" not in "\n".join(lines(told))
    assert any("1 paragraph is held back" in cell for row in columns(told) for cell in row)


def test_it_names_nobody_but_the_assistant_director() -> None:
    text = "\n".join(lines(full()[COMPILED]))
    (director,) = (p.name for p in sample.PEOPLE if p.person_id == "P001")
    assert director in text
    assert not [p.name for p in sample.PEOPLE if p.name in text and p.name != director]


def test_none_where_no_summary_is_owed() -> None:
    quiet = sample.snapshot()
    assert COMPILED not in written(quiet.model_copy(update={"duties": tuple(d for d in quiet.duties if d.obligation.activity not in ("ROUT", "SERV"))}))
