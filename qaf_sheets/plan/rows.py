"""One reader for every sheet of the plan: rows of values by column id, each with its cell, and every fault on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qaf_sheets.book import Book
from qaf_sheets.dates import as_date
from qaf_sheets.model import Problem, Quarter, Source, Value
from qaf_sheets.plan.schema import FILE, SHEETS, YES_NO, Column, Sheet
from qaf_sheets.problems import problem
from qaf_sheets.references import cell_name, split_cell

SHORT = {"Yes": "y", "No": "n"}
TO_BE_CONFIRMED = ("tbc", "tba", "to be confirmed", "to be agreed")


class RowSource(Source):
    """Where a record was read: `cell` is its id's, `cells` its other columns', so that a check names the very cell wherever columns stand."""

    cells: tuple[tuple[str, str], ...] = ()

    def of(self, column: str) -> str:
        """The cell of one column of the row; the id's where the sheet has no such column."""
        return dict(self.cells).get(column, self.cell)


class Row(NamedTuple):
    """One row of a sheet. `values` are parsed by kind (blank: None); `cells` name where each stands."""

    file: str
    sheet: str
    values: Mapping[str, object]
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """A value as text, '' when blank."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    def words(self, column: str) -> tuple[str, ...]:
        """What stands in a `words` cell; () when blank."""
        value = self.values.get(column)
        return value if isinstance(value, tuple) else ()

    def source(self, column: str) -> RowSource:
        """Where a value stands, and the rest of its row."""
        return RowSource(file=self.file, sheet=self.sheet, cell=self.cells.get(column, ""), cells=tuple(self.cells.items()))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Faults as someone walks through the workbook: by sheet, row and column."""
    order = {s.name: n for n, s in enumerate(SHEETS)}
    return tuple(sorted(problems, key=lambda p: (order.get(p.sheet, len(order)), split_cell(p.cell) if p.cell else (0, 0))))


def read_sheet(book: Book, sheet: Sheet, file: str = FILE) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """All filled rows of a sheet, found by its headings: columns may stand in any order, with others between."""
    if sheet.name not in book.sheets:
        return (), (problem("PLAN_SHEET_MISSING", sheet=sheet.name),)
    found = headings(book, sheet)
    if found is None:
        return (), (problem("PLAN_COLUMN_MISSING", sheet=sheet.name, label=sheet.columns[0].header),)
    heading, columns = found
    missing = [problem("PLAN_COLUMN_MISSING", sheet=sheet.name, cell=f"A{heading}", label=c.header) for c in sheet.columns if c.required and c.id not in columns]
    read = [_row(book, sheet, file, number, columns) for number in _filled(book, sheet.name, heading, columns)]
    rows = tuple(row for row, _ in read)
    return rows, (*missing, *(p for _, found in read for p in found), *_twice(sheet, rows))


def _filled(book: Book, name: str, heading: int, columns: Mapping[str, int]) -> Iterator[int]:
    """The numbers of the rows under the heading in which anything of ours stands."""
    broken = book.broken.get(name, frozenset())
    for number in range(heading + 1, len(book.sheets[name]) + 1):
        if any(not _blank(book.cell(name, number, c)) or cell_name(number, c) in broken for c in columns.values()):
            yield number


def _row(book: Book, sheet: Sheet, file: str, number: int, columns: Mapping[str, int]) -> tuple[Row, list[Problem]]:
    """One row with its faults."""
    cells = {name: cell_name(number, column) for name, column in columns.items()}
    raw = {name: book.cell(sheet.name, number, column) for name, column in columns.items()}
    whose = _text(raw.get(sheet.columns[0].id))
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for column in (c for c in sheet.columns if c.id in columns):
        cell = cells[column.id]
        if cell in book.broken.get(sheet.name, frozenset()):
            problems.append(problem("ERROR_VALUE", sheet=sheet.name, cell=cell, value="an Excel error"))
        elif _blank(raw[column.id]):
            problems += [problem(column.when_blank, sheet=sheet.name, cell=cell, label=column.header, value=whose)] if column.required else []
        else:
            values[column.id], fault = _parse(column, raw[column.id], sheet.name, cell)
            problems += [fault] if fault else []
    return Row(file, sheet.name, values, cells), problems


def headings(book: Book, sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row that has most of the headings, and where each stands."""
    ids = {c.header.casefold(): c.id for c in sheet.columns}
    rows = [{ids[h]: n for n, v in enumerate(row, 1) if (h := " ".join(str(v).split()).casefold()) in ids} for row in book.sheets[sheet.name][:30]]
    best = max(rows, key=len, default={})
    return (rows.index(best) + 1, best) if best else None


def _blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _parse(column: Column, value: Value, sheet: str, cell: str) -> tuple[object, Problem | None]:
    """A filled cell by its column's kind; what cannot be read is blank, with its fault."""
    text = _text(value)
    if column.open and is_open(text):
        return None, None
    if column.kind == "date":
        day = as_date(value)
        return day, None if day else problem("PLAN_NOT_A_DATE", sheet=sheet, cell=cell, value=text)
    if column.kind == "number":
        whole = _whole(value)
        return whole, None if whole is not None else problem("PLAN_NOT_A_NUMBER", sheet=sheet, cell=cell, value=text)
    if column.kind == "quarter":
        return _quarter(text, sheet, cell)
    if column.kind == "words":
        return tuple(w.strip() for w in text.replace(";", ",").split(",") if w.strip()), None
    options = YES_NO if column.kind == "yes_no" else column.options
    if not options:
        return text, None
    chosen = next((o for o in options if text.casefold() in (o.casefold(), SHORT.get(o))), None)
    if chosen is None:
        return None, problem("PLAN_NOT_ON_LIST", sheet=sheet, cell=cell, value=text, options=", ".join(options))
    return chosen == YES_NO[0] if column.kind == "yes_no" else chosen, None


def is_open(text: str) -> bool:
    """Whether somebody wrote that a date is still to be confirmed."""
    return " ".join(text.split()).casefold().rstrip(".") in TO_BE_CONFIRMED


def _quarter(text: str, sheet: str, cell: str) -> tuple[Quarter | None, Problem | None]:
    try:
        return Quarter.parse(text), None
    except ValueError:
        return None, problem("PLAN_BAD_QUARTER", sheet=sheet, cell=cell, value=text)


def _text(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value).strip()


def _whole(value: Value) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return int(value) if value == int(value) and value >= 0 else None
    return int(value) if isinstance(value, str) and value.strip().isdigit() else None


def _twice(sheet: Sheet, rows: Sequence[Row]) -> Iterator[Problem]:
    """An id that an earlier row has."""
    for column in sheet.columns:
        seen: dict[str, str] = {}
        for row in rows:
            value = row.text(column.id).casefold()
            if not column.unique or not value:
                continue
            if value in seen:
                yield problem("PLAN_DUPLICATE", sheet=sheet.name, cell=row.cells[column.id], value=row.text(column.id), other=seen[value])
            seen.setdefault(value, row.cells[column.id])
