"""Voices, observations, supervision and staff feedback: every figure counted by hand from a quarter small enough to read."""

from __future__ import annotations

from pathlib import Path

import pytest
import voices
from hypothesis import given, settings
from hypothesis import strategies as st
from office import changed, needs_office, opened, recalculated
from test_master import table

from qaf_sheets import book as reader
from qaf_sheets.model import Quarter, State, Total, Value
from qaf_sheets.outputs.figures import GradeCounts, Share, Shown, figures
from qaf_sheets.outputs.figures.once_a_year import once_a_year
from qaf_sheets.outputs.figures.said import CHILDREN, FAMILY, STAFF, WORKER
from qaf_sheets.outputs.master import write_copy, write_master
from qaf_sheets.outputs.master.said import UNSAID
from qaf_sheets.outputs.sharing import Reader

SNAPSHOT = voices.snapshot()
FIGURES = figures(SNAPSHOT)


# ---------------------------------------------------------------- once a year


def test_each_person_is_counted_once_and_a_quarter_counted_by_hand_says_only_how_many() -> None:
    once = FIGURES.once["OBS"]
    assert {p.person_id: p.standing for p in once.people} == {"P031": "seen", "P032": "unknown", "P041": "seen", "P043": "overdue", "P044": "to come"}
    assert once.seen == Share(n=3, of=5)
    assert [(once.by_the_end_of(q), once.asked(q)) for q in (1, 2, 3, 4)] == [(1, 2), (1, 3), (3, 4), (3, 5)]
    assert [(p.person_id, p.nature, p.manager_id, p.area) for p in once.people if p.standing == "seen"] == [("P031", "Meeting", "P010", voices.FRONT), ("P041", "Visit", "P031", voices.FRONT)]


def test_the_check_says_the_same() -> None:
    found = {c.number: c for c in FIGURES.checks}
    assert found[9].actual == "3 of 5; 1 in Q1 as counted by hand"
    assert found[9].expected.startswith("4 of 5")
    assert found[12].actual == "1 of 2"


def test_what_observations_speak_of_is_counted_by_keyword_and_area() -> None:
    once = FIGURES.once["OBS"]
    assert once.development[""] == {"Analysis of risk": 2, "Planning and SMART actions": 1}
    assert once.strengths[voices.FRONT]["Recording and chronology"] == 1
    assert voices.HELP not in once.strengths


# ---------------------------------------------------------------- supervision


def test_prompts_are_counted_over_files_and_by_the_area_of_whom_they_are_about() -> None:
    s = FIGURES.supervision
    assert (s.audits, s.dips) == (1, 2)
    said = {(p.activity, p.id, p.area): (p.yes, p.partly, p.no, p.not_applicable) for p in s.prompts}
    assert said["SUP", "agreement_and_frequency_grade", ""] == said["SUP", "agreement_and_frequency_grade", voices.FRONT] == (0, 0, 1, 0)
    assert said["SUP", "personal_file_seen", ""] == (1, 0, 0, 0)
    assert said["SUP_ASYE", "protected_workload", voices.HELP] == (1, 0, 0, 1)
    assert said["SUP_ASYE", "linked_to_asye_plan", ""] == (0, 0, 0, 0)
    assert len({p.text for p in s.prompts if not p.area}) == 8 + 4
    assert [(m.month, m.owed, m.returned) for m in s.months] == [("2026-10", 1, 1), ("2026-11", 2, 0)]


# ---------------------------------------------------------------- children and families


def test_the_childs_voice_is_graded_by_the_childs_area_and_team_with_whose_views_were_heard() -> None:
    groups = {(g.by, g.name): g for g in FIGURES.voice.groups}
    everyone = groups["Everyone", ""]
    assert everyone.grades == GradeCounts(outstanding=2, good=2)
    assert everyone.family == FIGURES.family
    assert groups["Team", "Assessment B"].family.by_option == {"Child": 0, "Parent/carer": 1, "Both": 0, "Tried - not reached": 1, "Not appropriate": 0}
    assert groups["Service area", voices.HELP].grades == GradeCounts(outstanding=1, good=1)


