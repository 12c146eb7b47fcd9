"""Every activity of the framework has a form of its own, with the fields of specification 2.2 in their order."""

import itertools
import tomllib
from functools import cache
from importlib.resources import files

import pytest
from kit import LISTS, THEME

from qaf_sheets.forms.definition import Library
from qaf_sheets.model import Form

CORE = ("DIP", "THEM", "CCR", "OBS", "OBS_SNR", "OBS_MTG", "SUP", "SUP_ASYE", "ROUT", "SERV")
CONTRIBUTIONS = (
    "C_EH", "C_SEND", "C_YJS", "C_PEP", "C_IRO", "C_SCP", "C_COMP", "C_FOST", "C_ADOP", "C_OFS", "C_PERF", "C_CICC", "C_CLF", "C_CPB", "C_PF", "C_PFS", "C_STAFF",
)  # fmt: skip
FURTHER = ("FUP", "LEARN", "PSW_ANN", "THEM_SNR", "MOD", "EVAL")
APPENDIX_1 = "nothing_to_report area_of_service qa_period date_of_dlt activity well worried action_needed"
ED = "ed_understanding ed_response ed_evaluation"
NO_ED = {"FUP", "C_PERF", "LEARN", "MOD"}
SOS = "sos_well sos_worried sos_needs"
SUP = (
    "supervisor_reviewed supervisee_sampled reviewed_on period_from period_to personal_file_seen case_examples agreement_and_frequency recording_and_signing reflective_discussion "
    f"direction_and_oversight childs_experience qa_findings_reviewed development_and_wellbeing {SOS} {ED} supervisee_feedback discussion_with_supervisor_on recorded_in_supervision_on fb_verbal_on fb_written_on"
)
FIELDS = {
    "SUP": SUP,
    "C_EH": f"{APPENDIX_1} audits_done audits_outstanding audits_good audits_ri audits_inadequate child_voice {ED}",
    "C_SEND": f"{APPENDIX_1} plans_audited plans_outstanding plans_good plans_ri plans_inadequate child_voice {ED}",
    "C_YJS": f"{APPENDIX_1} assessments_audited audited_outstanding audited_good audited_ri audited_inadequate child_voice {ED}",
    "C_PEP": f"{APPENDIX_1} peps_total peps_reviewed peps_gold peps_green peps_amber peps_red child_voice {ED}",
    "C_IRO": f"{APPENDIX_1} children_reviewed reviewed_in_time children_took_part midpoint_checks resolutions_raised resolutions_closed cp_children_reviewed family_feedback child_voice {ED}",
    "C_SCP": f"{APPENDIX_1} practice_learning_reviews safeguarding_practice_reviews multi_agency_audits recommendations child_voice {ED}",
    "C_COMP": f"{APPENDIX_1} complaints_received complaints_upheld complaints_in_time compliments_received qa_requested child_voice {ED}",
    "C_CICC": f"{APPENDIX_1} meetings_held attendees messages child_voice {ED}",
    "C_CLF": f"{APPENDIX_1} forums_held attendees messages child_voice {ED}",
    "C_CPB": f"{APPENDIX_1} boards_held attendees messages child_voice {ED}",
    "C_PFS": f"{APPENDIX_1} invited responses took_part had_feedback found_useful child_voice {ED}",
    "C_FOST": f"nothing_to_report period panels_held {SOS} recommendations child_voice {ED}",
    "C_ADOP": f"nothing_to_report period panels_held {SOS} recommendations child_voice {ED}",
    "C_STAFF": f"nothing_to_report period staff_asked staff_answered {SOS} recommendations child_voice {ED}",
    "C_PF": f"nothing_to_report qa_period summary {SOS} child_voice {ED}",
    "C_OFS": f"nothing_to_report visit visited_on child_voice {ED}",
    "C_PERF": "nothing_to_report month meeting_on child_voice",
    "SUP_ASYE": f"{SOS} {ED}",
    "EVAL": f"exercise session_on took_part {SOS} learning next {ED}",
    "THEM_SNR": f"theme children_discussed what_i_saw challenge_given {ED}",
    "PSW_ANN": f"impact_children next_year {ED}",
}
ROWS = {
    "SUP_ASYE": "asye_person supervisor month supervision_on_time protected_workload reflective linked_to_asye_plan comment action_needed",
    "FUP": "action_id action_text child_id level claimed_closed_on evidence_seen difference_made reopen comment",
    "C_PERF": "measure measured concern why further_qa",
    "C_OFS": "finding finding_kind ilacs will_do",
    "C_PF": "month asked_about attendees said wanted",
    "LEARN": "learning_kind held_on audience attended theme helped how_known",
    "PSW_ANN": "quarter done learnt changed",
    "C_CICC": "you_said we_did told_children_on",
}


