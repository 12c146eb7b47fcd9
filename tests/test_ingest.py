"""What people drop into Return here, and what becomes of it: outcomes and JSON as the contract has them."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from desk_kit import ACTION, PROSE, WITH_ACTIONS, Handed
from kit import edited

from qaf_sheets.files import sha256


def ingest(run: Run, root: Path) -> tuple[int, list[dict[str, Any]]]:
    code, told = run("ingest", "--no-outputs", "--json", "--workspace", root)
    return code, told["files"]


def outcomes(files: list[dict[str, Any]]) -> list[tuple[str, str | None, int | None]]:
    return [(f["outcome"], f["return_id"], f["version"]) for f in files]


def codes(file: dict[str, Any], *levels: str) -> list[str]:
    return [p["code"] for p in file["problems"] if not levels or p["level"] in levels]


def answers(run: Run, root: Path, *more: str) -> list[dict[str, Any]]:
    code, told = run("answers", "--json", "--workspace", root, *more)
    assert code == 0
    return list(told)


def test_a_good_return_is_accepted_kept_and_readable_cell_by_cell(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    dropped = handed.drop(handed.filled(handed.complete(actions_any=WITH_ACTIONS, no_action_reason=None), (ACTION,)))
    original = dropped.read_bytes()
    code, files = ingest(run, council)
    assert (code, outcomes(files)) == (0, [("accepted", handed.issue.return_id, 1)])
    assert files[0]["file"] == f"Return here/{dropped.name}"
    assert files[0]["kept_as"] == f"Received/2026-27-Q3/{dropped.stem} - 1.xlsx"
    assert (council / files[0]["kept_as"]).read_bytes() == original
    assert not dropped.exists()
    told = answers(run, council)[0]
    assert {k: told[k] for k in ("activity", "quarter", "person_id", "state", "file")} == {
        "activity": "OBS", "quarter": "2026-27-Q3", "person_id": handed.issue.person_id, "state": "accepted", "file": files[0]["kept_as"],
    }  # fmt: skip
    assert told["answers"]["observed_on"] == {"value": "2026-12-11", "sheet": "Observation", "cell": handed.cell("observed_on")}
    assert told["answers"]["actions_any"]["code"] == "Yes"
    assert told["answers"]["person_observed"]["code"] == handed.issue.about
    assert told["rows"]["actions"] == [{
        "action_text": {"value": ACTION["action_text"], "sheet": "Actions", "cell": "B4"}, "owner": {"value": "P016", "code": "P016", "sheet": "Actions", "cell": "C4"},
        "due_on": {"value": "2027-01-15", "sheet": "Actions", "cell": "D4"}, "level": {"value": None, "sheet": "Actions", "cell": "E4"},
        "priority": {"value": None, "sheet": "Actions", "cell": "F4"}, "intended_impact": {"value": None, "sheet": "Actions", "cell": "G4"},
    }]  # fmt: skip


def test_a_return_with_problems_tells_them_all_on_a_page(council: Path, run: Run) -> None:
    handed = Handed(council, "ROUT")
    handed.drop(handed.filled(handed.complete(well=None, worried="tbc", ed_response=None)))
    code, files = ingest(run, council)
    assert (code, outcomes(files)) == (1, [("needs_fixing", handed.issue.return_id, 1)])
    assert codes(files[0], "E") == ["ANSWER_MISSING", "ED_MISSING", "TOO_LITTLE"]
    page = council / "Needs fixing" / handed.issue.person_id / f"{handed.path.stem}.html"
    words = page.read_text("utf-8")
    assert all(p["message"].replace("'", "&#39;") in words and p["cell"] in words for p in files[0]["problems"] if p["level"] == "E")
    assert answers(run, council) == []
    handed.drop()
    assert outcomes(ingest(run, council)[1]) == [("accepted", handed.issue.return_id, 2)]
    assert not page.exists()


def test_a_form_not_marked_complete_stays_where_it_is(council: Path, run: Run) -> None:
    handed = Handed(council, "SERV")
    dropped = handed.drop(handed.filled(handed.complete(completed_on=None)))
    code, files = ingest(run, council)
    assert (code, outcomes(files), files[0]["kept_as"]) == (0, [("draft", handed.issue.return_id, None)], None)
    assert dropped.exists()


def test_the_same_answers_again_are_a_duplicate_however_saved(council: Path, run: Run) -> None:
    handed = Handed(council, "ROUT")
    data = handed.filled()
    handed.drop(data)
    ingest(run, council)
    handed.drop(edited(data, lambda book: None), name="Copy of it (1).xlsx")
    code, files = ingest(run, council)
    assert (code, outcomes(files), codes(files[0])) == (0, [("duplicate", handed.issue.return_id, 1)], ["SAME_AGAIN"])
    assert files[0]["kept_as"].endswith(" - 2.xlsx")
    assert len(answers(run, council, "--all-versions")) == 1


def test_a_changed_resubmission_is_version_two_and_version_one_stays(council: Path, run: Run) -> None:
    handed = Handed(council, "ROUT")
    first = handed.filled()
    handed.drop(first)
    ingest(run, council)
    handed.drop(handed.filled(handed.complete(well="Families told us that visits are calmer, and that they are listened to.")))
    code, files = ingest(run, council)
    assert (code, outcomes(files)) == (0, [("accepted", handed.issue.return_id, 2)])
    assert "REPLACED" in codes(files[0], "W")
    assert [v["version"] for v in answers(run, council)] == [2]
    assert [v["answers"]["well"]["value"][:8] for v in answers(run, council, "--all-versions")] == [PROSE[:8], "Families"]
    handed.drop(first)
    assert outcomes(ingest(run, council)[1]) == [("older_version", handed.issue.return_id, 1)]
    assert [v["version"] for v in answers(run, council)] == [2]


def test_a_second_version_by_someone_else_waits_for_a_person(council: Path, run: Run) -> None:
    handed = Handed(council, "ROUT")
    handed.drop()
    ingest(run, council)
    handed.drop(handed.filled(handed.complete(well="Another view of the same quarter, by another person.", completed_by="P016")))
    code, files = ingest(run, council)
    assert (code, outcomes(files), codes(files[0], "E")) == (1, [("conflict", handed.issue.return_id, 2)], ["TWO_PEOPLE"])
    assert [v["version"] for v in answers(run, council)] == [1]
    _, told = run("status", "--json", "--workspace", council)
    assert {o["return_id"]: o["state"] for o in told["obligations"]}[handed.issue.return_id] == "held"
    handed.drop(handed.filled(handed.complete(well="What we agreed to say, after we had talked about it together.")))
    assert outcomes(ingest(run, council)[1]) == [("accepted", handed.issue.return_id, 3)]
    _, told = run("status", "--json", "--workspace", council)
    assert {o["return_id"]: o["state"] for o in told["obligations"]}[handed.issue.return_id] == "returned"


def test_a_late_return_is_accepted_and_thanked(council: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAF_TODAY", "2027-01-08")
    handed = Handed(council, "ROUT")
    handed.drop()
    _, files = ingest(run, council)
    late = next(p for p in files[0]["problems"] if p["code"] == "LATE")
    assert (files[0]["outcome"], late["level"]) == ("accepted", "W")
    assert "5 working days" in late["message"]  # 4 to 8 January; 1 January is a bank holiday


# ---------------------------------------------------------------- files that are not as they should be


def _ole(text: str) -> bytes:
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 512 + text.encode("utf-16-le") + b"\0" * 512


def _zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


def _foreign() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Rota", "Monday"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _flipped(data: bytes) -> bytes:
    at = len(data) // 3
    return data[:at] + bytes(b ^ 0xFF for b in data[at : at + 400]) + data[at + 400 :]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("Audit.pdf", b"%PDF-1.7 not a workbook", "NOT_A_WORKBOOK"),  # 1
        ("Audit.xlsx", b"%PDF-1.7 under the right name", "NOT_A_WORKBOOK"),
        ("Audit.csv", b"a,b\n1,2\n", "NOT_A_WORKBOOK"),
        ("Old.xls", _ole("Workbook"), "NOT_A_WORKBOOK"),
        ("Letter.docx", _zip(word__document="<x/>"), "NOT_A_WORKBOOK"),
        ("Secret.xlsx", _ole("EncryptedPackage"), "PASSWORD"),  # 2
        ("Broken.xlsx", _flipped(_foreign()), "DAMAGED"),  # 5
        ("Rota.xlsx", _foreign(), "NOT_OUR_FORM"),  # 7
        ("Entities.xlsx", _zip(**{"xl__workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'}), "UNSAFE_FILE"),
        ("Bomb.xlsx", b"", "BOMB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_kept_and_said(council: Path, run: Run, name: str, data: bytes, code: str) -> None:
    if code == "BOMB":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * 250_000_000)
        data, code = out.getvalue(), "UNSAFE_FILE"
    (council / "Return here" / name).write_bytes(data)
    good = Handed(council, "OBS")
    good.drop()
    exit_code, files = ingest(run, council)
    bad = next(f for f in files if f["file"].endswith(name))
    assert exit_code == 1
    assert (bad["outcome"], codes(bad), bad["return_id"], bad["version"]) == ("not_ours", [code], None, None)
    assert bad["kept_as"] == f"Received/Not ours/{name}"
    assert (council / bad["kept_as"]).read_bytes() == data
    assert ("accepted", good.issue.return_id, 1) in outcomes(files)


def test_two_foreign_files_of_one_name_are_both_kept(council: Path, run: Run) -> None:
    for text in (b"one", b"two"):
        (council / "Return here" / "Notes.TXT").write_bytes(text)
        ingest(run, council)
    assert {p.read_bytes() for p in (council / "Received" / "Not ours").iterdir()} == {b"one", b"two"}


def _change_person(book: Any) -> None:
    book["_qaf"]["B5"] = "P001"
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


def _other_workspace(book: Any) -> None:
    book["_qaf"]["B1"] = "0123456789abcdef"
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


def _no_identity(book: Any) -> None:
    book.remove(book["_qaf"])
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


@pytest.mark.parametrize(("change", "code"), [(_change_person, "IDENTITY_CHANGED"), (_other_workspace, "RETURN_UNKNOWN"), (_no_identity, "NOT_OUR_FORM")])
def test_a_form_that_is_not_what_we_issued_is_refused(council: Path, run: Run, change: Any, code: str) -> None:
    handed = Handed(council, "OBS")
    handed.drop(edited(handed.filled(), change))
    exit_code, files = ingest(run, council)
    assert (exit_code, outcomes(files), codes(files[0])) == (1, [("not_ours", None, None)], [code])


def test_a_form_that_lost_its_hidden_sheet_is_known_by_its_properties(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(edited(handed.filled(), lambda book: book.remove(book["_qaf"])), name="mailed back.xlsx")
    assert outcomes(ingest(run, council)[1]) == [("accepted", handed.issue.return_id, 1)]


def test_a_return_saved_with_macros_is_read_for_its_answers(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    with zipfile.ZipFile(io.BytesIO(handed.filled())) as archive:
        parts = {i.filename: archive.read(i) for i in archive.infolist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in {**parts, "xl/vbaProject.bin": b"not run"}.items():
            archive.writestr(name, body)
    handed.drop(out.getvalue(), name="with macros.xlsm")
    _, files = ingest(run, council)
    assert outcomes(files) == [("accepted", handed.issue.return_id, 1)]
    assert "MACROS" in codes(files[0], "W")
    assert files[0]["kept_as"].endswith(".xlsm")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_half_copied_file_is_waited_for(council: Path, run: Run, share: float) -> None:
    handed = Handed(council, "OBS")
    whole = handed.filled()
    dropped = handed.drop(whole[: int(len(whole) * share)])
    code, files = ingest(run, council)
    assert (code, outcomes(files), codes(files[0])) == (0, [("waiting", None, None)], ["WAITING"])
    dropped.write_bytes(whole)
    assert outcomes(ingest(run, council)[1]) == [("accepted", handed.issue.return_id, 1)]


def test_a_file_that_stays_incomplete_is_said_to_be_damaged(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    edit_setting(council, "incomplete_after_seconds", "0")
    handed.drop(b"")
    code, files = ingest(run, council)
    assert (code, outcomes(files), codes(files[0])) == (1, [("not_ours", None, None)], ["DAMAGED"])


def test_bits_that_flipped_on_the_way_never_read_as_answers(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(_flipped(handed.filled()))
    assert [f["outcome"] for f in ingest(run, council)[1]] == ["not_ours"]


def test_a_file_someone_has_open_is_waited_for_by_name(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    dropped = handed.drop()
    lock = dropped.with_name(f".~lock.{dropped.name}#")
    lock.write_text("Avery Exampleworth,avery,desk,23.11.2026 10:14,file:///;", "utf-8")
    code, files = ingest(run, council)
    assert (code, outcomes(files), codes(files[0])) == (0, [("waiting", None, None)], ["OPEN_BY"])
    assert "Avery Exampleworth" in files[0]["problems"][0]["message"]
    lock.unlink()
    assert outcomes(ingest(run, council)[1]) == [("accepted", handed.issue.return_id, 1)]


def test_lock_files_folders_and_links_are_never_read(council: Path, run: Run) -> None:
    inbox = council / "Return here"
    (inbox / "~$form.xlsx").write_bytes(b"\x05Avery")
    (inbox / "P031").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(inbox / "pipe.xlsx")
        (inbox / "link.xlsx").symlink_to(council / "QA plan.xlsx")
    handed = Handed(council, "OBS")
    handed.drop(name="P031/from my own folder.xlsx")
    _, files = ingest(run, council)
    assert ("accepted", handed.issue.return_id, 1) in outcomes(files)
    assert {f["outcome"] for f in files if f["return_id"] is None} <= {"waiting"}
    assert sha256((council / "QA plan.xlsx").read_bytes()) == sha256((council / "QA plan.xlsx").resolve().read_bytes())


def edit_setting(root: Path, name: str, value: str) -> None:
    book = openpyxl.load_workbook(root / "QA plan.xlsx")
    cells = [c for row in book["Settings"].iter_rows() for c in row]
    named, head = (next(c for c in cells if c.value == said) for said in (name, "Value"))
    book["Settings"].cell(row=named.row, column=head.column).value = value
    book.save(root / "QA plan.xlsx")


def test_an_observation_with_a_grade_goes_back(council: Path, run: Run) -> None:
    handed = Handed(council, "OBS")
    handed.drop(handed.filled(handed.complete(strengths="Good", observed_on=date(2026, 12, 1))))
    _, files = ingest(run, council)
    assert [(p["code"], p["cell"]) for p in files[0]["problems"] if p["level"] == "E"] == [("GRADE_ON_OBSERVATION", handed.cell("strengths"))]
