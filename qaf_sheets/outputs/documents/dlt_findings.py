"""The DLT report on what each activity found: case reviews, the thematic audit, the dip sample, observations, supervision, routine summaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from qaf_sheets.model import Event, Form
from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.charts import ANSWERS, GRADES, Chart, chart
from qaf_sheets.outputs.documents.dlt_ledger import Where
from qaf_sheets.outputs.documents.dlt_view import COUNTED, NOTHING, RETURNS, View
from qaf_sheets.outputs.documents.words import listed, low, share_of
from qaf_sheets.outputs.figures import AreaGrades, DipQuestion, GradeCounts, Share
from qaf_sheets.outputs.figures.once_a_year import OBSERVED, SUPERVISED
from qaf_sheets.outputs.figures.supervision import AUDIT, EVERYONE
from qaf_sheets.outputs.figures.supervision import DIP as ASYE
from qaf_sheets.problems import count

AREAS, DIP_ANSWERS, OBSERVATIONS, ONCE, SUPERVISION, REVIEWS = "Areas of work", "Dip answers", "Observations", "Once a year", "Supervision", "Case reviews"
"""The annex's sheets."""
WEAK, STRONG = ("RI", "Inadequate"), ("Outstanding", "Good")
BETTER = {"Grade": STRONG}
GRADED = {"Grade": (*STRONG, *WEAK)}


def reviews(view: View) -> dict[str, Any]:
    """Case reviews: the practice areas as a picture, the weakest and strongest in words."""
    view.ledger.at("Collaborative case reviews")
    areas = [a for a in view.figures.practice_areas if a.activity == "CCR"] or list(view.figures.practice_areas)
    codes = tuple({a.activity for a in areas})
    left_out = listed([f"{a.name} {a.counts.not_applicable}" for a in areas if a.counts.not_applicable])
    not_weak = {ref for ref, g in view.graded.items() if g.final not in WEAK}
    return {
        "lines": [*_extremes(view, areas), *_observed(view)] or [NOTHING], "chart": _areas_chart(view, "grades in each practice area, weakest first", areas), "caption": "Grades in each practice area, weakest first",
        "source": f"Counted: children. The reviewers’ own grades of each area.{f' Not applicable, and left out: {left_out}.' if left_out else ''} Returns: {view.refs(*codes)}.",
        "quotes": [*view.quotes({"CCR": "went_well"}, 1, strong=True), *view.quotes({"CCR": "rationale"}, 1, leave_out=not_weak), *view.quotes({"CCR": "further_improvement"}, 1, leave_out=not_weak)],
    }  # fmt: skip


def _extremes(view: View, areas: list[AreaGrades]) -> Iterator[str]:
    if areas:
        weakest, strongest = say.ends(areas)
        told = [f"{say.start(say.named(some))} {'is' if len(some) == 1 else 'are'} the {word}: Good or better in {_shares(view, some)}." for some, word in ((weakest, "weakest"), (strongest, "strongest")) if some]
        yield f"{say.spelt(len(areas)).capitalize()} areas are graded in each review. {' '.join(told)}"


def _shares(view: View, areas: list[AreaGrades]) -> str:
    return "; ".join(dict.fromkeys([area_share(view, a) for a in areas]))


def area_share(view: View, area: AreaGrades, unit: str = "") -> str:
    """Good or better in one area of work, of those graded in it."""
    here = {"Activity": view.title(area.activity), "Area": area.name}
    told = view.ledger.share(area.counts.good_or_better, f"{area.name}: Good or better", AREAS, {**here, **GRADED}, BETTER)
    return share_of(area.counts.good_or_better, unit) if unit else told


def _areas_chart(view: View, counted: str, areas: list[AreaGrades]) -> Chart | None:
    """A bar for each area; each of its numbers is in the ledger."""
    for a in areas:
        for grade, n in a.counts:
            here = {"Activity": view.title(a.activity), "Area": a.name}
            view.ledger.share(Share(n=n, of=a.counts.graded), f"{a.name}: {grade}", AREAS, {**here, **GRADED}, {"Grade": grade})
    return chart(counted, GRADES, {a.name: four(a.counts) for a in areas})


