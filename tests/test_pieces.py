"""The papers about one piece of work: the child's own record, the feedback to the practitioner, the record of an observation. Everybody in them is invented."""

from __future__ import annotations

from pathlib import Path

import graded
import pytest
import sample
from conftest import Run
from desk_kit import PROSE, Handed
from papers import lines, opened, refused, shipped, table, under, written

from qaf_sheets.model import Action, Snapshot, Value
from qaf_sheets.outputs.documents import Document, Given, drafts
from qaf_sheets.outputs.figures import Shown, figures

Q = "Reports/2026-27-Q3"
RECORD = f"{Q}/Child records/Child record - CCR - R-000001.docx"
NAME = "Quillan Notarealname"


def of(snapshot: Snapshot, folder: str) -> dict[str, Document]:
    """The papers in one folder, by file name; nothing else is written."""
    every = drafts(Given(Shown(snapshot, figures(snapshot)), child_name=lambda version, key: f"{NAME}{key}"), shipped, shipped)
    return {d.path.removeprefix(f"{Q}/{folder}/"): d.write(()) for d in every if d.path.startswith(f"{Q}/{folder}/")}


def records(**said: Value) -> dict[str, Document]:
    return of(graded.answering(graded.snapshot(), "CCR", **said) if said else graded.snapshot(), "Child records")


def record(**said: Value) -> Document:
    return records(**said)["Child record - CCR - R-000001.docx"]


def letter(**said: Value) -> Document:
    seen = graded.answering(graded.snapshot(), "CCR", sw_pa="Devon Fictionby (P016)", who_reviewed="Avery Exampleworth (P010)", **said)
    found = {p.rpartition("/")[2]: d for p, d in of(seen, "Staff feedback").items()}
    return found["Feedback - CCR - R-000001.docx"]


def told(document: Document) -> str:
    return "\n".join(lines(document))


# ---------------------------------------------------------------- the child's own record


def test_one_record_for_each_child_called_by_reference_alone() -> None:
    assert sorted(records()) == [f"Child record - CCR - R-00000{n}.docx" for n in range(1, 5)]


def test_it_prints_the_form_with_the_childs_name_and_the_grade_beside_what_was_found() -> None:
    document = record(planning="The plan is the family’s own.")
    assert ["Child / young person's Name", NAME] in table(document, "Question")
    graded_rows = next([[c.text for c in row.cells] for row in t.rows] for t in opened(document).tables if t.rows[0].cells[1].text == "What was found")
    assert ["Planning", "The plan is the family’s own.", "Inadequate"] in graded_rows


def test_the_name_is_not_kept_with_the_words_that_later_drafts_are_compared_with() -> None:
    document = record()
    assert NAME in told(document)
    assert NAME not in "\n".join(line.text for line in document.lines)


def test_a_name_that_was_taken_out_is_said_to_be_missing() -> None:
    seen = graded.snapshot()
    (document,) = [d.write(()) for d in drafts(Given(Shown(seen, figures(seen))), shipped, shipped) if d.path == RECORD]
    assert ["Child / young person's Name", "Not given"] in table(document, "Question")


def test_the_moderation_stands_in_it_without_a_word_about_the_reviewer() -> None:
    document = record()
    assert "Moderated: the grade is Good." in told(document)
    assert "The grade fits what was written about the child and the plan." in under_tables(document)
    assert not [words for words in ("How well does the reviewer understand", "What did the review focus on") if words in told(document)]
    other = records()["Child record - CCR - R-000003.docx"]
    assert "No moderation has been received." in told(other)


def test_nothing_of_how_the_worker_does_or_was_told_goes_on_the_childs_file() -> None:
    document = record(fb_practitioner_comments="The worker felt heard.", observation_note="The worker rushed.", observation_done="Yes")
    assert "The worker felt heard." not in told(document)
    assert "The worker rushed." not in told(document)


def test_words_that_name_somebody_else_are_held_back_and_say_where_they_stand() -> None:
    document = record(pen_picture="Blake Placeholder rang.\n\nThe child likes school.", assessment="Born on 3 May 2014.")
    assert not document.refused
    assert "Blake Placeholder" not in told(document)
    assert "The child likes school." in told(document)
    assert "3 May 2014" not in told(document)
    assert told(document).count("held back") == 2


@pytest.mark.parametrize("text", ["{{ 7*7 }} <&> </w:t> {% x %}", "أهلا بالعالم, שלום", "👩‍👧 drew a house", "=cmd|' /C calc'!A0", "x" * 32_000], ids=lambda t: t[:8])
def test_text_comes_out_as_it_was_typed(text: str) -> None:
    assert text in told(record(pen_picture=text))
    assert text in told(letter(went_well=text))


def test_what_had_to_be_answered_and_was_not_says_so() -> None:
    assert ["Rationale", "Left blank"] in [row[:2] for row in rows(record(rationale=None))]