def test_what_children_asked_for_says_what_was_done_and_whether_they_have_their_answer() -> None:
    asked = [s for s in FIGURES.voice.said if s.answered is not None]
    assert [(s.text, s.answered, s.standing) for s in asked] == [
        ("Can we meet in the evening?", True, "Children told on 02/12/2026"), ("We want a dog.", False, "Children not told yet"), ("Help with rent.", True, "Done"), ("A drop-in.", False, "No answer yet"),
    ]  # fmt: skip
    assert FIGURES.voice.answered == Share(n=2, of=4)


def test_words_that_may_name_somebody_are_not_repeated() -> None:
    (told,) = [s for s in FIGURES.voice.said if s.named]
    assert (told.reference, told.text, told.whose) == ("R-000205", "", CHILDREN)
    assert not any("Placeholder" in s.text for s in (*FIGURES.voice.said, *FIGURES.staff.said))


def test_what_a_family_said_in_an_observation_stands_with_its_reference_and_team() -> None:
    (one,) = [s for s in FIGURES.voice.said if s.whose == FAMILY]
    assert (one.reference, one.text, one.team, one.area) == ("R-000201", "She listens to us.", "Assessment A", voices.FRONT)


# ---------------------------------------------------------------- staff


def test_staff_are_heard_together_and_one_by_one() -> None:
    said = [(s.whose, s.reference, s.text or s.became) for s in FIGURES.staff.said]
    assert (WORKER, "R-000201", "It helped me to see it.") in said
    assert [text for whose, _, text in said if whose == STAFF] == ["Caseloads came up.", "The rota was changed.", "We need time for goodbyes.", "An hour for each.", "We ask first.", "Tell us sooner."]
    assert next(s for s in FIGURES.staff.said if s.became).text == ""


def test_a_survey_is_counted_of_what_each_number_lies_within() -> None:
    assert [(a.share, a.of) for a in FIGURES.staff.surveys] == [(Share(n=40, of=80), "Workers asked"), (Share(n=20, of=40), "Answers"), (Share(n=15, of=20), "Had taken part in QA"), (Share(n=16, of=20), "Had taken part in QA")]


def test_comments_are_counted_of_the_pieces_that_ask_for_them() -> None:
    found = {(c.activity, c.by, c.name): c.share for c in FIGURES.staff.comments}
    assert found["OBS", "Everyone", ""] == Share(n=1, of=2)
    assert found["CCR", "Everyone", ""] == Share(n=0, of=4)
    assert ("SUP", "Everyone", "") not in found


# ---------------------------------------------------------------- the same in the master


MASTER = write_master(SNAPSHOT, FIGURES)


def named(sheet: str, **where: object) -> dict[str, Value]:
    (row,) = [r for r in table(MASTER, sheet) if all(r[k.replace("_", " ")] == v for k, v in where.items())]
    return row


def test_voice_of_the_child_says_the_figures() -> None:
    options = ("Child", "Parent/carer", "Both", "Tried - not reached", "Not appropriate")
    for group in FIGURES.voice.groups:
        row = named("Voice of the child", Counted_by=group.by, Name=group.name or "All children reviewed")
        assert [row[g] for g in ("Outstanding", "Good", "Requires improvement (RI)", "Inadequate")] == [n for _, n in group.grades]
        assert [row[o] for o in options] == [group.family.by_option[o] for o in options]
        assert row["Views heard"] == str(group.family.heard)
    headline = reader.read_book(MASTER, "m.xlsx").sheets["Voice of the child"][1][0]  # type: ignore[union-attr]
    assert headline == "Views were heard in 3 of 4 reviews. Work on the child's voice is Good or better in 4 of 4. Children's requests with their answer: 2 of 4."


