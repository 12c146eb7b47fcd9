"""Papers for outside the department: the published numbers and the words that were written for it, and nothing else."""

from __future__ import annotations

import re

import graded
import kit
import pytest
from papers import lines, refused, shipped

from qaf_sheets.model import Decision, Return, Snapshot, Value, Version
from qaf_sheets.outputs.documents import Document, Given, drafts
from qaf_sheets.outputs.figures import Shown, figures
from qaf_sheets.outputs.figures.published import rows

FOLDER = "Reports/2026-27-Q3/Governance/"
CHIEF, MEMBER, SCRUTINY, BOARD = (f"{name} - Q3 2026-27.docx" for name in ("Chief Executive leadership team", "Lead member briefing", "Scrutiny", "Children's Improvement Board"))
SIGNED = Decision(decision_id="D-0001", kind="sign_off", about="2026-27-Q3", choice="Sign off", who="Avery Exampleworth (P031)", why="Read")
LADDER = ("Outstanding", "Good", graded.RI, "Inadequate")


def papers(snapshot: Snapshot, *past: Snapshot) -> dict[str, Document]:
    given = Given(Shown(snapshot, figures(snapshot)), tuple(Shown(s, figures(s)) for s in past))
    return {d.path.removeprefix(FOLDER): d.write(()) for d in drafts(given, shipped, shipped) if d.path.startswith(FOLDER)}


def told(document: Document) -> str:
    return "\n".join(lines(document))


def with_grades(*counts: int) -> Snapshot:
    """A quarter of as many case reviews of each grade, nothing moderated."""
    seen = graded.snapshot()
    one = next(v for v in seen.returns if v.issue.activity == "CCR")
    grade = next(q for q in kit.form("CCR").fields if q.id == "overall_grade")

    def review(n: int, words: str) -> Version:
        answer = one.content.answers["overall_grade"].model_copy(update={"value": words, "code": next(o.code or o.text for o in grade.options if o.text == words)})
        child = one.content.answers["child_id"].model_copy(update={"value": f"94{n:05d}", "code": f"94{n:05d}"})
        answers = {k: v for k, v in one.content.answers.items() if k not in ("previous_grade",)}
        return one.model_copy(update={
            "issue": one.issue.model_copy(update={"return_id": f"R-{500 + n:06d}", "about": f"94{n:05d}"}),
            "content": Return(answers={**answers, "overall_grade": answer, "child_id": child}, rows={"actions": ()}),
        })  # fmt: skip

    every = [words for words, n in zip(LADDER, counts, strict=True) for _ in range(n)]
    reviews = tuple(review(n, words) for n, words in enumerate(every))
    return graded.fed_back(seen.model_copy(update={"returns": reviews, "moderations": ()}))


def serv(**said: Value) -> Version:
    form = kit.form("SERV")
    content = Return(answers=graded._answers(form.fields, {"completed_by": "Avery Exampleworth (P031)", **said}), rows={"actions": ()})
    issue = kit.issue("SERV").model_copy(update={"return_id": "R-000900", "service_area": "Family Support"})
    return Version(issue=issue, version=1, outcome="accepted", received_at=graded.AS_AT, file="Received/SERV.xlsx", content=content)


def with_summary(snapshot: Snapshot, **said: Value) -> Snapshot:
    return snapshot.model_copy(update={"forms": {**snapshot.forms, "SERV": kit.form("SERV")}, "returns": (*snapshot.returns, serv(**said))})


# ---------------------------------------------------------------- numbers


def test_four_papers_each_for_its_reader() -> None:
    assert sorted(papers(graded.snapshot())) == sorted([CHIEF, MEMBER, SCRUTINY, BOARD])


