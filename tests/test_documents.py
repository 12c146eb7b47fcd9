"""The Word summaries: the author's words as typed, what is missing first, and nothing that may not be told."""

from __future__ import annotations

import re
from datetime import date

import graded
import pytest
import sample
from papers import (
    AREA,
    COMPILED,
    DIRECTOR,
    FOLDER,
    HEAD,
    OVERDUE,
    ROUT,
    SERV,
    SERVICE,
    alone,
    answer,
    box,
    full,
    head,
    in_state,
    lines,
    opened,
    said,
    service,
    table,
    under,
    written,
)

from qaf_sheets.model import Decision, Event, Quarter, State, Version
from qaf_sheets.outputs.documents import Document
from qaf_sheets.outputs.documents.service import Scope, Service
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import references, safe_name, unlike
from qaf_sheets.outputs.figures import figures

# ---------------------------------------------------------------- which documents there are


def test_one_for_each_head_of_service_the_assistant_director_and_each_area() -> None:
    areas = (AREA, "Children in Care", "Early Help and Youth Justice")
    assert {p for p in full() if "/Services/" in p} == {DIRECTOR, COMPILED, *(f"{FOLDER}/{kind} summary - {area} - Q3 2026-27.docx" for kind in ("Head of Service", "Service") for area in areas)}


def test_no_path_holds_a_name_of_a_person() -> None:
    assert not [path for path in full() for p in sample.PEOPLE if p.name.split()[1] in path]


def test_nothing_is_written_where_nothing_is_owed() -> None:
    assert written(sample.empty()) == {}
    assert HEAD not in written(in_state(sample.snapshot(), ROUT, "not_required"))


@pytest.mark.parametrize(("area", "name"), [("Health: a/b?", "Health a b"), ("Ends in dots...", "Ends in dots"), ("???", "Unnamed"), ("x" * 300, "x" * 120)])
def test_file_names_suit_windows(area: str, name: str) -> None:
    assert safe_name(area) == name


def test_two_areas_never_share_a_file() -> None:
    assert list(unlike(["North", "NORTH", "South", "North"])) == ["North", "NORTH (2)", "South", "North (3)"]


# ---------------------------------------------------------------- Appendix 2


def test_appendix_2_has_the_frameworks_headings_in_its_order() -> None:
    headings = [p.text for p in opened(full()[HEAD]).paragraphs if p.style.name == "Heading 1"]
    assert headings == ["QUALITY ASSURANCE ACTIVITY UNDERTAKEN IN THE PERIOD", "WHAT'S WORKING WELL", "WHAT ARE WE WORRIED ABOUT?", "ACTION NEEDED", "ADDED BY THE QA UNIT"]
    assert [[c.text for c in row.cells] for row in opened(full()[HEAD]).tables[0].rows] == [
        ["HEAD OF SERVICE", "Blair Inventley, Help and Assessment"], ["QA PERIOD", "Q3 2026-27 (October to December 2026)"], ["DATE OF SUMMARY", "10 December 2026"],
    ]  # fmt: skip


def test_the_assistant_directors_says_so() -> None:
    document = opened(full()[DIRECTOR])
    assert document.paragraphs[0].text == "ASSISTANT DIRECTOR SUMMARY OF ROUTINE QUALITY ASSURANCE"
    assert document.tables[0].rows[0].cells[0].text == "ASSISTANT DIRECTOR"


def test_the_managers_own_words_come_first_as_written() -> None:
    document = full()[HEAD]
    assert under(document, "QUALITY ASSURANCE ACTIVITY UNDERTAKEN IN THE PERIOD")[:2] == ["I read twelve records.", "I chaired four panels."]
    assert under(document, "ACTION NEEDED")[0] == "One thing.\nThen another."
    assert under(document, "WHAT'S WORKING WELL")[0] == "Plans are clear."
    assert under(document, "Supervision of managers") == ["Monthly."]
    assert under(document, "How evident this is in the work") == ["Partly evident"]


def test_a_heading_without_words_says_so_and_is_told_at_the_top() -> None:
    document = full()[HEAD]
    assert under(document, "Learning") == ["Nothing was written under this heading."]
    assert "Left blank in the return: Learning." in box(document)


