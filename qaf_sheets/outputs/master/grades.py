"""Grades: how the overall grades fall, by service area, team and level of need, with n. Final means moderated where it was."""

from __future__ import annotations

from collections.abc import Iterator

from qaf_sheets.look import TAB_SUMMARY, Book, grade_words
from qaf_sheets.model import Form, Question, Snapshot
from qaf_sheets.outputs.figures import Figures, GradeCounts
from qaf_sheets.outputs.master.grade_table import counted, grade_cells, grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say
from qaf_sheets.outputs.master.reviewed import ACTIVITY, AREA, FINAL, LEVEL, OWN, SHEET, TEAM, cells
from qaf_sheets.outputs.master.words import Names, area_name

COLUMNS = (Column("Activity", 26), Column("Counted by", 24), Column("Name", 36))
NAME, FIRST_COUNT = 2, 3
THIS_NAME, THIS_ACTIVITY = "Grades[[#This Row],[Name]]", "Grades[[#This Row],[Activity]]"
FIRST_ACTIVITY = "INDEX(Grades[Activity],1)"
"""What the row counts, read from its own cell: formulas hold none of the council's words."""


def write_grades(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """One row for each way of counting; the chart shows the final grades by service area."""
    forms = [snapshot.forms[code] for code in figures.grades.final]
    rows, words = [row for form in forms for row in _of_form(snapshot, figures, form)], grade_words(snapshot.plan)
    title, note = f"Grades: {snapshot.quarter.label}", "Counting unit: pieces of work. Final grades are the moderated ones where there was moderation. Service area and team are the child's. Below 10 there is no percentage."
    sheet = table_page(book, "Grades", title, headline(snapshot, figures), note, Table("Grades", (*COLUMNS, *counted(words)), rows), tab=TAB_SUMMARY)
    if forms:
        areas = sum(code == forms[0].id for code, _ in figures.grades.by_area)
        top = HEAD_ROW + 1
        alt = "; ".join(f"{area_name(area)}: {_said(n)}" for (code, area), n in figures.grades.by_area.items() if code == forms[0].id)
        source = say(f"Source: {SHEET}, {{}} graded.", Live(f"COUNTIFS({cells(ACTIVITY, len(figures.work))},{FIRST_ACTIVITY})", figures.grades.final[forms[0].id].graded))
        grade_chart(book, sheet, "Grades", NAME, FIRST_COUNT, (top, top + 1 + areas), top + len(rows) + 1, f"Stacked bars of final grades. {alt}.", source, words)


def headline(snapshot: Snapshot, figures: Figures) -> Live | str:
    """9 of 20 (45%) collaborative case reviews are Good or better."""
    code = next(iter(figures.grades.final), "")
    if not code:
        return "No graded work has come in yet."
    form, counts, n = snapshot.forms[code], figures.grades.final[code], len(figures.work)
    mine = ((cells(ACTIVITY, n), FIRST_ACTIVITY),)
    better = grade_cells(counts, mine, cells(FINAL, n), _overall(form))[-1]
    assert isinstance(better, Live)
    return say(f"{{}} {{}} {grade_words(snapshot.plan)['Good']} or better.", better, Live(f'"{form.plural.lower()} are"', f"{form.plural.lower()} are"))


def _of_form(snapshot: Snapshot, figures: Figures, form: Form) -> Iterator[tuple[Cell, ...]]:
    grades, code, n = figures.grades, form.id, len(figures.work)
    overall, name = _overall(form), Names(snapshot).activity(form.id)
    mine = (cells(ACTIVITY, n), THIS_ACTIVITY)
    yield (name, "Everyone", FINAL, *grade_cells(grades.final[code], (mine,), cells(FINAL, n), overall))
    yield (name, "Everyone", OWN, *grade_cells(grades.original[code], (mine,), cells(OWN, n), overall))
    for by, found, head in (("Service area", grades.by_area, AREA), ("Team", grades.by_team, TEAM), ("Level of need", grades.by_level, LEVEL)):
        for (activity, place), counts in found.items():
            said = area_name(place) if by == "Service area" else place
            if activity == code:
                where = (mine, (cells(head, n), THIS_NAME if said else '""'))
                yield (name, by, said or "Not said", *grade_cells(counts, where, cells(FINAL, n), overall))


def _overall(form: Form) -> Question:
    asked = form.part_of_piece("overall_grade")
    assert asked is not None, "a graded form asks for an overall grade"
    return asked


def _said(counts: GradeCounts) -> str:
    return ", ".join(f"{n} {code}" for code, n in counts if n)

