"""Papers for those to whom the report goes on: the Chief Executive's team, the lead member, Scrutiny, the Improvement Board (D4; section 12, 2.3).

Numbers are those of `figures/published.py` alone. Words are those that were written for reporting and signed off; never an answer of a review or an audit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from qaf_sheets.model import Quarter, Version
from qaf_sheets.outputs.documents.head import head, newest
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.teller import Teller
from qaf_sheets.outputs.documents.words import day, draft_line, excerpt, listed, low, safe_name, signer
from qaf_sheets.outputs.figures import current
from qaf_sheets.outputs.figures.published import HIDDEN, Row, grade_row, rows, shown, smallest
from qaf_sheets.outputs.figures.trend import LEAST, REACH
from qaf_sheets.outputs.figures.triangulation import DIRECTIONS
from qaf_sheets.problems import count

SERV_WORDS: Mapping[str, str] = {"well": "What is working well", "worried": "What we are worried about", "childrens_experiences": "Children’s experiences", "action_needed": "What needs to happen"}
LEARNING: Mapping[str, tuple[str, ...]] = {"EVAL": ("learning", "next"), "LEARN": ("key_messages", "taken_up", "next_learning")}
"""Whose words are written for reporting, and which questions ask for them."""
NOT_YET = "Words are added once the quarter’s report is signed off."
NO_WORDS = "No words that were written for reporting are signed off yet."


class Paper(NamedTuple):
    """One of the papers: its template, title and file name, what its reader needs it for, and which of the service summaries' words it quotes, and how many under a heading."""

    template: str
    title: str
    file: str
    purpose: str
    words: tuple[str, ...]
    most: int = 3
    public: bool = False


CHIEF = Paper("governance_chief_executive.docx", "Quality of practice: headlines and risks", "Chief Executive leadership team", "For the Chief Executive’s senior leadership team: what was found, what is at risk, and what is being done.", ("worried", "action_needed"))
MEMBER = Paper("governance_lead_member.docx", "Quality of practice: briefing for the lead member", "Lead member briefing", "For the lead member for children’s services: what was found, and what children and families say.", ("childrens_experiences", "well"))
SCRUTINY = Paper("governance_scrutiny.docx", "How good is our work with children and families?", "Scrutiny", "For the Scrutiny committee and the public.", ("well", "worried", "childrens_experiences"), most=5, public=True)
BOARD = Paper("governance_improvement_board.docx", "Quality of practice: progress against the plan", "Children's Improvement Board", "For the Children’s Improvement Board: what was planned, what was done, and what changed.", ("well", "worried", "action_needed"))
PAPERS = (CHIEF, MEMBER, SCRUTINY, BOARD)


def whose(given: Given) -> Iterator[Quarter]:
    """One of each paper for a quarter in which anything came in."""
    if given.figures.total.returned:
        yield given.snapshot.quarter


def file_name(paper: Paper, _: Given, quarter: Quarter) -> str:
    """By who reads it."""
    return safe_name(f"{paper.file} - {quarter.label}")


