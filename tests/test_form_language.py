"""What a form definition may say: another's form, nothing to report, a choice that must be made, rows that are handed out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from kit import HANDED_OUT, LISTS, PEOPLE, PROSE, THEME, book, codes, complete, filled, form, issue, issued, reading, sending
from office import opened

from qaf_sheets.checks import Context, check
from qaf_sheets.forms.definition import DefinitionError, Library, theme_of
from qaf_sheets.forms.layout import FIX, START, lay_out
from qaf_sheets.forms.mark_up import mark_up
from qaf_sheets.forms.read import read_form
from qaf_sheets.forms.write import write_form
from qaf_sheets.model import Form, Theme, Value

SIGNED: dict[str, Value] = {"completed_by": "P031", "completed_on": date(2026, 12, 10)}


def stops(activity: str, data: bytes) -> list[tuple[str, str]]:
    """What stops a return: code and cell."""
    read = reading(activity, data)
    context = Context(issue=issue(activity), today=date(2026, 12, 14), people={p.person_id: p for p in PEOPLE})
    return codes((*read.problems, *check(read.content, form(activity), context)), "E")


def cell(of: Form, field: str) -> str:
    return next(p.cell for p in lay_out(of).places if p.field == field)


# ---------------------------------------------------------------- another's form


@pytest.mark.parametrize("activity", ["OBS_SNR", "OBS_MTG"])
def test_a_form_that_is_like_another_asks_what_it_asks_and_its_own(activity: str) -> None:
    asked, others = [f.id for f in form(activity).fields], [f.id for f in form("OBS").fields]
    assert [f for f in asked if f in others] == others
    assert [f for f in asked if f not in others] == [{"OBS_SNR": "fb_tm_on", "OBS_MTG": "observer_role"}[activity]]
    assert form(activity).id == activity
    assert form(activity).tables == form("OBS").tables
    assert form(activity).not_graded


def test_a_question_of_the_other_form_may_be_changed_where_it_stands() -> None:
    nature = next(f for f in form("OBS_MTG").fields if f.id == "nature")
    assert (nature.given, nature.list) == ("Meeting", "nature")
    assert next(f for f in form("OBS").fields if f.id == "nature").given == ""


def test_what_is_given_stands_in_the_form_and_asks_for_what_follows_from_it() -> None:
    sheet = opened(issued("OBS_MTG"))["Observation"]
    assert sheet[cell(form("OBS_MTG"), "nature")].value == "Meeting"
    said = {k: v for k, v in complete("OBS_MTG").items() if k != "nature"}
    meeting = ("leadership", "multi_agency_working", "involvement_of_family")
    assert {c for _, c in stops("OBS_MTG", filled("OBS_MTG", said))} == {cell(form("OBS_MTG"), f) for f in meeting}
    assert stops("OBS_MTG", filled("OBS_MTG", {**said, **dict.fromkeys(meeting, PROSE)})) == []


def test_feedback_to_the_team_manager_is_needed_after_a_senior_observation() -> None:
    assert stops("OBS_SNR", filled("OBS_SNR", complete("OBS_SNR"))) == []
    assert stops("OBS_SNR", filled("OBS_SNR", complete("OBS_SNR", fb_tm_on=None))) == [("DATE_MISSING", cell(form("OBS_SNR"), "fb_tm_on"))]
    assert stops("OBS_SNR", filled("OBS_SNR", complete("OBS_SNR", fb_tm_on=date(2026, 12, 1)))) == [("DISCUSSED_BEFORE_WORK", cell(form("OBS_SNR"), "fb_tm_on"))]


@pytest.mark.parametrize("text", ['id = "OURS"\nlike = "OURS"', 'id = "OURS"\nlike = "OBS"\n[add]\n"No such section" = [{ id = "more", label = "More" }]', 'id = "OURS"\nlike = "NOWHERE"'])
def test_a_form_that_is_like_nothing_there_is_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(text, "utf-8")
    with pytest.raises(DefinitionError):
        Library((tmp_path,)).form("OURS", LISTS)


def test_a_councils_own_form_is_what_others_are_like(tmp_path: Path) -> None:
    (tmp_path / "obs.toml").write_text('id = "OBS"\ntitle = "Watching"\nplural = "W"\nheading = "W"\nsheet = "W"\npurpose = "W."\nclause = ""\n[[sections]]\ntitle = "Feedback, supervision and appraisal"\nfields = [{ use = "DEC" }]\n', "utf-8")
    assert [f.id for f in Library((tmp_path,)).form("OBS_SNR", LISTS).fields] == ["completed_by", "completed_on", "fb_tm_on"]


def test_the_kind_of_a_themes_questions_is_what_the_plan_calls_it() -> None:
    assert Library().themed() == {"DIP": "yes_partly_no", "THEM": "evaluate"}


# ---------------------------------------------------------------- sheets


@pytest.mark.parametrize("activity", Library().activities())
def test_a_forms_sheets_have_names_of_their_own_that_excel_takes(activity: str) -> None:
    of = form(activity)
    repeated = [t.sheet(n) for t in of.tables if t.sheets for n in range(1, t.rows + 1)]
    names = [START, FIX, *of.sheets, *repeated, *(t.title for t in of.listed)]
    assert len({n.casefold() for n in names}) == len(names)
    assert [n for n in names if len(n) > 31 or set(n) & set("[]:*?/\\")] == []
    assert len({p.key for p in lay_out(of).every}) == len(lay_out(of).every)


# ---------------------------------------------------------------- nothing to report


def test_nothing_to_report_needs_only_to_be_signed() -> None:
    assert stops("C_EH", filled("C_EH", {"nothing_to_report": "Yes", **SIGNED})) == []
    missing = {c for _, c in stops("C_EH", filled("C_EH", {"nothing_to_report": "No", **SIGNED}))}
    needed = [f for f in form("C_EH").fields if f.required and not (f.when or f.prefill or f.id in (*SIGNED, "nothing_to_report"))]
    assert missing == {cell(form("C_EH"), f.id) for f in needed}


def test_a_number_that_cannot_be_read_is_said_all_the_same() -> None:
    told = stops("C_EH", filled("C_EH", {"nothing_to_report": "Yes", "audits_done": "many", **SIGNED}))
    assert told == [("NUMBER_UNREADABLE", cell(form("C_EH"), "audits_done"))]


# ---------------------------------------------------------------- the choice beside the words


def own(tmp_path: Path, fields: str, keys: str = "", table: str = "") -> Form:
    """A council's own form with these questions, and a table."""
    head = 'id = "OURS"\ntitle = "Ours"\nplural = "Ours"\nheading = "Ours"\nsheet = "Ours"\npurpose = "Ours."\nclause = ""\n'
    (tmp_path / "ours.toml").write_text(f'{head}{keys}\n[[sections]]\ntitle = "One"\nfields = [{fields}]\n{table}\n', "utf-8")
    return Library((tmp_path,)).form("OURS", LISTS, theme=THEME)


