"""The page the QA unit leaves open: what cannot wait stands first, and its numbers are the figures."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import graded
import pytest
import sample

from qaf_sheets.model import Duty, Outcome, Problem, Received, Snapshot
from qaf_sheets.outputs.figures import Counts, figures
from qaf_sheets.outputs.status import write_status

OUTPUTS = (
    ("QA master.xlsx", datetime(2026, 12, 18, 10, 14), ""), ("Actions tracker.xlsx", datetime(2026, 12, 17, 9, 0), "Actions tracker.xlsx is open by Ellis since 09:30. It will be updated when it is closed."),
    ("Reports/2026-27-Q3/DLT/DLT report.docx", datetime(2026, 12, 18, 10, 14), ""),
)  # fmt: skip


def page(snapshot: Snapshot) -> str:
    return write_status(snapshot, figures(snapshot), OUTPUTS)


def shown(html: str) -> dict[str, str]:
    """Every number by the figure it says it is."""
    return {name: value.strip() for name, value in re.findall(r'data-figure="([^"]+)">([^<]*)<', html)}


FULL = page(sample.snapshot())


def test_what_cannot_wait_stands_first() -> None:
    order = [FULL.index(words) for words in ("immediate concern", "Needs fixing</h2>", "Held for a decision", "Overdue, by person", "Waiting in Return here", "Coverage by activity")]
    assert order[0] == min(order)
    assert FULL.index("Needs fixing</h2>") < FULL.index("Overdue, by person") < FULL.index("Waiting in Return here") < FULL.index("Coverage by activity")


def test_each_immediate_concern_names_the_child_by_id_the_place_and_whether_somebody_was_told() -> None:
    concerns = figures(sample.snapshot()).concerns
    assert concerns
    for concern in concerns:
        assert concern.return_id in FULL
        assert not concern.child_id or f"Child {concern.child_id}" in FULL
    assert "Somebody was told" in FULL


def test_a_concern_leaves_the_page_with_its_outcome_alone() -> None:
    seen = sample.snapshot()
    keys = frozenset(c.key for c in figures(seen).concerns)
    first = min(keys)
    one = page(seen.model_copy(update={"concerns_settled": keys - {first}}))
    assert figures(seen).known_concerns[0].key in FULL
    assert "One immediate concern" in one
    assert 'id="concerns"' not in page(seen.model_copy(update={"concerns_settled": keys}))


def test_an_earlier_quarters_concern_stays_while_it_is_open() -> None:
    worried = next(v for v in sample.snapshot().returns if v.issue.return_id == figures(sample.snapshot()).concerns[0].return_id)
    next_quarter = sample.empty().model_copy(update={"quarter": sample.Q3.plus(1), "flagged": (worried,)})
    assert figures(next_quarter).concerns == ()
    assert worried.issue.return_id in page(next_quarter)


@pytest.mark.parametrize("snapshot", [sample.snapshot(), sample.empty(), graded.snapshot()], ids=["full", "empty", "graded"])
def test_every_number_is_the_figure_it_says(snapshot: Snapshot) -> None:
    numbers, n = shown(page(snapshot)), figures(snapshot)
    for activity, counts in {**n.by_activity, "total": n.total}.items():
        said = {name: int(numbers[f"coverage/{activity}/{name}"]) for name in Counts.model_fields if f"coverage/{activity}/{name}" in numbers}
        assert said.items() <= counts.model_dump().items()
        assert {"expected", "returned", "overdue"} <= set(said)
    for activity, grades in n.grades.final.items():
        assert [int(numbers[f"grades/{activity}/final/{g}"]) for g in ("outstanding", "good", "ri", "inadequate")] == [count for _, count in grades]
        assert numbers[f"grades/{activity}/final/good_or_better"] == str(grades.good_or_better)


def test_a_waiting_file_says_by_whom_and_an_output_its_age() -> None:
    assert "is open by Devon Madeupson" in FULL
    assert "10:14 today" in FULL
    assert "is open by Ellis since 09:30" in FULL


def test_what_needs_fixing_leads_to_its_folder_and_counts_what_to_put_right() -> None:
    assert "Needs%20fixing/P011/" in FULL
    assert "2 things" in FULL


def duties(*states: str) -> list[Duty]:
    return [d for d in sample.snapshot().duties if d.state in states]


def copies(duty: Duty, who: str, n: int) -> tuple[Duty, ...]:
    """The same duty owed n times by one person."""
    return tuple(
        duty.model_copy(update={"return_id": f"R-9{i:05}", "obligation": duty.obligation.model_copy(update={"person_id": who, "obligation_id": f"{who}/{i}"})}) for i in range(n)
    )


def test_who_owes_most_stands_first_with_working_days_overdue() -> None:
    one = duties("overdue")[0]
    html = page(sample.empty().model_copy(update={"duties": (*copies(one, "P012", 1), *copies(one, "P033", 3))}))
    assert html.index("3 overdue") < html.index("1 overdue")
    assert html.count("<td class=\"note\" data-head=\"Overdue by\">5 working days</td>") == 4


@pytest.mark.parametrize(("n", "folded"), [(12, False), (13, True)])
def test_a_long_list_of_what_is_awaited_is_folded(n: int, folded: bool) -> None:
    html = page(sample.empty().model_copy(update={"duties": copies(duties("later")[0], "P012", n)}))
    assert ("<details>" in html) == folded
    assert html.count("Observation of practice: Kit Placeholder") >= n


def test_a_waiting_file_is_known_by_the_reference_in_its_name() -> None:
    table = FULL[FULL.index("Waiting in Return here") : FULL.index("Everything that was dropped")]
    assert '<td class="who" data-head="Whose">Devon Madeupson</td>' in table


def test_no_link_stays_on_the_page() -> None:
    """A browser does not read a page again by itself once its address ends in #something."""
    assert 'href="#' not in FULL


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    assert not re.search(r"<script|<link|src=|https?://", FULL)
    assert 'lang="en-GB"' in FULL
    assert 'http-equiv="refresh"' in FULL


