"""Recurring themes: suggested from two quarters by keyword, never decided by us (section 13, 10.5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import graded
import kit
import pytest

from qaf_sheets.model import Answer, Decision, Event, Option, Priority, Return, Snapshot, Value, Version
from qaf_sheets.outputs.documents import Given
from qaf_sheets.outputs.documents.dlt_report import context
from qaf_sheets.outputs.figures import Recurring, Shown, figures
from qaf_sheets.outputs.figures.themes import MOST, recurring
from qaf_sheets.outputs.master.themes import headline, standing
from qaf_sheets.plan.example_lists import LISTS, TOPICS

Q3 = kit.Q3
CODES = (Option(text="Supervision", aliases=("supervis",)), Option(text="Contingency", aliases=("contingenc",)), Option(text="Other"))
EMPTY: Snapshot = graded.snapshot().model_copy(update={"returns": (), "duties": (), "files": (), "moderations": (), "earlier": ()})


def answer(text: str, code: str = "") -> Answer:
    return Answer(value=text, code=code, sheet="Form", cell="B5")


def said(ref: int, activity: str = "OBS", *, action: str = "", piece: str = "", **answers: str | tuple[str, str]) -> Version:
    """One return that says this; a grade as (words, code)."""
    content = Return(answers={f: answer(*([a] if isinstance(a, str) else a)) for f, a in answers.items()}, rows={"actions": ({"action_text": answer(action)},) if action else ()})
    issue = kit.issue("OBS").model_copy(update={"return_id": f"R-{ref:06}", "activity": activity, "piece": piece})
    return Version(issue=issue, version=1, outcome="accepted", received_at=graded.AS_AT, file=f"{ref}.xlsx", content=content)


def over(now: tuple[Version, ...], before: tuple[Version, ...] = (), *, themes: tuple[str, ...] = (), decisions: tuple[Decision, ...] = ()) -> Recurring:
    plan = EMPTY.plan.model_copy(update={"lists": {**LISTS, "theme_codes": CODES}, "calendar": tuple(Event(quarter=Q3, activity="DIP", theme=t) for t in themes)})
    return recurring(EMPTY.model_copy(update={"plan": plan, "before": before, "decisions": decisions}), now)


NOW = tuple(said(n, worried="Supervision is late.") for n in (1, 2))
BEFORE = tuple(said(n, "SUP", sos_worried="Nobody was supervised in August.") for n in (11, 12, 13))


@pytest.mark.parametrize(
    ("version", "found"),
    [
        (said(1, areas_for_development="The contingency plan is thin."), True),
        (said(1, "CCR", further_improvement="Write down a contingency."), True),
        (said(1, action="Agree contingencies with the family"), True),
        (said(1, "CCR", rationale="No contingency.", overall_grade=("Inadequate", "Inadequate")), True),
        (said(1, "CCR", rationale="A clear contingency plan.", overall_grade=("Good", "Good")), False),
        (said(1, "CCR", planning="No contingency.", planning_grade=("Requires improvement (RI)", "RI")), True),
        (said(1, well="The contingency plan is clear."), False),
        (said(1, worried="The noncontingency word is not one."), False),
        (said(1, "MOD", piece="R-000009", further_improvement="A contingency plan."), False),
    ],
)
def test_only_worries_weak_grades_and_actions_suggest_a_theme(version: Version, *, found: bool) -> None:
    assert [t.theme for t in over((version,)).themes] == (["Contingency"] if found else [])


def test_a_theme_says_how_many_returns_of_each_activity_and_which() -> None:
    one = over(NOW, BEFORE).themes[0]
    assert (one.theme, one.now, one.before, one.behind, one.behind_before) == ("Supervision", {"OBS": 2}, {"SUP": 3}, ("R-000001", "R-000002"), ("R-000011", "R-000012", "R-000013"))


def test_a_return_counts_once_however_often_it_says_it() -> None:
    assert over((said(1, worried="Supervision, supervision.", action="More supervision"),)).themes[0].now == {"OBS": 1}


def test_frequent_in_both_quarters_is_proposed_and_not_confirmed() -> None:
    found = over(NOW, BEFORE)
    assert [t.theme for t in found.proposed] == ["Supervision"]
    assert standing(found.themes[0], found) == "! Suggested, not confirmed"


@pytest.mark.parametrize(("now", "before"), [(NOW, ()), ((), BEFORE), (NOW, BEFORE[:1]), (NOW[:1], BEFORE)])
def test_once_or_in_one_quarter_alone_is_not_recurring(now: tuple[Version, ...], before: tuple[Version, ...]) -> None:
    assert over(now, before).proposed == ()


def test_what_a_theme_of_the_quarter_looks_at_is_not_proposed_again() -> None:
    found = over(NOW, BEFORE, themes=("Visits, plans and supervision in time",))
    assert found.proposed == ()
    assert (found.themes[0].looked_at, standing(found.themes[0], found)) == ("Visits, plans and supervision in time", "✓ Looked at")


def test_only_a_decision_confirms_a_theme() -> None:
    blank = Decision(decision_id="D-1", kind="theme", about="Supervision")
    done = blank.model_copy(update={"choice": "Confirmed", "who": "Avery Exampleworth", "decided_on": date(2027, 1, 20)})
    for decision, says in ((blank, "! Suggested, not confirmed"), (done, "✓ Decided: Confirmed")):
        found = over(NOW, BEFORE, decisions=(decision,))
        assert standing(found.themes[0], found) == says


def test_with_one_quarter_it_counts_and_suggests_nothing() -> None:
    found = over(NOW)
    assert (found.returns, found.returns_before, len(found.themes)) == (2, 0, 1)
    assert "two quarters" in headline(found)
    assert standing(found.themes[0], found) == "○ Needs two quarters"


def test_only_the_most_frequent_are_proposed() -> None:
    words = [t for t, w in TOPICS.items() if w][: MOST + 2]
    plan = EMPTY.plan.model_copy(update={"lists": {**LISTS, "theme_codes": tuple(Option(text=t, aliases=(f"word{n}x",)) for n, t in enumerate(words))}, "calendar": ()})

    def quarter(start: int) -> tuple[Version, ...]:
        return tuple(said(start + 20 * n + i, worried=f"word{n}x") for n in range(len(words)) for i in range(10 - n))

    found = recurring(EMPTY.model_copy(update={"plan": plan, "before": quarter(1000)}), quarter(1))
    assert [t.theme for t in found.proposed] == words[:MOST]


def test_the_example_lists_topics_are_annex_a5_with_words_that_suggest_each() -> None:
    codes = LISTS["theme_codes"]
    assert [c.text for c in codes] == [c.text for c in LISTS["theme_code"]]
    assert [c.text for c in codes if not c.aliases] == ["Other"]


# ---------------------------------------------------------------- in the report to the DLT

WHY, SERVES = "Children told us that visits feel rushed", "Every child is seen and heard"
SAID_BY_ONE = "The visits were short, and nobody asked what the day was like."


def audit() -> Snapshot:
    """The small quarter with one thematic audit of two children, graded Good and Inadequate."""
    form = kit.form("THEM").model_copy(update={"theme": "Quality of visits"})
    table = form.tables[0]

    def sheet(n: int, **changes: Value) -> dict[str, Answer]:
        told = {**kit.audited(n), **changes}
        options = {c.id: {o.text: o.code or o.text for o in c.options} for c in table.columns}
        return {c.id: Answer(value=told.get(c.id), code=options[c.id].get(str(told.get(c.id)), str(told[c.id]) if c.kind == "child_id" else ""), sheet=f"Child {n}", cell="C5") for c in table.columns}

    content = Return(answers={}, rows={table.id: (sheet(1), sheet(2, overall_grade="Inadequate", rationale=SAID_BY_ONE)), "actions": ()})
    issue = kit.issue("THEM").model_copy(update={"return_id": "R-000031"})
    version = Version(issue=issue, version=1, outcome="accepted", received_at=graded.AS_AT, file="31.xlsx", content=content)
    base = graded.snapshot()
    event = Event(quarter=Q3, activity="THEM", theme="Quality of visits", why_chosen=WHY, priority_id="PR1")
    plan = base.plan.model_copy(update={"calendar": (event, event.model_copy(update={"activity": "DIP"})), "priorities": (Priority(priority_id="PR1", wording=SERVES),)})
    return base.model_copy(update={"plan": plan, "forms": {**base.forms, "THEM": form}, "returns": (*base.returns, version)})


def section(seen: Snapshot, name: str) -> dict[str, Any]:
    found: dict[str, Any] = context(Given(Shown(seen, figures(seen))), seen.quarter)[name]
    return found


def test_the_report_says_why_the_theme_was_chosen_and_which_priority_it_serves() -> None:
    for name in ("thematic", "dip"):
        said = " ".join(section(audit(), name)["lines"])
        assert WHY in said
        assert SERVES in said


def test_the_report_has_the_grades_before_and_after_moderation_and_each_question() -> None:
    grades, found = section(audit(), "grades"), section(audit(), "thematic")
    final = next(r for r in grades["rows"] if r["name"] == "Thematic audit, all")
    assert (final["o"], final["g"], final["r"], final["i"]) == (0, 1, 0, 1)
    (told,) = (line for line in grades["lines"] if line.endswith("none RI and 1 Inadequate."))
    assert "By the reviewers’ own grades" not in told, "nothing was moderated: they are the auditors' own"
    assert any(line == "Thematic audit: none of 2 has been moderated yet, so the grades are the reviewers’ own." for line in grades["moderation"])
    assert len(found["chart"].rows) == 2
    assert [sum(counts) for _, counts in found["chart"].rows] == [2, 2]


def test_one_childs_sheet_is_quoted_with_its_own_reference() -> None:
    quoted = section(audit(), "thematic")["quotes"]
    assert [(q.words, q.ref) for q in quoted] == [(SAID_BY_ONE, "R-000031/2")]


def test_without_a_thematic_audit_the_section_is_empty() -> None:
    found = section(graded.snapshot(), "thematic")
    assert (found["lines"], found["chart"], found["quotes"]) == (["No returns received."], None, [])
    assert not [r for r in section(graded.snapshot(), "grades")["rows"] if "Thematic" in r["name"]]
