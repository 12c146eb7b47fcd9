"""The master says what the snapshot and the figures say, shows nothing withheld, and calculates to the same numbers."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from office import changed, needs_office, opened, recalculated

from qaf_sheets import book as reader
from qaf_sheets.model import Answer, Received, Snapshot, Value
from qaf_sheets.outputs.figures import Share, current, due_on, figures, finished, overdue
from qaf_sheets.outputs.master import write_master

FIRST_ROW = 5  # below title, headline, note and headings
SHEETS = [
    "Start here", "Checks", "Coverage", "Coverage by area", "People due", "Immediate concerns", "Grades", "Practice areas", "Trend", "Moderation", "Children reviewed", "To be reviewed again", "Dip sample findings",
    "Voice of the child", "What children say", "Observations", "Supervision", "Supervision findings", "Once a year", "Staff feedback", "What staff say", "Head of Service summaries", "Service summaries", "Observations of practice",
    "Contributions", "Contributions in full", "Themes", "Triangulation", "Theme rows", "Equality and diversity", "Reviewers on equality", "Equality in words", "Actions by area", "Actions", "Feedback by manager", "Feedback given", "Behind the checks", "Data notes", "Definitions",
]  # fmt: skip
ACTIVITY_SHEETS = {"ROUT": "Head of Service summaries", "SERV": "Service summaries", "OBS": "Observations of practice"}


def master(snapshot: Snapshot) -> bytes:
    return write_master(snapshot, figures(snapshot))


FULL, EMPTY = sample.snapshot(), sample.empty()
FULL_BYTES, EMPTY_BYTES = master(FULL), master(EMPTY)


def values(data: bytes) -> reader.Book:
    book = reader.read_book(data, "QA master.xlsx")
    assert isinstance(book, reader.Book), book
    return book


def table(data: bytes, sheet: str) -> list[dict[str, Value]]:
    rows = values(data).sheets[sheet]
    heads = [str(h) for h in rows[FIRST_ROW - 2]]
    return [dict(zip(heads, row, strict=True)) for row in takewhile(lambda row: any(v is not None for v in row), rows[FIRST_ROW - 1 :])]


# ---------------------------------------------------------------- what stands where


def test_the_sheets_stand_in_reading_order_and_none_is_hidden() -> None:
    book = opened(FULL_BYTES)
    assert book.sheetnames == SHEETS
    assert {s.sheet_state for s in book.worksheets} == {"visible"}


@pytest.mark.parametrize("data", [FULL_BYTES, EMPTY_BYTES], ids=["full", "empty"])
def test_every_sheet_is_set_up_to_be_read_and_printed(data: bytes) -> None:
    book = opened(data)
    assert not book.properties.creator
    for sheet in book.worksheets:
        assert sheet["A1"].value
        assert sheet["A2"].value
        assert sheet.sheet_properties.tabColor is not None
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert "OFFICIAL-SENSITIVE" in sheet.oddFooter.left.text
        assert not sheet.merged_cells.ranges
        if sheet.title != "Start here":
            assert sheet.freeze_panes == f"B{FIRST_ROW}"


@pytest.mark.parametrize("data", [FULL_BYTES, EMPTY_BYTES], ids=["full", "empty"])
def test_every_sheet_but_the_first_is_one_table_that_excel_opens_without_repair(data: bytes) -> None:
    book = opened(data)
    names = []
    for sheet in book.worksheets[1:]:
        (found,) = sheet.tables.values()
        names.append(found.name.casefold())
        heads = [c.name.casefold() for c in found.tableColumns]
        assert len(set(heads)) == len(heads)
        assert found.autoFilter is not None
        first, last = (int(re.sub(r"\D", "", part)) for part in found.ref.split(":"))
        assert last - first - bool(found.totalsRowCount) >= 1
        cells = sheet.iter_rows(min_row=first, max_row=first, max_col=len(heads))
        assert [str(c.value).casefold() for c in next(cells)] == heads
        assert all(9 <= sheet.column_dimensions[openpyxl.utils.get_column_letter(n)].width <= 61 for n in range(1, len(heads) + 1))
    assert len(set(names)) == len(names)


def test_people_due_has_a_row_for_each_duty() -> None:
    names = {p.person_id: p.name for p in sample.PEOPLE}
    got = sorted((r["Person"], r["Due"], r["Return"] or "", r["Received on"] or date.min, r["Rule"], r["Clause"]) for r in table(FULL_BYTES, "People due"))
    owed = [(d.obligation, d) for d in FULL.duties]
    want = sorted((names[o.person_id], o.due_on, d.return_id or "", d.received_on or date.min, o.rule_id, o.clause) for o, d in owed)
    assert got == want


def test_people_due_begins_with_what_is_overdue_and_says_the_state_in_a_word_with_its_sign() -> None:
    states = [str(r["State"]) for r in table(FULL_BYTES, "People due")]
    assert states[:3] == ["✗ Overdue", "✗ Overdue", "! Needs fixing"]
    assert all(s[0] in "✓○!✗–" and len(s) > 4 for s in states)
    assert {r["Return"]: r["Timing"] for r in table(FULL_BYTES, "People due")}["R-000102"] == "! Late"


@pytest.mark.parametrize("activity", ACTIVITY_SHEETS)
def test_an_activity_sheet_has_each_return_that_counts_with_its_answers_in_the_order_of_the_form(activity: str) -> None:
    rows = table(FULL_BYTES, ACTIVITY_SHEETS[activity])
    versions = [v for v in current(FULL) if v.issue.activity == activity]
    shown = [q for q in FULL.forms[activity].fields if q.id not in ("child_name", "private_note")]
    assert [r["Return"] for r in rows] == [v.issue.return_id for v in versions]
    for row, version in zip(rows, versions, strict=True):
        assert list(row)[-len(shown) :] == [q.name for q in shown]
        answers = version.content.answers
        assert [row[q.name] for q in shown] == [answers[q.id].value if q.id in answers else None for q in shown]
        assert (row["Who"], row["Due"], row["Version"]) == (version.issue.person_name, version.issue.due_on, version.version)


def test_two_questions_of_one_name_get_different_headings() -> None:
    form = FULL.forms["SERV"]
    twin = form.sections[0].fields[0].model_copy(update={"id": "twin"})
    wider = form.sections[0].model_copy(update={"fields": (*form.sections[0].fields, twin)})
    snapshot = EMPTY.model_copy(update={"forms": {"SERV": form.model_copy(update={"sections": (wider,)})}})
    heads = [c.value for c in opened(master(snapshot))["Service summaries"][FIRST_ROW - 1]]
    assert [h for h in heads if h and h.startswith(twin.name)] == [twin.name, f"{twin.name} (2)"]


def test_references_open_the_received_file_by_its_path_from_the_workspace() -> None:
    book = opened(FULL_BYTES)
    for version in current(FULL):
        sheet = book[ACTIVITY_SHEETS[version.issue.activity]]
        links = {row[0].value: row[0].hyperlink for row in sheet.iter_rows(min_row=FIRST_ROW)}
        assert unquote(links[version.issue.return_id].target).replace("\\", "/") == version.file
    other = next(row[0].hyperlink.target for row in book["Data notes"].iter_rows(min_row=FIRST_ROW) if "Lunch" in str(row[0].value))
    assert unquote(other).replace("\\", "/") == "Received/Not ours/=Lunch rota #2 (50%).xlsx"


def test_actions_say_who_by_when_and_whether_it_is_overdue() -> None:
    rows = {r["Action"]: r for r in table(FULL_BYTES, "Actions")}
    today = FULL.as_at.date()
    assert len(rows) == len(FULL.actions)
    for action in FULL.actions:
        row = rows[action.action_id]
        assert (row["What needs to happen"], row["Owner"], row["Due"], row["Child"] or "") == (action.cells["action_text"], action.cells["owner"], due_on(action), action.child_id)
        assert row["From return"] == action.return_id
        assert (str(row["Timing"]) == "✗ Overdue") is overdue(action, today)
        assert (str(row["Timing"]) == "✓ Finished") is finished(action)


def name(file: Received) -> str:
    return (file.kept_as or file.file).split("/")[-1]


def test_data_notes_has_every_file_every_problem_and_what_we_put_right() -> None:
    rows = table(FULL_BYTES, "Data notes")
    want = [(name(f), p.label, p.cell) for f in (*FULL.files, *FULL.waiting) for p in f.problems] + [(name(f), "", "") for f in FULL.files if not f.problems]
    want += [("–", p.label, p.cell) for p in FULL.notes]
    assert sorted((str(r["File"]), str(r["Question"] or ""), str(r["Cell"] or "")) for r in rows) == sorted(want)
    said = {r["What was found"] for r in rows}
    assert {p.message for f in FULL.files for p in f.problems if sample.WITHHELD not in p.message} <= said


# ---------------------------------------------------------------- the numbers


def test_coverage_equals_the_figures() -> None:
    found, n = table(FULL_BYTES, "Coverage"), figures(FULL)
    names = {form.title: code for code, form in FULL.forms.items()}
    wanted = {**{title: n.by_activity[code] for title, code in names.items()}, "All activities": n.total}
    assert {str(r["Activity"]) for r in found} == set(wanted)
    for row in found:
        counts = wanted[str(row["Activity"])]
        numbers = [row[h] for h in ("Expected", "Returned", "On time", "Late", "Awaiting", "Needs fixing", "Held", "Overdue")]
        assert numbers == [counts.expected, counts.returned, counts.on_time, counts.late, counts.awaiting, counts.needs_fixing, counts.held, counts.overdue]
        assert row["Returned of expected"] == str(counts.in_of_expected)


def test_coverage_by_area_equals_the_figures() -> None:
    n = figures(FULL).by_area_activity
    titles = {form.title: code for code, form in FULL.forms.items()}
    rows = [r for r in table(FULL_BYTES, "Coverage by area") if r["Service area"] != "All areas"]
    got = {(str(r["Service area"]).replace("Across the council", ""), titles[str(r["Activity"])]): (r["Expected"], r["Returned"], r["Overdue"]) for r in rows}
    assert got == {key: (c.expected, c.returned, c.overdue) for key, c in n.items()}


def test_start_here_says_the_figures() -> None:
    cells = [v for row in values(FULL_BYTES).sheets["Start here"] for v in row if v is not None]
    n = figures(FULL)
    assert cells[1] == "18 of 25 returns are in; 2 are overdue; 1 needs fixing; 1 is held for a decision; 1 check is not met."
    assert {str(n.total.in_of_expected), str(n.actions.overdue_of_open), len(n.concerns)} <= set(cells)
    assert cells.count("! Immediate concern") == len(n.concerns)
    assert {f"Child {c.child_id}, {c.place}" for c in n.concerns} <= set(cells)


def test_a_concern_stays_in_the_master_when_its_outcome_is_recorded() -> None:
    """On its own sheet, the open ones first; on the first page only those that are open."""
    first = min(c.key for c in figures(FULL).concerns)
    data = master(FULL.model_copy(update={"concerns_settled": frozenset({first})}))
    rows, n = table(data, "Immediate concerns"), figures(FULL).concerns
    assert len(rows) == len(n) > 1
    assert [str(r["Standing"]).startswith("! Open") for r in rows] == [True] * (len(n) - 1) + [False]
    assert rows[-1]["Return"] == next(c.return_id for c in n if c.key == first)
    start = [v for row in values(data).sheets["Start here"] for v in row if v is not None]
    assert start.count("! Immediate concern") == len(n) - 1


def test_a_share_below_ten_has_no_percentage() -> None:
    rows = table(FULL_BYTES, "Coverage")
    assert [r["Returned of expected"] for r in rows] == ["3 of 4", "1 of 3", "14 of 18 (78%)", "18 of 25 (72%)"]
    assert str(Share(n=5, of=40)) == "5 of 40 (13%)"  # as Excel rounds


def test_a_concern_in_a_return_that_needs_fixing_is_not_held_back() -> None:
    sent_back = next(f for f in FULL.files if f.outcome == "needs_fixing")
    worried = sent_back.problems[0].model_copy(update={"code": "CONCERN_NOT_REPORTED"})
    files = tuple(f.model_copy(update={"problems": (worried,)}) if f == sent_back else f for f in FULL.files)
    found = figures(FULL.model_copy(update={"files": files})).concerns
    assert [(c.return_id, c.reported) for c in found if c.return_id == sent_back.return_id] == [(sent_back.return_id, False)]


def test_the_chart_has_a_sentence_for_a_title_and_words_for_who_cannot_see_it() -> None:
    with zipfile.ZipFile(io.BytesIO(FULL_BYTES)) as archive:
        chart, drawing = archive.read("xl/charts/chart1.xml").decode(), archive.read("xl/drawings/drawing1.xml").decode()
    assert "18 returns are in, 7 still to come" in chart
    assert "14 on time, 4 late, 3 not due yet" in drawing


def test_an_empty_quarter_reads_well() -> None:
    book = values(EMPTY_BYTES)
    assert [book.cell(sheet, 2, 1) for sheet in SHEETS[:5]] == ["No returns are expected yet in this quarter.", "It is too early to check: nothing is expected yet.", *["Nothing is expected yet in this quarter."] * 2, "Nothing is due yet in this quarter."]
    assert all(book.cell(sheet, 2, 1) == "None has come in yet." for sheet in ACTIVITY_SHEETS.values())
    assert table(EMPTY_BYTES, "Actions") == []


# ---------------------------------------------------------------- text is text, names stay out


def formulas(data: bytes) -> list[str]:
    return [str(c.value) for sheet in opened(data).worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_no_formula_comes_from_what_people_wrote() -> None:
    found = formulas(FULL_BYTES)
    assert len(found) > 100
    ours = re.compile(r"^=(COUNTIFS?|COUNTA|SUMPRODUCT|ROWS|IF|SUBTOTAL|Coverage|Actions|INDEX|TrendRows\[|\(|\")")
    assert [f for f in found if not ours.match(f)] == []
    texts = [*sample.TEXTS, *(p.name for p in sample.PEOPLE), *(t.service_area for t in sample.TEAMS), *(f.title for f in FULL.forms.values())]
    assert [(f, t) for f in found for t in texts if t in f] == []


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(lambda t: t.strip() == t))
def test_any_text_reads_back_as_it_was_written(text: str) -> None:
    version = FULL.returns[0]
    content = version.content.model_copy(update={"answers": {**version.content.answers, "well": Answer(value=text, sheet="Form", cell="C7")}})
    action = FULL.actions[0].model_copy(update={"cells": {**FULL.actions[0].cells, "action_text": text, "owner": text, "status": text}})
    data = master(FULL.model_copy(update={"returns": (version.model_copy(update={"content": content}),), "actions": (action,)}))
    assert table(data, "Head of Service summaries")[0]["What's working well"] == text
    row = table(data, "Actions")[0]
    assert (row["What needs to happen"], row["Owner"], row["Status"]) == (text, text, text)


def test_a_withheld_answer_is_in_no_part_of_the_file() -> None:
    assert any(a.withheld and a.value == sample.WITHHELD for v in FULL.returns for a in v.content.answers.values())
    with zipfile.ZipFile(io.BytesIO(FULL_BYTES)) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    for word in sample.WITHHELD.split():
        assert not any(word in part for part in parts)


def test_the_same_snapshot_gives_the_same_file() -> None:
    assert master(FULL) == FULL_BYTES


# ---------------------------------------------------------------- in LibreOffice


@pytest.mark.office
@needs_office
def test_recalculated_nothing_is_an_error_and_nothing_changes(tmp_path: Path) -> None:
    wrong = figures(FULL)
    wrong = wrong.model_copy(update={"total": wrong.total.model_copy(update={"returned": 99})})
    books = {"full": FULL_BYTES, "empty": EMPTY_BYTES, "wrong": write_master(FULL, wrong)}
    after = recalculated(tmp_path, books)
    assert changed(books["full"], after["full"]) == []
    assert changed(books["empty"], after["empty"]) == []
    assert changed(books["wrong"], after["wrong"]) != []  # so we know that LibreOffice did calculate