@pytest.mark.parametrize(("one", "other"), [((2, 9, 9, 2), (2, 9, 10, 1)), ((4, 7, 6, 3), (5, 6, 4, 5)), ((1, 1, 9, 9), (2, 1, 9, 8)), ((1, 1, 1, 0), (0, 2, 1, 1)), ((9, 9, 1, 1), (9, 9, 2, 0))])
def test_two_quarters_that_publish_the_same_numbers_read_the_same_word_for_word(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    """All four papers are made from the published rows alone: where those agree, nothing else gives a hidden number away."""
    first, second = with_grades(*one), with_grades(*other)
    if rows(first, figures(first)) == rows(second, figures(second)):
        assert {p: told(d) for p, d in papers(first).items()} == {p: told(d) for p, d in papers(second).items()}
    else:  # the rule shows more of one of them; then at least no small number of theirs stands in a paper
        for seen, counts in ((first, one), (second, other)):
            good, ri, bad = counts[0] + counts[1], counts[2], counts[3]
            text = "\n".join(told(d) for d in papers(seen).values())
            assert not [n for n in (good, ri, bad) if 0 < n <= 5 and f"{n} of {sum(counts)}" in text]


def test_quarters_published_alike_are_among_them() -> None:
    first, second = with_grades(2, 9, 7, 2), with_grades(2, 9, 8, 1)
    assert rows(first, figures(first)) == rows(second, figures(second))


def test_every_share_in_every_paper_is_a_published_one() -> None:
    seen = with_grades(2, 9, 9, 2)
    seen = seen.model_copy(update={"plan": seen.plan.model_copy(update={"totals": ()})})
    known = {pair for r in rows(seen, figures(seen)) for pair in re.findall(r"[\dc,]+ of [\d,]+", r.first)} | {"c of 22"}
    for name, document in papers(seen).items():
        assert set(re.findall(r"\b[\dc,]+ of [\d,]+", told(document))) <= known, name


def test_the_headline_is_told_and_the_small_ones_are_not() -> None:
    text = told(papers(with_grades(2, 9, 9, 2))[SCRUTINY])
    assert "11 of 22 children (50%)" in text
    assert not re.search(r"\b2 of 22", text)


def test_a_trend_stands_there_from_three_quarters_on() -> None:
    now = with_grades(2, 9, 9, 2)

    def before(n: int) -> Snapshot:
        return now.model_copy(update={"quarter": now.quarter.plus(-n)})

    bare = now.model_copy(update={"plan": now.plan.model_copy(update={"totals": ()})})
    assert "There are too few quarters to compare." in told(papers(bare)[SCRUTINY])
    text = told(papers(bare, before(2), before(1))[SCRUTINY])
    assert ["Q1 2026-27" in text, "Q2 2026-27" in text] == [True, True]
    assert not re.search(r"\b2 of 22", text)


# ---------------------------------------------------------------- words


def test_no_answer_of_a_review_or_an_audit_is_ever_quoted() -> None:
    seen = graded.answering(graded.snapshot(), "CCR", went_well="Zebras were seen.", rationale="Zebras again.", family_went_well="Zebras at home.")
    seen = graded.answering(seen, "DIP", sos_well="Zebras in the sample.", child_voice="Zebras, said the child.")
    for signed in (None, SIGNED):
        for name, document in papers(seen.model_copy(update={"signed_off": signed})).items():
            assert "ebras" not in told(document), name


def test_a_heads_words_stand_there_once_signed_and_for_the_public_once_the_quarter_is() -> None:
    words = {"well": "Plans are clear now.", "worried": "Plans wait.", "childrens_experiences": "Fewer moves.", "action_needed": "Write plans."}
    unsigned, signed = with_summary(graded.snapshot(), **words), with_summary(graded.snapshot(), **words, signed_off_by="Avery Exampleworth (P031)")
    assert [n for n, d in papers(unsigned).items() if "Plans wait" in told(d) or "Fewer moves" in told(d)] == []
    assert sorted(n for n, d in papers(signed).items() if "Plans wait" in told(d) or "Fewer moves" in told(d)) == sorted([CHIEF, MEMBER, BOARD])
    off = papers(unsigned.model_copy(update={"signed_off": SIGNED}))
    assert "Fewer moves." in told(off[SCRUTINY])
    assert "Signed off by Avery Exampleworth" in told(off[SCRUTINY]) + off[SCRUTINY].lines[-1].text


def test_words_that_tell_who_somebody_is_are_held_back() -> None:
    said = with_summary(graded.snapshot(), well="Blake Placeholder did well.\n\nPlans are clear now.", childrens_experiences="Child 9304518 moved. Born on 3 May 2014.").model_copy(update={"signed_off": SIGNED})
    assert refused(said) == {}
    text = told(papers(said)[SCRUTINY])
    assert "Plans are clear now." in text
    assert not [w for w in ("Blake", "9304518", "2014") if w in text]
    assert "held back" in text


def test_nothing_graded_and_nothing_said_still_reads_as_a_paper() -> None:
    seen = graded.snapshot().model_copy(update={"returns": (), "moderations": ()})
    for document in papers(seen).values():
        assert not document.refused
        assert "No graded work was received this quarter." in told(document)


def test_a_signed_paper_is_marked_for_its_readers_and_names_its_signer_without_an_id() -> None:
    seen = with_summary(graded.snapshot(), well="Plans are clear now.")
    draft, signed = papers(seen)[SCRUTINY], papers(seen.model_copy(update={"signed_off": SIGNED}))[SCRUTINY]
    assert any(line.text.endswith("For the public, once signed off") for line in draft.lines)
    assert any(line.text.endswith("For the public") for line in signed.lines)
    assert any("Signed off by Avery Exampleworth" in line.text for line in signed.lines)
    assert "P031" not in "\n".join(line.text for line in signed.lines)


@pytest.mark.parametrize(("told_to", "words"), [("Casey Leftalready (P042)", "Each says who was told."), (None, "Not each of them says yet who was told.")])
def test_who_was_told_of_a_concern_is_claimed_only_where_each_return_says_so(told_to: str | None, words: str) -> None:
    seen = graded.answering(graded.snapshot(), "CCR", immediate_concern="Yes", concern_reported_to=told_to)
    rows_without = tuple(v for v in seen.returns if v.issue.activity != "DIP")
    text = told(papers(seen.model_copy(update={"returns": rows_without}))[CHIEF])
    assert words in text


def test_there_is_room_for_a_few_words_under_a_heading_and_the_rest_is_counted() -> None:
    seen = graded.snapshot()
    services = tuple(serv(worried=f"Worry {n} of many.", signed_off_by="Avery Exampleworth (P031)") for n in range(6))
    named = tuple(v.model_copy(update={"issue": v.issue.model_copy(update={"return_id": f"R-0009{n:02d}", "service_area": f"Area {n}"})}) for n, v in enumerate(services))
    text = told(papers(seen.model_copy(update={"forms": {**seen.forms, "SERV": kit.form("SERV")}, "returns": (*seen.returns, *named)}))[CHIEF])
    assert len(re.findall(r"Worry \d of many", text)) == 3
    assert "3 other answers stand in the services’ own summaries." in text
