"""Sheets that people put into the tracker themselves: kept as what they show, with widths, colours and notes, and written back behind ours."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from qaf_sheets.book import Book
from qaf_sheets.look import Book as Writing
from qaf_sheets.look import fit
from qaf_sheets.model import Problem, Record
from qaf_sheets.problems import problem
from qaf_sheets.tracker.arrangement import Said, own_look, said
from qaf_sheets.tracker.seen import Look, Seen

MOST_CELLS, MOST_SHEETS = 20_000, 20


class OwnSheet(Record):
    """One such sheet: its values by row and column number, and how it looks."""

    values: Mapping[int, Mapping[int, Said]] = {}
    seen: Seen = Seen()
    hidden: bool = False


def own_names(book: Book, ours: Collection[str]) -> tuple[str, ...]:
    """The sheets that are not ours, and not larger than anybody types."""
    names = [name for name in book.sheets if name not in ours and not name.startswith("_") and any(map(len, book.sheets[name]))]
    return tuple(name for name in names[:MOST_SHEETS] if sum(v is not None for row in book.sheets[name] for v in row) <= MOST_CELLS)


def own_sheet(book: Book, name: str, seen: Seen) -> OwnSheet:
    """What somebody's sheet says, and how it looks."""
    rows = enumerate(book.sheets[name], 1)
    values = {n: {c: seen.numbers.get(n, {}).get(c, said(v)) for c, v in enumerate(row, 1) if v is not None} for n, row in rows}
    return OwnSheet(values={n: cells for n, cells in values.items() if cells}, seen=seen.model_copy(update={"numbers": {}}), hidden=name in book.hidden)


def sheets_told(book: Book, found: Mapping[str, OwnSheet], ours: Collection[str]) -> Iterator[Problem]:
    """What of people's own sheets does not stay."""
    for name, own in found.items():
        if book.formulas.get(name) or own.seen.pictured:
            yield problem("OWN_SHEET_PLAIN", sheet=name)
    for name in book.sheets:
        if name not in ours and name not in found and not name.startswith("_") and any(map(len, book.sheets[name])):
            yield problem("OWN_SHEET_NOT_KEPT", sheet=name)


def write_own_sheet(book: Writing, name: str, own: OwnSheet) -> None:
    """The sheet again, unless it is called as one of ours is by now."""
    if name.casefold() in {s.get_name().casefold() for s in book.xlsx.worksheets()}:
        return
    sheet = book.xlsx.add_worksheet(name)
    for column, width in own.seen.widths.items():
        sheet.set_column_pixels(column - 1, column - 1, width, None, {"hidden": column in own.seen.hidden_columns})
    for row in {*own.values, *own.seen.looks}:
        values, looks = own.values.get(row, {}), own.seen.looks.get(row, {})
        for column in {*values, *looks}:
            value, look = values.get(column), own_look(looks.get(column, Look()))
            if isinstance(value, bool):
                sheet.write_boolean(row - 1, column - 1, value, book.fmt(**look))
            else:
                book.put(sheet, row - 1, column - 1, value, **look)
    for row, notes in own.seen.notes.items():
        for column, note in notes.items():
            sheet.write_comment(row - 1, column - 1, fit(note.text), {"author": note.author})
    if any(own.seen.freeze):
        sheet.freeze_panes(*own.seen.freeze)
    if own.hidden:
        sheet.hide()
