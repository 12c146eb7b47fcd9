"""Practice areas: the seven areas of a case review, the weakest first."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book, grade_words
from qaf_sheets.model import Form, Snapshot
from qaf_sheets.outputs.figures import AreaGrades, Figures
from qaf_sheets.outputs.figures.grades import graded_areas
from qaf_sheets.outputs.master.grade_table import counted, grade_cells, grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say, words
from qaf_sheets.outputs.master.returns import answer_cells, of_activity, own_sheets, row_cells, table_name
from qaf_sheets.outputs.master.words import sheet_names


def write_practice_areas(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """One row for each graded area."""
    areas, grades = figures.practice_areas, grade_words(snapshot.plan)
    columns = (Column("Practice area", 38), *counted(grades), Column("Not applicable", 14, "number"), Column("Activity", 26))
    rows = [_row(snapshot, snapshot.forms[a.activity], a) for a in areas]
    note = f"Counting unit: reviews that graded the area. The weakest stands first: fewest {grades['Good']} or better, then most {grades['Inadequate']}."
    sheet = table_page(book, "Practice areas", f"Practice areas: {snapshot.quarter.label}", headline(figures, grades["Good"]), note, Table("PracticeAreas", columns, rows), tab=TAB_SUMMARY)
    if areas:
        alt = "; ".join(f"{a.name}: {a.counts.good_or_better} {grades['Good']} or better" for a in areas)
        first = areas[0].activity
        n = Live(f"COUNTA({table_name(first)}[Return])", len(of_activity(snapshot, first)))
        source = say(f"Source: {sheet_names(own_sheets(snapshot))[first]}, {{}} returned.", n)
        grade_chart(book, sheet, "Practice areas", 0, 1, (HEAD_ROW + 1, HEAD_ROW + len(areas)), HEAD_ROW + len(areas) + 2, f"Stacked bars of grades by practice area. {alt}.", source, grades)


def headline(figures: Figures, good: str) -> str:
    """Names the weakest and the strongest with their numbers; both come from the figures. `good` is what the council calls Good."""
    areas = figures.practice_areas
    if not areas:
        return "No graded work has come in yet."
    weak, strong = areas[0], areas[-1]
    return f"{weak.name} is weakest: {weak.counts.good_or_better} {good} or better. {strong.name} is strongest: {strong.counts.good_or_better}."


def _row(snapshot: Snapshot, form: Form, area: AreaGrades) -> tuple[Cell, ...]:
    question = next(q for q in graded_areas(form) if q.beside == area.field)
    own = question in form.fields
    cells = answer_cells(snapshot, form, question.name) if own or form.pieces is None else row_cells(snapshot, form, form.pieces, question.id)
    return (area.name, *grade_cells(area.counts, (), cells, question), Live(f"COUNTIFS({cells},{words(question.option_text('NA'))})", area.counts.not_applicable), form.title)
