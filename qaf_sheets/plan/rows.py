"""One reader for every sheet of the plan: rows of values by column id, each with its cell, and every fault on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from qaf_sheets.book import Book, cell_name
from qaf_sheets.model import Problem, Quarter, Source, Value
from qaf_sheets.plan.schema import FILE, Column, Sheet
from qaf_sheets.problems import problem

EPOCH = date(1899, 12, 30)


class Row(NamedTuple):
    """One row of a sheet. `values` are parsed by kind (blank: None); `cells` name where each stands."""

    sheet: str
    values: Mapping[str, object]
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """A value as text, '' when blank."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    def source(self, column: str) -> Source:
        """Where a value stands."""
        return Source(file=FILE, sheet=self.sheet, cell=self.cells.get(column, ""))


def read_sheet(book: Book, sheet: Sheet) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """All filled rows of a sheet, found by its headings: columns may stand in any order, with others between."""
    if sheet.name not in book.sheets:
        return (), (problem("PLAN_SHEET_MISSING", sheet=sheet.name),)
    found = _headings(book, sheet)
    if found is None:
        return (), (problem("PLAN_COLUMN_MISSING", sheet=sheet.name, label=sheet.columns[0].header),)
    heading, columns = found
    problems = [problem("PLAN_COLUMN_MISSING", sheet=sheet.name, cell=f"A{heading}", label=c.header) for c in sheet.columns if c.required and c.id not in columns]
    rows = []
    for number in range(heading + 1, len(book.sheets[sheet.name]) + 1):
        raw = {name: book.cell(sheet.name, number, column) for name, column in columns.items()}
        if all(_blank(v) for v in raw.values()):
            continue
        cells = {name: cell_name(number, column) for name, column in columns.items()}
        values = {}
        for column in sheet.columns:
            if column.id in raw:
                values[column.id], fault = _parse(column, raw[column.id], sheet.name, cells[column.id])
                problems += [fault] if fault else []
        rows.append(Row(sheet.name, values, cells))
    return tuple(rows), (*problems, *_twice(sheet, rows))


def _headings(book: Book, sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    ids = {c.header.casefold(): c.id for c in sheet.columns}
    for number, row in enumerate(book.sheets[sheet.name][:30], 1):
        columns = {ids[h]: n for n, v in enumerate(row, 1) if (h := " ".join(str(v).split()).casefold()) in ids}
        if sheet.columns[0].id in columns and len(columns) >= min(2, len(sheet.columns)):
            return number, columns
    return None


def _blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _parse(column: Column, value: Value, sheet: str, cell: str) -> tuple[object, Problem | None]:
    """A cell by its column's kind; what cannot be read is blank, with its fault."""
    if _blank(value):
        return None, problem("PLAN_BLANK", sheet=sheet, cell=cell, label=column.header) if column.required else None
    if column.kind == "date":
        day = as_date(value)
        return day, None if day else problem("PLAN_NOT_A_DATE", sheet=sheet, cell=cell, value=value)
    if column.kind == "number":
        whole = _whole(value)
        return whole, None if whole is not None else problem("PLAN_NOT_A_NUMBER", sheet=sheet, cell=cell, value=value)
    text = _text(value)
    if column.kind == "yes_no":
        known = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(text.casefold())
        return known, None if known is not None else problem("PLAN_NOT_ON_LIST", sheet=sheet, cell=cell, value=text, options="Yes, No")
    if column.kind == "quarter":
        return _quarter(text, sheet, cell)
    if column.kind == "words":
        return tuple(w.strip() for w in text.replace(";", ",").split(",") if w.strip()), None
    if column.options and text not in column.options:
        return None, problem("PLAN_NOT_ON_LIST", sheet=sheet, cell=cell, value=text, options=", ".join(column.options))
    return text, None


def _quarter(text: str, sheet: str, cell: str) -> tuple[Quarter | None, Problem | None]:
    try:
        return Quarter.parse(text), None
    except ValueError:
        return None, problem("PLAN_BAD_QUARTER", sheet=sheet, cell=cell, value=text)


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _whole(value: Value) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return int(value) if value == int(value) and value >= 0 else None
    return int(value) if isinstance(value, str) and value.strip().isdigit() else None


def as_date(value: Value) -> date | None:
    """A date, a day number or UK text as a date."""
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return EPOCH + timedelta(days=int(value)) if 20_000 < value < 80_000 else None
    parts = str(value).strip().replace("-", "/").replace(".", "/").split("/")
    if len(parts) != 3 or not all(p.isdigit() for p in parts) or len(parts[2]) != 4:
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None


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
