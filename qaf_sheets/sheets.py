"""XlsxWriter's sheet, faster at what every cell costs. `tests/test_sheets.py` holds each shortcut against XlsxWriter's own way, byte by byte."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

FUNCTION = re.compile(r"[A-Za-z_][\w.]*(?=\()")
CLASSIC = frozenset({
    "ABS", "AND", "CHAR", "CLEAN", "CHOOSE", "CODE", "COLUMN", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "DATE", "DAY", "EXACT", "FIND", "HYPERLINK",
    "IF", "IFERROR", "INDEX", "INDIRECT", "INT", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LARGE", "LEFT", "LEN", "LOOKUP", "LOWER", "MATCH",
    "MAX", "MEDIAN", "MID", "MIN", "MOD", "MONTH", "N", "NETWORKDAYS", "NOT", "OFFSET", "OR", "PROPER", "REPT", "RIGHT", "ROUND", "ROUNDUP", "ROW", "ROWS",
    "SEARCH", "SMALL", "SUBSTITUTE", "SUBTOTAL", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "T", "TEXT", "TODAY", "TRIM", "TRUE", "UPPER", "VALUE",
    "VLOOKUP", "WEEKDAY", "YEAR",
})
"""Functions that a file calls by the name that people do; of any other XlsxWriter knows what it is called."""
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
ESCAPED = re.compile('[&<>"\n]')


class Sheet(Worksheet):
    """A sheet as XlsxWriter writes it.

    Cells are named by row and column alone (never "A1"), and the four kinds that nearly every cell is of are written without asking what else one might be. Formulas are looked through
    once for functions that a file calls by another name, not once for each of a hundred such names.
    """

    def write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> Any:  # noqa: D102 - XlsxWriter's own
        return self._write_string(row, col, string, cell_format)

    def write_number(self, row: int, col: int, number: float, cell_format: Format | None = None) -> Any:  # noqa: D102
        return self._write_number(row, col, number, cell_format)

    def write_blank(self, row: int, col: int, blank: Any, cell_format: Format | None = None) -> Any:  # noqa: D102
        return self._write_blank(row, col, blank, cell_format)

    def write_formula(self, row: int, col: int, formula: str, cell_format: Format | None = None, value: Any = 0) -> Any:  # noqa: D102
        return self._write_formula(row, col, formula, cell_format, value)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002 - XlsxWriter's own signature
        if formula.startswith("{") or formula.endswith("}") or not _is_classic(formula):
            return str(super()._prepare_formula(formula, expand_future_functions))
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind, look = cell.__class__, cell.format
        if not look and (row in self.row_info or col in self.col_info):  # its look comes from its row or column
            super()._write_cell(row, col, cell)
            return
        begun = f'<c r="{xl_rowcol_to_cell_fast(row, col)}"' + (f' s="{look._get_xf_index()}"' if look else "")
        if kind is CellStringTuple:
            self.fh.write(f'{begun} t="s"><v>{cell.string}</v></c>')
        elif kind is CellBlankTuple:
            self.fh.write(f"{begun}/>")
        elif kind is CellNumberTuple:
            self.fh.write(f"{begun}><v>{cell.number:.16G}</v></c>")
        elif kind is CellFormulaTuple and not isinstance(cell.value, bool):
            self.fh.write(f"{begun}{_kind_of(cell.value)}><f>{_escaped(cell.formula)}</f><v>{_escaped(cell.value)}</v></c>")
        else:
            super()._write_cell(row, col, cell)


def _kind_of(value: Any) -> str:
    """What a formula's last value is, as a cell says it; '' for numbers, and for '' itself, which some programs count anew."""
    if not isinstance(value, str) or not value:
        return ""
    return ' t="e"' if value in ERRORS else ' t="str"'


def _escaped(data: Any) -> Any:
    """Text for the data of an element."""
    if not isinstance(data, str) or not ESCAPED.search(data):
        return data
    return data.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(20_000)  # the same formulas in every copy of a form
def _is_classic(formula: str) -> bool:
    return CLASSIC.issuperset(FUNCTION.findall(formula))


class GrowingSheet(Sheet):
    """Prose rows get a height without the "custom height" mark, so that Excel and LibreOffice grow them (measured: examples/ccr_form)."""

    growing: frozenset[int] = frozenset()

    def grow(self, row: int, height: float, *, hidden: bool = False) -> None:
        """Give `row` (from 0) a first height that may grow."""
        self.set_row(row, height, None, {"hidden": hidden})
        self.growing |= {row}

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row" and int(dict(attributes)["r"]) - 1 in self.growing:
            attributes = [a for a in attributes if a[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)
