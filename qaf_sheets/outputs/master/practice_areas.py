"""Practice areas: the seven areas of a case review, the weakest first."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book, grade_words
from qaf_sheets.outputs.figures import AreaGrades, Figures, Shown
from qaf_sheets.outputs.figures.grades import graded_areas
from qaf_sheets.outputs.master.grade_table import counted, grade_cells, grade_chart
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, say, words
from qaf_sheets.outputs.master.returns import answer_cells, of_activity, own_sheets, quarter_cells, row_cells
from qaf_sheets.outputs.master.words import sheet_names
from qaf_sheets.outputs.master.year import Year

SHEET, TABLE = "Practice areas", "PracticeAreas"
FIRST_QUARTER = f"INDEX({TABLE}[{QUARTER}],1)"


def write_practice_areas(book: Book, year: Year) -> None:
    """One row for each graded area, this quarter's first."""
    areas, grades = year.figures.practice_areas, grade_words(year.plan)
    columns = (Column("Practice area", 38), Column(QUARTER, 13), *counted(grades), Column("Not applicable", 14, "number"), Column("Activity", 26))
    rows = [_row(year, shown, a) for shown in year.quarters for a in shown.figures.practice_areas]
    note = f"Counting unit: reviews that graded the area. The weakest stands first: fewest {grades['Good']} or better, then most {grades['Inadequate']}."
    sheet = table_page(book, SHEET, f"{SHEET}: {year.label}", headline(year.figures, grades["Good"]), note, Table(TABLE, columns, rows), tab=TAB_SUMMARY)
    if areas:
        alt = "; ".join(f"{a.name}: {a.counts.good_or_better} {grades['Good']} or better" for a in areas)
        first = areas[0].activity
        n = Live(f"COUNTIFS({quarter_cells(year, first)},{FIRST_QUARTER})", len(of_activity(year.snapshot, first)))
        source = say(f"Source: {sheet_names(own_sheets(year))[first]}, {{}} returned.", n)
        grade_chart(book, sheet, 0, 2, (HEAD_ROW + 1, HEAD_ROW + len(areas)), HEAD_ROW + len(rows) + 2, f"Stacked bars of grades by practice area. {alt}.", source, grades)


def headline(figures: Figures, good: str) -> str:
    """Names the weakest and the strongest with their numbers; both come from the figures. `good` is what the council calls Good."""
    areas = figures.practice_areas
    if not areas:
        return "No graded work has come in yet."
    weak, strong = areas[0], areas[-1]
    return f"{weak.name} is weakest: {weak.counts.good_or_better} {good} or better. {strong.name} is strongest: {strong.counts.good_or_better}."


def _row(year: Year, shown: Shown, area: AreaGrades) -> tuple[Cell, ...]:
    form = shown.snapshot.forms[area.activity]
    question = next(q for q in graded_areas(form) if q.beside == area.field)
    table = form.pieces.id if form.pieces and question not in form.fields else ""
    cells = row_cells(year, form.id, table, question) if table else answer_cells(year, form.id, question)
    mine = (quarter_cells(year, form.id, table), THIS_QUARTER)
    return (
        area.name, shown.label, *grade_cells(area.counts, (mine,), cells, question),
        Live(f"COUNTIFS({cells},{words(question.option_text('NA'))},{','.join(mine)})", area.counts.not_applicable), form.title,
    )  # fmt: skip