def test_activity_counts_agree_with_the_figures_and_give_references() -> None:
    rows = {row[0]: row for row in table(full()[HEAD], "Activity")}
    expected = {code: counts for (area, code), counts in figures(sample.snapshot()).by_area_activity.items() if area == AREA}
    assert {rows[t][1] for t in ("Head of Service summary", "Service summary")} == {"1 of 1"}
    assert rows["Observation of practice"][1] == str(expected["OBS"].in_of_expected) == "6 of 7"
    assert rows["Observation of practice"][3] == "R-000108, R-000110 to R-000112, R-000115, R-000117"
    assert rows["Observation of practice, by others"][1::2] == ["2 returns", "R-000118, R-000120"]


def test_shares_of_ten_and_more_have_a_percentage() -> None:
    assert [row[1] for row in table(full()[DIRECTOR], "Activity")] == ["3 of 4", "1 of 3", "14 of 18 (78%)"]


def test_observers_are_quoted_a_team_at_a_time_with_activity_team_and_reference() -> None:
    quotes = [p.text for p in opened(full()[HEAD]).paragraphs if p.style.name == "Quote"]
    assert 2 < len(quotes) <= 12
    assert len({q.split("” (")[0] for q in quotes}) == len(quotes)  # no words twice
    assert all(re.search(r"” \(Observation of practice, (Assessment A|MASH), R-\d{6}\)$", q) for q in quotes)
    assert [q.split(", ")[-2] for q in quotes[:2]] == ["Assessment A", "MASH"]


@pytest.mark.parametrize("naming", ["Jules Sampleton did well.", "It was Sampleton’s best visit, and JULES knew it."])
def test_words_that_name_the_person_observed_are_not_quoted(naming: str) -> None:
    observed = said(sample.snapshot(), "R-000108", strengths=naming, areas_for_development="Pace.")
    text = "\n".join(lines(written(observed)[HEAD]))
    assert naming not in text
    assert "R-000108" in text


def test_each_column_quotes_up_to_four_answers_of_every_activity() -> None:
    found = {part: reviewed_service().quoted(part)["quotes"] for part in ("well", "worried", "needs")}
    assert all(isinstance(quotes, list) and 0 < len(quotes) <= 4 for quotes in found.values())
    assert {q.activity for q in found["well"]} == {"Collaborative case review", "Dip sample"}
    assert {q.team for q in found["well"]} >= {"Assessment A", "Assessment B"}


def test_a_worry_or_a_need_is_quoted_only_of_work_below_good() -> None:
    weak = {g.id for g in figures(graded.snapshot()).work if g.final in ("RI", "Inadequate")}
    refs = {q.ref for part in ("worried", "needs") for q in reviewed_service().quoted(part)["quotes"] if q.activity == "Collaborative case review"}
    assert refs
    assert refs <= weak


def reviewed_service() -> Service:
    """Everybody of the small quarter of reviews as one service; its reviews say something each of its own."""
    base = graded.snapshot()
    texts = {"went_well": "The child was heard in review {}.", "rationale": "Nobody knew the plan of review {}.", "further_improvement": "Write the plan of review {} with the family."}

    def telling(version: Version) -> Version:
        if version.issue.activity != "CCR":
            return version
        words = {k: answer(text.format(version.issue.return_id[-1])) for k, text in texts.items()}
        return version.model_copy(update={"content": version.content.model_copy(update={"answers": {**version.content.answers, **words}})})

    snapshot = base.model_copy(update={"returns": tuple(telling(v) for v in base.returns)})
    numbers = figures(snapshot)
    everywhere = Scope(frozenset(p.person_id for p in base.plan.people), frozenset(area for _, area in numbers.grades.by_area), "here")
    return Service(snapshot, numbers, everywhere, Teller(base.plan))


def test_an_observation_is_never_graded() -> None:
    rows = [row for row in table(full()[HEAD], "Activity") if row[0].startswith("Observation")]
    assert all("Not graded." in row[2] for row in rows)
    assert not re.search(r"\b(Outstanding|Inadequate|average)\b", "\n".join(lines(full()[HEAD])))


