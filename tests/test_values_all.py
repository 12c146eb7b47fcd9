"""Every way a value can stand in a cell is read as it was meant, stored exactly, and shown as words wherever it is shown."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from kit import book, codes, filled, form

from qaf_sheets.forms.layout import lay_out
from qaf_sheets.forms.read import read_form
from qaf_sheets.model import Value
from qaf_sheets.references import split_cell

DAY, TIME = 1, 2
"""The styles of the workbook below: a date, and a time of the day."""


def cell(value: str, *, kind: str = "", style: int = 0, formula: str = "") -> str:
    """One cell as sheet XML has it."""
    inner = f"<is>{value}</is>" if kind == "inlineStr" else f"{formula}<v>{value}</v>"
    return f'<c r="A1"{f" s={chr(34)}{style}{chr(34)}" if style else ""}{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}>{inner}</c>'


def workbook(xml: str, *, shared: str = "", since_1904: bool = False) -> bytes:
    """A workbook whose only cell is written by hand; `shared` is the shared string it may name."""
    made, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made, {"date_1904": since_1904}) as it:
        sheet = it.add_worksheet("One")
        sheet.write(0, 0, "here")
        for n, look in enumerate(("dd/mm/yyyy", "hh:mm"), 1):
            sheet.write(0, n, 1, it.add_format({"num_format": look}))
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                body = f'{body.split("<sheetData>")[0]}<sheetData><row r="1">{xml}</row></sheetData></worksheet>'
            if name == "xl/sharedStrings.xml" and shared:
                body = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{shared}</si></sst>'
            new.writestr(name, body)
    return out.getvalue()


SHARED = cell("0", kind="s")


@pytest.mark.parametrize(
    ("xml", "shared", "read"),
    [
        (cell("<t>plain</t>", kind="inlineStr"), "", "plain"),
        (cell('<r><t>one</t></r><r><t xml:space="preserve"> two </t></r>', kind="inlineStr"), "", "one two "),
        (cell("<t>_x0007_ _x005F_x0007_</t>", kind="inlineStr"), "", "\a _x0007_"),
        (cell("<t>a&#9;b&#10;c</t>", kind="inlineStr"), "", "a\tb\nc"),
        (SHARED, '<t xml:space="preserve">  kept  </t>', "  kept  "),
        (SHARED, '<r><t>one</t></r><r><rPr><b/></rPr><t xml:space="preserve"> two</t></r>', "one two"),
        (SHARED, '<t>KAN</t><rPh sb="0" eb="1"><t>kana</t></rPh>', "KAN"),
        (SHARED, "<t>_x0007_ _x005F_x0007_ a_x000A_b</t>", "\a _x0007_ a\nb"),
        (SHARED, "<t>“smart” 😀 أهلا</t>", "“smart” 😀 أهلا"),
        (SHARED, "", "here"),
        (cell("=1+1", kind="str"), "", "=1+1"),
        (cell("1", kind="b"), "", True),
        (cell("2026-12-13", kind="d"), "", date(2026, 12, 13)),
        (cell("2026-12-13T10:30:00", kind="d"), "", date(2026, 12, 13)),
        (cell("46369", style=DAY), "", date(2026, 12, 13)),
        (cell("46369.75", style=DAY), "", date(2026, 12, 13)),
        (cell("0.5", style=TIME), "", "12:00:00"),
        (cell("9.304518E6"), "", 9304518),
        (cell("46369.5"), "", 46369.5),
    ],
)
def test_a_cell_is_read_as_it_was_meant(xml: str, shared: str, read: Value) -> None:
    assert book(workbook(xml, shared=shared)).cell("One", 1, 1) == read


def test_a_formulas_kept_result_is_its_value_and_it_is_known_to_be_one() -> None:
    found = book(workbook(cell("Good", kind="str", formula="<f>A2</f>")))
    assert (found.cell("One", 1, 1), found.formulas["One"]) == ("Good", {"A1"})


@pytest.mark.parametrize("value", ["-5", "0"])
def test_a_day_before_the_first_is_no_date(value: str) -> None:
    assert not isinstance(book(workbook(cell(value, style=DAY))).cell("One", 1, 1), date)


def test_days_counted_from_1904_are_the_days_people_saw() -> None:
    found = book(workbook(cell("44907", style=DAY), since_1904=True))
    assert (found.since_1904, found.cell("One", 1, 1)) == (True, date(2026, 12, 13))
    place = next(p for p in lay_out(form("OBS")).places if p.field == "observed_on")
    row, column = split_cell(place.cell)
    form_now = book(filled("OBS", {}))
    rows = [list(r) for r in form_now.sheets[place.sheet]]
    rows[row - 1][column - 1] = 44907
    typed = form_now.model_copy(update={"sheets": {**form_now.sheets, place.sheet: tuple(map(tuple, rows))}})
    for since_1904, day in ((True, date(2026, 12, 13)), (False, date(2022, 12, 12))):
        read = read_form(typed.model_copy(update={"since_1904": since_1904}), form("OBS"), lay_out(form("OBS")), ())
        assert read.content.answers["observed_on"].value == day
        assert codes(read.problems) == [("SERIAL_READ", place.cell)]


# ---------------------------------------------------------------- through the whole product

TYPED = "<b>bold</b> &amp; {{ 7*7 }} {% if x %} ]]> =1+1 “smart” 😀 أهلا _x005F_x0041_ bell _x0007_"
STORED = TYPED.replace("_x005F_x0041_", "_x0041_").replace("_x0007_", "\a")
FORMULA = '=HYPERLINK("http://example.invalid", "<i>act</i>")'


def test_any_text_is_stored_exactly_and_shown_as_words_everywhere(council: Path, run: Run) -> None:
    handed, wrong = Handed(council, "OBS"), Handed(council, "OBS", 1)
    handed.drop(handed.filled(handed.complete(strengths=TYPED, actions_any=WITH_ACTIONS, no_action_reason=None), ({**ACTION, "action_text": FORMULA},)))
    wrong.drop(wrong.filled(wrong.complete(nature="<script>alert(1)</script>")))
    _, told = run("ingest", "--json", "--workspace", council)
    assert {f["outcome"] for f in told["files"]} == {"accepted", "needs_fixing"}
    (said,) = (v for v in run("answers", "--json", "--workspace", council)[1] if v["return_id"] == handed.issue.return_id)
    assert said["answers"]["strengths"]["value"] == STORED
    assert said["rows"]["actions"][0]["action_text"]["value"] == FORMULA
    _shown_in_excel(council)
    words = "\n".join(_words(p) for p in council.rglob("*.docx") if ".qaf" not in p.parts)
    assert STORED.split(" bell")[0] in words
    assert FORMULA in words
    pages = [p.read_text("utf-8") for p in council.rglob("*.html")]
    assert any("&lt;script&gt;" in page for page in pages)
    assert not any("<script>alert" in page or "<i>act" in page or "<b>bold" in page for page in pages)


def _shown_in_excel(council: Path) -> None:
    """As text in the master and the tracker, and never as a formula."""
    for pattern, expected in (("QA master*.xlsx", {STORED, FORMULA}), ("Actions tracker*.xlsx", {FORMULA})):
        (path,) = (p for p in council.rglob(pattern) if ".qaf" not in p.parts)
        assert expected <= {v for rows in book(path.read_bytes()).sheets.values() for row in rows for v in row}
        cells = [c for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
        assert FORMULA in {c.value for c in cells if c.data_type == "s"}
        assert [c.value for c in cells if c.data_type == "f" and "example.invalid" in c.value] == []


def _words(path: Path) -> str:
    made = docx.Document(str(path))
    return "\n".join([*(p.text for p in made.paragraphs), *(c.text for t in made.tables for row in t.rows for c in row.cells)])
