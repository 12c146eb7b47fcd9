"""What the report to the DLT says beside the quarter's own work: earlier quarters, contributions, last quarter's actions, confirmed themes."""

from __future__ import annotations

import graded
import kit
import pytest
from dlt_papers import report, reviews, said, whole
from papers import answer, table, under

from qaf_sheets.model import Action, Decision, Option, Quarter, Return, Snapshot, Total
from qaf_sheets.outputs.documents.dlt_follow import STANDS
from qaf_sheets.outputs.documents.dlt_grades import change
from qaf_sheets.outputs.figures import Share, figures


def of(quarter: Quarter, measure: str, n: int) -> Total:
    return Total(quarter=quarter, activity="CCR", measure=measure, n=n)


def earlier(*good: int) -> Snapshot:
    """The small quarter of reviews, with quarters before it in which so many of 20 were Good, the oldest first."""
    base = graded.snapshot()
    numbers = [(base.quarter.plus(n - len(good)), g) for n, g in enumerate(good)]
    totals = tuple(t for q, g in numbers for t in (of(q, "expected", 20), of(q, "returned", 20), of(q, "Good", g), of(q, "RI", 20 - g)))
    return base.model_copy(update={"plan": base.plan.model_copy(update={"totals": totals})})


def test_under_three_quarters_nothing_is_compared() -> None:
    assert under(report(earlier(8)), "Quarter by quarter") == ["There are too few quarters to compare: 2 quarters, where three are needed."]


def test_three_quarters_stand_side_by_side_with_their_n() -> None:
    document = report(earlier(6, 8))
    rows = {row[0]: row[2] for row in table(document, "Quarter")}
    assert rows == {"Q1 2026-27": "6 of 20 (30%)", "Q2 2026-27": "8 of 20 (40%)", "Q3 2026-27": "2 of 4"}
    assert any("no clear trend since Q1 2026-27, 6 of 20 (30%) then and 2 of 4 now" in line for line in under(document, "Quarter by quarter"))


@pytest.mark.parametrize(
    ("shares", "said"), [(((4, 20), (8, 20), (12, 20)), "risen"), (((12, 20), (8, 20), (4, 20)), "fallen"), (((4, 20), (15, 20), (12, 20)), "no clear trend"), (((8, 20), (9, 20), (9, 20)), "no clear trend"), (((1, 9), (5, 20), (15, 20)), "no clear trend")]
)
def test_a_share_has_risen_only_where_it_did_each_quarter_and_far_enough(shares: tuple[tuple[int, int], ...], said: str) -> None:
    points = [(f"Q{n}", Share(n=k, of=m)) for n, (k, m) in enumerate(shares, 1)]
    assert change("Good or better", points).startswith(f"Good or better: {said} since Q1")


def test_every_letter_of_the_framework_stands_among_the_contributions() -> None:
    rows = table(whole(), "2.8")
    assert [row[0] for row in rows][:9] == [*"abcdefgh", "2.7"]
    assert {row[2] for row in rows[:9]} <= {"Not due this quarter"} | set(STANDS.values())


def test_last_quarters_actions_say_how_far_they_came_and_whether_they_worked() -> None:
    snapshot, before = graded.snapshot(), str(graded.snapshot().quarter.plus(-1))
    standing = [("Done", ""), ("Checked", ""), ("Verified", "Yes"), ("Closed", "Too early"), ("Open", "")]
    actions = tuple(Action(action_id=f"ACT-2026Q2-000{n}", quarter=before, area="North", cells={"status": status, "impact": made or None}) for n, (status, made) in enumerate(standing, 1))
    told = " ".join(under(report(snapshot.model_copy(update={"actions": actions})), "Actions, and whether they worked"))
    assert "1 of 5 is done, not checked yet, 1 of 5 is checked by a manager, 2 of 5 are verified or closed by somebody else and 1 of 5 is still open" in told
    assert "A difference was made by 1 of 2 that were looked at." in told


def test_a_confirmed_theme_stands_with_the_sides_it_is_heard_from() -> None:
    plan = graded.snapshot().plan
    plan = plan.model_copy(update={"lists": {**plan.lists, "theme_codes": (Option(code="", text="Planning", aliases=("plan",)),)}})
    decided = Decision(decision_id="D-0001", kind="finding", about="Planning, 2026-27-Q3", choice="Confirmed", who="Avery Exampleworth (P016)")
    snapshot = said("R-000003", further_improvement="Write the plan with the family.").model_copy(update={"plan": plan, "decisions": (decided,)})
    (row,) = table(report(snapshot), "Theme")
    (theme,) = (t for t in figures(snapshot).triangulated if t.theme == "Planning")
    assert row[:2] == ["Planning", str(theme.returns)]
    assert "case review" in row[4]
    assert any("No theme of this quarter is confirmed yet" in line for line in under(reviews(), "Themes and learning"))


def test_quality_assurance_that_complaints_ask_for_is_put_to_dlt() -> None:
    base = graded.snapshot()
    asks = base.returns[0].content.model_copy(update={"answers": {**base.returns[0].content.answers, "qa_requested": answer("Yes", "Yes")}})
    snapshot = base.model_copy(update={"returns": (base.returns[0].model_copy(update={"content": asks}), *base.returns[1:])})
    (row,) = (row for row in table(report(snapshot), "No.") if "because of complaints" in row[1])
    assert base.returns[0].issue.return_id in row[2]
    assert not [row for row in table(reviews(), "No.") if "because of complaints" in row[1]]


def test_what_the_follow_up_found_is_counted() -> None:
    base = graded.snapshot()
    form = kit.form("FUP")
    rows = tuple({"evidence_seen": answer(seen, seen), "difference_made": answer(made, made)} for seen, made in (("Yes", "Yes"), ("Yes", "Too early"), ("No", "No")))
    one = base.returns[0]
    followed = one.model_copy(update={"issue": one.issue.model_copy(update={"return_id": "R-000099", "activity": "FUP"}), "content": Return(answers={}, rows={"followed": rows})})
    told = under(report(base.model_copy(update={"forms": {**base.forms, "FUP": form}, "returns": (*base.returns, followed)})), "Actions, and whether they worked")
    assert "Evidence was seen for 2 of 3 actions followed up. A difference was made by 1 of 3." in told
