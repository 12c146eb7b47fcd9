"""Versions of one return, whoever sends them in whatever order: each has its outcome, one counts, and nobody's work is passed over unasked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desk_kit import ACTION, WITH_ACTIONS, Handed

from qaf_sheets import decisions, workspace
from qaf_sheets.choices import Kind
from qaf_sheets.commands.ingest import Pass
from qaf_sheets.desk import Desk
from qaf_sheets.model import Decision, Received, Value

AVERY, BLAKE, CASEY = "P031", "P016", "P020"
"""Three people who might return one form."""


class Story:
    """One return's life: people send versions of it, others decide. A version is told by its words, its sender by their id."""

    def __init__(self, at: Desk, handed: Handed) -> None:
        self.at, self.handed, self.passes, self.n = at, handed, Pass(at, pause=lambda _: None), 0

    def sends(self, words: str, who: str = AVERY, rows: tuple[dict[str, Value], ...] = ()) -> tuple[str, int | None, list[str]]:
        """What becomes of it: outcome, version, and the codes that belong to versions. Words that are too few need fixing."""
        said = {"strengths": words, "completed_by": who, **({"actions_any": WITH_ACTIONS, "no_action_reason": None} if rows else {})}
        self.n += 1
        self.handed.drop(self.handed.filled(self.handed.complete(**said), rows), f"{self.n}.xlsx")
        with self.at.alone():
            (received,) = self.passes.run()
        return received.outcome, received.version, [p.code for p in received.problems if p.code in OF_VERSIONS]

    def decides(self, kind: Kind, choice: str, about: str = "", why: str = "Agreed") -> list[str]:
        """As a row of the tracker's Decisions is decided: the one that asks it, else a new one. Gives what could not be carried out."""
        decisions.attend(self.at)
        subject = about if kind == "quarter" else f"{self.handed.issue.return_id} {about}".strip()
        with self.at.register.writing() as records:
            row = decisions.waiting(records, kind, subject) or Decision(decision_id=decisions.new_id(records), kind=kind, about=subject)
            records.decisions.save(row.model_copy(update={"choice": choice, "who": "Blake Placeholder (P016)", "why": why, "decided_on": date(2026, 12, 14)}))
        return [p.code for p in decisions.attend(self.at)]

    @property
    def versions(self) -> list[str]:
        """How each version stands now."""
        with self.at.register.reading() as records:
            return [k.outcome for k in records.returns.known(self.handed.issue.return_id)]

    @property
    def asked(self) -> dict[str, str]:
        """What waits for a person: which version, and the question."""
        decisions.attend(self.at)
        with self.at.register.reading() as records:
            return {d.about.split()[-1]: d.asked for d in records.decisions.standing() if d.kind in ("version", "change") and not d.choice}

    @property
    def decided(self) -> dict[str, str]:
        """What was decided of each version, by the last word."""
        with self.at.register.reading() as records:
            return {d.about.split()[-1]: d.choice for d in records.decisions.in_force() if d.kind in ("version", "change")}


OF_VERSIONS = {"SAME_AGAIN", "STILL_TO_FIX", "STILL_HELD", "NOT_CHOSEN", "STILL_COUNTS", "OLDER", "REPLACED", "TWO_PEOPLE", "QUARTER_CLOSED"}
FIRST, SECOND, THIRD = (f"The {n} account of what we saw, and what it meant for the child." for n in ("first", "second", "third"))
POOR = "tbc"
ROWS = ({**ACTION, "level": "Child"}, {**ACTION, "action_text": "Set up a reading group for the team", "level": "Team"})
Q3 = "2026-27-Q3"


@pytest.fixture
def story(council: Path) -> Iterator[Story]:
    with Desk(workspace.find(council)) as at:
        yield Story(at, Handed(council, "OBS"))


