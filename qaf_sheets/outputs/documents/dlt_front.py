"""The first page of the DLT report: what is missing, what was looked at, four numbers, what works, what worries, what is needed, and what to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from qaf_sheets.outputs.documents import dlt_words as say
from qaf_sheets.outputs.documents.dlt_findings import DIP_ANSWERS, REVIEWS, area_share, yes_share
from qaf_sheets.outputs.documents.dlt_follow import ACTIONS
from qaf_sheets.outputs.documents.dlt_grades import FINAL, STRONG, WORK, inadequate
from qaf_sheets.outputs.documents.dlt_ledger import Where
from qaf_sheets.outputs.documents.dlt_view import NOTHING, View
from qaf_sheets.outputs.documents.words import listed, low
from qaf_sheets.outputs.figures import Share
from qaf_sheets.problems import count
from qaf_sheets.rules import HEARD

MOST = 4
"""Lines in one column."""
CONCERNS = "Immediate concerns"
"""The annex's sheet."""


def front(view: View) -> dict[str, Any]:
    """The quarter on one page."""
    view.ledger.at("First page")
    return {
        "missing": list(_missing(view)), "looked_at": _looked_at(view), "numbers": list(_numbers(view)), "well": list(_well(view))[:MOST], "worried": list(_worried(view))[: MOST + 1], "needs": list(_needed(view))[:MOST],
    }  # fmt: skip


def decided(rows: Sequence[dict[str, Any]]) -> str:
    """What is asked for, in one sentence."""
    named = "; ".join(f"({row['number']}) {row['short']}" for row in rows)
    return f"{say.start(say.spelt(len(rows)))}, set out in section 11: {named}." if rows else ""


def _missing(view: View) -> Iterator[str]:
    total = view.figures.total
    share = Share(n=total.expected - total.returned, of=total.expected)
    if not total.returned:
        yield NOTHING
    if share.n:
        yield say.spell(f"{view.not_in(share, 'returns')} {'is' if share.n == 1 else 'are'} not in. {say.not_in(view.figures)} This report is written without them.")
        yield f"By activity: {listed([_behind(view, *one) for one in say.behind(view.snapshot, view.figures)])}. Section 1 says whose."
    else:
        yield "Every return expected this quarter is in."


def _behind(view: View, name: str, share: Share, activity: str) -> str:
    where = {"Activity": view.title(activity)} if activity else {"Kind": "Contribution"}
    return view.not_in(share, name, **where)


def _looked_at(view: View) -> str:
    """The quarter's work in one sentence."""
    if not view.figures.total.returned:
        return "No returns received yet."
    done = [(code, n) for code, c in view.figures.by_activity.items() if (n := c.returned - c.nil)]
    given = sum(n for code, n in done if say.is_contribution(view.snapshot, code))
    own = [_done(view, code, n) for code, n in done if not say.is_contribution(view.snapshot, code)]
    return f"{view.returned(view.figures.total.in_of_expected, 'returns')} are in: {listed([*own, *([count(given, 'contribution')] if given else [])]) or 'none with anything to report'}."


def _done(view: View, code: str, n: int) -> str:
    form, children = view.forms.get(code), view.figures.dip.children
    said = count(n, low(view.title(code)), say.plural(view.snapshot, code))
    return f"{said} of {count(view.ledger.n(children, 'children in the dip sample', DIP_ANSWERS, {}, 'Child'), 'child', 'children')}" if form and form.sample and children else said


