"""Each numbered clause of the framework has its answer on a page made from the code; whatever cites a clause cites one that there is."""

from __future__ import annotations

import tomllib

import pytest

from docs.make_framework import HERE, PAGE, Answer, Framework, Made, collect, make

CLAUSES = tomllib.loads((HERE / "clauses.toml").read_text("utf-8"))
FRAMEWORK = Framework(CLAUSES)
NUMBERED = {
    "Section 1": "1.1 1.2 1.3 1.4 1.5 1.6 1.7",
    "Section 2": "2.1 2.2 2.3 2.4 2.5 2.6 2.7(first) 2.8 2.8a 2.8b 2.8c 2.8d 2.8e 2.8e(a) 2.8e(b) 2.8e(c) 2.8f 2.8g 2.8h 2.7(second)",
    "Section 3": "3.1 3.2",
    "Section 4": "4.1.1 4.2 4.3",
    "Section 5": "5.1 5.2",
    "Section 6": "6.1 6.2 6.3 after6.3 6.4 6.5 6.6 6.7",
    "Section 7": "7.1 7.2 7.3 7.4 7.5",
    "Section 8": "5.1 5.2 5.3 5.4 5.5",
    "Section 9": "8.1 8.2 8.3 8.4",
    "Section 10": "10.1 10.2 10.2a 10.2b 10.2c 10.2d 10.3 10.3a 10.3b 10.3c 10.4",
    "Section 11": "11.1 11.2(first) 11.2(second) 11.3",
    "Section 12": "12.1 12.2 2.3",
    "Section 13": "10.1 10.2 10.3(first) 10.3(second) 10.4(first) 10.5 10.4(second)",
}
"""The framework's own numbers, in its order (specification 3.3, 16)."""


@pytest.fixture(scope="module")
def made() -> Made:
    return make()


# ---------------------------------------------------------------- the page


def test_the_page_is_what_the_code_gives_now(made: Made) -> None:
    assert PAGE.read_text("utf-8") == made.text, "Run: python docs/make_framework.py"


def test_whatever_cites_a_clause_cites_one_that_there_is(made: Made) -> None:
    assert made.unknown == []


def test_every_clause_is_answered_or_says_why_not(made: Made) -> None:
    assert made.unanswered == []


def test_no_numbered_clause_is_left_out() -> None:
    assert {i: " ".join(s.n(c).replace(" ", "") for c in s.clauses) for i, s in FRAMEWORK.sections.items() if i in NUMBERED} == NUMBERED


def test_all_appendices_are_there_with_the_steps_of_the_fourth_and_the_rows_of_the_sixth() -> None:
    assert [i for i in FRAMEWORK.sections if i not in NUMBERED] == [f"Appendix {n}" for n in range(1, 9)]
    assert [s.n(c) for s in (FRAMEWORK.sections["Appendix 4"],) for c in s.clauses][:6] == [f"step {n}" for n in ("one", "two", "three", "four", "five", "six")]
    assert len(FRAMEWORK.sections["Appendix 6"].clauses) == 7


# ---------------------------------------------------------------- references


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Section 6, 6.4; Appendix 3", ["Section 6, 6.4", "Appendix 3"]),
        ("Section 5, 5.1 and 5.2", ["Section 5, 5.1", "Section 5, 5.2"]),
        ("Section 8, 5.2–5.5", ["Section 8, 5.2", "Section 8, 5.3", "Section 8, 5.4", "Section 8, 5.5"]),
        ("Section 6, after 6.3", ["Section 6, after 6.3"]),
        ("Section 2, 2.8e", ["Section 2, 2.8e"]),
        ("Section 2, 2.8e(b)", ["Section 2, 2.8e(b)"]),
        ("Section 13, 10.3 (second): no time is given", ["Section 13, 10.3 (second)"]),
        ("Section 4, 4.1.1, last point only", ["Section 4, 4.1.1"]),
        ("Section 9; specification 10, case 48", ["Section 9"]),
        ("Appendix 4, step three", ["Appendix 4, step three"]),
        ("Appendix 4, steps four and five", ["Appendix 4, step four", "Appendix 4, step five"]),
        ("Appendix 4, “20 children”; Appendix 6", ["Appendix 4, how they are completed", "Appendix 6"]),
        ("Appendix 6, “Review each AD work 1 x year”", ["Appendix 6, DCS"]),
        ("Appendix 6, “All managers”", ["Appendix 6, All managers"]),
        ("Appendix 7, “HoS/ TM/ Ind auditor” (not in Appendix 6)", ["Appendix 7, October"]),
        ("Appendices 1 and 2", ["Appendix 1", "Appendix 2"]),
        ("The framework says only “end of quarter” (Appendix 7)", ["Appendix 7"]),
        ("Specification 2.0", []),
        ("The framework never lists them", []),
        ("", []),
    ],
)
def test_a_reference_means_these_clauses(text: str, means: list[str]) -> None:
    assert FRAMEWORK.cited(text) == (means, [])


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("Section 6, 6.9", ["Section 6, 6.9"]),
        ("Section 14, 1.1", ["Section 14"]),
        ("Section 8, 8.1", ["Section 8, 8.1"]),
        ("Appendix 4, step seven", ["Appendix 4, step seven"]),
        ("Appendix 9", ["Appendix 9"]),
        ("Section 2, 2.7", ["Section 2, 2.7: first or second?"]),
        ("6.4", ["6.4"]),
    ],
)
def test_a_reference_that_means_no_clause_is_told(text: str, lost: list[str]) -> None:
    assert FRAMEWORK.cited(text)[1] == lost


def test_an_answer_stands_under_what_it_cites_and_under_what_points_to_it() -> None:
    raw = {"blocks": {}, "sections": [{"id": "Section 3", "title": "Data", "clauses": [{"n": "3.1", "asks": "…", "by": ["form C_PERF", "form NONE"]}, {"n": "3.2", "asks": "…"}]}]}
    form = Answer("form", "C_PERF", "Section 3, 3.2")
    collected = collect(Framework(raw), [form], {})
    assert collected.found == {"Section 3, 3.2": [form], "Section 3, 3.1": [form]}
    assert collected.unknown == ["clauses.toml, Section 3, 3.1: form NONE"]
