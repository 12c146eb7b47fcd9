"""Observations and Supervision: how many of those who are to be seen once in the year have been, against what is asked by then (6.4; 7.2; Appendix 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import ACCENTS, INK, QUIET, SOFT, TAB_SUMMARY, Book
from qaf_sheets.model import Option
from qaf_sheets.outputs.figures import SMALL, Share
from qaf_sheets.outputs.figures.checks.facts import month
from qaf_sheets.outputs.figures.once_a_year import (
    DONE,
    LEFT_OUT,
    OBSERVED,
    SUPERVISED,
    OnceAYear,
    PersonSeen,
    grouped_people,
    standings,
)
from qaf_sheets.outputs.master.kit import HEAD_ROW, HEADLINE_ROW, Cell, Column, Table, put, table_page
from qaf_sheets.outputs.master.live import Live, share, share_words, words
from qaf_sheets.outputs.master.once import AREA, MANAGER, NATURE, SHEET, TABLE, TEAM, asks_nature, standing
from qaf_sheets.outputs.master.returns import answer_cells, own_sheets, returns_of
from qaf_sheets.outputs.master.words import area_name
from qaf_sheets.outputs.master.year import Year

OBSERVATIONS, SUPERVISION = "Observations", "Supervision"
BY_THEN, EVERYONE, KIND, DIPS = "By the end of", "Everyone", "Kind of observation", "ASYE,"
NAME, PEOPLE, SEEN, ASKED = 1, 2, 3, 8
ON_TRACK, BEHIND, TO_COME = "✓ On track", "✗ Behind", "○ To come"
ROW_PIXELS = 20
Rows = Iterator[tuple[Cell, ...]]


def write_observations(book: Book, year: Year) -> None:
    """Who was observed: by the end of each quarter, by service area, team and manager, and by kind. Never graded."""
    once, natures = year.figures.once[OBSERVED], _natures(year)
    rows = [*_coverage(once, year, natures), *_kinds(year, natures)]
    columns = (*_columns("Observed"), *(Column(o.text, max(9, len(o.text) + 1.5), "number") for o in natures), *SUBJECTS)
    note = "Counting unit: people, each once a year; for kinds, observations due. Shares of groups leave out whose turn was counted by hand."
    sheet = table_page(book, OBSERVATIONS, f"{OBSERVATIONS} of practice: {year.label}", observed_headline(year), note, Table(OBSERVATIONS, columns, rows), tab=TAB_SUMMARY)
    _trajectory(book, sheet, OBSERVATIONS, once, "observed", HEAD_ROW + len(rows) + 2)


def write_supervision(book: Book, year: Year) -> None:
    """Whose supervision was audited, the same way; and the dips about newly qualified social workers, month by month."""
    once = year.figures.once[SUPERVISED]
    rows = [*_coverage(once, year, ()), *_dips(year)]
    note = "Counting unit: people who supervise, each once a year; for ASYE dips, dips due. Shares of groups leave out whose turn was counted by hand."
    sheet = table_page(book, SUPERVISION, f"{SUPERVISION}: {year.label}", supervised_headline(year), note, Table(SUPERVISION, (*_columns("Audited"), *SUBJECTS), rows), tab=TAB_SUMMARY)
    _trajectory(book, sheet, SUPERVISION, once, "audited", HEAD_ROW + len(rows) + 2)


def observed_headline(year: Year) -> str:
    """37 of 53 (70%) people were observed once this year; 40 are asked for by the end of Q3."""
    once = year.figures.once[OBSERVED]
    if not once.people:
        return "Nobody is owed an observation this year. Observations are never graded."
    return f"{once.seen} people were observed this year{_by_hand(once)}; {_asked(once)}. Observations are never graded."


def supervised_headline(year: Year) -> str:
    """The same of supervisors, and of the dips about newly qualified social workers."""
    once, months = year.figures.once[SUPERVISED], year.figures.supervision.months
    dips = Share(n=sum(m.returned for m in months), of=sum(m.owed for m in months))
    audited = f"{once.seen} supervisors had their supervision audited this year{_by_hand(once)}; {_asked(once)}" if once.people else "Nobody is owed a supervision audit this year"
    return f"{audited}. {f'ASYE dips in: {dips}' if dips.of else 'No ASYE dip is owed this quarter'}."


def _by_hand(once: OnceAYear) -> str:
    return f", {sum(once.by_hand.values())} of them counted by hand" if once.by_hand else ""


def _asked(once: OnceAYear) -> str:
    return f"{once.asked(once.quarter.number)} are asked for by the end of Q{once.quarter.number}"


SUBJECTS = (Column("Spoken of most", 28),)
LEAST = 2
"""Returns that speak of a subject before it is named."""


def _columns(seen: str) -> tuple[Column, ...]:
    return (
        Column("Counted by", 18), Column("Name", 26), Column("People", 9, "number"), Column(seen, 10.5, "number"), Column("To come", 9, "number"), Column("Overdue", 10, "number"), Column("Turn counted by hand", 11, "number"),
        Column(f"{seen}, of people", 15, "share"), Column("Asked by then", 9, "number"), Column("Standing", 14, "state"),
    )  # fmt: skip


def _coverage(once: OnceAYear, year: Year, natures: tuple[Option, ...]) -> Rows:
    """The year's trajectory, then everybody, each area, team and manager."""
    if not once.people:
        return
    blank: tuple[Cell, ...] = (None,) * (len(natures) + len(SUBJECTS))
    for number in (1, 2, 3, 4):
        yield (*_by_then(once, number), *blank)
    names = year.names[0]
    yield _group(once, EVERYONE, "All people", once.people, "", natures, "")
    for area, people in grouped_people(once.people, lambda p: p.area).items():
        yield _group(once, AREA, area_name(area), people, AREA, natures, area or None)
    for team, people in grouped_people(once.people, lambda p: p.team).items():
        if team:
            yield _group(once, TEAM, team, people, TEAM, natures, None)
    by_manager = {} if year.copy_for else grouped_people(once.people, lambda p: p.manager_id)
    for manager, people in by_manager.items():  # a copy to hand on counts no person by name
        yield _group(once, MANAGER, names.person(manager, people[0].duty.obligation.owner), people, MANAGER, natures, None)