def test_what_people_typed_is_text() -> None:
    evil = Received(file="Return here/<script>x</script>.xlsx", kept_as=None, outcome="not_ours", received_at=sample.AS_AT - timedelta(hours=1), problems=(Problem(code="NOT_OUR_FORM", level="E", message="<b>bold</b> {{ 7*7 }}"),))
    html = page(sample.snapshot().model_copy(update={"files": (evil,)}))
    assert "<script>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt; {{ 7*7 }}" in html


def test_a_withheld_answer_is_not_on_the_page() -> None:
    assert sample.WITHHELD not in FULL


@pytest.mark.parametrize(
    ("outcome", "code", "stands", "lies", "words"),
    [
        ("accepted", "LATE", "accepted", False, "✓ Accepted, late|Nothing"), ("duplicate", "SAME_AGAIN", None, False, "○ The same again|Nothing"),
        ("duplicate", "STILL_TO_FIX", None, False, "○ The same again|See Needs fixing, above"), ("needs_fixing", "TOO_LITTLE", "needs_fixing", False, "! Sent back to be put right|See Needs fixing, above"),
        ("conflict", "TWO_PEOPLE", "conflict", False, "! Held: two people sent it. Told so.|Decide in the tracker, on Decisions"),
        ("conflict", "TWO_PEOPLE", "older_version", False, "! Held: two people sent it|Nothing: it was decided that it does not count"),
        ("held", "QUARTER_CLOSED", "accepted", False, "! Held for a decision|Nothing: it was decided that it counts"), ("not_ours", "DAMAGED", None, False, "✗ Not one of our forms. Told so.|Tell the sender"),
        ("accepted", "REPLACED", "accepted", True, "✓ Accepted|It still lies in Return here, for we may not delete it. You can."),
    ],
)  # fmt: skip
def test_a_receipt_says_what_became_of_a_file_and_what_to_do_now(outcome: Outcome, code: str, stands: Outcome | None, lies: bool, words: str) -> None:
    duty = duties("needs_fixing")[0]
    return_id = None if outcome == "not_ours" else duty.return_id
    file = Received(file="Return here/x.xlsx", kept_as="Received/x.xlsx", outcome=outcome, return_id=return_id, received_at=sample.AS_AT, problems=(Problem(code=code, level="W", message="Told so."),))
    more = {"duties": (duty,), "files": (file,), "stand": {"Received/x.xlsx": stands} if stands else {}, "lying": frozenset({"Received/x.xlsx"} if lies else ())}
    html = page(sample.empty().model_copy(update=more))
    told = re.findall(r'data-head="(?:What became of it|What to do)">([^<]*)<', html)
    assert told == words.split("|")


def test_the_newest_receipts_stay_in_sight() -> None:
    files = tuple(Received(file=f"Return here/{n}.xlsx", kept_as=f"Received/{n}.xlsx", outcome="not_ours", received_at=sample.AS_AT - timedelta(hours=n)) for n in range(14))
    html = page(sample.empty().model_copy(update={"files": files}))
    order = [html.index(words) for words in (">0.xlsx<", ">9.xlsx<", "Show the 4 before these", ">10.xlsx<", ">13.xlsx<")]
    assert order == sorted(order)
