"""Every figure of graded work, counted by hand from a quarter small enough to read, and the same in the master and on the page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import graded
import pytest
from office import changed, needs_office, opened, recalculated
from test_master import table

from qaf_sheets import book as reader
from qaf_sheets.model import Answer, Snapshot
from qaf_sheets.outputs.figures import GradeCounts, Share, figures
from qaf_sheets.outputs.master import write_master

SNAPSHOT = graded.snapshot()
FIGURES = figures(SNAPSHOT)
MASTER = write_master(SNAPSHOT, FIGURES)


def test_the_final_grade_is_the_moderated_one_where_there_is_one() -> None:
    assert FIGURES.grades.original == {"CCR": GradeCounts(outstanding=1, good=2, inadequate=1)}
    assert FIGURES.grades.final == {"CCR": GradeCounts(outstanding=1, good=1, ri=1, inadequate=1)}
    assert str(FIGURES.grades.final["CCR"].good_or_better) == "2 of 4"


def test_grades_are_counted_by_the_childs_team_area_and_level() -> None:
    assert FIGURES.grades.by_team == {("CCR", "Assessment A"): GradeCounts(good=1, ri=1), ("CCR", "Assessment B"): GradeCounts(outstanding=1, inadequate=1)}
    assert FIGURES.grades.by_area["CCR", "Family Support"] == GradeCounts(outstanding=1, inadequate=1)
    assert FIGURES.grades.by_level["CCR", "Child in Need"] == GradeCounts(good=1, ri=1)


def test_practice_areas_begin_with_the_weakest() -> None:
    areas = FIGURES.practice_areas
    assert (areas[0].field, areas[0].counts) == ("planning", GradeCounts(good=1, ri=1, inadequate=2))
    assert len(areas) == 7
    assert {a.counts.good_or_better for a in areas[1:]} == {Share(n=4, of=4)}


def test_moderation_rechecks_family_and_observation() -> None:
    m = FIGURES.moderation
    assert (m.moderated, m.of, m.agreed, m.up, m.down) == (3, 4, Share(n=2, of=3), 0, 1)
    assert m.moves[("Good", "RI")] == 1
    r = FIGURES.rechecks
    assert (r.children, r.improved, r.same, r.lower) == (2, 1, 1, 0)
    assert FIGURES.family.heard == Share(n=3, of=4)
    assert FIGURES.observed == Share(n=2, of=4)
    assert FIGURES.feedback["CCR"].both == Share(n=3, of=4)


def test_a_dip_sample_counts_children_once_and_rows_as_they_are() -> None:
    dip = FIGURES.dip
    assert (dip.returns, dip.rows, dip.children, dip.repeated, dip.concerns, dip.short) == (2, 11, 10, 1, 1, 2)
    first = dip.questions[0]
    assert (first.id, first.yes, first.partly, first.no, first.not_applicable) == ("NET1", 7, 0, 4, 0)
    assert str(dip.questions[1].yes_share) == "0 of 7"


@pytest.mark.parametrize(
    ("number", "actual", "result"),
    [
        (1, "10 children in 2 returns; 2 returns with fewer, each with its reason", "Met"),
        (2, "4 children", "Not met"),
        (3, "Child in Need 2; Care Leaver 1; Child Protection 1", "Met"),
        (4, "2 of 2 teams; at most 2 children of one team", "Not met"),
        (5, "2 of 4", "Met"),
        (8, "3 of 4", "Not met"),
        (16, "3 of 4", "Not met"),
        (17, "4 of 4", "Met"),
        (18, "6 of 6; 2 with fewer than 40 characters", "Met"),
        (21, "0 placed; in time: 0 of 3 that were due", "Not met"),
        (22, "2 of 4", "For information"),
    ],
)
def test_a_minimum_of_the_framework(number: int, actual: str, result: str) -> None:
    found = next(c for c in FIGURES.checks if c.number == number)
    assert (found.actual, found.result) == (actual, result)
    assert found.clause


def check(number: int, snapshot: Snapshot) -> tuple[str, str]:
    found = next(c for c in figures(snapshot).checks if c.number == number)
    return found.result, found.actual


def children(**said: object) -> Snapshot:
    plan = SNAPSHOT.plan.model_copy(update={"children": tuple(c.model_copy(update=said) for c in SNAPSHOT.plan.children)})
    return SNAPSHOT.model_copy(update={"plan": plan})


def test_a_dip_sample_with_few_children_and_no_reason_does_not_meet_the_minimum() -> None:
    assert check(1, graded.answering(SNAPSHOT, "DIP", fewer_than_ten_reason=None)) == ("Not met", "10 children in 2 returns; 2 returns with fewer, 2 without a reason")


@pytest.mark.parametrize(
    ("before", "on_list", "expected"),
    [
        ("Inadequate", {"last_grade": "Inadequate"}, ("Met", "4 of 4")),
        (graded.RI, {"last_grade": graded.RI, "bordering_good": True}, ("Met", "4 of 4")),
        (graded.RI, {"last_grade": graded.RI, "bordering_good": False}, ("Met", "No child is waiting to be looked at again")),
        ("Good", {"last_grade": "Inadequate"}, ("Not met", "0 of 4")),
        ("Good", {"last_grade": "RI", "bordering_good": True}, ("Not met", "0 of 4")),
        ("Good", {"last_grade": "Good", "bordering_good": False}, ("Met", "No child is waiting to be looked at again")),
    ],
)
def test_only_children_who_were_inadequate_or_bordered_good_count_as_looked_at_again(before: str, on_list: dict[str, object], expected: tuple[str, str]) -> None:
    assert check(5, graded.answering(children(**on_list), "CCR", previous_grade=before)) == expected


def test_the_aim_for_children_looked_at_again_is_said_but_is_no_minimum() -> None:
    keen = SNAPSHOT.plan.model_copy(update={"settings": {**SNAPSHOT.plan.settings, "ccr_recheck_share": "60"}})
    assert check(5, SNAPSHOT.model_copy(update={"plan": keen})) == ("Met", "2 of 4; below the aim of 60%")


@pytest.mark.parametrize(
    ("moderated", "placed", "days", "expected"),
    [
        (date(2026, 12, 10), date(2026, 12, 24), "10", ("Met", "3 placed; in time: 3 of 3 that were due")),
        (date(2026, 12, 10), date(2026, 12, 29), "10", ("Not met", "3 placed; in time: 0 of 3 that were due")),
        (date(2026, 12, 10), date(2026, 12, 29), "11", ("Met", "3 placed; in time: 3 of 3 that were due")),
        (date(2026, 12, 10), None, "10", ("Not met", "0 placed; in time: 0 of 3 that were due")),
        (date(2026, 12, 30), None, "10", ("Not met", "0 placed; in time: 0 of 3 that were due")),
        (date(2026, 12, 31), None, "10", ("Too early", "0 placed; none had to be yet")),
    ],
)
def test_a_review_is_on_the_childs_file_so_many_working_days_after_moderation(moderated: date, placed: date | None, days: str, expected: tuple[str, str]) -> None:
    plan = SNAPSHOT.plan.model_copy(update={"settings": {**SNAPSHOT.plan.settings, "on_file_after_moderation": days}})
    on_file = {f"R-{n:06d}": {"on_file_on": placed} for n in range(1, 5)}
    assert check(21, graded.answering(SNAPSHOT.model_copy(update={"plan": plan, "feedback": on_file}), "MOD", mod_on=moderated)) == expected


def test_a_minimum_may_still_be_met_while_returns_may_come_in_time() -> None:
    waiting = SNAPSHOT.duties[0].model_copy(update={"state": "due", "return_id": None, "received_on": None})
    early = figures(SNAPSHOT.model_copy(update={"duties": (*SNAPSHOT.duties, waiting)}))
    assert next(c for c in early.checks if c.number == 2).result == "Too early"


# ---------------------------------------------------------------- the same in the master


def test_the_master_says_the_figures() -> None:
    rows = {(r["Counted by"], r["Name"]): r for r in table(MASTER, "Grades")}
    final = rows["Everyone", "Final grade"]
    assert [final[k] for k in ("Outstanding", "Good", "Requires improvement (RI)", "Inadequate", "Graded")] == [1, 1, 1, 1, 4]
    assert final["Good or better"] == str(FIGURES.grades.final["CCR"].good_or_better)
    for (_, team), counts in FIGURES.grades.by_team.items():
        assert [rows["Team", team][k] for k in ("Outstanding", "Good", "Requires improvement (RI)", "Inadequate")] == [n for _, n in counts]
    areas = table(MASTER, "Practice areas")
    assert [(r["Practice area"], r["Good or better"]) for r in areas] == [(a.name, str(a.counts.good_or_better)) for a in FIGURES.practice_areas]
    assert [(r["Question"], r["Yes"], r["No"]) for r in table(MASTER, "Dip sample findings")] == [(q.text, q.yes, q.no) for q in FIGURES.dip.questions]
    assert {(r["No."], r["Actual"]) for r in table(MASTER, "Checks")} == {(c.number, c.actual) for c in FIGURES.checks}
    assert len(table(MASTER, "Dip sample children")) == FIGURES.dip.rows


def test_start_here_names_the_checks_that_are_not_met_and_leads_to_them() -> None:
    sheet = opened(MASTER)["Start here"]
    rows = [row for row in sheet.iter_rows() if any(c.value == "✗ Not met" for c in row)]
    said = [[c.value for c in row if c.value] for row in rows]
    unmet = [c for c in FIGURES.checks if c.result == "Not met"]
    assert [s[s.index("✗ Not met") + 1] for s in said] == [c.requirement for c in unmet]
    assert [s[s.index("✗ Not met") + 2] for s in said] == [f"{c.actual}. {c.what_next}" for c in unmet]
    assert all("Checks" in str(row[8].hyperlink.location) for row in rows)


def test_start_here_leads_to_every_other_sheet() -> None:
    book = opened(MASTER)
    led_to = {c.hyperlink.location.split("!")[0].strip("'") for row in book["Start here"].iter_rows() for c in row if c.hyperlink and c.hyperlink.location}
    assert led_to == set(book.sheetnames) - {"Start here"}


def test_no_formula_holds_the_councils_own_words() -> None:
    found = [str(c.value) for sheet in opened(MASTER).worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    names = {*(t.team for t in SNAPSHOT.plan.teams), *(t.service_area for t in SNAPSHOT.plan.teams), *(c.level_of_need for c in SNAPSHOT.plan.children)}
    assert len(found) > 100
    assert [(f, n) for f in found for n in names if n in f] == []


def test_under_each_chart_stands_its_source_and_n() -> None:
    book = reader.read_book(MASTER, "QA master.xlsx")
    assert isinstance(book, reader.Book)
    said = {sheet: [row[0] for row in book.sheets[sheet] if str(row[0]).startswith("Source:")] for sheet in ("Grades", "Practice areas")}
    assert said == {"Grades": ["Source: Children reviewed, 4 graded."] * 2, "Practice areas": ["Source: Collaborative case review, 4 returned."]}


def test_charts_have_words_for_those_who_cannot_see_them() -> None:
    drawn = {s.title: s._charts for s in opened(MASTER).worksheets}
    assert (len(drawn["Grades"]), len(drawn["Practice areas"])) == (2, 1)
    words = [re.findall(rb'descr="([^"]+)"', part) for name, part in parts(MASTER) if "drawing" in name and name.endswith(".xml")]
    assert sum(b"Stacked bars" in w for found in words for w in found) == 3


def parts(data: bytes) -> list[tuple[str, bytes]]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(n, archive.read(n)) for n in archive.namelist()]


def test_a_childs_name_is_not_even_a_heading() -> None:
    book = reader.read_book(MASTER, "QA master.xlsx")
    assert isinstance(book, reader.Book)
    said = " ".join(str(v) for rows in book.sheets.values() for row in rows for v in row if v is not None)
    assert "Robin Notareal" not in said
    assert "person's Name" not in said


@pytest.mark.office
@needs_office
def test_every_formula_calculates_to_what_it_says(tmp_path: Path) -> None:
    after = recalculated(tmp_path / "office", {"m": MASTER})["m"]
    assert changed(MASTER, after) == []


# ---------------------------------------------------------------- another spelling counts as the option it means


@pytest.mark.office
@needs_office
def test_an_answer_in_another_spelling_is_shown_and_counted_as_its_option(tmp_path: Path) -> None:
    first, second, *others = SNAPSHOT.returns
    answers = {**first.content.answers, "planning_grade": Answer(value="requires improvement", code="RI", sheet="Form", cell="D9"), "overall_grade": Answer(value="good ", code="Good", sheet="Form", cell="C9")}
    spelt = first.model_copy(update={"content": first.content.model_copy(update={"answers": answers})})
    sample = next(v for v in others if v.issue.activity == "DIP")
    rows = tuple({**row, "NET1": Answer(value="y", code="Yes", sheet="Children", cell="F4")} for row in sample.content.rows["children"])
    said = sample.model_copy(update={"content": sample.content.model_copy(update={"rows": {**sample.content.rows, "children": rows}})})
    snapshot = SNAPSHOT.model_copy(update={"returns": (spelt, second, *(said if v is sample else v for v in others))})
    data = write_master(snapshot, figures(snapshot))
    shown = next(r for r in table(data, "Collaborative case review") if r["Return"] == spelt.issue.return_id)
    counted = next(r for r in table(data, "Children reviewed") if r["Piece of work"] == spelt.issue.return_id)
    assert (shown["Planning: grade"], shown["Overall grade"], counted["Grade by the reviewer"], counted["Final grade"]) == ("Requires improvement (RI)", "Good", "Good", "Good")
    after = recalculated(tmp_path / "office", {"m": data})["m"]
    assert changed(data, after) == []


def test_a_council_may_word_its_grades_otherwise() -> None:
    worded = {"Requires improvement (RI)": "Needs work (RI)"}
    form = SNAPSHOT.forms["CCR"]
    fields = tuple(f.model_copy(update={"options": tuple(o.model_copy(update={"text": worded.get(o.text, o.text)}) for o in f.options)}) for f in form.fields)
    sections = tuple(s.model_copy(update={"fields": tuple(f for f in fields if f.id in {q.id for q in s.fields})}) for s in form.sections)
    snapshot = SNAPSHOT.model_copy(update={"forms": {**SNAPSHOT.forms, "CCR": form.model_copy(update={"sections": sections})}})
    data = write_master(snapshot, figures(snapshot))
    said = [str(c.value) for sheet in ("Grades", "Practice areas") for row in opened(data)[sheet].iter_rows() for c in row if c.data_type == "f"]
    assert any('"Needs work (RI)"' in formula for formula in said)
    assert not any('"Requires improvement (RI)"' in formula for formula in said)
