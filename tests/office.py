"""LibreOffice for `office` tests: opens our workbooks, recalculates everything, saves them again."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from math import isclose
from pathlib import Path
from typing import Any

import openpyxl
import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(SOFFICE is None and os.environ.get("QAF_REQUIRE_OFFICE") != "1", reason="LibreOffice (soffice) is not installed; set QAF_REQUIRE_OFFICE=1 to insist on it")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(folder: Path, books: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each workbook as LibreOffice saves it after calculating every formula anew, by the same names."""
    assert SOFFICE, "LibreOffice is required here (QAF_REQUIRE_OFFICE=1) but soffice was not found"
    folder.mkdir(exist_ok=True)
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    files = []
    for name, data in books.items():
        files.append(folder / f"{name}.xlsx")
        files[-1].write_bytes(data)
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {name: (out / f"{name}.xlsx").read_bytes() for name in books}


def type_into(jobs: list[dict[str, object]], folder: Path) -> None:
    """Let LibreOffice do the typing, in one go."""
    script = Path(__file__).with_name("uno_typist.py")
    (folder / "jobs.json").write_text(json.dumps(jobs), "utf-8")
    python = next((p for p in ("/usr/bin/python3", shutil.which("python3") or "python3") if subprocess.run([p, "-c", "import uno"], capture_output=True, check=False).returncode == 0), None)
    if python is None:
        pytest.fail("LibreOffice is here, but no Python that can talk to it (Debian: python3-uno)")
    subprocess.run([python, str(script), str(folder / "jobs.json")], check=True, timeout=300, capture_output=True)


def opened(data: bytes, *, cached: bool = False) -> Any:
    """A workbook as openpyxl sees it: formulas, or the values stored with them."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=cached)


def changed(before: bytes, after: bytes) -> list[tuple[str, str, object, object]]:
    """Formula cells whose value is another after calculating: sheet, cell, stored, calculated."""
    asked, stored, calculated = opened(before), opened(before, cached=True), opened(after, cached=True)
    places = [(s.title, c.coordinate) for s in asked.worksheets for row in s.iter_rows() for c in row if c.data_type == "f"]
    pairs = [(sheet, cell, stored[sheet][cell].value, calculated[sheet][cell].value) for sheet, cell in places]
    return [p for p in pairs if not _same(p[2], p[3])]


def _same(stored: object, calculated: object) -> bool:
    """Equal; of broken numbers LibreOffice stores fifteen digits."""
    return stored == calculated or (isinstance(stored, float) and isinstance(calculated, float) and isclose(stored, calculated, rel_tol=1e-12))
