"""LibreOffice, a program that is not ours, fills our forms in as a person would; what it saves is received answer by answer."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed
from kit import book
from office import changed, needs_office, recalculated

pytestmark = [pytest.mark.office, needs_office]
PROSE = "Visits are regular; the child said “I like it when you come”. 3-4 of them, e.g. on 05/08: that helps – très bien."
TYPED = {
    "date": "11/12/2026", "long": PROSE, "text": "3-4", "person": "P016",
    "nature": "Other", "immediate_concern": "No", "ed_evaluation": "Partly evident", "level_of_need": "Child in Need", "actions_any": "Yes, listed on the Actions sheet",
    "child_id": "0012345",
}  # fmt: skip
ROW = ("Update the plan = what the family said", "P016", "15/01/2027", "Team", "Within 10 working days", "00123")


def type_into(jobs: list[dict[str, object]], folder: Path) -> None:
    """Let LibreOffice do the typing, in one go."""
    script = Path(__file__).with_name("uno_typist.py")
    (folder / "jobs.json").write_text(json.dumps(jobs), "utf-8")
    python = next((p for p in ("/usr/bin/python3", shutil.which("python3") or "python3") if subprocess.run([p, "-c", "import uno"], capture_output=True, check=False).returncode == 0), None)
    if python is None:
        pytest.fail("LibreOffice is here, but no Python that can talk to it (Debian: python3-uno)")
    subprocess.run([python, str(script), str(folder / "jobs.json")], check=True, timeout=300, capture_output=True)


def test_forms_filled_in_libreoffice_are_received_answer_by_answer(council: Path, run: Run, tmp_path: Path) -> None:
    expected, jobs = {}, []
    for activity in ("ROUT", "OBS"):
        handed = Handed(council, activity)
        said = {f.id: TYPED.get(f.id) or TYPED[f.kind] for f in handed.form.fields if not f.fixed and f.id != "no_action_reason" and not handed.issue.facts.get(f.prefill)}
        cells = [[p.sheet, p.cell, said[p.field]] for p in handed.layout.places if p.field in said]
        cells += [["Actions", f"{letters}4", text] for (_, letters, _), text in zip(handed.layout.tables[0].columns, ROW, strict=True)]
        jobs.append({"open": str(handed.path), "save": str(council / "Return here" / handed.path.name), "cells": cells})
        expected[handed.issue.return_id] = {f: "2026-12-11" if v == "11/12/2026" else v for f, v in said.items()}
    type_into(jobs, tmp_path)
    for job in jobs:
        saved = book(Path(str(job["save"])).read_bytes())
        assert "Yes" in [row[1] for row in saved.sheets["Start here"] if row[0] == "Ready to return"]
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [(f["outcome"], [p["code"] for p in f["problems"] if p["level"] == "E"]) for f in told["files"]] == [("accepted", [])] * 2
    assert code == 0
    _, answers = run("answers", "--json", "--workspace", council)
    for version in answers:
        got = {f: a["value"] for f, a in version["answers"].items() if f in expected[version["return_id"]]}
        assert got == expected[version["return_id"]]
        assert [[cell["value"] for cell in row.values()] for row in version["rows"]["actions"]] == [["Update the plan = what the family said", "P016", "2027-01-15", *ROW[3:]]]


def test_an_issued_form_opens_without_an_error_and_says_not_yet(council: Path, tmp_path: Path) -> None:
    forms = {a: Handed(council, a).path.read_bytes() for a in ("ROUT", "SERV", "OBS")}
    for name, saved in recalculated(tmp_path, forms).items():
        before, after = book(forms[name]), book(saved)
        assert after.broken == {s: frozenset() for s in after.sheets}
        for sheet in before.sheets:
            for row, line in enumerate(before.sheets[sheet], 1):
                for column, value in enumerate(line, 1):
                    assert after.cell(sheet, row, column) == (pytest.approx(value) if isinstance(value, float) else value), (name, sheet, row, column)


def test_the_published_master_and_tracker_recalculate_to_what_they_say(tmp_path: Path, run: Run) -> None:
    assert run("demo", tmp_path / "demo")[0] == 0
    books = {name: (tmp_path / "demo" / f"{name}.xlsx").read_bytes() for name in ("QA master", "Actions tracker")}
    for name, after in recalculated(tmp_path / "office", books).items():
        assert {s: cells for s, cells in book(after).broken.items() if cells} == {}, name
        assert changed(books[name], after) == [], name
        assert any(book(books[name]).formulas.values()), name
