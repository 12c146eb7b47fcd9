"""What contributions, supervision audits and follow-ups can get wrong: counts, one's own supervision, and nothing to report (cases 65, 66, 75, 76)."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from kit import PEOPLE, PROSE, book, codes, complete, form, issue, issued, reading
from office import needs_office, recalculated

from qaf_sheets.checks import Context, check
from qaf_sheets.demo.fill import typed
from qaf_sheets.forms.layout import lay_out
from qaf_sheets.model import Person, Value

TODAY = date(2026, 12, 18)
PEPS: dict[str, Value] = {"peps_total": 208, "peps_reviewed": 201, "peps_gold": 22, "peps_green": 104, "peps_amber": 61, "peps_red": 14}
SURVEY: dict[str, Value] = {"invited": 164, "responses": 97, "took_part": 52, "had_feedback": 39, "found_useful": 44}
DIP: dict[str, Value] = {"supervision_on_time": "Yes", "reflective": "Partly", "linked_to_asye_plan": "Yes"}
Rows = Sequence[Mapping[str, Value]]


def sent(activity: str, said: Mapping[str, Value], **tables: Rows) -> bytes:
    """A form with answers and rows typed in."""
    return typed(issued(activity), lay_out(form(activity)), dict(said), {t: [dict(r) for r in rows] for t, rows in tables.items()})


def found(activity: str, data: bytes, levels: str = "EW", people: Sequence[Person] = PEOPLE) -> list[tuple[str, str]]:
    context = Context(issue=issue(activity), today=TODAY, people={p.person_id: p for p in people})
    read = reading(activity, data)
    return [c for c in codes((*read.problems, *check(read.content, form(activity), context)), *levels) if c[0] != "FEEDBACK_OUTSTANDING"]


def at(activity: str, field: str) -> str:
    return next(p.cell for p in lay_out(form(activity)).places if p.field == field)


def peps(**changes: Value) -> bytes:
    return sent("C_PEP", complete("C_PEP", **{**PEPS, **changes}))


def test_education_plans_that_add_up_have_nothing_to_put_right() -> None:
    assert found("C_PEP", peps()) == []
    assert found("C_PEP", peps(peps_total=0, peps_reviewed=0, peps_gold=0, peps_green=0, peps_amber=0, peps_red=0)) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"peps_reviewed": 208, "peps_gold": 33}, "COUNTS_EXCEED", "peps_reviewed"),  # 76: 33 + 104 + 61 + 14 = 212
        ({"peps_total": 200}, "COUNT_BEYOND", "peps_reviewed"),  # more than a hundred per cent
        ({"peps_red": -3}, "NOT_A_COUNT", "peps_red"),
        ({"peps_red": 13.5}, "NOT_A_COUNT", "peps_red"),
        ({"peps_red": "14%"}, "NUMBER_UNREADABLE", "peps_red"),
        ({"peps_red": None}, "ANSWER_MISSING", "peps_red"),
    ],
)
def test_counts_that_cannot_be(changes: dict[str, Value], code: str, field: str) -> None:
    assert found("C_PEP", peps(**changes)) == [(code, at("C_PEP", field))]


@pytest.mark.parametrize("field", ["responses", "took_part", "had_feedback", "found_useful"])
def test_a_share_of_the_workers_asked_is_never_more_than_all_of_them(field: str) -> None:
    assert ("COUNT_BEYOND", at("C_PFS", field)) in found("C_PFS", sent("C_PFS", complete("C_PFS", **{**SURVEY, field: 165})))
    assert found("C_PFS", sent("C_PFS", complete("C_PFS", **SURVEY))) == []


def test_audits_that_are_not_graded_leave_the_grades_blank() -> None:
    said = complete("C_EH", audits_done=12, with_partners=3, families_asked=9)
    assert found("C_EH", sent("C_EH", said)) == []
    assert found("C_EH", sent("C_EH", {**said, "audits_good": 9, "audits_ri": 4})) == [("COUNTS_EXCEED", at("C_EH", "audits_done"))]


@pytest.mark.parametrize("activity", ["C_PEP", "C_COMP", "C_PERF", "C_OFS", "C_STAFF", "C_PF"])
def test_nothing_to_report_is_an_answer(activity: str) -> None:
    data = sent(activity, {"nothing_to_report": "Yes", "completed_by": "P031", "completed_on": date(2026, 12, 10)})
    assert found(activity, data) == []
    assert ("NOTHING_TO_REPORT", at(activity, "nothing_to_report")) in found(activity, data, "I")


def test_a_contribution_that_has_something_to_report_needs_all_of_it() -> None:
    missing = {code for code, _ in found("C_PF", sent("C_PF", {"nothing_to_report": "No", "completed_by": "P031", "completed_on": date(2026, 12, 10)}))}
    assert missing == {"ANSWER_MISSING", "CHOICE_MISSING", "ED_MISSING", "ROWS_NONE"}


def test_complaints_name_what_dlt_should_have_looked_at() -> None:
    said = complete("C_COMP", complaints_received=38, complaints_from_children=6, complaints_upheld=17, complaints_in_time=27, qa_requested="Yes")
    assert found("C_COMP", sent("C_COMP", said)) == [("ANSWER_MISSING", at("C_COMP", "qa_requested_what"))]


def supervision(**changes: Value) -> bytes:
    choices: dict[str, Value] = {f.id: "Yes" for f in form("SUP").fields if f.beside}
    return sent("SUP", complete("SUP", **{"supervisor_reviewed": "P041", **choices, **changes}))


def test_nobody_reviews_their_own_supervision() -> None:
    assert found("SUP", supervision()) == []
    assert found("SUP", supervision(supervisor_reviewed="P031")) == [("OWN_SUPERVISION", at("SUP", "supervisor_reviewed"))]
    assert found("SUP", supervision(completed_by="P041")) == [("OWN_SUPERVISION", at("SUP", "supervisor_reviewed"))]


def test_what_is_not_there_in_supervision_is_explained() -> None:
    assert found("SUP", supervision(reflective_discussion_grade="No")) == [("ANSWER_MISSING", at("SUP", "reflective_discussion"))]
    assert found("SUP", supervision(reflective_discussion_grade="No", reflective_discussion=PROSE)) == []
    assert found("SUP", supervision(reflective_discussion_grade=None)) == [("CHOICE_MISSING", at("SUP", "reflective_discussion_grade"))]


@pytest.mark.parametrize(("until", "expected"), [(date(2026, 9, 30), ["ASYE_FINISHED"]), (date(2026, 10, 1), []), (None, [])])
def test_a_social_worker_whose_first_year_is_over(until: date | None, expected: list[str]) -> None:
    people = [p.model_copy(update={"asye_to": until, "end_date": None}) if p.person_id == "P041" else p.model_copy(update={"end_date": None}) for p in PEOPLE]
    data = sent("SUP_ASYE", complete("SUP_ASYE"), asye=[DIP, DIP, DIP])
    first = f"B{lay_out(form('SUP_ASYE')).tables[0].first_row}"
    assert [(c, cell) for c, cell in found("SUP_ASYE", data, people=people) if c == "ASYE_FINISHED"] == [(code, first) for code in expected]


def test_fewer_newly_qualified_than_usual_are_no_fault_of_the_reader() -> None:
    two = issue("SUP_ASYE").model_copy(update={"rows": {"asye": issue("SUP_ASYE").rows["asye"][:2]}})
    content = reading("SUP_ASYE", sent("SUP_ASYE", complete("SUP_ASYE"), asye=[DIP] * 3)).content
    short = content.model_copy(update={"rows": {**content.rows, "asye": content.rows["asye"][:2]}})
    said = {code for code, _ in codes(check(short, form("SUP_ASYE"), Context(issue=two, today=TODAY)))}
    assert "FEW_NEWLY_QUALIFIED" in said
    assert "FEWER_ROWS" not in said
    assert "FEWER_ROWS" in {code for code, _ in codes(check(short, form("SUP_ASYE"), Context(issue=issue("SUP_ASYE"), today=TODAY)))}


def test_a_closed_action_without_evidence_needs_a_word_on_what_was_looked_for() -> None:
    seen: dict[str, Value] = {"evidence_seen": "Yes", "difference_made": "Too early"}
    assert found("FUP", sent("FUP", complete("FUP"), followed=[seen, seen])) == []
    bare = found("FUP", sent("FUP", complete("FUP"), followed=[seen, {**seen, "evidence_seen": "No"}]))
    assert [code for code, _ in bare] == ["ROW_UNFINISHED"]


@pytest.mark.office
@needs_office
def test_the_form_itself_says_which_counts_and_contributions_are_ready(tmp_path: Path) -> None:
    ready = {
        "good": peps(), "nil": sent("C_OFS", {"nothing_to_report": "Yes", "completed_by": "P031", "completed_on": date(2026, 12, 10)}), "supervision": supervision(),
        "followed": sent("FUP", complete("FUP"), followed=[{"evidence_seen": "Yes", "difference_made": "No"}] * 2), "newly": sent("SUP_ASYE", complete("SUP_ASYE"), asye=[DIP] * 3),
    }  # fmt: skip
    not_yet = {
        "sum": peps(peps_reviewed=208, peps_gold=33), "beyond": peps(peps_total=200), "below": peps(peps_red=-3), "broken": peps(peps_red=13.5),
        "unasked": supervision(reflective_discussion_grade="No"), "half": sent("FUP", complete("FUP"), followed=[{"evidence_seen": "Yes", "difference_made": "No"}]),
    }  # fmt: skip
    saved = recalculated(tmp_path / "office", {**ready, **not_yet})
    said = {name: next(row[1] for row in book(data).sheets["Start here"] if row and row[0] == "Ready to return") for name, data in saved.items()}
    assert said == {**dict.fromkeys(ready, "Yes"), **dict.fromkeys(not_yet, "Not yet")}