def test_a_choice_may_be_required_while_the_words_beside_it_depend_on_it(tmp_path: Path) -> None:
    words = 'required = true, when = { field = "seen_grade", one_of = ["No", "Partly"] }'
    seen, choice = own(tmp_path, f'{{ id = "seen", kind = "long", label = "Seen", grade = "yes_partly_no", grade_required = true, {words} }}').fields
    assert (choice.id, choice.required, choice.when, choice.beside) == ("seen_grade", True, None, "seen")
    assert seen.when is not None
    assert seen.when.fields == ("seen_grade",)


def test_a_grade_is_needed_as_its_words_are_unless_it_says_otherwise(tmp_path: Path) -> None:
    _, grade = own(tmp_path, '{ id = "seen", kind = "long", label = "Seen", required = true, when = { field = "seen" }, grade = "grade" }').fields
    assert (grade.required, grade.when is not None) == (True, True)
    _, grade = own(tmp_path, '{ id = "seen", kind = "long", label = "Seen", grade = "grade" }').fields
    assert not grade.required


# ---------------------------------------------------------------- rows that are handed out


def values(activity: str, table: str, data: bytes) -> list[dict[str, Value]]:
    return [{c: a.value for c, a in row.items() if a.value is not None} for row in reading(activity, data).content.rows[table]]


def test_a_table_is_handed_out_with_its_rows_and_our_cells_are_locked() -> None:
    sheet = opened(issued("FUP"))["Closed actions"]
    given = HANDED_OUT["follow_up"]
    columns = form("FUP").tables[0].columns
    for n, row in enumerate(given, 4):
        shown = {c.id: sheet.cell(n, col).value for col, c in enumerate(columns, 2)}
        assert shown["action_text"] == row["action_text"]
        assert shown["claimed_closed_on"].date().strftime("%d/%m/%Y") == row["claimed_closed_on"]
    locked = {c.id: sheet.cell(4, col).protection.locked for col, c in enumerate(columns, 2)}
    assert locked == {c.id: c.fixed for c in columns}
    assert {c.id for c in columns if c.fixed} == set(given[0])


