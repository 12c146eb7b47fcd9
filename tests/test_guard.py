"""What no document may say: each sentence that over-claims or tells who somebody is, and those that only look like it. All names are invented."""

from __future__ import annotations

import re

import pytest

from qaf_sheets.outputs.documents.guard import Allowed, Fault, faults
from qaf_sheets.outputs.documents.page import Line
from qaf_sheets.telling import full_names

STAFF = full_names(["Avery Exampleworth", "Blake Placeholder"])
CHILD = re.compile(r"(?<![\w/-])\d{7}(?![\w/-])")
ANYBODY = Allowed(STAFF, CHILD)


def found(*texts: str, allowed: Allowed = ANYBODY, typed: bool = False) -> list[Fault]:
    said = [Line("Section", "Section", "Section", 1), *(Line("Section", t, "…" if typed else t) for t in texts)]
    return faults(said, allowed)


@pytest.mark.parametrize(
    "text",
    [
        "45% are Good or better.", "About 9 reviews (45%).", "Good or better: 45%", "9 of 20 (45%), and 30% more.", "5 of 8 (63%) are in.", "9 of 20 (46%) are in.", "Of 18 answers, 7 were Yes (40%) and 11 No (61%).",
        "By activity: dips 1 of 8 (13%), audits 12 of 20 (60%).",
    ],
)  # fmt: skip
def test_a_percentage_needs_its_numbers_ten_of_them_and_the_right_sum(text: str) -> None:
    assert found(text)
    assert not found(text, typed=True), "somebody's own words may say it"


@pytest.mark.parametrize(
    "text",
    [
        "9 of 20 reviews (45%) are Good or better.", "5 of 8 are in.", "By activity: dips 1 of 8, audits 12 of 20 (60%).", "Of 18 answers, 7 were Yes (39%), 7 Partly (39%) and 4 No (22%).", "1,204 of 2,408 (50%)",
        "Every team; none above 25%.", "Expected: at least 75%", "At least 1; aim 20%", "1 of 4; below the aim of 20%", "All Outstanding and Inadequate; 20% of the others", "0 of 12 (0%)",
    ],
)  # fmt: skip
def test_a_share_with_its_numbers_is_fine(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["Good or better has risen to 9 of 20 (45%).", "Returns are up from 80 to 98.", "Grades are improving since last year.", "The trend is clear.", "An increase of 3."])
def test_a_trend_needs_three_quarters(text: str) -> None:
    assert found(text)
    assert found(text, allowed=ANYBODY._replace(quarters=2))
    assert found(text, allowed=ANYBODY._replace(quarters=3)) == []


def test_saying_that_there_is_no_trend_is_no_trend() -> None:
    assert found("So few children show no trend.") == []


@pytest.mark.parametrize("text", ["Overall: Inadequate", "This was graded highly.", "Requires improvement", "RI", "The visit was Outstanding."])
def test_an_observation_holds_no_grade(text: str) -> None:
    assert found(text) == []
    assert found(text, allowed=ANYBODY._replace(grades=False))


def test_a_grade_typed_as_an_answer_is_one_too_but_good_work_is_not() -> None:
    no_grades = ANYBODY._replace(grades=False)
    assert found("Good", allowed=no_grades, typed=True)
    assert found("Good eye contact, and an outstanding question.", allowed=no_grades, typed=True) == []
    assert found("Observations are not graded.", "This is never graded.", allowed=no_grades) == []


@pytest.mark.parametrize("text", ["Avery Exampleworth rang.", "B. Placeholder wrote.", "Child 9304518 was seen.", "Born on 3 May 2014.", "NHS number 943 476 5919", "They moved to ZZ9 9ZZ."])
@pytest.mark.parametrize("typed", [True, False])
def test_nobody_is_told_of_and_the_fault_does_not_say_it_again(text: str, typed: bool) -> None:
    (fault,) = found("Fine.", text, typed=typed)
    assert fault.sentence == "paragraph 3 under this heading"
    assert not {"Avery", "9304518", "2014", "943", "ZZ9"} & set(re.findall(r"\w+", f"{fault.sentence} {fault.why}"))


def test_who_may_be_named_may_be_named() -> None:
    assert found("Avery Exampleworth reviewed child 9304518.", allowed=Allowed(full_names(["Blake Placeholder"]), None)) == []


def test_a_heading_with_nothing_under_it_is_a_fault() -> None:
    def headings(*levels: int) -> list[str]:
        said = [Line(f"H{n}", f"H{n}", f"H{n}", level) if level else Line("H", "Words.", "Words.") for n, level in enumerate(levels)]
        return [f.sentence for f in faults(said, ANYBODY)]

    assert headings(1, 0, 1, 0) == []
    assert headings(1, 2, 0, 2, 0, 1, 0) == []
    assert headings(1, 1, 0) == ["H0"]
    assert headings(1, 2, 1, 0) == ["H1"]
    assert headings(1, 0, 1) == ["H2"]
