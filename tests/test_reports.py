"""Documents among people: a draft beside one that somebody changed says what is new; what was signed off stays; what may not be said is not written."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import docx
import graded
import openpyxl
import pytest
import sample
from conftest import Run
from desk_kit import Handed

from qaf_sheets.model import Action
from qaf_sheets.reported import dump, load

Q = "2026-27-Q3"
DLT = f"Reports/{Q}/DLT/DLT report - Q3 2026-27.docx"
CHANGES = f"Reports/{Q}/DLT/Changes since the report - Q3 2026-27.docx"
MOVED = "Families tell us that plans are now written with them, in their own words."


def handed(root: Path, nth: int) -> Handed:
    return Handed(root, "ROUT", nth)


def returned(root: Path, run: Run, nth: int, **said: str) -> dict[str, bool]:
    it = handed(root, nth)
    it.drop(it.filled(it.complete(**said)))
    _, told = run("ingest", "--json", "--workspace", root)
    return {o["file"]: o["written"] for o in told["outputs"]}


def words(path: Path) -> list[str]:
    body = docx.Document(str(path)).element.body
    return ["".join(t.text or "" for t in p.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")) for p in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")]


def change(path: Path) -> bytes:
    paper, out = docx.Document(str(path)), io.BytesIO()
    paper.add_paragraph("What I added by hand on Friday.")
    paper.save(out)
    path.write_bytes(out.getvalue())
    return out.getvalue()


def of_person(root: Path, nth: int) -> Path:
    area = handed(root, nth).issue.service_area
    return next(p for p in (root / "Reports").rglob("Head of Service summary*.docx") if f" - {area} - " in p.name)


def documents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in (root / "Reports").rglob("*.docx")}


# ---------------------------------------------------------------- a draft beside one that a person changed


def test_the_new_draft_begins_with_what_is_new_since(built: Path, run: Run) -> None:
    mine = of_person(built, 1)
    kept = change(mine)
    returned(built, run, 1, well=MOVED)
    (draft,) = [p for p in mine.parent.iterdir() if p.stem.startswith(f"{mine.stem} - new draft")]
    said = words(draft)
    assert said[0] == "New since the draft of 14 December 2026, which somebody changed and which is kept beside this one:"
    told = said[: next(i for i, line in enumerate(said) if not line.startswith(("New since", "•", "…")))]
    assert any(line.startswith("• ") and MOVED in line for line in told)
    assert len(told) <= 14
    assert mine.read_bytes() == kept


def test_the_workbook_of_sources_of_a_person_stays_and_the_new_one_goes_beside_it(built: Path, run: Run) -> None:
    mine = built / DLT.replace(".docx", " - sources.xlsx")
    book = openpyxl.load_workbook(mine)
    book["Figures"]["A1"] = "What I marked on Friday"
    book.save(mine)
    kept = mine.read_bytes()
    returned(built, run, 1, well=MOVED)
    assert mine.read_bytes() == kept
    (beside,) = [p for p in mine.parent.iterdir() if p.stem.startswith(f"{mine.stem} - new draft")]
    quotes = openpyxl.load_workbook(beside)["Quotes"]
    assert any(MOVED in str(c.value) for row in quotes.iter_rows() for c in row)


def test_a_new_day_with_nothing_new_writes_no_further_draft(built: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = of_person(built, 1)
    change(mine)
    returned(built, run, 1, well=MOVED)
    monkeypatch.setenv("QAF_TODAY", "2026-12-15")
    run("build", "--workspace", built, "--only", "documents")
    assert [p.name for p in sorted(mine.parent.iterdir()) if p.stem.startswith(f"{mine.stem} - new")] == [f"{mine.stem} - new draft 2026-12-14.docx"]


def test_a_person_may_change_the_new_draft_too(built: Path, run: Run) -> None:
    mine = of_person(built, 1)
    change(mine)
    returned(built, run, 1, well=MOVED)
    theirs = mine.with_name(f"{mine.stem} - new draft 2026-12-14.docx")
    kept = change(theirs)
    returned(built, run, 1, well=f"{MOVED} They said so twice.")
    assert theirs.read_bytes() == kept
    assert len([p for p in mine.parent.iterdir() if p.stem.startswith(f"{mine.stem} - new")]) == 2


def test_what_is_kept_to_compare_lies_in_the_state_folder_alone(built: Path) -> None:
    kept = list((built / ".qaf" / "drafts").iterdir())
    assert len(kept) == len(documents(built))


# ---------------------------------------------------------------- signed off, closed


def sign_off(root: Path, run: Run, *choice: str) -> None:
    assert run("decide", "sign-off", *choice, "--quarter", Q, "--who", "P001", "--why", "DLT has read it", "--workspace", root)[0] == 0


def test_what_is_signed_off_is_not_changed_by_what_comes_later(built: Path, run: Run) -> None:
    sign_off(built, run)
    before = documents(built)
    assert CHANGES not in before
    assert not any("DRAFT" in line for line in words(built / DLT))
    returned(built, run, 1, well=MOVED)
    after = documents(built)
    assert {p: d for p, d in after.items() if p in before and "/QA unit/" not in p} == {p: d for p, d in before.items() if "/QA unit/" not in p}
    said = " ".join(words(built / CHANGES))
    assert handed(built, 1).issue.return_id in said
    assert "Returns that are in" in said
    assert MOVED not in said


def test_a_sign_off_that_is_taken_back_lets_the_report_follow_the_data_again(built: Path, run: Run) -> None:
    sign_off(built, run)
    returned(built, run, 1, well=MOVED)
    sign_off(built, run, "--choice", "Not yet")
    run("build", "--workspace", built, "--only", "documents")
    assert any("DRAFT" in p.text for p in docx.Document(str(built / DLT)).sections[0].footer.paragraphs)
    assert any(MOVED in line for line in words(of_person(built, 1)))
    assert [p.name.split(" until ")[0] for p in (built / ".qaf" / "reported").iterdir()] == [Q]


def test_closing_a_quarter_keeps_it_as_it_was(built: Path, run: Run) -> None:
    assert run("decide", "quarter", "--choice", "Close", "--quarter", Q, "--who", "P016", "--why", "Reported", "--workspace", built)[0] == 0
    (kept,) = (built / ".qaf" / "reported").iterdir()
    assert [v.issue.return_id for v in load(kept.read_bytes()).returns] == [handed(built, 0).issue.return_id]
    assert run("verify", "--workspace", built)[0] == 0
    kept.unlink()
    code, told = run("verify", "--json", "--workspace", built)
    assert (code, [Q in line for line in told["problems"]]) == (1, [True])


@pytest.mark.parametrize("seen", [sample.snapshot(), graded.snapshot()], ids=["sample", "graded"])
def test_a_quarter_comes_back_as_it_was_kept(seen: sample.Snapshot) -> None:
    cells = {"due_on": date(2026, 12, 1), "action_text": "2026-12-01", "n": 3, "share": 0.5, "yes": True, "none": None}
    odd = Action(action_id="ACT-1", cells=cells)
    seen = seen.model_copy(update={"actions": (*seen.actions, odd)})
    again = load(dump(seen))
    assert again.model_dump(exclude={"plan": {"settings"}}) == seen.model_dump(exclude={"plan": {"settings"}})
    assert seen.plan.settings.items() <= again.plan.settings.items()
    assert [type(v) for v in again.actions[-1].cells.values()] == [type(v) for v in cells.values()]
    assert load(dump(again)) == again


def test_a_quarter_kept_before_a_setting_existed_has_its_default() -> None:
    seen = graded.snapshot()
    before = {k: v for k, v in seen.plan.settings.items() if k != "small_number"}
    assert load(dump(seen.model_copy(update={"plan": seen.plan.model_copy(update={"settings": before})}))).plan.setting("small_number") == "5"


# ---------------------------------------------------------------- what may not be said


def test_a_template_that_over_claims_writes_no_file_and_says_which_sentence(built: Path, run: Run) -> None:
    before = documents(built)
    own = built / "Templates" / "dlt_report.docx"
    own.parent.mkdir(exist_ok=True)
    paper = docx.Document("templates/dlt_report.docx")
    paper.add_paragraph("Every team is at 97% by now.")
    paper.save(str(own))
    run("build", "--workspace", built)
    assert documents(built) == before
    _, told = run("status", "--json", "--workspace", built)
    assert {o["file"]: o["state"] for o in told["outputs"]}[DLT] == "refused"
    assert "Every team is at 97% by now." in (built / "Status.html").read_text("utf-8")
    own.unlink()
    run("build", "--workspace", built)
    _, told = run("status", "--json", "--workspace", built)
    assert {o["file"]: o["state"] for o in told["outputs"]}[DLT] == "current"


def test_a_locked_document_waits_and_the_others_are_written(built: Path, run: Run) -> None:
    mine = of_person(built, 1)
    before = mine.read_bytes()
    (mine.parent / f".~lock.{mine.name}#").write_text("Devon Fictionby,devon,desk,23.11.2026 10:14,file:///;", "utf-8")
    written = returned(built, run, 1, well=MOVED)
    assert written[mine.relative_to(built).as_posix()] is False
    assert mine.read_bytes() == before
    assert written[DLT] is True
    (mine.parent / f".~lock.{mine.name}#").unlink()
    run("build", "--workspace", built)
    assert any(MOVED in line for line in words(mine))


def test_a_file_that_is_not_ours_is_left_and_the_draft_beside_it_is_written_once(council: Path, run: Run) -> None:
    (council / DLT).parent.mkdir(parents=True)
    (council / DLT).write_bytes(b"somebody's own report")
    beside = DLT.replace(".docx", " - new draft 2026-12-14.docx")
    written = returned(council, run, 0)
    assert written[beside] is True
    _, told = run("build", "--json", "--workspace", council)
    assert {o["file"]: o["written"] for o in told["outputs"]}[beside] is False
    assert (council / DLT).read_bytes() == b"somebody's own report"


def test_a_refused_document_is_noted_once(built: Path, run: Run) -> None:
    own = built / "Templates" / "dlt_report.docx"
    own.parent.mkdir(exist_ok=True)
    paper = docx.Document("templates/dlt_report.docx")
    paper.add_paragraph("Every team is at 97% by now.")
    paper.save(str(own))
    run("build", "--workspace", built)
    journal = built / ".qaf" / "journal.jsonl"
    before = journal.read_bytes()
    run("build", "--only", "documents", "--workspace", built)
    assert journal.read_bytes() == before


def test_a_second_build_writes_nothing(built: Path, run: Run) -> None:
    _, told = run("build", "--json", "--workspace", built)
    assert [o for o in told["outputs"] if o["written"]] == []
    assert json.dumps(told).count(".docx") == len(documents(built))