def four(c: GradeCounts) -> tuple[int, ...]:
    """The counts of the four grades, the best first."""
    return c.outstanding, c.good, c.ri, c.inadequate


def _observed(view: View) -> Iterator[str]:
    if view.figures.observed.of:
        yield f"Practice was observed during {view.ledger.of(view.figures.observed, 'reviews', REVIEWS, {'Practice observed': ('Yes', 'No')}, {'Practice observed': 'Yes'})}."


# ---------------------------------------------------------------- the thematic audit


def thematic(view: View) -> dict[str, Any]:
    """Why this theme, and how its questions were graded (section 8, 5.1 to 5.5)."""
    view.ledger.at("Thematic audit")
    forms = {code: f for code, f in view.forms.items() if f.themed and f.part_of_piece("overall_grade")}
    asked = [a for a in view.figures.theme_areas if a.activity in forms]
    strong, weak = ({ref for ref, g in view.graded.items() if g.final not in grades} for grades in (STRONG, WEAK))
    return {
        "lines": list(_theme_lines(view, forms, asked)) or [NOTHING], "chart": _areas_chart(view, "grades for each question of the theme, weakest first", asked), "caption": "Grades for each question of the theme, weakest first",
        "source": f"Counted: children. The auditors’ own grades of each question. Returns: {view.refs(*forms)}.",
        "quotes": [*view.quotes({"THEM": "sos_well"}, 1, strong=True, leave_out=strong), *view.quotes({"THEM": "rationale"}, 1, leave_out=weak), *view.quotes({"THEM": "sos_needs"}, 1, leave_out=weak)],
    }  # fmt: skip


def _theme_lines(view: View, forms: Mapping[str, Form], asked: list[AreaGrades]) -> Iterator[str]:
    for code, form in forms.items():
        if theme := form.theme or view.snapshot.plan.theme_title(code, view.snapshot.quarter):
            yield f"The theme was “{theme}”.{why_chosen(view, code)}"
        if mine := [g for g in view.figures.work if g.version.issue.activity == code]:
            children, returns = len({g.child or g.id for g in mine}), len({g.version.issue.return_id for g in mine})
            told = f" “{asked[0].name}” is least often Good or better: {area_share(view, asked[0])}." if asked else ""
            yield say.spell(f"{count(returns, 'return')} looked at {count(children, 'child', 'children')}.{told}")


def why_chosen(view: View, activity: str) -> str:
    """Why the Calendar's theme was chosen and which priority it serves (clause 2.2); nothing where the plan does not say."""
    snapshot = view.snapshot
    event: Event | None = next((e for e in snapshot.plan.calendar if (e.activity, e.quarter) == (activity, snapshot.quarter) and e.theme), None)
    priority = next((p for p in snapshot.plan.priorities if event and event.priority_id and p.priority_id == event.priority_id), None)
    why = f" Why this theme was chosen: {_sentence(event.why_chosen)}" if event and event.why_chosen else ""
    return why + (f" The practice priority it serves: {_sentence(priority.wording)}" if priority else "")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


# ---------------------------------------------------------------- the dip sample


def dip(view: View) -> dict[str, Any]:
    """The theme's questions, the smallest share of Yes first."""
    view.ledger.at("Dip sample")
    codes = tuple(code for code, form in view.forms.items() if form.sample)
    every = view.figures.dip.all_answers
    left_out = view.ledger.of(Share(n=every.not_applicable, of=every.not_applicable + every.yes_share.of), "answers", DIP_ANSWERS, {}, {"Answer": "Not applicable"}) if every.not_applicable else ""
    return {
        "lines": list(_dip_lines(view, codes)) or [NOTHING], "chart": _dip_chart(view), "caption": "Answers to each question of the dip sample, fewest Yes first",
        "source": f"Counted: children’s records. {f'“Not applicable” is left out: {left_out}. ' if left_out else ''}Returns: {view.refs(*codes)}.",
        "quotes": [*view.quotes({"DIP": "sos_well"}, 1), *view.quotes({"DIP": "sos_worried"}, 1)],
    }  # fmt: skip


