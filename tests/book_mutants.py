"""What was read of a returned workbook, changed: what stands in cells, where names lead, which sheets and rows there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kit import form
from mutants import Choices, Seed

from qaf_sheets.book import Book
from qaf_sheets.forms.layout import answer_name, block_name, lay_out
from qaf_sheets.model import Value
from qaf_sheets.references import split_cell

VALUES: tuple[Value, ...] = (
    None, "", " ", "\xa0", "x", "tbc", "=1+1", "- a note", "@home", "#REF!", "#N/A", "Yes", "No", "yes ", "Good", "Good/RI", "not applicable", "Yes, listed on the Actions sheet", "P041", "P099",
    "Blake Placeholder (P041)", "Blake Placeholder", "Robin Notareal", "robin", "Will Rose-O’Mara", "9304518", "930451", "9304518.0", "０１２３４５６", "²", "13/12/2026", "31/02/2026", "13 December 2026", "1 ſep 2026",
    "2026-12-13", "a\r\nb\tc", "\x00", "\x1f", "\x7f", "\ufeff", "_x0041_", "_x000D_", "é", "e\u0301", "\u202eabc", "\U0001f600", "{label}", "{{ 7 * 7 }}", "<b>&amp;</b>", "'quoted'",
    "x" * 32_767, "x" * 33_000, "\U0001f600" * 20_000, "grade" + " " * 32_000 + "x", "word " * 6_500, "a\n" * 8_000, 0, 1, -1, 7, 1.5, 46_000, 46_000.5, 20_000, 79_999, 9304518, 930451, 2.0**60, 1e308, -0.0, 5e-324,
    0.1 + 0.2, True, False, date(1, 1, 1), date(1899, 12, 31), date(1900, 1, 1), date(1900, 3, 1), date(2026, 12, 10), date(2026, 12, 14), date(2027, 1, 2), date(2028, 2, 29), date(9999, 12, 31),
)  # fmt: skip
TARGETS = (
    "", "#REF!", "=#REF!", "{sheet}!$C$5", "'{sheet}'!$C$6", "={sheet}!C7", "'It''s'!$A$1", "{sheet}!$C$0", "{sheet}!$ZZZ$9999999", "{sheet}!$C$5:$C$9", "{sheet}!$A$3:$H$30", "Actions!$A$3:$L$30", "Actions!$A$9999999:$L$30",
    "[1]{sheet}!$C$5", "OFFSET({sheet}!$C$5,1,1)", "''!$A$1", "'!$A$1", "{sheet}!$C$5\n", "{sheet}!$C$٥",
)  # fmt: skip
REFERENCES = ("A1", "C5", "B6", "C60", "ZZ200", "XFD9999999")
Sheets = dict[str, list[list[Value]]]


def _value(choices: Choices) -> Value:
    n = choices.below(256)
    return VALUES[n] if n < len(VALUES) else choices.text()


def _put(sheets: Sheets, sheet: str, row: int, column: int, value: Value) -> None:
    rows = sheets.get(sheet)
    if rows is not None:
        rows.extend([] for _ in range(row - len(rows)))
        rows[row - 1].extend([None] * (column - len(rows[row - 1])))
        rows[row - 1][column - 1] = value


def _answer(sheets: Sheets, seed: Seed, choices: Choices) -> None:
    every = lay_out(form(seed.activity)).every
    place = every[choices.below(65_536) % len(every)]
    _put(sheets, place.sheet, *split_cell(place.label_cell if choices.below(8) == 1 else place.cell), _value(choices))


def _anywhere(sheets: Sheets, seed: Seed, choices: Choices) -> None:
    if sheets:
        _put(sheets, choices.of([*sheets]), 1 + choices.below(60), 1 + choices.below(14), _value(choices))


def _rows(sheets: Sheets, seed: Seed, choices: Choices) -> None:
    """Rows are put in, taken out, repeated downwards, or made shorter."""
    rows = sheets[choices.of([*sheets])] if sheets else []
    at = choices.below(40)
    how = choices.below(5)
    if how == 0:
        rows[at:at] = [[]] * choices.of((1, 2, 30))
    elif how == 1:
        del rows[at : at + choices.of((1, 3, 100))]
    elif how == 2 and rows:
        rows[at:at] = [list(rows[at % len(rows)]) for _ in range(choices.of((1, 5, 40, 3_000)))]
    elif how == 3 and at < len(rows):
        del rows[at][choices.below(10) :]
    else:
        rows.reverse()


def _sheet(sheets: Sheets, seed: Seed, choices: Choices) -> None:
    """A sheet is gone, has another name or another's, is there twice, or is one of theirs."""
    if not sheets:
        return
    one, other = choices.of([*sheets]), choices.of([*sheets])
    how = choices.below(5)
    if how == 0:
        del sheets[one]
    elif how == 1:
        sheets[choices.text()] = sheets.pop(one)
    elif how == 2:
        sheets[one], sheets[other] = sheets[other], sheets[one]
    elif how == 3:
        sheets[f"{one} (2)"] = [list(r) for r in sheets[one]]
    else:
        sheets[choices.text()] = [[_value(choices)]]


ON_SHEETS: tuple[Callable[[Sheets, Seed, Choices], None], ...] = (_answer, _answer, _answer, _anywhere, _rows, _sheet)


def _beside(book: Book, seed: Seed, choices: Choices) -> Book:
    """Names, formulas, errors, properties, comments, and what is hidden."""
    layout = lay_out(form(seed.activity))
    sheet = choices.of([*book.sheets]) if book.sheets else ""
    place = layout.every[choices.below(65_536) % len(layout.every)]
    how = choices.below(9)
    if how < 3:
        names = [answer_name(place.key), *(block_name(t.table) for t in layout.tables)]
        name, target = choices.of(names), choices.of(TARGETS).replace("{sheet}", sheet)
        return book.model_copy(update={"names": {k: v for k, v in book.names.items() if k != name} | ({} if how == 2 else {name: target})})
    if how in (3, 4):
        which = "formulas" if how == 3 else "broken"
        held = getattr(book, which)
        return book.model_copy(update={which: {**held, place.sheet: held.get(place.sheet, frozenset()) | {place.cell}}})
    if how == 5:
        return book.model_copy(update={"properties": {**book.properties, choices.of(("qaf_signature", "qaf_return_id", "qaf_", choices.text())): choices.text()}})
    if how == 6:
        return book.model_copy(update={"comments": {**book.comments, place.sheet: {choices.of(REFERENCES): choices.text() or "Please ring me"}}})
    if how == 7:
        return book.model_copy(update={"hidden": book.hidden | {sheet}, "macros": True})
    return book.model_copy(update={"hidden_rows": {**book.hidden_rows, place.sheet: frozenset(range(choices.below(40)))}})


def mutate_book(seed: Seed, choices: Choices) -> Book:
    """A seed as it was read, with a few things otherwise."""
    book, sheets = seed.book, {name: [list(row) for row in rows] for name, rows in seed.book.sheets.items()}
    for _ in range(8):
        if choices.spent:
            break
        if choices.below(3):
            choices.of(ON_SHEETS)(sheets, seed, choices)
        else:
            book = _beside(book, seed, choices)
    return Book(**{**dict(book), "sheets": {name: tuple(tuple(row) for row in rows) for name, rows in sheets.items()}})