def test_observations_and_supervision_say_the_figures_and_grade_nothing() -> None:
    rows = table(MASTER, "Observations")
    then = [r for r in rows if r["Counted by"] == "By the end of"]
    assert [(r["Observed"], r["Asked by then"], r["Standing"]) for r in then] == [(1, 2, "✗ Behind"), (1, 3, "✗ Behind"), (3, 4, "✗ Behind"), (None, 5, "○ To come")]
    everyone = named("Observations", Counted_by="Everyone")
    assert [everyone[h] for h in ("People", "Observed", "To come", "Overdue", "Turn counted by hand", "Meeting", "Visit")] == [5, 2, 1, 1, 1, 1, 1]
    assert everyone["Observed, of people"] == "2 of 4"
    assert everyone["Spoken of most"] == "To develop: Analysis of risk 2"
    assert {(r["Name"], r["People"], r["Standing"]) for r in rows if r["Counted by"] == "Line manager"} == {("Harper Imaginer", 2, "✓ All seen"), ("Avery Exampleworth", 1, "✓ All seen"), ("Robin Standin", 2, "✗ 1 overdue")}
    assert named("Supervision", Counted_by="ASYE, November", Name="All dips")["Standing"] == "✗ 2 overdue"
    grades = {"Outstanding", "Good", "Inadequate", "Requires improvement (RI)"}
    assert not grades & {v for name in ("Observations", "Supervision", "Supervision findings", "Once a year") for row in table(MASTER, name) for v in (*row, *row.values())}


def test_who_has_not_been_seen_yet_stands_first() -> None:
    rows = table(MASTER, "Once a year")
    assert [(r["Person"], r["Standing"]) for r in rows if r["What"] == "Practice observed"] == [
        ("Quinn Notreal", "✗ Overdue"), ("Sage Mockford", "○ To come"), ("Robin Standin", "– Counted by hand"), ("Avery Exampleworth", "✓ Seen"), ("Blake Placeholder", "✓ Seen"),
    ]  # fmt: skip


def test_findings_and_staff_feedback_say_the_figures() -> None:
    rows = [r for r in table(MASTER, "Supervision findings") if r["Counted by"] == "Everyone"]
    assert [(r["Yes"], r["Partly"], r["No"], r["Not applicable"]) for r in rows] == [(p.yes, p.partly, p.no, p.not_applicable) for p in FIGURES.supervision.prompts if not p.area]
    staff = {(r["Activity"], r["Counted by"], r["Name"]): r for r in table(MASTER, "Staff feedback")}
    assert (staff["Observation of practice", "Everyone", "All work"]["Share"], staff["Observation of practice", "Service area", voices.FRONT]["Count"]) == ("1 of 2", 1)
    assert [r["Share"] for r in table(MASTER, "Staff feedback") if r["Counted by"] == "Survey"] == ["40 of 80 (50%)", "20 of 40 (50%)", "15 of 20 (75%)", "16 of 20 (80%)"]


def test_what_was_said_opens_the_received_file_and_names_nobody() -> None:
    rows = table(MASTER, "What children say")
    assert [(r["What was said"], r["Answered"]) for r in rows if r["Answered"]][:2] == [("Can we meet in the evening?", "✓ Answered"), ("We want a dog.", "○ Not yet")]
    assert next(r for r in rows if r["Asked"] == "Main messages" and r["Return"] == "R-000205")["What was said"] == UNSAID
    links = {row[2].value: row[2].hyperlink for row in opened(MASTER)["What staff say"].iter_rows(min_row=5) if row[2].hyperlink}
    assert links["R-000201"].target.replace("\\", "/").startswith("Received/")


def test_no_chart_is_drawn_for_fewer_than_make_it_honest() -> None:
    drawn = {s.title: len(s._charts) for s in opened(MASTER).worksheets}
    assert [drawn[name] for name in ("Voice of the child", "Observations", "Supervision", "Supervision findings")] == [0, 0, 0, 0]