def _dip_lines(view: View, codes: tuple[str, ...]) -> Iterator[str]:
    d, every = view.figures.dip, view.figures.dip.all_answers
    if not d.rows:
        return
    twice = f"; {count(d.repeated, 'child stands', 'children stand')} in more than one return" if d.repeated else ""
    short = f" {count(d.short, 'return lists', 'returns list')} fewer than ten children, and say why." if d.short else ""
    children = view.ledger.n(d.children, "different children in the dip sample", DIP_ANSWERS, {}, "Child")
    yield (f"The theme was “{d.theme}”." if d.theme else "") + "".join(why_chosen(view, code) for code in codes)
    yield say.spell(f"{count(d.returns, 'return')} looked at {count(d.rows, 'record')} of {count(children, 'different child', 'different children')}{twice}.{short}")
    shares = listed([f"{answer} in {_answered(view, every, answer, n)}" for answer, n in (("Yes", every.yes), ("Partly", every.partly), ("No", every.no))])
    asked = say.dip_order(view.figures)
    least = f" “{asked[0].text}” was least often answered Yes: {yes_share(view, asked[0])}." if asked else ""
    yield f"The answer was {shares}.{least}"


def _answered(view: View, every: DipQuestion, answer: str, n: int) -> str:
    return view.ledger.share(Share(n=n, of=every.yes_share.of), f"all questions: {answer}", DIP_ANSWERS, {"Answer": ("Yes", "Partly", "No")}, {"Answer": answer})


def yes_share(view: View, asked: DipQuestion) -> str:
    """Yes to one question, of Yes, Partly and No."""
    return view.ledger.share(asked.yes_share, f"{asked.text}: Yes", DIP_ANSWERS, {"Question": asked.text, "Answer": ("Yes", "Partly", "No")}, {"Answer": "Yes"})


def _dip_chart(view: View) -> Chart | None:
    for q in say.dip_order(view.figures):
        for answer, n in (("Yes", q.yes), ("Partly", q.partly), ("No", q.no)):
            view.ledger.share(Share(n=n, of=q.yes_share.of), f"{q.text}: {answer}", DIP_ANSWERS, {"Question": q.text, "Answer": ("Yes", "Partly", "No")}, {"Answer": answer})
    return chart("answers to each question of the dip sample", ANSWERS, {q.text: (q.yes, q.partly, q.no) for q in say.dip_order(view.figures)})


# ---------------------------------------------------------------- observations, supervision, summaries


def observations(view: View) -> dict[str, Any]:
    """Coverage and what observers saw; an observation is never graded (section 6, 6.7)."""
    view.ledger.at("Observations of practice")
    codes = tuple(code for code, form in view.forms.items() if form.not_graded)
    return {"lines": list(_observation_lines(view, codes)) or [NOTHING], "quotes": [*view.quotes(dict.fromkeys(codes, "strengths"), 1), *view.quotes(dict.fromkeys(codes, "areas_for_development"), 1)]}


def _observation_lines(view: View, codes: tuple[str, ...]) -> Iterator[str]:
    owed = [view.figures.by_activity[a] for a in codes if a in view.figures.by_activity]
    expected = Share(n=sum(c.returned for c in owed), of=sum(c.expected for c in owed))
    if expected.of:
        titles = tuple(view.title(c) for c in codes)
        told = view.ledger.of(expected, "observations due this quarter", RETURNS, {"Activity": titles, **COUNTED}, {"Standing": "In"})
        natures = Counter(v.content.text("nature") for v in view.returns if v.issue.activity in codes)
        seen = f" What was observed: {listed([f'{low(n)} ({times})' for n, times in sorted(natures.items()) if n])}." if any(natures) else ""
        yield f"{told} are in.{seen} Observations are not graded."
        yield from _so_far(view, OBSERVED, "practitioners and managers have been observed in the year so far")
        yield from _subjects(view, OBSERVED)