def _by_then(once: OnceAYear, number: int) -> tuple[Cell, ...]:
    """What was reached by the end of a quarter; of one still to come only what will be asked."""
    quarter = once.quarter.model_copy(update={"number": number})
    past, n, asked = number <= once.quarter.number, once.by_the_end_of(number), once.asked(number)
    state = TO_COME if not past else ON_TRACK if n >= asked else BEHIND
    return (BY_THEN, quarter.label, len(once.people), n if past else None, None, None, None, str(Share(n=n, of=len(once.people))) if past else "", asked, state)


def _group(once: OnceAYear, by: str, name: str, people: tuple[PersonSeen, ...], head: str, natures: tuple[Option, ...], area: str | None) -> tuple[Cell, ...]:
    """Some of the people, counted from the sheet Once a year: those whose `head` there is this row's name."""
    n = standings(people)
    every = standing(once, None, len(people), head)
    seen, coming, late, unknown = (standing(once, s, n[s], head) for s in ("seen", "to come", "overdue", "unknown"))
    known = Live(f"({every.formula}-{unknown.formula})", len(people) - n["unknown"])
    kinds = (_nature(seen, o, sum(p.nature == (o.code or o.text) for p in people)) for o in natures)
    state = f"✗ {n['overdue']} overdue" if n["overdue"] else f"○ {n['to come']} to come" if n["to come"] else "– Not known" if n["unknown"] == len(people) else "✓ All seen"
    return (by, name, every, seen, coming, late, unknown, share(seen, known, Share(n=n["seen"], of=len(people) - n["unknown"])), None, state, *kinds, "" if area is None else _spoken_of(once, area))



def _nature(seen: Live, option: Option, value: int) -> Live:
    return Live(seen.formula.removesuffix(")") + f",{TABLE}[{NATURE}],{words(option.text)})", value)


def _spoken_of(once: OnceAYear, area: str) -> str:
    """The subjects that several returns speak of, by keyword, the most frequent first; '' for none."""
    kinds = (("Strengths", once.strengths), ("To develop", once.development))
    found = ((what, [f"{subject} {n}" for subject, n in said.get(area, {}).items() if n >= LEAST][:3]) for what, said in kinds)
    return "\n".join(f"{what}: {'; '.join(subjects)}" for what, subjects in found if subjects)


def _natures(year: Year) -> tuple[Option, ...]:
    """What kinds of practice the form offers, in its order."""
    asked = asks_nature(year, OBSERVED)
    return asked.options if asked else ()