def context(paper: Paper, given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the paper's template may say."""
    it = Published(given)
    return {
        **it.head(paper, quarter), "headlines": list(it.headlines()), "numbers": it.numbers(), "grades": it.grades(), "trend": it.trend(), "risks": list(it.risks()), "voice": list(it.voice()),
        "actions": list(it.actions()), "themes": list(it.themes()), "priorities": it.priorities(), "words": it.words(paper), "no_words": NO_WORDS if it.signed else NOT_YET,
        "reading": it.reading(), "before": it.before(paper), "dlt": it.heard_on(quarter),
    }  # fmt: skip


class Published:
    """A quarter as it may be told outside the department."""

    def __init__(self, given: Given) -> None:
        self.given, self.snapshot, self.plan = given, given.snapshot, given.plan
        self.signed = given.snapshot.signed_off
        self.small = smallest(given.plan)
        self._teller = Teller(given.plan)

    @cached_property
    def rows(self) -> dict[str, Row]:
        """The published rows by what they count."""
        return {r.id: r for r in rows(self.snapshot, self.given.figures)}

    def head(self, paper: Paper, quarter: Quarter) -> dict[str, Any]:
        """Title, marking, who signed."""
        about = head(self.snapshot, paper.title, f"{paper.file}, {quarter.label}", newest(self.snapshot.returns), draft_line(self.signed, outside=True))
        public = "For the public" if self.signed else "For the public, once signed off"
        return {
            **about, "marking": public if paper.public else about["marking"], "purpose": paper.purpose, "may_name": signer(self.signed), "quarters": max(1, len(self.points)),
        }  # fmt: skip

    def heard_on(self, quarter: Quarter) -> str:
        """The meeting of the leadership team that heard it."""
        held = self.plan.dlt_date(quarter)
        return f"The department’s leadership team hears this report on {day(held)}." if held else "The date of the department’s leadership team meeting is to be confirmed."

    # ---------------------------------------------------------------- sentences

    def headlines(self) -> Iterator[str]:
        """What was looked at and how it came out, a sentence each."""
        if row := self.rows.get("returns"):
            yield f"{row.first_of('returns')} came in of those expected this quarter; {self._not_in(row)}"
        for row in self._graded():
            well = f"It was Good or better for {row.first_of('children')}." if row.tells else "How often it was Good or better is not shown: a number is small."
            yield f"{row.name}: the work with {shown(row.total)} children was looked at and graded. {well}"
        if row := self.rows.get("dip"):
            yield f"A dip sample asked short questions of children’s records. The answer was Yes to {row.first_of('questions')}."

    def _not_in(self, row: Row) -> str:
        left = row.parts[1][1]
        return "none is missing." if left == 0 else f"{shown(left)} are missing, and nothing is said here of those."

    def risks(self) -> Iterator[str]:
        """What the reader should worry about: unmet requirements by their names, concerns, actions that are late."""
        missed = [c for c in self.given.figures.checks if c.result == "Not met"]
        if missed:
            yield f"Of the framework’s {len(self.given.figures.checks)} requirements, {len(missed)} {'was' if len(missed) == 1 else 'were'} not met: {'; '.join(low(c.requirement) for c in missed)}."
        if row := self.rows.get("concerns"):
            told = "Each says who was told." if all(c.reported for c in self.given.figures.concerns) else "Not each of them says yet who was told."
            yield f"Immediate concerns for a child’s safety that a review or audit flagged: {shown(row.parts[0][1])}. {told}"
        if (row := self.rows.get("actions")) and row.parts[2][1] != 0:
            yield f"Actions past their date: {shown(row.parts[2][1])}."
        for graded in self._graded():
            if graded.parts[2][1] != 0:
                yield f"{graded.name}: work that was Inadequate was found for {shown(graded.parts[2][1])} of {shown(graded.total)} children. The framework asks for each to be looked at again."

    def voice(self) -> Iterator[str]:
        """How far children and families were heard."""
        if row := self.rows.get("heard"):
            yield f"Families’ views were heard before the conversation in {row.first_of('case reviews')}."
        forums = sorted({form.title for v in current(self.snapshot) if (form := self.snapshot.forms.get(v.issue.activity)) and form.id in ("C_CICC", "C_CLF", "C_CPB")})
        if forums:
            yield f"Children and young people spoke to us together in {count(len(forums), 'forum')}: {listed([low(f) for f in forums])}."

    def actions(self) -> Iterator[str]:
        """What became of what was agreed."""
        if row := self.rows.get("actions"):
            yield f"{row.first_of('actions')} are finished. Still open and in time: {shown(row.parts[1][1])}; past their date: {shown(row.parts[2][1])}."
        if row := self.rows.get("again"):
            again = f"{row.first_of('children')} whose work was looked at again have a better grade than last time."
            yield again if row.tells else "Some children’s work was looked at again. How many have a better grade than last time is not shown: a number is small."

    def themes(self) -> Iterator[str]:
        """What the QA unit confirmed as a theme of the quarter."""
        for theme in self.given.figures.triangulated:
            if theme.confirmed:
                more = max(DIRECTIONS, key=theme.total)
                yield f"{theme.theme}: spoken of more often as a {low(more)}."

    def priorities(self) -> list[dict[str, str]]:
        """The practice priorities of the plan, each with the themes that looked at it this quarter."""
        events = [e for e in self.plan.calendar if e.quarter == self.snapshot.quarter and e.priority_id and e.theme]
        looked = {p.priority_id: listed([f"“{e.theme}”" for e in events if e.priority_id == p.priority_id]) for p in self.plan.priorities}
        return [{"wording": p.wording, "looked": looked[p.priority_id] or "Not the theme of an audit or sample this quarter"} for p in self.plan.priorities]

    # ---------------------------------------------------------------- tables

    def _graded(self) -> list[Row]:
        return [r for r in self.rows.values() if r.id.startswith("grades ")]

    def grades(self) -> list[dict[str, str]]:
        """Final grades of each activity."""
        return [{"name": r.name, "total": shown(r.total), "first": r.first, "second": shown(r.parts[1][1]), "third": shown(r.parts[2][1])} for r in self._graded()]

    def numbers(self) -> list[dict[str, str]]:
        """Every other row: what is counted, and the part of it that people ask for."""
        return [{"name": r.name, "said": r.first, "unit": r.unit} for r in self.rows.values() if not r.id.startswith("grades ")]

    @cached_property
    def points(self) -> tuple[Row, ...]:
        """One row for each quarter and graded activity; none below the number of quarters from which something is a trend."""
        found = [p for p in self.given.points if p.grades.graded]
        kept = [p for p in found if len({o.quarter for o in found if o.activity == p.activity}) >= LEAST][: 2 * REACH]
        return tuple(grade_row(f"{p.quarter} {p.activity}", f"{self.snapshot.plural(p.activity)}, {p.quarter.label}", p.grades, self.small) for p in kept)

    def trend(self) -> list[dict[str, str]]:
        """Good or better, quarter by quarter."""
        return [{"name": r.name, "total": shown(r.total), "first": r.first} for r in self.points]

    # ---------------------------------------------------------------- words

    def words(self, paper: Paper) -> list[dict[str, Any]]:
        """What heads of service and the practice lead wrote for reporting, by question, each with whose words they are."""
        found = [self._under(SERV_WORDS[field], [(v, field) for v in self._returns("SERV") if self._may_quote(v, paper)], paper.most) for field in paper.words]
        if self.signed:
            found.append(self._under("What we learnt, and what changes", [(v, f) for code, fields in LEARNING.items() for v in self._returns(code) for f in fields], paper.most))
        return [part for part in found if part["quotes"]]

    def _under(self, heading: str, said: list[tuple[Version, str]], most: int) -> dict[str, Any]:
        """The beginning of what each wrote, as far as there is room."""
        quotes = [{"words": excerpt(lines[0]), "whose": v.issue.service_area or v.issue.role_team} for v, field in said if (lines := list(self._teller.words(v, field)))]
        more = len(quotes) - most
        return {"heading": heading, "quotes": quotes[:most], "more": f"{count(more, 'other answer stands', 'other answers stand')} in the services’ own summaries." if more > 0 else ""}

    def _may_quote(self, version: Version, paper: Paper) -> bool:
        """A summary that its author signed; for the public only once the quarter is signed off too."""
        return bool(self.signed) or (bool(version.content.text("signed_off_by")) and not paper.public)

    def _returns(self, activity: str) -> list[Version]:
        return sorted((v for v in current(self.snapshot) if v.issue.activity == activity), key=lambda v: (v.issue.service_area, v.issue.return_id))

    # ---------------------------------------------------------------- how to read it

    def reading(self) -> list[str]:
        """What a reader must know of the numbers."""
        return [
            f"“{HIDDEN}” stands where a number is from 1 to {self.small}, or where it would tell such a number. It protects children and workers who could be recognised. Nought is shown as 0.",
            "The children whose work was looked at are a sample chosen to learn from. The numbers speak of them, not of all the children we work with.",
            "A percentage is given only of ten or more. Grades are those after moderation, in Ofsted’s words; “Requires improvement” is short for “requires improvement to be good”.",
        ]

    def before(self, paper: Paper) -> list[str]:
        """What somebody has to do before it goes out."""
        if self.signed:
            return []
        told = ["The report of this quarter is not signed off. Sign it off first: its words are then added here, and its numbers stay."]
        return [*told, "Before it is published, please read every quoted sentence for small numbers and for anything by which a family could be recognised."] if paper.public else told
