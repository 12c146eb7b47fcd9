"""The copy that comes back: every answer in its place, each problem at its cell, and fixed there it is accepted as that return."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk_kit import ACTION, WITH_ACTIONS, Handed
from kit import book, edited
from office import changed, needs_office, recalculated

from qaf_sheets import notes
from qaf_sheets.forms.fix import REMARK
from qaf_sheets.forms.layout import FIX, SENT
from qaf_sheets.model import Value
from qaf_sheets.register.returns import Returns

WRONG: dict[str, Value] = {"strengths": "tbc", "observed_on": "12/13/26", "ed_response": None, "nature": "Visiting"}


def sent(handed: Handed, run: Run, data: bytes | None = None) -> tuple[Path, dict[str, Any]]:
    """Drop a return; gives the copy that came back and what `ingest` said of the file."""
    handed.drop(handed.filled(handed.complete(**WRONG, actions_any=WITH_ACTIONS), rows=({**ACTION, "owner": None},)) if data is None else data)
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", handed.root)
    return handed.root / "Needs fixing" / handed.issue.person_id / handed.path.name, told["files"][0]


def test_the_copy_holds_every_answer_and_marks_each_problem_at_its_cell(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    copy, told = sent(handed, run)
    assert told["outcome"] == "needs_fixing"
    found = book(copy.read_bytes())
    said = handed.complete(**WRONG, actions_any=WITH_ACTIONS)
    for place in handed.layout.places:
        if place.field in said:
            row, column = int(place.cell[1:]), ord(place.cell[0]) - 64
            assert found.cell(place.sheet, row, column) == said[place.field], place.field
    listed = [(row[1], row[3]) for row in found.sheets[FIX][4:] if row[1] and row[4]]
    must = {(p["sheet"], p["cell"]) for p in told["problems"] if p["level"] == "E"}
    assert {where for _, where in listed} == {f"{sheet}, cell {cell}" for sheet, cell in must}
    assert len(must) == 5
    assert {cell for _, cell in must} == {handed.cell(f) for f in WRONG} | {"C4"}


def test_the_cells_are_commented_coloured_and_linked_and_the_form_lives(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    copy, told = sent(handed, run)
    opened = edited_view(copy.read_bytes())
    for p in (p for p in told["problems"] if p["level"] == "E"):
        sheet = opened[p["sheet"]]
        assert sheet[p["cell"]].comment.text.startswith(REMARK), p["cell"]
        rules = [r for area in sheet.conditional_formatting if p["cell"] in area.sqref for r in area.rules]
        assert any("fix_" in r.formula[0] for r in rules), p["cell"]
    links = {c.hyperlink.location for row in opened[FIX].iter_rows() for c in row if c.hyperlink}
    assert {f"'{p['sheet']}'!{p['cell']}" for p in told["problems"] if p["level"] == "E"} <= {("'" + k.replace("!", "'!", 1) if not k.startswith("'") else k) for k in links}
    original = edited_view(handed.path.read_bytes())
    for name in ("Observation", "Actions"):
        assert opened[name].protection.sheet
        assert {str(r.sqref) for r in opened[name].data_validations.dataValidation} == {str(r.sqref) for r in original[name].data_validations.dataValidation}
    assert opened[SENT].sheet_state == "hidden"


def edited_view(data: bytes) -> Any:
    """A workbook as openpyxl sees it."""
    seen = []
    edited(data, seen.append)
    return seen[0]


def fixed(handed: Handed) -> Callable[[Any], None]:
    """What a manager does in the copy: puts each thing right, and touches nothing else."""

    def change(workbook: Any) -> None:
        sheet = workbook["Observation"]
        for field, value in {"strengths": "She listened, and named what had gone well.", "observed_on": date(2026, 12, 10), "ed_response": "The plan follows the family's own week.", "nature": "Supervision"}.items():
            sheet[handed.cell(field)] = value
        workbook["Actions"]["C4"] = "P016"

    return change


def test_fixed_there_and_dropped_back_it_is_accepted_and_the_copy_goes(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    copy, _ = sent(handed, run)
    mended = edited(copy.read_bytes(), fixed(handed))
    copy.unlink()
    handed.drop(mended)
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [(f["outcome"], f["return_id"], f["version"]) for f in told["files"]] == [("accepted", handed.issue.return_id, 2)]
    assert code == 0
    assert not copy.parent.exists()


def test_a_copy_that_was_mended_in_place_goes_once_its_twin_is_accepted(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    copy, _ = sent(handed, run)
    copy.write_bytes(edited(copy.read_bytes(), fixed(handed)))
    shutil.copy(copy, council / "Return here" / copy.name)
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert told["files"][0]["outcome"] == "accepted"
    assert not copy.exists()


def test_a_copy_somebody_has_begun_to_mend_is_never_overwritten(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    copy, _ = sent(handed, run)
    begun = edited(copy.read_bytes(), lambda b: b["Observation"].__setitem__(handed.cell("strengths"), "Half a sentence"))
    copy.write_bytes(begun)
    sent(handed, run, handed.filled(handed.complete(strengths="n/a")))
    assert copy.read_bytes() == begun
    assert (copy.parent / f"{copy.stem} - version 2.xlsx").exists()
    handed.drop()
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert [p.name for p in copy.parent.iterdir()] == [copy.name]


def test_a_crash_after_the_copy_was_written_leaves_one_copy(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Handed(council, "OBS")
    with monkeypatch.context() as broken:
        broken.setattr(Returns, "copied", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        handed.drop(handed.filled(handed.complete(strengths="tbc")))
        run("ingest", "--no-outputs", "--json", "--workspace", council)
    copy = council / "Needs fixing" / handed.issue.person_id / handed.path.name
    assert copy.exists()
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert sorted(p.suffix for p in copy.parent.iterdir()) == [".html", ".xlsx"]
    handed.drop(edited(copy.read_bytes(), lambda b: b["Observation"].__setitem__(handed.cell("strengths"), "She listened, and said what she would do.")))
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert told["files"][0]["outcome"] == "accepted"
    assert not copy.parent.exists()


def test_a_full_disk_never_costs_the_return(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Handed(council, "OBS")
    with monkeypatch.context() as broken:
        broken.setattr(notes, "replace_if_free", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        handed.drop(handed.filled(handed.complete(strengths="tbc")))
        run("ingest", "--no-outputs", "--json", "--workspace", council)
    run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert (council / "Needs fixing" / handed.issue.person_id / handed.path.name).exists()
    assert run("verify", "--json", "--workspace", council)[1]["ok"]


def rows_inserted(workbook: Any) -> None:
    workbook["Observation"].insert_rows(2, 3)


def sheet_renamed(workbook: Any) -> None:
    workbook["Observation"].title = "Obs final"


def sheet_removed(workbook: Any) -> None:
    del workbook["Actions"]


@pytest.mark.parametrize(("damage", "lost"), [(rows_inserted, ()), (sheet_renamed, ()), (sheet_removed, ("Actions",))])
def test_an_odd_original_still_gives_a_clean_copy_with_every_answer_that_could_be_read(council: Path, run: Run, damage: Callable[[Any], None], lost: tuple[str, ...]) -> None:
    handed = Handed(council, "OBS")
    said = handed.complete(strengths="tbc")
    copy, told = sent(handed, run, edited(handed.filled(said), damage))
    if told["outcome"] == "accepted":
        pytest.fail("the damage was to be noticed")
    found = book(copy.read_bytes())
    assert sorted(found.sheets) == sorted({*book(handed.path.read_bytes()).sheets, FIX, SENT})
    read = {row[3] for row in found.sheets[FIX][4:] if row[1]}
    assert set(lost) <= read
    placed = {p.field: (p.sheet, p.cell) for p in handed.layout.places}
    kept = {f: found.cell(s, int(c[1:]), ord(c[0]) - 64) for f, (s, c) in placed.items() if f in said}
    listed = {where for where in read if where}
    missing = {f for f in said if kept[f] != said[f]}
    assert all(f"{placed[f][0]}, cell {placed[f][1]}" in listed for f in missing), missing
    assert missing == set() or damage is rows_inserted


@pytest.mark.office
@needs_office
def test_the_copy_recalculates_to_what_it_says(council: Path, run: Run, tmp_path: Path) -> None:
    copy, _ = sent(Handed(council, "OBS"), run)
    data = copy.read_bytes()
    after = recalculated(tmp_path / "office", {"copy": data})["copy"]
    assert changed(data, after) == []
    assert not any(book(after).broken.values())
