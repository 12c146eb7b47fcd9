"""Supervision findings: how each prompt was answered, in supervision audits and in ASYE dips (section 7; Appendix 6)."""

from __future__ import annotations

from qaf_sheets.look import ACCENTS, TAB_SUMMARY, Book
from qaf_sheets.model import Question
from qaf_sheets.outputs.figures import SMALL, Shown
from qaf_sheets.outputs.figures.supervision import EVERYONE, Prompt
from qaf_sheets.outputs.master.charts import Bars, PartOf, stacked_bars
from qaf_sheets.outputs.master.kit import HEAD_ROW, QUARTER, THIS_QUARTER, Cell, Column, Table, table_page
from qaf_sheets.outputs.master.live import Live, share, words
from qaf_sheets.outputs.master.returns import answer_cells, quarter_cells, row_cells
from qaf_sheets.outputs.master.words import Names
from qaf_sheets.outputs.master.year import Year
from qaf_sheets.problems import count
from qaf_sheets.rules import asked_as

SHEET, TABLE = "Supervision findings", "SupervisionFindings"
SAID = (("Yes", "Yes", ACCENTS[0]), ("Partly", "Partly", ACCENTS[3]), ("No", "No", ACCENTS[2]))
"""Code, heading and colour, the best first."""
COLUMNS = (
    Column("Prompt", 42), Column(QUARTER, 12.5), Column("Yes", 9, "number"), Column("Partly", 9, "number"), Column("No", 9, "number"), Column("Not applicable", 12, "number"), Column("Yes, of those that apply", 17, "share"),
    Column("Looked at in", 24), Column("Counted by", 14), Column("Name", 34),
)  # fmt: skip
FIRST_COUNT = 2


def write_findings(book: Book, year: Year) -> None:
    """One row for each prompt over all that was read, then over each service area of those it is about."""
    rows = [_row(year, shown, names, p) for everyone in (True, False) for shown, names in year.each() for p in shown.figures.supervision.prompts if (p.area == EVERYONE) is everyone]
    note = f"Counting unit: supervision files read, by the area of whom it is about. “Not applicable” is outside the share; no percentage below {SMALL}."
    sheet = table_page(book, SHEET, f"{SHEET}: {year.label}", headline(year), note, Table(TABLE, COLUMNS, rows), tab=TAB_SUMMARY)
    drawn = [p for p in year.figures.supervision.prompts if p.area == EVERYONE]
    if year.figures.supervision.audits + year.figures.supervision.dips >= SMALL:
        parts = [PartOf(name, FIRST_COUNT + n, colour) for n, (_, name, colour) in enumerate(SAID)]
        said = "; ".join(f"{p.text}: {p.yes_share} Yes" for p in drawn)
        source = "Source: the sheets of supervision audits and ASYE dips. Audits and dips differ in number: compare the shares."
        stacked_bars(book, sheet, Bars(HEAD_ROW + 1, HEAD_ROW + len(drawn), 0, 26), parts, HEAD_ROW + len(rows) + 2, f"Stacked bars of Yes, Partly and No by prompt. {said}.", source)


def headline(year: Year) -> str:
    """Names what is there least and most often, of the prompts that enough files answer."""
    found = year.figures.supervision
    if not found.audits + found.dips:
        return "No supervision audit and no ASYE dip has come in yet."
    read = f"{count(found.audits, 'supervision audit')} and {count(found.dips, 'ASYE dip')} were read"
    prompts = [p for p in found.prompts if p.area == EVERYONE and p.yes_share.of >= SMALL]
    weak = min(prompts, key=lambda p: (p.yes / p.yes_share.of, -p.yes_share.of), default=None)
    return f"{read}. Yes is rarest to “{weak.text}”: {weak.yes_share}." if weak else f"{read}."


def _row(year: Year, shown: Shown, names: Names, prompt: Prompt) -> tuple[Cell, ...]:
    codes = (("Yes", prompt.yes), ("Partly", prompt.partly), ("No", prompt.no), ("NA", prompt.not_applicable))
    each: list[Cell] = [n for _, n in codes]
    told: Cell = str(prompt.yes_share) if prompt.yes_share.of else "–"
    if prompt.area == EVERYONE:
        asked = asked_as(shown.snapshot.forms[prompt.activity], prompt.id)
        live = [Live(f"COUNTIFS({_cells(year, prompt, asked)},{words(asked.option_text(code))})", n) for code, n in codes]
        each, told = list(live), share(live[0], Live("(" + "+".join(x.formula for x in live[:3]) + ")", prompt.yes_share.of), prompt.yes_share)
    by = ("Everyone", "All that were read") if prompt.area == EVERYONE else ("Service area", prompt.area)
    return (prompt.text, shown.label, *each, told, names.activity(prompt.activity), *by)


def _cells(year: Year, prompt: Prompt, asked: Question) -> str:
    """The cells of this row's quarter, and those of the prompt's answers."""
    answers = row_cells(year, prompt.activity, prompt.table, asked) if prompt.table else answer_cells(year, prompt.activity, asked)
    return f"{quarter_cells(year, prompt.activity, prompt.table)},{THIS_QUARTER},{answers}"