@cache
def form(activity: str) -> Form:
    return Library().form(activity, LISTS, theme=THEME)


def asked(activity: str) -> list[str]:
    """Every question, those of a sheet for each child too."""
    one = form(activity)
    return [f.id for f in one.fields] + [c.id for t in one.tables if t.sheets for c in t.columns]


def test_every_activity_has_a_form_and_no_form_is_none_of_them() -> None:
    assert sorted(Library().activities()) == sorted((*CORE, *CONTRIBUTIONS, *FURTHER))


@pytest.mark.parametrize(("activity", "fields"), FIELDS.items())
def test_the_fields_stand_in_the_order_of_the_specification(activity: str, fields: str) -> None:
    wanted = fields.split()
    assert [f for f in asked(activity) if f in wanted] == wanted


@pytest.mark.parametrize(("activity", "columns"), ROWS.items())
def test_the_rows_have_the_columns_of_the_specification(activity: str, columns: str) -> None:
    assert [c.id for c in form(activity).tables[0].columns] == columns.split()


def test_no_form_is_a_copy_of_another() -> None:
    said = {a: (tuple(asked(a)), tuple(tuple(c.id for c in t.columns) for t in form(a).tables)) for a in Library().activities()}
    assert [pair for pair in itertools.combinations(said, 2) if said[pair[0]] == said[pair[1]]] == []


@pytest.mark.parametrize("activity", [*CORE, *CONTRIBUTIONS, *FURTHER])
def test_equality_and_diversity_is_asked_wherever_the_framework_asks_it(activity: str) -> None:
    found = [f for f in asked(activity) if f in ED.split()]
    assert found == ([] if activity in NO_ED else ED.split())


@pytest.mark.parametrize("activity", CONTRIBUTIONS)
def test_nothing_to_report_comes_first_in_every_contribution(activity: str) -> None:
    one = form(activity)
    assert (one.fields[0].id, one.nil, one.fields[0].required) == ("nothing_to_report", "nothing_to_report", True)


@pytest.mark.parametrize("activity", [*CORE, *CONTRIBUTIONS, *FURTHER])
def test_every_form_can_be_signed_off_named_and_placed_in_the_framework(activity: str) -> None:
    one = form(activity)
    assert [f.id for f in one.fields[-2:]] == ["completed_by", "completed_on"]
    assert one.family
    assert one.clause
    assert one.purpose.endswith(".")
    assert all(len(name) <= 31 for name in (one.sheet, *(t.title for t in one.tables)))
    assert len({one.sheet, "Start here", *(t.title for t in one.tables)}) == len(one.tables) + 2


@pytest.mark.parametrize("activity", ["OBS", "OBS_SNR", "OBS_MTG"])
def test_no_observation_asks_for_a_grade(activity: str) -> None:
    one = form(activity)
    every = (*one.fields, *(c for t in one.tables for c in t.columns))
    assert one.not_graded
    assert [f.id for f in every if f.list in ("grade", "area_grade") or "grade" in f.part] == []


def test_every_list_a_form_names_is_one_of_the_plans() -> None:
    every = {f.list for a in Library().activities() for f in (*form(a).fields, *(c for t in form(a).tables for c in t.columns)) if f.kind == "choice"}
    assert every - set(LISTS) == set()
    assert all(f.options for a in Library().activities() for f in form(a).fields if f.kind == "choice")


def test_counts_lie_within_questions_that_are_asked() -> None:
    for activity in Library().activities():
        numbers = {f.id for f in form(activity).fields if f.kind == "number"}
        assert {name for f in form(activity).fields for name in (f.within, f.part_of) if name} <= numbers


@pytest.mark.parametrize("activity", [*CONTRIBUTIONS, "SUP", "SUP_ASYE", "FUP", "LEARN", "PSW_ANN", "EVAL", "THEM", "THEM_SNR", "OBS_SNR", "OBS_MTG"])
def test_the_demo_has_words_for_all_that_must_be_written(activity: str) -> None:
    words = _words()
    known = {**words["all"], **words.get("OBS" if activity.startswith("OBS") else "", {}), **words.get(activity, {})}
    prose = [f for f in (*form(activity).fields, *(c for t in form(activity).tables if t.sheets for c in t.columns)) if f.kind in ("long", "text") and f.required]
    assert [f.id for f in prose if not (f.fixed or f.prefill or f.themed or f.id in known)] == []


def _words() -> dict[str, dict[str, object]]:
    words: dict[str, dict[str, object]] = {}
    for file in (files("qaf_sheets.demo") / "words").iterdir():
        for activity, said in tomllib.loads(file.read_text("utf-8")).items():
            words.setdefault(activity, {}).update(said)
    return words
