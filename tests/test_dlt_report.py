"""The report to the DLT: what is missing first, numbers that are those of the figures, words that name nobody, and no number without its n."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import graded
import pytest
import sample
from dlt_papers import counted, pictures, quotes, report, reviews, said, text, whole
from docx import Document as Word
from papers import DLT, TEMPLATES, W, box, lines, opened, shipped, table, under, written

from qaf_sheets.model import Action, Decision, Event, Option, Problem, Quarter
from qaf_sheets.outputs.documents import Given
from qaf_sheets.outputs.documents.dlt_grades import large_teams
from qaf_sheets.outputs.documents.dlt_view import View
from qaf_sheets.outputs.figures import Shown, figures

DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
SECTIONS = (
    "Coverage and what is missing", "Requirements not met", "What each activity found", "Grades, earlier quarters and moderation", "Voice of the child and families", "Equality, diversity and identity", "Staff feedback",
    "Contributions from others, and Ofsted", "Actions, and whether they worked", "Themes and learning", "Decisions asked for", "Notes on the data",
)  # fmt: skip
SMALL = re.compile(r"(\d+) of (\d+)[\w ’-]*\(\d+%\)")


# ---------------------------------------------------------------- which, where, in what order


def test_one_report_for_a_quarter_in_a_folder_of_its_own() -> None:
    assert [path for path in written(graded.snapshot()) if "/DLT/" in path] == ["Reports/2026-27-Q3/DLT/DLT report - Q3 2026-27.docx"]
    assert DLT not in written(sample.empty())


def test_its_sections_stand_in_their_order_and_in_the_contents() -> None:
    document = opened(reviews())
    assert tuple(p.text for p in document.paragraphs if p.style.name == "Heading 1")[-len(SECTIONS) :] == SECTIONS
    contents = ["".join(t.text for t in p._p.iter(f"{W}t")) for p in document.paragraphs if p.style.name == "toc 1"]
    assert contents == [f"{n}   {name}" for n, name in enumerate(SECTIONS, 1)]


def test_what_is_missing_comes_before_everything_else() -> None:
    document = opened(whole())
    assert document.tables[0].rows[0].cells[0].paragraphs[0].text == "What is missing"
    missing = figures(sample.snapshot()).total
    assert box(whole())[0].startswith(f"{missing.expected - missing.returned} of {missing.expected} returns (")
    assert "4 of 18 observations of practice (22%)" in box(whole())[1].casefold()


def test_who_owes_what_stands_by_role_and_team_with_the_reference() -> None:
    rows = {row[0]: row[-1] for row in table(whole(), "Activity")}
    assert rows["Head of Service summary"] == "Overdue since 11/12/2026: Head of Service, Early Help and Youth Justice (R-000103)"
    assert [line.partition(":")[0] for line in rows["Service summary"].split("\n")] == ["Sent back to be put right", "Still to come, due by 26/12/2026"]
    assert not [p.name for p in sample.PEOPLE if any(p.name in cell for cell in rows.values())]


def test_nothing_missing_is_said_too() -> None:
    assert box(reviews()) == ["Every return expected this quarter is in."]
    assert all(row[5:] == ["0", ""] for row in table(reviews(), "Activity"))


# ---------------------------------------------------------------- the numbers are the figures'


def test_coverage_is_that_of_the_figures() -> None:
    rows = {row[0]: row[1:] for row in table(whole(), "Activity")}
    counts = figures(sample.snapshot())
    for code, form in sample.FORMS.items():
        c = counts.by_activity[code]
        assert rows[form.title] [:5] == [str(n) for n in (c.expected, c.returned, c.on_time, c.late, c.expected - c.returned)]
    assert rows["All returns"][0] == str(counts.total.expected)


def test_grades_are_those_after_moderation() -> None:
    found = next(t for t in opened(reviews()).tables if [c.text for c in t.rows[0].cells][:2] == ["Service area", "Outstanding"])
    cells = [[c.text for c in row.cells] for row in found.rows[1:]]
    final = counted().grades.final["CCR"]
    assert cells[0] == ["Collaborative case review, all", *(str(n) for _, n in final), str(final.good_or_better)]
    assert cells[0][5] == "2 of 4"
    by_area = {area: c for (_, area), c in counted().grades.by_area.items()}
    assert {row[0]: row[5] for row in cells[1:]} == {area: str(c.good_or_better) for area, c in by_area.items()}


def test_moderation_says_how_far_it_agreed_and_which_way_grades_moved() -> None:
    assert any("3 of 4 pieces of work have been moderated" in line and "same for 2 of 3; 1 moved down and none moved up" in line for line in under(reviews(), "Moderation"))


def test_practice_areas_stand_weakest_first_in_their_picture() -> None:
    (bars,) = (alt for alt in pictures(reviews()) if "practice area" in alt)
    said = [f"{a.name}: {', '.join(f'{n} {g}' for g, n in a.counts)} (n = {a.counts.graded})" for a in counted().practice_areas]
    assert bars.partition(". ")[2].removesuffix(".").split("; ") == said
    assert under(reviews(), "Collaborative case reviews")[0].startswith("Seven areas are graded in each review. Planning is the weakest: Good or better in 1 of 4")


def test_the_dip_samples_answers_are_those_of_the_figures_fewest_yes_first() -> None:
    (bars,) = (alt for alt in pictures(reviews()) if "dip sample" in alt)
    asked = sorted(counted().dip.questions, key=lambda q: (q.yes_share.n / q.yes_share.of, q.id))
    assert asked
    assert bars.partition(". ")[2].removesuffix(".") == "; ".join(f"{q.text}: {q.yes} Yes, {q.partly} Partly, {q.no} No (n = {q.yes_share.of})" for q in asked)


def test_requirements_not_met_are_those_of_the_checks() -> None:
    missed = [c for c in figures(sample.snapshot()).checks if c.result == "Not met"]
    assert missed
    assert [row[:3] for row in table(whole(), "Requirement")] == [[c.requirement, c.expected, c.actual] for c in missed]


def test_families_views_and_actions_are_those_of_the_figures() -> None:
    heard = counted().family
    assert any(f"in {heard.heard.n} of {heard.heard.of} reviews" in line and f"both ({heard.by_option['Both']})" in line for line in under(reviews(), "Voice of the child and families"))
    actions = figures(sample.snapshot()).actions
    last = next(t for t in opened(whole()).tables if t.rows[0].cells[-1].text == "Overdue, of open").rows[-1]
    assert [c.text for c in last.cells] == ["All actions", str(actions.total), str(actions.done), str(actions.open), str(actions.overdue_of_open)]


def test_no_percentage_of_fewer_than_ten() -> None:
    assert not [m[0] for m in SMALL.finditer(text(reviews())) if int(m[2]) < 10]
    assert [m[0] for m in SMALL.finditer(text(whole()))]
    assert not [m[0] for m in SMALL.finditer(text(whole())) if int(m[2]) < 10]


# ---------------------------------------------------------------- small teams


def test_small_teams_stand_together() -> None:
    assert large_teams({"North": 6, "South": 5, "East": 2, "West": 1}) == {"North", "South"}
    assert large_teams({"North": 6, "South": 5}) == {"North", "South"}
    assert large_teams({"North": 4, "South": 3}) == set()


def test_one_small_team_is_never_what_is_left_over() -> None:
    assert large_teams({"North": 6, "South": 5, "East": 2}) == {"North"}


def test_no_table_speaks_of_a_team() -> None:
    assert not [t for t in opened(reviews()).tables if "Team" in [c.text for c in t.rows[0].cells]]


# ---------------------------------------------------------------- nobody is named


def test_no_child_and_no_member_of_staff_is_named() -> None:
    for document, snapshot in ((reviews(), graded.snapshot()), (whole(), sample.snapshot())):
        children = {a.code for v in snapshot.returns for row in (v.content.answers, *v.content.rows.get("children", ())) for k, a in row.items() if k == "child_id"} - {""}
        found = text(document)
        assert not [c for c in children if c in found]
        assert not [p.name for p in snapshot.plan.people if p.name in found]
        assert "Robin Notareal" not in found
        assert sample.WITHHELD not in found


BEST = "R-000004"
"""The strongest review: what went well in it is quoted first."""
SAFE = "The plan says who will do what, and the family helped to write it."


@pytest.mark.parametrize(
    "naming", ["Child 9300001 was heard at every visit this quarter.", "Avery Exampleworth saw the child at home.", "It was Blake’s best visit of the whole year.", "It was PLACEHOLDER AVERY EXAMPLEWORTH again."]
)
def test_words_that_name_somebody_are_not_quoted(naming: str) -> None:
    assert SAFE in text(report(said(BEST, went_well=SAFE)))
    assert naming not in text(report(said(BEST, went_well=naming)))


def test_somebody_whom_only_the_return_names_is_not_quoted_either() -> None:
    assert "Quillworth" not in text(report(said(BEST, sw_pa="Wren Quillworth", went_well="Quillworth saw the child at home each week.")))


def test_words_that_the_checks_took_for_a_name_are_not_quoted() -> None:
    snapshot = said(BEST, went_well=SAFE)
    told = Problem(code="CHILD_NAMED", level="W", field="went_well", message="…")
    noted = tuple(v.model_copy(update={"problems": (told,)}) if v.issue.return_id == BEST else v for v in snapshot.returns)
    assert SAFE not in text(report(snapshot.model_copy(update={"returns": noted})))


# ---------------------------------------------------------------- quotes


def test_quotes_stand_with_activity_team_and_reference() -> None:
    found = quotes(report(said(BEST, went_well=SAFE)))
    assert found
    assert all(re.search(r"” \([\w ]+, [\w ]+, R-\d{6}\)$", q) for q in found)
    assert f"“{SAFE}” (Collaborative case review, Assessment B, {BEST})" in found


def test_a_confirmed_theme_is_quoted_first_then_the_worst_work() -> None:
    texts = {"R-000001": "Contingency is thin, and nobody says who comes if mum is ill.", "R-000003": "The child was not safe and nobody had asked them anything."}
    snapshot = graded.snapshot()
    for ref, words in texts.items():
        (one,) = (v for v in said(ref, further_improvement=words).returns if v.issue.return_id == ref)
        snapshot = snapshot.model_copy(update={"returns": tuple(one if v.issue.return_id == ref else v for v in snapshot.returns)})
    grades = {g.id: g.final for g in figures(snapshot).work}
    assert [grades[r] for r in texts] != []
    plan = snapshot.plan.model_copy(update={"lists": {**snapshot.plan.lists, "theme_codes": (Option(code="", text="Contingency", aliases=("contingency",)),)}})
    decided = Decision(decision_id="D-0001", kind="finding", about="Contingency, 2026-27-Q3", choice="Confirmed", who="Avery Exampleworth (P016)")
    for update, first in (({}, worst(texts, grades)), ({"plan": plan, "decisions": (decided,)}, "R-000001")):
        given = Given(Shown(shown := snapshot.model_copy(update=update), figures(shown)))
        (chosen,) = View(given).quotes({"CCR": "further_improvement"}, 1)
        assert chosen.ref == first


def worst(refs: Iterable[str], grades: Mapping[str, str]) -> str:
    return max(refs, key=lambda r: ("Outstanding", "Good", "RI", "Inadequate").index(grades[r]))


def test_a_worry_of_a_reviewer_is_quoted_only_of_work_below_good() -> None:
    worried = "Nobody could say what the plan was for, nor when it would end."
    assert worried in text(report(said("R-000003", rationale=worried)))
    assert worried not in text(report(said("R-000004", rationale=worried)))


def test_a_long_answer_ends_with_a_sentence() -> None:
    long = "The child was seen and heard at home. " * 20
    (found,) = (q for q in quotes(report(said(BEST, went_well=long))) if "seen and heard at home" in q)
    assert "at home. …” (" in found


def test_no_sentence_stands_twice_and_no_heading_has_more_than_five_quotes() -> None:
    for document in (reviews(), whole()):
        paragraphs = [line for line in lines(document) if len(line.split()) > 5]
        sentences = Counter(s for line in paragraphs for s in re.split(r"(?<=[.!?])\s+", line) if len(s.split()) > 5)
        assert [s for s, n in sentences.items() if n > 1] == []
        texts = [p.text for p in opened(document).paragraphs if p.style.name.startswith("Heading ") and p.text not in ("Decisions asked for", "Contents")]
        assert all(sum(line in quotes(document) for line in under(document, heading)) <= 5 for heading in texts)
        assert "1 returns" not in text(document)


def test_observations_are_counted_and_quoted_but_never_graded() -> None:
    section = " ".join(under(whole(), "Observations of practice"))
    assert "14 of 18 observations due this quarter (78%) are in." in section
    assert "Observations are not graded." in section
    assert not re.search(r"Outstanding|Good or better|Inadequate|average", section)


# ---------------------------------------------------------------- pictures


def test_every_picture_says_in_words_what_it_shows() -> None:
    found = pictures(reviews())
    assert len(found) == 2
    assert all(alt.startswith("Bar chart of ") and "(n = " in alt for alt in found)


def test_a_picture_of_nothing_is_left_out() -> None:
    assert pictures(whole()) == []  # no review and no dip sample in this quarter


def test_nothing_is_loaded_for_pictures_before_one_is_drawn() -> None:
    asked = "import sys, qaf_sheets.publish; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False, cwd=TEMPLATES.parent).returncode == 0


# ---------------------------------------------------------------- empty, draft, dates, decisions


def test_a_quarter_with_nothing_in_says_so_in_every_section() -> None:
    quiet = sample.snapshot()
    owed = tuple(d.model_copy(update={"state": "due", "received_on": None}) for d in quiet.duties)
    document = written(quiet.model_copy(update={"duties": owed, "returns": (), "files": (), "actions": (), "waiting": ()}))[DLT]
    assert box(document)[0] == "No returns received."
    for heading in ("Collaborative case reviews", "Thematic audit", "Dip sample", "Supervision", "Moderation", "Children reviewed before", "Voice of the child and families", "Equality, diversity and identity"):
        assert under(document, heading) == ["No returns received."], heading
    assert "No actions are recorded." in under(document, "Actions, and whether they worked")
    assert pictures(document) == []


def test_it_is_a_draft() -> None:
    section = opened(reviews()).sections[0]
    assert section.footer.paragraphs[0].text.startswith("DRAFT, not signed off")
    assert opened(whole()).paragraphs[1].text == "To DLT, date to be confirmed   |   DRAFT, not signed off"


def test_it_is_no_draft_once_it_is_signed_off() -> None:
    signed = Decision(decision_id="D-0001", kind="sign_off", about="2026-27-Q3", choice="Sign off", who="Avery Exampleworth (P016)", why="Read", decided_on=date(2027, 1, 20))
    told = report(graded.snapshot().model_copy(update={"signed_off": signed}))
    assert "Signed off by Avery Exampleworth (P016)" in opened(told).paragraphs[1].text
    assert "DRAFT" not in opened(told).sections[0].footer.paragraphs[0].text


def test_the_meeting_and_the_next_theme_come_from_the_calendar() -> None:
    calendar = (
        Event(quarter=Quarter(year=2026, number=4), activity="REPORT", dlt_date=date(2027, 1, 27)),
        Event(quarter=Quarter(year=2026, number=4), activity="DIP", theme="Visits in time"),
    )  # fmt: skip
    snapshot = graded.snapshot().model_copy(update={"plan": graded.snapshot().plan.model_copy(update={"calendar": calendar})})
    document = report(snapshot)
    assert "To DLT, Wednesday 27 January 2027" in text(document)
    assert any("Confirm “Visits in time” as the theme of the dip sample in Q4 2026-27" in row[1] for row in table(document, "No."))


def test_decisions_rest_on_numbers() -> None:
    rows = table(whole(), "No.")
    overdue = figures(sample.snapshot()).actions.overdue_of_open
    assert any(row[1].startswith(f"Have the {overdue.n} overdue actions finished") and f"{overdue.n} of {overdue.of}" in row[2] for row in rows)
    assert all(row[4] == "To be agreed" for row in rows)
    (front,) = (p.text for p in opened(whole()).paragraphs if "set out in section 11: (1)" in p.text)
    assert re.findall(r"\((\d+)\) ", front) == [row[0] for row in rows]


# ---------------------------------------------------------------- the file


def test_the_same_facts_give_the_same_bytes() -> None:
    later = graded.snapshot().model_copy(update={"as_at": graded.AS_AT + timedelta(hours=3)})
    assert report(later).data == reviews().data


def test_its_time_is_that_of_the_newest_return() -> None:
    assert opened(reviews()).core_properties.modified.replace(tzinfo=None) == datetime(2026, 12, 14, 9)


def test_hostile_words_are_harmless_in_text_tables_and_pictures() -> None:
    evil = "{{ 7*7 }} <&> $x_{1}$ \x07\ud800{_{ and some more of it"
    base = said(BEST, went_well=evil)
    form = base.forms["DIP"]
    columns = tuple(c.model_copy(update={"label": evil, "short": evil}) if c.themed else c for c in form.tables[0].columns)
    forms = {**base.forms, "DIP": form.model_copy(update={"theme": evil, "tables": (form.tables[0].model_copy(update={"columns": columns}), *form.tables[1:])})}
    plan = base.plan.model_copy(update={"settings": {**base.plan.settings, "council": evil}})
    action = Action(action_id="ACT-2026Q3-0001", quarter="2026-27-Q3", area=evil, cells={"action_text": evil, "owner": evil, "status": evil})
    document = report(base.model_copy(update={"forms": forms, "plan": plan, "actions": (action,)}))
    everything = text(document)
    assert "49" not in everything
    assert everything.count("{{ 7*7 }} <&> $x_{1}$") >= 5
    assert any("{{ 7*7 }} <&> $x_{1}$" in alt for alt in pictures(document))


@pytest.mark.parametrize(
    ("words", "code"), [("See {{ grades.linez }}", "TEMPLATE_UNKNOWN"), ("{{ grades.chart | shout }}", "TEMPLATE_MISTAKE"), ("{%p for row in decisions.rows %}", "TEMPLATE_MISTAKE")]
)
def test_a_mistake_in_its_template_is_told_and_the_shipped_one_used(words: str, code: str) -> None:
    document = Word(io.BytesIO(shipped("dlt_report.docx")))
    document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    found = written(graded.snapshot(), lambda name: out.getvalue() if name == "dlt_report.docx" else shipped(name))[DLT]
    assert [p.code for p in found.problems] == [code]
    assert found.data == reviews().data


def test_tables_are_described_and_repeat_their_heading() -> None:
    tables = opened(whole()).tables
    assert all(t._tbl.tblPr.find(f"{W}tblDescription") is not None for t in tables)
    assert all(t.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None for t in tables if len(t.rows) > 2)