def test_actions_stand_with_their_state_overdue_first_and_owners_by_role() -> None:
    rows = table(full()[HEAD], "Action")
    assert [(row[0][-4:], row[4]) for row in rows] == [
        ("0001", "Overdue"), ("0008", "Escalated, overdue"), ("0007", "Open"), ("0009", "Open"), ("0005", "Verified"), ("0004", "Done, not checked"),
    ]  # fmt: skip
    assert {row[2] for row in rows} <= {f"{sample.PLAN.role_text('TM')}, {t.team}" for t in sample.TEAMS}


def test_an_earlier_quarters_action_stays_until_it_is_finished() -> None:
    base = sample.snapshot().actions[0]
    earlier = tuple(base.model_copy(update={"action_id": f"ACT-2026Q2-000{n}", "quarter": "2026-27-Q2", "cells": {**base.cells, "status": s}}) for n, s in enumerate(("Open", "Closed")))
    rows = table(written(sample.snapshot().model_copy(update={"actions": earlier}))[HEAD], "Action")
    assert [row[0] for row in rows] == ["ACT-2026Q2-0000"]


def test_a_concern_is_counted_with_its_return_and_no_child() -> None:
    assert any(line.startswith("2 immediate concerns") and "R-000108, R-000115" in line for line in under(full()[HEAD], "WHAT ARE WE WORRIED ABOUT?"))


# ---------------------------------------------------------------- what is missing


def test_without_a_return_the_document_says_so_first_and_gives_what_is_known() -> None:
    document = full()[OVERDUE]
    assert box(document)[0] == "No return has been received. It was due on 11 December 2026."
    for heading in ("QUALITY ASSURANCE ACTIVITY UNDERTAKEN IN THE PERIOD", "WHAT'S WORKING WELL", "WHAT ARE WE WORRIED ABOUT?", "ACTION NEEDED"):
        assert under(document, heading)[0] == "No return has been received."
    assert ["Observation of practice", "2 of 4"] in [row[:2] for row in table(document, "Activity")]


@pytest.mark.parametrize(
    ("state", "start"),
    [
        ("due", "No return has been received yet. It is due on 11 December 2026."),
        ("needs_fixing", "No return that can be used has been received: one came in and has been sent back"),
        ("held", "No return that can be used has been received: one came in and waits"),
        ("nil", "No return has been received: it is recorded that there was nothing to report"),
    ],
)
def test_each_state_without_a_return_is_told(state: State, start: str) -> None:
    assert box(written(in_state(sample.snapshot(), ROUT, state))[HEAD])[0].startswith(start)


def test_what_the_service_has_not_returned_is_told_with_references() -> None:
    assert "Observation of practice: 2 of 4 not in. 1 overdue (R-000123); 1 held for a decision (R-000124)." in box(full()[OVERDUE])
    assert "Observation of practice: 4 of 18 (22%) not in" in "\n".join(box(full()[DIRECTOR]))


def test_feedback_not_recorded_is_missing() -> None:
    assert any(line.startswith("Observation of practice: spoken and written feedback") and "6 of 6" in line for line in box(full()[HEAD]))


def test_a_quarter_with_nothing_in_still_has_its_documents() -> None:
    quiet = sample.snapshot()
    duties = tuple(d.model_copy(update={"state": "due", "received_on": None}) for d in quiet.duties)
    found = written(quiet.model_copy(update={"duties": duties, "returns": (), "files": (), "actions": ()}))
    assert {p for p in found if "/Services/" in p or "/DLT/" in p} == {p for p in full() if "/Services/" in p or "/DLT/" in p}
    assert "No returns received yet" in lines(found[HEAD])
    assert "No actions were set this quarter." in under(found[HEAD], "ACTION NEEDED")
    assert {row[2] for row in table(found[SERVICE], "Activity")} == {"No returns received."}


# ---------------------------------------------------------------- Appendix 1