def _so_far(view: View, activity: str, what: str) -> Iterator[str]:
    once = view.figures.once.get(activity)
    if once and once.people:
        yield f"{view.ledger.of(once.seen, what, ONCE, {'Activity': view.title(activity)}, {'Standing': 'Seen'})}; {once.asked(once.quarter.number)} are asked for by the end of {once.quarter.label}."


def _subjects(view: View, activity: str) -> Iterator[str]:
    """What strengths and points to work on are about, by keyword, over the year's returns."""
    once = view.figures.once[activity]
    strong, weak = ({theme: n for theme, n in list(found.get("", {}).items())[:3] if n > 1} for found in (once.strengths, once.development))
    for lead, found in (("Strengths most often speak of", strong), ("What to work on is most often about", weak)):
        if found:
            yield f"{lead} {listed([f'{low(theme)} ({n})' for theme, n in found.items()])}; subjects are found by keyword."


def supervision(view: View) -> dict[str, Any]:
    """Audits of supervision, and dips into that of newly qualified social workers (section 7; Appendix 6)."""
    view.ledger.at("Supervision")
    return {"lines": list(_supervision_lines(view)) or [NOTHING], "quotes": [*view.quotes({AUDIT: "sos_well", ASYE: "sos_well"}, 1), *view.quotes({AUDIT: "sos_worried", ASYE: "sos_worried"}, 1)]}


def _supervision_lines(view: View) -> Iterator[str]:
    found = view.figures.supervision
    if found.audits:
        yield from _so_far(view, SUPERVISED, "supervisors have had an audit in the year so far")
    for activity, n, what in ((AUDIT, found.audits, "supervision audit"), (ASYE, found.dips, "supervision file of a newly qualified social worker")):
        prompts = sorted((p for p in found.prompts if p.activity == activity and p.area == EVERYONE and p.yes_share.of), key=lambda p: (say.ratio(p.yes_share), p.id))
        if n and prompts:
            plural = what.replace("file", "files").replace("worker", "workers").replace(" a newly", " newly") if "file" in what else f"{what}s"
            most, least = ((p, _prompt(view, activity, p)) for p in (prompts[-1], prompts[0]))
            told = f"“{most[0].text}” was answered Yes most often, in {most[1]}" + (f", and “{least[0].text}” least often, in {least[1]}." if len(prompts) > 1 else ".")
            yield say.spell(f"{count(n, f'{what} was read', f'{plural} were read')}. {told}")


def _prompt(view: View, activity: str, prompt: DipQuestion) -> str:
    here: Where = {"Activity": view.title(activity), "Prompt": prompt.text, "Answer": ("Yes", "Partly", "No")}
    return view.ledger.share(prompt.yes_share, f"{prompt.text}: Yes", SUPERVISION, here, {"Answer": "Yes"})


def summaries(view: View) -> dict[str, Any]:
    """What heads of service, assistant directors and services wrote themselves: routine and service summaries (Appendix 1 and 2)."""
    view.ledger.at("Routine and service summaries")
    codes = [c for c in ("ROUT", "SERV") if c in view.figures.by_activity]
    told = [view.returned(view.figures.by_activity[c].in_of_expected, say.plural(view.snapshot, c), Activity=view.title(c)) for c in codes if view.figures.by_activity[c].expected]
    parts = [(lead, view.quotes(dict.fromkeys(("ROUT", "SERV"), field), most, strong=field == "well")) for lead, field, most in (("What is working well", "well", 2), ("What are we worried about", "worried", 2), ("Action needed", "action_needed", 1))]
    return {"lines": [f"{listed(told)} are in."] if told else [NOTHING], "parts": [{"lead": f"{lead}:", "quotes": quotes} for lead, quotes in parts if quotes]}