def test_the_leadership_teams_copy_counts_voices_without_a_child_or_a_person() -> None:
    plan = SNAPSHOT.plan.model_copy(update={"settings": {**SNAPSHOT.plan.settings, "small_team_work": "2", "small_team_staff": "2"}})
    copy = opened(write_copy(Reader(kind="dlt"), (SNAPSHOT.model_copy(update={"plan": plan}),)))
    ours = ("Voice of the child", "Observations", "Supervision", "Supervision findings", "Staff feedback")
    assert set(ours) <= set(copy.sheetnames)
    assert not {"What children say", "What staff say", "Once a year"} & set(copy.sheetnames)
    said = " ".join(str(c.value) for name in ours for row in copy[name].iter_rows() for c in row if c.value is not None)
    assert [p.name for p in voices.PEOPLE if p.name in said] == []
    assert "93000" not in said


@pytest.mark.office
@needs_office
def test_every_formula_calculates_to_what_it_says(tmp_path: Path) -> None:
    after = recalculated(tmp_path / "office", {"m": MASTER})["m"]
    assert changed(MASTER, after) == []


# ---------------------------------------------------------------- whatever the year was like


STATES = st.sampled_from(["later", "due", "needs_fixing", "held", "returned", "overdue", "nil", "exempt", "not_required"])
OWED = st.lists(st.tuples(st.sampled_from(["P031", "P032", "P041", "P043", "P044"]), STATES, st.integers(1, 4)), max_size=14)


@settings(max_examples=150, deadline=None)
@given(OWED, st.dictionaries(st.integers(1, 4), st.integers(0, 6)))
def test_everybody_stands_somewhere_once_and_the_year_never_goes_back(owed: list[tuple[str, State, int]], by_hand: dict[int, int]) -> None:
    duties = [voices.duty(None, "OBS", about, state=state, quarter=Quarter(year=2026, number=q), n=n) for n, (about, state, q) in enumerate(owed)]
    totals = tuple(Total(quarter=Quarter(year=2026, number=q), activity="OBS", measure="returned", n=n) for q, n in by_hand.items())
    now = tuple(d for d in duties if d.obligation.quarter == SNAPSHOT.quarter)
    seen = SNAPSHOT.model_copy(update={"duties": now, "year": tuple(d for d in duties if d not in now), "plan": SNAPSHOT.plan.model_copy(update={"totals": totals})})
    once = once_a_year(seen, (), "OBS")
    people = {about for about, state, _ in owed if state not in ("exempt", "not_required")}
    assert [p.person_id for p in once.people] == sorted(people)
    assert {p.person_id for p in once.people if p.standing == "seen"} == {about for about, state, _ in owed if state in ("returned", "nil")}
    reached = [once.by_the_end_of(q) for q in (1, 2, 3, 4)]
    assert reached == sorted(reached)
    assert once.seen.n == reached[2] <= len(people) == once.asked(4)
    assert all(p.duty.obligation.quarter.number in once.by_hand for p in once.people if p.standing == "unknown")


# ---------------------------------------------------------------- with a quarter before


def before() -> Shown:
    """The same quarter once more, as if it had been the one before."""
    q2 = Quarter(year=2026, number=2)
    returns = tuple(v.model_copy(update={"issue": v.issue.model_copy(update={"quarter": q2})}) for v in SNAPSHOT.returns)
    earlier = SNAPSHOT.model_copy(update={"quarter": q2, "returns": returns, "moderations": tuple(i.model_copy(update={"quarter": q2}) for i in SNAPSHOT.moderations)})
    return Shown(earlier, figures(earlier))


TWICE = write_master(SNAPSHOT, FIGURES, (before(),))


def test_a_quarter_before_stands_below_with_its_own_numbers() -> None:
    for sheet in ("Voice of the child", "What children say", "Supervision findings", "Staff feedback", "What staff say"):
        rows = table(TWICE, sheet)
        now, then = ([{k: v for k, v in r.items() if k != "Quarter"} for r in rows if r["Quarter"] == q] for q in ("Q3 2026-27", "Q2 2026-27"))
        assert now == then != []
    assert [r["People"] for r in table(TWICE, "Observations") if r["Counted by"] == "Everyone"] == [5]


@pytest.mark.office
@needs_office
def test_with_a_quarter_before_every_formula_counts_its_own(tmp_path: Path) -> None:
    after = recalculated(tmp_path / "office", {"m": TWICE})["m"]
    assert changed(TWICE, after) == []