def under_tables(document: Document) -> list[str]:
    return [c.text for t in opened(document).tables for row in t.rows for c in row.cells]


def rows(document: Document) -> list[list[str]]:
    """Every row of every table."""
    return [[c.text for c in row.cells] for t in opened(document).tables for row in t.rows]


def test_actions_of_the_child_stand_in_it_by_role() -> None:
    mine = Action(action_id="ACT-1", return_id="R-000001", quarter="2026-27-Q3", child_id="9300001", cells={"action_text": "Write the plan with the family", "owner": "Devon Fictionby (P016)"})
    other = mine.model_copy(update={"action_id": "ACT-2", "return_id": "R-000002"})
    seen = graded.snapshot().model_copy(update={"actions": (mine, other)})
    set_for = [r for r in rows(of(seen, "Child records")["Child record - CCR - R-000001.docx"]) if r[0].startswith("ACT")]
    assert [r[0] for r in set_for] == ["ACT-1"]
    assert "Principal Social Worker" in set_for[0][2]


def test_the_name_comes_from_the_received_file_and_stands_nowhere_else(council: Path, run: Run) -> None:
    one = Handed(council, "CCR")
    one.drop(one.filled(one.complete(child_name=NAME, pen_picture=f"{NAME} likes school.")))
    run("ingest", "--workspace", council)
    (path,) = (council / Q / "Child records").iterdir()
    assert NAME not in path.name
    record = Document(path.read_bytes(), ())
    assert NAME in told(record)
    assert told(record).count(NAME) == 1, "once, in its own box"
    run("build", "--workspace", council)
    before = path.read_bytes()
    run("build", "--workspace", council)
    assert path.read_bytes() == before


# ---------------------------------------------------------------- feedback


def test_the_letter_has_strengths_worries_what_is_needed_and_the_final_grade() -> None:
    document = letter(went_well="Visits have a purpose.", further_improvement="Write down why.", rationale="Sound and steady.")
    assert under(document, "What is going well: areas of strength") == ["Visits have a purpose."]
    assert under(document, "What we are worried about: areas for development") == ["Write down why."]
    assert under(document, "Grade") == ["Good, after moderation.", "Sound and steady."]
    assert under_tables(document)[:2] == ["To", "Devon Fictionby"]


def test_the_letter_speaks_of_that_piece_of_work_alone() -> None:
    said = told(letter(went_well="Visits have a purpose."))
    assert "9300001" in said
    assert not [c for c in ("9300002", "9300003", "9300004", NAME) if c in said]


def test_a_review_that_was_not_moderated_says_whose_grade_it_is() -> None:
    seen = graded.answering(graded.snapshot(), "CCR", sw_pa="Devon Fictionby (P016)")
    found = {p.rpartition("/")[2]: d for p, d in of(seen, "Staff feedback").items()}
    assert under(found["Feedback - CCR - R-000003.docx"], "Grade")[0].startswith("Inadequate. Not chosen for moderation")


def test_each_person_has_a_folder_of_their_own() -> None:
    seen = graded.answering(graded.snapshot(), "CCR", sw_pa="Devon Fictionby (P016)")
    assert {p.partition("/")[0] for p in of(seen, "Staff feedback")} == {"P016"}
    assert {p.partition("/")[0] for p in of(graded.answering(seen, "CCR", sw_pa="Somebody Unknown"), "Staff feedback")} == {"Not in the plan"}


# ---------------------------------------------------------------- observations


def test_an_observation_record_has_the_forms_words_and_never_a_grade(council: Path, run: Run) -> None:
    one = Handed(council, "OBS")
    one.drop(one.filled(one.complete(strengths="The visit had a purpose, and good humour.", areas_for_development=PROSE)))
    run("ingest", "--workspace", council)
    (path,) = (p for p in (council / Q / "Staff feedback").rglob("Observation - OBS - *.docx"))
    document = Document(path.read_bytes(), ())
    assert path.parent.name == one.issue.about
    assert ["Identified Strengths", "The visit had a purpose, and good humour."] in rows(document)
    assert "not to make judgements about the practice" in told(document)
    assert "immediate concern" not in told(document)


def test_an_observation_that_was_graded_goes_back_and_has_no_record(council: Path, run: Run) -> None:
    one = Handed(council, "OBS")
    one.drop(one.filled(one.complete(nature="Other", nature_other="Inadequate")))
    _, said = run("ingest", "--json", "--workspace", council)
    assert [f["outcome"] for f in said["files"]] == ["needs_fixing"]
    assert list((council / Q).rglob("Observation - *.docx")) == []


def test_no_paper_of_the_samples_is_refused() -> None:
    assert refused(graded.snapshot()) == {}
    assert refused(sample.snapshot()) == {}
    assert len(written(graded.snapshot())) >= 8
