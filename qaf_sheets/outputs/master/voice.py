"""Voice of the child: how work on it is graded, whose views were heard, and whether what children asked for has its answer (section 10)."""

from __future__ import annotations

from collections.abc import Mapping

from qaf_sheets.look import TAB_SUMMARY, Book, grade_words
from qaf_sheets.outputs.figures import SMALL, Shown
from qaf_sheets.outputs.figures.grades import graded_areas
from qaf_sheets.outputs.figures.reviews import CONTACT
from qaf_sheets.outputs.figures.voice import BY_AREA, BY_TEAM, EVERYONE, VoiceGroup, VoiceQuestion, voice_area
from qaf_sheets.outputs.master.grade_table import counted, grade_cells, grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say, share, share_words, words
from qaf_sheets.outputs.master.returns import quarter_cells, row_cells
from qaf_sheets.outputs.master.reviewed import ACTIVITY, AREA, HEARD, SHEET, TEAM, VOICE, cells
from qaf_sheets.outputs.master.said import requests
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.rules import HEARD as HEARD_IN

NAME, TABLE = "Voice of the child", "VoiceOfTheChild"
NAMES_IN, FIRST_COUNT = 3, 4
THIS_NAME, THIS_ACTIVITY = "[@Name]", "[@Activity]"
THEMED = "Theme's question"
NARROW = (12.5, 9, 12.5, 11, 9, 13)
"""Of the four grades, their total and the share, so that whose views were heard stands beside them on one page."""


def write_voice(book: Book, year: Year) -> None:
    """Everybody's work first, then by the child's area and team, then each question of a theme that is about it."""
    grades, options = grade_words(year.plan), _options(year)
    rows = [_group(year, shown, names, g, options) for shown, names in year.each() for g in shown.figures.voice.groups]
    rows += [_question(year, shown, names, q, len(options)) for shown, names in year.each() for q in shown.figures.voice.questions]
    columns = (
        Column(ACTIVITY, 19), Column(QUARTER, 11), Column("Counted by", 11.5), Column("Name", 24), *(c._replace(width=w) for c, w in zip(counted(grades), NARROW, strict=True)),
        *(Column(text, max(9, max(map(len, text.split())) + 2), "number") for text in options.values()), Column("Views heard", 13, "share"),
    )  # fmt: skip
    note = "Counting unit: reviews, by the child's area and team; children for a theme's question. Grades first, then whose views were heard."
    sheet = table_page(book, NAME, f"{NAME}: {year.label}", headline(year, grades["Good"]), note, Table(TABLE, columns, rows), tab=TAB_SUMMARY)
    drawn = [g for g in _first_activity(year) if g.by != BY_TEAM]
    if drawn and drawn[0].grades.graded >= SMALL:
        alt = "; ".join(f"{area_name(g.name) if g.name else 'All'}: {g.grades.good_or_better} {grades['Good']} or better" for g in drawn)
        n = Live(f"COUNTIFS({cells(year, ACTIVITY)},INDEX({TABLE}[{ACTIVITY}],1),{cells(year, QUARTER)},INDEX({TABLE}[{QUARTER}],1))", sum(g.form.id == drawn[0].activity for g in year.figures.work))
        grade_chart(
            book, sheet, NAMES_IN, FIRST_COUNT, (HEAD_ROW + 1, HEAD_ROW + len(drawn)), HEAD_ROW + len(rows) + 2, f"Stacked bars of grades for the child's voice. {alt}.",
            say(f"Source: {SHEET}, {{}} graded.", n), grades,
        )  # fmt: skip


def headline(year: Year, good: str) -> Live | str:
    """Whether children were heard, how well, and whether they have their answer; `good` is what the council calls Good."""
    groups = _first_activity(year)
    if not groups:
        return "No review that grades the child's voice has come in yet."
    heard, better = (Live(f"INDEX({TABLE}[{head}],1)", share_words(value)) for head, value in (("Views heard", groups[0].family.heard), (f"{good} or better", groups[0].grades.good_or_better)))
    return say(f"Views were heard in {{}} reviews. Work on the child's voice is {good} or better in {{}}. Children's requests with their answer: {{}}.", heard, better, requests(year))


def _first_activity(year: Year) -> list[VoiceGroup]:
    """The quarter's groups of the first activity that has any: the first rows, and what the chart draws."""
    groups = year.figures.voice.groups
    return [g for g in groups if g.activity == groups[0].activity]


def _options(year: Year) -> Mapping[str, str]:
    """Whose views may have been heard, by code in the list's words."""
    return {o.code or o.text: o.text for form in year.forms.values() for f in form.fields if f.id == CONTACT for o in f.options}


def _group(year: Year, shown: Shown, names: Names, group: VoiceGroup, options: Mapping[str, str]) -> tuple[Cell, ...]:
    asked = voice_area(shown.snapshot.forms[group.activity])
    assert asked is not None, "counted because it asks"
    said = area_name(group.name) if group.by == BY_AREA else group.name
    where = [(cells(year, ACTIVITY), THIS_ACTIVITY), (cells(year, QUARTER), THIS_QUARTER)]
    if group.by != EVERYONE:
        where.append((cells(year, AREA if group.by == BY_AREA else TEAM), THIS_NAME if said else '""'))
    tests = "".join(f",{column},{want}" for column, want in where)
    contact = {code: Live(f"COUNTIFS({cells(year, HEARD)},{words(text)}{tests})", group.family.by_option.get(code, 0)) for code, text in options.items()}
    every = Live("(" + "+".join(c.formula for c in contact.values()) + ")", group.family.heard.of)
    heard = Live("(" + "+".join(c.formula for code, c in contact.items() if code in HEARD_IN) + ")", group.family.heard.n)
    name = "All children reviewed" if group.by == EVERYONE else said or "No team"
    return (names.activity(group.activity), shown.label, group.by, name, *grade_cells(group.grades, where, cells(year, VOICE), asked), *contact.values(), share(heard, every, group.family.heard) if contact else "–")


def _question(year: Year, shown: Shown, names: Names, question: VoiceQuestion, options: int) -> tuple[Cell, ...]:
    form = shown.snapshot.forms[question.activity]
    asked = next(q for q in graded_areas(form) if q.id == question.field)
    assert form.pieces is not None, "a theme's grades stand on a sheet for each child"
    where = [(quarter_cells(year, form.id, form.pieces.id), THIS_QUARTER)]
    return (names.activity(form.id), shown.label, THEMED, question.text, *grade_cells(question.grades, where, row_cells(year, form.id, form.pieces.id, asked), asked), *(None,) * options, "")
