"""A child's name is asked for on one form and stands nowhere else: no output, log, register or journal holds it (design decision 9)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from desk_kit import PROSE, Handed
from kit import book

from qaf_sheets.forms.names import NAMED, finder

NAME = "Quillan Notarealname"
NARRATIVE = "Quillan's aunt rings every week. QUILLAN NOTAREALNAME was seen alone; Quillan Notarealname drew the house."
THEIRS = ("Received", "To complete", "Needs fixing", "Return here")
"""A manager's own workbooks: what they typed and sent stays in them."""
RECORDS = "Child records"
"""The one place of ours where the name stands: in the record for that child's own file, once (tests/test_pieces.py)."""


def said(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of ours in a workspace, its name and what is in it, archives opened."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        place = path.relative_to(root)
        yield f"name of {place}", str(place).encode()
        if (place.parts[0] in THEIRS and path.suffix == ".xlsx") or RECORDS in place.parts:
            continue
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{place}: {n}", archive.read(n)) for n in archive.namelist())
        else:
            yield str(place), path.read_bytes()


@pytest.fixture
def reviews(council: Path, run: Run) -> tuple[Path, list[Handed]]:
    """Two case reviews that name the child everywhere a person might: one accepted, one that needs fixing; then every output."""
    handed = [Handed(council, "CCR", n) for n in range(2)]
    for n, one in enumerate(handed):
        everywhere = {f.id: NARRATIVE for f in one.form.fields if f.kind == "long" and not f.when}
        answers = one.complete(child_name=NAME, where_reviewed=f"At {NAME}'s home", family_contact="Both", **everywhere)
        one.drop(one.filled({**answers, "overall_grade": None if n else answers["overall_grade"]}))
    run("ingest", "--workspace", council)
    run("build", "--workspace", council)
    return council, handed


def test_no_file_of_ours_holds_the_name(reviews: tuple[Path, list[Handed]], run: Run) -> None:
    council, _ = reviews
    found = list(said(council))
    assert [where for where, data in found if any(part.encode() in data.lower() for part in NAME.casefold().split())] == []
    names = [where for where, _ in found]
    assert any("QA master.xlsx" in n for n in names)
    assert any("register" in n for n in names)
    assert any(".html" in n for n in names)
    for command in (("answers", "--json"), ("answers", "--json", "--all-versions"), ("status", "--json"), ("ingest", "--json")):
        _, told = run(*command, "--workspace", council)
        assert "quillan" not in str(told).casefold()


def test_the_answer_says_that_it_is_withheld_and_where(reviews: tuple[Path, list[Handed]], run: Run) -> None:
    council, handed = reviews
    _, told = run("answers", "--json", "--return", handed[0].issue.return_id, "--workspace", council)
    assert told[0]["answers"]["child_name"] == {"value": None, "withheld": True, "sheet": "Review", "cell": handed[0].cell("child_name")}
    assert told[0]["answers"]["pen_picture"]["value"].startswith(f"{NAMED} aunt rings")


def test_a_return_is_told_that_it_named_the_child(council: Path, run: Run) -> None:
    handed = Handed(council, "CCR")
    handed.drop(handed.filled(handed.complete(child_name=NAME, pen_picture=NARRATIVE)))
    _, told = run("ingest", "--no-outputs", "--json", "--workspace", council)
    assert ("CHILD_NAMED", handed.cell("pen_picture")) in {(p["code"], p["cell"]) for p in told["files"][0]["problems"]}
    assert told["files"][0]["outcome"] == "accepted"


def test_the_managers_own_copy_to_put_right_keeps_what_they_typed(reviews: tuple[Path, list[Handed]]) -> None:
    council, handed = reviews
    one = handed[1]
    copy = book((council / "Needs fixing" / one.issue.person_id / one.path.name).read_bytes())
    row = int(one.cell("child_name")[1:])
    assert copy.cell("Review", row, 3) == NAME
    assert copy.cell("Review", int(one.cell("pen_picture")[1:]), 3) == NARRATIVE


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Will Madeup", "Will will be seen; will is not a name.", f"{NAMED} will be seen; will is not a name."),
        ("robin madeup", "Robin and robin redbreast", f"{NAMED} and robin redbreast"),
        ("Anne-Marie O'Example", "Anne-Marie’s plan; O'Example", f"{NAMED} plan; {NAMED}"),
        ("not known", "Not known to the team. The plan is Known.", "Not known to the team. The plan is Known."),
        ("Robin Madeup", "Robins are birds", "Robins are birds"),
        ("", "Nothing is named", "Nothing is named"),
    ],
)
def test_what_counts_as_the_name(name: str, text: str, left: str) -> None:
    found = finder([name])
    assert (found.sub(NAMED, text) if found else text) == left


def test_prose_of_the_kits_names_nobody() -> None:
    assert "Quillan" not in PROSE