def test_a_row_that_was_handed_out_must_be_answered() -> None:
    told = stops("FUP", filled("FUP", complete("FUP")))
    assert told == [("ROW_UNFINISHED", f"G{n}") for n in range(4, 4 + len(HANDED_OUT["follow_up"]))]
    answered: Mapping[str, Value] = {"evidence_seen": "Yes", "difference_made": "Yes"}
    data = filled("FUP", complete("FUP"), followed=[answered] * len(HANDED_OUT["follow_up"]))
    assert stops("FUP", data) == []
    assert [r["action_id"] for r in values("FUP", "followed", data)] == ["A-0012", "A-0019"]


def test_what_is_handed_out_in_words_is_understood_as_what_it_is(tmp_path: Path) -> None:
    columns = '{ id = "who", kind = "person", label = "Who" }, { id = "many", kind = "number", label = "Many" }, { id = "said", kind = "choice", list = "yes_no", label = "Said" }, { id = "on", kind = "date", label = "On" }'
    table = f'[table.drawn]\nid = "drawn"\ntitle = "Drawn"\nrow = "Row"\npurpose = "Drawn."\nrows = 2\nprefill = "some"\ncolumns = [{columns}]'
    made = own(tmp_path, '{ use = "DEC" }', 'tables = ["drawn"]', table)
    row = {"who": "Blake Placeholder (P041)", "many": "7", "said": "Yes", "on": "13/12/2026"}
    data = write_form(made, sending("OBS").model_copy(update={"issue": issue("OBS").model_copy(update={"rows": {"some": (row,)}})}))
    (read,) = read_form(book(data), made, lay_out(made), PEOPLE).content.rows["drawn"]
    assert {c: a.value for c, a in read.items()} == {"who": "Blake Placeholder (P041)", "many": 7, "said": "Yes", "on": date(2026, 12, 13)}
    assert (read["who"].code, read["said"].code) == ("P041", "Yes")


def test_a_table_to_read_asks_for_nothing() -> None:
    given = issue("MOD").model_copy(update={"rows": {"review": ({"question": "Assessment", "answer": PROSE, "grade": "Good"},)}})
    data = write_form(form("MOD"), sending("MOD").model_copy(update={"issue": given}))
    sheet = opened(data)["Review"]
    assert [sheet.cell(4, n).value for n in range(2, 5)] == ["Assessment", PROSE, "Good"]
    assert all(c.protection.locked for row in sheet.iter_rows(min_row=1, max_row=5) for c in row)
    assert "Review" not in {row[0] for row in book(data).sheets["Start here"] if row}


def test_the_copy_of_a_form_with_rows_handed_out_holds_them_and_marks_what_lacks() -> None:
    read = reading("FUP", filled("FUP", complete("FUP"), followed=({"evidence_seen": "Yes"},)))
    problems = check(read.content, form("FUP"), Context(issue=issue("FUP"), today=date(2026, 12, 14)))
    copy = mark_up(form("FUP"), sending("FUP"), read, problems)
    assert values("FUP", "followed", copy.data) == values("FUP", "followed", filled("FUP", complete("FUP"), followed=({"evidence_seen": "Yes"},)))
    assert [(p.code, p.sheet, p.cell) for p in copy.problems if p.level == "E"] == [("ROW_UNFINISHED", "Closed actions", "H4"), ("ROW_UNFINISHED", "Closed actions", "G5")]


def test_a_themes_question_may_have_choices_of_its_own() -> None:
    theme = (
        Theme(theme="Beds", question_id="BED1", question="The child has a bed of their own", options=("Yes", "no", "Not asked")),
        Theme(theme="Beds", question_id="BED2", question="Somebody has seen it"),
    )
    asked = Library().form("DIP", LISTS, theme=theme)
    own, usual = (c for t in asked.tables for c in t.columns if c.themed)
    assert [(o.text, o.code or o.text) for o in own.options] == [("Yes", "Yes"), ("No", "No"), ("Not asked", "Not asked")]
    assert [o.text for o in usual.options] == ["Yes", "Partly", "No", "Not applicable"]
    assert own.list != usual.list
    assert theme_of(asked) == (theme[0].model_copy(update={"options": ("Yes", "No", "Not asked")}), theme[1])
    assert Library().form("DIP", LISTS, theme=theme_of(asked)) == asked
