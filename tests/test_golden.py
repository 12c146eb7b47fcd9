"""What an issued workbook says and allows, cell by cell, against a dump kept beside the tests (`pytest --golden-update` writes it anew)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from kit import issued
from openpyxl.worksheet.worksheet import Worksheet

GOLDEN = Path(__file__).parent / "golden"
FORMS = (
    "ROUT", "SERV", "OBS", "OBS_SNR", "OBS_MTG", "CCR", "DIP", "THEM", "THEM_SNR", "MOD", "SUP", "SUP_ASYE", "C_EH", "C_SEND", "C_YJS", "C_PEP", "C_IRO", "C_SCP", "C_COMP", "C_FOST", "C_ADOP", "C_OFS", "C_PERF", "C_CICC", "C_CLF",
    "C_CPB", "C_PF", "C_PFS", "C_STAFF", "FUP", "LEARN", "PSW_ANN", "EVAL",
)  # fmt: skip


def dump(data: bytes) -> str:
    """A workbook in words: sheets, cells, locks, drop-downs, widths, names; no zip bytes, no style numbers, no digest of the form."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    lines = [f"title: {book.properties.title}", f"author: {book.properties.creator}"]
    for sheet in book:
        lines += ["", f"## {sheet.title} ({sheet.sheet_state})", *_sheet(sheet)]
    lines += ["", "## names", *(f"{name} = {book.defined_names[name].attr_text}" for name in sorted(book.defined_names))]
    return re.sub(r"(form version [A-Z_]+)-[0-9a-f]{10}", r"\1", "\n".join(lines)) + "\n"


def _sheet(sheet: Worksheet) -> Iterator[str]:
    setup = sheet.page_setup
    yield f"protected {sheet.protection.sheet}, password {bool(sheet.protection.password)}, {setup.orientation}, A{setup.paperSize}, wide {setup.fitToWidth}, frozen {sheet.freeze_panes}, tab {sheet.sheet_properties.tabColor.rgb if sheet.sheet_properties.tabColor else None}"
    yield f"header {sheet.oddHeader.left.text!r} {sheet.oddHeader.right.text!r}, footer {sheet.oddFooter.left.text!r} {sheet.oddFooter.right.text!r}, repeats {sheet.print_title_rows}"
    yield "widths " + " ".join(f"{letter}:{round(d.width, 1)}" for letter, d in sorted(sheet.column_dimensions.items()))
    for table in sheet.tables.values():
        yield f"table {table.name} {table.ref}"
    for rule in sheet.data_validations.dataValidation:
        yield f"accepts {rule.sqref}: {rule.type} {rule.formula1 or ''} {rule.formula2 or ''} | {rule.promptTitle}: {rule.prompt}"
    yield f"coloured {len(sheet.conditional_formatting)}"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None or not cell.protection.locked:
                yield _cell(cell)


def _cell(cell: Any) -> str:
    link = f" -> {cell.hyperlink.location or cell.hyperlink.target}" if cell.hyperlink else ""
    mark = "" if cell.protection.locked else f" [answer {cell.number_format}]"
    return f"{cell.coordinate}{mark}: {cell.value!r}{link}"


@pytest.mark.parametrize("activity", FORMS)
def test_an_issued_workbook_is_as_it_was(activity: str, request: pytest.FixtureRequest) -> None:
    said, kept = dump(issued(activity)), GOLDEN / f"{activity}.txt"
    if request.config.getoption("--golden-update"):
        GOLDEN.mkdir(exist_ok=True)
        kept.write_text(said, "utf-8", newline="\n")
    assert said.splitlines() == kept.read_text("utf-8").splitlines()


@pytest.mark.parametrize("activity", FORMS)
def test_an_issued_workbook_carries_no_macro_author_or_link_out(activity: str) -> None:
    with zipfile.ZipFile(io.BytesIO(issued(activity))) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(n) for n in names)
    assert not [n for n in names if "vba" in n or "externalLink" in n or "comments" in n]
    assert b"<dc:creator></dc:creator>" in everything or b"<dc:creator/>" in everything
    assert b'TargetMode="External"' not in everything


def test_equal_input_gives_equal_bytes() -> None:
    first = issued("OBS")
    issued.cache_clear()
    assert issued("OBS") == first