def test_one_person_goes_back_and_forth(story: Story) -> None:
    assert story.sends(POOR) == ("needs_fixing", 1, [])
    assert story.sends(POOR) == ("duplicate", 1, ["STILL_TO_FIX"])
    assert story.sends(FIRST) == ("accepted", 2, [])
    assert story.sends(POOR) == ("older_version", 1, ["OLDER"])
    assert story.sends(SECOND) == ("accepted", 3, ["REPLACED"])
    assert story.sends(FIRST) == ("older_version", 2, ["OLDER"])
    assert story.sends(SECOND) == ("duplicate", 3, ["SAME_AGAIN"])
    assert story.sends("n/a") == ("needs_fixing", 4, [])
    assert story.sends(SECOND) == ("older_version", 3, ["STILL_COUNTS"])
    assert story.versions == ["needs_fixing", "accepted", "accepted", "needs_fixing"]
    assert story.asked == {}


def test_rows_in_another_order_are_the_same_answers(story: Story) -> None:
    assert story.sends(FIRST, rows=ROWS)[0] == "accepted"
    assert story.sends(FIRST, rows=ROWS[::-1]) == ("duplicate", 1, ["SAME_AGAIN"])
    assert story.sends(FIRST, rows=(ROWS[0], ROWS[0], ROWS[1]))[:2] == ("accepted", 2)
    assert story.sends(FIRST, rows=({**ROWS[0], "level": "Team"}, {**ROWS[1], "level": "Child"}))[:2] == ("accepted", 3)


def test_two_people_then_a_choice_then_each_sends_again(story: Story) -> None:
    story.sends(FIRST)
    assert story.sends(SECOND, BLAKE) == ("conflict", 2, ["TWO_PEOPLE"])
    assert story.sends(SECOND, BLAKE) == ("duplicate", 2, ["STILL_HELD"])
    assert story.sends(FIRST) == ("older_version", 1, ["STILL_COUNTS"])
    assert "2 answers changed: " in story.asked["v2"]
    assert story.decides("version", "Version 1", "v2") == []
    assert (story.versions, story.asked) == (["accepted", "older_version"], {})
    assert story.sends(SECOND, BLAKE) == ("duplicate", 2, ["NOT_CHOSEN"])
    assert story.sends(FIRST) == ("older_version", 1, ["STILL_COUNTS"])
    assert story.sends(THIRD) == ("accepted", 3, ["REPLACED"])


def test_three_people_are_asked_about_one_by_one_or_settled_at_once(story: Story) -> None:
    story.sends(FIRST)
    assert [story.sends(SECOND, BLAKE)[0], story.sends(THIRD, CASEY)[0]] == ["conflict", "conflict"]
    assert set(story.asked) == {"v2", "v3"}
    assert story.decides("version", "Version 2", "v2") == []
    assert (story.versions, set(story.asked)) == (["accepted", "accepted", "conflict"], {"v3"})
    assert "Which counts? Version 2 or Version 3" in story.asked["v3"]
    assert story.decides("version", "3") == []
    assert (story.versions, story.asked) == (["accepted", "accepted", "accepted"], {})
    assert story.sends(FIRST, BLAKE) == ("conflict", 4, ["TWO_PEOPLE"])


def test_the_last_choice_answers_for_those_it_overtakes(story: Story) -> None:
    story.sends(FIRST)
    story.sends(SECOND, BLAKE)
    story.sends(THIRD, CASEY)
    story.decides("version", "Version 3", "v3")
    assert (story.versions, story.asked) == (["accepted", "older_version", "accepted"], {})
    assert story.decided == {"v2": "Version 3", "v3": "Version 3"}


def test_what_is_decided_twice_is_done_once_and_the_last_word_counts(story: Story) -> None:
    story.sends(FIRST)
    story.sends(SECOND, BLAKE)
    for choice, standing in (("Version 2", "accepted"), ("Version 2", "accepted"), ("Version 1", "older_version"), ("Version 2", "accepted")):
        assert story.decides("version", choice, "v2") == []
        assert story.versions == ["accepted", standing]
    assert story.decides("version", "Version 7", "v2") == ["DECISION_UNCLEAR"]
    assert story.versions == ["accepted", "accepted"]


