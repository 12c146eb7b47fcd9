"""Dip sample findings: how each of the theme's questions was answered, over all children looked at."""

from __future__ import annotations

from qaf_sheets.look import TAB_SUMMARY, Book
from qaf_sheets.model import Form, Snapshot
from qaf_sheets.model import Table as RowTable
from qaf_sheets.outputs.figures import DipQuestion, Figures
from qaf_sheets.outputs.master.kit import Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, share, words
from qaf_sheets.outputs.master.returns import row_cells
from qaf_sheets.problems import count

NAME = "Dip sample findings"
COLUMNS = (Column("Question", 60), Column("Yes", 12, "number"), Column("Partly", 12, "number"), Column("No", 12, "number"), Column("Not applicable", 14, "number"), Column("Yes, of those that apply", 24, "share"))


def write_dip_sample(book: Book, snapshot: Snapshot, figures: Figures) -> None:
    """One row for each question of the theme."""
    dip = figures.dip
    themed = next(((f, f.sample) for f in snapshot.forms.values() if f.sample), None)
    rows = [_row(snapshot, *themed, q) for q in dip.questions] if themed else []
    theme = f"Theme: {dip.theme}. " if dip.theme else ""
    note = f"{theme}Counting unit: children's rows in the returns; a child may stand in more than one. “Not applicable” is outside the share."
    table_page(book, NAME, f"{NAME}: {snapshot.quarter.label}", headline(figures), note, Table("DipFindings", COLUMNS, rows), tab=TAB_SUMMARY)


def headline(figures: Figures) -> str:
    """How many children in how many returns, and how many immediate concerns."""
    dip = figures.dip
    if not dip.rows:
        return "No dip sample has come in yet."
    return f"{count(dip.children, 'different child', 'different children')} in {count(dip.returns, 'return')}; {dip.repeated or 'none'} in more than one. {count(dip.concerns, 'immediate concern')}."


def _row(snapshot: Snapshot, form: Form, table: RowTable, question: DipQuestion) -> tuple[Cell, ...]:
    cells, asked = row_cells(snapshot, form, table, question.id), next(c for c in table.columns if c.id == question.id)
    said = (("Yes", question.yes), ("Partly", question.partly), ("No", question.no), ("NA", question.not_applicable))
    each = [Live(f"COUNTIFS({cells},{words(asked.option_text(code))})", n) for code, n in said]
    total = Live("(" + "+".join(x.formula for x in each[:3]) + ")", question.yes_share.of)
    return (question.text, *each, share(each[0], total, question.yes_share))