def test_appendix_1_reads_as_the_framework_has_it() -> None:
    document = full()[SERVICE]
    assert [[c.text for c in row.cells] for row in opened(document).tables[0].rows] == [
        ["AREA OF SERVICE", AREA], ["QA PERIOD", "Q3 2026-27 (October to December 2026)"], ["DATE OF DLT", "27 January 2027"],
    ]  # fmt: skip
    assert under(document, "Children’s and young people’s experiences") == ["Fewer moves."]
    assert under(document, "WHAT ARE WE WORRIED ABOUT?")[0] == "Contingency is thin."


def test_the_dlt_date_comes_from_the_calendar_until_the_return_says_it() -> None:
    event = Event(quarter=Quarter(year=2026, number=4), activity="REPORT", dlt_date=date(2027, 1, 25))
    planned = sample.snapshot().model_copy(update={"plan": sample.PLAN.model_copy(update={"calendar": (event,)})})
    assert "25 January 2027" in lines(written(planned)[SERVICE])
    assert "To be confirmed" in lines(written(sample.snapshot())[SERVICE])


def test_appendix_1_shows_no_child_and_no_practitioner() -> None:
    author = {"P010"}
    children = {v.content.text("child_id") for v in sample.snapshot().returns} - {""}
    assert children
    for path, document in full().items():
        if "/Service summary" in path:
            text = "\n".join(lines(document))
            assert not [c for c in children if c in text]
            assert not [p.name for p in sample.PEOPLE if p.name in text and p.person_id not in author]


def test_only_the_summarys_own_actions_are_worded_the_rest_are_counted() -> None:
    document = full()[SERVICE]
    own = [a.action_id for a in sample.snapshot().actions if a.return_id == SERV]
    assert [row[0] for row in table(document, "Action")] == own
    assert any("Across the service, 6 actions: 4 open (2 overdue), 2 done or not needed." in line for line in under(document, "ACTION NEEDED"))


def test_a_paragraph_that_may_name_a_child_or_a_colleague_is_held_back_and_says_so() -> None:
    document = service(well="For 9200123 all is well.\n\nPlans are clear.", worried="Kit Placeholder is new.")
    shown, held = under(document, "WHAT'S WORKING WELL")
    assert shown == "Plans are clear."
    assert held.startswith("1 paragraph is held back")
    assert held.endswith("R-000105, sheet Summary, C9.")
    assert [w.startswith("1 paragraph is held back") for w in under(document, "WHAT ARE WE WORRIED ABOUT?")][:1] == [True]
    assert under(service(well="In 2026 we read 1,200 records."), "WHAT'S WORKING WELL") == ["In 2026 we read 1,200 records."]


def test_a_summary_is_a_draft_until_somebody_signs() -> None:
    def footer(document: Document) -> str:
        return str(opened(document).sections[0].footer.paragraphs[0].text)

    assert footer(service(well="Fine.")).startswith("DRAFT")
    assert footer(service(well="Fine.", signed_off_by="Blair Inventley (P010)")).startswith("Signed off")


def test_a_summary_of_a_signed_quarter_says_so_in_its_footer_and_under_sign_off() -> None:
    signed = Decision(decision_id="D-0001", kind="sign_off", about="2026-27-Q3", choice="Sign off", who=f"{sample.PEOPLE[0].name} ({sample.PEOPLE[0].person_id})", why="Read")
    document = alone(said(sample.snapshot(), SERV, well="Fine.").model_copy(update={"signed_off": signed}), SERV)[SERVICE]
    assert document.lines[-1].text.startswith(f"Signed off by {sample.PEOPLE[0].name}")
    assert f"Signed off by {signed.who}, with the report of the quarter." in under(document, "Sign-off")
    assert "Draft. Not yet signed off." not in lines(document)


def test_why_no_action_is_needed_is_told() -> None:
    assert any("The plan is on track." in line for line in under(head(action_needed="Nothing.", no_action_reason="The plan is on track."), "ACTION NEEDED"))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("ids", "text"),
    [((), ""), (("R-000002", "R-000001"), "R-000001, R-000002"), (("R-000001", "R-000002", "R-000003", "R-000009"), "R-000001 to R-000003, R-000009"), (("R-000001", "R-000001"), "R-000001")],
)
def test_references_in_a_row_are_a_run(ids: tuple[str, ...], text: str) -> None:
    assert references(ids) == text
