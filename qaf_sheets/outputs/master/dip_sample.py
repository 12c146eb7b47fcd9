"""Dip sample findings: how each of the theme's questions was answered, over all children looked at."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.outputs.figures import DipQuestion, Figures, Shown
from qaf_sheets.outputs.master.kit import QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, share, words
from qaf_sheets.outputs.master.returns import quarter_cells, row_cells
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count

NAME = "Dip sample findings"
COLUMNS = (
    Column("Question", 60), Column(QUARTER, 13), Column("Yes", 12, "number"), Column("Partly", 12, "number"), Column("No", 12, "number"), Column("Not applicable", 14, "number"),
    Column("Yes, of those that apply", 24, "share"), Column("Theme", 34),
)  # fmt: skip


def write_dip_sample(book: Book, year: Year) -> None:
    """One row for each question of the quarter's theme, and of the themes before it."""
    rows = [_row(year, shown, q) for shown in year.quarters for q in shown.figures.dip.questions]
    theme = f"Theme: {year.figures.dip.theme}. " if year.figures.dip.theme else ""
    note = f"{theme}Counting unit: children's rows in the returns; a child may stand in more than one. “Not applicable” is outside the share."
    table_page(book, NAME, f"{NAME}: {year.label}", headline(year.figures), note, Table("DipFindings", COLUMNS, rows), tab=TAB_SUMMARY)


def headline(figures: Figures) -> str:
    """How many children in how many returns, and how many immediate concerns."""
    dip = figures.dip
    if not dip.rows:
        return "No dip sample has come in yet."
    return f"{count(dip.children, 'different child', 'different children')} in {count(dip.returns, 'return')}; {dip.repeated or 'none'} in more than one. {count(dip.concerns, 'immediate concern')}."


def _row(year: Year, shown: Shown, question: DipQuestion) -> tuple[Cell, ...]:
    form, table = next((f, f.sample) for f in shown.snapshot.forms.values() if f.sample)
    asked = next(c for c in table.columns if c.id == question.id)
    cells, mine = row_cells(year, form.id, table.id, asked), f"{quarter_cells(year, form.id, table.id)},{THIS_QUARTER}"
    said = (("Yes", question.yes), ("Partly", question.partly), ("No", question.no), ("NA", question.not_applicable))
    each = [Live(f"COUNTIFS({cells},{words(asked.option_text(code))},{mine})", n) for code, n in said]
    total = Live("(" + "+".join(x.formula for x in each[:3]) + ")", question.yes_share.of)
    return (question.text, shown.label, *each, share(each[0], total, question.yes_share), shown.figures.dip.theme)
