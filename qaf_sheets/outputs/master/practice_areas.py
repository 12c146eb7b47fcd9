"""Practice areas: the seven areas of a case review, the weakest first."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Form, Snapshot
from qaf_sheets.outputs.figures import AreaGrades, Figures
from qaf_sheets.outputs.figures.grades import graded_areas
from qaf_sheets.outputs.master.grade_table import COUNTED, grade_cells, grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say, words
from qaf_sheets.outputs.master.returns import answer_cells, of_activity, row_cells, table_name
from qaf_sheets.outputs.master.words import sheet_names

COLUMNS = (Column("Practice area", 38), *COUNTED, Column("Not applicable", 14, "number"), Column("Activity", 26))


def write_practice_areas(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """One row for each graded area."""
    areas = figures.practice_areas
    rows = [_row(snapshot, snapshot.forms[a.activity], a) for a in areas]
    note = "Counting unit: reviews that graded the area. The weakest stands first: fewest Good or better, then most Inadequate."
    sheet = table_page(book, "Practice areas", f"Practice areas: {snapshot.quarter.label}", headline(figures), note, Table("PracticeAreas", COLUMNS, rows), tab=TAB_SUMMARY)
    if areas:
        alt = "; ".join(f"{a.name}: {a.counts.good_or_better} Good or better" for a in areas)
        first = areas[0].activity
        n = Live(f"COUNTA({table_name(first)}[Return])", len(of_activity(snapshot, first)))
        source = say(f"Source: {sheet_names(snapshot.forms)[first]}, {{}} returned.", n)
        grade_chart(book, sheet, "Practice areas", 0, 1, (HEAD_ROW + 1, HEAD_ROW + len(areas)), HEAD_ROW + len(areas) + 2, f"Stacked bars of grades by practice area. {alt}.", source)


def headline(figures: Figures) -> str:
    """Names the weakest and the strongest with their numbers; both come from the figures."""
    areas = figures.practice_areas
    if not areas:
        return "No graded work has come in yet."
    weak, strong = areas[0], areas[-1]
    return f"{weak.name} is weakest: {weak.counts.good_or_better} Good or better. {strong.name} is strongest: {strong.counts.good_or_better}."


def _row(snapshot: Snapshot, form: Form, area: AreaGrades) -> tuple[Cell, ...]:
    question = next(q for q in graded_areas(form) if q.beside == area.field)
    own = question in form.fields
    cells = answer_cells(snapshot, form, question.name) if own or form.pieces is None else row_cells(snapshot, form, form.pieces, question.id)
    return (area.name, *grade_cells(area.counts, (), cells, question), Live(f"COUNTIFS({cells},{words(question.option_text('NA'))})", area.counts.not_applicable), form.title)
