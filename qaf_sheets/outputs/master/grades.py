"""Grades: how the overall grades fall, by service area, team and level of need, with n. Final means moderated where it was."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import TAB_SUMMARY, Book, grade_words
from qaf_sheets.model import Form, Question
from qaf_sheets.outputs.figures import GradeCounts, Shown
from qaf_sheets.outputs.master.grade_table import counted, grade_cells, grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say
from qaf_sheets.outputs.master.reviewed import ACTIVITY, AREA, FINAL, LEVEL, OWN, SHEET, TEAM, cells
from qaf_sheets.outputs.master.words import Names, area_name
from qaf_sheets.outputs.master.year import Year

COLUMNS = (Column("Activity", 26), Column(QUARTER, 13), Column("Counted by", 24), Column("Name", 36))
NAME, FIRST_COUNT = 3, 4
THIS_NAME, THIS_ACTIVITY = "[@Name]", "[@Activity]"
FIRST_ACTIVITY, FIRST_QUARTER = (f"INDEX(Grades[{head}],1)" for head in ("Activity", QUARTER))
"""What the row counts, read from its own cell: formulas hold none of the council's words."""


def write_grades(book: Book, year: Year) -> None:
    """One row for each way of counting, this quarter's first; the chart shows its final grades by service area."""
    rows, words = [row for shown, names in year.each() for code in shown.figures.grades.final for row in _of_form(year, shown, names, shown.snapshot.forms[code])], grade_words(year.plan)
    title, note = f"Grades: {year.label}", "Counting unit: pieces of work. Final grades are the moderated ones where there was moderation. Service area and team are the child's. Below 10 there is no percentage."
    sheet = table_page(book, "Grades", title, headline(year), note, Table("Grades", (*COLUMNS, *counted(words)), rows), tab=TAB_SUMMARY)
    below = HEAD_ROW + len(rows) + 2
    first = HEAD_ROW + 1
    for n, code in enumerate(year.figures.grades.final):
        below = _charts(book, sheet, year, code, first, below, named=n > 0)
        first += len(list(_of_form(year, year.now, year.names[0], year.snapshot.forms[code])))


def _charts(book: Book, sheet: Worksheet, year: Year, code: str, first: int, below: int, *, named: bool) -> int:
    """An activity's final grades by service area under all of them, and by level of need; its rows begin at `first`. The sheet's first chart has its headline for a title."""
    grades, words, plural = year.figures.grades, grade_words(year.plan), year.snapshot.forms[code].plural
    areas, teams, levels = ({name: n for (activity, name), n in found.items() if activity == code} for found in (grades.by_area, grades.by_team, grades.by_level))
    source = say(f"Source: {SHEET}, {{}} graded.", Live(f"COUNTIFS({_mine(year, f'INDEX(Grades[Activity],{first - HEAD_ROW})', FIRST_QUARTER)})", grades.final[code].graded))
    alt = "; ".join(f"{area_name(area)}: {_said(n)}" for area, n in areas.items())
    title = f"{plural}, final grades by service area" if named else ""
    below = grade_chart(book, sheet, NAME, FIRST_COUNT, (first, first + 1 + len(areas)), below, f"Stacked bars of final grades. {alt}.", source, words, title)
    start = first + 2 + len(areas) + len(teams)
    alt = "; ".join(f"{level or 'Not said'}: {_said(n)}" for level, n in levels.items())
    return grade_chart(book, sheet, NAME, FIRST_COUNT, (start, start + len(levels) - 1), below, f"Stacked bars of final grades by level of need. {alt}.", source, words, f"{plural}, final grades by level of need")


def _mine(year: Year, activity: str, quarter: str) -> str:
    """What a row counts from, as COUNTIFS says it."""
    return f"{cells(year, ACTIVITY)},{activity},{cells(year, QUARTER)},{quarter}"


def headline(year: Year) -> Live | str:
    """9 of 20 (45%) collaborative case reviews are Good or better."""
    code = next(iter(year.figures.grades.final), "")
    if not code:
        return "No graded work has come in yet."
    form, counts = year.snapshot.forms[code], year.figures.grades.final[code]
    mine = ((cells(year, ACTIVITY), FIRST_ACTIVITY), (cells(year, QUARTER), FIRST_QUARTER))
    better = grade_cells(counts, mine, cells(year, FINAL), _overall(form))[-1]
    assert isinstance(better, Live)
    return say(f"{{}} {{}} {grade_words(year.plan)['Good']} or better.", better, Live(f'"{form.plural.lower()} are"', f"{form.plural.lower()} are"))


def _of_form(year: Year, shown: Shown, names: Names, form: Form) -> Iterator[tuple[Cell, ...]]:
    grades, code, overall = shown.figures.grades, form.id, _overall(form)
    first = (names.activity(code), shown.label)
    mine = ((cells(year, ACTIVITY), THIS_ACTIVITY), (cells(year, QUARTER), THIS_QUARTER))
    yield (*first, "Everyone", FINAL, *grade_cells(grades.final[code], mine, cells(year, FINAL), overall))
    yield (*first, "Everyone", OWN, *grade_cells(grades.original[code], mine, cells(year, OWN), overall))
    for by, found, head in (("Service area", grades.by_area, AREA), ("Team", grades.by_team, TEAM), ("Level of need", grades.by_level, LEVEL)):
        for (activity, place), counts in found.items():
            said = area_name(place) if by == "Service area" else place
            if activity == code:
                where = (*mine, (cells(year, head), THIS_NAME if said else '""'))
                yield (*first, by, said or "Not said", *grade_cells(counts, where, cells(year, FINAL), overall))


def _overall(form: Form) -> Question:
    asked = form.part_of_piece("overall_grade")
    assert asked is not None, "a graded form asks for an overall grade"
    return asked


def _said(counts: GradeCounts) -> str:
    return ", ".join(f"{n} {code}" for code, n in counts if n)

