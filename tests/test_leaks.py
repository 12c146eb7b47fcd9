"""The guard over answers in words (case 62): what a leak looks like, and what only looks like one. All people, numbers and places are invented."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed
from kit import book, form, issue

from qaf_sheets import demo
from qaf_sheets.checks import Context
from qaf_sheets.checks.text import names_in_text
from qaf_sheets.model import Answer, Person, Return
from qaf_sheets.plan.example import example_plan

FORM = form("CCR")
WORDS = Path(demo.__file__).parent / "words"

STAFF = ("Avery Exampleworth", "Blake Placeholder", "Anne-Marie O'Example", "Siân Madeup-Jones", "Will Good", "Amir Young", "Robin van der Sample", "Grace Hope")
PEOPLE = {f"P{n:03d}": Person(person_id=f"P{n:03d}", name=name, role="SW") for n, name in enumerate(STAFF, 1)}
NAME, BORN, NHS, POSTCODE = "a name", "a date of birth", "an NHS number", "a postcode"
LEAKS = {
    NAME: (
        "Avery Exampleworth rang.", "We asked avery exampleworth twice.", "AVERY EXAMPLEWORTH led it.", "Avery Exampleworth's notes are clear.", "Avery Exampleworth’s notes are clear.",
        "It was Avery\nExampleworth who came.", "It was Avery\u00a0Exampleworth who came.", "Avery  Exampleworth", "A. Exampleworth chaired.", "A.Exampleworth chaired.",
        "Exampleworth, Avery (TM)", "EXAMPLEWORTH Avery", "Ms Exampleworth listened well.", "Mrs. Exampleworth listened.", "Dr Placeholder wrote back.", "B Placeholder wrote back.",
        "Anne-Marie O'Example visits.", "Anne‑Marie O’Example visits.", "Anne Marie O'Example visits.", "AnneMarie O`Example visits.", "Siân Madeup-Jones rang.", "Sian Madeup-Jones rang.", "Sia\u0302n Madeup–Jones rang.", "Siân Madeup Jones rang.",
        "Avery J. Exampleworth signed.", "avery.exampleworth@marlbrook.example", "avery_exampleworth.docx", "W. Good signed.", "Robin van der Sample met them.", "Robin Sample met them.", "Ms Hope and the child drew.",
    ),
    BORN: (
        "The child, born 03/05/2014, is well.", "born on the 3rd of May 2014", "Born on 3 May 2014 at home.", "d.o.b 03.05.14", "D.O.B. 03.05.2014", "DOB: 2014-05-03", "dob 3/5/14", "DoB - 3-5-2014", "date of birth is 3rd May 2014",
        "Date of Birth: 3 May, 2014", "birthday: May 3rd, 2014", "born\u00a03\u00a0May\u00a02014", "born in Marlbrook on 3 May 2014", "was born prematurely on Tuesday 3 May 2014", "DOB 030514", "D O B 03 05 2014", "b. 3/5/2014", "3/5/2014 (DOB)",
    ),
    NHS: (
        "943 476 5919", "9434765919", "943-476-5919", "943\u00a0476\u00a05919", "943  476  5919", "94 3476 59 19", "943.476.5919", "NHS no. 123 456 7890", "NHS number: 1234567890", "the nhs number (943 476 5919)",
    ),
    POSTCODE: (
        "They moved to ZZ9 9ZZ.", "zz9 9zz", "ZZ99ZZ", "ZZ99 9ZZ", "at m1 1ae now", "SW1A 1AA", "sw1a1aa", "EC1A\u00a01BB", "W1A  0AX", "B33-8TH", "Live at CR2\n6XH.", "DN55 1PT;",
    ),
}  # fmt: skip
INNOCENT = (
    "The worker and the team manager met the family on 3/5/2026.", "The child turned eleven in May 2026.", "The plan of 03/05/2026 was reviewed on 10/06/2026.", "Will good work follow? We hope so.", "Good work with young people.",
    "A Young person said so.", "A young person was seen; a good example was set.", "By the grace of hope alone.", "The example is worth keeping.", "Avery was quiet.", "This is a placeholder for now.",
    "The child was born abroad and came here at four.", "He was born in 2014.", "The baby was born before the review of the plan dated 3/5/2026.", "A first-born child.", "Reborn hope by 1/4/2026.", "Stubborn: 12 10 2026 was missed.",
    "Child 9304518 was seen alone.", "Children 9304518, 9304527 and 9304536 were seen.", "R-000012 version 2", "Rule R15 2nd line", "in Q3 2nd week", "Q3 1st review", "by 4pm on 12 October", "B2 4pm in room 2", "Ring 01632 960123 first.",
    "01632 960 123 is the duty line.", "12 of 20 (60%) in 2026-27", "KS2 3rd term", "Sections 17 and 47, then s31 2026", "Year 10 2 hours a week", "Level 2 1:1 support, 24/7", "P031 1st observation", "1234567890 is the case reference.",
    "Day 1, 2, 3, 4, 5, 6, 7, 8, 9 and 0", "DOBs are on the record, not here.", "The father's birthday tea was on a Sunday.", "A&E at 03:00 on 2026-05-03", "At the 10th hour, 5th day", "1111111111", "C19 4th wave", "Ms and Mr are not used.",
)  # fmt: skip


def kinds(words: str) -> set[str]:
    """What the guard says of one answer in words."""
    content = Return(answers={f.id: Answer(value=words if f.id == "pen_picture" else None, sheet="Review", cell="C9") for f in FORM.fields}, rows={t.id: () for t in FORM.tables})
    told = list(names_in_text(content, FORM, Context(issue=issue("CCR"), today=date(2026, 12, 14), people=PEOPLE)))
    assert [p.code for p in told] in ([], ["NAME_IN_TEXT"])
    return {k for k in LEAKS if told and k in told[0].message}


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, every in LEAKS.items() for words in every])
def test_a_leak_is_pointed_out_for_what_it_is(kind: str, words: str) -> None:
    assert kinds(words) == {kind}
    assert kinds(f"She said: {words} That was all.") == {kind}


def test_there_are_fifty_leaks_and_more() -> None:
    assert len({w for every in LEAKS.values() for w in every}) >= 50
    assert len(set(INNOCENT)) >= 30


@pytest.mark.parametrize("words", INNOCENT)
def test_what_only_looks_like_a_leak_is_let_pass(words: str) -> None:
    assert kinds(words) == set()


def test_the_words_of_the_leak_are_never_in_the_remark() -> None:
    content = Return(answers={"pen_picture": Answer(value="Avery Exampleworth, born 03/05/2014, ZZ9 9ZZ", sheet="Review", cell="C9")})
    (told,) = names_in_text(content, FORM, Context(issue=issue("CCR"), today=date(2026, 12, 14), people=PEOPLE))
    assert (told.sheet, told.cell, told.field) == ("Review", "C9", "pen_picture")
    assert not any(w in told.message for w in ("Avery", "2014", "ZZ9"))


def test_the_qa_unit_sees_it_in_the_master_by_return_sheet_and_cell(council: Path, run: Run) -> None:
    handed = Handed(council, "CCR")
    leak = "The record says DOB 03/05/2014 and the number 943 476 5919."
    handed.drop(handed.filled(handed.complete(pen_picture=leak)))
    run("ingest", "--workspace", council)
    rows = book((council / "QA master.xlsx").read_bytes()).sheets["Data notes"]
    (told,) = (row for row in rows if "a date of birth and an NHS number" in str(row))
    assert {handed.issue.return_id, "Review", handed.cell("pen_picture")} <= set(told)
    assert "943 476" not in str(rows)


def test_the_demos_own_words_raise_next_to_nothing() -> None:
    """The demo's managers write some thousand sentences; a guard that cries wolf is not read."""
    words = [w for path in WORDS.glob("*.toml") for w in _texts(tomllib.loads(path.read_text("utf-8")))]
    people = {p.person_id: p for p in example_plan(date(2026, 12, 14)).people}
    staff = Context(issue=issue("CCR"), today=date(2026, 12, 14), people=people)
    assert len(words) > 500
    raised = [w for w in words if list(names_in_text(Return(answers={"pen_picture": Answer(value=w, sheet="Review", cell="C9")}), FORM, staff))]
    assert raised == []


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    for one in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _texts(one)