def test_the_sender_of_the_version_that_counts_settles_nothing_for_the_other(story: Story) -> None:
    story.sends(FIRST)
    story.sends(SECOND, BLAKE)
    assert story.sends(THIRD) == ("accepted", 3, ["REPLACED"])
    assert "version 3 is by" in story.asked["v2"]
    story.decides("version", "Version 2", "v2")
    assert story.versions == ["accepted", "accepted", "older_version"]


# ---------------------------------------------------------------- a closed quarter


def test_a_change_held_by_a_closed_quarter_says_so_and_comes_in_when_it_opens(story: Story) -> None:
    story.sends(FIRST)
    story.decides("quarter", "Close", Q3)
    assert story.sends(SECOND) == ("held", 2, ["QUARTER_CLOSED"])
    assert story.sends(SECOND) == ("duplicate", 2, ["STILL_HELD"])
    assert "came after the quarter was closed; 1 answer changed" in story.asked["v2"]
    story.decides("quarter", "Reopen", Q3)
    assert (story.versions, story.asked) == (["accepted", "accepted"], {})


def test_two_people_in_a_closed_quarter_are_not_merged_by_opening_it(story: Story) -> None:
    story.decides("quarter", "Close", Q3)
    assert [story.sends(FIRST)[0], story.sends(SECOND, BLAKE)[0]] == ["held", "held"]
    story.decides("quarter", "Reopen", Q3)
    assert (story.versions, set(story.asked)) == (["held", "held"], {"v1", "v2"})
    story.decides("change", "Accept", "v1")
    assert (story.versions, set(story.asked)) == (["accepted", "held"], {"v2"})
    assert "2 answers changed" in story.asked["v2"]
    story.decides("change", "Refuse", "v2")
    assert (story.versions, story.asked) == (["accepted", "older_version"], {})


def test_a_conflict_on_a_held_version_is_told_as_it_was_decided(story: Story) -> None:
    story.sends(FIRST)
    story.decides("quarter", "Close", Q3)
    assert [story.sends(SECOND)[0], story.sends(THIRD, BLAKE)[0]] == ["held", "conflict"]
    assert set(story.asked) == {"v2", "v3"}
    story.decides("version", "Version 2")
    assert (story.versions, story.asked) == (["accepted", "accepted", "older_version"], {})
    assert story.decided == {"v2": "Accept", "v3": "Version 2"}


def test_what_was_accepted_and_is_then_refused_leaves_nothing_that_counts(story: Story) -> None:
    story.decides("quarter", "Close", Q3)
    story.sends(FIRST, rows=ROWS)
    about = story.handed.issue.about
    story.decides("change", "Accept", "v1")
    assert (story.versions, looked_at(story.at, about)) == (["accepted"], True)
    story.decides("change", "Refuse", "v1")
    assert (story.versions, looked_at(story.at, about)) == (["older_version"], False)
    with story.at.register.reading() as records:
        notes = {a.cells.get("progress_note") for a in records.actions.of_return(story.handed.issue.return_id)}
    assert notes == {"Not in the newest version of the return."}
    story.decides("change", "Accept", "v1")
    assert (story.versions, looked_at(story.at, about)) == (["accepted"], True)


def looked_at(at: Desk, person: str) -> bool:
    """Whether a counted return looked at this person's work."""
    with at.register.reading() as records:
        some = next(i for q in records.issues.quarters() for i in records.issues.of_quarter(q) if i.activity == "ROUT")
        return bool(records.looked_at.others(some, [person], records.issues.quarters()))


def test_every_file_of_a_long_story_has_a_receipt(story: Story) -> None:
    told: list[Any] = [story.sends(words, who)[0] for words, who in ((POOR, AVERY), (FIRST, AVERY), (SECOND, BLAKE), (FIRST, AVERY), (POOR, AVERY))]
    with story.at.register.reading() as records:
        kept: list[Received] = [k.received for k in records.returns.files()]
    assert [r.outcome for r in kept] == told == ["needs_fixing", "accepted", "conflict", "older_version", "older_version"]
    assert len({r.kept_as for r in kept}) == 5
