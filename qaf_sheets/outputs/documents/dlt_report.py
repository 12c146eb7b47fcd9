"""The quarterly report to the departmental leadership team (D3): every return's findings together. No child and no practitioner is named in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from datetime import datetime, time
from functools import cached_property
from typing import Any

from qaf_sheets.model import Quarter, Snapshot, Version
from qaf_sheets.outputs.documents import dlt_tables as tables
from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.dlt_decisions import decisions
from qaf_sheets.outputs.documents.dlt_notes import notes
from qaf_sheets.outputs.documents.dlt_themes import thematic, why_chosen
from qaf_sheets.outputs.documents.kinds import Given
from qaf_sheets.outputs.documents.quotes import Quoter, Source
from qaf_sheets.outputs.documents.words import day, listed, references, safe_name
from qaf_sheets.outputs.figures import AreaGrades, Figures, Share, current
from qaf_sheets.outputs.figures.grades import Graded
from qaf_sheets.problems import count
from qaf_sheets.rules import pieces

WELL = {"SERV": "well", "ROUT": "well", "CCR": "went_well", "THEM": "sos_well", "DIP": "sos_well"}
WORRIED = {"SERV": "worried", "ROUT": "worried", "CCR": "rationale", "THEM": "sos_worried", "DIP": "sos_worried"}
NEEDED = {"SERV": "action_needed", "ROUT": "action_needed", "CCR": "further_improvement", "THEM": "sos_needs", "DIP": "sos_needs"}
VOICE = {"SERV": "child_voice", "ROUT": "child_voice", "DIP": "child_voice", "OBS": "child_voice", "CCR": "child_views_in_discussion", "THEM": "voice_of_child"}
WEAK, STRONG = ("RI", "Inadequate"), ("Outstanding", "Good")
MANY, SOME, FEW = 6, 3, 2
"""Quotes under one heading."""


def whose(given: Given) -> Iterator[Quarter]:
    """One report for a quarter in which anything is owed."""
    if any(d.state not in ("exempt", "not_required", "later") for d in given.snapshot.duties):
        yield given.snapshot.quarter


def file_name(_: Given, quarter: Quarter) -> str:
    """By quarter."""
    return safe_name(f"DLT report - {quarter.label}")


def context(given: Given, quarter: Quarter) -> dict[str, Any]:
    """Everything the template may say."""
    snapshot, figures = given.snapshot, given.figures
    report = Report(snapshot, figures)
    return {
        **report.head(quarter), "may_name": [signed.who.partition(" (")[0]] if (signed := snapshot.signed_off) else [], "front": report.front(), "missing": report.missing(), "checks": report.checks(), "coverage": report.coverage(), "grades": report.grades(),
        "practice": report.practice(), "dip": report.dip(), "thematic": report.thematic(), "told": report.told(), "well": report.quotes(WELL, MANY), "worried": report.worried(), "needs": report.quotes(NEEDED, MANY),
        "voice": {"lines": say.voice_lines(figures), **report.quotes(VOICE, MANY)}, "equality": report.equality(), "families": report.families(), "observation": report.observation(),
        "actions": report.actions(), "decisions": report.decisions(), "notes": notes(snapshot, figures),
    }  # fmt: skip


class Report:
    """One quarter's report being put together, a section at a time."""

    def __init__(self, snapshot: Snapshot, figures: Figures) -> None:
        self.snapshot, self.figures = snapshot, figures
        self.returns, self.quoter = current(snapshot), Quoter(snapshot)

    @cached_property
    def graded(self) -> dict[str, Graded]:
        """Graded pieces of work by reference."""
        return {g.id: g for g in self.figures.work}

    @cached_property
    def sources(self) -> list[Source]:
        """Every return, or each child's sheet of one, with the service area and team that it speaks of."""
        return [source for v in self.returns for source in self._sources(v)]

    def _sources(self, version: Version) -> Iterator[Source]:
        issue, form = version.issue, self.snapshot.forms.get(version.issue.activity)
        for piece in pieces(form, version.content) if form and form.pieces else (None,):
            source = Source(version, issue.service_area, issue.team, piece)
            found = self.graded.get(source.ref)
            yield source._replace(area=found.area, team=found.team) if found else source

    def quotes(self, fields: Mapping[str, str], limit: int, *, leave_out: Container[str] = (), as_: str = "") -> dict[str, Any]:
        """Quotes of these questions; of returns and pieces of work not to be left out."""
        return self.quoter.quoted([s for s in self.sources if s.ref not in leave_out], fields, limit, as_)

    def refs(self, *activities: str) -> str:
        """The returns behind a number."""
        return references(v.issue.return_id for v in self.returns if v.issue.activity in activities) or "none"

    # ---------------------------------------------------------------- the first page

    def head(self, quarter: Quarter) -> dict[str, Any]:
        """Title, marking, and what the draft rests on: its newest return, so that a draft with nothing new in it is the same file."""
        plan, newest, dlt = self.snapshot.plan, max((v.received_at for v in self.returns), default=None), self.snapshot.plan.dlt_date(quarter)
        return {
            "council": plan.setting("council"), "marking": plan.setting("marking"), "title": f"Quality assurance report, {quarter.label}", "short_title": f"QA report to DLT, {quarter.label}",
            "period": f"{quarter.label} ({quarter.months})", "draft_line": self._draft_line(), "dlt_on": f"{dlt:%A} {day(dlt)}" if dlt else "date to be confirmed", "nothing": say.NOTHING,
            "received_up_to": f"Drafted from the returns received up to {day(newest.date())}" if newest else "No returns received yet", "dated": newest or datetime.combine(quarter.starts, time()),
        }  # fmt: skip

    def _draft_line(self) -> str:
        signed = self.snapshot.signed_off
        return f"Signed off by {signed.who}" + (f", {day(signed.decided_on)}" if signed.decided_on else "") if signed else "DRAFT, not signed off"

    def front(self) -> dict[str, Any]:
        """The quarter on one page."""
        return {"missing": self._front_missing(), "looked_at": say.looked_at(self.snapshot, self.figures), "numbers": list(self._numbers()), "well": list(self._well())[:MANY // 2], "worried": list(self._worried())[:MANY], "needs": list(self._needed())[:MANY]}

    def _front_missing(self) -> list[str]:
        counts = say.behind(self.snapshot, self.figures)
        which = f"By activity: {listed([f'{name} {share}' for name, share in counts])}. Section 1 says whose." if counts else ""
        return [*self.missing()["lines"], *filter(None, [which])] or [self.missing()["none"]]

    def _numbers(self) -> Iterator[dict[str, str]]:
        code, final = next(iter(self.figures.grades.final.items()), ("", None))
        of, agreed, late = say.plural(self.snapshot, code), self.figures.moderation.agreed, self.figures.actions.overdue_of_open
        if final and final.graded:
            yield _number(final.good_or_better, f"{of} Good or better")
            yield _number(final.inadequate_share, f"{of} Inadequate")
        else:
            yield {"figure": "None", "label": "graded: no such return received"}
            yield {"figure": "None", "label": "Inadequate: nothing graded yet"}
        yield _number(agreed, "grades unchanged by moderation") if agreed.of else {"figure": "None", "label": "moderated yet"}
        yield _number(late, "open actions overdue") if late.of else {"figure": "None", "label": "of the actions are open"}

    def _well(self) -> Iterator[str]:
        areas, again, heard = self.figures.practice_areas, self.figures.rechecks, self.figures.family.heard
        if areas and say.ends(areas)[1] and say.most(areas[-1].counts.good_or_better):
            yield f"{areas[-1].name}: Good or better in {say.of(areas[-1].counts.good_or_better, 'reviews')}, the most of {say.spelt(len(areas))} areas."
        if say.most(heard):
            yield f"Families’ views were heard in {say.of(heard, 'reviews')}."
        if again.improved > again.lower:
            yield f"Of {count(again.children, 'child', 'children')} graded before, {again.improved} {'has' if again.improved == 1 else 'have'} a better grade and {say.none(again.lower)} a lower one."
        if (asked := say.dip_order(self.figures)) and say.most(asked[-1].yes_share):
            yield f"Dip sample, “{asked[-1].text}”: Yes for {asked[-1].yes_share}."

    def _worried(self) -> Iterator[str]:
        yield from say.concern_lines(self.figures)
        for code, counts in self.figures.grades.final.items():
            if counts.inadequate:
                yield f"{say.of(counts.inadequate_share, say.plural(self.snapshot, code))} {'was' if counts.inadequate == 1 else 'were'} Inadequate."
        if self.figures.practice_areas and say.ends(self.figures.practice_areas)[1]:
            yield from (f"{a.name}: Good or better in {say.of(a.counts.good_or_better, 'reviews')}, the fewest." for a in say.ends(self.figures.practice_areas)[0][:FEW])
        if asked := say.dip_order(self.figures):
            yield f"Dip sample, “{asked[0].text}”: Yes for {asked[0].yes_share}."

    def _needed(self) -> Iterator[str]:
        yield from dict.fromkeys(f"{c.what_next}." for c in say.checks_not_met(self.figures) if c.what_next)
        if late := self.figures.actions.overdue:
            yield f"Finish the {count(late, 'overdue action')} or agree a new date."

    # ---------------------------------------------------------------- missing, requirements, coverage

    def missing(self) -> dict[str, Any]:
        """What is not in, and whose it is."""
        total = self.figures.total
        share = Share(n=total.expected - total.returned, of=total.expected)
        told = f"{say.of(share, 'returns')} {'is' if share.n == 1 else 'are'} not in. {say.not_in(self.figures)} This report is written without them."
        return {
            "lines": [*([say.NOTHING] if not total.returned else []), *([say.spell(told)] if share.n else [])], "none": "Every return expected this quarter is in.", "rows": tables.missing_rows(self.snapshot),
            "caption": say.spell(f"{count(share.n, 'return')} not in"), "source": "Counted: returns. Overdue: not received by the due date. In brackets: how many.",
        }  # fmt: skip

    def checks(self) -> dict[str, Any]:
        """The framework's requirements that were not met."""
        missed, of = say.checks_not_met(self.figures), len(self.figures.checks)
        results = Counter(c.result for c in self.figures.checks)
        others = listed([f"{n} {what}" for n, what in ((results["Met"], "met"), (results["Too early"], "too early to say"), (results["For information"], "reported without a target")) if n])
        return {
            "lines": [], "none": f"No requirement has been missed so far. Of {of}: {others}.", "caption": f"{say.of(Share(n=len(missed), of=of), 'requirements of the framework')} not met",
            "source": f"The others: {others}. The whole list stands in the QA master, sheet Checks.",
            "rows": [{"what": c.requirement, "expected": c.expected, "actual": c.actual, "next": c.what_next, "clause": c.clause} for c in missed],
        }  # fmt: skip

    def coverage(self) -> dict[str, Any]:
        """What was expected and came, by activity and by service area."""
        total, forms = self.figures.total, self.snapshot.forms
        return {
            "lines": say.coverage_lines(self.figures), "none": "No return was expected this quarter.", "caption": f"{say.of(total.in_of_expected, 'returns')} are in",
            "rows": tables.coverage_rows({code: form.title for code, form in forms.items()}, self.figures.by_activity, total), "source": "Counted: returns. On time and late go by the first version that was accepted.",
            "area_rows": tables.coverage_rows({"": tables.NO_AREA}, self.figures.by_area, total), "area_caption": "Returns by service area", "area_source": "Counted: returns, each in the service area of the person who owes it.",
        }  # fmt: skip

    # ---------------------------------------------------------------- grades and practice

    def grades(self) -> dict[str, Any]:
        """Grades before and after moderation; who agreed; children seen again."""
        rows, teams, codes = tables.area_rows(self.snapshot, self.figures), tables.team_rows(self.snapshot, self.figures), tuple(self.figures.grades.final)
        source = f"Counted: children, by the child’s service area. Returns: {self.refs(*codes)}."
        return {
            "lines": say.grade_lines(self.snapshot, self.figures), "chart": tables.grade_chart(self.snapshot, self.figures), "chart_caption": self._grades_caption(), "chart_source": source,
            "rows": rows, "caption": "Grades after moderation, by service area", "source": f"{source} No percentage is given for fewer than ten children.",
            "team_rows": teams, "team_caption": f"Grades after moderation, by team with {say.spelt(tables.FEWEST)} or more", "team_source": f"{source} Smaller teams stand together.",
            "moderation": say.moderation_lines(self.snapshot, self.figures), "moves": tables.move_rows(self.figures), "moves_caption": f"Moderation left {say.of(self.figures.moderation.agreed, 'grades')} unchanged", "moves_source": f"Counted: moderated reviews. Returns: {self.refs(*codes)}.",
            "rechecks": say.recheck_lines(self.figures), **self.quotes({"MOD": "mod_summary"}, SOME),
        }  # fmt: skip

    def _grades_caption(self) -> str:
        final = {say.plural(self.snapshot, code): counts.good_or_better for code, counts in self.figures.grades.final.items()}
        return f"{listed([say.of(share, name) for name, share in final.items()])} are Good or better" + (" after moderation" if self.figures.moderation.moderated else "")

    def practice(self) -> dict[str, Any]:
        """The practice areas, and what reviewers wrote of the weakest and the strongest."""
        areas, codes = self.figures.practice_areas, tuple({a.activity for a in self.figures.practice_areas})
        left_out = listed([f"{a.name} {a.counts.not_applicable}" for a in areas if a.counts.not_applicable])
        source = f"Counted: children, weakest area first.{f' Not applicable, and left out: {left_out}.' if left_out else ''} Returns: {self.refs(*codes)}."
        return {
            "lines": say.practice_lines(self.figures), "chart": tables.practice_chart(self.figures), "chart_caption": say.practice_caption(self.figures), "chart_source": source,
            "rows": [tables.grade_row(a.name, a.counts) for a in areas], "caption": "Grades in each practice area", "source": source, "areas": list(self._areas()),
        }  # fmt: skip

    def _areas(self) -> Iterator[dict[str, Any]]:
        if areas := self.figures.practice_areas:
            weakest, strongest = say.ends(areas)
            yield from (self._area(a, WEAK) for a in weakest[:FEW])
            yield from (self._area(a, STRONG) for a in strongest[:1])

    def _area(self, area: AreaGrades, grades: tuple[str, ...]) -> dict[str, Any]:
        c = area.counts
        others = {v.issue.return_id for v in self.returns if (a := v.content.answers.get(f"{area.field}_grade")) is None or a.code not in grades}
        return {"name": area.name, "lines": [f"Good or better in {say.of(c.good_or_better, 'reviews')}, RI in {c.ri} and Inadequate in {c.inadequate}. Reviewers who graded it {' or '.join(grades)} wrote:"], **self.quotes({area.activity: area.field}, FEW, leave_out=others)}

    def dip(self) -> dict[str, Any]:
        """The dip sample's questions."""
        codes = tuple(code for code, form in self.snapshot.forms.items() if form.sample)
        left_out, said = self.figures.dip.all_answers.not_applicable, say.dip_lines(self.figures)
        source = f"Counted: children’s records; “not applicable” is left out ({left_out} of {left_out + self.figures.dip.all_answers.yes_share.of:,} answers). Returns: {self.refs(*codes)}."
        return {
            "lines": [*said[:1], *(line for code in codes for line in why_chosen(self.snapshot, code)), *said[1:]], "chart": tables.dip_chart(self.figures), "chart_caption": say.dip_caption(self.figures), "chart_source": source,
            "rows": tables.dip_rows(self.figures), "caption": "Answers to each question of the theme", "source": source,
        }  # fmt: skip

    def thematic(self) -> dict[str, Any]:
        """The thematic audit, with what auditors wrote of the weak work."""
        weak = self.quotes({"THEM": "rationale"}, SOME, leave_out={g.id for g in self.figures.work if g.final not in WEAK})
        return {**thematic(self.snapshot, self.figures), **weak}

    # ---------------------------------------------------------------- what people said

    def told(self) -> str:
        """Where the quotes come from."""
        names = listed([say.plural(self.snapshot, code) for code in WELL if code in self.snapshot.forms])
        return f"Quoted as written, from {names}: one service and one activity after another. Long answers are cut at the end of a sentence with “…”."

    def worried(self) -> dict[str, Any]:
        """From graded work, only what was graded below Good says what worried the reviewer."""
        return self.quotes(WORRIED, MANY, leave_out={ref for ref, g in self.graded.items() if g.final not in WEAK})

    def equality(self) -> dict[str, Any]:
        """How evident it is, and what the response was."""
        codes = tuple(self.figures.evidence)
        return {
            "lines": say.equality_lines(self.figures), "chart": tables.equality_chart(self.snapshot, self.figures), "chart_caption": "How evident equality, diversity and identity are, by activity",
            "chart_source": "Counted: returns.", **self.quotes(dict.fromkeys(codes, "ed_response"), MANY),
        }  # fmt: skip

    def families(self) -> dict[str, Any]:
        """Whose views were heard, and what families said."""
        well, better = (self.quotes(fields, SOME) for fields in ({"CCR": "family_went_well", "OBS": "family_feedback"}, {"CCR": "family_could_be_better"}))
        quotes = [*well["quotes"], *better["quotes"]]
        return {
            "lines": say.family_lines(self.figures), "rows": tables.family_rows(self.figures), "caption": f"Families’ views were heard in {say.of(self.figures.family.heard, 'reviews')}", "source": f"Counted: reviews. Returns: {self.refs('CCR')}.",
            "quotes": quotes, "quotes_source": "Families’ views as the reviewer or observer wrote them: first what has gone well, then what could go better.",
        }  # fmt: skip

    def observation(self) -> dict[str, Any]:
        """Coverage, and what observers saw; never a grade."""
        codes = tuple(code for code, form in self.snapshot.forms.items() if form.not_graded)
        natures = Counter(v.content.text("nature") for v in self.returns if v.issue.activity in codes)
        rows = tables.observation_rows(self.snapshot, self.figures, codes)
        return {
            "lines": say.observation_lines(self.figures, codes, sorted((n, times) for n, times in natures.items() if n)), "rows": rows, "caption": "Observations due this quarter that are in, by service area",
            "source": f"Counted: observations due this quarter, in the observer’s service area. Returns: {self.refs(*codes)}.", **self.quotes(dict.fromkeys(codes, "strengths"), SOME),
        }  # fmt: skip

    # ---------------------------------------------------------------- what follows

    def actions(self) -> dict[str, Any]:
        """Where the actions stand."""
        return {
            "lines": say.action_lines(self.figures), "rows": tables.action_rows(self.figures), "caption": f"{say.of(self.figures.actions.overdue_of_open, 'open actions')} are overdue",
            "source": "Counted: actions of the tracker. Overdue: not finished and past the due date, or the revised one. Words, owners and dates stand in the tracker.",
        }  # fmt: skip

    def decisions(self) -> dict[str, Any]:
        """What the meeting is asked."""
        rows = decisions(self.snapshot, self.figures)
        return {"intro": "Drafted from the numbers in this report. Please add, change or take out before the meeting.", "none": "Nothing in the numbers asks for a decision.", "rows": rows, "caption": say.spell(f"{count(len(rows), 'decision')} asked for"), "source": "Section numbers are those of this report. Leads are suggestions."}


def _number(share: Share, label: str) -> dict[str, str]:
    return {"figure": f"{share.n} of {share.of}", "label": label}
