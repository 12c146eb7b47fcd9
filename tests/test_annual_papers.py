"""The learning summary for all staff, the Principal Social Worker's year and the panel chairs' reports: the words written for them, and nobody to be recognised."""

from __future__ import annotations

import graded
import kit
from papers import lines, opened, table, under, written
from test_governance import SIGNED, with_grades

from qaf_sheets.model import Return, Snapshot, Value, Version
from qaf_sheets.outputs.documents import Document
from qaf_sheets.outputs.figures import figures

FOLDER = "Reports/2026-27-Q3"
LEARNING = f"{FOLDER}/Learning/Learning summary - Q3 2026-27.docx"
ANNUAL = f"{FOLDER}/Governance/PSW annual report - Q3 2026-27 - R-000800.docx"
PANEL = f"{FOLDER}/DLT/Fostering panel annual report - R-000800.docx"


def adding(seen: Snapshot, activity: str, rows: tuple[dict[str, Value], ...] = (), return_id: str = "R-000800", **said: Value) -> Snapshot:
    """The quarter with one more return."""
    form = kit.form(activity)
    content = Return(answers=graded._answers(form.fields, said), rows={t.id: tuple(graded._answers(t.columns, r) for r in rows) if t.id != "actions" else () for t in form.tables})
    issue = kit.issue(activity).model_copy(update={"return_id": return_id, "person_name": "Devon Fictionby"})
    version = Version(issue=issue, version=1, outcome="accepted", received_at=graded.AS_AT, file=f"Received/{activity}.xlsx", content=content)
    return seen.model_copy(update={"forms": {**seen.forms, activity: form}, "returns": (*seen.returns, version)})


def told(document: Document) -> str:
    return "\n".join(lines(document))


# ---------------------------------------------------------------- learning


def test_the_summary_says_what_was_best_what_least_and_what_to_talk_about() -> None:
    document = written(graded.snapshot())[LEARNING]
    weakest, *_, best = figures(graded.snapshot()).practice_areas
    assert any(line.startswith(f"{best.name} came out best") for line in under(document, "What is working well"))
    assert any(line.startswith(f"{weakest.name} needs our thought") for line in under(document, "What we are worried about"))
    assert len(under(document, "Talk about it in your team")) >= 3
    assert not [c for c in ("9300001", "R-000001", "Devon", "Avery") if c in told(document)]


def test_small_numbers_are_hidden_there_too() -> None:
    assert "of 4 reviews" not in told(written(graded.snapshot())[LEARNING]), "four reviews only"
    assert "11 of 22 children (50%)" in told(written(with_grades(2, 9, 9, 2))[LEARNING])


def test_what_changes_comes_with_the_sign_off() -> None:
    seen = adding(graded.snapshot(), "LEARN", key_messages="Write the plan with the family.", taken_up="Blake Placeholder does it now.")
    assert under(written(seen)[LEARNING], "What changes") == ["The practice lead adds this once the quarter’s report is signed off."]
    said = under(written(seen.model_copy(update={"signed_off": SIGNED}))[LEARNING], "What changes")
    assert said[0] == "Write the plan with the family."
    assert "held back" in said[1]


def test_a_quarter_with_nothing_graded_still_asks_something() -> None:
    bare = graded.snapshot()
    bare = adding(bare.model_copy(update={"returns": (), "moderations": ()}), "LEARN", key_messages="Talk.")
    document = written(bare)[LEARNING]
    assert under(document, "What is working well") == ["Too little came in this quarter to say."]
    assert len(under(document, "Talk about it in your team")) >= 3


# ---------------------------------------------------------------- the year


YEAR: tuple[dict[str, Value], ...] = tuple({"quarter": f"Quarter {n}", "done": f"Reviews {n}.", "learnt": f"Lesson {n}.", "changed": "Blake Placeholder moved." if n == 2 else f"Change {n}."} for n in range(1, 5))


def test_the_annual_report_has_its_authors_words_the_four_quarters_and_published_numbers_alone() -> None:
    seen = adding(with_grades(2, 9, 9, 2), "PSW_ANN", YEAR, year="April 2026 to March 2027", overview="A year of plans.", impact_children="Fewer moves.\n\nBorn on 3 May 2014.", asks=None)
    document = written(seen)[ANNUAL]
    assert "A year of plans." in told(document)
    assert "Fewer moves." in told(document)
    assert "2014" not in told(document).replace("2026", "").replace("2027", "")
    assert [row[2] for row in table(document, "Quarter")] == [f"Lesson {n}." for n in range(1, 5)]
    assert "Blake" not in told(document)
    assert "2 of 22" not in told(document).replace("22 of 22", "")


def test_a_year_that_nobody_summed_up_has_no_report() -> None:
    assert not [p for p in written(graded.snapshot()) if "annual" in p]


# ---------------------------------------------------------------- panels


def test_a_panel_chairs_report_stands_as_it_was_written_without_a_childs_reference() -> None:
    seen = adding(graded.snapshot(), "C_FOST", nothing_to_report="No", panels_held=11, assessments="Careful, and open about worries.", recommendations="Child 9304518 first.\n\nMore carers for teenagers.")
    document = written(seen)[PANEL]
    assert "Careful, and open about worries." in told(document)
    assert ["How many panels were held?", "11"] in rows(document)
    assert "More carers for teenagers." in told(document)
    assert "9304518" not in told(document)


def test_nothing_to_report_is_a_report() -> None:
    seen = adding(graded.snapshot(), "C_FOST", nothing_to_report="Yes")
    assert "The chair says that there is nothing to report this year." in told(written(seen)[PANEL])


def rows(document: Document) -> list[list[str]]:
    return [[c.text for c in row.cells] for t in opened(document).tables for row in t.rows]
