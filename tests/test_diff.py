"""What differs between two versions is told question by question, and a row keeps being itself wherever it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from hypothesis import given
from hypothesis import strategies as st
from kit import audited, child_row, complete, filled, form, reading

from qaf_sheets.diff import changes, in_words
from qaf_sheets.model import Answer, Return
from qaf_sheets.verdict import hash_of

ONE = {"action_text": "Update the plan", "owner": "P016", "level": "Child", "priority": "Immediate"}
TWO = {"action_text": "Set up a reading group", "owner": "P031", "level": "Team", "priority": "Within the quarter"}
THREE = {"action_text": "Ask the network", "owner": "P041", "level": "Practitioner", "priority": "Immediate"}


def sent(activity: str, rows: Any = (), children: Any = (), **said: Any) -> Return:
    return reading(activity, filled(activity, complete(activity, **said), rows, children)).content


def told(activity: str, before: Return, after: Return) -> list[str]:
    return [c.label for c in changes(before, after, form(activity))]


@pytest.mark.parametrize(
    ("before", "after", "labels"),
    [
        ((ONE, TWO), (ONE, TWO), []),
        ((ONE, TWO), (TWO, ONE), []),
        ((ONE, TWO), (THREE, ONE, TWO), ["Action 1, new"]),
        ((ONE, TWO), (TWO,), ["Action 1, taken out"]),
        ((ONE, TWO), (ONE, {**TWO, "owner": "P016"}), ["Action 2: Owner"]),
        ((ONE, TWO), ({**TWO, "priority": "Immediate"}, ONE), ["Action 1: Priority"]),
        ((ONE,), (THREE,), ["Action 1, new", "Action 1, taken out"]),
        ((), (ONE, ONE), ["Action 1, new", "Action 2, new"]),
    ],
)  # fmt: skip
def test_a_row_is_the_same_row_wherever_it_stands(before: Any, after: Any, labels: list[str]) -> None:
    assert told("OBS", sent("OBS", before), sent("OBS", after)) == labels


def test_an_answer_that_differs_is_named_with_both_values() -> None:
    before, after = sent("OBS", strengths="She was late.", other_comments=None), sent("OBS", strengths="She was early.", other_comments="None of note today.")
    found = {c.field: (c.before and c.before.value, c.after and c.after.value) for c in changes(before, after, form("OBS"))}
    assert found == {"strengths": ("She was late.", "She was early."), "other_comments": (None, "None of note today.")}


def test_children_are_told_by_their_ids_and_sheets_by_their_answers() -> None:
    before, after = sent("DIP", children=[child_row(1), child_row(2)]), sent("DIP", children=[child_row(2), child_row(1, NET2="No")])
    assert [c.field for c in changes(before, after, form("DIP"))] == ["NET2"]
    one, two = sent("THEM", children=[audited(1), audited(2)]), sent("THEM", children=[audited(1), audited(2, overall_grade="Outstanding")])
    assert [label.split(":")[0] for label in told("THEM", one, two)] == ["Child 2"]


def test_a_name_is_never_told_and_giving_one_is() -> None:
    before, after, other = (sent("CCR", child_name=name) for name in (None, "Zebedee Samplechild", "Quillon Otherchild"))
    given = changes(before, after, form("CCR"))
    assert [(c.field, c.after and (c.after.value, c.after.withheld)) for c in given] == [("child_name", (None, True))]
    assert changes(after, other, form("CCR")) == ()


CELLS = st.sampled_from((None, "One", "Two", "One and two"))
ANSWERS = st.fixed_dictionaries({q.id: CELLS for q in form("OBS").fields[-4:]})
ROWS = st.lists(st.fixed_dictionaries({c.id: CELLS for c in form("OBS").tables[0].columns}).filter(lambda r: any(r.values())), max_size=4)
RETURNS = st.tuples(ANSWERS, ROWS)


def as_return(answers: Any, rows: Any) -> Return:
    at = [{k: Answer(value=v, sheet="Actions", cell=f"B{n}") for k, v in row.items()} for n, row in enumerate((answers, *rows))]
    return Return(answers=at[0], rows={"actions": tuple(at[1:])})


@given(RETURNS, RETURNS, st.randoms(use_true_random=False))
def test_a_version_is_a_new_one_just_when_there_is_something_to_tell_of_it(one: Any, other: Any, dice: Any) -> None:
    mixed = dice.sample(one[1], len(one[1]))
    for after in (other, (one[0], mixed), (one[0], other[1])):
        before, now = as_return(*one), as_return(*after)
        assert (hash_of(before) == hash_of(now)) == (changes(before, now, form("OBS")) == ())
    assert hash_of(as_return(*one)) == hash_of(as_return(one[0], mixed))


def test_a_long_list_of_which_every_row_changed_is_told_in_a_moment() -> None:
    def listed(words: str) -> Return:
        rows = tuple({c.id: Answer(value=f"{c.id} {n} {words if c.id == 'action_text' else ''}", sheet="Actions", cell=f"B{n}") for c in form("OBS").tables[0].columns} for n in range(300))
        return Return(answers={}, rows={"actions": rows})

    found = changes(listed("before"), listed("after"), form("OBS"))
    assert [(c.field, c.label) for c in found] == [("action_text", f"Action {n}: Action") for n in range(1, 301)]


def test_a_sentence_names_a_few_and_counts_the_rest() -> None:
    before, after = sent("OBS"), sent("OBS", (ONE, TWO, THREE), strengths="Other words, as many as are needed.", other_comments="More to say.")
    words = in_words(changes(before, after, form("OBS")))
    assert words.startswith("5 answers changed: ")
    assert words.endswith(" and 2 more")
    assert in_words(()) == "no answer changed"


def test_people_who_ask_or_decide_are_told(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    action = {**ACTION, "level": "Child", "priority": "Immediate"}
    with_action = handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None)
    for said in (with_action, {**with_action, "strengths": "She listened, and named what went well."}, {**with_action, "completed_by": "P016", "strengths": "He listened to all of it."}):
        handed.drop(handed.filled(said, (action,)))
        _, received = run("ingest", "--json", "--workspace", council)
    second = run("answers", "--all-versions", "--json", "--workspace", council)[1][1]
    assert [(c["field"], c["before"]["cell"], c["after"]["value"]) for c in second["changes"]] == [("strengths", handed.cell("strengths"), "She listened, and named what went well.")]
    assert received["files"][0]["outcome"] == "conflict"
    asked = next(d["asked"] for d in run("decide", "list", "--json", "--workspace", council)[1]["decisions"] if d["kind"] == "version")
    assert "2 answers changed" in asked
