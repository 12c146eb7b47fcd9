"""Every slip of specification section 10 that concerns meaning has its problem, and a test that makes it happen."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from kit import codes, complete, filled, form, reading

from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.mark_up import LOST
from qaf_sheets.problems import CATALOGUE

MEANING = (*range(17, 63), *range(65, 72), 75, 76, 77)


def said_in_tests() -> str:
    return "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize("number", MEANING)
def test_a_case_has_its_problem_and_a_test_that_makes_it_happen(number: int) -> None:
    mine = [code for code, entry in CATALOGUE.items() if entry.case == number and code not in LOST.values()]
    assert mine
    text = said_in_tests()
    assert [code for code in mine if f'"{code}"' not in text] == []


def test_a_formula_in_an_answer_is_kept_by_its_result() -> None:
    place = next(p for p in lay_out(form("OBS")).places if p.field == "strengths")
    data = with_result(filled("OBS", complete("OBS", strengths="WILL BE A FORMULA")), place.cell, "It went well in every way we looked at.")
    read = reading("OBS", data)
    assert codes(read.problems) == [("FORMULA_KEPT", place.cell)]
    assert read.content.answers["strengths"].value == "It went well in every way we looked at."


def with_result(data: bytes, cell: str, text: str) -> bytes:
    """The workbook with a formula in a cell and the result that Excel stored with it."""
    out = io.BytesIO()
    made = rf'<c r="{cell}"\1 t="str"><f>A1&amp;"x"</f><v>{text}</v></c>'
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            body = old.read(entry)
            if entry.filename.startswith("xl/worksheets/") and b"WILL BE A FORMULA" in body:
                body = re.sub(rf'<c r="{cell}"( s="\d+")? t="\w+">.*?</c>', made, body.decode()).encode()
            new.writestr(entry, body)
    return out.getvalue()
