"""LibreOffice, a program that is not ours, fills our forms in as a person would; what it saves is received answer by answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run
from desk_kit import Handed
from kit import book
from office import changed, needs_office, opened, recalculated, type_into

from qaf_sheets.model import Question

pytestmark = [pytest.mark.office, needs_office]
PROSE = "Visits are regular; the child said “I like it when you come”. 3-4 of them, e.g. on 05/08: that helps – très bien."
TYPED = {
    "number": "95", "overall_grade": "Requires improvement (RI)", "mod_grade": None, "previous_acted_on": "Partly", "family_contact": "Both", "child_name": "Quillan Notarealname",
    "bordering_good": "No", "mod_by": None, "mod_on": None, "mod_summary": None,
    "date": "11/12/2026", "long": PROSE, "text": "3-4", "person": "P016",
    "nature": "Other", "immediate_concern": "No", "ed_evaluation": "Partly evident", "level_of_need": "Child in Need", "actions_any": "Yes, listed on the Actions sheet",
    "child_id": "0012345",
}  # fmt: skip
ROW = {"action_text": "Update the plan = what the family said", "owner": "P016", "due_on": "15/01/2027", "level": "Team", "priority": "Within 10 working days", "intended_impact": "00123"}
CHILDREN = [{
    "child_id": f"90000{n:02d}", "level_of_need": "Child in Need", "team": "Assessment A", **{f"NET{q}": "No" if q == 1 else "Yes" for q in range(1, 7)}, "comment": PROSE, "immediate_concern": "No",
} for n in range(10)]
ROWS = {"actions": [ROW], "children": CHILDREN}
LEFT = ("no_action_reason", "fewer_than_ten_reason", "family_contact_reason", "mod_role", "mod_focus", "mod_ed_choice", "placed_on_file_on", "previous_acted_on")
"""Left blank: what is only asked for in another case, or by a moderator later."""


def typed_for(field: Question) -> str | None:
    """What a person types: the words of the table above, else what fits the kind."""
    if field.id in TYPED:
        return TYPED[field.id]
    return field.options[1].text if field.kind == "choice" else TYPED[field.kind]




def test_forms_filled_in_libreoffice_are_received_answer_by_answer(council: Path, run: Run, tmp_path: Path) -> None:
    expected, jobs = {}, []
    for activity in ("ROUT", "OBS", "CCR", "DIP"):
        handed = Handed(council, activity)
        said = {f.id: typed for f in handed.form.fields if not f.fixed and (f.id not in LEFT or handed.issue.facts.get(f.when.fields[0] if f.when and f.when.fields else "")) and not handed.issue.facts.get(f.prefill) and (typed := typed_for(f))}
        cells = [[p.sheet, p.cell, said[p.field]] for p in handed.layout.places if p.field in said]
        for table in handed.layout.tables:
            cells += [[table.sheet, f"{letters}{table.first_row + n}", text] for n, row in enumerate(ROWS[table.table]) for field, letters, _ in table.columns if (text := row.get(field))]
        jobs.append({"open": str(handed.path), "save": str(council / "Return here" / handed.path.name), "cells": cells})
        expected[handed.issue.return_id] = {f: "2026-12-11" if v == "11/12/2026" else v for f, v in said.items()}
    type_into(jobs, tmp_path)
    for job in jobs:
        saved = book(Path(str(job["save"])).read_bytes())
        assert "Yes" in [row[1] for row in saved.sheets["Start here"] if row[0] == "Ready to return"]
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [(f["outcome"], [p["code"] for p in f["problems"] if p["level"] == "E"]) for f in told["files"]] == [("accepted", [])] * 4
    assert code == 0
    _, answers = run("answers", "--json", "--workspace", council)
    for version in answers:
        want = expected[version["return_id"]]
        got = {f: a["value"] for f, a in version["answers"].items() if f in want}
        assert got == {**want, **({"child_name": None, "conversation_length": 95} if "child_name" in want else {})}
        (action,) = version["rows"]["actions"]
        assert {f: c["value"] for f, c in action.items() if c["value"]} == {**ROW, "due_on": "2027-01-15"}
        for told_of, typed in zip(version["rows"].get("children", ()), CHILDREN, strict="children" in version["rows"]):
            assert {f: c["value"] for f, c in told_of.items() if c["value"]} == typed


def test_a_copy_that_came_back_is_fixed_in_libreoffice_and_accepted(council: Path, run: Run, tmp_path: Path) -> None:
    handed = Handed(council, "CCR")
    handed.drop(handed.filled(handed.complete(overall_grade="Good/RI", rationale="tbc", when_reviewed="12/13/26", family_contact="Not appropriate")))
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    wrong = {p["field"] for p in told["files"][0]["problems"] if p["level"] == "E"}
    assert wrong == {"overall_grade", "rationale", "when_reviewed", "family_contact_reason"}
    copy = council / "Needs fixing" / handed.issue.person_id / handed.path.name
    mended = {"overall_grade": "Good", "rationale": PROSE, "when_reviewed": "10/12/2026", "family_contact_reason": PROSE}
    cells = [["Review", handed.cell(f), text] for f, text in mended.items()]
    type_into([{"open": str(copy), "save": str(council / "Return here" / copy.name), "cells": cells}], tmp_path)
    saved = book((council / "Return here" / copy.name).read_bytes())
    assert "Yes" in [row[1] for row in saved.sheets["Start here"] if row[0] == "Ready to return"]
    assert [row[4] for row in saved.sheets["Please fix"][4:8]] == ["✓ Changed"] * 4
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [(f["outcome"], f["return_id"], f["version"]) for f in told["files"]] == [("accepted", handed.issue.return_id, 2)], told
    assert code == 0
    assert not copy.exists()


def test_an_issued_form_opens_without_an_error_and_says_not_yet(council: Path, tmp_path: Path) -> None:
    forms = {a: Handed(council, a).path.read_bytes() for a in ("ROUT", "SERV", "OBS", "CCR", "DIP")}
    for name, saved in recalculated(tmp_path, forms).items():
        before, after = opened(forms[name], cached=True), opened(saved, cached=True)  # all sheets: `_check`, which we never read, holds most formulas
        for sheet in before:
            for row in sheet:
                for cell in row:
                    found = after[sheet.title][cell.coordinate]
                    assert found.data_type != "e", (name, sheet.title, cell.coordinate)
                    assert (found.value or None) == (pytest.approx(cell.value) if isinstance(cell.value, float) and cell.value else cell.value or None), (name, sheet.title, cell.coordinate)


def test_the_published_master_and_tracker_recalculate_to_what_they_say(tmp_path: Path, run: Run) -> None:
    assert run("demo", tmp_path / "demo")[0] == 0
    books = {name: (tmp_path / "demo" / f"{name}.xlsx").read_bytes() for name in ("QA master", "Actions tracker")}
    for name, after in recalculated(tmp_path / "office", books).items():
        assert {s: cells for s, cells in book(after).broken.items() if cells} == {}, name
        assert changed(books[name], after) == [], name
        assert any(book(books[name]).formulas.values()), name
