"""What the house's sheet does faster than XlsxWriter's, it does alike."""

from __future__ import annotations

import pytest
from xlsxwriter.worksheet import Worksheet

from qaf_sheets.look import CLASSIC, Sheet

FORMULAS = (*(f"={name}(A1)" for name in sorted(CLASSIC)), "=SUM(A1:A2)+XLOOKUP(1,A:A,B:B)", "{=SUM(A1:A2)}", "=_xlfn.STDEV.S(A1)", "=STDEV.S(A1)", "=CONCAT(A1,B1)", '=IF(A1="Drop(s) MAP(1)",1,2)', "=A1", "=sum(A1)")


@pytest.mark.parametrize("expand", [False, True])
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_written_as_xlsxwriter_writes_it(formula: str, expand: bool) -> None:
    assert Sheet()._prepare_formula(formula, expand) == Worksheet()._prepare_formula(formula, expand)
