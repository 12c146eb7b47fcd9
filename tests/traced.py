"""The DLT report followed to its sources, by code that knows nothing of ours: numbers are counted again from the annex's rows, quotes looked up by sheet and cell."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl

SHARES = re.compile(r"(\d+) of (\d+)")
WORDS_OF = re.compile(r"([^=;]+) = ((?:“[^”]*”)(?: or “[^”]*”)*)")
Rows = list[dict[str, Any]]


def annex(data: bytes) -> dict[str, Rows]:
    """Every sheet's table by heading."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: _table(sheet) for sheet in book.worksheets}


def _table(sheet: Any) -> Rows:
    cells = sheet.iter_rows(min_row=4, values_only=True)
    heads = next(cells)
    return [dict(zip(heads, row, strict=True)) for row in cells if any(v is not None for v in row)]


def counted(sheets: dict[str, Rows], figure: dict[str, Any], rows: str) -> int:
    """A number counted from the rows that a figure names."""
    wanted = {column.strip(): re.findall(r"“([^”]*)”", said) for column, said in WORDS_OF.findall(rows)}
    assert wanted or rows == "every row", rows
    found = [row for row in sheets[figure["Sheet of this workbook"]] if all(str("" if row[c] is None else row[c]) in words for c, words in wanted.items())]
    if once := figure["Each counted once"]:
        return len({row[once] for row in found} - {None})
    return sum(row["Number"] for row in found) if "Number" in (found or [{}])[0] else len(found)


def untrue(sheets: dict[str, Rows]) -> list[dict[str, Any]]:
    """The figures that their rows do not bear out."""
    return [
        f for f in sheets["Figures"]
        if counted(sheets, f, f["Rows that count"]) != f["n"] or (f["Of"] is not None and counted(sheets, f, f["Of these rows"]) != f["Of"])
    ]  # fmt: skip


def untraced(lines: list[str], sheets: dict[str, Rows]) -> list[str]:
    """What the report says of n of m that no figure has. Quotes are other people's numbers."""
    known = {(f["n"], f["Of"]) for f in sheets["Figures"]}
    return [line for line in lines if any((int(n), int(of)) not in known for n, of in SHARES.findall(re.sub(r"“[^”]*”", "", line)))]


def shown(sheets: dict[str, Rows]) -> Rows:
    """The quotes that the report shows, by its own account."""
    return [q for q in sheets["Quotes"] if q["In the report"] == "Yes"]


def quoted(lines: list[str]) -> set[tuple[str, str]]:
    """(words, reference) of every quote in the report, without the mark of what was cut."""
    found = (re.search(r"^“(.*)” \((?:.*, )?(R-\d+(?:/\d+)?)\)$", " ".join(line.split())) for line in lines)
    return {(m[1].removesuffix(" …"), m[2]) for m in found if m}
