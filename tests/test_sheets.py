"""What the house's sheet does faster than XlsxWriter's, it does alike."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.sheets import CLASSIC, Sheet

FORMULAS = (*(f"={name}(A1)" for name in sorted(CLASSIC)), "=SUM(A1:A2)+XLOOKUP(1,A:A,B:B)", "{=SUM(A1:A2)}", "=_xlfn.STDEV.S(A1)", "=STDEV.S(A1)", "=CONCAT(A1,B1)", '=IF(A1="Drop(s) MAP(1)",1,2)', "=A1", "=sum(A1)")


@pytest.mark.parametrize("expand", [False, True])
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_written_as_xlsxwriter_writes_it(formula: str, expand: bool) -> None:
    assert Sheet()._prepare_formula(formula, expand) == Worksheet()._prepare_formula(formula, expand)


def words() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(["a & b", '<"x">', "line\nbreak", " edge ", "\x07", "_x0041_", "#N/A"])


VALUES = st.one_of(words(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.just(""))
CELLS = st.tuples(
    st.sampled_from(["string", "number", "blank", "formula", "boolean", "datetime"]), st.integers(0, 40), st.integers(0, 30), VALUES, st.sampled_from(["", "bold", "red"]),
    st.sampled_from(["=A1", '=IF(A1<2,"a & b","")', "=XLOOKUP(1,A:A,B:B)", "{=SUM(A1:A2)}"]),
)


@given(st.lists(CELLS, max_size=40))
def test_every_kind_of_cell_is_written_as_xlsxwriter_writes_it(cells: list[tuple[str, int, int, object, str, str]]) -> None:
    assert written(Sheet, cells) == written(Worksheet, cells)


def written(kind: type[Worksheet], cells: list[tuple[str, int, int, object, str, str]]) -> dict[str, bytes]:
    """The parts of a workbook with these cells."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 10, 5)})
    looks = {"": None, "bold": book.add_format({"bold": True}), "red": book.add_format({"font_color": "#FF0000"})}
    sheet = book.add_worksheet("One", kind)
    sheet.set_row(3, 20, looks["red"])
    sheet.set_column(2, 4, 12, looks["bold"])
    for what, row, col, value, look, formula in cells:
        it = looks[look]
        if what == "string":
            sheet.write_string(row, col, str(value), it)
        elif what == "number":
            sheet.write_number(row, col, float(value) if isinstance(value, (int, float)) else 7, it)
        elif what == "blank":
            sheet.write_blank(row, col, None, it)
        elif what == "formula":
            sheet.write_formula(row, col, formula, it, value)
        elif what == "boolean":
            sheet.write_boolean(row, col, bool(value), it)
        else:
            sheet.write_datetime(row, col, datetime(2026, 12, 14), it)
    book.close()
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
