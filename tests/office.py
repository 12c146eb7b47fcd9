"""LibreOffice for `office` tests: opens our workbooks, recalculates everything, saves them again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

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