def _kinds(year: Year, natures: tuple[Option, ...]) -> Rows:
    """Each activity that observes practice: what was due in the year's quarters that are here, and the practice that was seen."""
    for code in (code for code, form in own_sheets(year).items() if form.not_graded and asks_nature(year, code)):
        duties = [d for s in year.quarters for d in s.snapshot.duties if d.obligation.activity == code and d.state not in LEFT_OUT]
        lines, done, late = returns_of(year, code), sum(d.state in DONE for d in duties), sum(d.state == "overdue" for d in duties)
        asked = asks_nature(year, code)
        assert asked is not None, "chosen because it asks"
        cells = answer_cells(year, code, asked)
        seen = [line.version.content.code("nature") for line in lines]
        each = (Live(f"COUNTIFS({cells},{words(o.text)})", seen.count(o.code or o.text)) for o in natures)
        yield (KIND, year.forms[code].title, len(duties), done, len(duties) - done - late, late, None, share_words(Share(n=done, of=len(duties))), None, "", *each, "")


def _dips(year: Year) -> Rows:
    """Each month's dips together, then by whoever owes them."""
    for shown, names in year.each():
        found = shown.figures.supervision.months
        for at in dict.fromkeys(m.month for m in found):
            mine = [m for m in found if m.month == at]
            each = () if year.copy_for else tuple((names.person(m.person_id), [m]) for m in mine)
            for who, some in (("All dips", mine), *each):
                owed, done, late = (sum(n) for n in zip(*((m.owed, m.returned, m.overdue) for m in some), strict=True))
                state = f"✗ {late} overdue" if late else "✓ All in" if done == owed else f"○ {owed - done} to come"
                yield (f"{DIPS} {month(at)}", who, owed, done, owed - done - late, late, None, share_words(Share(n=done, of=owed)), None, state, "")


def _trajectory(book: Book, sheet: Worksheet, name: str, once: OnceAYear, verb: str, below: int) -> None:
    """Columns of who was seen by the end of each quarter, and a line of what is asked by then; none for fewer people than make it honest."""
    if len(once.people) < SMALL:
        return
    font: dict[str, Any] = {"name": "Arial", "size": 9, "color": INK}
    first, last = HEAD_ROW + 1, HEAD_ROW + 4
    places: dict[str, Any] = {"categories": [name, first, NAME, last, NAME]}
    label: dict[str, Any] = {"value": True, "font": {**font, "bold": True}}
    chart, line = book.xlsx.add_chart({"type": "column"}), book.xlsx.add_chart({"type": "line"})
    chart.add_series({"name": verb.capitalize(), **places, "values": [name, first, SEEN, last, SEEN], "fill": {"color": ACCENTS[0]}, "gap": 60, "data_labels": {**label, "position": "inside_end", "font": {**font, "bold": True, "color": "#FFFFFF"}}})
    line.add_series({
        "name": "Asked by then", **places, "values": [name, first, ASKED, last, ASKED], "line": {"color": ACCENTS[3], "width": 2.25, "dash_type": "dash"},
        "marker": {"type": "diamond", "size": 8, "fill": {"color": ACCENTS[3]}, "border": {"color": ACCENTS[3]}}, "data_labels": {**label, "position": "above"},
    })  # fmt: skip
    chart.combine(line)
    chart.set_title({"name": f"='{name}'!$A${HEADLINE_ROW + 1}", "name_font": {**font, "size": 10, "bold": True}, "overlay": False})
    chart.set_x_axis({"num_font": font, "line": {"color": SOFT}, "major_tick_mark": "none"})
    chart.set_y_axis({"num_font": font, "min": 0, "max": len(once.people) + 5, "major_gridlines": {"visible": True, "line": {"color": "#E4E7EA"}}, "line": {"none": True}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 900, "height": 300})
    said = "; ".join(f"{once.quarter.model_copy(update={'number': q}).label}: {f'{once.by_the_end_of(q)} {verb}, ' if q <= once.quarter.number else ''}{once.asked(q)} asked" for q in (1, 2, 3, 4))
    sheet.insert_chart(below, 0, chart, {"description": f"Columns of people {verb} by the end of each quarter, and a line of how many are asked for. {said}.", "object_position": 2, "x_offset": 4, "y_offset": 4})
    put(book, sheet, below + 300 // ROW_PIXELS + 2, 0, f"Source: {SHEET}, {len(once.people)} people.", font_color=QUIET, font_size=9)