def _numbers(view: View) -> Iterator[dict[str, str]]:
    code, final = next(iter(view.figures.grades.final.items()), ("", None))
    of, agreed, late = say.plural(view.snapshot, code), view.figures.moderation.agreed, view.figures.actions.overdue_of_open
    here: Where = {"Activity": view.title(code), **FINAL}
    if final and final.graded:
        view.ledger.share(final.good_or_better, f"{of} Good or better", WORK, here, {"Final grade": STRONG})
        view.ledger.share(final.inadequate_share, f"{of} Inadequate", WORK, here, {"Final grade": "Inadequate"})
        yield _number(final.good_or_better, f"{of} Good or better")
        yield _number(final.inadequate_share, f"{of} Inadequate")
    else:
        yield {"figure": "None", "label": "graded: no such return received"}
        yield {"figure": "None", "label": "Inadequate: nothing graded yet"}
    view.ledger.share(agreed, "grades unchanged by moderation", WORK, {"Moderation": ("Agreed", "Up", "Down")}, {"Moderation": "Agreed"})
    view.ledger.share(late, "open actions overdue", ACTIONS, {"Standing": ("Open", "Overdue")}, {"Standing": "Overdue"})
    yield _number(agreed, "grades unchanged by moderation") if agreed.of else {"figure": "None", "label": "moderated yet"}
    yield _number(late, "open actions overdue") if late.of else {"figure": "None", "label": "of the actions are open"}


def _number(share: Share, label: str) -> dict[str, str]:
    return {"figure": f"{share.n} of {share.of}", "label": label}


def _well(view: View) -> Iterator[str]:
    areas, again, heard = view.figures.practice_areas, view.figures.rechecks, view.figures.family.heard
    if areas and say.ends(areas)[1] and say.most(areas[-1].counts.good_or_better):
        yield f"{areas[-1].name}: Good or better in {area_share(view, areas[-1], 'reviews')}, the most of {say.spelt(len(areas))} areas."
    if say.most(heard):
        yield f"Families’ views were heard in {view.ledger.of(heard, 'reviews', REVIEWS, {'Views sought': tuple(view.figures.family.by_option)}, {'Views sought': HEARD})}."
    if again.improved > again.lower:
        yield f"{count(again.children, 'child', 'children')} had been graded before: {again.improved} {'has' if again.improved == 1 else 'have'} a better grade now, {say.none(again.lower)} a lower one."
    if (asked := say.dip_order(view.figures)) and say.most(asked[-1].yes_share):
        yield f"Dip sample, “{asked[-1].text}”: Yes for {yes_share(view, asked[-1])}."


def _worried(view: View) -> Iterator[str]:
    yield from _concerns(view)
    for code, counts in view.figures.grades.final.items():
        if counts.inadequate:
            yield f"{inadequate(view, code, counts, say.plural(view.snapshot, code))} {'was' if counts.inadequate == 1 else 'were'} Inadequate."
    if view.figures.practice_areas and say.ends(view.figures.practice_areas)[1]:
        yield from (f"{a.name}: Good or better in {area_share(view, a, 'reviews')}, the fewest." for a in say.ends(view.figures.practice_areas)[0][:2])
    if asked := say.dip_order(view.figures):
        yield f"Dip sample, “{asked[0].text}”: Yes for only {yes_share(view, asked[0])}."


def _concerns(view: View) -> Iterator[str]:
    """Immediate concerns: how many, from which activities, and whether each says who was told."""
    mine = view.figures.concerns
    if mine:
        untold = sum(not c.reported for c in mine)
        told = f"{count(untold, 'of them does', 'of them do')} not yet say who was told." if untold else "Each says who was told."
        n = view.ledger.n(len(mine), "immediate concerns", CONCERNS, {})
        where = listed([f"{low(view.title(code))} {times}" for code, times in sorted(Counter(c.activity for c in mine).items())])
        yield say.spell(f"{count(n, 'immediate concern')} for a child’s safety {'was' if len(mine) == 1 else 'were'} flagged ({where}). {told}")


def _needed(view: View) -> Iterator[str]:
    t, late = view.figures.total, view.figures.actions.overdue
    if t.overdue:
        yield f"Bring in the {count(t.overdue, 'overdue return')}."
    if n := sum(c.inadequate for c in view.figures.grades.final.values()):
        yield f"See again the {count(n, 'child', 'children')} whose work was Inadequate." if n > 1 else "See again the child whose work was Inadequate."
    if missed := len(say.checks_not_met(view.figures)):
        yield f"Meet the {count(missed, 'requirement')} of the framework listed in section 2."
    if late:
        yield f"Finish the {count(late, 'overdue action')}, or agree new dates."
