"""PDF copies of the documents: beside each, of what lies there, made anew when it changed; a plain word where LibreOffice is not installed."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from conftest import Run
from desk_kit import Handed
from office import needs_office

from qaf_sheets import pdf


def pdfs(root: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (root / "Reports").rglob("*.pdf")}


def build(run: Run, root: Path) -> dict[str, bool]:
    _, told = run("build", "--only", "documents", "--pdf", "--json", "--workspace", root)
    return {o["file"]: o["written"] for o in told["outputs"] if o["file"].endswith(".pdf")}


def test_without_libreoffice_it_is_said_and_all_else_is_done(built: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(pdf, "converter", lambda: None)
    code, _ = run("build", "--pdf", "--workspace", built)
    assert code == 0
    assert pdfs(built) == {}


def test_a_conversion_that_fails_names_the_document_and_stops_nothing(built: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "converter", lambda: "a program that is not there")
    assert set(build(run, built).values()) == {False}
    assert pdfs(built) == {}


def test_a_copy_is_of_what_lies_there_and_goes_when_the_document_is_written_anew(built: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "convert", lambda _, documents, __: {p: b"%PDF " + p.read_bytes()[:20] + str(p.stat().st_size).encode() for p in documents})
    monkeypatch.setattr(pdf, "converter", lambda: "soffice")
    first = build(run, built)
    assert set(first.values()) == {True}
    assert len(first) == len(list((built / "Reports").rglob("*.docx")))
    assert build(run, built) == {}, "nothing changed"
    mine = next((built / "Reports").rglob("Head of Service summary*.docx"))
    paper, out = docx.Document(str(mine)), io.BytesIO()
    paper.add_paragraph("My own words.")
    paper.save(out)
    mine.write_bytes(out.getvalue())
    assert [Path(f).stem for f, written in build(run, built).items() if written] == [mine.stem]
    theirs = next(p for p in (built / "Reports").rglob("DLT report*.pdf"))
    report = pdfs(built)[theirs.name]
    Handed(built, "ROUT", 1).drop()
    run("ingest", "--workspace", built)
    assert theirs.name not in pdfs(built), "the numbers in it are old"
    theirs.write_bytes(b"somebody's own")
    build(run, built)
    assert pdfs(built)[theirs.name] == b"somebody's own"
    assert report != b"somebody's own"


@pytest.mark.office
@needs_office
def test_libreoffice_makes_them(tmp_path: Path) -> None:
    program = pdf.converter()
    assert program
    paper = docx.Document()
    paper.add_paragraph("Fewer moves for children.")
    first, second = tmp_path / "Léonie’s summary (draft) 100%.docx", tmp_path / "torn.docx"
    paper.save(str(first))
    second.write_bytes(b"not a document")
    place = tmp_path / "made here"
    place.mkdir()
    made = pdf.convert(program, [first, second, tmp_path / "missing.docx"], place)
    assert made[first].startswith(b"%PDF-")
    assert tmp_path / "missing.docx" not in made
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Léonie’s summary (draft) 100%.docx", "made here", "torn.docx"]
